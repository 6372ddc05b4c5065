"""Says what Slack would refuse in a payload. This file holds the seam; the rules come with the validator."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Surface = Literal["message", "modal", "home"]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing Slack would refuse: where (JSON pointer), which rule, and a sentence."""

    pointer: str
    rule: str
    message: str


def problems(payload: Mapping[str, Any], surface: Surface) -> list[Problem]:
    """Return everything in `payload` that Slack would refuse on `surface`."""
    del payload, surface
    return []
