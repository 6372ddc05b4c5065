"""A new policy version applies to new handoffs, and to open ones once it is reapplied."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from slackapp.clocks.rules import timekeeping
from slackapp.company.actions.apply_config import Changes, apply, apply_at_start
from slackapp.company.actions.reapply_policy import APPLIED, count_outdated, reapply_policy
from slackapp.company.model import Company
from slackapp.company.rules.read import Reading, read
from slackapp.escalation.actions.tick import tick
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Opened
from slackapp.runtime.baton import Baton
from storage.clocks import policies, timers
from storage.clocks.model import ClockKind, Timer
from storage.company import people, workspaces
from storage.company.model import Person, Workspace
from storage.db.database import Database, Tx
from storage.handoffs import audit, handoffs
from storage.handoffs.acts import Act, Claim, Complete, Extend, Return
from storage.handoffs.lifecycle import Moved, State
from storage.handoffs.model import AuditEntry, Handoff, Text
from storage.outbox import outbox
from tests.batons import a_baton
from tests.builders import a_handoff
from tests.manual_clock import ManualClock
from tests.storage.examples import at_once, leased, sent
from tests.waiting import somebody_waits, until

TEAM = "T1"
MONDAY_9 = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
FILE = """
version: 1
calendars:
  - {key: office, timezone: UTC, hours: {mon-fri: ["09:00-17:00"]}}
queues:
  - {key: success, name: Success, channel: C1, members: [U1, U2], managers: [UDAN], calendar: office, policy: p}
policies:
  - key: p
    targets:
      claim: {normal: 2h}
      finish: {normal: 8h}
    levels:
      - {key: half, clock: claim, at: 50%, tell: [UDAN]}
      - {key: late, clock: claim, at: 100%, tell: [UDAN]}
"""
FIRST = read(FILE).company


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_9)


@pytest.fixture
def baton(database: Database, clock: ManualClock) -> Baton:
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id=TEAM, name="Northwind", bot_user="UBATON"))
        for user in ("U1", "U2", "USENDER", "UDAN"):
            people.put(tx, Person(workspace=TEAM, id=user, name=user))
    baton = a_baton(database, clock)
    save(baton, FIRST)
    return baton


def save(baton: Baton, company: Company) -> None:
    assert isinstance(apply(baton, TEAM, company, "digest"), Changes)


def edited(**changes: str) -> Company:
    """The file with words replaced: `claim="claim: {normal: 4h}"` replaces the line of the claim target."""
    text = FILE
    for name, line in changes.items():
        text = "\n".join(line if old.strip().startswith(f"{name}:") else old for old in text.split("\n"))
    return read(text).company


SLOWER = edited(claim="      claim: {normal: 4h}")


def send(baton: Baton, form: str = "f1", **answers: Any) -> Handoff:
    draft = NewHandoff(title="Acme renewal", queue="success", next_step="Call them", note=Text(plain="a"))
    outcome = open_handoff(baton, workspace=TEAM, user="USENDER", draft=replace(draft, **answers), form=form)
    assert isinstance(outcome, Opened)
    return outcome.handoff


def do(baton: Baton, handoff: Handoff, act: Act, user: str = "U1") -> None:
    outcome = carry_out(baton, Request(workspace=TEAM, handoff_id=handoff.id, act=act, user=user))
    assert isinstance(outcome, Moved)


def clocks(baton: Baton, handoff: Handoff) -> dict[ClockKind, Timer]:
    with baton.db.reading() as tx:
        return {timer.clock: timer for timer in timers.list_live_for_handoff(tx, handoff.id)}


def entries(baton: Baton, handoff: Handoff) -> list[AuditEntry]:
    with baton.db.reading() as tx:
        return [entry for entry in audit.list_for_handoff(tx, handoff.id) if entry.verb == APPLIED]


def behind(baton: Baton, company: Company | None = None) -> int:
    with baton.db.reading() as tx:
        return count_outdated(tx, TEAM, baton.clock.now(), company)


def test_an_open_handoff_keeps_its_version_until_it_is_asked_to_follow(baton: Baton) -> None:
    before = send(baton)

    assert (behind(baton), behind(baton, FIRST), behind(baton, SLOWER)) == (0, 0, 1)
    save(baton, SLOWER)
    after = send(baton, form="f2")

    assert behind(baton) == 1
    assert clocks(baton, before)[ClockKind.CLAIM].deadline_at == MONDAY_9 + 2 * HOUR
    assert clocks(baton, after)[ClockKind.CLAIM].deadline_at == MONDAY_9 + 4 * HOUR

    assert reapply_policy(baton, TEAM) == 1

    assert behind(baton) == 0
    claim = clocks(baton, before)[ClockKind.CLAIM]
    assert (claim.policy_version, claim.deadline_at) == (2, MONDAY_9 + 4 * HOUR)
    assert entries(baton, after) == []


def test_a_file_that_is_applied_at_start_is_for_new_handoffs_only(baton: Baton) -> None:
    handoff = send(baton)

    assert apply_at_start(baton, TEAM, Reading(company=SLOWER, notices=(), digest="another"), Path("slower.yml"))

    assert (behind(baton), clocks(baton, handoff)[ClockKind.CLAIM].policy_version) == (1, 1)


def test_what_was_consumed_and_what_has_fired_stays(baton: Baton, clock: ManualClock) -> None:
    handoff = send(baton)
    clock.advance(HOUR)
    tick(baton)
    save(baton, SLOWER)

    reapply_policy(baton, TEAM)

    claim = clocks(baton, handoff)[ClockKind.CLAIM]
    assert claim.fired == ("half",)
    assert timekeeping.consumed(claim, SLOWER.calendar("office"), clock.now()) == 3600
    assert (claim.next_level, claim.due_at) == ("late", MONDAY_9 + 4 * HOUR)
    clock.advance(HOUR)
    tick(baton)
    assert clocks(baton, handoff)[ClockKind.CLAIM].fired == ("half",)  # half of four hours, but it has spoken


def test_a_clock_that_stands_still_goes_over_too_and_stays_still(baton: Baton, clock: ManualClock) -> None:
    handoff = send(baton)
    do(baton, handoff, Claim())
    clock.advance(3 * HOUR)
    do(baton, handoff, Return(text=Text(plain="what is missing", reason="missing")))
    save(baton, edited(finish="      finish: {normal: 4h}"))

    assert reapply_policy(baton, TEAM) == 1

    finish = clocks(baton, handoff)[ClockKind.FINISH]
    assert (finish.target_s, finish.consumed_s, finish.running_since, finish.due_at) == (4 * 3600, 3 * 3600, None, None)


def test_it_is_written_down_and_what_names_the_deadline_is_drawn_anew(baton: Baton) -> None:
    handoff = send(baton)
    save(baton, SLOWER)
    while rows := leased(baton.db, baton.clock.now()):
        for row in rows:
            sent(baton.db, row)

    reapply_policy(baton, TEAM)

    (entry,) = entries(baton, handoff)
    assert (entry.actor, entry.before, entry.after) == ("baton", handoff.state, handoff.state)
    assert entry.facts == {"policy": "p", "policy_version": 2, "clocks": ["claim"]}
    with baton.db.reading() as tx:
        drawn_anew = outbox.list_keys_for_handoff(tx, handoff.id)
    assert drawn_anew == {f"card:{handoff.id}:1", f"sent:{handoff.id}"}, "the sender's line names the deadline too"


def test_asking_twice_changes_nothing(baton: Baton) -> None:
    handoff = send(baton)
    save(baton, SLOWER)

    assert (reapply_policy(baton, TEAM), reapply_policy(baton, TEAM)) == (1, 0)

    assert len(entries(baton, handoff)) == 1


def test_a_clock_that_the_new_version_has_no_target_for_ends_and_a_new_one_waits_for_its_next_start(
    baton: Baton,
) -> None:
    handoff = send(baton)
    do(baton, handoff, Claim())
    save(baton, edited(finish="      update: {normal: 8h}"))

    reapply_policy(baton, TEAM)

    assert clocks(baton, handoff) == {}
    with baton.db.reading() as tx:
        (finish,) = [timer for timer in timers.list_for_handoff(tx, handoff.id) if timer.clock is ClockKind.FINISH]
    assert (finish.stopped_at, finish.met) == (MONDAY_9, None)


def test_more_time_that_was_given_stays_where_the_target_is_the_same(baton: Baton) -> None:
    handoff = send(baton)
    do(baton, handoff, Extend(seconds=3600), user="UDAN")
    save(baton, edited(finish="      finish: {normal: 4h}"))

    reapply_policy(baton, TEAM)

    claim = clocks(baton, handoff)[ClockKind.CLAIM]
    assert (claim.policy_version, claim.deadline_at) == (2, MONDAY_9 + 3 * HOUR)


def test_an_instant_that_the_form_named_gets_its_clock_when_its_queue_gets_a_policy(baton: Baton) -> None:
    save(baton, replace(FIRST, queues=(replace(FIRST.queues[0], policy=None),)))
    ahead = send(baton, needed_by=MONDAY_9 + 5 * HOUR)
    plain = send(baton, form="f2")
    assert (clocks(baton, ahead), behind(baton)) == ({}, 0)
    save(baton, FIRST)

    assert (behind(baton), reapply_policy(baton, TEAM), behind(baton)) == (1, 1, 0)

    needed_by = clocks(baton, ahead)[ClockKind.NEEDED_BY]
    assert (needed_by.started_at, needed_by.deadline_at) == (MONDAY_9, MONDAY_9 + 5 * HOUR)
    assert clocks(baton, plain) == {}


def test_an_instant_that_is_running_keeps_its_clock_through_policies_that_come_and_go(baton: Baton) -> None:
    handoff = send(baton, needed_by=MONDAY_9 + 5 * HOUR)
    for company in (replace(FIRST, queues=(replace(FIRST.queues[0], policy=None),)), FIRST, SLOWER):
        save(baton, company)
        reapply_policy(baton, TEAM)

    needed_by = clocks(baton, handoff)[ClockKind.NEEDED_BY]
    assert (needed_by.policy_version, needed_by.deadline_at) == (2, MONDAY_9 + 5 * HOUR)


def test_work_follows_its_queue_to_another_policy_and_to_other_hours(baton: Baton) -> None:
    handoff = send(baton)
    other = FILE.replace("policy: p}", "policy: q}").replace("key: p\n", "key: q\n").replace("office", "late")
    save(baton, read(other.replace("09:00-17:00", "12:00-20:00")).company)

    assert reapply_policy(baton, TEAM) == 1

    claim = clocks(baton, handoff)[ClockKind.CLAIM]
    assert (claim.policy, claim.calendar, claim.deadline_at) == ("q", "late", MONDAY_9 + 5 * HOUR)


def test_finished_work_is_left_alone(baton: Baton) -> None:
    handoff = send(baton)
    do(baton, handoff, Claim())
    do(baton, handoff, Complete())
    save(baton, SLOWER)

    assert (behind(baton), reapply_policy(baton, TEAM)) == (0, 0)

    assert entries(baton, handoff) == []


def test_batons_own_clocks_run_by_no_policy_and_are_left_alone(baton: Baton) -> None:
    handoff = send(baton)
    snooze = Timer(
        id="own",
        workspace=TEAM,
        handoff_id=handoff.id,
        clock=ClockKind.SNOOZE,
        run=1,
        policy="",
        policy_version=0,
        calendar=None,
        target_s=3600,
        started_at=MONDAY_9,
        running_since=MONDAY_9,
        due_at=MONDAY_9 + HOUR,
        deadline_at=MONDAY_9 + HOUR,
        next_level="over",
        wall=True,
    )
    baton.db.run_transaction(lambda tx: timers.put(tx, snooze))
    save(baton, SLOWER)

    reapply_policy(baton, TEAM)

    assert clocks(baton, handoff)[ClockKind.SNOOZE] == snooze


def test_what_was_broken_off_goes_on_where_it_was(baton: Baton) -> None:
    numbers = range(1, 450)
    policy = FIRST.within(TEAM).policies[0]
    with baton.db.transaction() as tx:
        for number in numbers:
            handoff = a_handoff(number=number, workspace=TEAM, created_at=MONDAY_9, state_since=MONDAY_9)
            handoffs.add(tx, handoff)
            timer = timekeeping.start(
                handoff,
                ClockKind.CLAIM,
                timer_id=f"t{number}",
                policy=policy,
                calendar=FIRST.calendar("office"),
                now=MONDAY_9,
            )
            assert timer
            timers.put(tx, timer)
    save(baton, SLOWER)

    def break_off(looked_at: int) -> None:
        raise KeyboardInterrupt(looked_at)

    with pytest.raises(KeyboardInterrupt, match="200"):
        reapply_policy(baton, TEAM, break_off)
    assert behind(baton) == 249
    seen: list[int] = []
    assert reapply_policy(baton, TEAM, seen.append) == 249

    assert seen == [200, 49]
    with baton.db.reading() as tx:
        versions = {
            timer.policy_version for number in numbers for timer in timers.list_live_for_handoff(tx, f"h{number}")
        }
        applied = [
            sum(entry.verb == APPLIED for entry in audit.list_for_handoff(tx, f"h{number}")) for number in numbers
        ]
    assert (versions, set(applied)) == ({2}, {1})


def test_whoever_claims_at_that_moment_loses_nothing(baton: Baton) -> None:
    open_ = [send(baton, form=f"f{n}") for n in range(20)]
    save(baton, SLOWER)

    def claim_all() -> None:
        for handoff in open_:
            do(baton, handoff, Claim())

    at_once(2, lambda n: claim_all() if n else reapply_policy(baton, TEAM))

    for handoff in open_:
        running = clocks(baton, handoff)
        assert ClockKind.CLAIM not in running
        assert running[ClockKind.FINISH].policy_version == 2
    assert behind(baton) == 0
    with baton.db.reading() as tx:
        newest = policies.get_policy(tx, TEAM, "p")
    assert newest
    assert newest.version == 2


def meanwhile(baton: Baton, handoff: Handoff, change: Callable[[Tx], None]) -> int:
    """Reapply policies while one handoff is being changed; return how many changed."""
    with ThreadPoolExecutor(1) as other:
        with baton.db.transaction() as tx:
            handoffs.lock(tx, [handoff.id])
            change(tx)
            following = other.submit(reapply_policy, baton, TEAM)
            until(lambda: somebody_waits(baton.db) or following.done())
        return following.result(timeout=30)


def test_what_fires_at_that_moment_does_not_fire_again(baton: Baton) -> None:
    handoff = send(baton)
    save(baton, SLOWER)
    claim = clocks(baton, handoff)[ClockKind.CLAIM]

    assert meanwhile(baton, handoff, lambda tx: timers.put(tx, replace(claim, fired=("half",)))) == 1

    after = clocks(baton, handoff)[ClockKind.CLAIM]
    assert (after.policy_version, after.fired) == (2, ("half",))


def test_what_is_finished_at_that_moment_gets_no_clock(baton: Baton) -> None:
    save(baton, replace(FIRST, queues=(replace(FIRST.queues[0], policy=None),)))
    handoff = send(baton, needed_by=MONDAY_9 + 5 * HOUR)
    save(baton, FIRST)
    cancelled = replace(handoff, state=State.CANCELLED, version=handoff.version + 1)

    assert meanwhile(baton, handoff, lambda tx: handoffs.save(tx, handoff, cancelled)) == 0

    assert clocks(baton, handoff) == {}
