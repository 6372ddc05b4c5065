"""docs/fidelity.md: every row names a test that runs, and what is not covered is refused, never silently done."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slackapp.local.blockkit.blocks import BLOCKS
from slackapp.local.web_api.methods import METHODS
from tests.slack_client import RefusedError, Workspace
from tests.tables import check_rows

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "fidelity.md").read_text(encoding="utf-8")
ROW: Final = re.compile(r"^\| (?P<id>[a-z0-9-]+) \|.*\| (?P<source>[^|]+) \| `(?P<test>[^`]+)` \|$", re.MULTILINE)
ROWS: Final = [found.groupdict() for found in ROW.finditer(PAGE)]

MISSING_METHODS: Final = (
    *("files.info", "files.remote.add", "reactions.add", "reactions.remove"),
    *("chat.scheduleMessage", "chat.deleteScheduledMessage", "pins.add", "reminders.add", "users.profile.set"),
    *("users.lookupByEmail", "usergroups.users.update", "conversations.create", "conversations.invite"),
    *("functions.completeSuccess", "oauth.v2.access", "apps.uninstall", "admin.users.list", "chat.shout"),
)
MISSING_BLOCKS: Final = (
    *("auth_provider", "call", "carousel", "container", "data_table"),
    *("data_visualization", "file", "plan", "task_card"),
)


@pytest.fixture(scope="module")
def collected() -> frozenset[str]:
    """Every test of this folder that pytest would run, without its parameters."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--no-header", "-p", "no:cacheprovider"]
    listing = subprocess.run(
        [*command, "-o", "addopts=--import-mode=importlib", "tests/local"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    tests = [line for line in listing.splitlines() if "::" in line]
    return frozenset(line.partition("[")[0].removeprefix("tests/local/") for line in tests)


def test_every_row_of_the_tables_has_an_id_of_its_own_a_source_and_a_test() -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| id |")]

    assert len(lines) == len(ROWS), [line for line in lines if not ROW.match(line)]
    assert [row for row, times in Counter(row["id"] for row in ROWS).items() if times > 1] == []


def test_every_row_names_a_test_that_runs(collected: frozenset[str]) -> None:
    assert {row["id"]: row["test"] for row in ROWS if row["test"] not in collected} == {}


def test_the_page_lists_the_methods_that_exist() -> None:
    listed = re.search(r"Supported methods: (.*?)\.\n", PAGE, re.DOTALL)

    assert listed
    assert set(re.findall(r"`([\w.]+)`", listed[1])) == set(METHODS)


def test_a_method_that_is_not_listed_is_unknown(slack: Workspace, web: WebClient) -> None:
    def check(method: str) -> None:
        with pytest.raises(SlackApiError) as refused:
            web.api_call(method, json={"channel": "C0SUCCESS", "text": "x"})
        assert refused.value.response["error"] == "unknown_method"

    check_rows(MISSING_METHODS, check)


def test_a_block_that_is_not_covered_is_refused_by_its_name(slack: Workspace, web: WebClient) -> None:
    def check(kind: str) -> None:
        with pytest.raises(SlackApiError) as refused:
            web.chat_postMessage(channel="C0SUCCESS", text="x", blocks=[{"type": kind}])
        assert kind not in BLOCKS
        assert refused.value.response["error"] == "invalid_blocks"
        assert kind in str(refused.value.response["response_metadata"])
        assert f"`{kind}`" in PAGE

    slack.rate_limits(enabled=False)
    check_rows(MISSING_BLOCKS, check)


def test_an_act_that_does_not_exist_is_refused(slack: Workspace) -> None:
    def check(act: str) -> None:
        with pytest.raises(RefusedError):
            slack.act(act, user="U0EVA", channel="C0SUCCESS")

    check_rows(["upload", "schedule", "workflow_step"], check)
