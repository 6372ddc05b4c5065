"""A long soak: killed processes, lost answers, 429s and database restarts, after which nothing is wrong.

make soak                                                                           1,000 kills in all
make test TESTS="--long -s tests/stories/delivery/test_soak.py --kills 100"         another number
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import pytest
from slack_sdk import WebClient

from tests.databases import Server
from tests.slack_client import Workspace
from tests.stories.delivery.soak import CHANNEL, OWNER, SENDER, Crew, People, hurried
from tests.stories.delivery.soak_oracle import judge
from tests.stories.delivery.test_kills import LEASE_S
from tests.stories.delivery.test_outages import StoppablePostgres, locked

SHORT: Final = 2
REST_EVERY: Final = 25
"""Kills between two rests, at which everything is compared."""
OUTAGE_EVERY: Final = 10
SETUPS: Final = {
    "sqlite-socket": ("sqlite", 1, False),
    "sqlite-http": ("sqlite", 1, True),
    "postgresql-socket": ("postgresql", 2, False),
    "postgresql-http": ("postgresql", 2, True),
}
POSTING: Final = ("chat.postMessage", "chat.update")
FAULTS: Final[tuple[dict[str, Any], ...]] = (
    {"lose_answer": True},
    {"lose_answer": True, "delay_s": 0.3},
    {"delay_s": 0.6},
    {"error": "ratelimited", "retry_after": 5},
    {"status": 503},
)
LONGEST_S: Final = 2.0
"""Seconds after the acts have begun within which a process is killed: about as long as they take."""
Outage = Callable[[], None]


@contextmanager
def database(dialect: str, servers: Callable[[str], Server]) -> Iterator[tuple[str, Outage]]:
    """A database of the soak's own, and what makes it go away for a moment."""
    if dialect == "sqlite":
        server = servers("sqlite")
        url = server.migrated()

        def hold() -> None:
            with locked(url):
                time.sleep(1)

        yield url, hold
        server.give_back(url)
        return
    own = StoppablePostgres()

    def restart() -> None:
        own.down()
        own.up()

    try:
        yield own.migrated(), restart
    finally:
        own.stop()


@pytest.mark.slow
@pytest.mark.timeout(6 * 3600)
@pytest.mark.parametrize(
    "setup", [pytest.param(name, marks=[] if name == "postgresql-http" else pytest.mark.soak) for name in SETUPS]
)
def test_killed_again_and_again_in_the_midst_of_it_all_nothing_is_lost_doubled_or_false(
    servers: Callable[[str], Server], setup: str, kills: int, *, long: bool
) -> None:
    dialect, count, http = SETUPS[setup]
    rounds = -(-kills // len(SETUPS)) if long else SHORT
    dice = random.Random(f"{setup} {rounds}")
    with ExitStack() as parts:
        url, outage = parts.enter_context(database(dialect, servers))
        crew = Crew(url, count=count, http=http)
        parts.callback(crew.close)
        app_url = f"http://127.0.0.1:{crew.balancer.port}/slack/events" if crew.balancer else None
        slack = parts.enter_context(Workspace.start(app_url=app_url))
        slack.rate_limits(enabled=False)
        crew.start(slack)
        people = People(slack=slack, dice=dice)
        people.hand_off()
        for number in range(1, rounds + 1):
            one_round(slack, crew, people, dice, outage if number % OUTAGE_EVERY == 0 else None)
            if number % REST_EVERY == 0 or number == rounds:
                come_to_rest(slack)
                found = judge(slack, url, people)
                print(  # noqa: T201 - shown with -s
                    f"{setup}: {number} kills, {people.tried} forms, {found.handoffs} handoffs, {found.messages} "
                    f"messages, {len(found.lost)} lost, {len(found.doubled)} doubled, {len(found.false)} false",
                    *found.problems[:20],
                    sep="\n",
                    flush=True,
                )
                assert found.problems == []
        assert found.handoffs > 0
        crew.close()
        assert crew.bugs == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_oracle_notices_a_line_too_many_an_owner_who_has_it_no_more_and_a_button_too_many(
    servers: Callable[[str], Server],
) -> None:
    with ExitStack() as parts:
        url, _ = parts.enter_context(database("sqlite", servers))
        crew = Crew(url, count=1, http=False)
        parts.callback(crew.close)
        slack = parts.enter_context(Workspace.start())
        crew.start(slack)
        people = People(slack=slack, dice=random.Random(1))
        people.hand_off()
        slack.settle()
        waiting = slack.messages(OWNER, CHANNEL)[-1].raw
        people.work()
        come_to_rest(slack)
        card, told = slack.messages(OWNER, CHANNEL)[-1], slack.dms(SENDER)[-1]
        assert judge(slack, url, people).problems == []

        client = WebClient(token="xoxb-local-bot", base_url=slack.api_url)
        client.chat_update(
            channel=told.channel, ts=told.ts, text=f"{told.text}\nDone by <@{OWNER}>, soon.", blocks=told.raw["blocks"]
        )
        client.chat_update(channel=card.channel, ts=card.ts, text=waiting["text"], blocks=waiting["blocks"])
        found = judge(slack, url, people).false

        assert [one for one in found if "says ended Done" in one], found
        assert [one for one in found if "says open Customer Success" in one], found
        assert [one for one in found if "offers claim" in one], found
        assert len([one for one in found if " instead of " in one]) == 2, found


def one_round(slack: Workspace, crew: Crew, people: People, dice: random.Random, outage: Outage | None) -> None:
    """People act, something goes wrong in Slack and perhaps in the database, and a process is killed meanwhile."""
    victim = dice.randrange(8)
    people.close_forms()
    slack.fault(dice.choice(POSTING), dice.choice(FAULTS), times=dice.randint(1, 3))
    with hurried(slack), ThreadPoolExecutor(4) as pool:
        doing = [pool.submit(people.hand_off), pool.submit(people.work)]
        if dice.random() < 0.3:
            doing.append(pool.submit(slack.advance, dice.choice((60, 300, 1200))))
        if outage is not None:
            doing.append(pool.submit(outage))
        time.sleep(dice.uniform(0, LONGEST_S))
        crew.kill(victim)
        for one in doing:
            one.result()
    crew.replace(victim)
    slack.advance(dice.choice((1, 5, LEASE_S + 5)))


def come_to_rest(slack: Workspace) -> None:
    """Let everything be sent that is to be sent: what a killed process had taken waits until its lease ends."""
    slack._exchange("DELETE", "/control/faults", None)
    for _ in range(4):
        slack.advance(LEASE_S + 5)
        slack.settle(timeout_s=120)
