"""Messages that handoffs begin with: whoever was offered one is found once somebody has handed it off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from storage.db.database import Database
from storage.handoffs import handoffs, sources
from storage.handoffs.model import Source
from tests.builders import NOW, TEAM, a_handoff
from tests.databases import BOTH

HELLO = Source(channel="C1", ts="1.0")
BYE = replace(HELLO, ts="2.0")


@BOTH
def test_who_was_offered_a_message_is_known_when_somebody_hands_it_off(database: Database) -> None:
    with database.transaction() as tx:
        handoffs.add(tx, a_handoff(by="ANA"))
        for user in ("ANA", "BEN", "EVA", "BEN"):
            sources.offer(tx, TEAM, HELLO, user, NOW)
        sources.offer(tx, TEAM, BYE, "TOM", NOW)
        sources.withdraw(tx, TEAM, HELLO, "EVA")
        assert sources.get_handoff_id(tx, TEAM, HELLO) is None

        assert sources.begin(tx, a_handoff(by="ANA"), HELLO, NOW) == ["ANA", "BEN"]
        assert sources.get_handoff_id(tx, TEAM, HELLO) == "h1"
        assert sources.get_handoff_id(tx, TEAM, BYE) is None
        sources.withdraw(tx, TEAM, HELLO, "ANA")
        assert sources.get_handoff_id(tx, TEAM, HELLO) == "h1", "it was handed off all the same"


@BOTH
def test_the_last_handoff_of_a_message_counts(database: Database) -> None:
    with database.transaction() as tx:
        for number in (1, 2):
            handoffs.add(tx, a_handoff(number=number))
        assert sources.begin(tx, a_handoff(number=1, by="ANA"), HELLO, NOW) == []
        assert sources.begin(tx, a_handoff(number=2, by="BEN"), HELLO, NOW) == ["ANA"]
        assert sources.get_handoff_id(tx, TEAM, HELLO) == "h2"

        sources.remove(tx, ["h2"])
        assert sources.get_handoff_id(tx, TEAM, HELLO) is None


@BOTH
def test_the_same_message_of_another_workspace_is_another_one(database: Database) -> None:
    with database.transaction() as tx:
        handoffs.add(tx, a_handoff())
        sources.offer(tx, "T2", HELLO, "BEN", NOW)
        assert sources.begin(tx, a_handoff(), HELLO, NOW) == []
        assert sources.get_handoff_id(tx, "T2", HELLO) is None


@BOTH
def test_old_offers_go_and_what_became_a_handoff_stays(database: Database) -> None:
    with database.transaction() as tx:
        handoffs.add(tx, a_handoff())
        sources.offer(tx, TEAM, BYE, "BEN", NOW)
        sources.begin(tx, a_handoff(), HELLO, NOW)
        sources.remove_before(tx, NOW)
        assert sources.begin(tx, a_handoff(), BYE, NOW) == ["BEN"]

        sources.offer(tx, TEAM, replace(HELLO, ts="3.0"), "BEN", NOW)
        sources.remove_before(tx, NOW + timedelta(days=1))
        assert sources.begin(tx, a_handoff(), replace(HELLO, ts="3.0"), NOW) == []
        assert sources.get_handoff_id(tx, TEAM, HELLO) == "h1"
