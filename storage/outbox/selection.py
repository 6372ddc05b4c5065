"""The choice of the messages to send next, among those that may be sent: pure, in their order.

At most one message per key, per handoff, and per channel or person (lane) is in flight. In a lane nothing overtakes: if
the next message of a lane cannot go, those behind it wait. The first post of a card goes before other messages of its
handoff, and a card that is drawn again before replies under it, which then find it missing if somebody deleted it;
unless that card cannot go.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final

from storage.outbox.model import Candidate, SlackMethod

Admit = Callable[[Candidate], Collection[str]]
"""Takes a message's share of its rate limits; returns the buckets that refuse it, none if it may go."""


def admit_all(_candidate: Candidate) -> Collection[str]:
    """Admit every message: there are no rate limits."""
    return ()


class Selection:
    """The messages chosen so far, and the buckets from which nothing more may go."""

    def __init__(self, limit: int, admit: Admit = admit_all) -> None:
        self.chosen: Final[dict[int, Candidate]] = {}
        self.held: Final[set[str]] = set()
        self.limit: Final = limit
        self._admit = admit
        self._keys: set[tuple[str, str]] = set()
        self._handoffs: set[str] = set()

    @property
    def full(self) -> bool:
        """Whether as many are chosen as there is room for."""
        return len(self.chosen) >= self.limit

    def hold(self, in_flight: Candidate) -> None:
        """Let nothing go that has to wait for a message in flight."""
        self._keys.add((in_flight.workspace, in_flight.key))
        if in_flight.handoff_id is not None:
            self._handoffs.add(in_flight.handoff_id)
        self._hold_lane(in_flight)

    def consider(self, candidates: Iterable[Candidate]) -> None:
        """Choose among candidates, which come in their order."""
        found = list(candidates)
        new_cards = {one.handoff_id for one in found if one.is_first_card}
        keys = {(one.workspace, one.key) for one in found}
        later = []
        for one in found:
            waits = one.handoff_id in new_cards and not one.is_first_card
            if waits or (one.workspace, one.reply_to) in keys:
                later.append(one)
            else:
                self.take(one)
        for one in later:
            self.take(one)

    def take(self, one: Candidate) -> None:
        """Choose a message, or let what comes behind it in its lane wait too."""
        if self.full or one.id in self.chosen or not self.held.isdisjoint(_buckets(one)):
            return
        if (one.workspace, one.key) in self._keys or one.handoff_id in self._handoffs:
            self._hold_lane(one)
            return
        refusing = self._admit(one)
        if refusing:
            self.held.update(refusing)
            self._hold_lane(one)
            return
        self.chosen[one.id] = one
        self.hold(one)

    def _hold_lane(self, one: Candidate) -> None:
        if one.lane is not None:
            self.held.add(one.lane)


def _buckets(one: Candidate) -> set[str]:
    if one.method is SlackMethod.CALL:
        return {f"{one.workspace}:webhook:{one.webhook}"}
    return {one.workspace, f"{one.workspace}:{one.method}", *([one.lane] if one.lane else [])}
