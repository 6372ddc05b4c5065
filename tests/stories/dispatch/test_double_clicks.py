"""A second click, or the same thing delivered again, writes nothing and says nothing: it is done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select

from slackapp.app import Running
from slackapp.slack import ids
from storage.db.metadata import metadata
from tests.slack_client import Message, Workspace
from tests.stories.company import Json, policy
from tests.stories.northwind import ACME, fill, look_up, open_form, send
from tests.stories.template_editor import test_own_templates
from tests.tables import check_rows

WORKSPACE: Final = "T0LOCAL"
SENT: Final = frozenset({"block_actions", "view_submission", "view_closed", "message_action", "shortcut"})
"""What a person does, as Slack's payloads call it."""
SPOKEN: Final = frozenset({"chat.postMessage", "chat.postEphemeral", "response_url"})
LEFT_OUT: Final = frozenset({"receipts", "pacing", "rate_limits"})
"""Tables in which a delivery that changed nothing may leave something."""


@dataclass
class Twice:
    """Has everything that people do within `each` delivered again, and remembers what that changed."""

    slack: Workspace
    running: Running
    done: set[str] = field(default_factory=set)
    """Names of what was delivered twice: action ids, callback ids."""
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

    def _repeat(self) -> None:
        """Deliver what has just been done once more."""
        self.slack.after_act = None  # what is delivered now is not repeated
        for call in self._new_calls():
            if call["method"] not in SENT:
                continue
            payload = {key: value for key, value in call["args"].items() if key != "retry_attempt"}
            self.done.add(name_of(payload))
            stored = self._stored()
            for sent in (payload, clicked_again(payload)) if self._again else (payload,):
                assert self.slack.act("deliver", kind="interactive", payload=sent).raw["status"] == 200
            said = [one["method"] for one in self._new_calls() if one["method"] in SPOKEN]
            assert said == [], name_of(payload)
            assert self._stored() - stored == set(), name_of(payload)
            assert stored - self._stored() == set(), name_of(payload)
        self.slack.after_act = self._repeat

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
            }


def as_stored(row: Mapping[Any, Any]) -> str:
    """A row, without when a form was last looked at, and how often its inputs were drawn anew."""
    values = {name: value for name, value in row.items() if name != "saved_at"}
    if isinstance(content := values.get("content"), dict):
        values["content"] = {
            name: value for name, value in content.items() if name != "again" and not name.endswith("_at")
        }
    return json.dumps(values, default=str, sort_keys=True)


def name_of(payload: dict[str, Any]) -> str:
    """The id by which Baton knows what somebody did."""
    if payload["type"] == "block_actions":
        action = payload["actions"][0]
        chosen = ids.target((action.get("selected_option") or {}).get("value", ""))
        return (chosen.action if chosen else None) or str(action["action_id"])
    return f"{payload['type']} {payload.get('callback_id') or payload['view']['callback_id']}"


def clicked_again(payload: dict[str, Any]) -> dict[str, Any]:
    """The same button pressed once more."""
    actions = [{**action, "action_ts": f"{float(action['action_ts']) + 1:.6f}"} for action in payload["actions"]]
    return {**payload, "trigger_id": f"{payload['trigger_id']}1", "actions": actions}


def company_of_all(read: Json) -> None:
    """Support asks for a read-back; Customer Success asks an owner of whom nothing is heard for two hours."""
    contract = {"key": "contract", "label": "Contract", "type": "short"}
    read["templates"] = [{"key": "takeover", "name": "Takeover", "read_back": "soft", "fields": [contract]}]
    read["queues"][1]["templates"] = ["takeover"]


SILENT: Final = {"key": "silent", "clock": "update", "at": "100%", "do": "check", "within": "1h"}


def notes(twice: Twice, slack: Workspace, card: Message) -> None:
    with twice.each():
        card.choose("Add note", by="U0EVA")
        fill(slack, "U0EVA", note="The discount is 90 %.")
    for label, words in (("Edit", {"note": "The discount is 9 %."}), ("Delete", {})):
        with twice.each():
            choose_from_note(slack, card, label)
            fill(slack, "U0EVA", **words)
    reply = slack.message("U0DAN", "Mara is back on Monday.", channel="C0SUCCESS", thread_ts=card.ts)
    with twice.each():
        reply.shortcut("handoff.note_from_message", by="U0EVA")


def choose_from_note(slack: Workspace, card: Message, label: str) -> None:
    card.click("Details", by="U0EVA")
    view = slack.modal("U0EVA")
    (*_, block) = [block for block in view.raw["blocks"] if (block.get("accessory") or {}).get("type") == "overflow"]
    (value,) = [one["value"] for one in block["accessory"]["options"] if one["text"]["text"].startswith(label)]
    named = {"block_id": block["block_id"], "action_id": block["accessory"]["action_id"]}
    slack.act("view_action", user="U0EVA", view_id=view.id, value=value, values={}, **named)


def questions(twice: Twice, slack: Workspace, card: Message) -> None:
    with twice.each():
        card.choose("Ask the sender", by="U0EVA")
        fill(slack, "U0EVA", note="Which contract do they have?")
    with twice.each():
        slack.dms("U0BEN")[-1].click("Answer", by="U0BEN")
        fill(slack, "U0BEN", note="The long one.")


def snoozes(twice: Twice, slack: Workspace, card: Message) -> None:
    with twice.each():
        card.choose("Snooze…", by="U0EVA")
        fill(slack, "U0EVA", rest="1h")
    with twice.each(again=True):
        card.click("Resume", by="U0EVA")


def hands(twice: Twice, slack: Workspace, card: Message) -> None:
    with twice.each():
        look_up(slack, card, "Extend…", by="U0DAN")
        fill(slack, "U0DAN", duration="1h")
    with twice.each():
        look_up(slack, card, "Assign…", by="U0DAN")
        fill(slack, "U0DAN", person="U0FARID")
    with twice.each():
        card.click("Put back", by="U0FARID")
        fill(slack, "U0FARID", note="I have no time for it.")
    with twice.each():
        card.choose("Pass on", by="U0DAN")
        assert fill(slack, "U0DAN", queue="success", person="U0GRACE", note="For you.").ok
        assert slack.views("U0DAN") == [], slack.modal("U0DAN").errors
    with twice.each():
        slack.dms("U0GRACE")[-1].click("Decline", by="U0GRACE")
        fill(slack, "U0GRACE", note="Not mine.")
    with twice.each():
        card.choose("Send back", by="U0DAN")
        fill(slack, "U0DAN", reason="other", note="Which contract?")
    with twice.each():
        card.click("Add and send again", by="U0BEN")
        fill(slack, "U0BEN", note="The long one.")
    with twice.each():
        card.choose("Edit", by="U0BEN")
        fill(slack, "U0BEN", title="Acme renewal, 2027")


def ends(twice: Twice, slack: Workspace, card: Message) -> None:
    with twice.each(again=True):
        card.click("Claim", by="U0EVA")
    with twice.each():
        card.click("Done", by="U0EVA")
        fill(slack, "U0EVA")
    with twice.each():
        card.click("Reopen", by="U0BEN")
        fill(slack, "U0BEN", note="They called again.")
    with twice.each():
        card.choose("Cancel handoff", by="U0BEN")
        fill(slack, "U0BEN")
    with twice.each():
        look_up(slack, card, "Delete", by="U0BEN")
        fill(slack, "U0BEN")


def reads_back(twice: Twice, slack: Workspace) -> None:
    for title, answer, again in (("Globex", "Needs a correction", False), ("Initech", "Looks right", True)):
        form = open_form(slack, "U0BEN")
        with twice.each():
            form.submit({**ACME, "title": title, "queue": "support"})
            fill(slack, "U0BEN", contract="C-17")
            come_to_the_end(slack, "U0BEN")
        card = slack.find("U0INES", "C0SUPPORT", title)
        with twice.each():
            card.click("Claim", by="U0INES")
            fill(slack, "U0INES")
        asked = next(one for one in reversed(slack.dms("U0BEN")) if answer in one.buttons)
        with twice.each(again=again):
            asked.click(answer, by="U0BEN")
            if slack.views("U0BEN"):
                fill(slack, "U0BEN", note="It is the short one.")
        if answer == "Needs a correction":
            with twice.each():
                card.click("Read back", by="U0INES")
                fill(slack, "U0INES")


def come_to_the_end(slack: Workspace, user: str) -> None:
    """Take no advice."""
    while slack.views(user):
        assert fill(slack, user).ok


def form_pages(twice: Twice, slack: Workspace) -> None:
    link = "https://acme.my.salesforce.com/0065g00000abCde"
    form = open_form(slack, "U0BEN")
    with twice.each():
        form.choose("queue", "support")
        form.click("More", {"title": "Hooli", "next_step": ACME["next_step"], "link": link})
        form.click("Back", {"note": ACME["note"]})
        form.submit()
        slack.modal("U0BEN").fill({"contract": "C-18"}).click("Back")
        slack.modal("U0BEN").close()


def shortcuts(twice: Twice, slack: Workspace) -> None:
    said = slack.message("U0CLARA", "Globex wants a call", channel="C0SALES")
    with twice.each():
        said.shortcut("handoff.from_message", by="U0CLARA")
        slack.modal("U0CLARA").close()
    with twice.each():
        slack.shortcut("U0CLARA", "handoff.open")
        slack.modal("U0CLARA").close()


def silence(twice: Twice, slack: Workspace) -> None:
    card = send(slack, title="Umbrella")
    card.click("Claim", by="U0EVA")
    slack.wait(hours=2, minutes=1)
    (asked,) = [one for one in slack.dms("U0EVA") if list(one.buttons)[:1] == ["Yes"]]
    with twice.each(again=True):
        asked.click("Yes", by="U0EVA")


def own_templates(twice: Twice, slack: Workspace) -> None:
    test_own_templates.listing(slack)
    with twice.each():
        test_own_templates.press(slack, "New template")
        test_own_templates.fill(slack, **test_own_templates.RENEWAL)
    for label in ("Risk", "Why"):
        with twice.each():
            test_own_templates.press(slack, "Add question")
            test_own_templates.fill(slack, label=label, type="choice", options="Yes\nNo")
    for entry, label in (("2. Why", "Move up"), ("1. Why", "Move down")):
        with twice.each():
            test_own_templates.choose(slack, entry, label)
    with twice.each():
        test_own_templates.choose(slack, "2. Why", "Conditions")
        test_own_templates.fill(slack, shown_when=["risk=yes"])
    with twice.each():
        test_own_templates.choose(slack, "2. Why", "Remove…")
        test_own_templates.fill(slack)
    with twice.each():
        test_own_templates.press(slack, "Details and teams")
        test_own_templates.fill(slack, name="Renewal in danger")
    with twice.each():
        test_own_templates.press(slack, "Handling")
        test_own_templates.fill(slack)
    with twice.each():
        test_own_templates.press(slack, "Preview").close()
    with twice.each():
        test_own_templates.fill(slack)
    with twice.each():
        test_own_templates.choose(slack, "Renewal in danger", "Duplicate")
    slack.modal("U0KIM").close()
    with twice.each():
        test_own_templates.choose(slack, "Renewal in danger (copy)", "Discard draft…")
        test_own_templates.fill(slack)
    with twice.each():
        test_own_templates.choose(slack, "Renewal in danger", "Edit")
    slack.modal("U0KIM").close()
    with twice.each():
        test_own_templates.choose(slack, "Renewal in danger", "Discard draft…")
        test_own_templates.fill(slack)
    with twice.each():
        test_own_templates.choose(slack, "Renewal in danger", "Retire…")
        test_own_templates.fill(slack)


@pytest.fixture
def twice(slack: Workspace, share: Callable[..., Running], company: Callable[..., Path]) -> Twice:
    return Twice(slack, share(config=company(policy({"update": "2h"}, SILENT), company_of_all)))


def begins(twice: Twice, slack: Workspace) -> Message:
    """Work that Eva has claimed."""
    form = open_form(slack, "U0BEN")
    with twice.each():
        form.submit(ACME)
        come_to_the_end(slack, "U0BEN")
    card = slack.find("U0BEN", "C0SUCCESS", ACME["title"])
    with twice.each(again=True):
        card.click("Claim", by="U0EVA")
    return card


def test_every_button_and_form_of_work_delivered_twice_is_done_once(slack: Workspace, twice: Twice) -> None:
    card = begins(twice, slack)
    scenes = (notes, questions, snoozes, hands, ends)
    check_rows(scenes, lambda scene: scene(twice, slack, card), name=lambda scene: scene.__name__)


def test_every_other_button_and_form_delivered_twice_is_done_once(slack: Workspace, twice: Twice) -> None:
    scenes = (reads_back, form_pages, shortcuts, silence, own_templates)
    check_rows(scenes, lambda scene: scene(twice, slack), name=lambda scene: scene.__name__)
