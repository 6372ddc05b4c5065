"""Acts of people outside forms: commands, shortcuts, clicks, messages, files, presence, the Home tab."""

import re
from dataclasses import replace
from typing import Final, get_args

from slackapp.local.blockkit.element_state import find_element, find_redrawn, with_ids
from slackapp.local.control.action_results import ActionResult, as_result, deliver
from slackapp.local.control.lookups import acting_user, channel_of, is_team_member, message_in, required_field
from slackapp.local.delivery.envelopes import PayloadKind
from slackapp.local.operations import files, messages, presence
from slackapp.local.operations.responses import post_response
from slackapp.local.payloads import events, interactions
from slackapp.local.protocol.errors import BadRequestError, SlackError
from slackapp.local.protocol.types import Json
from slackapp.local.state.channels import SlackChannel
from slackapp.local.state.people import SlackUser
from slackapp.local.state.typed_text import escape, escape_typed, rich_text_block
from slackapp.local.state.workspace_state import WorkspaceState
from slackapp.local.workspace.workspace import SlackWorkspace

NOT_HERE: Final = "app_not_available"
"""People of other teams see no commands and no shortcuts of our app (docs.slack.dev, apis/slack-connect)."""
_NAMED: Final = re.compile(r"(?<!\S)(?P<sign>[@#])(?P<name>[\w][\w.-]*)")


async def command(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Type a slash command into a channel; an answer in the acknowledgement is shown."""
    user = acting_user(workspace, body)
    channel = channel_of(workspace, body, user)
    declared = workspace.manifest.commands
    name = body.get("command") or (declared[0]["command"] if declared else "")
    found = workspace.manifest.command(name)
    if found is None:
        raise BadRequestError(f"the manifest declares no command {name!r}")
    if not is_team_member(workspace, user):
        return ActionResult(error=NOT_HERE)
    text = str(body.get("text", "")).strip()
    if found.get("should_escape"):
        text = _escaped(workspace.state, text)
    payload = interactions.slash_command(workspace, user, channel, name, text)
    sent = await deliver(workspace, "slash_commands", payload)
    return as_result(sent, _shown(workspace, channel, user, sent.answer.ack))


async def shortcut(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Use a global shortcut."""
    user = acting_user(workspace, body)
    callback_id = _declared(workspace, body, "global")
    if not is_team_member(workspace, user):
        return ActionResult(error=NOT_HERE)
    payload = interactions.shortcut(workspace, user, callback_id)
    return as_result(await deliver(workspace, "interactive", payload))


async def message_shortcut(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Use a shortcut of a message's menu."""
    user = acting_user(workspace, body)
    channel = channel_of(workspace, body, user)
    message = message_in(workspace, body, channel, user)
    callback_id = _declared(workspace, body, "message")
    if not is_team_member(workspace, user):
        return ActionResult(error=NOT_HERE)
    payload = interactions.message_action(workspace, user, channel, message, callback_id)
    return as_result(await deliver(workspace, "interactive", payload))


async def click(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Use a button, menu or select of a message. `forge` sends that object as the action instead."""
    user = acting_user(workspace, body)
    channel = channel_of(workspace, body, user)
    message = message_in(workspace, body, channel, user)
    action = body.get("forge")
    if action is None:
        action_id = required_field(body, "action_id")
        found = find_element(message.blocks, action_id, body.get("block_id"))
        found = found or find_redrawn(message.blocks, action_id, body.get("value"))
        if found is None:
            raise BadRequestError(f"message {message.ts} has no element {action_id}")
        action = interactions.action_of(found, body.get("value"), workspace.clock.now())
    action = {"type": "button", "block_id": "forged", "action_id": "forged", "action_ts": "0.000000", **action}
    payload = interactions.message_click(workspace, user, channel, message, action)
    return as_result(await deliver(workspace, "interactive", payload))


async def message(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Write a message as a person, in a channel or to the app (its user id as `channel`).

    `files` are shared with it: names of new ones, ids, or Slack's objects.
    """
    user = acting_user(workspace, body)
    to_app = body.get("channel") == workspace.state.app.bot_user
    channel = workspace.state.open_im(user.id) if to_app else channel_of(workspace, body, user)
    if channel.is_archived:
        raise BadRequestError(f"{channel.name} is archived")
    if channel.is_im and workspace.manifest.messages_tab_read_only:
        raise BadRequestError("the manifest makes the app's Messages tab read-only")
    words = str(required_field(body, "text"))
    draft = messages.NewMessage(
        user=user.id,
        text=escape_typed(words),
        blocks=with_ids(body["blocks"]) if body.get("blocks") else [rich_text_block(words)],
        thread_ts=body.get("thread_ts"),
        files=files.attached_files(workspace, user, body.get("files")),
    )
    said = messages.post(workspace, channel, draft)
    return ActionResult(extra={"ts": said.ts, "channel": channel.id})


async def attach(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Choose a file on one's own machine for a form: its name as `file`, and its `size`. Only its owner sees it."""
    user = acting_user(workspace, body)
    file = files.upload(workspace, user, str(required_field(body, "file")), int(body.get("size") or 0))
    return ActionResult(extra={"file": files.as_slack(workspace, file)})


async def delete_message(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Delete a message as a person; people with the right may delete the app's messages too."""
    user = acting_user(workspace, body)
    channel = channel_of(workspace, body, user)
    messages.delete(workspace, channel, message_in(workspace, body, channel, user))
    return ActionResult()


async def read(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Read a channel to its end."""
    user = acting_user(workspace, body)
    channel = channel_of(workspace, body, user)
    if channel.messages:
        channel.read[user.id] = max(channel.messages)
    workspace.change_feed.publish(f"channel:{channel.id}", [user.id])
    return ActionResult()


async def pause(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Pause one's notifications until an instant (`until`, epoch seconds); without it they are resumed."""
    user = acting_user(workspace, body)
    presence.pause_notifications(workspace, user, int(body.get("until") or 0))
    workspace.change_feed.publish("workspace")
    return ActionResult()


async def status(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Set one's status: `text`, `emoji` (such as `:palm_tree:`), `until` (0: no end); nothing clears it."""
    user = acting_user(workspace, body)
    text, emoji, until = str(body.get("text", "")), str(body.get("emoji", "")), int(body.get("until") or 0)
    presence.set_status(workspace, user, text=text, emoji=emoji, until=until)
    workspace.change_feed.publish("workspace")
    return ActionResult()


async def home(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Open the app's Home tab."""
    user = acting_user(workspace, body)
    if not workspace.manifest.home_tab:
        raise BadRequestError("the manifest declares no Home tab")
    state = workspace.state
    channel = state.open_im(user.id)
    event: Json = {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": "home"}
    view = state.homes.get(user.id)
    if view is not None:
        event["view"] = view.as_slack(state.team, state.app)
    events.emit(workspace, event)
    return ActionResult()


async def url_verification(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Ask the app's address for Slack's challenge, as the app's settings page does when the address is saved."""
    del body
    http = workspace.transport.http
    if http is None:
        raise BadRequestError("the workspace was started without an address of the app (--app-url)")
    app = workspace.state.app
    verified = await http.verify_url(verification_token=app.verification_token, signing_secret=app.signing_secret)
    return ActionResult(error=None if verified else "url_verification_failed")


async def deliver_payload(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Deliver any `payload` as if it were Slack's, signed; `kind` says how it is wrapped. `status` is the answer's."""
    kind, payload = required_field(body, "kind"), required_field(body, "payload")
    if kind not in get_args(PayloadKind) or not isinstance(payload, dict):
        raise BadRequestError(f"`kind` is one of {', '.join(get_args(PayloadKind))}, and `payload` an object")
    sent = await deliver(workspace, kind, payload)
    return replace(as_result(sent), extra={"status": sent.answer.status})


def _declared(workspace: SlackWorkspace, body: Json, kind: str) -> str:
    callback_id = str(required_field(body, "callback_id"))
    if workspace.manifest.shortcut(callback_id, kind) is None:
        raise BadRequestError(f"the manifest declares no {kind} shortcut {callback_id!r}")
    return callback_id


def _shown(workspace: SlackWorkspace, channel: SlackChannel, user: SlackUser, ack: object) -> str | None:
    """Show what a command's acknowledgement says; return Slack's error if it cannot be shown."""
    if not isinstance(ack, dict) or not (ack.get("text") or ack.get("blocks")):
        return None
    try:
        post_response(workspace, channel, user.id, ack)
    except SlackError as error:
        return error.code
    return None


def _escaped(state: WorkspaceState, text: str) -> str:
    """Turn @name and #name into `<@U..|name>` and `<#C..|name>`, as a command with should_escape gets them."""
    people = {user.name: user.id for user in state.users.values()}
    channels = {channel.name: channel.id for channel in state.channels.values() if not channel.is_im}

    def mention(match: re.Match[str]) -> str:
        known = (people if match["sign"] == "@" else channels).get(match["name"])
        return f"<{match['sign']}{known}|{match['name']}>" if known else match.group()

    return _NAMED.sub(mention, escape(text))
