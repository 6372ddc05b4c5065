"""Words that no form may use: they read as if translated, or name how things are stored."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[2] / "slackapp"
SHIPPED: Final = ROOT / "templates/rules/shipped.yml"
PLACES: Final = (
    "forms", "template_editor", "templates/views", "slack/field_problems.py", "handoffs/views/verb_forms.py",
    "handoffs/views/note_forms.py", "handoffs/views/verdicts.py",
)  # fmt: skip
"""Where the words of forms are written."""

BANNED: Final = re.compile(
    r"""
    \b(?: somebody | anybody | everybody | whom | whoever | cannot | mend(?:ed)? | hears? | stands? | stood
        | rest(?:s|ing) | papers | moment | thrown\ away | out\ of\ use | goes?\ on | an?\ sign\ of\ life
        | on\ each\ line | one\ a\ line | wake\ people | clocks? | urgency | is\ no\ [a-z]+\. | there\ any\ more
        | at\ once )\b
    | \d\ % | [a-z]!
    """,
    re.VERBOSE | re.IGNORECASE,
)


def sentences_of(source: str) -> Iterator[str]:
    """Every text with a space in it that a module writes, apart from docstrings."""
    tree = ast.parse(source)
    spoken_to_developers = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in spoken_to_developers:
            text = node.value if isinstance(node.value, str) else ""
            if " " in text.strip():
                yield text


def modules() -> Iterator[Path]:
    for place in PLACES:
        found = ROOT / place
        yield from (found.rglob("*.py") if found.is_dir() else [found])


def texts_in(part: object) -> Iterator[str]:
    """Every text of a YAML value, without the keys of mappings."""
    if isinstance(part, dict):
        for value in part.values():
            yield from texts_in(value)
    elif isinstance(part, list):
        for one in part:
            yield from texts_in(one)
    elif isinstance(part, str) and " " in part:
        yield part


@pytest.mark.parametrize("module", list(modules()), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_form_speaks_plain_english(module: Path) -> None:
    found = [text for text in sentences_of(module.read_text(encoding="utf-8")) if BANNED.search(text)]

    assert [text for text in found if not text.startswith("{")] == []


def test_the_shipped_templates_speak_plain_english() -> None:
    texts = set(texts_in(yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))))

    assert [text for text in texts if BANNED.search(text)] == []
