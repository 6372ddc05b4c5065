"""The TLS context of every call to Slack, made once: reading the system's certificates takes 20 ms of a processor."""

from __future__ import annotations

import functools
import ssl


@functools.cache
def context() -> ssl.SSLContext:
    """Return the context that verifies whom we call, shared by all clients of this process."""
    return ssl.create_default_context()
