"""Load a handoff with everything that views show about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from slackapp.handoffs.model import Absence, HandoffDetails, HandoffScene
from slackapp.handoffs.rules.custody import holders
from slackapp.handoffs.rules.privacy import UNNAMED
from slackapp.people.queries import private_among
from slackapp.people.rules.permissions import people_involved
from slackapp.templates.rules.questions import people_in
from storage.clocks import policies, timers
from storage.clocks.model import Calendar, Notice, Timer
from storage.company import people, queues
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import audit, handoffs, notes, verdicts, watchers
from storage.handoffs.model import Handoff
from storage.outbox import archive, outbox, posted_messages
from storage.outbox.model import Destination, OutboxMessage, PendingMessage, PostedMessage
from storage.templates import templates
from storage.templates.model import Template


def details(
    tx: Tx,
    workspace: str,
    handoff_id: str,
    *,
    history: bool = False,
    judged: bool = False,
    also: Iterable[str] = (),
) -> HandoffDetails | None:
    """Everything a view may show of a handoff; None if there is no such handoff.

    A queue that was removed from the configuration is named by its key.

    Args:
        tx: the transaction.
        workspace: the workspace.
        handoff_id: the handoff's id.
        history: adds the audit and the custody, which Details and reminders need. Finished work always has them,
            because its card says who finished it.
        judged: adds the receivers' verdicts on the context, which only its sender may see.
        also: further people whose names are needed.
    """
    handoff = handoffs.get(tx, workspace, handoff_id)
    if handoff is None:
        return None
    queue = queues.get(tx, workspace, handoff.queue)
    watching = watchers.list_for_handoff(tx, handoff_id) if history else ()
    history = history or handoff.final
    entries = audit.list_for_handoff(tx, handoff_id) if history else []
    written = notes.list_for_handoff(tx, handoff_id)
    clocks = timers.list_for_handoff(tx, handoff_id) if history else timers.list_live_for_handoff(tx, handoff_id)
    held = audit.custody_from(entries)
    template = template_of(tx, handoff)
    in_slack = posted(tx, handoff)
    named = {
        *people_involved(handoff),
        *people_in(template, handoff.fields),
        *(note.author for note in written),
        *(entry.actor for entry in entries),
        *(user for entry in entries for user in named_in(entry.facts)),
        *holders(held),
        *also,
    }
    known = people.get_many(tx, workspace, named).values()
    return HandoffDetails(
        handoff=handoff,
        queue=queue or unknown_queue(handoff),
        template=template,
        timers=tuple(timer for timer in clocks if timer.stopped_at is None),
        notes=tuple(written),
        cards=card_links(in_slack),
        watchers=tuple(watching),
        newest=newest_messages(in_slack),
        history=tuple(entries),
        custody=tuple(held),
        clocks=tuple(clocks) if history else (),
        names={person.id: person.name for person in known},
        absences={one.id: Absence(until=one.absent_until, cover=one.cover) for one in known if one.absent_until},
        queue_names=_queue_names(tx, workspace) if history or handoff.hop > 1 else {},
        calendars=calendars_of(tx, workspace, clocks) if history else {},
        judgements=tuple(verdicts.list_for_handoff(tx, handoff_id)) if judged else (),
    )


def _queue_names(tx: Tx, workspace: str) -> dict[str, str]:
    """The queues' names by key, as everybody may read them: those with a private channel are not named."""
    listed = queues.list_all(tx, workspace)
    hidden = private_among(tx, listed)
    return {queue.key: UNNAMED if queue.key in hidden else queue.name for queue in listed}


def scene(
    tx: Tx, wanted: OutboxMessage, posted: bool, *, history: bool = False, judged: bool = False
) -> HandoffScene | None:
    """Everything that a message about one handoff is drawn from; None if there is no such handoff.

    `history` and `judged` are those of `details`.
    """
    if wanted.handoff_id is None:
        return None
    found = details(
        tx, wanted.workspace, wanted.handoff_id, history=history, judged=judged, also=named_in(wanted.payload)
    )
    if found is None:
        return None
    superseded = posted and found.newest.get(wanted.to, wanted.key) != wanted.key
    return HandoffScene(details=found, payload=wanted.payload, posted=posted, superseded=superseded)


def named_in(facts: object) -> Iterator[str]:
    """Yield what can be the id of a person in the facts of an event or the payload of a message, however deep.

    Who acted, whom they chose, who was notified or not, who is away: each is called by name.
    """
    if isinstance(facts, str) and facts.isalnum() and facts.isupper():
        yield facts
    elif isinstance(facts, Mapping):
        yield from named_in(list(facts.values()))
    elif isinstance(facts, list | tuple):
        for one in facts:
            yield from named_in(one)


def template_of(tx: Tx, handoff: Handoff) -> Template | None:
    """The version of the template that a handoff was written in; None if it has none."""
    if handoff.template is None or handoff.template_version is None:
        return None
    return templates.get(tx, handoff.workspace, handoff.template, handoff.template_version)


def undelivered(tx: Tx, handoff: Handoff, told: Iterable[Notice]) -> list[PendingMessage]:
    """A handoff's waiting or in-flight messages, including batches it is part of and calls to webhooks."""
    own = outbox.list_for_handoff(tx, handoff.id)
    others = {notice.message for notice in told if notice.message} - {one.wanted.key for one in own}
    return [*own, *outbox.get_many(tx, handoff.workspace, sorted(others))]


def summary(tx: Tx, handoff: Handoff) -> HandoffDetails:
    """The details that a line in a list shows: the handoff, its queue, its live timers and its cards."""
    queue = queues.get(tx, handoff.workspace, handoff.queue)
    return HandoffDetails(
        handoff=handoff,
        queue=queue or unknown_queue(handoff),
        timers=tuple(timers.list_live_for_handoff(tx, handoff.id)),
        cards=card_links(posted(tx, handoff)),
    )


def summaries(tx: Tx, workspace: str, found: Sequence[Handoff]) -> list[HandoffDetails]:
    """The same for many handoffs, in three statements. Cards of work that ended long ago are left out."""
    if not found:
        return []
    ids = [handoff.id for handoff in found]
    known = queues.get_many(tx, workspace, {handoff.queue for handoff in found})
    clocks, cards = timers.list_live_for_handoffs(tx, ids), posted_messages.list_cards(tx, ids)
    return [
        HandoffDetails(
            handoff=handoff,
            queue=known.get(handoff.queue) or unknown_queue(handoff),
            timers=tuple(clocks.get(handoff.id, ())),
            cards=card_links(cards.get(handoff.id, [])),
        )
        for handoff in found
    ]


def posted(tx: Tx, handoff: Handoff) -> list[PostedMessage]:
    """The messages about a handoff that are in Slack, oldest first; of one that ended long ago from the archive."""
    found = posted_messages.list_for_handoff(tx, handoff.id)
    if found or not handoff.final:
        return found
    packed = archive.list_for_handoff(tx, handoff.workspace, handoff.id)
    return [message for message in packed if message.handoff_id == handoff.id]


def calendars_of(tx: Tx, workspace: str, clocks: Iterable[Timer]) -> dict[str, Calendar]:
    """The calendars that these timers run by, by key; removed ones are left out."""
    keys = sorted({timer.calendar for timer in clocks if timer.calendar})
    found = {key: policies.get_calendar(tx, workspace, key) for key in keys}
    return {key: calendar for key, calendar in found.items() if calendar}


def unknown_queue(handoff: Handoff) -> Queue:
    """A stand-in for a queue that was removed from the configuration, named by its key."""
    return Queue(workspace=handoff.workspace, key=handoff.queue, name=handoff.queue, channel="")


def newest_messages(posted: Iterable[PostedMessage]) -> dict[Destination, str]:
    """The key of the newest unsettled message at each destination."""
    unsettled = [message for message in posted if not message.settled]
    return {message.to: message.key for message in sorted(unsettled, key=lambda one: (one.posted_at, one.ts))}


def card_links(posted: list[PostedMessage]) -> dict[int, str]:
    """Permalinks of the cards among these messages, by hop."""
    return {
        int(message.payload["hop"]): message.permalink
        for message in posted
        if message.kind == "card" and message.permalink
    }
