"""The check-up of `baton check`: examine Slack and the database, with a finding and a remedy for each thing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Final

from slack_sdk import WebClient
from slack_sdk.http_retry import RateLimitErrorRetryHandler

from slackapp.operations.checkup import database, slack
from slackapp.operations.checkup.findings import Finding, attempt, good, probe
from slackapp.operations.checkup.people import NamedPeople, named_people
from slackapp.operations.checkup.process import process_findings
from slackapp.operations.checkup.zones import zone_findings
from slackapp.runtime import tls
from slackapp.runtime.baton import Baton
from slackapp.runtime.clock import Clock, SystemClock
from storage.company.model import Workspace
from storage.db.database import Database

_TIMEOUT_S: Final = 10
_TRIES: Final = 2


def examine(
    *,
    bot_token: str,
    api_url: str,
    database_url: str,
    app_token: str | None = None,
    named: NamedPeople | None = None,
    zones: Sequence[str] | None = None,
    digest: str | None = None,
    clock: Clock | None = None,
    admin_host: str = "127.0.0.1",
    admin_port: int | None = None,
    signs_webhooks: bool = False,
) -> list[Finding]:
    """Examine Slack and the database; never raises, never changes anything.

    Args:
        bot_token: the bot token, `xoxb-…`.
        api_url: where Slack's Web API is.
        database_url: the database.
        app_token: the app-level token for Socket Mode, `xapp-…`; None means HTTP mode.
        named: whom to look at, if not those in the database: a configuration that is not applied yet.
        zones: the time zones of the calendars, if not those in the database.
        digest: the fingerprint of the configuration file; compared with what was applied.
        clock: Baton's clock, if it is not the machine's.
        admin_host: where a Baton on this machine listens with its admin port.
        admin_port: where a Baton on this machine tells its metrics; None asks nobody.
        signs_webhooks: whether there is a secret to sign with what goes to addresses outside Slack.

    Returns:
        The findings, in an order to read them in. Everything is fine if all of them are `ok`.
    """
    client = WebClient(
        token=bot_token,
        base_url=api_url,
        timeout=_TIMEOUT_S,
        ssl=tls.context(),
        retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=_TRIES)],
    )
    workspace = attempt("The bot token (SLACK_BOT_TOKEN)", lambda: slack.installed(client))
    clock = clock or SystemClock()
    ledger_findings, stored = _examine_database(database_url, clock, workspace, digest, signs=signs_webhooks)
    configured = stored if named is None else named
    return [
        *_installed(workspace),
        *_door(client, app_token, None if isinstance(workspace, Finding) else workspace.bot_id),
        *ledger_findings,
        *(probe("The time zones", lambda: zone_findings(zones, clock.now())) if zones is not None else ()),
        *(probe("The Baton on this machine", lambda: process_findings(admin_host, admin_port)) if admin_port else ()),
        *_company(client, workspace, configured),
    ]


def _installed(workspace: Workspace | Finding) -> list[Finding]:
    if isinstance(workspace, Finding):
        return [workspace]
    return [
        good(f"The bot token works in the workspace {workspace.name} ({workspace.id})."),
        *slack.scope_findings(workspace.scopes),
    ]


def _door(client: WebClient, app_token: str | None, bot_id: str | None) -> list[Finding]:
    if app_token is None:
        return [good("HTTP mode: check in Slack whether Slack reaches /slack/events.")]
    return probe("The app-level token (SLACK_APP_TOKEN)", lambda: slack.app_token_findings(client, app_token, bot_id))


def _examine_database(
    url: str, clock: Clock, workspace: Workspace | Finding, digest: str | None, *, signs: bool
) -> tuple[list[Finding], NamedPeople | Finding | None]:
    """Examine the database; return the findings and whom it names, None if that cannot be read."""
    found = probe("The database", lambda: database.database_findings(url))
    if not all(finding.ok for finding in found):
        return found, None
    if database.is_not_created_yet(url):
        return found, named_people(queues=(), policies=(), admins=(), managers={}, calendars_of={})
    with closing(Database.open(url, pool_size=1)) as db:
        found += probe("The database", lambda: database.write_findings(db))
        found += probe("The backlog", lambda: database.backlog_findings(db, clock.now()))
        found += probe("The messages", lambda: database.refusal_findings(db, clock.now()))
        found += probe("The timers", lambda: database.clock_findings(Baton(db=db, clock=clock)))
        if isinstance(workspace, Finding):
            return found, None
        if digest is not None:
            found += probe("The configuration in force", lambda: database.config_findings(db, workspace.id, digest))
        else:
            found += probe(
                "The time zones", lambda: zone_findings(database.stored_zones(db, workspace.id), clock.now())
            )
        found += probe("The directory", lambda: database.directory_findings(db, workspace.id))
        found += probe("The webhooks", lambda: database.webhook_findings(db, workspace.id, signed=signs))
        return found, attempt("The queues", lambda: database.stored_company(db, workspace.id))


def _company(client: WebClient, workspace: Workspace | Finding, named: NamedPeople | Finding | None) -> list[Finding]:
    if isinstance(named, Finding):
        return [named]
    if isinstance(workspace, Finding) or named is None:
        return []
    return probe("The configuration", lambda: slack.company_findings(client, workspace, named))
