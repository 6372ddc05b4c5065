"""Which templates there are and which a queue offers: those it names, and those made in Slack that name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from slackapp.configuration.shipped import shipped
from storage.company.model import Queue
from storage.db.database import Tx
from storage.templates import templates
from storage.templates.model import Origin, Template

LOCK: Final = "configuration"
"""Held by whoever changes what the company's file, or an admin in Slack, may say."""


def offered(tx: Tx, queue: Queue) -> list[Template]:
    """The templates that a form for this queue may be written in, the usual one first; none is the plain form."""
    named = templates.get_many(tx, queue.workspace, queue.templates) if queue.templates else {}
    first = [named[key] for key in queue.templates if key in named]
    made_here = templates.list_by_origin(tx, queue.workspace, Origin.SLACK)
    return [*first, *(one for one in made_here if queue.key in one.queues and one.key not in named)]


def stock(tx: Tx, workspace: str, own: Sequence[Template] | None = None) -> None:
    """Store the templates that come with Baton, and the company's `own` from its file if they are given.

    A company's own goes before a shipped one of the same key. What left the file and is not shipped goes out of use.
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
