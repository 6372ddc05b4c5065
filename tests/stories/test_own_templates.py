"""Templates of a company's own: made in Slack by an admin, or written in the file, while work in them is under way."""

from __future__ import annotations

from typing import Any

import pytest

from slackapp.app import Running
from storage import templates
from storage.questions import Kind, Origin, Template
from tests.slack_client import Modal, Workspace

BOTH = pytest.mark.parametrize("dialect", ["sqlite", "postgresql"], indirect=True)
KIM, TEAM = "U0KIM", "T0LOCAL"
RENEWAL: dict[str, Any] = {
    "name": "Renewal at risk",
    "sender": "Account executive",
    "receiver": "Customer success",
    "about": "Save it.",
    "queue": ["success"],
}


def listing(slack: Workspace, user: str = KIM) -> Modal:
    assert slack.command(user, "templates").ok
    return slack.modal(user)


def menu_of(modal: Modal, words: str) -> dict[str, Any]:
    """The menu at the entry that holds some words: its element, and its choices by label."""
    for block in modal.raw["blocks"]:
        if words in str(block.get("text", {}).get("text")) and "accessory" in block:
            menu = block["accessory"]
            choices = {option["text"]["text"]: option["value"] for option in menu["options"]}
            return {"block_id": block["block_id"], "action_id": menu["action_id"], "choices": choices}
    raise AssertionError(f"no entry with {words!r} in {modal.all_text()}")


def choose(slack: Workspace, words: str, label: str, *, by: str = KIM) -> Modal:
    """Choose from the menu of an entry, and look at what is open then."""
    modal = slack.modal(by)
    menu = menu_of(modal, words)
    ids = {"block_id": menu["block_id"], "action_id": menu["action_id"]}
    slack.act("view_action", user=by, view_id=modal.id, value=menu["choices"][label], values={}, **ids)
    return slack.modal(by)


def press(slack: Workspace, label: str, *, by: str = KIM) -> Modal:
    slack.modal(by).click(label)
    return slack.modal(by)


def fill(slack: Workspace, *, by: str = KIM, **values: Any) -> Modal:
    """Send the form that is open, and look at what is open then."""
    slack.modal(by).submit(values)
    return slack.modal(by)


def add_field(slack: Workspace, *, by: str = KIM, **values: Any) -> Modal:
    press(slack, "Add a field", by=by)
    return fill(slack, by=by, **values)


def renewal(slack: Workspace, *, by: str = KIM) -> Modal:
    """Make a template with a lamp, and a question that is asked when it is not stable; not yet published."""
    listing(slack, by)
    press(slack, "New template", by=by)
    fill(slack, by=by, **RENEWAL)
    add_field(slack, by=by, label="How likely do we lose it?", type="lamp", marks=["required", "card"])
    add_field(slack, by=by, label="Why?", type="choice", options="Price\nThe people, & <others>", marks=["required"])
    choose(slack, "2. Why?", "When it is asked", by=by)
    lamp = "how_likely_do_we_lose_it"
    return fill(slack, by=by, shown_when=[f"{lamp}=watch", f"{lamp}=unstable"])


def stored(running: Running, key: str, version: int | None = None) -> Template | None:
    with running.baton.db.reading() as tx:
        return templates.get(tx, TEAM, key, version)


@BOTH
def test_an_admin_makes_a_template_from_nothing_and_the_team_offers_it(slack: Workspace, running: Running) -> None:
    draft = renewal(slack)

    assert "Asked when How likely do we lose it? is Watch or Unstable" in draft.all_text()
    assert stored(running, "renewal_at_risk") is None, "a draft is nobody's business"
    assert "Renewal at risk" not in listing(slack, "U0KIM").all_text().split("New template")[0]
    choose(slack, "Renewal at risk", "Go on")
    shown = press(slack, "Preview")
    assert [*shown.fields] == ["How likely do we lose it?", "Why?"]
    assert "Asked only when How likely do we lose it? is Watch or Unstable" in shown.all_text()
    shown.close()
    done = fill(slack)

    assert "*Renewal at risk* is in use, version 1." in done.all_text()
    assert "offered by Customer Success" in done.all_text()
    made = stored(running, "renewal_at_risk")
    assert made
    assert (made.version, made.origin, made.queues, made.card) == (
        1,
        Origin.SLACK,
        ("success",),
        ("how_likely_do_we_lose_it",),
    )
    lamp, why = made.questions
    assert (lamp.kind, lamp.required, why.options) == (
        Kind.LAMP,
        True,
        {"price": "Price", "the_people_others": "The people, & <others>"},
    )
    assert why.shown_when == why.required_when == {lamp.key: ("watch", "unstable")}
    assert slack.problems() == []
