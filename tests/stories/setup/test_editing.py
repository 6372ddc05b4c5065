"""Admins edit what is set up: several at once, with mistakes, in channels Baton cannot post in, what the file owns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from slackapp.app import Running
from tests.databases import EITHER
from tests.slack_client import Modal, Workspace
from tests.stories.northwind import about, send
from tests.stories.setup.setup_room import KIM, choose_at, empty_company, press, press_at, set_up, submit

HUGO = "U0HUGO"
ADMINS = f"version: 1\nadmins: [{KIM}, {HUGO}]\n"


@pytest.fixture
def nothing_yet(share: Callable[..., Running], tmp_path: Path) -> Running:
    """A Baton with two admins and nothing else."""
    return share(empty_company(tmp_path, ADMINS))


def add_team(slack: Workspace, name: str = "Success", channel: str = "C0SUCCESS", *, by: str = KIM) -> Modal:
    """Add a team, and look at its page."""
    set_up(slack, by)
    press_at(slack, "*Teams*", by=by)
    press(slack, "Add team", by=by)
    return submit(slack, {"Name": name, "channel": channel, "Members": ["U0EVA"]}, by=by)


@EITHER
def test_the_second_of_two_admins_sees_what_the_first_changed_and_decides(
    slack: Workspace, nothing_yet: Running
) -> None:
    add_team(slack)
    for admin in (KIM, HUGO):
        set_up(slack, admin)
        press_at(slack, "*Teams*", by=admin)
        press_at(slack, "*Success*", by=admin)
        press(slack, "People and channel", by=admin)
    submit(slack, {"Managers": ["U0DAN"]}, by=HUGO)

    asked = submit(slack, {"Name": "Customer Success"})
    words = asked.all_text()
    assert "changed this" in words
    assert "while you were editing" in words
    assert "Dan Roth" in words
    assert "U0DAN" not in words.replace("<@U0DAN>", "")
    assert asked.values["name"]["value"]["value"] == "Customer Success"  # what was typed stays
    assert asked.raw["submit"]["text"] == "Save anyway"

    mine = submit(slack)
    assert "*Customer Success*" in mine.all_text()


@EITHER
def test_an_admin_takes_what_the_other_has_saved(slack: Workspace, nothing_yet: Running) -> None:
    add_team(slack)
    for admin in (KIM, HUGO):
        set_up(slack, admin)
        press_at(slack, "*Teams*", by=admin)
        press_at(slack, "*Success*", by=admin)
        press(slack, "People and channel", by=admin)
    submit(slack, {"Name": "Success EMEA"}, by=HUGO)
    submit(slack, {"Name": "Customer Success"})

    theirs = press(slack, "Take theirs")
    (name,) = (block for block in theirs.raw["blocks"] if block.get("block_id", "").startswith("name"))
    assert name["element"]["initial_value"] == "Success EMEA"
    page = submit(slack)
    assert "*Success EMEA*" in page.all_text()


@EITHER
def test_mistakes_are_named_at_their_fields_and_what_was_typed_stays(slack: Workspace, nothing_yet: Running) -> None:
    set_up(slack)
    press_at(slack, "*Working hours*")
    press(slack, "Add hours")
    form = slack.modal(KIM)
    form.submit({"Name": "Late", "From": "22:00", "Until": "06:00"})
    assert set(form.errors) == {"end"}
    assert form.values["name"]["value"]["value"] == "Late"
    page = submit(slack, {"Until": "00:00"})
    assert "Mon–Fri 22:00–24:00" in page.all_text()

    press(slack, "Public holidays")
    form = slack.modal(KIM)
    assert "DE" in form.suggest("Country", "germ")
    form.choose("Country", "DE")
    assert "Public holidays in Germany" in slack.modal(KIM).all_text()
    slack.modal(KIM).choose("Region", "BY")
    assert "Epiphany" in slack.modal(KIM).all_text()  # shown before it is saved
    page = submit(slack)
    assert "Public holidays in Germany, Bayern" in page.all_text()

    press(slack, "Days off and special hours")
    page = submit(slack, {"Day": "2027-12-24", "Last day": "2027-12-31"})
    assert "Fri 24 Dec 2027 to Fri 31 Dec 2027: days off" in page.all_text()
    page = press_at(slack, "Fri 24 Dec 2027")
    assert "2027: days off" not in page.all_text()


@EITHER
def test_a_channel_that_baton_cannot_post_in_is_named_at_once(slack: Workspace, nothing_yet: Running) -> None:
    set_up(slack)
    press_at(slack, "Add a team")
    slack.modal(KIM).fill({"Name": "Leads"}).choose("Channel", "C0LEADS")
    form = slack.modal(KIM)
    assert "because it's private" in form.all_text()
    assert "/invite" in form.all_text()
    form.choose("Channel", "C0ACME")
    assert "shared with another company" in slack.modal(KIM).all_text()
    form.choose("Channel", "C0SALES")
    assert ":warning:" not in slack.modal(KIM).all_text()


@EITHER
def test_levels_are_added_moved_changed_and_removed(slack: Workspace, nothing_yet: Running) -> None:
    set_up(slack)
    press_at(slack, "*Deadlines*")
    press(slack, "Add deadlines")
    submit(slack, {"Name": "Fast", "Claim within": "10m", "Finish within": "soon"})
    assert "finish" in slack.modal(KIM).errors
    submit(slack, {"Finish within": "2h"})

    press(slack, "Add level")
    slack.modal(KIM).suggest("Notify", "")
    page = submit(slack, {"When": "50%", "Notify": ["channel"], "Repeat": "2x 5m"})
    assert "At 50% of the claim time" in page.all_text()
    choose_at(slack, "At 50% of the claim time", "Move up")
    choose_at(slack, "At 50% of the claim time", "Edit")
    page = submit(slack, {"Timer": "finish", "Repeat": ""})
    assert "At 50% of the finish time" in page.all_text()
    page = choose_at(slack, "At 50% of the finish time", "Remove")
    assert "50%" not in page.all_text()
    press_at(slack, "*Claim*")
    page = submit(slack, {"Critical": "2m"})
    assert "Critical 2 min" in page.all_text()
    assert slack.problems() == []


@EITHER
def test_a_level_notifies_a_user_group_by_name(slack: Workspace, nothing_yet: Running) -> None:
    set_up(slack)
    press_at(slack, "*Deadlines*")
    press(slack, "Add deadlines")
    submit(slack, {"Name": "Fast", "Claim within": "10m"})
    press(slack, "Add level")
    form = slack.modal(KIM)
    assert form.suggest("Notify", "succ") == ["S0CS"]
    assert form.suggest("Notify", "admins") == ["admins"]
    assert {"channel", "S0CS"} <= set(form.suggest("Notify", ""))
    page = submit(slack, {"When": "50%", "Notify": ["S0CS", "channel"]})
    assert "@success-team" in page.all_text()
    choose_at(slack, "At 50% of the claim time", "Edit")
    page = submit(slack, {"When": "60%"})  # what was chosen stays
    assert "@success-team" in page.all_text()
    assert slack.problems() == []


@EITHER
def test_the_emoji_and_the_claim_by_reply_are_set_and_webhooks_shown(slack: Workspace, nothing_yet: Running) -> None:
    add_team(slack)
    press(slack, "Rules and hours")
    page = submit(slack, {"in_channel": ["claim_by_reply"]})
    assert "First reply in a card's thread claims: yes" in page.all_text()
    assert "Morning summary: off" in page.all_text()

    set_up(slack)
    form = press_at(slack, "*Emoji that begins a handoff*")
    form.submit({"Emoji": "two words"})
    assert set(form.errors) == {"emoji"}
    page = submit(slack, {"Emoji": ":handshake:"})
    assert ":handshake:" in page.all_text()
    assert "Emoji that begins a handoff: none → handshake" in set_up(slack, words="setup history").all_text()
    set_up(slack)
    press_at(slack, "*Emoji that begins a handoff*")
    assert "reactions begin no handoff" in submit(slack, {"Emoji": ""}).all_text()
    assert "in the configuration file" in press_at(slack, "*Webhooks*").all_text()
    assert slack.problems() == []


@EITHER
def test_only_admins_get_in_and_everybody_else_learns_who_can(slack: Workspace, nothing_yet: Running) -> None:
    slack.command("U0EVA", "setup")
    assert slack.views("U0EVA") == []
    refused = slack.ephemerals("U0EVA", "C0GENERAL")[-1].text
    assert refused == f"Only admins can set up Baton. Ask <@{KIM}> or <@{HUGO}>."


@EITHER
def test_a_search_before_there_is_a_team_leads_to_set_up(slack: Workspace, nothing_yet: Running) -> None:
    slack.command("U0EVA", "find acme")
    assert f"Ask <@{KIM}> or <@{HUGO}> to add one" in slack.modal("U0EVA").all_text()

    slack.command(KIM, "find acme")
    slack.modal(KIM).click("Set up Baton")
    assert "0 of 5 done" in slack.modal(KIM).all_text()
    assert slack.problems() == []


@EITHER
def test_what_the_file_owns_is_shown_and_edited_there(slack: Workspace, running: Running) -> None:
    set_up(slack)
    press_at(slack, "*Teams*")
    page = press_at(slack, "*Customer Success*")
    assert "baton config adopt" in page.all_text()
    assert "People and channel" not in page.buttons


@EITHER
def test_the_history_says_who_changed_what_by_name(slack: Workspace, nothing_yet: Running) -> None:
    add_team(slack)
    press(slack, "People and channel")
    submit(slack, {"Managers": ["U0DAN"]})

    history = set_up(slack, words="setup history").all_text()
    assert "Dan Roth" in history
    assert f"<@{KIM}>" in history
    assert "U0DAN" not in history


@EITHER
def test_who_may_claim_and_hand_off_is_chosen_by_name(slack: Workspace, nothing_yet: Running) -> None:
    add_team(slack, "Sales", "C0SALES")
    add_team(slack)
    press(slack, "Rules and hours")
    page = submit(slack, {"Who may claim": "channel", "Who may hand off to it": ["sales"]})
    assert "Who may claim: everybody in the channel" in page.all_text()
    assert "Who may hand off to it: Sales" in page.all_text()


@EITHER
def test_admins_are_changed_and_never_left_without_one(slack: Workspace, nothing_yet: Running) -> None:
    set_up(slack)
    press_at(slack, "*Admins*")
    assert "baton config adopt" in slack.modal(KIM).all_text()  # the file names them


@EITHER
def test_a_team_with_open_work_asks_who_takes_it(slack: Workspace, nothing_yet: Running) -> None:
    add_team(slack, "Sales", "C0SALES")
    add_team(slack)
    send(slack, "U0EVA", queue="success", note="They asked for 10% off and want an answer this week.")
    set_up(slack)
    press_at(slack, "*Teams*")
    press_at(slack, "*Success*")
    press(slack, "Remove…")
    page = submit(slack, {"moves_to": "sales"})
    assert "Removed." in page.all_text()
    assert "Success" not in page.all_text()
    assert slack.find(KIM, "C0SALES", "Acme renewal").buttons


@EITHER
def test_admins_are_told_once_who_is_taken_off_a_team_with_work_there(slack: Workspace, nothing_yet: Running) -> None:
    add_team(slack)
    card = send(slack)
    card.click("Claim", by="U0EVA")
    press(slack, "People and channel")
    submit(slack, {"Members": ["U0FARID"]})
    press(slack, "People and channel")
    submit(slack, {"Members": ["U0FARID", "U0INES"]})
    slack.settle()

    for user in (KIM, HUGO):
        (told,) = about(slack, user, "is no longer on Success")
        assert told.text.startswith("Eva Lindqvist is no longer on Success. They had 1 open handoff there")
    assert about(slack, "U0EVA", "no longer on") == []
    assert "🟢" in card.all_text(), "it is still hers"

    press(slack, "People and channel")
    submit(slack, {"Managers": ["U0EVA"]})
    slack.settle()
    assert [one.text for one in about(slack, HUGO, "on Success")] == [
        "Eva Lindqvist is on Success again. Nothing to do."
    ]
    assert slack.problems() == []


@EITHER
def test_a_channel_whose_people_may_claim_is_read_when_that_is_chosen(slack: Workspace, nothing_yet: Running) -> None:
    add_team(slack)
    card = send(slack)
    card.click("Claim", by="U0FARID")
    slack.settle()
    assert "🟡" in card.all_text(), "he is in the channel, not on the team"
    press(slack, "Rules and hours")
    submit(slack, {"Who may claim": "channel"})
    slack.settle()

    card.click("Claim", by="U0FARID")
    slack.settle()

    assert "🟢" in card.all_text()
    assert slack.problems() == []
