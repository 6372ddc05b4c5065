"""`baton check` on everybody whom a configuration names."""

from __future__ import annotations

from typing import Any

import pytest

from slackapp.operations.checkup.people import NamedPeople
from storage.clocks import policies
from storage.clocks.model import ClockKind, Level, LevelAction, Policy, TargetRule
from storage.company import people, queues
from storage.company.model import Person, Queue
from storage.db.database import Database
from tests import slack_client
from tests.operations.checkup.examples import SUCCESS, TEAM, Examine, named, wrong


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("U0LEO", "U0LEO (Leo Brandt) is deactivated"),
        ("U0NOBODY", "U0NOBODY is not known to Slack"),
        ("U0BATON", "is a bot"),
        ("U0OLGA", "belongs to another company"),
        ("S0NOBODY", "S0NOBODY is not a user group that Baton can see"),
    ],
)
@pytest.mark.parametrize("role", ["members", "managers"])
def test_a_person_who_cannot_serve_is_named_with_the_queue_and_the_role(
    check: Examine, role: str, ref: str, words: str
) -> None:
    fields = {**vars(SUCCESS), role: ("U0EVA", ref)}

    (what,) = wrong(check(named=named(queues=[Queue(**fields)])))

    assert what.startswith(f"Queue Customer Success, {role}:")
    assert words in what


def test_a_queue_that_nobody_serves_is_said(check: Examine) -> None:
    empty = Queue(workspace=TEAM, key="success", name="Customer Success", channel="C0SUCCESS")

    members, managers = wrong(check(named=named(queues=[empty])))

    assert members == "Queue Customer Success has no members: nobody can claim."
    assert managers == "Queue Customer Success has no managers: nobody is notified when something is late."


def test_the_queues_in_the_database_are_looked_at(check: Examine, database: Database) -> None:
    assert wrong(check(named=None)) == ["There are no queues yet."]
    database.run_transaction(lambda tx: queues.put(tx, SUCCESS))

    assert wrong(check(named=None)) == []


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"admins": ["U0DAN", "{ref}"]}, "Admins"),
        ({"managers": {"U0EVA": "U0DAN", "U0DAN": "{ref}"}}, "Managers under people"),
        ({"managers": {"{ref}": "U0DAN"}}, "People"),
        ({"calendars_of": {"{ref}": "berlin"}}, "People"),
        ({"policies": [{"tell": ("managers of managers", "channel", "{ref}")}]}, "Policy standard, level late"),
        ({"policies": [{"do": LevelAction.REASSIGN, "to": "{ref}"}]}, "Policy standard, level late"),
        ({"policies": [{"sender": ("{ref}",)}]}, "Policy standard, rule 1, sender"),
    ],
)
def test_everybody_whom_a_file_names_is_looked_at(check: Examine, changed: dict[str, Any], place: str) -> None:
    """Whoever is named outside the queues is told and given work as well."""
    (what,) = wrong(check(named=named(**filled(changed, "U0LEO"))))

    assert what == f"{place}: U0LEO (Leo Brandt) is deactivated."


GUEST = "U0GUS (U0GUS) is a guest. A guest named here"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"admins": ["U0DAN", "U0GUS"]}, f"Admins: {GUEST} has none of an admin's rights."),
        (
            {"queues": [Queue(**{**vars(SUCCESS), "managers": ("U0GUS",)})]},
            f"Queue Customer Success, managers: {GUEST} has all the rights of the team's managers.",
        ),
        (
            {"managers": {"U0DAN": "U0GUS"}},
            f"Managers under people: {GUEST} has the rights of the managers below them.",
        ),
        (
            {"policies": [{"tell": ("managers", "U0GUS")}]},
            f"Policy standard, level late: {GUEST} is notified about the team's handoffs, or assigned them.",
        ),
        (
            {"policies": [{"do": LevelAction.REASSIGN, "to": "U0GUS"}]},
            f"Policy standard, level late: {GUEST} is notified about the team's handoffs, or assigned them.",
        ),
    ],
)
def test_a_guest_who_is_trusted_with_more_than_their_own_work_is_told_of(
    slack: slack_client.Workspace, check: Examine, changed: dict[str, Any], said: str
) -> None:
    """As an admin it is wrong, because it does not work; anywhere else it is said, because it may not be meant."""
    slack.change("user", id="U0GUS", is_restricted=True)

    (found,) = [one for one in check(named=named(**filled(changed, ""))) if "guest" in one.what]

    assert found.what == said
    assert found.ok is ("admins" not in changed)
    assert found.remedy.startswith("Correct admins" if "admins" in changed else "Name a colleague")


def test_guests_who_serve_a_team_or_have_a_manager_are_nothing_to_tell_of(
    slack: slack_client.Workspace, check: Examine
) -> None:
    slack.change("user", id="U0GUS", is_ultra_restricted=True, is_restricted=True)
    team = Queue(**{**vars(SUCCESS), "members": ("U0EVA", "U0GUS")})

    found = check(named=named(queues=[team], managers={"U0GUS": "U0DAN"}, calendars_of={"U0GUS": "berlin"}))

    assert [one.what for one in found if "guest" in one.what] == []


def filled(given: dict[str, Any], ref: str) -> dict[str, Any]:
    """The same with somebody in the place that is left open; a policy is made of its level or rule."""

    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return {fill(key): fill(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return tuple(map(fill, value))
        return value.format(ref=ref) if isinstance(value, str) and not isinstance(value, LevelAction) else value

    policies = [
        Policy(workspace=TEAM, key="standard", rules=(TargetRule(when={"sender": part["sender"]}, targets={}),))
        if "sender" in part
        else Policy(workspace=TEAM, key="standard", levels=(Level(key="late", clock=ClockKind.CLAIM, **part),))
        for part in fill(given).pop("policies", ())
    ]
    return {**fill(given), **({"policies": policies} if policies else {})}


def test_groups_in_levels_are_looked_at_and_whoever_is_in_order_is_said(check: Examine) -> None:
    def told(group: str) -> NamedPeople:
        level = Level(key="late", clock=ClockKind.CLAIM, tell=("owner", group))
        return named(policies=[Policy(workspace=TEAM, key="standard", levels=(level,))], admins=["U0DAN"])

    assert wrong(check(named=told("S0NOBODY"))) == [
        "Policy standard, level late: S0NOBODY is not a user group that Baton can see."
    ]
    findings = check(named=told("S0CS"))
    assert wrong(findings) == []
    assert any(finding.what.startswith("Admins, managers of managers") for finding in findings)


def test_many_people_are_asked_for_together(slack: slack_client.Workspace, check: Examine) -> None:
    everybody = [f"U0N{n}" for n in range(45)]
    for user in everybody:
        slack.change("user", id=user)
    slack.change("user", id="U0N7", deleted=True)

    assert wrong(check(named=named(admins=[*everybody, "U0NOBODY"]))) == [
        "Admins: U0N7 (U0N7) is deactivated, U0NOBODY is not known to Slack."
    ]
    assert len(slack.calls("users.info")) <= 3


def test_the_company_in_the_database_is_looked_at_as_a_file_is(check: Examine, database: Database) -> None:
    level = Level(key="late", clock=ClockKind.CLAIM, tell=("U0NOBODY",))
    with database.transaction() as tx:
        queues.put(tx, SUCCESS)
        policies.put_policy(tx, Policy(workspace=TEAM, key="standard", levels=(level,)))
        people.put(tx, Person(workspace=TEAM, id="U0EVA", name="Eva"))
        people.set_manager(tx, TEAM, "U0EVA", "U0LEO")

    assert wrong(check(named=None)) == [
        "Policy standard, level late: U0NOBODY is not known to Slack.",
        "Managers under people: U0LEO (Leo Brandt) is deactivated.",
    ]
