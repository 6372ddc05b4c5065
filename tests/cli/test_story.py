"""The demo's story speaks as the product does: its buttons exist, and its words are those of the trade."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from slackapp.local.server.guide import read_guide
from tests.project.test_plain_words import BANNED

ROOT: Final = Path(__file__).parents[2]
STORY: Final = ROOT / "slackapp/cli/story.yml"
LAID_ASIDE: Final = re.compile(r"\b(answerable|cannot hear|the clock told|nudged?)\b", re.IGNORECASE)
ASKED: Final = "Whom do you call?"


def test_every_button_of_the_story_exists_under_that_name() -> None:
    labels = set(labels_of_the_product())
    shown = labels | {label.removesuffix("…") for label in labels}  # a form's own button does not open another form
    named = {label for step in steps() for label in re.findall(r"\*(.+?)\*", step["do"])}

    assert len(named) > 15
    assert sorted(named - shown) == []


def test_every_field_that_the_story_fills_in_exists_under_that_name() -> None:
    shown = set(labels_of_the_product())

    assert sorted({field for step in steps() for field in step.get("fill", {})} - shown) == []


def test_the_story_speaks_plain_english() -> None:
    told = [text.replace(ASKED, "") for text in spoken()]

    assert [text for text in told if BANNED.search(text) or LAID_ASIDE.search(text)] == []


def test_a_step_that_lets_time_pass_says_so() -> None:
    assert [step["do"] for step in steps() if "skip_s" in step and " pass" not in step["do"]] == []


def scenes() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_guide(STORY)["scenes"]
    return found


def steps() -> Iterator[dict[str, Any]]:
    for scene in scenes():
        yield from scene["steps"]


def spoken() -> Iterator[str]:
    """What the guide itself says: nothing that its people type."""
    for scene in scenes():
        yield from (scene["title"], scene["about"], scene["after"])
    yield from (step["do"] for step in steps())


def labels_of_the_product() -> Iterator[str]:
    """Every text that stands alone in the program, the page, the manifest, or a file of templates and teams."""
    for file in (path for end in ("py", "js") for path in (ROOT / "slackapp").rglob(f"*.{end}")):
        yield from re.findall(r'"([^"\n]+)"', file.read_text(encoding="utf-8"))
    for file in (ROOT / "manifest.yml", *(ROOT / "slackapp").rglob("*.yml")):
        if file != STORY:
            yield from scalars(yaml.safe_load(file.read_text(encoding="utf-8")))


def scalars(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from scalars(one)
    elif isinstance(part, str):
        yield part
