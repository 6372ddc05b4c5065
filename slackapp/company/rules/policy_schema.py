"""The schema of a policy in the configuration file: targets, rules for some handoffs, and levels of clocks."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from slackapp.company.rules import values
from slackapp.yaml_files import scalars
from slackapp.yaml_files.schema import FilePart
from storage.clocks.model import ClockKind, Duration, Level, LevelAction, Policy, TargetRule
from storage.handoffs.model import Priority

Key = Annotated[str, BeforeValidator(scalars.key)]
Audience = Annotated[str, BeforeValidator(values.audience)]
ClockName = Annotated[ClockKind, BeforeValidator(values.clock)]
PriorityName = Annotated[Priority, BeforeValidator(scalars.priority)]
Target = Annotated[Duration, BeforeValidator(values.target)]
Targets = dict[ClockName, dict[PriorityName, Target]]
Moment = Annotated[tuple[int, int], BeforeValidator(values.moment)]
Action = Annotated[LevelAction, BeforeValidator(values.action)]
Seconds = Annotated[int, BeforeValidator(values.pause)]
Taker = Annotated[str, BeforeValidator(values.taker)]
Words = Annotated[tuple[str, ...], BeforeValidator(values.words)]

_URGENCY: Final = tuple(Priority)


class RepeatPart(FilePart):
    """The repetition of a level until somebody acts."""

    times: Annotated[int, BeforeValidator(values.times)]
    every: Seconds


class LevelPart(FilePart):
    """One level of an escalation: the people it notifies, and its action."""

    key: Key
    clock: ClockName
    at: Moment
    tell: tuple[Audience, ...] = ()
    repeat: RepeatPart | None = None
    do: Action | None = None
    within: Seconds | None = None
    to: Taker | None = None

    def record(self) -> Level:
        """The stored record."""
        return Level(
            key=self.key,
            clock=self.clock,
            percent=self.at[0],
            offset_s=self.at[1],
            tell=tuple(dict.fromkeys(self.tell)),
            repeat_times=self.repeat.times if self.repeat else 0,
            repeat_every_s=self.repeat.every if self.repeat else 0,
            do=self.do,
            within_s=self.within or 0,
            to=self.to,
        )


class RulePart(FilePart):
    """Targets for handoffs with certain properties."""

    when: dict[Key, Words]
    targets: Targets

    def record(self) -> TargetRule:
        """The stored record."""
        when = {name: tuple(dict.fromkeys(wanted)) for name, wanted in self.when.items()}
        return TargetRule(when=when, targets=self.targets)


class PolicyPart(FilePart):
    """An SLA policy: targets, and escalation levels for missed ones."""

    key: Key
    wake: tuple[PriorityName, ...] = Policy.wake
    targets: Targets = Field(default_factory=dict)
    rules: tuple[RulePart, ...] = ()
    levels: tuple[LevelPart, ...] = ()

    def record(self) -> Policy:
        """The stored record. The order in which priorities are written does not matter."""
        return Policy(
            workspace="",
            key=self.key,
            targets=self.targets,
            rules=tuple(rule.record() for rule in self.rules),
            levels=tuple(level.record() for level in self.levels),
            wake=tuple(priority for priority in _URGENCY if priority in self.wake),
        )


PARTS: Final[tuple[type[FilePart], ...]] = (PolicyPart, RulePart, LevelPart, RepeatPart)
"""Every mapping of a policy."""
