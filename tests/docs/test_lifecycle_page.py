"""docs/lifecycle.md prints the tables that the code follows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from slackapp.handoffs.rules import change_messages
from slackapp.handoffs.views.wording import form_title
from storage.handoffs import lifecycle
from storage.handoffs.lifecycle import Verb

PAGE: Final = Path(__file__).parents[2] / "docs" / "lifecycle.md"
NO_BUTTON: Final = frozenset({Verb.LAPSE, Verb.REMIND, Verb.ESCALATE})
"""Verbs that only the clock carries out."""


def button(verb: str) -> str:
    return "–" if verb in NO_BUTTON else form_title(Verb(verb))


def as_table(rows: list[dict[str, Any]], titles: Mapping[str, str]) -> str:
    shown = [{**row, "button": button(row["verb"]), "verb": f"`{row['verb']}`"} for row in rows]
    lines = [" | ".join(titles.values()), " | ".join("---" for _ in titles)]
    lines += [" | ".join(row[key] for key in titles) for row in shown]
    return "\n".join(f"| {line} |" for line in lines).replace("whoever may", "anyone who may")  # roles are stored words


TABLES: Final = {
    "lifecycle": as_table(
        lifecycle.rules_table(),
        {"button": "button", "verb": "stored as", "from": "from", "to": "to", "who": "who may"},
    ),
    "reactions": as_table(
        change_messages.table(),
        {"button": "button", "verb": "stored as", "dm": "direct message to", "thread": "posted in the card's thread"},
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_the_page_shows_the_table_that_the_code_follows(name: str) -> None:
    shown = re.search(rf"<!-- {name} -->\n(.*?)\n?<!-- /{name} -->", PAGE.read_text(encoding="utf-8"), re.DOTALL)

    assert shown is not None
    assert shown[1].strip() == TABLES[name], f"put this between the marks in docs/lifecycle.md:\n\n{TABLES[name]}\n"
