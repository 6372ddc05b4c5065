"""Read first values of a form from earlier handoffs of the same record that the person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from slackapp.clocks.rules import business_hours
from slackapp.forms.model import FormDraft, Prefilled
from slackapp.forms.rules import first_values
from slackapp.forms.rules.first_values import PreviousHandoff
from slackapp.forms.rules.starting_point import StartingPoint, read_starting_point
from slackapp.handoffs.rules.record_links import record_of
from slackapp.people.queries import actor_for
from slackapp.runtime.baton import PATIENCE_S, Baton
from slackapp.slack.ids import Field
from storage.clocks.model import Calendar
from storage.company import people, queues, workspaces
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import Role
from storage.handoffs.model import Handoff
from storage.templates.model import Template

SEARCHED: Final = 20
"""Handoffs of a record searched for the last one that the person may see."""


def prefill(
    baton: Baton, *, workspace: str, user: str, start: StartingPoint, template: Template | None = None
) -> Prefilled:
    """Return the first values of a form of `template` for this person.

    Raises:
        DatabaseBusy: The database had no room within the time a person can wait.
        DatabaseUnavailable: The database cannot be reached.
    """
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        seen = _visible(tx, workspace, user, record_of(start.address))
    last = next(iter(seen), None)
    alike = next((one for one in seen if template and one.template == template.key), None)
    return first_values.prefill(
        start, template, now, last=_previous(last) if last else None, alike=_previous(alike) if alike else None
    )


def first_answers(baton: Baton, *, workspace: str, user: str, draft: FormDraft, template: Template) -> Prefilled:
    """Return first answers to a template's questions, for when its first page is about to be shown."""
    start = read_starting_point(draft.beginning) if draft.beginning else StartingPoint()
    about = replace(start, link=draft.answers.get(Field.LINK) or start.link)
    found = prefill(baton, workspace=workspace, user=user, start=about, template=template)
    asked = {question.key for question in template.questions}
    return Prefilled(
        values={key: value for key, value in found.values.items() if key in asked},
        marks={key: mark for key, mark in found.marks.items() if key in asked},
    )


def local_day(baton: Baton, *, workspace: str, user: str, instant: datetime) -> date:
    """Return the local date of an instant in the time zone of a person's profile."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        person = people.get(tx, workspace, user)
    hours = Calendar(workspace=workspace, key="", timezone="UTC", hours=())
    return business_hours.to_local(business_hours.in_zone(hours, person.tz if person else None), instant).date()


def _visible(tx: Tx, workspace: str, user: str, record: str | None) -> Sequence[Handoff]:
    """Return the handoffs of a record that this person may see, newest first.

    Without private ones: the form may be changed to a template that is not private before it is sent.
    """
    if record is None:
        return ()
    known = {queue.key: queue for queue in queues.list_all(tx, workspace)}
    listed = handoffs.list_about_record(tx, workspace, record, SEARCHED)
    found = [one for one in listed if one.queue in known and not one.private]
    return [one for one in found if Role.VIEWER in actor_for(tx, user, known[one.queue], one).roles]


def _previous(handoff: Handoff) -> PreviousHandoff:
    return PreviousHandoff(
        number=handoff.number,
        at=handoff.created_at,
        title=handoff.title,
        queue=handoff.queue,
        template=handoff.template,
        answers=handoff.fields,
    )


PUBLIC_HISTORY_SCOPE: Final = "channels:history"
PRIVATE_HISTORY_SCOPE: Final = "groups:history"


def may_read_thread(baton: Baton, *, workspace: str, channel: str) -> bool:
    """Whether the scope to read a channel's threads was granted; for an unknown channel either scope counts."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        stored = workspaces.get(tx, workspace)
        known = people.get_channel(tx, workspace, channel)
    granted = set(stored.scopes) if stored else set()
    wanted = (
        {PRIVATE_HISTORY_SCOPE if known.is_private else PUBLIC_HISTORY_SCOPE}
        if known
        else {PUBLIC_HISTORY_SCOPE, PRIVATE_HISTORY_SCOPE}
    )
    return not granted.isdisjoint(wanted)
