"""Templates: which questions the form of a kind of handoff asks, and how work of that kind is taken over.

A template is data. Each change makes a new version, and a handoff keeps the version it was written in, so that an old
answer is always read beside the question it answered. Answers live in `Handoff.fields`, by the question's key;
`AnswerType` says in which shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from storage.handoffs.lifecycle import ReadBack


class AnswerType(StrEnum):
    """What a question asks for, and so the shape of its answer as JSON. A question without an answer has no key."""

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
    """Links and Slack files: `{"links": [address], "files": [{"id", "name", "permalink"}]}`; who may open a file is
    Slack's business."""
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
    """Where the first value of a question may come from, besides the sender."""

    LAST = "last"
    """The last handoff of the same record, written in the same template."""
    QUOTE = "quote"
    """The text of the message, or the thread, that the handoff starts from."""
    AUTHOR = "author"
    """Who wrote that message."""
    PARTICIPANTS = "participants"
    """Who took part in its thread."""
    FILES = "files"
    """The files and links in it."""
    PERMALINK = "permalink"
    """Its address."""
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
    """It is required while each of these other questions has one of these answers (a tick's answer is `yes`)."""
    shown_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """It is only asked while each of these other questions has one of these answers."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Choices in order: key → words."""
    prefill: tuple[PrefillSource, ...] = (PrefillSource.LAST,)
    """Where its first value comes from; the first source that has something counts."""
    weight: int = 1
    """How much it counts in the quality of the context; 0 to 5."""
    confirms: tuple[str, ...] = ()
    """For `multi`: its options are the keys of these questions; those ticked are shown as confirmed, others heard."""
    waives: bool = False
    """For `tick`: ticked, it states that there is nothing to report, and nothing else is asked."""
    least: str = ""
    most: str = ""
    """For `number`: the bounds, as text; empty is none."""


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """Something that is to be done after the handoff: what, and within which time (as in policies: `5d`, `2h`)."""

    what: str
    within: str


class Origin(StrEnum):
    """Who owns a template: Baton's release, the configuration file, or somebody who made it in Slack."""

    SHIPPED = "shipped"
    FILE = "file"
    SLACK = "slack"


class Noting(StrEnum):
    """Whether the form asks for a free note beside the template's questions."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Template:
    """The form of a kind of handoff. Versions count up; `workspace` is empty until it is stored."""

    workspace: str = ""
    key: str
    version: int = 1
    origin: Origin = Origin.SHIPPED
    name: str
    sender: str = ""
    """Who writes it, in words: "AE"."""
    receiver: str = ""
    """Who takes over, in words: "Customer success"."""
    about: str = ""
    """What it is for, in a sentence."""
    questions: tuple[Question, ...] = ()
    note: Noting = Noting.OPTIONAL
    card: tuple[str, ...] = ()
    """Keys of the questions, at most five, whose answers stand on the card."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why work of this kind is sent back: key → words. Empty for the reasons that every queue has."""
    read_back: ReadBack = ReadBack.OFF
    read_back_ask: str = ""
    """What the receiver is asked to say back; empty for Baton's own words."""
    private: bool = False
    """Whether its contents are for those only who have to know them."""
    retention_days: int | None = None
    """Days after the end after which the contents are removed; None keeps them."""
    follow_ups: tuple[FollowUp, ...] = ()
    queues: tuple[str, ...] = ()
    """Keys of the queues that offer it, for a template that was made in Slack; others are named by their queues."""

    def question(self, key: str) -> Question | None:
        """The question with this key."""
        return next((question for question in self.questions if question.key == key), None)


CARD_FACTS: Final = 5
"""Answers that a card shows at most."""
