"""The doors to work besides the buttons of its card follow the table of rights, and no rule of their own.

Whoever may see a handoff finds it, can open and watch it (lists: `tests/lists/test_rights.py`);
whoever may claim it can claim several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pytest

from slackapp.bulk.queries import list_claimable
from slackapp.handoffs.actions import search_index
from slackapp.handoffs.model import Missing
from slackapp.handoffs.queries.find import find_handoff
from slackapp.lists.model import ListKind, ListQuery
from slackapp.lists.queries import load_page
from slackapp.people.model import NotAdmin
from slackapp.people.rules.standing import ADMITTED, Standing
from slackapp.runtime.baton import Baton
from slackapp.setup.queries import setup_state
from slackapp.watching.actions import watch
from storage.company import channel_members, people, queues, workspaces
from storage.company.model import Channel, Claimers, Person, Workspace
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import State, Verb
from storage.handoffs.model import Handoff
from tests.batons import a_baton
from tests.builders import NOW, a_handoff, a_queue
from tests.people.rights import COVERS, HANDS, LET, PEOPLE, RELATIONS, TOLD, WHO, may_now, sees
from tests.tables import check_rows

TEAM: Final = "T1"


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def baton(database: Database) -> Baton:
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id=TEAM, name="Northwind", bot_user="UBATON"))
    return a_baton(database)


def sees_details(baton: Baton, handoff: Handoff) -> bool:
    seen = find_handoff(baton, workspace=TEAM, handoff_id=handoff.id, user=WHO)
    return not isinstance(seen, Missing) and seen.visible


def is_listed(baton: Baton, handoff: Handoff, **asked: Any) -> bool:
    query = ListQuery(kind=ListKind.SEARCH, **asked)
    page = load_page(baton, workspace=TEAM, user=WHO, query=query, most=100)
    return handoff.id in [row.details.handoff.id for row in page.rows]


def claims_several(baton: Baton, handoff: Handoff) -> bool:
    listed = list_claimable(baton, workspace=TEAM, user=WHO, queue_key=handoff.queue)
    return handoff.id in [one.handoff.id for one in listed.rows]


SEEING: Final[Mapping[str, Callable[[Baton, Handoff], bool]]] = {
    "Details": sees_details,
    "search by a word": lambda baton, one: is_listed(baton, one, text="renewal"),
    "search by its number": lambda baton, one: is_listed(baton, one, number=one.number),
    "watch": lambda baton, one: watch(baton, workspace=TEAM, handoff_id=one.id, user=WHO),
}
"""The doors for those who may see a handoff."""
NOT_STORED: Final = {TOLD, *COVERS}
"""Relations that come with a notice or an absence; `tests/lists/test_rights.py` has them."""
Case = tuple[str, Standing, bool, bool]


def cases() -> Iterator[Case]:
    for relation in RELATIONS:
        for where in Standing:
            if relation not in NOT_STORED and where in ADMITTED:
                yield from (
                    (relation, where, private, channel) for private in (False, True) for channel in (False, True)
                )


def store(baton: Baton, case: Case, number: int) -> Handoff:
    """Store a queue, an open handoff in it, and the person in question as the case says."""
    relation, where, private, private_channel = case
    person = PEOPLE[where]
    assert person is not None
    key, manager = f"team{number}", f"B{number}"
    team = a_queue(
        key=key, name=key, channel=f"C{number}", claimers=Claimers.CHANNEL if relation == LET else Claimers.MEMBERS,
        members=("M", WHO) if relation == "member" else ("M",),
        managers=(manager, WHO) if relation == "manager" else (manager,),
    )  # fmt: skip
    named: dict[str, Any] = {"by": "O", "sender": "S", "last_owner": "L"}
    named |= {HANDS[relation]: WHO} if relation in HANDS else {}
    if relation == "owner":
        named |= {"state": State.CLAIMED, "accountable": WHO, "last_owner": WHO}
    handoff = a_handoff(number=number, queue=key, private=private, **named)
    with baton.db.transaction() as tx:
        queues.put(tx, team)
        people.put_channel(tx, Channel(workspace=TEAM, id=f"C{number}", name=key, is_private=private_channel))
        above = WHO if relation == "manager's manager" else None
        people.put(tx, Person(workspace=TEAM, id=manager, name=manager, team=TEAM, manager=above))
        for user in ("M", "O", "S", "L"):
            people.put(tx, Person(workspace=TEAM, id=user, name=user, team=TEAM))
        people.put(tx, person)
        channel_members.add(tx, TEAM, f"C{number}", [WHO] if relation == LET else [])
        workspaces.set_config(tx, TEAM, None, ["A", WHO] if relation == "admin" else ["A"])
        handoffs.add(tx, handoff)
        search_index.add(tx, handoff, None, [])
    return handoff


def test_every_door_is_open_to_those_who_may_see_the_handoff_and_to_nobody_else(baton: Baton) -> None:
    def check(row: tuple[int, Case]) -> None:
        number, case = row
        relation, where, private, private_channel = case
        handoff = store(baton, case, number)
        may_see = sees(relation, where, private=private, private_channel=private_channel)
        found = {name: door(baton, handoff) for name, door in SEEING.items()}
        assert found == dict.fromkeys(SEEING, may_see)

    check_rows(list(enumerate(cases(), 1)), check, name=lambda row: str(row[1]))


def test_several_are_claimed_by_those_who_may_claim_each(baton: Baton) -> None:
    def check(row: tuple[int, Case]) -> None:
        number, case = row
        relation, where, _, private_channel = case
        handoff = store(baton, case, number)
        expected = may_now(Verb.CLAIM, relation, where, handoff, private_channel=private_channel)
        if relation != "the person it is offered to":  # they have it among their offers, not in the team's list
            assert claims_several(baton, handoff) is expected

    check_rows(list(enumerate(cases(), 1)), check, name=lambda row: str(row[1]))


def test_set_up_is_for_admins(baton: Baton) -> None:
    def check(row: tuple[int, Case]) -> None:
        number, case = row
        store(baton, case, number)
        with baton.db.reading() as tx:
            is_open = not isinstance(setup_state(tx, TEAM, WHO, NOW), NotAdmin)
        assert is_open is (case[:2] == ("admin", Standing.COLLEAGUE))

    check_rows(list(enumerate(cases(), 1)), check, name=lambda row: str(row[1]))
