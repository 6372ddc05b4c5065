"""Database outages, rate limits and broken connections: people get a sentence, and nothing is lost or doubled."""

from __future__ import annotations

import json
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from slackapp.app import Running
from slackapp.delivery import rate_limits
from storage.company import people
from storage.db.database import Database
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import Verb
from tests.databases import PostgresServer
from tests.slack_client import Answer, Modal, Workspace
from tests.stories.company import offering
from tests.stories.northwind import ACME, HandOff, open_form, told
from tests.stories.processes import Baton
from tests.waiting import until

ACKED_WITHIN_MS = 3000
BUSY_START = "Baton couldn't save that"


@pytest.fixture
def running(slack: Workspace, start: Callable[..., Running]) -> Running:
    """One Baton at work at Slack's own pace, in a Slack that insists on it."""
    slack.rate_limits(enabled=True)
    return start(rates=rate_limits.SLACK)


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
            while (one := handoffs.get_by_number(tx, "T0LOCAL", len(found) + 1)) is not None:
                found.append(one.title)
            return found
    finally:
        database.close()


def claims(url: str, number: int = 1) -> int:
    """How many claims the audit has of a handoff."""
    database = Database.open(url)
    try:
        with database.reading() as tx:
            handoff = handoffs.get_by_number(tx, "T0LOCAL", number)
            assert handoff is not None
            return [entry.verb for entry in audit.list_for_handoff(tx, handoff.id)].count(Verb.CLAIM)
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


@pytest.mark.waiting
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


@pytest.mark.waiting
def test_with_sqlite_locked_a_page_stays_and_turns_later(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path], database_url: str
) -> None:
    start(config=company(offering(success=["ae_csm"])))
    form = open_form(slack, "U0BEN").fill({**ACME, "title": "Globex onboarding"})
    form.choose("queue", "success")

    with in_a_hurry(slack), locked(database_url):
        pressed = form.submit()
    assert_kept_with_a_sentence(form, pressed)

    form.submit()
    assert "Page 2 of 3" in form.all_text()


@pytest.mark.waiting
def test_with_sqlite_locked_a_form_without_fields_stays_below_the_sentence(
    slack: Workspace, hand_off: HandOff, database_url: str
) -> None:
    card = hand_off()
    card.click("Details", by="U0BEN")
    slack.modal("U0BEN").click("Delete")
    form = slack.modal("U0BEN")

    with in_a_hurry(slack), locked(database_url):
        answer = form.submit()
    assert answer.took_ms < ACKED_WITHIN_MS
    assert BUSY_START in slack.modal("U0BEN").all_text()
    slack.modal("U0BEN").close()

    slack.modal("U0BEN").submit()
    assert "deleted" in card.text
    assert slack.problems() == []


def told_of(slack: Workspace, event: str) -> list[dict[str, Any]]:
    """Every delivery of a kind of event."""
    deliveries = slack.calls(kind="delivery")
    return [call for call in deliveries if call["args"].get("event", {}).get("type") == event]


def test_an_event_that_could_not_be_stored_is_learned_when_slack_repeats_it(
    slack: Workspace, hand_off: HandOff, running: Running, database_url: str
) -> None:
    hand_off().click("Claim", by="U0GRACE")

    slack.patience(1)
    with in_a_hurry(slack), locked(database_url):
        slack.change("user", id="U0GRACE", deleted=True)
        until(lambda: told_of(slack, "user_change"))
    slack.wait(seconds=5)

    first, *others = told_of(slack, "user_change")
    assert first["answer"] == {"error": "operation_timeout", "reason": "timeout"}
    assert others
    with running.db.reading() as tx:
        person = people.get(tx, "T0LOCAL", "U0GRACE")
    assert person is not None
    assert person.deleted
    assert len([text for text in told(slack, "U0DAN") if "U0GRACE" in text or "Grace" in text]) == 1


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
        server = self._server.get_postmaster_info().process
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


@pytest.mark.waiting
@pytest.mark.parametrize("outage", [pytest.param("stopped", marks=pytest.mark.soak), "frozen"])
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
        assert "owned by <@U0EVA>" in card.text
        assert baton.bugs() == []


def test_slack_limits_everything_for_a_while_and_all_of_it_arrives_once(
    slack: Workspace, hand_off: HandOff, running: Running
) -> None:
    first = hand_off()
    slack.settle()
    limited = {"error": "ratelimited", "retry_after": 30}
    for method in ("chat.postMessage", "chat.update"):
        slack.fault(method, limited, times=3)

    with in_a_hurry(slack):
        first.click("Claim", by="U0EVA")
        for number in range(4):
            open_form(slack, "U0BEN").submit({**ACME, "title": f"Globex {number}"})
    for _ in range(6):
        slack.advance(31)
        slack.settle()

    assert "owned by <@U0EVA>" in first.text
    texts = [message.text for message in slack.messages("U0EVA", "C0SUCCESS")]
    assert [sum(f"Globex {number}" in text for text in texts) for number in range(4)] == [1] * 4
    assert len([text for text in told(slack, "U0BEN") if "Sent as" in text]) == 5
    assert len([text for text in told(slack, "U0BEN") if "Owned by" in text]) == 1
    refused = [call for call in slack.calls() if call["status"] == 429]
    assert len(refused) == 6, "every ordered refusal was met"
    posted = [call for call in slack.calls("chat.postMessage") if call["answer"].get("ok")]
    assert len(posted) == (1 + 1) + (4 + 4), "a card and a message to Ben for each; the claim redraws his first"


def test_many_handoffs_stay_within_slacks_own_limits(slack: Workspace, running: Running) -> None:
    with in_a_hurry(slack):
        for number in range(12):
            open_form(slack, "U0BEN").submit({**ACME, "title": f"Globex {number:02}"})

    def all_are_there() -> bool:
        slack.advance(3)
        return len([m for m in slack.messages("U0EVA", "C0SUCCESS") if "Globex" in m.text]) >= 12

    until(all_are_there, every_s=0.1)
    slack.settle()

    assert [call["method"] for call in slack.calls() if call["status"] == 429] == []
    texts = [message.text for message in slack.messages("U0EVA", "C0SUCCESS")]
    assert [sum(f"Globex {number:02}" in text for text in texts) for number in range(12)] == [1] * 12


def test_what_slack_delivers_twice_does_no_harm(slack: Workspace, hand_off: HandOff, database_url: str) -> None:
    slack.fault("socket", {"redeliver": True}, times=1000)

    card = hand_off()
    card.click("Claim", by="U0EVA")
    slack.change("channel", id="C0SUCCESS", is_archived=True)
    slack.change("channel", id="C0SUCCESS", is_archived=False)
    card.click("Done", by="U0EVA")
    slack.modal("U0EVA").submit({"note": "They signed."})
    slack.settle()

    assert titles(database_url) == [ACME["title"]]
    assert claims(database_url) == 1
    assert "done" in card.text
    words = told(slack, "U0BEN")
    assert [sum(word in text for text in words) for word in ("Sent as", "They signed.")] == [1, 1]
    assert len([text for text in told(slack, "U0DAN") if "are posted in <#C0SUCCESS> again" in text]) == 1
    assert len([reply for reply in card.replies() if "They signed." in reply.text]) == 1


@pytest.mark.parametrize("reason", [pytest.param("warning", marks=pytest.mark.soak), "refresh_requested"])
def test_clicks_go_on_while_slack_renews_the_connection(
    slack: Workspace, hand_off: HandOff, running: Running, database_url: str, reason: str
) -> None:
    cards = [hand_off(title=f"Globex {number}") for number in range(3)]
    presses = 0
    for number, card in enumerate(cards):
        if number == 1:
            slack.fault("socket", {"disconnect": reason})
        while "Claim" in card.buttons:  # whoever sees that it did not go through presses again
            assert card.click("Claim", by="U0EVA").error in {None, "dispatch_failed", "operation_timeout"}
            presses += 1
            assert presses < 100
            until(lambda: slack.overview()["connections"])

    assert ["owned by <@U0EVA>" in card.text for card in cards] == [True] * 3
    assert [claims(database_url, number + 1) for number in range(3)] == [1] * 3
    assert running.slack_server.why_not_ready() is None  # type: ignore[union-attr]  # it is Socket Mode


# The database cannot be written


def ready(running: Running) -> tuple[int, str]:
    """What /readyz answers: its status, and what it says of the database."""
    with closing(HTTPConnection("127.0.0.1", running.admin.port, timeout=30)) as connection:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())["checks"]["database"]


def is_up(running: Running) -> bool:
    """What the metric says of the database."""
    (up,) = (metric for metric in running.facts.collect() if metric.name == "baton_database_up")
    return bool(up.samples[0].value)


@contextmanager
def deleted(url: str) -> Iterator[None]:
    """Somebody takes the SQLite file away, and puts it back."""
    file = Path(url.removeprefix("sqlite:///"))
    kept = file.rename(file.with_name(f"{file.name}.kept"))
    yield
    assert not file.exists(), "nothing makes a file after the start"
    kept.rename(file)


@contextmanager
def read_only(url: str) -> Iterator[None]:
    """PostgreSQL may only be read, as after a fail-over to a standby."""
    parts = make_url(url)
    with psycopg.connect(host=str(parts.query["host"]), user="postgres", dbname="postgres", autocommit=True) as admin:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        admin.execute(f"ALTER DATABASE {parts.database} SET default_transaction_read_only = on")
        admin.execute(cut, [parts.database])
        try:
            yield
        finally:
            admin.execute(f"ALTER DATABASE {parts.database} RESET default_transaction_read_only")
            admin.execute(cut, [parts.database])


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"], indirect=True)
def test_what_cannot_be_written_is_said_to_people_and_to_whoever_runs_it_and_goes_on_afterwards(
    slack: Workspace,
    start: Callable[..., Running],
    database_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    outage, words = (deleted, "was deleted") if database_url.startswith("sqlite") else (read_only, "read-only")
    running = start()
    form = open_form(slack, "U0BEN").fill({**ACME, "title": "Globex onboarding"})
    assert (ready(running), is_up(running)) == ((200, "ready"), True)

    with in_a_hurry(slack), outage(database_url):
        pressed = [form.submit() for _ in range(3)]
        assert ready(running)[0] == 503
        assert words in ready(running)[1]
        assert not is_up(running)
    for answer in pressed:
        assert_kept_with_a_sentence(form, answer)

    until(lambda: ready(running)[0] == 200)
    assert form.submit().ack == {"response_action": "clear"}
    slack.settle()
    assert titles(database_url) == ["Globex onboarding"]
    assert is_up(running)
    said = [record.getMessage() for record in caplog.records if record.name == "storage.db.health"]
    assert len([line for line in said if line.startswith("the database is away")]) == 1
    assert not [record for record in caplog.records if record.exc_info]
