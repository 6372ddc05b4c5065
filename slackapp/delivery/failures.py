"""The meaning of Slack's error codes for a message: retry, repair, ask a person, or give up.

One table, read by the pump. Codes that are not in it count as temporary: the message is retried with growing pauses,
and the code is logged. Sources: the "Errors" sections of docs.slack.dev/reference/methods for
chat.postMessage, chat.update, chat.delete and conversations.open, and docs.slack.dev/apis/web-api/rate-limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Meaning(StrEnum):
    """Classes of error codes, by what has to be done."""

    PASSING = "passing"
    """Nothing is wrong with the message: try again later."""
    LIMITED = "limited"
    """Slack limits the rate of this method: wait as long as it says."""
    CHANNEL = "channel"
    """People have to fix the channel: notify the queue's managers, keep the message."""
    GONE = "gone"
    """The message to update was deleted by a person."""
    THREAD = "thread"
    """The thread's first message was deleted."""
    PERSON = "person"
    """The person cannot be written to: deactivated or unknown."""
    TOKEN = "token"  # noqa: S105 - a word, not a secret
    """The app cannot post in this workspace: pause all its messages."""
    CONTENT = "content"
    """Slack refuses the blocks: send plain text instead."""
    SCOPE = "scope"
    """The scope for this call was not granted."""


MEANINGS: Final[Mapping[str, Meaning]] = {
    "internal_error": Meaning.PASSING,
    "fatal_error": Meaning.PASSING,
    "service_unavailable": Meaning.PASSING,
    "request_timeout": Meaning.PASSING,
    "team_added_to_org": Meaning.PASSING,
    "ratelimited": Meaning.LIMITED,
    "rate_limited": Meaning.LIMITED,
    "message_limit_exceeded": Meaning.LIMITED,
    "channel_not_found": Meaning.CHANNEL,
    "not_in_channel": Meaning.CHANNEL,
    "is_archived": Meaning.CHANNEL,
    "is_inactive": Meaning.CHANNEL,
    "restricted_action": Meaning.CHANNEL,
    "restricted_action_read_only_channel": Meaning.CHANNEL,
    "restricted_action_thread_only_channel": Meaning.CHANNEL,
    "restricted_action_non_threadable_channel": Meaning.CHANNEL,
    "method_not_supported_for_channel_type": Meaning.CHANNEL,
    "message_not_found": Meaning.GONE,
    "cant_update_message": Meaning.GONE,
    "cant_delete_message": Meaning.GONE,
    "edit_window_closed": Meaning.GONE,
    "thread_not_found": Meaning.THREAD,
    "cannot_reply_to_message": Meaning.THREAD,
    "restricted_action_thread_locked": Meaning.THREAD,
    "user_disabled": Meaning.PERSON,
    "user_not_found": Meaning.PERSON,
    "users_not_found": Meaning.PERSON,
    "user_not_visible": Meaning.PERSON,
    "cannot_dm_bot": Meaning.PERSON,
    "not_authed": Meaning.TOKEN,
    "invalid_auth": Meaning.TOKEN,
    "account_inactive": Meaning.TOKEN,
    "token_revoked": Meaning.TOKEN,
    "token_expired": Meaning.TOKEN,
    "no_permission": Meaning.TOKEN,
    "org_login_required": Meaning.TOKEN,
    "team_access_not_granted": Meaning.TOKEN,
    "ekm_access_denied": Meaning.TOKEN,
    "access_denied": Meaning.TOKEN,
    "invalid_blocks": Meaning.CONTENT,
    "invalid_blocks_format": Meaning.CONTENT,
    "block_mismatch": Meaning.CONTENT,
    "msg_too_long": Meaning.CONTENT,
    "msg_blocks_too_long": Meaning.CONTENT,
    "markdown_text_conflict": Meaning.CONTENT,
    "no_text": Meaning.CONTENT,
    "invalid_arguments": Meaning.CONTENT,
    "invalid_metadata_format": Meaning.CONTENT,
    "invalid_metadata_schema": Meaning.CONTENT,
    "metadata_too_large": Meaning.CONTENT,
    "missing_scope": Meaning.SCOPE,
}

MAYBE_DONE: Final = frozenset({"internal_error", "fatal_error", "request_timeout"})
"""Errors after which Slack may have done the thing all the same ("some aspect of the operation succeeded")."""


class SlackRefusedError(Exception):
    """Slack refused a call. `wait_s` is its Retry-After in seconds, if it gave one."""

    def __init__(self, method: str, code: str, *, wait_s: float | None = None, problems: tuple[str, ...] = ()) -> None:
        super().__init__(f"{method}: {code}")
        self.method = method
        self.code = code
        self.wait_s = wait_s
        self.problems = problems

    @property
    def meaning(self) -> Meaning:
        """The meaning of the error code."""
        return meaning(self.code)


class UnknownOutcomeError(Exception):
    """No usable response: Slack may or may not have carried out the call. `code` is for logs and metrics."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: {code}")
        self.method = method
        self.code = code


class NotReachedError(Exception):
    """The call never left this machine: Slack has certainly not carried it out."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: {code}")
        self.method = method
        self.code = code


def meaning(code: str) -> Meaning:
    """Look up the meaning of an error code; unknown codes count as temporary."""
    return MEANINGS.get(code, Meaning.PASSING)
