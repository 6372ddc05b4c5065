"""Reads a guide: a YAML file of scenes through which the page leads its visitor (../README.md describes it)."""

from pathlib import Path
from typing import Any, Final

import yaml

from slackapp.local.protocol.types import Json

_SCENE: Final = {"key", "title", "about", "people", "steps"}
_STEP: Final = {"who", "do", "done"}
_EXTRAS: Final = {"fill", "skip_s", "together"}
_SIGNS: Final = {"user", "modal", "channel", "text", "button", "without", "paused", "home"}
_TOGETHER: Final = {"label", "people", "channel", "button"}


def read_guide(path: Path) -> Json:
    """Return the guide of a YAML file; raise ValueError with a sentence if a part is missing or unknown."""
    guide = yaml.safe_load(path.read_text(encoding="utf-8"))
    _check(guide, {"title", "scenes"}, set(), "the guide")
    for scene in guide["scenes"]:
        _check(scene, _SCENE, {"after"}, "a scene")
        for step in scene["steps"]:
            where = f"a step of {scene['key']!r}"
            _check(step, _STEP, _EXTRAS, where)
            _check(step["done"], set(), _SIGNS, f"`done` in {where}")
            if "together" in step:
                _check(step["together"], _TOGETHER, set(), f"`together` in {where}")
    keys = [scene["key"] for scene in guide["scenes"]]
    if len(set(keys)) != len(keys):
        raise ValueError(f"the guide has two scenes with one key: {keys}")
    read: Json = guide
    return read


def _check(part: Any, needed: set[str], allowed: set[str], where: str) -> None:
    if not isinstance(part, dict):
        raise ValueError(f"{where} has to be a mapping")  # noqa: TRY004 - a file's content, not an argument's type
    if missing := needed - part.keys():
        raise ValueError(f"{where} lacks {sorted(missing)}")
    if unknown := part.keys() - needed - allowed:
        raise ValueError(f"{where} has unknown parts {sorted(unknown)}; known are {sorted(needed | allowed)}")
