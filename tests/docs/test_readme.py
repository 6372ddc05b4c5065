"""Every promise of the README is linked to the test that holds it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

import pytest
import yaml

from slackapp.templates.rules.shipped import shipped

ROOT: Final = Path(__file__).parents[2]
README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
TESTS: Final = {
    key: (path, function)
    for key, path, function in re.findall(r'^\[([\w-]+)\]: (tests/\S+) "(\w+)"$', README, re.MULTILINE)
}


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("path", "function"), TESTS.values(), ids=TESTS)
def test_a_linked_test_exists(path: str, function: str) -> None:
    assert function in functions(ROOT / path)


def test_every_link_to_a_test_is_defined_and_every_definition_is_used() -> None:
    assert sorted(re.findall(r"\[test\]\[([\w-]+)\]", README)) == sorted(TESTS)


def test_each_of_its_reasons_has_a_test() -> None:
    reasons = re.search(r"^## Why Baton\n(.*?)^## ", README, re.DOTALL | re.MULTILINE)
    assert reasons

    items = re.split(r"^\d+\. ", reasons[1], flags=re.MULTILINE)[1:]
    assert len(items) > 1
    assert [item.splitlines()[0] for item in items if "[test][" not in item] == []


def test_its_numbers_are_those_of_the_program() -> None:
    story = yaml.safe_load((ROOT / "slackapp" / "cli" / "story.yml").read_text(encoding="utf-8"))

    assert ("Fourteen templates" in README) == (len(shipped()) == 14)
    assert ("seven short scenes" in README) == (len(story["scenes"]) == 7)


def test_it_is_short() -> None:
    assert len(README.splitlines()) <= 150
