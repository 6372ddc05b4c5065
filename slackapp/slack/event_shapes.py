"""The parts of Slack's events that Baton reads, as models (see `slackapp.slack.payload_shapes`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from slackapp.slack.payload_shapes import Id, Part, Seconds, Ts, Typed, Word


class AuthorizationPart(Part):
    """The installation that an event is sent to."""

    team_id: Id | None = None
    enterprise_id: Id | None = None


class EventPart(Part):
    """An event, whatever its type."""

    type: Word


class EventEnvelope(Part):
    """An event on its way."""

    event_id: Annotated[Word, Field(min_length=1)]
    team_id: Id | None = None
    context_team_id: Id | None = None
    authorizations: list[AuthorizationPart] | None = None
    event: EventPart


class MessageEvent(EventPart):
    """`message`: somebody wrote, or something else happened in a channel, which the subtype names."""

    subtype: Word = ""
    ts: Ts | None = None
    thread_ts: Ts | None = None
    user: Word | None = None
    bot_id: Word | None = None
    channel: Word | None = None
    channel_type: Word | None = None
    team: Word | None = None
    user_team: Word | None = None


class ReactedPart(Part):
    """What somebody reacted to: a message, or a file."""

    type: Word
    channel: Word | None = None
    ts: Ts | None = None


class ReactionChanged(EventPart):
    """`reaction_added`, `reaction_removed`."""

    user: Id
    reaction: Word
    item: ReactedPart | None = None


class ProfilePart(Part):
    """What a person says of themselves."""

    real_name: Typed | None = None
    display_name: Typed | None = None
    status_emoji: Typed | None = None
    status_expiration: Seconds | None = None
    team: Word | None = None


class OrganisationPart(Part):
    """A person in an Enterprise organisation."""

    enterprise_id: Word | None = None
    teams: list[Word] | None = None


class UserObject(Part):
    """A person."""

    id: Id
    team_id: Word | None = None
    name: Typed | None = None
    real_name: Typed | None = None
    tz: Word | None = None
    deleted: bool | None = None
    is_bot: bool | None = None
    is_workflow_bot: bool | None = None
    is_connector_bot: bool | None = None
    is_admin: bool | None = None
    is_owner: bool | None = None
    is_primary_owner: bool | None = None
    is_restricted: bool | None = None
    is_ultra_restricted: bool | None = None
    is_stranger: bool | None = None
    profile: ProfilePart | None = None
    enterprise_user: OrganisationPart | None = None


class UserChanged(EventPart):
    """`team_join`, `user_change`."""

    user: UserObject


class DoNotDisturbPart(Part):
    """When a person does not want to be notified."""

    dnd_enabled: bool | None = None
    next_dnd_start_ts: Seconds | None = None
    next_dnd_end_ts: Seconds | None = None


class DoNotDisturb(EventPart):
    """`dnd_updated_user`."""

    user: Id
    dnd_status: DoNotDisturbPart


class GroupPart(Part):
    """A user group."""

    id: Id
    handle: Typed | None = None
    name: Typed | None = None
    users: list[Id] | None = None
    date_delete: Seconds | None = None


class GroupChanged(EventPart):
    """`subteam_created`, `subteam_updated`."""

    subteam: GroupPart


class GroupMembersChanged(EventPart):
    """`subteam_members_changed`."""

    subteam_id: Id
    added_users: list[Id] | None = None
    removed_users: list[Id] | None = None


class ChannelChanged(EventPart):
    """A channel was archived, deleted and the like."""

    channel: Id


class ChannelPart(Part):
    """A channel with its name."""

    id: Id
    name: Typed


class ChannelRenamed(EventPart):
    """`channel_rename`, `group_rename`."""

    channel: ChannelPart


class ChannelIdChanged(EventPart):
    """`channel_id_changed`: a channel became a shared one."""

    old_channel_id: Id
    new_channel_id: Id


class ChannelUnshared(EventPart):
    """`channel_unshared`: one of the companies that share a channel has left it."""

    channel: Id
    is_ext_shared: bool = False


class MemberChanged(EventPart):
    """`member_joined_channel`, `member_left_channel`."""

    user: Id
    channel: Id


class ShownViewPart(Part):
    """The view that a Home tab shows."""

    hash: Word | None = None


class HomeOpened(EventPart):
    """`app_home_opened`: a person opened a tab of the app."""

    user: Id
    tab: Word = ""
    view: ShownViewPart | None = None


class TokensPart(Part):
    """Tokens by kind."""

    bot: list[Any] | None = None


class TokensRevoked(EventPart):
    """`tokens_revoked`."""

    tokens: TokensPart | None = None


EVENTS: Final[Mapping[str, type[EventPart]]] = {
    "message": MessageEvent,
    "app_mention": MessageEvent,
    "reaction_added": ReactionChanged,
    "reaction_removed": ReactionChanged,
    "team_join": UserChanged,
    "user_change": UserChanged,
    "dnd_updated_user": DoNotDisturb,
    "subteam_created": GroupChanged,
    "subteam_updated": GroupChanged,
    "subteam_members_changed": GroupMembersChanged,
    "channel_shared": ChannelChanged,
    "channel_unshared": ChannelUnshared,
    "channel_archive": ChannelChanged,
    "group_archive": ChannelChanged,
    "channel_unarchive": ChannelChanged,
    "group_unarchive": ChannelChanged,
    "channel_rename": ChannelRenamed,
    "group_rename": ChannelRenamed,
    "channel_deleted": ChannelChanged,
    "group_deleted": ChannelChanged,
    "channel_id_changed": ChannelIdChanged,
    "member_joined_channel": MemberChanged,
    "member_left_channel": MemberChanged,
    "app_home_opened": HomeOpened,
    "tokens_revoked": TokensRevoked,
    "app_uninstalled": EventPart,
}
"""What is read of each type of event that a package handles; others are read by nobody."""
