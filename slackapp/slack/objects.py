"""Parsers of Slack's objects (users, user groups, conversations, auth.test) into our records.

The same objects come in Web API responses and in events.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from storage.company.model import Channel, Group, Person, Workspace

_SLACKBOT = "USLACKBOT"
_BOTS = ("is_bot", "is_workflow_bot", "is_connector_bot")
_ADMINS = ("is_admin", "is_owner", "is_primary_owner")
_GUESTS = ("is_restricted", "is_ultra_restricted")
AWAY: Final = frozenset({"palm_tree", "face_with_thermometer", "beach_with_umbrella", "desert_island"})
"""Emoji of a status that means "not at work at all".

Slack offers `palm_tree` for "Vacationing" and `face_with_thermometer` for "Out sick"; the other two are what people
choose instead of the palm. Left out on purpose: whoever is in a meeting (`calendar`, `spiral_calendar_pad`), commuting
(`bus`) or working remotely (`house_with_garden`) reads what they are told a little later, on the same day.
"""


def person(user: Mapping[str, Any], workspace: str) -> Person:
    """Return a person from a user object. Users of other workspaces and deactivated ones have few fields."""
    profile = user.get("profile") or {}
    names = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"), user.get("name"))
    return Person(
        workspace=workspace,
        id=user["id"],
        name=next((name for name in names if name), user["id"]),
        tz=user.get("tz"),
        deleted=bool(user.get("deleted")),
        is_bot=user["id"] == _SLACKBOT or any(user.get(flag) for flag in _BOTS),
        is_guest=any(user.get(flag) for flag in _GUESTS),
        is_slack_admin=any(user.get(flag) for flag in _ADMINS),
        team=_team(user, workspace),
        away_until=_away_until(profile),
    )


def slack_rank(user: Mapping[str, Any]) -> int | None:
    """Return the rank of an owner or admin of the workspace, 0 for the primary owner; None for everybody else."""
    if user.get("deleted"):
        return None
    return next((rank for rank, flag in enumerate(reversed(_ADMINS)) if user.get(flag)), None)


def dnd(status: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    """Return start and end of the current or next Do Not Disturb period, or two None.

    Slack sends 1 for both where there is none, and `dnd_enabled` also for a period that has not begun.

    Slack writes 1 for both instants then. It also says `dnd_enabled` of a window that has not begun yet.
    """
    since, until = (int(status.get(name) or 0) for name in ("next_dnd_start_ts", "next_dnd_end_ts"))
    if not status.get("dnd_enabled") or until <= max(since, 1):
        return None, None
    return datetime.fromtimestamp(since, UTC), datetime.fromtimestamp(until, UTC)


def group(subteam: Mapping[str, Any], workspace: str) -> Group:
    """Return a user group from its object. A disabled group has no members."""
    listed = subteam.get("users")
    members = tuple(listed) if listed is not None else None
    return Group(
        workspace=workspace,
        id=subteam["id"],
        handle=subteam.get("handle") or "",
        name=subteam.get("name") or subteam.get("handle") or subteam["id"],
        members=() if subteam.get("date_delete") else members,
    )


def channel(conversation: Mapping[str, Any], workspace: str, *, has_bot: bool | None = None) -> Channel:
    """Return a channel from a conversation object; `has_bot` is used where the object does not have it."""
    return Channel(
        workspace=workspace,
        id=conversation["id"],
        name=conversation.get("name") or conversation["id"],
        is_private=bool(conversation.get("is_private")),
        is_archived=bool(conversation.get("is_archived")),
        is_shared=bool(conversation.get("is_ext_shared") or conversation.get("is_pending_ext_shared")),
        has_bot=bool(conversation.get("is_member")) if has_bot is None else has_bot,
    )


def workspace(identity: Mapping[str, Any], headers: Mapping[str, Any]) -> Workspace:
    """Return the workspace from the response of auth.test and its headers, which list the granted scopes."""
    return Workspace(
        id=identity["team_id"],
        name=identity.get("team") or identity["team_id"],
        bot_user=identity["user_id"],
        bot_id=identity.get("bot_id"),
        scopes=granted(headers),
    )


def granted(headers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the granted scopes from the headers of any Web API response."""
    named = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), "")
    text = ",".join(named) if isinstance(named, list) else str(named)
    return tuple(text.replace(",", " ").split())


def body(answer: SlackResponse) -> dict[str, Any]:
    """Return a response's JSON object."""
    if not isinstance(answer.data, dict):
        raise ValueError("Slack's answer was no JSON")  # noqa: TRY004 - the answer is wrong, not our code
    return answer.data


def error_code(refused: SlackApiError) -> str:
    """Return Slack's error code, or `http_500` and the like if there is none."""
    answer = refused.response
    data = getattr(answer, "data", answer)
    if isinstance(data, dict) and data.get("error"):
        return str(data["error"])
    status = data.get("status") if isinstance(data, dict) else getattr(answer, "status_code", None)
    return f"http_{status}"


def _away_until(profile: Mapping[str, Any]) -> datetime | None:
    """Return the end of an away status. A status without an end is ignored, because people forget to clear it.

    The words of a status are private to whoever reads the profile; they are not kept.
    """
    emoji = str(profile.get("status_emoji") or "").strip(":").partition("::")[0]  # without a skin tone
    ends = int(profile.get("status_expiration") or 0)
    return datetime.fromtimestamp(ends, UTC) if ends > 0 and emoji in AWAY else None


def _team(user: Mapping[str, Any], workspace: str) -> str | None:
    """Return the person's workspace. In an organisation a person has several; ours is preferred."""
    organisation = user.get("enterprise_user") or {}
    if workspace in (organisation.get("teams") or ()):
        return workspace
    team = user.get("team_id") or (user.get("profile") or {}).get("team")
    return str(team) if team else None
