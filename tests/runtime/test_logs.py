"""Logs: no secret ever appears, whoever writes the line and however."""

from __future__ import annotations

import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator

import pytest
import structlog

from slackapp.runtime import logs

BOT = "xoxb-1234-5678-AbCdEfGh"
APP = "xapp-1-A0BATON-99-abcdef"
SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"
PASSWORD = 'p@ss"wörd\\1'
SECRETS = (BOT, APP, SIGNING, PASSWORD)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in ("slackapp", "storage"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).filters.clear()
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.fixture(params=[True, False], ids=["json", "terminal"])
def out(request: pytest.FixtureRequest) -> io.StringIO:
    stream = io.StringIO()
    logs.configure(secrets=SECRETS, as_json=request.param, stream=stream)
    return stream


def fail(why: str) -> None:
    raise RuntimeError(why)


def log_in_every_way() -> None:
    ours, theirs = structlog.get_logger("slackapp.x"), logging.getLogger("slack_sdk.web")
    for secret in SECRETS:
        ours.warning("Said " + secret)
        ours.warning("As a value", value=secret, nested={"deep": [secret]})
        theirs.warning("Bearer %s", secret)
        theirs.error("extra", extra={"token": secret})
        try:
            fail(f"postgresql+psycopg://baton:{secret}@db/baton {secret!r} {json.dumps(secret)}")
        except RuntimeError:
            local = secret
            ours.exception("Failed")
            theirs.exception("Failed with %d characters", len(local))


def test_no_secret_appears_in_any_line_value_or_traceback(out: io.StringIO) -> None:
    log_in_every_way()

    text = out.getvalue()
    assert "RuntimeError" in text
    for secret in (*SECRETS, "wörd", "w\\u00f6rd"):
        assert secret not in text


@pytest.mark.parametrize(
    "line",
    [
        "xoxb-somebody-elses",
        "Bearer xoxe.xoxb-1-rotated",
        "xoxp-user",
        "xapp-1-another",
        "postgresql+psycopg://baton:hunter2@db.example.com/baton",
        "wss://wss-primary.slack.com/link/?ticket=abc-def&app_id=1",
    ],
)
def test_tokens_and_passwords_that_nobody_named_are_masked_by_their_looks(out: io.StringIO, line: str) -> None:
    logging.getLogger("uvicorn.error").warning(line)

    text = out.getvalue()
    assert logs.MASK in text
    for secret in ("somebody-elses", "rotated", "xoxp-user", "another", "hunter2", "abc-def"):
        assert secret not in text


def test_ordinary_words_are_left_alone(out: io.StringIO) -> None:
    sentence = "Handoff h_3kq9 moved at 10:00 to https://example.com/a?b=1, ask ana@example.com"

    logging.getLogger("slackapp.x").info(sentence)

    assert sentence in out.getvalue()


def test_a_line_is_one_json_object_with_its_level_logger_and_instant() -> None:
    stream = io.StringIO()
    logs.configure(as_json=True, stream=stream)

    structlog.get_logger("slackapp.pump").info("Sent", key="card:h_1:1", took_ms=12)
    logging.getLogger("apscheduler").warning("Late by %d s", 3)

    ours, theirs = (json.loads(line) for line in stream.getvalue().splitlines())
    assert ours["timestamp"].endswith("Z")
    assert {k: ours[k] for k in ("event", "level", "logger", "key", "took_ms")} == {
        "event": "Sent",
        "level": "info",
        "logger": "slackapp.pump",
        "key": "card:h_1:1",
        "took_ms": 12,
    }
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("Late by 3 s", "warning", "apscheduler")


def test_a_traceback_stays_in_its_json_line() -> None:
    stream = io.StringIO()
    logs.configure(as_json=True, stream=stream)

    try:
        fail("boom")
    except RuntimeError:
        structlog.get_logger("slackapp.x").exception("Failed")

    (line,) = stream.getvalue().splitlines()
    assert "RuntimeError: boom" in json.loads(line)["exception"]


@pytest.mark.parametrize(
    "library", ["slack_sdk", "slack_bolt.App", "uvicorn.error", "apscheduler.scheduler", "aiohttp"]
)
def test_libraries_are_heard_from_warning_on(out: io.StringIO, library: str) -> None:
    logging.getLogger(library).info("chatter")
    logging.getLogger(library).warning("trouble")

    assert "chatter" not in out.getvalue()
    assert "trouble" in out.getvalue()


def test_configuring_twice_does_not_say_everything_twice() -> None:
    stream = io.StringIO()
    logs.configure(as_json=True, stream=stream)
    logs.configure(as_json=True, stream=stream)

    logging.getLogger("slackapp.x").info("once")

    assert stream.getvalue().count("once") == 1


def test_warnings_of_python_are_lines_as_well(out: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old way", stacklevel=1)

    assert "old way" in out.getvalue()


def test_without_a_terminal_lines_are_json() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream)

    logging.getLogger("slackapp.x").info("hello")

    assert json.loads(stream.getvalue())["event"] == "hello"
    assert not stream.isatty()
    assert sys.stderr is not stream


def test_what_anybody_can_make_a_library_write_is_one_line_a_minute() -> None:
    stream = io.StringIO()
    logs.configure(as_json=True, stream=stream)
    for number in range(1000):
        logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
        logging.getLogger("asyncio").error("socket.accept() out of system resource\nsocket: <fd=%d>", number)

    said = [json.loads(line)["event"].partition("\n")[0] for line in stream.getvalue().splitlines()]
    assert said == ["Invalid HTTP request received.", "socket.accept() out of system resource"]


def test_the_next_line_says_how_many_were_left_out() -> None:
    once, logger = logs.OncePerMinute(every_s=0), logging.getLogger("x")
    record = logger.makeRecord("x", logging.WARNING, "f", 1, "Invalid", (), None)
    strict = logs.OncePerMinute()
    assert [strict.filter(logger.makeRecord("x", logging.WARNING, "f", 1, "Invalid", (), None)) for _ in range(3)] == [
        True,
        False,
        False,
    ]

    once._kinds = strict._kinds  # a minute later
    assert once.filter(record)
    assert record.getMessage() == "Invalid (2 similar lines left out)"


def test_two_errors_in_different_places_are_two_lines() -> None:
    stream = io.StringIO()
    logs.configure(as_json=True, stream=stream)
    for why in ("one", "two"):
        for _ in range(2):
            try:
                if why == "one":
                    fail(why)
                int(why)
            except (RuntimeError, ValueError):
                logging.getLogger("uvicorn.error").exception("Exception in ASGI application")

    assert len(stream.getvalue().splitlines()) == 2
