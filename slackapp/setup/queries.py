"""Read what set-up shows: the configuration with its owners, channels, groups, open work, and the first steps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final

from slackapp.capability import HomeReader
from slackapp.company.queries import load
from slackapp.people.model import NotAdmin
from slackapp.people.queries import is_admin, refused_admin
from slackapp.setup.model import Progress, SetupState, WelcomeScene
from slackapp.setup.rules.demo import DEMO
from slackapp.setup.rules.progress import progress_of
from storage.clocks import first_steps
from storage.company import joined_channels, people, workspaces
from storage.company.model import Channel
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.outbox.model import OutboxMessage
from storage.templates import templates

_NO_GROUPS: Final[frozenset[str]] = frozenset()


def setup_state(tx: Tx, workspace: str, user: str, now: datetime, *, team: str = "") -> SetupState | NotAdmin:
    """Everything that set-up shows to an admin. `team` names the team whose user groups and open work are read."""
    if refused := refused_admin(tx, workspace, user):
        return refused
    stored = load(tx, workspace)
    here = workspaces.get(tx, workspace)
    company = stored.company
    person = people.get(tx, workspace, user)
    shown = company.queue(team) if team else None
    refs = {ref for queue in company.queues for ref in (*queue.members, *queue.managers)}
    told = {word for policy in company.policies for level in policy.levels for word in level.tell}
    first = None if company.queues else joined_channels.get_first(tx, workspace)
    channels = people.get_channels(tx, workspace, {queue.channel for queue in company.queues})
    return SetupState(
        now=now,
        user=user,
        company=company,
        records=stored.records,
        progress=progress(tx, workspace),
        channels=channels if first is None else {**channels, first.id: first},
        first_channel=first,
        scopes=here.scopes if here else (),
        bot_user=here.bot_user if here else "",
        templates=tuple(templates.list_all(tx, workspace)),
        has_groups=bool(people.search_groups(tx, workspace, "", 1)),
        groups=people.get_handles(tx, workspace, refs | told),
        slack_admins=company.slack_admins,
        zone=(person.tz if person else None) or "UTC",
        open_work=handoffs.count_live_by_queue(tx, workspace) if shown else {},
    )


def with_channel(tx: Tx, workspace: str, state: SetupState, channel_id: str) -> SetupState:
    """The state with what is stored of a channel that no team posts to yet."""
    found: Channel | None = people.get_channel(tx, workspace, channel_id)
    return replace(state, channels={**state.channels, channel_id: found}) if found else state


def with_groups(tx: Tx, workspace: str, state: SetupState, groups: Collection[str] = _NO_GROUPS) -> SetupState:
    """The state with the handles of user groups that were just chosen."""
    return replace(state, groups={**state.groups, **people.get_names(tx, workspace, groups)})


def welcome_scene(tx: Tx, wanted: OutboxMessage, posted: bool) -> WelcomeScene | None:
    """What the message to who installs Baton is drawn from; None if it is not posted and nobody needs it any more."""
    scene = WelcomeScene(
        progress=progress(tx, wanted.workspace), is_admin=is_admin(tx, wanted.workspace, wanted.to.user or "")
    )
    is_new = not scene.progress.teams and scene.progress.demo is None
    return scene if posted or (is_new and scene.is_admin) else None


def at_home(tx: Tx, reader: HomeReader, _now: datetime) -> Progress | None:
    """How far the first steps are, for the Home tab of an admin; None for others."""
    return progress(tx, reader.person.workspace) if reader.is_admin else None


def progress(tx: Tx, workspace: str) -> Progress:
    """How far the first steps are; one statement."""
    return progress_of(first_steps.get(tx, workspace), DEMO)
