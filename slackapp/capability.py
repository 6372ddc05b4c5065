"""What a package can add to Baton's registers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from storage.database import Tx
from storage.lifecycle import Moved
from storage.records import Wanted

Effect = Callable[[Tx, Moved], Iterable[Wanted]]
"""What an accepted change puts into the outbox besides a handoff's own messages.

Called in the change's transaction, after the change is written. It reads and may write through the transaction, and
nothing else; the messages that it returns are put into the outbox together with all others.
"""
