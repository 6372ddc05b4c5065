"""The shape of a policy in the configuration file: targets, rules for some handoffs, and the levels of its clocks."""

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
    """How a level goes on until somebody acts."""

    times: Annotated[int, BeforeValidator(values.times)]
    every: Seconds


class LevelPart(FilePart):
    """One step of an escalation: whom it tells, and what it does."""

    key: Key
    clock: ClockName
    at: Moment
    tell: tuple[Audience, ...] = ()
    repeat: RepeatPart | None = None
    do: Action | None = None
    within: Seconds | None = None
    to: Taker | None = None

    def record(self) -> Level:
        """The ledger's record of it."""
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
        """The ledger's record of it."""
        when = {name: tuple(dict.fromkeys(wanted)) for name, wanted in self.when.items()}
        return TargetRule(when=when, targets=self.targets)


class PolicyPart(FilePart):
    """How long things may take, and who hears when they take longer."""

    key: Key
    wake: tuple[PriorityName, ...] = Policy.wake
    targets: Targets = Field(default_factory=dict)
    rules: tuple[RulePart, ...] = ()
    levels: tuple[LevelPart, ...] = ()

    def record(self) -> Policy:
        """The ledger's record of it. The order in which priorities are named means nothing."""
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
