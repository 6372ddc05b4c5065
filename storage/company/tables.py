"""Tables of the company: workspaces, queues, people, user groups, channels, webhooks, and who owns each object."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    false,
    true,
)

from storage.company.model import Claimers, ObjectKind, ObjectOwner
from storage.company.personal_settings import SettingsColumn
from storage.db.columns import Json, StorableText, UtcDateTime, partial_index, sql_one_of
from storage.db.metadata import ID, metadata

# The company

workspaces: Final = Table(
    "workspaces",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", StorableText, nullable=False),
    Column("bot_user", ID, nullable=False),
    Column("bot_id", ID),
    Column("scopes", Json, nullable=False),
    Column("admins", Json, nullable=False),
    Column("calendar", StorableText),
    Column("config_digest", ID),
    Column("start_digest", ID),
    Column("start_file", StorableText),
    Column("emoji", StorableText),
    Column("slack_admins", Boolean, nullable=False, server_default=true()),
)

queues: Final = Table(
    "queues",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("key", StorableText, nullable=False),
    Column("name", StorableText, nullable=False),
    Column("channel", ID, nullable=False),
    Column("members", Json, nullable=False),
    Column("managers", Json, nullable=False),
    Column("calendar", StorableText),
    Column("policy", StorableText),
    Column("templates", Json, nullable=False),
    Column("from_file", Boolean, nullable=False, default=True),  # only the version before reads it
    Column("trouble", StorableText),
    Column("folded", StorableText, nullable=False),
    Column("digest", Boolean, nullable=False, server_default=true()),
    Column("digest_at", UtcDateTime),
    Column("last_digest", StorableText),
    Column("claim_by_reply", Boolean, nullable=False, server_default=false()),
    Column("claimers", String(16), nullable=False, server_default=Claimers.MEMBERS.value),
    Column("senders", Json),
    PrimaryKeyConstraint("workspace", "key"),
    Index("ix_queues_channel", "workspace", "channel"),
    partial_index("ix_queues_digest", "digest_at", where="digest_at IS NOT NULL"),
)

people: Final = Table(
    "people",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("id", ID, nullable=False),
    Column("name", StorableText, nullable=False),
    Column("tz", StorableText),
    Column("deleted", Boolean, nullable=False),
    Column("is_bot", Boolean, nullable=False),
    Column("is_guest", Boolean, nullable=False),
    Column("team", ID),
    Column("manager", ID),
    Column("calendar", StorableText),
    Column("dnd_from", UtcDateTime),
    Column("dnd_until", UtcDateTime),
    Column("away_until", UtcDateTime),
    Column("dm_channel", ID),
    Column("seen_at", UtcDateTime),
    Column("absent_since", UtcDateTime),
    Column("absent_until", UtcDateTime),
    Column(
        "cover",
        ID,
        CheckConstraint("(absent_since IS NULL) = (absent_until IS NULL)", name="absent_from_till"),
        CheckConstraint("cover IS NULL OR absent_until IS NOT NULL", name="covered_while_absent"),
    ),
    Column("is_slack_admin", Boolean, nullable=False, server_default=false()),
    Column("folded", StorableText),
    Column("settings", SettingsColumn),
    PrimaryKeyConstraint("workspace", "id"),
    Index("ix_people_folded", "workspace", "folded", "id"),
    partial_index("ix_people_manager", "workspace", "manager", where="manager IS NOT NULL"),
    partial_index("ix_people_slack_admin", "workspace", "id", where="is_slack_admin"),
    partial_index("ix_people_absent", "absent_until", where="absent_until IS NOT NULL"),
)

user_groups: Final = Table(
    "user_groups",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("id", ID, nullable=False),
    Column("handle", StorableText, nullable=False),
    Column("name", StorableText, nullable=False),
    Column("members", Json, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("workspace", "id"),
)

channels: Final = Table(
    "channels",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("id", ID, nullable=False),
    Column("name", StorableText, nullable=False),
    Column("is_private", Boolean, nullable=False),
    Column("is_archived", Boolean, nullable=False),
    Column("is_shared", Boolean, nullable=False),
    Column("has_bot", Boolean, nullable=False),
    Column("seen_at", UtcDateTime),
    PrimaryKeyConstraint("workspace", "id"),
)

channel_members: Final = Table(
    "channel_members",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("channel", ID, nullable=False),
    Column("user", ID, nullable=False),
    PrimaryKeyConstraint("workspace", "channel", "user"),
)

webhooks: Final = Table(
    "webhooks",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("key", StorableText, nullable=False),
    Column("url", StorableText, nullable=False),
    PrimaryKeyConstraint("workspace", "key"),
)

configuration: Final = Table(
    "configuration",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("key", StorableText, nullable=False),
    Column("owner", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", ID, nullable=False),
    Column("file", StorableText),
    Column("removed", Boolean, nullable=False),
    PrimaryKeyConstraint("workspace", "kind", "key"),
    CheckConstraint(sql_one_of("kind", ObjectKind), name="kind"),
    CheckConstraint(sql_one_of("owner", ObjectOwner), name="owner"),
)
