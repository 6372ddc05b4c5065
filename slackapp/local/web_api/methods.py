"""The methods of the Web API that exist here: function, rate tier, scopes, kind of token.

Tiers and scopes as in docs.slack.dev/reference/methods. Scopes that depend on the kind of channel are checked
again by the method itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from slackapp.local.limits.rate_limits import POSTING, SPECIAL, TIER_2, TIER_3, TIER_4, RateLimit
from slackapp.local.protocol.types import Json
from slackapp.local.web_api import apps, chat, conversations, files, users, views
from slackapp.local.web_api.method_call import MethodCall


@dataclass(frozen=True, kw_only=True)
class ApiMethod:
    """One method. Any one of `scopes` lets a call in; none needed if there are none."""

    run: Callable[[MethodCall], Json]
    limit: RateLimit
    scopes: tuple[str, ...] = ()
    token: Literal["bot", "app", "any"] = "bot"  # noqa: S105  # a kind, no secret


def _method(run: Callable[[MethodCall], Json], limit: RateLimit, *scopes: str) -> ApiMethod:
    return ApiMethod(run=run, limit=limit, scopes=scopes)


_READ: Final = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY: Final = ("channels:history", "groups:history", "im:history", "mpim:history")

METHODS: Final[dict[str, ApiMethod]] = {
    "auth.test": ApiMethod(run=apps.auth_test, limit=SPECIAL, token="any"),  # noqa: S106  # a kind, no secret
    "apps.connections.open": ApiMethod(run=apps.open_connection, limit=TIER_3, token="app"),  # noqa: S106  # as above
    "bots.info": _method(apps.bot_info, TIER_3, "users:read"),
    "chat.postMessage": _method(chat.post_message, POSTING, "chat:write"),
    "chat.postEphemeral": _method(chat.post_ephemeral, TIER_4, "chat:write"),
    "chat.update": _method(chat.update, TIER_3, "chat:write"),
    "chat.delete": _method(chat.delete, TIER_3, "chat:write"),
    "chat.getPermalink": _method(chat.get_permalink, SPECIAL),
    "files.getUploadURLExternal": _method(files.get_upload_url, TIER_4, "files:write"),
    "files.completeUploadExternal": _method(files.complete_upload, TIER_4, "files:write"),
    "views.open": _method(views.open_view, TIER_4),
    "views.push": _method(views.push, TIER_4),
    "views.update": _method(views.update, TIER_4),
    "views.publish": _method(views.publish, TIER_4),
    "conversations.info": _method(conversations.info, TIER_3, *_READ),
    "conversations.list": _method(conversations.list_all, TIER_2, *_READ),
    "conversations.members": _method(conversations.members, TIER_4, *_READ),
    "conversations.open": _method(conversations.open_im, TIER_3, "im:write"),
    "conversations.join": _method(conversations.join, TIER_3, "channels:join"),
    "conversations.history": _method(conversations.history, TIER_3, *_HISTORY),
    "conversations.replies": _method(conversations.replies, TIER_3, *_HISTORY),
    "users.conversations": _method(conversations.list_joined, TIER_3, *_READ),
    "users.info": _method(users.info, TIER_4, "users:read"),
    "users.list": _method(users.list_all, TIER_2, "users:read"),
    "users.getPresence": _method(users.get_presence, TIER_3, "users:read"),
    "dnd.info": _method(users.dnd_info, TIER_3, "dnd:read"),
    "dnd.teamInfo": _method(users.dnd_team_info, TIER_2, "dnd:read"),
    "usergroups.list": _method(users.list_groups, TIER_2, "usergroups:read"),
    "usergroups.users.list": _method(users.list_group_users, TIER_2, "usergroups:read"),
}
