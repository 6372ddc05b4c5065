"""Every verb and every level action has its row in each table that people meet it through."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from slackapp.cli.program import program
from slackapp.handoffs.listeners.buttons import IMMEDIATE_VERBS
from slackapp.handoffs.views.details import ORDER
from slackapp.handoffs.views.verb_forms import FORMS
from storage.clocks.model import LevelAction

MORE = {LevelAction.CHECK: ", within: 1h", LevelAction.REASSIGN: ", to: managers"}
"""What the file has to say besides, by level action."""


def test_show_all_has_a_button_for_every_verb_of_a_person() -> None:
    assert set(ORDER) == FORMS.keys() | IMMEDIATE_VERBS.keys()
    assert len(ORDER) == len(set(ORDER))


@pytest.mark.parametrize("do", LevelAction)
def test_sla_explain_says_what_a_level_does(do: LevelAction, tmp_path: Path) -> None:
    file = tmp_path / "company.yml"
    file.write_text(
        "version: 1\n"
        "policies:\n"
        "  - {key: p, targets: {finish: {normal: 1h}}, levels: ["
        f"{{key: l, clock: finish, at: 100%, do: {do}{MORE.get(do, '')}}}]}}\n"
        "queues: [{key: q, name: Q, channel: C1, managers: [U1], policy: p}]\n",
        encoding="utf-8",
    )
    asked = f"sla explain --config {file} --queue q --at 2026-11-23T09:00"

    done = CliRunner().invoke(program(), asked.split(), prog_name="baton")

    assert (done.exit_code, done.exception) == (0, None), done.stderr
