"""Contents that are kept for a time only: when it is over they go, once, and what happened stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from slackapp.app import Running
from storage.handoffs import audit, handoffs, notes
from storage.handoffs.acts import Cancel, Claim, Complete, Reopen
from storage.handoffs.lifecycle import State
from storage.handoffs.model import AuditEntry, Handoff, Text
from tests.databases import EITHER
from tests.slack_client import Workspace
from tests.stories.northwind import about
from tests.stories.written import WORKSPACE, card_of, do, template, write

DAY = 24
FIELDS = [{"key": "need", "label": "Need", "type": "short", "required": "yes"}]


@pytest.fixture
def northwind(share: Callable[..., Running], company: Callable[..., Path]) -> Running:
    """A team whose handoffs are kept for a week after their end."""
    return share(config=company(template(fields=FIELDS, retention="7d")))


def sent(running: Running, slack: Workspace) -> Handoff:
    """Hand off work of that kind."""
    return write(running, slack, "brief", {"need": "A cheaper plan"})


def finish(running: Running, slack: Workspace, handoff: Handoff) -> None:
    """Claim it and finish it."""
    do(running, slack, handoff, Claim(), by="U0EVA")
    do(running, slack, handoff, Complete(text=Text(plain="Signed by Mara")), by="U0EVA")


def stored(running: Running) -> tuple[Handoff, list[AuditEntry], str]:
    """The handoff, its audit, and every word of its notes."""
    with running.db.reading() as tx:
        handoff = handoffs.get_by_number(tx, WORKSPACE, 1)
        assert handoff
        return (
            handoff,
            audit.list_for_handoff(tx, handoff.id),
            "".join(note.text.plain for note in notes.list_for_handoff(tx, handoff.id)),
        )


@EITHER
def test_a_week_after_the_end_contents_and_messages_are_gone_and_the_audit_says_who_did_it_once(
    slack: Workspace, northwind: Running
) -> None:
    finish(northwind, slack, sent(northwind, slack))
    card = card_of(slack, "Acme renewal")
    card.click("Details", by="U0EVA")
    assert "*Kept until:* <!date" in slack.modal("U0EVA").all_text()
    ends_at = stored(northwind)[0].state_since + timedelta(days=7)
    assert stored(northwind)[0].erase_at == ends_at

    slack.wait(hours=7 * DAY - 1)
    assert stored(northwind)[0].state is State.DONE
    slack.wait(hours=2)

    handoff, entries, words = stored(northwind)
    assert (handoff.state, handoff.title, dict(handoff.fields), handoff.erase_at) == (State.DELETED, "", {}, None)
    assert words == ""
    assert [(entry.actor, entry.after) for entry in entries if entry.verb == "delete"] == [("clock", State.DELETED)]
    assert "#1 was deleted" in card.text
    seen = json.dumps([slack.sees(user)["channels"] for user in ("U0BEN", "U0EVA", "U0DAN")])
    for typed in ("Acme renewal", "A cheaper plan", "Signed by Mara", "They asked for 10"):
        assert typed not in seen
    slack.wait(hours=DAY)
    assert len([entry for entry in stored(northwind)[1] if entry.verb == "delete"]) == 1
    assert slack.problems() == []


@EITHER
def test_cancelled_work_is_kept_as_long_and_reopened_work_until_it_ends_again(
    slack: Workspace, northwind: Running
) -> None:
    handoff = sent(northwind, slack)
    do(northwind, slack, handoff, Cancel(text=Text(plain="no")), by="U0BEN")
    assert stored(northwind)[0].erase_at is not None
    slack.wait(hours=6 * DAY)
    do(northwind, slack, handoff, Reopen(text=Text(plain="yes")), by="U0BEN")
    assert stored(northwind)[0].erase_at is None

    slack.wait(hours=2 * DAY)
    assert stored(northwind)[0].state is State.OPEN
    finish(northwind, slack, handoff)
    slack.wait(hours=6 * DAY)
    assert stored(northwind)[0].state is State.DONE
    slack.wait(hours=1 * DAY)
    assert stored(northwind)[0].state is State.DELETED
    assert slack.problems() == []


def test_what_no_template_limits_is_kept(slack: Workspace, running: Running) -> None:
    handoff = write(running, slack, "none", {})
    finish(running, slack, handoff)
    slack.wait(hours=400 * DAY)

    assert stored(running)[0].state is State.DONE
    assert about(slack, "U0BEN", "Acme renewal")
