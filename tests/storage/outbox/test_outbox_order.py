"""In which order messages go, and what holds them back."""

from __future__ import annotations

import pytest

from storage.db.database import Database
from storage.outbox import pacing
from storage.outbox.model import Destination
from storage.outbox.pacing import SlackMethod, bucket_name
from tests.builders import NOW, TEAM, a_handoff
from tests.storage.examples import LATER, SECOND, a_message, keys, leased, posted, put, sent, stored


@pytest.fixture(autouse=True)
def _handoffs(database: Database) -> None:
    stored(database, *(a_handoff(number=n) for n in range(1, 4)))


def test_a_reply_waits_until_what_it_answers_is_posted(database: Database) -> None:
    put(database, a_message("a-ping", handoff_id="h1", to=Destination(channel="C1", reply_to="card:h1")))
    put(database, a_message("card:h1", handoff_id="h1"), at=NOW + SECOND)

    (card,) = leased(database, LATER)
    assert card.wanted.key == "card:h1"
    assert leased(database, LATER) == []

    sent(database, card)
    assert keys(leased(database, LATER)) == ["a-ping"]


def test_a_reply_waits_even_while_what_it_answers_may_not_go(database: Database) -> None:
    put(
        database,
        a_message("ping:a", to=Destination(user="U7")),
        a_message("reply:a", to=Destination(reply_to="ping:a")),
    )
    database.run_transaction(lambda tx: pacing.block(tx, bucket_name(TEAM, "U7"), NOW + SECOND))
    assert leased(database) == []

    (ping,) = leased(database, NOW + SECOND)
    assert leased(database, NOW + SECOND) == []  # in flight is not posted yet
    sent(database, ping)
    assert keys(leased(database, NOW + SECOND)) == ["reply:a"]


def test_a_reply_whose_message_will_never_come_is_left_to_the_sender(database: Database) -> None:
    put(database, a_message("a-ping", to=Destination(channel="C1", reply_to="card:gone")))

    assert keys(leased(database)) == ["a-ping"]


def test_a_redraw_goes_after_the_pings_that_waited_when_it_was_asked_for(database: Database) -> None:
    posted(database, "card:h1")
    put(database, a_message("card:h1", handoff_id="h1"))
    put(database, a_message("ping:late", handoff_id="h1"), at=NOW + SECOND)
    put(database, a_message("card:h1", handoff_id="h1"), at=NOW + 2 * SECOND)

    (ping,) = leased(database, LATER)
    assert ping.wanted.key == "ping:late"
    sent(database, ping)
    assert keys(leased(database, LATER)) == ["card:h1"]


def test_a_redraw_goes_before_what_was_put_with_it_or_after_it(database: Database) -> None:
    posted(database, "card:h1")
    put(database, a_message("a-ping", handoff_id="h1"), a_message("card:h1", handoff_id="h1"))

    assert keys(leased(database)) == ["card:h1"]


def test_the_first_posting_of_a_card_goes_before_everything_else_of_its_handoff(database: Database) -> None:
    put(database, a_message("a-ping", handoff_id="h1"))
    put(database, a_message("card:h1", handoff_id="h1"), at=NOW + SECOND)

    assert keys(leased(database, NOW + SECOND)) == ["card:h1"]


def test_a_redraw_does_not_wait_for_a_ping_that_may_not_go_now(database: Database) -> None:
    posted(database, "card:h1")
    put(database, a_message("ping:later", handoff_id="h1"), not_before=LATER)
    put(database, a_message("ping:paced", handoff_id="h1", to=Destination(user="U7")))
    database.run_transaction(lambda tx: pacing.block(tx, bucket_name(TEAM, "U7"), LATER))
    put(database, a_message("card:h1", handoff_id="h1"), at=NOW + SECOND)

    assert keys(leased(database, NOW + SECOND)) == ["card:h1"]


def test_two_cards_of_a_handoff_do_not_wait_for_each_other(database: Database) -> None:
    posted(database, "card:h1:1", "card:h1:2")
    put(database, a_message("card:h1:1", handoff_id="h1"), a_message("card:h1:2", handoff_id="h1"))
    put(database, a_message("card:h1:1", handoff_id="h1"), a_message("card:h1:2", handoff_id="h1"), at=NOW + SECOND)

    (first,) = leased(database, LATER)
    sent(database, first)
    assert {first.wanted.key, *keys(leased(database, LATER))} == {"card:h1:1", "card:h1:2"}


@pytest.mark.parametrize(
    ("blocked", "left"),
    [
        (bucket_name(TEAM, "C1"), ["ping:dm", "ping:other"]),
        (bucket_name(TEAM, "U1"), ["card:h1", "ping:here", "ping:other"]),
        (bucket_name(TEAM), ["ping:other"]),
        (bucket_name(TEAM, SlackMethod.POST), ["card:h1", "ping:other"]),
        (bucket_name(TEAM, SlackMethod.UPDATE), ["ping:dm", "ping:here", "ping:other"]),
        (bucket_name("T3", "C1"), ["card:h1", "ping:dm", "ping:here", "ping:other"]),
    ],
)
def test_nothing_goes_where_pacing_says_wait(database: Database, blocked: str, left: list[str]) -> None:
    posted(database, "card:h1")
    put(database, a_message("card:h1", handoff_id="h1"), a_message("ping:here"))
    put(database, a_message("ping:dm", to=Destination(user="U1")), a_message("ping:other", workspace="T2"))
    database.run_transaction(lambda tx: pacing.block(tx, blocked, NOW + SECOND))

    assert sorted(keys(leased(database))) == left
    assert sorted([*left, *keys(leased(database, NOW + SECOND))]) == ["card:h1", "ping:dm", "ping:here", "ping:other"]


def test_a_longer_block_stays(database: Database) -> None:
    database.run_transaction(lambda tx: pacing.block(tx, "T1", LATER))
    database.run_transaction(lambda tx: pacing.block(tx, "T1", NOW))

    with database.transaction() as tx:
        assert pacing.get_blocked_until(tx, ["T1", "T2"]) == {"T1": LATER}
        assert pacing.remove_before(tx, LATER) == 0
        assert pacing.remove_before(tx, LATER + SECOND) == 1
