"""The README says what the code does."""

import re
from pathlib import Path

import pytest

from slackapp.handoffs.rules import change_messages
from storage.handoffs import lifecycle

README = Path(__file__).parents[2] / "README.md"


def as_table(rows: list[dict[str, str]], titles: dict[str, str]) -> str:
    lines = [" | ".join(titles.values()), " | ".join("---" for _ in titles)]
    lines += [" | ".join(row[key] for key in titles) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


TABLES = {
    "lifecycle": as_table(lifecycle.rules_table(), {"verb": "verb", "from": "from", "to": "to", "who": "who may"}),
    "reactions": as_table(
        change_messages.table(), {"verb": "verb", "dm": "direct message to", "thread": "said in the card's thread"}
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_the_readme_shows_the_table_that_the_code_follows(name: str) -> None:
    shown = re.search(rf"<!-- {name} -->\n(.*?)\n?<!-- /{name} -->", README.read_text(), re.DOTALL)

    assert shown is not None
    assert shown[1].strip() == TABLES[name], f"put this between the marks in README.md:\n\n{TABLES[name]}\n"
