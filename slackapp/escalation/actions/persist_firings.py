"""Writes what levels have said, for a whole batch at once: clocks, audit, notices and outbox, one statement each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from slackapp.escalation.model import LevelFired, Notification, TimerFired
from slackapp.escalation.queries.batch_context import BatchContext
from slackapp.escalation.rules import batching
from slackapp.escalation.rules.audience import CHANNEL, WEBHOOK, is_person
from slackapp.escalation.rules.batching import BATCH_WINDOW, Placement, RecentReminders, Reminder
from slackapp.handoffs.rules import change_messages
from storage.clocks import notices, timers
from storage.clocks.model import LevelAction, Notice
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import audit
from storage.handoffs.acts import Escalate
from storage.handoffs.lifecycle import CLOCK, Verb
from storage.outbox import outbox, posted_messages
from storage.outbox.model import Destination, OutboxMessage

_CALM: Final = "calm"
"""Why somebody heard of something without a ping of its own."""

Questions = Collection[tuple[str, str]]
"""Which steps ask "Still on it?": the clock's id and the step."""


class QueuedNotification(NamedTuple):
    """That one recipient is to hear of one step."""

    key: str
    """The key of the message, if it comes alone."""
    fired: TimerFired
    queue: Queue
    speech: LevelFired
    hearing: Notification


def write(
    tx: Tx, fired: Sequence[tuple[TimerFired, Queue]], around: BatchContext, questions: Questions, now: datetime
) -> None:
    """Store what became of these clocks of one workspace, and everything that the world must hear of it."""
    timers.put_many_fired(tx, (one.timer for one, _ in fired))
    entries = [(one.handoff, _facts(one, speech)) for one, _ in fired for speech in one.speeches]
    audit.add_many(tx, around.workspace, entries, at=now, verb=Verb.ESCALATE, actor=CLOCK)
    sayings = [
        QueuedNotification(_key(one, speech, hearing), one, queue, speech, hearing)
        for one, queue in fired
        for speech in one.speeches
        for hearing in speech.hearings
    ]
    places = _places(tx, around.workspace, sayings, now)
    notices.add_many(tx, (_notice(saying, places.get(saying.key), now) for saying in sayings))
    cards = [(change_messages.card(one.handoff, queue), now) for one, queue in fired if _concerns_card(one)]
    said = _messages(sayings, places, around, questions, now)
    outbox.put_each_at(tx, [*cards, *said], now)


def _key(fired: TimerFired, speech: LevelFired, hearing: Notification) -> str:
    timer, who = fired.timer, hearing.recipient
    kind, _, what = who.partition(":") if who.startswith(WEBHOOK) else ("level", "", who)
    return f"{kind}:{timer.handoff_id}:{timer.clock}:{timer.run}:{speech.step.key}:{what}"


def _concerns_card(fired: TimerFired) -> bool:
    """Whether the card says something new, or has to be there for a reply: drawn again, it comes back if deleted."""
    return fired.is_news or any(CHANNEL in speech.told for speech in fired.speeches)


def _facts(fired: TimerFired, speech: LevelFired) -> dict[str, Any]:
    """What the audit keeps of a step: who hears at once, who later and why, who never and why."""
    later = [one for one in speech.hearings if one.why and one.at]
    never = [one for one in speech.hearings if one.at is None]
    return Escalate(
        clock=fired.timer.clock,
        level=speech.step.key,
        told=speech.told,
        deadline_at=fired.deadline_at,
        due_at=speech.step.due_at,
        held=tuple((one.recipient, one.why or "", one.at.isoformat()) for one in later if one.at),
        skipped=tuple((one.recipient, one.why or "") for one in never),
        climbed=speech.climbed,
    ).facts()


def _places(tx: Tx, workspace: str, sayings: Iterable[QueuedNotification], now: datetime) -> dict[str, Placement]:
    """In which message each reminder for a person comes, by its own key."""
    by_user: dict[str, list[Reminder]] = defaultdict(list)
    for saying in sayings:
        who, at = saying.hearing.recipient, saying.hearing.at
        if at is not None and is_person(who):
            by_user[who].append(Reminder(saying.key, at, saying.fired.wake))
    lately = _lately(tx, workspace, by_user, now)
    return {
        wish.key: place
        for user, wishes in by_user.items()
        for wish, place in zip(wishes, batching.choose_messages(user, wishes, lately[user], now), strict=True)
    }


def _lately(
    tx: Tx, workspace: str, by_user: Mapping[str, Sequence[Reminder]], now: datetime
) -> dict[str, RecentReminders]:
    """What these people have been told in the last quarter of an hour, as far as it decides anything."""
    at_once = {
        user: count
        for user, wishes in by_user.items()
        if (count := sum(not wish.wake and wish.at <= now for wish in wishes))
    }
    keys = [key for user in at_once for key in batching.candidates(user, now)]
    begun: dict[str, datetime | None] = {**dict.fromkeys(outbox.get_pending_keys(tx, workspace, keys))}
    begun |= posted_messages.get_posted_at(tx, workspace, keys)
    mine = {user: {key: begun[key] for key in batching.candidates(user, now) if key in begun} for user in by_user}
    few = [user for user, count in at_once.items() if count < batching.BATCH_FROM and not mine[user]]
    heard = notices.count_heard(tx, workspace, few, now - BATCH_WINDOW, now)
    return {user: RecentReminders(bundles=bundles, heard=heard.get(user, 0)) for user, bundles in mine.items()}


def _notice(saying: QueuedNotification, place: Placement | None, now: datetime) -> Notice:
    timer, hearing = saying.fired.timer, saying.hearing
    key = place.key if place else saying.key
    return Notice(
        workspace=timer.workspace,
        handoff_id=timer.handoff_id,
        recipient=hearing.recipient,
        clock=timer.clock,
        level=saying.speech.step.key,
        run=timer.run,
        put_at=now,
        hear_at=hearing.at,
        why=_CALM if place and place.joined else hearing.why,
        message=None if hearing.at is None else key,
    )


def _messages(
    sayings: Iterable[QueuedNotification],
    places: Mapping[str, Placement],
    around: BatchContext,
    questions: Questions,
    now: datetime,
) -> Iterator[tuple[OutboxMessage, datetime]]:
    """Each message once, and when it may be sent: a bundle as early as any of its rows may be heard."""
    bundles: dict[tuple[str, str], datetime] = {}
    for saying in sayings:
        hearing, place = saying.hearing, places.get(saying.key)
        if hearing.at is None:
            continue
        if place is not None and batching.is_bundle(place.key):
            known = bundles.setdefault((place.key, hearing.recipient), hearing.at)
            bundles[place.key, hearing.recipient] = min(known, hearing.at)
        else:
            yield _alone(saying, around, questions), now
    for (key, user), at in bundles.items():
        yield batching.bundle(around.workspace, key, user), at


def _alone(saying: QueuedNotification, around: BatchContext, questions: Questions) -> OutboxMessage:
    """A message about one step, with the roles that decide which buttons its reader gets."""
    fired, who = saying.fired, saying.hearing.recipient
    handoff, timer = fired.handoff, fired.timer
    deadline = fired.deadline_at.isoformat() if fired.deadline_at else None
    facts = {"clock": timer.clock, "level": saying.speech.step.key, "run": timer.run, "deadline_at": deadline}
    if who.startswith(WEBHOOK):
        facts |= {"webhook": who.removeprefix(WEBHOOK), "handoff": handoff.id}
        return OutboxMessage(  # not the handoff's own: an address that does not answer must not hold up its card
            workspace=handoff.workspace,
            key=saying.key,
            kind="webhook",
            handoff_id=None,
            to=Destination(),
            payload=facts,
        )
    facts |= {
        "recipient": who,
        "roles": around.roles(saying.queue, who, saying.fired.handoff) if is_person(who) else [],
    }
    facts |= {"wake": True} if fired.wake else {}
    return OutboxMessage(
        workspace=handoff.workspace,
        key=saying.key,
        kind="level",
        handoff_id=handoff.id,
        to=Destination(reply_to=change_messages.card_key(handoff)) if who == CHANNEL else Destination(user=who),
        payload=facts | _question(saying, questions),
    )


def _question(saying: QueuedNotification, questions: Questions) -> dict[str, str]:
    """What makes a reminder to the owner a question: "Still on it?"."""
    asked = (saying.fired.timer.id, saying.speech.step.key) in questions
    return {"do": LevelAction.CHECK.value} if asked and saying.hearing.recipient == saying.fired.handoff.owner else {}
