"""The command line as a person or script meets it: a real process, its exit code, what it says and where."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from slackapp.__main__ import guarded
from slackapp.cli.demo import _COMPANY
from slackapp.cli.program import program
from slackapp.company.rules.read import read_file
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.runtime.clock import SystemClock
from storage.company import workspaces
from storage.company.model import Workspace
from storage.db.database import Database
from storage.handoffs.model import Text
from tests.batons import a_baton
from tests.cli import forked

ROOT = Path(__file__).parents[2]
EXAMPLE = str(ROOT / "docs" / "baton.example.yml")


class Shell:
    """Runs `baton` in an empty folder, without anything of Baton's or Slack's in the environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {name: v for name, v in os.environ.items() if not name.startswith(("SLACK_", "BATON_"))}
        self.environment |= {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder), "COLUMNS": "100"}

    def baton(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        done = forked.run(arguments, {**self.environment, **settings}, folder=self.folder)
        assert "Traceback" not in done.stderr + done.stdout
        return done

    def answer(self, *arguments: str, **settings: str) -> Any:
        done = self.baton(*arguments, "--json", **settings)
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_help_lists_every_command_with_a_whole_sentence(shell: Shell) -> None:
    done = shell.baton("--help")

    assert done.returncode == 0
    for command in ("demo", "run", "check", "manifest", "db", "config", "hours", "sla"):
        (line,) = [line for line in done.stdout.splitlines() if line.startswith(f"  {command} ")]
        assert line.endswith(".")
        assert not line.endswith("...")


def test_the_version_and_the_build_are_told() -> None:
    done = CliRunner().invoke(program(), ["--version"], prog_name="baton")

    assert (done.exit_code, done.stderr) == (0, "")
    assert re.fullmatch(r"baton \d+\.\d+\.\d+ \(build [0-9a-f]{12}, Python 3\.\d+\.\d+\)\n", done.stdout)


@pytest.mark.parametrize(
    "command",
    [
        "demo",
        "run",
        "check",
        "manifest",
        "db upgrade",
        "config check",
        "config diff",
        "config apply",
        "config export",
        "hours add",
        "hours between",
        "hours subtract",
        "sla explain",
    ],
)
def test_each_command_explains_itself(command: str) -> None:
    done = CliRunner().invoke(program(), [*command.split(), "--help"], prog_name="baton")

    assert (done.exit_code, done.stderr) == (0, "")
    assert f"Usage: baton {command} " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("dance", "No such command 'dance'."),
        ("config check", "Missing option '--config'"),
        ("demo --port 99999", "Invalid value for '--port'"),
        ("manifest --url http://a.example", "Slack only sends to https addresses"),
        (f"hours add --config {EXAMPLE} --calendar paris --start 2026-11-20 --duration 1h", 'no calendar "paris"'),
        (f"hours add --config {EXAMPLE} --calendar berlin --start soon --duration 1h", '"soon" is not a time.'),
        (f"hours add --config {EXAMPLE} --calendar berlin --start 2026-11-20 --duration 1w", '"1w" is not a duration.'),
        (
            f"hours add --config {EXAMPLE} --calendar berlin --start 9999-12-31 --duration 1h",
            '"9999-12-31" is too far away',
        ),
        (
            f"hours add --config {EXAMPLE} --calendar berlin --start 2026-11-20 --duration 999999d",
            "not that much working",
        ),
        (
            f"hours subtract --config {EXAMPLE} --calendar berlin --end 2026-11-20 --duration 999999h",
            "not that much working",
        ),
        (f"sla explain --config {EXAMPLE} --queue nowhere --at 2026-11-20T10:00", 'There is no queue "nowhere"'),
    ],
)
def test_wrong_use_is_told_on_stderr_with_exit_code_2(arguments: str, sentence: str) -> None:
    done = CliRunner(env={"BATON_CONFIG": None}).invoke(program(), arguments.split())

    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_the_module_is_a_command_too(shell: Shell) -> None:
    command = [sys.executable, "-m", "slackapp", "config", "check", "--config", EXAMPLE]
    done = subprocess.run(command, cwd=shell.folder, env=shell.environment, capture_output=True, text=True, check=True)
    assert "is in order" in done.stdout


def test_wrong_use_ends_the_process_with_2(shell: Shell) -> None:
    done = shell.baton("config", "check")

    assert (done.returncode, done.stdout) == (2, "")
    assert "Missing option '--config' (env var: 'BATON_CONFIG')" in done.stderr


def test_the_end_of_a_span_of_open_time_is_told_to_scripts(shell: Shell) -> None:
    answer = shell.answer(
        *f"hours add --config {EXAMPLE} --calendar berlin --start 2026-11-20T17:30 --duration 2h".split()
    )

    assert answer == {
        "due_at": "2026-11-23T09:30:00+00:00",
        "explanation": [
            "Fri 20 Nov 2026: 17:30–18:00 counts 30m.",
            "Sat 21 Nov 2026: no hours that day.",
            "Sun 22 Nov 2026: no hours that day.",
            "Mon 23 Nov 2026: 09:00–10:30 counts 1h30m.",
            "That is Mon 23 Nov 2026 at 10:30 (Europe/Berlin).",
        ],
    }


def test_the_beginning_of_a_span_of_open_time_is_told_to_scripts(shell: Shell) -> None:
    answer = shell.answer(
        *f"hours subtract --config {EXAMPLE} --calendar berlin --end 2026-11-23T09:30 --duration 45m".split()
    )

    assert answer == {
        "start_at": "2026-11-20T16:45:00+00:00",
        "explanation": [
            "Fri 20 Nov 2026: 17:45–18:00 counts 15m.",
            "Sat 21 Nov 2026: no hours that day.",
            "Sun 22 Nov 2026: no hours that day.",
            "Mon 23 Nov 2026: 09:00–09:30 counts 30m.",
            "That is Mon 23 Nov 2026 at 09:30 (Europe/Berlin).",
        ],
    }


IN_SHORT = "Fri 17:30–18:00 30 min · Sat–Sun closed · Mon 09:00–10:30 1 h 30 → Mon 10:30 (Europe/Berlin)"


@pytest.mark.parametrize(
    "command",
    [
        "hours add --calendar berlin --start 2026-11-20T17:30 --duration 2h",
        "hours subtract --calendar berlin --end 2026-11-23T10:30 --duration 2h",
        "sla explain --queue quick --at 2026-11-20T17:30",
    ],
)
def test_people_read_how_a_time_comes_about_in_one_line(command: str, tmp_path: Path) -> None:
    company = tmp_path / "company.yml"
    text = Path(EXAMPLE).read_text(encoding="utf-8")
    text += "  - {key: quick, targets: {claim: {normal: 2h}}}\n"
    text = text.replace(
        "queues:\n", "queues:\n  - {key: quick, name: Quick, channel: C1, managers: [U1], policy: quick}\n"
    )
    company.write_text(text, encoding="utf-8")

    done = CliRunner().invoke(program(), [*command.split(), "--config", str(company)])

    assert (done.exit_code, done.stderr) == (0, "")
    assert IN_SHORT in [line.strip() for line in done.stdout.splitlines()]


def test_wall_time_runs_through_the_night(shell: Shell) -> None:
    arguments = f"hours add --config {EXAMPLE} --calendar berlin --start 2026-11-20T17:30+00:00 --duration".split()

    assert shell.answer(*arguments, "24h wall") == {
        "due_at": "2026-11-21T17:30:00+00:00",
        "explanation": [
            "24h around the clock from Fri 20 Nov 2026 at 18:30.",
            "That is Sat 21 Nov 2026 at 18:30 (Europe/Berlin).",
        ],
    }


def test_open_time_between_two_times_is_told_to_scripts(shell: Shell) -> None:
    hours = f"hours between --config {EXAMPLE} --calendar berlin --start 2026-11-20T17:30 --end 2026-11-23T09:30"

    assert shell.answer(*hours.split()) == {"seconds": 3600}


def test_an_end_before_the_start_is_wrong_use(shell: Shell) -> None:
    told = shell.baton(
        *f"hours between --config {EXAMPLE} --calendar berlin --start 2026-11-23 --end 2026-11-20".split()
    )

    assert told.returncode == 2
    assert "The end is before the start." in told.stderr


def test_a_good_file_is_in_order_and_a_bad_one_fails_with_every_problem(shell: Shell) -> None:
    assert "is in order: 1 queue, 1 policy, 2 calendars." in shell.baton("config", "check", "--config", EXAMPLE).stdout
    bad = shell.folder / "bad.yml"
    bad.write_text("version: 1\nqueues: [{key: a, name: A, channel: general, policy: x}]\n", encoding="utf-8")

    told = shell.baton("config", "check", BATON_CONFIG=str(bad))
    scripted = shell.baton("config", "check", "--json", BATON_CONFIG=str(bad))

    assert (told.returncode, told.stdout, scripted.returncode) == (1, "", 1)
    assert [line.split(":")[0] for line in told.stderr.splitlines()] == [
        "line 2, queues[0].policy",
        "line 2, queues[0].channel",
    ]
    assert [problem["path"] for problem in json.loads(scripted.stdout)["problems"]] == [
        "queues[0].policy",
        "queues[0].channel",
    ]


def test_a_file_is_compared_applied_and_exported(shell: Shell) -> None:
    assert "Run: baton db upgrade" in shell.baton("config", "diff", "--config", EXAMPLE).stderr
    assert not (shell.folder / "baton.db").exists()
    assert shell.answer("db", "upgrade")["applied"]
    assert shell.answer("db", "upgrade") == {"applied": []}
    assert "has no Slack workspace yet" in shell.baton("config", "apply", "--config", EXAMPLE).stderr
    database = Database.open(f"sqlite:///{shell.folder / 'baton.db'}")
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id="T1", name="Northwind", bot_user="U1"))
    database.close()

    planned = shell.answer("config", "diff", "--config", EXAMPLE)
    applied = shell.answer("config", "apply", "--config", EXAMPLE)
    assert planned["changes"] == applied["changes"]
    assert shell.baton("config", "diff", "--config", EXAMPLE).stdout == "Nothing would change.\n"

    assert shell.baton("config", "export", "--output", "out.yml").returncode == 0
    assert read_file(shell.folder / "out.yml").company == read_file(Path(EXAMPLE)).company
    assert "can't be written" in shell.baton("config", "export", "--output", "out.yml").stderr


def test_open_handoffs_follow_a_new_policy_when_they_are_asked_to(shell: Shell) -> None:
    shell.baton("db", "upgrade")
    database = Database.open(f"sqlite:///{shell.folder / 'baton.db'}")
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id="T1", name="Northwind", bot_user="U1"))
    apply = ("config", "apply", "--config")
    nothing = {"changes": [], "open_behind": 0, "open_changed": 0, "notices": []}
    assert shell.answer(*apply, EXAMPLE) | {"changes": []} == nothing
    answers = {"risk": "stable", "ends_on": "2026-12-31"}
    draft = NewHandoff(
        title="Acme", queue="success", next_step="Call", note=Text(plain="a"), template="renewal", fields=answers
    )
    open_handoff(a_baton(database, SystemClock()), workspace="T1", user="U2", draft=draft, form="f")
    database.close()
    edited = shell.folder / "edited.yml"
    edited.write_text(Path(EXAMPLE).read_text(encoding="utf-8").replace("normal: 30m", "normal: 45m"), encoding="utf-8")

    planned = shell.baton("config", "diff", "--config", str(edited)).stdout
    applied = shell.baton(*apply, str(edited)).stdout
    followed = shell.baton(*apply, str(edited), "--open-too").stdout

    assert (
        "Open handoffs that would keep their older policy: 1. To move them to the new one, apply with --open-too."
        in planned
    )
    assert "Open handoffs that keep their older policy: 1. To move them to the new one, add --open-too." in applied
    assert followed == "Nothing to change.\nOpen handoffs moved to the new policies: 1.\n"
    assert shell.answer(*apply, str(edited), "--open-too") == nothing


BRITISH = """version: 1
calendars:
  - key: london
    timezone: Europe/London
    hours: {mon-fri: ["09:00-17:00"]}
    holidays: {country: GB}
queues: [{key: a, name: A, channel: C1, members: [U1], calendar: london}]
"""


def test_what_is_allowed_and_surprising_is_said_by_every_command_that_reads_the_file(shell: Shell) -> None:
    shell.baton("db", "upgrade")
    database = Database.open(f"sqlite:///{shell.folder / 'baton.db'}")
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id="T1", name="Northwind", bot_user="U1"))
        workspaces.set_start_file(tx, "T1", "other", "/etc/other.yml")
    database.close()
    file = shell.folder / "company.yml"
    file.write_text(BRITISH, encoding="utf-8")
    config = ("--config", str(file))
    most = "Most regions of GB have holidays that are working days in this calendar: "

    for command in ("check", "diff", "apply"):
        lines = shell.baton("config", command, *config).stdout.splitlines()
        notices = shell.answer("config", command, *config)["notices"]

        assert lines[0].startswith(f"Notice: line 6, calendars[0].holidays: {most}"), command
        assert {**notices[0], "what": "", "mend": ""} == {
            "line": 6, "path": "calendars[0].holidays", "what": "", "mend": "",
        }  # fmt: skip
        assert notices[0]["what"].startswith(most)
        assert notices[0]["mend"].startswith("Name a subdivision (ENG, NIR, SCT, WLS)")
        assert len(notices) == sum(line.startswith("Notice: ") for line in lines), command

    nowhere = "http://127.0.0.1:1/api/"
    settings = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": nowhere}
    checked = json.loads(shell.baton("check", "--json", BATON_CONFIG=str(file), **settings).stdout)["findings"]
    assert [one["ok"] for one in checked if most in one["what"]] == [True]


def test_of_many_notices_the_first_hundred_are_told_and_the_others_counted(shell: Shell) -> None:
    file = shell.folder / "company.yml"
    many = "".join(f"  - {{key: q{n}, name: Q{n}, channel: C1}}\n" for n in range(103))
    file.write_text(f"version: 1\nqueues:\n{many}", encoding="utf-8")

    notices = shell.answer("config", "check", "--config", str(file))["notices"]

    assert len(notices) == 101
    assert [one["line"] for one in notices[:3]] == [3, 4, 5]
    assert notices[-1] == {"line": 0, "path": "", "what": "There are 3 more notices.", "mend": ""}


@pytest.mark.parametrize(
    ("settings", "sentences"),
    [
        ({}, ["SLACK_BOT_TOKEN is not set.", "SLACK_APP_TOKEN is not set"]),
        (
            {"SLACK_BOT_TOKEN": "x", "SLACK_SIGNING_SECRET": "y", "BATON_CLOCK_URL": "http://192.0.2.1/clock"},
            ["SLACK_BOT_TOKEN is malformed", "BATON_CLOCK_URL is not on this machine"],
        ),
    ],
)
def test_running_with_settings_missing_or_wrong_names_all_of_them(
    shell: Shell, settings: dict[str, str], sentences: list[str]
) -> None:
    done = shell.baton("run", **settings)

    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert len(lines) == len(sentences)
    assert all(line.startswith(sentence) for line, sentence in zip(lines, sentences, strict=True))


def test_a_database_that_cannot_be_reached_is_told_without_its_password(shell: Shell) -> None:
    done = shell.baton("db", "upgrade", BATON_DATABASE_URL="postgresql+psycopg://u:hidden@127.0.0.1:1/d")

    assert done.returncode == 1
    assert "cannot be reached" in done.stderr
    assert "hidden" not in done.stderr


def test_an_unexpected_error_gives_a_reference_and_keeps_the_story_without_secrets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken() -> None:
        raise RuntimeError("the token xoxb-hidden-1 was in the way")

    with pytest.raises(SystemExit) as ended:
        guarded(broken)

    said = re.fullmatch(
        r"Something went wrong .* \(reference ([0-9a-f]{8})\)\. Details are in (\S+)\.\n", capsys.readouterr().err
    )
    assert said
    file = Path(said[2])
    story = file.read_text(encoding="utf-8")
    file.unlink()
    assert ended.value.code == 1
    assert said[1] in file.name
    assert "RuntimeError: the token *** was in the way" in story


def test_the_manifest_is_printed_for_socket_mode_and_for_http_mode(shell: Shell) -> None:
    socket, http = shell.baton("manifest"), shell.baton("manifest", "--url", "https://baton.example.com/")

    assert socket.stdout == (ROOT / "manifest.yml").read_text(encoding="utf-8")
    settings = yaml.safe_load(http.stdout)["settings"]
    assert settings["socket_mode_enabled"] is False
    assert settings["interactivity"]["request_url"] == "https://baton.example.com/slack/events"


def test_the_demos_company_lives_in_the_local_workspace() -> None:
    seed = yaml.safe_load((ROOT / "slackapp" / "local" / "seed.yml").read_text(encoding="utf-8"))
    known = {one["id"] for kind in ("users", "channels", "usergroups") for one in seed[kind]}

    reading = read_file(_COMPANY)

    company = reading.company
    named = {ref for queue in company.queues for ref in (queue.channel, *queue.members, *queue.managers)}
    assert named | set(company.admins) | set(company.managers) | set(company.managers.values()) <= known
    assert reading.notices == ()
