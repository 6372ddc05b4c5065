"""Output of commands: results on stdout, for people or as JSON, and errors as sentences on stderr."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer

FAILED: Final = 1
"""Exit code of a command that failed; typer exits with 2 on wrong use."""

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for scripts.")]


class FailedError(Exception):
    """A command failed. Each sentence says what is wrong and what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def print_lines(*lines: str) -> None:
    """Write lines to stdout, for people."""
    if lines:
        typer.echo("\n".join(lines))


def print_json(answer: Any) -> None:
    """Write one JSON document to stdout, for scripts."""
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def print_errors(sentences: Iterable[object]) -> None:
    """Write sentences to stderr."""
    for sentence in sentences:
        typer.echo(str(sentence), err=True)


def iso_utc(instant: datetime) -> str:
    """Format an instant as ISO 8601 in UTC."""
    return instant.astimezone(UTC).isoformat()
