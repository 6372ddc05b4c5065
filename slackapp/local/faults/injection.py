"""Fault injection: the next calls of a method fail, are slow, or lose their answer, as a test ordered."""

from dataclasses import dataclass, field

from slackapp.local.protocol.errors import BadRequestError, SlackError
from slackapp.local.protocol.types import Json

KNOWN = frozenset({"status", "error", "retry_after", "delay_s", "lose_answer", "redeliver", "disconnect", "channel"})
SOCKET = "socket"
"""The method name under which faults of deliveries are ordered."""


@dataclass(frozen=True, kw_only=True)
class InjectedFault:
    """One ordered fault; without any field set, none.

    `status` and `error` are answered instead of doing anything. `delay_s` and `lose_answer` let the effect happen
    and then answer late or never. `redeliver` sends a delivery twice. With `channel` only calls about that channel or
    person suffer.
    """

    status: int = 0
    error: str = ""
    retry_after: int | None = None
    delay_s: float = 0.0
    lose_answer: bool = False
    redeliver: bool = False
    channel: str | None = None

    def refuse(self) -> None:
        """Raise what the fault answers instead of an effect, if it is of that kind."""
        if not self.error and not self.status:
            return
        limited = self.error in {"ratelimited", "rate_limited"}
        status = self.status or (429 if limited else 200)
        wait = self.retry_after if self.retry_after is not None else (1 if limited else None)
        headers = {} if wait is None else {"Retry-After": str(wait)}
        raise SlackError(self.error or "internal_error", status=status, headers=headers)


@dataclass(slots=True)
class FaultQueue:
    """Ordered faults per method, first come first served."""

    _waiting: dict[str, list[InjectedFault]] = field(default_factory=dict)

    def order(self, method: str, times: int, fault: Json) -> None:
        """Let the next `times` calls of `method` suffer `fault`."""
        if unknown := set(fault) - KNOWN:
            raise BadRequestError(f"unknown fault {sorted(unknown)}; known are {sorted(KNOWN)}")
        self._waiting.setdefault(method, []).extend([InjectedFault(**fault)] * times)

    def take(self, method: str, channel: str | None = None) -> InjectedFault:
        """Return the fault this call of `method`, about a channel, has to suffer; an empty one if none was ordered."""
        waiting = self._waiting.get(method, [])
        for place, fault in enumerate(waiting):
            if fault.channel in {None, channel}:
                return waiting.pop(place)
        return InjectedFault()

    def clear(self) -> None:
        """Forget every fault that did not happen yet."""
        self._waiting.clear()
