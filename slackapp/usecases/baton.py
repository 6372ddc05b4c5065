"""What every use case is given: the database, the clock, and a way to wake whoever delivers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from slackapp.clock import Clock
from storage.database import Database

PATIENCE_S: Final = 1.0
"""How long somebody's form may wait for the database: its trigger lives for three seconds."""


def _nobody() -> None:
    """Wake nobody: the default where no pump runs in this process."""


def _unheard(_why: str | None) -> None:
    """Tell nobody: the default where no readiness is asked for."""


@dataclass(frozen=True, kw_only=True)
class Baton:
    """One running Baton. Built once in `slackapp.app`, shared by all threads, holds no state of its own."""

    db: Database
    clock: Clock
    wake_pump: Callable[[], None] = _nobody
    wake_tick: Callable[[], None] = _nobody
    shut_out: Callable[[str | None], None] = _unheard
    """Told why Slack does not let Baton in any more, in a sentence that says what to do; None when it does again."""
