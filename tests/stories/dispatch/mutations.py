"""Payloads that Slack would never send: real ones with something in them changed, the same ones for the same seed."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any, Final

Json = dict[str, Any]
Place = tuple[Any, Any]
"""A list or an object of a payload, and where in it."""

METADATA: Final = "private_metadata"


def _nested(levels: int) -> Any:
    found: Any = "x"
    for _ in range(levels):
        found = [found]
    return found


ODD: Final[Sequence[Any]] = (
    None, True, False, 0, -1, 1, 1.5, 1e308, 10**30, "", " ", "0", "x", "é", "\u200b", "\x00", "a\nb", "-5m", "0m",
    "x" * 4000, "<!channel>", "../../etc", "v1:h_1", "v9:::", "U0LEO", "T0OTHER", "2026-02-30", "1e400", "null",
    [], {}, [None], [[]], {"": None}, [{}], {"id": None}, {"value": 5}, _nested(40), _nested(200),
)  # fmt: skip
"""What stands in place of a value."""


def places(part: Any) -> Iterator[Place]:
    """Every place of a payload that can be changed."""
    for key in part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ():
        yield part, key
        yield from places(part[key])


def mutated(payload: Json, chance: random.Random) -> Json:
    """Return a copy of a payload with one to three places changed; also inside what a view carries as JSON."""
    found = copy.deepcopy(payload)
    view = found.get("view") or {}
    opened = str(view.get(METADATA, "")).startswith("{")
    if opened:
        view[METADATA] = json.loads(view[METADATA])
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        _change(found, chance)
    view = found.get("view")
    if opened and isinstance(view, dict) and isinstance(view.get(METADATA), dict):
        view[METADATA] = json.dumps(view[METADATA])
    return found


def _change(payload: Json, chance: random.Random) -> None:
    known = list(places(payload))
    if not known:
        return
    around, key = chance.choice(known)
    match chance.randrange(10):
        case 0 | 1:
            del around[key]
        case 2:
            around[key] = [around[key], around[key]]
        case 3:
            other, there = chance.choice(known)
            around[key] = copy.deepcopy(other[there]) if _holds(other, there) else None
        case 4 if isinstance(around, dict):
            around[chance.choice(("", "id", "type", "value", "~", "é"))] = around.pop(key)
        case _:
            around[key] = copy.deepcopy(chance.choice(ODD))


def _holds(part: Any, key: Any) -> bool:
    return key in part if isinstance(part, dict) else key < len(part)
