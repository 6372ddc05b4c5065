"""Paused notifications, absence and replies in a card's thread, as Baton knows them a moment later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from slackapp.app import Running
from storage.clocks import timers
from storage.clocks.model import ClockKind, Timer
from storage.company import people
from storage.company.model import Person
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Handoff
from tests.slack_client import Workspace
from tests.stories.delivery.test_repair import declined
from tests.stories.northwind import HandOff

TEAM = "T0LOCAL"
ALL_OF_THEM = ("channels:history", "groups:history", "im:history", "dnd:read", "chat:write.public")
HISTORY = "channels:history"


def person(running: Running, user: str) -> Person:
    with running.baton.db.reading() as tx:
        found = people.get(tx, TEAM, user)
    assert found is not None
    return found


def the_handoff(running: Running) -> Handoff:
    with running.baton.db.reading() as tx:
        found = handoffs.get_by_number(tx, TEAM, 1)
    assert found is not None
    return found


def wait_for_life(running: Running) -> None:
    """Let a clock wait for the owner's next sign of life."""
    handoff, now = the_handoff(running), running.baton.clock.now()
    with running.baton.db.transaction() as tx:
        for timer in timers.list_live_for_handoff(tx, handoff.id):
            if timer.clock is ClockKind.FIRST_ACTION:
                return
        timer = Timer(
            id="t_life", workspace=TEAM, handoff_id=handoff.id, clock=ClockKind.FIRST_ACTION, run=99, policy="standard",
            policy_version=1, calendar=None, target_s=3600, started_at=now, running_since=now,
            due_at=now + timedelta(hours=1),
        )  # fmt: skip
        timers.put(tx, timer)


def signs(running: Running) -> list[str]:
    """Who gave a sign of life, in the order of the history."""
    with running.baton.db.reading() as tx:
        return [
            entry.actor for entry in audit.list_for_handoff(tx, the_handoff(running).id) if entry.verb == Verb.CONTINUE
        ]


def test_a_pause_and_a_status_are_known_as_soon_as_they_are_set(slack: Workspace, running: Running) -> None:
    until = int(slack.now()) + 3600
    slack.act("pause", user="U0EVA", until=until)
    slack.act("status", user="U0EVA", text="Vacationing", emoji=":palm_tree:", until=until)
    eva = person(running, "U0EVA")
    assert eva.dnd_until is not None
    assert eva.away_until is not None
    assert eva.dnd_until.timestamp() == eva.away_until.timestamp() == until

    slack.act("pause", user="U0EVA")
    slack.act("status", user="U0EVA")
    eva = person(running, "U0EVA")
    assert (eva.dnd_until, eva.away_until) == (None, None)


def test_what_somebody_paused_before_baton_started_is_known_too(
    slack: Workspace, start: Callable[..., Running]
) -> None:
    until = int(slack.now()) + 3600
    slack.settle_after_acts = False
    slack.act("pause", user="U0EVA", until=until)
    slack.settle_after_acts = True

    dnd_until = person(start(), "U0EVA").dnd_until
    assert dnd_until is not None
    assert dnd_until.timestamp() == until


def test_only_the_owners_reply_in_the_cards_thread_is_a_sign_of_life(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    wait_for_life(running)
    chat = slack.message("U0EVA", "Lunch?", channel="success")
    version = the_handoff(running).version

    slack.message("U0EVA", "At noon.", channel="success", thread_ts=chat.ts)
    slack.message("U0DAN", "How is it going?", channel="success", thread_ts=card.ts)
    assert the_handoff(running).version == version
    assert signs(running) == []

    slack.message("U0EVA", "I have called Mara.", channel="success", thread_ts=card.ts)
    assert signs(running) == ["U0EVA"]


@pytest.mark.parametrize("granted", [False, True])
def test_without_the_history_scope_replies_are_not_seen_and_all_else_goes_on(
    slack: Workspace, running: Running, hand_off: HandOff, granted: bool
) -> None:
    declined(slack, *(scope for scope in ALL_OF_THEM if granted or scope != HISTORY))
    card = hand_off()
    card.click("Claim", by="U0EVA")
    wait_for_life(running)

    slack.message("U0EVA", "I have called Mara.", channel="success", thread_ts=card.ts)

    assert signs(running) == (["U0EVA"] if granted else [])
    card.click("Done", by="U0EVA")
    assert slack.modal("U0EVA").title
