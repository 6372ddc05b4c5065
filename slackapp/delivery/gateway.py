"""Client of Slack's Web API for messages and Home tabs: one connection pool, no hidden retries, classified errors.

slack_sdk repeats a call by itself when the connection breaks, which posts twice when only the response was lost. Here
nothing is repeated: a call that fails raises `SlackRefusedError`, `UnknownOutcomeError` or `NotReachedError`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from slackapp.delivery.slack_errors import NotReachedError, SlackRefusedError, UnknownOutcomeError
from slackapp.runtime import tls
from slackapp.slack.error_codes import MAYBE_DONE

EVENT_TYPE: Final = "baton_message_posted"
"""Names our metadata (docs.slack.dev/messaging/message-metadata: alphanumeric `resource_pasttense`)."""
TIMEOUT_S: Final = 10.0
"""A call ends well before the lease of its outbox row does."""
_SLACK: Final = "https://slack.com/api/"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_SERVER_ERROR: Final = 500
_TOO_MANY: Final = 429
_DEFAULT_WAIT_S: Final = 30.0
_PAGE: Final = 100
_PAGES: Final = 5


@dataclass(frozen=True, kw_only=True)
class Message:
    """The content of a message: text, blocks, and flat values for Slack's message metadata."""

    text: str
    blocks: list[dict[str, Any]]
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Spot:
    """The address of a posted message: channel id and Slack's timestamp."""

    channel: str
    ts: str


class Gateway:
    """Posts, updates, deletes and finds Baton's messages, and publishes Home tabs.

    Open it inside the event loop that uses it.

    Every call may raise one of three errors: `SlackRefusedError` (Slack did not carry it out), `UnknownOutcomeError`
    (Slack may have) and `NotReachedError` (the call never left this machine).
    """

    def __init__(self, *, token: str, base_url: str = _SLACK, timeout_s: float = TIMEOUT_S) -> None:
        self._token = token
        self._base_url = base_url
        self._timeout_s = timeout_s
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    async def open(self) -> None:
        """Make the connection pool."""
        timeout = aiohttp.ClientTimeout(total=self._timeout_s)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        self._client = AsyncWebClient(
            token=self._token, base_url=self._base_url, session=self._session, ssl=tls.context(), retry_handlers=[]
        )
        if urlsplit(self._base_url).hostname in _LOOPBACK:
            self._client.proxy = None  # slack_sdk takes a proxy from the environment and knows no exceptions

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    async def post(self, channel: str, message: Message, *, thread_ts: str | None = None) -> Spot:
        """Post a message (chat.postMessage). Links are not unfolded, and typed words never become mentions."""
        answer = await self._call(
            "chat.postMessage",
            lambda client: client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=message.blocks,
                thread_ts=thread_ts,
                metadata=_metadata(message),
                unfurl_links=False,
                unfurl_media=False,
            ),
        )
        return Spot(channel=str(answer["channel"]), ts=str(answer["ts"]))

    async def update(self, spot: Spot, message: Message) -> None:
        """Update a message (chat.update). Sends `parse`: by its default `@channel` in typed text would notify."""
        await self._call(
            "chat.update",
            lambda client: client.chat_update(
                channel=spot.channel,
                ts=spot.ts,
                text=message.text,
                blocks=message.blocks,
                metadata=_metadata(message),
                parse="none",
            ),
        )

    async def delete(self, spot: Spot) -> None:
        """Delete a message (chat.delete)."""
        await self._call("chat.delete", lambda client: client.chat_delete(channel=spot.channel, ts=spot.ts))

    async def publish(self, user: str, view: Mapping[str, Any], *, view_hash: str | None) -> str:
        """Publish a person's Home tab (views.publish) and return its new hash.

        With a `view_hash`, only over the view that has it; else Slack refuses with `hash_conflict`.
        """
        answer = await self._call(
            "views.publish",
            lambda client: client.views_publish(user_id=user, view=dict(view), hash=view_hash),
        )
        return str(answer["view"]["hash"])

    async def open_dm(self, user: str) -> str:
        """Open the direct-message channel with a person and return its id (conversations.open)."""
        answer = await self._call("conversations.open", lambda client: client.conversations_open(users=[user]))
        return str(answer["channel"]["id"])

    async def permalink(self, spot: Spot) -> str:
        """The permalink of a message (chat.getPermalink)."""
        answer = await self._call(
            "chat.getPermalink",
            lambda client: client.chat_getPermalink(channel=spot.channel, message_ts=spot.ts),
        )
        return str(answer["permalink"])

    async def find(self, channel: str, key: str, *, oldest: float, thread_ts: str | None = None) -> Spot | None:
        """Search a channel or thread for the message with this key, from `oldest` on (seconds since the epoch)."""
        cursor: str | None = None
        for _ in range(_PAGES):
            answer = await self._page(channel, oldest=oldest, thread_ts=thread_ts, cursor=cursor)
            found: list[dict[str, Any]] = answer.get("messages") or []
            for message in found:
                if _key_of(message) == key:
                    return Spot(channel=channel, ts=str(message["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        return None

    async def _page(
        self, channel: str, *, oldest: float, thread_ts: str | None, cursor: str | None
    ) -> AsyncSlackResponse:
        since = f"{oldest:.6f}"
        if thread_ts is None:
            return await self._call(
                "conversations.history",
                lambda client: client.conversations_history(
                    channel=channel, oldest=since, limit=_PAGE, cursor=cursor, include_all_metadata=True
                ),
            )
        return await self._call(
            "conversations.replies",
            lambda client: client.conversations_replies(
                channel=channel, ts=thread_ts, oldest=since, limit=_PAGE, cursor=cursor, include_all_metadata=True
            ),
        )

    async def _call(
        self, method: str, call: Callable[[AsyncWebClient], Awaitable[AsyncSlackResponse]]
    ) -> AsyncSlackResponse:
        if self._client is None:
            raise RuntimeError("the gateway was not opened")
        try:
            return await call(self._client)
        except SlackApiError as error:
            raise _refusal(method, error) from error
        except aiohttp.ClientConnectorError as error:
            raise NotReachedError(method, "not_reached") from error
        except TimeoutError as error:
            raise UnknownOutcomeError(method, "timeout") from error
        except aiohttp.ClientError as error:
            raise UnknownOutcomeError(method, "connection_lost") from error


def _metadata(message: Message) -> dict[str, Any] | None:
    if not message.facts:
        return None
    return {"event_type": EVENT_TYPE, "event_payload": dict(message.facts)}


def _key_of(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    return (metadata.get("event_payload") or {}).get("key")


def _refusal(method: str, error: SlackApiError) -> SlackRefusedError | UnknownOutcomeError:
    """Convert an error response: a refusal, or an outcome that is unknown."""
    answer = error.response
    status = int(getattr(answer, "status_code", 0) or getattr(answer, "status", 0))
    data = getattr(answer, "data", None)
    body = data if isinstance(data, Mapping) else {}
    code = str(body.get("error") or f"http_{status}")
    if status == _TOO_MANY:
        return SlackRefusedError(method, "ratelimited", wait_s=_wait(answer.headers))
    if status >= _SERVER_ERROR or code in MAYBE_DONE:
        return UnknownOutcomeError(method, code)
    problems = (body.get("response_metadata") or {}).get("messages") or []
    return SlackRefusedError(method, code, problems=tuple(str(problem) for problem in problems))


def _wait(headers: Mapping[str, str]) -> float:
    """Slack's Retry-After in seconds; half a minute if it is missing or no number."""
    try:
        return max(1.0, float(headers.get("Retry-After", _DEFAULT_WAIT_S)))
    except ValueError:
        return _DEFAULT_WAIT_S
