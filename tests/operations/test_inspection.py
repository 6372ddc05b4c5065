"""What Baton shows of a handoff to the inspector of a local workspace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from slack_sdk import WebClient

from slackapp.app import Running, build
from slackapp.operations.admin_port import admin_app
from slackapp.operations.inspection import inspect, inspection
from slackapp.runtime.settings import Settings
from slackapp.runtime.web_server import WebServer
from storage.clocks import notices, timers
from storage.clocks.model import ClockKind, Notice
from storage.company import people, queues
from storage.company.model import Channel
from storage.db.database import Database, Tx
from storage.handoffs import audit, handoffs, notes
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Note, Text
from storage.outbox import outbox, posted_messages
from tests.batons import a_baton
from tests.builders import NOW, TEAM, a_handoff, a_queue, a_timer
from tests.slack_client import Workspace
from tests.storage.examples import LATER, a_message, as_posted

SECRET_WORDS = "The customer is about to leave"


@pytest.fixture
def admin(database: Database) -> Iterator[str]:
    baton = a_baton(database)
    route = inspection(lambda handoff_id: inspect(baton, TEAM, handoff_id))
    server = WebServer(admin_app(checks={}, registry=CollectorRegistry(), more=[route]), port=0)
    server.start()
    yield server.address
    server.stop()


def ask(address: str, path: str, **headers: str) -> tuple[int, Any]:
    where = urlsplit(address)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        return answer.status, json.loads(body) if body.startswith(b"{") else None
    finally:
        connection.close()


def sections(said: Any) -> dict[str, list[dict[str, Any]]]:
    return {s["title"]: [dict(zip(s["columns"], row, strict=True)) for row in s["rows"]] for s in said["sections"]}


def stored(tx: Tx) -> None:
    handoff = a_handoff(state=State.CLAIMED, version=4, next_step=SECRET_WORDS, fields={"why": SECRET_WORDS})
    handoffs.add(tx, handoff)
    note = Note(id="n1", handoff_id="h1", verb="open", author="SENDER", at=NOW, text=Text(plain=SECRET_WORDS))
    notes.add(tx, note, TEAM)
    card = a_message(handoff_id="h1")
    posted_messages.put(tx, as_posted(card))
    outbox.put(tx, [a_message("ping:h1", handoff_id="h1", payload={"words": SECRET_WORDS})], NOW, LATER)
    timers.put(tx, a_timer(consumed_s=90, next_level="late", fired=("nudge",), deadline_at=LATER, due_at=LATER))
    audit.add(
        tx,
        handoff=handoff,
        workspace=TEAM,
        at=NOW,
        verb="claim",
        actor="OWNER",
        before=State.OPEN,
        after=State.CLAIMED,
        note_id="n1",
        facts={"told": ["U1", "U2"]},
    )


def test_it_shows_state_outbox_timers_and_audit_of_a_handoff(database: Database, admin: str) -> None:
    database.run_transaction(stored)

    status, said = ask(admin, "/inspect?handoff_id=h1&key=card%3Ah1&version=4")

    assert status == 200
    assert said["title"] == "Handoff #1: Acme renewal"
    found = sections(said)
    now = {row["What"]: row["Now"] for row in found["Handoff"]}
    assert (now["State"], now["Version"], now["Notes"], now["Owner"]) == ("claimed", 4, 1, "OWNER")
    (waiting,) = found["Outbox"]
    assert (waiting["Key"], waiting["Status"], waiting["Due"]) == ("ping:h1", "waiting", "2026-03-02T09:01:00Z")
    (card,) = found["Messages in Slack"]
    assert (card["Key"], card["ts"]) == ("card:h1", "1.0001")
    (timer,) = found["Timers"]
    assert (timer["Status"], timer["Since"]) == ("running", "2026-03-02T09:00:00Z")
    assert (timer["Consumed"], timer["Target"], timer["Deadline"]) == ("0:01:30", "0:30:00", "2026-03-02T09:01:00Z")
    assert (timer["Next level"], timer["Fired"]) == ("late", "nudge")
    (entry,) = found["Audit"]
    assert (entry["Verb"], entry["By"], entry["From"], entry["To"]) == ("claim", "OWNER", "open", "claimed")
    assert entry["Facts"] == "told: U1, U2"


def test_what_people_typed_is_never_shown(database: Database, admin: str) -> None:
    database.run_transaction(stored)

    _, said = ask(admin, "/inspect?handoff_id=h1")

    assert SECRET_WORDS not in json.dumps(said)


def test_what_a_team_with_a_private_channel_has_is_named_by_its_number_only(database: Database, admin: str) -> None:
    def setting(tx: Tx) -> None:
        stored(tx)
        queues.put(tx, a_queue())
        people.put_channel(tx, Channel(workspace=TEAM, id="C1", name="leads", is_private=True))

    database.run_transaction(setting)

    _, said = ask(admin, "/inspect?handoff_id=h1")

    assert said["title"] == "Handoff #1: Private handoff"
    assert "Acme renewal" not in json.dumps(said)


def test_a_leased_message_and_a_timer_that_stopped_say_so(database: Database, admin: str) -> None:
    def setting(tx: Tx) -> None:
        handoffs.add(tx, a_handoff())
        outbox.put(tx, [a_message(handoff_id="h1", erase=True)], NOW)
        timers.put(tx, a_timer(running_since=None, due_at=None))
        timers.put(tx, a_timer(id="t2", run=2, running_since=None, due_at=None, stopped_at=LATER, met=False))
        outbox.lease(tx, NOW, 1, 30, "a pump")

    database.run_transaction(setting)

    found = sections(ask(admin, "/inspect?handoff_id=h1")[1])

    assert found["Outbox"][0]["Status"] == "leased until 2026-03-02T09:00:30Z, to erase"
    assert [row["Status"] for row in found["Timers"]] == ["paused", "target missed"]


def test_it_shows_who_was_to_hear_and_the_messages_that_are_not_the_handoffs_own(
    database: Database, admin: str
) -> None:
    """A message about many handoffs and a call to a webhook belong to no handoff: its notices name them."""

    def setting(tx: Tx) -> None:
        stored(tx)
        told = [("webhook:pager", "webhook:h1:1"), ("U1", "bundle:U1:1"), ("U2", None)]
        notices.add_many(tx, [a_notice(to, message) for to, message in told])
        outbox.put(tx, [a_message("webhook:h1:1", kind="webhook", payload={"webhook": "pager"})], LATER)
        posted_messages.put(tx, as_posted(a_message("bundle:U1:1", kind="bundle"), ts="2.2"))
        outbox.put(tx, [a_message("bundle:U9:1", kind="bundle")], NOW)

    database.run_transaction(setting)

    found = sections(ask(admin, "/inspect?handoff_id=h1")[1])

    assert [(row["For"], row["Level"], row["Hear"], row["Why"], row["Message"]) for row in found["Notices"]] == [
        ("webhook:pager", "late", "2026-03-02T09:00:00Z", "–", "webhook:h1:1"),
        ("U1", "late", "2026-03-02T09:00:00Z", "–", "bundle:U1:1"),
        ("U2", "late", "–", "gone", "–"),
    ]
    assert [row["Key"] for row in found["Outbox"]] == ["ping:h1", "webhook:h1:1"]
    assert {row["Key"] for row in found["Messages in Slack"]} == {"card:h1", "bundle:U1:1"}


def a_notice(to: str, message: str | None) -> Notice:
    heard = {"hear_at": NOW, "message": message} if message else {"why": "gone"}
    return Notice(
        workspace=TEAM, handoff_id="h1", recipient=to, clock=ClockKind.CLAIM, level="late", run=1, put_at=NOW, **heard
    )


@pytest.mark.parametrize("query", ["", "?handoff_id=none", "?key=card"])
def test_what_is_no_handoff_of_ours_is_not_found(admin: str, query: str) -> None:
    assert ask(admin, f"/inspect{query}")[0] == 404


def test_only_this_machine_may_look_inside(database: Database, admin: str) -> None:
    database.run_transaction(stored)

    assert ask(admin, "/inspect?handoff_id=h1", Host="evil.example")[0] == 403


@pytest.fixture
def slack(workspace: Workspace) -> Workspace:
    workspace.reset()
    return workspace


@contextmanager
def running(slack: Workspace, database_url: str, clock_url: str | None) -> Iterator[Running]:
    """Baton itself, in this process, without a configuration."""
    baton = build(
        Settings(
            bot_token=SecretStr("xoxb-local-bot"),
            app_token=SecretStr("xapp-local-app"),
            api_url=slack.api_url,
            database_url=database_url,
            admin_port=0,
            clock_url=clock_url,
        )
    )
    try:
        baton.start()
        yield baton
    finally:
        baton.stop()


def test_the_workspace_shows_what_baton_keeps_about_a_message(slack: Workspace, database_url: str) -> None:
    with running(slack, database_url, slack.clock_url) as baton:
        baton.db.run_transaction(lambda tx: handoffs.add(tx, a_handoff(id="h_1", workspace="T0LOCAL")))
        facts = {"key": "card:h_1:1", "handoff_id": "h_1", "version": 1}
        card = WebClient(token="xoxb-local-bot", base_url=slack.api_url).chat_postMessage(
            channel="C0SUCCESS",
            text="Acme renewal",
            metadata={"event_type": "handoff_shown", "event_payload": facts},
        )

        said = slack.get("/control/inspect", channel=card["channel"], ts=card["ts"])

    assert (said["ok"], said["title"]) == (True, "Handoff #1: Acme renewal")
    assert [section["title"] for section in said["sections"]] == [
        "Handoff",
        "Outbox",
        "Timers",
        "Notices",
        "Audit",
        "Messages in Slack",
    ]


def test_beside_a_real_slack_nobody_may_look_inside(slack: Workspace, database_url: str) -> None:
    with running(slack, database_url, None) as baton:
        baton.db.run_transaction(lambda tx: handoffs.add(tx, a_handoff(id="h_1", workspace="T0LOCAL")))

        assert ask(baton.admin.address, "/inspect?handoff_id=h_1")[0] == 404
