"""The meaning of Slack's error codes for a message: retry, repair, ask a person, or give up.

One table, read by the pump. Codes that are not in it count as temporary: the message is retried with growing pauses,
and the code is logged. Sources: the "Errors" sections of docs.slack.dev/reference/methods for
chat.postMessage, chat.update, chat.delete and conversations.open, and docs.slack.dev/apis/web-api/rate-limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ErrorClass(StrEnum):
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


MEANINGS: Final[Mapping[str, ErrorClass]] = {
    "internal_error": ErrorClass.PASSING,
    "fatal_error": ErrorClass.PASSING,
    "service_unavailable": ErrorClass.PASSING,
    "request_timeout": ErrorClass.PASSING,
    "team_added_to_org": ErrorClass.PASSING,
    "ratelimited": ErrorClass.LIMITED,
    "rate_limited": ErrorClass.LIMITED,
    "message_limit_exceeded": ErrorClass.LIMITED,
    "channel_not_found": ErrorClass.CHANNEL,
    "not_in_channel": ErrorClass.CHANNEL,
    "is_archived": ErrorClass.CHANNEL,
    "is_inactive": ErrorClass.CHANNEL,
    "restricted_action": ErrorClass.CHANNEL,
    "restricted_action_read_only_channel": ErrorClass.CHANNEL,
    "restricted_action_thread_only_channel": ErrorClass.CHANNEL,
    "restricted_action_non_threadable_channel": ErrorClass.CHANNEL,
    "method_not_supported_for_channel_type": ErrorClass.CHANNEL,
    "message_not_found": ErrorClass.GONE,
    "cant_update_message": ErrorClass.GONE,
    "cant_delete_message": ErrorClass.GONE,
    "edit_window_closed": ErrorClass.GONE,
    "thread_not_found": ErrorClass.THREAD,
    "cannot_reply_to_message": ErrorClass.THREAD,
    "restricted_action_thread_locked": ErrorClass.THREAD,
    "user_disabled": ErrorClass.PERSON,
    "user_not_found": ErrorClass.PERSON,
    "users_not_found": ErrorClass.PERSON,
    "user_not_visible": ErrorClass.PERSON,
    "cannot_dm_bot": ErrorClass.PERSON,
    "not_authed": ErrorClass.TOKEN,
    "invalid_auth": ErrorClass.TOKEN,
    "account_inactive": ErrorClass.TOKEN,
    "token_revoked": ErrorClass.TOKEN,
    "token_expired": ErrorClass.TOKEN,
    "no_permission": ErrorClass.TOKEN,
    "org_login_required": ErrorClass.TOKEN,
    "team_access_not_granted": ErrorClass.TOKEN,
    "ekm_access_denied": ErrorClass.TOKEN,
    "access_denied": ErrorClass.TOKEN,
    "invalid_blocks": ErrorClass.CONTENT,
    "invalid_blocks_format": ErrorClass.CONTENT,
    "block_mismatch": ErrorClass.CONTENT,
    "msg_too_long": ErrorClass.CONTENT,
    "msg_blocks_too_long": ErrorClass.CONTENT,
    "markdown_text_conflict": ErrorClass.CONTENT,
    "no_text": ErrorClass.CONTENT,
    "invalid_arguments": ErrorClass.CONTENT,
    "invalid_metadata_format": ErrorClass.CONTENT,
    "invalid_metadata_schema": ErrorClass.CONTENT,
    "metadata_too_large": ErrorClass.CONTENT,
    "missing_scope": ErrorClass.SCOPE,
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
    def meaning(self) -> ErrorClass:
        """The meaning of the error code."""
        return error_class(self.code)


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


def error_class(code: str) -> ErrorClass:
    """Look up the meaning of an error code; unknown codes count as temporary."""
    return MEANINGS.get(code, ErrorClass.PASSING)
