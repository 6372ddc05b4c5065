"""Words for states, verbs, priorities and people: written here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from slackapp.blocks import clip, escape, link, said
from slackapp.policy.rests import Rest
from slackapp.views.phrases import person, set_off
from storage.company import Queue
from storage.lifecycle import State, Verb
from storage.picture import Picture
from storage.questions import Template
from storage.records import Clock, Handoff, Priority

_NOON: Final = 12

LABELS: Final[Mapping[Verb, str]] = {
    Verb.OPEN: "Hand off",
    Verb.CLAIM: "Claim",
    Verb.DECLINE: "Decline",
    Verb.ASSIGN: "Assign…",
    Verb.RELEASE: "Put back",
    Verb.LAPSE: "Put back by the clock",
    Verb.TRANSFER: "Pass on",
    Verb.RETURN: "Send back",
    Verb.RESEND: "Resend",
    Verb.EDIT: "Edit",
    Verb.NOTE: "Add note",
    Verb.EDIT_NOTE: "Edit note",
    Verb.DELETE_NOTE: "Delete note",
    Verb.EXTEND: "Extend…",
    Verb.SNOOZE: "Snooze…",
    Verb.CONTINUE: "Still on it",
    Verb.READ_BACK: "Read back",
    Verb.CONFIRM: "Right",
    Verb.CORRECT: "Not quite",
    Verb.ASK: "Ask the sender",
    Verb.ANSWER: "Answer",
    Verb.COMPLETE: "Done",
    Verb.CANCEL: "Cancel handoff",
    Verb.REOPEN: "Reopen",
    Verb.REMIND: "Wake up",
    Verb.ESCALATE: "Remind",
    Verb.DELETE: "Delete",
}
"""What buttons, menus and forms call a verb."""

SHOW_ALL: Final = "Show all"
GO_ON: Final = "Go on now"
"""What the owner presses to end a snooze."""
KNOWN: Final = "I know it now"
"""What the owner presses to end their own question."""

INFINITIVES: Final[Mapping[Verb, str]] = {
    Verb.OPEN: "hand work over",
    Verb.CLAIM: "claim it",
    Verb.DECLINE: "decline it",
    Verb.ASSIGN: "assign it",
    Verb.RELEASE: "put it back",
    Verb.LAPSE: "take it back to its queue",
    Verb.TRANSFER: "pass it on",
    Verb.RETURN: "send it back",
    Verb.RESEND: "resend it",
    Verb.EDIT: "edit it",
    Verb.NOTE: "add a note",
    Verb.EDIT_NOTE: "edit a note on it",
    Verb.DELETE_NOTE: "delete a note on it",
    Verb.EXTEND: "extend its time",
    Verb.SNOOZE: "snooze it",
    Verb.CONTINUE: "go on with it",
    Verb.READ_BACK: "read it back",
    Verb.CONFIRM: "confirm its read-back",
    Verb.CORRECT: "say that its read-back is not quite right",
    Verb.ASK: "ask its sender",
    Verb.ANSWER: "answer the question about it",
    Verb.COMPLETE: "finish it",
    Verb.CANCEL: "cancel it",
    Verb.REOPEN: "reopen it",
    Verb.REMIND: "end its snooze",
    Verb.ESCALATE: "send its reminders",
    Verb.DELETE: "delete it",
}
"""A verb in the middle of a sentence: "can put it back"."""

PAST: Final[Mapping[Verb, str]] = {
    Verb.OPEN: "Sent",
    Verb.CLAIM: "Claimed",
    Verb.DECLINE: "Declined",
    Verb.ASSIGN: "Assigned",
    Verb.RELEASE: "Put back",
    Verb.LAPSE: "Put back",
    Verb.TRANSFER: "Passed on",
    Verb.RETURN: "Sent back",
    Verb.RESEND: "Sent again",
    Verb.EDIT: "Changed",
    Verb.NOTE: "Note",
    Verb.EDIT_NOTE: "Note edited",
    Verb.DELETE_NOTE: "Note deleted",
    Verb.EXTEND: "Extended",
    Verb.SNOOZE: "Snoozed",
    Verb.CONTINUE: "Confirmed",
    Verb.READ_BACK: "Read back",
    Verb.CONFIRM: "Read-back found right",
    Verb.CORRECT: "Corrected",
    Verb.ASK: "Asked",
    Verb.ANSWER: "Answered",
    Verb.COMPLETE: "Done",
    Verb.CANCEL: "Cancelled",
    Verb.REOPEN: "Reopened",
    Verb.REMIND: "Woken",
    Verb.ESCALATE: "Reminded",
    Verb.DELETE: "Deleted",
}
"""What was done, before "by": "Put back by Ana"."""

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

TOLD_CUSTOMER: Final[Mapping[str, str]] = {
    "nothing_yet": "Nothing yet",
    "colleague_will_call": "That a colleague will call",
    "full_story": "The full story",
}
"""What the customer knows already, by the key that is stored."""

CLOCKS: Final[Mapping[Clock, str]] = {
    Clock.CLAIM: "Claim",
    Clock.FIRST_ACTION: "First action",
    Clock.UPDATE: "Next sign of life",
    Clock.FINISH: "Finish",
    Clock.RESPOND: "Answer of the sender",
    Clock.NEEDED_BY: "Needed by",
    Clock.SNOOZE: "Snooze",
    Clock.CHECK: "Answer to “Still on it?”",
}

FIELDS: Final[Mapping[str, str]] = {
    "title": "title",
    "priority": "urgency",
    "next_step": "first thing to do",
    "link": "link",
    "needed_by": "needed by",
    "told_customer": "what the customer knows",
    "fields": "details",
}
"""What an edit may change, in words."""

REASONS: Final[Mapping[str, str]] = {
    "missing": "Facts are missing",
    "not_ours": "It belongs to another team",
    "duplicate": "We have it already",
    "wrong_customer": "It is the wrong customer",
    "other": "Something else",
}
"""Why work is sent back: the choices of the form by the key that is stored, where its template names no others."""

OTHER: Final = "other"
"""The reason that is always offered."""

LAPSES: Final[Mapping[str, str]] = {"no_answer": "There was no answer to “Still on it?”"}
"""Why the clock puts work back, by the key that is stored; `level:<key>` names a level of the policy."""


def label(verb: Verb, handoff: Handoff) -> str:
    """What a button calls a verb for this handoff: whoever lets it rest goes on, everybody else is still on it."""
    return GO_ON if verb is Verb.CONTINUE and handoff.snoozed_until else LABELS[verb]


def number(handoff: Handoff) -> str:
    """What people call a handoff: `#42`."""
    return f"#{handoff.number}"


def title(handoff: Handoff, most: int = 150) -> str:
    """The title for mrkdwn; a handoff without one (deleted) goes by its number."""
    return said(handoff.title, most) or number(handoff)


def plain_title(handoff: Handoff, most: int = 150) -> str:
    """The title for plain text, such as a button's label for screen readers."""
    return clip(" ".join(handoff.title.split()), most) or number(handoff)


def about(handoff: Handoff) -> str:
    """What a repeated button is about, for screen readers: `#42: Acme renewal`."""
    return f"{number(handoff)}: {plain_title(handoff)}"


def numbered(picture: Picture) -> str:
    """`#42`, as a link to the present card where there is one."""
    text = number(picture.handoff)
    return link(picture.permalink, text) if picture.permalink else text


def team(queue: Queue) -> str:
    """A queue's name for mrkdwn."""
    return said(queue.name, 75) or said(queue.key, 75) or "a team that is gone"


def team_of(picture: Picture, key: str) -> str:
    """The name of the queue with this key, as far as the picture knows it."""
    return team(picture.queue) if key == picture.queue.key else said(picture.queue_names.get(key, key), 75)


def name(picture: Picture, *, bold: bool = False, linked: bool = True) -> str:
    """What a sentence calls the handoff: `#42 Acme renewal`, the number linked to its card where there is one."""
    called = numbered(picture) if linked else number(picture.handoff)
    return f"{called} {set_off(title(picture.handoff), bold=bold)}"


def who(picture: Picture, user: str | None, reader: str = "") -> str:
    """A person in a message about them: by name where it is known, so that nobody is notified; a `reader` is "you"."""
    if user and user == reader:
        return "you"
    if user and user.startswith("queue:"):
        return f"the managers of {team_of(picture, user.removeprefix('queue:'))}"
    return person(picture.names, user)


def hearer(picture: Picture, to: str, reader: str = "") -> str:
    """Whoever a reminder is for: a person, the channel, a webhook, or the words of a level that mean nobody here."""
    kind, _, key = to.partition(":")
    if kind == "webhook" and key:
        return f"the webhook “{said(key, 60)}”"
    if to.startswith("S"):
        return "a user group without people"
    return f"the {said(to, 75)}" if any(letter.islower() for letter in to) else who(picture, to, reader)


def rest(choice: Rest) -> str:
    """A moment that a snooze offers, in plain text and its own zone: "Tomorrow morning, Tue 24 Nov at 09:00"."""
    at = choice.until
    day = {0: "This", 1: "Tomorrow"}.get(choice.days, f"Next {at:%A}" if choice.key == "monday" else f"{at:%A}")
    part = " morning" if at.hour < _NOON else " afternoon"
    lead = "In 1 hour" if choice.key == "1h" else f"{day}{part}"
    return f"{lead}, {at:%a} {at.day} {at:%b} at {at:%H:%M}"


def level(key: str) -> str:
    """A level of a policy by its key; what it says again is counted: `“late”`, `“late” (time 2)`."""
    name, _, again = key.partition("#")
    return f"“{said(name, 60)}”" + (f" (time {again})" if again.isdecimal() else "")


def reasons(template: Template | None) -> dict[str, str]:
    """Why work of this kind may be sent back, by key: what its template says, and always something else."""
    own = dict(template.reasons) if template and template.reasons else dict(REASONS)
    return {**own, OTHER: own.get(OTHER, REASONS[OTHER])}


def reason(key: str | None, template: Template | None = None) -> str:
    """Why it was sent back, declined or put back by the clock, for mrkdwn: a choice in words, or what was typed.

    `template` is the version that the work was written in, so that its reasons are readable for ever.
    """
    if template and key and key in template.reasons:
        return said(template.reasons[key], 150)
    known = {**REASONS, **LAPSES}.get(key or "")
    step = (key or "").partition("level:")[2]
    return known or (f"The team's policy says so at {level(step)}" if step else said(key or "", 150))


def because(key: str | None) -> str:
    """Why the clock put work back, as the end of a sentence."""
    if key == "no_answer":
        return " because there was no answer"
    step = (key or "").partition("level:")[2]
    return f" as the team's policy says at {level(step)}" if step else ""


def changed(fields: object, template: Template | None = None) -> str:
    """Name what an edit changed: "title, link". A template's questions are called as the form calls them."""
    names = fields if isinstance(fields, list | tuple) else []
    return ", ".join(_field(str(name), template) for name in names) or "details"


def _field(name: str, template: Template | None) -> str:
    key = name.removeprefix("fields.")
    question = template.question(key) if template else None
    return said(question.label) if question else FIELDS.get(key, escape(key))
