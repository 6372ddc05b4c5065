"""People who write to Baton are answered, so that nobody waits for a reply that never comes."""

from __future__ import annotations

from slackapp.app import Running
from tests.slack_client import Message, Workspace
from tests.stories.northwind import HandOff
from tests.waiting import until


def answers_to(slack: Workspace, user: str, text: str, *, channel: str, thread_ts: str | None = None) -> list[Message]:
    """Write a message, and return what came after it in the place where it was written."""
    written = slack.message(user, text, channel=channel, thread_ts=thread_ts)
    slack.settle()

    def found() -> list[Message]:
        return [one for one in slack.messages(user, written.channel) if float(one.ts) > float(written.ts)]

    until(found)
    return found()


def test_who_writes_to_baton_sees_their_open_handoffs_and_what_they_can_do(slack: Workspace, hand_off: HandOff) -> None:
    hand_off("U0BEN", title="Acme renewal")

    (answer,) = answers_to(slack, "U0BEN", "yes, 40 firm", channel="U0BATON")

    assert answer.raw["ephemeral"], "nothing in it can become false, because it is not kept"
    assert "I can't read messages. Use the buttons on my messages" in answer.all_text()
    assert "Acme renewal" in answer.all_text()
    assert "`/handoff mine`" in answer.all_text()
    assert slack.problems() == []


def test_a_mention_is_answered_where_it_was_written_and_to_its_author_alone(
    slack: Workspace, hand_off: HandOff
) -> None:
    card = hand_off("U0BEN", title="Acme renewal")

    (answer,) = answers_to(slack, "U0EVA", "<@U0BATON> what is this?", channel="C0SUCCESS", thread_ts=card.ts)

    assert answer.raw["ephemeral"]
    assert answer.raw["thread_ts"] == card.ts
    assert "`/handoff open`" in answer.all_text()
    assert [one for one in slack.messages("U0FARID", "C0SUCCESS") if one.raw.get("ephemeral")] == []


def test_messages_of_bots_and_messages_that_mention_nobody_are_not_answered(slack: Workspace, running: Running) -> None:
    slack.message("U0EVA", "hello everybody", channel="C0SUCCESS")
    slack.settle()

    assert slack.calls("chat.postEphemeral") == []
    assert slack.problems() == []


def test_outsiders_are_told_whom_to_ask(slack: Workspace, running: Running) -> None:
    slack.change("user", id="U0EVA", team_id="T0OTHER")
    slack.change("channel", id="C0SUCCESS", is_ext_shared=True)

    (answer,) = answers_to(slack, "U0EVA", "<@U0BATON> hello", channel="C0SUCCESS")

    assert "Only people in the workspace that runs Baton" in answer.all_text()
    assert "/handoff" not in answer.all_text()
