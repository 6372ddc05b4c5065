"""Welcome the person who installs Baton, once in the life of a workspace, if nothing is set up there.

Slack does not tell a bot who installed it. So it is the admin of Baton who opened their Home tab last, if any has;
else the first admin whom the configuration names; else the owner of the Slack workspace.
"""

from __future__ import annotations

from typing import Final

from slackapp.people.queries import admins_of
from slackapp.runtime.baton import Baton
from slackapp.templates.actions import LOCK
from storage.clocks import first_steps
from storage.company import workspaces
from storage.db.database import Tx
from storage.handoffs import progress
from storage.outbox import homes, outbox
from storage.outbox.model import WELCOME, Destination, OutboxMessage

_DECIDED: Final = "setup.welcome:{workspace}"


def welcome(baton: Baton, workspace: str, owner: str | None) -> bool:
    """Put the message into the outbox if the time for it is now; return whether it was put.

    Args:
        baton: the running Baton.
        workspace: a workspace whose people have just been read.
        owner: the highest of its owners and admins in Slack, if it has one.
    """
    now, decided = baton.clock.now(), _DECIDED.format(workspace=workspace)
    with baton.db.reading() as tx:
        if progress.get(tx, decided):
            return False

    def work(tx: Tx) -> bool:
        baton.db.lock(tx, LOCK)  # nobody else decides it, and no team is added, before this is stored
        user = _installer(tx, workspace, owner)
        is_new = _is_new(tx, workspace)
        if progress.get(tx, decided) or (is_new and user is None):
            return False
        progress.put(tx, decided, int(now.timestamp()))
        if is_new and user is not None:
            outbox.put(tx, [_message(workspace, user)], now)
        return is_new

    is_put = baton.db.run_transaction(work)
    if is_put:
        baton.wake_pump()
    return is_put


def _is_new(tx: Tx, workspace: str) -> bool:
    facts = first_steps.get(tx, workspace)
    return not facts.teams and not facts.has_handoffs


def _installer(tx: Tx, workspace: str, owner: str | None) -> str | None:
    admins = admins_of(tx, workspace)
    opened = [home for user in admins if (home := homes.get(tx, workspace, user))]
    if opened:
        return max(opened, key=lambda home: home.opened_at).user
    here = workspaces.get(tx, workspace)
    if owner in admins and not (here and here.admins):
        return owner
    return next(iter(admins), None)


def _message(workspace: str, user: str) -> OutboxMessage:
    return OutboxMessage(workspace=workspace, key=WELCOME, kind=WELCOME, handoff_id=None, to=Destination(user=user))
