"""A company's own templates: read and written back, differences in sentences, applied only where they changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slackapp.company.actions.apply_config import Changes, NotApplied, apply
from slackapp.company.model import Company
from slackapp.company.queries import export
from slackapp.company.rules.changes.differences import differences
from slackapp.company.rules.read import read
from slackapp.company.rules.write import write
from slackapp.runtime.baton import Baton
from slackapp.templates.rules.shipped import shipped
from slackapp.templates.rules.template_checks import template_problems
from slackapp.templates.rules.values import slug
from slackapp.templates.rules.write import plain_template
from storage.company import workspaces
from storage.company.model import ObjectKind, ObjectRef, Workspace
from storage.db.database import Database
from storage.templates import templates
from storage.templates.model import AnswerType, NoteMode, Origin, Question, Template
from tests.batons import a_baton
from tests.templates import generated_templates
from tests.thoroughness import examples

TEAM = "T1"
WHY = Question(key="why", label="Why?", kind=AnswerType.CHOICE, options={"price": "price", "people": "people"})
OWN = Template(key="own", origin=Origin.FILE, name="Own", questions=(WHY,))


@settings(deadline=None, max_examples=examples(150))
@given(found=st.lists(generated_templates.templates(), max_size=2, unique_by=lambda template: template.key))
def test_any_templates_that_are_written_are_read_back_as_they_were(found: list[Template]) -> None:
    company = Company(templates=tuple(found))

    read_back = read(write(company)).company

    assert read_back == company
    for was, becomes in zip(found, read_back.templates, strict=True):
        assert list(was.reasons.items()) == list(becomes.reasons.items())
        assert [list(one.options) for one in was.questions] == [list(one.options) for one in becomes.questions]
    assert [template_problems(plain_template(template)) for template in found] == [()] * len(found)


def told(before: Template | None, after: Template | None) -> list[str]:
    companies = [Company(templates=(template,) if template else ()) for template in (before, after)]
    return list(differences(companies[0], companies[1]))


CHANGES: list[tuple[Callable[[Template], Template], str]] = [
    (lambda one: replace(one, name="Ours"), 'Template "own": name Own → Ours.'),
    (lambda one: replace(one, private=True), 'Template "own": private no → yes.'),
    (
        lambda one: replace(one, questions=(replace(WHY, required=True),)),
        'Template "own": fields why required no → yes.',
    ),
    (
        lambda one: replace(one, questions=(replace(WHY, options={"people": "people", "price": "price"}),)),
        'Template "own": fields why options [price, people] → [people, price].',
    ),
    (
        lambda one: replace(one, questions=(*one.questions, replace(WHY, key="how", options={"x": "Y"}))),
        'Template "own": fields how nothing → {key: how, label: Why?, type: choice, options: {x: Y}}.',
    ),
    (
        lambda one: replace(one, questions=(), note=NoteMode.REQUIRED),
        'Template "own": note optional → required.',
    ),
]


@pytest.mark.parametrize(("change", "sentence"), CHANGES, ids=range(len(CHANGES)))
def test_what_would_change_is_told_in_sentences(change: Callable[[Template], Template], sentence: str) -> None:
    assert sentence in told(OWN, change(OWN))


def test_another_order_of_named_options_is_a_change_too() -> None:
    named = replace(OWN, reasons={"a": "No champion", "b": "No contract"})
    turned = replace(OWN, reasons={"b": "No contract", "a": "No champion"})

    assert told(named, turned) == ['Template "own": reasons come in the order b, a.']


def test_a_template_that_comes_or_goes_is_told() -> None:
    assert told(None, OWN) == ['Template "own" is added.']
    assert told(OWN, None) == ['Template "own" is removed.']
    assert told(OWN, OWN) == []


@pytest.fixture
def baton(database: Database) -> Baton:
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id=TEAM, name="Northwind", bot_user="UBATON"))
    return a_baton(database)


def applied(baton: Baton, *own: Template) -> tuple[str, ...]:
    outcome = apply(baton, TEAM, Company(templates=own), "digest")
    assert isinstance(outcome, Changes)
    return outcome.sentences


def stored(baton: Baton, key: str, version: int | None = None) -> Template | None:
    with baton.db.reading() as tx:
        return templates.get(tx, TEAM, key, version)


def test_only_what_changed_gets_a_new_version(baton: Baton) -> None:
    applied(baton, OWN)
    assert applied(baton, OWN) == ()
    first = stored(baton, "own")
    assert applied(baton, replace(OWN, name="Ours")) == ('Template "own": name Own → Ours.',)
    second = stored(baton, "own")

    assert first
    assert second
    assert (first.version, second.version, second.name) == (1, 2, "Ours")
    with baton.db.reading() as tx:
        assert export(tx, TEAM).templates == (replace(OWN, name="Ours", workspace=TEAM),), "export knows no versions"


def test_a_template_of_ones_own_replaces_the_shipped_one_until_it_leaves_the_file(baton: Baton) -> None:
    (theirs,) = [one for one in shipped() if one.key == "project"]
    applied(baton)
    applied(baton, replace(OWN, key="project"))
    ours = stored(baton, "project")
    assert applied(baton) == ('Template "project" is removed.',)
    again = stored(baton, "project")

    assert ours
    assert (ours.name, ours.origin) == ("Own", Origin.FILE)
    assert again == replace(theirs, workspace=TEAM, version=3), "its own content again, as a version of its own"
    with baton.db.reading() as tx:
        assert export(tx, TEAM).templates == ()


def test_a_template_that_left_the_file_stays_readable_in_its_version(baton: Baton) -> None:
    applied(baton, OWN)
    applied(baton)

    assert stored(baton, "own") is None
    assert stored(baton, "own", 1) == replace(OWN, workspace=TEAM)


def test_a_template_made_in_slack_is_exported_as_such_and_not_taken_over_by_a_file(baton: Baton) -> None:
    applied(baton)
    here = replace(OWN, workspace=TEAM, origin=Origin.SLACK)
    with baton.db.transaction() as tx:
        templates.put(tx, here)

    refused = apply(baton, TEAM, Company(templates=(OWN,)), "digest")

    assert isinstance(refused, NotApplied)
    assert refused.reasons[0].startswith('Template "own" belongs to Slack. ')
    assert applied(baton) == ()
    assert stored(baton, "own") == here
    with baton.db.reading() as tx:
        exported = export(tx, TEAM)
    assert exported.templates == (here,)
    assert exported.in_slack == {ObjectRef(ObjectKind.TEMPLATE, "own")}


def test_the_key_of_long_words_is_a_key_itself() -> None:
    key = slug("x" * 59 + " y")

    assert (key, slug(key)) == ("x" * 59, key)
