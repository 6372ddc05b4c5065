"""Acts outside forms: commands, shortcuts, clicks in messages, typing, deleting, reading, being away, the Home tab."""

import re
from typing import Final

from slackapp.local import absences, events, files, interactions, messages
from slackapp.local.control.finding import channel_of, insider, message_in, needed, person
from slackapp.local.control.outcome import Outcome, deliver, outcome
from slackapp.local.elements import find, with_ids
from slackapp.local.records import Channel, User
from slackapp.local.response_endpoint import say
from slackapp.local.typed import escape, typed, typed_block
from slackapp.local.wire import BadRequestError, Json, SlackError
from slackapp.local.workspace import Workspace
from slackapp.local.world import World

NOT_HERE: Final = "app_not_available"
"""People of other teams see no commands and no shortcuts of our app (docs.slack.dev, apis/slack-connect)."""
_NAMED: Final = re.compile(r"(?<!\S)(?P<sign>[@#])(?P<name>[\w][\w.-]*)")


async def command(workspace: Workspace, body: Json) -> Outcome:
    """Type a slash command into a channel; an answer in the acknowledgement is shown."""
    user = person(workspace, body)
    channel = channel_of(workspace, body, user)
    declared = workspace.manifest.commands
    name = body.get("command") or (declared[0]["command"] if declared else "")
    found = workspace.manifest.command(name)
    if found is None:
        raise BadRequestError(f"the manifest declares no command {name!r}")
    if not insider(workspace, user):
        return Outcome(error=NOT_HERE)
    text = str(body.get("text", "")).strip()
    if found.get("should_escape"):
        text = _escaped(workspace.world, text)
    payload = interactions.slash_command(workspace, user, channel, name, text)
    sent = await deliver(workspace, "slash_commands", payload)
    return outcome(sent, _shown(workspace, channel, user, sent.answer.ack))


async def shortcut(workspace: Workspace, body: Json) -> Outcome:
    """Use a global shortcut."""
    user = person(workspace, body)
    callback_id = _declared(workspace, body, "global")
    if not insider(workspace, user):
        return Outcome(error=NOT_HERE)
    payload = interactions.shortcut(workspace, user, callback_id)
    return outcome(await deliver(workspace, "interactive", payload))


async def message_shortcut(workspace: Workspace, body: Json) -> Outcome:
    """Use a shortcut of a message's menu."""
    user = person(workspace, body)
    channel = channel_of(workspace, body, user)
    message = message_in(workspace, body, channel, user)
    callback_id = _declared(workspace, body, "message")
    if not insider(workspace, user):
        return Outcome(error=NOT_HERE)
    payload = interactions.message_action(workspace, user, channel, message, callback_id)
    return outcome(await deliver(workspace, "interactive", payload))


async def click(workspace: Workspace, body: Json) -> Outcome:
    """Use a button, menu or select of a message. `forge` sends that object as the action instead."""
    user = person(workspace, body)
    channel = channel_of(workspace, body, user)
    message = message_in(workspace, body, channel, user)
    action = body.get("forge")
    if action is None:
        found = find(message.blocks, needed(body, "action_id"), body.get("block_id"))
        if found is None:
            raise BadRequestError(f"message {message.ts} has no element {body['action_id']}")
        action = interactions.action_of(found, body.get("value"), workspace.clock.now())
    action = {"type": "button", "block_id": "forged", "action_id": "forged", "action_ts": "0.000000", **action}
    payload = interactions.message_click(workspace, user, channel, message, action)
    return outcome(await deliver(workspace, "interactive", payload))


async def message(workspace: Workspace, body: Json) -> Outcome:
    """Write a message as a person; `files` are shared with it: names of new ones, ids, or Slack's objects."""
    user = person(workspace, body)
    channel = channel_of(workspace, body, user)
    if channel.is_archived:
        raise BadRequestError(f"{channel.name} is archived")
    words = str(needed(body, "text"))
    draft = messages.Draft(
        user=user.id,
        text=typed(words),
        blocks=with_ids(body["blocks"]) if body.get("blocks") else [typed_block(words)],
        thread_ts=body.get("thread_ts"),
        files=files.given(workspace, user, body.get("files")),
    )
    said = messages.post(workspace, channel, draft)
    return Outcome(extra={"ts": said.ts, "channel": channel.id})


async def attach(workspace: Workspace, body: Json) -> Outcome:
    """Choose a file on one's own machine for a form: its name as `file`, and its `size`. Only its owner sees it."""
    user = person(workspace, body)
    file = files.upload(workspace, user, str(needed(body, "file")), int(body.get("size") or 0))
    return Outcome(extra={"file": files.as_slack(workspace, file)})


async def delete_message(workspace: Workspace, body: Json) -> Outcome:
    """Delete a message as a person; people with the right may delete the app's messages too."""
    user = person(workspace, body)
    channel = channel_of(workspace, body, user)
    messages.delete(workspace, channel, message_in(workspace, body, channel, user))
    return Outcome()


async def read(workspace: Workspace, body: Json) -> Outcome:
    """Read a channel to its end."""
    user = person(workspace, body)
    channel = channel_of(workspace, body, user)
    if channel.messages:
        channel.read[user.id] = max(channel.messages)
    workspace.feed.changed(f"channel:{channel.id}", [user.id])
    return Outcome()


async def pause(workspace: Workspace, body: Json) -> Outcome:
    """Pause one's notifications until an instant (`until`, epoch seconds); without it they are resumed."""
    user = person(workspace, body)
    absences.pause(workspace, user, int(body.get("until") or 0))
    workspace.feed.changed("workspace")
    return Outcome()


async def status(workspace: Workspace, body: Json) -> Outcome:
    """Set one's status: `text`, `emoji` (such as `:palm_tree:`), `until` (0: no end); nothing clears it."""
    user = person(workspace, body)
    text, emoji, until = str(body.get("text", "")), str(body.get("emoji", "")), int(body.get("until") or 0)
    absences.set_status(workspace, user, text=text, emoji=emoji, until=until)
    workspace.feed.changed("workspace")
    return Outcome()


async def home(workspace: Workspace, body: Json) -> Outcome:
    """Open the app's Home tab."""
    user = person(workspace, body)
    if not workspace.manifest.home_tab:
        raise BadRequestError("the manifest declares no Home tab")
    world = workspace.world
    channel = world.open_im(user.id)
    event: Json = {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": "home"}
    view = world.homes.get(user.id)
    if view is not None:
        event["view"] = view.as_slack(world.team, world.app)
    events.emit(workspace, event)
    return Outcome()


async def url_verification(workspace: Workspace, body: Json) -> Outcome:
    """Ask the app's address for Slack's challenge, as the app's settings page does when the address is saved."""
    del body
    http = workspace.courier.http
    if http is None:
        raise BadRequestError("the workspace was started without an address of the app (--app-url)")
    app = workspace.world.app
    verified = await http.verify_url(verification_token=app.verification_token, signing_secret=app.signing_secret)
    return Outcome(error=None if verified else "url_verification_failed")


def _declared(workspace: Workspace, body: Json, kind: str) -> str:
    callback_id = str(needed(body, "callback_id"))
    if workspace.manifest.shortcut(callback_id, kind) is None:
        raise BadRequestError(f"the manifest declares no {kind} shortcut {callback_id!r}")
    return callback_id


def _shown(workspace: Workspace, channel: Channel, user: User, ack: object) -> str | None:
    """Show what a command's acknowledgement says; return Slack's error if it cannot be shown."""
    if not isinstance(ack, dict) or not (ack.get("text") or ack.get("blocks")):
        return None
    try:
        say(workspace, channel, user.id, ack)
    except SlackError as error:
        return error.code
    return None


def _escaped(world: World, text: str) -> str:
    """Turn @name and #name into `<@U..|name>` and `<#C..|name>`, as a command with should_escape gets them."""
    people = {user.name: user.id for user in world.users.values()}
    channels = {channel.name: channel.id for channel in world.channels.values() if not channel.is_im}

    def mention(match: re.Match[str]) -> str:
        known = (people if match["sign"] == "@" else channels).get(match["name"])
        return f"<{match['sign']}{known}|{match['name']}>" if known else match.group()

    return _NAMED.sub(mention, escape(text))
