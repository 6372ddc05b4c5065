"""Two workspaces in one database, with the same ids of people, channels and teams and the same numbers of handoffs.

Everything that Baton says in one of them is looked through for words that only the other one has: every list, form,
word, search, page and Home tab, every message that is sent, and what the command line and the inspector read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Table, select

from slackapp.bulk.actions.carry_on import carry_on, go_on_with_runs
from slackapp.bulk.actions.prepare import begin_hand_over, submit
from slackapp.company.actions import apply_config
from slackapp.company.queries import export, list_changes
from slackapp.company.rules.read import read_file
from slackapp.delivery.prepare import prepare
from slackapp.escalation.actions import digests
from slackapp.escalation.actions.tick import tick
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Opened
from slackapp.lists.model import ListKind, ListQuery
from slackapp.lists.queries import load_page
from slackapp.lists.views.csv_file import csv_file
from slackapp.operations.inspection import inspect
from slackapp.registers import REGISTERS
from slackapp.slack import ids
from slackapp.slack.command_text import split
from slackapp.slack.conversation import Context
from slackapp.slack.payloads import Click, Command, Requester
from storage.bulk.model import BulkKind
from storage.company import people, workspaces
from storage.company.model import Channel, Person, Workspace
from storage.db.database import Database
from storage.handoffs import audit, handoffs
from storage.handoffs.acts import Act, AddNote, Ask, Claim, Complete, Verdict
from storage.handoffs.lifecycle import Moved
from storage.handoffs.model import Source, Text
from storage.outbox.model import LeasedMessage
from storage.outbox.outbox import lease, mark_done, mark_sent
from storage.schema import METADATA
from tests.app.test_no_content import NOT_READ, uses, words
from tests.batons import a_baton
from tests.databases import BOTH
from tests.manual_clock import ManualClock
from tests.storage.examples import as_posted
from tests.tables import check_rows

WORDS: Final = {"T1": "Quuxly", "T2": "Zorkmid"}
"""A word that stands in everything people wrote and named in a workspace, and nowhere in the other."""
SENDER, OWNER, MEMBER, MANAGER, ADMIN = "U0BEN", "U0EVA", "U0FARID", "U0DAN", "U0KIM"
PEOPLE: Final = (SENDER, OWNER, MEMBER, MANAGER, ADMIN)
COMPANY: Final = Path(__file__).parents[1] / "stories/company.yml"
HOUR: Final = timedelta(hours=1)


class World:
    """Both workspaces after some days of work."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.clock = ManualClock()
        self.db = database
        self.baton = a_baton(database, self.clock)
        self.handoffs: dict[str, list[str]] = {}
        for workspace, word in WORDS.items():
            self._furnish(workspace, word, folder)
        for workspace, word in WORDS.items():
            self._work(workspace, word)
        self.sent: list[tuple[str, str, str]] = []
        for _ in range(3):
            self.clock.advance(HOUR)
            for ticked in (tick, digests.put_due_digests, go_on_with_runs):
                ticked(self.baton)
            self._send()

    def _furnish(self, workspace: str, word: str, folder: Path) -> None:
        now = self.clock.now()
        text = COMPANY.read_text(encoding="utf-8").replace("Customer Success", f"{word} Success")
        text = text.replace("name: Support", f"name: {word} Support").replace("Sales &", f"{word} &")
        (file := folder / f"{workspace}.yml").write_text(text + "emoji: handshake\n", encoding="utf-8")
        with self.db.transaction() as tx:
            workspaces.put(tx, Workspace(id=workspace, name=word, bot_user="U0BATON", scopes=("chat:write",)))
            for user in (*PEOPLE, "U0HUGO", "U0ANA", "U0CLARA", "U0INES"):
                known = Person(
                    workspace=workspace, id=user, name=f"{word} {user.removeprefix('U0').title()}", team=workspace,
                    seen_at=now, dm_channel=f"D{user}",
                )  # fmt: skip
                people.put(tx, known)
            for group, members in (("S0CS", [OWNER, MEMBER]), ("S0SUPPORT", ["U0INES"])):
                people.put_group(tx, workspace, group, f"{word.lower()}-{group.lower()}", f"{word} group", members, now)
            for channel in ("C0SUCCESS", "C0SUPPORT", "C0SALES"):
                people.put_channel(
                    tx, Channel(workspace=workspace, id=channel, name=f"{word.lower()}-{channel[2:]}", has_bot=True)
                )
        found = read_file(file)
        assert isinstance(apply_config.apply(self.baton, workspace, found.company, found.digest), apply_config.Changes)

    def _work(self, workspace: str, word: str) -> None:
        mine = self.handoffs[workspace] = []
        for number, queue in enumerate(["success", "success", "success", "support", "success"], 1):
            draft = NewHandoff(
                title=f"{word} renewal {number}", queue=queue, next_step=f"Call {word}",
                note=Text(plain=f"{word} note"),
                link="https://crm.example.com/accounts/42", person=OWNER if number == 5 else None,
                source=Source(channel="C0SALES", ts=f"{number}.0", permalink="https://a.slack.com/archives/C0SALES/p1"),
            )  # fmt: skip
            done = open_handoff(self.baton, workspace=workspace, user=SENDER, draft=draft, form=f"V{number}")
            assert isinstance(done, Opened)
            assert done.handoff.number == number, "both count for themselves"
            mine.append(done.handoff.id)
        self._do(workspace, OWNER, mine[0], Claim(), AddNote(text=Text(plain=f"{word} called back")))
        self._do(workspace, OWNER, mine[0], Ask(text=Text(plain=f"Which {word}?")))
        self._do(workspace, OWNER, mine[1], Claim(), Complete(text=Text(plain=f"{word} signed"), verdict=Verdict.ASKED))
        self._do(workspace, MEMBER, mine[2], Claim())
        run = begin_hand_over(
            self.baton, workspace=workspace, user=MEMBER, kind=BulkKind.PERSON, person=OWNER,
            note=Text(plain=f"{word} shift ends"), form=workspace,
        )  # fmt: skip
        submit(self.baton, workspace=workspace, user=MEMBER, run_id=run)
        carry_on(self.baton, run, workspace, within_s=60)
        for user in PEOPLE:
            REGISTERS.events["app_home_opened"](self.baton, workspace, {"user": user, "tab": "home"})

    def _do(self, workspace: str, user: str, handoff_id: str, *acts: Act) -> None:
        for act in acts:
            request = Request(workspace=workspace, handoff_id=handoff_id, act=act, user=user)
            assert isinstance(carry_out(self.baton, request), Moved), act

    def _send(self) -> None:
        """Draw and send all that is due, and remember what was said where."""
        now = self.clock.now()
        while rows := self.db.run_transaction(lambda tx: lease(tx, now, 50, 30, "pump")):
            for row in rows:
                self._send_one(row)

    def _send_one(self, row: LeasedMessage) -> None:
        now = self.clock.now()
        with self.db.transaction() as tx:
            drawn = prepare(tx, row, now, REGISTERS.message_kinds)
            self.sent.append((row.wanted.workspace, row.wanted.kind, repr(drawn)))
            if row.wanted.kind == "home":
                mark_done(tx, row)
            else:
                ts = f"{row.id}.{row.wanted.workspace[1:]}"
                mark_sent(tx, row, row.posted or replace(as_posted(row.wanted, ts=ts), posted_at=now), now)


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    return World(database, tmp_path)


def foreign_words(text: str, workspace: str) -> list[str]:
    return [word for other, word in WORDS.items() if other != workspace and word.lower() in text.lower()]


def rows_of(world: World, workspace: str) -> dict[str, list[Any]]:
    """Everything stored of a workspace."""
    found = {}
    with world.db.reading() as tx:
        for name, table in METADATA.tables.items():
            if "workspace" in table.c:
                found[name] = sorted(map(repr, tx.execute(_all(table, workspace))))
    return found


def _all(table: Table, workspace: str) -> Any:
    return select(table).where(table.c.workspace == workspace)


def pages(world: World, workspace: str) -> Iterator[tuple[str, str]]:
    """What is read of a workspace besides what people press: lists, files, the configuration, the inspector."""
    for user in PEOPLE:
        for kind in ListKind:
            query = ListQuery(kind=kind, team="success" if kind is ListKind.TEAM else None, text="renewal")
            page = load_page(world.baton, workspace=workspace, user=user, query=replace(query, text=""), most=100)
            yield f"{kind} of {user}", repr(page) + csv_file(page)
            if kind is ListKind.SEARCH:
                for typed in ("renewal", "ben"):
                    page = load_page(world.baton, workspace=workspace, user=user, query=replace(query, text=typed))
                    yield f"search of {user}", repr(replace(page, query=query))
    with world.db.reading() as tx:
        yield "export", repr(export(tx, workspace))
        yield "history", repr(list_changes(tx, workspace, limit=100))
        yield "audit of the configuration", repr(audit.list_configuration_changes(tx, workspace, limit=100))
    for one in world.handoffs[workspace]:
        yield "inspector", repr(inspect(world.baton, workspace, one))


@BOTH
def test_nothing_that_is_sent_or_read_in_a_workspace_is_of_another(world: World) -> None:
    said = {workspace: [one for one in world.sent if one[0] == workspace] for workspace in WORDS}
    kinds = {workspace: {kind for _, kind, _ in found} for workspace, found in said.items()}
    assert kinds["T1"] == kinds["T2"] >= {"card", "dm", "sent", "home", "bulk", "source"}
    assert kinds["T1"] & {"level", "bundle"}, "clocks have run, too"

    def check(row: tuple[str, str, str]) -> None:
        workspace, _, text = row
        assert foreign_words(text, workspace) == [], text[:2000]

    read = [(workspace, name, text) for workspace in WORDS for name, text in pages(world, workspace)]
    for workspace, word in WORDS.items():
        assert any(word in text for one, _, text in read if one == workspace), "it has its own"
    check_rows([*world.sent, *read], check, name=lambda row: f"{row[1]} in {row[0]}")


@BOTH
def test_no_row_of_the_registers_reads_or_changes_another_workspace(world: World) -> None:
    """With ids of either workspace: a button of one that is pressed in the other finds nothing."""
    before = rows_of(world, "T1")
    context = Context(baton=world.baton, workspace="T2", team_url="https://acme.slack.com")

    def check(row: tuple[str, Any, tuple[Any, ...]]) -> None:
        _, use, payload = row
        reply = None
        with suppress(*NOT_READ):
            reply = use(context, *payload)
        assert foreign_words(repr(reply), "T2") == [], repr(reply)[:2000]

    check_rows(list(_presses(world)), check, name=lambda row: row[0])
    after = rows_of(world, "T1")
    assert {name: found for name, found in after.items() if found != before[name]} == {}
    for one in world.handoffs["T1"]:
        assert inspect(world.baton, "T2", one) is None


def _presses(world: World) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    """What an admin and a member of the second workspace send: about its own work, and with ids of the first."""
    mine, theirs = world.handoffs["T2"][0], world.handoffs["T1"][0]
    with world.db.reading() as tx:
        found = handoffs.get_many(tx, [mine, theirs])
    for user, handoff_id in ((ADMIN, mine), (ADMIN, theirs), (OWNER, theirs)):
        who, handoff = Requester(user=user, team="T2"), found[handoff_id]
        yield from ((f"{name} by {user}", use, (payload,)) for name, use, payload in uses(user, handoff))
        for name, row, parsed in words(handoff):
            yield f"{name} by {user}", row.handle, (Command(who=who, text=name, trigger_id="1"), parsed)
    who = Requester(user=ADMIN, team="T2")
    for word in ("renewal", "success", "group"):
        for name, row in REGISTERS.words.items():
            parsed = row.parse(split(word))
            if parsed is not None:
                yield f"{name} {word}", row.handle, (Command(who=who, text=word, trigger_id="1"), parsed)
    for action, use in REGISTERS.clicks.items():
        for value in ("v1:run:b_T1", "v1:b_T1", "v1:run:b_T2", "v1:C0SALES:1.0", "v1:list=team&team=success"):
            click = Click(who=who, action=action, value=value, target=ids.target(value), trigger_id="1")
            yield f"{action} {value}", use, (click,)
