"""One thing Slack would refuse."""

from dataclasses import dataclass
from typing import Literal

Surface = Literal["message", "modal", "home"]


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockKitProblem:
    """A violation of Slack's rules at one place of a payload.

    Attributes:
        pointer: JSON pointer (RFC 6901) to the place, as Slack writes it in `response_metadata.messages`.
        rule: short stable name of the rule, such as `too_long`.
        message: a sentence that says what has to hold.
    """

    pointer: str
    rule: str
    message: str

    def __str__(self) -> str:
        """Word it the way Slack does, so that logs read alike."""
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


def step(pointer: str, key: object) -> str:
    """Extend a JSON pointer by one key or index, escaped as RFC 6901 asks."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"
