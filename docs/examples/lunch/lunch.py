#!/usr/bin/env python
"""A small Bolt app of another kind: `/lunch pizza` asks the channel, people press Join, the message counts them.

It knows nothing of Baton or of the local workspace: give it SLACK_API_URL, SLACK_BOT_TOKEN and SLACK_APP_TOKEN, and it
runs in either. See docs/local-workspace.md.
"""

from __future__ import annotations

import os
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

client = WebClient(
    token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ.get("SLACK_API_URL", "https://slack.com/api/")
)
app = App(client=client)


def drawn(what: str, joined: list[str]) -> dict[str, Any]:
    """The message: what is eaten, who comes, and the button. Who has joined travels in the button's value."""
    people = ", ".join(f"<@{user}>" for user in joined) or "nobody yet"
    text = f"Lunch today: {what}. Joining: {people}."
    label = {"type": "plain_text", "text": "Join"}
    button = {"type": "button", "action_id": "join", "text": label, "value": "|".join([what, *joined])}
    said = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return {"text": text, "blocks": [said, {"type": "actions", "elements": [button]}]}


@app.command("/lunch")
def ask(ack: Ack, command: dict[str, Any], respond: Respond, client: WebClient) -> None:
    """Ask the channel; without a dish, say how."""
    ack()
    what = command["text"].replace("|", " ")
    if what:
        client.chat_postMessage(channel=command["channel_id"], **drawn(what, []))
    else:
        respond("Say what there is: `/lunch pizza`")


@app.action("join")
def join(ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient) -> None:
    """Add the person who pressed, once."""
    ack()
    what, *before = action["value"].split("|")
    joined = list(dict.fromkeys([*before, body["user"]["id"]]))
    client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], **drawn(what, joined))


if __name__ == "__main__":
    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"], web_client=client).start()  # type: ignore[no-untyped-call]  # Bolt does not say
