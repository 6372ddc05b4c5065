"""Whatever pumps do, crashes included: the last drawing of a message is the last one Slack is sent."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from storage.db.database import Database
from storage.db.upgrade import upgrade
from storage.outbox import outbox
from storage.outbox.model import Destination, LeasedMessage, OutboxMessage
from tests.builders import NOW, a_handoff
from tests.storage.examples import a_message, as_posted, stored
from tests.thoroughness import examples

KEYS = ("card:h1", "ping:h1", "card:h2", "ping:none")
LEASE = timedelta(seconds=30)
which = st.integers(min_value=0, max_value=20)


@cache
def _migrated() -> bytes:
    """A database without anything in it."""
    with tempfile.TemporaryDirectory(prefix="baton-outbox-") as folder:
        file = Path(folder) / "ledger.db"
        upgrade(f"sqlite:///{file}")
        return file.read_bytes()


class Post(RuleBasedStateMachine):
    """Messages are asked for while two pumps send, fail and die."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="baton-outbox-")
        file = Path(self.folder.name) / "ledger.db"
        file.write_bytes(_migrated())
        self.database = Database.open(f"sqlite:///{file}")
        stored(self.database, a_handoff(number=1), a_handoff(number=2))
        self.now = NOW
        self.drawn = 0
        self.asked: dict[str, int] = {}
        self.shown: dict[str, int] = {}
        self.in_hand: list[LeasedMessage] = []

    def teardown(self) -> None:
        self.everything_is_said()
        self.database.close()
        self.folder.cleanup()

    def wanted(self, key: str) -> OutboxMessage:
        self.drawn += 1
        self.asked[key] = self.drawn
        handoff = key[-2:] if key[-2:] in {"h1", "h2"} else None
        reply_to = "card:h1" if key == "ping:h1" else None
        to = Destination(channel="C1", reply_to=reply_to)
        return a_message(key, handoff_id=handoff, to=to, payload={"n": self.drawn})

    @rule(keys=st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True), later=st.booleans())
    def something_happens(self, keys: list[str], later: bool) -> None:
        messages = [self.wanted(key) for key in keys]
        not_before = self.now + timedelta(seconds=20) if later else None
        self.database.run_transaction(lambda tx: outbox.put(tx, messages, self.now, not_before))

    @rule(limit=st.integers(min_value=1, max_value=4))
    def a_pump_leases(self, limit: int) -> None:
        self.in_hand += self.database.run_transaction(
            lambda tx: outbox.lease(tx, self.now, limit, LEASE.seconds, "pump")
        )

    @rule(n=which)
    def a_pump_sends(self, n: int) -> None:
        if self.in_hand:
            self.send(self.in_hand.pop(n % len(self.in_hand)))

    def send(self, row: LeasedMessage) -> None:
        self.shown[row.wanted.key] = row.wanted.payload["n"]
        self.database.run_transaction(
            lambda tx: outbox.mark_sent(tx, row, as_posted(row.wanted, ts=row.wanted.key), self.now)
        )

    @rule(n=which, known=st.booleans())
    def a_pump_fails(self, n: int, known: bool) -> None:
        if self.in_hand:
            row = self.in_hand.pop(n % len(self.in_hand))
            until = self.now + timedelta(seconds=5)
            self.database.run_transaction(lambda tx: outbox.retry(tx, row, until, "failed", known=known))

    @rule()
    def both_pumps_die_and_their_leases_end(self) -> None:
        self.in_hand.clear()
        self.now += LEASE

    @rule()
    def a_second_passes(self) -> None:
        if all(self.now + timedelta(seconds=1) < row.lease_until for row in self.in_hand):
            self.now += timedelta(seconds=1)

    @invariant()
    def one_per_key_and_one_per_handoff_is_in_flight(self) -> None:
        keys = [row.wanted.key for row in self.in_hand]
        handoffs = [row.wanted.handoff_id for row in self.in_hand if row.wanted.handoff_id]
        assert len(set(keys)) == len(keys)
        assert len(set(handoffs)) == len(handoffs)

    @invariant()
    def no_reply_goes_before_what_it_answers(self) -> None:
        if "card:h1" in self.asked and "ping:h1" in self.shown and "card:h1" not in self.shown:
            assert self.asked["card:h1"] > self.shown["ping:h1"]

    def everything_is_said(self) -> None:
        """Let time pass until nothing waits; then each message shows what was asked for last."""
        for _ in range(20):
            self.now += LEASE
            self.in_hand.clear()
            for row in self.database.run_transaction(lambda tx: outbox.lease(tx, self.now, 10, LEASE.seconds, "last")):
                self.send(row)
        assert self.shown == self.asked
        assert self.database.run_transaction(lambda tx: outbox.count_unsent(tx, self.now)) == 0


Post.TestCase.settings = settings(
    max_examples=examples(25), stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestPost = Post.TestCase
