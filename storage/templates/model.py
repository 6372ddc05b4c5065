"""Read models of templates: the questions of a form, and the terms of handoffs opened with it.

A template is data. Each change makes a new version, and a handoff keeps the version of its form, so that an old answer
is always shown with the question it answered. Answers are in `Handoff.fields`, by the question's key; `AnswerType`
defines their JSON shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from storage.handoffs.lifecycle import ReadBackMode


class AnswerType(StrEnum):
    """The type of a question, with the JSON shape of its answer. An unanswered question has no key."""

    SHORT = "short"
    """One line: text."""
    LONG = "long"
    """Several lines: text, as typed."""
    CHOICE = "choice"
    """One of its options: the option's key."""
    MULTI = "multi"
    """Some of its options: a list of keys."""
    TICK = "tick"
    """Yes: true. Not ticked is no answer."""
    DATE = "date"
    """A day: `2026-11-25`."""
    WHEN = "when"
    """An instant: ISO 8601 in UTC."""
    NUMBER = "number"
    """A decimal number, as text so that nothing is rounded: `"12.50"`."""
    URL = "url"
    """A web address: text."""
    FILES = "files"
    """Links and Slack files: `{"links": [address], "files": [{"id", "name", "permalink"}]}`; Slack decides who
    may open a file."""
    PERSON = "person"
    """A user id."""
    CHECKLIST = "checklist"
    """One point a line: a list of texts."""
    LAMP = "lamp"
    """`stable`, `watch` or `unstable`, or the keys of options that name three such steps."""
    KEY_VALUE = "key-value"
    """Names with values, `name: value` a line: a list of pairs of texts."""


LAMP: Final[Mapping[str, str]] = {"stable": "Stable", "watch": "Watch", "unstable": "Unstable"}
"""The options of a lamp that names none."""


class PrefillSource(StrEnum):
    """A source of a question's first value, besides the sender."""

    LAST = "last"
    """The last handoff of the same record, written in the same template."""
    QUOTE = "quote"
    """The text of the message, or the thread, that the handoff starts from."""
    AUTHOR = "author"
    """The author of that message."""
    PARTICIPANTS = "participants"
    """The people who wrote in its thread."""
    FILES = "files"
    """The files and links in it."""
    PERMALINK = "permalink"
    """Its permalink."""
    SENT_AT = "sent_at"
    """When it was written."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One field of a template. `label`, `help` and `placeholder` are plain text for people."""

    key: str
    label: str
    kind: AnswerType
    help: str = ""
    placeholder: str = ""
    required: bool = False
    required_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Required while each of these other questions has one of these answers (a tick's answer is `yes`)."""
    shown_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Asked only while each of these other questions has one of these answers."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Choices in order: key → words."""
    prefill: tuple[PrefillSource, ...] = (PrefillSource.LAST,)
    """Sources of its first value; the first one with a value is used."""
    weight: int = 1
    """Weight in the quality of the context, 0 to 5."""
    confirms: tuple[str, ...] = ()
    """For `multi`: its options are the keys of these questions; ticked ones are "confirmed", the others "heard"."""
    waives: bool = False
    """For `tick`: ticked, it states that there is nothing to report, and nothing else is asked."""
    least: str = ""
    most: str = ""
    """For `number`: the bounds, as text; empty is none."""


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """A task to do after the handoff: what, and within which time (as in policies: `5d`, `2h`)."""

    what: str
    within: str


class Origin(StrEnum):
    """Where a template comes from: Baton's release, the configuration file, or the editor in Slack."""

    SHIPPED = "shipped"
    FILE = "file"
    SLACK = "slack"


class NoteMode(StrEnum):
    """Whether the form has a free note field after the template's questions."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Template:
    """The form for a kind of handoff. Versions count up; `workspace` is empty until it is stored."""

    workspace: str = ""
    key: str
    version: int = 1
    origin: Origin = Origin.SHIPPED
    name: str
    sender: str = ""
    """Who fills it in, in words: "AE"."""
    receiver: str = ""
    """Who receives the handoff, in words: "Customer success"."""
    about: str = ""
    """Description in a sentence."""
    questions: tuple[Question, ...] = ()
    note: NoteMode = NoteMode.OPTIONAL
    card: tuple[str, ...] = ()
    """Keys of the questions, at most five, whose answers are shown on the card."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Reasons for returning a handoff: key → words. Empty for the default reasons."""
    read_back: ReadBackMode = ReadBackMode.OFF
    read_back_ask: str = ""
    """The prompt for the read-back; empty for the default prompt."""
    private: bool = False
    """Whether only the people involved may see the contents of its handoffs."""
    retention_days: int | None = None
    """Days after the end of a handoff until its contents are removed; None keeps them."""
    follow_ups: tuple[FollowUp, ...] = ()
    queues: tuple[str, ...] = ()
    """Keys of the queues that offer it, if it was made in Slack; for other templates the queues list them."""

    def question(self, key: str) -> Question | None:
        """Return the question with this key, or None."""
        return next((question for question in self.questions if question.key == key), None)


CARD_FACTS: Final = 5
"""Most answers that a card shows."""
