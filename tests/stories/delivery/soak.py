"""A company at work while its Batons are killed: people who act, processes that die, and an oracle that compares.

The oracle reads what is in Slack by the metadata of its messages, and the ledger through Baton's own queries.
"""

from __future__ import annotations

import random
import re
import socket
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from slack_sdk import WebClient
from sqlalchemy import select

from slackapp.app import REGISTERS
from slackapp.capability import MessageKind
from slackapp.escalation.actions.clock_sweep import examine
from storage.db.database import Database, Tx
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Handoff
from storage.outbox import outbox
from storage.outbox.model import PostedMessage
from storage.outbox.posted_messages import read_message
from storage.outbox.tables import messages
from tests.batons import a_baton
from tests.manual_clock import ManualClock
from tests.slack_client import Message, RefusedError, Workspace
from tests.stories.northwind import ACME
from tests.stories.processes import Baton, free_port
from tests.waiting import until

TEAM: Final = "T0LOCAL"
CHANNEL: Final = "C0SUCCESS"
SENDER, OWNER = "U0BEN", "U0EVA"
_UNIT: Final = r"\d+ (?:s|min|h|days?|weeks?)\b"
_SPAN: Final = re.compile(rf"{_UNIT}(?: {_UNIT})*|under a minute")
_FORM_S: Final = 5.0
"""Seconds for which people wait for a form: it may never come."""
_NOT_NOW: Final = (RefusedError, AssertionError, KeyError, OSError)
"""What an act meets when the app died in the middle of it: the person sees an error and goes on."""


class Balancer:
    """A load balancer: each connection goes to the next process that accepts it."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        self._next = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Accept nothing more."""
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client:
            for _ in self._ports:
                self._next += 1
                with suppress(OSError):
                    server = socket.create_connection(("127.0.0.1", self._ports[self._next % len(self._ports)]), 1)
                    break
            else:
                return
            with server:
                back = threading.Thread(target=_copy, args=(server, client), daemon=True)
                back.start()
                _copy(client, server)
                back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


class Crew:
    """The processes of one Baton. In HTTP mode a balancer stands before them."""

    def __init__(self, url: str, *, count: int, http: bool) -> None:
        self._url = url
        self._ports: list[int | None] = [free_port() if http else None for _ in range(count)]
        self.balancer = Balancer([port for port in self._ports if port is not None]) if http else None
        self._members: dict[int, Baton] = {}
        self.bugs: list[str] = []

    def start(self, slack: Workspace) -> None:
        """Start every process."""
        self._slack = slack
        for nth in range(len(self._ports)):
            self.replace(nth)

    def kill(self, nth: int) -> None:
        """Kill one process, whichever its number comes to."""
        self._end(self._members.pop(nth % len(self._ports)))

    def replace(self, nth: int) -> None:
        """Start another process in place of the one that was killed."""
        place = nth % len(self._ports)
        self._members[place] = self._started(self._ports[place])

    def close(self) -> None:
        """End every process."""
        while self._members:
            self._end(self._members.popitem()[1])
        if self.balancer:
            self.balancer.close()

    def _started(self, port: int | None) -> Baton:
        return Baton.start(self._slack, self._url, port=port).__enter__()

    def _end(self, member: Baton) -> None:
        self.bugs += member.bugs()
        member.__exit__(None, None, None)


@dataclass(kw_only=True)
class People:
    """Ben, who hands off, and Eva, who claims and finishes; each sees errors and goes on."""

    slack: Workspace
    dice: random.Random
    tried: int = 0
    acknowledged: set[str] = field(default_factory=set)

    def hand_off(self) -> None:
        """Fill in and send the form; remember the title if Baton said that it is stored."""
        self.tried += 1
        title = f"Work {self.tried:05}"
        with suppress(*_NOT_NOW):
            if not self.slack.command(SENDER, "").ok:
                return
            until(lambda: self.slack.views(SENDER), within_s=_FORM_S)
            answer = self.slack.modal(SENDER).submit({**ACME, "title": title})
            if answer.ok and answer.ack == {"response_action": "clear"}:
                self.acknowledged.add(title)

    def work(self) -> None:
        """Do the next thing to some of the newest cards."""
        with suppress(*_NOT_NOW):
            cards = self.slack.messages(OWNER, CHANNEL)[-6:]
            for card in self.dice.sample(cards, min(2, len(cards))):
                self._act(card)

    def close_forms(self) -> None:
        """Close what is open from before."""
        for user in (SENDER, OWNER):
            for form in reversed(self.slack.views(user)):
                with suppress(*_NOT_NOW):
                    form.close()

    def _act(self, card: Message) -> None:
        with suppress(*_NOT_NOW):
            buttons = card.buttons
            if "Claim" in buttons:
                card.click("Claim", by=OWNER)
            elif "Done" in buttons:
                card.click("Done", by=OWNER)
                until(lambda: self.slack.views(OWNER), within_s=_FORM_S)
                self.slack.modal(OWNER).submit({"note": "They signed."})


# The oracle


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
            titles = Counter(handoff.title for handoff in stored)
            lost += [f"{title} was acknowledged and is not stored" for title in people.acknowledged - titles.keys()]
            doubled += [f"{title} is stored {count} times" for title, count in titles.items() if count > 1]
            doubled += [f"{key} is in Slack {len(found)} times" for key, found in shown.items() if len(found) > 1]
            known = {message.key: message for message in posted}
            lost += [f"{key} is not in Slack" for key in known.keys() - shown.keys()]
            false += [f"{key} is in Slack, and the ledger does not know it" for key in shown.keys() - known.keys()]
            for handoff in stored:
                false += _audited(tx, handoff)
                if f"card:{handoff.id}:{handoff.hop}" not in shown:
                    lost.append(f"{handoff.title} has no card")
            for key in known.keys() & shown.keys():
                said, at = shown[key][0]
                right = [text for text in (_drawn(tx, known[key], at), _drawn(tx, known[key], now)) if text is not None]
                if right and not any(_timeless(said).startswith(_timeless(text)) for text in right):
                    false.append(f"{key} says {said!r} instead of {right}")
            waiting = outbox.count_unsent(tx, now)
            lost += [f"{waiting} messages are still to be sent"] if waiting else []
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


def _audited(tx: Tx, handoff: Handoff) -> Iterator[str]:
    """What the audit says that the handoff does not."""
    entries = audit.list_for_handoff(tx, handoff.id)
    verbs = Counter(entry.verb for entry in entries)
    moved = [entry for entry in entries if entry.after is not None]
    if not moved or moved[-1].after is not handoff.state or moved[-1].owner != handoff.owner:
        yield f"the audit of {handoff.title} does not end where it is"
    if verbs["open"] != 1 or verbs["claim"] > 1 or verbs["complete"] > 1 or "maybe_double" in verbs:
        yield f"the audit of {handoff.title} has {dict(verbs)}"
    if (handoff.state is State.DONE) != bool(verbs["complete"]):
        yield f"{handoff.title} is {handoff.state} after {dict(verbs)}"


def _drawn(tx: Tx, message: PostedMessage, now: datetime) -> str | None:
    """The text of a message drawn from what is stored, as of an instant; None where it is not redrawn any more.

    What was due when it was posted may be late by now: it names the instant, and is not redrawn for that alone. A line
    that a later change has added to a direct message comes after this text.
    """
    kind = REGISTERS.message_kinds[message.kind]
    if message.settled or not isinstance(kind, MessageKind):
        return None
    scene = kind.load(tx, message.to_outbox_message(), True)
    post = None if scene is None else kind.draw(scene, now)
    return None if post is None else post.text


def _timeless(text: str) -> str:
    """A text without how long ago things were, which depends on when it was drawn."""
    return _SPAN.sub("…", text)


def _shown(slack: Workspace, channels: set[str]) -> dict[str, list[tuple[str, datetime]]]:
    """The texts of Baton's messages in these channels and their threads, with when each was posted, by key."""
    client = WebClient(token="xoxb-local-bot", base_url=slack.api_url)
    found: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    for channel in sorted(channels):
        for message in _pages(client.conversations_history, channel=channel):
            thread = _pages(client.conversations_replies, channel=channel, ts=message["ts"])
            for one in thread if message.get("reply_count") else [message]:
                key = ((one.get("metadata") or {}).get("event_payload") or {}).get("key")
                if key:
                    found[key].append((one["text"], datetime.fromtimestamp(float(one["ts"]), UTC)))
    return found


def _pages(ask: Callable[..., Any], **where: str) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        answer = ask(limit=200, cursor=cursor, include_all_metadata=True, **where)
        yield from answer["messages"]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return


@contextmanager
def hurried(slack: Workspace) -> Iterator[None]:
    """Acts return at once within the block."""
    slack.settle_after_acts = False
    try:
        yield
    finally:
        slack.settle_after_acts = True
