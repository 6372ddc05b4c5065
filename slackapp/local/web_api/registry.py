"""The methods of the Web API that exist here: function, rate tier, scopes, kind of token.

Tiers and scopes as in docs.slack.dev/reference/methods. Scopes that depend on the kind of channel are checked
again by the method itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from slackapp.local.rate_limits import POSTING, SPECIAL, TIER_2, TIER_3, TIER_4, Limit
from slackapp.local.web_api import apps, chat, conversations, modals, people
from slackapp.local.web_api.call import Call
from slackapp.local.wire import Json


@dataclass(frozen=True, kw_only=True)
class Method:
    """One method. Any one of `scopes` lets a call in; none needed if there are none."""

    run: Callable[[Call], Json]
    limit: Limit
    scopes: tuple[str, ...] = ()
    token: Literal["bot", "app", "any"] = "bot"  # noqa: S105  # a kind, no secret


def _method(run: Callable[[Call], Json], limit: Limit, *scopes: str) -> Method:
    return Method(run=run, limit=limit, scopes=scopes)


_READ: Final = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY: Final = ("channels:history", "groups:history", "im:history", "mpim:history")

METHODS: Final[dict[str, Method]] = {
    "auth.test": Method(run=apps.auth_test, limit=SPECIAL, token="any"),  # noqa: S106  # a kind, no secret
    "apps.connections.open": Method(run=apps.open_connection, limit=TIER_3, token="app"),  # noqa: S106  # as above
    "chat.postMessage": _method(chat.post_message, POSTING, "chat:write"),
    "chat.postEphemeral": _method(chat.post_ephemeral, TIER_4, "chat:write"),
    "chat.update": _method(chat.update, TIER_3, "chat:write"),
    "chat.delete": _method(chat.delete, TIER_3, "chat:write"),
    "chat.getPermalink": _method(chat.get_permalink, SPECIAL),
    "views.open": _method(modals.open_view, TIER_4),
    "views.push": _method(modals.push, TIER_4),
    "views.update": _method(modals.update, TIER_4),
    "views.publish": _method(modals.publish, TIER_4),
    "conversations.info": _method(conversations.info, TIER_3, *_READ),
    "conversations.list": _method(conversations.list_all, TIER_2, *_READ),
    "conversations.members": _method(conversations.members, TIER_4, *_READ),
    "conversations.open": _method(conversations.open_im, TIER_3, "im:write"),
    "conversations.join": _method(conversations.join, TIER_3, "channels:join"),
    "conversations.history": _method(conversations.history, TIER_3, *_HISTORY),
    "conversations.replies": _method(conversations.replies, TIER_3, *_HISTORY),
    "users.conversations": _method(conversations.list_joined, TIER_3, *_READ),
    "users.info": _method(people.info, TIER_4, "users:read"),
    "users.list": _method(people.list_all, TIER_2, "users:read"),
    "users.getPresence": _method(people.get_presence, TIER_3, "users:read"),
    "dnd.info": _method(people.dnd_info, TIER_3, "dnd:read"),
    "dnd.teamInfo": _method(people.dnd_team_info, TIER_2, "dnd:read"),
    "usergroups.list": _method(people.list_groups, TIER_2, "usergroups:read"),
    "usergroups.users.list": _method(people.list_group_users, TIER_2, "usergroups:read"),
}
