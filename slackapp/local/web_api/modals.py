"""views.*: modals and Home tabs."""

from slackapp.local import views
from slackapp.local.records import View
from slackapp.local.web_api.call import Call
from slackapp.local.wire import Json, SlackError


def open_view(call: Call) -> Json:
    """views.open."""
    return _shown(call, views.open_modal(call.workspace, _trigger(call), call.raw("view")))


def push(call: Call) -> Json:
    """views.push."""
    return _shown(call, views.push_modal(call.workspace, _trigger(call), call.raw("view")))


def update(call: Call) -> Json:
    """views.update by view_id or external_id, guarded by hash."""
    view = views.update_view(
        call.workspace,
        call.raw("view"),
        view_id=call.text("view_id"),
        external_id=call.text("external_id"),
        view_hash=call.text("hash"),
    )
    return _shown(call, view)


def publish(call: Call) -> Json:
    """views.publish."""
    view = views.publish_home(call.workspace, call.text("user_id"), call.raw("view"), call.text("hash"))
    return _shown(call, view)


def _trigger(call: Call) -> str:
    trigger_id = call.text("trigger_id")
    if not trigger_id:
        raise SlackError("invalid_arguments")
    return trigger_id


def _shown(call: Call, view: View) -> Json:
    return {"view": view.as_slack(call.workspace.world.team, call.workspace.world.app)}
