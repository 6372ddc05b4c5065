"""`baton run` and `baton check` against a workspace: real processes, real sockets."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import pytest

from slackapp.company.rules.read import read_file
from slackapp.runtime import version
from storage.company import workspaces
from storage.db.database import Database
from tests.cli import forked
from tests.slack_client import Workspace

ROOT = Path(__file__).parents[2]
COMPANY = ROOT / "slackapp" / "cli" / "demo.yml"
LONGEST_S = 60
EVERYWHERE = "0.0.0.0"  # noqa: S104 - as operators let scrapers of other machines in


@pytest.fixture
def environment(slack: Workspace, tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "BATON_"))}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(tmp_path),
        "SLACK_BOT_TOKEN": "xoxb-local-bot",
        "SLACK_APP_TOKEN": "xapp-local-app",
        "SLACK_API_URL": f"{slack.base_url}/api/",
        "BATON_DATABASE_URL": f"sqlite:///{tmp_path / 'baton.db'}",
        "BATON_CONFIG": str(COMPANY),
        "BATON_ADMIN_HOST": EVERYWHERE,
        "BATON_ADMIN_PORT": "0",
    }


def start(environment: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "slackapp", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(environment: Mapping[str, str], *arguments: str) -> tuple[int, str, str]:
    done = forked.run(arguments, environment)
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


def test_baton_runs_until_it_is_asked_to_end_and_has_applied_its_file(environment: dict[str, str]) -> None:
    with start(environment, "run") as process:
        hurry = threading.Timer(LONGEST_S, process.kill)
        hurry.start()
        assert process.stdout
        assert process.stdout.readline() == "Baton is running in Socket Mode. Ctrl-C stops it.\n"
        started = next(line for line in map(json.loads, process.stderr or ()) if line["event"] == "started")
        shown = scraped(started["admin"].replace(EVERYWHERE, "127.0.0.1"))
        process.send_signal(signal.SIGTERM)
        said, complaints = process.communicate(timeout=LONGEST_S)
        hurry.cancel()

    assert (process.returncode, said) == (0, "Stopped.\n")
    assert "Traceback" not in complaints
    assert "xoxb-local-bot" not in complaints
    assert "will be unused" not in complaints, "a warning of the SDK that nobody can act on"
    assert started["admin"].startswith(f"http://{EVERYWHERE}:"), (
        "scrapers on other machines are let in only where it is set"
    )
    assert (started["version"], started["build"]) == (version.version(), version.build())
    assert "baton_slack_connected 1.0" in shown
    assert f'build="{version.build()}",python="{version.python()}",version="{version.version()}"}} 1.0' in shown
    database = Database.open(environment["BATON_DATABASE_URL"])
    with database.reading() as tx:
        stored = workspaces.get(tx, "T0LOCAL")
    database.close()
    assert stored
    assert stored.config_digest == read_file(COMPANY).digest


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "Slack doesn't accept SLACK_BOT_TOKEN (invalid_auth)."),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "Slack doesn't accept SLACK_APP_TOKEN (invalid_auth)."),
        ({"SLACK_APP_TOKEN": "xapp-other-app"}, "SLACK_BOT_TOKEN and SLACK_APP_TOKEN belong to two apps"),
        ({"BATON_CLOCK_URL": "http://127.0.0.1:1/clock"}, "BATON_CLOCK_URL"),
        ({"BATON_DATABASE_URL": "postgresql+psycopg://u:hidden@127.0.0.1:1/d"}, "cannot be reached"),
        ({"BATON_CONFIG": "{bad}"}, "line 1, version: is missing."),
    ],
)
def test_what_keeps_baton_from_running_is_told_in_sentences(
    environment: dict[str, str], tmp_path: Path, settings: dict[str, str], sentence: str
) -> None:
    bad = tmp_path / "bad.yml"
    bad.write_text("queues: []\n", encoding="utf-8")

    code, said, complaints = finished(
        {**environment, **{name: value.format(bad=bad) for name, value in settings.items()}}, "run"
    )

    assert (code, said) == (1, "")
    assert sentence in complaints.splitlines()[-1]
    assert "hidden" not in complaints


def scraped(admin: str) -> str:
    """What the admin port shows, once Slack is connected."""
    until = time.monotonic() + LONGEST_S
    while True:
        with urllib.request.urlopen(f"{admin}/metrics", timeout=LONGEST_S) as answer:  # noqa: S310 - of this machine
            shown = str(answer.read().decode())
        if "baton_slack_connected 1.0" in shown or time.monotonic() > until:
            return shown
        time.sleep(0.1)


def test_a_port_that_is_taken_is_told_with_the_setting_that_changes_it(environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        code, _, complaints = finished({**environment, "BATON_ADMIN_PORT": str(taken.getsockname()[1])}, "run")

    assert code == 1
    assert "BATON_ADMIN_PORT" in complaints


def test_a_check_of_a_good_installation_is_in_order(environment: dict[str, str]) -> None:
    assert finished(environment, "db", "upgrade")[0] == 0

    code, said, complaints = finished(environment, "check")

    assert (code, complaints) == (0, "")
    assert said.endswith("\nEverything is in order.\n")
    assert "fine   Queue Customer Success: " in said


def test_a_check_names_everything_that_is_wrong(environment: dict[str, str], tmp_path: Path) -> None:
    company = tmp_path / "company.yml"
    text = COMPANY.read_text(encoding="utf-8").replace("C0SUCCESS", "C0NOWHERE")
    company.write_text(text, encoding="utf-8")

    nowhere = "postgresql+psycopg://baton@127.0.0.1:1/baton"
    changed = {**environment, "BATON_CONFIG": str(company), "BATON_DATABASE_URL": nowhere}
    code, said, _ = finished(changed, "check", "--json")

    found = json.loads(said)
    wrong = [finding["what"] for finding in found["findings"] if not finding["ok"]]
    assert (code, found["ok"]) == (1, False)
    assert any("C0NOWHERE" in what for what in wrong)
    assert any("database" in what for what in wrong)


def test_a_check_without_settings_names_them(environment: dict[str, str]) -> None:
    bare = {name: value for name, value in environment.items() if not name.startswith(("SLACK_", "BATON_"))}

    code, said, _ = finished(bare, "check")

    assert code == 1
    assert [line[:22] for line in said.splitlines()[:2]] == ["WRONG  SLACK_BOT_TOKEN", "WRONG  SLACK_APP_TOKEN"]


def test_a_check_reports_a_wrong_file_beside_the_rest(environment: dict[str, str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.yml"
    bad.write_text("queues: []\n", encoding="utf-8")

    code, said, _ = finished({**environment, "BATON_CONFIG": str(bad)}, "check")

    assert code == 1
    assert f"WRONG  {bad}: line 1, version: is missing." in said
    assert "fine   The bot token works" in said
