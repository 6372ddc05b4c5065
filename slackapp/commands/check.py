"""`baton check`: whether everything that Baton needs is there."""

from __future__ import annotations

import typer

from slackapp.commands.speech import AsJson


def check(*, as_json: AsJson = False) -> None:
    """Say what is missing, and what to do about it.

    Looks at the settings, the database, the configuration and Slack. Changes nothing.
    """
    raise typer.Exit(1)
