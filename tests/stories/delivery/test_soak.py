"""A long soak: killed processes, lost answers, 429s and database restarts, after which nothing is wrong.

make soak                                                                           1,000 kills in all
make test TESTS="--long -s tests/stories/delivery/test_soak.py --kills 100"         another number
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from typing import Any, Final

import pytest
from slack_sdk import WebClient

from storage.db.database import Database
from storage.outbox import outbox
from tests.databases import Server
from tests.slack_client import Workspace
from tests.stories.delivery.soak import CHANNEL, OWNER, SENDER, Crew, People, hurried
from tests.stories.delivery.soak_oracle import Verdict, judge, now_of
from tests.stories.delivery.test_kills import LEASE_S
from tests.stories.delivery.test_outages import StoppablePostgres, locked
from tests.waiting import until

SHORT: Final = 2
REST_EVERY: Final = 25
"""Kills between two rests, at which everything is compared."""
RESTS: Final = 5
"""Tries to find a moment at which nothing is on its way."""
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
SHORTEST_S: Final = 2.0
"""A process is killed within as many seconds after the acts have begun as those of the round before took, or these."""
STEP_S: Final = 10
STEP_TAKES_S: Final = 0.1
"""As many of the workspace's seconds pass at once, and as many real ones for them."""
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
        people = People(slack=slack, dice=random.Random(f"people of {setup}"))
        people.hand_off()
        took_s = SHORTEST_S
        for number in range(1, rounds + 1):
            kill_after_s = dice.uniform(0, max(took_s, SHORTEST_S))
            away = outage if number % OUTAGE_EVERY == 0 else None
            took_s = one_round(crew, people, dice, kill_after_s=kill_after_s, outage=away)
            if number % REST_EVERY == 0 or number == rounds:
                found = judged_at_rest(slack, crew, url, people)
                print(  # noqa: T201 - shown with -s
                    f"{setup}: {number} kills, {people.tried} forms, {found.handoffs} handoffs, {found.messages} "
                    f"messages, {len(found.lost)} lost, {len(found.doubled)} doubled, {len(found.false)} false",
                    *found.problems[:20],
                    *(crew.overtaken if found.doubled else ()),
                    sep="\n",
                    flush=True,
                )
                assert found.problems == []
        assert found.handoffs > 0
        crew.close()
        assert crew.bugs == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_oracle_notices_a_line_too_many_an_owner_who_has_it_no_more_a_button_too_many_and_a_note_too_few(
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
        assert people.acknowledged == {"Work 00001"}

        people.acknowledged.add("I am out, 00001.")
        client = WebClient(token="xoxb-local-bot", base_url=slack.api_url)
        client.chat_update(
            channel=told.channel, ts=told.ts, text=f"{told.text}\nDone by <@{OWNER}>, soon.", blocks=told.raw["blocks"]
        )
        client.chat_update(channel=card.channel, ts=card.ts, text=waiting["text"], blocks=waiting["blocks"])
        verdict = judge(slack, url, people)
        found = verdict.false

        assert verdict.lost == ["I am out, 00001. was acknowledged and is not stored"]
        assert [one for one in found if "says ended Done" in one], found
        assert [one for one in found if "says open Customer Success" in one], found
        assert [one for one in found if "offers claim" in one], found
        assert len([one for one in found if " instead of " in one]) == 2, found


def one_round(crew: Crew, people: People, dice: random.Random, *, kill_after_s: float, outage: Outage | None) -> float:
    """People act, something goes wrong in Slack and perhaps in the database, and a process is killed meanwhile.

    Whoever got no answer tries once more. Returns how many seconds the acts took.
    """
    slack, victim = people.slack, dice.randrange(8)
    slack.fault(dice.choice(POSTING), dice.choice(FAULTS), times=dice.randint(1, 3))
    with hurried(slack), ThreadPoolExecutor(4) as pool:
        begun = time.monotonic()
        doing = [pool.submit(people.hand_off), pool.submit(people.work)]
        if dice.random() < 0.3:
            doing.append(pool.submit(pass_time, slack, dice.choice((60, 300, 1200))))
        if outage is not None:
            doing.append(pool.submit(outage))
        time.sleep(kill_after_s)
        crew.kill(victim)
        for one in doing:
            one.result()
        took_s = time.monotonic() - begun
        crew.replace(victim)
        people.try_again()
    pass_time(slack, dice.choice((1, 5, LEASE_S + 5)))
    return took_s


def pass_time(slack: Workspace, seconds: int) -> None:
    """Let time pass while people act: in steps of less than a lease leaves for a call, and never during a call.

    Otherwise one process would post what another has on the wire at this instant: no search in Slack finds what has
    not arrived. A call that takes longer than a lease is given up by the one who makes it.
    """
    while seconds > 0:
        until(lambda: slack.in_flight() == 0, every_s=0.005)
        slack.advance(min(seconds, STEP_S))
        time.sleep(STEP_TAKES_S)
        seconds -= STEP_S


def judged_at_rest(slack: Workspace, crew: Crew, url: str, people: People) -> Verdict:
    """Compare everything at rest while no process adds to it; with so many clocks, rest may be over in a moment."""
    for _ in range(RESTS):
        come_to_rest(slack)
        with crew.frozen():
            if not is_busy(slack, url):
                return judge(slack, url, people)
    raise AssertionError(f"messages were still to be sent after each of {RESTS} rests")


def is_busy(slack: Workspace, url: str) -> bool:
    """Whether any message is due or on its way."""
    with closing(Database.open(url)) as database, database.reading() as tx:
        return outbox.count_unsent(tx, now_of(slack)) > 0


def come_to_rest(slack: Workspace) -> None:
    """Let everything be sent that is to be sent: what a killed process had taken waits until its lease ends."""
    slack.clear_faults()
    slack.settle(timeout_s=120)
    for _ in range(4 * (LEASE_S + 5) // STEP_S):
        slack.advance(STEP_S)
        slack.settle(timeout_s=120)
