"""Every picture of the documentation can still be taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chromium import find_chromium
from tests.pictures.camera import PICTURES, SCHEMES, take
from tests.pictures.scripts import ONE_OF_EACH, SCRIPTS
from tests.pictures.templates import on_the_way

FILES = {f"{name}-{scheme}.png" for name in SCRIPTS for scheme in SCHEMES}


@pytest.mark.browser
@pytest.mark.slow  # its short form photographs one of each kind, and plays one form and one card of the templates
@pytest.mark.timeout(1200)
def test_every_script_plays_its_scene_to_the_picture(tmp_path: Path, *, long: bool) -> None:
    find_chromium()
    schemes = SCHEMES if long else SCHEMES[:1]
    scripts = {name: script for name, script in SCRIPTS.items() if long or name not in on_the_way()}

    photographed = SCRIPTS.keys() if long else ONE_OF_EACH
    take(scripts, tmp_path, schemes=schemes, only=photographed)

    taken = {picture.name for picture in tmp_path.iterdir()}
    assert taken == {f"{name}-{scheme}.png" for name in photographed for scheme in schemes}


def test_the_folder_holds_the_picture_of_every_script_and_no_other() -> None:
    assert {picture.name for picture in PICTURES.iterdir()} == FILES
