"""The target that a policy has for a handoff, by priority and by rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from slackapp.clocks.rules.durations import parse
from slackapp.clocks.rules.targets import target
from storage.clocks.model import ClockKind, Policy, TargetRule
from storage.handoffs.model import Priority, Source
from tests.builders import a_handoff
from tests.clocks.timekeeping.life import some_targets


def ruled(when: Mapping[str, tuple[str, ...]], **clocks: Any) -> TargetRule:
    return TargetRule(when=when, targets=some_targets(**clocks))


def claim_within(*rules: TargetRule, **handoff: Any) -> str | None:
    policy = Policy(
        workspace="T1", key="p", targets=some_targets(claim={"normal": "30m", "high": "10m"}), rules=tuple(rules)
    )
    found = target(policy, ClockKind.CLAIM, a_handoff(**handoff))
    return {parse(text): text for text in ("30m", "10m", "5m", "2m", "1m")}[found] if found else None


def test_without_rules_the_priority_decides_and_one_that_is_not_named_is_normal() -> None:
    assert claim_within() == "30m"
    assert claim_within(priority=Priority.HIGH) == "10m"
    assert claim_within(priority=Priority.LOW) == "30m"


def test_a_policy_without_the_clock_has_no_target() -> None:
    policy = Policy(workspace="T1", key="p", targets=some_targets(claim={"high": "10m"}))

    assert target(policy, ClockKind.FINISH, a_handoff()) is None
    assert target(policy, ClockKind.CLAIM, a_handoff()) is None


@pytest.mark.parametrize(
    ("when", "handoff"),
    [
        ({"template": ("ae_csm",)}, {"template": "ae_csm"}),
        ({"queue": ("sales", "success")}, {"queue": "success"}),
        ({"sender": ("U7",)}, {"sender": "U7"}),
        ({"priority": ("high", "critical")}, {"priority": Priority.CRITICAL}),
        ({"source": ("message",)}, {"source": Source(channel="C1", ts="1.1")}),
        ({"plan": ("gold",)}, {"fields": {"plan": "gold"}}),
        ({"plan": ("gold",)}, {"fields": {"plan": ["silver", "gold"]}}),
        ({"seats": ("50",)}, {"fields": {"seats": 50}}),
        ({"plan": ("gold",), "queue": ("success",)}, {"queue": "success", "fields": {"plan": "gold"}}),
    ],
    ids=lambda value: str(sorted(value)),
)
def test_a_rule_speaks_for_handoffs_with_all_its_properties_only(
    when: Mapping[str, tuple[str, ...]], handoff: dict[str, Any]
) -> None:
    rule = ruled(when, claim="5m")

    assert claim_within(rule, **handoff) == "5m"
    assert claim_within(rule, queue="other", sender="U1") == "30m"
    for name in when:
        assert claim_within(ruled({**when, name: ("something else",)}, claim="5m"), **handoff) in {"30m", "10m"}


def test_what_was_not_made_from_a_message_came_by_form() -> None:
    assert claim_within(ruled({"source": ("form",)}, claim="5m")) == "5m"


def test_the_first_rule_that_fits_and_names_the_clock_goes_before_the_others() -> None:
    finish_only = ruled({"queue": ("success",)}, finish="1m")
    first, second = ruled({"queue": ("success",)}, claim="5m"), ruled({"queue": ("success",)}, claim="2m")

    assert claim_within(finish_only, first, second) == "5m"
    assert claim_within(finish_only) == "30m"


def test_within_a_rule_the_priority_decides_too() -> None:
    rule = ruled({"queue": ("success",)}, claim={"normal": "5m", "critical": "1m"})

    assert claim_within(rule, priority=Priority.CRITICAL) == "1m"
    assert claim_within(rule, priority=Priority.HIGH) == "5m", "the rule's, not the policy's 10m"
    only_critical = ruled({"queue": ("success",)}, claim={"critical": "1m"})
    assert claim_within(only_critical) == "30m", "a rule that has nothing to say for it leaves the policy's own"
