"""Signed payloads that are not as Slack sends them, through both doors: refused with one line, and nothing else."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any, Final

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from structlog.testing import capture_logs

from slackapp.app import Running
from slackapp.directory.listeners.events import LEARN
from storage.db.metadata import metadata
from tests.slack_client import Answer, Workspace
from tests.stories.dispatch.mutations import Json, mutated
from tests.stories.northwind import ACME, look_up, send
from tests.stories.processes import free_port

Log = list[MutableMapping[str, Any]]

LONG: Final = 10_000
SHORT: Final = 250
"""Payloads for each door."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A payload that the workspace sent, and how it was wrapped."""

    kind: str
    payload: Json


@pytest.fixture(scope="module")
def by_http() -> Iterator[tuple[Workspace, int]]:
    """A workspace that posts signed requests to a port."""
    port = free_port()
    with Workspace.start(app_url=f"http://127.0.0.1:{port}/slack/events") as slack:
        yield slack, port


@pytest.fixture(params=["http", "socket"])
def door(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def slack(door: str, workspace: Workspace, by_http: tuple[Workspace, int]) -> Workspace:
    chosen = workspace if door == "socket" else by_http[0]
    chosen.reset()
    chosen.rate_limits(enabled=False)
    return chosen


@pytest.fixture
def baton(door: str, by_http: tuple[Workspace, int], start: Callable[..., Running]) -> Running:
    if door == "socket":
        return start()
    return start(app_token=None, signing_secret=SecretStr(SIGNING_SECRET), port=by_http[1])


SIGNING_SECRET: Final = "local-signing-secret"  # the workspace's


def everything_sent(slack: Workspace) -> list[Sent]:
    """What people's acts made the workspace send."""
    calls = [call for call in slack.get("/control/calls")["calls"] if call["kind"] == "delivery"]
    found = []
    for call in calls:
        payload = {key: value for key, value in call["args"].items() if key != "retry_attempt"}
        kind = "events_api" if "event" in payload else "slash_commands" if "command" in payload else "interactive"
        found.append(Sent(kind=kind, payload=payload))
    return found


def a_working_day(slack: Workspace) -> list[Sent]:
    """Let people do what there is to do, and return every kind of payload that came of it."""
    card = send(slack)
    card.click("Claim", by="U0EVA")
    card.click("Done", by="U0EVA")
    slack.modal("U0EVA").submit({"note": "It is settled."})
    card.click("Details", by="U0BEN")
    for words in ("mine", "open", "1", "why 1", "context", "templates", "https://crm.example.com/deals/7"):
        slack.command("U0KIM", words)
    slack.modal("U0KIM").close()
    slack.shortcut("U0BEN", "handoff.open")
    form = slack.modal("U0BEN")
    form.click("More")
    form.fill({**ACME, "title": "Umbrella", "priority": "high"}).close()
    send(slack, title="Globex")
    said = slack.message("U0BEN", "Can somebody look at the renewal of Initech?", channel="C0SUCCESS")
    slack.act("message_shortcut", user="U0EVA", channel="C0SUCCESS", ts=said.ts, callback_id="handoff.from_message")
    second = slack.find("U0BEN", "C0SUCCESS", "Globex")
    look_up(slack, second, "Pass on", by="U0DAN")
    slack.modal("U0DAN").submit({"queue": "support"})
    third = send(slack, title="Hooli")
    look_up(slack, third, "Assign…", by="U0DAN")
    slack.modal("U0DAN").submit({"person": "U0FARID"})
    look_up(slack, third, "Extend…", by="U0DAN")
    slack.modal("U0DAN").submit({})
    look_up(slack, third, "Snooze…", by="U0FARID")
    slack.modal("U0FARID").submit({})
    slack.post("/control/world/user", {"id": "U0EVA", "tz": "Europe/Berlin"})
    slack.post("/control/world/usergroup", {"id": "S0CS", "users": ["U0DAN", "U0EVA"]})
    slack.post("/control/world/channel", {"id": "C0SUPPORT", "name": "help"})
    slack.settle()
    return everything_sent(slack)


def deliver(slack: Workspace, sent: Sent) -> Answer:
    return slack.act("deliver", kind=sent.kind, payload=sent.payload)


@pytest.fixture
def log() -> Iterator[Log]:
    """Every line of Baton's own log."""
    with capture_logs() as lines:
        yield lines


def problems_of(log: Log, records: list[logging.LogRecord]) -> list[Any]:
    """What stands in the log that may not: tracebacks, and errors of the libraries."""
    ours = [line for line in log if line["event"] == "unexpected" or line.get("exc_info")]
    return [*ours, *(one.getMessage()[:2000] for one in records if one.levelno >= logging.ERROR or one.exc_info)]


def of_malformed(log: Log) -> Log:
    return [line for line in log if line["event"] == "payload malformed"]


def ledger(running: Running) -> dict[str, list[Any]]:
    """All that is stored about handoffs, and what the app would say."""
    tables = ("handoffs", "notes", "audit", "verdicts", "outbox", "drafts", "templates")
    with running.db.reading() as tx:
        return {name: [tuple(row) for row in tx.execute(select(metadata.tables[name]))] for name in tables}


def by_olga(sent: Sent) -> Sent:
    """The same, done by somebody of another company."""
    payload = json.loads(json.dumps(sent.payload))
    if sent.kind == "slash_commands":
        payload |= {"user_id": "U0OLGA", "team_id": "T0OTHER"}
    elif sent.kind == "interactive":
        payload["user"] = {"id": "U0OLGA", "team_id": "T0OTHER"}
    return Sent(kind=sent.kind, payload=payload)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_changed_payloads_are_refused_with_one_line_or_answered(
    slack: Workspace, baton: Running, door: str, log: Log, caplog: pytest.LogCaptureFixture, *, long: bool
) -> None:
    known = [one for one in a_working_day(slack) if one.kind != "events_api" or one.payload["event"]["type"] in LEARN]
    quick = Workspace(slack.base_url, settle_after_acts=False)
    chance = random.Random(f"{door} 1")
    for _ in range(LONG if long else SHORT):
        sent = chance.choice(known)
        changed = Sent(kind=sent.kind, payload=mutated(sent.payload, chance))
        log.clear()
        caplog.clear()
        status = deliver(quick, changed).raw["status"]

        as_json = json.dumps(changed.payload)
        assert problems_of(log, caplog.records) == [], as_json
        assert status in ({200, 400} if door == "http" else {200}), (status, as_json)
        assert len(of_malformed(log)) <= 1, as_json
        assert status == 200 or of_malformed(log), as_json
    baton.db.ping()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_whatever_an_outsider_sends_changes_nothing(
    slack: Workspace, baton: Running, door: str, log: Log, caplog: pytest.LogCaptureFixture, *, long: bool
) -> None:
    known = [by_olga(one) for one in a_working_day(slack) if one.kind != "events_api"]
    slack.settle()
    before = ledger(baton)
    quick = Workspace(slack.base_url, settle_after_acts=False)
    chance = random.Random(f"{door} 2")
    for turn in range((LONG if long else SHORT) // 2):
        sent = known[turn % len(known)]
        changed = sent if turn < len(known) else Sent(kind=sent.kind, payload=mutated(sent.payload, chance))
        if "T0LOCAL" not in json.dumps([changed.payload.get("user"), changed.payload.get("team_id")]):
            deliver(quick, changed)
    slack.settle()

    assert problems_of(log, caplog.records) == []
    assert ledger(baton) == before


def interactive(**payload: Any) -> Sent:
    return Sent(kind="interactive", payload={"team": {"id": "T0LOCAL"}, **payload})


def event(kind: str, team: str = "T0LOCAL", **inner: Any) -> Sent:
    envelope = {"type": "event_callback", "team_id": team, "event_id": f"Ev{kind}{team}"}
    return Sent(kind="events_api", payload={**envelope, "event": {"type": kind, **inner}})


BEN: Final = {"id": "U0BEN", "team_id": "T0LOCAL"}
LEFT_ALONE: Final = {
    "Slack leaves out events": Sent(
        kind="events_api",
        payload={
            "token": "x",
            "type": "app_rate_limited",
            "team_id": "T0LOCAL",
            "minute_rate_limited": 1518467820,
            "api_app_id": "A0BATON",
        },
    ),
    "a button of older messages": interactive(
        type="interactive_message", callback_id="x", user=BEN, actions=[{"name": "a", "type": "button", "value": "1"}]
    ),
    "a dialog": interactive(type="dialog_submission", callback_id="x", user=BEN, submission={"title": "x"}),
    "a dialog given up": interactive(type="dialog_cancellation", callback_id="x", user=BEN),
    "options of a dialog": interactive(type="dialog_suggestion", callback_id="x", user=BEN, name="a", value="b"),
    "uninstalled elsewhere": event("app_uninstalled", "T0OTHER"),
    "revoked elsewhere": event("tokens_revoked", "T0OTHER", tokens={"bot": ["U0BATON"]}),
    "renamed elsewhere": event("channel_rename", "T0OTHER", channel={"id": "C0SUCCESS", "name": "theirs"}),
    "changed elsewhere": event("user_change", "T0OTHER", user={"id": "U0EVA", "name": "eva", "deleted": True}),
}
"""Payloads that are as they should be and for nobody here."""


def form(callback_id: str = "handoff.open", kind: str | None = "modal", **values: Any) -> Sent:
    view: Json = {"id": "V0FORM", "type": kind, "callback_id": callback_id, "state": {"values": values}, "blocks": []}
    if kind is None:
        del view["type"]
    return interactive(type="view_submission", user=BEN, view=view)


MALFORMED: Final = {
    "an input without a state": form(title={"value": None}),
    "a moment that is none": form(needed_by={"value": {"type": "datetimepicker", "selected_date_time": 10**18}}),
    "a form without its question": form("handoff.assign"),
    "more time without how much": form("handoff.extend"),
    "a form without fields": form("handoff.transfer"),
    "a form without a type": form(kind=None),
    "a step of a workflow that is none": form(kind="workflow_step"),
    "a click without a button": interactive(type="block_actions", user=BEN, actions=[]),
    "nobody's click": interactive(type="block_actions", actions=[{"action_id": "handoff.claim", "value": "v1:h_1"}]),
    "a type that there is not": interactive(type="block_party", user=BEN),
    "a command without a person": Sent(kind="slash_commands", payload={"command": "/handoff", "text": "mine"}),
    "another command": Sent(kind="slash_commands", payload={"command": "/lunch", "user_id": "U0BEN", "text": "x"}),
    "an event without a type": Sent(kind="events_api", payload={"type": "event_callback", "event": {}}),
    "a person without an id": event("user_change", user={"name": "eva"}),
    "a list as a channel": event("channel_archive", channel=["C0SUCCESS"]),
    "nothing": Sent(kind="events_api", payload={}),
}


@pytest.fixture
def stored(baton: Running) -> Callable[[], list[Any]]:
    """Everything that Baton keeps about people, channels and handoffs."""

    def look() -> list[Any]:
        with baton.db.reading() as tx:
            names = ("people", "channels", "queues", "handoffs", "audit", "drafts")
            return [tuple(row) for name in names for row in tx.execute(select(metadata.tables[name]))]

    return look


def test_what_is_for_nobody_here_is_left_alone_with_one_line(
    slack: Workspace, baton: Running, stored: Callable[[], list[Any]], log: Log
) -> None:
    before = stored()
    for what, sent in LEFT_ALONE.items():
        log.clear()
        answer = deliver(slack, sent)

        assert (answer.raw["status"], answer.ack) == (200, None), what
        assert [line["event"] for line in log] in (["payload ignored"], ["event ignored"]), (what, log)
    assert stored() == before
    assert baton._why_no_slack() is None


def test_what_is_malformed_is_refused_with_one_line(
    slack: Workspace, door: str, stored: Callable[[], list[Any]], log: Log, caplog: pytest.LogCaptureFixture
) -> None:
    before = stored()
    for what, sent in MALFORMED.items():
        log.clear()
        status = deliver(slack, sent).raw["status"]

        assert status == (400 if door == "http" else 200), what
        assert [line["event"] for line in log] == ["payload malformed"], (what, log)
    assert problems_of([], caplog.records) == []
    assert stored() == before
