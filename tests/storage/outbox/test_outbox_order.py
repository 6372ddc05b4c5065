"""In which order messages go, and what holds them back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.db.database import Database
from storage.outbox import outbox, pacing
from storage.outbox.model import Destination, SlackMethod
from storage.outbox.pacing import bucket_name
from tests.builders import NOW, TEAM, a_handoff
from tests.storage.examples import LATER, MINUTE, SECOND, a_message, keys, leased, posted, put, sent, stored


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


def test_a_redraw_goes_after_what_was_put_with_it_and_notifies_somebody(database: Database) -> None:
    posted(database, "card:h1")
    put(database, a_message("card:h1", handoff_id="h1"), a_message("ping:late", handoff_id="h1"))

    (ping,) = leased(database)
    assert ping.wanted.key == "ping:late"
    sent(database, ping)
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
        (bucket_name(TEAM, "C1"), ["card:h1", "ping:dm", "ping:other"]),
        (bucket_name(TEAM, "U1"), ["card:h1", "ping:here", "ping:other"]),
        (bucket_name(TEAM), ["ping:other"]),
        (bucket_name(TEAM, SlackMethod.POST), ["card:h1", "ping:other"]),
        (bucket_name(TEAM, SlackMethod.UPDATE), ["ping:dm", "ping:here", "ping:other"]),
        (bucket_name("T3", "C1"), ["card:h1", "ping:dm", "ping:here", "ping:other"]),
    ],
)
def test_nothing_goes_where_pacing_says_wait(database: Database, blocked: str, left: list[str]) -> None:
    posted(database, "card:h1")
    put(database, a_message("card:h1", handoff_id="h1"), a_message("ping:here", to=Destination(channel="C1")))
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


def test_a_reply_goes_after_a_redraw_of_the_card_above_it_that_can_go(database: Database) -> None:
    posted(database, "card:h1")
    put(
        database,
        a_message("a-reply", handoff_id="h1", to=Destination(reply_to="card:h1")),
        a_message("card:h1", handoff_id="h1"),
    )

    (card,) = leased(database)
    assert card.wanted.key == "card:h1"
    sent(database, card)
    assert keys(leased(database)) == ["a-reply"]


def test_a_reply_does_not_wait_for_a_redraw_that_may_not_go(database: Database) -> None:
    posted(database, "card:h1")
    reply = a_message("a-reply", handoff_id="h1", to=Destination(reply_to="card:h1"))
    put(database, reply, a_message("card:h1", handoff_id="h1"))
    database.run_transaction(lambda tx: pacing.block(tx, bucket_name(TEAM, SlackMethod.UPDATE), LATER))

    assert keys(leased(database)) == ["a-reply"]


def test_one_message_per_channel_is_in_flight_and_those_behind_it_keep_their_order(database: Database) -> None:
    here = Destination(channel="C9")
    for n in range(3):
        put(database, a_message(f"ping:{n}", to=here), at=NOW + n * SECOND)
    put(database, a_message("ping:thread", to=Destination(channel="C9", thread_ts="1.1")), at=NOW + 3 * SECOND)
    put(database, a_message("ping:other", to=Destination(channel="C8")), at=NOW + 4 * SECOND)

    (first, other) = leased(database, LATER)
    assert keys([first, other]) == ["ping:0", "ping:other"]
    assert leased(database, LATER) == []

    database.run_transaction(lambda tx: outbox.retry(tx, first, LATER + SECOND, "http_503", refused_at=LATER))
    database.run_transaction(lambda tx: pacing.block(tx, bucket_name(TEAM, "C9"), LATER + SECOND, LATER))
    assert leased(database, LATER) == []

    then = LATER + SECOND
    for expected in ("ping:0", "ping:1", "ping:2", "ping:thread"):
        (row,) = leased(database, then)
        assert row.wanted.key == expected
        sent(database, row)


def test_summaries_go_before_other_messages_that_are_drawn_again_and_cards_last(database: Database) -> None:
    again = ["card:h1", "dm:1", "bundle:1"]
    posted(database, *again)
    kinds = {"card:h1": "card", "dm:1": "dm", "bundle:1": "bundle"}
    for n, key in enumerate(again):
        put(database, a_message(key, kind=kinds[key]), at=NOW + n * SECOND)
    put(database, a_message("ping:new"), at=NOW + 3 * SECOND)

    assert keys(leased(database, LATER)) == ["ping:new", "bundle:1", "dm:1", "card:h1"]


@pytest.mark.parametrize("back_s", [60, 3600])
def test_a_pause_that_was_written_later_than_now_is_not_believed(database: Database, back_s: int) -> None:
    then = NOW + back_s * SECOND
    put(database, a_message("ping:here", to=Destination(channel="C1")))
    database.run_transaction(lambda tx: pacing.block(tx, bucket_name(TEAM, "C1"), then + SECOND, then))

    assert keys(leased(database)) == ["ping:here"]
    with database.transaction() as tx:
        pacing.block(tx, bucket_name(TEAM, "C1"), NOW + SECOND, NOW)
        assert pacing.list_blocked(tx, NOW) == {bucket_name(TEAM, "C1"): NOW + SECOND}


def test_no_pause_is_longer_than_the_longest(database: Database) -> None:
    with database.transaction() as tx:
        pacing.block(tx, bucket_name(TEAM, "C1"), NOW + timedelta(days=1), NOW)
        assert pacing.list_blocked(tx, NOW) == {bucket_name(TEAM, "C1"): NOW + pacing.LONGEST_PAUSE}
        pacing.block(tx, bucket_name(TEAM, "C2"), NOW + timedelta(days=1))
        assert list(pacing.list_blocked(tx, NOW)) == [bucket_name(TEAM, "C1")]


def test_what_rests_after_a_failed_try_rests_no_longer_than_the_longest_pause(database: Database) -> None:
    put(database, a_message("ping:a"))
    (row,) = leased(database)
    database.run_transaction(lambda tx: outbox.retry(tx, row, NOW + timedelta(hours=1), "failed"))

    assert keys(leased(database)) == ["ping:a"]


def test_a_lease_that_was_made_later_than_now_ends_soon(database: Database) -> None:
    put(database, a_message("ping:a"))
    leased(database, NOW + timedelta(hours=1))

    assert leased(database) == []
    assert keys(leased(database, NOW + MINUTE)) == ["ping:a"]


def test_what_was_due_by_a_clock_that_has_stepped_back_is_due(database: Database) -> None:
    put(database, a_message("ping:a"), at=LATER)
    put(database, a_message("ping:b"), at=NOW, not_before=LATER)
    assert leased(database) == []

    database.run_transaction(lambda tx: outbox.follow_clock(tx, NOW))

    assert keys(leased(database)) == ["ping:a"]
