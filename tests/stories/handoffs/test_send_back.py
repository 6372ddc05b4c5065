"""Work goes back with a reason of its kind, and comes again with what changed; nothing that was known is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from slackapp.app import Running
from slackapp.handoffs.actions.carry_out import Request, carry_out
from storage.clocks.model import ClockKind
from storage.handoffs.acts import Edit
from storage.handoffs.lifecycle import Moved
from tests.databases import EITHER
from tests.slack_client import Message, Workspace
from tests.stories.company import policy
from tests.stories.ledger import handoff, running
from tests.stories.northwind import fill, told
from tests.stories.taken_over import opening, takes_over

pytestmark = EITHER

TARGETS = {"claim": "2h", "finish": "8h", "respond": "4h"}


@pytest.fixture
def baton(share: Callable[..., Running], company: Callable[..., Path]) -> Running:
    return share(config=company(takes_over("off"), policy(TARGETS)))


@pytest.fixture
def card(slack: Workspace, baton: Running) -> Message:
    """What Ben handed off in a template with reasons of its own, and Eva claimed."""
    found = opening(slack, baton)()
    found.click("Claim", by="U0EVA")
    return found


def send_back(slack: Workspace, card: Message, reason: str, note: str) -> None:
    card.choose("Send back", by="U0EVA")
    fill(slack, "U0EVA", reason=reason, note=note)


def turn_the_rest(slack: Workspace) -> None:
    """Leave the pages of the template's questions as they are."""
    while slack.views("U0BEN"):
        assert fill(slack, "U0BEN").ok


def test_the_form_offers_the_reasons_of_the_kind_of_work_and_something_else(slack: Workspace, card: Message) -> None:
    card.choose("Send back", by="U0EVA")

    form = slack.modal("U0EVA")
    options = form.raw["blocks"][2]["element"]["options"]
    assert [option["text"]["text"] for option in options] == [
        "No date was agreed",
        "The scope is open",
        "Something else",
    ]
    fill(slack, "U0EVA", reason="scope", note="What did we promise?")

    asked = slack.dms("U0BEN")[-1]
    for told_to in (asked.text, card.all_text(), card.replies()[-1].text):
        assert "The scope is open" in told_to
        assert "What did we promise?" in told_to
    card.click("Details", by="U0DAN")
    assert "The scope is open." in slack.modal("U0DAN").all_text()
    assert slack.problems() == []


def test_a_reason_is_read_in_the_words_of_its_time(
    slack: Workspace, card: Message, baton: Running, start: Callable[..., Running], company: Callable[..., Path]
) -> None:
    send_back(slack, card, "no_date", "By when do they need it?")
    baton.stop()

    start(config=company(takes_over("off", reasons={"price": "The price is open"}), policy(TARGETS)))

    card.click("Details", by="U0DAN")
    assert "No date was agreed." in slack.modal("U0DAN").all_text()


def test_it_comes_again_with_what_changed_and_everything_kept(
    slack: Workspace, card: Message, baton: Running, database_url: str
) -> None:
    slack.wait(minutes=30)
    send_back(slack, card, "scope", "What did we promise?")
    before = running(database_url)[ClockKind.FINISH]
    edited = handoff(database_url)
    more = Edit(changes={"fields": {**edited.fields, "contract": "C-18"}})
    assert isinstance(
        carry_out(baton.baton, Request(workspace="T0LOCAL", handoff_id=edited.id, act=more, user="U0BEN")), Moved
    )
    slack.settle()

    slack.dms("U0BEN")[-1].click("Add and send again", by="U0BEN")
    fill(slack, "U0BEN", note="A pilot of 30 days.", next_step="Plan the pilot")
    turn_the_rest(slack)

    after = handoff(database_url)
    assert (after.rounds, after.number, after.title) == (1, 1, "Acme renewal")
    assert running(database_url)[ClockKind.FINISH].consumed_s == before.consumed_s
    text = card.all_text()
    assert "A pilot of 30 days." in text
    assert "Changed since it was sent back: Contract, first step" in text
    assert "They asked for 10 % off." in text, "what the sender wrote at first stands there still"
    card.click("Claim", by="U0FARID")
    assert "Changed since" in card.all_text(), "until its owner has gone on"
    assert "sent again" not in " ".join(told(slack, "U0FARID"))
    assert slack.problems() == []


def test_only_the_last_round_counts(slack: Workspace, card: Message) -> None:
    send_back(slack, card, "scope", "What did we promise?")
    card.click("Add and send again", by="U0BEN")
    fill(slack, "U0BEN", note="A pilot.", title="Acme renewal, pilot")
    turn_the_rest(slack)
    assert "Changed since it was sent back: title" in card.all_text()
    card.click("Claim", by="U0EVA")
    send_back(slack, card, "no_date", "From when on?")
    card.click("Add and send again", by="U0BEN")

    fill(slack, "U0BEN", note="From May on.")
    turn_the_rest(slack)

    assert "From May on." in card.all_text()
    assert "Changed since" not in card.all_text()
