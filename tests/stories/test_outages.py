"""The database away, Slack limiting, connections that end: people get a sentence, and nothing is lost or doubled."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from storage import audit, handoffs
from storage.database import Database
from storage.lifecycle import Verb
from tests.databases import PostgresServer
from tests.slack_client import Answer, Modal, Workspace
from tests.stories.northwind import ACME, HandOff, open_form
from tests.stories.processes import Baton, until

ACKED_WITHIN_MS = 3000
BUSY_START = "Baton could not store that just now"


@contextmanager
def in_a_hurry(slack: Workspace) -> Iterator[None]:
    """Acts return at once: the app cannot come to rest while something is away."""
    slack.settle_after_acts = False
    try:
        yield
    finally:
        slack.settle_after_acts = True


def assert_kept_with_a_sentence(form: Modal, answer: Answer) -> None:
    """The form is still there with everything typed, and says why and what to do."""
    assert answer.took_ms < ACKED_WITHIN_MS
    assert answer.ack["response_action"] == "errors"
    assert [BUSY_START in sentence for sentence in form.errors.values()] == [True]
    values = form.values
    assert values["title"]["value"]["value"] == "Globex onboarding"
    assert values["next_step"]["value"]["value"] == ACME["next_step"]
    assert ACME["note"] in str(values["note"])


def refused_in_private(slack: Workspace, user: str) -> bool:
    """Whether somebody was told that nothing was stored."""
    return any(BUSY_START in note.text for note in slack.ephemerals(user, "C0SUCCESS"))


def titles(url: str) -> list[str]:
    """What has been handed off, by number."""
    database = Database.open(url)
    try:
        with database.reading() as tx:
            found: list[str] = []
            while (one := handoffs.by_number(tx, "T0LOCAL", len(found) + 1)) is not None:
                found.append(one.title)
            return found
    finally:
        database.close()


def claims(url: str, number: int = 1) -> int:
    """How many claims the audit has of a handoff."""
    database = Database.open(url)
    try:
        with database.reading() as tx:
            handoff = handoffs.by_number(tx, "T0LOCAL", number)
            assert handoff is not None
            return [entry.verb for entry in audit.of(tx, handoff.id)].count(Verb.CLAIM)
    finally:
        database.close()


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another program holds SQLite's write lock."""
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


def test_with_sqlite_locked_the_form_stays_and_the_next_submit_makes_one_handoff(
    slack: Workspace, hand_off: HandOff, database_url: str
) -> None:
    card = hand_off()
    form = open_form(slack, "U0BEN").fill({**ACME, "title": "Globex onboarding"})

    with in_a_hurry(slack), locked(database_url):
        pressed = form.submit()
        claimed = card.click("Claim", by="U0EVA")
        until(lambda: refused_in_private(slack, "U0EVA"))
    assert_kept_with_a_sentence(form, pressed)
    assert claimed.ok
    assert claimed.took_ms < ACKED_WITHIN_MS

    assert form.submit().ack == {"response_action": "clear"}
    card.click("Claim", by="U0EVA")
    assert titles(database_url) == [ACME["title"], "Globex onboarding"]
    assert len([m for m in slack.messages("U0EVA", "C0SUCCESS") if "Globex onboarding" in m.text]) == 1
    assert claims(database_url) == 1


class StoppablePostgres(PostgresServer):
    """A PostgreSQL of one story's own, that can be stopped, frozen and started again."""

    def down(self) -> None:
        """Stop the server; whoever is connected is cut off."""
        self._server._stop()

    def up(self) -> None:
        """Start it again."""
        self._server.ensure_postgres_running()

    def freeze(self) -> None:
        """Every process of it stands still: connections stay open, and nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        self._signal(signal.SIGCONT)

    def _signal(self, what: signal.Signals) -> None:
        server = psutil.Process(self._server.get_pid())
        for process in [server, *server.children(recursive=True)]:
            process.send_signal(what)


@pytest.fixture(scope="module")
def postgres() -> Iterator[StoppablePostgres]:
    server = StoppablePostgres()
    yield server
    server.stop()


@pytest.fixture
def ledger(postgres: StoppablePostgres) -> Iterator[str]:
    """The URL of a database on the server that the story may stop."""
    url = postgres.migrated()
    yield url
    postgres.give_back(url)


@pytest.mark.parametrize("outage", ["stopped", "frozen"])
def test_with_postgresql_away_the_form_stays_and_the_next_submit_makes_one_handoff(
    slack: Workspace, postgres: StoppablePostgres, ledger: str, outage: str
) -> None:
    leave, come_back = {
        "stopped": (postgres.down, postgres.up),
        "frozen": (postgres.freeze, postgres.thaw),
    }[outage]
    with Baton.start(slack, ledger) as baton:
        slack.settle()
        open_form(slack, "U0BEN").submit(ACME)
        card = slack.find("U0BEN", "C0SUCCESS", ACME["title"])
        form = open_form(slack, "U0BEN").fill({**ACME, "title": "Globex onboarding"})

        with in_a_hurry(slack):
            leave()
            try:
                pressed = form.submit()
                claimed = card.click("Claim", by="U0EVA")
                until(lambda: refused_in_private(slack, "U0EVA"))
                status, said = baton.ready()
            finally:
                come_back()
        assert_kept_with_a_sentence(form, pressed)
        assert claimed.ok
        assert claimed.took_ms < ACKED_WITHIN_MS
        assert status == 503
        assert said["ready"] is False
        assert said["checks"]["slack"] == "ready"
        assert said["checks"]["database"] != "ready"

        until(lambda: baton.ready()[0] == 200)
        slack.settle()
        assert form.submit().ack == {"response_action": "clear"}
        card.click("Claim", by="U0EVA")
        assert titles(ledger) == [ACME["title"], "Globex onboarding"]
        assert len([m for m in slack.messages("U0EVA", "C0SUCCESS") if "Globex onboarding" in m.text]) == 1
        assert claims(ledger) == 1
        assert f"<@{'U0EVA'}> has it" in card.text
        assert baton.bugs() == []
