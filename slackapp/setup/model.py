"""What set-up shows: the company with who owns each object, its channels, and how far the first steps are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from slackapp.company.model import Company
from storage.company.model import Channel, ObjectKind, ObjectRecord, ObjectRef, Queue
from storage.templates.model import Template


class SetupStep(StrEnum):
    """The steps of the checklist, in order."""

    TEAM = "team"
    PEOPLE = "people"
    HOURS = "hours"
    POLICY = "policy"
    FIRST_HANDOFF = "first_handoff"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far set-up is. `first_team` and `unstaffed` name teams by key."""

    done: frozenset[SetupStep] = frozenset()
    teams: int = 0
    first_team: str | None = None
    unstaffed: str | None = None
    """The first team in which nobody can claim, if there is one."""
    demo: str | None = None
    """The demo team, if there is one."""

    @property
    def next_step(self) -> SetupStep | None:
        """The first step that is not done; None when all are."""
        return next((step for step in SetupStep if step not in self.done), None)

    @property
    def is_complete(self) -> bool:
        """Whether every step is done."""
        return self.next_step is None


@dataclass(frozen=True, kw_only=True)
class WelcomeScene:
    """What the message to who installs Baton is drawn from."""

    progress: Progress
    is_admin: bool
    """Whether its reader administers Baton."""


@dataclass(frozen=True, kw_only=True)
class SetupState:
    """Everything stored that the pages and forms of set-up are drawn from."""

    now: datetime
    company: Company
    records: Mapping[ObjectRef, ObjectRecord] = field(default_factory=dict)
    progress: Progress = field(default_factory=Progress)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    """The channels of the teams, and one that was just chosen, as Slack last reported them."""
    scopes: tuple[str, ...] = ()
    bot_user: str = ""
    templates: tuple[Template, ...] = ()
    """Every template in use, the built-in ones too."""
    has_groups: bool = False
    """Whether the workspace has user groups."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """Handles of the user groups in the teams, by id."""
    slack_admins: bool = True
    """Whether owners and admins of the Slack workspace may administer Baton."""
    user: str = ""
    """The admin."""
    zone: str = "UTC"
    """The admin's own time zone."""
    first_channel: Channel | None = None
    """While there is no team: a channel that Baton was invited to, for the first one."""
    open_work: Mapping[str, int] = field(default_factory=dict)
    """Unfinished handoffs by team, where they were counted."""

    def record(self, kind: ObjectKind, key: str) -> ObjectRecord | None:
        """Who owns an object, and its last change; None if nothing was recorded of it yet."""
        return self.records.get(ObjectRef(kind, key))

    def is_editable(self, ref: ObjectRef) -> bool:
        """Whether an object is edited in Slack, or does not exist yet."""
        return self.is_in_slack(ref.kind, ref.key)

    def records_version(self, ref: ObjectRef) -> int:
        """The version of an object; 0 for one that nothing was recorded of."""
        return self.version(ref.kind, ref.key)

    def is_in_slack(self, kind: ObjectKind, key: str) -> bool:
        """Whether an object is edited in Slack, not in the configuration file; also one that does not exist yet."""
        ref = ObjectRef(kind, key)
        return ref in self.company.in_slack or ref not in self.company.records()

    def version(self, kind: ObjectKind, key: str) -> int:
        """The version of an object, 0 for one that does not exist or that nothing was recorded of."""
        record = self.record(kind, key)
        return record.version if record else 0

    def teams_with(self, *, calendar: str | None = None, policy: str | None = None) -> list[Queue]:
        """The teams that name this calendar or this policy."""
        return [
            queue
            for queue in self.company.queues
            if (calendar and queue.calendar == calendar) or (policy and queue.policy == policy)
        ]


@dataclass(frozen=True, kw_only=True)
class Overwritten:
    """Somebody else saved the object of a form meanwhile: who, when, and the changes as sentences."""

    user: str
    at: datetime
    file: str | None = None
    """The name of the file that was applied; None for a change in Slack."""
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FormSubject:
    """What an open form is about. It travels in the form's private metadata, and is never trusted."""

    key: str = ""
    """The key of the object; empty for a new one."""
    part: str = ""
    """What of the object the form is about: a timer, a level, a day."""
    version: int = 0
    """The version of the object that the admin has seen."""
    again: int = 0
    """How often our values have replaced what was typed."""
    overwritten: Overwritten | None = None
    """The change by somebody else that a second submit would overwrite; it is shown, and not kept."""

    @staticmethod
    def of(meta: Mapping[str, object]) -> FormSubject:
        """The subject that private metadata names."""
        version, again = (found if isinstance(found := meta.get(name), int) else 0 for name in ("version", "again"))
        return FormSubject(
            key=str(meta.get("key") or ""), part=str(meta.get("part") or ""), version=version, again=again
        )
