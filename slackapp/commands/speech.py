"""How commands speak: results on stdout, for people or as JSON; what went wrong as sentences on stderr."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer

FAILED: Final = 1
"""The exit code when something did not work; wrong use is 2, which typer sees to."""

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for scripts.")]


class FailedError(Exception):
    """A command could not do what was asked. Each sentence says what is wrong and what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def say(*lines: str) -> None:
    """Write lines for people, all at once."""
    if lines:
        typer.echo("\n".join(lines))


def say_json(answer: Any) -> None:
    """Write one JSON document for scripts."""
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def complain(sentences: Iterable[object]) -> None:
    """Write sentences to stderr."""
    for sentence in sentences:
        typer.echo(str(sentence), err=True)


def iso(instant: datetime) -> str:
    """An instant for scripts: ISO 8601 in UTC."""
    return instant.astimezone(UTC).isoformat()
