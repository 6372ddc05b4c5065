"""Who may do what: every verb, by every relation to the work, for every standing; worked out from the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any, Final

from slackapp.handoffs.views.wording import form_title
from slackapp.people.rules.permissions import Team, actor
from slackapp.people.rules.standing import ADMITTED, Standing
from storage.company.model import Person
from storage.handoffs.lifecycle import Actor, ReadBackStatus, Role, State, Verb, allowed
from storage.handoffs.model import Handoff
from tests.builders import NOW, a_handoff

WHO: Final = "X"
"""The person in question."""
_NOBODY: Final = Team(members=("M",), managers=("B",), admins=("A",), above=("C",))

PEOPLE: Final[Mapping[Standing, Person | None]] = {
    Standing.COLLEAGUE: Person(workspace="T1", id=WHO, name="X", team="T1"),
    Standing.GUEST: Person(workspace="T1", id=WHO, name="X", team="T1", is_guest=True),
    Standing.OUTSIDER: Person(workspace="T1", id=WHO, name="X", team="T2"),
    Standing.BOT: Person(workspace="T1", id=WHO, name="X", team="T1", is_bot=True),
    Standing.DEACTIVATED: Person(workspace="T1", id=WHO, name="X", team="T1", deleted=True),
    Standing.STRANGER: None,
}

LET: Final = "a colleague whom the team lets claim"
"""The relation of everybody, or of everybody in the channel, to a queue with such `claimers`."""
TEAMS: Final[Mapping[str, Team]] = {
    "anybody": _NOBODY,
    "member": replace(_NOBODY, members=("M", WHO)),
    "manager": replace(_NOBODY, managers=("B", WHO)),
    "manager's manager": replace(_NOBODY, above=(WHO,)),
    "admin": replace(_NOBODY, admins=(WHO,)),
    LET: replace(_NOBODY, may_claim=True),
}
"""Relations to the queue."""
HANDS: Final[Mapping[str, str]] = {
    "originator": "originator",
    "sender": "sender",
    "owner": "owner",
    "last owner": "last_owner",
    "the person it is offered to": "offered_to",
}
"""Relations to the handoff, with the column that names the person."""
TOLD: Final = "a person whom a level has notified"
"""The relation that ends with the level."""
COVERS: Final[Mapping[str, str]] = {
    "owner's cover": "owner",
    "sender's cover": "sender",
    "offered person's cover": "offered_to",
}
"""Relations to a person who is away, with the column that names the one who is."""
ABSENT: Final = "Z"
RELATIONS: Final = (*TEAMS, *HANDS, TOLD, *COVERS)
VERBS: Final = tuple(verb for verb in Verb if verb not in {Verb.LAPSE, Verb.REMIND, Verb.ESCALATE})
"""The verbs of people."""


def team(relation: str, *, private_channel: bool = False) -> Team:
    """The queue's people, with the person in question as this relation says."""
    return replace(TEAMS.get(relation, _NOBODY), is_private=private_channel)


def handoffs(relation: str, *, private: bool = False) -> Iterator[Handoff]:
    """A handoff in every situation, with every precondition met in one of them, in which the relation is possible."""
    for state, read_back, asked in product(State, [None, *ReadBackStatus], [None, NOW]):
        if state is not State.CLAIMED and (read_back or asked):
            continue
        owner = "W" if state is State.CLAIMED else None
        for offered in (None, "F") if state is State.OPEN else (None,):
            found = a_handoff(
                state=state, originator="O", sender="S", owner=owner, offered_to=offered, last_owner="L",
                read_back=read_back, asked_at=asked, private=private,
            )  # fmt: skip
            yield from _with_relation(found, relation)


def _with_relation(handoff: Handoff, relation: str) -> Iterator[Handoff]:
    column, whom = HANDS.get(relation, COVERS.get(relation)), ABSENT if relation in COVERS else WHO
    if column is None:
        yield handoff
    elif getattr(handoff, column) is not None:
        related: dict[str, Any] = {column: whom}
        yield replace(handoff, **related)


def may(verb: Verb, relation: str, where: Standing, *, private: bool = False, private_channel: bool = False) -> bool:
    """Whether somebody of this standing and relation may do the verb in any situation. Strangers are never admitted."""
    person = PEOPLE[where]
    if person is None:
        return False
    queue = team(relation, private_channel=private_channel)
    if verb is Verb.OPEN:
        return relation in TEAMS and Role.ORIGINATOR in actor(WHO, person, queue).roles
    return any(
        allowed(handoff, verb, _actor(relation, person, queue, handoff))
        for handoff in handoffs(relation, private=private)
    )


def may_now(verb: Verb, relation: str, where: Standing, handoff: Handoff, *, private_channel: bool = False) -> bool:
    """Whether somebody of this standing and relation may do the verb on this handoff."""
    person, queue = PEOPLE[where], team(relation, private_channel=private_channel)
    return person is not None and allowed(handoff, verb, _actor(relation, person, queue, handoff))


def _actor(relation: str, person: Person, queue: Team, handoff: Handoff) -> Actor:
    covers = [ABSENT] if relation in COVERS else []
    return actor(WHO, person, queue, handoff, is_told=relation == TOLD, covers=covers)


def sees(relation: str, where: Standing, *, private: bool = False, private_channel: bool = False) -> bool:
    """Whether somebody of this standing and relation sees the handoff and what it is about."""
    queue, person = team(relation, private_channel=private_channel), PEOPLE[where]
    if person is None:
        return False
    found = (_actor(relation, person, queue, one) for one in handoffs(relation, private=private))
    return any(Role.VIEWER in one.roles for one in found)


def table() -> str:
    """The table of `docs/admins.md`: by which relations somebody may do a verb."""
    admitted = [one for one in Standing if one in ADMITTED]
    barred = [one for one in Standing if one not in ADMITTED]
    titles = ["", *(one.value for one in admitted), ", ".join(one.value for one in barred)]
    rows = [["see it", *(_cell([one for one in RELATIONS if sees(one, where)]) for where in admitted)]]
    rows += [
        [form_title(verb), *(_cell([one for one in RELATIONS if may(verb, one, where)]) for where in admitted)]
        for verb in VERBS
    ]
    lines = [titles, ["---"] * len(titles), *([*row, _cell([])] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(relations: list[str]) -> str:
    return "anyone" if "anybody" in relations else ", ".join(relations) or "–"
