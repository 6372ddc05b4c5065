"""`baton run`: run Baton until Ctrl-C or SIGTERM."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from slackapp.cli.console import FailedError, print_lines
from slackapp.runtime import logs
from slackapp.runtime.settings import Settings

if TYPE_CHECKING:
    from slackapp.app import Running


_ENDINGS: Final = tuple(
    ending for name in ("SIGINT", "SIGTERM", "SIGHUP") if (ending := getattr(signal, name, None)) is not None
)
"""Signals that ask a process to end. SIGINT is Ctrl-C, and ignored from birth in a shell's background until we ask for
it; SIGHUP comes when a terminal closes and does not exist everywhere."""


def run() -> None:
    """Run Baton until Ctrl-C or SIGTERM.

    Settings come from the environment: SLACK_BOT_TOKEN, SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP
    mode), BATON_DATABASE_URL, BATON_CONFIG, BATON_HOST, BATON_PORT, BATON_ADMIN_HOST,
    BATON_ADMIN_PORT.
    """
    settings = Settings.read()
    logs.configure(secrets=settings.secrets)
    with ending_on_signals(), running(settings) as baton:
        print_lines(f"Baton is running in {'Socket' if settings.socket_mode else 'HTTP'} Mode. Ctrl-C stops it.")
        baton.wait()


@contextmanager
def running(settings: Settings) -> Iterator[Running]:
    """Run Baton until the block ends; Ctrl-C or SIGTERM ends the block without an error.

    Raises:
        FailedError: It cannot start, for a reason that a person can fix.
    """
    from slackapp.app import build  # noqa: PLC0415 - Slack's libraries are loaded only by those who need them
    from slackapp.slack.connection.installation import SlackRefusedUs  # noqa: PLC0415 - as above

    try:
        baton = build(settings)
    except SlackRefusedUs as refused:
        raise FailedError(str(refused)) from None
    except OSError as error:
        raise FailedError(f"Baton cannot start: {error}") from None
    try:
        baton.start()
        yield baton
    except OSError as error:
        raise FailedError(f"Baton cannot start: {error}") from None
    finally:
        with ignoring_signals():
            baton.stop()


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM within the block into its quiet end."""
    before = {ending: signal.signal(ending, signal.default_int_handler) for ending in _ENDINGS}
    try:
        yield
    except KeyboardInterrupt:
        print_lines("Stopped.")
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)


@contextmanager
def ignoring_signals() -> Iterator[None]:
    """Ignore Ctrl-C and SIGTERM within the block, for cleaning up."""
    before = {ending: signal.signal(ending, signal.SIG_IGN) for ending in _ENDINGS}
    try:
        yield
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)
