"""Adds to the build what pyproject.toml cannot say: the manifest travels in the package, from its one place on top."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from setuptools import setup
from setuptools.command.build_py import build_py

MANIFEST: Final = "manifest.yml"


class BuildWithManifest(build_py):
    """Copies the manifest into the package that is built; an editable install reads it where it is."""

    def run(self) -> None:
        """Build as always, then copy."""
        super().run()
        if not self.editable_mode:
            shutil.copyfile(MANIFEST, self._copy())

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:  # noqa: FBT002 - as setuptools calls it
        """Every file that is built."""
        built = super().get_outputs(include_bytecode)
        return built if self.editable_mode else [*built, str(self._copy())]

    def get_source_files(self) -> list[str]:
        """Every file that a source distribution needs."""
        return [*super().get_source_files(), MANIFEST]

    def _copy(self) -> Path:
        return Path(self.build_lib) / "slackapp" / MANIFEST


setup(cmdclass={"build_py": BuildWithManifest})
