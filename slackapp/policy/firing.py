"""What a clock that is due does: which levels speak, who is to hear of it, and who of them can hear now.

- Somebody who has left is skipped; somebody who cannot hear now is told when they can. Both are recorded with why.
- When nobody of a level can hear now, the people of the next higher level of the same clock are told as well, and so on
  until somebody can. The channel and webhooks always hear.
- A priority that wakes people is told at once whatever the hour; those who sleep still pass it on to the next level.
- The sender hears once when what they sent is late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from slackapp.policy import levels
from slackapp.policy.audience import Audience, is_late_for_the_first_time, is_person, named
from slackapp.policy.clocks import Terms
from slackapp.policy.levels import Reached, Step
from slackapp.policy.reach import Reach
from storage.company import Do, Level
from storage.records import Handoff, Timer

NOBODY: Final = "nobody"
"""Why a word of `tell` was skipped: it means nobody here."""
GONE: Final = "gone"


class Hearing(NamedTuple):
    """When a recipient is to hear of a step (`at`, None for never), and why that is not now."""

    recipient: str
    at: datetime | None
    why: str | None


class Speech(NamedTuple):
    """One step that speaks, to whom; `climbed` are the keys of the higher levels whose people hear it too."""

    step: Step
    hearings: tuple[Hearing, ...]
    climbed: tuple[str, ...] = ()
    first_at: datetime | None = None
    """When the first of those whom the levels mean can hear it. The sender, who hears of lateness too, is not meant."""

    @property
    def told(self) -> tuple[str, ...]:
        """Who hears at once."""
        return tuple(hearing.recipient for hearing in self.hearings if hearing.at is not None and not hearing.why)


class Fired(NamedTuple):
    """A clock that was due, as it is afterwards, and what it says."""

    handoff: Handoff
    timer: Timer
    deadline_at: datetime | None
    """When the target was reached or is going to be, as far as was known when it was due."""
    speeches: tuple[Speech, ...]
    is_news: bool
    """Whether it is late for the first time: the card says so from now on."""
    wake: bool
    """Whether it is told whatever the hour, and each on its own."""


class Around(NamedTuple):
    """What is known of the people around a queue: whom words mean, and when somebody can hear."""

    audience: Audience
    reach: Callable[[str], Reach]


def fire(handoff: Handoff, timer: Timer, terms: Terms, around: Around, now: datetime) -> Fired:
    """Let the levels of a due clock speak, and arm it for the next one."""
    ladder = terms.levels(timer.clock)
    reached = levels.reached(timer, ladder, terms.calendar, now)

    def steps() -> Sequence[Step]:  # where every step lies is worked out only where it matters: that is rare
        return levels.instants(timer, ladder, terms.calendar)

    is_news = _is_late(timer, reached) and (not timer.fired or is_late_for_the_first_time(timer, steps(), reached))
    wake = terms.policy is not None and handoff.priority in terms.policy.wake
    speeches = tuple(
        _speech(step, steps, handoff, around, now, wake=wake, with_sender=is_news and step is reached.speaking[0])
        for step in reached.speaking
    )
    quiet_until = _quiet_until(speeches, now)
    return Fired(
        handoff=handoff,
        timer=levels.spoken(timer, reached, ladder, terms.calendar, now, quiet_until=quiet_until),
        deadline_at=timer.deadline_at,
        speeches=speeches,
        is_news=is_news,
        wake=wake,
    )


def _is_late(timer: Timer, reached: Reached) -> bool:
    """Whether any of what is reached lies at or past the target."""
    return any(step.budget_s >= timer.target_s for step in (*reached.speaking, *reached.passed_over))


def _speech(
    step: Step,
    steps: Callable[[], Sequence[Step]],
    handoff: Handoff,
    around: Around,
    now: datetime,
    *,
    wake: bool,
    with_sender: bool,
) -> Speech:
    tell = _tell(step.level)
    heard: dict[str, Hearing] = {}
    climbed: list[str] = []
    awake = _tell_all(tell, handoff, around, now, heard, wake=wake)
    if tell and not awake:
        for level in _above(step, steps()):
            climbed.append(level.key)
            if _tell_all(_tell(level), handoff, around, now, heard, wake=wake):
                break
    if not heard:
        heard = {word: Hearing(word, None, NOBODY) for word in tell}
    first_at = min((hearing.at for hearing in heard.values() if hearing.at is not None), default=None)
    if with_sender:
        _tell_all(["sender"], handoff, around, now, heard, wake=wake)
    return Speech(step=step, hearings=tuple(heard.values()), climbed=tuple(climbed), first_at=first_at)


def _tell(level: Level) -> tuple[str, ...]:
    """The words of a level; "Still on it?" is a question to the owner, named or not."""
    return ("owner", *level.tell) if level.do is Do.CHECK else level.tell


def _tell_all(
    tell: Sequence[str], handoff: Handoff, around: Around, now: datetime, heard: dict[str, Hearing], *, wake: bool
) -> bool:
    """Add to `heard` when each of those named is to hear. Say whether anybody can hear now."""
    awake = False
    for who in named(tell, handoff, around.audience):
        hearing, can_hear = _hearing(who, around, now, wake=wake)
        heard.setdefault(who, hearing)
        awake = awake or can_hear
    return awake


def _hearing(who: str, around: Around, now: datetime, *, wake: bool) -> tuple[Hearing, bool]:
    if not is_person(who):
        return Hearing(who, now, None), True
    reach = Reach(at=None) if who in around.audience.gone else around.reach(who)
    if reach.at is None:
        return Hearing(who, None, reach.why or GONE), False
    if reach.at <= now:
        return Hearing(who, now, None), True
    return (Hearing(who, now, None) if wake else Hearing(who, reach.at, reach.why)), False


def _above(step: Step, steps: Sequence[Step]) -> Iterator[Level]:
    """The levels of the clock above a step, lowest first; levels that only act have nobody to tell."""
    higher = {other.level.key: other.level for other in steps if other.budget_s > step.budget_s and other.level.tell}
    higher.pop(step.level.key, None)
    yield from higher.values()


def _quiet_until(speeches: Sequence[Speech], now: datetime) -> datetime | None:
    """The first instant at which anybody who is meant can hear what was said, or None if somebody hears it now."""
    first = min((speech.first_at for speech in speeches if speech.first_at is not None), default=None)
    return first if first is not None and first > now else None
