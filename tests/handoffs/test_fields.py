"""Limits of the fields of a form, and their problems."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from slackapp.handoffs.rules.fields import LONGEST, problems
from slackapp.slack.field_problems import FieldProblem, is_link
from storage.handoffs.model import Text

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
