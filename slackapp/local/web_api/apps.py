"""auth.test and apps.connections.open: who the app is, and its way in."""

from slackapp.local.web_api.call import Call
from slackapp.local.wire import Json


def auth_test(call: Call) -> Json:
    """auth.test; the granted scopes are in the header X-OAuth-Scopes, as with every answer."""
    world = call.workspace.world
    return {
        "url": f"{call.workspace.address}/",
        "team": world.team.name,
        "user": world.users[world.app.bot_user].name,
        "team_id": world.team.id,
        "user_id": world.app.bot_user,
        "bot_id": world.app.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> Json:
    """apps.connections.open: an address for one WebSocket."""
    base = call.workspace.address.replace("http://", "ws://", 1)
    return {"url": f"{base}/socket?ticket={call.workspace.courier.sockets.ticket()}"}
