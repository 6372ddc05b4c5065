"""Every click, form, shortcut, word and search of people whom the work does not concern: no change, and no content.

The rows are the real ones. They are called as if a person had found the id of a handoff that is not for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

import pytest

from slackapp.capability import Subcommand
from slackapp.registers import REGISTERS
from slackapp.runtime.baton import Baton
from slackapp.slack import ids
from slackapp.slack.command_text import split
from slackapp.slack.conversation import Context
from slackapp.slack.inbound import MalformedPayload
from slackapp.slack.payloads import (
    Click,
    Command,
    Entered,
    OptionSearch,
    Requester,
    ShortcutUse,
    SourceMessage,
    Submit,
)
from storage.company import people, queues, workspaces
from storage.company.model import Channel, Person, Workspace
from storage.db.database import Database, Tx
from storage.handoffs import handoffs, notes
from storage.handoffs.lifecycle import State, Verb
from storage.handoffs.model import Handoff, Note, Text
from tests.batons import a_baton
from tests.builders import NOW, TEAM, a_handoff, a_queue
from tests.tables import check_rows

SECRET: Final = "Xyzzy"
HIDDEN_TEAM: Final = "Plugh"
COLLEAGUE, GUEST = "U7", "U8"
NOT_READ: Final = (MalformedPayload, KeyError, TypeError, ValueError, AttributeError, LookupError)
"""What a row may raise about a payload that Slack would not send: the person gets an apology and nothing is done."""


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def work(database: Database) -> list[Handoff]:
    """A handoff of a team with a private channel, one that is private, and one that anybody may see but guests."""

    def secret(number: int) -> dict[str, Any]:
        said = {"title": f"{SECRET}{number} title", "next_step": f"{SECRET}{number} step"}
        return {"id": f"h_{number}", "number": number, "originator": "U1", "sender": "U1", **said}

    found = [
        a_handoff(queue="hidden", state=State.CLAIMED, owner="U2", **secret(1)),
        a_handoff(private=True, **secret(2)),
        a_handoff(**secret(3)),
    ]

    def store(tx: Tx) -> None:
        workspaces.put(tx, Workspace(id=TEAM, name="Acme", bot_user="U0", scopes=("chat:write",)))
        for user in ("U1", "U2", "U3", COLLEAGUE, GUEST):
            people.put(tx, Person(workspace=TEAM, id=user, name=user, team=TEAM, is_guest=user == GUEST, seen_at=NOW))
        queues.put(tx, a_queue(members=("U2",), managers=("U3",)))
        queues.put(tx, a_queue(key="hidden", name=HIDDEN_TEAM, channel="C9", members=("U2",), managers=("U3",)))
        people.put_channel(tx, Channel(workspace=TEAM, id="C9", name="plugh", is_private=True, has_bot=True))
        for handoff in found:
            handoffs.add(tx, handoff)
            note = Note(
                id=f"n_{handoff.number}", handoff_id=handoff.id, verb=Verb.OPEN, author="U1", at=NOW,
                text=Text(plain=f"{SECRET}{handoff.number} note"),
            )  # fmt: skip
            notes.add(tx, note, TEAM)

    database.run_transaction(store)
    return found


def uses(user: str, handoff: Handoff) -> Iterator[tuple[str, Any, Any]]:
    """Every row with what Slack may send for it about a handoff: its name, the row, and the payload."""
    who = Requester(user=user, team=TEAM)
    row: Any
    for action, row in REGISTERS.clicks.items():
        for value in (ids.button_value(handoff.id), ids.note_value(action, handoff.id, f"n_{handoff.number}")):
            target = ids.target(value)
            yield action, row, Click(who=who, action=action, value=value, target=target, trigger_id="1")
    meta = {"handoff": handoff.id, "note": f"n_{handoff.number}", "queue": "hidden"}
    values = Entered(
        note=Text(plain="I know"), person=user, queue="hidden", title="Mine", next_step="Do", reason="other",
        priority="high", duration="4h", until=NOW, by=NOW, gist="What", first_step="Do", text="Xyzzy"[:3],
    )  # fmt: skip
    for form, row in {**REGISTERS.forms, **REGISTERS.closed}.items():
        yield form, row, Submit(who=who, form=form, view_id="V1", meta=meta, values=values)
    said = SourceMessage(channel="C9", ts="1.2", thread_ts=None, text="hello", blocks=(), author="U1", author_name=None)
    for shortcut, row in REGISTERS.shortcuts.items():
        use = ShortcutUse(who=who, shortcut=shortcut, trigger_id="1", response_url=None, message=said)
        yield shortcut, row, use
    for field, row in REGISTERS.choices.items():
        yield field, row, OptionSearch(who=who, field=field, text="")
        yield field, row, OptionSearch(who=who, field=field, text=HIDDEN_TEAM)


def words(handoff: Handoff) -> Iterator[tuple[str, Subcommand[Any], Any]]:
    """Every word of the command with what a curious person types after it."""
    for word, row in REGISTERS.words.items():
        for text in ("", str(handoff.number), f"#{handoff.number}", SECRET, HIDDEN_TEAM, "hidden"):
            parsed = row.parse(split(text))
            if parsed is not None:
                yield f"{word} {text}", row, parsed


@pytest.mark.parametrize("user", [COLLEAGUE, GUEST])
def test_whom_work_does_not_concern_neither_changes_it_nor_reads_of_it(
    database: Database, work: list[Handoff], user: str
) -> None:
    baton = a_baton(database)
    given = Context(baton=baton, workspace=TEAM, team_url="https://acme.slack.com")
    not_theirs = work if user == GUEST else work[:2]

    def check(row: tuple[str, Any, tuple[Any, ...], Handoff]) -> None:
        name, use, payload, handoff = row
        reply = None
        with suppress(*NOT_READ):
            reply = use(given, *payload)
        shown = repr(reply)
        for part in ("title", "step", "note"):
            assert f"{SECRET}{handoff.number} {part}" not in shown, shown[:1500]
        assert HIDDEN_TEAM not in shown or HIDDEN_TEAM in name + repr(payload), shown[:1500]
        assert stored(baton, handoff) == handoff, "changed"

    rows: list[tuple[str, Any, tuple[Any, ...], Handoff]] = []
    rows += [(name, use, (payload,), one) for one in not_theirs for name, use, payload in uses(user, one)]
    rows += [
        (name, row.handle, (Command(who=Requester(user=user, team=TEAM), text=name, trigger_id="1"), parsed), one)
        for one in not_theirs
        for name, row, parsed in words(one)
    ]
    check_rows(rows, check, name=lambda row: f"{row[0]} about {row[3].id}")


def stored(baton: Baton, handoff: Handoff) -> Handoff | None:
    with baton.db.reading() as tx:
        return handoffs.get(tx, TEAM, handoff.id)
