"""Baton installed from a wheel, far from its checkout: every command finds what it needs in the package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[2]
TOP: Final = ("pyproject.toml", "setup.py", "manifest.yml", "README.md", "LICENSE", "slackapp", "storage")
COMMIT: Final = "0123456789ab"
_SDIST: Final = "import setuptools.build_meta as build; build.build_sdist({folder!r})"


class Installed:
    """`baton` in an environment that has the wheel and, behind it, the libraries of the environment of these tests."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.baton = home / "bin" / "baton"
        self.python = home / "bin" / "python"
        self.folder = folder
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "BATON_", "PYTHON"))
        }
        self.environment = {**kept, "TMPDIR": str(folder), "COLUMNS": "100", "BATON_DATABASE_URL": "sqlite:///made.db"}

    def run(self, *arguments: str, code: int = 0) -> str:
        """What a command says on stdout; on stderr where it is to fail."""
        command = [str(self.baton), *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done.stdout if code == 0 else done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    made, home = tmp_path_factory.mktemp("made"), tmp_path_factory.mktemp("home") / "venv"
    wheel = built(made)
    venv.create(home, with_pip=False, symlinks=True)
    pip("--python", str(home / "bin" / "python"), "install", "--no-deps", "--no-index", "--no-compile", str(wheel))
    (site,) = home.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    yield Installed(home, tmp_path_factory.mktemp("elsewhere"))
    shutil.rmtree(home)


def built(folder: Path) -> Path:
    """A wheel that was made from a source distribution of this checkout."""
    checkout = folder / "checkout"
    checkout.mkdir()
    for name in TOP:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, checkout / name)
    command = [sys.executable, "-c", _SDIST.format(folder=str(folder))]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True, timeout=60)
    (source,) = folder.glob("*.tar.gz")
    pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(folder), str(source))
    (wheel,) = folder.glob("*.whl")
    return wheel


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    environment = {**os.environ, "BATON_BUILD": COMMIT}
    subprocess.run(command, check=True, capture_output=True, timeout=100, env=environment)


def test_the_package_is_the_installed_one_and_carries_its_licence(installed: Installed) -> None:
    said = "import slackapp, storage; print(slackapp.__file__, storage.__file__)"
    command = [str(installed.python), "-c", said]
    done = subprocess.run(
        command, cwd=installed.folder, env=installed.environment, capture_output=True, text=True, check=True, timeout=60
    )
    home = installed.python.parents[1]
    assert all(Path(place).is_relative_to(home) for place in done.stdout.split())
    (licence,) = home.glob("lib/python*/site-packages/baton-*.dist-info/licenses/LICENSE")
    assert licence.read_text(encoding="utf-8") == (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_an_installed_baton_tells_the_commit_it_was_built_from(installed: Installed) -> None:
    assert f" (build {COMMIT}, Python " in installed.run("--version")


def test_an_installed_baton_explains_itself(installed: Installed) -> None:
    told = installed.run("--help")
    for command in ("demo", "run", "check", "manifest", "db", "config", "hours", "sla"):
        assert f"  {command} " in told


def test_an_installed_baton_prints_the_manifest_of_the_checkout(installed: Installed) -> None:
    text = (ROOT / "manifest.yml").read_text(encoding="utf-8")
    assert installed.run("manifest") == text
    variant = yaml.safe_load(installed.run("manifest", "--url", "https://baton.example.com"))
    assert variant["features"].keys() == yaml.safe_load(text)["features"].keys()


_BERLIN: Final = "--config {file} --calendar berlin --json"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (f"hours add {_BERLIN} --start 2026-11-20T10:00 --duration 90m", '"due_at": "2026-11-20T10:30'),
        (f"hours subtract {_BERLIN} --end 2026-11-20T11:30 --duration 90m", '"start_at": "2026-11-20T09:00'),
        (f"hours between {_BERLIN} --start 2026-11-20T10:00 --end 2026-11-20T12:00", '"seconds": 7200'),
        ("sla explain --config {file} --queue success --priority high --at 2026-11-20T10:00 --json", '"target_s": '),
        ("config check --config {file}", "in order"),
        ("db upgrade --json", "applied"),
    ],
)
def test_an_installed_baton_answers(installed: Installed, command: str, answer: str) -> None:
    file = str(ROOT / "docs" / "baton.example.yml")
    assert answer in installed.run(*(word.format(file=file) for word in command.split()))


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("run", "SLACK_BOT_TOKEN"),
        ("check", "SLACK_BOT_TOKEN"),
        ("config diff --config {file}", "baton run"),
        ("config apply --config {file}", "baton run"),
        ("config export", "baton run"),
    ],
)
def test_an_installed_baton_refuses_in_a_sentence(installed: Installed, command: str, sentence: str) -> None:
    file = str(ROOT / "docs" / "baton.example.yml")
    assert sentence in installed.run(*(word.format(file=file) for word in command.split()), code=1)


def test_the_demo_of_an_installed_baton_shows_its_page(installed: Installed) -> None:
    command = [str(installed.baton), "demo"]
    with subprocess.Popen(
        command, cwd=installed.folder, env=installed.environment, stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as demo:  # fmt: skip
        try:
            lines = iter(demo.stdout or ())
            address = next(found[1] for line in lines if (found := re.match(r"Open (http://\S+)/\?scene=", line)))
            with urllib.request.urlopen(f"{address}/", timeout=30) as page:  # noqa: S310 - of this machine
                assert "<title>" in page.read().decode()
        finally:
            demo.terminate()
            demo.wait(30)
    assert not list(installed.folder.glob("baton-demo-*"))
