"""Slack's error codes and what each means for Baton: one table for every method that Baton calls.

A code that is not in the table counts as a passing problem: the call is repeated with growing pauses, and what is
refused again and again is reported. Sources: the "Errors" sections of docs.slack.dev/reference/methods and
docs.slack.dev/apis/web-api/rate-limits; a test compares the table with the documented codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple


class Meaning(StrEnum):
    """What an error code means for whoever waits for the result."""

    SOON = "again soon"
    LATER = "later"
    NEVER = "never"
    SOMEBODY = "a person must act"
    ADMIN = "ask the admin"


class ErrorClass(StrEnum):
    """Classes of error codes, by what Baton does about them."""

    PASSING = "passing"
    """Nothing is wrong with the call: try again soon."""
    LIMITED = "limited"
    """Slack limits how often this may be done: wait as long as it says."""
    MOVING = "moving"
    """The workspace or channel is being migrated: wait until that is over."""
    CHANNEL = "channel"
    """People have to fix the channel: notify the queue's managers, keep the message."""
    GONE = "gone"
    """The message was deleted by a person, or cannot be changed any more."""
    THREAD = "thread"
    """The thread cannot be replied to any more."""
    PERSON = "person"
    """The person cannot be written to: deactivated, unknown or invisible."""
    FORM = "form"
    """The form cannot be shown any more: its click is too old, or the form has changed or was closed."""
    CONTENT = "content"
    """Slack refuses the content: send plain text instead."""
    MISTAKE = "mistake"
    """The call itself is wrong, which only another version of Baton can change."""
    SETTING = "setting"
    """A setting of the app or the workspace forbids it: keep the message."""
    TOKEN = "token"  # noqa: S105 - a word, not a secret
    """The app may not act in this workspace: pause all its messages."""
    SCOPE = "scope"
    """The scope for this call was not granted."""


_CODES: Final[Mapping[ErrorClass, str]] = {
    ErrorClass.PASSING: "internal_error fatal_error service_unavailable request_timeout update_failed "
    "streaming_state_conflict list_record_comment_fetch_failed fetch_members_failed",
    ErrorClass.LIMITED: "ratelimited rate_limited message_limit_exceeded",
    ErrorClass.MOVING: "team_added_to_org org_login_required external_channel_migrating",
    ErrorClass.CHANNEL: "channel_not_found not_in_channel is_archived is_inactive restricted_action "
    "restricted_action_read_only_channel restricted_action_thread_only_channel "
    "restricted_action_non_threadable_channel method_not_supported_for_channel_type posting_to_channel_denied "
    "channel_is_limited_access ekm_access_denied no_permission",
    ErrorClass.GONE: "message_not_found cant_update_message cant_delete_message edit_window_closed",
    ErrorClass.THREAD: "thread_not_found cannot_reply_to_message restricted_action_thread_locked",
    ErrorClass.PERSON: "user_disabled user_not_found users_not_found user_not_visible cannot_dm_bot "
    "invalid_user_combination user_not_in_channel",
    ErrorClass.FORM: "expired_trigger_id exchanged_trigger_id invalid_trigger_id trigger_expired trigger_exchanged "
    "hash_conflict not_found duplicate_external_id push_limit_reached",
    ErrorClass.CONTENT: "invalid_blocks invalid_blocks_format block_mismatch msg_too_long msg_blocks_too_long "
    "markdown_text_conflict no_text invalid_arguments invalid_metadata_format invalid_metadata_schema "
    "metadata_too_large metadata_must_be_sent_from_app invalid_attachments too_many_attachments "
    "attachment_payload_limit_exceeded too_many_contact_cards view_too_large",
    ErrorClass.MISTAKE: "invalid_arg_name invalid_array_arg invalid_charset invalid_form_data invalid_post_type "
    "missing_post_type missing_argument missing_args missing_charset superfluous_charset invalid_json "
    "json_not_object insecure_request unknown_method deprecated_endpoint method_deprecated invalid_cursor "
    "invalid_limit limit_required invalid_types invalid_metadata_filter_keys invalid_ts_latest invalid_ts_oldest "
    "invalid_team team_not_found no_such_subteam missing_profile_id not_implemented not_enough_users "
    "too_many_users no_users_provided users_list_not_supplied "
    "as_user_not_supported send_on_behalf_not_allowed cant_broadcast_message no_dual_broadcast_content_update "
    "draft_already_deleted draft_already_sent draft_has_conflict draft_not_found duplicate_channel_not_found "
    "duplicate_message_not_found blocked_file_type file_deleted file_is_deleted file_not_found "
    "file_share_limit_reached max_file_sharing_exceeded missing_file_data unable_to_share_files "
    "slack_connect_blocked_file_type slack_connect_canvas_sharing_blocked slack_connect_clip_sharing_blocked "
    "slack_connect_file_link_sharing_blocked slack_connect_file_upload_sharing_blocked "
    "slack_connect_lists_sharing_blocked alt_txt_too_large snippet_too_large unknown_snippet_type",
    ErrorClass.SETTING: "messages_tab_disabled not_enabled plan_upgrade_required "
    "file_uploads_disabled file_uploads_except_images_disabled file_upload_size_restricted file_type_not_allowed "
    "storage_limit_reached",
    ErrorClass.TOKEN: "not_authed invalid_auth account_inactive token_revoked token_expired not_allowed_token_type "
    "access_denied accesslimited app_access_restricted two_factor_setup_required enterprise_is_restricted "
    "team_access_not_granted forbidden_team is_bot",
    ErrorClass.SCOPE: "missing_scope",
}
CLASSES: Final[Mapping[str, ErrorClass]] = {code: kind for kind, codes in _CODES.items() for code in codes.split()}
"""The class of every error code that Slack documents for the methods that Baton calls."""

MEANINGS: Final[Mapping[ErrorClass, Meaning]] = {
    ErrorClass.PASSING: Meaning.SOON,
    ErrorClass.LIMITED: Meaning.LATER,
    ErrorClass.MOVING: Meaning.LATER,
    ErrorClass.CHANNEL: Meaning.SOMEBODY,
    ErrorClass.GONE: Meaning.NEVER,
    ErrorClass.THREAD: Meaning.NEVER,
    ErrorClass.PERSON: Meaning.NEVER,
    ErrorClass.FORM: Meaning.NEVER,
    ErrorClass.CONTENT: Meaning.NEVER,
    ErrorClass.MISTAKE: Meaning.NEVER,
    ErrorClass.SETTING: Meaning.ADMIN,
    ErrorClass.TOKEN: Meaning.ADMIN,
    ErrorClass.SCOPE: Meaning.ADMIN,
}
"""The meaning of each class."""

MAYBE_DONE: Final = frozenset({"internal_error", "fatal_error", "request_timeout"})
"""Errors after which Slack may have done the thing all the same ("some aspect of the operation succeeded")."""


class Explanation(NamedTuple):
    """Why Slack refuses something, for the middle of a sentence, and what to do about it, as a sentence."""

    cause: str
    remedy: str


_WAIT: Final = "Baton retries automatically. If this continues, check https://slack-status.com."
_REPORT: Final = "Please report it, with the lines of the log that name this code."
_EXPLANATIONS: Final[Mapping[ErrorClass, Explanation]] = {
    ErrorClass.PASSING: Explanation("Slack had a problem", _WAIT),
    ErrorClass.LIMITED: Explanation("Slack's rate limit was reached", _WAIT),
    ErrorClass.MOVING: Explanation("Slack is migrating the workspace or channel", "Wait until that is over."),
    ErrorClass.CHANNEL: Explanation(
        "the channel doesn't accept messages from Baton",
        "Type /invite @baton in the channel, or unarchive it, or ask a Slack admin who may post there.",
    ),
    ErrorClass.GONE: Explanation("someone deleted the message in Slack", _WAIT),
    ErrorClass.THREAD: Explanation("its thread can't be replied to", _WAIT),
    ErrorClass.PERSON: Explanation(
        "the person can't be written to", "Check that the person is an active member in Slack."
    ),
    ErrorClass.FORM: Explanation("the form is out of date", "Open it again."),
    ErrorClass.CONTENT: Explanation("Slack doesn't accept its content", _REPORT),
    ErrorClass.MISTAKE: Explanation("Slack doesn't accept the call", _REPORT),
    ErrorClass.SETTING: Explanation(
        "a setting in Slack forbids it", "Ask a Slack admin to change the setting that the code names."
    ),
    ErrorClass.TOKEN: Explanation(
        "Slack doesn't accept Baton's token",
        "Ask a Slack admin. If the app was removed, install it again and set the new SLACK_BOT_TOKEN.",
    ),
    ErrorClass.SCOPE: Explanation(
        "Baton lacks a permission in Slack",
        "Add the scope on the app's page (OAuth & Permissions) and install the app again. `baton check` names it.",
    ),
}
_OF_CODES: Final[Mapping[str, Explanation]] = {
    "messages_tab_disabled": Explanation(
        "direct messages from the app are turned off in Slack",
        "Turn on the Messages tab on the app's page (App Home, Show Tabs). Messages then go out within ten minutes.",
    ),
    "timeout": Explanation("Slack didn't answer", _WAIT),
    "connection_lost": Explanation("Slack didn't answer", _WAIT),
    "not_reached": Explanation("Slack couldn't be reached", "Check the network and the proxy of this machine."),
    "unknown_outcome": Explanation("Slack didn't answer", _WAIT),
    "undrawable": Explanation("of a bug in Baton", _REPORT),
    "bug": Explanation("of a bug in Baton", _REPORT),
}


def error_class(code: str) -> ErrorClass:
    """Look up the class of an error code; unknown codes count as passing."""
    return CLASSES.get(code, ErrorClass.PASSING)


def meaning(code: str) -> Meaning:
    """Look up what an error code means; unknown codes are tried again soon."""
    return MEANINGS[error_class(code)]


def is_known(code: str) -> bool:
    """Whether a code is in the table, or one of Baton's own words for a call that failed."""
    return code in CLASSES or code in _OF_CODES or code.startswith("http_")


def explain(code: str) -> Explanation:
    """Explain an error code of Slack, or one of Baton's own words for a call that failed."""
    return _OF_CODES.get(code) or _EXPLANATIONS[error_class(code)]
