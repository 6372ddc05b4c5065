"""How many drawn examples a property is tried on: in a soak as many as are named, in the short form a third."""

from __future__ import annotations

import os
from typing import Final

LONG: Final = "BATON_TESTS_LONG"
"""Set by tests/conftest.py for --long, before the modules of tests are read."""
_FEWEST: Final = 10


def examples(count: int) -> int:
    """Return `count`, or a third of it in the short form."""
    return count if os.environ.get(LONG) else max(_FEWEST, count // 3)
