"""Messages about one handoff: its card, thread replies, direct messages, the sender's line, the source's line.

`private_as_stub` wraps every kind of message, those of other packages too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from slackapp.capability import CallKind, Kind
from slackapp.handoffs.model import HandoffDetails, HandoffScene, OutOfSight
from slackapp.handoffs.rules.privacy import may_read, stubbed
from slackapp.handoffs.views import card, event_sentences, headlines, verdicts, wording
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Post, actions, context, link, section
from storage.handoffs.lifecycle import (
    Actor,
    ReadBackStatus,
    Situation,
    State,
    Verb,
    allowed,
    possible,
    situation,
)
from storage.handoffs.model import Handoff

Payload = Mapping[str, Any]


def private_as_stub(kind: Kind) -> Kind:
    """The kind of message, drawn with a stub in place of private work.

    Only the blocks of a message to one person who may read the contents hold them. Its text stays a stub, because
    notifications show that on a locked screen.
    """
    if isinstance(kind, CallKind):
        return replace(kind, draw=lambda scene, at: kind.draw(stubbed(scene), at))

    def about(scene: Any) -> Handoff | None:
        return scene.handoff if isinstance(scene, OutOfSight) else kind.about(scene)

    def draw(scene: Any, now: datetime) -> Post | None:
        if isinstance(scene, OutOfSight):
            return out_of_sight(scene)
        drawn = kind.draw(stubbed(scene), now)
        handoff, reader = kind.about(scene), kind.private_reader(scene)
        if drawn is None or handoff is None or reader is None or not handoff.private or not may_read(handoff, reader):
            return drawn
        whole = kind.draw(scene, now)
        return replace(drawn, blocks=whole.blocks) if whole else drawn

    return replace(kind, draw=draw, about=about)


def out_of_sight(scene: OutOfSight) -> Post | None:
    """What remains of a message for readers who may not see who has the handoff now; a new one is not posted."""
    number = wording.number(scene.handoff)
    what = "was deleted" if scene.handoff.state is State.DELETED else "was passed on to another team"
    return card.one_line(f"{number} {what}.") if scene.posted else None


def card_of_hop(scene: HandoffScene, now: datetime) -> Post | None:
    """The card of the current hop, or of an earlier one."""
    current = scene.payload["hop"] == scene.details.handoff.hop
    return (card.card if current else card.passed_on)(scene.details, now)


def reply(scene: HandoffScene, _now: datetime) -> Post | None:
    """An event for the team, in the card's thread: "Ana put it back: …"."""
    if scene.details.handoff.state is State.DELETED:
        return None
    text = _event(scene.details, scene.payload, it="it", reader="")
    return Post(text=text, blocks=[section(text)], settled=True)


def dm(scene: HandoffScene, now: datetime) -> Post | None:
    """A direct message about an event, and how it stands now, with buttons while the reader is asked to act.

    Once a newer message to the reader says how it stands, this one only tells what happened. None if it is outdated.
    """
    details, payload = scene.details, scene.payload
    handoff, reader = details.handoff, str(payload["user"])
    if handoff.state is State.DELETED:
        return None
    asked = _asked_capacity(payload)
    if asked is not None and not _pending(details, asked, payload):
        return _answered(scene, now, reader) if scene.posted else None
    happened = payload["verb"] == Verb.NOTE or (asked is None and scene.superseded)  # and says no more than that
    text, shown = (_headline(details, payload, reader, wording.name(details, bold=bold)) for bold in (False, True))
    standing = "" if happened else f"{_standing(details, now, reader)}{_accountable_again(details, payload, reader)}"
    verbs = [verb for verb in _OFFERED_VERBS[asked] if allowed(handoff, verb, Actor(user=reader))] if asked else []
    judged = verdicts.for_sender(details, payload) if payload["as"] == "sender" else None
    text = f"{text}\n{judged.text}" if judged else text
    blocks = [
        section(shown),
        *(judged.blocks if judged else []),
        *([context(standing, *_card_link(details))] if standing or details.permalink else []),
        *actions(*card.verb_buttons(handoff, verbs), card.show_button(handoff)),
    ]
    return Post(text=f"{text}\n{standing}".strip(), blocks=blocks, settled=happened)


def sent(scene: HandoffScene, now: datetime) -> Post | None:
    """The sender's own record: "Sent as #42 to Customer Success: Acme renewal"."""
    details = scene.details
    handoff = details.handoff
    if handoff.state is State.DELETED:
        return card.one_line(f"{headlines.headline(details, now)}.")
    to = f" to {wording.team(details.queue)}" if handoff.hop == 1 else ""
    name = wording.title(handoff)
    text, shown = (
        f"Sent as {wording.numbered(details)}{to}: {phrases.set_off(name, bold=bold)}." for bold in (False, True)
    )
    standing = _standing(details, now, handoff.originator)
    where = _card_link(details) or ["Its card is on the way."]
    blocks = [section(shown), context(standing, *where), *actions(card.show_button(handoff))]
    return Post(text=f"{text} {standing}", blocks=blocks)


def source(scene: HandoffScene, now: datetime) -> Post | None:
    """One line under the message that a handoff was made from, kept current."""
    details = scene.details
    name = "" if details.handoff.state is State.DELETED else f"{wording.numbered(details)} "
    return card.one_line(f"{name}{headlines.headline(details, now)}.")


_OFFERED_VERBS: Final[Mapping[str, tuple[Verb, ...]]] = {
    "offered": (Verb.CLAIM, Verb.DECLINE),
    "owner": (Verb.READ_BACK, Verb.COMPLETE, Verb.RELEASE),
    "sender": (Verb.RESEND, Verb.EDIT),
    "woken": (Verb.COMPLETE, Verb.RELEASE, Verb.SNOOZE),
    "judge": (Verb.CONFIRM, Verb.CORRECT),
    "corrected": (Verb.READ_BACK,),
    "questioned": (Verb.ANSWER,),
}
"""The verbs that a direct message offers its reader, by the capacity in which they are asked."""


def _asked_capacity(payload: Payload) -> str | None:
    """The capacity in which the reader is asked to act; None where they are only informed."""
    asks = {
        ("offered", Verb.OPEN): "offered",
        ("offered", Verb.TRANSFER): "offered",
        ("owner", Verb.ASSIGN): "owner",
        ("sender", Verb.RETURN): "sender",
        ("owner", Verb.REMIND): "woken",
        ("sender", Verb.READ_BACK): "judge",
        ("owner", Verb.CORRECT): "corrected",
        ("sender", Verb.ASK): "questioned",
    }
    return asks.get((payload["as"], payload["verb"]))


def _pending(details: HandoffDetails, asked: str, payload: Payload) -> bool:
    handoff, reader = details.handoff, str(payload["user"])
    newest = payload.get("note_id") == _newest_note_id(details, str(payload["verb"]))
    return {
        "offered": situation(handoff) is Situation.OFFERED and handoff.offered_to == reader,
        "owner": handoff.owner == reader,
        "sender": handoff.state is State.RETURNED and handoff.sender == reader,
        "woken": handoff.owner == reader and handoff.snoozed_until is None,
        "judge": newest and handoff.read_back is ReadBackStatus.GIVEN and handoff.sender == reader,
        "corrected": newest and handoff.read_back is ReadBackStatus.CORRECTED and handoff.owner == reader,
        "questioned": newest and handoff.asked_at is not None and handoff.sender == reader,
    }[asked]


def _newest_note_id(details: HandoffDetails, verb: str) -> str | None:
    """The id of the last note of a verb: only the latest read-back or question still asks for something."""
    return next((note.id for note in reversed(details.notes) if note.verb == verb), None)


def _answered(scene: HandoffScene, now: datetime, reader: str) -> Post:
    """The direct message once its question has its answer."""
    details = scene.details
    handoff = details.handoff
    if scene.superseded:
        settled = card.one_line(f"{wording.name(details)}: nothing to do here. A newer message says how it stands.")
        return replace(settled, settled=True)
    if handoff.owner == reader and not handoff.snoozed_until:
        text, shown = (f"You have {wording.name(details, bold=bold)}." for bold in (False, True))
        blocks = [section(shown), context(_standing(details, now, reader), *_card_link(details))]
        verbs = [verb for verb in _OFFERED_VERBS["owner"] if possible(handoff, verb)]
        buttons = [*card.verb_buttons(handoff, verbs), card.show_button(handoff)]
        return Post(text=text, blocks=[*blocks, *actions(*buttons)])
    return card.one_line(
        f"{wording.numbered(details)} {headlines.headline(details, now, reader=reader)}. Nothing to do for you."
    )


def _headline(details: HandoffDetails, payload: Payload, reader: str, it: str) -> str:
    if _asked_capacity(payload) == "offered":
        actor = wording.who(details, str(payload["actor"]))
        sentence = f"{actor} offers you {it}, in {wording.team(details.queue)}"
        sent = next((note for note in details.notes if note.verb == Verb.OPEN), None)
        note = sent if payload["verb"] == Verb.OPEN else None
        return event_sentences.with_note(
            sentence, note or event_sentences.note_of(details, payload.get("note_id")), details
        )
    if _asked_capacity(payload) == "woken":
        return f"Time to go on: {it}."
    told = _event(details, payload, it=it, reader=reader)
    kept = payload["verb"] == Verb.LAPSE and any(note.author == reader for note in details.notes)
    return f"{told} Your notes are kept with it." if kept else told


def _accountable_again(details: HandoffDetails, payload: Payload, reader: str) -> str:
    """The sentence that the reader, who was told of an owner before, is accountable while nobody has claimed it."""
    handoff = details.handoff
    waits = handoff.state is State.OPEN and handoff.accountable == reader and payload["verb"] != Verb.OPEN
    return " You are accountable until someone claims it." if waits else ""


def _event(details: HandoffDetails, payload: Payload, *, it: str, reader: str) -> str:
    facts = event_sentences.message_facts(details, payload)
    sentence = event_sentences.sentence(details, payload["verb"], payload["actor"], facts, it=it, reader=reader)
    if payload["verb"] == Verb.LAPSE:  # its reason is in the sentence
        return f"{sentence}."
    return event_sentences.with_note(sentence, event_sentences.note_of(details, payload.get("note_id")), details)


def _standing(details: HandoffDetails, now: datetime, reader: str) -> str:
    standing = headlines.state_phrase(details, now, reader)
    return f"{standing[0].upper()}{standing[1:]}." if standing[0].isalpha() else f"{standing}."


def _card_link(details: HandoffDetails) -> list[str]:
    return [link(details.permalink, "See the card")] if details.permalink else []
