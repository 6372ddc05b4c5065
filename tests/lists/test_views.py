"""The list modal, its filters and its CSV: valid whatever people typed, and harmless in a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from slackapp.handoffs.model import HandoffDetails
from slackapp.lists.model import ListKind, ListPage, ListQuery, Row
from slackapp.lists.rules import from_value, harmless, to_value
from slackapp.lists.views import csv_file
from slackapp.lists.views.filter_form import filter_form
from slackapp.lists.views.list_modal import list_modal
from storage.handoffs.lifecycle import Actor, Role
from storage.handoffs.model import Priority
from tests.builders import NOW, a_handoff, a_queue
from tests.handoffs.samples import EXTREMES
from tests.handoffs.views.view_checks import sound_view, words_of
from tests.tables import check_rows


def a_page(query: ListQuery, **changes: Any) -> ListPage:
    actor = Actor(user="U1", roles=frozenset({Role.MEMBER}))
    title = str(changes.pop("title", "Acme"))
    private = bool(changes.pop("private", False))
    found = [a_handoff(number=n, title=title, private=private) for n in range(1, 21)]
    rows = [Row(details=HandoffDetails(handoff=one, queue=a_queue()), actor=actor) for one in found]
    given: Mapping[str, Any] = {"rows": rows, "page": 1, "total": 60, "teams": [a_queue()], **changes}
    return ListPage(query=query, reader="U1", now=NOW, **given)


@pytest.mark.parametrize("kind", list(ListKind))
def test_every_list_is_a_view_that_slack_takes(kind: ListKind) -> None:
    for typed in EXTREMES.values():
        query = ListQuery(kind=kind, text=typed, team="success", priority=Priority.HIGH, sender="U2", is_late=True)
        sound_view(list_modal(a_page(query, title=typed)))
        sound_view(list_modal(a_page(query, rows=(), total=0)))
        sound_view(filter_form(a_page(query)))
        sound_view(csv_file.copied_view(csv_file.csv_file(a_page(query, title=typed))))


def test_a_search_that_stopped_says_so_and_how_to_go_on() -> None:
    query = ListQuery(kind=ListKind.SEARCH, text="acme", team="success")
    last = words_of(list_modal(a_page(query, page=2, before=77))["blocks"])
    older = words_of(list_modal(a_page(replace(query, before=77), page=0))["blocks"])
    nothing = words_of(list_modal(a_page(query, rows=(), total=0, before=77))["blocks"])

    assert "60 handoffs match “acme” so far" in last
    assert "Handoffs before #77 haven't been searched yet." in last
    assert "add a word or filter by priority or filter by sender." in last
    assert "Search older" in last
    assert "Search older" not in words_of(list_modal(a_page(query, page=1, before=77))["blocks"]), "Next comes first"
    assert "60 older handoffs match “acme”" in older
    assert "Back to the newest" in older
    assert "Nothing in the handoffs after #77 matches “acme”. Older ones may." in nothing
    assert "Search older" in nothing


def test_a_list_survives_its_way_through_a_button() -> None:
    def check(query: ListQuery) -> None:
        assert from_value(to_value(query)) == query
        assert ":" not in to_value(query)

    check_rows(
        [
            ListQuery(kind=ListKind.MINE),
            ListQuery(kind=ListKind.TEAM, team="a:b&c=d/é", page=3, before=77),
            ListQuery(kind=ListKind.SEARCH, text="a & b: é", people=("U1", "U2"), is_mine=True, is_late=True),
            ListQuery(kind=ListKind.SEARCH, number=42, priority=Priority.LOW, template="t", sender="U3"),
        ],
        check,
    )
    assert [from_value(value) for value in ("", "list=nothing", "list=mine&page=x", "list=mine&priority=x")] == [
        None
    ] * 4


def test_no_cell_is_a_formula() -> None:
    for begins in ("=", "+", "-", "@", "\t", "\r", " =", "\uff1d"):
        assert harmless(f"{begins}1+1").startswith("'")
    assert harmless("Acme = 1") == "Acme = 1"


def test_private_work_has_no_title_in_a_file() -> None:
    text = csv_file.csv_file(a_page(ListQuery(kind=ListKind.MINE), title="Layoffs", private=True))

    assert "Layoffs" not in text
    assert "Private handoff" in text
