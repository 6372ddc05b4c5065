"""`make pictures`, or `python -m tests.pictures [name ...]`: take all pictures, or those with these names."""

from __future__ import annotations

import sys

from tests.pictures.camera import PICTURES, take
from tests.pictures.scripts import SCRIPTS


def main(wanted: list[str]) -> int:
    """Take the pictures whose names contain one of the words, or all."""
    known = {name: script for name, script in SCRIPTS.items() if not wanted or any(word in name for word in wanted)}
    if not known:
        sys.stderr.write(f"No picture has such a name. There are: {', '.join(SCRIPTS)}\n")
        return 2
    PICTURES.mkdir(parents=True, exist_ok=True)
    take(known, PICTURES, say=lambda name: sys.stdout.write(f"{name}\n"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
