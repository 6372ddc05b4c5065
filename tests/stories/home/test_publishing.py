"""What Slack may answer when a Home tab is published, and what people see then."""

from __future__ import annotations

from slackapp.app import Running
from tests.slack_client import Json, Workspace
from tests.stories.northwind import HandOff, send

BEN, EVA = "U0BEN", "U0EVA"


def published(slack: Workspace) -> list[Json]:
    return slack.calls("views.publish")


def test_a_newer_view_is_never_overwritten_by_an_older_one(slack: Workspace, hand_off: HandOff) -> None:
    slack.home(BEN)
    slack.fault("views.publish", {"error": "hash_conflict"})

    hand_off()

    first, refused, again = published(slack)
    shown = first["answer"]["view"]["hash"]
    assert (refused["args"]["hash"], refused["answer"]["error"]) == (shown, "hash_conflict")
    assert not again["args"].get("hash"), "whatever is shown is replaced by what is so now"
    assert "Acme renewal" in slack.home_tab(BEN).all_text()


def test_a_view_that_slack_refuses_becomes_a_sentence_and_recovers(slack: Workspace, hand_off: HandOff) -> None:
    slack.home(BEN)
    slack.fault("views.publish", {"error": "view_too_large"})
    hand_off()
    assert "couldn't show your work here" in slack.home_tab(BEN).all_text()

    slack.find(EVA, "C0SUCCESS", "Acme renewal").click("Claim", by=EVA)

    assert "Acme renewal" in slack.home_tab(BEN).all_text()


def test_a_tab_that_is_switched_off_is_tried_again_only_when_it_is_opened(slack: Workspace, running: Running) -> None:
    slack.fault("views.publish", {"error": "not_enabled"})
    slack.home(BEN)
    assert len(published(slack)) == 1

    send(slack, BEN)
    assert len(published(slack)) == 1

    slack.home(BEN)
    assert "Acme renewal" in slack.home_tab(BEN).all_text()


def test_an_answer_that_is_lost_is_asked_for_again(slack: Workspace, running: Running) -> None:
    slack.fault("views.publish", {"error": "internal_error", "status": 500})

    slack.home(BEN)
    slack.wait(seconds=5)

    assert "Nothing needs you." in slack.home_tab(BEN).all_text()
