"""views.*: modals and Home tabs."""

from slackapp.local.operations import views
from slackapp.local.protocol.errors import SlackError
from slackapp.local.protocol.types import Json
from slackapp.local.state.views import SlackView
from slackapp.local.web_api.method_call import MethodCall


def open_view(call: MethodCall) -> Json:
    """views.open."""
    return _shown(call, views.open_modal(call.workspace, _trigger(call), call.raw("view")))


def push(call: MethodCall) -> Json:
    """views.push."""
    return _shown(call, views.push_modal(call.workspace, _trigger(call), call.raw("view")))


def update(call: MethodCall) -> Json:
    """views.update by view_id or external_id, guarded by hash."""
    view = views.update_view(
        call.workspace,
        call.raw("view"),
        view_id=call.text("view_id"),
        external_id=call.text("external_id"),
        view_hash=call.text("hash"),
    )
    return _shown(call, view)


def publish(call: MethodCall) -> Json:
    """views.publish."""
    view = views.publish_home(call.workspace, call.text("user_id"), call.raw("view"), call.text("hash"))
    return _shown(call, view)


def _trigger(call: MethodCall) -> str:
    trigger_id = call.text("trigger_id")
    if not trigger_id:
        raise SlackError("invalid_arguments")
    return trigger_id


def _shown(call: MethodCall, view: SlackView) -> Json:
    return {"view": view.as_slack(call.workspace.state.team, call.workspace.state.app)}
