"""Processes killed at the worst moments: nothing is lost and nobody is notified twice."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

import pytest

from storage.db.database import Database
from storage.handoffs import audit, handoffs
from tests.databases import ONE_ELSE_BOTH, POSTGRESQL
from tests.slack_client import Message, Workspace
from tests.stories.northwind import ACME, open_form, told
from tests.stories.processes import Baton
from tests.waiting import until

LEASE_S = 60
"""How long a message belongs to the process that sends it, on Baton's clock."""
POSTING = "chat.postMessage"
_TITLE = re.compile("Late work [A-L]")


@pytest.fixture
def begin(slack: Workspace, database_url: str) -> Iterator[Callable[[], Baton]]:
    """Start a process; whatever still runs at the end of the story is ended."""
    started: list[Baton] = []

    def begin() -> Baton:
        started.append(Baton.start(slack, database_url).__enter__())
        return started[-1]

    yield begin
    for baton in started:
        print(baton.said()[-4000:])  # noqa: T201 - shown by pytest when the story failed
        baton.__exit__(None, None, None)


def cards(slack: Workspace, title: str = ACME["title"]) -> list[Message]:
    """The cards of a handoff in the success team's channel."""
    shown = [(message, message.raw) for message in slack.messages("U0BEN", "C0SUCCESS")]
    return [message for message, raw in shown if title in raw["text"] and raw.get("thread_ts") in {None, raw["ts"]}]


def submit(slack: Workspace, **answers: str) -> None:
    """Ben hands off, and nobody waits for what follows."""
    form = open_form(slack, "U0BEN")
    slack.settle_after_acts = False
    try:
        answer = form.submit({**ACME, **answers})
    finally:
        slack.settle_after_acts = True
    assert answer.ack == {"response_action": "clear"}


def verbs(url: str, number: int = 1) -> list[str]:
    """What the audit says of a handoff."""
    database = Database.open(url)
    try:
        with database.reading() as tx:
            handoff = handoffs.get_by_number(tx, "T0LOCAL", number)
            assert handoff is not None
            return [entry.verb for entry in audit.list_for_handoff(tx, handoff.id)]
    finally:
        database.close()


def posted(slack: Workspace) -> int:
    """How many messages Slack has taken from us."""
    return len(slack.calls(POSTING))


def more_than(slack: Workspace, count: int) -> bool:
    """Whether Slack has taken more messages than that."""
    return posted(slack) > count


@ONE_ELSE_BOTH
def test_killed_between_commit_and_send_there_is_one_card_after_the_restart(
    slack: Workspace, begin: Callable[[], Baton], database_url: str
) -> None:
    baton = begin()
    slack.fault(POSTING, {"error": "ratelimited", "retry_after": 600})
    submit(slack, title="The one that Slack limits")
    until(lambda: posted(slack) == 1)
    submit(slack)  # committed, and not even tried: Slack wants silence
    baton.kill()
    assert cards(slack) == []

    begin()
    slack.settle()
    slack.wait(minutes=10, seconds=5)
    slack.wait(seconds=5)

    (card,) = cards(slack)
    assert len(cards(slack, "The one that Slack limits")) == 1
    card.click("Claim", by="U0EVA")
    assert "owned by <@U0EVA>" in card.text
    assert sent_as(slack) == 2


@pytest.mark.parametrize(
    ("dialect", "fault"),
    [
        pytest.param("sqlite", {"delay_s": 2.0}, marks=pytest.mark.soak),
        ("postgresql", {"delay_s": 2.0}),
        pytest.param("sqlite", {"lose_answer": True, "delay_s": 0.5}, marks=pytest.mark.soak),
    ],
    ids=["sqlite-slow", "postgresql-slow", "sqlite-lost"],
)
def test_killed_between_send_and_mark_there_is_one_card_after_the_restart(
    slack: Workspace, begin: Callable[[], Baton], database_url: str, fault: dict[str, object]
) -> None:
    baton = begin()
    slack.fault(POSTING, fault)
    submit(slack)
    until(lambda: posted(slack) == 1)
    baton.kill()
    assert len(cards(slack)) == 1, "Slack has it, and Baton does not know"

    begin()
    slack.wait(seconds=LEASE_S + 5)

    (card,) = cards(slack)
    card.click("Claim", by="U0EVA")
    assert "owned by <@U0EVA>" in card.text, "Baton found its card again and goes on with it"
    assert "maybe_double" not in verbs(database_url)


def test_where_looking_was_declined_a_kill_costs_one_double_card_and_the_audit_says_so(
    slack: Workspace, begin: Callable[[], Baton], database_url: str
) -> None:
    slack.change("scopes", granted=[scope for scope in slack.overview()["granted"] if not scope.endswith(":history")])
    baton = begin()
    slack.fault(POSTING, {"delay_s": 2.0})
    submit(slack)
    until(lambda: posted(slack) == 1)
    baton.kill()

    begin()
    slack.wait(seconds=LEASE_S + 5)
    slack.wait(seconds=LEASE_S + 5)

    assert len(cards(slack)) == 2
    assert verbs(database_url).count("maybe_double") == 1
    cards(slack)[-1].click("Claim", by="U0EVA")
    assert "owned by <@U0EVA>" in cards(slack)[-1].text


@ONE_ELSE_BOTH
def test_killed_again_and_again_while_it_escalates_everybody_hears_once(
    slack: Workspace, begin: Callable[[], Baton], *, long: bool
) -> None:
    count, kills = (12, 6) if long else (4, 1)
    slack.rate_limits(enabled=False)
    baton = begin()
    titles = [f"Late work {letter}" for letter in "ABCDEFGHIJKL"[:count]]
    for title in titles:
        submit(slack, title=title)
    pass_time_until(slack, lambda: all(len(cards(slack, title)) == 1 for title in titles))
    before = posted(slack)

    slack.fault(POSTING, {"delay_s": 0.3}, times=1000)
    slack.advance(31 * 60)  # half of the target and all of it: the channel is passed over, the manager hears
    for kill in range(kills):
        pass_time_until(slack, partial(more_than, slack, before + kill))
        baton.kill()
        baton = begin()
        slack.advance(LEASE_S + 5)
    slack._exchange("DELETE", "/control/faults", None)
    pass_time_until(slack, lambda: len(late(slack, "U0DAN")) >= count)
    slack.wait(seconds=LEASE_S + 5)
    slack.wait(seconds=LEASE_S + 5)

    assert late(slack, "U0DAN") == Counter(dict.fromkeys(titles, 1))
    assert late(slack, "U0BEN") == Counter(dict.fromkeys(titles, 1)), "the sender hears of lateness once"


@POSTGRESQL
def test_a_process_that_stood_still_and_comes_back_says_nothing_twice(
    slack: Workspace, begin: Callable[[], Baton]
) -> None:
    first = begin()
    slack.fault("conversations.open", {"delay_s": 30.0})
    submit(slack)
    until(lambda: slack.calls("conversations.open"))
    first.freeze()  # it has taken the message, and Slack's answer to its first question is still to come

    second = begin()
    slack.advance(LEASE_S + 5)
    pass_time_until(slack, lambda: sent_as(slack), within_s=28)
    first.thaw()
    until(lambda: len(slack.overview()["processes"]) == 2)  # so that Slack waits for the first one as well
    slack.settle(timeout_s=60)  # Slack's answer comes half a minute after it was asked for

    assert sent_as(slack) == 1
    assert len(cards(slack)) == 1
    assert (first.bugs(), second.bugs()) == ([], [])


def sent_as(slack: Workspace) -> int:
    """How often Ben was told that his handoff was sent."""
    return len([text for text in told(slack, "U0BEN") if "Sent as" in text])


def late(slack: Workspace, user: str) -> Counter[str]:
    """In how many messages somebody was told that work is late, by its title: several may stand in one message."""
    said = [set(_TITLE.findall(m.all_text())) for m in slack.dms(user) if "Sent as" not in m.text]
    return Counter(title for titles in said for title in titles)


def pass_time_until(slack: Workspace, holds: Callable[[], object], *, within_s: float = 60) -> None:
    """Move the clock by two seconds again and again until something holds: our own pacing waits on that clock."""

    def look() -> object:
        if holds():
            return True
        slack.advance(2)
        return False

    until(look, within_s=within_s, every_s=0.1)


@pytest.mark.slow
@ONE_ELSE_BOTH
def test_killed_at_any_moment_it_loses_and_doubles_nothing(
    slack: Workspace, begin: Callable[[], Baton], database_url: str, *, long: bool
) -> None:
    slack.rate_limits(enabled=False)
    dice = random.Random(7)
    acknowledged = 0
    last: Message | None = None
    baton = begin()
    for number in range(40 if long else 2):
        form = open_form(slack, "U0BEN").fill({**ACME, "title": f"Round {number:02}"})
        slack.settle_after_acts = False
        with ThreadPoolExecutor(2) as pool:
            sent = pool.submit(form.submit)
            claimed = pool.submit(last.click, "Claim", by="U0EVA") if last else None
            time.sleep(dice.uniform(0, 0.25))
            baton.kill()
        slack.settle_after_acts = True
        was_sent = sent.result().ack == {"response_action": "clear"}
        acknowledged += was_sent

        baton = begin()
        slack.wait(seconds=LEASE_S + 5)
        slack.wait(seconds=LEASE_S + 5)
        numbers = stored_titles(database_url)
        assert numbers.count(f"Round {number:02}") in ({1} if was_sent else {0, 1})
        for title in numbers:
            assert len(cards(slack, title)) == 1, title
        assert sent_as(slack) == len(numbers)
        if last is not None and claimed is not None:
            has_it = "owned by <@U0EVA>" in last.text
            assert has_it or not claimed.result().ok, "what was acknowledged is stored, and shown"
            heard = [text for text in told(slack, "U0BEN") if "Owned by" in text and last_title(last) in text]
            assert len(heard) == has_it
        last = cards(slack, numbers[-1])[0] if numbers else None
        if last is not None and "Claim" not in last.buttons:
            last = None
    assert acknowledged or not long, "the dice let some through"


def last_title(card: Message) -> str:
    """The title on a card of the rounds above."""
    return card.text[card.text.index("Round") :][:8]


def stored_titles(url: str) -> list[str]:
    """What has been handed off, by number."""
    with closing(Database.open(url)) as database, database.reading() as tx:
        found: list[str] = []
        while (one := handoffs.get_by_number(tx, "T0LOCAL", len(found) + 1)) is not None:
            found.append(one.title)
        return found


def test_a_restart_repeats_no_reminder(slack: Workspace, begin: Callable[[], Baton]) -> None:
    baton = begin()
    submit(slack)
    slack.settle()
    (card,) = cards(slack)
    slack.wait(minutes=15, seconds=5)
    assert len(card.replies()) == 1

    baton.stop()
    baton = begin()
    slack.settle()
    assert len(card.replies()) == 1
    slack.wait(minutes=15)
    heard = told(slack, "U0DAN")
    baton.kill()
    begin()
    slack.settle()

    assert len(heard) == 1
    assert told(slack, "U0DAN") == heard
    assert len(card.replies()) == 1


@POSTGRESQL
def test_two_processes_that_tick_at_once_remind_once(slack: Workspace, begin: Callable[[], Baton]) -> None:
    slack.rate_limits(enabled=False)
    first, second = begin(), begin()
    titles = [f"Late work {letter}" for letter in "ABCDEF"]
    for title in titles:
        submit(slack, title=title)
    pass_time_until(slack, lambda: all(len(cards(slack, title)) == 1 for title in titles))

    slack.advance(31 * 60)
    pass_time_until(slack, lambda: len(late(slack, "U0DAN")) >= len(titles))
    slack.settle()

    assert late(slack, "U0DAN") == Counter(dict.fromkeys(titles, 1))
    assert late(slack, "U0BEN") == Counter(dict.fromkeys(titles, 1))
    assert (first.bugs(), second.bugs()) == ([], [])
