"""The notes that a person may still change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from slackapp.handoffs.rules.change_messages import quotes_of
from slackapp.handoffs.rules.note_editing import FRESH, problem
from slackapp.slack import ids
from slackapp.slack.field_problems import FieldProblem
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Note, Text
from storage.outbox.model import Destination, OutboxMessage, PostedMessage
from tests.handoffs.samples import ANA, BEN, MONDAY_9, a_note

NOTE = a_note(Verb.NOTE)


@pytest.mark.parametrize(
    ("note", "wrong"),
    [
        pytest.param(NOTE, None, id="a fresh one of one's own"),
        pytest.param(replace(NOTE, at=MONDAY_9 - FRESH), None, id="for half an hour"),
        pytest.param(replace(NOTE, at=MONDAY_9 - FRESH - timedelta(seconds=1)), FieldProblem.TOO_LATE, id="not longer"),
        pytest.param(replace(NOTE, author=BEN), FieldProblem.NOT_YOURS, id="somebody else's"),
        pytest.param(replace(NOTE, handoff_id="h_2"), FieldProblem.NOT_YOURS, id="of another handoff"),
        pytest.param(None, FieldProblem.NOT_YOURS, id="none"),
        pytest.param(replace(NOTE, removed_at=MONDAY_9), FieldProblem.TOO_LATE, id="a deleted one"),
        pytest.param(
            replace(NOTE, verb=Verb.READ_BACK), FieldProblem.TOO_LATE, id="what was read back is confirmed as it is"
        ),
        pytest.param(
            a_note(Verb.EDIT, "", changes={"title": ["a", "b"]}), FieldProblem.TOO_LATE, id="a record of an edit"
        ),
        pytest.param(replace(NOTE, text=Text(reason="missing")), FieldProblem.TOO_LATE, id="a reason without words"),
    ],
)
def test_it_is_ones_own_fresh_written_notes(note: Note | None, wrong: FieldProblem | None) -> None:
    assert problem(note, "h_1", ANA, MONDAY_9) is wrong


def test_the_value_of_a_notes_menu_names_the_note_and_is_read_back() -> None:
    value = ids.note_value(ids.action(Verb.EDIT_NOTE), "h_1", "n_1")

    assert value == "v1:handoff.edit_note:h_1:n_1"
    assert ids.target(value) == ids.Target(handoff_id="h_1", action="handoff.edit_note", note_id="n_1")
    assert [ids.target(wrong) for wrong in ("v1:a:b:", "v1:a::c", "v2:a:b:c", "v1:a:b:c:d")] == [None] * 4


def test_messages_that_quote_it_are_drawn_again_those_on_their_way_too_and_no_others() -> None:
    def message(key: str, kind: str, payload: Mapping[str, Any]) -> OutboxMessage:
        return OutboxMessage(
            workspace="T1", key=key, kind=kind, handoff_id="h_1", to=Destination(user=BEN), payload=payload
        )

    def posted(wanted: OutboxMessage) -> PostedMessage:
        same = {name: getattr(wanted, name) for name in ("workspace", "key", "kind", "handoff_id", "to", "payload")}
        return PostedMessage(**same, channel="D1", ts="1.1", permalink=None, posted_at=MONDAY_9)

    reply = message("reply:1", "reply", {"verb": "note", "note_id": "n_1"})
    offer = message("dm:1", "dm", {"verb": "open", "note_id": None})
    other = message("dm:2", "dm", {"verb": "note", "note_id": "n_2"})
    card = message("card:1", "card", {"hop": 1})

    found = quotes_of("n_1", [posted(reply), posted(other), posted(card)], [offer, reply, other])
    assert sorted(one.key for one in found) == ["dm:1", "reply:1"]
