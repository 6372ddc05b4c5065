"""Home: what needs a person, current while they look, and never published for those who do not."""

from __future__ import annotations

from slackapp.app import Running
from tests.slack_client import Json, Workspace
from tests.stories.northwind import HandOff, fill, send

BEN, EVA, DAN, CLARA = "U0BEN", "U0EVA", "U0DAN", "U0CLARA"


def published(slack: Workspace, user: str | None = None) -> list[Json]:
    calls = slack.calls("views.publish")
    return [call for call in calls if user is None or call["args"]["user_id"] == user]


def test_a_newcomer_learns_what_the_tab_is_for(slack: Workspace, running: Running) -> None:
    slack.home(CLARA)

    home = slack.home_tab(CLARA)
    (told,) = home.sections["Needs you"]
    assert told.startswith("Nothing needs you. You have no open handoffs. `/handoff` starts one.\n")
    home.click("Hand off")
    assert slack.modal(CLARA).title == "Hand off work"


def test_a_handoff_moves_through_the_tabs_of_those_who_look(slack: Workspace, hand_off: HandOff) -> None:
    for user in (BEN, EVA):
        slack.home(user)

    hand_off()
    sent, team = slack.home_tab(BEN), slack.home_tab(EVA)
    assert "Acme renewal" in sent.sections["You sent (1)"][0]
    assert "🟡 Unassigned" in sent.sections["You sent (1)"][0]
    assert team.sections["Your teams"] == ["*Customer Success*\n🟡 1 unassigned"]

    slack.find(EVA, "C0SUCCESS", "Acme renewal").click("Claim", by=EVA)
    assert "<@U0EVA>" in sent.sections["You sent (1)"][0]
    assert "Acme renewal" in team.sections["Yours (1)"][0]
    assert team.sections["Your teams"] == ["*Customer Success*\n🟢 All assigned · 1 open"]

    assert team.button_of("Acme renewal") == "Done"
    team.press("Acme renewal")
    fill(slack, EVA)
    assert "You sent (1)" not in sent.sections
    assert "Yours (1)" not in team.sections


def test_nobody_gets_a_tab_who_does_not_look(slack: Workspace, hand_off: HandOff) -> None:
    hand_off()
    assert not published(slack)

    slack.home(BEN)
    assert len(published(slack)) == 1
    slack.find(EVA, "C0SUCCESS", "Acme renewal").click("Claim", by=EVA)
    assert {call["args"]["user_id"] for call in published(slack)} == {BEN}

    slack.wait(minutes=11)
    seen = len(published(slack))
    send(slack, BEN, title="Initech audit")
    assert len(published(slack)) == seen, "ten minutes after it was opened nobody counts as looking"


def test_what_does_not_change_the_tab_is_not_published(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    slack.home(BEN)
    seen = len(published(slack))

    card.click("Details", by=DAN)
    slack.modal(DAN).click("Add note")
    fill(slack, DAN, note="Called them.")
    slack.home(BEN)

    assert len(published(slack)) == seen


def test_what_is_typed_into_the_search_field_opens_the_results(slack: Workspace, hand_off: HandOff) -> None:
    hand_off()
    slack.home(EVA)

    slack.home_tab(EVA).choose("Search", "acme\tren")

    assert "Acme renewal" in slack.modal(EVA).all_text()


def test_lists_open_from_the_row_of_a_team_and_below_a_full_section(slack: Workspace, hand_off: HandOff) -> None:
    for n in range(9):
        hand_off(title=f"Work {n}")
    for user in (BEN, EVA):
        slack.home(user)

    slack.home_tab(EVA).press("*Customer Success*")
    assert slack.modal(EVA).all_text().count("Work ") >= 9

    slack.home_tab(BEN).click("And 1 more")
    assert "Work 8" in slack.modal(BEN).all_text()
