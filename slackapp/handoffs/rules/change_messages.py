"""The messages that a change of a handoff causes. A test compares the table with docs/lifecycle.md, which prints it.

Quiet by default: the card is redrawn for everybody, a thread reply is for people who follow the card, and a direct
message is for a person who has to know or do something now. Nobody is notified about their own act.

Nothing false stays said: every message that a change can make false is redrawn in place, which notifies nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from slackapp.clocks.rules.clock_changes import PROGRESS_VERBS
from storage.company.model import Queue
from storage.handoffs.lifecycle import Moved, Verb, acts_as_owner
from storage.handoffs.model import Handoff
from storage.outbox.model import Destination, OutboxMessage, PostedMessage


class ChangeRecipient(StrEnum):
    """The people who may be notified of a change."""

    ORIGINATOR = "originator"
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
    Verb.TRANSFER: (
        ChangeRecipient.OFFERED, ChangeRecipient.LAST_OWNER, ChangeRecipient.SENDER, ChangeRecipient.ORIGINATOR,
    ),
    Verb.DECLINE:  (ChangeRecipient.SENDER,),
    Verb.RELEASE:  (ChangeRecipient.SENDER, ChangeRecipient.LAST_OWNER),
    Verb.LAPSE:    (ChangeRecipient.SENDER, ChangeRecipient.LAST_OWNER),
    Verb.RETURN:   (ChangeRecipient.SENDER, ChangeRecipient.LAST_OWNER),
    Verb.RESEND:   (ChangeRecipient.SENDER,),
    Verb.COMPLETE: (ChangeRecipient.SENDER, ChangeRecipient.LAST_OWNER, ChangeRecipient.ORIGINATOR),
    Verb.CANCEL:   (
        ChangeRecipient.SENDER, ChangeRecipient.LAST_OWNER, ChangeRecipient.OFFERED, ChangeRecipient.ORIGINATOR,
    ),
    Verb.REOPEN:   (ChangeRecipient.SENDER, ChangeRecipient.ORIGINATOR),
    Verb.EDIT:     (ChangeRecipient.OWNER,),
    Verb.NOTE:     (ChangeRecipient.OWNER,),
    Verb.EXTEND:   (ChangeRecipient.OWNER,),
    Verb.SNOOZE:   (ChangeRecipient.OWNER,),
    Verb.REMIND:   (ChangeRecipient.OWNER,),
    Verb.READ_BACK: (ChangeRecipient.SENDER,),
    Verb.CORRECT:  (ChangeRecipient.OWNER, ChangeRecipient.SENDER),
    Verb.ASK:      (ChangeRecipient.SENDER,),
    Verb.ANSWER:   (ChangeRecipient.OWNER,),
}
"""The recipients of a direct message; the actor is left out.

Who becomes accountable is always among them. `sender` is the sender after this change, `last_owner` the owner before
it. The originator is told of each passing on and of the end, also after others passed it on. They are not told of a
claim: the message that they have had since they sent it shows that.
"""

ASKS: Final[Mapping[tuple[ChangeRecipient, Verb], str]] = {
    (ChangeRecipient.OFFERED, Verb.OPEN): "offered",
    (ChangeRecipient.OFFERED, Verb.TRANSFER): "offered",
    (ChangeRecipient.OWNER, Verb.ASSIGN): "owner",
    (ChangeRecipient.SENDER, Verb.RETURN): "sender",
    (ChangeRecipient.OWNER, Verb.REMIND): "woken",
    (ChangeRecipient.SENDER, Verb.READ_BACK): "judge",
    (ChangeRecipient.OWNER, Verb.CORRECT): "corrected",
    (ChangeRecipient.SENDER, Verb.ASK): "questioned",
}
"""The direct messages that ask their recipient to act, with the capacity in which they do."""

IN_THREAD: Final = frozenset({
    Verb.ASSIGN, Verb.DECLINE, Verb.RELEASE, Verb.LAPSE, Verb.RETURN, Verb.RESEND, Verb.EDIT, Verb.NOTE, Verb.EXTEND,
    Verb.SNOOZE, Verb.READ_BACK, Verb.CONFIRM, Verb.CORRECT, Verb.ASK, Verb.ANSWER, Verb.COMPLETE, Verb.CANCEL,
    Verb.REOPEN,
})
"""Changes that are also posted in the card's thread, for the team."""
# fmt: on

WATCH: Final = "watch"
"""The kind of the message that follows a handoff for somebody who watches it. While it is there, they watch."""
WATCH_NEWS: Final = "watch_news"
"""The kind of a new message to them."""
_QUIET: Final = frozenset({Verb.NOTE, Verb.EDIT_NOTE, Verb.DELETE_NOTE})
"""Verbs that change no owner, state or deadline, so that what other messages say stays true."""


def card_key(handoff: Handoff) -> str:
    """The outbox key of the card of the current hop."""
    return f"card:{handoff.id}:{handoff.hop}"


def card(handoff: Handoff, queue: Queue) -> OutboxMessage:
    """The card of the current hop in `queue`, posted or redrawn."""
    return _message(handoff, card_key(handoff), "card", Destination(channel=queue.channel), {"hop": handoff.hop})


def for_opening(handoff: Handoff, queue: Queue) -> list[OutboxMessage]:
    """The messages of a new handoff: its card, the sender's line, a line at the source, the offer."""
    wanted = [card(handoff, queue), _sent(handoff)]
    if handoff.source:
        wanted.append(_source(handoff))
    facts: dict[str, Any] = {"verb": Verb.OPEN, "actor": handoff.sender, "note_id": None, "facts": {}, **_then(handoff)}
    return [*wanted, *_direct(handoff, handoff, Verb.OPEN, handoff.sender, facts)]


def for_change(
    moved: Moved,
    queue: Queue,
    note_id: str | None = None,
    *,
    deadline_moved: bool = False,
    people_told: bool = True,
) -> list[OutboxMessage]:
    """The messages that a change posts, and its card, which is posted anew where somebody deleted it in Slack.

    `deadline_moved` tells whether the change starts or ends a clock whose deadline people see. Without `people_told`
    there are no direct messages: the people hear of it in a message about several handoffs.
    """
    before, after, verb = moved.before, moved.after, moved.verb
    if _only_progress(moved):
        return [card(after, queue)] if deadline_moved else []
    facts = {"verb": verb, "actor": moved.actor.user, "note_id": note_id, "facts": moved.act.facts(), **_then(after)}
    wanted = [card(after, queue)]
    if verb in IN_THREAD or moved.act.facts().get("by") == "reply":
        destination = Destination(reply_to=card_key(after))
        wanted.append(_message(after, f"reply:{after.id}:{after.version}", "reply", destination, facts))
    if people_told:
        wanted.extend(_direct(before, after, verb, moved.actor.user, facts))
    return wanted


def made_false(moved: Moved, message: OutboxMessage, *, deadline_moved: bool = False) -> bool:
    """Whether a change may make this unsettled message false, so that it has to be redrawn.

    An owner's update changes only what reminders wait for, unless it is their first: `deadline_moved` is that of
    `for_change`.
    """
    if not changes_standing(moved) and not deadline_moved:
        return (
            message.kind == "level" and moved.verb in PROGRESS_VERBS and acts_as_owner(moved.actor, moved.before.owner)
        )
    return message.kind != "reply"  # a reply tells what happened, and stays true


def changes_standing(moved: Moved) -> bool:
    """Whether the change may change an owner, a state or a deadline."""
    return moved.verb not in _QUIET and not _only_progress(moved)


def _only_progress(moved: Moved) -> bool:
    """Whether the change is an update by the owner, which changes nothing that others see."""
    return moved.verb is Verb.CONTINUE and moved.before.snoozed_until == moved.after.snoozed_until


def _then(after: Handoff) -> dict[str, str]:
    """The team and the sender of this moment, so that a sentence about the change stays true when they change."""
    return {"team": after.queue, "sender": after.sender}


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
    for user, recipient in _told(before, after, verb, actor).items():
        key = f"dm:{after.id}:{after.version}:{user}"
        yield _message(after, key, "dm", Destination(user=user), {**facts, "as": recipient.value, "user": user})


def watch(handoff: Handoff, user: str, *, erase: bool = False) -> OutboxMessage:
    """The message that follows a handoff for somebody who watches it; with `erase` it is deleted."""
    key = f"{WATCH}:{handoff.id}:{user}"
    return _message(handoff, key, WATCH, Destination(user=user), {"user": user}, erase=erase)


def for_watchers(moved: Moved, outdated: Iterable[OutboxMessage], note_id: str | None = None) -> list[OutboxMessage]:
    """The new messages to people who watch the handoff, where it changed hands or ended.

    `outdated` are the messages that the change makes false: those that follow it for somebody are among them. Who is
    told of the change anyway, or made it, is left out.
    """
    before, after = moved.before, moved.after
    if (before.owner, before.queue, before.final) == (after.owner, after.queue, after.final):
        return []
    others = {moved.actor.user, after.owner, after.originator, *people_told(moved)}
    watching = [str(one.payload["user"]) for one in outdated if one.kind == WATCH]
    facts = {"verb": moved.verb, "actor": moved.actor.user, "note_id": note_id, "facts": moved.act.facts()}
    return [
        _message(
            after,
            f"{WATCH_NEWS}:{after.id}:{after.version}:{user}",
            WATCH_NEWS,
            Destination(user=user),
            {**facts, **_then(after), "as": "watcher", "user": user},
        )
        for user in watching
        if user not in others
    ]


def people_told(moved: Moved) -> dict[str, ChangeRecipient]:
    """The people whom a change has to notify, each in the first capacity that the table names."""
    return _told(moved.before, moved.after, moved.verb, moved.actor.user)


def _told(before: Handoff, after: Handoff, verb: Verb, actor: str) -> dict[str, ChangeRecipient]:
    who = {
        ChangeRecipient.ORIGINATOR: after.originator,
        ChangeRecipient.SENDER: after.sender,
        ChangeRecipient.OWNER: after.owner,
        ChangeRecipient.LAST_OWNER: before.owner,
        ChangeRecipient.OFFERED: after.offered_to or (before.offered_to if verb is Verb.CANCEL else None),
    }
    not_told = {actor, *([after.originator] if verb is Verb.CLAIM else [])}
    told: dict[str, ChangeRecipient] = {}
    for recipient in DIRECT.get(verb, ()):
        user = who[recipient]
        if user and user not in not_told:
            told.setdefault(user, recipient)
    return told


def asked_capacity(payload: Mapping[str, Any]) -> str | None:
    """The capacity in which the reader of a direct message is asked to act; None where they are only informed."""
    return ASKS.get((payload["as"], payload["verb"]))


def for_cover(message: OutboxMessage, cover: str) -> OutboxMessage:
    """The same direct message to who covers for its recipient."""
    person = message.to.user
    return replace(
        message,
        key=f"{message.key}:for:{cover}",
        to=Destination(user=cover),
        payload={**message.payload, "user": cover, "for": person},
    )


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
    """The reactions as rows of words (verb, direct message to, in the card's thread) for docs/lifecycle.md."""
    return [
        {
            "verb": verb.value,
            "dm": ", ".join(h.value.replace("_", " ") for h in DIRECT.get(verb, ())) or "–",
            "thread": "yes" if verb in IN_THREAD else "–",
        }
        for verb in Verb
        if verb not in {Verb.ESCALATE, Verb.DELETE}
    ]
