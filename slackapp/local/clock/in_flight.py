"""A counter of calls and deliveries in progress between the app and the workspace."""

from collections.abc import Iterator
from contextlib import contextmanager


class InFlight:
    """Calls and deliveries in progress, and how many there ever were."""

    def __init__(self) -> None:
        self.count = 0
        self.started = 0

    @contextmanager
    def track(self) -> Iterator[None]:
        """Count one call or delivery for as long as the block runs."""
        self.count += 1
        self.started += 1
        try:
            yield
        finally:
            self.count -= 1
