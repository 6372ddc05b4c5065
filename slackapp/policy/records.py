"""What a link names: two ways of writing the address of one customer, case or deal are the same record.

Known applications are read by their own rules (`record_addresses`); every other address is compared as a whole, after
what cannot name anything is taken away. Where it is not certain that two addresses mean the same, they stay different:
a missed duplicate costs a glance, a wrong one tells somebody that their customer is taken care of.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from slackapp.policy import record_addresses

_ORIGINS: Final = ("utm_", "mc_", "hsa_", "_hs", "__hs")
"""How the names of parameters begin that say by which campaign or mail somebody came."""
_CLICKS: Final = frozenset({"gclid", "fbclid", "msclkid", "hsctatracking", "hslang"})
_FROM_WHERE: Final = frozenset({"ref", "source"})
"""They say where somebody came from, unless their value holds a digit: then it may be what they look at."""
_LOOKS: Final = re.compile(r"(/[^/]*[0-9][^/]*)/(?:view|edit|show)\Z")
"""Ways to look at a record, behind its id. Behind a mere word they may be a page's name."""


def record_of(link: str | None) -> str | None:
    """The record that a link names, for comparing; None for no link and for what is no web address."""
    if not link:
        return None
    try:
        parts = urlsplit(link.strip().encode("utf-8", "replace").decode())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return None
    return record_addresses.named(parts) or _as_a_whole(parts, port)


def _as_a_whole(parts: SplitResult, port: int | None) -> str:
    host = (parts.hostname or "").removeprefix("www.") + (f":{port}" if port not in {None, 80, 443} else "")
    pairs = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
    kept = sorted((name, value) for name, value in pairs if not _is_noise(name.lower(), value))
    route = f"#{parts.fragment}" if parts.fragment[:1] in {"/", "!"} else ""  # a page that routes behind the hash
    path = _LOOKS.sub(r"\1", parts.path.rstrip("/"))
    return f"{host}{path}{'?' if kept else ''}{urlencode(kept, errors='surrogateescape')}{route}"


def _is_noise(name: str, value: str) -> bool:
    if name in _FROM_WHERE:
        return not any(letter.isdigit() for letter in value)
    return name in _CLICKS or name.startswith(_ORIGINS)
