"""HTTP: Slack's requests, health, readiness and metrics, over a real port."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from prometheus_client import CollectorRegistry, Gauge
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from structlog.testing import capture_logs

from slackapp.operations.admin_port import admin_app
from slackapp.runtime import counters
from slackapp.runtime.web_server import WebServer
from slackapp.slack.connection.http_events import BODY_LIMIT, slack_app
from slackapp.slack.connection.manifest import PATH

SECRET = "the-signing-secret"


class Answer:
    """What came back: status, headers, text."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode()

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def ask(address: str, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        connection.request(method, path, body, dict(headers or {}))
        return Answer(connection.getresponse())
    finally:
        connection.close()


def signed(raw: bytes, content_type: str, *, secret: str = SECRET, at: str | None = None) -> dict[str, str]:
    timestamp = at if at is not None else str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=raw)
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature or "",
    }


def send_form(address: str, form: Mapping[str, str], **how: Any) -> Answer:
    raw = urlencode(form).encode()
    return ask(address, "POST", PATH, raw, signed(raw, "application/x-www-form-urlencoded", **how))


def command(text: str, **more: str) -> dict[str, str]:
    form = {"command": "/handoff", "text": text, "team_id": "T1", "user_id": "U1", "channel_id": "C1"}
    return {**form, "channel_name": "sales", "user_name": "ana", **more}


def authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-test", bot_user_id="U0", bot_id="B0")


@pytest.fixture
def bolt() -> App:
    app = App(signing_secret=SECRET, process_before_response=True, authorize=authorize)

    @app.command("/handoff")
    def echo(ack: Ack, command: dict[str, Any]) -> None:
        ack(f"heard {command['text']} from {command['user_name']} in {command['channel_name']}")

    return app


@pytest.fixture
def serve() -> Iterator[Callable[[Starlette], str]]:
    servers: list[WebServer] = []

    def serve(app: Starlette) -> str:
        server = WebServer(app, port=0)
        server.start()
        servers.append(server)
        return server.address

    yield serve
    for server in servers:
        server.stop()


@pytest.fixture
def slack(bolt: App, serve: Callable[[Starlette], str]) -> str:
    return serve(slack_app(bolt, SECRET))


def test_a_signed_command_is_answered(slack: str) -> None:
    answer = send_form(slack, command("mine"))

    assert (answer.status, answer.text) == (200, "heard mine from ana in sales")


@pytest.mark.alone
def test_the_body_of_an_answer_does_not_wait_for_the_receipt_of_its_head(slack: str) -> None:
    raw = urlencode(command("mine")).encode()
    parts = urlsplit(slack)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    took_s = []
    for _ in range(20):
        began = time.perf_counter()
        line.request("POST", PATH, raw, signed(raw, "application/x-www-form-urlencoded"))
        assert "heard mine" in line.getresponse().read().decode()
        took_s.append(time.perf_counter() - began)
    line.close()

    assert min(took_s[5:]) < 0.03, "a kept connection would wait 40 ms each time"


@pytest.mark.parametrize(
    "form",
    [
        command("the payload is late"),
        command("x", channel_name="payload-team"),
        command("x", user_name="payload"),
        command("payload={}"),
    ],
)
def test_a_command_with_the_word_payload_in_it_is_a_command(slack: str, form: dict[str, str]) -> None:
    answer = send_form(slack, form)

    assert answer.status == 200
    assert answer.text == f"heard {form['text']} from {form['user_name']} in {form['channel_name']}"


def test_a_command_without_text_is_a_command(slack: str) -> None:
    assert send_form(slack, command("")).text == "heard  from ana in sales"


def test_an_interaction_still_arrives_as_one(bolt: App, serve: Callable[[Starlette], str]) -> None:
    seen: list[str] = []

    @bolt.action("handoff.claim")
    def claim(ack: Ack, body: dict[str, Any]) -> None:
        seen.append(body["user"]["id"])
        ack()

    click = {
        "type": "block_actions",
        "user": {"id": "U7", "team_id": "T1"},
        "team": {"id": "T1"},
        "actions": [{"type": "button", "action_id": "handoff.claim", "block_id": "b", "value": "v1:h_1"}],
    }

    answer = send_form(serve(slack_app(bolt, SECRET)), {"payload": json.dumps(click)})

    assert (answer.status, seen) == (200, ["U7"])


def test_slacks_question_whether_the_address_is_ours_is_answered(slack: str) -> None:
    raw = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()

    answer = ask(slack, "POST", PATH, raw, signed(raw, "application/json"))

    assert (answer.status, answer.json) == (200, {"challenge": "abc"})


@pytest.mark.parametrize("timestamp", ["soon", "", "-1", "1e9", "١٢٣", "1" * 400])
def test_a_timestamp_that_is_no_number_is_refused_and_makes_no_noise(
    slack: str, timestamp: str, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"X-Slack-Request-Timestamp": timestamp.encode().decode("latin-1"), "X-Slack-Signature": "v0=00"}

    answer = ask(slack, "POST", PATH, b"{}", headers)

    assert answer.status == 401
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("signature", "body"),
    [("v0=é", b"{}"), ("v0=", b"{}"), ("", b"{}"), ("v1=" + "0" * 64, b"{}"), ("v0=" + "0" * 64, b"\xff\xfe")],
    ids=["not ASCII", "empty", "none", "of another version", "of bytes that are no text"],
)
def test_a_signature_that_is_none_is_refused_and_makes_no_noise(
    slack: str, signature: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {
        "X-Slack-Request-Timestamp": str(int(time.time())),
        "X-Slack-Signature": signature.encode().decode("latin-1"),
    }

    answer = ask(slack, "POST", PATH, body, headers)

    assert answer.status == 401
    assert caplog.text == ""


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"[]", b"null", b'"x"', b"payload=", b"payload=%7B", b"payload=null", b"payload=5", b"a=%FF&b", b"x",
        b'{"type": NaN}',
        b'{"type": ' + b"9" * 5000 + b"}", b"{" + b'"a":[' * 50_000, b'{"a":' * 300 + b"1" + b"}" * 300,
    ],
)  # fmt: skip
def test_a_signed_body_that_is_no_payload_is_refused_with_one_line(
    slack: str, raw: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as lines:
        answer = ask(slack, "POST", PATH, raw, signed(raw, "application/json"))

    assert answer.status == 400
    assert [line["event"] for line in lines] == ["payload malformed"]
    assert caplog.text == ""


def test_only_what_slack_signed_counts_as_its_last_request(slack: str) -> None:
    counters.LAST_REQUEST.set(0)
    send_form(slack, command("hi"), secret="foreign")
    assert last_request() == 0

    send_form(slack, command("hi"))
    assert time.time() - last_request() < 60


def last_request() -> float:
    return next(sample.value for family in counters.LAST_REQUEST.collect() for sample in family.samples)


def test_a_foreign_signature_is_refused(slack: str) -> None:
    assert send_form(slack, command("mine"), secret="another-secret").status == 401


def test_a_request_recorded_six_minutes_ago_is_refused(slack: str) -> None:
    assert send_form(slack, command("mine"), at=str(int(time.time()) - 360)).status == 401


def test_a_request_without_any_signature_is_refused_before_it_is_read(slack: str) -> None:
    assert ask(slack, "POST", PATH, b"{not json").status == 401


def test_a_body_longer_than_slack_ever_sends_is_refused(slack: str) -> None:
    assert send_form(slack, command("x" * BODY_LIMIT)).status == 413


def test_slack_only_posts(slack: str) -> None:
    assert ask(slack, "GET", PATH).status == 405


def test_a_slow_listener_does_not_hold_up_the_others(bolt: App, serve: Callable[[Starlette], str]) -> None:
    released = threading.Event()

    @bolt.command("/slow")
    def slow(ack: Ack) -> None:
        assert released.wait(60)
        ack("late")

    address = serve(slack_app(bolt, SECRET))
    with ThreadPoolExecutor(8) as people:
        late = [people.submit(send_form, address, {**command(""), "command": "/slow"}) for _ in range(7)]

        assert send_form(address, command("mine")).status == 200
        released.set()
        assert {answer.result().text for answer in late} == {"late"}


def test_stopping_lets_a_request_in_flight_be_answered(bolt: App) -> None:
    begun, released = threading.Event(), threading.Event()

    @bolt.command("/slow")
    def slow(ack: Ack) -> None:
        begun.set()
        assert released.wait(60)
        ack("done after all")

    server = WebServer(slack_app(bolt, SECRET), port=0)
    server.start()
    with ThreadPoolExecutor(2) as people:
        answer = people.submit(send_form, server.address, {**command(""), "command": "/slow"})
        assert begun.wait(60)
        stopping = people.submit(server.stop)
        released.set()

        assert answer.result().text == "done after all"
        stopping.result()


def test_a_port_that_is_taken_is_a_sentence() -> None:
    first = WebServer(Starlette(), port=0)
    first.start()
    try:
        with pytest.raises(OSError, match="Choose another port"):
            WebServer(Starlette(), port=first.port).start()
    finally:
        first.stop()


def test_the_server_is_not_reachable_from_outside_unless_told() -> None:
    assert WebServer(Starlette(), port=80).address == "http://127.0.0.1:80"


@pytest.fixture
def reasons() -> dict[str, str | None]:
    return {"database": None, "slack": None}


@pytest.fixture
def admin(serve: Callable[[Starlette], str], reasons: dict[str, str | None]) -> str:
    registry = CollectorRegistry()
    Gauge("baton_test", "A number.", registry=registry).set(7)
    checks = {"database": lambda: reasons["database"], "slack": lambda: reasons["slack"]}
    return serve(admin_app(checks=checks, registry=registry))


def test_it_is_ready_when_every_part_is(admin: str) -> None:
    answer = ask(admin, "GET", "/readyz")

    assert (answer.status, answer.json) == (
        200,
        {"ready": True, "checks": {"database": "ready", "slack": "ready"}},
    )


def test_it_says_what_is_not_ready_and_why(admin: str, reasons: dict[str, str | None]) -> None:
    reasons["slack"] = "Not connected to Slack: Slack says invalid_auth."

    answer = ask(admin, "GET", "/readyz")

    assert answer.status == 503
    assert answer.json["checks"] == {
        "database": "ready",
        "slack": "Not connected to Slack: Slack says invalid_auth.",
    }


def test_the_process_lives_whatever_else_is_wrong(admin: str, reasons: dict[str, str | None]) -> None:
    reasons["database"] = "Away."

    assert ask(admin, "GET", "/healthz").status == 200


def test_what_is_counted_can_be_scraped(admin: str) -> None:
    answer = ask(admin, "GET", "/metrics")

    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "baton_test 7.0" in answer.text
