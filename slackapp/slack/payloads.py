"""Slack's JSON ends here: payloads become small records of ours. Nothing past this file indexes a payload.

Fields are those of the payload reference at docs.slack.dev (block_actions, view_submission, message_action, shortcut,
block_suggestion, slash commands). What Slack may leave out is None here.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from slackapp.slack import ids
from slackapp.slack.block_kit.rich_text import plain_of
from slackapp.slack.ids import Target
from storage.handoffs.model import Source, Text

Payload = Mapping[str, Any]

_WRITTEN_BY_PEOPLE: Final = frozenset({"", "file_share", "thread_broadcast"})
"""Subtypes of new messages: none, with a file, and a reply also sent to the channel."""

_PICKED: Final = {"users_select": "selected_user", "datepicker": "selected_date"}


@dataclass(frozen=True, kw_only=True)
class Who:
    """Who did something, and the workspace they belong to themselves."""

    user: str
    team: str | None


@dataclass(frozen=True, kw_only=True)
class Click:
    """A button or menu was used. `view_id` is set in a form, `channel` and `ts` on a message."""

    who: Who
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
    """In a form: what is entered in it so far."""


@dataclass(frozen=True, kw_only=True)
class Submit:
    """A form was sent, or looked at on another occasion.

    `values` maps field keys to what was entered, None where nothing was; `first` to what stood there at first.
    """

    who: Who
    form: str
    view_id: str
    meta: Payload
    values: Mapping[str, Any]
    blocks: Mapping[str, str] = field(default_factory=dict)
    """The block_id that each field has in this form."""
    pressed_at: float | None = None
    """When something in it was used, in Slack's seconds; None where it was sent or closed."""
    first: Mapping[str, Any] = field(default_factory=dict)
    below: str | None = None
    """The form that lies below this one."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A slash command."""

    who: Who
    text: str
    trigger_id: str


@dataclass(frozen=True, kw_only=True)
class Quoted:
    """The message that a message shortcut was used on."""

    channel: str
    ts: str
    thread_ts: str | None
    text: str
    blocks: tuple[Payload, ...]
    author: str | None
    """A user id, or None for messages of apps."""
    author_name: str | None
    root: str | None = None
    """The ts of the first message of the thread it stands in, its own if it began one; None without a thread."""
    files: tuple[Payload, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A shortcut. `message` is None for a global one."""

    who: Who
    shortcut: str
    trigger_id: str
    response_url: str | None
    message: Quoted | None


@dataclass(frozen=True, kw_only=True)
class Typing:
    """Somebody types into a select that asks us for options."""

    who: Who
    field: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something happened in the workspace. `id` is the same in every delivery of it."""

    id: str
    type: str
    body: Payload


@dataclass(frozen=True, kw_only=True)
class ThreadReply:
    """A person's message in a thread: who wrote it, where and when, never what it says."""

    user: str
    channel: str
    thread_ts: str
    ts: str
    """Names the message in its channel, and is the same whenever Slack tells of it."""
    at: datetime


def click(body: Payload) -> Click:
    """Read a block_actions payload."""
    action = body["actions"][0]
    value = action.get("value") or (action.get("selected_option") or {}).get("value") or ""
    target = ids.target(value)
    container = body.get("container") or {}
    view = body.get("view") or {}
    message = body.get("message") or {}
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
        view_id=view.get("id"),
        view_hash=view.get("hash"),
        sheet=submit(body) if view else None,
    )


def submit(body: Payload) -> Submit:
    """Read a view_submission payload, or the form in any other payload that has one (block_actions, view_closed)."""
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
        values={_key(block): entered(next(iter(elements.values()))) for block, elements in state.items() if elements},
        blocks={_key(block["block_id"]): block["block_id"] for block in inputs},
        first={_key(block["block_id"]): first(block["element"]) for block in inputs},
        below=view.get("previous_view_id"),
    )


def command(body: Payload) -> Command:
    """Read a slash command's form. Slack escapes `&`, `<` and `>` in its text (`should_escape` in the manifest)."""
    text = html.unescape(body.get("text") or "").strip()
    return Command(who=_who(body), text=text, trigger_id=body.get("trigger_id", ""))


def chosen(body: Payload) -> Chosen:
    """Read a shortcut or message_action payload."""
    return Chosen(
        who=_who(body),
        shortcut=body["callback_id"],
        trigger_id=body.get("trigger_id", ""),
        response_url=body.get("response_url"),
        message=quoted(body["message"], body["channel"]["id"], body.get("message_ts")) if body.get("message") else None,
    )


def typing(body: Payload) -> Typing:
    """Read a block_suggestion payload."""
    return Typing(who=_who(body), field=_key(body.get("block_id", "")), text=body.get("value") or "")


def event(body: Payload) -> Event:
    """Read an Events API envelope."""
    return Event(id=body.get("event_id", ""), type=body["event"]["type"], body=body["event"])


def reply(event: Payload) -> ThreadReply | None:
    """Read a message event as a person's new reply in a thread; None for any other message.

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


def entered(element: Payload) -> Any:
    """What an input holds, by its type: a string, an instant, a Text, a tuple of keys or files, None for nothing."""
    match element.get("type"):
        case "rich_text_input":
            rich = element.get("rich_text_value")
            return Text(plain=plain_of(rich), rich=rich) if rich else None
        case "datetimepicker":
            seconds = element.get("selected_date_time")
            return datetime.fromtimestamp(seconds, UTC) if seconds else None
        case "checkboxes" | "multi_static_select" | "multi_external_select":
            return tuple(option["value"] for option in element.get("selected_options") or ())
        case "file_input":
            return tuple(_file(found) for found in element.get("files") or ())
        case kind:
            return _single(str(kind), element)


def _single(kind: str, element: Payload) -> str | None:
    """The one key, person, day or line that an input holds."""
    if kind in {"static_select", "external_select", "radio_buttons"}:
        return (element.get("selected_option") or {}).get("value")
    if kind in _PICKED:
        return element.get(_PICKED[kind])
    return (element.get("value") or "").strip() or None


def first(element: Payload) -> Any:
    """What an input holds that nobody has touched, read as `entered` reads it."""
    value, options = element.get("initial_value"), element.get("initial_options")
    return entered(
        {
            "type": element.get("type"),
            "value": value,
            "rich_text_value": value,
            "selected_option": element.get("initial_option"),
            "selected_options": options,
            "selected_user": element.get("initial_user"),
            "selected_date": element.get("initial_date"),
            "selected_date_time": element.get("initial_date_time"),
        }
    )


def quoted(message: Payload, channel: str, ts: str | None = None) -> Quoted:
    """Read a message object, as shortcuts carry it and `conversations.replies` lists it."""
    ts = ts or message["ts"]
    thread_ts = message.get("thread_ts")
    return Quoted(
        channel=channel,
        ts=ts,
        thread_ts=thread_ts if thread_ts != ts else None,
        text=message.get("text") or "",
        blocks=tuple(message.get("blocks") or ()),
        author=message.get("user") if not message.get("bot_id") else None,
        author_name=message.get("username") or (message.get("bot_profile") or {}).get("name"),
        root=thread_ts,
        files=tuple(message.get("files") or ()),
    )


def source_of(message: Quoted, team_url: str) -> Source:
    """The message as the source of a handoff. Permalinks have this shape since ever; no call is spent on them."""
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
    """What a button asks for: its action_id, or in the overflow menu what the chosen option names."""
    return target.action if action_id == ids.MORE and target and target.action else action_id


def _who(body: Payload) -> Who:
    user = body.get("user")
    if isinstance(user, Mapping):
        return Who(user=user["id"], team=user.get("team_id"))
    return Who(user=body["user_id"], team=body.get("team_id"))


def _file(found: Payload) -> dict[str, str]:
    """A file that somebody chose: its contents and who may open it are Slack's business."""
    return {part: str(found.get(part) or "") for part in ("id", "name", "permalink")}


def _key(block_id: str) -> str:
    """The field's key: the block_id without the suffix that tells Slack to forget an older state (`title~2`)."""
    return block_id.partition("~")[0]


def _metadata(view: Payload) -> Payload:
    """What we left in the form for ourselves. Nothing in it is trusted beyond naming things."""
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
