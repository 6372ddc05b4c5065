"""The message to who installs Baton: who gets it, that it is put once, and that it follows what is set up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from slackapp.company.actions.edit import SavedChange, WantedChange, edit
from slackapp.runtime.baton import Baton
from slackapp.setup.actions.welcome import welcome
from slackapp.setup.queries import welcome_scene
from slackapp.setup.views.welcome import draw
from storage.company import people, queues, workspaces
from storage.company.model import ObjectKind, Person, Workspace
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.outbox import homes, outbox, posted_messages
from storage.outbox.model import WELCOME, OpenHome, OutboxMessage, PostedMessage
from tests.batons import a_baton
from tests.builders import a_handoff, a_queue
from tests.manual_clock import ManualClock

TEAM: Final = "T1"
ANA, KIM, TOM = (Person(workspace=TEAM, id=user, name=user, team=TEAM, is_slack_admin=True) for user in "AKT")
NOW: Final = ManualClock().now()


@pytest.fixture
def baton(database: Database) -> Baton:
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id=TEAM, name="Northwind", bot_user="UBATON"))
        people.put_many(tx, [ANA, KIM, TOM, replace(TOM, id="E", is_slack_admin=False)])
    return a_baton(database)


def pending(baton: Baton) -> OutboxMessage | None:
    with baton.db.reading() as tx:
        return next((one.wanted for one in outbox.get_many(tx, TEAM, [WELCOME])), None)


def told(baton: Baton) -> str | None:
    found = pending(baton)
    return found.to.user if found else None


def opened(baton: Baton, user: str, minutes: int) -> None:
    at = NOW + timedelta(minutes=minutes)
    home = OpenHome(workspace=TEAM, user=user, opened_at=at, open_until=at + homes.OPEN_FOR)
    baton.db.run_transaction(lambda tx: homes.put(tx, home))


def settings(baton: Baton, *admins: str, slack_admins: bool = True) -> None:
    baton.db.run_transaction(
        lambda tx: workspaces.set_settings(tx, TEAM, admins=admins, calendar=None, slack_admins=slack_admins)
    )


def test_the_owner_of_the_workspace_gets_it(baton: Baton) -> None:
    assert welcome(baton, TEAM, "K")
    assert told(baton) == "K"


def test_the_admin_who_looked_at_home_last_is_the_one_who_installs(baton: Baton) -> None:
    for user, minutes in (("T", 1), ("A", 2), ("E", 3)):  # Eva is no admin
        opened(baton, user, minutes)
    assert welcome(baton, TEAM, "K")
    assert told(baton) == "A"


def test_an_admin_whom_the_file_names_goes_before_the_owner(baton: Baton) -> None:
    settings(baton, "E")
    assert welcome(baton, TEAM, "K")
    assert told(baton) == "E"


def test_without_anybody_who_administers_it_waits_for_a_later_sweep(baton: Baton) -> None:
    settings(baton, slack_admins=False)
    assert not welcome(baton, TEAM, "K")
    settings(baton)
    baton.db.run_transaction(lambda tx: people.put(tx, replace(KIM, deleted=True)))
    assert welcome(baton, TEAM, "K")
    assert told(baton) == "A"


@pytest.mark.parametrize("has", ["a team", "a handoff"])
def test_a_workspace_in_use_gets_none_also_later(baton: Baton, has: str) -> None:
    with baton.db.transaction() as tx:
        queues.put(tx, a_queue(workspace=TEAM))
        if has == "a handoff":
            handoffs.next_number(tx, TEAM)
            handoffs.add(tx, a_handoff())
            queues.remove(tx, TEAM, a_queue().key)
    assert not welcome(baton, TEAM, "K")
    baton.db.run_transaction(lambda tx: queues.remove(tx, TEAM, a_queue().key))
    assert not welcome(baton, TEAM, "K")
    assert pending(baton) is None


def test_of_two_processes_one_puts_it(baton: Baton) -> None:
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(lambda user: welcome(baton, TEAM, user), ("K", "A"))) == [False, True]


def a_team(baton: Baton) -> None:
    written: dict[str, Any] = {"name": "Support", "channel": "C1", "members": ["U1"]}
    wanted = WantedChange(kind=ObjectKind.QUEUE, name="Support", written=written)
    assert isinstance(edit(baton, workspace=TEAM, user="K", wanted=wanted), SavedChange)


def test_it_is_not_sent_once_there_is_a_team_and_one_that_was_sent_says_so(baton: Baton) -> None:
    welcome(baton, TEAM, "K")
    message = pending(baton)
    assert message
    with baton.db.transaction() as tx:
        first = welcome_scene(tx, message, posted=False)
        assert first
        assert "No team is set up yet" in draw(first, NOW).text
        (leased,) = outbox.lease(tx, NOW, 1, 30, "pump")
        posted = PostedMessage(
            workspace=TEAM, key=WELCOME, kind=WELCOME, handoff_id=None, to=message.to, payload={}, channel="D1",
            ts="1.0", permalink=None, posted_at=NOW,
        )  # fmt: skip
        outbox.mark_sent(tx, leased, posted, NOW)
    a_team(baton)

    assert pending(baton), "it is drawn again"
    with baton.db.transaction() as tx:
        assert welcome_scene(tx, message, posted=False) is None
        later = welcome_scene(tx, message, posted=True)
        assert later
        again = draw(later, NOW)
        assert again.settled
        assert "No team" not in again.text
        stored = posted_messages.get(tx, TEAM, WELCOME)
        assert stored
        posted_messages.put(tx, replace(stored, settled=True))
        (leased,) = outbox.lease(tx, NOW, 1, 30, "pump")
        outbox.mark_done(tx, leased)
    a_team(baton)
    assert pending(baton) is None, "nothing in it can become false any more"
