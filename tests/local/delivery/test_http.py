"""Deliveries by HTTP: signed, form-encoded, three seconds, retried with their headers."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

import pytest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from tests.local.bolt_app import BOT_TOKEN
from tests.local.conftest import HERE
from tests.local.sample_blocks import card, modal
from tests.slack_client import WAIT_S, Json, Message, Workspace


@dataclass
class Received:
    headers: dict[str, str]
    body: str

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body, keep_blank_values=True))

    @property
    def payload(self) -> Json:
        read: Json = json.loads(self.form["payload"])
        return read


@dataclass
class Listener:
    """An app's front door that answers from a list: (status, body, headers, delay)."""

    received: list[Received] = field(default_factory=list)
    answers: list[tuple[int, str, dict[str, str], float]] = field(default_factory=list)
    echo_challenge: bool = True

    def answer(self, status: int = 200, body: str = "", delay: float = 0.0, **headers: str) -> None:
        self.answers.append((status, body, headers, delay))


def serve(listener: Listener) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            listener.received.append(Received(headers=headers, body=body))
            status, text, extra, delay = listener.answers.pop(0) if listener.answers else (200, "", {}, 0.0)
            if "url_verification" in body and listener.echo_challenge:
                text = json.loads(body)["challenge"]
            time.sleep(delay)
            with suppress(OSError):  # the workspace hangs up after three seconds
                self.send_response(status)
                for name, value in extra.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())
                self.wfile.flush()

        def log_message(self, *arguments: Any) -> None:
            """Stay silent."""

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture(scope="module")
def door() -> Iterator[tuple[Workspace, Listener]]:
    listener = Listener()
    server = serve(listener)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/slack/events"
    with Workspace.start(manifest=HERE / "manifest.yml", app_url=url) as workspace:
        yield workspace, listener
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def slack(door: tuple[Workspace, Listener]) -> Workspace:
    door[0].reset()
    door[1].received.clear()
    door[1].answers.clear()
    return door[0]


@pytest.fixture
def app(door: tuple[Workspace, Listener]) -> Listener:
    return door[1]


def test_every_request_is_signed_with_the_secret(slack: Workspace, app: Listener) -> None:
    slack.command("U0BEN", "hello", channel="sales")

    (request,) = app.received
    assert SignatureVerifier("local-signing-secret").is_valid_request(request.body, request.headers)
    assert not SignatureVerifier("another").is_valid_request(request.body, request.headers)


def test_a_command_is_a_flat_form_and_a_plain_answer_is_shown(slack: Workspace, app: Listener) -> None:
    app.answer(body="Usage: ...")
    answer = slack.command("U0BEN", "what's a payload & co", channel="sales")

    form = app.received[0].form
    assert app.received[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert (form["command"], form["text"]) == ("/handoff", "what's a payload &amp; co")
    assert answer.ok
    assert [note.text for note in slack.ephemerals("U0BEN", "sales")] == ["Usage: ..."]


def test_interactions_are_one_payload_field(slack: Workspace, app: Listener) -> None:
    web = WebClient(token=BOT_TOKEN, base_url=slack.api_url)
    ts = web.chat_postMessage(channel="C0SUCCESS", text="x", blocks=card())["ts"]
    assert Message(slack, "U0EVA", "C0SUCCESS", ts).click("Claim", by="U0EVA").ok

    assert set(app.received[0].form) == {"payload"}
    assert app.received[0].payload["type"] == "block_actions"


def test_a_submit_is_answered_with_json(slack: Workspace, app: Listener) -> None:
    web = WebClient(token=BOT_TOKEN, base_url=slack.api_url)
    slack.shortcut("U0BEN", "open_form")
    web.views_open(trigger_id=app.received[0].payload["trigger_id"], view=modal())
    app.answer(body=json.dumps({"response_action": "errors", "errors": {"title": "Too short"}}))
    slack.modal("U0BEN").submit({"title": "x", "note": "y"})

    assert slack.modal("U0BEN").errors == {"title": "Too short"}


def test_after_three_seconds_a_person_sees_a_timeout(slack: Workspace, app: Listener) -> None:
    slack.patience(1)
    app.answer(delay=3.3)
    assert slack.command("U0BEN", channel="sales").error == "operation_timeout"


def test_an_error_status_is_a_failed_dispatch(slack: Workspace, app: Listener) -> None:
    app.answer(status=500)
    assert slack.command("U0BEN", channel="sales").error == "dispatch_failed"


def test_a_failed_event_is_sent_again_with_number_and_reason(slack: Workspace, app: Listener) -> None:
    app.answer(status=500)
    app.answer(status=503)
    slack.change("user", id="U0EVA", deleted=True)
    wait_for(app, 2)
    slack.settle()  # the second failure has to be noted before time goes on
    slack.wait(seconds=61)
    wait_for(app, 3)

    retries = [(r.headers.get("x-slack-retry-num"), r.headers.get("x-slack-retry-reason")) for r in app.received]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert len({json.loads(request.body)["event_id"] for request in app.received}) == 1


def wait_for(app: Listener, count: int) -> None:
    ends_at = time.monotonic() + WAIT_S
    while len(app.received) < count:
        assert time.monotonic() < ends_at, f"only {len(app.received)} requests came"
        time.sleep(0.02)


def test_an_app_can_ask_for_no_retry(slack: Workspace, app: Listener) -> None:
    app.answer(status=500, X_Slack_No_Retry="1")
    slack.change("user", id="U0EVA", deleted=True)
    slack.wait(minutes=10)
    slack.settle()
    assert len(app.received) == 1


def test_the_challenge_of_url_verification_has_to_come_back(slack: Workspace, app: Listener) -> None:
    assert slack.act("url_verification").ok
    assert json.loads(app.received[0].body)["type"] == "url_verification"
    app.echo_challenge = False
    assert slack.act("url_verification").error == "url_verification_failed"
    app.echo_challenge = True
