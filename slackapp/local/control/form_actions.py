"""Acts of people in modals and Home tabs: filling in, submitting, closing, clicking, searching in a select."""

import re
from decimal import Decimal
from typing import Any, Final

from slackapp.local.blockkit.element_state import STATE_FORMATS, FoundElement, find_element, state_of
from slackapp.local.blockkit.lengths import utf16_units
from slackapp.local.blockkit.payload_checks import option_problems
from slackapp.local.control.action_results import ActionResult, as_result, deliver
from slackapp.local.control.lookups import acting_user, channel_of, message_in, required_field, view_of
from slackapp.local.delivery.envelopes import Acknowledgement
from slackapp.local.operations import files, views
from slackapp.local.payloads import interactions
from slackapp.local.protocol.errors import BadRequestError, SlackError
from slackapp.local.protocol.types import Json
from slackapp.local.state.people import SlackUser
from slackapp.local.state.views import SlackView
from slackapp.local.workspace.workspace import SlackWorkspace

REQUIRED: Final = "Please complete this required field."
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL: Final = re.compile(r"https?://\S+")
_WHOLE: Final = re.compile(r"-?\d+")
_DECIMAL: Final = re.compile(r"-?\d+(\.\d+)?")


async def view_action(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Use an element of a view; `values` holds what was typed so far."""
    user = acting_user(workspace, body)
    view = view_of(workspace, body, user)
    fill(workspace, view, body.get("values") or {})
    found = find_element(view.body["blocks"], required_field(body, "action_id"), body.get("block_id"))
    if found is None:
        raise BadRequestError(f"the view has no element {body['action_id']}")
    if found.block["type"] == "input" and not found.block.get("dispatch_action"):
        raise BadRequestError(f"{body['action_id']} tells the app nothing before the form is sent: no dispatch_action")
    if found.element["type"] == "file_input":
        raise BadRequestError("a file_input tells the app nothing before the form is sent")
    block_id, action_id = found.block["block_id"], found.element["action_id"]
    offered = view.suggested.get(_place(block_id, action_id))
    action = interactions.action_of(found, body.get("value"), workspace.clock.now(), offered)
    if found.stateful is not None:
        kept = {"type": action["type"], found.stateful.key: action[found.stateful.key]}
        view.values.setdefault(block_id, {})[action_id] = kept
    return as_result(await deliver(workspace, "interactive", interactions.view_click(workspace, user, view, action)))


async def submit(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Submit a modal. What Slack's own form would refuse (required fields, lengths) never reaches the app."""
    user = acting_user(workspace, body)
    view = view_of(workspace, body, user)
    if view.body["type"] != "modal" or view is not workspace.state.stack(user.id)[-1]:
        raise BadRequestError("only the modal on top can be submitted")
    if not view.body.get("submit"):
        raise BadRequestError("this modal has no submit button")
    fill(workspace, view, body.get("values") or {})
    view.errors = refused_by_form(view)
    if view.errors:
        workspace.change_feed.publish("views", [user.id])
        return ActionResult(error="form_not_complete", extra={"errors": view.errors})
    sent = await deliver(workspace, "interactive", interactions.view_submission(workspace, user, view))
    error = None if sent.answer.error else _obey(workspace, user, view, sent.answer)
    workspace.change_feed.publish("views", [user.id])
    return as_result(sent, error)


async def close(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Press Cancel; with `clear` the x, which closes the whole stack."""
    user = acting_user(workspace, body)
    view = view_of(workspace, body, user)
    cleared = bool(body.get("clear") or view.body.get("clear_on_close"))
    told = workspace.state.stack(user.id)[0] if cleared else view
    if cleared:
        views.close_all(workspace, user.id)
    else:
        views.close_top(workspace, view)
    if not told.body.get("notify_on_close"):
        return ActionResult()
    payload = interactions.view_closed(workspace, user, told, is_cleared=cleared)
    return as_result(await deliver(workspace, "interactive", payload))


async def suggest(workspace: SlackWorkspace, body: Json) -> ActionResult:
    """Type into an external select; the acknowledgement holds the options."""
    user = acting_user(workspace, body)
    typed = str(body.get("value", ""))
    if "view_id" in body:
        view = view_of(workspace, body, user)
        blocks = view.body["blocks"]
        where: Json = {
            "view": view.as_slack(workspace.state.team, workspace.state.app),
            "container": {"type": "view", "view_id": view.id},
        }
    else:
        view = None
        channel = channel_of(workspace, body, user)
        message = message_in(workspace, body, channel, user)
        blocks = message.blocks
        where = {
            "message": message.as_slack(),
            "channel": {"id": channel.id, "name": channel.payload_name},
            "container": {"type": "message", "message_ts": message.ts, "channel_id": channel.id},
        }
    found = find_element(blocks, required_field(body, "action_id"), body.get("block_id"))
    if found is None or not found.element["type"].endswith("external_select"):
        raise BadRequestError(f"there is no external select {body['action_id']}")
    if len(typed) < found.element.get("min_query_length", 3):
        return ActionResult(ack={"options": []})
    sent = await deliver(workspace, "interactive", interactions.suggestion(workspace, user, found, typed, where))
    if sent.answer.error is not None:
        return as_result(sent)
    offered = _options(sent.answer.ack)
    if offered is None or option_problems(offered):
        return as_result(sent, "invalid_options")
    if view is not None:
        place = _place(found.block["block_id"], found.element["action_id"])
        view.suggested.setdefault(place, {}).update({option["value"]: option for option in offered})
    return as_result(sent)


def fill(workspace: SlackWorkspace, view: SlackView, values: Json) -> None:
    """Put what a person typed into a view's state; shorthands become Slack's state objects."""
    for block_id, actions in values.items():
        for action_id, value in actions.items():
            found = find_element(view.body["blocks"], action_id, block_id)
            if found is None or found.element["type"] not in STATE_FORMATS:
                raise BadRequestError(f"the view has no field {block_id} / {action_id}")
            is_files = found.element["type"] == "file_input"
            typed = _files(workspace, view, found, value) if is_files else value
            offered = view.suggested.get(_place(block_id, action_id))
            view.values.setdefault(block_id, {})[action_id] = state_of(found.element, typed, offered)


def _files(workspace: SlackWorkspace, view: SlackView, found: FoundElement, value: Any) -> Json:
    """Turn what stands in a file_input (its state, or names, ids or objects of files) into its state."""
    kept = view.values.get(found.block["block_id"], {}).get(found.element["action_id"], {}).get("files")
    wanted = value.get("files") if isinstance(value, dict) and "files" in value else value
    user = workspace.state.users[view.user]
    return {"type": "file_input", "files": files.attached_files(workspace, user, wanted, kept)}


def refused_by_form(view: SlackView) -> dict[str, str]:
    """Return what Slack's own form refuses to submit, by block_id."""
    errors: dict[str, str] = {}
    for block in view.body["blocks"]:
        if block["type"] != "input" or block["element"]["type"] not in STATE_FORMATS:
            continue
        element = block["element"]
        key = STATE_FORMATS[element["type"]].key
        value = view.values.get(block["block_id"], {}).get(element["action_id"], {}).get(key)
        if value in (None, "", []):
            if not block.get("optional"):
                errors[block["block_id"]] = REQUIRED
        elif sentence := _wrong(element, value):
            errors[block["block_id"]] = sentence
    return errors


def _wrong(element: Json, value: Any) -> str | None:
    if element["type"] == "file_input":
        return files.file_input_error(element, value)
    if element["type"] == "number_input":
        return number_complaint(element, str(value))
    return _text_complaint(element, value)


def _text_complaint(element: Json, value: Any) -> str | None:
    text = value if isinstance(value, str) else ""
    if "min_length" in element and len(text) < element["min_length"]:
        return f"Please enter at least {element['min_length']} characters."
    if "max_length" in element and utf16_units(text) > element["max_length"]:
        return f"Please enter at most {element['max_length']} characters."
    if element["type"] == "email_text_input" and not _EMAIL.fullmatch(text):
        return "Please enter an e-mail address."
    if element["type"] == "url_text_input" and not _URL.fullmatch(text):
        return "Please enter an address that begins with https://."
    return None


def number_complaint(element: Json, text: str) -> str | None:
    """Return what Slack's own form says about a number; docs.slack.dev, .../block-elements/number-input-element."""
    if not (_DECIMAL if element.get("is_decimal_allowed") else _WHOLE).fullmatch(text):
        return "Please enter a valid number."
    if element.get("min_value") and Decimal(text) < Decimal(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if element.get("max_value") and Decimal(text) > Decimal(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return None


def _obey(workspace: SlackWorkspace, user: SlackUser, view: SlackView, answer: Acknowledgement) -> str | None:
    """Do what the acknowledgement of a submission says; return an error if it cannot be done."""
    ack = answer.ack if isinstance(answer.ack, dict) else {}
    action = ack.get("response_action")
    try:
        match action:
            case None:
                views.close_top(workspace, view)
            case "clear":
                views.close_all(workspace, user.id)
            case "errors":
                return _show_errors(view, ack.get("errors"))
            case "update":
                views.redraw(workspace, view, views.allowed_view(workspace, ack.get("view"), "modal"))
            case "push":
                views.push_onto(workspace, user.id, views.allowed_view(workspace, ack.get("view"), "modal"))
            case _:
                return "invalid_response_action"
    except SlackError as error:
        return error.code
    return None


def _show_errors(view: SlackView, errors: Any) -> str | None:
    """Errors have to name input blocks of the view; Slack shows a general failure otherwise."""
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or set(errors) - inputs:
        return "invalid_response_errors"
    view.errors = {block_id: str(sentence) for block_id, sentence in errors.items()}
    return None


def _place(block_id: str, action_id: str) -> str:
    return f"{block_id}/{action_id}"


def _options(ack: Any) -> list[Json] | None:
    """Return the options of an answer, those in groups too; None if there is no list of them."""
    if not isinstance(ack, dict) or not ("options" in ack or "option_groups" in ack):
        return None
    groups = ack.get("option_groups") or ()
    return [*(ack.get("options") or ()), *(option for group in groups for option in group["options"])]
