"""The demo team: made with a channel, tried with an example, and removed with its work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from slackapp.app import Running
from tests.databases import EITHER
from tests.slack_client import Workspace
from tests.stories.setup.setup_room import KIM, empty_company, press, press_at, set_up, submit


@pytest.fixture
def nothing_yet(share: Callable[..., Running], tmp_path: Path) -> Running:
    """A Baton with an admin and nothing else."""
    return share(empty_company(tmp_path, f"version: 1\nadmins: [{KIM}]\n"))


@EITHER
def test_a_demo_team_is_made_tried_and_removed_with_its_work(slack: Workspace, nothing_yet: Running) -> None:
    set_up(slack)
    press(slack, "Make a demo team")
    page = submit(slack, {"Channel": "C0SALES"})
    assert "The demo team is ready" in page.all_text()
    page = press(slack, "Send an example handoff")
    assert "#1 is sent" in page.all_text()
    card = slack.find(KIM, "C0SALES", "Acme: new customer")
    card.click("Claim", by=KIM)
    assert "Kim Tran" in card.all_text()

    set_up(slack)
    press_at(slack, "*Demo team*")
    assert "1 unfinished handoff will be cancelled" in slack.modal(KIM).all_text()
    page = submit(slack)
    assert "1 handoff cancelled" in page.all_text()
    assert "Cancelled" in card.all_text()
    assert "None yet" in page.all_text()  # no team is left
    assert slack.problems() == []


@EITHER
def test_the_demo_team_can_be_made_again(slack: Workspace, nothing_yet: Running) -> None:
    for _ in range(2):
        set_up(slack)
        press(slack, "Make a demo team")
        submit(slack, {"Channel": "C0SALES"})
        set_up(slack)
        press_at(slack, "*Demo team*")
        page = submit(slack)
        assert "The demo team is removed." in page.all_text()
