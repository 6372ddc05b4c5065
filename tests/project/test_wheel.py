"""Baton installed from a wheel, far from its checkout: every command finds what it needs in the package."""

from __future__ import annotations

import json
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
from tempfile import NamedTemporaryFile
from typing import Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[2]
TOP: Final = ("pyproject.toml", "setup.py", "manifest.yml", "README.md", "LICENSE", "slackapp", "storage")
COMMIT: Final = "0123456789ab"
_SDIST: Final = "import setuptools.build_meta as build; build.build_sdist({folder!r})"
_WHEEL: Final = "import setuptools.build_meta as build; build.build_wheel({folder!r})"
_SERVER: Final = """
import json, os, sys
from slackapp.__main__ import main

for line in sys.stdin:
    arguments, said, complained = json.loads(line)
    child = os.fork()
    if child == 0:
        for stream, file in ((1, said), (2, complained)):
            os.dup2(os.open(file, os.O_WRONLY), stream)
        sys.argv = ["baton", *arguments]
        sys.exit(main())
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Installed:
    """`baton` in an environment that has the wheel and, behind it, the libraries of the environment of these tests.

    Most commands are forked from one process of that environment, because to read the modules takes longest.
    """

    def __init__(self, home: Path, folder: Path) -> None:
        self.baton = home / "bin" / "baton"
        self.python = home / "bin" / "python"
        self.folder = folder
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "BATON_", "PYTHON"))
        }
        self.environment = {**kept, "TMPDIR": str(folder), "COLUMNS": "100", "BATON_DATABASE_URL": "sqlite:///made.db"}

        self._server = subprocess.Popen(
            [str(self.python), "-c", _SERVER],
            cwd=folder, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def close(self) -> None:
        """End the process that commands are forked from."""
        self._server.communicate()

    def run(self, *arguments: str, code: int = 0) -> str:
        """What a command says on stdout; on stderr where it is to fail."""
        with NamedTemporaryFile() as said, NamedTemporaryFile() as complained:
            assert self._server.stdin
            assert self._server.stdout
            print(json.dumps([arguments, said.name, complained.name]), file=self._server.stdin, flush=True)
            ended = self._server.stdout.readline().strip()
            told, complaint = Path(said.name).read_text("utf-8"), Path(complained.name).read_text("utf-8")
        assert ended == str(code), told + complaint
        assert "Traceback" not in told + complaint
        return told if code == 0 else told + complaint

    def start(self, *arguments: str) -> str:
        """What a command says that is started as a person does."""
        command = [str(self.baton), *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60, check=True
        )
        assert done.stderr == ""
        return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    made, home = tmp_path_factory.mktemp("made"), tmp_path_factory.mktemp("home") / "venv"
    wheel = built(made)
    venv.create(home, with_pip=False, symlinks=True)
    install = ("install", "--quiet", "--no-deps", "--no-index", "--no-compile", str(wheel))
    python("-m", "pip", "--disable-pip-version-check", "--python", str(home / "bin" / "python"), *install, folder=made)
    (site,) = home.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    installed = Installed(home, tmp_path_factory.mktemp("elsewhere"))
    yield installed
    installed.close()
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
    python("-c", _SDIST.format(folder=str(folder)), folder=checkout)
    (source,) = folder.glob("*.tar.gz")
    python("-m", "tarfile", "-e", str(source), str(folder / "source"), folder=folder)
    (unpacked,) = (folder / "source").iterdir()
    python("-c", _WHEEL.format(folder=str(folder)), folder=unpacked)
    (wheel,) = folder.glob("*.whl")
    return wheel


def python(*arguments: str, folder: Path) -> None:
    environment = {**os.environ, "BATON_BUILD": COMMIT}
    command = [sys.executable, *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=100, cwd=folder, env=environment)


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
    assert f" (build {COMMIT}, Python " in installed.start("--version")


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
