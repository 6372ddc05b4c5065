"""Adds to the build what pyproject.toml cannot say.

The manifest travels in the package, from its one place on top, and so does the commit that the package is built from:
`BATON_BUILD` of the environment, else what git says.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from setuptools import setup
from setuptools.command.build_py import build_py

MANIFEST: Final = "manifest.yml"
BUILD: Final = "build.txt"


class BuildWithManifest(build_py):
    """Copies manifest and commit into the package that is built; an editable install asks for them where it is."""

    def run(self) -> None:
        """Build as always, then copy."""
        super().run()
        if not self.editable_mode:
            shutil.copyfile(MANIFEST, self._copy(MANIFEST))
            self._copy(BUILD).write_text(f"{_build()}\n", encoding="utf-8")

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:  # noqa: FBT002 - as setuptools calls it
        """Every file that is built."""
        built = super().get_outputs(include_bytecode)
        return built if self.editable_mode else [*built, str(self._copy(MANIFEST)), str(self._copy(BUILD))]

    def get_source_files(self) -> list[str]:
        """Every file that a source distribution needs."""
        return [*super().get_source_files(), MANIFEST]

    def _copy(self, name: str) -> Path:
        return Path(self.build_lib) / "slackapp" / name


def _build() -> str:
    """The commit that is built; empty where nobody knows, as in a source distribution."""
    given = os.environ.get("BATON_BUILD", "").strip()
    git = shutil.which("git")
    if given or git is None or not Path(".git").exists():
        return given
    asked = subprocess.run([git, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S603
    return asked.stdout.strip()


setup(cmdclass={"build_py": BuildWithManifest})
