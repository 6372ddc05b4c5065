"""The time zones that come with Baton win over the machine's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_zones_of_the_machine_are_not_used(tmp_path: Path) -> None:
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Berlin").write_bytes(b"no zone at all")
    code = "import slackapp, zoneinfo; print(zoneinfo.TZPATH, zoneinfo.ZoneInfo('Europe/Berlin').key)"
    shown = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONTZPATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )

    assert shown.stdout.split() == ["()", "Europe/Berlin"]
