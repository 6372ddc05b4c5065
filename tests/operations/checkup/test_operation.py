"""`baton check` on what goes wrong while Baton runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from prometheus_client import CollectorRegistry, Gauge

from slackapp.operations.admin_port import admin_app
from slackapp.operations.metrics import LAST_TICK
from slackapp.runtime.clock import SystemClock
from slackapp.runtime.web_server import WebServer
from storage.clocks import policies, timers
from storage.clocks.model import ClockKind, Level, Policy
from storage.company import webhooks
from storage.company.model import Webhook
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.outbox import outbox
from storage.outbox.model import Destination, OutboxMessage
from tests.builders import a_handoff, a_timer
from tests.manual_clock import ManualClock
from tests.operations.checkup.examples import APP, BOT, TEAM, Examine, wrong


def test_what_nobody_works_on_is_said(check: Examine, database: Database, clock: ManualClock) -> None:
    now = clock.now()
    handoff = a_handoff(workspace=TEAM, id="h_1", by="U0BEN", at=now)
    timer = a_timer(
        workspace=TEAM,
        handoff_id="h_1",
        target_s=60,
        at=now,
        deadline_at=now + timedelta(minutes=1),
        next_level="late",
        due_at=now + timedelta(minutes=1),
    )
    wanted = OutboxMessage(
        workspace=TEAM, key="card:h_1:1", kind="card", handoff_id="h_1", to=Destination(channel="C0SUCCESS")
    )
    late = Policy(
        workspace=TEAM, key="standard", levels=(Level(key="late", clock=ClockKind.CLAIM, tell=("managers",)),)
    )
    database.run_transaction(lambda tx: policies.put_policy(tx, late))
    database.run_transaction(lambda tx: handoffs.add(tx, handoff))
    database.run_transaction(lambda tx: timers.put(tx, timer))
    database.run_transaction(lambda tx: outbox.put(tx, [wanted], now))
    assert wrong(check()) == []

    clock.advance(timedelta(hours=1))

    overdue, unsent = wrong(check())
    assert overdue == "A deadline passed at 2026-11-16 09:01 UTC and Baton did not act on it."
    assert unsent == "Messages waiting to be sent: 1, the oldest since 2026-11-16 09:00 UTC."


def test_a_clock_that_is_not_armed_is_found_and_left_for_the_sweep_to_mend(
    check: Examine, database: Database, clock: ManualClock
) -> None:
    now = clock.now()
    late = Policy(
        workspace=TEAM, key="standard", levels=(Level(key="late", clock=ClockKind.CLAIM, tell=("managers",)),)
    )
    handoff = a_handoff(workspace=TEAM, state_since=now, created_at=now)
    timer = a_timer(workspace=TEAM, started_at=now, running_since=now, due_at=None)
    database.run_transaction(lambda tx: policies.put_policy(tx, late))
    database.run_transaction(lambda tx: handoffs.add(tx, handoff))
    database.run_transaction(lambda tx: timers.put(tx, timer))

    for _ in range(2):
        (what,) = wrong(check())
        assert what == "Some timers of 1 unfinished handoff are wrong: claim is set to the wrong time (1)."


def test_a_baton_that_has_stopped_ticking_is_found_by_its_metrics(check: Examine) -> None:
    registry = CollectorRegistry()
    last_tick = Gauge(LAST_TICK._name, "When.", registry=registry)
    admin = WebServer(admin_app(checks={}, registry=registry), port=0)
    admin.start()
    try:
        port = int(admin.address.rpartition(":")[2])
        assert "has not ticked yet" in wrong(check(admin_port=port))[0]

        last_tick.set(SystemClock().now().timestamp() - 600)
        assert "last ticked at" in wrong(check(admin_port=port))[0]

        last_tick.set_to_current_time()
        assert wrong(check(admin_port=port)) == []
    finally:
        admin.stop()
    assert wrong(check(admin_port=port)) == [], "it may run elsewhere"


def test_no_secret_is_ever_said(check: Examine) -> None:
    for changed in ({}, {"bot_token": "xoxb-wrong-secret"}, {"app_token": "xapp-wrong-secret"}):
        said = "\n".join(f"{finding.what} {finding.remedy}" for finding in check(**changed))
        for secret in (BOT, APP, "wrong-secret"):
            assert secret not in said


def test_webhooks_that_are_not_signed_are_named_and_so_is_the_remedy(check: Examine, database: Database) -> None:
    with database.transaction() as tx:
        webhooks.put(tx, Webhook(workspace=TEAM, key="pager", url="https://pager.example.com/hook"))

    def said(**given: Any) -> list[str]:
        return [finding.what for finding in check(**given) if "ebhook" in finding.what]

    (unsigned,) = said()
    assert "pager" in unsigned
    assert "BATON_WEBHOOK_SECRET" in unsigned
    assert said(signs_webhooks=True) == ["Webhooks are signed: pager."]
    assert "example.com" not in unsigned
