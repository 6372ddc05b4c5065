"""auth.test, bots.info and apps.connections.open: who the app is, and its way in."""

from slackapp.local.protocol.errors import SlackError
from slackapp.local.protocol.types import Json
from slackapp.local.web_api.method_call import MethodCall


def auth_test(call: MethodCall) -> Json:
    """auth.test; the granted scopes are in the header X-OAuth-Scopes, as with every answer.

    An app-level token has no user: Slack names the app instead.
    """
    state = call.workspace.state
    if call.token == "app":  # noqa: S105  # a kind, no secret
        return {"app_id": call.app_id, "app_name": state.app.name if call.app_id == state.app.id else "Another app"}
    return {
        "url": f"{call.workspace.address}/",
        "team": state.team.name,
        "user": state.users[state.app.bot_user].name,
        "team_id": state.team.id,
        "user_id": state.app.bot_user,
        "bot_id": state.app.bot_id,
        "is_enterprise_install": False,
        **({"enterprise_id": state.team.enterprise_id} if state.team.enterprise_id else {}),
    }


def bot_info(call: MethodCall) -> Json:
    """bots.info of the app's own bot: the only one there is."""
    app = call.workspace.state.app
    if call.text("bot") != app.bot_id:
        raise SlackError("bot_not_found")
    return {"bot": {"id": app.bot_id, "deleted": False, "name": app.name, "app_id": app.id, "user_id": app.bot_user}}


def open_connection(call: MethodCall) -> Json:
    """apps.connections.open: an address for one WebSocket."""
    base = call.workspace.address.replace("http://", "ws://", 1)
    return {"url": f"{base}/socket?ticket={call.workspace.transport.sockets.ticket()}"}
