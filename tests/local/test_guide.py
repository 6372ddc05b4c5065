"""Guides: what the page tells its visitor to do, read from a file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from slackapp.local.server.guide import read_guide

ROOT = Path(__file__).parents[2]
STEP: dict[str, Any] = {"who": "U1", "do": "Press it.", "done": {"user": "U1", "modal": "It"}}


def written(folder: Path, **changes: Any) -> Path:
    scene = {"key": "a", "title": "A", "about": "It.", "people": {"U1": "C1"}, "steps": [STEP | changes]}
    path = folder / "guide.yml"
    path.write_text(yaml.safe_dump({"title": "Try it", "scenes": [scene]}), encoding="utf-8")
    return path


def test_a_guide_is_read_as_it_was_written(tmp_path: Path) -> None:
    guide = read_guide(written(tmp_path, skip_s=60))

    assert guide["scenes"][0]["steps"][0]["skip_s"] == 60


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"wait": 3}, "a step of 'a' has unknown parts ['wait']"),
        ({"done": {"sees": "x"}}, "`done` in a step of 'a' has unknown parts ['sees']"),
        ({"done": {"resting": True}}, "`done` in a step of 'a' has unknown parts ['resting']"),
        ({"done": None}, "`done` in a step of 'a' has to be a mapping"),
        ({"together": {"label": "Both"}}, "`together` in a step of 'a' lacks ['button', 'channel', 'people']"),
    ],
)
def test_a_guide_that_nobody_could_follow_is_refused(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read_guide(written(tmp_path, **changes))


def test_two_scenes_of_one_name_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    guide = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(guide | {"scenes": guide["scenes"] * 2}), encoding="utf-8")

    with pytest.raises(ValueError, match="two scenes with one key"):
        read_guide(path)


def test_the_people_and_channels_of_the_demos_story_are_those_of_the_workspace() -> None:
    seed = yaml.safe_load((ROOT / "slackapp/local/seed.yml").read_text(encoding="utf-8"))
    members = {channel["id"]: channel["members"] for channel in seed["channels"]}

    for scene in read_guide(ROOT / "slackapp/cli/story.yml")["scenes"]:
        for person, channel in scene["people"].items():
            assert person in members[channel]
        for step in scene["steps"]:
            assert {step["who"], step["done"]["user"]} <= scene["people"].keys()
