"""A pump at work between a real database and the local Slack workspace, for the tests of delivery."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from slackapp.delivery import rate_limits
from slackapp.delivery.gateway import Gateway
from slackapp.delivery.pump import Pump
from slackapp.directory.model import TroubleScene
from slackapp.escalation.model import BatchScene
from slackapp.handoffs.model import HandoffScene
from slackapp.handoffs.rules import change_messages
from slackapp.slack.block_kit.blocks import Post
from slackapp.slack.ids import new_id
from storage.clocks.model import ClockKind, Timer
from storage.company import people, queues
from storage.company.model import Person, Queue
from storage.db.database import Database, Tx
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import State
from storage.handoffs.model import AuditEntry, Handoff
from storage.outbox import outbox, posted_messages
from storage.outbox.model import Destination, OutboxMessage, PostedMessage
from tests.batons import a_baton
from tests.builders import a_handoff
from tests.handoffs.views.drawing import Scene, drawn_by
from tests.slack_client import ROOT, Workspace

TEAM = "T0LOCAL"
TOKEN = "xoxb-local-bot"
SUCCESS = Queue(
    workspace=TEAM, key="success", name="Success", channel="C0SUCCESS", members=("S0CS",), managers=("U0DAN",)
)

Drawing = Callable[[str, Scene, datetime], Post | None]
"""A drawing of the test's own, for every kind of message."""


class MovableClock:
    """Real time, moved forward by the test.

    Args:
        moved: is called after each move; a pump looks for what is due now only every two seconds of real time.
    """

    def __init__(self, moved: Callable[[], None] = lambda: None) -> None:
        self._ahead = timedelta()
        self._moved = moved

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC) + self._ahead

    def advance(self, **ahead: float) -> None:
        """Move on."""
        self._ahead += timedelta(**ahead)
        self._moved()


def draw(kind: str, scene: Scene, _now: datetime) -> Post | None:
    """Show a handoff in one sentence; a reminder only while it is open."""
    if isinstance(scene, BatchScene):
        open_rows = [row.details.handoff.title for row in scene.rows if row.details.handoff.state is State.OPEN]
        if not open_rows and not scene.posted:
            return None
        words = f"bundle of {len(scene.rows)}: {', '.join(open_rows) or 'nothing to do'}, {scene.more} more"
    elif isinstance(scene, HandoffScene | TroubleScene) and scene.details is not None:
        handoff = scene.details.handoff
        if kind == "level" and handoff.state is not State.OPEN and isinstance(scene, HandoffScene) and not scene.posted:
            return None
        words = f"{kind} {handoff.title} v{handoff.version} {handoff.state} link={scene.details.permalink}"
    else:
        words = f"{scene.payload['code']} in {scene.payload['queue']}"
    return Post(text=words, blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": words, "verbatim": True}}])


class Room:
    """A database, a pump and the workspace it posts to."""

    def __init__(self, database: Database, slack: Workspace, *, rates: rate_limits.Rates = rate_limits.UNPACED) -> None:
        self.db = database
        self.slack = slack
        self.rates = rates
        self.clock = MovableClock(self.wake)
        self.baton = a_baton(database, self.clock)
        self.pumps: list[Pump] = []
        self._numbers = 0
        with database.transaction() as tx:
            queues.put(tx, SUCCESS)
            for user in ("U0DAN", "U0EVA", "U0BEN"):
                people.put(tx, Person(workspace=TEAM, id=user, name=user))

    def pump(self, draw_with: Drawing = draw, *, timeout_s: float = 10.0) -> Pump:
        """Start a pump; `close` stops it."""
        gateway = Gateway(token=TOKEN, base_url=self.slack.api_url, timeout_s=timeout_s)
        pump = Pump(self.baton, gateway, drawn_by(draw_with), rates=self.rates)
        self.pumps.append(pump)
        pump.start()
        return pump

    def close(self) -> None:
        """Stop every pump."""
        for pump in self.pumps:
            pump.stop()

    def settle(self, timeout_s: float = 60) -> None:
        """Wait until every pump has nothing left to do."""
        for pump in self.pumps:
            pump.wake()
        self.until(lambda: all(pump.quiet() for pump in self.pumps), timeout_s)

    def until(self, true: Callable[[], Any], timeout_s: float = 60) -> None:
        """Wait until something is so."""
        end = time.monotonic() + timeout_s
        while not true():
            assert time.monotonic() < end, "it did not happen in time"
            time.sleep(0.02)

    def hand_off(self, title: str, *, cards: bool = True, queue: Queue = SUCCESS) -> Handoff:
        """Store an open handoff from Ben and ask for its card."""
        now = self.clock.now()
        self._numbers += 1
        handoff = a_handoff(
            workspace=TEAM, id=new_id("h"), number=self._numbers, by="U0BEN", at=now, title=title, queue=queue.key
        )

        def work(tx: Tx) -> None:
            handoffs.add(tx, handoff)
            if cards:
                outbox.put(tx, [change_messages.card(handoff, queue)], now)

        self.db.run_transaction(work)
        self.wake()
        return handoff

    def change(self, handoff: Handoff, *more: OutboxMessage, **changes: Any) -> Handoff:
        """Change a handoff and ask for its card, and more, in one transaction."""

        def work(tx: Tx) -> Handoff:
            before = handoffs.get(tx, TEAM, handoff.id)
            assert before is not None
            after = replace(before, version=before.version + 1, **changes)
            handoffs.save(tx, before, after)
            outbox.put(tx, [change_messages.card(after, SUCCESS), *more], self.clock.now())
            return after

        after = self.db.run_transaction(work)
        self.wake()
        return after

    def put(self, *wanted: OutboxMessage) -> None:
        """Ask for messages."""
        self.db.run_transaction(lambda tx: outbox.put(tx, wanted, self.clock.now()))
        self.wake()

    def wake(self) -> None:
        """Wake the pumps, as a commit does."""
        for pump in self.pumps:
            pump.wake()

    def posted(self, key: str) -> PostedMessage | None:
        """What is remembered of a message."""
        with self.db.reading() as tx:
            return posted_messages.get(tx, TEAM, key)

    def audited(self, handoff: Handoff) -> list[AuditEntry]:
        """The audit of a handoff."""
        with self.db.reading() as tx:
            return audit.list_for_handoff(tx, handoff.id)

    def queue(self) -> Queue:
        """The queue as stored."""
        with self.db.reading() as tx:
            found = queues.get(tx, TEAM, "success")
        assert found is not None
        return found

    def shown(self, text: str, *, to: str = "U0EVA", channel: str = "success") -> list[dict[str, Any]]:
        """Our messages in a channel that a person sees, by a word in their text."""
        for seen in self.slack.sees(to)["channels"]:
            if channel in {seen["name"], seen["id"]}:
                return [m for m in seen["messages"] if m.get("bot_id") and text in m["text"]]
        return []

    def dm_channel(self, to: str) -> str:
        """The channel of our direct messages to a person."""
        (channel,) = [seen["id"] for seen in self.slack.sees(to)["channels"] if seen["is_im"]]
        return str(channel)

    def dms(self, to: str) -> list[str]:
        """The texts of our direct messages to a person."""
        return [
            message["text"]
            for seen in self.slack.sees(to)["channels"]
            if seen["is_im"]
            for message in seen["messages"]
            if message.get("bot_id")
        ]


def pump_process(database_url: str, slack: Workspace) -> subprocess.Popen[str]:
    """Start a pump in a process of its own; returns when it runs."""
    command = [sys.executable, "-m", "tests.delivery.delivery_room", database_url, slack.api_url]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "pumping\n"
    process.stdout.close()
    return process


def card_key(handoff: Handoff) -> str:
    """The key of a handoff's present card."""
    return f"card:{handoff.id}:{handoff.hop}"


def reply(handoff: Handoff) -> OutboxMessage:
    """A sentence in the card's thread."""
    return OutboxMessage(
        workspace=TEAM,
        key=f"reply:{handoff.id}:{handoff.version}",
        kind="reply",
        handoff_id=handoff.id,
        to=Destination(reply_to=card_key(handoff)),
    )


def direct(handoff: Handoff, user: str, *, kind: str = "sent", key: str = "sent") -> OutboxMessage:
    """A direct message about a handoff."""
    known: dict[str, Any] = {"level": {"clock": ClockKind.CLAIM}, "dm": {"verb": "open", "as": "sender", "user": user}}
    return OutboxMessage(
        workspace=TEAM,
        key=f"{key}:{handoff.id}:{user}",
        kind=kind,
        handoff_id=handoff.id,
        to=Destination(user=user),
        payload=known.get(kind, {}),
    )


def claim_clock(handoff_id: str, now: datetime) -> Timer:
    """A claim clock with a minute, begun now."""
    return Timer(
        id=new_id("t"),
        workspace=TEAM,
        handoff_id=handoff_id,
        clock=ClockKind.CLAIM,
        run=1,
        policy="standard",
        policy_version=1,
        calendar=None,
        target_s=60,
        started_at=now,
        running_since=now,
    )


def main(database_url: str, api_url: str) -> None:
    """Pump until somebody ends this process."""
    baton = a_baton(Database.open(database_url), MovableClock())
    pump = Pump(baton, Gateway(token=TOKEN, base_url=api_url), drawn_by(draw), rates=rate_limits.UNPACED)
    pump.start()
    sys.stdout.write("pumping\n")
    sys.stdout.flush()
    signal.sigwait({signal.SIGTERM})
    pump.stop()
    baton.db.close()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    main(*sys.argv[1:])
