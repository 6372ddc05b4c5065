"""How an admin finds their way in set-up: pages, rows, menus and forms, in the local workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from tests.slack_client import Modal, Workspace

KIM: Final = "U0KIM"
NOTHING: Final = "version: 1\n"


def empty_company(folder: Path, text: str = NOTHING) -> Path:
    """A configuration file in which next to nothing is set up."""
    file = folder / "empty.yml"
    file.write_text(text, encoding="utf-8")
    return file


def set_up(slack: Workspace, user: str = KIM, words: str = "setup") -> Modal:
    """Type /handoff setup and look at it."""
    answer = slack.command(user, words)
    assert answer.ok, answer
    return slack.modal(user)


def row(modal: Modal, words: str) -> dict[str, Any]:
    """The element at the side of the line that holds some words, with its block_id."""
    for block in modal.raw["blocks"]:
        if words in str((block.get("text") or {}).get("text")) and "accessory" in block:
            return {**block["accessory"], "block_id": block["block_id"]}
    raise AssertionError(f"no row with {words!r} in {modal.all_text()}")


def press_at(slack: Workspace, words: str, *, by: str = KIM) -> Modal:
    """Press the button at the side of the line that holds some words, and look at what is open then."""
    modal = slack.modal(by)
    element = row(modal, words)
    ids = {"block_id": element["block_id"], "action_id": element["action_id"]}
    answer = slack.act("view_action", user=by, view_id=modal.id, value=element["value"], values={}, **ids)
    assert answer.ok, answer
    return slack.modal(by)


def choose_at(slack: Workspace, words: str, label: str, *, by: str = KIM) -> Modal:
    """Choose from the menu at the side of the line that holds some words, and look at what is open then."""
    modal = slack.modal(by)
    menu = row(modal, words)
    value = next(one["value"] for one in menu["options"] if one["text"]["text"] == label)
    ids = {"block_id": menu["block_id"], "action_id": menu["action_id"]}
    answer = slack.act("view_action", user=by, view_id=modal.id, value=value, values={}, **ids)
    assert answer.ok, answer
    return slack.modal(by)


def press(slack: Workspace, label: str, *, by: str = KIM) -> Modal:
    """Press a button, and look at what is open then."""
    answer = slack.modal(by).click(label)
    assert answer.ok, answer
    return slack.modal(by)


def submit(slack: Workspace, values: dict[str, Any] | None = None, *, by: str = KIM) -> Modal:
    """Send the form that is open, and look at what is open then."""
    form = slack.modal(by)
    answer = form.submit(values or {})
    assert answer.ok, (answer, form.raw["errors"])
    return slack.modal(by)
