"""Baton as the composition root builds it, on a database and a clock of the test's own."""

from __future__ import annotations

from slackapp.registers import REGISTERS
from slackapp.runtime.baton import Baton
from slackapp.runtime.clock import Clock
from storage.db.database import Database
from tests.manual_clock import ManualClock


def a_baton(database: Database, clock: Clock | None = None) -> Baton:
    """A Baton whose changes have all their effects; by default its time stands still."""
    return Baton(
        db=database,
        clock=clock or ManualClock(),
        effects=REGISTERS.effects,
        people_effects=REGISTERS.people_effects,
    )
