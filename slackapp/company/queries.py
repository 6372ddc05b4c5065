"""Read the stored configuration: all of it, who owns and last changed each object, and the history of its changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from slackapp.company.model import Company, ConfigurationChange, StoredCompany
from slackapp.company.rules.changes.history import change_sentences, owner_sentence
from storage.clocks import policies
from storage.company import configuration, people, queues, webhooks, workspaces
from storage.company.model import ObjectKind, ObjectOwner, ObjectRecord, ObjectRef
from storage.db.database import Tx
from storage.handoffs import audit
from storage.handoffs.model import AuditEntry
from storage.templates import templates
from storage.templates.model import Origin, Template

A_FILE: Final = "the configuration file"
"""What the file is called where its name is not stored."""
_LOOKED_BACK: Final = 200
"""Changes among which those of one object since a version are looked for."""


def export(tx: Tx, workspace: str) -> Company:
    """The stored company, whoever owns its objects."""
    return load(tx, workspace).company


def load(tx: Tx, workspace: str) -> StoredCompany:
    """The stored company with the records of its objects."""
    records = configuration.list_all(tx, workspace)
    removed = {ref for ref, record in records.items() if record.removed}
    stored = workspaces.get(tx, workspace)
    own = [one for one in templates.list_all(tx, workspace) if one.origin is not Origin.SHIPPED]
    company = Company(
        calendars=tuple(  # a removed one stays stored while a running clock goes by it
            calendar
            for calendar in policies.list_calendars(tx, workspace)
            if ObjectRef(ObjectKind.CALENDAR, calendar.key) not in removed
        ),
        queues=tuple(sorted(queues.list_all(tx, workspace), key=lambda queue: queue.key)),
        policies=tuple(policies.list_policies(tx, workspace)),
        managers=people.get_managers(tx, workspace),
        calendars_of=people.get_own_calendars(tx, workspace),
        workspace_calendar=stored.calendar if stored else None,
        admins=stored.admins if stored else (),
        slack_admins=stored.slack_admins if stored else True,
        emoji=stored.emoji if stored else None,
        webhooks=tuple(webhooks.list_all(tx, workspace)),
        templates=tuple(replace(one, version=Template.version) for one in own),
    )
    in_slack = {ref for ref, record in records.items() if record.owner is ObjectOwner.SLACK}
    in_slack |= {ObjectRef(ObjectKind.TEMPLATE, one.key) for one in own if one.origin is Origin.SLACK}
    in_slack -= {ObjectRef(ObjectKind.TEMPLATE, one.key) for one in own if one.origin is Origin.FILE}
    return StoredCompany(
        company=replace(company, in_slack=frozenset(in_slack & company.records().keys())), records=records
    )


def list_changes(
    tx: Tx, workspace: str, *, before: int | None = None, limit: int = 20
) -> tuple[ConfigurationChange, ...]:
    """The changes of the configuration, newest first, in sentences with names; older than `before` if it is given."""
    entries = audit.list_configuration_changes(tx, workspace, before=before, limit=limit)
    words = {entry.actor for entry in entries} | {word for entry in entries for word in _words(entry.facts)}
    names = people.get_names(tx, workspace, words)
    return tuple(_change(entry, names) for entry in entries)


def differences_since(tx: Tx, workspace: str, ref: ObjectRef, version: int) -> tuple[str, ...]:
    """The changes of an object after this version of it, in sentences with names; of long histories the latest."""
    entries = [
        entry
        for entry in audit.list_configuration_changes(tx, workspace, limit=_LOOKED_BACK)
        if (entry.facts["kind"], entry.facts["key"]) == ref and entry.facts["version"] > version
    ]
    if not entries:
        return ()
    names = people.get_names(tx, workspace, (word for entry in entries for word in _words(entry.facts)))
    first, last = entries[-1].facts, entries[0].facts
    return tuple(change_sentences(ref, first["before"], last["after"], names))


def file_of(tx: Tx, workspace: str, record: ObjectRecord | None) -> str:
    """The name of the file that an object of the file stands in, as far as it is known."""
    stored = workspaces.get(tx, workspace)
    started_with = stored.start_file.rpartition("/")[2] if stored and stored.start_file else None
    return (record.file if record else None) or started_with or A_FILE


def _change(entry: AuditEntry, names: Mapping[str, str]) -> ConfigurationChange:
    facts = entry.facts
    ref = ObjectRef(ObjectKind(facts["kind"]), facts["key"])
    owner = ObjectOwner(facts["owner"])
    sentences = tuple(change_sentences(ref, facts["before"], facts["after"], names))
    if not sentences:
        sentences = (owner_sentence(ref, facts["after"], owner, names),)
    return ConfigurationChange(
        id=entry.id,
        at=entry.at,
        by=entry.actor,
        by_name=names.get(entry.actor, entry.actor),
        file=facts["file"],
        operator=facts.get("operator"),
        ref=ref,
        sentences=sentences,
        owner=owner,
    )


def _words(value: Any) -> Iterator[str]:
    """Every text in a value, among them the ids of people, groups and channels."""
    match value:
        case str():
            yield value
        case Mapping():
            yield from _words([*value, *value.values()])
        case Iterable():
            for one in value:
                yield from _words(one)
