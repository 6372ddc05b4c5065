"""Processes killed between a due step and its notification, and two at once: one notification, never too late."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from tests.databases import POSTGRESQL
from tests.slack_client import Json, Message, RefusedError, Workspace
from tests.stories.delivery.test_kills import LEASE_S, POSTING, begin, cards, late, pass_time_until, posted, submit
from tests.stories.ledger import levels
from tests.stories.processes import Baton
from tests.waiting import until

__all__ = ["begin"]

TITLE = "Late work A"
Due = Callable[[Workspace, str, Baton], None]


@contextmanager
def nothing_is_written(url: str, table: str = "notices") -> Iterator[Callable[[], object]]:
    """Hold whoever writes to a table in the middle of their transaction; gives what tells whether they stand there."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            yield lambda: time.monotonic() - began > 1  # SQLite does not tell who waits
            other.execute("ROLLBACK")
        return
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)) as other:
        other.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(sql.Identifier(table)))
        waits = "SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND NOT granted"
        yield lambda: (other.execute(waits, [table]).fetchone() or (0,))[0]
        other.rollback()


def is_stored(url: str) -> bool:
    """Whether the tick has committed that it is late."""
    return "late" in dict(levels(url))


def before_the_tick_commits(slack: Workspace, url: str, baton: Baton) -> None:
    with nothing_is_written(url) as stands:
        slack.advance(60)
        until(stands)
        baton.kill()
    assert not is_stored(url)


def after_it_commits(slack: Workspace, url: str, baton: Baton) -> None:
    slack.fault(POSTING, {"error": "ratelimited", "retry_after": 300})
    before = posted(slack)
    submit(slack, title="The one that Slack limits")
    until(lambda: posted(slack) > before)
    slack.advance(60)
    until(lambda: is_stored(url))
    baton.kill()
    tried = Counter(call["args"]["channel"] for call in slack.calls(POSTING)[before:])
    assert set(tried.values()) == {1}, "a limit stops its channel; those that were leased together are on their way"


def between_lease_and_send(slack: Workspace, url: str, baton: Baton) -> None:
    before = len(slack.calls("conversations.open"))
    slack.fault("conversations.open", {"delay_s": 5.0})
    slack.advance(60)
    until(lambda: len(slack.calls("conversations.open")) > before)
    baton.kill()
    assert late(slack, "U0DAN") == Counter()


def between_send_and_mark(slack: Workspace, url: str, baton: Baton) -> None:
    before = posted(slack)
    slack.fault(POSTING, {"delay_s": 2.0}, times=2)
    slack.advance(60)
    until(lambda: posted(slack) >= before + 2)
    baton.kill()
    assert late(slack, "U0DAN") == Counter({TITLE: 1}), "Slack has it, and Baton does not know"


def after_it_is_marked(slack: Workspace, url: str, baton: Baton) -> None:
    slack.wait(seconds=60)
    baton.kill()
    assert late(slack, "U0DAN") == Counter({TITLE: 1})


@pytest.mark.parametrize(
    ("dialect", "killed"),
    [
        pytest.param("sqlite", before_the_tick_commits, marks=pytest.mark.soak),
        pytest.param("sqlite", between_send_and_mark, marks=pytest.mark.soak),
        ("postgresql", before_the_tick_commits),
        pytest.param("postgresql", after_it_commits, marks=pytest.mark.soak),
        pytest.param("postgresql", between_lease_and_send, marks=pytest.mark.soak),
        ("postgresql", between_send_and_mark),
        pytest.param("postgresql", after_it_is_marked, marks=pytest.mark.soak),
    ],
)
def test_killed_at_any_step_between_due_and_heard_everybody_hears_once(
    slack: Workspace, begin: Callable[[], Baton], database_url: str, killed: Due
) -> None:
    slack.rate_limits(enabled=False)
    baton = begin()
    submit(slack, title=TITLE)
    slack.settle()
    slack.wait(minutes=16)
    slack.wait(minutes=13, seconds=30)

    killed(slack, database_url, baton)
    begin()
    for _ in range(5):
        slack.wait(seconds=LEASE_S + 5)

    assert late(slack, "U0DAN") == Counter({TITLE: 1})
    assert late(slack, "U0BEN") == Counter({TITLE: 1})
    assert [level for level, _ in levels(database_url)] == ["nudge", "late"]
    (card,) = cards(slack, TITLE)
    assert len(card.replies()) == 1


def shown_as_claimed(call: Json, card: Message) -> bool:
    """Whether a call told Slack that the card is claimed."""
    return call["method"] == "chat.update" and call["args"].get("ts") == card.ts and "owned by" in call["args"]["text"]


def says_unclaimed(call: Json, title: str) -> bool:
    """Whether a call pinged somebody about work that nobody has."""
    text = str(call["args"].get("text"))
    return call["method"] == POSTING and title in text and ("is unassigned" in text or "need" in text)


@POSTGRESQL
def test_claims_at_the_very_moment_leave_no_ping_that_says_unclaimed_afterwards(
    slack: Workspace, begin: Callable[[], Baton], *, long: bool
) -> None:
    slack.rate_limits(enabled=False)
    first, second = begin(), begin()
    titles = [f"Late work {letter}" for letter in ("ABCDEFGH" if long else "ABCD")]
    half = len(titles) // 2
    for title in titles:
        submit(slack, title=title)
    pass_time_until(slack, lambda: all(len(cards(slack, title)) == 1 for title in titles))
    found = {title: cards(slack, title)[0] for title in titles}

    slack.settle_after_acts = False
    with ThreadPoolExecutor(9) as pool:
        clicks = [pool.submit(found[title].click, "Claim", by="U0EVA") for title in titles[:half]]
        pool.submit(slack.advance, 31 * 60)
        clicks += [pool.submit(found[title].click, "Claim", by="U0EVA") for title in titles[half:]]
    slack.settle_after_acts = True
    assert all(click.result().ok for click in clicks)

    late_claims = set[str]()

    def all_are_claimed() -> bool:
        waiting = [title for title, card in found.items() if "owned by" not in card.text]
        for title in waiting:  # on a busy machine Baton asks her to try again: the tick holds the handoffs
            late_claims.add(title)
            with suppress(AssertionError, RefusedError):  # its card has no button any more: it was drawn again just now
                found[title].click("Claim", by="U0EVA")
        return not waiting

    pass_time_until(slack, all_are_claimed)
    slack.wait(seconds=LEASE_S + 5)

    calls = slack.calls()
    for title, card in found.items():
        claimed = next(n for n, call in enumerate(calls) if shown_as_claimed(call, card))
        pinged = [call["args"]["text"] for call in calls[claimed + 1 :] if says_unclaimed(call, title)]
        assert title in late_claims or pinged == [], title  # a summary may be on its way when she presses again
        assert late(slack, "U0DAN")[title] <= 1
    assert not any("Claim" in message.buttons for message in slack.dms("U0DAN"))
    assert (first.bugs(), second.bugs()) == ([], [])
