"""Two admins save the same team in the same instant, over HTTP: one is stored, the other is told, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.databases import ONE_ELSE_BOTH
from tests.slack_client import Workspace
from tests.stories.processes import Baton, free_port
from tests.stories.setup.setup_room import KIM, empty_company, press, press_at, set_up, submit

HUGO = "U0HUGO"


@pytest.fixture
def slack(database_url: str, tmp_path: Path) -> Iterator[Workspace]:
    """Northwind's Slack that posts signed requests to a Baton with two admins and nothing else."""
    port, file = free_port(), empty_company(tmp_path, f"version: 1\nadmins: [{KIM}, {HUGO}]\n")
    with Workspace.start(app_url=f"http://127.0.0.1:{port}/slack/events") as slack:
        slack.rate_limits(enabled=False)
        with Baton.start(slack, database_url, port=port, config=file):
            slack.settle()
            yield slack


@ONE_ELSE_BOTH
def test_of_two_who_save_a_team_at_once_the_second_decides(slack: Workspace) -> None:
    press_form = {KIM: {"Name": "Success EMEA"}, HUGO: {"Name": "Success APAC"}}
    set_up(slack)
    press_at(slack, "Add a team")
    submit(slack, {"Name": "Success", "channel": "C0SUCCESS", "Members": ["U0EVA"]})
    for admin in press_form:
        set_up(slack, admin)
        press_at(slack, "*Teams*", by=admin)
        press_at(slack, "*Success*", by=admin)
        press(slack, "People and channel", by=admin)
    gate = threading.Barrier(2)
    unsettled = Workspace(slack.base_url, settle_after_acts=False)

    def save(admin: str) -> None:
        form = unsettled.modal(admin)
        gate.wait()
        assert form.submit(press_form[admin]).ok

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(save, press_form))
    slack.settle()
    shown = {admin: slack.modal(admin).all_text() for admin in press_form}

    (told,) = [admin for admin, words in shown.items() if "while you were editing" in words]
    (first,) = press_form.keys() - {told}
    stored = press_form[first]["Name"]
    assert f"*{stored}*" in shown[first]
    assert f"name Success → {stored}" in shown[told]
    mine = submit(slack, by=told)  # Save anyway
    assert f"*{press_form[told]['Name']}*" in mine.all_text()
    history = set_up(slack, words="setup history").all_text()
    assert f"name Success → {stored}" in history
    assert f"name {stored} → {press_form[told]['Name']}" in history
    assert slack.problems() == []
