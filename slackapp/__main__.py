"""Entry point of the command `baton` and of `python -m slackapp`."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable
from typing import NoReturn

import typer

from slackapp.cli.console import FAILED, FailedError, print_errors
from slackapp.cli.program import program
from slackapp.runtime.logs import secret_masker
from slackapp.runtime.settings import SettingsError
from slackapp.yaml_files.problems import ConfigurationError
from storage.db.errors import DatabaseBusy, DatabaseUnavailable


def main() -> None:
    """Run the command line and exit: 0 ok, 1 failed, 2 wrong use."""
    command = typer.main.get_command(program())
    guarded(lambda: command(prog_name="baton"))  # exits by itself, with 2 and a sentence on wrong use


def guarded(work: Callable[[], object]) -> None:
    """Do the work; whatever goes wrong ends the process with 1 and sentences on stderr, never a traceback."""
    try:
        work()
    except (SettingsError, ConfigurationError) as error:
        _fail(error.problems)
    except FailedError as error:
        _fail(error.sentences)
    except (DatabaseBusy, DatabaseUnavailable) as error:
        _fail([error])
    except Exception:  # noqa: BLE001 - whoever typed the command gets a sentence, and we get the whole story
        _fail([_reported()])


def _fail(sentences: Iterable[object]) -> NoReturn:
    print_errors(sentences)
    sys.exit(FAILED)


def _reported() -> str:
    """Keep the present error, without secrets, in a file of its own; say how to refer to it."""
    reference = secrets.token_hex(4)
    known = [value for name, value in os.environ.items() if name.startswith(("SLACK_", "BATON_"))]
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix=f"baton-{reference}-", suffix=".log", delete=False
    ) as file:
        file.write(secret_masker(known)(traceback.format_exc()))
    return f"Something went wrong that should not have (reference {reference}). Details are in {file.name}."


if __name__ == "__main__":
    main()
