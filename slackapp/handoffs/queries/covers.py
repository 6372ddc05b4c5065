"""Find who gets a direct message in place of a person who is away: the messages of a change that ask them to act."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from slackapp.handoffs.rules import change_messages
from slackapp.people.rules.covering import cover_of
from storage.company import people
from storage.db.database import Tx
from storage.outbox.model import OutboxMessage


def with_covers(tx: Tx, messages: Collection[OutboxMessage], actor: str, now: datetime) -> list[OutboxMessage]:
    """Return the messages of a change, with those to the covers of people who are away and asked to act.

    Messages that ask nobody cost no query. Who acts, or gets a message about the change already, gets no second one.
    """
    asking = [one for one in messages if is_asking(one)]
    told = {actor, *(one.to.user for one in messages if one.kind == "dm")}
    covers = covers_of(tx, asking[0].workspace, {one.to.user or "" for one in asking}, now) if asking else {}
    copies = ((one, covers.get(one.to.user or "")) for one in asking)
    return [*messages, *(change_messages.for_cover(one, cover) for one, cover in copies if cover and cover not in told)]


def is_asking(message: OutboxMessage) -> bool:
    """Whether it is a direct message that asks its recipient to act, as themselves."""
    payload = message.payload
    return message.kind == "dm" and "for" not in payload and change_messages.asked_capacity(payload) is not None


def covers_of(tx: Tx, workspace: str, users: Iterable[str], now: datetime) -> dict[str, str]:
    """Return who covers now for those of the people who are away, by the person's id."""
    absent = [one for one in people.get_many(tx, workspace, users).values() if one.cover is not None]
    if not absent:
        return {}
    known = people.get_many(tx, workspace, {one.cover for one in absent if one.cover})
    found = {one.id: cover_of(one, known, now) for one in absent}
    return {user: cover for user, cover in found.items() if cover is not None}
