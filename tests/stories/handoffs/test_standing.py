"""Guests, people of an organisation and teams with private channels: who sees what, and nothing beyond it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from slackapp.app import Running
from slackapp.handoffs.model import Seen
from slackapp.handoffs.queries.find import find_by_number
from slackapp.people.rules.standing import Standing, standing
from storage.company import people, tables
from storage.company.model import Person
from tests.slack_client import Answer, Modal, Workspace
from tests.stories.company import Json, policy
from tests.stories.northwind import ACME, HandOff, about, fill, open_form, send

GUEST: Final = "U0NIA"
KEEP: Final = "handoff.note_from_message"
SUCCESS: Final = ["U0DAN", "U0EVA", "U0FARID", "U0GRACE", "U0ANA", "U0BEN", "U0HUGO", "U0KIM", "U0BATON"]


def ask(slack: Workspace, user: str, words: str, *, channel: str = "C0GENERAL") -> str:
    """Type /handoff and words, and return everything that the answer shows."""
    assert slack.command(user, words, channel=channel).ok
    return slack.ephemerals(user, channel)[-1].all_text()


def teams_in(form: Modal) -> set[str]:
    """The teams that a form offers."""
    (element,) = [block["element"] for block in form.raw["blocks"] if block.get("block_id", "").startswith("queue")]
    return {option["value"] for option in element["options"]}


@pytest.fixture
def nia(slack: Workspace, running: Running) -> str:
    """A multi-channel guest, who is in the channels of two teams and in neither team."""
    slack.change("user", id=GUEST, name="nia", real_name="Nia Obi", is_restricted=True, tz=None)
    for channel, members in (("C0GENERAL", ["U0BEN", "U0EVA"]), ("C0SUCCESS", SUCCESS), ("C0SUPPORT", ["U0INES"])):
        slack.change("channel", id=channel, members=[*members, GUEST, "U0BATON"])
    return GUEST


def test_a_guest_who_is_in_no_team_sees_cards_in_their_channels_and_nothing_else(
    slack: Workspace, nia: str, hand_off: HandOff
) -> None:
    card = hand_off()
    reply = slack.message("U0EVA", "Mara is back on Monday.", channel="C0SUCCESS", thread_ts=card.ts)

    assert "There is no handoff #1 that you can see" in ask(slack, nia, "1")
    assert "There is no handoff #1 that you can see" in ask(slack, nia, "why 1")
    assert "Nothing is waiting to be claimed" in ask(slack, nia, "open")
    assert "No team is called “success”" in ask(slack, nia, "open success")
    assert "Customer Success" not in ask(slack, nia, "open success")
    assert "Customer Success" not in ask(slack, nia, "context")
    assert "No team is called “success”" in ask(slack, nia, "context success")
    uses: list[Callable[[], Answer]] = [
        lambda: card.click("Claim", by=nia),
        lambda: card.click("Details", by=nia),
        lambda: card.choose("Add note", by=nia),
        lambda: card.choose("Edit", by=nia),
        lambda: reply.shortcut(KEEP, by=nia),
    ]
    for use in uses:
        assert use().ok
        assert "Only " in slack.ephemerals(nia, "C0SUCCESS")[-1].text
        assert slack.views(nia) == []

    form = open_form(slack, nia)
    assert "There is no team yet that you can hand work to" in form.all_text()
    assert "Customer Success" not in form.all_text()
    card.click("Details", by="U0EVA")
    assert "Mara is back" not in slack.modal("U0EVA").all_text()
    assert "unassigned" in card.text
    assert slack.problems() == []


def test_a_guest_works_for_the_team_that_they_are_in_and_sees_that_one_only(
    slack: Workspace, nia: str, hand_off: HandOff
) -> None:
    slack.change("usergroup", id="S0SUPPORT", users=["U0HUGO", "U0INES", nia])
    hand_off(title="Acme renewal")
    send(slack, "U0BEN", channel="C0SUCCESS", title="Acme renewal")
    open_form(slack, "U0EVA").submit({**ACME, "title": "Globex export", "queue": "support"})
    slack.settle()

    listed = ask(slack, nia, "open")
    assert "Globex export" in listed
    assert "Acme" not in listed
    assert "No team is called “success”" in ask(slack, nia, "open success")
    assert "There is no handoff #1 that you can see" in ask(slack, nia, "1")
    assert "Globex export" in ask(slack, nia, "3")
    assert teams_in(open_form(slack, nia)) == {"support"}

    card = slack.find(nia, "C0SUPPORT", "Globex export")
    card.click("Claim", by=nia)
    assert f"owned by <@{nia}>" in card.text
    card.choose("Pass on", by=nia)
    assert teams_in(slack.modal(nia)) == {"support"}
    assert slack.problems() == []


def test_what_a_guest_is_given_is_theirs_and_ends_with_it(slack: Workspace, nia: str, hand_off: HandOff) -> None:
    card = hand_off()
    card.click("Details", by="U0DAN")
    slack.modal("U0DAN").click("Assign…")
    fill(slack, "U0DAN", person=nia)

    assert "You have 1 handoff" in ask(slack, nia, "mine")
    assert "Acme renewal" in ask(slack, nia, "1")
    assert about(slack, nia, "Acme renewal"), "somebody without a time zone is told as well"
    card.click("Details", by=nia)
    assert "They asked for 10 % off" in slack.modal(nia).all_text()
    slack.modal(nia).click("Done")
    assert fill(slack, nia).ok
    assert f"done by <@{nia}>" in card.text
    assert slack.problems() == []


def test_a_click_that_names_another_workspace_of_her_organisation_is_a_colleagues(
    slack: Workspace, hand_off: HandOff
) -> None:
    slack.change("team", enterprise_id="E0NORTH", enterprise_name="North")
    in_both: dict[str, Any] = {"team_id": "T0EMEA", "team_ids": ["T0LOCAL", "T0EMEA"], "enterprise_id": "E0NORTH"}
    slack.change("user", id="U0EVA", **in_both)
    card = hand_off()

    card.click("Claim", by="U0EVA")
    assert "owned by <@U0EVA>" in card.text
    assert "Acme renewal" in ask(slack, "U0EVA", "mine")

    slack.change("user", id="U0EVA", team_ids=["T0EMEA"])
    card.click("Done", by="U0EVA")
    assert "Only people in the workspace that runs Baton" in slack.ephemerals("U0EVA", "C0SUCCESS")[-1].text
    assert slack.views("U0EVA") == []
    assert "has left" in about(slack, "U0DAN", "Acme renewal")[-1].text, "her team's manager answers for it now"
    assert slack.problems() == []


@pytest.mark.parametrize(("user", "is_in_file"), [("U0NEW", False), ("U0NAMED", True)])
def test_somebody_whom_slack_has_not_reported_yet_is_looked_up_when_they_act(
    slack: Workspace, hand_off: HandOff, running: Running, user: str, is_in_file: bool
) -> None:
    """Until then what their click says of them counts: that they are of the workspace, not that they are a guest."""
    slack.change("user", id=user, name="new", real_name="New Guest", is_restricted=True)
    slack.change("channel", id="C0GENERAL", members=["U0BEN", "U0EVA", user, "U0BATON"])
    hand_off()
    with running.db.transaction() as tx:
        tx.execute(
            tables.people.delete().where((tables.people.c.workspace == "T0LOCAL") & (tables.people.c.id == user))
        )
        if is_in_file:
            people.put(tx, Person(workspace="T0LOCAL", id=user, name=user))

    assert "Acme renewal" in ask(slack, user, "open")
    assert "Nothing is waiting to be claimed" in ask(slack, user, "open")
    with running.db.reading() as tx:
        assert standing(people.get(tx, "T0LOCAL", user)) is Standing.GUEST
    assert [call["args"]["user"] for call in slack.calls("users.info")] == [user]


# Teams with a private channel


def lead_desk(read: Json) -> None:
    """A team of managers has a private channel."""
    leads = {"key": "leads", "name": "Lead Desk", "channel": "C0LEADS", "members": ["U0ANA", "U0DAN"]}
    read["queues"].append({**leads, "managers": ["U0HUGO"], "calendar": "always", "policy": "standard"})


@pytest.fixture
def northwind(slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]) -> Running:
    slack.change("channel", id="C0LEADS", members=["U0ANA", "U0DAN", "U0HUGO", "U0KIM", "U0BATON"])
    return start(config=company(lead_desk))


def test_a_team_with_a_private_channel_does_not_exist_for_anybody_else(slack: Workspace, northwind: Running) -> None:
    open_form(slack, "U0ANA").submit({**ACME, "title": "Merger with Globex", "queue": "leads"})
    slack.settle()
    assert slack.messages("U0ANA", "C0LEADS")[-1].text.startswith("Merger with Globex")

    for user in ("U0BEN", "U0EVA", "U0CLARA"):
        answers = [
            ask(slack, user, words) for words in ("open", "open lead desk", "open l", "context lead", "1", "why 1")
        ]
        said = json.dumps(answers)
        assert "Merger" not in said
        assert "Lead Desk" not in said
        assert answers[1] == ask(slack, user, "open team of nobody").replace("team of nobody", "lead desk")
        assert answers[4] == ask(slack, user, "999").replace("999", "1")
        assert teams_in(open_form(slack, user)) == {"success", "support", "sales"}
    for insider in ("U0DAN", "U0HUGO", "U0KIM"):
        assert "Merger with Globex" in ask(slack, insider, "open")
        assert "leads" in teams_in(open_form(slack, insider))
    assert slack.problems() == []


def test_whoever_its_policy_has_told_sees_that_handoff_while_the_level_stands(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]
) -> None:
    """One person, a user group and a manager further up, of whom none is of the team."""
    slack.change("channel", id="C0LEADS", members=["U0ANA", "U0DAN", "U0HUGO", "U0BATON"])
    slack.change("user", id=GUEST, name="nia", real_name="Nia Obi", is_restricted=True)
    slack.change("channel", id="C0GENERAL", members=[*SUCCESS, "U0CLARA", "U0INES", GUEST, "U0OUT"])
    slack.change("user", id="U0OUT", name="out", real_name="Otto Out", team_id="T0OTHER")
    above = "managers of managers of managers"
    late = {"key": "late", "clock": "claim", "at": "100%", "tell": [above, "U0CLARA", "S0SUPPORT", GUEST, "U0OUT"]}
    later = {"key": "later", "clock": "claim", "at": "200%", "tell": ["U0BEN"]}

    def chief(read: Json) -> None:
        read["people"]["U0KIM"] = {"manager": "U0EVA"}
        read["admins"] = ["U0GRACE"]

    northwind = start(config=company(lead_desk, chief, policy({"claim": "30m"}, late, later)))
    open_form(slack, "U0ANA").submit({**ACME, "title": "Merger with Globex", "queue": "leads"})
    slack.settle()
    assert "There is no handoff #1" in ask(slack, "U0CLARA", "1")
    slack.wait(minutes=31)

    for user in ("U0EVA", "U0CLARA", "U0INES"):
        about(slack, user, "Merger with Globex")[-1].click("Details", by=user)
        assert "They asked for 10 % off" in slack.modal(user).all_text()
        assert "Merger with Globex" in ask(slack, user, "1")
        assert "Lead Desk" not in ask(slack, user, "open lead desk").replace("“lead desk”", ""), "not of the team"
    for user in ("U0BEN", "U0FARID", GUEST):
        assert "There is no handoff #1 that you can see" in ask(slack, user, "1"), user
    seen = find_by_number(northwind.baton, workspace="T0LOCAL", number=1, user="U0OUT")
    assert isinstance(seen, Seen)
    assert not seen.visible, "of another company"

    card = slack.find("U0DAN", "C0LEADS", "Merger with Globex")
    card.click("Claim", by="U0DAN")
    assert "There is no handoff #1 that you can see" in ask(slack, "U0CLARA", "1")
    card.click("Put back", by="U0DAN")
    fill(slack, "U0DAN", note="Not for me.")
    assert "There is no handoff #1 that you can see" in ask(slack, "U0INES", "1"), "the new wait is not late yet"
    assert slack.problems() == []


def test_what_is_passed_on_to_it_says_only_that_outside_of_it(slack: Workspace, northwind: Running) -> None:
    send(slack, "U0BEN", title="Globex wants out")
    slack.wait(minutes=61)
    assert about(slack, "U0KIM", "Globex wants out"), "the manager's manager has been reminded"
    slack.change("channel", id="C0SALES", members=["U0ANA", "U0BEN", "U0CLARA", "U0BATON"])
    slack.message("U0CLARA", "Globex called again.", channel="C0SALES").shortcut("handoff.from_message", by="U0CLARA")
    fill(slack, "U0CLARA", queue="success", title="Globex called", next_step="Call", note="Again.")
    assert "Globex called" in slack.messages("U0CLARA", "C0SALES")[-1].text

    for words in ("Globex wants out", "Globex called"):
        slack.find("U0DAN", "C0SUCCESS", words).choose("Pass on", by="U0DAN")
        fill(slack, "U0DAN", queue="leads", note="For us.")
    slack.wait(minutes=1)

    for user in ("U0EVA", "U0INES", "U0FARID"):
        assert "Lead Desk" not in json.dumps(slack.sees(user))
    for user, channel, words in (
        ("U0EVA", "C0SUCCESS", "#1 was passed on to another team."),
        ("U0BEN", "C0SALES", "#2 was passed on to another team."),
        ("U0ANA", "C0LEADS", "Globex wants out"),
    ):
        assert words in slack.find(user, channel, words).all_text()
    assert "Lead Desk" in ask(slack, "U0BEN", "1"), "whoever began it goes on seeing it"

    slack.find("U0ANA", "C0LEADS", "Globex wants out").choose("Pass on", by="U0HUGO")
    fill(slack, "U0HUGO", queue="support", note="For you.")
    for user, named in (("U0INES", False), ("U0HUGO", True)):
        slack.find(user, "C0SUPPORT", "Globex wants out").click("Details", by=user)
        shown = slack.modal(user).all_text() + ask(slack, user, "why 1")
        assert ("Lead Desk" in shown) is named
        assert ("passed it on to another team" in shown) is not named
    assert slack.problems() == []
