"""Sentences for developers that explain why Slack refused a call.

The codes are Slack's (docs.slack.dev, reference/methods); the sentences are ours and say what to do.
"""

from typing import Final

from slackapp.local.protocol.types import Json

_OF_CODES: Final[dict[str, str]] = {
    "account_inactive": "The app's bot user is deactivated.",
    "cannot_dm_bot": "Nobody opens a direct message with a bot.",
    "channel_not_found": "There is no such channel, or it is private and the app is not in it.",
    "duplicate_external_id": "Another view of the app has this external_id.",
    "exchanged_trigger_id": "This trigger_id was used before; each opens one view.",
    "expired_trigger_id": "The trigger_id is older than three seconds. Open the view first, work afterwards.",
    "expired_url": "The response_url is older than thirty minutes.",
    "hash_conflict": "The view changed since this hash was given. Read the view again and update that.",
    "invalid_arguments": "An argument is missing or malformed.",
    "invalid_auth": "The token is not one of this app's.",
    "invalid_blocks": "Slack would refuse the blocks. The problems are listed below.",
    "invalid_blocks_format": "The blocks have to be a list of objects.",
    "invalid_cursor": "The cursor is not one that this method gave.",
    "invalid_json": "The body is not JSON.",
    "invalid_metadata_format": "The metadata has to be an object.",
    "invalid_metadata_schema": "The metadata needs an event_type and an event_payload.",
    "invalid_payload": "The body has to be a JSON object.",
    "invalid_trigger_id": "Nobody gave this trigger_id.",
    "invalid_ts_oldest": "`oldest` has to be a number.",
    "is_archived": "The channel is archived.",
    "is_inactive": "The channel is archived.",
    "json_not_object": "The body has to be a JSON object.",
    "message_not_found": "There is no such message in this channel, or it was deleted.",
    "messages_tab_disabled": "The manifest switches the app's Messages tab off.",
    "metadata_too_large": "The metadata is larger than Slack keeps.",
    "missing_scope": "The app was not given the scope that this method needs.",
    "msg_blocks_too_long": "The message's blocks hold too much text together.",
    "msg_too_long": "The text is too long.",
    "no_such_subteam": "There is no such user group.",
    "no_text": "A message needs text or blocks.",
    "not_allowed_token_type": "This method takes another kind of token.",
    "not_authed": "The call carried no token.",
    "not_enabled": "The manifest does not switch this on.",
    "not_in_channel": "The app is not a member of this channel. Invite it, or ask for chat:write.public.",
    "push_limit_reached": "Three views are open already; more do not fit on the stack.",
    "ratelimited": "Too many calls. Wait as many seconds as Retry-After says.",
    "thread_not_found": "There is no such thread.",
    "token_revoked": "The app was uninstalled or its token revoked.",
    "unknown_method": "This workspace does not know the method.",
    "used_url": "The response_url was answered five times, which is all it takes.",
    "user_disabled": "The person is deactivated.",
    "user_not_found": "There is no such person.",
    "user_not_in_channel": "The person is not in this channel.",
    "view_too_large": "The view is larger than 250,000 bytes.",
    # What became of a delivery.
    "operation_timeout": "The app did not acknowledge within three seconds.",
    "dispatch_failed": "The app could not be reached, or answered with an error.",
}
_OF_DELIVERIES: Final[dict[str, str]] = {
    "connection_failed": "No socket is open and no address answers: is the app running?",
    "http_error": "The app answered with an HTTP error.",
    "too_many_redirects": "The app's address redirects too often.",
}


def explain_error(call: Json) -> str | None:
    """Return in a sentence why a recorded call was refused or not answered; None if all went well."""
    answer = call["answer"]
    if call["kind"] != "delivery" and call["status"] == 0:
        return "The call took effect, but the answer was lost, as ordered by a fault."
    if not isinstance(answer, dict) or not isinstance(answer.get("error"), str) or answer.get("ok") is True:
        return "Slack would refuse the app's answer. The problems are listed below." if call["problems"] else None
    return _sentence(call, answer)


def _sentence(call: Json, answer: Json) -> str:
    code, reason = answer["error"], answer.get("reason")
    sentence = _OF_DELIVERIES.get(str(reason)) or _OF_CODES.get(code, "Slack's documentation of the method says why.")
    if code == "missing_scope" and answer.get("needed"):
        sentence += f" It needs {answer['needed']}."
    said = [_plain(message) for message in (answer.get("response_metadata") or {}).get("messages", [])]
    if said and not call["problems"]:
        sentence += " " + "; ".join(said) + "."
    return sentence


def _plain(message: object) -> str:
    return str(message).removeprefix("[ERROR] ").rstrip(".")
