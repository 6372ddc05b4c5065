"""conversations.* and users.conversations: channels, their members and their messages."""

from dataclasses import dataclass
from typing import Final

from slackapp.local.payloads import events
from slackapp.local.protocol.errors import SlackError
from slackapp.local.protocol.types import Json
from slackapp.local.state.channels import SlackChannel, SlackMessage
from slackapp.local.state.workspace_state import WorkspaceState
from slackapp.local.web_api.channel_access import READ_SCOPE, readable_history, require, visible_channel
from slackapp.local.web_api.method_call import MethodCall

MOST_A_PAGE: Final = 1000
_HISTORY_PAGE: Final = 100


def info(call: MethodCall) -> Json:
    """conversations.info."""
    channel = visible_channel(call, call.text("channel"))
    require(call.workspace.state, READ_SCOPE[channel.kind])
    shown = as_slack(call.workspace.state, channel)
    if call.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def list_all(call: MethodCall) -> Json:
    """conversations.list: what the app may know of."""
    state = call.workspace.state
    known = [c for c in _of_types(call) if c.kind == "public_channel" or state.has_bot(c)]
    page, more = call.page(known, most=MOST_A_PAGE, default=_HISTORY_PAGE)
    return {"channels": [as_slack(state, channel) for channel in page], **more}


def list_joined(call: MethodCall) -> Json:
    """users.conversations: the channels the app, or the named person, is in, as far as the app may know."""
    state = call.workspace.state
    member = call.text("user") or state.app.bot_user
    state.user(member)
    joined = [c for c in _of_types(call) if member in c.members and (c.kind == "public_channel" or state.has_bot(c))]
    page, more = call.page(joined, most=MOST_A_PAGE, default=_HISTORY_PAGE)
    return {"channels": [as_slack(state, channel) for channel in page], **more}


def members(call: MethodCall) -> Json:
    """conversations.members."""
    channel = visible_channel(call, call.text("channel"))
    require(call.workspace.state, READ_SCOPE[channel.kind])
    page, more = call.page(channel.members, most=MOST_A_PAGE, default=_HISTORY_PAGE)
    return {"members": page, **more}


def open_im(call: MethodCall) -> Json:
    """conversations.open for one person; group messages are not part of this workspace."""
    state = call.workspace.state
    people = [person for person in call.text("users").split(",") if person]
    if len(people) != 1:
        raise SlackError("invalid_arguments" if people else "users_list_not_supplied")
    if state.user(people[0]).deleted:
        raise SlackError("user_disabled")
    if people[0] == state.app.bot_user:
        raise SlackError("cannot_dm_bot")
    known = state.im_with(people[0])
    channel = state.open_im(people[0])
    return {"channel": {"id": channel.id}, "no_op": known is not None, "already_open": known is not None}


def join(call: MethodCall) -> Json:
    """conversations.join, public channels only."""
    workspace = call.workspace
    channel = visible_channel(call, call.text("channel"))
    if channel.kind != "public_channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    bot = workspace.state.app.bot_user
    if bot not in channel.members:
        channel.members.append(bot)
        joined = {"type": "member_joined_channel", "user": bot, "channel": channel.id, "channel_type": "C"}
        events.emit(workspace, joined | {"team": workspace.state.team.id}, channel)
        workspace.change_feed.publish("workspace")
    return {"channel": as_slack(workspace.state, channel)}


@dataclass(frozen=True, kw_only=True)
class _Window:
    """The stretch of time asked for; ts compare as numbers."""

    oldest: float
    latest: float
    inclusive: bool

    def holds(self, ts: str) -> bool:
        at = float(ts)
        return self.oldest < at < self.latest or (self.inclusive and at in {self.oldest, self.latest})


def history(call: MethodCall) -> Json:
    """conversations.history: newest first, without replies and ephemeral messages."""
    channel = readable_history(call)
    window = _window(call)
    found = [m for m in _lasting(channel) if m.thread_ts in {None, m.ts} and window.holds(m.ts)]
    page, more = call.page(found[::-1], most=MOST_A_PAGE, default=_HISTORY_PAGE)
    return {"messages": _shown(call, channel, page), **_has_more(more)}


def replies(call: MethodCall) -> Json:
    """conversations.replies: the parent first, then the replies, oldest first."""
    channel = readable_history(call)
    asked = channel.messages.get(call.text("ts"))
    if asked is None or asked.ephemeral_to is not None:
        raise SlackError("thread_not_found")
    root = asked.thread_ts or asked.ts
    window = _window(call)
    found = [m for m in _lasting(channel) if m.ts == root or (m.thread_ts == root and window.holds(m.ts))]
    page, more = call.page(found, most=MOST_A_PAGE, default=MOST_A_PAGE)
    return {"messages": _shown(call, channel, page), **_has_more(more)}


def as_slack(state: WorkspaceState, channel: SlackChannel) -> Json:
    """Return Slack's channel object."""
    shared = {
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "connected_team_ids": channel.connected_team_ids,
    }
    common: Json = {"id": channel.id, "created": channel.created, "is_im": channel.is_im, "is_mpim": False}
    if channel.is_im:
        other = state.other_side(channel, state.app.bot_user)
        return common | {"user": other.id, "is_user_deleted": other.deleted, "is_archived": False}
    return (
        common
        | shared
        | {
            "name": channel.name,
            "name_normalized": channel.name,
            "is_channel": not channel.is_private,
            "is_group": False,
            "is_private": channel.is_private,
            "is_archived": channel.is_archived,
            "is_general": channel.name == "general",
            "is_member": state.has_bot(channel),
            "creator": channel.creator,
            "context_team_id": state.team.id,
            "topic": {"value": channel.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }
    )


def message_as_slack(channel: SlackChannel, message: SlackMessage, *, with_metadata: bool) -> Json:
    """Return Slack's message object as history shows it: a thread's parent counts its replies."""
    shown = message.as_slack(with_metadata=with_metadata)
    answers = channel.replies(message.ts)
    if answers:
        users = list(dict.fromkeys(reply.user for reply in answers))
        shown |= {
            "reply_count": len(answers),
            "reply_users": users,
            "reply_users_count": len(users),
            "latest_reply": answers[-1].ts,
        }
    return shown


def _of_types(call: MethodCall) -> list[SlackChannel]:
    state = call.workspace.state
    types = [kind.strip() for kind in call.text("types", "public_channel").split(",")]
    for kind in types:
        if kind not in {*READ_SCOPE, "mpim"}:
            raise SlackError("invalid_types")
        require(state, READ_SCOPE.get(kind, "mpim:read"))
    channels = [c for c in state.channels.values() if c.kind in types]
    return [c for c in channels if not (c.is_archived and call.flag("exclude_archived"))]


def _window(call: MethodCall) -> _Window:
    try:
        oldest, latest = float(call.text("oldest") or 0), float(call.text("latest") or "inf")
    except ValueError:
        raise SlackError("invalid_ts_oldest") from None
    return _Window(oldest=oldest, latest=latest, inclusive=call.flag("inclusive"))


def _lasting(channel: SlackChannel) -> list[SlackMessage]:
    return [message for message in channel.messages.values() if message.ephemeral_to is None]


def _shown(call: MethodCall, channel: SlackChannel, found: list[SlackMessage]) -> list[Json]:
    with_metadata = call.flag("include_all_metadata")
    return [message_as_slack(channel, message, with_metadata=with_metadata) for message in found]


def _has_more(more: Json) -> Json:
    return {"has_more": True, **more} if more["response_metadata"]["next_cursor"] else {"has_more": False}
