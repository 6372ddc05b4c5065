"""Limits of the fields of a form, and their problems."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.model import Invalid
from slackapp.handoffs.rules.fields import LONGEST, problems
from slackapp.slack.field_problems import FieldProblem, is_link
from storage.company import queues
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.acts import Edit
from storage.handoffs.lifecycle import Moved
from storage.handoffs.model import Text
from storage.templates import templates
from storage.templates.model import AnswerType, Question, Template
from tests.batons import a_baton
from tests.builders import TEAM, a_handoff, a_queue
from tests.databases import SQLITE

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SOUND: dict[str, Any] = {
    "title": "Acme renewal",
    "next_step": "Call Mara",
    "note": Text(plain="They asked for 10 % off."),
    "link": "https://crm.example.com/acme?id=1#top",
    "needed_by": NOW + timedelta(seconds=1),
    "priority": "high",
}


def test_a_sound_form_has_no_problems() -> None:
    assert problems(SOUND, NOW) == {}


@pytest.mark.parametrize("field", ["link", "needed_by"])
def test_some_fields_may_be_left_empty(field: str) -> None:
    assert problems({**SOUND, field: None}, NOW) == {}


@pytest.mark.parametrize("field", ["title", "next_step", "note"])
@pytest.mark.parametrize("nothing", ["", "   \n\t", None, Text(plain=" ")])
def test_others_must_say_something(field: str, nothing: Any) -> None:
    assert problems({**SOUND, field: nothing}, NOW) == {field: FieldProblem.EMPTY}


@pytest.mark.parametrize(("field", "longest"), list(LONGEST.items()))
def test_a_field_takes_its_longest_text_and_not_a_character_more(field: str, longest: int) -> None:
    start = "https://crm.example.com/" if field == "link" else ""
    full = start.ljust(longest, "x")

    assert problems({field: full}, NOW) == {}
    assert problems({field: full + "x"}, NOW) == {field: FieldProblem.TOO_LONG}


def test_a_note_may_be_as_long_as_it_likes() -> None:
    assert problems({"note": Text(plain="x" * 50_000)}, NOW) == {}


def test_needed_by_lies_ahead() -> None:
    assert problems({"needed_by": NOW}, NOW) == {"needed_by": FieldProblem.IN_THE_PAST}
    assert problems({"needed_by": NOW - timedelta(days=1)}, NOW) == {"needed_by": FieldProblem.IN_THE_PAST}


def test_fields_that_are_not_given_are_not_asked_for() -> None:
    assert problems({"title": "Acme"}, NOW) == {}


def test_every_problem_is_reported_at_once() -> None:
    found = problems({"title": "", "next_step": "x" * 301, "link": "no link", "needed_by": NOW}, NOW)

    assert found == {
        "title": FieldProblem.EMPTY,
        "next_step": FieldProblem.TOO_LONG,
        "link": FieldProblem.NO_LINK,
        "needed_by": FieldProblem.IN_THE_PAST,
    }


@pytest.mark.parametrize("text", ["http://a.b", "https://crm.example.com:8443/x?y=z", "https://[::1]/", "HTTPS://A.B"])
def test_a_link_is_a_whole_web_address(text: str) -> None:
    assert is_link(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "acme",
        "crm.example.com",
        "ftp://a.b",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "https://a b",
        "http://[x",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_link(text)
    assert problems({"link": text}, NOW) == {"link": FieldProblem.NO_LINK}


@SQLITE
def test_the_answers_of_an_edit_are_checked_and_those_that_it_leaves_alone_are_not(database: Database) -> None:
    seats = Question(key="seats", label="Seats", kind=AnswerType.NUMBER)
    who = Question(key="who", label="Who?", kind=AnswerType.SHORT, required=True)
    with database.transaction() as tx:
        queues.put(tx, a_queue())
        template = templates.put(tx, Template(workspace=TEAM, key="deal", name="Deal", questions=(seats, who)))
        handoffs.add(tx, a_handoff(template="deal", template_version=template.version, fields={"seats": "12"}))

    def edited(edit: Edit) -> object:
        return carry_out(a_baton(database), Request(workspace=TEAM, handoff_id="h1", act=edit, user="SENDER"))

    assert edited(Edit(answers={"seats": "twelve", "who": "Mara"})) == Invalid(
        problems={"seats": FieldProblem.NO_NUMBER}
    )
    assert edited(Edit(answers={"seats": "13"})) == Invalid(problems={"who": FieldProblem.EMPTY})
    assert isinstance(edited(Edit(changes={"title": "Acme, renamed"})), Moved)
