"""Store templates: the shipped ones at start, under the lock of the company's configuration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from slackapp.templates.rules.shipped import shipped
from storage.db.database import Tx
from storage.templates import templates
from storage.templates.model import Origin, Template

LOCK: Final = "configuration"
"""Held while the company's file is applied or an admin changes templates in Slack."""


def install_shipped(tx: Tx, workspace: str, own: Sequence[Template] | None = None) -> None:
    """Store the templates that come with Baton, and the company's `own` if given.

    A company's own template replaces a shipped one of the same key. A template that left the file and is not shipped is
    retired.
    """
    stored = {one.key: one for one in templates.list_all(tx, workspace)}
    if own is None:
        own = [one for one in stored.values() if one.origin is Origin.FILE]
    taken = {one.key for one in own} | {one.key for one in stored.values() if one.origin is Origin.SLACK}
    wanted = [*own, *(one for one in shipped() if one.key not in taken)]
    for template in wanted:
        templates.put(tx, replace(template, workspace=workspace))
    kept = {template.key for template in wanted}
    for key, template in stored.items():
        if key not in kept and template.origin is not Origin.SLACK:
            templates.remove(tx, workspace, key)
