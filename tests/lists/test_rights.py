"""Lists and search show exactly what their reader may see, decided in the query as for one handoff at a time."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from slackapp.handoffs.actions import search_index
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.queries.load import unknown_queue
from slackapp.handoffs.rules.next_deadline import next_deadline
from slackapp.lists.model import ListKind, ListQuery
from slackapp.lists.queries import load_page
from slackapp.people.queries import actor_for
from storage.clocks import notices, timers
from storage.clocks.model import ClockKind, Notice, Timer
from storage.company import people, queues, workspaces
from storage.company.folding import words
from storage.company.model import Channel, Person, Queue, Workspace
from storage.db.database import Database, Tx
from storage.handoffs import handoffs, notes
from storage.handoffs.lifecycle import Role, State
from storage.handoffs.model import Handoff, Note, Priority, Text
from tests.batons import a_baton
from tests.builders import NOW, TEAM, a_handoff
from tests.manual_clock import ManualClock

USERS: Final = tuple(f"U{n}" for n in range(9))
GUEST, OUTSIDER, BOT, LEFT, ADMIN = "U5", "U6", "U7", "U8", "U4"
NAMES: Final = ("Eva Acme", "Bénoît", "Tom Renewal", "Ana", "Kim", "Gus Guest", "Olaf", "Robo", "Lea")
WORDS: Final = ("acme", "renewal", "export", "globex", "éva", "price", "tom")
QUEUES: Final = ("success", "support", "leads", "board")
PRIVATE: Final = ("leads", "board")
EVERY: Final = 10_000


def furnish(tx: Tx, chance: random.Random) -> None:
    workspaces.put(tx, Workspace(id=TEAM, name="Acme", bot_user="B"))
    workspaces.set_config(tx, TEAM, admins=(ADMIN,), calendar=None, digest="d")
    for user, name in zip(USERS, NAMES, strict=True):
        cover = chance.choice([None, None, *USERS])
        person = Person(
            workspace=TEAM, id=user, name=name, team="T9" if user == OUTSIDER else TEAM, is_guest=user == GUEST,
            is_bot=user == BOT, deleted=user == LEFT, manager=chance.choice([None, *USERS]),
            cover=cover, absent_since=NOW if cover else None, absent_until=NOW + timedelta(days=1) if cover else None,
        )  # fmt: skip
        people.put(tx, person)
    people.put_group(tx, TEAM, "S1", "cs", "CS", chance.sample(USERS, 2), NOW)
    for key in QUEUES:
        members = tuple(chance.sample([*USERS, "S1"], 2))
        queues.put(
            tx,
            Queue(
                workspace=TEAM, key=key, name=key.title(), channel=f"C{key}", members=members,
                managers=(chance.choice(USERS),),
            ),
        )  # fmt: skip
        people.put_channel(tx, Channel(workspace=TEAM, id=f"C{key}", name=key, is_private=key in PRIVATE))


def somebody(chance: random.Random) -> str:
    return chance.choice(USERS)


def said(chance: random.Random, few: int) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(0, few))) or "plain"


def at_random(chance: random.Random, number: int) -> Handoff:
    state = chance.choice([*State, State.OPEN, State.CLAIMED])
    deleted = state is State.DELETED
    claimed = state is State.CLAIMED
    owner = somebody(chance) if claimed else None
    changes: dict[str, Any] = {
        "title": "" if deleted else said(chance, 2),
        "next_step": "" if deleted else said(chance, 1),
        "link": None if deleted else chance.choice([None, "https://acme.example.com/77"]),
        "needed_by": None if deleted else chance.choice([None, NOW + timedelta(hours=chance.randint(-9, 9))]),
    }
    return a_handoff(
        number=number, state=state, queue=chance.choice([*QUEUES, "removed"]), private=chance.random() < 0.4,
        priority=chance.choice(list(Priority)), originator=somebody(chance), sender=somebody(chance), owner=owner,
        last_owner=owner or chance.choice([None, *USERS]),
        offered_to=chance.choice([None, somebody(chance)]) if state is State.OPEN else None,
        asked_at=chance.choice([None, NOW]) if claimed else None,
        snoozed_until=chance.choice([None, None, NOW]) if claimed else None, **changes,
    )  # fmt: skip


def stored(tx: Tx, chance: random.Random, count: int) -> None:
    for number in range(1, count + 1):
        handoff = at_random(chance, number)
        handoffs.add(tx, handoff)
        note = Note(id=f"n{number}", handoff_id=handoff.id, verb="open", author="U1", at=NOW,
                    text=Text(plain=said(chance, 2)))  # fmt: skip
        if handoff.state is not State.DELETED:
            notes.add(tx, note, TEAM)
            search_index.add(tx, handoff, None, [note])
        for clock in chance.sample(list(ClockKind), 3):
            deadline = NOW + timedelta(hours=chance.randint(-9, 9))
            ends = chance.choice([None, None, NOW])
            timers.put(tx, Timer(
                id=f"t{number}{clock}", workspace=TEAM, handoff_id=handoff.id, clock=clock, run=1, policy="p",
                policy_version=1, calendar=None, target_s=60, started_at=NOW, stopped_at=ends, due_at=None,
                running_since=None if ends else chance.choice([NOW, NOW, None]), deadline_at=deadline,
            ))  # fmt: skip
            if chance.random() < 0.2:
                heard = chance.choice([None, NOW])
                told = Notice(
                    workspace=TEAM, handoff_id=handoff.id, recipient=somebody(chance), clock=clock, level="late", run=1,
                    put_at=NOW, hear_at=NOW, message=f"m{number}{clock}", heard_at=heard,
                )  # fmt: skip
                notices.add_many(tx, [told])
    handoffs.add(tx, a_handoff(id="other", number=1, workspace="T2", title="acme renewal"))


class World:
    """What is stored, and what each person may see and finds, one handoff at a time."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.queues = {queue.key: queue for queue in queues.list_all(tx, TEAM)}
        numbers = range(1, handoffs.last_number(tx, TEAM) + EVERY)
        found = (handoffs.get_by_number(tx, TEAM, number) for number in numbers)
        self.handoffs = []
        for one in found:
            if one is None:
                break
            self.handoffs.append(one)
        self._words = {one.number: self._read_words(one) for one in self.handoffs}
        self._deadlines = {one.number: self._read_deadline(one) for one in self.handoffs}

    def seen_by(self, user: str) -> list[Handoff]:
        def may(handoff: Handoff) -> bool:
            queue = self.queues.get(handoff.queue) or unknown_queue(handoff)
            return Role.VIEWER in actor_for(self.tx, user, queue, handoff).roles

        return [handoff for handoff in self.handoffs if handoff.state is not State.DELETED and may(handoff)]

    def covered_by(self, user: str) -> set[str]:
        """The people for whom a person covers."""
        return {one.id for one in people.list_covered_by(self.tx, TEAM, user)}

    def visible_to(self, user: str) -> set[str]:
        """The keys of the queues that exist for a person."""
        return {key for key, one in self.queues.items() if Role.VIEWER in actor_for(self.tx, user, one).roles}

    def has(self, handoff: Handoff, typed: str) -> bool:
        """Whether every typed word begins a word of the handoff, or a name of somebody involved."""
        return all(any(word.startswith(asked) for word in self._words[handoff.number]) for asked in words(typed))

    def deadline(self, handoff: Handoff) -> datetime | None:
        return self._deadlines[handoff.number]

    def _read_words(self, handoff: Handoff) -> list[str]:
        involved = (handoff.originator, handoff.sender, handoff.owner, handoff.last_owner, handoff.offered_to)
        names = [name for user, name in zip(USERS, NAMES, strict=True) if user in involved]
        written = [note.text.plain for note in notes.list_for_handoff(self.tx, handoff.id)]
        texts = [handoff.title, handoff.next_step, handoff.link or "", *written]
        return [word for text in [*texts, *names] for word in words(text)]

    def _read_deadline(self, handoff: Handoff) -> datetime | None:
        queue = self.queues.get(handoff.queue) or unknown_queue(handoff)
        running = tuple(timers.list_live_for_handoff(self.tx, handoff.id))
        found = next_deadline(HandoffDetails(handoff=handoff, queue=queue, timers=running))
        return found.at if found else None


def numbers(found: Sequence[Handoff]) -> list[int]:
    return sorted(handoff.number for handoff in found)


def expectations(world: World, user: str) -> Iterator[tuple[ListQuery, list[Handoff]]]:
    """Lists and searches with what they have to show."""
    seen = world.seen_by(user)
    live = [handoff for handoff in seen if not handoff.final]
    for typed in ("acme", "renew", "eva", "eva acme", "tom export", "benoit price", "77 acme", "nothing"):
        query = ListQuery(kind=ListKind.SEARCH, text=typed)
        yield query, [handoff for handoff in seen if world.has(handoff, typed)]
    mentioned = ListQuery(kind=ListKind.SEARCH, text="acme", people=("U1",))
    yield mentioned, [one for one in seen if world.has(one, "acme") and world.has(one, "benoit")]
    yield ListQuery(kind=ListKind.SEARCH, people=("U0",)), [one for one in seen if world.has(one, "eva") and "U0" in {
        one.originator, one.sender, one.owner, one.last_owner, one.offered_to}]  # fmt: skip
    yield ListQuery(kind=ListKind.MINE), [one for one in live if one.owner == user]
    yield ListQuery(kind=ListKind.SENT), [one for one in live if one.sender == user]
    yield ListQuery(kind=ListKind.SEARCH), [one for one in live if one.queue in world.visible_to(user)]
    late = [one for one in live if (due := world.deadline(one)) and due <= NOW]
    yield ListQuery(kind=ListKind.MINE, is_late=True), [one for one in late if one.owner == user]
    yield (
        ListQuery(kind=ListKind.SENT, priority=Priority.HIGH),
        [one for one in live if one.sender == user and one.priority is Priority.HIGH],
    )
    stands_for = {user, *world.covered_by(user)}
    owed = [one for one in live if one.sender in stands_for and (one.state is State.RETURNED or one.asked_at)]
    offered = [one for one in live if one.offered_to in stands_for]
    yield (
        ListQuery(kind=ListKind.NEEDS_ME),
        list(
            {one.number: one for one in [*owed, *offered, *(one for one in late if one.owner in stands_for)]}.values()
        ),
    )


def test_lists_and_search_show_what_the_reader_may_see_and_nothing_else(database: Database) -> None:
    chance = random.Random(20261128)
    baton = a_baton(database, ManualClock(NOW))
    database.run_transaction(lambda tx: furnish(tx, chance))
    database.run_transaction(lambda tx: stored(tx, chance, 80))
    shown = 0
    with database.reading() as tx:
        world = World(tx)
        everybody = {user: list(expectations(world, user)) for user in USERS}
    for user, expected in everybody.items():
        for query, wanted in expected:
            page = load_page(baton, workspace=TEAM, user=user, query=query, most=EVERY)
            found = [row.details.handoff for row in page.rows]
            assert numbers(found) == numbers(wanted), (user, query)
            assert page.total == len(wanted)
            shown += len(found)
    assert shown > 300, "the world is large enough to tell"
    for user in (OUTSIDER, BOT, LEFT):
        everything = load_page(baton, workspace=TEAM, user=user, query=ListQuery(kind=ListKind.SEARCH, text="acme"))
        assert everything.rows == ()


def test_late_work_comes_first_and_then_by_deadline(database: Database) -> None:
    chance = random.Random(7)
    baton = a_baton(database, ManualClock(NOW))
    database.run_transaction(lambda tx: furnish(tx, chance))
    database.run_transaction(lambda tx: stored(tx, chance, 60))
    for user in USERS[:4]:
        page = load_page(baton, workspace=TEAM, user=user, query=ListQuery(kind=ListKind.SENT), most=EVERY)
        with database.reading() as tx:
            world = World(tx)
            due = [world.deadline(row.details.handoff) for row in page.rows]
        dated = [at for at in due if at]
        assert due == [*sorted(dated), *[None] * (len(due) - len(dated))]
