"""A person's roles: decided from the queue and the directory, never from a card."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from slackapp.people.rules.permissions import Team, actor, people_involved
from storage.company.model import Person
from storage.handoffs.lifecycle import Role, State, Verb, allowed
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
    theirs = replace(CLAIMED, originator="X", sender="X", owner="X", last_owner="X", accountable="X")

    barred = actor("X", person, everything, theirs)
    assert (barred.roles, barred.is_barred) == (frozenset(), True)
    assert not [verb for verb in Verb if allowed(theirs, verb, barred)], "not even what the handoff itself would allow"


def test_somebody_slack_has_not_told_us_about_yet_is_an_ordinary_colleague() -> None:
    assert actor("EVA", None, TEAM).roles == {Role.ORIGINATOR, Role.VIEWER, Role.MEMBER}


@pytest.mark.parametrize(
    ("user", "roles"),
    [
        pytest.param("EVA", {Role.MEMBER, Role.ORIGINATOR, Role.VIEWER}, id="a member of the queue"),
        pytest.param("MIA", {Role.MANAGER, Role.ORIGINATOR, Role.VIEWER}, id="whoever escalations end with"),
        pytest.param("BEN", {Role.VIEWER}, id="whoever sent it sees it and hands the queue nothing more"),
        pytest.param("KIM", set(), id="an admin that the file names by mistake"),
        pytest.param("ZOE", set(), id="anybody else"),
    ],
)
@pytest.mark.parametrize("team", [TEAM, PRIVATE], ids=["a public channel", "a private channel"])
def test_a_guest_has_what_the_queue_and_the_handoff_give_and_nothing_else(
    user: str, roles: set[Role], team: Team
) -> None:
    assert actor(user, replace(SOMEBODY, is_guest=True), team, CLAIMED).roles == roles


@pytest.mark.parametrize("user", ["EVA", "DAN", "KIM"])
def test_who_belongs_to_a_private_queue_sees_all_of_it(user: str) -> None:
    assert Role.VIEWER in actor(user, SOMEBODY, PRIVATE).roles


@pytest.mark.parametrize("user", ["ANA", "BEN", "FARID"])
def test_who_had_a_private_handoff_in_their_hands_sees_that_one_only(user: str) -> None:
    assert Role.VIEWER in actor(user, SOMEBODY, PRIVATE, CLAIMED).roles
    assert Role.VIEWER not in actor(user, SOMEBODY, PRIVATE).roles


def test_for_everybody_else_a_queue_with_a_private_channel_does_not_exist() -> None:
    assert actor("LEO", SOMEBODY, PRIVATE, CLAIMED).roles == set()


def test_concerned_are_all_who_sent_have_had_or_are_offered_it_and_nobody_unnamed() -> None:
    assert people_involved(CLAIMED) == {"ANA", "BEN", "EVA", "FARID"}
    offered = replace(CLAIMED, state=State.OPEN, owner=None, last_owner=None, offered_to="GRACE")
    assert people_involved(offered) == {"ANA", "BEN", "GRACE"}


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
