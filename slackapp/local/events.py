"""Events API: what happens in the workspace reaches the app if its manifest subscribes and its scopes allow.

docs.slack.dev, apis/events-api: an event that is not acknowledged within three seconds comes again at once, after
a minute and after five minutes. The minutes are the workspace's, so that a test can move past them.
"""

import time
from dataclasses import replace
from functools import partial
from typing import Final

from slackapp.local.parcels import Parcel
from slackapp.local.records import Channel
from slackapp.local.wire import Json, opaque
from slackapp.local.workspace import Workspace

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
    "channel_created": frozenset({"channels:read"}),
    "group_archive": frozenset({"groups:read"}),
    "group_unarchive": frozenset({"groups:read"}),
    "group_rename": frozenset({"groups:read"}),
    "group_deleted": frozenset({"groups:read"}),
    "message.channels": frozenset({"channels:history"}),
    "message.groups": frozenset({"groups:history"}),
    "message.im": frozenset({"im:history"}),
}
"""Any of these scopes lets an event through; events not listed need none."""

_MESSAGE_EVENTS: Final = {"im": "message.im", "private_channel": "message.groups", "public_channel": "message.channels"}
_CHANNEL_TYPES: Final = {"im": "im", "private_channel": "group", "public_channel": "channel"}


def emit(workspace: Workspace, event: Json, channel: Channel | None = None, *, subscription: str = "") -> None:
    """Send an event to the app, in the background, if it subscribed to it (by its type, unless named otherwise)."""
    name = subscription or event["type"]
    needed = SCOPES.get(name)
    granted = workspace.world.app.granted
    if name not in workspace.manifest.events or (needed is not None and not needed & granted):
        return
    envelope = _envelope(workspace, event, channel)
    workspace.start(partial(_deliver, workspace, envelope))


def emit_message(workspace: Workspace, channel: Channel, message: Json) -> None:
    """Send a message event if the app is a member of the channel and subscribed to messages of its kind."""
    if not workspace.world.bot_in(channel):
        return
    event = message | {
        "channel": channel.id,
        "channel_type": _CHANNEL_TYPES[channel.kind],
        "event_ts": message.get("ts", f"{workspace.clock.now():.6f}"),
    }
    emit(workspace, event, channel, subscription=_MESSAGE_EVENTS[channel.kind])


def _envelope(workspace: Workspace, event: Json, channel: Channel | None) -> Json:
    world = workspace.world
    now = workspace.clock.now()
    authorization = {
        "enterprise_id": None,
        "team_id": world.team.id,
        "user_id": world.app.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": world.app.verification_token,
        "team_id": world.team.id,
        "context_team_id": world.team.id,
        "context_enterprise_id": None,
        "api_app_id": world.app.id,
        "event": {"event_ts": f"{now:.6f}", **event},
        "type": "event_callback",
        "event_id": opaque("Ev"),
        "event_time": int(now),
        "authorizations": [authorization],
        "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
        "event_context": opaque("4-", 16),
    }


async def _deliver(workspace: Workspace, envelope: Json) -> None:
    parcel = Parcel(kind="events_api", payload=envelope)
    for attempt, wait_s in enumerate((*RETRY_AFTER_S, None), start=1):
        begun = time.monotonic()
        sent = await workspace.courier.deliver(
            parcel, signing_secret=workspace.world.app.signing_secret, at=workspace.clock.now()
        )
        if sent.answer.error is None or sent.answer.give_up or wait_s is None:
            return
        elapsed = time.monotonic() - begun
        await workspace.clock.sleep_until(workspace.clock.now() + max(0.0, wait_s - elapsed))
        parcel = replace(parcel, attempt=attempt, reason=sent.answer.reason)
