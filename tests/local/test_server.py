"""The server stays on this machine and says where it is."""

import signal
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient

from tests.local.conftest import HERE
from tests.slack_client import ROOT, Json, RefusedError, Workspace


def get(slack: Workspace, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    """Read an address of the workspace with extra headers; return status and headers."""
    connection = HTTPConnection("127.0.0.1", urlsplit(slack.base_url).port)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def test_requests_for_another_host_or_from_another_page_are_refused(slack: Workspace) -> None:
    assert get(slack, "/control/workspace", Host="evil.example")[0] == 403
    assert get(slack, "/control/workspace", Origin="https://evil.example")[0] == 403
    assert get(slack, "/control/workspace", Host="localhost")[0] == 200
    assert get(slack, "/control/workspace", Origin=slack.base_url)[0] == 200


@pytest.mark.parametrize(
    ("path", "foreign", "status"),
    [
        ("/", {}, 200),
        ("/app.js", {}, 200),
        ("/control/workspace", {}, 200),
        ("/control/nowhere", {}, 404),
        ("/control/workspace", {"Origin": "https://evil.example"}, 403),
    ],
)
def test_no_answer_may_be_framed_or_run_what_is_not_its_own(
    slack: Workspace, path: str, foreign: dict[str, str], status: int
) -> None:
    answered, headers = get(slack, path, **foreign)

    assert answered == status
    policy = dict(rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("DENY", "nosniff")


@pytest.mark.parametrize("host", ["::", "192.168.1.5", "example.org"])
def test_an_address_that_others_can_reach_is_refused(host: str) -> None:
    command = [sys.executable, "-m", "slackapp.local", "--host", host, "--manifest", str(HERE / "manifest.yml")]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert "not a loopback address" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_deliveries_to_another_machine_are_refused() -> None:
    command = [sys.executable, "-m", "slackapp.local", "--manifest", str(HERE / "manifest.yml")]
    command += ["--app-url", "https://example.org/slack/events"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert "is not on this machine" in ended.stderr


def interrupt(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGINT)


def leave(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.close()


@pytest.mark.parametrize("end", [interrupt, leave])
def test_ctrl_c_and_the_end_of_its_starter_end_it_in_silence(end: Callable[["subprocess.Popen[str]"], None]) -> None:
    command = [sys.executable, "-m", "slackapp.local", "--until-stdin-closes", "--manifest", str(HERE / "manifest.yml")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        end(process)

        assert process.wait(timeout=10) == 0
        assert process.stderr.read() == ""


def test_a_wrong_seed_is_named_without_a_traceback() -> None:
    command = [sys.executable, "-m", "slackapp.local", "--manifest", "nowhere.yml"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert "nowhere.yml" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_permalink_leads_to_the_page_at_its_message(slack: Workspace, web: WebClient) -> None:
    ts = web.chat_postMessage(channel="C0SUCCESS", text="x")["ts"]
    link = web.chat_getPermalink(channel="C0SUCCESS", message_ts=ts)["permalink"]

    status, headers = get(slack, link.removeprefix(slack.base_url))
    assert (status, headers["location"]) == (302, f"/?channel=C0SUCCESS&ts={ts}")


def test_the_overview_tells_what_the_manifest_declares(slack: Workspace) -> None:
    overview = slack.overview()
    assert [command["command"] for command in overview["commands"]] == ["/handoff", "/plain"]
    assert [shortcut["callback_id"] for shortcut in overview["shortcuts"]] == ["open_form", "from_message"]
    assert overview["team"] == {"id": "T0LOCAL", "name": "Northwind", "domain": "northwind"}


def test_requests_that_make_no_sense_are_answered_with_a_sentence(slack: Workspace) -> None:
    senseless: dict[str, Json] = {
        "/control/act/dance": {},
        "/control/act/command": {"user": "U0NOBODY"},
        "/control/act/click": {"user": "U0EVA"},
        "/control/world/weather": {},
        "/control/world/user": {"id": "U0EVA", "shoe_size": 40},
        "/control/act/submit": {"user": "U0EVA", "view_id": "V0NONE"},
    }
    for path, body in senseless.items():
        with pytest.raises(RefusedError):
            slack.post(path, body)
    with pytest.raises(RefusedError, match="there is no user"):
        slack.sees("U0NOBODY")


def test_the_default_seed_fits_the_apps_own_manifest() -> None:
    with Workspace.start() as workspace:
        overview = workspace.overview()
        assert len([user for user in overview["users"] if not user["is_bot"]]) == 13
        assert any(user["deleted"] for user in overview["users"])
        assert any(user["is_stranger"] for user in overview["users"])
