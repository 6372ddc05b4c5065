"""Templates and their drafts as stored. Every version is kept, to show a handoff with the questions it answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select, text

from storage.db.database import Tx
from storage.db.upsert import upsert
from storage.templates.model import Origin, Template
from storage.templates.tables import template_drafts, templates
from storage.templates.template_json import template_from_json, template_to_json

_t: Final = templates.c
_here: Final = _t.workspace == bindparam("in_workspace")
_this: Final = (_here, _t.key == bindparam("of_key"))
_all: Final = select(templates)
_VERSION: Final = _all.where(*_this, _t.version == bindparam("number"))
_LAST: Final = _all.where(*_this).order_by(_t.version.desc()).limit(1)
_ALL: Final = _all.where(_here, text("latest"), _t.removed.is_(False)).order_by(_t.key)
_OWN: Final = _ALL.where(_t.origin != bindparam("whose"))
_SOME: Final = _ALL.where(_t.key.in_(bindparam("keys", expanding=True)))
_ADD: Final = templates.insert()
_SET: Final = templates.update().where(*_this, _t.version == bindparam("number"))
_SET_ORIGIN: Final = _SET.values(origin=bindparam("whose"), removed=False)
_SET_SUPERSEDED: Final = _SET.values(latest=False)
_SET_REMOVED: Final = templates.update().where(*_this).values(removed=True)

_d: Final = template_drafts.c
_BEGUN_FROM: Final = "begun_from"
_own: Final = (_d.workspace == bindparam("in_workspace"), _d.author == bindparam("of_author"))
_DRAFTS: Final = select(template_drafts).where(*_own).order_by(_d.saved_at.desc())
_DRAFT: Final = select(template_drafts).where(*_own, _d.key == bindparam("of_key"))
_PUT_DRAFT: Final = upsert(template_drafts, ["workspace", "author", "key"], ["saved_at", "content"])
_REMOVE_DRAFT: Final = template_drafts.delete().where(*_own, _d.key == bindparam("of_key"))


def get(tx: Tx, workspace: str, key: str, version: int | None = None) -> Template | None:
    """Return a template: its latest version unless it was removed, or the given version even then; None otherwise."""
    parameters: dict[str, Any] = {"in_workspace": workspace, "of_key": key}
    if version is not None:
        row = tx.execute(_VERSION, {**parameters, "number": version}).first()
        return None if row is None else _record(row)
    row = tx.execute(_LAST, parameters).first()
    return None if row is None or row.removed else _record(row)


def list_all(tx: Tx, workspace: str) -> list[Template]:
    """Return the latest version of every template that was not removed, by key."""
    return [_record(row) for row in tx.execute(_ALL, {"in_workspace": workspace})]


def list_own(tx: Tx, workspace: str) -> list[Template]:
    """Return the latest version of every template that does not come with Baton and was not removed, by key."""
    return [_record(row) for row in tx.execute(_OWN, {"in_workspace": workspace, "whose": Origin.SHIPPED})]


def get_many(tx: Tx, workspace: str, keys: Iterable[str]) -> dict[str, Template]:
    """Return the latest versions of several templates, by key. Unknown and removed ones are left out."""
    wanted = sorted(set(keys))
    rows = tx.execute(_SOME, {"in_workspace": workspace, "keys": wanted}) if wanted else ()
    return {row.key: _record(row) for row in rows}


def put(tx: Tx, wanted: Template) -> Template:
    """Store a template and return it with its version: a new version only if its contents have changed."""
    content = template_to_json(wanted)
    last = tx.execute(_LAST, {"in_workspace": wanted.workspace, "of_key": wanted.key}).first()
    if last is not None and last.content == content:
        if last.removed or last.origin != wanted.origin:
            tx.execute(
                _SET_ORIGIN,
                {
                    "in_workspace": wanted.workspace,
                    "of_key": wanted.key,
                    "number": last.version,
                    "whose": wanted.origin,
                },
            )
        return replace(wanted, version=last.version)
    stored = replace(wanted, version=last.version + 1 if last is not None else 1)
    if last is not None:
        tx.execute(_SET_SUPERSEDED, {"in_workspace": stored.workspace, "of_key": stored.key, "number": last.version})
    row = {"workspace": stored.workspace, "key": stored.key, "version": stored.version, "origin": stored.origin}
    tx.execute(_ADD, {**row, "content": content, "latest": True, "removed": False})
    return stored


def remove(tx: Tx, workspace: str, key: str) -> None:
    """Mark a template as removed. Its versions stay for the handoffs opened with them."""
    tx.execute(_SET_REMOVED, {"in_workspace": workspace, "of_key": key})


def list_drafts(tx: Tx, workspace: str, author: str) -> list[tuple[Template, datetime]]:
    """Return an author's template drafts, each with when it was saved, latest first.

    A draft's version is the one it started from: 0 for a new template.
    """
    rows = tx.execute(_DRAFTS, {"in_workspace": workspace, "of_author": author})
    return [(_draft(row), row.saved_at) for row in rows]


def get_draft(tx: Tx, workspace: str, author: str, key: str) -> Template | None:
    """Return an author's draft of a template, or None."""
    row = tx.execute(_DRAFT, {"in_workspace": workspace, "of_author": author, "of_key": key}).first()
    return None if row is None else _draft(row)


def put_draft(tx: Tx, author: str, wanted: Template, at: datetime) -> None:
    """Insert or update an author's draft of a template, with the version it started from."""
    row = {"workspace": wanted.workspace, "author": author, "key": wanted.key, "saved_at": at}
    tx.execute(_PUT_DRAFT[tx.dialect], {**row, "content": {**template_to_json(wanted), _BEGUN_FROM: wanted.version}})


def remove_draft(tx: Tx, workspace: str, author: str, key: str) -> None:
    """Delete an author's draft of a template."""
    tx.erased = True
    tx.execute(_REMOVE_DRAFT, {"in_workspace": workspace, "of_author": author, "of_key": key})


def _draft(row: Any) -> Template:
    return template_from_json(row.workspace, row.key, row.content.get(_BEGUN_FROM, 0), Origin.SLACK, row.content)


def _record(row: Any) -> Template:
    return template_from_json(row.workspace, row.key, row.version, row.origin, row.content)
