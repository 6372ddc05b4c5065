"""The state of the workspace: who and what exists, and the questions one asks about it."""

import time
from copy import deepcopy
from dataclasses import dataclass, field, fields
from typing import TypeVar

from slackapp.local.manifest import Manifest
from slackapp.local.records import App, Channel, File, Message, Team, User, UserGroup, View
from slackapp.local.typed import typed, typed_block
from slackapp.local.wire import BadRequestError, Json, SlackError

_Record = TypeVar("_Record", Team, App, User, UserGroup, Channel)

_WRITTEN_AGO_S = 3600.0
"""How long ago the seed's messages were written."""


@dataclass(kw_only=True, slots=True)
class World:
    """Everything a reset brings back to the seed. `stacks` and `homes` are keyed by person."""

    team: Team = field(default_factory=Team)
    app: App = field(default_factory=App)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    usergroups: dict[str, UserGroup] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    alerts: dict[str, list[Json]] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)

    def user(self, user_id: str) -> User:
        """Return a person, or raise `user_not_found`."""
        if user_id not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id]

    def im_with(self, user_id: str) -> Channel | None:
        """Return the direct message between the app and a person, if it was ever opened."""
        return next((c for c in self.channels.values() if c.is_im and user_id in c.members), None)

    def open_im(self, user_id: str) -> Channel:
        """Return the direct message between the app and a person, opening it if needed."""
        person = self.user(user_id)
        channel = self.im_with(user_id)
        if channel is None:
            channel = Channel(
                id=f"D0{person.id[1:]}", name=person.name, is_im=True, members=[self.app.bot_user, person.id]
            )
            self.channels[channel.id] = channel
        return channel

    def bot_in(self, channel: Channel) -> bool:
        """Say whether the app's bot is a member."""
        return self.app.bot_user in channel.members

    def other_side(self, channel: Channel, user_id: str) -> User:
        """Return the other person of a direct message."""
        return self.users[next(member for member in channel.members if member != user_id)]

    def sees(self, user_id: str, message: Message) -> bool:
        """Say whether a member of its channel sees a message: ephemeral ones only their addressee."""
        return message.ephemeral_to in {None, user_id}

    def stack(self, user_id: str) -> list[View]:
        """Return a person's open modals, the visible one last."""
        return self.stacks.setdefault(user_id, [])

    def all_views(self) -> list[View]:
        """Return every open modal and every Home tab."""
        return [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())


def world_from_seed(seed: Json, manifest: Manifest) -> World:
    """Build a world from a seed document (`seed.yml` explains the format); raise BadRequestError if it is wrong.

    The bot user is added to the people if the seed does not name it; `declined` lists optional scopes not granted.
    """
    seed = deepcopy(seed)  # the records take its lists for their own
    world = World(team=_record(Team, seed.get("team") or {}), app=_record(App, seed.get("app") or {}))
    world.app.granted = set(manifest.scopes) - set(seed.get("declined") or ())
    world.app.name = manifest.name
    for entry in seed.get("users") or ():
        world.users[entry["id"]] = _record(User, {"team_id": world.team.id, **entry})
    bot = world.app.bot_user
    if bot not in world.users:
        world.users[bot] = User(
            id=bot, name=manifest.name.lower(), real_name=manifest.name, is_bot=True, tz="UTC", team_id=world.team.id
        )
    for entry in seed.get("usergroups") or ():
        world.usergroups[entry["id"]] = _record(UserGroup, entry)
    for entry in seed.get("channels") or ():
        _add_channel(world, entry)
    return world


def _add_channel(world: World, entry: Json) -> None:
    values = dict(entry)
    said = values.pop("messages", ())
    channel = _record(Channel, values)
    if unknown := set(channel.members) - set(world.users):
        raise BadRequestError(f"channel {channel.id} names members that do not exist: {sorted(unknown)}")
    world.channels[channel.id] = channel
    for line in said:
        ts = channel.next_ts(time.time() - _WRITTEN_AGO_S + 60 * len(channel.messages))
        author = world.users[line["user"]]
        blocks = [typed_block(line["text"])]
        text = typed(line["text"])
        channel.messages[ts] = Message(ts=ts, user=author.id, text=text, blocks=blocks, team=author.team_id)
        channel.read = dict.fromkeys(channel.members, ts)


def _record(kind: type[_Record], values: Json) -> _Record:
    known = {f.name for f in fields(kind)}
    if unknown := set(values) - known:
        raise BadRequestError(f"{kind.__name__} has no {sorted(unknown)}; it has {sorted(known)}")
    return kind(**values)
