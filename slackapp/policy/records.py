"""What a link names: two ways of writing the address of one customer, case or deal are the same record."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

_NOISE: Final = ("utm_", "mc_", "hs", "_hs", "gclid", "fbclid", "ref", "source", "thread_ts", "cid")
"""How the names of parameters begin that say where somebody came from, not what they look at."""
_VIEWS: Final = ("/view", "/edit", "/show")
"""Ends of paths that name a way to look at a record."""


def record_of(link: str | None) -> str | None:
    """The record that a link names, for comparing; None for no link and for what is no web address."""
    if not link:
        return None
    try:
        parts = urlsplit(link.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return None
    host = parts.hostname.removeprefix("www.") + (f":{port}" if port not in {None, 80, 443} else "")
    kept = sorted(
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not pair[0].lower().startswith(_NOISE)
    )
    route = f"#{parts.fragment}" if parts.fragment[:1] in {"/", "!"} else ""  # a page that routes behind the hash
    path = parts.path.rstrip("/")
    for view in _VIEWS:
        path = path.removesuffix(view)
    return f"{host}{path}{'?' if kept else ''}{urlencode(kept)}{route}"
