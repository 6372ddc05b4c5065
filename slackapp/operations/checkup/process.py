"""Probe of a Baton process on this machine: its last tick, read from its `/metrics`."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from slackapp.operations.checkup.findings import Finding, bad, good
from slackapp.runtime.clock import SystemClock

_LAST_TICK: Final = "baton_last_tick_timestamp_seconds"
_LATE: Final = timedelta(minutes=2)
_TIMEOUT_S: Final = 3
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing is opened here
_NO_PROXY: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Opener without proxies, because the process is on this machine."""


def process_findings(host: str, admin_port: int) -> Iterator[Finding]:
    """Check that the process on this admin port ticks. No answer is no problem: Baton may run elsewhere.

    `host` is where it listens; one that listens on every address is asked on this machine.
    """
    near = _EVERYWHERE.get(host, host)
    asked = f"[{near}]" if ":" in near else near
    try:
        with _NO_PROXY.open(f"http://{asked}:{admin_port}/metrics", timeout=_TIMEOUT_S) as answer:
            text = answer.read().decode()
    except OSError:
        yield good(f"No Baton answers on this machine's admin port {admin_port}, so the last tick is unknown.")
        return
    last = next(
        (family.samples[0].value for family in text_string_to_metric_families(text) if family.name == _LAST_TICK), 0.0
    )
    if not last:
        yield bad(
            "The Baton on this machine has not ticked yet.", "Wait half a minute. If that doesn't help, read the log."
        )
        return
    at = datetime.fromtimestamp(last, UTC)
    if SystemClock().now() - at > _LATE:
        yield bad(
            f"The Baton on this machine last ticked at {at:%Y-%m-%d %H:%M} UTC.",
            "Read the log, or restart Baton.",
        )
    else:
        yield good(f"The Baton on this machine last ticked at {at:%H:%M:%S} UTC.")
