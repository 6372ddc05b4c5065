"""Applying a company's file: whole or not at all, only if it changed, and only to what the file owns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from slackapp.clocks.queries import terms, terms_of
from slackapp.clocks.rules import timekeeping
from slackapp.company.actions.apply_config import (
    Changes,
    LeftAsItIs,
    NotApplied,
    apply,
    apply_at_start,
    diff,
)
from slackapp.company.model import Company
from slackapp.company.queries import export
from slackapp.company.rules.read import Reading, read, read_file
from slackapp.company.rules.write import write
from slackapp.directory.actions.repair import channel_id_changed
from slackapp.runtime.baton import Baton
from storage.clocks import timers
from storage.clocks.model import Calendar, ClockKind, Interval
from storage.clocks.policies import get_calendar, get_policy
from storage.clocks.tables import policies
from storage.company import configuration, people, queues, workspaces
from storage.company.model import ObjectKind, ObjectOwner, ObjectRecord, Person, Queue, Workspace
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Handoff, Priority
from storage.outbox import outbox, posted_messages
from tests.batons import a_baton
from tests.builders import a_handoff
from tests.manual_clock import ManualClock
from tests.storage.examples import a_message, as_posted

TEAM = "T1"
EXAMPLE_FILE = Path(__file__).parents[2] / "docs" / "baton.example.yml"
PUBLISHED = EXAMPLE_FILE.parent / "examples" / "policies"
EXAMPLE = read_file(EXAMPLE_FILE)
MONDAY_9 = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_9)


@pytest.fixture
def baton(database: Database, clock: ManualClock) -> Baton:
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id=TEAM, name="Northwind", bot_user="UBATON"))
    return a_baton(database, clock)


def stored(baton: Baton) -> Company:
    with baton.db.reading() as tx:
        return export(tx, TEAM)


def applied(baton: Baton, company: Company) -> tuple[str, ...]:
    outcome = apply(baton, TEAM, company, "digest")
    assert isinstance(outcome, Changes)
    return outcome.sentences


def give_to_slack(baton: Baton, queue: Queue) -> None:
    """Store a queue that belongs to Slack."""
    record = ObjectRecord(
        workspace=TEAM,
        kind=ObjectKind.QUEUE,
        key=queue.key,
        owner=ObjectOwner.SLACK,
        version=1,
        changed_at=MONDAY_9,
        changed_by="U1",
    )
    with baton.db.transaction() as tx:
        queues.put(tx, queue)
        configuration.put_many(tx, [record])


def add_handoff(baton: Baton, state: State = State.OPEN, queue: str = "success") -> Handoff:
    owner = "U1" if state is State.CLAIMED else None
    handoff = a_handoff(by="U2", at=MONDAY_9, state=state, queue=queue, owner=owner)
    with baton.db.transaction() as tx:
        handoffs.add(tx, handoff)
    return handoff


def start_clock(baton: Baton, handoff: Handoff, calendar: Calendar | None) -> None:
    """Start the finish clock on Monday at nine."""
    with baton.db.transaction() as tx:
        policy = get_policy(tx, TEAM, "standard")
        assert policy
        timer = timekeeping.start(
            handoff, ClockKind.FINISH, timer_id="t1", policy=policy, calendar=calendar, now=MONDAY_9
        )
        assert timer
        timers.put(tx, timer)


def test_what_the_file_says_is_stored_and_exported_as_it_was(baton: Baton) -> None:
    sentences = applied(baton, EXAMPLE.company)

    assert stored(baton) == EXAMPLE.company.within(TEAM)
    assert sentences == (
        'Calendar "berlin" is added.',
        'Calendar "lisbon" is added.',
        'Policy "standard" is added.',
        'Queue "success" is added.',
        'Webhook "pager" is added.',
        'Template "renewal" is added.',
        "The workspace's calendar: around the clock → berlin.",
        "U09MARA's manager: nobody → U10TOM.",
        "U10TOM's calendar: none of their own → lisbon.",
        "U10TOM becomes an admin.",
        "The emoji that begins a handoff: none → handshake.",
    )


@pytest.mark.parametrize("name", ["support", "sales", "ward"])
def test_what_is_exported_is_in_order_and_would_change_nothing(baton: Baton, name: str) -> None:
    applied(baton, read_file(PUBLISHED / f"{name}.yml").company)

    exported = read(write(stored(baton)))

    assert exported.notices == ()
    with baton.db.reading() as tx:
        assert diff(tx, TEAM, exported.company) == ()


FILE = Path("company.yml")


def edited(*admins: str) -> Reading:
    return Reading(company=replace(EXAMPLE.company, admins=admins), notices=(), digest=f"of {admins}")


def started(baton: Baton, reading: Reading) -> Changes | NotApplied | LeftAsItIs | None:
    return apply_at_start(baton, TEAM, reading, FILE)


def apply_by_hand(baton: Baton, reading: Reading, file: Path) -> None:
    assert isinstance(apply(baton, TEAM, reading.company, reading.digest, file), Changes)


def test_a_file_is_applied_at_start_only_when_its_content_changed(baton: Baton) -> None:
    assert isinstance(started(baton, EXAMPLE), Changes)
    assert started(baton, EXAMPLE) is None

    assert started(baton, edited("U1")) == Changes(sentences=("U1 becomes an admin.", "U10TOM is no longer an admin."))
    assert isinstance(started(baton, EXAMPLE), Changes), "it was put back"


def test_a_restart_does_not_undo_what_was_applied_later(baton: Baton) -> None:
    started(baton, EXAMPLE)
    apply_by_hand(baton, edited("U1"), Path("another.yml"))

    for _ in range(2):
        assert started(baton, EXAMPLE) == LeftAsItIs()
        assert stored(baton).admins == ("U1",)

    changed = started(baton, edited("U2"))
    assert changed == Changes(sentences=("U2 becomes an admin.", "U1 is no longer an admin."), over_later=True)
    assert started(baton, edited("U2")) is None


def test_the_file_of_the_start_may_be_applied_by_hand_as_well(baton: Baton) -> None:
    started(baton, EXAMPLE)
    apply_by_hand(baton, edited("U1"), FILE)
    assert started(baton, edited("U1")) is None
    apply_by_hand(baton, edited("U2"), Path("another.yml"))

    assert started(baton, edited("U1")) == LeftAsItIs(), "its content is what was applied from it last"


def test_a_restart_does_not_undo_a_change_in_slack(baton: Baton) -> None:
    started(baton, EXAMPLE)
    channel_id_changed(baton, TEAM, "C0SUCCESS", "C0NEW")

    assert started(baton, EXAMPLE) == LeftAsItIs()
    assert stored(baton).queues[0].channel == "C0NEW"

    changed = started(baton, edited("U1"))
    assert isinstance(changed, Changes)
    assert changed.over_later
    assert 'Queue "success": channel C0NEW → C0SUCCESS.' in changed.sentences


def test_applying_the_same_again_changes_nothing(baton: Baton) -> None:
    applied(baton, EXAMPLE.company)

    assert applied(baton, EXAMPLE.company) == ()
    with baton.db.reading() as tx:
        policy = get_policy(tx, TEAM, "standard")
    assert policy
    assert policy.version == 1


def test_a_difference_names_the_value_that_changes(baton: Baton) -> None:
    applied(baton, EXAMPLE.company)
    text = EXAMPLE_FILE.read_text(encoding="utf-8")
    edited = text.replace("normal: 30m", "normal: 45m").replace("C0SUCCESS", "C0OTHER").replace("U01ALICE, ", "")
    edited = edited.replace("tell: [managers]}", "tell: [managers, owner]}").replace(', "13:30-18:00"', "")

    with baton.db.reading() as tx:
        sentences = diff(tx, TEAM, read(edited).company)

    assert sentences == (
        'Calendar "berlin": hours mon-fri [09:00-12:30, 13:30-18:00] → [09:00-12:30].',
        'Policy "standard": targets claim normal 30m → 45m.',
        'Policy "standard": levels late tell [managers] → [managers, owner].',
        'Queue "success": channel C0SUCCESS → C0OTHER.',
        'Queue "success": members [U01ALICE, S0CSTEAM] → [S0CSTEAM].',
    )


def test_a_difference_names_the_rule_the_level_and_the_webhook(baton: Baton) -> None:
    applied(baton, EXAMPLE.company)
    text = EXAMPLE_FILE.read_text(encoding="utf-8")
    edited = text.replace("finish: {normal: 1d}", "finish: {normal: 4h}").replace("do: raise", "do: reassign, to: U1")
    edited = edited.replace("within: 2h", "within: 1h").replace("digest: yes", "digest: no")
    edited = edited.replace("wake: [critical]", "wake: []").replace("com/baton", "com/other")

    with baton.db.reading() as tx:
        sentences = diff(tx, TEAM, read(edited).company)

    assert sentences == (
        'Policy "standard": rules 1 targets finish normal 1d → 4h.',
        'Policy "standard": levels page do raise → reassign.',
        'Policy "standard": levels page to nothing → U1.',
        'Policy "standard": levels still within 2h → 1h.',
        'Policy "standard": wake [critical] → [].',
        'Queue "success": digest yes → no.',
        'Webhook "pager": url https://pager.example.com/baton → https://pager.example.com/other.',
    )


def test_a_webhook_that_left_the_file_is_removed(baton: Baton) -> None:
    applied(baton, EXAMPLE.company)
    unpaged = EXAMPLE_FILE.read_text(encoding="utf-8").replace("tell: [webhook pager], ", "")
    company = replace(read(unpaged).company, webhooks=())

    assert 'Webhook "pager" is removed.' in applied(baton, company)
    assert stored(baton).webhooks == ()


def test_a_policy_from_before_rules_and_actions_is_read_and_stays_the_same_version(baton: Baton) -> None:
    level = {"key": "late", "clock": "claim", "percent": 100, "offset_s": 0, "tell": ["managers"]}
    content: dict[str, Any] = {
        "targets": {"claim": {"normal": {"days": 0, "seconds": 1800, "wall": False}}},
        "levels": [{**level, "repeat_times": 0, "repeat_every_s": 0}],
    }
    with baton.db.transaction() as tx:
        row = {"workspace": TEAM, "key": "standard", "version": 1, "content": content, "removed": False}
        tx.execute(policies.insert(), row)

    text = """
        version: 1
        policies:
          - key: standard
            targets: {claim: {normal: 30m}}
            levels: [{key: late, clock: claim, at: 100%, tell: [managers]}]
        """

    assert applied(baton, read(text).company) == ()
    with baton.db.reading() as tx:
        policy = get_policy(tx, TEAM, "standard")
    assert policy
    assert (policy.version, policy.wake, policy.rules) == (1, (Priority.CRITICAL,), ())


def test_a_changed_policy_is_a_new_version(baton: Baton) -> None:
    applied(baton, EXAMPLE.company)
    (policy,) = EXAMPLE.company.policies

    applied(baton, replace(EXAMPLE.company, policies=(replace(policy, levels=policy.levels[:1]),)))

    with baton.db.reading() as tx:
        newest, first = get_policy(tx, TEAM, "standard"), get_policy(tx, TEAM, "standard", 1)
    assert newest
    assert first
    assert (newest.version, len(newest.levels), len(first.levels)) == (2, 1, len(policy.levels))


@pytest.mark.parametrize("state", [State.OPEN, State.CLAIMED, State.RETURNED])
def test_a_queue_that_still_holds_handoffs_is_not_removed_and_nothing_else_changes(baton: Baton, state: State) -> None:
    applied(baton, EXAMPLE.company)
    add_handoff(baton, state)

    outcome = apply(baton, TEAM, Company(), "digest")

    assert isinstance(outcome, NotApplied)
    (reason,) = outcome.reasons
    assert reason == (
        'Queue "success" is no longer in the file, but one handoff in it is not finished. '
        "Finish, cancel or pass them on first, say where they go with --move-open-work success=QUEUE, or put the queue "
        "back in the file."
    )
    assert stored(baton) == EXAMPLE.company.within(TEAM)


def test_what_left_the_file_is_removed(baton: Baton) -> None:
    applied(baton, EXAMPLE.company)
    add_handoff(baton, State.DONE)

    applied(baton, Company())

    assert stored(baton) == Company()


def test_a_queue_made_in_slack_is_not_touched(baton: Baton) -> None:
    applied(baton, EXAMPLE.company)
    (success,) = EXAMPLE.company.within(TEAM).queues
    give_to_slack(baton, replace(success, key="own", calendar=None, policy=None, templates=()))

    applied(baton, Company())

    with baton.db.reading() as tx:
        assert [queue.key for queue in queues.list_all(tx, TEAM)] == ["own"]


def test_a_file_may_not_leave_out_what_a_queue_made_in_slack_uses(baton: Baton) -> None:
    applied(baton, EXAMPLE.company)
    (success,) = EXAMPLE.company.within(TEAM).queues
    give_to_slack(baton, replace(success, key="own", policy=None, templates=()))

    outcome = apply(baton, TEAM, Company(), "digest")

    assert isinstance(outcome, NotApplied)
    (reason,) = outcome.reasons
    assert reason.startswith('queues.own.calendar: There is no calendar "berlin". ')


def test_a_file_may_not_take_over_a_queue_made_in_slack(baton: Baton) -> None:
    (success,) = EXAMPLE.company.within(TEAM).queues
    give_to_slack(baton, replace(success, name="Ours", calendar=None, policy=None))

    outcome = apply(baton, TEAM, EXAMPLE.company, "digest")

    assert isinstance(outcome, NotApplied)
    (reason,) = outcome.reasons
    assert reason == (
        'Queue "success" belongs to Slack. Remove it from the file, list it under in_slack, or hand it to the file '
        "with `baton config adopt`."
    )


def test_trouble_with_a_channel_is_forgotten_only_when_the_channel_changes(baton: Baton) -> None:
    applied(baton, EXAMPLE.company)
    with baton.db.transaction() as tx:
        queues.set_trouble(tx, TEAM, "success", "is_archived")

    def trouble() -> str | None:
        with baton.db.reading() as tx:
            queue = queues.get(tx, TEAM, "success")
        assert queue
        return queue.trouble

    applied(baton, EXAMPLE.company)
    assert trouble() == "is_archived"

    (success,) = EXAMPLE.company.queues
    applied(baton, replace(EXAMPLE.company, queues=(replace(success, channel="C0NEW"),)))
    assert trouble() is None


def test_managers_are_known_before_slack_tells_of_the_person_and_stay_when_it_does(baton: Baton) -> None:
    applied(baton, EXAMPLE.company)
    with baton.db.transaction() as tx:
        people.put(tx, Person(workspace=TEAM, id="U09MARA", name="Mara"))

    with baton.db.reading() as tx:
        mara = people.get(tx, TEAM, "U09MARA")
    assert mara
    assert (mara.name, mara.manager) == ("Mara", "U10TOM")

    applied(baton, replace(EXAMPLE.company, managers={}))
    assert stored(baton).managers == {}


def test_clocks_that_run_keep_what_was_worked_and_go_on_by_the_new_hours(baton: Baton, clock: ManualClock) -> None:
    nine_to_five = (Interval(start=time(9), end=time(17)),)
    office = Calendar(workspace="", key="berlin", timezone="UTC", hours=(nine_to_five,) * 5 + ((), ()))
    company = replace(EXAMPLE.company, calendars=(office,))
    applied(baton, company)
    handoff = add_handoff(baton)
    start_clock(baton, handoff, office)
    line = a_message("sent:h1", handoff_id=handoff.id)
    baton.db.run_transaction(lambda tx: posted_messages.put(tx, as_posted(line)))
    clock.advance(timedelta(hours=3))

    mornings = replace(office, hours=((Interval(start=time(9), end=time(11)),),) * 5 + ((), ()))
    applied(baton, replace(company, calendars=(mornings,)))

    with baton.db.reading() as tx:
        (after,) = timers.list_live_for_handoff(tx, handoff.id)
        assert outbox.list_keys_for_handoff(tx, handoff.id) == {line.key}, "it named the old deadline"
    assert (after.target_s, after.consumed_s) == (16 * 3600, 3 * 3600)
    assert after.deadline_at == MONDAY_9 + timedelta(days=9, hours=1)  # 13 hours left, two a day from Tuesday on


def working(key: str, hours: int) -> Calendar:
    """Nine in the morning and `hours` on, on weekdays in UTC."""
    day = (Interval(start=time(9), end=time(9 + hours)),)
    return Calendar(workspace="", key=key, timezone="UTC", hours=(day,) * 5 + ((), ()))


@pytest.mark.parametrize("paused", [False, True])
def test_clocks_go_by_the_calendar_that_their_queue_has_now(baton: Baton, clock: ManualClock, paused: bool) -> None:
    long, short = working("long", 8), working("short", 2)
    (success,) = EXAMPLE.company.queues
    before = replace(EXAMPLE.company, calendars=(long, short), queues=(replace(success, calendar="long"),))
    applied(baton, before)
    handoff = add_handoff(baton)
    start_clock(baton, handoff, long)
    clock.advance(timedelta(hours=3))
    if paused:
        with baton.db.transaction() as tx:
            (timer,) = timers.list_live_for_handoff(tx, handoff.id)
            timers.put(tx, timekeeping.pause(timer, long, clock.now()))

    applied(baton, replace(before, queues=(replace(success, calendar=None),), workspace_calendar="short"))

    with baton.db.reading() as tx:
        (after,) = timers.list_live_for_handoff(tx, handoff.id)
        used = terms_of(tx, after)
    assert (after.calendar, after.consumed_s) == ("short", 3 * 3600)
    assert used.calendar == replace(short, workspace=TEAM)
    # 13 hours are left, two a day from Tuesday on.
    assert after.deadline_at == (None if paused else MONDAY_9 + timedelta(days=9, hours=1))

    applied(baton, replace(before, queues=(replace(success, calendar=None),)))

    with baton.db.reading() as tx:
        (after,) = timers.list_live_for_handoff(tx, handoff.id)
    assert after.calendar is None
    assert after.deadline_at == (None if paused else clock.now() + timedelta(hours=13))


def test_a_snooze_ends_when_it_was_said_whatever_becomes_of_the_hours(baton: Baton) -> None:
    long, short = working("long", 8), working("short", 2)
    (success,) = EXAMPLE.company.queues
    before = replace(EXAMPLE.company, calendars=(long, short), queues=(replace(success, calendar="long"),))
    before = replace(before, calendars_of={}, workspace_calendar=None)
    applied(baton, before)
    handoff = add_handoff(baton)
    start_clock(baton, handoff, long)
    with baton.db.transaction() as tx:
        (timer,) = timers.list_live_for_handoff(tx, handoff.id)
        snooze = replace(timer, clock=ClockKind.SNOOZE, next_level="over", due_at=MONDAY_9 + timedelta(days=1))
        timers.put(tx, replace(snooze, id="t2"))

    applied(baton, replace(before, queues=(replace(success, calendar="short"),)))

    with baton.db.reading() as tx:
        due = {timer.clock: timer.due_at for timer in timers.list_live_for_handoff(tx, handoff.id)}
    assert due[ClockKind.SNOOZE] == snooze.due_at
    assert due[ClockKind.FINISH] != timer.due_at


def test_a_queue_without_a_calendar_has_the_workspaces(baton: Baton) -> None:
    (success,) = EXAMPLE.company.queues
    long, short = working("long", 8), working("short", 2)
    company = replace(EXAMPLE.company, calendars=(long, short), workspace_calendar="short")

    def calendar_of_queue() -> str | None:
        with baton.db.reading() as tx:
            queue = queues.get(tx, TEAM, "success")
            assert queue
            calendar = terms(tx, queue).calendar
        return calendar.key if calendar else None

    applied(baton, replace(company, queues=(replace(success, calendar="long"),)))
    assert calendar_of_queue() == "long"
    applied(baton, replace(company, queues=(replace(success, calendar=None),)))
    assert calendar_of_queue() == "short"
    applied(baton, replace(company, queues=(replace(success, calendar=None),), workspace_calendar=None))
    assert calendar_of_queue() is None


def test_calendars_of_people_and_of_the_workspace_are_stored_told_and_taken_back(baton: Baton) -> None:
    company = replace(EXAMPLE.company, workspace_calendar="berlin", calendars_of={"U09MARA": "berlin", "U7": "berlin"})

    sentences = applied(baton, company)

    assert stored(baton) == company.within(TEAM)
    assert sentences[6:] == (
        "The workspace's calendar: around the clock → berlin.",
        "U09MARA's manager: nobody → U10TOM.",
        "U09MARA's calendar: none of their own → berlin.",
        "U7's calendar: none of their own → berlin.",
        "U10TOM becomes an admin.",
        "The emoji that begins a handoff: none → handshake.",
    )
    with baton.db.transaction() as tx:
        people.put(tx, Person(workspace=TEAM, id="U7", name="Ina"))  # Slack tells of her
        ina = people.get(tx, TEAM, "U7")
    assert ina
    assert (ina.name, ina.calendar) == ("Ina", "berlin")

    applied(baton, EXAMPLE.company)
    assert stored(baton) == EXAMPLE.company.within(TEAM)


def test_a_calendar_that_left_the_file_stays_while_a_clock_goes_by_it(baton: Baton) -> None:
    applied(baton, EXAMPLE.company)
    handoff = add_handoff(baton, State.DONE)
    start_clock(baton, handoff, EXAMPLE.company.calendar("berlin"))

    applied(baton, Company())

    with baton.db.reading() as tx:
        assert get_calendar(tx, TEAM, "berlin")
