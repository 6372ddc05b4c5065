"""The TLS context of all Slack clients, made once: loading the system's certificates takes 20 ms."""

from __future__ import annotations

import functools
import ssl


@functools.cache
def context() -> ssl.SSLContext:
    """Return the TLS context shared by all clients of this process."""
    return ssl.create_default_context()
