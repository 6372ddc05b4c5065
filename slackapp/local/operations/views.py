"""Modals and Home tabs: stacks, hashes, what stays typed when a view is updated.

docs.slack.dev, surfaces/modals and reference/methods/views.open, .push, .update, .publish.
"""

import secrets
from typing import Any, Final, Literal

from slackapp.local.blockkit.element_state import initial_state, interactive_elements
from slackapp.local.blockkit.payload_checks import checked_view
from slackapp.local.protocol.errors import SlackError
from slackapp.local.protocol.ids import random_id
from slackapp.local.protocol.types import Json
from slackapp.local.state.views import SlackView
from slackapp.local.workspace.workspace import SlackWorkspace

DEEPEST_STACK: Final = 3
FILES_SCOPE: Final = "files:read"
"""The scope that a file_input needs (docs.slack.dev, reference/block-kit/block-elements/file-input-element)."""


def open_modal(workspace: SlackWorkspace, trigger_id: str, payload: Any) -> SlackView:
    """Open a modal for the person whose interaction the trigger came from; it replaces what they had open."""
    body = allowed_view(workspace, payload, "modal")
    _refuse_taken_external_id(workspace, body)
    trigger = workspace.triggers.redeem(trigger_id)
    view = _new_view(workspace, trigger.user, body)
    workspace.state.stacks[trigger.user] = [view]
    workspace.change_feed.publish("views", [trigger.user])
    return view


def push_modal(workspace: SlackWorkspace, trigger_id: str, payload: Any) -> SlackView:
    """Put a modal on top of the one the trigger came from."""
    body = allowed_view(workspace, payload, "modal")
    _refuse_taken_external_id(workspace, body)
    trigger = workspace.triggers.redeem(trigger_id)
    if trigger.view_id not in {view.id for view in workspace.state.stack(trigger.user)}:
        raise SlackError("not_found")
    return push_onto(workspace, trigger.user, body)


def push_onto(workspace: SlackWorkspace, user: str, body: Json) -> SlackView:
    """Put an already checked modal on top of a person's stack; three is the most."""
    stack = workspace.state.stack(user)
    if len(stack) >= DEEPEST_STACK:
        raise SlackError("push_limit_reached")
    view = _new_view(workspace, user, body, below=stack[-1] if stack else None)
    stack.append(view)
    workspace.change_feed.publish("views", [user])
    return view


def update_view(
    workspace: SlackWorkspace, payload: Any, *, view_id: str = "", external_id: str = "", view_hash: str = ""
) -> SlackView:
    """Replace an open view found by one of its ids; with a hash, only if it is still the one the app saw."""
    view = next(
        (v for v in workspace.state.all_views() if v.id == view_id or (external_id and _external(v) == external_id)),
        None,
    )
    if view is None:
        raise SlackError("not_found")
    body = allowed_view(workspace, payload, view.body["type"])
    _refuse_taken_external_id(workspace, body, unless=view)
    if view_hash and view_hash != view.hash:
        raise SlackError("hash_conflict")
    redraw(workspace, view, body)
    return view


def publish_home(workspace: SlackWorkspace, user: str, payload: Any, view_hash: str = "") -> SlackView:
    """Show a Home tab to a person."""
    if user not in workspace.state.users:
        raise SlackError("user_not_found")
    if not workspace.manifest.home_tab:
        raise SlackError("not_enabled")
    body = allowed_view(workspace, payload, "home")
    view = workspace.state.homes.get(user)
    if view is not None and view_hash and view_hash != view.hash:
        raise SlackError("hash_conflict")
    if view is None:
        view = _new_view(workspace, user, body)
        workspace.state.homes[user] = view
    else:
        redraw(workspace, view, body)
    workspace.change_feed.publish("home", [user])
    return view


def allowed_view(workspace: SlackWorkspace, payload: Any, surface: Literal["modal", "home"]) -> Json:
    """Return a view with its ids filled in, or raise Slack's error for what is wrong with it or may not be in it."""
    body = checked_view(payload, surface)
    granted = workspace.state.app.granted
    asks = any(found.element["type"] == "file_input" for found in interactive_elements(body["blocks"]))
    if asks and FILES_SCOPE not in granted:
        raise SlackError("missing_scope", extra={"needed": FILES_SCOPE, "provided": ",".join(sorted(granted))})
    return body


def redraw(workspace: SlackWorkspace, view: SlackView, body: Json) -> None:
    """Give a view a new body. Inputs keep what was typed if both block_id and action_id are the same."""
    typed = view.values
    view.body = body
    view.hash = _fresh_hash(workspace)
    view.errors = {}
    view.values = _initial_values(body["blocks"])
    for found in interactive_elements(body["blocks"]):
        block_id, action_id = found.block["block_id"], found.element["action_id"]
        kept = typed.get(block_id, {}).get(action_id)
        if kept is not None and kept["type"] == found.element["type"] and found.stateful:
            view.values[block_id][action_id] = kept
    workspace.change_feed.publish("home" if body["type"] == "home" else "views", [view.user])


def close_top(workspace: SlackWorkspace, view: SlackView) -> None:
    """Take one view off its stack, with all that lie on it; what was below shows again."""
    stack = workspace.state.stack(view.user)
    if view in stack:
        del stack[stack.index(view) :]
    workspace.change_feed.publish("views", [view.user])


def close_all(workspace: SlackWorkspace, user: str) -> None:
    """Close every modal a person has open."""
    workspace.state.stacks[user] = []
    workspace.change_feed.publish("views", [user])


def _new_view(workspace: SlackWorkspace, user: str, body: Json, below: SlackView | None = None) -> SlackView:
    view = SlackView(id=random_id("V0"), user=user, hash=_fresh_hash(workspace), body=body)
    view.root_id = below.root_id if below else view.id
    view.previous_id = below.id if below else None
    view.values = _initial_values(body["blocks"])
    return view


def _initial_values(blocks: list[Json]) -> dict[str, dict[str, Json]]:
    values: dict[str, dict[str, Json]] = {}
    for found in interactive_elements(blocks):
        if found.stateful:
            values.setdefault(found.block["block_id"], {})[found.element["action_id"]] = initial_state(found.element)
    return values


def _fresh_hash(workspace: SlackWorkspace) -> str:
    return f"{int(workspace.clock.now())}.{secrets.token_urlsafe(6)}"


def _external(view: SlackView) -> str:
    return str(view.body.get("external_id") or "")


def _refuse_taken_external_id(workspace: SlackWorkspace, body: Json, unless: SlackView | None = None) -> None:
    """external_id is unique among the open views of a team."""
    wanted = body.get("external_id")
    if wanted and any(_external(v) == wanted for v in workspace.state.all_views() if v is not unless):
        raise SlackError("duplicate_external_id")
