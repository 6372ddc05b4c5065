"""Templates made in Slack by Baton's admins: each admin edits a private draft and publishes it.

A draft stores the version that it was begun from, so that nobody publishes over somebody else's newer version without
being told. A published template passes the same checks as one in the configuration file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from slackapp.people.model import NotAdmin
from slackapp.people.queries import refused_admin
from slackapp.runtime.baton import PATIENCE_S, Baton
from slackapp.template_editor.rules import key_for
from slackapp.templates.actions import LOCK
from slackapp.templates.rules.answer_rules import quoted_type
from slackapp.templates.rules.template_checks import template_problems
from slackapp.templates.rules.write import plain_template
from slackapp.yaml_files.problems import Problem
from storage.company import configuration, queues
from storage.company.model import ObjectKind, ObjectOwner, ObjectRef, Queue
from storage.db import receipts
from storage.db.database import Tx
from storage.handoffs import audit
from storage.templates import templates
from storage.templates.model import Origin, Template

PUBLISHED: Final = "template_published"
RETIRED: Final = "template_taken_out"
"""The audit's words for changes of templates by admins."""
_LONGEST_NAME: Final = 75
_COPY: Final = " (copy)"


@dataclass(frozen=True, kw_only=True)
class NoSuchTemplate:
    """There is no such template or draft any more."""


@dataclass(frozen=True, kw_only=True)
class TemplateList:
    """Every template in use, the admin's own drafts, and the teams with the templates they offer."""

    templates: Sequence[Template]
    drafts: Sequence[Template]
    queues: Sequence[Queue]


@dataclass(frozen=True, kw_only=True)
class TemplateDraft:
    """An admin's draft, the template in use under its key, and the teams that could offer it."""

    draft: Template
    in_use: Template | None
    queues: Sequence[Queue]


@dataclass(frozen=True, kw_only=True)
class InvalidDraft:
    """The draft was not published because of these problems."""

    problems: tuple[Problem, ...]
    current: TemplateDraft


@dataclass(frozen=True, kw_only=True)
class VersionConflict:
    """The draft was not published: its base version has been replaced or retired since."""

    current: TemplateDraft


@dataclass(frozen=True, kw_only=True)
class Published:
    """The template is in use."""

    template: Template


Change = Callable[[Template], Template]


def list_templates(baton: Baton, *, workspace: str, user: str) -> TemplateList | NotAdmin:
    """The list of templates and drafts that an admin sees first."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return refused_admin(tx, workspace, user) or _template_list(tx, workspace, user)


def find_template(baton: Baton, *, workspace: str, user: str, key: str) -> Template | NotAdmin | NoSuchTemplate:
    """A template as this admin sees it: their own draft of it, else the one in use."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        if refused := refused_admin(tx, workspace, user):
            return refused
        return templates.get_draft(tx, workspace, user, key) or templates.get(tx, workspace, key) or NoSuchTemplate()


def find_draft(baton: Baton, *, workspace: str, user: str, key: str) -> TemplateDraft | NotAdmin | NoSuchTemplate:
    """An admin's draft in its current state."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        return refused_admin(tx, workspace, user) or _template_draft(tx, workspace, user, key)


def edit_draft(baton: Baton, *, workspace: str, user: str, key: str) -> TemplateDraft | NotAdmin | NoSuchTemplate:
    """Continue one's draft of a template, or begin one from the template in use if that was made in Slack."""
    now = baton.clock.now()

    def work(tx: Tx) -> TemplateDraft | NotAdmin | NoSuchTemplate:
        if refused := refused_admin(tx, workspace, user):
            return refused
        if templates.get_draft(tx, workspace, user, key) is None:
            in_use = templates.get(tx, workspace, key)
            if in_use is None or in_use.origin is not Origin.SLACK:
                return NoSuchTemplate()
            templates.put_draft(tx, user, in_use, now)
        return _template_draft(tx, workspace, user, key)

    return baton.db.run_for_listener(work)


def copy_template(
    baton: Baton, *, workspace: str, user: str, key: str, form: str
) -> TemplateDraft | NotAdmin | NoSuchTemplate:
    """Begin a draft of a new template as a copy of another one, once per `form`."""
    now = baton.clock.now()

    def work(tx: Tx) -> TemplateDraft | NotAdmin | NoSuchTemplate:
        if refused := refused_admin(tx, workspace, user):
            return refused
        model = templates.get(tx, workspace, key)
        if model is None:
            return NoSuchTemplate()
        name = f"{model.name[: _LONGEST_NAME - len(_COPY)]}{_COPY}"
        return _begin_once(tx, user, replace(model, name=name, queues=()), form, now)

    return baton.db.run_for_listener(work)


def begin_draft(
    baton: Baton, *, workspace: str, user: str, wanted: Template, form: str
) -> TemplateDraft | NotAdmin | NoSuchTemplate:
    """Begin a draft of a new template, once per `form`; its key is made from its name."""
    now = baton.clock.now()

    def work(tx: Tx) -> TemplateDraft | NotAdmin | NoSuchTemplate:
        if refused := refused_admin(tx, workspace, user):
            return refused
        return _begin_once(tx, user, replace(wanted, workspace=workspace), form, now)

    return baton.db.run_for_listener(work)


def change_draft(
    baton: Baton, *, workspace: str, user: str, key: str, edit: Change, form: str | None = None
) -> TemplateDraft | NotAdmin | NoSuchTemplate:
    """Change one's draft, once per `form` if it comes from one."""
    now = baton.clock.now()

    def work(tx: Tx) -> TemplateDraft | NotAdmin | NoSuchTemplate:
        if refused := refused_admin(tx, workspace, user):
            return refused
        draft = templates.get_draft(tx, workspace, user, key)
        if draft is None:
            return NoSuchTemplate()
        if form is None or receipts.take_or_get(tx, workspace, f"form:{form}", now) is None:
            templates.put_draft(tx, user, edit(draft), now)
        return _template_draft(tx, workspace, user, key)

    return baton.db.run_for_listener(work)


def discard_draft(baton: Baton, *, workspace: str, user: str, key: str) -> TemplateList | NotAdmin:
    """Delete one's draft."""

    def work(tx: Tx) -> TemplateList | NotAdmin:
        if refused := refused_admin(tx, workspace, user):
            return refused
        templates.remove_draft(tx, workspace, user, key)
        return _template_list(tx, workspace, user)

    return baton.db.run_for_listener(work)


def publish_draft(
    baton: Baton, *, workspace: str, user: str, key: str, seen_version: int | None = None
) -> Published | InvalidDraft | VersionConflict | NotAdmin | NoSuchTemplate:
    """Put one's draft into use. Open work keeps the version that it was written in.

    Args:
        baton: the running Baton.
        workspace: the workspace.
        user: the draft's admin.
        key: the draft's key.
        seen_version: the version in use that this admin has seen and replaces, if it is not the one that the draft was
            begun from; 0 if there is none any more.
    """
    now = baton.clock.now()

    def work(tx: Tx) -> Published | InvalidDraft | VersionConflict | NotAdmin | NoSuchTemplate:
        baton.db.lock(tx, LOCK)
        if refused := refused_admin(tx, workspace, user):
            return refused
        found = _template_draft(tx, workspace, user, key)
        if isinstance(found, NoSuchTemplate):
            return found
        problems = template_problems(plain_template(found.draft), called=quoted_type)
        if problems:
            return InvalidDraft(problems=problems, current=found)
        if not _needs_new_key(found) and version_of(found.in_use) not in {found.draft.version, seen_version}:
            return VersionConflict(current=found)
        return Published(template=_publish(tx, user, found, now))

    return baton.db.run_for_listener(work)


def retire_template(baton: Baton, *, workspace: str, user: str, key: str) -> TemplateList | NotAdmin | NoSuchTemplate:
    """Retire a template that was made in Slack. Work that was written in it stays readable."""
    now = baton.clock.now()

    def work(tx: Tx) -> TemplateList | NotAdmin | NoSuchTemplate:
        baton.db.lock(tx, LOCK)
        if refused := refused_admin(tx, workspace, user):
            return refused
        in_use = templates.get(tx, workspace, key)
        if in_use is not None and in_use.origin is not Origin.SLACK:
            return NoSuchTemplate()
        if in_use is not None:  # else it is out of use already
            templates.remove(tx, workspace, key)
            _record(tx, user, in_use, RETIRED, now)
            _record_change(tx, user, in_use, None, now)
        return _template_list(tx, workspace, user)

    return baton.db.run_for_listener(work)


def version_of(template: Template | None) -> int:
    """The version in use; 0 if there is none."""
    return template.version if template else 0


def _publish(tx: Tx, user: str, found: TemplateDraft, now: datetime) -> Template:
    known = {queue.key for queue in found.queues}
    offered_by = tuple(key for key in found.draft.queues if key in known)
    key = _free_key(tx, found.draft.workspace, user, found.draft.name) if _needs_new_key(found) else found.draft.key
    stored = templates.put(tx, replace(found.draft, key=key, origin=Origin.SLACK, queues=offered_by))
    templates.remove_draft(tx, stored.workspace, user, found.draft.key)
    _record(tx, user, stored, PUBLISHED, now)
    _record_change(tx, user, found.in_use if key == found.draft.key else None, stored, now)
    return stored


def _record(tx: Tx, user: str, template: Template, verb: str, now: datetime) -> None:
    audit.add(
        tx,
        handoff=None,
        workspace=template.workspace,
        at=now,
        verb=verb,
        actor=user,
        before=None,
        after=None,
        facts={"template": template.key, "version": template.version},
    )


def _record_change(tx: Tx, user: str, before: Template | None, after: Template | None, now: datetime) -> None:
    """Write to the history of the configuration what a template was and is; nothing if that is the same."""
    was, becomes = (plain_template(one) if one else None for one in (before, after))
    one = after or before
    if one is None or was == becomes:
        return
    ref = ObjectRef(ObjectKind.TEMPLATE, one.key)
    owner, removed = ObjectOwner.SLACK, after is None
    record = configuration.count_change(tx, one.workspace, ref, at=now, by=user, owner=owner, removed=removed)
    audit.add_configuration_changes(tx, one.workspace, [record.facts(was, becomes)], at=now, actor=user)


def _needs_new_key(found: TemplateDraft) -> bool:
    """Whether another template has taken the draft's key since: a new one, or one of the file."""
    return found.in_use is not None and (found.draft.version == 0 or found.in_use.origin is not Origin.SLACK)


def _begin_once(tx: Tx, user: str, wanted: Template, form: str, now: datetime) -> TemplateDraft | NoSuchTemplate:
    """Begin a draft under a key that is made from its name, or return the one that this form has begun."""
    new = replace(wanted, key=_free_key(tx, wanted.workspace, user, wanted.name), version=0, origin=Origin.SLACK)
    before = receipts.take_or_get(tx, new.workspace, f"form:{form}", now, fingerprint=new.key)
    if before is None:
        templates.put_draft(tx, user, new, now)
    return _template_draft(tx, new.workspace, user, before.fingerprint if before else new.key)


def _free_key(tx: Tx, workspace: str, user: str, name: str) -> str:
    """A key that no template has or had, so that old work is never read by another template's questions."""
    taken = {draft.key for draft, _ in templates.list_drafts(tx, workspace, user)}
    key = key_for(name, taken, otherwise="template")
    while templates.get(tx, workspace, key, 1) is not None:
        taken.add(key)
        key = key_for(name, taken, otherwise="template")
    return key


def _template_draft(tx: Tx, workspace: str, user: str, key: str) -> TemplateDraft | NoSuchTemplate:
    draft = templates.get_draft(tx, workspace, user, key)
    if draft is None:
        return NoSuchTemplate()
    return TemplateDraft(draft=draft, in_use=templates.get(tx, workspace, key), queues=queues.list_all(tx, workspace))


def _template_list(tx: Tx, workspace: str, user: str) -> TemplateList:
    return TemplateList(
        templates=templates.list_all(tx, workspace),
        drafts=[draft for draft, _ in templates.list_drafts(tx, workspace, user)],
        queues=queues.list_all(tx, workspace),
    )
