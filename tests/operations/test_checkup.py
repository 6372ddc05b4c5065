"""`baton check`: whatever is wrong is named with what to do, and never a traceback."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from prometheus_client import CollectorRegistry, Gauge
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from slackapp.operations.admin_port import admin_app
from slackapp.operations.checkup.examine import examine
from slackapp.operations.checkup.findings import Finding
from slackapp.operations.checkup.people import NamedPeople, named_people
from slackapp.operations.metrics import LAST_TICK
from slackapp.runtime.clock import SystemClock
from slackapp.runtime.web_server import WebServer
from storage.clocks import policies, timers
from storage.clocks.model import ClockKind, Level, LevelAction, Policy, TargetRule
from storage.company import people, queues, webhooks, workspaces
from storage.company.model import Person, Queue, Webhook, Workspace
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.outbox import outbox
from storage.outbox.model import Destination, OutboxMessage
from tests import slack_client
from tests.builders import a_handoff, a_timer
from tests.databases import POSTGRESQL
from tests.manual_clock import ManualClock

TEAM = "T0LOCAL"
BOT, APP = "xoxb-local-bot", "xapp-local-app"
SUCCESS = Queue(
    workspace=TEAM,
    key="success",
    name="Customer Success",
    channel="C0SUCCESS",
    members=("U0EVA", "S0CS"),
    managers=("U0DAN",),
)

Examine = Callable[..., list[Finding]]


def named(**changed: Any) -> NamedPeople:
    given = {"queues": [SUCCESS], "policies": (), "admins": (), "managers": {}, "calendars_of": {}}
    return named_people(**{**given, **changed})


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def check(slack: slack_client.Workspace, database_url: str, clock: ManualClock) -> Examine:
    def check(**changed: Any) -> list[Finding]:
        given = {
            "bot_token": BOT,
            "app_token": APP,
            "api_url": slack.api_url,
            "database_url": database_url,
            "clock": clock,
            "named": named(),
        }
        return examine(**{**given, **changed})

    return check


def wrong(findings: list[Finding]) -> list[str]:
    """What is wrong; every such finding says what to do."""
    bad = [finding for finding in findings if not finding.ok]
    assert all(finding.remedy for finding in bad)
    return [finding.what for finding in bad]


def test_everything_in_order_is_said_as_well(check: Examine) -> None:
    findings = check()

    assert wrong(findings) == []
    said = "\n".join(finding.what for finding in findings)
    for words in ("Northwind", "Every scope", "opens Socket Mode", "up to date", "No deadline", "Customer Success"):
        assert words in said


@pytest.mark.parametrize("scope", ["chat:write", "im:write", "usergroups:read"])
def test_a_missing_scope_is_named_with_what_is_lost(slack: slack_client.Workspace, check: Examine, scope: str) -> None:
    everything = {"commands", "chat:write", "users:read", "usergroups:read", "channels:read", "groups:read", "im:write"}
    slack.change("scopes", granted=sorted(everything - {scope}))

    assert any(what.startswith(f"The scope {scope} is missing") for what in wrong(check()))


def test_a_declined_scope_is_fine_and_says_what_is_lost(slack: slack_client.Workspace, check: Examine) -> None:
    required = ["commands", "chat:write", "users:read", "usergroups:read", "channels:read", "groups:read", "im:write"]
    slack.change("scopes", granted=required)

    findings = check()

    assert wrong(findings) == []
    declined = [finding for finding in findings if finding.what.startswith("The optional scope")]
    assert len(declined) == 6
    assert all(finding.remedy for finding in declined)


def test_a_wrong_bot_token_is_said_once_and_the_database_is_looked_at_all_the_same(check: Examine) -> None:
    findings = check(bot_token="xoxb-wrong")

    assert wrong(findings) == ["The bot token (SLACK_BOT_TOKEN): Slack does not know this token."]
    assert any("up to date" in finding.what for finding in findings)


def test_a_revoked_bot_token_is_said(slack: slack_client.Workspace, check: Examine) -> None:
    slack.change("token", revoked=True)

    assert any(what.startswith("The bot token (SLACK_BOT_TOKEN):") for what in wrong(check()))


@pytest.mark.parametrize("token", ["xapp-wrong", BOT])
def test_a_wrong_app_token_is_said(check: Examine, token: str) -> None:
    (what,) = wrong(check(app_token=token))

    assert what.startswith("The app-level token (SLACK_APP_TOKEN)")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("invalid_auth", "is not known to Slack"),
        ("not_authed", "is empty"),
        ("account_inactive", "belongs to an app that is no longer active"),
        ("token_revoked", "was revoked"),
        ("not_allowed_token_type", "is another kind of token; it begins with xapp-"),
        ("missing_scope", "may not open connections"),
        ("no_permission", "may not open connections"),
    ],
)
def test_what_is_wrong_with_an_app_token_is_said_in_words(
    slack: slack_client.Workspace, check: Examine, code: str, why: str
) -> None:
    slack.fault("apps.connections.open", {"error": code})

    assert wrong(check()) == [f"The app-level token (SLACK_APP_TOKEN) {why}."]


def test_an_error_that_says_nothing_of_the_app_token_is_not_blamed_on_it(
    slack: slack_client.Workspace, check: Examine
) -> None:
    slack.fault("apps.connections.open", {"error": "fatal_error"}, times=3)

    (what,) = wrong(check())
    assert "fatal_error" in what
    assert "None" not in what


def test_in_http_mode_no_app_token_is_missed(check: Examine) -> None:
    findings = check(app_token=None)

    assert wrong(findings) == []
    assert any("HTTP mode" in finding.what for finding in findings)


def test_a_slack_that_cannot_be_reached_is_said(check: Examine) -> None:
    said = wrong(check(api_url="http://127.0.0.1:9/api/"))

    assert said
    assert all("cannot be reached" in what for what in said)


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 503}, {"error": "fatal_error"}, {"lose_answer": True}])
@pytest.mark.parametrize("method", ["auth.test", "conversations.info", "users.info", "apps.connections.open"])
def test_a_slack_that_fails_is_no_traceback_and_no_fault_of_baton(
    slack: slack_client.Workspace, check: Examine, method: str, fault: dict[str, Any]
) -> None:
    slack.fault(method, fault, times=3)

    said = wrong(check())

    assert said
    assert not any("Error:" in what for what in said)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "C0SUCCESS", "deleted": True}, "does not exist, or is private and Baton is not in it"),
        ({"id": "C0SUCCESS", "is_archived": True}, "#success is archived"),
        ({"id": "C0SUCCESS", "is_private": True, "members": ["U0DAN"]}, "private and Baton is not in it"),
    ],
)
def test_a_channel_that_cannot_be_posted_to_is_said(
    slack: slack_client.Workspace, check: Examine, change: dict[str, Any], words: str
) -> None:
    slack.change("channel", **change)

    (what,) = wrong(check())

    assert what.startswith("Queue Customer Success: the channel")
    assert words in what


def test_a_public_channel_without_baton_needs_an_invitation_where_the_scope_was_declined(
    slack: slack_client.Workspace, check: Examine
) -> None:
    required = ["commands", "chat:write", "users:read", "usergroups:read", "channels:read", "groups:read", "im:write"]
    slack.change("scopes", granted=required)
    slack.change("channel", id="C0SUCCESS", members=["U0DAN"])

    assert wrong(check()) == ["Queue Customer Success: the channel #success does not have Baton in it."]


def test_a_channel_shared_with_another_company_is_pointed_out(slack: slack_client.Workspace, check: Examine) -> None:
    slack.change("channel", id="C0SUCCESS", is_ext_shared=True)

    findings = check()

    assert wrong(findings) == []
    assert any("shared with another company" in finding.what for finding in findings)


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("U0LEO", "U0LEO (Leo Brandt) is deactivated"),
        ("U0NOBODY", "U0NOBODY is not known to Slack"),
        ("U0BATON", "is a bot"),
        ("U0OLGA", "belongs to another company"),
        ("S0NOBODY", "S0NOBODY is not a user group that Slack shows"),
    ],
)
@pytest.mark.parametrize("role", ["members", "managers"])
def test_a_person_who_cannot_serve_is_named_with_the_queue_and_the_role(
    check: Examine, role: str, ref: str, words: str
) -> None:
    fields = {**vars(SUCCESS), role: ("U0EVA", ref)}

    (what,) = wrong(check(named=named(queues=[Queue(**fields)])))

    assert what.startswith(f"Queue Customer Success, {role}:")
    assert words in what


def test_a_queue_that_nobody_serves_is_said(check: Examine) -> None:
    empty = Queue(workspace=TEAM, key="success", name="Customer Success", channel="C0SUCCESS")

    members, managers = wrong(check(named=named(queues=[empty])))

    assert members == "Queue Customer Success has no members: nobody may claim."
    assert managers == "Queue Customer Success has no managers: nobody is told when something is late."


def test_the_queues_in_the_database_are_looked_at(check: Examine, database: Database) -> None:
    assert wrong(check(named=None)) == ["There are no queues yet."]
    database.run_transaction(lambda tx: queues.put(tx, SUCCESS))

    assert wrong(check(named=None)) == []


def test_a_database_that_is_not_there_is_said_and_not_made(check: Examine, tmp_path: Path) -> None:
    file = tmp_path / "baton.db"

    found = check(database_url=f"sqlite:///{file}")

    assert wrong(found) == []
    assert f"There is no database at {file} yet: the first `baton run` makes it." in [finding.what for finding in found]
    assert not file.exists()


def test_a_database_that_is_not_there_and_no_file_leave_nobody_to_hand_work_to(check: Examine, tmp_path: Path) -> None:
    assert wrong(check(database_url=f"sqlite:///{tmp_path}/baton.db", named=None)) == ["There are no queues yet."]


@pytest.mark.parametrize("scheme", ["sqlite:///", "sqlite+pysqlite:///"])
@pytest.mark.parametrize(
    ("place", "words"),
    [("nowhere/baton.db", "The database's folder {folder}/nowhere does not exist."), ("", "which is a folder.")],
)
def test_a_place_where_no_database_can_be_is_said_and_not_made(
    check: Examine, tmp_path: Path, scheme: str, place: str, words: str
) -> None:
    (what,) = wrong(check(database_url=f"{scheme}{tmp_path}/{place}"))

    assert words.format(folder=tmp_path) in what
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_said(check: Examine, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("This is not a database. " * 100)

    (what,) = wrong(check(database_url=f"sqlite:///{file}"))

    assert what.startswith("The database could not be checked:")


def test_a_database_server_that_is_away_is_said_without_its_password(check: Examine) -> None:
    (what,) = wrong(check(database_url="postgresql+psycopg://baton:hunter2@127.0.0.1:9/baton"))

    assert what.startswith("The database could not be checked:")
    assert "hunter2" not in what


@pytest.mark.parametrize("url", ["postgresql://x/y", "mysql://x/y", "nonsense"])
def test_an_address_that_is_none_is_said(check: Examine, url: str) -> None:
    (what,) = wrong(check(database_url=url))

    assert what.startswith("BATON_DATABASE_URL cannot be used:")


def test_missing_migrations_are_said(check: Examine, empty_database_url: str) -> None:
    file = Path(empty_database_url.removeprefix("sqlite:///"))
    file.touch()

    (what,) = wrong(check(database_url=empty_database_url))

    assert "migrations" in what


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"admins": ["U0DAN", "{ref}"]}, "Admins"),
        ({"managers": {"U0EVA": "U0DAN", "U0DAN": "{ref}"}}, "Managers under people"),
        ({"managers": {"{ref}": "U0DAN"}}, "People"),
        ({"calendars_of": {"{ref}": "berlin"}}, "People"),
        ({"policies": [{"tell": ("managers of managers", "channel", "{ref}")}]}, "Policy standard, level late"),
        ({"policies": [{"do": LevelAction.REASSIGN, "to": "{ref}"}]}, "Policy standard, level late"),
        ({"policies": [{"sender": ("{ref}",)}]}, "Policy standard, rule 1, sender"),
    ],
)
def test_everybody_whom_a_file_names_is_looked_at(check: Examine, changed: dict[str, Any], place: str) -> None:
    """Whoever is named outside the queues is told and given work as well."""
    (what,) = wrong(check(named=named(**filled(changed, "U0LEO"))))

    assert what == f"{place}: U0LEO (Leo Brandt) is deactivated."


def filled(given: dict[str, Any], ref: str) -> dict[str, Any]:
    """The same with somebody in the place that is left open; a policy is made of its level or rule."""

    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return {fill(key): fill(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return tuple(map(fill, value))
        return value.format(ref=ref) if isinstance(value, str) and not isinstance(value, LevelAction) else value

    policies = [
        Policy(workspace=TEAM, key="standard", rules=(TargetRule(when={"sender": part["sender"]}, targets={}),))
        if "sender" in part
        else Policy(workspace=TEAM, key="standard", levels=(Level(key="late", clock=ClockKind.CLAIM, **part),))
        for part in fill(given).pop("policies", ())
    ]
    return {**fill(given), **({"policies": policies} if policies else {})}


def test_groups_in_levels_are_looked_at_and_whoever_is_in_order_is_said(check: Examine) -> None:
    def told(group: str) -> NamedPeople:
        level = Level(key="late", clock=ClockKind.CLAIM, tell=("owner", group))
        return named(policies=[Policy(workspace=TEAM, key="standard", levels=(level,))], admins=["U0DAN"])

    assert wrong(check(named=told("S0NOBODY"))) == [
        "Policy standard, level late: S0NOBODY is not a user group that Slack shows to Baton."
    ]
    findings = check(named=told("S0CS"))
    assert wrong(findings) == []
    assert any(finding.what.startswith("Admins, managers of managers") for finding in findings)


def test_many_people_are_asked_for_together(slack: slack_client.Workspace, check: Examine) -> None:
    everybody = [f"U0N{n}" for n in range(45)]
    for user in everybody:
        slack.change("user", id=user)
    slack.change("user", id="U0N7", deleted=True)

    assert wrong(check(named=named(admins=[*everybody, "U0NOBODY"]))) == [
        "Admins: U0N7 (U0N7) is deactivated, U0NOBODY is not known to Slack."
    ]
    assert len(slack.calls("users.info")) <= 3


def test_the_company_in_the_database_is_looked_at_as_a_file_is(check: Examine, database: Database) -> None:
    level = Level(key="late", clock=ClockKind.CLAIM, tell=("U0NOBODY",))
    with database.transaction() as tx:
        queues.put(tx, SUCCESS)
        policies.put_policy(tx, Policy(workspace=TEAM, key="standard", levels=(level,)))
        people.put(tx, Person(workspace=TEAM, id="U0EVA", name="Eva"))
        people.set_manager(tx, TEAM, "U0EVA", "U0LEO")

    assert wrong(check(named=None)) == [
        "Policy standard, level late: U0NOBODY is not known to Slack.",
        "Managers under people: U0LEO (Leo Brandt) is deactivated.",
    ]


@pytest.mark.parametrize(
    ("in_force", "at_start", "words"),
    [
        ("here", None, "is in force."),
        ("other", "here", "another file was applied since, or something was changed in Slack"),
        (None, "here", "another file was applied since, or something was changed in Slack"),
        ("older", "older", "the next start applies it."),
        ("other", "older", "the next start applies it in place of another one"),
    ],
)
def test_it_is_said_whether_the_file_is_in_force(
    check: Examine, database: Database, in_force: str | None, at_start: str | None, words: str
) -> None:
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id=TEAM, name="Northwind", bot_user="U0BATON"))
        workspaces.set_config(tx, TEAM, in_force, [])
        if at_start:
            workspaces.set_start_file(tx, TEAM, at_start, "company.yml")

    (said,) = [finding.what for finding in check(digest="here") if finding.what.startswith("The configuration file")]
    assert words in said


@POSTGRESQL
def test_a_database_that_can_only_be_read_is_said(check: Examine, database: Database, database_url: str) -> None:
    name = str(make_url(database_url).database)
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute(SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(Identifier(name)))
        try:
            found = [finding for finding in check() if not finding.ok]
        finally:
            owner.execute("SET default_transaction_read_only = off")
            owner.execute(SQL("ALTER DATABASE {} RESET default_transaction_read_only").format(Identifier(name)))

    (said,) = found
    assert "read-only transaction" in said.what
    assert said.remedy.startswith("Name a server that can be written")


def test_tokens_of_two_apps_are_found(check: Examine) -> None:
    (what,) = wrong(check(app_token="xapp-other-app"))

    assert what.startswith("The two tokens belong to two apps: SLACK_BOT_TOKEN to A0BATON, SLACK_APP_TOKEN to A0OTHER.")


def test_a_remedy_fits_the_fault(check: Examine, empty_database_url: str, slack: slack_client.Workspace) -> None:
    def remedy(**given: Any) -> str:
        (one,) = (finding.remedy for finding in check(**given) if not finding.ok)
        return one

    file = Path(empty_database_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as made, made:
        made.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        made.execute("INSERT INTO alembic_version VALUES ('9999')")
    assert remedy(database_url=empty_database_url).startswith("Run that version or a later one")
    away = remedy(database_url="postgresql+psycopg://baton:x@127.0.0.1:9/baton")
    assert away == "Start the database server, or correct host and port in BATON_DATABASE_URL."
    file.write_text("This is not a database. " * 100)
    assert remedy(database_url=empty_database_url).startswith("The file is no SQLite database")
    slack.fault("auth.test", {"error": "fatal_error"})
    assert remedy().startswith("Wait a minute")
    slack.fault("auth.test", {"error": "team_access_not_granted"})
    assert remedy() == "Ask an admin of the Slack workspace."


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
    assert overdue == "A deadline was due at 2026-11-16 09:01 UTC and nothing was done about it."
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
        assert "these are wrong: claim is not armed for its instant (1)" in what


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
