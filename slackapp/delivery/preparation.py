"""Get a leased message ready: where it goes, whether its reader can hear it, and how it looks by what is stored now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from slackapp.blocks import Post
from slackapp.delivery import calls
from slackapp.delivery.gateway import Message
from slackapp.delivery.outcomes import Call, Held, Job, Later, MovedOn, Outcome, PersonShut, Place, ThreadGone
from slackapp.policy import reactions
from slackapp.policy.reach import Silence
from slackapp.usecases import digests, look
from slackapp.usecases.hearing import About, hearing
from storage import handoffs, messages, people, queues
from storage.company import Queue
from storage.database import Tx
from storage.leasing import OUTSIDE
from storage.lifecycle import Verb
from storage.picture import Digest, Picture, Reminded
from storage.records import Clock, Leased

_CARD_WAIT: Final = timedelta(seconds=30)
_CARD_POLL_S: Final = 1.0
_LINKS: Final = frozenset({"sent", "source", "dm"})
_WAITS_FOR_READER: Final = frozenset({"level", "bundle"})
"""Kinds of messages to a person that are not said while they cannot hear."""


class Draw(Protocol):
    """How a message looks now, or None if it is no longer worth saying (see `slackapp.views.drawings.draw`)."""

    def __call__(
        self,
        kind: str,
        picture: Picture | None,
        payload: Mapping[str, Any],
        now: datetime,
        queue: Queue | None = None,
        *,
        posted: bool = False,
        rows: Sequence[Reminded] = (),
        more: int = 0,
        digest: Digest | None = None,
    ) -> Post | None:
        """Draw it."""


@dataclass(frozen=True, kw_only=True)
class _Scene:
    """What a message is drawn from: a handoff, many of them with how many are left out, or a queue and its digest."""

    picture: Picture | None = None
    rows: Sequence[Reminded] = ()
    more: int = 0
    queue: Queue | None = None
    digest: Digest | None = None


def prepare(tx: Tx, row: Leased, now: datetime, draw: Draw) -> Job | Call | Outcome:
    """What there is to send, or why there is nothing."""
    if row.wanted.kind == OUTSIDE:
        return calls.prepare(tx, row)
    place = _place(tx, row)
    if not isinstance(place, Place):
        return place
    if row.wanted.erase:
        return Job(row=row, place=place, message=None, at=now)
    scene = _scene(tx, row)
    drawn = _drawn(row, place, scene, now, draw)
    wait = _too_early(tx, row, scene, now) if isinstance(drawn, Job) and drawn.message is not None else None
    return drawn if wait is None else wait


def _drawn(row: Leased, place: Place, scene: _Scene, now: datetime, draw: Draw) -> Job | Outcome:
    post = draw(
        row.wanted.kind,
        scene.picture,
        row.wanted.payload,
        now,
        scene.queue,
        posted=row.posted is not None,
        rows=scene.rows,
        more=scene.more,
        digest=scene.digest,
    )
    if post is None and row.first_leased_at is not None and row.posted is None:
        return Job(row=row, place=place, message=None, at=now)  # if an earlier try did reach Slack, take it back
    if post is None:
        return MovedOn(reason=None if row.posted else "moved on")
    return Job(row=row, place=place, message=_message(row, post, scene.picture), at=now)


def _scene(tx: Tx, row: Leased) -> _Scene:
    """Read what a message is drawn from. Only the history knows what became of it, for reminders, and who had it."""
    wanted = row.wanted
    if wanted.kind == "bundle":
        rows, more = look.rows(tx, wanted.workspace, wanted.key)
        return _Scene(rows=rows, more=more)
    picture = None
    if wanted.handoff_id:
        kind = wanted.kind
        picture = look.picture(
            tx,
            wanted.workspace,
            wanted.handoff_id,
            history=kind == "level",
            custody=kind == "card",
            judged=kind == "dm" and wanted.payload.get("verb") == Verb.COMPLETE,
        )
    key = wanted.payload.get("queue")
    queue = queues.get(tx, wanted.workspace, key) if key else (picture.queue if picture else None)
    digest = digests.read(tx, queue, wanted.payload) if wanted.kind == digests.KIND and queue else None
    return _Scene(picture=picture, queue=queue, digest=digest)


def _too_early(tx: Tx, row: Leased, scene: _Scene, now: datetime) -> Outcome | None:
    """Why a first message should wait a little, or until its reader can hear; None if it may go."""
    if row.posted is not None or row.first_leased_at is not None:
        return None  # Slack has it, or may have it: what was begun is finished
    if scene.picture is not None and _waits_for_card(tx, row, scene.picture, now):
        return Later(code="card_first", wait_s=_CARD_POLL_S)
    if row.wanted.kind in _WAITS_FOR_READER and row.wanted.to.user is not None:
        return _unheard(tx, row, scene, now)
    return None


def _unheard(tx: Tx, row: Leased, scene: _Scene, now: datetime) -> Outcome | None:
    wanted, user = row.wanted, row.wanted.to.user or ""
    starts = [row.notice.hear_at for row in scene.rows if row.notice.hear_at is not None]
    if starts and min(starts) > now:  # asked for again before its time: somebody changed what it speaks of
        return Later(code="quiet", wait_s=(min(starts) - now).total_seconds())
    can = hearing(tx, wanted.workspace, user, _about(row, scene), now)
    if can.why is None:
        return None
    if can.why is Silence.GONE:
        return PersonShut(code="cannot_dm_bot")
    return None if can.at is None else Held(until=can.at, why=can.why)


def _about(row: Leased, scene: _Scene) -> list[About]:
    if scene.picture is not None:
        return [(scene.picture, Clock(row.wanted.payload["clock"]))]
    return [(row.picture, row.notice.clock) for row in scene.rows]


def _place(tx: Tx, row: Leased) -> Place | Outcome:
    wanted, to = row.wanted, row.wanted.to
    if to.user:
        person = people.get(tx, wanted.workspace, to.user)
        if person is not None and person.deleted and row.posted is None and not wanted.erase:
            return PersonShut(code="user_disabled")
        return Place(user=to.user, channel=person.dm_channel if person else None)
    if to.reply_to:
        return _thread(tx, row, to.reply_to)
    return Place(channel=to.channel, thread_ts=to.thread_ts)


def _thread(tx: Tx, row: Leased, parent_key: str) -> Place | Outcome:
    """The thread of another message of ours. If that one was never posted there is nowhere to answer."""
    parent = messages.get(tx, row.wanted.workspace, parent_key)
    if parent is not None:
        return Place(channel=parent.channel, thread_ts=parent.ts)
    handoff = handoffs.get(tx, row.wanted.workspace, row.wanted.handoff_id) if row.wanted.handoff_id else None
    if row.posted is not None or row.wanted.erase:
        return Place()
    present = handoff is not None and parent_key == reactions.card_key(handoff)
    return ThreadGone() if present else MovedOn(reason="no card to answer under")


def _waits_for_card(tx: Tx, row: Leased, picture: Picture, now: datetime) -> bool:
    """Whether a first message that links to the card should wait a moment for the card's address."""
    if row.wanted.kind not in _LINKS or picture.permalink:
        return False
    if picture.queue.trouble is not None or now - row.put_at > _CARD_WAIT:
        return False
    return messages.get(tx, row.wanted.workspace, reactions.card_key(picture.handoff)) is None


def _message(row: Leased, post: Post, picture: Picture | None) -> Message:
    facts: dict[str, Any] = {"key": row.wanted.key}
    if picture is not None:
        facts |= {"handoff_id": picture.handoff.id, "version": picture.handoff.version}
    return Message(text=post.text, blocks=post.blocks, facts=facts)
