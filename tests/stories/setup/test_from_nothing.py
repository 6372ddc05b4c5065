"""Set-up played from an empty database to a claimed, escalated and completed handoff, without a configuration file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from slackapp.app import Running
from tests.databases import EITHER, ONE_ELSE_BOTH
from tests.slack_client import Workspace
from tests.stories.northwind import about, open_form, send, told
from tests.stories.setup.setup_room import KIM, empty_company, press, press_at, set_up, submit


@ONE_ELSE_BOTH
def test_an_admin_sets_a_team_up_and_its_first_handoff_is_claimed_late_and_done(
    slack: Workspace, start: Callable[..., Running], tmp_path: Path
) -> None:
    start(config=None)  # Kim is an admin of the Slack workspace

    first = set_up(slack)
    assert "0 of 5 done" in first.all_text()
    form = press_at(slack, "Add a team")
    assert form.title == "Add team"
    form.choose("Channel", "C0SUCCESS")
    page = submit(slack, {"Name": "Customer Success", "Members": ["U0EVA", "U0FARID"], "Managers": ["U0DAN"]})
    assert "Customer Success is set up" in page.all_text()

    press(slack, "Back")
    press(slack, "Back")
    press_at(slack, "Set working hours")
    week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]  # so that the story does not depend on today
    page = submit(slack, {"Name": "Always open", "Working days": week, "From": "00:00", "Until": "00:00"})
    assert "Mon–Sun 00:00–24:00" in page.all_text()
    press(slack, "Back")
    press(slack, "Back")
    press_at(slack, "Set deadlines")
    page = submit(slack, {"Claim within": "30m", "Finish within": "4h", "Teams": ["customer-success"]})
    assert "Used by Customer Success" in page.all_text()
    assert "Example:" in page.all_text()
    press(slack, "Back")
    press(slack, "Back")
    assert "4 of 5 done" in slack.modal(KIM).all_text()

    press_at(slack, "Hand something off")
    submit_form(slack)
    slack.settle()
    card = slack.find("U0EVA", "C0SUCCESS", "Acme renewal")

    slack.wait(minutes=40)
    late = about(slack, "U0DAN", "Acme renewal")
    assert late, told(slack, "U0DAN")

    card.click("Claim", by="U0EVA")
    assert "Eva Lindqvist" in card.all_text()
    card.click("Done", by="U0EVA")
    slack.modal("U0EVA").submit({})
    slack.settle()
    assert "Done by" in card.all_text()
    assert "First steps" not in set_up(slack).all_text()
    assert slack.problems() == []


def submit_form(slack: Workspace) -> None:
    form = slack.modal(KIM)
    answer = form.submit(
        {
            "title": "Acme renewal",
            "queue": "customer-success",
            "next_step": "Call Mara about it",
            "note": "They asked for 10% off and want an answer this week.",
        }
    )
    assert answer.ok, answer
    assert slack.views(KIM) == [], (slack.modal(KIM).all_text(), slack.modal(KIM).errors)


@EITHER
def test_with_nothing_set_up_admins_are_led_there_and_everybody_else_learns_whom_to_ask(
    slack: Workspace, start: Callable[..., Running], tmp_path: Path
) -> None:
    start(config=empty_company(tmp_path, "version: 1\nadmins: [U0KIM]\n"))

    open_form(slack, "U0EVA")
    assert f"Ask <@{KIM}> to add one" in slack.modal("U0EVA").all_text()
    assert slack.modal("U0EVA").buttons == {}

    for words in ("open", "open sales", "context sales", "mine"):
        slack.command("U0EVA", words)
        assert f"Ask <@{KIM}> to add one" in slack.ephemerals("U0EVA", "C0GENERAL")[-1].text, words
    for words in ("open", "mine"):
        slack.command(KIM, words)
        assert "Set up Baton" in slack.ephemerals(KIM, "C0GENERAL")[-1].buttons, words

    open_form(slack, KIM)
    page = press(slack, "Set up Baton")
    assert "0 of 5 done" in page.all_text()
    press_at(slack, "Add a team")
    slack.home(KIM)
    assert "0 of 5 steps done" in slack.home_tab(KIM).all_text()
    page = submit(slack, {"Name": "Support", "channel": "C0SUPPORT", "Members": ["U0INES"]})
    assert "Support is set up" in page.all_text()
    assert "2 of 5 steps done" in slack.home_tab(KIM).all_text()
    send(slack, "U0EVA", channel="C0SUPPORT", queue="support", note="They asked for 10% off and want an answer.")
    assert "3 of 5 steps done" in slack.home_tab(KIM).all_text()  # although it is none of Kim's work
    assert slack.problems() == []
