"""Counts what is in flight between the app and the workspace, so that `settle` knows when it is over."""

from collections.abc import Iterator
from contextlib import contextmanager


class Activity:
    """Calls and deliveries in progress, and how many there ever were."""

    def __init__(self) -> None:
        self.in_flight = 0
        self.begun = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Count one call or delivery for as long as the block runs."""
        self.in_flight += 1
        self.begun += 1
        try:
            yield
        finally:
            self.in_flight -= 1
