"""The contributor guide names files, folders and names that exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
GUIDE: Final = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
VIEWS: Final = ROOT / "slackapp" / "handoffs" / "views"
PLACES: Final = (ROOT, ROOT / "slackapp", ROOT / "storage", VIEWS)
"""Folders from which the guide's paths begin."""
ROOMS: Final = {"listeners.py", "register.py"}
"""Named without their package."""
CODE: Final = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("slackapp", "storage", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
)


def packages(folder: str) -> set[str]:
    return {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}


def test_every_file_that_it_names_exists() -> None:
    named = set(re.findall(r"`([\w./-]+\.(?:py|yml|md|json|toml))`", GUIDE)) - ROOMS

    assert len(named) > 50
    assert sorted(name for name in named if "NAME" not in name and not any((at / name).exists() for at in PLACES)) == []


def test_every_class_and_table_that_it_names_is_defined() -> None:
    named = set(re.findall(r"`([A-Z][A-Za-z_]+)`", GUIDE)) - {"LOCAL_SLACK_PATIENCE"}

    assert len(named) > 20
    defined = set(re.findall(r"^(?:class )?([A-Z][A-Za-z_]+)(?=[:(= ])", CODE, re.MULTILINE))
    assert sorted(named - defined) == []


def test_it_has_a_line_for_every_view_of_a_handoff() -> None:
    listed = {
        name
        for row in re.findall(r"^\| (`\w+\.py`.*?) \|", GUIDE, re.MULTILINE)
        for name in re.findall(r"`([\w.]+)`", row)
    }

    assert sorted({path.name for path in VIEWS.glob("*.py")} - listed - {"__init__.py"}) == []


@pytest.mark.parametrize("folder", ["slackapp", "storage"])
def test_it_has_a_line_for_every_package(folder: str) -> None:
    lines = {name for row in re.findall(r"^\| (`.*?) \|", GUIDE, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}

    assert packages(folder) <= lines
