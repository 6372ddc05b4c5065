"""Who is in the channels of queues whose work everybody there may claim, as last read from Slack."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import bindparam, select

from storage.company.tables import channel_members
from storage.db import bulk
from storage.db.database import Tx

_KEY: Final = ("workspace", "channel", "user")
_c: Final = channel_members.c
_there: Final = (_c.workspace == bindparam("in_workspace"), _c.channel == bindparam("in_channel"))
_ADD: Final = bulk.insert_new(channel_members, _KEY, _KEY)
_MEMBERS: Final = select(_c.user).where(*_there)
_REMOVE: Final = channel_members.delete().where(*_there, _c.user == bindparam("of_user"))
_OF_PERSON: Final = select(_c.channel).where(
    _c.workspace == bindparam("in_workspace"),
    _c.user == bindparam("of_user"),
    _c.channel.in_(bindparam("channels", expanding=True)),
)


def add(tx: Tx, workspace: str, channel: str, users: Iterable[str]) -> None:
    """Store that these people are in a channel."""
    bulk.execute(tx, _ADD, [{"workspace": workspace, "channel": channel, "user": user} for user in users])


def remove(tx: Tx, workspace: str, channel: str, user: str) -> None:
    """Store that a person is not in a channel any more."""
    tx.execute(_REMOVE, {"in_workspace": workspace, "in_channel": channel, "of_user": user})


def list_users(tx: Tx, workspace: str, channel: str) -> set[str]:
    """Return the people in a channel."""
    return set(tx.execute(_MEMBERS, {"in_workspace": workspace, "in_channel": channel}).scalars())


def channels_with(tx: Tx, workspace: str, user: str, channels: Iterable[str]) -> set[str]:
    """Return those of the channels that a person is in."""
    wanted = sorted(set(channels))
    row = {"in_workspace": workspace, "of_user": user, "channels": wanted}
    return set(tx.execute(_OF_PERSON, row).scalars()) if wanted else set()
