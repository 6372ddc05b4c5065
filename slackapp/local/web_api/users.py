"""users.*, dnd.* and usergroups.*: people, Do Not Disturb, and user groups."""

from typing import Final

from slackapp.local.protocol.errors import SlackError
from slackapp.local.protocol.types import Json
from slackapp.local.state.people import SlackUserGroup
from slackapp.local.web_api.method_call import MethodCall

MOST_A_PAGE: Final = 1000
DND_PEOPLE: Final = 50
"""dnd.teamInfo answers for at most this many people."""


def info(call: MethodCall) -> Json:
    """users.info."""
    return {"user": call.workspace.state.user(call.text("user")).as_slack(call.workspace.clock.now())}


def list_all(call: MethodCall) -> Json:
    """users.list: everybody of the workspace, the deactivated, guests and bots too."""
    now = call.workspace.clock.now()
    state = call.workspace.state
    ours = [u for u in state.users.values() if u.is_member_of(state.team.id)]
    page, more = call.page(ours, most=MOST_A_PAGE, default=MOST_A_PAGE)
    return {"members": [user.as_slack(now) for user in page], "cache_ts": int(now), **more}


def get_presence(call: MethodCall) -> Json:
    """users.getPresence."""
    return {"presence": call.workspace.state.user(call.text("user")).presence}


def dnd_info(call: MethodCall) -> Json:
    """dnd.info for one person, the bot itself unless named."""
    state = call.workspace.state
    return state.user(call.text("user") or state.app.bot_user).dnd(call.workspace.clock.now())


def dnd_team_info(call: MethodCall) -> Json:
    """dnd.teamInfo for up to fifty people."""
    people = [person.strip() for person in call.text("users").split(",") if person.strip()]
    if not people:
        raise SlackError("no_users_provided")
    if len(people) > DND_PEOPLE:
        raise SlackError("too_many_users")
    users, now = call.workspace.state.users, call.workspace.clock.now()
    return {"users": {person: users[person].dnd(now) for person in people if person in users}}


def list_groups(call: MethodCall) -> Json:
    """usergroups.list."""
    state = call.workspace.state
    groups = [g for g in state.usergroups.values() if call.flag("include_disabled") or not g.disabled]
    with_users = call.flag("include_users")
    return {"usergroups": [group.as_slack(state.team.id, include_users=with_users) for group in groups]}


def list_group_users(call: MethodCall) -> Json:
    """usergroups.users.list."""
    return {"users": list(_group(call).users)}


def _group(call: MethodCall) -> SlackUserGroup:
    group = call.workspace.state.usergroups.get(call.text("usergroup"))
    if group is None or (group.disabled and not call.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return group
