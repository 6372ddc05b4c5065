"""Changes to the world that are no act of a person: people, channels, groups, scopes, tokens."""

from dataclasses import fields
from typing import Any

from slackapp.local import absences, events
from slackapp.local.control.finding import needed
from slackapp.local.records import Channel, User, UserGroup
from slackapp.local.wire import BadRequestError, Json
from slackapp.local.workspace import Workspace


async def user(workspace: Workspace, body: Json) -> Json:
    """Create or change a person; the app hears team_join or user_change, of paused notifications dnd_updated_user."""
    world = workspace.world
    now = workspace.clock.now()
    known = world.users.get(needed(body, "id"))
    wanted = dict(body)
    until, since = wanted.pop("dnd_until", None), wanted.pop("dnd_from", None)
    if known is None:
        names = {"name": body["id"].lower(), "real_name": body["id"], "team_id": world.team.id}
        known = world.users[body["id"]] = User(**{**names, **_of(User, wanted)})
        known.updated = int(now)
        events.emit(workspace, {"type": "team_join", "user": known.as_slack(now), "cache_ts": known.updated})
    elif set(wanted) - {"id"}:
        _change(known, wanted)
        absences.changed(workspace, known)
    if until is not None:
        absences.pause(workspace, known, int(until), since=None if since is None else int(since))
    return known.brief(now)


async def channel(workspace: Workspace, body: Json) -> Json:
    """Create, change, archive, share or delete (`deleted: true`) a channel; change who is in it (`members`).

    `new_id` gives it another id, as Slack does when a private channel becomes shared.
    """
    world = workspace.world
    wanted = dict(body)
    deleted = wanted.pop("deleted", False)
    new_id = wanted.pop("new_id", None)
    known = world.channels.get(needed(body, "id"))
    if known is None:
        known = Channel(**{"name": body["id"].lower(), **_of(Channel, wanted)})
        world.channels[known.id] = known
        if not known.is_private:
            shown = {"id": known.id, "name": known.name, "created": known.created, "creator": known.creator}
            events.emit(workspace, {"type": "channel_created", "channel": shown}, known)
    else:
        _change_channel(workspace, known, wanted)
    if new_id is not None:
        _change_id(workspace, known, str(new_id))
    if deleted:
        _emit_for(workspace, known, "deleted", {"channel": known.id})
        del world.channels[known.id]
    return {"id": known.id, "members": known.members}


async def usergroup(workspace: Workspace, body: Json) -> Json:
    """Create or change a user group."""
    world = workspace.world
    known = world.usergroups.get(needed(body, "id"))
    if known is None:
        known = UserGroup(**{"handle": body["id"].lower(), "name": body["id"], **_of(UserGroup, body)})
        world.usergroups[known.id] = known
        events.emit(workspace, {"type": "subteam_created", "subteam": known.as_slack(world.team.id)})
        return known.as_slack(world.team.id)
    before = list(known.users)
    _change(known, body)
    if before != known.users:
        changed: Json = {
            "type": "subteam_members_changed",
            "subteam_id": known.id,
            "team_id": world.team.id,
            "added_users": [u for u in known.users if u not in before],
            "removed_users": [u for u in before if u not in known.users],
        }
        events.emit(workspace, changed)
    events.emit(workspace, {"type": "subteam_updated", "subteam": known.as_slack(world.team.id)})
    return known.as_slack(world.team.id)


async def scopes(workspace: Workspace, body: Json) -> Json:
    """Grant exactly these scopes, as if the installer had declined the others."""
    workspace.world.app.granted = set(needed(body, "granted"))
    return {"granted": sorted(workspace.world.app.granted)}


async def token(workspace: Workspace, body: Json) -> Json:
    """Change the bot token, revoke it, or uninstall the app (`uninstalled: true`)."""
    app = workspace.world.app
    if "bot" in body:
        app.bot_token = str(body["bot"])
    was_revoked = app.revoked
    app.revoked = bool(body.get("revoked", app.revoked) or body.get("uninstalled", False))
    if app.revoked and not was_revoked:
        events.emit(workspace, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [app.bot_user]}})
    if body.get("uninstalled"):
        events.emit(workspace, {"type": "app_uninstalled"})
    return {"revoked": app.revoked}


def _change_channel(workspace: Workspace, known: Channel, wanted: Json) -> None:
    values = _of(Channel, wanted)
    actor = str(wanted.get("actor", "USLACKBOT"))
    before_members, was_archived, name = list(known.members), known.is_archived, known.name
    was_there = workspace.world.bot_in(known)
    for key, value in values.items():
        setattr(known, key, value)
    if known.name != name:
        shown = {"id": known.id, "name": known.name, "created": known.created}
        _emit_for(workspace, known, "rename", {"channel": shown})
    if known.is_archived != was_archived:
        done = "archive" if known.is_archived else "unarchive"
        _emit_for(workspace, known, done, {"channel": known.id, "user": actor})
    for member in known.members:
        if member not in before_members:
            _emit_membership(workspace, known, "member_joined_channel", member, heard=True)
    for member in before_members:
        if member not in known.members:
            _emit_membership(workspace, known, "member_left_channel", member, heard=was_there)


def _change_id(workspace: Workspace, known: Channel, new_id: str) -> None:
    channels = workspace.world.channels
    del channels[known.id]
    event = {"type": "channel_id_changed", "old_channel_id": known.id, "new_channel_id": new_id}
    known.id = new_id
    channels[new_id] = known
    events.emit(workspace, event, known)


def _emit_for(workspace: Workspace, channel: Channel, done: str, extra: Json) -> None:
    """Send channel_... or, for a private channel the app is in, group_..."""
    if channel.is_private and not workspace.world.bot_in(channel):
        return
    prefix = "group" if channel.is_private else "channel"
    events.emit(workspace, {"type": f"{prefix}_{done}", **extra}, channel)


def _emit_membership(workspace: Workspace, channel: Channel, kind: str, member: str, *, heard: bool) -> None:
    """Membership is told only of channels the app is in; of its own leaving as well."""
    world = workspace.world
    if not heard or not (world.bot_in(channel) or member == world.app.bot_user):
        return
    event = {
        "type": kind,
        "user": member,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": world.team.id,
    }
    events.emit(workspace, event, channel)


def _of(kind: type[Any], body: Json) -> Json:
    known = {f.name for f in fields(kind)} - {"messages", "read", "last_tick"}
    if unknown := set(body) - known - {"actor"}:
        raise BadRequestError(f"a {kind.__name__.lower()} has no {sorted(unknown)}; it has {sorted(known)}")
    return {key: value for key, value in body.items() if key in known}


def _change(record: User | UserGroup, body: Json) -> None:
    for key, value in _of(type(record), body).items():
        setattr(record, key, value)
