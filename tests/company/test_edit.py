"""Changing one object of the configuration from Slack: checked as a file is, and nothing of others overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from slackapp.clocks.rules import timekeeping
from slackapp.company.actions.apply_config import Changes, apply
from slackapp.company.actions.edit import (
    BelongsToFile,
    ChangedMeanwhile,
    EditOutcome,
    InvalidChange,
    NotSaved,
    SavedChange,
    StillUsed,
    WantedChange,
    edit,
    edit_together,
)
from slackapp.company.model import WorkspaceSetting
from slackapp.company.queries import export, list_changes
from slackapp.company.rules.read import read
from slackapp.directory.actions.repair import channel_id_changed
from slackapp.people.model import NotAdmin
from slackapp.runtime.baton import Baton
from storage.clocks import policies, timers
from storage.clocks.model import ClockKind
from storage.company import configuration, people, queues, workspaces
from storage.company.model import Channel, ObjectKind, ObjectOwner, ObjectRecord, Person, Workspace
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Text
from tests.batons import a_baton
from tests.builders import a_handoff
from tests.manual_clock import ManualClock

TEAM, KIM, ANA = "T1", "UKIM", "UANA"
MONDAY_9 = datetime(2026, 11, 23, 9, tzinfo=UTC)
BERLIN = {"timezone": "Europe/Berlin", "hours": {"mon-fri": ["09:00-17:00"]}}
SUPPORT: dict[str, Any] = {"name": "Customer Support", "channel": "C1", "members": [ANA], "managers": [KIM]}
FAST = {
    "targets": {"claim": {"normal": "15m"}},
    "levels": [
        {"key": "late", "clock": "claim", "at": "100%", "tell": ["managers"], "repeat": {"times": 2, "every": "1h"}}
    ],
}

ADMINS_IN_SLACK = ObjectRecord(
    workspace=TEAM,
    kind=ObjectKind.SETTING,
    key="admins",
    owner=ObjectOwner.SLACK,
    version=0,
    changed_at=MONDAY_9,
    changed_by="baton",
)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_9)


@pytest.fixture
def baton(database: Database, clock: ManualClock) -> Baton:
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id=TEAM, name="Northwind", bot_user="UBATON"))
        workspaces.set_config(tx, TEAM, None, [KIM])
        configuration.put_many(tx, [ADMINS_IN_SLACK])
        for user, name in ((KIM, "Kim"), (ANA, "Ana")):
            people.put(tx, Person(workspace=TEAM, id=user, name=name, team=TEAM))
        people.put_channel(tx, Channel(workspace=TEAM, id="C1", name="support"))
        people.put_channel(tx, Channel(workspace=TEAM, id="C2", name="helpdesk"))
    return a_baton(database, clock)


def sent(baton: Baton, kind: ObjectKind, written: Any, *, user: str = KIM, **more: Any) -> EditOutcome:
    return edit(baton, workspace=TEAM, user=user, wanted=WantedChange(kind=kind, written=written, **more))


def saved(baton: Baton, kind: ObjectKind, written: Any, **more: Any) -> SavedChange:
    outcome = sent(baton, kind, written, **more)
    assert isinstance(outcome, SavedChange), outcome
    return outcome


def history(baton: Baton) -> list[tuple[str, tuple[str, ...]]]:
    with baton.db.reading() as tx:
        return [(change.file or change.by_name, change.sentences) for change in list_changes(tx, TEAM)]


def from_file(baton: Baton, text: str) -> None:
    outcome = apply(baton, TEAM, read(text).company, "digest", Path("company.yml"))
    assert isinstance(outcome, Changes), outcome


def test_a_team_with_hours_and_a_policy_is_made_in_slack(baton: Baton) -> None:
    hours = saved(baton, ObjectKind.CALENDAR, BERLIN, name="Berlin")
    policy = saved(baton, ObjectKind.POLICY, FAST, name="Fast")
    team = saved(baton, ObjectKind.QUEUE, {**SUPPORT, "calendar": "berlin", "policy": "fast"}, name="Customer Support")

    assert (hours.ref.key, policy.ref.key, team.ref.key) == ("berlin", "fast", "customer-support")
    with baton.db.reading() as tx:
        company = export(tx, TEAM)
    assert company.in_slack == {hours.ref, policy.ref, team.ref, ADMINS_IN_SLACK.ref}
    (queue,) = company.queues
    assert (queue.name, queue.members, queue.managers, queue.calendar) == ("Customer Support", (ANA,), (KIM,), "berlin")
    assert company.policies[0].levels[0].repeat_times == 2


def test_a_second_team_of_the_same_name_gets_another_key(baton: Baton) -> None:
    first = saved(baton, ObjectKind.QUEUE, SUPPORT, name="Queue")
    second = saved(baton, ObjectKind.QUEUE, SUPPORT, name="Queue")
    saved(baton, ObjectKind.QUEUE, None, key=first.ref.key, seen=1)
    third = saved(baton, ObjectKind.QUEUE, SUPPORT, name="Queue")

    assert [one.ref.key for one in (first, second, third)] == ["queue", "queue-2", "queue-3"]


def test_the_same_form_is_carried_out_once(baton: Baton) -> None:
    first = saved(baton, ObjectKind.QUEUE, SUPPORT, name="Support", form="V1")
    again = saved(baton, ObjectKind.QUEUE, SUPPORT, name="Support", form="V1")

    assert again.ref == first.ref
    with baton.db.reading() as tx:
        assert len(queues.list_all(tx, TEAM)) == 1


def test_several_changes_are_stored_all_or_none(baton: Baton) -> None:
    hours = WantedChange(kind=ObjectKind.CALENDAR, key="day", written=BERLIN)
    wrong = WantedChange(kind=ObjectKind.QUEUE, key="support", written={**SUPPORT, "calendar": "night"})

    outcome = edit_together(baton, workspace=TEAM, user=KIM, wanted=[hours, wrong])

    assert isinstance(outcome, InvalidChange)
    assert history(baton) == []
    right = replace(wrong, written={**SUPPORT, "calendar": "day"})
    assert isinstance(edit_together(baton, workspace=TEAM, user=KIM, wanted=[hours, right]), tuple)
    with baton.db.reading() as tx:
        assert [queue.calendar for queue in queues.list_all(tx, TEAM)] == ["day"]


def test_a_team_is_removed_with_its_work_or_neither_is(baton: Baton) -> None:
    hours = saved(baton, ObjectKind.CALENDAR, BERLIN, name="Day").ref
    key = saved(baton, ObjectKind.QUEUE, {**SUPPORT, "calendar": "day"}, name="Support").ref.key
    handoff = a_handoff(by=ANA, at=MONDAY_9, queue=key)
    with baton.db.transaction() as tx:
        handoffs.add(tx, handoff)

    def removed(seen: int) -> tuple[SavedChange, ...] | NotSaved:
        team = WantedChange(kind=ObjectKind.QUEUE, key=key, written=None, seen=1, cancels=Text(plain="Gone"))
        return edit_together(baton, workspace=TEAM, user=KIM, wanted=[team, WantedChange(**of_hours, seen=seen)])

    def state() -> State:
        with baton.db.reading() as tx:
            found = handoffs.get(tx, TEAM, handoff.id)
        assert found
        return found.state

    of_hours: dict[str, Any] = {"kind": hours.kind, "key": hours.key, "written": None}
    assert isinstance(removed(seen=9), ChangedMeanwhile)
    assert state() is State.OPEN
    outcome = removed(seen=1)
    assert isinstance(outcome, tuple)
    assert [one.cancelled for one in outcome] == [1, 0]
    assert state() is State.CANCELLED


def test_every_problem_is_named_at_its_place_and_nothing_is_stored(baton: Baton) -> None:
    outcome = sent(baton, ObjectKind.QUEUE, {**SUPPORT, "channel": "support", "calendar": "rome"}, name="Support")

    assert isinstance(outcome, InvalidChange)
    assert [(one.path, one.what) for one in outcome.problems] == [
        ("channel", '"support" is not a channel id.'),
        ("calendar", 'There is no calendar "rome".'),
    ]
    with baton.db.reading() as tx:
        assert queues.list_all(tx, TEAM) == []
    assert history(baton) == []


def test_people_who_would_manage_each_other_are_refused_at_the_field(baton: Baton) -> None:
    saved(baton, ObjectKind.PERSON, {"manager": KIM}, key=ANA)

    outcome = sent(baton, ObjectKind.PERSON, {"manager": ANA}, key=KIM)

    assert isinstance(outcome, InvalidChange)
    assert "circle" in (outcome.problems + outcome.elsewhere)[0].what


def test_whoever_saves_second_is_told_who_changed_it_and_how(baton: Baton) -> None:
    saved(baton, ObjectKind.SETTING, [KIM, ANA], key="admins")
    key = saved(baton, ObjectKind.QUEUE, SUPPORT, name="Support").ref.key
    saved(baton, ObjectKind.QUEUE, {**SUPPORT, "managers": [KIM, ANA], "channel": "C2"}, key=key, seen=1, user=ANA)

    outcome = sent(baton, ObjectKind.QUEUE, {**SUPPORT, "members": []}, key=key, seen=1)

    assert isinstance(outcome, ChangedMeanwhile)
    assert (outcome.by, outcome.version, outcome.written["managers"]) == (ANA, 2, [KIM, ANA])
    assert outcome.sentences == (
        "Customer Support: channel support → helpdesk",
        "Customer Support: manager Ana added",
    )
    assert isinstance(saved(baton, ObjectKind.QUEUE, {**SUPPORT, "members": []}, key=key, seen=2), SavedChange)


def test_a_channel_that_gets_a_new_id_is_not_put_back_by_a_form_that_was_open(baton: Baton) -> None:
    key = saved(baton, ObjectKind.QUEUE, SUPPORT, name="Support").ref.key
    channel_id_changed(baton, TEAM, "C1", "C2")

    outcome = sent(baton, ObjectKind.QUEUE, SUPPORT, key=key, seen=1)

    assert isinstance(outcome, ChangedMeanwhile)
    assert outcome.sentences == ("Customer Support: channel support → helpdesk",)


def test_what_was_removed_meanwhile_is_not_made_again(baton: Baton) -> None:
    key = saved(baton, ObjectKind.QUEUE, SUPPORT, name="Support").ref.key
    saved(baton, ObjectKind.QUEUE, None, key=key, seen=1)

    outcome = sent(baton, ObjectKind.QUEUE, SUPPORT, key=key, seen=1)

    assert isinstance(outcome, ChangedMeanwhile)
    assert outcome.written is None


def test_what_the_file_owns_is_not_changed_in_slack(baton: Baton) -> None:
    from_file(
        baton,
        f"""
        version: 1
        calendars: [{{key: day, timezone: UTC, hours: {{mon-fri: ["09:00-17:00"]}}}}]
        calendar: day
        people: {{{ANA}: {{manager: {KIM}}}}}
        queues: [{{key: success, name: Success, channel: C1, members: [{ANA}]}}]
        """,
    )

    for kind, key, written in [
        (ObjectKind.QUEUE, "success", SUPPORT),
        (ObjectKind.PERSON, ANA, {}),
        (ObjectKind.SETTING, "calendar", None),
    ]:
        assert sent(baton, kind, written, key=key, seen=1) == BelongsToFile(file="company.yml")


def test_what_the_file_does_not_say_can_be_said_in_slack_and_stays_when_it_is_applied_again(baton: Baton) -> None:
    text = f"version: 1\nqueues: [{{key: success, name: Success, channel: C1, members: [{ANA}]}}]"
    from_file(baton, text)
    saved(baton, ObjectKind.CALENDAR, BERLIN, name="Berlin")
    saved(baton, ObjectKind.SETTING, "berlin", key="calendar")
    saved(baton, ObjectKind.PERSON, {"manager": KIM, "calendar": "berlin"}, key=ANA)

    from_file(baton, text)

    with baton.db.reading() as tx:
        company = export(tx, TEAM)
    assert (company.workspace_calendar, company.managers, company.calendars_of) == (
        "berlin", {ANA: KIM}, {ANA: "berlin"},
    )  # fmt: skip


def test_only_admins_change_anything(baton: Baton) -> None:
    assert sent(baton, ObjectKind.QUEUE, SUPPORT, name="Support", user=ANA) == NotAdmin(admins=(KIM,))


def test_hours_that_a_team_uses_are_not_removed(baton: Baton) -> None:
    saved(baton, ObjectKind.CALENDAR, BERLIN, name="Berlin")
    saved(baton, ObjectKind.QUEUE, {**SUPPORT, "calendar": "berlin"}, name="Support")

    assert sent(baton, ObjectKind.CALENDAR, None, key="berlin", seen=1) == StillUsed(by=("Customer Support",))


def test_a_team_with_open_work_is_not_removed(baton: Baton) -> None:
    key = saved(baton, ObjectKind.QUEUE, SUPPORT, name="Support").ref.key
    with baton.db.transaction() as tx:
        handoffs.add(tx, a_handoff(by=ANA, at=MONDAY_9, queue=key))

    assert sent(baton, ObjectKind.QUEUE, None, key=key, seen=1) == StillUsed(open_handoffs=1)


def test_running_timers_continue_by_the_new_hours(baton: Baton, clock: ManualClock) -> None:
    saved(baton, ObjectKind.CALENDAR, {"timezone": "UTC", "hours": {"mon-fri": ["09:00-17:00"]}}, name="Day")
    saved(baton, ObjectKind.POLICY, {"targets": {"finish": {"normal": "8h"}}}, name="Slow")
    key = saved(baton, ObjectKind.QUEUE, {**SUPPORT, "calendar": "day", "policy": "slow"}, name="Support").ref.key
    handoff = a_handoff(by=ANA, at=MONDAY_9, queue=key)
    with baton.db.transaction() as tx:
        handoffs.add(tx, handoff)
        policy, hours = policies.get_policy(tx, TEAM, "slow"), policies.get_calendar(tx, TEAM, "day")
        assert policy
        timer = timekeeping.start(handoff, ClockKind.FINISH, timer_id="t1", policy=policy, calendar=hours, now=MONDAY_9)
        assert timer
        timers.put(tx, timer)
    clock.advance(timedelta(hours=1))

    saved(baton, ObjectKind.CALENDAR, {"timezone": "UTC", "hours": {"mon-fri": ["09:00-12:00"]}}, key="day", seen=1)

    with baton.db.reading() as tx:
        (moved,) = timers.list_live_by_calendar(tx, TEAM, "day")
    assert moved.deadline_at == datetime(2026, 11, 25, 11, tzinfo=UTC)


def test_a_warning_comes_with_the_place_within_the_object(baton: Baton) -> None:
    outcome = saved(baton, ObjectKind.QUEUE, {"name": "Nobody", "channel": "C1"}, name="Nobody")
    hours = saved(baton, ObjectKind.CALENDAR, {**BERLIN, "holidays": {"country": "ES"}}, name="Berlin")

    assert [one.what for one in outcome.notices] == [
        "Nobody can claim in Nobody: the queue has no members and no managers."
    ]
    assert [one.path for one in hours.notices] == ["holidays"]


def test_the_history_has_words_for_every_setting(baton: Baton) -> None:
    text = "version: 1\nqueues: []\ncalendars: [{key: day, timezone: UTC, hours: {mon-fri: [09:00-17:00]}}]\n"
    from_file(baton, text + "calendar: day\nslack_admins: no\nemoji: handshake")

    with baton.db.reading() as tx:
        found = {change.ref.key: change.sentences for change in list_changes(tx, TEAM)}
    assert found == {
        "day": ("Hours Day added",),
        "calendar": ("Hours of teams without their own: around the clock → Day",),
        "slack_admins": ("Workspace admins and owners are no longer admins of Baton",),
        "emoji": ("Emoji that begins a handoff: none → handshake",),
    }
    assert set(WorkspaceSetting) - found.keys() == {WorkspaceSetting.ADMINS}


def test_the_history_words_deadlines_hours_and_levels(baton: Baton) -> None:
    saved(baton, ObjectKind.CALENDAR, BERLIN, name="Office hours")
    saved(baton, ObjectKind.POLICY, FAST, name="Fast")
    key = saved(baton, ObjectKind.QUEUE, SUPPORT, name="Support").ref.key
    wanted = {**SUPPORT, "policy": "fast", "calendar": "office-hours", "claim_by_reply": "yes"}
    saved(baton, ObjectKind.QUEUE, wanted, key=key, seen=1)
    late: dict[str, Any] = {"key": "late", "clock": "claim", "at": "200%", "tell": ["managers"]}
    soon = {"key": "soon", "clock": "claim", "at": "50%", "tell": [ANA], "do": "raise"}
    saved(baton, ObjectKind.POLICY, {**FAST, "levels": [late, soon]}, key="fast", seen=1)

    found = [sentences for _, sentences in history(baton)]
    changed, added = found[0]
    assert changed.endswith("claim 100%, notifies managers, repeated 2x 1h → claim 200%, notifies managers")
    assert added == "Deadlines Fast: level added: claim 50%, notifies Ana, raise"
    assert set(found[1]) == {
        "Customer Support: hours nothing → Office hours",
        "Customer Support: deadlines nothing → Fast",
        "Customer Support: claim by first reply no → yes",
    }


def test_the_history_says_who_applied_a_file(baton: Baton) -> None:
    company = read("version: 1\nemoji: handshake").company
    assert isinstance(apply(baton, TEAM, company, "digest", Path("company.yml"), operator="tom"), Changes)

    with baton.db.reading() as tx:
        (change,) = list_changes(tx, TEAM)
    assert (change.file, change.operator) == ("company.yml", "tom")


def test_the_history_says_who_changed_what_by_names(baton: Baton) -> None:
    key = saved(baton, ObjectKind.QUEUE, SUPPORT, name="Support").ref.key
    saved(baton, ObjectKind.QUEUE, {**SUPPORT, "managers": [KIM, ANA]}, key=key, seen=1)
    saved(baton, ObjectKind.PERSON, {"manager": KIM}, key=ANA)
    saved(baton, ObjectKind.SETTING, [KIM, ANA], key="admins")
    from_file(baton, "version: 1\nwebhooks: [{key: pager, url: https://pager.example.com/s3cret}]")
    from_file(baton, "version: 1\nwebhooks: [{key: pager, url: https://pager.example.com/other}]")

    assert history(baton) == [
        ("company.yml", ("Webhook pager: url pager.example.com → pager.example.com (a new address)",)),
        ("company.yml", ("Webhook pager added",)),
        ("Kim", ("Admins: Ana added",)),
        ("Kim", ("Ana: manager nobody → Kim",)),
        ("Kim", ("Customer Support: manager Ana added",)),
        ("Kim", ("Customer Support added",)),
    ]
    with baton.db.reading() as tx:
        newest = list_changes(tx, TEAM, limit=2)
        assert [change.sentences for change in list_changes(tx, TEAM, before=newest[-1].id, limit=1)] == [
            ("Admins: Ana added",)
        ]
        assert list_changes(tx, "T2") == ()
