"""Events in sentences: for replies under a card, direct messages and the history.

The sentence of a verb is in its row of `wording.VERB_WORDS`, those of Baton's own events in `OWN_ACTS`. People are
named so that nobody is notified by being mentioned; the reader of a direct message is "you".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import wording
from slackapp.handoffs.views.card import excerpt
from slackapp.slack import error_codes
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import escape, said, when
from slackapp.templates.views import answer_lines
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Note

OWN_ACTS: Final[Mapping[str, str]] = {
    "held": "{actor} {sent} {message}{till}: {reason}",
    "maybe_double": "{actor} could not tell whether Slack had {message}, and sent it again",
    "repaired": "{actor} fixed {message}: {reason}",
    "policy_applied": "{actor} moved the timers of {it} to {terms}",
}
"""The sentence, without its full stop, of each of Baton's own events of delivery and repair."""

KNOWN: Final = "{actor} no longer needed an answer about {it}"
"""The end of a sentence about a question that its owner answered themselves."""

MESSAGES: Final[Mapping[str, str]] = {
    "card": "the card",
    "reply": "a reply under the card",
    "dm": "a direct message",
    "sent": "the sender's message",
    "source": "the confirmation in the original message's thread",
    "level": "a reminder",
    "bundle": "several reminders in one message",
    "watch": "the message to a person who watches it",
    "watch_news": "a message to a person who watches it",
    "bulk": "a message about several handoffs",
    "bulk_result": "the result of handling several at once",
    "webhook": "a webhook call",
    "digest": "the morning digest",
    "trouble": "a message about a channel",
    "cover": "a message to a person who covers",
    "uncovered": "a message about a cover",
    "summary": "a person's summary",
    "back": "the message to a person who is back",
    "begin": "an offer to hand off a message",
    "not_opened": "a message about a form that did not open",
    "home": "the Home tab",
    "welcome": "the first message to an admin",
}
"""Kinds of messages, in words."""

CAUSES: Final[Mapping[str, str]] = {
    "moved on": "things had moved on",
    "deleted_in_slack": "someone had deleted it in Slack",
    "clock_outlived": "it kept running after the end",
    "clock_stray": "it no longer applies",
    "clock_runs_on": "it was running instead of paused",
    "clock_stands_still": "it was paused instead of running",
    "clock_misarmed": "it was set to the wrong time",
    "clock_lost": "it was missing",
    "thread_gone": "its thread is gone",
    "no card to answer under": "there is no card to answer under",
    "person_gone": "{person} has left, and the managers of {team} are now accountable",
    "gone": "they have left",
    "dnd": "they have paused notifications",
    "away": "they're away",
    "quiet_hours": "they have quiet hours",
    "summary": "{person} chose to get such messages in a summary",
    "own_setting": "{person} chose not to get such messages",
    "covered": "they're away, and a colleague who covers for them was notified",
    "hours": "it is outside their working hours",
    "calm": "it was grouped with others in one message",
    "nobody": "there is no one to notify",
    "left": "they no longer need to be notified",
    "paused": "the timer is paused",
    "moot": "it was resolved before it could be sent",
    "failed": "it wasn't accepted",
    "ratelimited": "Slack's rate limit was reached",
    "paced": "Slack's rate limit was reached",
    "webhook_gone": "the address no longer accepts it",
    "webhook_silent": "the address didn't accept it for a day",
    "webhook_removed": "the address is no longer in the configuration",
}
"""The reasons for messages held back and for repairs, by the key in the audit.

Others are Slack's error codes, which `slackapp.slack.error_codes` explains.
"""


def sentence(
    details: HandoffDetails, verb: str, actor: str, facts: Mapping[str, Any], *, it: str = "it", reader: str = ""
) -> str:
    """One event as a sentence, without a full stop.

    Args:
        details: the handoff.
        verb: a lifecycle verb or one of Baton's own; an unknown word is shown as it is.
        actor: the user id of the actor, or the name of a part of Baton.
        facts: the facts of the event in the audit (`Act.facts`).
        it: the words for the handoff.
        reader: the user id of the reader, who is called "you".
    """
    template = _sentence_template(verb, facts)
    if template is None:
        return f"{wording.who(details, actor)}: {escape(verb)}"
    place = wording.team_of(details, str(facts.get("queue") or details.queue.key))
    person = _person(details, facts.get("person"), reader)
    filled = template.format(
        actor=_person(details, actor, reader),
        it=it,
        team=wording.team_of(details, str(facts.get("team") or details.queue.key)),
        person=person,
        place=f"{person} in {place}" if facts.get("person") else place,
        sender=_person(details, facts.get("sender") or details.handoff.sender, reader),
        fields=wording.changed(facts.get("fields"), details.template),
        by=f", first step by {_instant(facts['by'])}" if verb == Verb.READ_BACK and facts.get("by") else "",
        span=phrases.span(float(facts.get("seconds") or 0)),
        told=_reminded(details, facts.get("told"), reader),
        clock=_clock(facts.get("clock")),
        terms=_terms(facts),
        until=_instant(facts.get("until")),
        till=f" until {_instant(facts['until'])}" if facts.get("until") else "",
        sent="held" if facts.get("until") else "did not send",
        because=wording.because(facts.get("reason")),
        unheard=_not_notified(details, facts, reader),
        message=_clock(facts["clock"]) if facts.get("kind") == "clock" else MESSAGES.get(str(facts.get("kind")), "it"),
        reason=_cause(str(facts.get("reason") or ""), person, wording.team(details.queue)),
    )
    return filled[0].upper() + filled[1:] if filled.startswith(("you", "it ")) else filled


def _sentence_template(verb: str, facts: Mapping[str, Any]) -> str | None:
    """The sentence template of an audit verb; None for an unknown verb."""
    if verb == Verb.ANSWER and facts.get("needless"):
        return KNOWN
    return wording.VERB_WORDS[Verb(verb)].happened if verb in wording.VERB_WORDS else OWN_ACTS.get(verb)


def with_note(sentence: str, note: Note | None, details: HandoffDetails) -> str:
    """A sentence followed by the beginning of its note, unless the author deleted that."""
    if note and note.removed_at:
        return f"{sentence}; the note was deleted."
    lines = changes(note, details).splitlines() if note else []
    shown = [excerpt(note, template=details.template), *(f"> {line}" for line in lines)] if note else []
    text = "\n".join(line for line in shown if line)
    return f"{sentence}:\n{text}" if text else f"{sentence}."


def sentence_facts(
    details: HandoffDetails, verb: str, facts: Mapping[str, Any] | None, note_id: object
) -> Mapping[str, Any]:
    """The facts that `sentence` needs: those of the act, and for a lapse its reason, which the note holds."""
    note = note_of(details, note_id) if verb == Verb.LAPSE else None
    return {**(facts or {}), "reason": note.text.reason} if note else facts or {}


def message_facts(details: HandoffDetails, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """The facts that `sentence` needs, from the payload of a message; with the team and the sender of its time."""
    then = {key: payload[key] for key in ("team", "sender") if key in payload}
    return sentence_facts(details, payload["verb"], {**(payload.get("facts") or {}), **then}, payload.get("note_id"))


def note_of(details: HandoffDetails, note_id: object) -> Note | None:
    """The note with this id, if it still exists and has a text."""
    return next((note for note in details.notes if note.id == note_id), None)


def changes(note: Note, details: HandoffDetails) -> str:
    """The changes of an edit, a field to a line: "title: Acme changed to Acme & Sons"."""
    return "\n".join(
        f"*{phrases.colon(wording.changed([key], details.template))}* "
        f"{_value(key, old, details)} changed to {_value(key, new, details)}"
        for key, (old, new) in (note.text.changes or {}).items()
    )


def _value(key: str, value: object, details: HandoffDetails) -> str:
    """A field's value as people read it."""
    if value in (None, "", {}, []):
        return "nothing"
    template, (_, inside, answered) = details.template, key.partition("fields.")
    question = template.question(answered) if template and inside else None
    if question:
        return answer_lines.in_sentence(question, value, details.names)
    return _LISTED.get(key, {}).get(str(value)) or (_due(str(value)) if key == "needed_by" else said(str(value)))


def _due(written: str) -> str:
    try:
        return when(datetime.fromisoformat(written))
    except ValueError:
        return said(written)


_LISTED: Final[Mapping[str, Mapping[str, str]]] = {
    "priority": {str(priority): name for priority, name in wording.PRIORITIES.items()},
    "fields.told_customer": answer_lines.TOLD_CUSTOMER,
}
"""Fields whose values are keys, with the words for each key."""


def _terms(facts: Mapping[str, Any]) -> str:
    """A policy's version in words."""
    policy = facts.get("policy")
    return f"version {facts.get('policy_version')} of the policy {said(str(policy))}" if policy else "no policy"


def _instant(written: object) -> str:
    return when(datetime.fromisoformat(written)) if isinstance(written, str) else "later"


def cause(key: object) -> str:
    """The reason why a person was not notified, for the middle of a sentence."""
    return _cause(str(key or ""), "", "")


def _person(details: HandoffDetails, user: object, reader: str) -> str:
    return wording.who(details, str(user or ""), reader)


def _cause(key: str, person: str, team: str) -> str:
    template = CAUSES.get(key)
    if template is None and error_codes.is_known(key):
        return f"{error_codes.explain(key).cause} ({key})"
    return template.format(person=person, team=team) if template else said(key, 150) or "no reason was kept"


def _reminded(details: HandoffDetails, told: object, reader: str) -> str:
    """The people who were reminded, by name; beyond three they are counted."""
    people = [str(user) for user in told] if isinstance(told, list | tuple) else []
    names = [wording.recipient(details, user, reader) for user in people]
    if not names:
        return "nobody"
    named = names if len(names) <= _NAMED else [*names[:_NAMED], f"{len(names) - _NAMED} more"]
    return " and ".join(filter(None, [", ".join(named[:-1]), named[-1]]))


def _not_notified(details: HandoffDetails, facts: Mapping[str, Any], reader: str) -> str:
    """The people of a level notified later or never, with reasons, and the levels notified instead."""
    later = [
        f"held for {wording.recipient(details, user, reader)} until {_instant(until)}: {cause(why)}"
        for user, why, until in _rows(facts.get("held"), 3)
    ]
    never = [
        f"not sent to {wording.recipient(details, user, reader)}: {cause(why)}"
        for user, why in _rows(facts.get("skipped"), 2)
    ]
    climbed = facts.get("climbed")
    above = [wording.level(str(level)) for level in climbed] if isinstance(climbed, list | tuple) else []
    levels = "level" if len(above) == 1 else "levels"
    higher = [f"sent to {levels} {' and '.join(above)} instead"] if above else []
    return "".join(f"; {part}" for part in [*[*later, *never][:_NAMED], *higher])


def _rows(found: object, width: int) -> list[list[Any]]:
    """The audit's list of lists of this width; rows of another shape are left out."""
    rows = found if isinstance(found, list | tuple) else []
    return [list(row) for row in rows if isinstance(row, list | tuple) and len(row) == width]


def _clock(key: object) -> str:
    known = {clock.value: name for clock, name in wording.CLOCKS.items()}
    return f"the {known[key].lower()} timer" if isinstance(key, str) and key in known else "a timer"


_NAMED: Final = 3
