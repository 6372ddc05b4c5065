"""Read models of the company: queues, people, user groups, channels, workspaces, webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any, NamedTuple


class Claimers(StrEnum):
    """Who may claim in a queue besides its managers."""

    MEMBERS = "members"
    CHANNEL = "channel"
    """Colleagues who are in the queue's channel, and members."""
    ANYONE = "anyone"
    """Every colleague."""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A receiving team with its channel. `members` and `managers` hold user ids and user group ids (`S...`)."""

    workspace: str
    key: str
    name: str
    channel: str
    members: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    calendar: str | None = None
    policy: str | None = None
    templates: tuple[str, ...] = ()
    trouble: str | None = None
    """Slack's error code if its channel cannot be posted to now, or None."""
    claim_by_reply: bool = False
    """Whether the first reply in a card's thread claims the handoff, if its author may."""
    digest: bool = True
    """Whether its channel gets the morning digest: what is open, due and missed."""
    claimers: Claimers = Claimers.MEMBERS
    senders: tuple[str, ...] = ()
    """Who may hand work to it besides its own people: user ids, user group ids, keys of queues; empty for everybody."""


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """An address outside Slack that an escalation level can notify."""

    workspace: str
    key: str
    url: str


class Topic(StrEnum):
    """What a message is about for the person who gets it, as stored: people choose by topic how they get messages."""

    GIVEN = "given"
    """Work that they are offered or given."""
    ASKED = "asked"
    """Questions, and work that comes back to them."""
    LATE = "late"
    """Reminders of deadlines, and escalations."""
    TEAM = "team"
    """Colleagues for whom they cover, and channels that have to be fixed."""
    SENT = "sent"
    """What became of the work that they sent."""
    OWNED = "owned"
    """Changes to the work that they own."""
    WATCHED = "watched"
    OWN_ACTS = "own_acts"
    """Answers to what they did themselves."""
    SUMMARY = "summary"


class MessageDelivery(StrEnum):
    """How a person gets the messages of a topic, as stored."""

    NOW = "now"
    SUMMARY = "summary"
    """Collected, in one message at the start of their day."""
    NEVER = "never"


@dataclass(frozen=True, kw_only=True)
class PersonalSettings:
    """How a person gets messages. Times are times of day in their time zone."""

    in_summary: tuple[Topic, ...] = ()
    never: tuple[Topic, ...] = ()
    summary_at: time | None = None
    """When their summary comes; None for the beginning of their working hours, or nine o'clock."""
    quiet_from: time | None = None
    quiet_until: time | None = None
    """The daily quiet hours, which may go past midnight; None for none."""
    quiet_days: tuple[int, ...] = ()
    """The weekdays that are quiet all day; 0 is Monday."""

    def delivery(self, topic: Topic) -> MessageDelivery:
        """Return how they get the messages of a topic."""
        if topic in self.never:
            return MessageDelivery.NEVER
        return MessageDelivery.SUMMARY if topic in self.in_summary else MessageDelivery.NOW


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person, as last read from Slack; `manager` and `calendar` come from the configuration."""

    workspace: str
    id: str
    name: str
    tz: str | None = None
    deleted: bool = False
    is_bot: bool = False
    is_guest: bool = False
    is_slack_admin: bool = False
    """Whether they are an admin or owner of the Slack workspace."""
    team: str | None = None
    """The person's own workspace; differs from `workspace` for outsiders in shared channels."""
    manager: str | None = None
    calendar: str | None = None
    """Key of the person's own working hours, from the configuration: when a message may reach them."""
    dnd_from: datetime | None = None
    dnd_until: datetime | None = None
    """The current or next Do Not Disturb period, as last read from Slack."""
    away_until: datetime | None = None
    """The end of a status that marks them as away."""
    dm_channel: str | None = None
    seen_at: datetime | None = None
    absent_since: datetime | None = None
    """When they set themselves away in Baton; None while they are not. Ended by themselves or at `absent_until`."""
    absent_until: datetime | None = None
    cover: str | None = None
    """The colleague who is notified in their place meanwhile, if they chose one."""
    settings: PersonalSettings | None = None
    """How they get messages; None until they choose."""


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A channel, as last read from Slack."""

    workspace: str
    id: str
    name: str
    is_private: bool = False
    is_archived: bool = False
    is_shared: bool = False
    has_bot: bool = False
    seen_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """A Slack workspace that Baton is installed in."""

    id: str
    name: str
    bot_user: str
    bot_id: str | None = None
    scopes: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    calendar: str | None = None
    """Key of the working hours of queues that have none of their own."""
    slack_admins: bool = True
    """Whether the admins and owners of the Slack workspace are admins of Baton too."""
    config_digest: str | None = None
    """The digest of the configuration in force; None if it was changed in Slack since it was applied."""
    start_digest: str | None = None
    """The digest that the file of `BATON_CONFIG` had when its content was last applied."""
    start_file: str | None = None
    """The path of that file."""
    emoji: str | None = None
    """The name of the emoji that begins a handoff when somebody reacts with it to a message; None for none."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """A user group, as Slack returns it. `members` is None where Slack did not include them."""

    workspace: str
    id: str
    handle: str
    name: str
    members: tuple[str, ...] | None


class ObjectKind(StrEnum):
    """The kinds of things that a configuration consists of, as stored. The order is the one in which people read it."""

    CALENDAR = "calendar"
    POLICY = "policy"
    QUEUE = "queue"
    WEBHOOK = "webhook"
    TEMPLATE = "template"
    PERSON = "person"
    SETTING = "setting"
    """A value of the whole workspace, by its key in the file: `admins`, `calendar`."""


class ObjectRef(NamedTuple):
    """Names one object of a configuration. The key of a person is their user id."""

    kind: ObjectKind
    key: str


class ObjectOwner(StrEnum):
    """Where an object of the configuration is edited: in the file or by forms in Slack."""

    FILE = "file"
    SLACK = "slack"


@dataclass(frozen=True, kw_only=True)
class ObjectRecord:
    """Who owns an object of the configuration, and its last change. `version` counts its changes, also its removal."""

    workspace: str
    kind: ObjectKind
    key: str
    owner: ObjectOwner
    version: int
    changed_at: datetime
    changed_by: str
    """A user id, or `baton` for a change by the file or by Baton itself."""
    file: str | None = None
    """The name of the file that was applied; None for a change in Slack."""
    removed: bool = False

    @property
    def ref(self) -> ObjectRef:
        """The object's name."""
        return ObjectRef(self.kind, self.key)

    def facts(self, before: Any, after: Any, operator: str | None = None) -> dict[str, Any]:
        """The facts of the audit about the last change, with the object's values as the file writes them.

        `operator` is who has run a command of Baton's that made it: a user of the operating system.
        """
        return {
            "kind": self.kind,
            "key": self.key,
            "version": self.version,
            "owner": self.owner,
            "file": self.file,
            "operator": operator,
            "before": before,
            "after": after,
        }
