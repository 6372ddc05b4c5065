"""The oracle of the soak: at rest it compares the ledger, the history and every message that is in Slack.

It reads what is in Slack by the metadata of its messages, and the ledger through Baton's own queries. It compares each
message twice: to the letter with what Baton draws for it now, and with the ledger, by what its words and buttons claim.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise
from typing import Any, Final

from slack_sdk import WebClient
from sqlalchemy import select

from slackapp.capability import MessageKind
from slackapp.escalation.actions.clock_sweep import examine
from slackapp.registers import REGISTERS
from storage.clocks import timers
from storage.db.database import Database, Tx
from storage.handoffs import audit, handoffs, notes
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Handoff
from storage.outbox import outbox
from storage.outbox.model import PostedMessage
from storage.outbox.posted_messages import read_message
from storage.outbox.tables import messages
from tests.batons import a_baton
from tests.handoffs.said.oracle import Said, false_in
from tests.manual_clock import ManualClock
from tests.slack_client import Workspace
from tests.stories.delivery.soak import CHANNEL, People
from tests.stories.northwind import ACME

TEAM: Final = "T0LOCAL"
_UNIT: Final = r"\d+ (?:s|min|h|days?|weeks?)\b"
_SPAN: Final = re.compile(rf"{_UNIT}(?: {_UNIT})*|under a minute")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the oracle found, each as sentences."""

    handoffs: int
    messages: int
    lost: list[str]
    doubled: list[str]
    false: list[str]

    @property
    def problems(self) -> list[str]:
        """All of it."""
        return [*self.lost, *self.doubled, *self.false]


def judge(slack: Workspace, url: str, people: People) -> Verdict:
    """Compare the ledger, the audit and what is in Slack, at rest."""
    with closing(Database.open(url)) as database:
        now = now_of(slack)
        with database.reading() as tx:
            stored = _stored(tx)
            posted = [read_message(row) for row in tx.execute(select(messages)).mappings()]
            shown = _shown(slack, {message.channel for message in posted} | {CHANNEL})
            lost, doubled, false = [], [], []
            written = _written(tx, stored)
            lost += [f"{text} was acknowledged and is not stored" for text in people.acknowledged - written.keys()]
            doubled += [f"{text} is stored {count} times" for text, count in written.items() if count > 1]
            doubled += [f"{key} is in Slack {len(found)} times" for key, found in shown.items() if len(found) > 1]
            known = {message.key: message for message in posted}
            lost += [f"{key} is not in Slack" for key in known.keys() - shown.keys()]
            false += [f"{key} is in Slack, and the ledger does not know it" for key in shown.keys() - known.keys()]
            for handoff in stored:
                false += _audited(tx, handoff)
                if f"card:{handoff.id}:{handoff.hop}" not in shown:
                    lost.append(f"{handoff.title} has no card")
            waiting = outbox.count_unsent(tx, now)
            lost += [f"{waiting} messages are still to be sent"] if waiting else []
        for key in sorted(known.keys() & shown.keys()):
            with database.reading() as tx:  # one each: PostgreSQL ends what reads a little and compares for long
                false += _misdrawn(tx, known[key], shown[key][0], stored, now)
                false += _untrue(tx, known[key], shown[key][0], stored)
        faults = examine(a_baton(database, ManualClock(now)), 1_000_000).faults
        false += [f"clocks: {fault} {count}" for fault, count in faults.items()]
    return Verdict(handoffs=len(stored), messages=len(posted), lost=lost, doubled=doubled, false=false)


def now_of(slack: Workspace) -> datetime:
    """The workspace's present instant."""
    return datetime.fromtimestamp(slack.now(), UTC)


def _stored(tx: Tx) -> list[Handoff]:
    found: list[Handoff] = []
    while (one := handoffs.get_by_number(tx, TEAM, len(found) + 1)) is not None:
        found.append(one)
    return found


def _written(tx: Tx, stored: list[Handoff]) -> Counter[str]:
    """The titles of all handoffs and the notes on them, but for the note that every handoff begins with."""
    said = (note.text.plain for handoff in stored for note in notes.list_for_handoff(tx, handoff.id))
    return Counter(chain((handoff.title for handoff in stored), (text for text in said if text != ACME["note"])))


def _audited(tx: Tx, handoff: Handoff) -> Iterator[str]:
    """What the audit says that the handoff does not."""
    entries = audit.list_for_handoff(tx, handoff.id)
    verbs = Counter(entry.verb for entry in entries)
    moved = [entry for entry in entries if entry.after is not None]
    if not moved or moved[-1].after is not handoff.state or moved[-1].owner != handoff.owner:
        yield f"the audit of {handoff.title} does not end where it is"
    held = verbs["claim"] - verbs["release"]
    twice = held != (handoff.state is not State.OPEN) or verbs["complete"] > 1 or "maybe_double" in verbs
    if verbs["open"] != 1 or twice:
        yield f"the audit of {handoff.title} has {dict(verbs)}"
    if (handoff.state is State.DONE) != bool(verbs["complete"]):
        yield f"{handoff.title} is {handoff.state} after {dict(verbs)}"


def _misdrawn(
    tx: Tx, message: PostedMessage, shown: Mapping[str, Any], stored: list[Handoff], now: datetime
) -> Iterator[str]:
    """How a message in Slack differs from what Baton draws for it from what is stored now.

    A message is redrawn when something happens, not as time passes: it may have been drawn at any instant since it was
    about its handoff, as far as words such as "late since" and "in 5 min" depend on that, and on nothing else. One that
    is settled tells what happened; any other says how it stands, also while a newer message says so too. One that was
    not drawn again since it was sent leaves out what was over before that.
    """
    kind = REGISTERS.message_kinds[message.kind]
    assert isinstance(kind, MessageKind)
    scenes = [kind.load(tx, message.to_outbox_message(), posted) for posted in (False, True)]
    if scenes[-1] is None:  # the form that a message offers to open is not kept for ever
        if message.handoff_id is not None:
            yield f"{message.key} is about nothing that is stored: {shown['text']}"
        return
    scenes = [
        replace(scene, superseded=message.settled) if hasattr(scene, "superseded") else scene
        for scene in scenes
        if scene is not None
    ]
    said = _timeless(shown["text"], shown.get("blocks", []))
    now_drawn = kind.draw(scenes[-1], now)
    drawn = (kind.draw(scene, at) for at in _instants(tx, message, stored, now) for scene in reversed(scenes))
    if now_drawn is None:
        yield f"{message.key} has nothing to say: {shown['text']}"
    elif not any(post and said == _timeless(post.text, post.blocks) for post in chain([now_drawn], drawn)):
        yield f"{message.key} says {said} instead of {_timeless(now_drawn.text, now_drawn.blocks)}"
    if now_drawn and now_drawn.settled is not message.settled:
        yield f"{message.key} is {'' if message.settled else 'not '}settled: {shown['text']}"


def _instants(tx: Tx, message: PostedMessage, stored: list[Handoff], now: datetime) -> list[datetime]:
    """The instants at which a message may have been drawn, one for each way to say how late things are; first, now.

    Words change where something is due and a minute before and after; between two such instants they are the same.
    """
    about = [handoff for handoff in stored if message.handoff_id in {None, handoff.id}]
    clocks = [timer for handoff in about for timer in timers.list_for_handoff(tx, handoff.id)]
    turns = {at for timer in clocks for at in (timer.deadline_at, timer.due_at) if at}
    turns |= {at for handoff in about for at in (handoff.needed_by, handoff.state_since) if at}
    turns |= {datetime.fromisoformat(at) for at in [message.payload.get("deadline_at")] if isinstance(at, str)}
    near = {at + timedelta(seconds=seconds) for at in turns for seconds in (-60, 0, 60)}
    begun = min((handoff.created_at for handoff in about), default=message.posted_at)
    changes = sorted({at for at in {begun, message.posted_at, *near} if begun <= at < now})
    between = [before + (after - before) / 2 for before, after in pairwise([*changes, now])]
    return [now, *reversed(changes), *reversed(between)]


def _untrue(tx: Tx, message: PostedMessage, shown: Mapping[str, Any], stored: list[Handoff]) -> Iterator[str]:
    """What a message in Slack claims or offers against the ledger."""
    said = Said(
        key=message.key,
        reader=message.to.user,
        text=shown["text"],
        blocks=shown.get("blocks", []),
        settled=message.settled,
    )
    for handoff in stored:
        if message.handoff_id is None:
            yield from false_in(tx, replace(said, number=handoff.number), handoff)
        elif message.handoff_id == handoff.id:
            yield from false_in(tx, said, handoff)


def _timeless(text: str, blocks: list[dict[str, Any]]) -> str:
    """What a message shows and what its buttons do, without how long ago things were, which depends on the instant.

    Slack gives each block an id.
    """
    return _SPAN.sub("…", json.dumps([text, _without_ids(blocks)], ensure_ascii=False, sort_keys=True))


def _without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_ids(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_ids(item) for key, item in value.items() if key != "block_id"}
    return value


def _shown(slack: Workspace, channels: set[str]) -> dict[str, list[dict[str, Any]]]:
    """Baton's messages in these channels and their threads, as Slack has them, by key."""
    client = WebClient(token="xoxb-local-bot", base_url=slack.api_url)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for channel in sorted(channels):
        for message in _pages(client.conversations_history, channel=channel):
            thread = _pages(client.conversations_replies, channel=channel, ts=message["ts"])
            for one in thread if message.get("reply_count") else [message]:
                key = ((one.get("metadata") or {}).get("event_payload") or {}).get("key")
                if key:
                    found[key].append(one)
    return found


def _pages(ask: Callable[..., Any], **where: str) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        answer = ask(limit=200, cursor=cursor, include_all_metadata=True, **where)
        yield from answer["messages"]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
