"""Records that are stored as JSON come back equal, and what an older version stored is read and written as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Table, select

from slackapp.forms.model import FormDraft
from slackapp.forms.rules import form_draft, starting_point
from slackapp.forms.rules.starting_point import StartingPoint
from storage.clocks.model import Calendar, ClockKind, Level, Policy
from storage.clocks.policy_json import calendar_from_json, calendar_to_json, policy_from_json, policy_to_json
from storage.clocks.tables import calendars, policies
from storage.db.database import Database
from storage.handoffs.lifecycle import Verb
from storage.handoffs.tables import drafts
from storage.templates.model import AnswerType, Origin, Question, Template
from storage.templates.tables import template_drafts, templates
from storage.templates.template_json import template_from_json, template_to_json
from tests.older_databases import restore

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
OBJECTS = st.dictionaries(st.text(max_size=5), JSON, max_size=3)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)

CALENDARS = st.builds(Calendar, workspace=st.just("T1"), key=st.just("office"))
POLICIES = st.builds(Policy, workspace=st.just("T1"), key=st.just("standard"), version=st.just(3))
TEMPLATES = st.builds(Template, workspace=st.just("T1"), key=st.just("visit"), version=st.just(3))
BEGINNINGS = st.builds(StartingPoint, note=OBJECTS)
WALKS = st.builds(
    FormDraft,
    purpose=st.sampled_from([Verb.OPEN, Verb.EDIT, Verb.RESEND]),
    draft_id=st.just("V1"),
    answers=OBJECTS,
    start=OBJECTS,
    beginning=OBJECTS,
    began_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    sent_at=NUMBERS,
    pressed_at=NUMBERS,
)


def stored(content: Any) -> Any:
    """JSON as a database gives it back."""
    return json.loads(json.dumps(content))


@given(CALENDARS)
def test_a_calendar_comes_back(calendar: Calendar) -> None:
    assert calendar_from_json("T1", "office", stored(calendar_to_json(calendar))) == calendar


@given(POLICIES)
def test_a_policy_comes_back(policy: Policy) -> None:
    assert policy_from_json("T1", "standard", 3, stored(policy_to_json(policy))) == policy


@given(TEMPLATES)
def test_a_template_comes_back_with_everything_in_its_order(template: Template) -> None:
    found = template_from_json("T1", "visit", 3, template.origin, stored(template_to_json(template)))

    assert found == template
    assert list(found.reasons) == list(template.reasons)
    assert [list(one.options) for one in found.questions] == [list(one.options) for one in template.questions]


@given(WALKS)
def test_a_form_comes_back(form: FormDraft) -> None:
    assert form_draft.read_draft("V1", stored(form_draft.draft_json(form))) == form


@given(BEGINNINGS)
def test_what_a_handoff_starts_from_comes_back(beginning: StartingPoint) -> None:
    assert starting_point.read_starting_point(stored(starting_point.starting_point_json(beginning))) == beginning


def test_what_says_nothing_is_not_stored_where_older_versions_did_not_know_it() -> None:
    level = Level(key="late", clock=ClockKind.CLAIM)
    policy = Policy(workspace="T1", key="standard", levels=(level,))
    question = Question(key="who", label="Who?", kind=AnswerType.PERSON)

    assert policy_to_json(policy) == {
        "targets": {},
        "levels": [
            {
                "key": "late", "clock": "claim", "percent": 100, "offset_s": 0, "tell": [], "repeat_times": 0,
                "repeat_every_s": 0,
            }
        ],
    }  # fmt: skip
    assert template_to_json(Template(key="visit", name="Visit", questions=(question,)))["questions"] == [
        {"key": "who", "label": "Who?", "kind": "person"}
    ]


def test_keys_that_are_not_known_are_passed_over_and_missing_ones_have_their_default() -> None:
    assert template_from_json("T1", "visit", 1, "slack", {"name": "Visit", "begun_from": 2}) == Template(
        workspace="T1", key="visit", origin=Origin.SLACK, name="Visit"
    )


@pytest.fixture
def older(empty_database_url: str) -> Iterator[Database]:
    """A database that an older version wrote."""
    restore(empty_database_url)
    database = Database.open(empty_database_url)
    yield database
    database.close()


def again_template(row: Any) -> Any:
    return template_to_json(template_from_json(row.workspace, row.key, row.version, row.origin, row.content))


def again_template_draft(row: Any) -> Any:
    begun_from = row.content["begun_from"]
    read = template_from_json(row.workspace, row.key, begun_from, Origin.SLACK, row.content)
    return template_to_json(read) | {"begun_from": begun_from}


def again_policy(row: Any) -> Any:
    return policy_to_json(policy_from_json(row.workspace, row.key, row.version, row.content))


def again_calendar(row: Any) -> Any:
    return calendar_to_json(calendar_from_json(row.workspace, row.key, row.content))


def again_form(row: Any) -> Any:
    form = form_draft.read_draft(row.id, row.content)
    if form.beginning:
        form = replace(
            form, beginning=starting_point.starting_point_json(starting_point.read_starting_point(form.beginning))
        )
    return form_draft.draft_json(form)


@pytest.mark.parametrize(
    ("table", "again"),
    [
        (templates, again_template),
        (template_drafts, again_template_draft),
        (policies, again_policy),
        (calendars, again_calendar),
        (drafts, again_form),
    ],
    ids=lambda value: value.name if isinstance(value, Table) else "",
)
def test_what_an_older_version_stored_is_written_as_it_was(
    older: Database, table: Table, again: Callable[[Any], Any]
) -> None:
    with older.reading() as tx:
        rows = tx.execute(select(table)).all()

    assert rows
    for row in rows:
        assert stored(again(row)) == row.content
