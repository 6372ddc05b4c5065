"""Store what Slack's events report of people, user groups and channels.

An uninstalled app or a revoked token makes `/readyz` not ready, with what to do.

Each event may come twice or late: a fact that is stored already changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.directory.actions import people_and_channels, presence
from slackapp.runtime.baton import Baton
from slackapp.slack import objects
from slackapp.slack.payloads import Payload


def _user(baton: Baton, workspace: str, event: Payload) -> None:
    people_and_channels.store_person(baton, objects.person(event["user"], workspace))


def _dnd(baton: Baton, workspace: str, event: Payload) -> None:
    presence.store_dnd(baton, workspace, {event["user"]: objects.dnd(event["dnd_status"])})


def _group(baton: Baton, workspace: str, event: Payload) -> None:
    people_and_channels.store_group(baton, objects.group(event["subteam"], workspace))


def _group_members(baton: Baton, workspace: str, event: Payload) -> None:
    people_and_channels.change_group_members(
        baton,
        workspace,
        event["subteam_id"],
        added=event.get("added_users") or (),
        removed=event.get("removed_users") or (),
    )


def _archived(baton: Baton, workspace: str, event: Payload) -> None:
    people_and_channels.change_channel(baton, workspace, event["channel"], is_archived=True)


def _unarchived(baton: Baton, workspace: str, event: Payload) -> None:
    people_and_channels.change_channel(baton, workspace, event["channel"], is_archived=False)


def _renamed(baton: Baton, workspace: str, event: Payload) -> None:
    people_and_channels.change_channel(baton, workspace, event["channel"]["id"], name=event["channel"]["name"])


def _deleted(baton: Baton, workspace: str, event: Payload) -> None:
    people_and_channels.store_channel_gone(baton, workspace, event["channel"])


def _new_id(baton: Baton, workspace: str, event: Payload) -> None:
    people_and_channels.store_new_channel_id(baton, workspace, event["old_channel_id"], event["new_channel_id"])


def _shared(baton: Baton, workspace: str, event: Payload) -> None:
    people_and_channels.change_channel(baton, workspace, event["channel"], is_shared=True)


def _unshared(baton: Baton, workspace: str, event: Payload) -> None:
    """Handle the end of one connection; other companies may still be in the channel."""
    people_and_channels.change_channel(baton, workspace, event["channel"], is_shared=bool(event.get("is_ext_shared")))


def _made_private(baton: Baton, workspace: str, event: Payload) -> None:
    people_and_channels.change_channel(baton, workspace, event["channel"], is_private=True)


def _made_public(baton: Baton, workspace: str, event: Payload) -> None:
    people_and_channels.change_channel(baton, workspace, event["channel"], is_private=False)


def _joined(baton: Baton, workspace: str, event: Payload) -> None:
    people_and_channels.store_membership(baton, workspace, event["channel"], event["user"], joined=True)


def _left(baton: Baton, workspace: str, event: Payload) -> None:
    people_and_channels.store_membership(baton, workspace, event["channel"], event["user"], joined=False)


def _uninstalled(baton: Baton, _workspace: str, _event: Payload) -> None:
    baton.on_slack_access(SHUT_OUT)


def _revoked(baton: Baton, _workspace: str, event: Payload) -> None:
    """Handle revoked tokens: only the bot's tokens matter; Slack reports people's as well."""
    if (event.get("tokens") or {}).get("bot"):
        baton.on_slack_access(SHUT_OUT)


SHUT_OUT: Final = (
    "Baton was uninstalled from the workspace or its bot token was revoked. Install the app again on its page, put the "
    "new Bot User OAuth Token into SLACK_BOT_TOKEN and start Baton again: nothing that is stored is lost."
)
LEARN: Final[Mapping[str, Callable[[Baton, str, Payload], object]]] = {
    "team_join": _user,
    "user_change": _user,
    "dnd_updated_user": _dnd,
    "subteam_created": _group,
    "subteam_updated": _group,
    "subteam_members_changed": _group_members,
    "channel_archive": _archived,
    "group_archive": _archived,
    "channel_unarchive": _unarchived,
    "group_unarchive": _unarchived,
    "channel_rename": _renamed,
    "group_rename": _renamed,
    "channel_deleted": _deleted,
    "group_deleted": _deleted,
    "channel_id_changed": _new_id,
    "channel_shared": _shared,
    "channel_unshared": _unshared,
    "member_joined_channel": _joined,
    "member_left_channel": _left,
    "app_uninstalled": _uninstalled,
    "tokens_revoked": _revoked,
}
CONVERSIONS: Final[Mapping[str, Callable[[Baton, str, Payload], object]]] = {
    "message.channel_convert_to_private": _made_private,
    "message.channel_convert_to_public": _made_public,
}
"""Messages by which Slack tells, in the channel itself, that its visibility has changed; without the scopes for
messages the sweep finds out within the hour.
"""
