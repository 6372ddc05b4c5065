"""Builds the state of a workspace from a seed document."""

import time
from copy import deepcopy
from dataclasses import fields
from typing import TypeVar

from slackapp.local.protocol.errors import BadRequestError
from slackapp.local.protocol.types import Json
from slackapp.local.state.channels import SlackChannel, SlackMessage
from slackapp.local.state.installation import SlackApp, SlackTeam
from slackapp.local.state.manifest import AppManifest
from slackapp.local.state.people import SlackUser, SlackUserGroup
from slackapp.local.state.typed_text import escape_typed, rich_text_block
from slackapp.local.state.workspace_state import WorkspaceState

_Record = TypeVar("_Record", SlackTeam, SlackApp, SlackUser, SlackUserGroup, SlackChannel)

_WRITTEN_AGO_S = 3600.0
"""How long ago the seed's messages were written."""


def state_from_seed(seed: Json, manifest: AppManifest) -> WorkspaceState:
    """Build the state from a seed document (`seed.yml` explains the format); raise BadRequestError if it is wrong.

    The bot user is added to the people if the seed does not name it; `declined` lists optional scopes not granted.
    """
    seed = deepcopy(seed)  # the records take its lists for their own
    state = WorkspaceState(
        team=_record(SlackTeam, seed.get("team") or {}), app=_record(SlackApp, seed.get("app") or {})
    )
    state.app.granted = set(manifest.scopes) - set(seed.get("declined") or ())
    state.app.name = manifest.name
    for entry in seed.get("users") or ():
        state.users[entry["id"]] = _record(SlackUser, {"team_id": state.team.id, **entry})
    bot = state.app.bot_user
    if bot not in state.users:
        state.users[bot] = SlackUser(
            id=bot, name=manifest.name.lower(), real_name=manifest.name, is_bot=True, tz="UTC", team_id=state.team.id
        )
    for entry in seed.get("usergroups") or ():
        state.usergroups[entry["id"]] = _record(SlackUserGroup, entry)
    for entry in seed.get("channels") or ():
        _add_channel(state, entry)
    return state


def _add_channel(state: WorkspaceState, entry: Json) -> None:
    values = dict(entry)
    said = values.pop("messages", ())
    channel = _record(SlackChannel, values)
    if unknown := set(channel.members) - set(state.users):
        raise BadRequestError(f"channel {channel.id} names members that do not exist: {sorted(unknown)}")
    state.channels[channel.id] = channel
    for line in said:
        ts = channel.next_ts(time.time() - _WRITTEN_AGO_S + 60 * len(channel.messages))
        author = state.users[line["user"]]
        blocks = [rich_text_block(line["text"])]
        text = escape_typed(line["text"])
        channel.messages[ts] = SlackMessage(ts=ts, user=author.id, text=text, blocks=blocks, team=author.team_id)
        channel.read = dict.fromkeys(channel.members, ts)


def _record(kind: type[_Record], values: Json) -> _Record:
    known = {f.name for f in fields(kind)}
    if unknown := set(values) - known:
        raise BadRequestError(f"{kind.__name__.removeprefix('Slack')} has no {sorted(unknown)}; it has {sorted(known)}")
    return kind(**values)
