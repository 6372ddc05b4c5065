"""Comparison of the time zones that come with Baton, which win, with those of the machine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import tzdata

from slackapp import MACHINE_TZPATH
from slackapp.operations.checkup.findings import Finding, good

_VERSION: Final = re.compile(r"(?:# version )?(\d{4}[a-z]{1,2})\b")
_VERSION_FILES: Final = ("tzdata.zi", "+VERSION")
_HOUR: Final = timedelta(hours=1)
_COMPARED: Final = timedelta(days=2 * 366)
_MOST_NAMED: Final = 4
_UPDATE: Final = "Update this machine's tzdata so that other programs agree."


def zone_findings(zones: Iterable[str], now: datetime, paths: Sequence[str] = MACHINE_TZPATH) -> Iterator[Finding]:
    """One finding if the machine's time zones differ, in version or in the rules of `zones` in the next two years.

    Nothing on a machine without any. A difference is no fault, because Baton never uses the machine's.
    """
    folder = next((Path(path) for path in paths if Path(path).is_dir()), None)
    if folder is None:
        return
    version, own = _version(folder), tzdata.IANA_VERSION
    other = [zone for zone in sorted(set(zones)) if _differs(folder, zone, now)]
    machine = f"The machine's time zones ({version or 'of unknown version'})"
    baton = f"Baton uses its own ({own})"
    if other:
        left = len(other) - _MOST_NAMED
        named = ", ".join(other[:_MOST_NAMED]) + (f" and {left} more" if left > 0 else "")
        yield good(f"{machine} have other rules for {named}. {baton}.", _UPDATE)
    elif version is not None and version != own:
        yield good(f"{machine} have another version. {baton}; the rules of the calendars' zones are the same.")


def _version(folder: Path) -> str | None:
    """The release of a folder of time zones, such as `2026f`; None if it does not say."""
    for name in _VERSION_FILES:
        try:
            with (folder / name).open(encoding="utf-8", errors="replace") as file:
                found = _VERSION.match(file.readline(100))
        except OSError:
            continue
        if found:
            return found[1]
    return None


def _differs(folder: Path, zone: str, now: datetime) -> bool:
    """Whether the machine lacks a zone or has another offset for it in some hour of the next two years."""
    try:
        with (folder / zone).open("rb") as file:
            machine = ZoneInfo.from_file(file, key=zone)
    except (OSError, ValueError):
        return True
    own = ZoneInfo(zone)
    first = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = (first + n * _HOUR for n in range(_COMPARED // _HOUR))
    return any(hour.astimezone(machine).utcoffset() != hour.astimezone(own).utcoffset() for hour in hours)
