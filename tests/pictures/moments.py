"""What single people are told, and two people at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.pictures.camera import Place, Stage
from tests.pictures.scenes import (
    ACME,
    BEN,
    CLARA,
    DAN,
    EVA,
    EXPORT,
    FARID,
    SALES,
    SUCCESS,
    claimed_by_eva,
    fill,
    hand_in,
    hand_off,
    leave,
    record,
)
from tests.slack_client import Message, Workspace


def two_people(stage: Stage) -> Place:
    """Eva has just claimed what Ben handed over, and Ben is told."""
    card = hand_off(stage.slack, priority="high")
    stage.open(BEN, EVA, width=1240, height=520)
    stage.go(BEN, "Baton")
    stage.go(EVA, "success")
    card.click("Claim", by=EVA)
    stage.page.locator(f".column[data-user={BEN}] .message", has_text="Eva").last.wait_for()
    return stage.whole_page


def story(stage: Stage) -> Place:
    """The story that the demo opens with: what to press next, beside the people of the scene."""
    stage.page.set_viewport_size({"width": 1360, "height": 620})
    stage.page.goto(f"{stage.slack.base_url}/?scene=lead")
    stage.page.locator(".guide").wait_for()
    stage.page.locator(".column .message").first.wait_for()
    return stage.whole_page


def inspector(stage: Stage) -> Place:
    """What crossed the wire, with one call opened, and what Baton keeps of the card that is clicked."""
    card = hand_off(stage.slack, title="Umbrella renewal", next_step="Call their head of research")
    stage.open(EVA, width=1360, height=700)
    column = stage.go(EVA, "success")
    stage.page.get_by_role("button", name="Inspector", exact=True).click()
    panel = stage.page.get_by_role("complementary", name="Inspector")
    column.locator(f'.main .message[data-ts="{card.ts}"] .author').click()
    panel.locator(".call:not([hidden])", has_text="chat.postMessage").last.locator("summary").first.click()
    return stage.whole_page


def mine(stage: Stage) -> Place:
    """`/handoff mine`: what Farid has, what he is offered and what he has sent."""
    hand_off(stage.slack, title="Globex upgrade", next_step="Send them the new price list").click("Claim", by=FARID)
    hand_off(stage.slack, title="Initech onboarding", next_step="Ask for their list of users", person=FARID)
    hand_in(stage.slack, FARID, {**EXPORT, "priority": "normal"})
    stage.slack.command(FARID, "mine", channel=SUCCESS)
    return stage.message(stage.slack.ephemerals(FARID, SUCCESS)[-1], "success")


def waiting(stage: Stage) -> Place:
    """`/handoff open success`."""
    hand_off(stage.slack, title="Umbrella wants a second team", next_step="Call their head of research")
    stage.slack.command(FARID, "open success", channel=SUCCESS)
    return stage.message(stage.slack.ephemerals(FARID, SUCCESS)[-1], "success")


def too_late_to_claim(stage: Stage) -> Place:
    """Eva was quicker, and Farid, whose card still showed the button, is told so."""
    card = hand_off(stage.slack)
    claim = card.buttons["Claim"]
    ids = {"action_id": claim["action_id"], "block_id": claim["block_id"]}
    at_once = Workspace(stage.slack.base_url, settle_after_acts=False)
    at_once.fault("chat.update", {"status": 500})  # the card is redrawn a little later
    for user in (EVA, FARID):
        at_once.act("click", user=user, channel=card.channel, ts=card.ts, value=claim["value"], **ids)
    stage.slack.settle()
    return stage.message(stage.slack.ephemerals(FARID, SUCCESS)[-1], "success")


def why(stage: Stage) -> Place:
    """`/handoff why`: Dan asks who was told of a claim that came late."""
    card = hand_off(stage.slack, title="Stark renewal", next_step="Ask who signs", priority="high")
    stage.slack.wait(minutes=7)
    card.click("Claim", by=EVA)
    stage.slack.command(DAN, f"why {card.text.partition('#')[2].split()[0]}", channel=SUCCESS)
    return stage.message(stage.slack.ephemerals(DAN, SUCCESS)[-1], "success")


def bundle(stage: Stage) -> Place:
    """Three wait too long at once: Dan hears of all in one message, in which one is settled already."""
    leave(stage.slack, DAN)
    work = {"Cyberdyne renewal": "Ask who signs", "Soylent upgrade": "Send the offer", "Tyrell trial": "Call them"}
    cards = [hand_off(stage.slack, title=title, next_step=step) for title, step in work.items()]
    stage.slack.wait(minutes=11)
    cards[1].click("Claim", by=EVA)
    stage.slack.settle()
    messages = [message for message in stage.slack.dms(DAN) if "Tyrell" in message.text]
    return stage.message(messages[-1], "Baton")


def still_on_it(stage: Stage) -> Place:
    """Farid has it, nothing was heard of it for two hours, and he is asked."""
    leave(stage.slack, FARID)
    hand_off(stage.slack, title="Wayne migration", next_step="Agree on the day").click("Claim", by=FARID)
    stage.slack.wait(hours=2, minutes=1)
    asked = [
        message for message in stage.slack.dms(FARID) if "Still on it?" in message.text and "Wayne" in message.text
    ]
    return stage.message(asked[-1], "Baton")


def presence(stage: Stage) -> Place:
    """What keeps Dan from hearing, as he can set it himself."""
    stage.open(DAN, width=900, height=420)
    stage.page.get_by_role("button", name="Status of Dan Roth").click()
    stage.page.get_by_role("menuitem", name="Pause notifications for 1 hour").wait_for()
    return stage.whole_page


def morning(stage: Stage) -> Place:
    """What a team's channel hears when its day begins: what waits, what is due and what was missed."""
    slack = stage.slack
    slack.wait(seconds=_until(slack.now(), hour=8))
    slack.wait(minutes=30)
    late = _to_sales(slack, "Vandelay import", "Ask for the customs number")
    slack.wait(minutes=15)
    late.click("Claim", by=CLARA)
    late.click("Done", by=CLARA)
    fill(slack, CLARA)
    _to_sales(slack, "Pied Piper pricing", "Send this year's list", priority="low")
    _to_sales(slack, "Soylent trial", "Call them before noon", priority="low")
    _to_sales(slack, "Dunder upgrade", "Send the offer").click("Claim", by=CLARA)
    slack.wait(minutes=16)
    return stage.message(slack.find(CLARA, SALES, "Sales this morning"), "sales")


def _to_sales(slack: Workspace, title: str, step: str, **more: str) -> Message:
    """Eva hands something to Sales; its card there."""
    work = {**ACME, "queue": "sales", "title": title, "next_step": step, "link": record(title)}
    hand_in(slack, EVA, {**work, **more})
    return slack.find(CLARA, SALES, title)


def _until(now: float, *, hour: int) -> float:
    """Seconds until that hour comes next for the demo's company."""
    at = datetime.fromtimestamp(now, ZoneInfo("Europe/Berlin"))
    wanted = at.replace(hour=hour, minute=0, second=0, microsecond=0)
    return (wanted + timedelta(days=wanted <= at) - at).total_seconds()


def sender_told(stage: Stage) -> Place:
    """Ben's own line about what he sent, kept current."""
    leave(stage.slack, BEN)
    claimed_by_eva(stage.slack)
    return stage.message(stage.slack.dms(BEN)[-1], "Baton")


def offered(stage: Stage) -> Place:
    """Eva is asked whether she takes it."""
    hand_off(stage.slack, person=EVA)
    return stage.message(stage.slack.dms(EVA)[-1], "Baton")


def manager_reminded(stage: Stage) -> Place:
    """Nobody has claimed it in time: the manager hears, with the buttons to act."""
    leave(stage.slack, DAN)
    hand_off(stage.slack, title="Hooli renewal", next_step="Ask who decides", priority="high")
    stage.slack.wait(minutes=7)
    reminders = [message for message in stage.slack.dms(DAN) if "Hooli" in message.text]
    return stage.message(reminders[-1], "Baton")
