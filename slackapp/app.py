"""The composition root: builds, starts and stops one Baton process.

Start: migrate the database, identify Baton in Slack, apply the configuration, start pump and jobs, then receive
Slack's requests. Stop is the reverse: refuse new requests, finish those in progress, mark what is in flight.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog
from prometheus_client import REGISTRY
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger import get_bolt_logger
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_sdk import WebClient
from starlette.routing import Route

from slackapp.company.actions import reapply_policy
from slackapp.company.actions.apply_config import LeftAsItIs, NotApplied, apply_at_start, install_templates
from slackapp.company.rules.read import read_file
from slackapp.delivery import rate_limits
from slackapp.delivery.earlier_numbers import continue_above_earlier
from slackapp.delivery.gateway import Gateway
from slackapp.delivery.pump import Pump
from slackapp.delivery.webhooks import Webhooks
from slackapp.directory.listeners.newcomers import Newcomers
from slackapp.directory.listeners.sweep import Directory
from slackapp.dispatch.bolt import Listeners
from slackapp.dispatch.openings import Openings
from slackapp.escalation.actions import digests
from slackapp.escalation.actions.clock_sweep import sweep_in_turn
from slackapp.escalation.actions.tick import next_due, tick
from slackapp.handoffs.actions import search_index
from slackapp.handoffs.listeners.thread_replies import QueueChannels
from slackapp.operations import metrics
from slackapp.operations.admin_port import admin_app
from slackapp.operations.inspection import PATH, inspect, inspection
from slackapp.operations.purge import purge
from slackapp.personal.actions.away import end_due_absences, next_end_at
from slackapp.registers import REGISTERS
from slackapp.runtime import tls, version
from slackapp.runtime.baton import Baton
from slackapp.runtime.clock import Clock, SystemClock
from slackapp.runtime.jobs import Jobs
from slackapp.runtime.settings import Settings, is_loopback
from slackapp.runtime.web_server import WebServer
from slackapp.setup.actions.welcome import welcome
from slackapp.slack.connection.http_events import slack_app
from slackapp.slack.connection.installation import Installation, identify
from slackapp.slack.connection.private_replies import PrivateReplyPool
from slackapp.slack.connection.socket_mode import SocketMode
from slackapp.slack.connection.trigger_calls import TriggerCalls
from slackapp.yaml_files.problems import ConfigurationError, Problem
from storage.db.database import Database
from storage.db.engines import parse_url
from storage.db.errors import DatabaseBusy, DatabaseUnavailable
from storage.db.sqlite_file import FileLock, lock_to_run, path_of, restrict
from storage.db.upgrade import upgrade

if TYPE_CHECKING:
    from slackapp.runtime.borrowed_clock import BorrowedClock


_log = structlog.get_logger(__name__)
TIMEOUT_S: Final = 10
_MOST_CHANGES: Final = 50
"""Changes of a configuration that are named in the log."""
_ADMIN_SHARE: Final = 0.1
"""The share of this process's file descriptors that connections to the admin port may take."""


class Running:
    """One Baton process: built, then started, then stopped. `stop` is thread-safe and may be called twice."""

    def __init__(
        self, settings: Settings, db: Database, *, rates: rate_limits.Rates, file_lock: FileLock | None
    ) -> None:
        self._file_lock = file_lock
        self.db = db
        self._borrowed_clock = _borrow_clock(settings.clock_url) if settings.clock_url is not None else None
        self.clock: Clock = self._borrowed_clock or SystemClock()
        self.baton = Baton(
            db=self.db,
            clock=self.clock,
            effects=REGISTERS.effects,
            people_effects=REGISTERS.people_effects,
            wake_pump=self._wake_pump,
            wake_tick=self._wake_tick,
            look_up=self._look_up,
            read_channel=self._read_channel,
            on_slack_access=self._note_slack_access,
        )
        self._no_access_reason: str | None = None
        self._slack_access_lock = threading.Lock()
        client = _client(settings, token=settings.bot_token.get_secret_value())
        app_token = settings.app_token.get_secret_value() if settings.app_token else None
        self.installation = identify(self.baton, client, app_token)
        self.answers = PrivateReplyPool()
        calls = TriggerCalls(token=settings.bot_token.get_secret_value(), base_url=settings.api_url)
        self.openings = Openings(self.baton, self.answers, calls)
        self.directory = Directory(self.baton, client, self.installation.workspace)
        self.newcomers = Newcomers(self.directory.look_up)
        gateway = Gateway(token=settings.bot_token.get_secret_value(), base_url=settings.api_url)
        secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else None
        self.pump = Pump(self.baton, gateway, REGISTERS.message_kinds, webhooks=Webhooks(secret=secret), rates=rates)
        self.jobs = Jobs(
            clock=self.clock,
            tick=self._tick,
            next_due=self._next_due,
            sweep=self._sweep,
            purge=lambda: purge(self.baton, settings.keep_days),
            audit=self._audit,
        )
        install_templates(self.baton, self.installation.workspace)
        if settings.config is not None:
            _configure(self.baton, self.installation.workspace, settings.config)
        continue_above_earlier(self.baton, client, self.installation.workspace)
        digests.schedule_all_digests(self.baton, self.installation.workspace)
        bolt = _bolt(self.installation, settings)
        listeners = Listeners(
            baton=self.baton,
            answers=self.answers,
            openings=self.openings,
            installation=self.installation,
            channels=QueueChannels(self.baton),
            registers=REGISTERS,
        )
        listeners.register(bolt)
        self.slack_server = _slack_server(bolt, settings)
        self.facts = metrics.DatabaseMetrics(self.db, self.clock)
        checks = {"database": _database_check(self.db), "slack": self._why_no_slack}
        admin = admin_app(checks=checks, registry=REGISTRY, more=self._inspection(settings.admin_host))
        self.admin = WebServer(admin, host=settings.admin_host, port=settings.admin_port, share=_ADMIN_SHARE)
        self._ended = threading.Event()
        self._stopping = threading.Lock()

    def _next_due(self) -> datetime | None:
        scheduled = (work.next_due_at(self.baton) for work in REGISTERS.scheduled)
        instants = (next_due(self.baton), next_end_at(self.baton), *scheduled)
        return min((instant for instant in instants if instant is not None), default=None)

    def _wake_pump(self) -> None:
        self.pump.wake()

    def _wake_tick(self) -> None:
        self.jobs.wake()

    def _read_channel(self, channel: str) -> None:
        self.newcomers.soon(lambda: self.directory.read_members(channel))

    def _look_up(self, user: str) -> None:
        self.newcomers.look_up(user)

    def _tick(self) -> None:
        """Do everything that is due, and record when. In real time, because the metric watches this process."""
        if self.db.health.why_away is not None:
            self.db.ping()  # so that its return is noticed and logged although nobody writes
        end_due_absences(self.baton)  # first: reminders that fire now go by who is back
        tick(self.baton)
        for work in REGISTERS.scheduled:
            work.run(self.baton)
        metrics.LAST_TICK.set(SystemClock().now().timestamp())

    def _sweep(self) -> None:
        """Read the directory, and then welcome who installs Baton if nothing is set up."""
        swept = self.directory.sweep()
        if swept.people:
            welcome(self.baton, self.installation.workspace, swept.owner)

    def _audit(self) -> None:
        """Fill gaps of the search index. Check the clocks if it is this process's turn, and count the repairs."""
        search_index.fill(self.baton)
        swept = sweep_in_turn(self.baton)
        if swept is not None:
            metrics.count_sweep(swept, SystemClock().now())

    def _note_slack_access(self, why: str | None) -> None:
        """Remember why Slack revoked Baton's access, for `/readyz`; log it once, however many events report it."""
        with self._slack_access_lock:
            is_new, self._no_access_reason = why is not None and self._no_access_reason is None, why
        if is_new:
            _log.error("slack shut baton out", why=why)

    def _why_no_slack(self) -> str | None:
        return self._no_access_reason or self.pump.why_no_access() or _slack_check(self.slack_server)()

    def _inspection(self, host: str) -> list[Route]:
        """Return the routes by which a local workspace inspects handoffs: none with a real Slack or beyond loopback."""
        if self._borrowed_clock is None or not is_loopback(f"http://{host}"):
            return []
        return [inspection(lambda handoff_id: inspect(self.baton, self.installation.workspace, handoff_id))]

    def start(self) -> None:
        """Start the process. Returns when Slack's requests are answered (HTTP) or while it connects (Socket Mode)."""
        if self._borrowed_clock is not None:
            self._borrowed_clock.on_change(self.pump.wake)
            self._borrowed_clock.on_change(self.jobs.wake)
            # What says "not yet" from memory is asked before what reads the database: Jobs last.
            for part in (self.openings, self.answers, self.newcomers, self.pump, self.jobs):
                self._borrowed_clock.quiet_when(part.quiet)
        REGISTRY.register(self.facts)
        metrics.SLACK_CONNECTED.set_function(lambda: float(self._why_no_slack() is None))
        with suppress(DatabaseBusy, DatabaseUnavailable):  # then the tick does it
            end_due_absences(self.baton)  # before the pump sends what waits for who is back one by one
        self.pump.start()
        self.jobs.start()
        self.slack_server.start()
        self.admin.start()  # last: once it reports ready, requests may come at once
        if self._borrowed_clock is not None:
            self._borrowed_clock.lend_inspection(f"{self.admin.address}{PATH}")
        _log.info(
            "started",
            version=version.version(),
            build=version.build(),
            workspace=self.installation.workspace,
            admin=self.admin.address,
        )

    def wait(self) -> None:
        """Block until `stop` was called."""
        self._ended.wait()

    def stop(self) -> None:
        """Accept no new requests, finish those in progress, and close everything."""
        with self._stopping:
            if self._ended.is_set():
                return
            for part in (
                self.slack_server, self.openings, self.directory, self.newcomers, self.jobs, self.pump, self.answers,
                self.admin,
            ):  # fmt: skip
                part.stop()
            if self._borrowed_clock is not None:
                self._borrowed_clock.stop()
            metrics.SLACK_CONNECTED.set_function(lambda: 0.0)
            with suppress(KeyError):  # it was never started
                REGISTRY.unregister(self.facts)
            self.db.close()
            if self._file_lock is not None:
                self._file_lock.release()
            self._ended.set()


def build(
    settings: Settings,
    *,
    rates: rate_limits.Rates = rate_limits.SLACK,
    open_database: Callable[[str], Database] = Database.open,
) -> Running:
    """Build a process without starting it.

    Args:
        settings: addresses and secrets of Slack, the database and everything else.
        rates: how fast messages may be sent; other rates than Slack's are for servers with other limits.
        open_database: gives the database at a URL; another way is for whoever builds several on one.

    Raises:
        ConfigurationError: the configuration file is wrong; it lists the problems.
        SlackRefusedUs: Slack does not accept a token, or they belong to two apps.
        DatabaseUnavailable: the database cannot be reached, or another process runs on its SQLite file.
    """
    lock = _prepare_database(settings.database_url)
    try:
        return Running(settings, open_database(settings.database_url), rates=rates, file_lock=lock)
    except BaseException:
        if lock is not None:
            lock.release()
        raise


def _prepare_database(url: str) -> FileLock | None:
    """Apply every missing migration; return the lock by which this process alone runs on a SQLite file.

    Raises:
        DatabaseUnavailable: another process runs on the file, it is gone, or the database cannot be reached.
    """
    path = path_of(parse_url(url))
    lock, is_new = (lock_to_run(path), not path.exists()) if path is not None else (None, False)
    try:
        applied = upgrade(url)
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    if is_new:
        _log.info("database created", file=str(path))
    elif applied:
        _log.info("database upgraded", migrations=applied)
    if path is not None:
        changed, left = restrict(path)
        if changed:
            _log.info("database files were readable by others: permissions corrected", files=list(map(str, changed)))
        if left:
            _log.warning("others can read the database files, which belong to another user", files=list(map(str, left)))
    return lock


def _borrow_clock(url: str) -> BorrowedClock:
    """Return a started clock that follows the one of a local workspace at this address.

    Raises:
        ConnectionError: no workspace answers there.
    """
    from slackapp.runtime.borrowed_clock import BorrowedClock  # noqa: PLC0415 - production has no use for it

    clock = BorrowedClock(url, f"baton-{os.getpid()}-{secrets.token_hex(3)}")
    clock.start()
    return clock


def _client(settings: Settings, token: str | None = None) -> WebClient:
    """Return a Slack client: with the token for sweeps; without it for Bolt, which adds it per request."""
    client = WebClient(
        token=token,
        base_url=settings.api_url,
        timeout=TIMEOUT_S,
        ssl=tls.context(),
        retry_handlers=[],
    )
    if is_loopback(settings.api_url):
        client.proxy = None  # slack_sdk takes a proxy from the environment and knows no exceptions
    return client


def _configure(baton: Baton, workspace: str, file: Path) -> None:
    """Apply the configuration file if its content changed since it was last applied. Open handoffs keep their terms."""
    outcome = apply_at_start(baton, workspace, read_file(file), file)
    match outcome:
        case None:
            return
        case NotApplied():
            raise ConfigurationError(tuple(Problem(what=reason, fix="") for reason in outcome.reasons))
        case LeftAsItIs():
            hint = "baton config apply puts the file in force, baton config diff says what that would change"
            _log.warning("another configuration was applied after the file: left in force", file=str(file), hint=hint)
            return
    if outcome.over_later:
        said = [*outcome.sentences[:_MOST_CHANGES], *(["…"] if len(outcome.sentences) > _MOST_CHANGES else [])]
        _log.warning("another configuration was in force: replaced by the file", changes=said)
    with baton.db.reading() as tx:
        behind = reapply_policy.count_outdated(tx, workspace, baton.clock.now())
    follow = "baton config apply --open-too moves open handoffs to the new policies" if behind else None
    _log.info("configuration applied", changes=len(outcome.sentences), open_handoffs_on_older_terms=behind, hint=follow)


def _bolt(installation: Installation, settings: Settings) -> App:
    """Return a Bolt app that acknowledges when the listener does and does not call auth.test per request."""
    secret = settings.signing_secret.get_secret_value() if settings.signing_secret else None

    def authorize() -> AuthorizeResult:
        return installation.authorized

    get_bolt_logger(App).addFilter(_is_news)
    return App(
        client=_client(settings),
        signing_secret=secret,
        authorize=authorize,
        process_before_response=True,
        token_verification_enabled=False,
        raise_error_for_unhandled_request=True,
    )


def _is_news(record: logging.LogRecord) -> bool:
    """Leave out what Bolt says at every start: it finds SLACK_BOT_TOKEN in the environment, and does not use it."""
    return record.getMessage() != warning_client_prioritized_and_token_skipped()


def _slack_server(bolt: App, settings: Settings) -> SocketMode | WebServer:
    if settings.app_token is not None:
        return SocketMode(bolt, settings.app_token.get_secret_value())
    if settings.signing_secret is None:
        raise ValueError("neither an app token nor a signing secret: Settings refuses this")
    app = slack_app(bolt, settings.signing_secret.get_secret_value())
    return WebServer(app, host=settings.host, port=settings.port)


def _database_check(db: Database) -> Callable[[], str | None]:
    def check() -> str | None:
        try:
            db.ping()
        except (DatabaseBusy, DatabaseUnavailable) as trouble:
            return str(trouble)
        return None

    return check


def _slack_check(server: SocketMode | WebServer) -> Callable[[], str | None]:
    return server.why_not_ready if isinstance(server, SocketMode) else lambda: None
