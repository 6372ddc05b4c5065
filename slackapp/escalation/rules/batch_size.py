"""Size the batches of a tick by how long the last one took, so that nobody who acts on a handoff in one waits long.

Until a batch is committed, acts on its handoffs wait for it; on SQLite every act does, because it has one writer at a
time. What a clock costs differs by a factor of thirty: with the database, and with what its level does.
"""

from __future__ import annotations

from typing import Final

FIRST: Final = 16
"""Due clocks in the first batch of a tick: few, because nothing is known yet."""
MOST: Final = 1024
BATCH_S: Final = 0.2
"""How long a batch may take, in seconds. Nobody is to wait for more than 0.3: the rest is for a busy machine."""


def next_size(size: int, took_s: float) -> int:
    """Return how many due clocks the next batch takes, after one of `size` took `took_s` seconds: a power of two.

    As many as fit into `BATCH_S`, at most twice as many as before. Powers of two, because the size is part of the
    statement that takes the clocks, and a database prepares each statement once.
    """
    fits = size * BATCH_S / max(took_s, 1e-6)
    wanted = int(max(min(fits, 2 * size, MOST), 1))
    return 1 << (wanted.bit_length() - 1)
