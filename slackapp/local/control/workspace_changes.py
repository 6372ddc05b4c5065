"""Changes by nobody in particular: people, channels, user groups, the workspace, scopes and tokens."""

from dataclasses import fields
from typing import Any

from slackapp.local.control.lookups import required_field
from slackapp.local.operations import presence
from slackapp.local.payloads import events
from slackapp.local.protocol.errors import BadRequestError
from slackapp.local.protocol.types import Json
from slackapp.local.state.channels import SlackChannel
from slackapp.local.state.installation import SlackTeam
from slackapp.local.state.people import SlackUser, SlackUserGroup
from slackapp.local.workspace.workspace import SlackWorkspace


async def user(workspace: SlackWorkspace, body: Json) -> Json:
    """Create or change a person; the app hears team_join or user_change, of paused notifications dnd_updated_user."""
    state = workspace.state
    now = workspace.clock.now()
    known = state.users.get(required_field(body, "id"))
    wanted = dict(body)
    until, since = wanted.pop("dnd_until", None), wanted.pop("dnd_from", None)
    if known is None:
        names = {"name": body["id"].lower(), "real_name": body["id"], "team_id": state.team.id}
        known = state.users[body["id"]] = SlackUser(**{**names, **_of(SlackUser, wanted)})
        known.updated = int(now)
        events.emit(workspace, {"type": "team_join", "user": known.as_slack(now), "cache_ts": known.updated})
    elif set(wanted) - {"id"}:
        _change(known, wanted)
        presence.emit_user_change(workspace, known)
    if until is not None:
        presence.pause_notifications(workspace, known, int(until), since=None if since is None else int(since))
    return known.summary(now)


async def team(workspace: SlackWorkspace, body: Json) -> Json:
    """Change the workspace itself: its name, or the Enterprise organisation that it belongs to (`enterprise_id`)."""
    _change(workspace.state.team, body)
    return {"id": workspace.state.team.id, "enterprise": workspace.state.team.enterprise}


async def channel(workspace: SlackWorkspace, body: Json) -> Json:
    """Create, change, archive, share or delete (`deleted: true`) a channel; change who is in it (`members`).

    `new_id` gives it another id, as Slack does when a private channel becomes shared.
    """
    state = workspace.state
    wanted = dict(body)
    deleted = wanted.pop("deleted", False)
    new_id = wanted.pop("new_id", None)
    known = state.channels.get(required_field(body, "id"))
    if known is None:
        known = SlackChannel(**{"name": body["id"].lower(), **_of(SlackChannel, wanted)})
        state.channels[known.id] = known
        if not known.is_private:
            shown = {"id": known.id, "name": known.name, "created": known.created, "creator": known.creator}
            events.emit(workspace, {"type": "channel_created", "channel": shown}, known)
    else:
        _change_channel(workspace, known, wanted)
    if new_id is not None:
        _change_id(workspace, known, str(new_id))
    if deleted:
        _emit_for(workspace, known, "deleted", {"channel": known.id})
        del state.channels[known.id]
    return {"id": known.id, "members": known.members}


async def usergroup(workspace: SlackWorkspace, body: Json) -> Json:
    """Create or change a user group."""
    state = workspace.state
    known = state.usergroups.get(required_field(body, "id"))
    if known is None:
        known = SlackUserGroup(**{"handle": body["id"].lower(), "name": body["id"], **_of(SlackUserGroup, body)})
        state.usergroups[known.id] = known
        events.emit(workspace, {"type": "subteam_created", "subteam": known.as_slack(state.team.id)})
        return known.as_slack(state.team.id)
    before = list(known.users)
    _change(known, body)
    if before != known.users:
        changed: Json = {
            "type": "subteam_members_changed",
            "subteam_id": known.id,
            "team_id": state.team.id,
            "added_users": [u for u in known.users if u not in before],
            "removed_users": [u for u in before if u not in known.users],
        }
        events.emit(workspace, changed)
    events.emit(workspace, {"type": "subteam_updated", "subteam": known.as_slack(state.team.id)})
    return known.as_slack(state.team.id)


async def scopes(workspace: SlackWorkspace, body: Json) -> Json:
    """Grant exactly these scopes, as if the installer had declined the others."""
    workspace.state.app.granted = set(required_field(body, "granted"))
    return {"granted": sorted(workspace.state.app.granted)}


async def token(workspace: SlackWorkspace, body: Json) -> Json:
    """Change the bot token, revoke it, or uninstall the app (`uninstalled: true`)."""
    app = workspace.state.app
    if "bot" in body:
        app.bot_token = str(body["bot"])
    was_revoked = app.revoked
    app.revoked = bool(body.get("revoked", app.revoked) or body.get("uninstalled", False))
    if app.revoked and not was_revoked:
        events.emit(workspace, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [app.bot_user]}})
    if body.get("uninstalled"):
        events.emit(workspace, {"type": "app_uninstalled"})
    return {"revoked": app.revoked}


def _change_channel(workspace: SlackWorkspace, known: SlackChannel, wanted: Json) -> None:
    values = _of(SlackChannel, wanted)
    actor = str(wanted.get("actor", "USLACKBOT"))
    before_members, was_archived, name = list(known.members), known.is_archived, known.name
    was_there = workspace.state.has_bot(known)
    was_shared, was_private = known.is_ext_shared, known.is_private
    for key, value in values.items():
        setattr(known, key, value)
    if known.name != name:
        shown = {"id": known.id, "name": known.name, "created": known.created}
        _emit_for(workspace, known, "rename", {"channel": shown})
    if known.is_archived != was_archived:
        done = "archive" if known.is_archived else "unarchive"
        _emit_for(workspace, known, done, {"channel": known.id, "user": actor})
    if known.is_ext_shared != was_shared:
        _emit_sharing(workspace, known)
    if known.is_private != was_private:
        to = "private" if known.is_private else "public"
        converted = {"type": "message", "subtype": f"channel_convert_to_{to}", "user": actor, "text": ""}
        events.emit_message(workspace, known, converted | {"ts": known.next_ts(workspace.clock.now())})
    for member in known.members:
        if member not in before_members:
            _emit_membership(workspace, known, "member_joined_channel", member, heard=True)
    for member in before_members:
        if member not in known.members:
            _emit_membership(workspace, known, "member_left_channel", member, heard=was_there)


def _change_id(workspace: SlackWorkspace, known: SlackChannel, new_id: str) -> None:
    channels = workspace.state.channels
    del channels[known.id]
    event = {"type": "channel_id_changed", "old_channel_id": known.id, "new_channel_id": new_id}
    known.id = new_id
    channels[new_id] = known
    events.emit(workspace, event, known)


def _emit_for(workspace: SlackWorkspace, channel: SlackChannel, done: str, extra: Json) -> None:
    """Send channel_... or, for a private channel the app is in, group_..."""
    if channel.is_private and not workspace.state.has_bot(channel):
        return
    prefix = "group" if channel.is_private else "channel"
    events.emit(workspace, {"type": f"{prefix}_{done}", **extra}, channel)


def _emit_sharing(workspace: SlackWorkspace, channel: SlackChannel) -> None:
    """Tell that a channel is shared with another company now, or no longer."""
    other = {"connected_team_id": "T0OTHER"}
    if channel.is_ext_shared:
        events.emit(workspace, {"type": "channel_shared", "channel": channel.id, **other}, channel)
    else:
        left = {"previously_connected_team_id": "T0OTHER", "is_ext_shared": False}
        events.emit(workspace, {"type": "channel_unshared", "channel": channel.id, **left}, channel)


def _emit_membership(workspace: SlackWorkspace, channel: SlackChannel, kind: str, member: str, *, heard: bool) -> None:
    """Membership is told only of channels the app is in; of its own leaving as well."""
    state = workspace.state
    if not heard or not (state.has_bot(channel) or member == state.app.bot_user):
        return
    event = {
        "type": kind,
        "user": member,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": state.team.id,
    }
    events.emit(workspace, event, channel)


def _of(kind: type[Any], body: Json) -> Json:
    known = {f.name for f in fields(kind)} - {"messages", "read", "last_tick"}
    if unknown := set(body) - known - {"actor"}:
        raise BadRequestError(f"a {kind.__name__.lower()} has no {sorted(unknown)}; it has {sorted(known)}")
    return {key: value for key, value in body.items() if key in known}


def _change(record: SlackTeam | SlackUser | SlackUserGroup, body: Json) -> None:
    for key, value in _of(type(record), body).items():
        setattr(record, key, value)
