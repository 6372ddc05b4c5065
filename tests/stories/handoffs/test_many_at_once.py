"""Much that is late at once for one person: one message with a row and a button each, kept current, and quiet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from slackapp.app import Running
from tests.slack_client import Json, Message, Workspace
from tests.stories.company import policy
from tests.stories.handoffs.test_many import open_many
from tests.stories.northwind import ACME, about, come_to_rest, open_form, send

MANY = 30
LATE = {"key": "late", "clock": "claim", "at": "100%", "tell": ["managers"]}
LATER = {"key": "later", "clock": "claim", "at": "100%+20m", "tell": ["managers"]}


@pytest.fixture
def northwind(slack: Workspace, share: Callable[..., Running], company: Callable[..., Path]) -> Running:
    """Half an hour for a claim, then the team's manager hears, and twenty minutes later again."""
    slack.rate_limits(enabled=False)
    return share(config=company(policy({"claim": "30m"}, LATE, LATER)))


def many(slack: Workspace, running: Running, count: int) -> None:
    """So many are handed off within moments."""
    open_many(running, count)
    running.baton.wake_pump()
    come_to_rest(slack)


def late(slack: Workspace, *, minutes: int) -> None:
    """Let so much time pass, and then what is said be said."""
    slack.advance(minutes * 60)
    come_to_rest(slack)


def rows(message: Message) -> list[Json]:
    """The buttons of the rows that still need somebody."""
    return [block["accessory"] for block in message.blocks if "accessory" in block]


def test_thirty_that_are_late_at_once_are_one_message_in_which_each_has_its_row(
    slack: Workspace, northwind: Running
) -> None:
    many(slack, northwind, MANY)

    late(slack, minutes=31)

    (bundle,) = slack.dms("U0DAN")
    assert bundle.text.startswith(f"{MANY} reminders need you.")
    assert len(rows(bundle)) == MANY
    assert len(slack.alerts("U0DAN")) == 1

    card = slack.find("U0EVA", "C0SUCCESS", "Case 7 ")
    slack.settle_after_acts = False
    card.click("Claim", by="U0EVA")
    come_to_rest(slack)
    assert len(rows(bundle)) == MANY - 1
    assert bundle.text.startswith(f"{MANY - 1} of {MANY} reminders still need you.")
    assert "claimed by Eva Lindqvist" in bundle.all_text()
    assert len(slack.alerts("U0DAN")) == 1, "redrawn in place, without a noise"

    bundle.click("Claim", by="U0DAN")
    come_to_rest(slack)
    slack.settle_after_acts = True
    assert len(rows(bundle)) == MANY - 2
    assert len(slack.alerts("U0DAN")) == 1
    assert slack.problems() == []


def test_what_follows_joins_it_and_the_next_one_begins_a_quarter_of_an_hour_later(
    slack: Workspace, northwind: Running
) -> None:
    many(slack, northwind, 4)
    slack.wait(minutes=10)
    send(slack, title="Acme renewal")
    slack.wait(minutes=21)
    (bundle,) = slack.dms("U0DAN")
    assert len(rows(bundle)) == 4

    slack.wait(minutes=10)
    assert [message.ts for message in slack.dms("U0DAN")] == [bundle.ts]
    assert "Acme renewal" in bundle.all_text()
    assert len(slack.alerts("U0DAN")) == 1

    slack.wait(minutes=10)  # the second level of the four
    assert len(slack.dms("U0DAN")) == 2
    assert len(slack.alerts("U0DAN")) == 2
    times = [float(message.ts) for message in slack.dms("U0DAN")]
    assert times[1] - times[0] >= 15 * 60


def test_what_is_critical_comes_alone_beside_it(slack: Workspace, northwind: Running) -> None:
    many(slack, northwind, 4)
    send(slack, title="Globex is down", priority="critical")

    slack.wait(minutes=31)

    alone, bundle = sorted(slack.dms("U0DAN"), key=lambda message: len(rows(message)))
    assert "Globex is down" in alone.text
    assert {"Claim", "Assign…"} <= set(alone.buttons)
    assert len(rows(bundle)) == 4
    assert "Globex" not in bundle.all_text()


def test_two_at_once_come_each_on_their_own_and_the_third_in_a_message_with_rows(
    slack: Workspace, northwind: Running
) -> None:
    for title in ("Acme renewal", "Beta upgrade"):
        open_form(slack, "U0BEN").submit({**ACME, "title": title})
    slack.wait(minutes=8)
    send(slack, title="Globex onboarding")

    slack.wait(minutes=23)
    assert [len(about(slack, "U0DAN", title)) for title in ("Acme renewal", "Beta upgrade")] == [1, 1]
    slack.wait(minutes=8)
    assert len(slack.dms("U0DAN")) == 3
    assert "Globex onboarding" in slack.dms("U0DAN")[-1].all_text()
    assert all(message.buttons for message in slack.dms("U0DAN"))
