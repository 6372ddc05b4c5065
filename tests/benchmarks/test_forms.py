"""Turning a page, asking what is under way and drawing a card cost the same however much there is, and not much."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from slackapp.forms.model import Prefilled
from slackapp.forms.queries.duplicates import duplicates
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Opened
from slackapp.handoffs.queries import load
from slackapp.slack import ids
from slackapp.slack.conversation import Context
from slackapp.templates.actions import install_shipped
from storage.company import queues
from storage.db.database import Database, Tx
from storage.handoffs.model import Text
from storage.outbox import pacing
from tests.batons import a_baton
from tests.benchmarks.filling import NOW, fill, fill_forms
from tests.benchmarks.test_ledger import bare_update, cost_ms
from tests.benchmarks.test_scale import BOUND_LONG, BOUND_SHORT, Ledger, compared, tell
from tests.builders import TEAM
from tests.databases import BOTH, Server
from tests.filled import EXAMPLES
from tests.forms.test_form_draft import BEN, SALES, Form, open_new_form
from tests.handoffs.views.drawing import draw
from tests.manual_clock import ManualClock

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

SHORT, LONG = (100, 4_000), (100, 10_000)
"""Handoffs, forms under way, and versions of the template."""
MOST: Final = 20.0
"""A card is a dozen reads; far above this ratio something is read or built that need not be."""
EXAMPLE: Final = EXAMPLES["ae_csm"]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def ledgers(
    request: pytest.FixtureRequest, servers: Callable[[str], Server], *, long: bool
) -> Iterator[tuple[Ledger, Ledger]]:
    """A small and a big ledger, whose sales team offers the shipped templates."""
    server = servers(request.param)
    urls = [server.migrated() for _ in SHORT]
    found = []
    for url, size in zip(urls, LONG if long else SHORT, strict=True):
        database = Database.open(url)
        fill(database, size)
        fill_forms(database, size)
        database.run_transaction(offer)
        found.append(Ledger(size, a_baton(database, ManualClock(NOW))))
    yield found[0], found[1]
    for ledger, url in zip(found, urls, strict=True):
        ledger.baton.db.close()
        server.remove(url)


def offer(tx: Tx) -> None:
    install_shipped(tx, TEAM)
    queues.put(tx, SALES)


def second_page(ledger: Ledger) -> Form:
    """The first page of the template's questions, filled in and not sent."""
    context = Context(baton=ledger.baton, workspace=TEAM, team_url="https://x.slack.com")
    form = open_new_form(context, Prefilled(values={"queue": "sales", "title": "Acme", "next_step": "Call"}))
    form.submit()
    form.submit()  # the first time it asks whether the first of several forms is the right one
    for key in form.inputs:
        form.type(key, typed(EXAMPLE.fields[key]))
    return form


def typed(answer: Any) -> str:
    """An answer as it is typed."""
    return "\n".join(answer) if isinstance(answer, list) else str(answer)


@pytest.mark.parametrize("turn", ["submit", "choice"])
def test_turning_a_page_costs_the_same_however_many_forms_handoffs_and_versions_there_are(
    ledgers: tuple[Ledger, Ledger], turn: str, *, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    forms: dict[int, Form] = {}

    def prepare(ledger: Ledger, _turn: int) -> None:
        forms[ledger.size] = second_page(ledger)

    def go_on(ledger: Ledger, _turn: int) -> None:
        form = forms[ledger.size]
        form.submit() if turn == "submit" else form.press(ids.VALUE)

    found = compared(ledgers, 200 if long else 20, prepare, go_on)

    assert ("use_case" in forms[ledgers[1].size].inputs) == (turn == "submit"), "the page was turned"
    tell(capsys, ledgers, f"a page, by {turn}", found)
    assert found.ratio <= (BOUND_LONG if long else BOUND_SHORT)


def test_asking_what_is_under_way_costs_the_same_however_much_is(
    ledgers: tuple[Ledger, Ledger], *, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(ledger: Ledger, turn: int) -> None:
        link = f"https://crm.example.com/{turn + 1}"
        seen = duplicates(ledger.baton, workspace=TEAM, user="ULEAD1", link=link)
        assert [one.details.handoff.number for one in seen] == [turn + 1]

    found = compared(ledgers, 90 if long else 30, lambda *_: None, ask)

    tell(capsys, ledgers, "the duplicate check", found)
    assert found.ratio <= (BOUND_LONG if long else BOUND_SHORT)


@BOTH
def test_a_card_with_a_template_is_drawn_at_a_few_times_the_cost_of_a_bare_update(
    database: Database, *, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    baton = a_baton(database, ManualClock(NOW))
    database.run_transaction(offer)
    database.run_transaction(lambda tx: pacing.block(tx, TEAM, NOW))
    sent = NewHandoff(
        title="Acme",
        queue="sales",
        next_step="Call Mara",
        note=Text(plain=""),
        template="ae_csm",
        fields=EXAMPLE.fields,
    )
    opened = open_handoff(baton, workspace=TEAM, user=BEN, draft=sent, form="V1")
    assert isinstance(opened, Opened)

    def drawn(tx: Tx, _number: int) -> None:
        seen = load.details(tx, TEAM, opened.handoff.id)
        assert draw("card", seen, {"hop": 1}, NOW)

    bare, whole = cost_ms(database, 1000 if long else 100, bare_update, drawn)

    with capsys.disabled():
        print(  # noqa: T201 - the result
            f"\n{database.dialect}: a card {whole:.2f} ms, bare update {bare:.2f} ms, ratio {whole / bare:.1f}"
        )
    assert whole / bare < MOST
