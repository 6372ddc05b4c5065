"""A Home tab that somebody looks at is fresh within two seconds at Slack's own pace, and not published for nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import pytest

from slackapp.app import Running
from slackapp.delivery import rate_limits
from tests.databases import EITHER
from tests.slack_client import Json, Workspace
from tests.stories.northwind import HandOff
from tests.waiting import until

pytestmark = [EITHER, pytest.mark.waiting]
BEN, EVA = "U0BEN", "U0EVA"
FRESH_WITHIN_S = 2.0


@pytest.fixture
def running(slack: Workspace, start: Callable[..., Running]) -> Iterator[Running]:
    """One Baton at Slack's own pace, in a Slack that insists on it, where acts return at once."""
    slack.rate_limits(enabled=True)
    running = start(rates=rate_limits.SLACK)
    yield running
    slack.settle_after_acts = True


def published(slack: Workspace, user: str) -> list[Json]:
    return [call for call in slack.calls("views.publish") if call["args"]["user_id"] == user]


def fresh(slack: Workspace, user: str, words: str, after: int) -> list[Json]:
    """The tabs with these words that somebody was shown after a call."""
    return [call for call in published(slack, user) if call["n"] > after and words in str(call["args"]["view"])]


def all_fresh(slack: Workspace, wanted: Mapping[str, str], after: int) -> bool:
    return all(fresh(slack, user, words, after) for user, words in wanted.items())


def test_a_change_is_seen_within_two_seconds(slack: Workspace, hand_off: HandOff) -> None:
    cards = [hand_off(title=f"Case {n}") for n in range(3)]
    slack.home(BEN)
    slack.home(EVA)
    slack.settle()
    slack.settle_after_acts = False

    for n, card in enumerate(cards, start=1):
        last = slack.calls()[-1]["n"]
        card.click("Claim", by=EVA)

        wanted = {BEN: "🟢 <@U0EVA>", EVA: f"Yours ({n})"}
        until(partial(all_fresh, slack, wanted, last))
        clicked = next(call for call in slack.calls(after=last) if call["method"] == "block_actions")
        for user, words in wanted.items():
            assert fresh(slack, user, words, last)[0]["begun"] - clicked["begun"] <= FRESH_WITHIN_S, (user, n)

    for user in (BEN, EVA):
        times = [call["at"] for call in published(slack, user)]
        assert len(times) <= times[-1] - times[0] + 2, "one a second, whenever each of them reached Slack"
    assert all(call["answer"]["ok"] for call in slack.calls("views.publish")), "Slack took every one"


def test_what_changes_nothing_that_they_see_publishes_nothing(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off(title="Case")
    slack.home(BEN)
    slack.settle()
    before = len(published(slack, BEN))

    card.click("Details", by="U0DAN")
    slack.home(BEN)
    slack.settle()

    assert len(published(slack, BEN)) == before
