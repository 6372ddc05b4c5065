"""`baton check` compares the time zones that come with Baton with the machine's."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Final

import pytest
import tzdata

from slackapp.operations.checkup.zones import zone_findings

NOW: Final = datetime(2026, 11, 28, 10, tzinfo=UTC)
OWN: Final = tzdata.IANA_VERSION


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine's folder of time zones, equal to Baton's."""
    for zone in ("Europe/Berlin", "Asia/Tokyo", "Africa/Casablanca"):
        file = tmp_path / zone
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(resources.files("tzdata").joinpath("zoneinfo", zone).read_bytes())
    (tmp_path / "tzdata.zi").write_text(f"# version {OWN}\n")
    return tmp_path


def findings(machine: Path, *zones: str) -> list[str]:
    found = list(zone_findings(zones, NOW, (str(machine / "nowhere"), str(machine))))
    assert all(finding.ok for finding in found)
    return [f"{finding.what} {finding.remedy}".strip() for finding in found]


def test_nothing_is_said_of_equal_zones(machine: Path) -> None:
    assert findings(machine, "Europe/Berlin", "Asia/Tokyo") == []


def test_nothing_is_said_on_a_machine_without_zones(machine: Path) -> None:
    shutil.rmtree(machine)

    assert findings(machine, "Europe/Berlin") == []


def test_another_version_with_the_same_rules_is_told(machine: Path) -> None:
    (machine / "tzdata.zi").write_text("# version 2019a\n")

    (told,) = findings(machine, "Europe/Berlin")

    assert told == (
        f"The machine's time zones (2019a) have another version. Baton uses its own ({OWN}); the rules of the "
        "calendars' zones are the same."
    )


def test_other_rules_of_a_zone_in_use_are_told_in_one_line(machine: Path) -> None:
    (machine / "tzdata.zi").unlink()
    (machine / "+VERSION").write_text("2019a\n")
    shutil.copy(machine / "Asia" / "Tokyo", machine / "Europe" / "Berlin")
    (machine / "Africa" / "Casablanca").write_bytes(b"no zone at all")

    (told,) = findings(machine, "Europe/Berlin", "Asia/Tokyo", "Africa/Casablanca", "Europe/Berlin", "America/Lima")

    assert told == (
        "The machine's time zones (2019a) have other rules for Africa/Casablanca, America/Lima, Europe/Berlin. "
        f"Baton uses its own ({OWN}). Update this machine's tzdata so that other programs agree."
    )
