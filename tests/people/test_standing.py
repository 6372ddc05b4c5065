"""A person's standing, and what follows from it: the table of verbs, relations and standings, whole."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from slackapp.people.rules.standing import ADMITTED, Named, Standing, is_admitted, standing
from storage.company.model import Person
from storage.handoffs.lifecycle import RULES, Role, Situation, Verb, possible, situation
from tests.people.rights import LET, PEOPLE, RELATIONS, TOLD, VERBS, handoffs, may, may_now, sees, table
from tests.tables import check_rows

ADMINS = Path(__file__).parents[2] / "docs/admins.md"
EVA = Person(workspace="T1", id="EVA", name="Eva", team="T1")


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (EVA, Standing.COLLEAGUE),
        (replace(EVA, team=None), Standing.COLLEAGUE),
        (replace(EVA, is_guest=True), Standing.GUEST),
        (replace(EVA, team="T2"), Standing.OUTSIDER),
        (replace(EVA, team="T2", is_guest=True), Standing.OUTSIDER),
        (replace(EVA, is_bot=True), Standing.BOT),
        (replace(EVA, is_bot=True, is_guest=True), Standing.BOT),
        (replace(EVA, deleted=True), Standing.DEACTIVATED),
        (replace(EVA, deleted=True, is_guest=True, team="T2"), Standing.DEACTIVATED),
    ],
)
@pytest.mark.parametrize("named", [None, "T1", "E1", "T2", "T9"])
def test_of_a_stored_person_what_is_stored_counts_whatever_the_payload_names(
    person: Person, expected: Standing, named: str | None
) -> None:
    assert standing(person, Named(team=named, workspace="T1", enterprise="E1")) is expected
    assert is_admitted(person) is (expected in ADMITTED)


@pytest.mark.parametrize(
    ("named", "alone", "in_organisation"),
    [
        pytest.param("T1", Standing.COLLEAGUE, Standing.COLLEAGUE, id="our workspace"),
        pytest.param("E1", Standing.OUTSIDER, Standing.COLLEAGUE, id="our organisation"),
        pytest.param("T2", Standing.OUTSIDER, Standing.STRANGER, id="another workspace, perhaps of our organisation"),
        pytest.param(None, Standing.STRANGER, Standing.STRANGER, id="none"),
    ],
)
def test_of_somebody_who_is_not_stored_the_workspace_that_the_payload_names_counts(
    named: str | None, alone: Standing, in_organisation: Standing
) -> None:
    assert standing(None, Named(team=named, workspace="T1")) is alone
    assert standing(None, Named(team=named, workspace="T1", enterprise="E1")) is in_organisation


def roles_expected(relation: str, where: Standing, *, private: bool, private_channel: bool) -> set[Role]:
    """The roles, once more: the test's own reference."""
    if where not in ADMITTED:
        return set()
    guest = where is Standing.GUEST
    own: dict[str, set[Role]] = {
        "anybody": set(),
        "member": {Role.MEMBER},
        "manager": {Role.MANAGER},
        "manager's manager": {Role.MANAGER},
        "admin": set() if guest else {Role.ADMIN} if private else {Role.ADMIN, Role.MANAGER},
        LET: set() if guest or private else {Role.CLAIMER},
        "originator": set(),
        "sender": {Role.SENDER},
        "owner": {Role.OWNER},
        "last owner": {Role.LAST_OWNER},
        "the person it is offered to": {Role.OFFERED},
        TOLD: set(),
        "owner's cover": {Role.OWNER_COVER},
        "sender's cover": {Role.SENDER_COVER},
        "offered person's cover": {Role.OFFERED},
    }
    concerned = relation not in {"anybody", "admin", LET, *([TOLD] if guest else [])}
    open_to_all = not guest and not private and (not private_channel or relation in {"admin", LET})
    opens = relation in {"member", "manager", "manager's manager"} or (
        not guest and (relation in {"admin", LET} or not private_channel)
    )
    return (
        own[relation] | ({Role.VIEWER} if concerned or open_to_all else set()) | ({Role.ORIGINATOR} if opens else set())
    )


QUEUE_RELATIONS = {"anybody", "member", "manager", "manager's manager", "admin", LET}
REACHED = {
    "owner": {Situation.CLAIMED},
    "owner's cover": {Situation.CLAIMED},
    "the person it is offered to": {Situation.OFFERED},
    "offered person's cover": {Situation.OFFERED},
}
"""The situations in which a relation can exist at all; any other relation in every one."""


def test_every_verb_by_every_relation_for_every_standing_and_privacy() -> None:
    def check(row: tuple[Verb, str, Standing, bool, bool]) -> None:
        verb, relation, where, private, private_channel = row
        privacy = {"private": private, "private_channel": private_channel}
        held = roles_expected(relation, where, **privacy)
        if verb is Verb.OPEN:
            expected = relation in QUEUE_RELATIONS and Role.ORIGINATOR in held
        else:
            there = REACHED.get(relation, set(Situation))
            barred = RULES[verb].never
            expected = any(
                here in there and who & held and (barred is None or barred not in held)
                for here, who in RULES[verb].who.items()
            )
        assert may(verb, relation, where, **privacy) is bool(expected)

    check_rows(product(VERBS, RELATIONS, PEOPLE, (False, True), (False, True)), check)


def test_every_verb_in_every_state_by_every_relation_for_every_standing_and_privacy() -> None:
    """The same for each handoff by itself: what one state allows, no other does."""

    def check(row: tuple[Verb, str, Standing, bool, bool]) -> None:
        verb, relation, where, private, private_channel = row
        held = roles_expected(relation, where, private=private, private_channel=private_channel)
        barred = RULES[verb].never
        for handoff in handoffs(relation, private=private):
            may_there = may_now(verb, relation, where, handoff, private_channel=private_channel)
            who = RULES[verb].who.get(situation(handoff), frozenset())
            assert may_there is (possible(handoff, verb) and bool(who & held) and barred not in held), handoff

    acts = [verb for verb in VERBS if verb is not Verb.OPEN]
    check_rows(product(acts, RELATIONS, PEOPLE, (False, True), (False, True)), check)


def test_who_sees_it_by_every_relation_for_every_standing_and_privacy() -> None:
    def check(row: tuple[str, Standing, bool, bool]) -> None:
        relation, where, private, private_channel = row
        privacy = {"private": private, "private_channel": private_channel}
        assert sees(relation, where, **privacy) is (Role.VIEWER in roles_expected(relation, where, **privacy))

    check_rows(product(RELATIONS, PEOPLE, (False, True), (False, True)), check)


def test_the_admins_page_shows_the_table_that_the_code_follows() -> None:
    shown = re.search(r"<!-- rights -->\n(.*?)\n?<!-- /rights -->", ADMINS.read_text(encoding="utf-8"), re.DOTALL)

    assert shown is not None
    assert shown[1].strip() == table(), f"put this between the marks in docs/admins.md:\n\n{table()}\n"
