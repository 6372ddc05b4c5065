"""What counts as the same press of a button, and what as a new one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from slackapp.handoffs.rules import repeats
from storage.handoffs.acts import Continue
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import AuditEntry
from tests.builders import NOW, TEAM

PRESSED = AuditEntry(
    id=1, workspace=TEAM, handoff_id="h1", at=NOW, verb=Verb.CONTINUE, actor="EVA", before=None, after=None,
    owner="EVA", accountable="EVA", queue="success", note_id=None, facts={},
)  # fmt: skip


@pytest.mark.parametrize(("later_s", "is_same"), [(0, True), (59.9, True), (60, False), (-59.9, True), (-60, False)])
def test_a_minute_later_by_either_clock_it_is_a_new_press(later_s: float, is_same: bool) -> None:
    now = NOW + timedelta(seconds=later_s)

    assert repeats.is_pressed_twice(Continue(), "EVA", PRESSED, now) is is_same


def test_another_person_or_another_act_is_no_repetition() -> None:
    assert not repeats.is_pressed_twice(Continue(), "INES", PRESSED, NOW)
    assert not repeats.is_pressed_twice(Continue(), "EVA", None, NOW)
