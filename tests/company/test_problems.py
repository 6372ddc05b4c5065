"""Problems of a configuration file, all at once, each with its line and a fix."""

from __future__ import annotations

import sys
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slackapp.company.rules.read import read
from slackapp.company.rules.schema import KNOWN_KEYS
from slackapp.yaml_files.problems import MOST_TOLD, ConfigurationError, Problem
from tests.company.company_files import policy, problems, queue
from tests.thoroughness import examples


def count(call: Callable[..., None], calls: list[object]) -> Callable[..., None]:
    """The same function, which also counts its calls."""

    def counted(*args: object) -> None:
        calls.append(args)
        call(*args)

    return counted


def calendar(line: str, zone: str = "UTC") -> str:
    return f"version: 1\ncalendars:\n  - key: a\n    timezone: {zone}\n    {line}\n"


OPEN = "hours: {mon: ['09:00-17:00']}"

TABLE = [
    ("", ["The file is empty. Start with docs/baton.example.yml."]),
    ("- a", ["line 1: The file is not a mapping. Compare it with docs/baton.example.yml."]),
    ("queues: []", ["line 1, version: is missing. Add version: and a value."]),
    ("version: 2", ['line 1, version: "2" is not a version of this file that Baton knows. Write version: 1.']),
    ("version: 1\nqueus: []", ['line 2, queus: is not a key that Baton knows here. Did you mean "queues"?']),
    ("version: 1\nzzz: []", ["line 2, zzz: is not a key that Baton knows here. Leave it out."]),
    (
        "version: 1\nadmins: [U1]\nadmins: [U2]",
        ['line 3, admins: "admins" appears twice; the first is in line 2. Keep one of them.'],
    ),
    (queue("members: U1"), ["line 6, queues[0].members: is not a list. Write members: [...]."]),
    (queue("members: [[U1]]"), ["line 6, queues[0].members[0]: should be a text, not a list or a mapping."]),
    (queue("managers: [ana]"), ["line 6, queues[0].managers[0]: \"ana\" is neither a person's nor a user group's id."]),
    (queue("calendar: x"), ['line 6, queues[0].calendar: There is no calendar "x". The file has no calendars.']),
    (queue("policy: x"), ['line 6, queues[0].policy: There is no policy "x". The file has no policies.']),
    (
        queue(f"name2: {'x' * 80}"),
        ['line 6, queues[0].name2: is not a key that Baton knows here. Did you mean "name"?'],
    ),
    (
        "version: 1\nqueues: [{key: a, name: A, channel: general}]",
        ['line 2, queues[0].channel: "general" is not a channel id. Copy the id (C... or G...)'],
    ),
    (
        f"version: 1\nqueues: [{{key: a, name: {'x' * 80}, channel: C1}}]",
        ["line 2, queues[0].name: is 80 characters long. Slack's menus show at most 75."],
    ),
    (
        "version: 1\nqueues:\n- {key: a, name: A, channel: C1}\n- {key: a, name: B, channel: C2}",
        ['line 4, queues[1].key: "a" is the key of two queues. Give one of them another key.'],
    ),
    (
        "version: 1\nqueues: [{key: 'a:b', name: A, channel: C1}]",
        ['line 2, queues[0].key: "a:b" is not a valid key. Use letters, digits,'],
    ),
    (
        calendar(OPEN, "Europe/Berln"),
        ['line 4, calendars[0].timezone: "Europe/Berln" is not a time zone. Did you mean "Europe/Berlin"?'],
    ),
    (calendar("hours: {mon: []}"), ["line 3, calendars[0]: is never open. Give it hours,"]),
    (calendar("hours: {}"), ["line 3, calendars[0]: is never open. Give it hours,"]),
    (calendar("hours: {man: ['09:00-17:00']}"), ['line 5, calendars[0].hours.man: "man" is not a weekday.']),
    (calendar("hours: {mon: ['9-17']}"), ['line 5, calendars[0].hours.mon[0]: "9-17" is not a range of hours.']),
    (
        calendar("hours: {mon: ['22:00-06:00']}"),
        ['line 5, calendars[0].hours.mon[0]: "22:00-06:00" ends before it begins. Work past midnight'],
    ),
    (
        calendar("hours: {mon: ['09:00-12:00', '11:00-13:00']}"),
        ["line 3, calendars[0]: has hours on mon that overlap."],
    ),
    (calendar("hours: {mon-fri: ['09:00-12:00'], tue: []}"), ["line 5, calendars[0].hours: names tue twice."]),
    (calendar("hours: ['09:00-12:00']"), ["line 5, calendars[0].hours: is not a mapping."]),
    (
        calendar(f"{OPEN}\n    holidays: {{country: XX}}"),
        ['line 6, calendars[0].holidays.country: "XX" is not a country that Baton has holidays for.'],
    ),
    (
        calendar(f"{OPEN}\n    holidays: {{country: DE, subdivision: TX}}"),
        ['line 6, calendars[0].holidays.subdivision: "TX" is not a region of DE. Write one of BB, BE,'],
    ),
    (
        calendar(f"{OPEN}\n    holidays: {{subdivision: BE}}"),
        ['line 6, calendars[0].holidays.subdivision: "BE" has no country. Name its country beside it.'],
    ),
    (
        calendar(f"{OPEN}\n    holidays: {{dates: ['24.12.2026']}}"),
        ['line 6, calendars[0].holidays.dates[0]: "24.12.2026" is not a date. Write it like 2026-12-24.'],
    ),
    (
        calendar(f"{OPEN}\n    holidays: {{dates: ['2027-01-01..2026-12-27']}}"),
        [
            'line 6, calendars[0].holidays.dates[0]: "2027-01-01..2026-12-27" ends before it begins. Write 2026-12',
        ],
    ),
    (
        calendar(f"{OPEN}\n    holidays: {{dates: ['2026-12-24..2026-12-24']}}"),
        ['line 6, calendars[0].holidays.dates[0]: "2026-12-24..2026-12-24" is a range of one day. Write 2026-12-24.'],
    ),
    (
        calendar(f"{OPEN}\n    holidays: {{dates: ['2026-01-01..2028-01-03', '0001-01-01', '2026-12-24..']}}"),
        [
            'line 6, calendars[0].holidays.dates[0]: "2026-01-01..2028-01-03" is longer than two years. Write a',
            'line 6, calendars[0].holidays.dates[1]: "0001-01-01" is too far away. Write a year from 1970 to 2999.',
            'line 6, calendars[0].holidays.dates[2]: "" is not a date. Write it like 2026-12-24. A range of days is',
        ],
    ),
    (
        calendar(f"{OPEN}\n    days: {{2026-12-24: [], 2026-12-32: ['09:00-10:00'], 2026-12-23: ['9-10']}}"),
        [
            "line 6, calendars[0].days.2026-12-24: has no hours. If it is a day off, put it under holidays.dates.",
            'line 6, calendars[0].days.2026-12-32: "2026-12-32" is not a date.',
            'line 6, calendars[0].days.2026-12-23[0]: "9-10" is not a range of hours.',
        ],
    ),
    (
        calendar(f"{OPEN}\n    days: {{2026-12-24: ['09:00-12:00', '11:00-13:00']}}"),
        ["line 6, calendars[0].days.2026-12-24: has hours that overlap. Write them one after the other."],
    ),
    (
        calendar(f"{OPEN}\n    days: {{2026-12-24: ['09:00-12:00'], ' 2026-12-24': ['13:00-14:00']}}"),
        ["line 6, calendars[0].days: names 2026-12-24 twice. Name each day once;"],
    ),
    (
        calendar(
            f"{OPEN}\n    days: {{2026-07-01..2026-07-31: ['09:00-12:00'], 2026-07-20..2026-08-20: ['09:00-10:00']}}"
        ),
        ["line 6, calendars[0].days: names 2026-07-20..2026-07-31 twice. Name each day once;"],
    ),
    (
        calendar(f"{OPEN}\n    days: {{2026-12-24: ['09:00-12:00']}}\n    holidays: {{dates: [2026-12-24]}}"),
        ["line 3, calendars[0]: has hours on 2026-12-24 and is closed on the same day. Remove it from days or"],
    ),
    (calendar("hours: {}\n    days: {2026-12-24: ['09:00-12:00']}"), ["line 3, calendars[0]: is never open. Give it"]),
    (
        calendar(f"{OPEN}\n    holidays: {{dates: [2026-01-01..2027-12-31, 2028-01-01..2028-12-31]}}"),
        [
            "line 6, calendars[0].holidays.dates: leave no working hours for more than two years from 2026-01-01 on.",
        ],
    ),
    (
        "version: 1\ncalendar: berlin\npeople: {U1: {calendar: paris}}",
        [
            'line 2, calendar: There is no calendar "berlin". The file has no calendars. Add it under calendars or',
            'line 3, people.U1.calendar: There is no calendar "paris".',
        ],
    ),
    (
        "version: 1\npeople:\n  U1: {}\n  U2: {manager: }",
        [
            "line 3, people.U1: is empty. Write manager: or calendar: for this person, or leave them out.",
            "line 4, people.U2: is empty.",
        ],
    ),
    (
        policy("targets: {clam: {normal: 2h}}"),
        ['line 4, policies[0].targets.clam: "clam" is not a clock. Did you mean'],
    ),
    (policy("targets: {claim: {norml: 2h}}"), ['line 4, policies[0].targets.claim.norml: "norml" is not a priority.']),
    (policy("targets: {claim: 2h}"), ["line 4, policies[0].targets.claim: is not a mapping."]),
    (
        policy("targets: {claim: {normal: soon}}"),
        ['line 4, policies[0].targets.claim.normal: "soon" is not a duration.'],
    ),
    (
        policy("targets: {claim: {normal: 0m}}"),
        ['line 4, policies[0].targets.claim.normal: "0m" is not a length of time.'],
    ),
    (policy("targets: {claim: {normal: -5m}}"), ['line 4, policies[0].targets.claim.normal: "-5m" is not a duration.']),
    (
        policy("targets: {claim: {normal: 400d}}"),
        ['line 4, policies[0].targets.claim.normal: "400d" is longer than a year'],
    ),
    (
        policy("levels: [{key: a, clock: claim, at: 50, tell: [boss]}]"),
        [
            'line 4, policies[0].levels[0].at: "50" is not a time. Write a share of the target such as 50%',
            'line 4, policies[0].levels[0].tell[0]: "boss" is not someone a level can tell. Write owner, sender,',
        ],
    ),
    (
        policy("levels: [{key: a, clock: claim, at: 50%, tell: [], repeat: {times: 999, every: 1d}}]"),
        [
            'line 4, policies[0].levels[0].repeat.times: "999" is not a number from 1 to 20.',
            'line 4, policies[0].levels[0].repeat.every: "1d" is in days or wall time. Write hours and minutes',
        ],
    ),
    (
        policy("levels: [{key: a, clock: claim, at: 50%, tell: []}, {key: a, clock: claim, at: 60%, tell: []}]"),
        ['line 4, policies[0].levels[1].key: "a" is the key of two levels. Give one of them another key.'],
    ),
    (
        "version: 1\npeople:\n  U1: {manager: U2}\n  U2: {manager: U3}\n  U3: {manager: U2}",
        ["line 4, people.U2.manager: People manage each other in a circle: U2 → U3 → U2. Remove one of these lines"],
    ),
    (
        "version: 1\npeople: {U1: {manager: U1}}",
        ["line 2, people.U1.manager: People manage each other in a circle: U1 → U1."],
    ),
    ("version: 1\nadmins: [S1]", ['line 2, admins[0]: "S1" is a user group. Name a person here (U... or W...).']),
    ("version: 1\nqueues: [a", ["line 2: This is not YAML: "]),
    ("version: 1\n--- \nversion: 1", ["line 2: This is not YAML: "]),
    ("version: !!python/object:os.system 1", ["line 1, version: The tag "]),
    (
        "version: 1\npeople:\n  U1: &kim {manager: U2}\n  U3:\n    <<: *kim",
        [
            "line 5, people.U3.<<: Merge keys (<<) are not read. Write the contents of the anchor here",
        ],
    ),
    ('version: 1\n"<<": x', ["line 2, <<: is not a key that Baton knows here. Leave it out."]),
    ("version: 1\n? [a]\n: b", ["line 2: A key must be a single word."]),
    ("version: 1\n\x00", ["line 2: The character U+0000 is not allowed in a YAML file. Delete it."]),
    ("version: 1\nqueues: &a [*a]", ["line 2, queues[0]: This repeats itself too often."]),
]


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=range(len(TABLE)))
def test_a_problem_says_where_it_is_what_it_is_and_how_to_mend_it(text: str, expected: list[str]) -> None:
    found = problems(text)

    assert len(found) >= len(expected)
    for problem, beginning in zip(found, expected, strict=False):
        assert problem.startswith(beginning)


def test_problems_of_values_and_between_objects_are_told_together_in_the_files_order() -> None:
    found = problems(
        """version: 1
queues:
  - {key: a, name: A, channel: general, calendar: nowhere}
  - {key: a, name: B, channel: C2}
policies:
  - {key: p, targets: {claim: {normal: never}}}
"""
    )

    assert [problem.split(":")[0] for problem in found] == [
        "line 3, queues[0].calendar",
        "line 3, queues[0].channel",
        "line 4, queues[1].key",
        "line 6, policies[0].targets.claim.normal",
    ]


def test_what_stands_beside_a_value_that_cannot_be_used_is_checked_all_the_same() -> None:
    found = problems(
        """version: 1
queues:
  - {key: 'a:b', name: A, channel: C1, templates: [nothing, [x]]}
  - {key: 'a:b', name: B, channel: C2, templates: nowhere}
policies:
  - key: p
    levels: [{key: x, clock: claim, at: 50, do: chekc, within: 1h, tell: [boss, webhook pager]}]
    rules: [{when: {priority: hihg, sender: []}, targets: {claim: {normal: soon}}}]
people: {ana: {calendar: c}, U1: nobody}
"""
    )

    assert sorted(problem.split(":")[0] for problem in found) == [
        "line 3, queues[0].key",
        "line 3, queues[0].templates[0]",
        "line 3, queues[0].templates[1]",
        "line 3, queues[0].templates[1]",
        "line 4, queues[1].key",
        "line 4, queues[1].key",
        "line 4, queues[1].templates",
        "line 4, queues[1].templates",
        "line 7, policies[0].levels[0].at",
        "line 7, policies[0].levels[0].do",
        "line 7, policies[0].levels[0].tell[0]",
        "line 7, policies[0].levels[0].tell[1]",
        "line 7, policies[0].levels[0].within",
        "line 8, policies[0].rules[0].targets.claim.normal",
        "line 8, policies[0].rules[0].when.priority",
        "line 8, policies[0].rules[0].when.sender",
        "line 9, people.U1",
        "line 9, people.ana",
        "line 9, people.ana.calendar",
    ]


def test_a_target_that_the_hours_cannot_hold_is_refused() -> None:
    found = problems(
        """version: 1
calendars: [{key: rare, timezone: UTC, hours: {mon: ["09:00-10:00"]}}]
queues: [{key: a, name: A, channel: C1, calendar: rare, policy: p}]
policies: [{key: p, targets: {finish: {normal: 2000h}}}]
"""
    )

    (problem,) = found
    assert problem == (
        'line 3, queues[0].policy: finish normal of 2000h takes longer than two years with the hours of "rare". '
        "Shorten the target or give the queue a calendar with more hours."
    )


def test_the_hours_of_the_workspace_hold_the_targets_of_a_queue_without_its_own() -> None:
    found = problems(
        """version: 1
calendars: [{key: rare, timezone: UTC, hours: {mon: ["09:00-10:00"]}}]
calendar: rare
queues: [{key: a, name: A, channel: C1, policy: p}]
policies: [{key: p, targets: {finish: {normal: 2000h}, claim: {normal: 2000h wall}}}]
"""
    )

    (problem,) = found
    assert 'finish normal of 2000h takes longer than two years with the hours of "rare".' in problem


def test_days_that_stay_open_between_closed_ranges_are_enough() -> None:
    dates = "dates: [2026-01-01..2027-12-31, 2028-01-01..2028-12-31]"
    days = "days: {2027-06-05: ['09:00-12:00']}"

    assert read(calendar(f"{OPEN}\n    holidays: {{{dates}}}\n    {days}")).notices == ()


def test_aliases_that_grow_without_end_are_refused_in_time() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )

    assert "This repeats itself too often. Write it out instead of using anchors." in problems(bomb)[0]


def test_a_long_file_without_anchors_repeats_nothing() -> None:
    long = "version: 1\nadmins:\n" + "- U0ADA\n" * 100_001

    assert read(long).company.admins[0] == "U0ADA"


@pytest.mark.parametrize("nested", ["version: " + "[" * 5000, "version: " + "[" * 300_000, "- " * 100_000 + "a"])
def test_brackets_without_end_are_refused(nested: str) -> None:
    assert problems(nested)[0].startswith("The file is nested too deeply.")


MANY = 30_000
MANY_MISTAKES = {
    "unknown keys": (
        "version: 1\n",
        "policis{n}: x\n",
        "policis{n}: is not a key that Baton knows here. Did you mean",
    ),
    "unusable values": ("version: 1\nadmins:\n", "  - ana{n}\n", 'admins[{n}]: "ana{n}" is not a person\'s id. Copy'),
    "unknown references": (
        "version: 1\nqueues:\n  - key: a\n    name: A\n    channel: C1\n    templates:\n",
        "    - mediic{n}\n",
        'queues[0].templates[{n}]: There is no template "mediic{n}". Did you mean "meddic"? Add it under',
    ),
    "keys that stand there before": ("version: 1\n", "version: 1\n", 'version: "version" appears twice;'),
}


@pytest.mark.parametrize("kind", MANY_MISTAKES)
def test_of_many_mistakes_the_first_hundred_are_told_and_the_others_counted(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, line, said = MANY_MISTAKES[kind]
    compared: list[object] = []
    monkeypatch.setattr(SequenceMatcher, "set_seq1", count(SequenceMatcher.set_seq1, compared))

    found = problems(head + "".join(line.format(n=n) for n in range(MANY)))

    first = head.count("\n") + 1
    assert len(found) == MOST_TOLD + 1
    for n, problem in enumerate(found[:-1]):
        assert problem.startswith(f"line {first + n}, {said.format(n=n)}")
    assert found[-1] == f"There are {MANY - MOST_TOLD} more problems. Fix these first, then check the file again."
    assert len(compared) <= MOST_TOLD * (len(KNOWN_KEYS) + 1)  # each begins with an empty word


def test_of_many_mistakes_in_several_parts_the_first_in_the_file_are_told() -> None:
    """Lists and mappings are read in the order of the schema, and the mistakes of one begin late."""
    right = "".join(f"  U{n}: {{manager: U0DAN}}\n" for n in range(3000))
    wrong = "".join(f"  x{n}: y\n" for n in range(1000))
    late = "".join(f"  - {{key: 'c {n}', timezone: UTC, hours: {{mon: ['09:00-10:00']}}}}\n" for n in range(1000))
    early = "".join(f"  - ana{n}\n" for n in range(60))

    found = problems(f"version: 1\nadmins:\n{early}people:\n{right}{wrong}calendars:\n{late}")

    assert [problem.split(",")[0] for problem in found[:60]] == [f"line {3 + n}" for n in range(60)]
    assert [problem.split(":")[0] for problem in found[60:100]] == [
        f"line {64 + 3000 + n // 2}, people.x{n // 2}" for n in range(40)
    ]
    assert found[100].startswith(f"There are {60 + 2000 + 1000 - MOST_TOLD} more problems.")


def test_what_an_anchor_repeats_is_told_in_the_order_of_its_lines() -> None:
    head = "version: 1\nqueues:\n  - {key: a, name: A, channel: C1, members: &all [U1, ana]}\npeople:\n"
    people = "".join(f"  x{n}: y\n" for n in range(600))
    admins = "admins: *all\n"

    found = problems(head + people + admins)

    assert [problem.split(":")[0] for problem in found[:3]] == [
        "line 3, admins[1]", "line 3, queues[0].members[1]", "line 5, people.x0"
    ]  # fmt: skip


def calls_to_read(text: str) -> int:
    """How many functions written in Python are called to refuse a text: unlike seconds, the same on every machine."""
    calls = 0

    def count_call(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count_call)
    try:
        with pytest.raises(ConfigurationError):
            read(text)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    ("line", "most"),
    [
        pytest.param("  x{n}: y", 25, id="neither a person nor what is said of one"),
        pytest.param("  x{n}: {{manager: U0DAN}}", 80, id="not a person"),
        pytest.param("  U{n}: {{manager: dan}}", 80, id="not a manager"),
        pytest.param("  U{n}: {{calendar: nope}}", 55, id="a calendar that is not there"),
    ],
)
def test_every_further_mistake_costs_the_same_and_little(line: str, most: int) -> None:
    def text(people: int) -> str:
        return "version: 1\npeople:\n" + "".join(f"{line.format(n=n)}\n" for n in range(people))

    calls_to_read(text(200))  # types are looked at once
    few, more, many = (calls_to_read(text(people)) for people in (500, 1000, 2000))

    assert (many - more) / 1000 == pytest.approx((more - few) / 500, rel=0.02)
    assert (many - more) / 1000 <= most


def test_the_error_of_a_file_with_many_mistakes_keeps_nothing_but_what_it_tells() -> None:
    with pytest.raises(ConfigurationError) as caught:
        read("version: 1\nadmins:\n" + "  - ana\n" * 1000)

    assert len(caught.value.problems) == MOST_TOLD + 1
    assert caught.value.__context__ is None, "pydantic's error would hold every mistake"
    frames = [entry.frame.f_locals for entry in caught.traceback]
    assert not [kept for kept in frames if "source" in kept or "part" in kept], "nor what was read"


def test_a_hundred_mistakes_are_all_told_and_one_more_is_counted() -> None:
    text = "version: 1\nadmins:\n" + "  - ana\n" * MOST_TOLD

    assert len(problems(text)) == MOST_TOLD
    assert problems(f"{text}  - ana\n")[-1] == "There is 1 more problem. Fix these first, then check the file again."


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        (queue("members: []"), "line 3, queues[0]: Nobody can claim in A: the queue has no members and no managers."),
        (
            policy("levels: [{key: a, clock: finish, at: 50%, tell: [owner]}]"),
            'line 4, policies[0].levels[0]: The level "a" never fires: the policy has no target for finish.',
        ),
        (
            policy("targets: {claim: {normal: 2h}}\n    levels: [{key: a, clock: claim, at: 50%, tell: []}]"),
            'line 5, policies[0].levels[0]: The level "a" tells nobody.',
        ),
    ],
)
def test_what_may_surprise_is_told_but_allowed(text: str, notice: str) -> None:
    assert [str(told) for told in read(text).notices] == [notice]


EXAMPLE = (Path(__file__).parents[2] / "docs" / "baton.example.yml").read_text(encoding="utf-8")
PIECES = [
    "",
    " ",
    "\n",
    ":",
    "- ",
    "[",
    "]",
    "{",
    "}",
    '"',
    "&a ",
    "*a",
    "!x ",
    "%",
    "0",
    "-1",
    "\t",
    "#",
    "NO",
    "ü",
    "🙂",
]


def told(text: str) -> tuple[Problem, ...]:
    """The problems of a text; empty if it is valid. Any exception other than ConfigurationError is a bug."""
    try:
        read(text)
    except ConfigurationError as error:
        return error.problems
    return ()


@settings(deadline=None, max_examples=examples(150))
@given(
    edits=st.lists(
        st.tuples(
            st.integers(0, len(EXAMPLE)),
            st.integers(0, 12),
            st.one_of(st.sampled_from(PIECES), st.text(max_size=5)),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_is_typed_into_the_file_it_is_read_or_its_problems_are_told(edits: list[tuple[int, int, str]]) -> None:
    text = EXAMPLE
    for at, length, piece in edits:
        text = text[:at] + piece + text[at + length :]

    assert all(problem.what and "\n" not in str(problem) for problem in told(text))


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_its_problems_are_told(text: str) -> None:
    assert all(problem.what for problem in told(text))
