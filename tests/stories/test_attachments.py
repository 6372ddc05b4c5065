"""Files beside a note: they are linked in it, and who may open them is Slack's business."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from slackapp.app import Running
from storage import handoffs, notes
from tests.slack_client import Workspace
from tests.stories.northwind import HandOff, fill, send, told
from tests.stories.test_repair import declined

BOTH: Final = pytest.mark.parametrize("dialect", ["sqlite", "postgresql"], indirect=True)
FILES: Final = "note.files"


def last_note(running: Running) -> str:
    with running.db.reading() as tx:
        handoff = handoffs.by_number(tx, "T0LOCAL", 1)
        assert handoff is not None
        return notes.of(tx, handoff.id)[-1].text.plain


@BOTH
def test_files_come_with_a_note_and_are_reached_from_show_all(
    slack: Workspace, hand_off: HandOff, running: Running
) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    card.choose("Add note", by="U0EVA")
    fill(slack, "U0EVA", note="The log of this morning.", **{FILES: ["export.log", "screen.png"]})

    assert last_note(running).startswith("The log of this morning.\n- export.log (http")
    card.click("Show all", by="U0BEN")
    shown = slack.modal("U0BEN").all_text()
    assert "export.log" in shown
    assert "screen.png" in shown
    assert slack.problems() == []


@BOTH
@pytest.mark.parametrize("label", ["Put back", "Done"])
def test_files_come_along_when_the_work_moves(
    slack: Workspace, hand_off: HandOff, running: Running, label: str
) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    card.click(label, by="U0EVA")
    fill(slack, "U0EVA", note="See the picture.", **{FILES: ["screen.png"]})

    assert "screen.png (http" in last_note(running)
    assert slack.problems() == []


def test_files_alone_say_something_where_a_note_may_stay_empty(
    slack: Workspace, hand_off: HandOff, running: Running
) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    card.click("Done", by="U0EVA")
    fill(slack, "U0EVA", **{FILES: ["signed.pdf"]})

    assert "signed.pdf (http" in last_note(running)
    assert "signed.pdf" in told(slack, "U0BEN")[-1]


def test_without_the_scope_no_files_are_asked_for(slack: Workspace, start: Callable[..., Running]) -> None:
    declined(slack)
    start()
    card = send(slack)
    card.click("Claim", by="U0EVA")
    card.choose("Add note", by="U0EVA")

    assert slack.modal("U0EVA").fields == ["Note"]
    assert slack.problems() == []
