"""What Slack's error codes mean for a message: wait, mend, ask a person, or let it go.

One table, read by the pump. Codes that are not in it are taken as passing: the message waits and is tried again, with
growing pauses, and the code is logged. Sources: the "Errors" sections of docs.slack.dev/reference/methods for
chat.postMessage, chat.update, chat.delete and conversations.open, and docs.slack.dev/apis/web-api/rate-limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Meaning(StrEnum):
    """What an error code asks of us."""

    PASSING = "passing"
    """Nothing is wrong with the message: try again later."""
    LIMITED = "limited"
    """Slack wants fewer calls of this method: wait as long as it says."""
    CHANNEL = "channel"
    """People have to mend the channel: tell the queue's managers, keep the message."""
    GONE = "gone"
    """The message we wanted to change is not there any more: a person deleted it."""
    THREAD = "thread"
    """The thread's first message is not there any more."""
    PERSON = "person"
    """The person cannot be written to: deactivated or unknown."""
    TOKEN = "token"  # noqa: S105 - a word, not a secret
    """The app may not speak in this workspace: pause it, all of it."""
    CONTENT = "content"
    """Slack cannot show what we drew: say it in plain text."""
    SCOPE = "scope"
    """The permission for this call was not given."""


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
    """Slack answered that it did not do it. `wait_s` is its Retry-After in seconds, where it gave one."""

    def __init__(self, method: str, code: str, *, wait_s: float | None = None, problems: tuple[str, ...] = ()) -> None:
        super().__init__(f"{method}: {code}")
        self.method = method
        self.code = code
        self.wait_s = wait_s
        self.problems = problems

    @property
    def meaning(self) -> Meaning:
        """What the code asks of us."""
        return meaning(self.code)


class UnknownOutcomeError(Exception):
    """No answer came, or one that does not say: Slack may or may not have done it. `code` is for logs and metrics."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: {code}")
        self.method = method
        self.code = code


class NotReachedError(Exception):
    """The call never left this machine: Slack has certainly not done it."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: {code}")
        self.method = method
        self.code = code


def meaning(code: str) -> Meaning:
    """The meaning of an error code; unknown codes are taken as passing."""
    return MEANINGS.get(code, Meaning.PASSING)
