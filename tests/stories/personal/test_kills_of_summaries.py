"""Two processes on one database, killed around the time of a summary and of a return: each message comes once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from tests.slack_client import Workspace
from tests.stories.delivery.test_kills import LEASE_S, POSTING, begin, pass_time_until, posted
from tests.stories.delivery.test_kills_of_clocks import nothing_is_written
from tests.stories.northwind import about, go_to, send
from tests.stories.personal.test_away import away
from tests.stories.personal.test_settings import choose, finish
from tests.stories.processes import Baton
from tests.waiting import until

__all__ = ["begin"]

BEFORE_NOON = "2027-03-08T11:50:00+00:00"
"""A Monday; London, where Ben is, has the time of UTC."""
NOON = datetime.fromisoformat("2027-03-08T12:00:00+00:00").timestamp()
Kill = Callable[[], None]
Moment = Callable[[Workspace, str, Kill], None]


def collected_for_noon(slack: Workspace) -> None:
    """Ben's summary of noon has something in it, and an offer waits for Eva, who is away until noon."""
    go_to(slack, BEFORE_NOON)
    choose(slack, "U0BEN", sent="summary", summary_at="12:00")
    send(slack)
    finish(slack, "Acme")
    away(slack, "U0EVA", seconds=NOON - slack.now())
    send(slack, title="Globex renewal", person="U0EVA")
    assert said(slack) == ([], [])


def said(slack: Workspace) -> tuple[list[str], list[str]]:
    """The summaries that Ben has, and all that Eva was told of what waited for her."""
    return (
        [message.text for message in about(slack, "U0BEN", "ummary")],
        [message.text for message in slack.dms("U0EVA") if "Globex" in message.text],
    )


def never(slack: Workspace, _url: str, _kill: Kill) -> None:
    slack.advance(NOON - slack.now())


def after_collecting(slack: Workspace, _url: str, kill: Kill) -> None:
    kill()
    slack.advance(NOON - slack.now())


def before_the_return_is_stored(slack: Workspace, url: str, kill: Kill) -> None:
    with nothing_is_written(url, "collected_messages") as stands:
        slack.advance(NOON - slack.now() + 1)
        until(stands)
        kill()
    assert said(slack)[1] == []


def between_lease_and_send(slack: Workspace, _url: str, kill: Kill) -> None:
    before = posted(slack)
    slack.fault(POSTING, {"error": "ratelimited", "retry_after": 30}, times=2)
    slack.advance(NOON - slack.now())
    pass_time_until(slack, lambda: posted(slack) > before)
    kill()


def between_send_and_mark(slack: Workspace, _url: str, kill: Kill) -> None:
    before = posted(slack)
    slack.fault(POSTING, {"delay_s": 1.0}, times=2)
    slack.advance(NOON - slack.now())
    pass_time_until(slack, lambda: posted(slack) >= before + 2)
    kill()
    assert list(map(len, said(slack))) == [1, 1], "Slack has both, and Baton does not know"


@pytest.mark.parametrize(
    ("dialect", "killed"),
    [
        pytest.param("sqlite", after_collecting, marks=pytest.mark.soak),
        pytest.param("sqlite", between_send_and_mark, marks=pytest.mark.soak),
        pytest.param("postgresql", never, marks=pytest.mark.soak),
        pytest.param("postgresql", after_collecting, marks=pytest.mark.soak),
        pytest.param("postgresql", before_the_return_is_stored, marks=pytest.mark.soak),
        pytest.param("postgresql", between_lease_and_send, marks=pytest.mark.soak),
        ("postgresql", between_send_and_mark),
    ],
)
def test_killed_at_any_step_of_two_processes_a_summary_and_a_return_come_once(
    slack: Workspace, begin: Callable[[], Baton], database_url: str, dialect: str, killed: Moment
) -> None:
    slack.rate_limits(enabled=False)
    with ThreadPoolExecutor() as pool:
        starting = [pool.submit(begin) for _ in range(2 if dialect == "postgresql" else 1)]
    running = [one.result() for one in starting]
    collected_for_noon(slack)

    def kill() -> None:
        for baton in running:
            baton.kill()

    killed(slack, database_url, kill)
    last = begin()
    for _ in range(2):
        slack.wait(seconds=LEASE_S + 5)

    assert list(map(len, said(slack))) == [1, 1], said(slack)
    (summary,), (back,) = said(slack)
    assert summary.startswith("Your summary: 1 handoff with news.")
    assert back.startswith("You're back. 1 handoff needs you now.")
    assert [baton.bugs() for baton in (*running, last)] == [[]] * (len(running) + 1)
