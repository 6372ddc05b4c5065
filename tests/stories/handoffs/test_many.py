"""A hundred and fifty teams, two hundred open handoffs, sixty notes: everything is found, fits and stays quick."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from slackapp.app import Running
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Opened
from storage.handoffs.acts import AddNote
from storage.handoffs.model import Text
from tests.slack_client import Workspace
from tests.stories.company import COMPANY
from tests.stories.northwind import ACME, HandOff, fill, open_form

QUICK_S: Final = 1.0
TEAMS: Final = 150


def big_company(folder: Path) -> Path:
    """Write a company with many teams besides the usual three."""
    company = folder / "company.yml"
    teams = "".join(
        f'  - {{key: team{n}, name: "Team {n} & <Co>", channel: C0SUPPORT, members: [U0INES], calendar: always}}\n'
        for n in range(TEAMS - 3)
    )
    company.write_text(COMPANY.read_text().replace("policies:\n", f"{teams}policies:\n"), "utf-8")
    return company


def open_many(running: Running, amount: int) -> list[str]:
    """Store many handoffs at once, as a busy morning would."""
    found = []
    for n in range(amount):
        draft = NewHandoff(
            title=f"Case {n} <!channel> & co", queue="success", next_step="Look at it", note=Text(plain="Some words")
        )
        opened = open_handoff(running.baton, workspace="T0LOCAL", user="U0BEN", draft=draft, form=f"V{n}")
        assert isinstance(opened, Opened)
        found.append(opened.handoff.id)
    return found


@pytest.mark.alone
def test_among_a_hundred_and_fifty_teams_one_is_found_by_typing(
    slack: Workspace, start: Callable[..., Running], tmp_path: Path
) -> None:
    start(config=big_company(tmp_path))
    form = open_form(slack, "U0EVA")

    assert len(form.suggest("queue", "")) == 100, "as many as Slack takes"
    assert form.suggest("queue", "team 147") == []
    assert form.suggest("queue", "TEAM 42 &") == ["team42"]
    assert form.suggest("queue", "customer") == ["success"]
    assert form.suggest("queue", "no such team") == []
    assert form.suggest("queue", "%") == []
    form.suggest("queue", "Team 42")
    form.submit({**ACME, "queue": "team42"})
    slack.settle()

    card = slack.find("U0INES", "C0SUPPORT", "Acme renewal")
    assert "unassigned in Team 42 &amp; &lt;Co&gt;" in card.text
    card.choose("Pass on", by="U0EVA")
    passing = slack.modal("U0EVA")
    assert passing.suggest("queue", "custom") == ["success"]
    fill(slack, "U0EVA", queue="success", note="Wrong team")
    assert "unassigned in Customer Success" in slack.find("U0EVA", "C0SUCCESS", "Acme renewal").text

    for words, found in [
        ("open", "1 handoff is waiting to be claimed"),
        ("open team 4 & <co>", "Nothing is waiting to be claimed"),
        ("open team", "fits 147"),
    ]:
        asked = slack.command("U0EVA", words)
        assert asked.took_ms < QUICK_S * 1000, f"{words} took {asked.took_ms} ms"
        assert found in slack.ephemerals("U0EVA", "C0GENERAL")[-1].all_text()
    assert "and 117 more" in slack.ephemerals("U0EVA", "C0GENERAL")[-1].text
    assert slack.problems() == []


@pytest.mark.alone
def test_two_hundred_open_handoffs_are_listed_at_once(slack: Workspace, running: Running) -> None:
    slack.settle_after_acts = False
    try:
        open_many(running, 200)
        for words in ("open", "open customer success"):
            asked = slack.command("U0EVA", words)
            assert asked.ok
            assert asked.took_ms < QUICK_S * 1000, f"{words} took {asked.took_ms} ms"
            shown = slack.ephemerals("U0EVA", "C0GENERAL")[-1]
            assert "200 handoffs are waiting to be claimed" in shown.text
            assert "Case 0 &lt;!channel&gt; &amp; co" in shown.all_text(), "the longest waiting stands first"
            assert "And 180 more." in shown.all_text()
        mine = slack.command("U0BEN", "mine")
        assert mine.ok
        assert mine.took_ms < QUICK_S * 1000
        assert "You have sent more than 20 handoffs." in slack.ephemerals("U0BEN", "C0GENERAL")[-1].text
    finally:
        slack.settle_after_acts = True
    assert slack.problems() == []


@pytest.mark.alone
def test_sixty_notes_are_read_page_by_page(slack: Workspace, hand_off: HandOff, running: Running) -> None:
    card = hand_off()
    handoff_id = str(card.buttons["Details"]["value"].partition(":")[2])
    for n in range(60):
        note = AddNote(text=Text(plain=f"Note {n}: {'word ' * 50}."))
        carry_out(
            running.baton, Request(workspace="T0LOCAL", handoff_id=handoff_id, act=note, user="U0EVA", form=f"N{n}")
        )
    began = time.monotonic()
    slack.settle_after_acts = False
    try:
        card.click("Details", by="U0EVA")
        assert time.monotonic() - began < 2 * QUICK_S

        seen = slack.modal("U0EVA").all_text()
        while "Next page" in slack.modal("U0EVA").buttons:
            before = slack.modal("U0EVA").all_text()
            slack.modal("U0EVA").click("Next page")
            ends = time.monotonic() + 60
            while slack.modal("U0EVA").all_text() == before and time.monotonic() < ends:
                time.sleep(0.02)
            seen += slack.modal("U0EVA").all_text()
        slack.modal("U0EVA").click("Previous page")
    finally:
        slack.settle_after_acts = True

    assert [n for n in range(60) if f"Note {n}: word" not in seen] == []
    assert "History" in seen
    slack.advance(600)
    assert slack.problems() == []
