"""What has no visible character is empty, wherever somebody writes it."""

from __future__ import annotations

import pytest

from slackapp.app import Running
from slackapp.company.rules.read import read
from slackapp.yaml_files.problems import ConfigurationError
from storage.handoffs import handoffs
from tests.slack_client import Workspace
from tests.stories.company import COMPANY
from tests.stories.northwind import ACME, HandOff, look_up, open_form

UNSEEN = ("\u200b\u200b", "\u3164", "\u2800", "\u2060\ufeff")
EMPTY = "This is empty. Please add an answer."


@pytest.mark.parametrize("field", ["title", "next_step", "note"])
def test_a_field_of_the_form_that_nobody_can_see_is_empty(slack: Workspace, running: Running, field: str) -> None:
    for text in UNSEEN:
        form = open_form(slack, "U0BEN")
        form.submit({**ACME, field: text})

        assert form.problems == {field: EMPTY}, ascii(text)
        form.close()
    with running.db.reading() as tx:
        assert handoffs.count_live_by_queue(tx, "T0LOCAL") == {}


def test_a_note_that_nobody_can_see_is_empty(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    look_up(slack, card, "Add note", by="U0EVA")
    form = slack.modal("U0EVA")
    form.submit({"note": "\u200b\u3164"})

    assert form.errors == {"note": EMPTY}


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("name: Customer Success", 'name: "\u3164"'),
        ("key: success", 'key: "\u200b"'),
        ("channel: C0SUCCESS", 'channel: "\u200b"'),
    ],
)
def test_a_value_in_the_file_that_nobody_can_see_is_empty(written: str, instead: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(COMPANY.read_text(encoding="utf-8").replace(written, instead))

    assert "is empty. Write something or leave the line out." in str(refused.value)
