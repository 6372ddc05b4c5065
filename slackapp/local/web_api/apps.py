"""auth.test and apps.connections.open: who the app is, and its way in."""

from slackapp.local.protocol.types import Json
from slackapp.local.web_api.method_call import MethodCall


def auth_test(call: MethodCall) -> Json:
    """auth.test; the granted scopes are in the header X-OAuth-Scopes, as with every answer."""
    state = call.workspace.state
    return {
        "url": f"{call.workspace.address}/",
        "team": state.team.name,
        "user": state.users[state.app.bot_user].name,
        "team_id": state.team.id,
        "user_id": state.app.bot_user,
        "bot_id": state.app.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(call: MethodCall) -> Json:
    """apps.connections.open: an address for one WebSocket."""
    base = call.workspace.address.replace("http://", "ws://", 1)
    return {"url": f"{base}/socket?ticket={call.workspace.transport.sockets.ticket()}"}
