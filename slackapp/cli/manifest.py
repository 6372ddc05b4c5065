"""`baton manifest`: print the manifest with which Slack creates the app."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer
import yaml

from slackapp.cli.console import FailedError
from slackapp.slack.connection.manifest import http_variant

_PACKAGE: Final = Path(__file__).parents[1]
_PACKED: Final = _PACKAGE / "manifest.yml"
MANIFEST: Final = _PACKED if _PACKED.is_file() else _PACKAGE.with_name("manifest.yml")
"""The manifest: a built package has a copy in it (`setup.py`), a checkout has it on top."""


def manifest(
    url: Annotated[
        str | None, typer.Option("--url", help="Print the variant for HTTP mode, reached at this https address.")
    ] = None,
) -> None:
    """Print the manifest that creates the app in Slack.

    Paste it at api.slack.com/apps: "Create New App", then "From a manifest".
    """
    text = _text()
    if url is None:
        typer.echo(text, nl=False)
        return
    try:
        variant = http_variant(yaml.safe_load(text), url)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    typer.echo(yaml.safe_dump(variant, sort_keys=False, allow_unicode=True, width=120), nl=False)


def _text() -> str:
    try:
        return MANIFEST.read_text(encoding="utf-8")
    except OSError:
        raise FailedError(f"{MANIFEST} is missing. Install Baton again.") from None
