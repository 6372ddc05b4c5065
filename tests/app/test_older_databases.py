"""Databases written by an older version open, need nothing done by hand, and everything in them works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from slackapp.company import queries
from slackapp.company.actions import apply_config
from slackapp.company.rules.read import read_file
from slackapp.delivery.model import SendJob, WebhookCall
from slackapp.delivery.prepare import prepare
from slackapp.escalation.actions import clock_sweep, digests
from slackapp.escalation.actions.tick import tick
from slackapp.forms.queries import form_context
from slackapp.forms.rules import starting_point
from slackapp.handoffs.actions import search_index
from slackapp.handoffs.actions.carry_out import Outcome, Request, carry_out
from slackapp.handoffs.model import Seen
from slackapp.handoffs.queries import find
from slackapp.handoffs.views.card import card
from slackapp.handoffs.views.details import show_all
from slackapp.registers import REGISTERS
from slackapp.reports.queries import load_context_report
from slackapp.runtime.baton import Baton
from slackapp.template_editor.actions import TemplateList, list_templates
from storage.clocks.model import ClockKind
from storage.clocks.tables import notices, timers
from storage.db.database import Database
from storage.db.errors import DatabaseBusy, DatabaseUnavailable
from storage.db.upgrade import pending, upgrade
from storage.handoffs.acts import (
    Act,
    AddNote,
    Answer,
    Cancel,
    Claim,
    Complete,
    Confirm,
    Continue,
    Correct,
    Decline,
    Delete,
    Edit,
    GiveReadBack,
    Reopen,
    Resend,
    Return,
    Transfer,
    Verdict,
)
from storage.handoffs.handoffs import get_by_number
from storage.handoffs.lifecycle import Moved, ReadBackStatus, State, Verb
from storage.handoffs.model import Handoff, Text
from storage.handoffs.tables import audit, handoffs
from storage.outbox.outbox import drop, lease
from storage.outbox.tables import messages, outbox
from storage.search import listing
from storage.search.model import Filters, ListScope, Sight, Wanted
from storage.search.words import terms
from storage.templates.model import AnswerType, Origin
from tests.handoffs.views.view_checks import sound_message, sound_view
from tests.manual_clock import ManualClock
from tests.older_databases import FIXTURES, TEAM, WRITTEN_AT, restore

WORDS = Text(plain="Words of today")


@pytest.fixture
def older_url(empty_database_url: str) -> str:
    """The URL of a database as the older version left it."""
    restore(empty_database_url)
    return empty_database_url


@pytest.fixture
def baton(older_url: str) -> Iterator[Baton]:
    upgrade(older_url)
    database = Database.open(older_url)
    yield Baton(db=database, clock=ManualClock(WRITTEN_AT))
    database.close()


@pytest.fixture
def everything(baton: Baton) -> list[Handoff]:
    """Every handoff, in the order of their numbers."""
    with baton.db.reading() as tx:
        numbers = tx.execute(select(handoffs.c.number).order_by(handoffs.c.number)).scalars()
        found = [get_by_number(tx, TEAM, number) for number in numbers]
    return [handoff for handoff in found if handoff is not None]


@pytest.fixture
def titled(everything: list[Handoff]) -> Callable[[str], Handoff]:
    """Find the newest handoff with a title that ends like this."""

    def find(words: str) -> Handoff:
        return [handoff for handoff in everything if handoff.title.endswith(words)][-1]

    return find


def done(baton: Baton, handoff: Handoff, act: Act, user: str) -> Outcome:
    """Do it, and again where a busy machine took longer than a person can wait: nothing was stored then."""
    request = Request(workspace=TEAM, handoff_id=handoff.id, act=act, user=user)
    for _ in range(10):
        with suppress(DatabaseBusy, DatabaseUnavailable):
            return carry_out(baton, request)
    return carry_out(baton, request)


def test_an_upgrade_is_all_it_needs(older_url: str) -> None:
    missing = pending(older_url)

    assert "0004" not in missing
    assert upgrade(older_url) == missing
    assert pending(older_url) == []


def test_the_dump_holds_work_in_every_situation(baton: Baton, everything: list[Handoff]) -> None:
    assert {handoff.state for handoff in everything} == set(State)
    assert {handoff.read_back for handoff in everything} == {None, *ReadBackStatus}
    assert any(handoff.offered_to for handoff in everything)
    assert any(handoff.snoozed_until for handoff in everything)
    assert any(handoff.asked_at for handoff in everything)
    assert any(handoff.private for handoff in everything)
    assert any(handoff.source for handoff in everything)
    assert any(handoff.erase_at for handoff in everything)
    assert any(handoff.hop > 1 for handoff in everything)
    assert any(handoff.accountable.startswith("queue:") for handoff in everything)
    with baton.db.reading() as tx:
        clocks = set(tx.execute(select(timers.c.clock)).scalars())
        kinds = set(tx.execute(select(messages.c.kind)).scalars())
        waiting = set(tx.execute(select(outbox.c.kind)).scalars())
        statuses = set(tx.execute(select(outbox.c.status)).scalars())
        verbs = set(tx.execute(select(audit.c.verb)).scalars())
        why = set(tx.execute(select(notices.c.why)).scalars())
    assert clocks == set(ClockKind)
    assert kinds == {"card", "reply", "dm", "sent", "source", "level", "bundle", "digest", "trouble"}
    assert waiting >= {"card", "dm", "reply", "level", "bundle", "webhook"}
    assert statuses == {"waiting", "leased"}
    assert set(Verb) - verbs == {Verb.CONTINUE, Verb.LAPSE, Verb.REMIND}
    assert why >= {None, "dnd"}


def test_every_handoff_can_be_found_once_its_words_are_added(baton: Baton, everything: list[Handoff]) -> None:
    kept = [handoff for handoff in everything if handoff.state is not State.DELETED]

    assert search_index.fill(baton) == len(kept)
    assert search_index.fill(baton) == 0

    with baton.db.reading() as tx:
        for handoff in kept:
            wanted = Wanted(
                workspace=TEAM, scope=ListScope.EVERYTHING, filters=Filters(terms=tuple(terms(handoff.title)))
            )
            found = listing.find(tx, replace(wanted, size=200), Sight(user="U0KIM", own=(handoff.queue,)), WRITTEN_AT)
            assert handoff.id in {one.id for one in found.handoffs}, handoff.title


def test_every_handoff_can_be_shown(baton: Baton, everything: list[Handoff]) -> None:
    assert len(everything) > 60
    for handoff in everything:
        seen = find.find_handoff(baton, workspace=TEAM, handoff_id=handoff.id, user="U0KIM", history=True)
        assert isinstance(seen, Seen)
        assert seen.details.template is not None or handoff.template is None
        sound_message(card(seen.details, WRITTEN_AT))
        sound_view(show_all(seen.details, seen.may, WRITTEN_AT, reader="U0KIM"))


def test_lists_are_shown(baton: Baton) -> None:
    mine = find.list_own(baton, workspace=TEAM, user="U0EVA")
    waiting = find.list_waiting(baton, workspace=TEAM, user="U0EVA", queue=None)

    assert (len(mine.owned), len(mine.offered), len(mine.sent)) >= (10, 1, 1)
    assert waiting.total >= len(waiting.shown) > 10


def test_every_kind_of_work_goes_on(baton: Baton, titled: Callable[[str], Handoff]) -> None:
    wanted = [
        ("Acme: open", Edit(changes={"next_step": "Call Lena"}), "U0BEN", State.OPEN),
        ("Acme: open", Claim(), "U0EVA", State.CLAIMED),
        ("Acme: new customer, 40 seats", Edit(answers={"risk": "stable"}), "U0BEN", State.OPEN),
        ("Acme: offered", Decline(), "U0EVA", State.OPEN),
        ("Acme: claimed", Complete(verdict=Verdict.ASKED), "U0EVA", State.DONE),
        ("Acme: needed", Transfer(queue="support"), "U0EVA", State.OPEN),
        ("Acme: read back due", GiveReadBack(text=WORDS), "U0EVA", State.CLAIMED),
        ("Acme: read back given", Correct(text=WORDS), "U0BEN", State.CLAIMED),
        ("Acme: read back corrected", GiveReadBack(text=WORDS), "U0EVA", State.CLAIMED),
        ("Acme: read back corrected", Confirm(), "U0BEN", State.CLAIMED),
        ("Acme: asked", Answer(text=WORDS), "U0BEN", State.CLAIMED),
        ("Acme: snoozed", Continue(), "U0EVA", State.CLAIMED),
        ("Acme: returned", Resend(text=WORDS), "U0BEN", State.OPEN),
        ("Acme: done", Reopen(text=WORDS), "U0BEN", State.OPEN),
        ("Acme: cancelled", Delete(), "U0KIM", State.DELETED),
        ("Acme: private open", Claim(), "U0EVA", State.CLAIMED),
        ("Acme: private claimed", Return(text=WORDS), "U0EVA", State.RETURNED),
        ("Acme: passed on", Claim(), "U0HUGO", State.CLAIMED),
        ("Acme: visit", AddNote(text=WORDS), "U0HUGO", State.OPEN),
        ("Acme: last critical", Cancel(), "U0BEN", State.CANCELLED),
    ]

    outcomes = [done(baton, titled(title), act, user) for title, act, user, _ in wanted]

    for (title, _, _, state), outcome in zip(wanted, outcomes, strict=True):
        assert isinstance(outcome, Moved), (title, outcome)
        assert outcome.after.state is state, title


def test_everything_that_waits_is_drawn_and_can_be_sent(baton: Baton) -> None:
    now = WRITTEN_AT + timedelta(days=1)
    outcomes: dict[str, Any] = {}
    with baton.db.transaction() as tx:
        while rows := lease(tx, now, 500, 30, "pump"):  # one at a time in each channel
            outcomes |= {row.wanted.key: prepare(tx, row, now, REGISTERS.message_kinds) for row in rows}
            for row in rows:
                drop(tx, row, "it was looked at")

    ready = [key.split(":")[0] for key, outcome in outcomes.items() if isinstance(outcome, SendJob | WebhookCall)]
    assert len(ready) > 20
    assert set(ready) >= {"card", "level", "bundle", "webhook"}


def test_time_goes_on(baton: Baton) -> None:
    clock = baton.clock
    assert isinstance(clock, ManualClock)
    assert clock_sweep.sweep(baton).faults == {}

    looked = 0
    for _ in range(12):
        clock.advance(timedelta(hours=4))
        looked += tick(baton)
        digests.put_due_digests(baton)

    assert looked > 50
    assert clock_sweep.sweep(baton).faults == {}


def test_the_configuration_is_what_was_applied(baton: Baton) -> None:
    company = read_file(FIXTURES / "ledger_0004_company.yml").company

    with baton.db.reading() as tx:
        stored = queries.export(tx, TEAM)
        assert apply_config.diff(tx, TEAM, company) == ()

    assert stored.calendars == tuple(
        sorted((replace(one, workspace=TEAM) for one in company.calendars), key=lambda one: one.key)
    )
    assert [(one.key, one.targets, one.levels, one.rules, one.wake) for one in stored.policies] == [
        (one.key, one.targets, one.levels, one.rules, one.wake) for one in company.policies
    ]


def test_an_applied_configuration_changes_nothing_when_it_is_applied_again(baton: Baton) -> None:
    reading = read_file(FIXTURES / "ledger_0004_company.yml")

    assert apply_config.apply(baton, TEAM, reading.company, reading.digest) == apply_config.Changes()


def test_forms_under_way_go_on(baton: Baton) -> None:
    with baton.db.reading() as tx:
        draft = form_context.get_draft(tx, TEAM, "U0BEN", "VDRAFT")
        edit = form_context.get_draft(tx, TEAM, "U0BEN", "VEDIT")

    assert draft is not None
    assert edit is not None
    assert (draft.page, draft.more, draft.passed, draft.sent, draft.sent_at) == (
        1,
        True,
        ("first_step",),
        1,
        1794000001.5,
    )
    assert draft.answers == {
        "title": "Half a thought", "queue": "success", "template": "ae_csm", "link": None, "promised": ["One"],
    }  # fmt: skip
    assert draft.source is not None
    assert draft.source.author == "U0CLARA"
    assert draft.began_at is not None
    begun = starting_point.read_starting_point(draft.beginning)
    assert begun.message is not None
    assert (begun.message.links, begun.message.files[0].name) == (("https://example.com/x",), "offer.pdf")
    assert [one.author for one in begun.thread] == ["U0CLARA", None]
    assert (edit.purpose, edit.answers, edit.start) == (
        Verb.EDIT, {"title": "Other words"}, {"title": "Acme: open"},
    )  # fmt: skip


def test_templates_and_their_drafts_are_there(baton: Baton) -> None:
    found = list_templates(baton, workspace=TEAM, user="U0KIM")

    assert isinstance(found, TemplateList)
    assert {one.origin for one in found.templates} == set(Origin)
    assert {draft.key for draft in found.drafts} == {"visit", "ae_to_customer_success_copy"}
    (visit,) = [one for one in found.templates if one.key == "visit"]
    assert (visit.version, visit.card, visit.queues) == (2, ("when", "mood"), ("support",))
    kinds = {question.kind for one in found.templates for question in one.questions}
    assert kinds == set(AnswerType)


def test_verdicts_are_counted(baton: Baton) -> None:
    counted = load_context_report(baton, workspace=TEAM, user="U0BEN", queue=None)

    assert set(counted.own) == set(Verdict)
