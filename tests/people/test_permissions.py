"""A person's roles: decided from the queue and the directory, never from a card."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from slackapp.people.rules.permissions import Team, actor, is_outsider, people_involved
from storage.company.model import Person
from storage.handoffs.lifecycle import Role, State
from tests.builders import a_handoff

TEAM = Team(members=("EVA", "DAN"), managers=("DAN",), admins=("KIM",), above=("MIA",))
PRIVATE = replace(TEAM, is_private=True)
SOMEBODY = Person(workspace="T1", id="X", name="Somebody", team="T1")
MONDAY_9 = datetime(2026, 11, 23, 9, tzinfo=UTC)
CLAIMED = a_handoff(by="BEN", at=MONDAY_9, originator="ANA", state=State.CLAIMED, owner="EVA", last_owner="FARID")


@pytest.mark.parametrize(
    ("user", "roles"),
    [
        pytest.param("EVA", {Role.MEMBER}, id="a member"),
        pytest.param("DAN", {Role.MEMBER, Role.MANAGER}, id="a manager who is a member too"),
        pytest.param("MIA", {Role.MANAGER}, id="a manager's manager, with whom escalations end"),
        pytest.param("KIM", {Role.ADMIN, Role.MANAGER}, id="an admin, likewise"),
        pytest.param("BEN", set(), id="anybody else"),
    ],
)
def test_a_colleague_may_send_and_see_and_has_what_the_queue_gives(user: str, roles: set[Role]) -> None:
    assert actor(user, SOMEBODY, TEAM).roles == {Role.ORIGINATOR, Role.VIEWER, *roles}


@pytest.mark.parametrize(
    "person",
    [
        pytest.param(replace(SOMEBODY, is_bot=True), id="a bot"),
        pytest.param(replace(SOMEBODY, deleted=True), id="somebody deactivated"),
        pytest.param(replace(SOMEBODY, team="T2"), id="an outsider of a shared channel"),
    ],
)
def test_some_have_no_role_at_all_whatever_the_configuration_says(person: Person) -> None:
    everything = Team(members=("X",), managers=("X",), admins=("X",))

    assert actor("X", person, everything, CLAIMED).roles == frozenset()


def test_somebody_slack_has_not_told_us_about_yet_is_an_ordinary_colleague() -> None:
    assert actor("EVA", None, TEAM).roles == {Role.ORIGINATOR, Role.VIEWER, Role.MEMBER}


def test_guests_are_colleagues() -> None:
    assert Role.VIEWER in actor("BEN", replace(SOMEBODY, is_guest=True), TEAM).roles


@pytest.mark.parametrize("user", ["EVA", "DAN", "KIM"])
def test_who_belongs_to_a_private_queue_sees_all_of_it(user: str) -> None:
    assert Role.VIEWER in actor(user, SOMEBODY, PRIVATE).roles


@pytest.mark.parametrize("user", ["ANA", "BEN", "FARID"])
def test_who_had_a_private_handoff_in_their_hands_sees_that_one_only(user: str) -> None:
    assert Role.VIEWER in actor(user, SOMEBODY, PRIVATE, CLAIMED).roles
    assert Role.VIEWER not in actor(user, SOMEBODY, PRIVATE).roles


def test_a_stranger_sends_to_a_private_queue_and_sees_nothing_of_it() -> None:
    assert actor("LEO", SOMEBODY, PRIVATE, CLAIMED).roles == {Role.ORIGINATOR}


def test_concerned_are_all_who_sent_have_had_or_are_offered_it_and_nobody_unnamed() -> None:
    assert people_involved(CLAIMED) == {"ANA", "BEN", "EVA", "FARID"}
    offered = replace(CLAIMED, state=State.OPEN, owner=None, last_owner=None, offered_to="GRACE")
    assert people_involved(offered) == {"ANA", "BEN", "GRACE"}


@pytest.mark.parametrize(
    ("team", "enterprise", "outside"),
    [
        ("T1", None, False),
        ("T2", None, True),
        (None, None, False),
        ("E1", "E1", False),
        ("E2", "E1", True),
        ("T1", "E1", False),
    ],
)
def test_an_outsider_belongs_to_another_company(team: str | None, enterprise: str | None, outside: bool) -> None:
    assert is_outsider(team, "T1", enterprise) is outside


@pytest.mark.parametrize(
    ("user", "roles"),
    [
        pytest.param("EVA", {Role.MEMBER, Role.VIEWER}, id="a member has to decide whether to claim it"),
        pytest.param("DAN", {Role.MEMBER, Role.MANAGER, Role.VIEWER}, id="a manager"),
        pytest.param("MIA", {Role.MANAGER, Role.VIEWER}, id="a manager's manager, with whom escalations end"),
        pytest.param("ANA", {Role.VIEWER}, id="whoever opened it"),
        pytest.param("BEN", {Role.VIEWER}, id="its sender"),
        pytest.param("FARID", {Role.VIEWER}, id="its last owner"),
        pytest.param("KIM", {Role.ADMIN}, id="an admin may delete it unread"),
        pytest.param("ZOE", set(), id="anybody else"),
    ],
)
def test_private_work_is_for_those_who_have_to_know_it(user: str, roles: set[Role]) -> None:
    assert actor(user, SOMEBODY, TEAM, replace(CLAIMED, private=True)).roles == {Role.ORIGINATOR, *roles}
