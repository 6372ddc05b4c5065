"""The vocabulary of handoffs: words for states, verbs, priorities, clocks and people, kept only here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.snooze_options import SnoozeOption
from slackapp.runtime.visible_text import is_blank
from slackapp.slack.block_kit.blocks import clip, escape, link, said, when
from slackapp.slack.block_kit.phrases import person, set_off
from storage.clocks.model import ClockKind
from storage.company.model import Queue
from storage.handoffs.lifecycle import State, Verb
from storage.handoffs.model import Handoff, Priority
from storage.templates.model import Template

_NOON: Final = 12


@dataclass(frozen=True, kw_only=True)
class VerbWords:
    """The words for one verb."""

    label: str
    """The label of buttons, menus and forms."""
    infinitive: str
    """For the middle of a sentence: "can put it back"."""
    past: str
    """For use before "by": "Put back by Ana"."""
    happened: str
    """The sentence of the history, without its full stop; `event_sentences.sentence` fills it in."""
    unchanged: str = "that's already the case."
    """The refusal where the verb would change nothing; names `{owner}` and `{team}`."""


# fmt: off
VERB_WORDS: Final[Mapping[Verb, VerbWords]] = {
    Verb.OPEN: VerbWords(
        label="Hand off", infinitive="hand work over", past="Sent",
        happened="{actor} handed {it} to {team}"),
    Verb.CLAIM: VerbWords(
        label="Claim", infinitive="claim it", past="Claimed",
        happened="{actor} claimed {it}"),
    Verb.DECLINE: VerbWords(
        label="Decline", infinitive="decline it", past="Declined",
        happened="{actor} declined {it}"),
    Verb.ASSIGN: VerbWords(
        label="Assign…", infinitive="assign it", past="Assigned",
        happened="{actor} assigned {it} to {person}",
        unchanged="{owner} already owns it. Choose someone else."),
    Verb.RELEASE: VerbWords(
        label="Put back", infinitive="put it back", past="Put back",
        happened="{actor} put {it} back"),
    Verb.LAPSE: VerbWords(
        label="Put back automatically", infinitive="put it back automatically", past="Put back",
        happened="{it} went back to {team}{because}"),
    Verb.TRANSFER: VerbWords(
        label="Pass on", infinitive="pass it on", past="Passed on",
        happened="{actor} passed {it} on to {place}",
        unchanged="{team} already has it. Choose another team or person."),
    Verb.RETURN: VerbWords(
        label="Send back", infinitive="send it back", past="Sent back",
        happened="{actor} sent {it} back to {sender}: more information needed"),
    Verb.RESEND: VerbWords(
        label="Add and send again", infinitive="send it again", past="Sent again",
        happened="{actor} added to {it} and sent it again"),
    Verb.EDIT: VerbWords(
        label="Edit", infinitive="edit it", past="Changed",
        happened="{actor} changed {it}: {fields}",
        unchanged="you edited no field."),
    Verb.NOTE: VerbWords(
        label="Add note", infinitive="add a note", past="Note",
        happened="{actor} added a note to {it}"),
    Verb.EDIT_NOTE: VerbWords(
        label="Edit note", infinitive="edit a note on it", past="Note edited",
        happened="{actor} edited a note on {it}"),
    Verb.DELETE_NOTE: VerbWords(
        label="Delete note", infinitive="delete a note on it", past="Note deleted",
        happened="{actor} deleted a note on {it}"),
    Verb.EXTEND: VerbWords(
        label="Extend…", infinitive="extend its time", past="Extended",
        happened="{actor} extended {it} by {span}"),
    Verb.SNOOZE: VerbWords(
        label="Snooze…", infinitive="snooze it", past="Snoozed",
        happened="{actor} snoozed {it} until {until}",
        unchanged="it's already snoozed until then. Choose another time."),
    Verb.CONTINUE: VerbWords(
        label="Still on it", infinitive="go on with it", past="Confirmed",
        happened="{actor} is still on {it}"),
    Verb.READ_BACK: VerbWords(
        label="Read back", infinitive="read it back", past="Read back",
        happened="{actor} confirmed what {it} is about{by}"),
    Verb.CONFIRM: VerbWords(
        label="Looks right", infinitive="confirm its read-back", past="Read-back confirmed",
        happened="{actor} confirmed the read-back of {it}"),
    Verb.CORRECT: VerbWords(
        label="Needs a correction", infinitive="correct its read-back", past="Corrected",
        happened="{actor} corrected the read-back of {it}"),
    Verb.ASK: VerbWords(
        label="Ask the sender", infinitive="ask its sender", past="Asked",
        happened="{actor} asked {sender} about {it}"),
    Verb.ANSWER: VerbWords(
        label="Answer", infinitive="answer the question about it", past="Answered",
        happened="{actor} answered the question about {it}"),
    Verb.COMPLETE: VerbWords(
        label="Done", infinitive="finish it", past="Done",
        happened="{actor} finished {it}"),
    Verb.CANCEL: VerbWords(
        label="Cancel handoff", infinitive="cancel it", past="Cancelled",
        happened="{actor} cancelled {it}"),
    Verb.REOPEN: VerbWords(
        label="Reopen", infinitive="reopen it", past="Reopened",
        happened="{actor} reopened {it}"),
    Verb.REMIND: VerbWords(
        label="Wake up", infinitive="end its snooze", past="Woken",
        happened="the snooze of {it} ended"),
    Verb.ESCALATE: VerbWords(
        label="Remind", infinitive="send its reminders", past="Reminded",
        happened="{actor} reminded {told} about {clock}{unheard}"),
    Verb.DELETE: VerbWords(
        label="Delete", infinitive="delete it", past="Deleted",
        happened="{actor} deleted {it}"),
}
# fmt: on


def form_title(verb: Verb) -> str:
    """Return the title of a verb's form."""
    return VERB_WORDS[verb].label.rstrip("…")


RESUME: Final = "Resume"
"""The label of the button that ends a snooze."""
END_QUESTION: Final = "I know it now"
"""The label of the button with which an owner ends their own question."""

STATES: Final[Mapping[State, str]] = {
    State.OPEN: "open",
    State.CLAIMED: "claimed",
    State.RETURNED: "sent back",
    State.DONE: "done",
    State.CANCELLED: "cancelled",
    State.DELETED: "deleted",
}

PRIORITIES: Final[Mapping[Priority, str]] = {
    Priority.LOW: "Low",
    Priority.NORMAL: "Normal",
    Priority.HIGH: "High",
    Priority.CRITICAL: "Critical",
}

CLOCKS: Final[Mapping[ClockKind, str]] = {
    ClockKind.CLAIM: "Claim",
    ClockKind.FIRST_ACTION: "First reply",
    ClockKind.UPDATE: "Update",
    ClockKind.FINISH: "Finish",
    ClockKind.RESPOND: "Sender's answer",
    ClockKind.NEEDED_BY: "Needed by",
    ClockKind.SNOOZE: "Snooze",
    ClockKind.CHECK: "Answer to “Still on it?”",
}

FIELDS: Final[Mapping[str, str]] = {
    "title": "title",
    "priority": "priority",
    "next_step": "first step",
    "link": "link",
    "needed_by": "needed by",
    "told_customer": "what the customer knows",
    "fields": "details",
}
"""The fields that an edit may change, in words."""

REASONS: Final[Mapping[str, str]] = {
    "missing": "Information is missing",
    "not_ours": "Belongs to another team",
    "duplicate": "We already have this",
    "wrong_customer": "Wrong customer",
    "other": "Something else",
}
"""Reasons for a return, by the stored key, unless the template has its own."""

OTHER: Final = "other"
"""The reason that is always offered."""

LAPSES: Final[Mapping[str, str]] = {"no_answer": "There was no answer to “Still on it?”"}
"""Reasons why the clock put work back, by the stored key; `level:<key>` names a level of the policy."""


def label(verb: Verb, handoff: Handoff) -> str:
    """A verb's button label for this handoff: Continue ends a snooze, or else confirms being on it."""
    return RESUME if verb is Verb.CONTINUE and handoff.snoozed_until else VERB_WORDS[verb].label


def number(handoff: Handoff) -> str:
    """The number of a handoff: `#42`."""
    return f"#{handoff.number}"


def title(handoff: Handoff, most: int = 150) -> str:
    """The title for mrkdwn; a handoff without one (deleted) is called by its number."""
    return said(handoff.title, most) or number(handoff)


def plain_title(handoff: Handoff, most: int = 150) -> str:
    """The title for plain text, such as a button's label for screen readers."""
    return number(handoff) if is_blank(handoff.title) else clip(" ".join(handoff.title.split()), most)


def about(handoff: Handoff) -> str:
    """The subject of a repeated button, for screen readers: `#42: Acme renewal`."""
    return f"{number(handoff)}: {plain_title(handoff)}"


def numbered(details: HandoffDetails) -> str:
    """The number, as a link to the current card if there is one: `#42`."""
    text = number(details.handoff)
    return link(details.permalink, text) if details.permalink else text


def team(queue: Queue) -> str:
    """A queue's name for mrkdwn."""
    return said(queue.name, 75) or said(queue.key, 75) or "a deleted team"


def team_of(details: HandoffDetails, key: str) -> str:
    """The name of the queue with this key; the key itself if the details do not know the queue."""
    return team(details.queue) if key == details.queue.key else said(details.queue_names.get(key, key), 75)


def name(details: HandoffDetails, *, bold: bool = False, linked: bool = True, most: int = 150) -> str:
    """The handoff in a sentence: `#42 Acme renewal`, the number linked to its card if there is one."""
    called = numbered(details) if linked else number(details.handoff)
    return f"{called} {set_off(title(details.handoff, most), bold=bold)}"


def who(details: HandoffDetails, user: str | None, reader: str = "") -> str:
    """A person in a message: by name if known, so that nobody is notified; the `reader` is "you"."""
    if user and user == reader:
        return "you"
    if user and user.startswith("queue:"):
        return f"the managers of {team_of(details, user.removeprefix('queue:'))}"
    return person(details.names, user)


def in_place_of(details: HandoffDetails, person: object) -> str:
    """The beginning of a message to who covers for a person: for whom it is, and until when they are away."""
    if not isinstance(person, str) or not person:
        return ""
    absence = details.absences.get(person)
    until = f", who is away until {when(absence.until)}" if absence else ""
    return f"For {who(details, person)}{until}: "


def origin(details: HandoffDetails) -> str:
    """The person who began it, and the one who passed it on last: "from Ben, passed on by Eva"."""
    handoff = details.handoff
    passed_on = f", passed on by {who(details, handoff.sender)}" if handoff.sender != handoff.originator else ""
    return f"from {who(details, handoff.originator)}{passed_on}"


def recipient(details: HandoffDetails, to: str, reader: str = "") -> str:
    """The recipient of a reminder: a person, the channel, a webhook, or an audience that has nobody."""
    kind, _, key = to.partition(":")
    if kind == "webhook" and key:
        return f"the webhook “{said(key, 60)}”"
    if to.startswith("S"):
        return "an empty user group"
    return f"the {said(to, 75)}" if any(letter.islower() for letter in to) else who(details, to, reader)


def snooze_option(choice: SnoozeOption) -> str:
    """A moment that a snooze offers, as plain text in its own zone: "Tomorrow morning, Tue 24 Nov at 9:00"."""
    at = choice.until
    day = {0: "This", 1: "Tomorrow"}.get(choice.days, f"Next {at:%A}" if choice.key == "monday" else f"{at:%A}")
    part = " morning" if at.hour < _NOON else " afternoon"
    lead = "In 1 hour" if choice.key == "1h" else f"{day}{part}"
    weekday = "" if f"{at:%A}" in lead else f"{at:%a} "
    return f"{lead}, {weekday}{at.day} {at:%b} at {at.hour}:{at:%M}"


def level(key: str) -> str:
    """A policy level by its key, with the count of its repetitions: `“late”`, `“late” (time 2)`."""
    name, _, again = key.partition("#")
    return f"“{said(name, 60)}”" + (f" (time {again})" if again.isdecimal() else "")


def reasons(template: Template | None) -> dict[str, str]:
    """The reasons for a return, by key: the template's own or the usual ones, and always "other"."""
    own = dict(template.reasons) if template and template.reasons else dict(REASONS)
    return {**own, OTHER: own.get(OTHER, REASONS[OTHER])}


def reason(key: str | None, template: Template | None = None) -> str:
    """The reason of a return, decline or lapse, for mrkdwn: the option in words, or the typed text.

    `template` is the version that the work was written in, so that its reasons stay readable.
    """
    if template and key and key in template.reasons:
        return said(template.reasons[key], 150)
    known = {**REASONS, **LAPSES}.get(key or "")
    step = (key or "").partition("level:")[2]
    return known or (f"The team's policy requires it at {level(step)}" if step else said(key or "", 150))


def because(key: str | None) -> str:
    """The reason why the clock put work back, as the end of a sentence."""
    if key == "no_answer":
        return " because there was no answer"
    step = (key or "").partition("level:")[2]
    return f" as the team's policy requires at {level(step)}" if step else ""


def changed(fields: object, template: Template | None = None) -> str:
    """The names of the edited fields: "title, link". A template's questions are named by their labels."""
    names = fields if isinstance(fields, list | tuple) else []
    return ", ".join(_field(str(name), template) for name in names) or "details"


def _field(name: str, template: Template | None) -> str:
    key = name.removeprefix("fields.")
    question = template.question(key) if template else None
    return said(question.label) if question else FIELDS.get(key, escape(key))
