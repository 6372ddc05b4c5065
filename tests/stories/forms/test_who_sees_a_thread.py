"""What a channel says is shown to those who see the channel when they press, by whichever door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from slack_sdk import WebClient

from slackapp.app import Running
from slackapp.dispatch.conversations import Conversation, Conversations
from slackapp.registers import REGISTERS
from slackapp.slack import ids
from slackapp.slack.conversation import Context, OpenModal
from slackapp.slack.payloads import Click, Requester
from storage.handoffs import drafts
from tests.databases import EITHER
from tests.slack_client import Message, Workspace
from tests.slack_client.shown import named
from tests.stories.company import Json
from tests.stories.northwind import fill

pytestmark = EITHER
BOT_TOKEN: Final = "xoxb-local-bot"
VAULT: Final = "C0VAULT"
ROOT, REPLY = "Project Xyzzy starts in May", "The Xyzzy contract is signed"
SECRET: Final = "Xyzzy"
GUEST: Final = "U0FARID"
Door = Callable[[Workspace, str, str], "Offer"]


@dataclass(frozen=True)
class Offer:
    """A button that opens the form for a message, in front of the person who may press it."""

    message: Message
    label: str
    user: str

    def press(self) -> None:
        self.message.click(self.label, by=self.user)
        self.message.workspace.settle()

    def press_in_an_old_window(self, running: Running) -> Any:
        """What the app shows for a press in a window that still shows a channel that the person has left."""
        value = named(self.message.buttons, self.label)
        who = Requester(user=self.user, team=running.installation.workspace)
        click = Click(
            who=who, action=value["action_id"], value=value["value"], target=ids.target(value["value"]), trigger_id="1"
        )
        return partial(_shown, Conversations(registers=REGISTERS).about_click(click), running, self)


def _shown(talk: Conversation, running: Running, offer: Offer) -> Any:
    reply = talk.answer(Context(baton=running.baton, workspace=running.installation.workspace, team_url=""))
    assert isinstance(reply, OpenModal)
    if reply.on_opened is not None:
        reply.on_opened("V1")
    assert reply.load_later is not None
    client = WebClient(token=BOT_TOKEN, base_url=offer.message.workspace.api_url)
    return reply.load_later(client, {**reply.view, "id": "V1"})


@pytest.fixture
def chosen(company: Callable[..., Path], share: Callable[..., Running], slack: Workspace) -> Running:
    def choose(read: Json) -> None:
        read["emoji"] = "handshake"

    running = share(company(choose))
    slack.change("channel", id=VAULT, name="vault", is_private=True, members=["U0BATON", "U0DAN", "U0EVA", GUEST])
    return running


def thread(slack: Workspace, channel: str = VAULT) -> tuple[Message, Message]:
    root = slack.message("U0DAN", ROOT, channel=channel)
    return root, slack.message("U0DAN", REPLY, channel=channel, thread_ts=root.ts)


def emoji(slack: Workspace, user: str, channel: str) -> Offer:
    root, _ = thread(slack, channel)
    slack.act("react", user=user, channel=channel, ts=root.ts, emoji="handshake")
    return Offer(slack.dms(user)[-1], "Hand off", user)


def mention(slack: Workspace, user: str, channel: str) -> Offer:
    root, _ = thread(slack, channel)
    slack.message(user, "<@U0BATON> please", channel=channel, thread_ts=root.ts)
    slack.settle()
    return Offer(slack.ephemerals(user, channel)[-1], "Hand off", user)


def mention_that_did_not_open(slack: Workspace, user: str, channel: str) -> Offer:
    return try_again(slack, mention(slack, user, channel).press, user, channel)


def shortcut(slack: Workspace, user: str, channel: str) -> Offer:
    _, reply = thread(slack, channel)
    return try_again(slack, lambda: reply.shortcut("handoff.from_message", by=user), user, channel)


def shortcut_without_thread(slack: Workspace, user: str, channel: str) -> Offer:
    alone = slack.message("U0DAN", ROOT, channel=channel)
    return try_again(slack, lambda: alone.shortcut("handoff.from_message", by=user), user, channel)


def try_again(slack: Workspace, press: Callable[[], object], user: str, channel: str) -> Offer:
    """Let Slack not open the form; the button of the message about it opens it."""
    slack.fault("views.open", {"error": "expired_trigger_id"})
    press()
    slack.settle()
    note = next(one for one in [*slack.ephemerals(user, channel), *slack.dms(user)] if "Open form" in one.buttons)
    return Offer(note, "Open form", user)


DOORS: Final = [emoji, mention, mention_that_did_not_open, shortcut, shortcut_without_thread]


@pytest.mark.parametrize("door", DOORS)
def test_whoever_has_left_a_private_channel_is_shown_nothing_of_it(
    slack: Workspace, chosen: Running, door: Door
) -> None:
    press = door(slack, "U0EVA", VAULT).press_in_an_old_window(chosen)
    slack.change("channel", id=VAULT, members=["U0BATON", "U0DAN"])

    shown = press()

    assert "You can no longer see that channel" in str(shown)
    assert SECRET not in str(shown)
    assert [block["type"] for block in shown["blocks"]] == ["section"], "there is nothing to send"
    with chosen.db.reading() as tx:
        assert drafts.get(tx, "T0LOCAL", "U0EVA", "V1") is None


@pytest.mark.parametrize("door", DOORS)
def test_a_member_gets_the_form_with_what_was_said(slack: Workspace, chosen: Running, door: Door) -> None:
    door(slack, "U0EVA", VAULT).press()

    assert SECRET in str(slack.modal("U0EVA").values)
    fill(slack, "U0EVA", queue="support", next_step="Read the contract")
    assert SECRET in slack.find("U0INES", "C0SUPPORT", SECRET).all_text()
    assert slack.problems() == []


@pytest.mark.parametrize(("guest", "seen"), [(False, True), (True, False)])
def test_a_public_channel_is_for_every_colleague_but_not_for_a_guest_who_is_not_in_it(
    slack: Workspace, chosen: Running, guest: Any, seen: bool
) -> None:
    slack.change("channel", id="C0OPEN", name="open", members=["U0BATON", "U0DAN", GUEST])
    offer = emoji(slack, GUEST, "C0OPEN")
    slack.change("user", id=GUEST, is_restricted=guest)
    slack.change("channel", id="C0OPEN", members=["U0BATON", "U0DAN"])
    offer.press()

    assert (SECRET in str(slack.modal(GUEST).raw)) is seen
