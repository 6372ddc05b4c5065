"""Messages about one handoff: its card, thread replies, direct messages, the sender's line, the source's line.

`private_as_stub` wraps every kind of message, those of other packages too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from slackapp.capability import CallKind, Kind, ViewKind
from slackapp.handoffs.model import HandoffDetails, HandoffScene, OutOfSight
from slackapp.handoffs.rules.change_messages import asked_capacity
from slackapp.handoffs.rules.privacy import may_read, stubbed
from slackapp.handoffs.views import card, event_sentences, headlines, status, verdicts, wording
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Post, actions, context, link, said, section
from storage.handoffs.lifecycle import (
    Actor,
    ReadBackStatus,
    Situation,
    State,
    Verb,
    allowed,
    situation,
)
from storage.handoffs.model import Handoff

Payload = Mapping[str, Any]
_QUESTION: Final = 300


def private_as_stub(kind: Kind) -> Kind:
    """The kind of message, drawn with a stub in place of private work.

    Only the blocks of a message to one person who may read the contents hold them. Its text stays a stub, because
    notifications show that on a locked screen.
    """
    if isinstance(kind, ViewKind):
        return kind  # only its person sees it, and only their own work is in it
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
    asked = asked_capacity(payload)
    pending = asked is not None and _pending(details, asked, payload)
    if asked is not None and not pending and not scene.posted:
        return None
    happened = payload["verb"] == Verb.NOTE or (scene.superseded and not pending)  # and says no more than that
    text, shown = (
        f"{wording.in_place_of(details, payload.get('for'))}"
        f"{_headline(details, payload, reader, wording.name(details, bold=bold))}"
        for bold in (False, True)
    )
    judged = verdicts.for_sender(details, payload) if payload["as"] == "sender" else None
    text = _question_first(details, payload, reader) or text
    text = f"{text}\n{judged.text}" if judged else text
    more = "" if happened else f"{_accountable_again(details, payload, reader)}{_no_more(details, asked, payload)}"
    stands = "" if happened else f"{status.sentence(details, now, reader)}{more}"
    line = "" if happened else f"{status.line(details, now, reader)}{more and f' ·{more}'}"
    blocks = [
        section(shown),
        *(judged.blocks if judged else []),
        *([context(line, *_card_link(details))] if line or details.permalink else []),
        *actions(*card.verb_buttons(handoff, _verbs(details, payload)), card.show_button(handoff)),
    ]
    return Post(text=f"{text}\n{stands}".strip(), blocks=blocks, settled=happened)


def _verbs(details: HandoffDetails, payload: Payload) -> list[Verb]:
    """The verbs that a direct message offers: those that its reader is asked for, later those of an owner."""
    handoff, reader, asked = details.handoff, str(payload["user"]), asked_capacity(payload)
    if asked is None:
        return []
    if not _pending(details, asked, payload):
        asked = "owner" if handoff.owner == reader and not handoff.snoozed_until else ""
    actor = Actor(user=reader, roles=details.roles_of_cover(reader))
    return [verb for verb in _OFFERED_VERBS.get(asked, ()) if allowed(handoff, verb, actor)]


def _no_more(details: HandoffDetails, asked: str | None, payload: Payload) -> str:
    """The end of a message whose reader was asked for something that is not needed any more."""
    over = asked is not None and not _pending(details, asked, payload)
    return " Nothing to do." if over and details.handoff.owner not in {payload["user"], payload.get("for")} else ""


def sent(scene: HandoffScene, now: datetime) -> Post | None:
    """The message that tells the sender the story of their handoff, redrawn through its life."""
    details = scene.details
    handoff = details.handoff
    if handoff.state is State.DELETED:
        return card.deleted(details, now)
    to = wording.team(details.queue)
    text = f"Sent as {wording.numbered(details)} to {to}: {wording.title(handoff)}."
    lock = "🔒 " if handoff.private else ""
    title = f"{lock}{phrases.set_off(wording.title(handoff), bold=True)} → {to}"
    reader = handoff.originator
    where = _card_link(details) or ["The card is on its way."]
    blocks = [
        section(f"{title}\n{status.line(details, now, reader)}"),
        context(" · ".join([wording.number(handoff), *where])),
        *actions(card.show_button(handoff)),
    ]
    return Post(text=f"{text} {status.sentence(details, now, reader)}", blocks=blocks)


def source(scene: HandoffScene, now: datetime) -> Post | None:
    """One line under the message that a handoff was made from, kept current."""
    details = scene.details
    if details.handoff.state is State.DELETED:
        return card.deleted(details, now)
    name = wording.name(details, bold=True)
    text = f"{wording.numbered(details)} {headlines.headline(details, now)}."
    return card.one_line(text, f"{name} · {status.line(details, now)}")


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


def _pending(details: HandoffDetails, asked: str, payload: Payload) -> bool:
    """Whether the reader is still asked for it, as themselves or in place of the person for whom they cover."""
    handoff, reader = details.handoff, str(payload.get("for") or payload["user"])
    if not details.covers(str(payload["user"]), reader):
        return False
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


def _headline(details: HandoffDetails, payload: Payload, reader: str, it: str) -> str:
    if asked_capacity(payload) == "offered":
        actor = wording.who(details, str(payload["actor"]))
        whom = wording.who(details, str(payload.get("for") or reader), reader)
        sentence = f"{actor} offered {whom} {it}, in {wording.team(details.queue)}"
        sent = next((note for note in details.notes if note.verb == Verb.OPEN), None)
        note = sent if payload["verb"] == Verb.OPEN else None
        return event_sentences.with_note(
            sentence, note or event_sentences.note_of(details, payload.get("note_id")), details
        )
    if asked_capacity(payload) == "woken":
        return f"The snooze is over: {it}."
    told = _event(details, payload, it=it, reader=reader)
    kept = payload["verb"] == Verb.LAPSE and any(note.author == reader for note in details.notes)
    return f"{told} Your notes are kept with it." if kept else told


_ASKS: Final[Mapping[Verb, str]] = {
    Verb.RETURN: "needs more information",
    Verb.ASK: "asks",
    Verb.CORRECT: "says what needs a correction",
}
"""The words that lead to what the reader of a direct message is asked or told to do."""


def _question_first(details: HandoffDetails, payload: Payload, reader: str) -> str | None:
    """What the reader is asked, then about what: a notification shows only the beginning. None if nothing is asked."""
    note = event_sentences.note_of(details, payload.get("note_id"))
    if note is None or payload["verb"] not in _ASKS or asked_capacity(payload) is None:
        return None
    reason = wording.reason(note.text.reason, details.template) if note.text.reason else ""
    asked = ": ".join(part for part in (reason, said(note.text.plain, _QUESTION)) if part)
    if not asked:
        return None
    lead = f"{wording.who(details, str(payload['actor']))} {_ASKS[Verb(payload['verb'])]}"
    facts = event_sentences.message_facts(details, payload)
    about = event_sentences.sentence(
        details, payload["verb"], payload["actor"], facts, it=wording.name(details), reader=reader
    )
    return f"{lead}: {asked}\n{about}."


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


def _card_link(details: HandoffDetails) -> list[str]:
    return [link(details.permalink, "See the card")] if details.permalink else []
