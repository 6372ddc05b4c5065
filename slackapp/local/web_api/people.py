"""users.*, dnd.* and usergroups.*: people, whether they may be disturbed, and their groups."""

from typing import Final

from slackapp.local.records import UserGroup
from slackapp.local.web_api.call import Call
from slackapp.local.wire import Json, SlackError

MOST_A_PAGE: Final = 1000
DND_PEOPLE: Final = 50
"""dnd.teamInfo answers for at most this many people."""


def info(call: Call) -> Json:
    """users.info."""
    return {"user": call.workspace.world.user(call.text("user")).as_slack(call.workspace.clock.now())}


def list_all(call: Call) -> Json:
    """users.list: everybody, the deactivated and the bots too."""
    now = call.workspace.clock.now()
    ours = [u for u in call.workspace.world.users.values() if not u.is_stranger]
    page, more = call.page(ours, most=MOST_A_PAGE, default=MOST_A_PAGE)
    return {"members": [user.as_slack(now) for user in page], "cache_ts": int(now), **more}


def get_presence(call: Call) -> Json:
    """users.getPresence."""
    return {"presence": call.workspace.world.user(call.text("user")).presence}


def dnd_info(call: Call) -> Json:
    """dnd.info for one person, the bot itself unless named."""
    world = call.workspace.world
    return world.user(call.text("user") or world.app.bot_user).dnd(call.workspace.clock.now())


def dnd_team_info(call: Call) -> Json:
    """dnd.teamInfo for up to fifty people."""
    people = [person.strip() for person in call.text("users").split(",") if person.strip()]
    if not people:
        raise SlackError("no_users_provided")
    if len(people) > DND_PEOPLE:
        raise SlackError("too_many_users")
    users, now = call.workspace.world.users, call.workspace.clock.now()
    return {"users": {person: users[person].dnd(now) for person in people if person in users}}


def list_groups(call: Call) -> Json:
    """usergroups.list."""
    world = call.workspace.world
    groups = [g for g in world.usergroups.values() if call.flag("include_disabled") or not g.disabled]
    with_users = call.flag("include_users")
    return {"usergroups": [group.as_slack(world.team.id, include_users=with_users) for group in groups]}


def list_group_users(call: Call) -> Json:
    """usergroups.users.list."""
    return {"users": list(_group(call).users)}


def _group(call: Call) -> UserGroup:
    group = call.workspace.world.usergroups.get(call.text("usergroup"))
    if group is None or (group.disabled and not call.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return group
