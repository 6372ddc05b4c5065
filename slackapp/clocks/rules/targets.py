"""Choose the target that a policy has for a handoff.

The first rule whose every property fits the handoff and that has a target for it goes before the policy's own targets.
In either, a priority that is not named has the target of `normal`; where nothing has one there is no such clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from storage.clocks.model import ClockKind, Duration, Policy, TargetRule
from storage.handoffs.model import Handoff, Priority

PROPERTIES: Final[Mapping[str, Callable[[Handoff], str | None]]] = {
    "template": lambda handoff: handoff.template,
    "queue": lambda handoff: handoff.queue,
    "sender": lambda handoff: handoff.sender,
    "priority": lambda handoff: handoff.priority.value,
    "source": lambda handoff: "message" if handoff.source else "form",
}
"""Properties that a rule may match besides the fields of the handoff's template."""


def target(policy: Policy, clock: ClockKind, handoff: Handoff) -> Duration | None:
    """Return the target of a handoff's clock, or None if the policy has no such clock for it."""
    sources = (*(rule.targets for rule in policy.rules if _fits(rule, handoff)), policy.targets)
    found = (_for(by_clock.get(clock, {}), handoff.priority) for by_clock in sources)
    return next((duration for duration in found if duration is not None), None)


def _for(by_priority: Mapping[Priority, Duration], priority: Priority) -> Duration | None:
    return by_priority.get(priority, by_priority.get(Priority.NORMAL))


def _fits(rule: TargetRule, handoff: Handoff) -> bool:
    return all(not _values(handoff, name).isdisjoint(wanted) for name, wanted in rule.when.items())


def _values(handoff: Handoff, name: str) -> frozenset[str]:
    """Return the handoff's values of a property as text; several where a field holds several."""
    found: Any = PROPERTIES[name](handoff) if name in PROPERTIES else handoff.fields.get(name)
    if found is None:
        return frozenset()
    if found is True:  # a tick
        return frozenset({"yes"})
    several = isinstance(found, Sequence) and not isinstance(found, str)
    return frozenset(map(str, found)) if several else frozenset({str(found)})
