"""Interaction payloads: what Slack sends when a person does something.

docs.slack.dev, reference/interaction-payloads; field lists as in the Java SDK's payload classes.
"""

from typing import Any, Final

from slackapp.local.blockkit.element_state import STATE_FORMATS, FoundElement, option, state_of
from slackapp.local.limits.response_urls import ResponseUrl
from slackapp.local.protocol.errors import BadRequestError
from slackapp.local.protocol.types import Json
from slackapp.local.state.channels import SlackChannel, SlackMessage
from slackapp.local.state.people import SlackUser
from slackapp.local.state.views import SlackView
from slackapp.local.workspace.workspace import SlackWorkspace

_SHOWN: Final = ("text", "value", "url", "style", "confirm", "placeholder", "accessibility_label")


def base(workspace: SlackWorkspace, kind: str, user: SlackUser, view: SlackView | None = None) -> Json:
    """Return what every interaction carries, with a fresh trigger id."""
    state = workspace.state
    return {
        "type": kind,
        "team": {"id": state.team.id, "domain": state.team.domain},
        "enterprise": state.team.enterprise,
        "is_enterprise_install": False,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": state.app.id,
        "token": state.app.verification_token,
        "trigger_id": workspace.triggers.issue(user.id, view.id if view else None),
    }


def response_url(workspace: SlackWorkspace, channel: SlackChannel, user: SlackUser, original: str | None = None) -> str:
    """Return a fresh address to which the app can answer one interaction."""
    url = ResponseUrl(channel=channel.id, user=user.id, issued_at=workspace.clock.now(), original=original)
    return f"{workspace.address}/response/{workspace.response_urls.issue(url)}"


def message_click(
    workspace: SlackWorkspace, user: SlackUser, channel: SlackChannel, message: SlackMessage, action: Json
) -> Json:
    """Return block_actions for a click in a message. An ephemeral message is named, but not sent along."""
    payload = base(workspace, "block_actions", user)
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    payload |= {"container": container, "channel": {"id": channel.id, "name": channel.payload_name}}
    if message.ephemeral_to is None:
        payload["message"] = message.as_slack()
    state: Json = {}
    if action["type"] in STATE_FORMATS and action["type"] != "overflow":
        chosen = {key: action.get(key) for key in ("type", STATE_FORMATS[action["type"]].key)}
        state = {action["block_id"]: {action["action_id"]: chosen}}
    payload["state"] = {"values": state}
    payload["response_url"] = response_url(workspace, channel, user, message.ts)
    payload["actions"] = [action]
    return payload


def view_click(workspace: SlackWorkspace, user: SlackUser, view: SlackView, action: Json) -> Json:
    """Return block_actions for a click in a modal or Home tab."""
    shown = view.as_slack(workspace.state.team, workspace.state.app)
    payload = base(workspace, "block_actions", user, view)
    container = {"type": "view", "view_id": view.id}
    return payload | {"container": container, "view": shown, "state": shown["state"], "actions": [action]}


def view_submission(workspace: SlackWorkspace, user: SlackUser, view: SlackView) -> Json:
    """Return view_submission for a form as it is filled in."""
    payload = base(workspace, "view_submission", user, view)
    return payload | {"view": view.as_slack(workspace.state.team, workspace.state.app), "response_urls": []}


def view_closed(workspace: SlackWorkspace, user: SlackUser, view: SlackView, *, is_cleared: bool) -> Json:
    """Return view_closed. It carries no trigger, and nothing of what was typed: `state.values` is empty.

    So in the payload that Slack's own library is tested with (slack_bolt, tests/slack_bolt/request/test_request.py):
    the view has an input, and its state no value, not even null.
    """
    payload = base(workspace, "view_closed", user, view)
    del payload["trigger_id"]
    shown = view.as_slack(workspace.state.team, workspace.state.app) | {"state": {"values": {}}}
    return payload | {"view": shown, "is_cleared": is_cleared}


def message_action(
    workspace: SlackWorkspace, user: SlackUser, channel: SlackChannel, message: SlackMessage, callback_id: str
) -> Json:
    """Return message_action for a message shortcut."""
    return base(workspace, "message_action", user) | {
        "callback_id": callback_id,
        "action_ts": f"{workspace.clock.now():.6f}",
        "channel": {"id": channel.id, "name": channel.payload_name},
        "message": message.as_slack(),
        "message_ts": message.ts,
        "response_url": response_url(workspace, channel, user, message.ts),
    }


def shortcut(workspace: SlackWorkspace, user: SlackUser, callback_id: str) -> Json:
    """Return shortcut for a global shortcut: no channel, no response_url."""
    extra = {"callback_id": callback_id, "action_ts": f"{workspace.clock.now():.6f}"}
    return base(workspace, "shortcut", user) | extra


def slash_command(workspace: SlackWorkspace, user: SlackUser, channel: SlackChannel, command: str, text: str) -> Json:
    """Return the flat fields of a slash command."""
    state = workspace.state
    return {
        "token": state.app.verification_token,
        "team_id": state.team.id,
        "team_domain": state.team.domain,
        **(
            {"enterprise_id": state.team.enterprise_id, "enterprise_name": state.team.enterprise_name}
            if state.team.enterprise
            else {}
        ),
        "channel_id": channel.id,
        "channel_name": channel.payload_name,
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": state.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url(workspace, channel, user),
        "trigger_id": workspace.triggers.issue(user.id),
    }


def suggestion(workspace: SlackWorkspace, user: SlackUser, found: FoundElement, typed: str, where: Json) -> Json:
    """Return block_suggestion for what a person typed into an external select; `where` adds view or message."""
    payload = base(workspace, "block_suggestion", user)
    del payload["trigger_id"]
    names = {"action_id": found.element["action_id"], "block_id": found.block["block_id"], "value": typed}
    return payload | names | where


def action_of(found: FoundElement, value: Any, now: float, offered: Json | None = None) -> Json:
    """Return the entry of `actions` for using an element; `value` is the option, id or text chosen."""
    element = found.element
    kind = element["type"]
    action: Json = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": found.block["block_id"],
        "action_ts": f"{now:.6f}",
    }
    if kind in {"button", "icon_button"}:
        return action | {part: element[part] for part in _SHOWN if part in element}
    if kind == "overflow":
        return action | {"selected_option": option(element, value)}
    if kind not in STATE_FORMATS:
        raise BadRequestError(f"nobody can act on a {kind}")
    return action | state_of(element, value, offered)
