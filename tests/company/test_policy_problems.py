"""Problems of policies and webhooks in a configuration file, each with its line and a fix."""

from __future__ import annotations

import pytest

from slackapp.company.rules.read import read
from tests.company.company_files import policy, problems, queue


def level(rest: str, clock: str = "update") -> str:
    return policy(f"targets: {{{clock}: {{normal: 1h}}}}\n    levels: [{{key: a, clock: {clock}, at: 100%, {rest}}}]")


def rule(line: str) -> str:
    return policy(f"rules:\n      - {line}")


def webhook(url: str) -> str:
    return f"version: 1\nwebhooks: [{{key: a, url: '{url}'}}]"


TABLE = [
    (
        level("tell: [webhook pager]"),
        [
            (
                'line 5, policies[0].levels[0].tell[0]: There is no webhook "pager". The file has no webhooks. Add '
                "it under webhooks or name another."
            )
        ],
    ),
    (
        "version: 1\nwebhooks: [{key: a, url: 'https://a.example/'}, {key: a, url: 'https://b.example/'}]",
        ['line 2, webhooks[1].key: "a" is the key of two webhooks. Give one of them another key.'],
    ),
    (
        level("do: tell"),
        ['line 5, policies[0].levels[0].do: "tell" is not a thing a level can do. Write one of check, release, raise,'],
    ),
    (level("repeat: {times: 1, every: 1h}"), ["line 5, policies[0].levels[0].tell: is missing. Add tell: [...], or"]),
    (
        level("do: check"),
        ["line 5, policies[0].levels[0].within: is missing, and do: check needs it. Add within: 1h,"],
    ),
    (
        level("do: check, within: 1d"),
        ['line 5, policies[0].levels[0].within: "1d" is in days or wall time. Write hours and minutes, such as 2h'],
    ),
    (
        level("tell: [owner], within: 1h"),
        ["line 5, policies[0].levels[0].within: is the time to answer do: check, which is missing. Add do: check, or"],
    ),
    (
        level("do: check, within: 1h", "claim"),
        [
            (
                "line 5, policies[0].levels[0].do: check asks the owner, and nobody owns it while claim runs. Use a "
                "clock that runs while someone owns it: first_action, update, finish or needed_by."
            )
        ],
    ),
    (
        level("do: release", "respond"),
        ["line 5, policies[0].levels[0].do: release takes the work from its owner, and nobody owns it while respond"],
    ),
    (
        level("do: reassign"),
        ["line 5, policies[0].levels[0].to: is missing, and do: reassign needs it. Add to: managers, or"],
    ),
    (
        level("do: reassign, to: S1"),
        ['line 5, policies[0].levels[0].to: "S1" is a user group. Write managers, or the id of a person'],
    ),
    (
        level("do: reassign, to: managers", "respond"),
        ["line 5, policies[0].levels[0].do: reassign needs an owner, but the work is with its sender while"],
    ),
    (
        level("do: raise, to: U1"),
        ["line 5, policies[0].levels[0].to: is for do: reassign, which is missing. Add do: reassign"],
    ),
    (
        level("do: raise, repeat: {times: 2, every: 1h}"),
        [
            (
                "line 5, policies[0].levels[0].repeat: would repeat the action, and a level acts only once. Remove "
                "repeat:, and add a second level that only tells people."
            )
        ],
    ),
    (
        level("tell: [managers of managers of managers of managers of managers of managers]"),
        [
            (
                'line 5, policies[0].levels[0].tell[0]: "managers of managers of managers of managers of managers of '
                'managers"'
            )
        ],
    ),
    (
        policy("targets: {snooze: {normal: 1h}}"),
        ['line 4, policies[0].targets.snooze: "snooze" is not a clock. Write one of claim, first_action, update,'],
    ),
    (rule("{when: {}, targets: {claim: {normal: 1h}}}"), ["line 5, policies[0].rules[0].when: is empty."]),
    (rule("{when: {template: a}}"), ["line 5, policies[0].rules[0].targets: is missing."]),
    (
        rule("{when: {template: a}, targets: {}}"),
        ["line 5, policies[0].rules[0].targets: is empty. Add one: {claim: {normal: 15m}}."],
    ),
    (
        rule("{when: {template: []}, targets: {claim: {normal: 1h}}}"),
        ["line 5, policies[0].rules[0].when.template: lists nothing. Name at least one value, or leave the line out."],
    ),
    (
        rule("{when: {priority: [high, hihg]}, targets: {claim: {normal: 1h}}}"),
        ['line 5, policies[0].rules[0].when.priority[1]: "hihg" is not a priority. Did you mean "high"? Write one of'],
    ),
    (
        rule("{when: {sender: S1}, targets: {claim: {normal: 1h}}}"),
        ['line 5, policies[0].rules[0].when.sender: "S1" is a user group. Name a person here (U... or W...).'],
    ),
    (
        rule("{when: {source: general}, targets: {claim: {normal: 1h}}}"),
        ['line 5, policies[0].rules[0].when.source: "general" is not a source of handoffs. Write'],
    ),
    (policy("wake: [urgent]"), ['line 4, policies[0].wake[0]: "urgent" is not a priority.']),
    (queue("digest: daily"), ['line 6, queues[0].digest: "daily" is neither yes nor no. Write yes or no.']),
    (webhook("pager"), ["line 2, webhooks[0].url: is not an https address. Write it like https://"]),
    (webhook("ftp://pager.example.com"), ["line 2, webhooks[0].url: is not an https address."]),
    (webhook("https://[::1"), ["line 2, webhooks[0].url: is not an address."]),
    (webhook("https://pager.example.com/a b"), ["line 2, webhooks[0].url: has a space or a # in it."]),
    (webhook("http://pager.example.com/"), ["line 2, webhooks[0].url: is not encrypted. Write https://;"]),
    (
        webhook("https://me:hidden@pager.example.com/"),
        [
            (
                "line 2, webhooks[0].url: has a user name or password in it. Remove it: Baton signs what it sends, "
                "and the receiver checks the signature."
            )
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=range(len(TABLE)))
def test_a_problem_says_where_it_is_what_it_is_and_how_to_mend_it(text: str, expected: list[str]) -> None:
    found = problems(text)

    assert len(found) >= len(expected)
    for problem, beginning in zip(found, expected, strict=False):
        assert problem.startswith(beginning)


def test_a_target_of_a_rule_that_the_hours_cannot_hold_is_refused_too() -> None:
    (problem,) = problems(
        """version: 1
calendars: [{key: rare, timezone: UTC, hours: {mon: ["09:00-10:00"]}}]
queues: [{key: a, name: A, channel: C1, calendar: rare, policy: p}]
policies: [{key: p, rules: [{when: {plan: gold}, targets: {finish: {normal: 2000h}}}]}]
"""
    )

    assert problem.startswith("line 3, queues[0].policy: finish normal of 2000h takes longer than two years")


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        (
            level("tell: [owner]", "claim"),
            'line 5, policies[0].levels[0]: The level "a" tells nobody: there is no owner while claim runs.',
        ),
        (
            policy("targets: {needed_by: {normal: 2h}}"),
            ("line 4, policies[0].targets.needed_by: This target is not used: the needed-by time comes from the form."),
        ),
        (
            rule("{when: {template: ae_csm}, targets: {claim: {normal: 1h}}}"),
            (
                "line 5, policies[0].rules[0].when.template: "
                'The rule never applies: no queue offers the template "ae_csm".'
            ),
        ),
        (
            rule("{when: {queue: sales}, targets: {claim: {normal: 1h}}}"),
            (
                'line 5, policies[0].rules[0].when.queue: The file has no queue "sales"; the rule applies only if one '
                "was made in Slack."
            ),
        ),
        (
            rule("{when: {prioritty: high}, targets: {claim: {normal: 1h}}}"),
            (
                'line 5, policies[0].rules[0].when.prioritty: "prioritty" is read as a field of the form. Did '
                'you mean "priority"?'
            ),
        ),
    ],
)
def test_what_may_surprise_is_told_but_allowed(text: str, notice: str) -> None:
    assert [str(told) for told in read(text).notices] == [notice]


@pytest.mark.parametrize(
    "text",
    [
        policy("levels: [{key: a, clock: needed_by, at: -45m, tell: [owner]}]"),
        level("do: check, within: 30m", "needed_by"),
        level("do: raise", "claim"),
        level("do: reassign, to: managers", "claim"),
        webhook("http://127.0.0.1:8080/hook"),
        webhook("https://pager.example.com:8443/baton?team=1"),
    ],
)
def test_what_can_be_meant_is_taken_without_a_word(text: str) -> None:
    assert [str(told) for told in read(text).notices if "not used" not in told.what] == []


def test_a_webhooks_address_is_never_shown_in_a_problem() -> None:
    assert not [problem for problem in problems(webhook("http://pager.example.com/secret")) if "secret" in problem]
