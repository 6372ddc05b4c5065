"""The file and Slack side by side: who owns what, what a file leaves alone, and the way of a company through a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slackapp.company.actions.adopt import Adopted, NotAdopted, adopt
from slackapp.company.actions.apply_config import Changes, NotApplied, apply, apply_at_start, diff, refusals
from slackapp.company.actions.edit import BelongsToFile, SavedChange, StillUsed, WantedChange, edit
from slackapp.company.model import Company
from slackapp.company.queries import export, list_changes
from slackapp.company.rules.read import read, read_file
from slackapp.company.rules.write import write
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.runtime.baton import Baton
from slackapp.templates.queries import offered
from storage.clocks.model import Calendar, Interval, Policy
from storage.company import queues, workspaces
from storage.company.model import ObjectKind, ObjectOwner, ObjectRef, Queue, Workspace
from storage.db.database import Database
from storage.db.engines import Engines
from storage.handoffs import audit, handoffs, notes
from storage.handoffs.acts import Return
from storage.handoffs.lifecycle import Moved, State, Verb
from storage.handoffs.model import Handoff, Text
from storage.outbox import outbox
from storage.templates.model import Template
from tests.batons import a_baton
from tests.builders import a_handoff
from tests.company import test_read_and_write
from tests.databases import Server
from tests.manual_clock import ManualClock
from tests.templates import generated_templates

TEAM, KIM = "T1", "UKIM"
MONDAY_9 = datetime(2026, 11, 23, 9, tzinfo=UTC)
EXAMPLE = read_file(Path(__file__).parents[2] / "docs" / "baton.example.yml").company
SUCCESS = ObjectRef(ObjectKind.QUEUE, "success")
TWO_TEAMS = """
version: 1
queues:
  - {key: sales, name: Sales, channel: C1, members: [U1]}
  - {key: support, name: Support, channel: C2, members: [U2]}
"""
ONE_TEAM = """
version: 1
queues:
  - {key: support, name: Support, channel: C2, members: [U2]}
"""


def started(database: Database) -> Baton:
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id=TEAM, name="Northwind", bot_user="UBATON"))
        workspaces.set_settings(tx, TEAM, admins=[], calendar=None, slack_admins=True)
    return a_baton(database, ManualClock(MONDAY_9))


@pytest.fixture
def baton(database: Database) -> Baton:
    return started(database)


def applied(baton: Baton, company: Company | str, **more: Any) -> tuple[str, ...]:
    found = read(company).company if isinstance(company, str) else company
    outcome = apply(baton, TEAM, found, "digest", Path("company.yml"), **more)
    assert isinstance(outcome, Changes), outcome
    return outcome.sentences


def exported(baton: Baton) -> Company:
    with baton.db.reading() as tx:
        return export(tx, TEAM)


def given_to(baton: Baton, to: ObjectOwner, *refs: ObjectRef) -> tuple[str, ...]:
    outcome = adopt(baton, workspace=TEAM, refs=refs or None, to=to)
    assert isinstance(outcome, Adopted), outcome
    return outcome.sentences


def edited(baton: Baton, **wanted: Any) -> Any:
    with baton.db.transaction() as tx:
        before = workspaces.get(tx, TEAM)
        assert before
        workspaces.set_settings(
            tx, TEAM, admins=[*before.admins, KIM], calendar=before.calendar, slack_admins=before.slack_admins
        )
    outcome = edit(baton, workspace=TEAM, user=KIM, wanted=WantedChange(**wanted))
    with baton.db.transaction() as tx:
        workspaces.set_settings(
            tx, TEAM, admins=before.admins, calendar=before.calendar, slack_admins=before.slack_admins
        )
    return outcome


def test_what_is_handed_to_slack_is_changed_there_and_what_is_handed_back_in_the_file(baton: Baton) -> None:
    applied(baton, TWO_TEAMS)
    sales = ObjectRef(ObjectKind.QUEUE, "sales")
    wanted: dict[str, Any] = {"name": "Sales team", "channel": "C1", "members": ["U1"]}

    assert given_to(baton, ObjectOwner.SLACK, sales) == ('Queue "sales" belongs to Slack from now on.',)
    assert given_to(baton, ObjectOwner.SLACK, sales) == ()
    assert isinstance(edited(baton, kind=ObjectKind.QUEUE, key="sales", written=wanted, seen=2), SavedChange)

    assert given_to(baton, ObjectOwner.FILE) == ('Queue "sales" belongs to the file from now on.',)
    refused = edited(baton, kind=ObjectKind.QUEUE, key="sales", written=wanted, seen=4)
    assert isinstance(refused, BelongsToFile)
    with baton.db.reading() as tx:
        assert [change.sentences for change in list_changes(tx, TEAM, limit=3)] == [
            ("Sales team: belongs to the file from now on",),
            ("Sales team: name Sales → Sales team",),
            ("Sales: belongs to Slack from now on",),
        ]


def test_what_does_not_exist_is_not_handed_over(baton: Baton) -> None:
    applied(baton, TWO_TEAMS)
    nothing = ObjectRef(ObjectKind.QUEUE, "nothing")

    outcome = adopt(baton, workspace=TEAM, refs=[SUCCESS, nothing], to=ObjectOwner.SLACK)

    assert outcome == NotAdopted(unknown=(nothing, SUCCESS))


def test_a_restart_does_not_fail_over_what_was_handed_to_slack(baton: Baton) -> None:
    file, reading = Path("company.yml"), read(TWO_TEAMS)
    apply_at_start(baton, TEAM, reading, file)
    given_to(baton, ObjectOwner.SLACK, ObjectRef(ObjectKind.QUEUE, "sales"))

    assert not isinstance(apply_at_start(baton, TEAM, reading, file), NotApplied)


def test_a_file_may_give_away_what_is_its_own_and_use_what_it_gave_away(baton: Baton) -> None:
    text = """
        version: 1
        calendars: [{key: day, timezone: UTC, hours: {mon-fri: ["09:00-17:00"]}}]
        queues: [{key: support, name: Support, channel: C2, members: [U2], calendar: day}]
        """
    applied(baton, text)
    given_away = text.replace("calendars: [", "in_slack: {calendars: [day]}\n        calendars: [")
    left_out = "\n".join(line for line in given_away.splitlines() if "calendars: [{" not in line)

    assert applied(baton, given_away) == ('Calendar "day" belongs to Slack from now on.',)
    assert applied(baton, left_out) == ()
    with baton.db.reading() as tx:
        assert diff(tx, TEAM, read(given_away.replace("17:00", "12:00")).company) == ()


def test_what_a_file_says_is_in_slack_is_made_once_and_not_again_when_it_was_removed_there(baton: Baton) -> None:
    text = TWO_TEAMS + "in_slack: {queues: [sales]}\n"

    assert 'Queue "sales" is added.' in applied(baton, text)
    assert exported(baton).in_slack == {ObjectRef(ObjectKind.QUEUE, "sales")}
    assert isinstance(edited(baton, kind=ObjectKind.QUEUE, key="sales", written=None, seen=1), SavedChange)

    assert applied(baton, text) == ()
    assert [queue.key for queue in exported(baton).queues] == ["support"]


def test_a_template_of_a_file_is_offered_by_the_teams_that_it_names(baton: Baton) -> None:
    text = TWO_TEAMS + "templates: [{key: visit, name: Visit, queues: [sales]}]\n"
    applied(baton, text)

    with baton.db.reading() as tx:
        sales, support = queues.get(tx, TEAM, "sales"), queues.get(tx, TEAM, "support")
        assert sales
        assert support
        assert [one.key for one in offered(tx, sales)] == ["visit"]
        assert offered(tx, support) == []


Fresh = Callable[[], AbstractContextManager[Baton]]


@pytest.fixture(scope="session")
def fresh(servers: Callable[[str], Server], engines: Callable[[str], Engines]) -> Fresh:
    """Give a Baton on a new database."""

    @contextmanager
    def start() -> Iterator[Baton]:
        url = servers("sqlite").migrated()
        with closing(Database(engines(url))) as database:
            yield started(database)
        servers("sqlite").give_back(url)

    return start


HOURS = Calendar(
    workspace="",
    key="hours",
    timezone="Europe/Berlin",
    hours=((Interval(start=time(9), end=None),),) * 5 + ((),) * 2,
)


@st.composite
def companies(draw: st.DrawFn) -> Company:
    """A company that could stand in a file, with some of its objects in Slack."""
    listed: list[Queue] = draw(st.lists(test_read_and_write.queues, max_size=3, unique_by=lambda queue: queue.key))
    policies: list[Policy] = draw(
        st.lists(test_read_and_write.policies, max_size=2, unique_by=lambda policy: policy.key)
    )
    templates: list[Template] = draw(
        st.lists(generated_templates.templates(), max_size=2, unique_by=lambda template: template.key)
    )
    company = Company(
        queues=tuple(replace(one, senders=tuple({q.key for q in listed[:1]})) for one in listed),
        policies=tuple(policies),
        calendars=(HOURS,),
        workspace_calendar=draw(st.sampled_from([None, "hours"])),
        managers={"U1": "U2"},
        calendars_of={"U3": "hours"},
        admins=tuple(draw(st.lists(test_read_and_write.users, unique=True, max_size=2))),
        slack_admins=draw(st.booleans()),
        webhooks=EXAMPLE.webhooks,
        templates=tuple(
            replace(one, queues=tuple(queue.key for queue in listed if draw(st.booleans()))) for one in templates
        ),
    )
    refs = sorted(company.records())
    return replace(company, in_slack=frozenset(ref for ref in refs if draw(st.booleans())))


@settings(deadline=None, max_examples=25)
@given(company=companies())
def test_any_company_goes_through_a_file_into_a_fresh_database_and_nothing_differs(
    fresh: Fresh, company: Company
) -> None:
    with fresh() as first, fresh() as second:
        applied(first, company)
        text = write(exported(first))
        again = read(text).company

        assert apply(second, TEAM, again, "digest").__class__ is Changes

        with second.db.reading() as tx:
            assert diff(tx, TEAM, again) == ()
            assert refusals(tx, TEAM, again) == ()
        assert exported(second) == exported(first)
        assert write(exported(second)) == text


def add(baton: Baton, number: int, state: State, queue: str = "sales") -> Handoff:
    owner = "U1" if state is State.CLAIMED else None
    handoff = a_handoff(by="U9", at=MONDAY_9, state=state, queue=queue, owner=owner, id=f"h{number}", number=number)
    with baton.db.transaction() as tx:
        handoffs.add(tx, handoff)
    return handoff


def test_the_open_work_of_a_team_that_goes_is_passed_on_and_everybody_is_told(baton: Baton) -> None:
    applied(baton, TWO_TEAMS)
    open_, owned = add(baton, 1, State.OPEN), add(baton, 2, State.CLAIMED)
    add(baton, 3, State.DONE)

    sentences = applied(baton, ONE_TEAM, moves={"sales": "support"})

    assert sentences == ('Open work of queue "sales" is passed on to "support": 2.', 'Queue "sales" is removed.')
    with baton.db.reading() as tx:
        for handoff in (open_, owned):
            now = handoffs.get(tx, TEAM, handoff.id)
            assert now
            assert (now.state, now.queue, now.owner, now.sender) == (State.OPEN, "support", None, "U9")
        verbs = [(entry.verb, entry.actor) for entry in audit.list_for_handoff(tx, owned.id)]
        assert verbs == [(Verb.RELEASE, "clock"), (Verb.TRANSFER, "clock")]
        (note,) = {note.text.plain for note in notes.list_for_handoff(tx, owned.id)}
        assert note == "Sales no longer exists. All its open work goes to Support."
    with baton.db.transaction() as tx:
        waiting = set()
        while rows := outbox.lease(tx, MONDAY_9, 50, 30, "pump"):  # one at a time for each handoff
            waiting |= {(row.wanted.kind, row.wanted.to.user) for row in rows}
            for row in rows:
                outbox.drop(tx, row, "it was looked at")
    assert {("dm", "U1"), ("card", None)} <= waiting


def test_work_that_is_back_with_its_sender_goes_too_and_stays_with_them(baton: Baton) -> None:
    applied(baton, TWO_TEAMS)
    handoff = add(baton, 7, State.OPEN)
    asked = Return(text=Text(plain="Which seats?", reason="missing"))
    request = Request(workspace=TEAM, handoff_id=handoff.id, act=asked, user="U1")
    assert isinstance(carry_out(baton, request), Moved)

    applied(baton, ONE_TEAM, moves={"sales": "support"})

    with baton.db.reading() as tx:
        now = handoffs.get(tx, TEAM, handoff.id)
        verbs = [entry.verb for entry in audit.list_for_handoff(tx, handoff.id)]
        asked_for = [note.text for note in notes.list_for_handoff(tx, handoff.id) if note.verb == Verb.RETURN]
        told = {one.wanted.payload["verb"] for one in outbox.list_for_handoff(tx, handoff.id) if one.wanted.to.user}
    assert now
    assert (now.state, now.queue, now.sender, now.accountable) == (State.RETURNED, "support", "U9", "U9")
    assert verbs == [Verb.RETURN, Verb.RESEND, Verb.TRANSFER, Verb.RETURN]
    assert asked_for == [asked.text, asked.text]
    assert Verb.RETURN in told
    assert Verb.RESEND not in told  # they did not send it


@pytest.mark.parametrize("moves", [{"sales": "nothing"}, {"support": "sales"}, {"sales": "sales"}])
def test_work_is_moved_only_from_a_team_that_goes_to_one_that_stays(baton: Baton, moves: dict[str, str]) -> None:
    applied(baton, TWO_TEAMS)
    add(baton, 1, State.OPEN)

    outcome = apply(baton, TEAM, read(ONE_TEAM).company, "digest", moves=moves)

    assert isinstance(outcome, NotApplied)
    assert len(exported(baton).queues) == 2


def test_a_team_is_removed_in_slack_when_another_takes_its_open_work(baton: Baton) -> None:
    applied(baton, TWO_TEAMS)
    given_to(baton, ObjectOwner.SLACK)
    handoff = add(baton, 1, State.CLAIMED)
    gone: dict[str, Any] = {"kind": ObjectKind.QUEUE, "key": "sales", "written": None, "seen": 2}

    assert edited(baton, **gone) == StillUsed(open_handoffs=1)
    assert edited(baton, **gone, moves_to="nothing") == StillUsed(open_handoffs=1)
    assert isinstance(edited(baton, **gone, moves_to="support"), SavedChange)
    with baton.db.reading() as tx:
        now = handoffs.get(tx, TEAM, handoff.id)
    assert now
    assert now.queue == "support"
