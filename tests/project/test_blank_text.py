"""Whether a text is empty is asked in one way, so that characters which nobody sees count as empty everywhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PRODUCT: Final = Path(__file__).parents[2] / "slackapp"
LOCAL: Final = PRODUCT / "local"
"""The local workspace imports nothing of Baton's and decides nothing for it."""


MACHINES: Final = {PRODUCT / "runtime" / "version.py"}
"""Modules whose texts no person writes."""


def judged(tree: ast.AST) -> Iterator[ast.expr]:
    """Expressions of which only the truth matters."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            yield node.test
        elif isinstance(node, ast.BoolOp):
            yield from node.values
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node.operand
        elif isinstance(node, ast.comprehension):
            yield from node.ifs
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "bool":
            yield from node.args


def is_strip(expression: ast.expr) -> bool:
    call = expression.func if isinstance(expression, ast.Call) and not expression.args else None
    return isinstance(call, ast.Attribute) and call.attr == "strip"


def test_nobody_asks_whether_a_text_is_empty_by_its_white_space() -> None:
    files = [file for file in PRODUCT.rglob("*.py") if LOCAL not in file.parents and file not in MACHINES]
    asked = [
        f"{file.relative_to(PRODUCT)}:{expression.lineno}: use is_blank"
        for file in files
        for expression in judged(ast.parse(file.read_text(encoding="utf-8")))
        if is_strip(expression)
    ]

    assert asked == []
