"""Reading the configuration file, and writing it back unchanged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slackapp.company.model import Company
from slackapp.company.rules.read import digest, read, read_file
from slackapp.company.rules.write import write
from slackapp.templates.rules.shipped import shipped
from slackapp.yaml_files.problems import ConfigurationError
from storage.clocks.model import (
    POLICY_CLOCKS,
    Calendar,
    ClockKind,
    Duration,
    Interval,
    Level,
    LevelAction,
    Policy,
    SpecialDays,
    TargetRule,
)
from storage.company.model import Queue, Webhook
from storage.handoffs.model import Priority
from tests.templates.generated_templates import is_seen
from tests.thoroughness import examples

EXAMPLE = Path(__file__).parents[2] / "docs" / "baton.example.yml"


def test_the_example_means_what_it_says() -> None:
    company = read_file(EXAMPLE).company

    office = (Interval(start=time(9), end=time(12, 30)), Interval(start=time(13, 30), end=time(18)))
    assert company.calendar("berlin") == Calendar(
        workspace="",
        key="berlin",
        timezone="Europe/Berlin",
        hours=(office,) * 5 + ((), ()),
        country="DE",
        subdivision="BE",
        closed=(date(2026, 12, 24), date(2026, 12, 28), date(2026, 12, 29), date(2026, 12, 30)),
        special=(
            SpecialDays(first=date(2026, 7, 1), last=date(2026, 8, 31), hours=(Interval(start=time(8), end=time(14)),)),
            SpecialDays(
                first=date(2026, 12, 5), last=date(2026, 12, 5), hours=(Interval(start=time(10), end=time(14)),)
            ),
            SpecialDays(
                first=date(2026, 12, 31), last=date(2026, 12, 31), hours=(Interval(start=time(9), end=time(12)),)
            ),
        ),
    )
    assert company.queue("success") == Queue(
        workspace="",
        key="success",
        name="Customer Success",
        channel="C0SUCCESS",
        members=("U01ALICE", "S0CSTEAM"),
        managers=("U09MARA",),
        calendar="berlin",
        policy="standard",
        templates=("ae_csm", "project", "renewal"),
    )
    assert (company.managers, company.admins) == ({"U09MARA": "U10TOM"}, ("U10TOM",))
    assert (company.workspace_calendar, company.calendars_of) == ("berlin", {"U10TOM": "lisbon"})
    policy = company.policy("standard")
    assert policy
    assert policy.targets[ClockKind.CLAIM][Priority.LOW] == Duration(seconds=4 * 3600)
    assert policy.targets[ClockKind.FINISH] == {Priority.NORMAL: Duration(days=2)}
    assert policy.levels[2] == Level(
        key="later",
        clock=ClockKind.CLAIM,
        percent=100,
        offset_s=1800,
        tell=("managers of managers", "admins"),
        repeat_times=3,
        repeat_every_s=1800,
    )


def test_every_part_of_a_policy_in_the_example_means_what_it_says() -> None:
    reading = read_file(EXAMPLE)

    policy = reading.company.policy("standard")
    assert policy
    day = {ClockKind.FINISH: {Priority.NORMAL: Duration(days=1)}}
    assert policy.rules == (TargetRule(when={"template": ("ae_csm",), "priority": ("high", "critical")}, targets=day),)
    levels = {level.key: level for level in policy.levels}
    assert (levels["page"].tell, levels["page"].do) == (("webhook pager",), LevelAction.RAISE)
    assert (levels["start"].tell, levels["start"].do, levels["start"].to) == ((), LevelAction.REASSIGN, "managers")
    assert (levels["still"].do, levels["still"].within_s) == (LevelAction.CHECK, 7200)
    assert (levels["soon"].clock, levels["soon"].offset_s) == (ClockKind.NEEDED_BY, -7200)
    assert policy.wake == (Priority.CRITICAL,)
    assert reading.company.webhooks == (Webhook(workspace="", key="pager", url="https://pager.example.com/baton"),)
    assert reading.notices == ()


def test_a_rule_takes_one_value_or_several_and_wake_is_in_the_order_of_urgency() -> None:
    text = """
        version: 1
        policies:
          - key: p
            wake: [critical, low, high]
            rules: [{when: {template: a, plan: [gold, " gold ", silver]}, targets: {claim: {normal: 1h}}}]
          - {key: nobody, wake: []}
        """

    several, nobody = read(text).company.policies

    assert several.rules[0].when == {"template": ("a",), "plan": ("gold", "silver")}
    assert several.wake == (Priority.LOW, Priority.HIGH, Priority.CRITICAL)
    assert nobody.wake == ()


@pytest.mark.parametrize(("written", "wanted"), [("yes", True), ("True", True), ("no", False), ("FALSE", False)])
def test_a_queue_says_whether_it_wants_a_digest(written: str, *, wanted: bool) -> None:
    (queue,) = read(f"version: 1\nqueues: [{{key: a, name: A, channel: C1, digest: {written}}}]").company.queues

    assert queue.digest is wanted
    assert ("digest: no" in write(Company(queues=(queue,)))) is not wanted


def test_the_example_is_written_back_as_the_same_company() -> None:
    company = read_file(EXAMPLE).company

    assert read(write(company)).company == company


DAYS = """
version: 1
calendars:
  - key: berlin
    timezone: Europe/Berlin
    hours: {mon-fri: ["09:00-17:00"]}
    holidays: {dates: [2026-12-24, 2026-12-27..2027-01-01, 2026-12-30]}
    days:
      2026-12-05: ["12:00-14:00", "10:00-11:00"]
      2026-07-01..2026-08-31: ["08:00-14:00"]
calendar: berlin
people:
  U1: {manager: U2}
  U3: {calendar: berlin}
  U4: {manager: U2, calendar: berlin}
queues:
  - {key: a, name: A, channel: C1}
"""


def test_days_and_ranges_of_days_may_be_closed_or_have_hours_of_their_own() -> None:
    company = read(DAYS).company

    (calendar,) = company.calendars
    closed = ["12-24", "12-27", "12-28", "12-29", "12-30", "12-31"]
    assert calendar.closed == (*(date.fromisoformat(f"2026-{day}") for day in closed), date(2027, 1, 1))
    assert calendar.special == (
        SpecialDays(first=date(2026, 7, 1), last=date(2026, 8, 31), hours=(Interval(start=time(8), end=time(14)),)),
        SpecialDays(
            first=date(2026, 12, 5),
            last=date(2026, 12, 5),
            hours=(Interval(start=time(10), end=time(11)), Interval(start=time(12), end=time(14))),
        ),
    )
    assert read(write(company)).company == company
    assert "dates: ['2026-12-24', 2026-12-27..2027-01-01]" in write(company)


def test_people_and_the_workspace_may_have_a_calendar() -> None:
    company = read(DAYS).company

    assert company.managers == {"U1": "U2", "U4": "U2"}
    assert company.calendars_of == {"U3": "berlin", "U4": "berlin"}
    assert company.hours_of(company.queues[0]) == company.calendar("berlin")
    assert company.hours_of(replace(company.queues[0], calendar="paris")) is None


def test_closed_days_that_follow_each_other_for_years_are_written_as_ranges_that_can_be_read() -> None:
    text = """
        version: 1
        calendars:
          - key: a
            timezone: UTC
            hours: {mon: ["09:00-10:00"]}
            holidays: {dates: [2026-01-01..2027-12-31, 2028-01-01..2028-12-31]}
            days: {2027-06-05: ["09:00-12:00"]}
        """
    company = read(text).company

    assert read(write(company)).company == company


def test_norway_stays_norway_and_every_other_word_stays_a_word() -> None:
    company = read(
        """
        version: 1
        calendars:
          - {key: no, timezone: Europe/Oslo, hours: {mon: [08:00-16:00]}, holidays: {country: NO}}
        queues:
          - {key: "0123", name: 1e3, channel: C1, calendar: no}
          - {key: null, name: yes, channel: C2}
        """
    ).company

    assert [(c.key, c.country) for c in company.calendars] == [("no", "NO")]
    assert [(q.key, q.name, q.calendar) for q in company.queues] == [("0123", "1e3", "no"), ("null", "yes", None)]
    assert read(write(company)).company == company


def test_lists_and_values_may_be_empty() -> None:
    company = read(
        "version: 1\nqueues:\n- key: a\n  name: A\n  channel: C1\n  members:\n  calendar:\npolicies: []"
    ).company

    assert company == Company(queues=(Queue(workspace="", key="a", name="A", channel="C1"),))


def test_days_may_be_named_alone_in_lists_and_round_the_week() -> None:
    hours = "{'sat-mon': ['00:00-24:00'], 'wed, FRI': ['22:00-24:00']}"

    (calendar,) = read(f"version: 1\ncalendars: [{{key: a, timezone: UTC, hours: {hours}}}]").company.calendars

    assert [len(day) for day in calendar.hours] == [1, 0, 1, 0, 1, 1, 1]
    assert calendar.hours[6] == (Interval(start=time(0), end=None),)


def test_the_records_get_their_workspace_when_it_is_known() -> None:
    company = read_file(EXAMPLE).company.within("T1")

    assert [r.workspace for r in company.queues] == ["T1"]
    assert [r.workspace for r in company.policies] == ["T1"]
    assert [r.workspace for r in company.calendars] == ["T1", "T1"]


def test_the_fingerprint_follows_the_content() -> None:
    assert read_file(EXAMPLE).digest == digest(EXAMPLE.read_text(encoding="utf-8"))
    assert digest("a") != digest("b")


def test_a_file_that_is_not_there_is_a_problem_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"can't be opened: No such file or directory\. Check the path"):
        read_file(tmp_path / "no.yml")


def test_a_file_that_is_no_text_is_a_problem_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ConfigurationError, match=r"is not UTF-8 text"):
        read_file(tmp_path / "a.yml")


keys = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,8}", fullmatch=True)
users = st.from_regex(r"U[A-Z0-9]{1,6}", fullmatch=True)
names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=40).filter(is_seen)
targets = st.one_of(
    st.builds(Duration, seconds=st.integers(1, 10**6), wall=st.booleans()), st.builds(Duration, days=st.integers(1, 9))
)
levels = st.builds(
    Level,
    key=keys,
    clock=st.just(ClockKind.UPDATE),
    percent=st.integers(0, 300),
    offset_s=st.integers(-9999, 9999),
    tell=st.lists(
        st.one_of(users, st.sampled_from(["owner", "managers of managers of managers", "webhook pager"])), unique=True
    ).map(tuple),
).flatmap(
    lambda level: st.sampled_from(
        [
            level,
            replace(level, clock=ClockKind.RESPOND, repeat_times=3, repeat_every_s=90),
            replace(level, do=LevelAction.CHECK, within_s=90),
            replace(level, do=LevelAction.REASSIGN, to="managers"),
            replace(level, do=LevelAction.RELEASE),
            replace(level, clock=ClockKind.CLAIM, do=LevelAction.RAISE),
        ]
    )
)
targets_of_clocks = st.dictionaries(
    st.sampled_from(POLICY_CLOCKS), st.dictionaries(st.sampled_from(Priority), targets), max_size=3
)
rules = st.builds(
    TargetRule,
    when=st.dictionaries(keys, st.lists(names, min_size=1, unique=True).map(tuple), min_size=1, max_size=2).map(
        lambda when: {f"field_{name}": wanted for name, wanted in when.items()}
    ),
    targets=targets_of_clocks.filter(lambda targets: any(targets.values())),
)
policies = st.builds(
    Policy,
    workspace=st.just(""),
    key=keys,
    targets=targets_of_clocks,
    rules=st.lists(rules, max_size=2).map(tuple),
    wake=st.lists(st.sampled_from(Priority), unique=True).map(lambda wake: tuple(p for p in Priority if p in wake)),
    levels=st.lists(levels, max_size=3, unique_by=lambda level: level.key).map(tuple),
)
queues = st.builds(
    Queue,
    workspace=st.just(""),
    key=keys,
    name=names,
    channel=st.from_regex(r"[CG][A-Z0-9]{1,6}", fullmatch=True),
    members=st.lists(users, unique=True).map(tuple),
    templates=st.lists(st.sampled_from([template.key for template in shipped()]), unique=True).map(tuple),
    digest=st.booleans(),
)


office = (Interval(start=time(9), end=time(12, 30)), Interval(start=time(13, 30), end=None))
dates = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """A calendar with closed days, single days and one range with hours of their own."""
    single = draw(st.sets(dates, max_size=3))
    closed = draw(st.sets(dates, max_size=20)) - single
    first, last = sorted(draw(st.lists(dates, min_size=2, max_size=2, unique=True)))
    own = [SpecialDays(first=day, last=day, hours=office[: draw(st.integers(1, 2))]) for day in single]
    summer = [SpecialDays(first=first, last=last, hours=office[1:])] if draw(st.booleans()) else []
    country = draw(st.sampled_from([None, "NO", "DE"]))
    return Calendar(
        workspace="",
        key=draw(keys),
        timezone="Europe/Berlin",
        hours=(office,) * 3 + (draw(st.sampled_from([(), office[:1]])),) + ((),) * 3,
        country=country,
        categories=draw(st.sampled_from([(), ("catholic", "public")])) if country == "DE" else (),
        closed=tuple(sorted(closed)),
        special=tuple(sorted([*own, *summer], key=lambda days: (days.first, days.last))),
    )


@settings(deadline=None, max_examples=examples(60))
@given(listed=st.lists(calendars(), min_size=1, max_size=2, unique_by=lambda calendar: calendar.key), own=users)
def test_any_calendar_that_is_written_is_read_back(listed: list[Calendar], own: str) -> None:
    key = listed[0].key
    company = Company(calendars=tuple(listed), workspace_calendar=key, calendars_of={own: key})

    assert read(write(company)).company == company


@settings(deadline=None, max_examples=examples(60))
@given(
    queues=st.lists(queues, max_size=3, unique_by=lambda queue: queue.key),
    policies=st.lists(policies, max_size=2, unique_by=lambda policy: policy.key),
    admins=st.lists(users, unique=True),
)
def test_any_company_that_is_written_is_read_back(
    queues: list[Queue], policies: list[Policy], admins: list[str]
) -> None:
    pager = Webhook(workspace="", key="pager", url="https://pager.example.com/baton?to=1")
    company = Company(queues=tuple(queues), policies=tuple(policies), admins=tuple(admins), webhooks=(pager,))

    assert read(write(company)).company == company
