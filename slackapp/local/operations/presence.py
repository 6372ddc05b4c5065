"""Paused notifications and statuses of people, and the events the app gets about them."""

from slackapp.local.payloads import events
from slackapp.local.state.people import SlackUser
from slackapp.local.workspace.workspace import SlackWorkspace


def pause_notifications(workspace: SlackWorkspace, user: SlackUser, until: int, *, since: int | None = None) -> None:
    """Pause a person's notifications from `since` (now, unless given) to `until`; a past instant resumes them."""
    now = workspace.clock.now()
    user.dnd_from, user.dnd_until = int(now) if since is None else since, until
    events.emit(workspace, {"type": "dnd_updated_user", "user": user.id, "dnd_status": user.dnd(now)})


def set_status(workspace: SlackWorkspace, user: SlackUser, *, text: str, emoji: str, until: int) -> None:
    """Give a person a status that ends at `until` (0: never); without text and emoji it is cleared.

    An emoji without a text is shown; a text without an emoji gets Slack's speech balloon.
    """
    user.status_text, user.status_emoji = text, emoji or (":speech_balloon:" if text else "")
    user.status_expiration = until if text or emoji else 0
    emit_user_change(workspace, user)


def emit_user_change(workspace: SlackWorkspace, user: SlackUser) -> None:
    """Tell the app what a person is like now."""
    now = workspace.clock.now()
    user.updated = int(now)
    events.emit(workspace, {"type": "user_change", "user": user.as_slack(now), "cache_ts": user.updated})
