"""Python's cyclic garbage collector, kept away from work that makes very many values at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_off() -> Iterator[None]:
    """Disable the cyclic garbage collector for the block, or for the function that this decorates.

    For work whose values live to its end and refer to each other in one direction only: looking through them again and
    again would take a good part of its time. In a process with several threads it is off for all of them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
