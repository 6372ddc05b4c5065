"""Rate limits: never faster than Slack's tiers, in bursts and in the long run."""

from datetime import UTC, datetime, timedelta

from slackapp.delivery.rate_limits import SLACK, Rate, Slots

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def granted(rate: Rate, seconds: float, step: float = 0.1) -> list[float]:
    """When calls are granted to somebody who asks at every step."""
    allowed: dict[str, datetime] = {}
    at: list[float] = []
    for n in range(int(seconds / step)):
        slots = Slots(now=NOON + timedelta(seconds=n * step), allowed=allowed)
        while not slots.take({"bucket": rate}):
            at.append(n * step)
        allowed = {**allowed, **slots.taken}
    return at


def most_within(at: list[float], window: float) -> int:
    return max(sum(1 for other in at if start <= other < start + window) for start in at)


def test_one_channel_hears_at_most_four_messages_in_four_seconds() -> None:
    assert most_within(granted(SLACK.channel, 60), 4) <= 4


def test_a_workspace_sees_at_most_fifty_updates_in_any_minute() -> None:
    at = granted(SLACK.methods["chat.update"], 240)

    assert most_within(at, 60) <= 50
    assert len(at) > 150


def test_a_workspace_gets_at_most_three_hundred_messages_in_any_minute() -> None:
    assert most_within(granted(SLACK.methods["chat.postMessage"], 180), 60) <= 300


def test_a_pause_earns_a_small_burst_and_no_more() -> None:
    rate = Rate(every_s=1, burst=3)
    slots = Slots(now=NOON, allowed={"bucket": NOON - timedelta(hours=1)})

    refused = [bool(slots.take({"bucket": rate})) for _ in range(5)]

    assert refused == [False, False, False, True, True]
    assert slots.taken == {"bucket": NOON + timedelta(seconds=1)}


def test_whoever_must_wait_for_one_channel_does_not_slow_the_others() -> None:
    one, method = Rate(every_s=1), Rate(every_s=0.25, burst=50)
    slots = Slots(now=NOON, allowed={})

    for _ in range(20):
        slots.take({"channel A": one, "method": method})

    assert not slots.take({"channel B": one, "method": method})


def test_whoever_is_refused_takes_nothing_from_any_bucket() -> None:
    slots = Slots(now=NOON, allowed={"blocked": NOON + timedelta(seconds=30)})
    rate = Rate(every_s=2)

    assert slots.take({"blocked": rate, "free": rate}) == ["blocked"]
    assert slots.taken == {}
