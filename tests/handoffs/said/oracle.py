"""What a message claims about a handoff, read from its words and buttons, and whether that is so in the ledger.

It knows the sentences that people read and none of the code that draws them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from slackapp.people.queries import actor_for
from slackapp.slack import ids
from storage.clocks import timers
from storage.company import people, queues
from storage.db.database import Tx
from storage.handoffs.lifecycle import Situation, Verb, allowed, possible, situation
from storage.handoffs.model import Handoff
from tests.handoffs.views.view_checks import words_of

Claimed = tuple[str, str]
"""A kind of statement, and whom, which team or which instant it names."""

_WHO: Final = r"(\w+)(?= ·|$)"
_STATEMENTS: Final = {
    "owner": re.compile(rf"\b[Oo]wned by (\w+)|(?:🟢|💬|💤) {_WHO}|🔴 (?!Unassigned|Offered|Back|#){_WHO}"),
    "open": re.compile(
        r"\b[Uu]nassigned in (Customer Success|Support)|🟡 Unassigned .*· (Customer Success|Support)(?= ·)"
    ),
    "offered": re.compile(r"\b[Oo]ffered to (\w+)"),
    "returned": re.compile(r"\b[Bb]ack with (\w+)"),
    "outcome": re.compile(r": (claimed|put back|sent back) by "),
    "ended": re.compile(r"(?:^|: |Now |✅ |⚪ )([Dd]one|[Cc]ancelled)(?: by \w+|, last owned by \w+)?(?:,| ·)"),
    "accountable": re.compile(r"(?i)\b(you) are accountable"),
    "deadline": re.compile(r"(?:(?<!step) by|late since) @(\d+)"),
}
_HAPPENED: Final = frozenset({"outcome", "ended"})
"""Statements that only tell what happened, where the line goes on or the message is settled."""

_AFTER: Final[Mapping[str, frozenset[Situation]]] = {
    "claimed": frozenset({Situation.CLAIMED}),
    "put back": frozenset({Situation.OPEN}),
    "sent back": frozenset({Situation.RETURNED}),
}
"""How a handoff stands after the outcome of a reminder, as long as the line does not go on with "Now"."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message that is in Slack."""

    key: str
    reader: str | None
    """Whose direct message it is; None in a channel."""
    text: str
    blocks: list[dict[str, Any]]
    settled: bool
    """Whether Baton takes nothing in it to become false any more."""
    number: int | None = None
    """The handoff whose lines alone are read, where a message is about several and each line says which."""

    @property
    def words(self) -> str:
        """Its text and the texts of its blocks, one to a line."""
        return f"{self.text}\n{words_of(self.blocks)}"


def statements(said: Said, names: Mapping[str, str] | None = None) -> Iterator[Claimed]:
    """What a message says about owner, state, accountability and deadline.

    "Done by Eva. Now unassigned in Support": what stands before "Now" tells what happened, as a settled
    message does. `names` has the names of people by id, where they are not the ids themselves.
    """
    text = re.sub(r"<!date\^(\d+)\^[^>]*>", r"@\1", said.words)
    text = re.sub(r"<@(\w+)>", r"\1", text)
    text = re.sub(r"<[^|>]*\|([^>]*)>", r"\1", text).replace("*", "")
    for user, name in (names or {}).items():
        text = text.replace(name, user)
    mine = re.compile(rf"#{said.number}\b" if said.number else "")
    for line in filter(mine.search, text.splitlines()):
        _, now, standing = line.rpartition("Now ")
        for kind, pattern in _STATEMENTS.items():
            told = f"Now {standing}" if now and kind in _HAPPENED else line
            if not (said.settled and kind in _HAPPENED):
                yield from ((kind, next(filter(None, found.groups()))) for found in pattern.finditer(told))


def false_in(tx: Tx, said: Said, handoff: Handoff) -> list[str]:
    """What a message says or offers about a handoff and is not so; a settled one must say nothing of the present."""
    live = timers.list_live_for_handoff(tx, handoff.id)
    deadlines = {int(at.timestamp()) for timer in live if (at := timer.deadline_at or timer.due_at)}
    deadlines |= {int(at.timestamp()) for at in (handoff.needed_by, handoff.state_since, handoff.asked_at) if at}
    queue = queues.get(tx, handoff.workspace, handoff.queue)
    assert queue is not None
    known = people.get_many(tx, handoff.workspace, [handoff.owner or "", handoff.sender, handoff.offered_to or ""])
    names = {person.id: person.name for person in known.values() if person.name}
    so = _so(handoff, deadlines, queue.name)
    wrong = [
        f"{said.key} says {kind} {named}{' though it is settled' if said.settled else ''}: {said.words}"
        for kind, named in statements(said, names)
        if said.settled or not so[kind](said.reader if named.lower() == "you" else named)
    ]
    reader = actor_for(tx, said.reader, queue, handoff) if said.reader else None
    return wrong + [
        f"{said.key} offers {verb}: {said.words}"
        for verb in _buttons(said.blocks, handoff.id)
        if not (allowed(handoff, verb, reader) if reader else possible(handoff, verb))
    ]


def _so(handoff: Handoff, deadlines: set[int], team: str) -> Mapping[str, Callable[[str | None], bool]]:
    """Whether a statement is true of the handoff as it is stored in a team of that name, by kind and what it names."""
    here = situation(handoff)
    return {
        "owner": lambda named: handoff.owner == named,
        "open": lambda named: here is Situation.OPEN and named == team,
        "offered": lambda named: handoff.offered_to == named,
        "returned": lambda named: here is Situation.RETURNED and handoff.sender == named,
        "outcome": lambda named: here in _AFTER[str(named)],
        "ended": lambda named: here is Situation(str(named).lower()),
        "accountable": lambda named: handoff.accountable == named,
        "deadline": lambda named: int(str(named)) in deadlines,
    }


def _buttons(value: Any, handoff_id: str) -> Iterator[Verb]:
    """The verbs that buttons offer for a handoff."""
    if isinstance(value, list):
        for item in value:
            yield from _buttons(item, handoff_id)
    elif isinstance(value, dict):
        verb = ids.verb_of(str(value.get("action_id", "")))
        if verb is not None and str(value.get("value", "")).endswith(handoff_id):
            yield verb
        yield from _buttons(list(value.values()), handoff_id)
