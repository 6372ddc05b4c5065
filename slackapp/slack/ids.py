"""Every name that Slack sends back to us: actions, forms, shortcuts, commands, fields, and the values of buttons.

Posted cards live for ever, so an id is never changed or given a new meaning, and a button's value carries a version.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from storage.handoffs.lifecycle import Verb

COMMAND: Final = "/handoff"
MORE: Final = "handoff.more"
SHOW: Final = "handoff.show"
NOTE_THERE: Final = "handoff.note_there"
"""Adds what was typed in a form to a handoff that is there already."""
VALUE: Final = "value"
"""The action_id of every input in a form; the block_id is the field's key."""

FORM_MORE: Final = "form.more"
FORM_BACK: Final = "form.back"
FORM_CONTINUE: Final = "form.continue"
FORM_DISCARD: Final = "form.discard"
"""Buttons inside a form of several pages; the value of the last two names the draft."""
FORM_BUTTONS: Final = frozenset({FORM_MORE, FORM_BACK, FORM_CONTINUE, FORM_DISCARD})
FILES: Final = ".files"
"""Ends the block_id of the files beside a question's links."""

_VERSION: Final = "v1"


class Shortcut(StrEnum):
    """Shortcuts as the manifest names them."""

    OPEN = "handoff.open"
    FROM_MESSAGE = "handoff.from_message"
    NOTE_FROM_MESSAGE = "handoff.note_from_message"


class Making(StrEnum):
    """What admins do with templates: buttons, choices of menus, and forms have the same names."""

    LIST = "template.list"
    NEW = "template.new"
    COPY = "template.copy"
    EDIT = "template.edit"
    ABOUT = "template.about"
    HANDLING = "template.handling"
    FIELD = "template.field"
    UP = "template.up"
    DOWN = "template.down"
    CONDITION = "template.condition"
    REMOVE = "template.remove"
    PREVIEW = "template.preview"
    PUBLISH = "template.publish"
    TAKE_OUT = "template.take_out"
    DISCARD = "template.discard"


class Field(StrEnum):
    """Keys of the fields that every form knows, and of those that the verbs' forms ask for."""

    TITLE = "title"
    QUEUE = "queue"
    PERSON = "person"
    PRIORITY = "priority"
    LINK = "link"
    NEXT_STEP = "next_step"
    NEEDED_BY = "needed_by"
    NOTE = "note"
    TOLD_CUSTOMER = "told_customer"
    TEMPLATE = "template"
    REASON = "reason"
    DURATION = "duration"
    REST = "rest"
    UNTIL = "until"
    VERDICT = "verdict"
    HELPED = "would_have_helped"
    GIST = "gist"
    FIRST_STEP = "first_step"
    BY = "by"


CORE: Final = frozenset({
    Field.TITLE, Field.QUEUE, Field.TEMPLATE, Field.PERSON, Field.PRIORITY, Field.LINK, Field.NEXT_STEP,
    Field.NEEDED_BY, Field.NOTE, Field.TOLD_CUSTOMER,
})  # fmt: skip
"""Keys that no field of a template may have: the form that opens a handoff asks for these itself."""


def action(verb: Verb) -> str:
    """The action_id of a verb's button and the callback_id of its form: `handoff.claim`."""
    return f"handoff.{verb.value}"


def verb_of(name: str) -> Verb | None:
    """The verb that an action_id, callback_id or menu value names, or None."""
    prefix, _, word = name.partition(".")
    return Verb(word) if prefix == "handoff" and word in set(Verb) else None


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a button's value says: the handoff, and in a menu what to do with it."""

    handoff_id: str
    action: str | None = None
    note_id: str | None = None
    """Which note of it, where it is about one."""


def button_value(handoff_id: str) -> str:
    """The value of a button."""
    return f"{_VERSION}:{handoff_id}"


def menu_value(action_id: str, handoff_id: str) -> str:
    """The value of an option in the overflow menu; `action_id` is what a button for it would have."""
    return f"{_VERSION}:{action_id}:{handoff_id}"


def note_value(action_id: str, handoff_id: str, note_id: str) -> str:
    """The value of an option in a note's menu."""
    return f"{menu_value(action_id, handoff_id)}:{note_id}"


def target(value: str) -> Target | None:
    """Read a value that `button_value`, `menu_value` or `note_value` made; None for anything else."""
    match value.split(":"):
        case [version, handoff_id] if version == _VERSION and handoff_id:
            return Target(handoff_id=handoff_id)
        case [version, name, handoff_id] if version == _VERSION and handoff_id:
            return Target(handoff_id=handoff_id, action=name)
        case [version, name, handoff_id, note_id] if version == _VERSION and handoff_id and note_id:
            return Target(handoff_id=handoff_id, action=name, note_id=note_id)
    return None


def new_id(prefix: str) -> str:
    """A new opaque id such as `h_3kq9…`: 80 random bits, no ordering, safe in URLs and Slack values."""
    return f"{prefix}_{secrets.token_hex(10)}"
