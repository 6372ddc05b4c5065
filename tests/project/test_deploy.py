"""What lies in deploy/ fits the program: settings, metrics, files and commands exist, and systemd takes the unit."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from prometheus_client import CollectorRegistry

from slackapp.operations.admin_port import admin_app
from slackapp.runtime.settings import REMEDIES, Settings
from slackapp.runtime.web_server import WebServer
from tests.project.test_wheel import TOP

ROOT: Final = Path(__file__).parents[2]
DEPLOY: Final = ROOT / "deploy"
PROCESS_METRICS: Final = {"process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds"}
"""Metrics of prometheus-client itself."""


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def written_settings(lines: str) -> dict[str, str]:
    """The settings that an environment file writes or offers behind a #."""
    return dict(re.findall(r"^#?([A-Z]+_[A-Z_]+)=(.*)$", lines, re.MULTILINE))


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each with the rest of its line."""
    whole = re.sub(r"\\\n\s*", "", text("Dockerfile"))
    return [(word, rest) for word, rest in re.findall(r"^([A-Z]+) (.*)$", whole, re.MULTILINE)]


def test_the_environment_file_names_settings_that_there_are() -> None:
    assert set(written_settings(text("baton.env.example"))) <= set(REMEDIES)


def test_the_environment_file_is_all_that_a_start_needs(tmp_path: Path) -> None:
    given = {name: value for name, value in written_settings(text("baton.env.example")).items() if value}
    company = tmp_path / "company.yml"
    company.touch()

    settings = Settings.read(
        given | {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "BATON_CONFIG": str(company)}
    )

    assert settings.socket_mode
    assert (settings.admin_host, settings.admin_port) == ("127.0.0.1", 3001)


def test_systemd_takes_the_unit_and_finds_it_well_confined(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd-analyze here")
    unit = tmp_path / "baton.service"
    unit.write_text(text("baton.service").replace("/opt/baton/bin/baton", sys.executable), encoding="utf-8")

    verified = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True, check=False)
    judged = subprocess.run(
        [analyze, "security", "--offline=true", "--threshold=25", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (verified.returncode, verified.stderr) == (0, "")
    assert judged.returncode == 0, judged.stdout[-300:]


def test_the_unit_runs_baton_as_a_user_of_its_own_with_its_settings_apart() -> None:
    lines = text("baton.service").splitlines()
    for line in (
        "User=baton",
        "EnvironmentFile=/etc/baton/baton.env",
        "ExecStart=/opt/baton/bin/baton run",
        "UMask=0077",
    ):
        assert line in lines


def test_the_image_is_made_of_what_a_wheel_is_made_of() -> None:
    """So the test that builds a wheel from exactly these files shows that they are enough."""
    copied = [
        word for name, rest in instructions() if name == "COPY" and "--from" not in rest for word in rest.split()[:-1]
    ]
    let_in = re.findall(r"^!(\S+)$", text("Dockerfile.dockerignore"), re.MULTILINE)

    assert sorted(copied) == sorted(["requirements.lock", *TOP])
    assert sorted(copied) == sorted(let_in)
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_runs_baton_without_root_on_slim_debian() -> None:
    said = instructions()
    last = max(n for n, (name, _) in enumerate(said) if name == "FROM")

    assert {rest.split()[0] for name, rest in said if name == "FROM"} == {"python:3.11-slim-bookworm"}
    assert ("USER", "10001") in said[last:]
    assert [rest for name, rest in said if name in {"ENTRYPOINT", "CMD"}] == ['["baton"]', '["run"]']
    names = re.findall(r"(BATON_\w+)=", next(rest for name, rest in said[last:] if name == "ENV"))
    assert set(names) <= set(REMEDIES)


def test_the_health_check_tells_a_live_process_from_a_dead_one() -> None:
    (rest,) = (rest for name, rest in instructions() if name == "HEALTHCHECK")
    command = json.loads(rest.partition("CMD ")[2])
    admin = WebServer(admin_app(checks={"slack": lambda: "not connected"}, registry=CollectorRegistry()), port=0)
    admin.start()

    def checked() -> int:
        here = [sys.executable, *(word.replace(":3001", f":{admin.port}") for word in command[1:])]
        return subprocess.run(here, capture_output=True, check=False, timeout=60).returncode

    try:
        assert checked() == 0, "a process that waits for Slack is not restarted"
    finally:
        admin.stop()
    assert checked() == 1


def test_compose_starts_baton_confined_with_settings_that_there_are() -> None:
    composed: dict[str, Any] = yaml.safe_load(text("compose.yml"))
    database, baton = composed["services"]["database"], composed["services"]["baton"]

    assert re.fullmatch(r"postgres:\d+-bookworm", database["image"])
    assert set(baton["environment"]) <= set(REMEDIES)
    assert (ROOT / "deploy" / baton["build"]["context"] / baton["build"]["dockerfile"]).is_file()
    assert baton["env_file"] == "baton.env"
    assert baton["read_only"]
    assert baton["cap_drop"] == ["ALL"]
    assert baton["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert all(port.startswith("127.0.0.1:") for port in baton["ports"]), "a proxy stands before them"
    password = "0123456789abcdef"
    url = baton["environment"]["BATON_DATABASE_URL"].replace("${DATABASE_PASSWORD}", password)
    settings = Settings.read({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "BATON_DATABASE_URL": url})
    assert password in settings.secrets


def test_the_dashboard_shows_metrics_that_there_are() -> None:
    dashboard: dict[str, Any] = json.loads(text("grafana-dashboard.json"))
    panels = dashboard["panels"]
    shown = {
        name for panel in panels for one in panel["targets"] for name in re.findall(r"\b\w+_\w+(?=\{)", one["expr"])
    }
    operators = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(baton_\w+)`", operators, re.MULTILINE))

    assert shown - PROCESS_METRICS <= listed
    assert {"baton_slack_connected", "baton_database_up", "baton_build_info", "baton_outbox_oldest_seconds"} <= shown
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["title"] and panel["targets"] for panel in panels)
