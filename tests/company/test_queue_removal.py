"""A queue leaves the configuration while work arrives in it: the work is refused, or the queue stays."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import pytest

from slackapp.company.actions.apply_config import Changes, NotApplied, apply
from slackapp.company.model import Company
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Invalid, Missing, Opened
from slackapp.runtime.baton import Baton
from slackapp.slack.field_problems import FieldProblem
from storage.company import queues, workspaces
from storage.company.model import Queue, Workspace
from storage.db.database import Database, Tx
from storage.handoffs import handoffs
from storage.handoffs.acts import Act, Reopen, Transfer
from storage.handoffs.lifecycle import Moved, State
from storage.handoffs.model import Handoff, Text
from tests.batons import a_baton
from tests.builders import TEAM, a_handoff
from tests.databases import POSTGRESQL
from tests.waiting import somebody_waits, until

T = TypeVar("T")
SUCCESS, SUPPORT = (Queue(workspace=TEAM, key=key, name=key.title(), channel="C1") for key in ("success", "support"))
WITHOUT = Company(queues=(SUCCESS,))
"""The company after `support` has left the file."""
pytestmark = POSTGRESQL


@pytest.fixture
def baton(database: Database) -> Baton:
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id=TEAM, name="Northwind", bot_user="UBATON"))
        for queue in (SUCCESS, SUPPORT):
            queues.put(tx, queue)
    return a_baton(database)


def open_in_support(baton: Baton) -> object:
    draft = NewHandoff(title="Acme renewal", queue="support", next_step="Call", note=Text(plain="Hello"))
    return open_handoff(baton, workspace=TEAM, user="SENDER", draft=draft, form="V1")


def act(act: Act) -> Callable[[Baton], object]:
    return lambda baton: carry_out(baton, Request(workspace=TEAM, handoff_id="h1", act=act, user="SENDER"))


WAYS = [
    pytest.param(None, open_in_support, id="opened"),
    pytest.param(a_handoff(), act(Transfer(queue="support")), id="passed on"),
    pytest.param(a_handoff(queue="support", state=State.DONE), act(Reopen()), id="reopened"),
]


def add(baton: Baton, handoff: Handoff | None) -> None:
    if handoff is not None:
        baton.db.run_transaction(lambda tx: handoffs.add(tx, handoff))


def while_held(baton: Baton, first: Callable[[Tx], object], then: Callable[[], T]) -> T:
    """Run `then` while a transaction that has run `first` is still open, and commit that one afterwards."""
    with ThreadPoolExecutor(1) as pool:
        with baton.db.transaction() as tx:
            first(tx)
            later: Future[T] = pool.submit(then)
            until(lambda: somebody_waits(baton.db) or later.done())
            assert not later.done()
        return later.result(timeout=60)


@pytest.mark.parametrize(("before", "come"), WAYS)
def test_work_that_comes_while_its_queue_is_being_removed_is_refused(
    baton: Baton, before: Handoff | None, come: Callable[[Baton], object]
) -> None:
    add(baton, before)

    def remove(tx: Tx) -> None:
        queues.lock_for_removal(tx, TEAM, ["support"])
        queues.remove(tx, TEAM, "support")

    outcome = while_held(baton, remove, lambda: come(baton))

    assert isinstance(outcome, Invalid | Missing)
    if isinstance(outcome, Invalid):
        assert outcome.problems == {"queue": FieldProblem.NO_SUCH_QUEUE}


def test_a_queue_is_not_removed_while_work_comes_into_it(baton: Baton) -> None:
    def arriving(tx: Tx) -> None:
        assert queues.get_locked(tx, TEAM, "support") is not None
        handoffs.add(tx, a_handoff(queue="support"))

    outcome = while_held(baton, arriving, lambda: apply(baton, TEAM, WITHOUT, "digest"))

    assert isinstance(outcome, NotApplied)
    assert "not finished" in outcome.reasons[0]


@pytest.mark.parametrize(("before", "come"), WAYS)
def test_two_who_bring_work_do_not_wait_for_each_other(
    baton: Baton, before: Handoff | None, come: Callable[[Baton], object]
) -> None:
    add(baton, before)

    with baton.db.transaction() as tx:
        queues.get_locked(tx, TEAM, "support")
        assert isinstance(come(baton), Opened | Moved)


def test_a_queue_in_which_nothing_waits_is_removed(baton: Baton) -> None:
    assert isinstance(apply(baton, TEAM, WITHOUT, "digest"), Changes)
    with baton.db.reading() as tx:
        assert queues.get(tx, TEAM, "support") is None
