"""Channels closed and people gone: those who can fix it are notified, and nothing crashes or disappears."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from slackapp.app import Running
from slackapp.cli.program import program
from slackapp.slack.connection.scopes import required
from storage.db.database import Database
from storage.handoffs import audit, handoffs
from storage.handoffs.model import AuditEntry, Handoff
from tests.slack_client import Message, Workspace
from tests.stories.company import COMPANY
from tests.stories.northwind import ACME, HandOff, fill, open_form, told
from tests.waiting import until

Start = Callable[..., Running]


def stored(url: str, number: int = 1) -> tuple[Handoff, list[AuditEntry]]:
    """A handoff as it is, and all that ever happened to it."""
    database = Database.open(url)
    try:
        with database.reading() as tx:
            handoff = handoffs.get_by_number(tx, "T0LOCAL", number)
            assert handoff is not None
            return handoff, audit.list_for_handoff(tx, handoff.id)
    finally:
        database.close()


def send(slack: Workspace, user: str = "U0BEN", **answers: Any) -> None:
    """Hand off where no card may appear."""
    open_form(slack, user).submit({**ACME, **answers})
    slack.settle()


def card_in(slack: Workspace, channel: str = "C0SUCCESS", user: str = "U0EVA", title: str = ACME["title"]) -> Message:
    """The only card with this title in a channel."""
    (card,) = [
        m
        for m in slack.messages(user, channel)
        if title in m.text and m.buttons and m.raw.get("thread_ts", m.ts) == m.ts
    ]
    return card


def cards(slack: Workspace) -> list[Message]:
    """Every message in the team's channel that names it."""
    return [m for m in slack.messages("U0EVA", "C0SUCCESS") if ACME["title"] in m.text]


def _passes(slack: Workspace, minutes: float) -> bool:
    """Let time pass without waiting for what follows."""
    slack.advance(minutes * 60)
    return True


def without_bot(slack: Workspace, channel: str = "C0SUCCESS") -> list[str]:
    """Who would be left in a channel if Baton were thrown out."""
    (found,) = [c for c in slack.overview()["channels"] if c["id"] == channel]
    return [member for member in found["members"] if member != "U0BATON"]


def declined(slack: Workspace, *scopes: str) -> None:
    """Let the installer have declined some optional scopes."""
    slack.change("scopes", granted=sorted(required() | set(scopes)))


TROUBLES: list[tuple[str, Callable[[Workspace], Any], Callable[[Workspace], Any], str]] = [
    (
        "archived",
        lambda slack: slack.change("channel", id="C0SUCCESS", is_archived=True),
        lambda slack: slack.change("channel", id="C0SUCCESS", is_archived=False),
        "is archived. Unarchive it",
    ),
    (
        "private and without Baton",
        lambda slack: slack.change("channel", id="C0SUCCESS", is_private=True, members=without_bot(slack)),
        lambda slack: slack.change("channel", id="C0SUCCESS", members=[*without_bot(slack), "U0BATON"]),
        "/invite @baton",
    ),
]


@pytest.mark.parametrize(
    ("breaks", "mends", "remedy"), [pytest.param(*trouble[1:], id=trouble[0]) for trouble in TROUBLES]
)
def test_a_channel_that_is_shut_is_told_to_manager_and_sender_and_once_open_the_card_appears(
    slack: Workspace,
    running: Running,
    breaks: Callable[[Workspace], Any],
    mends: Callable[[Workspace], Any],
    remedy: str,
) -> None:
    breaks(slack)

    send(slack)

    assert [remedy in text for text in told(slack, "U0DAN")] == [True]
    assert any(remedy in text for text in told(slack, "U0BEN"))
    assert any("Sent as" in text for text in told(slack, "U0BEN"))
    slack.wait(minutes=12)
    assert len([text for text in told(slack, "U0DAN") if remedy in text]) == 1, "once"

    mends(slack)

    card = card_in(slack)
    card.click("Claim", by="U0EVA")
    assert "owned by <@U0EVA>" in card.text
    for user in ("U0DAN", "U0BEN"):
        assert not any(remedy in text for text in told(slack, user)), "what is fixed is no longer said"
        assert any("are posted in <#C0SUCCESS> again" in text for text in told(slack, user))
    assert slack.problems() == []


VISIBILITY = [
    ("shared", {"is_ext_shared": True}, {"is_ext_shared": False}, "another company can read", "no longer shared"),
    ("private", {"is_private": True}, {"is_private": False}, "is private now", "is public again"),
]


@pytest.mark.parametrize("case", [pytest.param(one[1:], id=one[0]) for one in VISIBILITY])
def test_a_channel_that_others_can_read_or_not_any_more_is_reported_once_and_taken_back(
    slack: Workspace, running: Running, case: tuple[dict[str, bool], dict[str, bool], str, str]
) -> None:
    change, undo, words, over = case
    slack.change("channel", id="C0SUCCESS", **change)
    slack.change("channel", id="C0SUCCESS", topic="Renewals")
    slack.settle()
    for user in ("U0DAN", "U0KIM"):
        assert [words in text for text in told(slack, user)] == [True]

    slack.change("channel", id="C0SUCCESS", **undo)
    slack.settle()
    assert over in told(slack, "U0DAN")[0]
    assert slack.problems() == []


def test_a_user_group_without_members_is_reported_and_taken_back(slack: Workspace, running: Running) -> None:
    slack.change("usergroup", id="S0CS", users=[])
    slack.settle()
    assert ["no longer has any members" in text for text in told(slack, "U0DAN")] == [True]
    slack.change("usergroup", id="S0CS", users=["U0EVA"])
    slack.settle()
    assert "has members again" in told(slack, "U0DAN")[0]


def test_a_channel_that_is_deleted_leaves_the_handoff_and_another_channel_gets_the_card(
    slack: Workspace, start: Start, database_url: str, tmp_path: Any
) -> None:
    first = start()
    slack.change("channel", id="C0SUCCESS", deleted=True)
    send(slack)
    assert any("give the queue" in text for text in told(slack, "U0DAN"))
    assert stored(database_url)[0].title == ACME["title"]
    first.stop()

    moved = tmp_path / "moved.yml"
    moved.write_text(COMPANY.read_text(encoding="utf-8").replace("C0SUCCESS", "C0SALES"), encoding="utf-8")
    start(config=moved)
    slack.wait(minutes=11)

    card = card_in(slack, "C0SALES", "U0DAN")
    card.click("Claim", by="U0DAN")
    assert stored(database_url)[0].owner == "U0DAN"


def test_a_baton_that_was_thrown_out_of_a_public_channel_still_posts_if_it_may(
    slack: Workspace, running: Running
) -> None:
    slack.change("channel", id="C0SUCCESS", members=without_bot(slack))

    send(slack)

    assert card_in(slack).buttons
    assert told(slack, "U0DAN") == []


def test_a_card_that_a_person_deletes_comes_back_and_the_handoff_goes_on(
    slack: Workspace, hand_off: HandOff, database_url: str
) -> None:
    card = hand_off()
    card.delete(by="U0KIM")
    assert not card.exists

    slack.command("U0BEN", "1")
    slack.wait(minutes=16)  # the nudge finds no card to stand under

    again = card_in(slack)
    assert len(again.replies()) == 1
    again.click("Claim", by="U0EVA")
    again.click("Done", by="U0EVA")
    fill(slack, "U0EVA", note="They signed.")
    handoff, history = stored(database_url)
    assert handoff.state == "done"
    assert "repaired" in [entry.verb for entry in history]


def test_a_card_deleted_just_before_a_change_is_drawn_comes_back(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off(person="U0EVA")
    card.delete(by="U0KIM")

    slack.dms("U0EVA")[-1].click("Claim", by="U0EVA")

    assert "owned by <@U0EVA>" in card_in(slack).text
    link = card_in(slack).ts.replace(".", "")
    sent = next(message for message in slack.dms("U0BEN") if "Sent as" in message.text)
    assert link in sent.all_text(), "links lead to the new card"


def test_a_reminder_that_a_person_deletes_is_let_go(slack: Workspace, hand_off: HandOff, database_url: str) -> None:
    card = hand_off()
    slack.wait(minutes=16)
    (nudge,) = card.replies()
    nudge.delete(by="U0KIM")

    card.click("Claim", by="U0EVA")

    assert "owned by <@U0EVA>" in card.text
    assert card.replies() == []
    held = [entry.facts for entry in stored(database_url)[1] if entry.verb == "held"]
    assert ["deleted it in Slack" in facts["reason"] for facts in held] == [True]


def test_an_owner_who_leaves_makes_the_managers_answer_and_they_give_it_on(
    slack: Workspace, hand_off: HandOff, database_url: str
) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")

    slack.change("user", id="U0EVA", deleted=True)

    assert stored(database_url)[0].accountable == "queue:success"
    (vacancy,) = slack.dms("U0DAN")
    assert "Eva Lindqvist has left" in vacancy.text
    assert {"Assign…", "Put back"} <= set(vacancy.buttons)
    vacancy.click("Assign…", by="U0DAN")
    fill(slack, "U0DAN", person="U0GRACE")
    assert "owned by <@U0GRACE>" in card.text
    assert stored(database_url)[0].accountable == "U0GRACE"
    assert vacancy.buttons == {}, "what was asked is settled"
    slack.wait(hours=5)
    assert slack.problems() == []


def test_work_cannot_be_given_to_somebody_who_has_left(slack: Workspace, hand_off: HandOff, database_url: str) -> None:
    card = hand_off()
    slack.change("user", id="U0GRACE", deleted=True)

    card.click("Details", by="U0DAN")
    slack.modal("U0DAN").click("Assign…")
    form = slack.modal("U0DAN")
    form.submit({"person": "U0GRACE"})

    assert set(form.errors) == {"person"}
    assert stored(database_url)[0].owner is None


def test_a_sender_who_leaves_while_it_is_open_leaves_it_with_the_managers(
    slack: Workspace, hand_off: HandOff, database_url: str
) -> None:
    card = hand_off()

    slack.change("user", id="U0BEN", deleted=True)

    assert stored(database_url)[0].accountable == "queue:success"
    assert "Ben Okafor has left" in told(slack, "U0DAN")[0]
    card.click("Claim", by="U0EVA")
    assert stored(database_url)[0].accountable == "U0EVA"
    slack.wait(minutes=1)
    card.click("Done", by="U0EVA")
    fill(slack, "U0EVA", note="They signed.")
    assert "done" in card.text


def test_an_offer_to_somebody_who_leaves_opens_to_the_team(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off(person="U0EVA")

    slack.change("user", id="U0EVA", deleted=True)

    assert "unassigned in Customer Success" in card.text
    card.click("Claim", by="U0FARID")
    assert "owned by <@U0FARID>" in card.text


def test_somebody_who_cannot_be_written_to_is_passed_over_and_everybody_else_hears(
    slack: Workspace, hand_off: HandOff, database_url: str
) -> None:
    card = hand_off()
    slack.wait(minutes=16)
    slack.fault("conversations.open", {"error": "user_disabled"})

    slack.wait(minutes=15)  # to the manager and the sender; one of the two cannot be reached

    slack.wait(minutes=30)
    assert any("late since" in text for text in told(slack, "U0KIM"))
    assert [e.facts["code"] for e in stored(database_url)[1] if e.verb == "held"] == ["user_disabled"]
    card.click("Claim", by="U0EVA")
    assert "owned by <@U0EVA>" in card.text


def test_a_channel_with_a_new_id_keeps_its_cards_and_gets_new_ones(slack: Workspace, hand_off: HandOff) -> None:
    hand_off()

    slack.change("channel", id="C0SUCCESS", new_id="C0SHARED")

    card = card_in(slack, "C0SHARED")
    card.click("Claim", by="U0EVA")
    assert "owned by <@U0EVA>" in card.text
    slack.settle()
    hand_off(channel="C0SHARED", title="Globex onboarding")
    assert card_in(slack, "C0SHARED", title="Globex onboarding").buttons


def test_an_emptied_user_group_leaves_nobody_to_claim_but_the_manager(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()

    slack.change("usergroup", id="S0CS", users=[])
    card.click("Claim", by="U0EVA")
    assert "<@U0EVA>" not in card.text
    assert slack.ephemerals("U0EVA", "C0SUCCESS")[-1].text

    card.click("Claim", by="U0DAN")
    assert "owned by <@U0DAN>" in card.text


def test_with_every_optional_scope_declined_it_works_and_check_says_what_is_lost(
    slack: Workspace, start: Start, database_url: str
) -> None:
    declined(slack)
    start()
    slack.settle_after_acts = False
    slack.fault("chat.postMessage", {"lose_answer": True})
    open_form(slack, "U0BEN").submit(ACME)
    until(lambda: len(cards(slack)) == 1)

    until(lambda: _passes(slack, minutes=1) and len(cards(slack)) > 1)

    slack.settle_after_acts = True
    slack.settle()
    cards(slack)[-1].click("Claim", by="U0EVA")
    assert "owned by <@U0EVA>" in cards(slack)[-1].text
    assert "maybe_double" in [entry.verb for entry in stored(database_url)[1]], "nobody could look, so it is said"
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-local-bot",
        "SLACK_APP_TOKEN": "xapp-local-app",
        "SLACK_API_URL": slack.api_url,
        "BATON_DATABASE_URL": database_url,
        "BATON_CONFIG": str(COMPANY),
    }
    said = CliRunner().invoke(program(), ["check"], env=environment)
    for scope in ("channels:history", "groups:history", "im:history", "dnd:read", "chat:write.public"):
        assert f"The optional scope {scope} was not granted." in said.output.replace("\n", " ")
    assert said.exit_code == 0, said.output


def test_thrown_out_and_not_allowed_to_post_everywhere_it_asks_to_be_invited(slack: Workspace, start: Start) -> None:
    declined(slack)
    start()
    slack.change("channel", id="C0SUCCESS", members=without_bot(slack))
    assert ["/invite @baton" in text for text in told(slack, "U0DAN")] == [True]
    send(slack)

    slack.change("channel", id="C0SUCCESS", members=[*without_bot(slack), "U0BATON"])

    card_in(slack).click("Claim", by="U0EVA")
    assert "owned by <@U0EVA>" in card_in(slack).text


def ready(running: Running) -> tuple[int, dict[str, Any]]:
    """What /readyz says."""
    address = urlsplit(running.admin.address)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=30)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())["checks"]
    finally:
        connection.close()


def test_a_token_that_slack_refuses_shows_in_readyz_until_it_is_taken_again(slack: Workspace, start: Start) -> None:
    """Slack tells of a revoked token by an event, which in HTTP mode may not arrive."""
    running = start()
    slack.fault("chat.postMessage", {"error": "token_revoked"})
    slack.settle_after_acts = False
    send(slack)
    until(lambda: ready(running)[0] == 503)
    assert "Slack refuses the bot token" in ready(running)[1]["slack"]

    slack.settle_after_acts = True
    slack.wait(seconds=30)

    assert "Acme renewal" in card_in(slack).text
    assert ready(running)[0] == 200


@pytest.mark.parametrize("change", ["revoked", "uninstalled"])
def test_a_token_that_was_taken_away_is_told_to_readyz_and_nothing_is_lost(
    slack: Workspace, start: Start, database_url: str, change: str
) -> None:
    first = start()
    assert ready(first)[0] == 200
    send(slack)

    slack.change("token", **{change: True})

    status, checks = ready(first)
    assert status == 503
    assert "Install the app again" in checks["slack"]
    first.stop()
    slack.change("token", revoked=False)
    second = start()
    assert ready(second)[0] == 200
    card_in(slack).click("Claim", by="U0EVA")
    assert stored(database_url)[0].owner == "U0EVA"
