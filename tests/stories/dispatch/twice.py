"""Deliver again what people do, and compare what that changed: it must be nothing.

The doors are the rows of the registers, so that a new button, form, shortcut or word without a scene fails a test.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select

import slackapp.bulk.register
import slackapp.directory.register
import slackapp.escalation.register
import slackapp.forms.register
import slackapp.handoffs.register
import slackapp.home.register
import slackapp.lists.register
import slackapp.personal.register
import slackapp.reports.register
import slackapp.setup.register
import slackapp.template_editor.register
import slackapp.watching.register
from slackapp.app import Running
from slackapp.capability import Capability
from slackapp.registers import REGISTERS
from slackapp.slack import ids
from slackapp.slack.command_text import split
from storage.db.metadata import metadata
from storage.outbox.model import HOME
from tests.slack_client import Workspace
from tests.stories.company import Json

BY_PEOPLE: Final = ("clicks", "forms", "closed", "shortcuts", "words")
"""The registers of what people do; Slack's events are taken once each by their id, and searches change nothing."""
_TYPES: Final = {
    "view_submission": "forms",
    "view_closed": "closed",
    "message_action": "shortcuts",
    "shortcut": "shortcuts",
}
SENT: Final = frozenset({"block_actions", "slash_command", *_TYPES})
"""What a person does, as the workspace's record of calls names it."""
SPOKEN: Final = frozenset({"chat.postMessage", "chat.postEphemeral", "files.completeUploadExternal", "response_url"})
ANSWERED_AGAIN: Final = frozenset({"clicks away.list"})
"""Buttons that change nothing and whose answer is a private message."""
NOT_SENT: Final = frozenset({"forms setup.show"})
"""Forms that Slack sends only if it shows them with a button that Baton never gives them."""
LEFT_OUT: Final = frozenset({"receipts", "pacing", "rate_limits", "homes", "home_subjects"})
"""Tables in which a delivery that changed nothing may leave something. What is stored of open Home tabs goes at the
pace at which they are published, and when nobody looks any more: so do those that wait for their turn.
"""

WORK: Final = "work"
LISTS: Final = "lists"
SETUP: Final = "setup"
PARTS: Final[Mapping[str, tuple[Capability, ...]]] = {
    WORK: (
        slackapp.forms.register.CAPABILITY,
        slackapp.handoffs.register.CAPABILITY,
        slackapp.template_editor.register.CAPABILITY,
        slackapp.watching.register.CAPABILITY,
    ),
    LISTS: (
        slackapp.bulk.register.CAPABILITY,
        slackapp.directory.register.CAPABILITY,
        slackapp.escalation.register.CAPABILITY,
        slackapp.home.register.CAPABILITY,
        slackapp.lists.register.CAPABILITY,
        slackapp.personal.register.CAPABILITY,
        slackapp.reports.register.CAPABILITY,
    ),
    SETUP: (slackapp.setup.register.CAPABILITY,),
}
"""Which packages' doors each of the tests goes through, all of them."""


def doors(*packages: Capability) -> set[str]:
    """Every button, form, shortcut and word of some packages."""
    return {f"{name} {key}" for one in packages for name in BY_PEOPLE for key in getattr(one, name)} - NOT_SENT


@dataclass
class Twice:
    """Has everything that people do within `each` delivered again, and remembers what that changed."""

    slack: Workspace
    running: Running
    done: set[str] = field(default_factory=set)
    """The doors through which something was delivered twice."""
    _wrong: list[str] = field(default_factory=list)
    """What a second delivery changed, or what was said about it."""
    _clicked: dict[str, Any] = field(default_factory=dict)
    """The last click."""
    _last: int = 0
    _again: bool = False

    @contextmanager
    def each(self, *, again: bool = False) -> Iterator[None]:
        """Deliver again each thing that is done in the block; with `again` also as a new click, a moment later."""
        self._new_calls()
        self._again = again
        self.slack.after_act = self._repeat
        try:
            yield
        finally:
            self.slack.after_act = None
            wrong, self._wrong = self._wrong, []
        assert wrong == [], "\n".join(wrong)

    def missing(self, part: str) -> set[str]:
        """The doors of a part through which nothing was delivered twice."""
        return doors(*PARTS[part]) - self.done

    def _repeat(self) -> None:
        """Deliver what has just been done once more."""
        self.slack.after_act = None  # what is delivered now is not repeated
        for call in self._new_calls():
            if call["method"] not in SENT:
                continue
            self._compare({key: value for key, value in call["args"].items() if key != "retry_attempt"})
        self.slack.after_act = self._repeat

    def press(self, action: str, value: str) -> None:
        """Deliver a click twice on a button that takes long to come by, as if the last one had been on that."""
        self.slack.after_act = None
        button = {**self._clicked["actions"][0], "action_id": action, "value": value, "type": "button"}
        self._deliver(payload := {**self._clicked, "actions": [button]})
        self._new_calls()
        self._compare(payload)
        self.slack.after_act = self._repeat

    def _compare(self, payload: dict[str, Any]) -> None:
        """Deliver what was delivered before, and note what that changed."""
        self._clicked = payload if "actions" in payload else self._clicked
        name = door_of(payload)
        self.done.add(name)
        stored = self._stored()
        for sent in (payload, clicked_again(payload)) if self._again else (payload,):
            self._deliver(sent)
        said = {one["method"] for one in self._new_calls() if one["method"] in SPOKEN}
        said -= {"response_url"} if name in ANSWERED_AGAIN else set()
        if changed := said | (self._stored() ^ stored):
            self._wrong.append(f"{name}: {sorted(changed)}")

    def _deliver(self, payload: dict[str, Any]) -> None:
        kind = "interactive" if "type" in payload else "slash_commands"
        assert self.slack.act("deliver", kind=kind, payload=payload).raw["status"] == 200

    def _new_calls(self) -> list[Json]:
        """The calls since the last time."""
        found = self.slack.calls(after=self._last)
        self._last = found[-1]["n"] if found else self._last
        return found

    def _stored(self) -> set[str]:
        with self.running.db.reading() as tx:
            return {
                f"{table.name} {as_stored(row)}"
                for table in metadata.sorted_tables
                if table.name not in LEFT_OUT
                for row in tx.execute(select(table)).mappings()
                if row.get("kind") != HOME
            }


def as_stored(row: Mapping[Any, Any]) -> str:
    """A row, without when a form was last looked at, and how often its inputs were drawn anew."""
    values = {name: value for name, value in row.items() if name != "saved_at"}
    if isinstance(content := values.get("content"), dict):
        values["content"] = {
            name: value for name, value in content.items() if name != "again" and not name.endswith("_at")
        }
    return json.dumps(values, default=str, sort_keys=True)


def door_of(payload: Mapping[str, Any]) -> str:
    """The register and the key by which Baton knows what somebody did."""
    if "type" not in payload:
        return f"words {_word(str(payload['text']))}"
    if payload["type"] == "block_actions":
        action = payload["actions"][0]
        chosen = ids.target((action.get("selected_option") or {}).get("value", ""))
        return f"clicks {(chosen.action if chosen else None) or action['action_id']}"
    return f"{_TYPES[payload['type']]} {payload.get('callback_id') or payload['view']['callback_id']}"


def _word(typed: str) -> str:
    text = split(typed)
    named = (key for key, row in REGISTERS.words.items() if text.first in {key, *row.aliases} and not row.is_example)
    fitting = (key for key, row in REGISTERS.words.items() if row.is_example and row.parse(text) is not None)
    return next(named, None) or next(fitting, "")


def clicked_again(payload: dict[str, Any]) -> dict[str, Any]:
    """The same button pressed once more."""
    actions = [{**action, "action_ts": f"{float(action['action_ts']) + 1:.6f}"} for action in payload["actions"]]
    return {**payload, "trigger_id": f"{payload['trigger_id']}1", "actions": actions}
