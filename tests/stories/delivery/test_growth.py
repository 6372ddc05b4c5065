"""What a finished handoff leaves in the database, before and after it is pruned."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Final

import pytest

from slackapp.app import Running
from slackapp.operations.purge import purge
from tests.slack_client import Workspace
from tests.stories.northwind import HandOff

MOST: Final = 2_500
"""Bytes that a finished handoff may leave for ever."""
KEPT: Final = 90


def used(url: str) -> int:
    """The bytes in use in the pages of the tables and indexes."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as ledger:
        return int(ledger.execute("SELECT sum(pgsize - unused) FROM dbstat").fetchone()[0])


def work_through(slack: Workspace, hand_off: HandOff, count: int) -> None:
    """Handoffs that come late, so that the manager and the sender hear of them, are claimed, and done with a note."""
    cards = [hand_off(title=f"Acme renewal {number}") for number in range(count)]
    slack.wait(minutes=31)
    for card in cards:
        card.click("Claim", by="U0EVA")
        card.click("Done", by="U0EVA")
        slack.modal("U0EVA").submit({"note": "They signed for two years, at 8 % off."})
    slack.settle()


@pytest.mark.slow
def test_a_finished_handoff_leaves_little_for_ever(
    slack: Workspace, hand_off: HandOff, running: Running, database_url: str, *, long: bool
) -> None:
    count = 100 if long else 5
    work_through(slack, hand_off, 2)
    before = used(database_url)

    work_through(slack, hand_off, count)
    whole = (used(database_url) - before) / count
    slack.wait(hours=24 * (KEPT + 1))
    assert purge(running.baton, KEPT) == count + 2
    left = (used(database_url) - before) / count

    print(f"a finished handoff takes {whole:.0f} bytes, and leaves {left:.0f}")  # noqa: T201 - shown with -s
    assert left < MOST < whole
