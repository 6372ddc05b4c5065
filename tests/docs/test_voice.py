"""The documentation speaks plainly: no sentence begins with a word that points elsewhere, and no riddles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "docs" / "templates" / "README.md",
    ROOT / "slackapp" / "local" / "README.md",
    *sorted((ROOT / "docs" / "examples").rglob("*.md")),
    *sorted((ROOT / "docs").rglob("*.yml")),
)
NOT_PROSE: Final = re.compile(
    r"^( *)```.*?^\1```$|<!--.*?-->|\]\([^)]*\)|^\[[\w-]+\]: .*$|<[^>]+>|`[^`]+`|“[^”]+”", re.MULTILINE | re.DOTALL
)
"""Code, comments, addresses, tags, and words that somebody else says."""
BEGINNINGS: Final = re.compile(
    r"(?:^[\s>#|*\d.-]*|\| *|[.?!)] +)\**(It|Its|It's|What|Whatever|Whoever)\b", re.MULTILINE
)
RIDDLES: Final = re.compile(
    r"\b(stands? still|stood still|mend(?:s|ed|ing)?|hears?|heard|rests|resting|signs? of life|the house|the law"
    r"|papers?|answers? for (?:it|the work)|waits? for somebody|what came of|spoken|stand there)\b|\d %",
    re.IGNORECASE,
)
"""Words of our own for things that the field has a name for, and a space before a percent sign."""


def found(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """Yield each line of prose in which a pattern is found, with the number of the line."""
    prose = NOT_PROSE.sub(lambda code: "`" + "\n" * code[0].count("\n"), text)
    for match in pattern.finditer(prose):
        number = prose.count("\n", 0, match.end()) + 1
        yield f"line {number}: {prose.splitlines()[number - 1].strip()}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
@pytest.mark.parametrize("pattern", [BEGINNINGS, RIDDLES], ids=["beginnings", "riddles"])
def test_a_page_speaks_plainly(page: Path, pattern: re.Pattern[str]) -> None:
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".yml":
        text = "\n".join(line.partition("# ")[2] for line in text.splitlines())
    lines = list(found(text, pattern))

    assert not lines, "\n".join(lines)


def test_the_examples_of_templates_write_a_percent_sign_without_a_space() -> None:
    pages = sorted((ROOT / "docs" / "templates").glob("*.md"))

    assert len(pages) > 10
    assert [page.name for page in pages if re.search(r"\d %", page.read_text(encoding="utf-8"))] == []


def test_what_is_looked_for_is_found_in_prose_and_not_in_code() -> None:
    text = "Fine. It rests.\n\n- **What** it is\n\n| a | Whoever |\n\n`It` “What?”\n\n```sh\nmend 5 %\n```\n"

    assert len(list(found(text, BEGINNINGS))) == 3
    assert list(found(text, RIDDLES)) == ["line 1: Fine. It rests."]
