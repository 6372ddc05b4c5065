"""Directory sweep: read people, user groups and the queues' channels from Slack, in the background."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from slackapp.directory.actions import people_and_channels, presence, sweep_progress
from slackapp.people.queries import channels_of_queues
from slackapp.runtime.baton import Baton
from slackapp.slack import objects
from storage.company.model import Channel, Claimers

_log = logging.getLogger(__name__)

A_PAGE: Final = 200
"""Channels per call, as Slack recommends."""
PEOPLE_A_PAGE: Final = 500
"""People per call: 50,000 take a hundred calls, of which Slack allows twenty a minute. Slack takes up to 1,000."""
_FIRST_CHANNELS: Final = 20
"""Channels that are stored before there is a team."""
_TOLD_EVERY: Final = 20
"""Pages of people between two lines of the log."""
_TRIES: Final = 5
_LIMITED: Final = frozenset({"ratelimited", "rate_limited"})
_NOT_REACHED: Final = (SlackClientError, OSError, ValueError)
"""Exceptions of a call that Slack refused or did not answer properly."""

DND_SCOPE: Final = "dnd:read"
DND_AT_ONCE: Final = 50
"""People that dnd.teamInfo answers for in one call (docs.slack.dev, reference/methods/dnd.teamInfo)."""
_NOT_SHOWN: Final = frozenset({"user_not_visible", "user_not_found"})
_HIDDEN: Final = "channel_not_found"
"""Error code of channels that are deleted, or private without the bot: Slack does not tell which."""

_UNDERSTOOD: Final = {
    "plan_upgrade_required": "This Slack plan has no user groups; name people in the configuration instead.",
    "missing_scope": "The scope for it was not granted; add it on the app's page and install the app again.",
    "invalid_auth": "The bot token is not valid.",
    "account_inactive": "The bot token was revoked or the app was uninstalled.",
    "token_revoked": "The bot token was revoked.",
}


@dataclass(kw_only=True)
class DirectoryReport:
    """Result of a sweep. `problems` are sentences about what could not be read, and why."""

    people: int = 0
    groups: int = 0
    channels: int = 0
    gone: tuple[str, ...] = ()
    pauses: int = 0
    """People whose Do Not Disturb was read."""
    owner: str | None = None
    """The highest of the workspace's owners and admins in Slack."""
    left_out: str | None = None
    """The problem reported if the scope for Do Not Disturb was not granted."""
    problems: list[str] = field(default_factory=list)


class Directory:
    """Updates the stored people, groups and channels of one workspace from Slack.

    Args:
        baton: access to the database.
        client: a client with the bot token.
        workspace: the workspace of that token.
        pause: waits so many seconds for Slack's rate limits; returns whether to give up. By default until `stop`.
    """

    def __init__(
        self, baton: Baton, client: WebClient, workspace: str, *, pause: Callable[[float], bool] | None = None
    ) -> None:
        self._baton = baton
        self._client = client
        self._workspace = workspace
        self._stopped = threading.Event()
        self._pause = pause or self._stopped.wait

    def stop(self) -> None:
        """Cancel a sweep that waits for Slack's rate limits."""
        self._stopped.set()

    def sweep(self) -> DirectoryReport:
        """Read everything once. Parts that cannot be read are logged and reported; the others are read all the same."""
        swept = DirectoryReport()
        if self._part(swept, "The workspace", self._scopes):
            self._part(swept, "People", self._people)
            self._part(swept, "User groups", self._groups)
            self._part(swept, "Channels", self._channels)
            self._part(swept, "Do Not Disturb", self._dnd)
            _log.info("directory read: %s people, %s groups, %s channels", swept.people, swept.groups, swept.channels)
        if not swept.problems:
            sweep_progress.finish(self._baton, self._workspace)
        return swept

    def look_up(self, user: str) -> bool:
        """Read one person, who may be in no list, and store them; return whether Slack could be asked."""
        try:
            found = objects.body(self._call(self._client.users_info, user=user))["user"]
        except _NOT_REACHED as problem:
            hidden = isinstance(problem, SlackApiError) and objects.error_code(problem) in _NOT_SHOWN
            if not hidden:
                _log.warning("%s could not be looked up in Slack. %s", user, _why(problem))
            return hidden
        people_and_channels.store_person(self._baton, objects.person(found, self._workspace))
        return True

    def read_members(self, channel_id: str) -> None:
        """Read who is in a channel in which everybody may claim; a failure is logged, and left to the sweep."""
        self._part(DirectoryReport(), "The people of a channel", lambda _: self._channel_members(channel_id))

    def _part(self, swept: DirectoryReport, name: str, work: Callable[[DirectoryReport], None]) -> bool:
        try:
            work(swept)
        except _NOT_REACHED as problem:
            swept.problems.append(f"{name} could not be read from Slack. {_why(problem)}")
            _log.warning("%s", swept.problems[-1])
            return False
        return True

    def _scopes(self, swept: DirectoryReport) -> None:
        """Read the granted scopes, which a new installation of the app may have changed."""
        answer = self._call(self._client.auth_test)
        found = objects.workspace(objects.body(answer), answer.headers)
        if found.id != self._workspace:
            raise ValueError(f"The bot token belongs to another workspace now, {found.id}")
        people_and_channels.store_workspace(self._baton, found)
        if DND_SCOPE not in found.scopes:
            swept.left_out = f"Do Not Disturb is not looked at: the optional scope {DND_SCOPE} was not granted."
            _log.info("%s", swept.left_out)

    def _people(self, swept: DirectoryReport) -> None:
        """Read people page by page: no more than a page is in memory, and only what changed is written."""
        sweep_progress.begin(self._baton, self._workspace)
        pages = self._pages(self._client.users_list, "members", limit=PEOPLE_A_PAGE)
        highest: tuple[int, str] | None = None
        for number, users in enumerate(pages, start=1):
            swept.gone += people_and_channels.store_people(
                self._baton, [objects.person(user, self._workspace) for user in users]
            )
            swept.people += len(users)
            highest = min([*([highest] if highest else []), *_ranked(users)], default=None)
            sweep_progress.advance(self._baton, self._workspace, swept.people)
            if number % _TOLD_EVERY == 0:
                _log.info("directory: %s people read so far", swept.people)
        swept.owner = highest[1] if highest else None

    def _groups(self, swept: DirectoryReport) -> None:
        answer = self._call(self._client.usergroups_list, include_users=True, include_disabled=True)
        told = [objects.group(subteam, self._workspace) for subteam in objects.body(answer).get("usergroups") or ()]
        people_and_channels.store_groups(self._baton, self._workspace, told)
        swept.groups += len(told)

    def _dnd(self, swept: DirectoryReport) -> None:
        """Read Do Not Disturb of the people whom Baton may notify, and of nobody else."""
        if swept.left_out is not None:
            return
        wanted = presence.people_to_ask_dnd_of(self._baton, self._workspace)
        for start in range(0, len(wanted), DND_AT_ONCE):
            pauses = self._pauses(wanted[start : start + DND_AT_ONCE])
            presence.store_dnd(self._baton, self._workspace, pauses)
            swept.pauses += len(pauses)

    def _pauses(self, users: Sequence[str]) -> dict[str, presence.Pause]:
        """Read Do Not Disturb of these people; on an error in halves, so that an unknown person hides nobody else."""
        try:
            answer = self._call(self._client.dnd_teamInfo, users=list(users))
        except SlackApiError as refused:
            if objects.error_code(refused) not in _NOT_SHOWN:
                raise
            half = len(users) // 2
            return self._pauses(users[:half]) | self._pauses(users[half:]) if half else {}
        told: dict[str, Any] = objects.body(answer).get("users") or {}
        return {user: objects.dnd(status) for user, status in told.items()}

    def _channels(self, swept: DirectoryReport) -> None:
        """Read the channels the bot is in page by page, and only the remaining ones one by one."""
        wanted = channels_of_queues(self._baton, self._workspace)
        joined = self._joined()
        if not wanted:  # nothing is set up yet: the first team may be in a channel that Baton was invited to
            for channel in list(joined.values())[:_FIRST_CHANNELS]:
                people_and_channels.store_channel(self._baton, channel)
        for channel_id in wanted:
            self._channel(channel_id, joined.get(channel_id))
            swept.channels += 1
        for channel_id in channels_of_queues(self._baton, self._workspace, only=Claimers.CHANNEL):
            if channel_id in joined:
                self._channel_members(channel_id)

    def _channel_members(self, channel_id: str) -> None:
        """Read who is in a channel in which everybody may claim."""
        pages = self._pages(self._client.conversations_members, "members", channel=channel_id)
        users = [str(user) for page in pages for user in page]
        people_and_channels.store_channel_members(self._baton, self._workspace, channel_id, users)

    def _channel(self, channel_id: str, known: Channel | None) -> None:
        if known is None:
            try:
                answer = self._call(self._client.conversations_info, channel=channel_id)
            except SlackApiError as refused:
                if objects.error_code(refused) != _HIDDEN:
                    raise
                people_and_channels.store_channel_gone(self._baton, self._workspace, channel_id)
                return
            known = objects.channel(objects.body(answer)["channel"], self._workspace)
        people_and_channels.store_channel(self._baton, known)

    def _joined(self) -> dict[str, Channel]:
        pages = self._pages(self._client.users_conversations, "channels", types="public_channel,private_channel")
        found = (objects.channel(one, self._workspace, has_bot=True) for page in pages for one in page)
        return {channel.id: channel for channel in found}

    def _pages(self, method: Callable[..., SlackResponse], key: str, **asked: Any) -> Iterator[list[Any]]:
        cursor, asked = "", {"limit": A_PAGE, **asked}
        while True:
            body = objects.body(self._call(method, cursor=cursor, **asked))
            yield body.get(key) or []
            cursor = (body.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _call(self, method: Callable[..., SlackResponse], **asked: Any) -> SlackResponse:
        """Call Slack; when it limits the rate, repeat after the wait that it asks for."""
        for _ in range(_TRIES):
            try:
                return method(**asked)
            except SlackApiError as refused:
                if objects.error_code(refused) not in _LIMITED:
                    raise
                if self._pause(_retry_after_s(refused)):
                    raise
        return method(**asked)


def _ranked(users: Sequence[Mapping[str, Any]]) -> list[tuple[int, str]]:
    """Those who own or administer the Slack workspace, with their rank, 0 for the highest."""
    ranked = ((objects.slack_rank(user), str(user["id"])) for user in users)
    return [(rank, user) for rank, user in ranked if rank is not None]


def _retry_after_s(refused: SlackApiError) -> float:
    named = getattr(refused.response, "headers", {}).get("Retry-After", "")
    return float(named) if str(named).isdigit() else 1.0


def _why(problem: Exception) -> str:
    if isinstance(problem, SlackApiError):
        code = objects.error_code(problem)
        return _UNDERSTOOD.get(code, f"Slack says {code}.")
    return f"{problem}."
