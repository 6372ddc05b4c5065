"""Who may claim and send in a queue beyond its team, and who is an admin of Baton."""

from __future__ import annotations

import pytest

from slackapp.directory.actions.people_and_channels import store_channel_members, store_membership
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Invalid, Opened
from slackapp.handoffs.queries.find import find_handoff, find_queues, list_waiting
from slackapp.handoffs.views.refusals import refusal
from slackapp.people.queries import actor_for, admins_of, is_admin, may_send_to
from slackapp.people.rules.permissions import administers
from slackapp.runtime.baton import Baton
from slackapp.slack.field_problems import FieldProblem
from storage.company import people, queues, workspaces
from storage.company.model import Channel, Claimers, Person, Workspace
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.acts import Claim, Transfer
from storage.handoffs.lifecycle import Moved, Refused, Role
from storage.handoffs.model import Handoff, Text
from tests.batons import a_baton
from tests.builders import NOW, TEAM, a_handoff, a_queue

EVA, BEN, GUS, KIM = "UEVA", "UBEN", "UGUS", "UKIM"
WORK = NewHandoff(title="Acme", queue="success", next_step="Call", note=Text(plain="Soon"))


@pytest.fixture
def baton(database: Database) -> Baton:
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id=TEAM, name="Northwind", bot_user="UBATON"))
        for user in (EVA, BEN):
            people.put(tx, Person(workspace=TEAM, id=user, name=user, team=TEAM))
        people.put(tx, Person(workspace=TEAM, id=GUS, name="Gus", team=TEAM, is_guest=True))
        people.put(tx, Person(workspace=TEAM, id=KIM, name="Kim", team=TEAM, is_slack_admin=True))
        people.put_channel(tx, Channel(workspace=TEAM, id="C1", name="success"))
        queues.put(tx, a_queue(key="sales", name="Sales", channel="C2", members=(BEN,)))
    return a_baton(database)


def queue_is(baton: Baton, *, private: bool = False, **changes: object) -> None:
    with baton.db.transaction() as tx:
        queues.put(tx, a_queue(members=("UANA",), **changes))
        people.put_channel(tx, Channel(workspace=TEAM, id="C1", name="success", is_private=private))


def claimed(baton: Baton, user: str, *, private: bool = False) -> Moved | Refused:
    with baton.db.transaction() as tx:
        number = handoffs.next_number(tx, TEAM)
        handoff = a_handoff(by="UANA", private=private, id=f"h{number}", number=number)
        handoffs.add(tx, handoff)
    outcome = carry_out(baton, Request(workspace=TEAM, handoff_id=handoff.id, act=Claim(), user=user))
    assert isinstance(outcome, Moved | Refused), outcome
    return outcome


def test_only_the_team_claims_unless_the_queue_says_otherwise(baton: Baton) -> None:
    queue_is(baton)
    assert isinstance(claimed(baton, EVA), Refused)


def test_anyone_claims_where_the_queue_lets_anyone(baton: Baton) -> None:
    queue_is(baton, claimers=Claimers.ANYONE)

    assert isinstance(claimed(baton, EVA), Moved)
    assert isinstance(claimed(baton, GUS), Refused), "a guest is nobody's colleague"
    assert isinstance(claimed(baton, EVA, private=True), Refused), "private work is the team's"
    with baton.db.reading() as tx:
        queue = queues.get(tx, TEAM, "success")
        assert queue
        assert actor_for(tx, EVA, queue).roles == {Role.CLAIMER, Role.ORIGINATOR, Role.VIEWER}


def test_nobody_outside_claims_from_a_private_channel_that_lets_anyone(baton: Baton) -> None:
    queue_is(baton, claimers=Claimers.ANYONE, private=True)
    assert isinstance(claimed(baton, EVA), Refused)


@pytest.mark.parametrize("private", [False, True])
def test_whoever_is_in_the_channel_claims_where_the_queue_lets_them(baton: Baton, private: bool) -> None:
    queue_is(baton, claimers=Claimers.CHANNEL, private=private)
    store_channel_members(baton, TEAM, "C1", [EVA, GUS])

    assert isinstance(claimed(baton, EVA), Moved)
    assert isinstance(claimed(baton, GUS), Refused)
    assert isinstance(claimed(baton, BEN), Refused)

    store_membership(baton, TEAM, "C1", EVA, joined=False)
    store_membership(baton, TEAM, "C1", BEN, joined=True)
    assert isinstance(claimed(baton, EVA), Refused)
    assert isinstance(claimed(baton, BEN), Moved)


def test_the_members_of_a_channel_are_stored_only_where_they_matter(baton: Baton) -> None:
    queue_is(baton)
    store_membership(baton, TEAM, "C1", EVA, joined=True)
    queue_is(baton, claimers=Claimers.CHANNEL)
    assert isinstance(claimed(baton, EVA), Refused)


def test_a_refusal_says_who_may_claim(baton: Baton) -> None:
    queue_is(baton, claimers=Claimers.CHANNEL)
    outcome = claimed(baton, EVA)
    assert isinstance(outcome, Refused)
    seen = find_handoff(baton, workspace=TEAM, handoff_id=outcome.handoff.id, user=EVA)

    assert "a colleague in <#C1>" in refusal(outcome, seen.details, NOW)  # type: ignore[union-attr]


def test_the_list_of_open_work_lets_claim_whoever_may(baton: Baton) -> None:
    queue_is(baton, claimers=Claimers.ANYONE)
    with baton.db.transaction() as tx:
        handoffs.add(tx, a_handoff(by=BEN))

    assert list_waiting(baton, workspace=TEAM, user=EVA, queue=None).claimable == {"success"}
    assert list_waiting(baton, workspace=TEAM, user=GUS, queue=None).claimable == set()


def test_only_the_people_of_the_named_teams_send(baton: Baton) -> None:
    queue_is(baton, senders=("sales",))

    for user, outcome in ((BEN, Opened), ("UANA", Opened), (KIM, Opened), (EVA, Invalid)):
        assert isinstance(open_handoff(baton, workspace=TEAM, user=user, draft=WORK, form=user), outcome), user
    assert [one.key for one in find_queues(baton, workspace=TEAM, text="success", limit=5, user=EVA)] == []
    refused = open_handoff(baton, workspace=TEAM, user=EVA, draft=WORK, form="again")
    assert isinstance(refused, Invalid)
    assert refused.problems["queue"] is FieldProblem.NOT_A_SENDER


def test_a_group_and_a_person_may_be_named_as_senders(baton: Baton) -> None:
    with baton.db.transaction() as tx:
        people.put_group(tx, TEAM, "S1", "sellers", "Sellers", [EVA], NOW)
    queue_is(baton, senders=("S1", BEN))

    for user in (EVA, BEN):
        assert isinstance(open_handoff(baton, workspace=TEAM, user=user, draft=WORK, form=user), Opened)


def test_work_is_not_passed_on_to_a_team_that_takes_none_from_its_owner(baton: Baton) -> None:
    queue_is(baton, senders=("sales",))
    handoff: Handoff = a_handoff(by=EVA, queue="sales", state="claimed", owner=EVA)
    with baton.db.transaction() as tx:
        handoffs.add(tx, handoff)

    request = Request(workspace=TEAM, handoff_id=handoff.id, act=Transfer(queue="success"), user=EVA)

    outcome = carry_out(baton, request)
    assert isinstance(outcome, Invalid)
    assert outcome.problems["queue"] is FieldProblem.NOT_A_SENDER


def test_the_teams_that_somebody_may_send_to_are_those_that_their_roles_say(baton: Baton) -> None:
    """Whatever is left unread about teams that are open to all: for everybody, and for teams of every kind."""
    everybody = {
        "OUT": Person(workspace=TEAM, id="OUT", name="Out", team="T2"),
        "GONE": Person(workspace=TEAM, id="GONE", name="Gone", team=TEAM, deleted=True),
        "ROBOT": Person(workspace=TEAM, id="ROBOT", name="Robot", team=TEAM, is_bot=True),
    }
    teams = [
        a_queue(key="open"),
        a_queue(key="private", channel="C9"),
        a_queue(key="own", channel="C9", members=(EVA, GUS)),
        a_queue(key="of guests", members=(GUS,)),
        a_queue(key="unseen", channel="C8", trouble="channel_not_found"),
        a_queue(key="restricted", senders=("sales",)),
    ]
    with baton.db.transaction() as tx:
        people.put_channel(tx, Channel(workspace=TEAM, id="C9", name="secret", is_private=True))
        for person in everybody.values():
            people.put(tx, person)
        for team in teams:
            queues.put(tx, team)

        found = {
            user: [team.key for team in may_send_to(tx, user, teams)]
            for user in (EVA, BEN, GUS, KIM, "UNREAD", *everybody)
        }
        by_role = {
            user: [team.key for team in teams if Role.ORIGINATOR in actor_for(tx, user, team).roles] for user in found
        }
        assert may_send_to(tx, EVA, []) == []

    assert found == by_role
    assert found["UNREAD"] == ["open", "of guests"]
    assert found[EVA] == ["open", "own", "of guests"]
    assert found[GUS] == ["own", "of guests"]
    assert [found[user] for user in everybody] == [[], [], []]


def test_admins_of_slack_are_admins_unless_the_company_says_no(baton: Baton) -> None:
    with baton.db.reading() as tx:
        assert [is_admin(tx, TEAM, user) for user in (KIM, EVA)] == [True, False]
    with baton.db.transaction() as tx:
        workspaces.set_settings(tx, TEAM, admins=[EVA], calendar=None, slack_admins=False)
        assert [is_admin(tx, TEAM, user) for user in (KIM, EVA)] == [False, True]


def test_whoever_administers_is_named_and_told_what_is_for_admins(baton: Baton) -> None:
    """Those whom the company names; Slack's own where it names nobody who is still there, and has not said no."""

    def named(admins: list[str], *, slack_admins: bool = True) -> tuple[str, ...]:
        with baton.db.transaction() as tx:
            workspaces.set_settings(tx, TEAM, admins=admins, calendar=None, slack_admins=slack_admins)
            return admins_of(tx, TEAM)

    with baton.db.transaction() as tx:
        people.put(tx, Person(workspace=TEAM, id="GONE", name="Gone", team=TEAM, is_slack_admin=True, deleted=True))
        people.put(tx, Person(workspace="T2", id="OTHER", name="Other", team="T2", is_slack_admin=True))
    assert named([]) == (KIM,)
    assert named([EVA, BEN]) == (EVA, BEN)
    assert named(["GONE", EVA]) == (EVA,)
    assert named(["GONE"]) == (KIM,)
    assert named(["GONE"], slack_admins=False) == ()
    assert named(["UNREAD"]) == ("UNREAD",)


@pytest.mark.parametrize(
    "person",
    [
        Person(workspace=TEAM, id=KIM, name="Kim", team=TEAM, is_slack_admin=True, deleted=True),
        Person(workspace=TEAM, id=KIM, name="Kim", team="T2", is_slack_admin=True),
        Person(workspace=TEAM, id=KIM, name="Kim", team=TEAM, is_slack_admin=True, is_guest=True),
        Person(workspace=TEAM, id=KIM, name="Kim", team=TEAM, is_slack_admin=True, is_bot=True),
    ],
)
def test_whoever_may_not_use_baton_or_is_a_guest_is_no_admin(person: Person) -> None:
    assert not administers(KIM, person, (KIM,), slack_admins=True)
