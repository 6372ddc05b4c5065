"""Events API: sends an event to the app if its manifest subscribes to it and its scopes allow it.

docs.slack.dev, apis/events-api: an event that is not acknowledged within three seconds comes again at once, after
a minute and after five minutes. The minutes are the workspace's, so that a test can move past them.
"""

import time
from dataclasses import replace
from functools import partial
from typing import Final

from slackapp.local.delivery.envelopes import Envelope
from slackapp.local.protocol.ids import random_id
from slackapp.local.protocol.types import Json
from slackapp.local.state.channels import SlackChannel
from slackapp.local.workspace.workspace import SlackWorkspace

RETRY_AFTER_S: Final = (0.2, 60.0, 300.0)
"""Nearly at once, a minute, five minutes after the attempt before."""

SCOPES: Final[dict[str, frozenset[str]]] = {
    "team_join": frozenset({"users:read"}),
    "user_change": frozenset({"users:read"}),
    "dnd_updated_user": frozenset({"dnd:read"}),
    "subteam_created": frozenset({"usergroups:read"}),
    "subteam_updated": frozenset({"usergroups:read"}),
    "subteam_members_changed": frozenset({"usergroups:read"}),
    "member_joined_channel": frozenset({"channels:read", "groups:read"}),
    "member_left_channel": frozenset({"channels:read", "groups:read"}),
    "channel_archive": frozenset({"channels:read"}),
    "channel_unarchive": frozenset({"channels:read"}),
    "channel_rename": frozenset({"channels:read"}),
    "channel_deleted": frozenset({"channels:read"}),
    "channel_shared": frozenset({"channels:read", "groups:read"}),
    "channel_unshared": frozenset({"channels:read", "groups:read"}),
    "channel_created": frozenset({"channels:read"}),
    "group_archive": frozenset({"groups:read"}),
    "group_unarchive": frozenset({"groups:read"}),
    "group_rename": frozenset({"groups:read"}),
    "group_deleted": frozenset({"groups:read"}),
    "message.channels": frozenset({"channels:history"}),
    "message.groups": frozenset({"groups:history"}),
    "message.im": frozenset({"im:history"}),
    "app_mention": frozenset({"app_mentions:read"}),
    "reaction_added": frozenset({"reactions:read"}),
    "reaction_removed": frozenset({"reactions:read"}),
}
"""Any of these scopes lets an event through; events not listed need none."""

_MESSAGE_EVENTS: Final = {"im": "message.im", "private_channel": "message.groups", "public_channel": "message.channels"}
_CHANNEL_TYPES: Final = {"im": "im", "private_channel": "group", "public_channel": "channel"}


def emit(
    workspace: SlackWorkspace, event: Json, channel: SlackChannel | None = None, *, subscription: str = ""
) -> None:
    """Send an event to the app, in the background, if it subscribed to it (by its type, unless named otherwise)."""
    name = subscription or event["type"]
    needed = SCOPES.get(name)
    granted = workspace.state.app.granted
    if name not in workspace.manifest.events or (needed is not None and not needed & granted):
        return
    payload = _payload(workspace, event, channel)
    workspace.start(partial(_deliver, workspace, payload))


def emit_message(workspace: SlackWorkspace, channel: SlackChannel, message: Json) -> None:
    """Send a message event if the app is a member of the channel and subscribed to messages of its kind."""
    if not workspace.state.has_bot(channel):
        return
    event = message | {
        "channel": channel.id,
        "channel_type": _CHANNEL_TYPES[channel.kind],
        "event_ts": message.get("ts", f"{workspace.clock.now():.6f}"),
    }
    emit(workspace, event, channel, subscription=_MESSAGE_EVENTS[channel.kind])


def emit_mention(workspace: SlackWorkspace, channel: SlackChannel, message: Json) -> None:
    """Send an event of a message that mentions the app, in a channel that it is a member of.

    A mention in a direct message comes as a message only (docs.slack.dev, reference/events/app_mention).
    """
    if channel.is_im or not workspace.state.has_bot(channel):
        return
    event = message | {"type": "app_mention", "channel": channel.id, "event_ts": message["ts"]}
    emit(workspace, event, channel)


def _payload(workspace: SlackWorkspace, event: Json, channel: SlackChannel | None) -> Json:
    state = workspace.state
    now = workspace.clock.now()
    authorization = {
        "enterprise_id": state.team.enterprise_id,
        "team_id": state.team.id,
        "user_id": state.app.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": state.app.verification_token,
        "team_id": state.team.id,
        "context_team_id": state.team.id,
        "context_enterprise_id": state.team.enterprise_id,
        "api_app_id": state.app.id,
        "event": {"event_ts": f"{now:.6f}", **event},
        "type": "event_callback",
        "event_id": random_id("Ev"),
        "event_time": int(now),
        "authorizations": [authorization],
        "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
        "event_context": random_id("4-", 16),
    }


async def _deliver(workspace: SlackWorkspace, payload: Json) -> None:
    envelope = Envelope(kind="events_api", payload=payload)
    for attempt, wait_s in enumerate((*RETRY_AFTER_S, None), start=1):
        begun = time.monotonic()
        sent = await workspace.transport.deliver(
            envelope, signing_secret=workspace.state.app.signing_secret, at=workspace.clock.now()
        )
        if sent.answer.error is None or sent.answer.give_up or wait_s is None:
            return
        elapsed = time.monotonic() - begun
        await workspace.clock.sleep_until(workspace.clock.now() + max(0.0, wait_s - elapsed))
        envelope = replace(envelope, attempt=attempt, reason=sent.answer.reason)
