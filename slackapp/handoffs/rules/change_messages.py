"""The messages that a change of a handoff causes. One table; printed in the README and compared with it by a test.

Quiet by default: the card is redrawn for everybody, a thread reply is for people who follow the card, and a direct
message is for a person who has to know or do something now. Nobody is notified about their own act.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from slackapp.clocks.rules.clock_changes import PROGRESS_CLOCKS, PROGRESS_VERBS
from storage.company.model import Queue
from storage.handoffs.lifecycle import Moved, Situation, Verb, situation
from storage.handoffs.model import Handoff
from storage.outbox.model import Destination, OutboxMessage, PostedMessage


class ChangeRecipient(StrEnum):
    """The people who may be notified of a change."""

    SENDER = "sender"
    OWNER = "owner"
    LAST_OWNER = "last_owner"
    OFFERED = "offered"
    CHANNEL = "channel"


# fmt: off
DIRECT: Final[Mapping[Verb, tuple[ChangeRecipient, ...]]] = {
    Verb.OPEN:     (ChangeRecipient.OFFERED,),
    Verb.CLAIM:    (ChangeRecipient.SENDER,),
    Verb.ASSIGN:   (ChangeRecipient.OWNER, ChangeRecipient.LAST_OWNER, ChangeRecipient.SENDER),
    Verb.TRANSFER: (ChangeRecipient.OFFERED, ChangeRecipient.LAST_OWNER),
    Verb.DECLINE:  (ChangeRecipient.SENDER,),
    Verb.RELEASE:  (ChangeRecipient.LAST_OWNER,),
    Verb.LAPSE:    (ChangeRecipient.LAST_OWNER,),
    Verb.RETURN:   (ChangeRecipient.SENDER, ChangeRecipient.LAST_OWNER),
    Verb.COMPLETE: (ChangeRecipient.SENDER, ChangeRecipient.LAST_OWNER),
    Verb.CANCEL:   (ChangeRecipient.LAST_OWNER, ChangeRecipient.OFFERED),
    Verb.EDIT:     (ChangeRecipient.OWNER,),
    Verb.NOTE:     (ChangeRecipient.OWNER,),
    Verb.EXTEND:   (ChangeRecipient.OWNER,),
    Verb.SNOOZE:   (ChangeRecipient.OWNER,),
    Verb.REMIND:   (ChangeRecipient.OWNER,),
    Verb.READ_BACK: (ChangeRecipient.SENDER,),
    Verb.CORRECT:  (ChangeRecipient.OWNER,),
    Verb.ASK:      (ChangeRecipient.SENDER,),
    Verb.ANSWER:   (ChangeRecipient.OWNER,),
}
"""The recipients of a direct message. `last_owner` is the owner before this change; the actor is left out."""

IN_THREAD: Final = frozenset({
    Verb.ASSIGN, Verb.DECLINE, Verb.RELEASE, Verb.LAPSE, Verb.RETURN, Verb.RESEND, Verb.EDIT, Verb.NOTE, Verb.EXTEND,
    Verb.SNOOZE, Verb.READ_BACK, Verb.CONFIRM, Verb.CORRECT, Verb.ASK, Verb.ANSWER, Verb.COMPLETE, Verb.CANCEL,
    Verb.REOPEN,
})
"""Changes that are also posted in the card's thread, for the team."""
# fmt: on

_QUIET: Final = frozenset({Verb.NOTE, Verb.EDIT_NOTE, Verb.DELETE_NOTE, Verb.EXTEND, Verb.CONFIRM, Verb.ESCALATE})
"""Verbs that leave the lines outside the queue's channel ("Sent as", the source's thread) as they are."""

_BUTTONS_APPLY_IN: Final[Mapping[str, Situation]] = {
    Verb.OPEN: Situation.OFFERED,
    Verb.TRANSFER: Situation.OFFERED,
    Verb.RETURN: Situation.RETURNED,
    Verb.ASSIGN: Situation.CLAIMED,
    Verb.REMIND: Situation.CLAIMED,
    Verb.READ_BACK: Situation.CLAIMED,
    Verb.CORRECT: Situation.CLAIMED,
    Verb.ASK: Situation.CLAIMED,
}
"""Direct messages with buttons, and the situation in which their buttons apply."""


def card_key(handoff: Handoff, hop: int | None = None) -> str:
    """The outbox key of the card of a hop; of the current one by default."""
    return f"card:{handoff.id}:{hop or handoff.hop}"


def card(handoff: Handoff, queue: Queue, hop: int | None = None) -> OutboxMessage:
    """The card of a hop in `queue`, posted or redrawn."""
    shown = hop or handoff.hop
    return _message(handoff, card_key(handoff, shown), "card", Destination(channel=queue.channel), {"hop": shown})


def for_opening(handoff: Handoff, queue: Queue) -> list[OutboxMessage]:
    """The messages of a new handoff: its card, the sender's line, a line at the source, the offer."""
    wanted = [card(handoff, queue), _sent(handoff)]
    if handoff.source:
        wanted.append(_source(handoff))
    facts: dict[str, Any] = {"verb": Verb.OPEN, "actor": handoff.sender, "note_id": None, "facts": {}}
    return [*wanted, *_direct(handoff, handoff, Verb.OPEN, handoff.sender, facts)]


def for_change(
    moved: Moved, queue: Queue, old_queue: Queue, posted: Sequence[PostedMessage], note_id: str | None = None
) -> list[OutboxMessage]:
    """The messages of a change; `posted` are the messages about the handoff that Slack already has."""
    before, after, verb = moved.before, moved.after, moved.verb
    facts = {"verb": verb, "actor": moved.actor.user, "note_id": note_id, "facts": moved.act.facts()}
    snooze_changed = before.snoozed_until != after.snoozed_until
    if verb is Verb.CONTINUE and not snooze_changed:  # an update changes nothing that others see
        return list(_redrawn(moved, posted))
    wanted = [card(after, queue)]
    if after.hop != before.hop:
        wanted.append(card(after, old_queue, before.hop))
    if verb not in _QUIET:
        wanted.append(_sent(after))
        wanted.extend([_source(after)] if after.source else [])
    if verb in IN_THREAD:
        destination = Destination(reply_to=card_key(after))
        wanted.append(_message(after, f"reply:{after.id}:{after.version}", "reply", destination, facts))
    wanted.extend(_direct(before, after, verb, moved.actor.user, facts))
    wanted.extend(_redrawn(moved, posted))
    return wanted


def quotes_of(note_id: str, posted: Iterable[PostedMessage], waiting: Iterable[OutboxMessage]) -> list[OutboxMessage]:
    """The posted or in-flight messages that quote a note, or may, besides the card.

    An offer quotes the sender's note without naming it.
    """
    known = {message.key: message.to_outbox_message() for message in posted} | {
        wanted.key: wanted for wanted in waiting
    }
    return [one for one in known.values() if note_id == one.payload.get("note_id") or _is_offer(one)]


def _is_offer(message: OutboxMessage) -> bool:
    return message.kind == "dm" and message.payload.get("verb") == Verb.OPEN


def erasures(
    after: Handoff, queue: Queue, posted: Iterable[PostedMessage], waiting: Iterable[str]
) -> list[OutboxMessage]:
    """The messages that a deletion replaces or removes: cards become a line, all others are deleted.

    `waiting` are keys of messages that may be in flight.
    """
    known = {message.key: message.to for message in posted}
    keys = sorted(known.keys() | set(waiting))
    return [_erasure(after, key, known.get(key) or Destination(channel=queue.channel)) for key in keys]


def _erasure(after: Handoff, key: str, to: Destination) -> OutboxMessage:
    kind, _, rest = key.partition(":")
    if kind != "card":
        return _message(after, key, kind, to, {}, erase=True)
    return _message(after, key, kind, to, {"hop": int(rest.rpartition(":")[2])})


def _direct(
    before: Handoff, after: Handoff, verb: Verb, actor: str, facts: Mapping[str, Any]
) -> Iterator[OutboxMessage]:
    """One direct message per person, in the first capacity that the table names."""
    who = {
        ChangeRecipient.SENDER: before.sender,
        ChangeRecipient.OWNER: after.owner,
        ChangeRecipient.LAST_OWNER: before.owner,
        ChangeRecipient.OFFERED: after.offered_to or (before.offered_to if verb is Verb.CANCEL else None),
    }
    told = {actor}
    for recipient in DIRECT.get(verb, ()):
        user = who[recipient]
        if user and user not in told:
            told.add(user)
            key = f"dm:{after.id}:{after.version}:{user}"
            yield _message(after, key, "dm", Destination(user=user), {**facts, "as": recipient.value, "user": user})


def _redrawn(moved: Moved, posted: Sequence[PostedMessage]) -> Iterator[OutboxMessage]:
    """Redraw offers, vacancies and reminders that this change settles, and reminders whose deadline it moves.

    An owner's update settles the latest reminder of each clock that waited for one, and the check question; older
    reminders already show their outcome.
    """
    before, after = moved.before, moved.after
    answered = (before.state, before.owner, before.offered_to) != (after.state, after.owner, after.offered_to)
    read_back_changed = before.read_back is not after.read_back
    pause_changed = (before.snoozed_until, before.asked_at) != (after.snoozed_until, after.asked_at)
    deadline_moved = moved.verb is Verb.EXTEND or before.priority is not after.priority or pause_changed
    is_update = moved.verb in PROGRESS_VERBS and moved.actor.user == before.owner
    latest = _latest_reminders(posted) if is_update else frozenset()
    for message in posted:
        asked = message.kind == "dm" and _BUTTONS_APPLY_IN.get(message.payload["verb"]) is situation(before)
        asked = asked or message.kind == "trouble"
        late = message.kind == "level" and (answered or deadline_moved or message.key in latest)
        if late or (asked and (answered or pause_changed or read_back_changed)):
            yield _message(moved.after, message.key, message.kind, message.to, message.payload)


def _latest_reminders(posted: Sequence[PostedMessage]) -> frozenset[str]:
    """The keys of the reminders that the last run of each clock sent while it waited for an update."""
    reminders = [
        m for m in posted if m.kind == "level" and (m.payload.get("clock") in PROGRESS_CLOCKS or "do" in m.payload)
    ]
    last: dict[Any, int] = {}
    for message in reminders:
        clock = message.payload.get("clock")
        last[clock] = max(last.get(clock, 0), message.payload.get("run", 0))
    return frozenset(m.key for m in reminders if m.payload.get("run", 0) == last[m.payload.get("clock")])


def _sent(handoff: Handoff) -> OutboxMessage:
    return _message(handoff, f"sent:{handoff.id}", "sent", Destination(user=handoff.originator), {})


def _source(handoff: Handoff) -> OutboxMessage:
    assert handoff.source is not None  # noqa: S101 - callers have looked
    destination = Destination(channel=handoff.source.channel, thread_ts=handoff.source.thread_ts or handoff.source.ts)
    return _message(handoff, f"source:{handoff.id}", "source", destination, {})


def _message(
    handoff: Handoff, key: str, kind: str, to: Destination, payload: Mapping[str, Any], *, erase: bool = False
) -> OutboxMessage:
    return OutboxMessage(
        workspace=handoff.workspace, key=key, kind=kind, handoff_id=handoff.id, to=to, payload=payload, erase=erase
    )


def table() -> list[dict[str, str]]:
    """The reactions as rows of words (verb, direct message to, in the card's thread) for the README and its test."""
    return [
        {
            "verb": verb.value,
            "dm": ", ".join(h.value.replace("_", " ") for h in DIRECT.get(verb, ())) or "–",
            "thread": "yes" if verb in IN_THREAD else "–",
        }
        for verb in Verb
        if verb not in {Verb.ESCALATE, Verb.DELETE}
    ]
