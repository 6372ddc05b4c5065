"""Which Baton this is: its version, and the commit that it was built from."""

from __future__ import annotations

import platform
import shutil
import subprocess
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Final

UNKNOWN: Final = "unknown"
_PACKAGE: Final = Path(__file__).parents[1]
_BUILD: Final = _PACKAGE / "build.txt"
"""Written when a wheel is built; a checkout has none and asks git."""


@lru_cache(maxsize=1)
def version() -> str:
    """Return the version, such as `0.1.0`."""
    try:
        return metadata.version("baton")
    except metadata.PackageNotFoundError:
        return UNKNOWN


@lru_cache(maxsize=1)
def build() -> str:
    """Return the commit that this program was built from; of a checkout, the commit that is checked out."""
    if _BUILD.is_file():
        return _BUILD.read_text(encoding="utf-8").strip() or UNKNOWN
    git = shutil.which("git")
    if git is None or not (_PACKAGE.parent / ".git").exists():
        return UNKNOWN
    try:
        asked = subprocess.run(  # noqa: S603 - our own folder, no words of anybody's
            [git, "-C", str(_PACKAGE.parent), "rev-parse", "--short=12", "HEAD"],
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return UNKNOWN
    return asked.stdout.strip() or UNKNOWN


def python() -> str:
    """Return the version of Python that runs this."""
    return platform.python_version()
