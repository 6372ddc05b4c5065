"""Ids that Slack sends back: actions, forms, shortcuts, commands, field keys, and the values of buttons.

Posted cards stay for ever, so an id is never changed or given a new meaning, and a button's value carries a version.
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
"""Adds the form's text as a note to an existing handoff."""
VALUE: Final = "value"
"""The action_id of every input in a form; the block_id is the field's key."""

EVERY_QUEUE: Final = "*"
"""Stands for all queues in the value of a button, where else a queue's key is."""
FORM_MORE: Final = "form.more"
FORM_BACK: Final = "form.back"
FORM_CONTINUE: Final = "form.continue"
FORM_DISCARD: Final = "form.discard"
"""Buttons inside a form of several pages; the value of the last two names the draft."""
FORM_BEGIN: Final = "form.begin"
"""Opens the form for a message; the value names its channel and its ts."""
AGAIN: Final = "form.again"
"""Opens the form that Slack did not open; the value names what was asked for then."""
FORM_BUTTONS: Final = frozenset({FORM_MORE, FORM_BACK, FORM_CONTINUE, FORM_DISCARD})
FILES: Final = ".files"
"""Suffix of the block_id of a question's file input."""

AWAY_OPEN: Final = "away.open"
AWAY_SET: Final = "away.set"
AWAY_END: Final = "away.end"
AWAY_LIST: Final = "away.list"
"""The form Away, the end of an absence, and the list of a person for whom somebody covers: the value is their id."""

SETTINGS_OPEN: Final = "settings.open"
SETTINGS_SAVE: Final = "settings.save"
SETTINGS_QUIET: Final = "settings.quiet"
"""Opens, and is, the form of a person's quiet hours."""
SETTINGS_QUIET_OFF: Final = "settings.quiet_off"

_VERSION: Final = "v1"


class Shortcut(StrEnum):
    """Callback ids of shortcuts, as in the manifest."""

    OPEN = "handoff.open"
    FROM_MESSAGE = "handoff.from_message"
    NOTE_FROM_MESSAGE = "handoff.note_from_message"


class TemplateAction(StrEnum):
    """Ids of the template editor's buttons, menu options and forms."""

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


class BulkAction(StrEnum):
    """Ids of the buttons and forms for several handoffs at once."""

    CLAIM = "bulk.claim"
    """Opens the form that claims several; the value names where they are listed (`v1:queue:KEY`, `v1:run:ID`)."""
    HAND_OVER = "bulk.hand_over"
    """Opens the form that hands over everything that a person owns."""
    ROWS = "bulk.rows"
    """The form with the rows of a hand-over."""
    PAGE = "bulk.page"
    NOTE = "bulk.note"
    """Opens, and is, the form of a note for one row."""
    RESULTS = "bulk.results"
    """Shows what became of each row of a run so far; the value names the run."""


class WatchAction(StrEnum):
    """Ids of the buttons that begin and stop to watch a handoff."""

    START = "watch.start"
    STOP = "watch.stop"


class ListAction(StrEnum):
    """Ids of the list modal's buttons and forms. The value of `OPEN` names the list: `slackapp.lists.rules`."""

    OPEN = "list.open"
    SEARCH = "list.search"
    """A text field whose content is searched for."""
    TURN = "list.turn"
    ROW = "list.row"
    """The one button of a row; its value names the act and the handoff."""
    ACT = "list.act"
    """A verb's form that was opened from a list."""
    FILTER = "list.filter"
    CLEAR = "list.clear"
    CSV = "list.csv"


LIST: Final = "list"
"""The key in a view's metadata of the list that it was opened from, as in a button's value."""


class SetupAction(StrEnum):
    """Ids of the buttons, menu options and forms with which admins set Baton up.

    The value of a button names a page (`team/success`), or a page and what on it is meant.
    """

    OPEN = "setup.open"
    """Opens set-up at a page, from a message or a Home tab."""
    SHOW = "setup.show"
    """Turns to a page where set-up is open."""
    TEAM = "setup.team"
    CHANNEL = "setup.channel"
    """A channel was chosen in a team's form."""
    HANDLING = "setup.handling"
    HOURS = "setup.hours"
    DAYS = "setup.days"
    HOLIDAYS = "setup.holidays"
    COUNTRY = "setup.country"
    """A country or region was chosen in the form of public holidays."""
    OWN_DAY = "setup.own_day"
    OWN_DAY_REMOVE = "setup.own_day_remove"
    DEFAULT_HOURS = "setup.default_hours"
    POLICY = "setup.policy"
    TARGETS = "setup.targets"
    LEVEL = "setup.level"
    LEVEL_UP = "setup.level_up"
    LEVEL_DOWN = "setup.level_down"
    LEVEL_REMOVE = "setup.level_remove"
    EXAMPLE = "setup.example"
    """A priority was chosen for the example of a policy."""
    PERSON = "setup.person"
    ADMINS = "setup.admins"
    EMOJI = "setup.emoji"
    REMOVE = "setup.remove"
    TAKE_THEIRS = "setup.take_theirs"
    """Drops what was typed in a form for what somebody else has saved meanwhile."""
    HAND_OFF = "setup.hand_off"
    """Opens the form of a new handoff."""
    DEMO = "setup.demo"
    DEMO_REMOVE = "setup.demo_remove"
    DEMO_HANDOFF = "setup.demo_handoff"


class Field(StrEnum):
    """Keys of the core fields, and of the fields in the verbs' forms."""

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
"""Keys reserved for the core fields of the form; no question of a template may have them."""


def action(verb: Verb) -> str:
    """Return the action_id of a verb's button, which is also the callback_id of its form: `handoff.claim`."""
    return f"handoff.{verb.value}"


def verb_of(name: str) -> Verb | None:
    """Return the verb of an action_id, callback_id or menu value, or None."""
    prefix, _, word = name.partition(".")
    return Verb(word) if prefix == "handoff" and word in set(Verb) else None


@dataclass(frozen=True, kw_only=True)
class Target:
    """The handoff of a button's value; in a menu also the action."""

    handoff_id: str
    action: str | None = None
    note_id: str | None = None
    """The note that the action is about, if any."""


def button_value(handoff_id: str) -> str:
    """Return the value of a button."""
    return f"{_VERSION}:{handoff_id}"


def menu_value(action_id: str, handoff_id: str) -> str:
    """Return the value of an overflow menu's option; `action_id` is that of a button for the same action."""
    return f"{_VERSION}:{action_id}:{handoff_id}"


def note_value(action_id: str, handoff_id: str, note_id: str) -> str:
    """Return the value of an option in a note's menu."""
    return f"{menu_value(action_id, handoff_id)}:{note_id}"


def target(value: str) -> Target | None:
    """Parse a value of `button_value`, `menu_value` or `note_value`; None for anything else."""
    match value.split(":"):
        case [version, handoff_id] if version == _VERSION and handoff_id:
            return Target(handoff_id=handoff_id)
        case [version, name, handoff_id] if version == _VERSION and handoff_id:
            return Target(handoff_id=handoff_id, action=name)
        case [version, name, handoff_id, note_id] if version == _VERSION and handoff_id and note_id:
            return Target(handoff_id=handoff_id, action=name, note_id=note_id)
    return None


def new_id(prefix: str) -> str:
    """Return a new opaque id such as `h_3kq9…`: 80 random bits, safe in URLs and Slack values."""
    return f"{prefix}_{secrets.token_hex(10)}"
