"""Logging set-up: one line per event, readable on a terminal and JSON elsewhere, with secrets masked.

Our own lines come through structlog or the standard library; those of Slack's libraries, uvicorn and APScheduler are
shown from WARNING on, in the same form. Secrets are masked in the finished line, so that tracebacks and nested values
are covered.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Callable, Iterable
from typing import Final, TextIO
from urllib.parse import quote, quote_plus

import structlog
from structlog.types import Processor

MASK: Final = "***"
_OURS: Final = ("slackapp", "storage")
_OPEN_TO_ALL: Final = ("uvicorn.error", "asyncio")
"""Loggers that anybody who reaches a port can make write."""
_REPEATED_AFTER_S: Final = 60.0
_MOST_KINDS: Final = 1000
_SHORTEST_SECRET: Final = 4
"""Masking shorter values would only make a log unreadable."""

_PATTERNS: Final = (
    re.compile(r"\b(?:xox[a-z]|xapp)(?:\.xox[a-z])?-[\w.-]+"),  # Slack's tokens, whoever they belong to
    re.compile(r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"),  # name and password in an address
    re.compile(r"(?<=ticket=)[\w.%-]+"),  # opens a Socket Mode connection
)


def configure(
    *, secrets: Iterable[str] = (), level: int = logging.INFO, as_json: bool | None = None, stream: TextIO | None = None
) -> None:
    """Configure logging: every log line of this process goes to one stream, in one format.

    Args:
        secrets: values to mask: tokens, the signing secret, the database's password.
        level: lowest level of our own lines; those of libraries are shown from WARNING on.
        as_json: write one JSON object per line; by default if the stream is no terminal.
        stream: where lines go; standard error by default.
    """
    out = stream or sys.stderr
    plain_json = not out.isatty() if as_json is None else as_json
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Masked(before, _renderers(as_json=plain_json, coloured=out.isatty()), secret_masker(secrets)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    for name in _OPEN_TO_ALL:
        logging.getLogger(name).filters[:] = [OncePerMinute()]
    logging.captureWarnings(capture=True)


class OncePerMinute(logging.Filter):
    """Lets one line of each kind pass in a minute, with how many were left out before it.

    Lines are of one kind if they begin alike and tell of the same exception raised in the same place.
    """

    def __init__(self, *, every_s: float = _REPEATED_AFTER_S) -> None:
        super().__init__()
        self._every_s = every_s
        self._kinds: dict[tuple[object, ...], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a line passes."""
        kind, now = _kind_of(record), time.monotonic()
        passed_at, left_out = self._kinds.get(kind, (float("-inf"), 0))
        if now - passed_at < self._every_s:
            self._kinds[kind] = (passed_at, left_out + 1)
            return False
        if len(self._kinds) > _MOST_KINDS:
            self._kinds.clear()
        if left_out:
            record.msg = f"{record.msg} ({left_out} similar lines left out)"
        self._kinds[kind] = (now, 0)
        return True


def _kind_of(record: logging.LogRecord) -> tuple[object, ...]:
    kind, _, traced = record.exc_info or (None, None, None)
    while traced is not None and traced.tb_next is not None:
        traced = traced.tb_next
    raised_at = (traced.tb_frame.f_code.co_filename, traced.tb_lineno) if traced is not None else None
    return (record.levelno, str(record.msg).partition("\n")[0], kind, raised_at)


def secret_masker(secrets: Iterable[str]) -> Callable[[str], str]:
    """Return a function that masks these secrets, in all their encodings, and anything that looks like a token."""
    spellings = {form for secret in secrets if len(secret) >= _SHORTEST_SECRET for form in _spellings(secret)}
    known = re.compile("|".join(re.escape(form) for form in sorted(spellings, key=len, reverse=True)) or r"(?!)")

    def mask(line: str) -> str:
        line = known.sub(MASK, line)
        for pattern in _PATTERNS:
            line = pattern.sub(MASK, line)
        return line

    return mask


def _spellings(secret: str) -> set[str]:
    """A secret's encodings in a line: plain, percent-encoded, and quoted by Python or JSON, also nested."""
    forms = {secret, quote(secret, safe=""), quote_plus(secret)}
    for _ in range(2):
        forms |= {quoted[1:-1] for form in forms for quoted in (repr(form), json.dumps(form), _json_text(form))}
    return forms


def _json_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


class _Masked(structlog.stdlib.ProcessorFormatter):
    """Formatter for lines of structlog and the standard library that masks secrets in the result."""

    def __init__(self, before: list[Processor], renderers: list[Processor], mask: Callable[[str], str]) -> None:
        self._mask = mask
        super().__init__(
            foreign_pre_chain=[*before, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )

    def format(self, record: logging.LogRecord) -> str:
        return self._mask(super().format(record))


def _renderers(*, as_json: bool, coloured: bool) -> list[Processor]:
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    # Plain tracebacks: the pretty ones print every local variable, and with them what people wrote.
    return [
        structlog.dev.ConsoleRenderer(colors=coloured, exception_formatter=structlog.dev.plain_traceback),
    ]
