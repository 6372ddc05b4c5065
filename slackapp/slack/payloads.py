"""Parsers of Slack's payloads into records. No code outside this module indexes a payload.

Fields are those of the payload reference at docs.slack.dev (block_actions, view_submission, message_action, shortcut,
block_suggestion, slash commands). Fields that Slack may omit are None here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from slackapp.runtime.visible_text import is_blank
from slackapp.slack import ids
from slackapp.slack.block_kit.rich_text import plain_of
from slackapp.slack.command_text import split
from slackapp.slack.ids import Target
from slackapp.slack.inbound import MalformedPayload
from storage.handoffs.model import Source, Text

Payload = Mapping[str, Any]

_WRITTEN_BY_PEOPLE: Final = frozenset({"", "file_share", "thread_broadcast"})
"""Subtypes of new messages: none, with a file, and a reply also sent to the channel."""

_CREDENTIALS: Final = frozenset({"token", "trigger_id", "response_url", "response_urls", "bot_access_token"})
_PICKED: Final = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
}
"""The key of the value of pickers that give an id, a day (`2026-12-24`) or a time of day (`09:30`)."""
_PICKED_MANY: Final = {
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}


@dataclass(frozen=True, kw_only=True)
class Requester:
    """The person who acted, and their own workspace."""

    user: str
    team: str | None


@dataclass(frozen=True, kw_only=True)
class Click:
    """A button or menu was used, or a word entered in the Home tab's search field.

    `view_id` is set in a modal, `channel` and `ts` on a message; in a Home tab, which replies to nothing, neither is.
    """

    who: Requester
    action: str
    value: str
    target: Target | None
    trigger_id: str
    response_url: str | None = None
    channel: str | None = None
    ts: str | None = None
    text: str | None = None
    """The clicked message's text, as it was when it was clicked."""
    view_id: str | None = None
    view_hash: str | None = None
    sheet: Submit | None = None
    """In a form: its current values."""
    is_ephemeral: bool = False
    """Whether the message is shown to this person only, and is not kept by Slack."""


class Entered(dict[str, Any]):
    """What was entered in a form, by field key. A form that has no such field is not as Slack sends it."""

    def __missing__(self, key: str) -> Any:
        raise MalformedPayload(f"the form lacks {key}")


@dataclass(frozen=True, kw_only=True)
class Submit:
    """A form with its values: submitted, closed, or the form around a click.

    `values` maps field keys to what was entered, None where nothing was; `first_values` to the initial values.
    """

    who: Requester
    form: str
    view_id: str
    meta: Payload
    values: Mapping[str, Any]
    blocks: Mapping[str, str] = field(default_factory=dict)
    """The block_id that each field has in this form."""
    pressed_at: float | None = None
    """For a click: Slack's timestamp of it, in seconds; None for a submitted or closed form."""
    first_values: Mapping[str, Any] = field(default_factory=dict)
    below: str | None = None
    """The view id of the modal below this one."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A slash command."""

    who: Requester
    text: str
    """What was typed after it: a `CommandText`, or Slack's text that becomes one."""
    trigger_id: str
    response_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class SourceMessage:
    """The message that a message shortcut was used on, or another message read from Slack."""

    channel: str
    ts: str
    thread_ts: str | None
    text: str
    blocks: tuple[Payload, ...]
    author: str | None
    """A user id, or None for messages of apps."""
    author_name: str | None
    root: str | None = None
    """The ts of its thread's first message, its own if it started one; None without a thread."""
    files: tuple[Payload, ...] = ()
    attachments: tuple[Payload, ...] = ()
    """What apps and previews of links add below the text."""


@dataclass(frozen=True, kw_only=True)
class ShortcutUse:
    """A shortcut was used. `message` is None for a global one."""

    who: Requester
    shortcut: str
    trigger_id: str
    response_url: str | None
    message: SourceMessage | None


@dataclass(frozen=True, kw_only=True)
class OptionSearch:
    """A person types into a select whose options we provide."""

    who: Requester
    field: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Event:
    """An Events API event. `id` is the same in every delivery of it."""

    id: str
    type: str
    body: Payload


@dataclass(frozen=True, kw_only=True)
class ThreadReply:
    """A person's reply in a thread: who wrote it, where and when, without its text."""

    user: str
    channel: str
    thread_ts: str
    ts: str
    """Identifies the message in its channel, and is the same in every delivery."""
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """A person put an emoji on a message, or took it back."""

    user: str
    channel: str
    ts: str
    emoji: str
    """Its name without colons and skin tone."""
    is_added: bool


@dataclass(frozen=True, kw_only=True)
class AddressedMessage:
    """A person wrote to Baton: in their direct message with it, or by mentioning it in a channel."""

    who: Requester
    channel: str
    thread_ts: str | None


def parse_click(body: Payload) -> Click:
    """Parse a block_actions payload."""
    action = body["actions"][0]
    value = action.get("value") or (action.get("selected_option") or {}).get("value") or _picked(action)
    target = ids.target(value)
    container = body.get("container") or {}
    view = body.get("view") or {}
    message = body.get("message") or {}
    is_home = view.get("type") == "home"
    return Click(
        who=_who(body),
        action=_asked(action["action_id"], target),
        value=value,
        target=target,
        trigger_id=body.get("trigger_id", ""),
        response_url=body.get("response_url"),
        channel=container.get("channel_id"),
        ts=container.get("message_ts"),
        text=message.get("text"),
        view_id=None if is_home else view.get("id"),
        view_hash=None if is_home else view.get("hash"),
        sheet=parse_submit(body) if view else None,
        is_ephemeral=container.get("is_ephemeral") is True,
    )


def parse_submit(body: Payload) -> Submit:
    """Parse a view_submission payload, or the view in a block_actions or view_closed payload."""
    view = body["view"]
    state = (view.get("state") or {}).get("values") or {}
    inputs = [block for block in view.get("blocks") or () if block["type"] == "input"]
    (action,) = (body.get("actions") or [{}])[:1]
    return Submit(
        who=_who(body),
        pressed_at=float(action.get("action_ts") or 0) if action else None,
        form=view.get("callback_id", ""),
        view_id=view["id"],
        meta=_metadata(view),
        values=Entered(
            {_key(block): read_input(next(iter(elements.values()))) for block, elements in state.items() if elements}
        ),
        blocks={_key(block["block_id"]): block["block_id"] for block in inputs},
        first_values={_key(block["block_id"]): read_first_value(block["element"]) for block in inputs},
        below=view.get("previous_view_id"),
    )


def parse_command(body: Payload) -> Command:
    """Parse a slash command."""
    text = split(body.get("text") or "")
    return Command(
        who=_who(body), text=text, trigger_id=body.get("trigger_id", ""), response_url=body.get("response_url")
    )


def parse_shortcut(body: Payload) -> ShortcutUse:
    """Parse a shortcut or message_action payload."""
    return ShortcutUse(
        who=_who(body),
        shortcut=body["callback_id"],
        trigger_id=body.get("trigger_id", ""),
        response_url=body.get("response_url"),
        message=parse_message(body["message"], body["channel"]["id"], body.get("message_ts"))
        if body.get("message")
        else None,
    )


def without_credentials(body: Payload) -> dict[str, Any]:
    """Return a payload without what only its own delivery is allowed: the token, trigger and response addresses."""
    return {key: value for key, value in body.items() if key not in _CREDENTIALS}


def with_action(body: Payload, action: tuple[str, str]) -> dict[str, Any]:
    """Return a click's payload as if another button had been pressed, by its action_id and value."""
    action_id, value = action
    return {**body, "actions": [{"type": "button", "action_id": action_id, "value": value}]}


def parse_option_search(body: Payload) -> OptionSearch:
    """Parse a block_suggestion payload."""
    return OptionSearch(who=_who(body), field=_key(body.get("block_id", "")), text=body.get("value") or "")


def parse_event(body: Payload) -> Event:
    """Parse an Events API envelope."""
    return Event(id=body.get("event_id", ""), type=body["event"]["type"], body=body["event"])


def is_sent_to(body: Payload, workspace: str, enterprise: str | None) -> bool:
    """Return whether an event is for the installation in this workspace, or its organisation.

    In a channel shared with another company `team_id` may be that company's: there `context_team_id` and the
    authorizations tell who receives it.
    """
    named = {body.get("team_id")}
    if body.get("is_ext_shared_channel"):
        named |= {body.get("context_team_id"), *(one.get("team_id") for one in body.get("authorizations") or ())}
    named.discard(None)
    return not named or not named.isdisjoint({workspace, enterprise})


def parse_thread_reply(event: Payload) -> ThreadReply | None:
    """Parse a message event; None unless it is a person's new reply in a thread.

    Edits, deletions, joins, topics and the like have a subtype; messages of apps have a bot_id, ours among them.
    docs.slack.dev, reference/events/message.
    """
    ts, thread_ts = event.get("ts"), event.get("thread_ts")
    if not ts or not thread_ts or thread_ts == ts or event.get("subtype", "") not in _WRITTEN_BY_PEOPLE:
        return None
    if event.get("bot_id") or not event.get("user") or not event.get("channel"):
        return None
    at = datetime.fromtimestamp(float(ts), UTC)
    return ThreadReply(user=event["user"], channel=event["channel"], thread_ts=thread_ts, ts=ts, at=at)


def parse_reaction(event: Payload) -> Reaction | None:
    """Parse a reaction event; None unless it is about a message.

    docs.slack.dev, reference/events/reaction_added and reference/events/reaction_removed.
    """
    item = event.get("item") or {}
    if item.get("type") != "message" or not item.get("channel") or not item.get("ts"):
        return None
    return Reaction(
        user=event["user"],
        channel=item["channel"],
        ts=item["ts"],
        emoji=event["reaction"].partition("::")[0],
        is_added=event["type"] == "reaction_added",
    )


def parse_addressed(event: Payload) -> AddressedMessage | None:
    """Parse a message or mention event; None unless it is a person's new message to Baton.

    A mention in a direct message comes as a message only.
    docs.slack.dev, reference/events/app_mention and reference/events/message.im.
    """
    to_baton = event["type"] == "app_mention" or (event["type"] == "message" and event.get("channel_type") == "im")
    if not to_baton or event.get("subtype", "") not in _WRITTEN_BY_PEOPLE or event.get("bot_id"):
        return None
    if not event.get("user") or not event.get("channel"):
        return None
    who = Requester(user=event["user"], team=event.get("user_team") or event.get("team"))
    return AddressedMessage(who=who, channel=event["channel"], thread_ts=event.get("thread_ts"))


def read_input(element: Payload) -> Any:
    """Return an input's value by its type: a string, an instant, a Text, a tuple of keys or files, or None if empty."""
    match element.get("type"):
        case "rich_text_input":
            rich = element.get("rich_text_value")
            return None if is_blank(plain_of(rich)) else Text(plain=plain_of(rich), rich=rich)
        case "datetimepicker":
            seconds = element.get("selected_date_time")
            return datetime.fromtimestamp(seconds, UTC) if seconds else None
        case "checkboxes" | "multi_static_select" | "multi_external_select":
            return tuple(option["value"] for option in element.get("selected_options") or ())
        case "multi_users_select" | "multi_conversations_select" | "multi_channels_select":
            return tuple(element.get(_PICKED_MANY[element["type"]]) or ())
        case "file_input":
            return tuple(_file(found) for found in element.get("files") or ())
        case kind:
            return _single(str(kind), element)


def _single(kind: str, element: Payload) -> str | None:
    """Return the key, user id, day or line of an input with one value."""
    if kind in {"static_select", "external_select", "radio_buttons"}:
        return (element.get("selected_option") or {}).get("value")
    if kind in _PICKED:
        return element.get(_PICKED[kind])
    typed = str(element.get("value") or "")
    return None if is_blank(typed) else typed.strip()


def read_first_value(element: Payload) -> Any:
    """Return an input's initial value, in the form that `read_input` returns."""
    value, options = element.get("initial_value"), element.get("initial_options")
    return read_input(
        {
            "type": element.get("type"),
            "value": value,
            "rich_text_value": value,
            "selected_option": element.get("initial_option"),
            "selected_options": options,
            "selected_user": element.get("initial_user"),
            "selected_users": element.get("initial_users"),
            "selected_conversation": element.get("initial_conversation"),
            "selected_conversations": element.get("initial_conversations"),
            "selected_channel": element.get("initial_channel"),
            "selected_channels": element.get("initial_channels"),
            "selected_date": element.get("initial_date"),
            "selected_time": element.get("initial_time"),
            "selected_date_time": element.get("initial_date_time"),
        }
    )


def parse_message(message: Payload, channel: str, ts: str | None = None) -> SourceMessage:
    """Parse a message object, as in shortcuts and in `conversations.replies`."""
    ts = ts or message["ts"]
    thread_ts = message.get("thread_ts")
    return SourceMessage(
        channel=channel,
        ts=ts,
        thread_ts=thread_ts if thread_ts != ts else None,
        text=message.get("text") or "",
        blocks=tuple(message.get("blocks") or ()),
        author=message.get("user") if not message.get("bot_id") else None,
        author_name=message.get("username") or (message.get("bot_profile") or {}).get("name"),
        root=thread_ts,
        files=tuple(message.get("files") or ()),
        attachments=tuple(message.get("attachments") or ()),
    )


def message_source(message: SourceMessage, team_url: str) -> Source:
    """Return a message as the source of a handoff. Its permalink is built here instead of by an API call."""
    stamp = message.ts.replace(".", "")
    thread = f"?thread_ts={message.thread_ts}&cid={message.channel}" if message.thread_ts else ""
    return Source(
        channel=message.channel,
        ts=message.ts,
        thread_ts=message.thread_ts,
        permalink=f"{team_url.rstrip('/')}/archives/{message.channel}/p{stamp}{thread}",
        author=message.author,
    )


def _asked(action_id: str, target: Target | None) -> str:
    """Return the requested action_id: the button's, or the one in the chosen option of an overflow menu."""
    return target.action if action_id == ids.MORE and target and target.action else action_id


def _picked(action: Payload) -> str:
    """Return what was picked with a picker of one person, conversation, day or time; an empty string for other ids."""
    key = _PICKED.get(str(action.get("type")), "")
    return str(action.get(key) or "")


def _who(body: Payload) -> Requester:
    user = body.get("user")
    if isinstance(user, Mapping):
        return Requester(user=user["id"], team=user.get("team_id"))
    return Requester(user=body["user_id"], team=body.get("team_id"))


def _file(found: Payload) -> dict[str, str]:
    """Return a chosen file's id, name and permalink. Slack decides who may open it."""
    return {part: str(found.get(part) or "") for part in ("id", "name", "permalink")}


def _key(block_id: str) -> str:
    """Return the field's key: the block_id without the suffix that makes Slack drop an older state (`title~2`)."""
    return block_id.partition("~")[0]


def _metadata(view: Payload) -> Payload:
    """Return the private metadata of a view. It only names things and is never trusted."""
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
