"""Docstrings keep up with the code they describe."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_SECTION: Final = re.compile(r"^Args:\n((?: {4}.*\n?|\n)+)", re.MULTILINE)
_ENTRY: Final = re.compile(r"^ {4}\*{0,2}(\w+)(?: \([^)]*\))?:", re.MULTILINE)

Described = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def described() -> Iterator[tuple[str, Described]]:
    """Yield every function and class of both packages, with its place."""
    for path in sorted((*(ROOT / "slackapp").rglob("*.py"), *(ROOT / "storage").rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, Described):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node


def documented(node: Described) -> list[str]:
    """The parameters that a docstring describes."""
    section = _SECTION.search(ast.get_docstring(node) or "")
    return _ENTRY.findall(section[1]) if section else []


def parameters(node: Described) -> set[str]:
    """The parameters that a function has; of a class, those that make one."""
    if isinstance(node, ast.ClassDef):
        made = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
        fields = {
            one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        }
        return parameters(made[0]) if made else fields
    every = node.args
    named = [*every.posonlyargs, *every.args, *every.kwonlyargs, *filter(None, (every.vararg, every.kwarg))]
    return {one.arg for one in named}


def test_every_argument_that_a_docstring_describes_is_a_parameter() -> None:
    stale = [
        f"{place}: {name}" for place, node in described() for name in documented(node) if name not in parameters(node)
    ]

    assert stale == []


def test_the_entries_of_docstrings_are_found() -> None:
    entries = [name for _, node in described() for name in documented(node)]

    assert len(entries) > 100
