"""Every picture of the documentation can still be taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chromium import find_chromium
from tests.pictures.camera import PICTURES, SCHEMES, take
from tests.pictures.scripts import ANOTHER_OF_A_KIND, ONE_OF_EACH, SCRIPTS

FILES = {f"{name}-{scheme}.png" for name in SCRIPTS for scheme in SCHEMES}


@pytest.mark.browser
@pytest.mark.slow  # its short form plays some scenes of each kind, and photographs one
@pytest.mark.timeout(1200)
def test_every_script_plays_its_scene_to_the_picture(tmp_path: Path, *, long: bool) -> None:
    find_chromium()
    schemes = SCHEMES if long else SCHEMES[:1]
    scripts = {name: script for name, script in SCRIPTS.items() if long or name not in ANOTHER_OF_A_KIND}

    photographed = SCRIPTS.keys() if long else ONE_OF_EACH
    take(scripts, tmp_path, schemes=schemes, only=photographed)

    taken = {picture.name for picture in tmp_path.iterdir()}
    assert taken == {f"{name}-{scheme}.png" for name in photographed for scheme in schemes}


def test_the_folder_holds_the_picture_of_every_script_and_no_other() -> None:
    assert {picture.name for picture in PICTURES.iterdir()} == FILES
