"""Set and end absences. What waits for the person and for who covers for them is decided anew in the same transaction.

1. Reminders: escalation decides them anew (`Baton.after_people`), for the person and for the cover.
2. Direct messages that ask the person to act: the cover gets a copy of those that are still open. New ones to the
   person wait until the end of the absence.
3. The cover is told once, in a message that is kept current.
4. At the end the person gets one message with all that waited (`returned`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from slackapp.handoffs.actions.redraw_card import redraw_messages
from slackapp.handoffs.queries.covers import covers_of, is_asking
from slackapp.handoffs.rules.change_messages import for_cover
from slackapp.personal import rules
from slackapp.personal.actions.returned import take_what_waited, welcome_back
from slackapp.personal.model import Away, AwayProblem, Problems, Unknown
from slackapp.personal.queries.away import away_of, covered_by, share_a_team
from slackapp.runtime.baton import Baton
from storage.company import absences, people
from storage.company.model import Person
from storage.db.database import Tx
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import CLOCK
from storage.outbox import outbox, posted_messages
from storage.outbox.model import Destination, OutboxMessage

COVER: Final = "cover"
UNCOVERED: Final = "uncovered"
"""Kinds of messages: to who covers, and to a person who is away and whose cover does not cover any more."""
UNTIL: Final = "until"
BY: Final = "cover"
"""Keys of the form's fields."""


def set_away(
    baton: Baton, *, workspace: str, user: str, until: datetime, cover: str | None
) -> Away | Problems | Unknown:
    """Set a person away until an instant, with somebody who covers for them or nobody; or change either.

    Raises:
        DatabaseBusy: the database had no room within the time a person can wait.
        DatabaseUnavailable: the database cannot be reached.
    """
    now = baton.clock.now()

    def work(tx: Tx) -> Away | Problems | Unknown:
        baton.lock_facts(tx)
        person = absences.get_locked(tx, workspace, user)
        if person is None:
            return Unknown()
        problems = _problems(tx, person, until, cover, now)
        if problems:
            return Problems(problems=problems)
        if (person.absent_until, person.cover) == (until, cover):
            return away_of(tx, person)  # the form was delivered again, or sent as it was
        since = person.absent_since or now
        absences.put(tx, workspace, user, since=since, until=until, cover=cover)
        _record(tx, person, "away", user, now, until=until.isoformat(), cover=cover)
        after = people.get(tx, workspace, user) or person
        _follow(tx, baton, person, after, now)
        return away_of(tx, after)

    outcome = baton.db.run_for_listener(work)
    baton.wake_pump()
    baton.wake_tick()
    return outcome


def end_away(baton: Baton, *, workspace: str, user: str) -> bool:
    """End a person's absence; return whether they were away.

    Raises:
        DatabaseBusy: the database had no room within the time a person can wait.
        DatabaseUnavailable: the database cannot be reached.
    """
    now = baton.clock.now()

    def work(tx: Tx) -> bool:
        baton.lock_facts(tx)
        person = absences.get_locked(tx, workspace, user)
        if person is None or person.absent_until is None:
            return False
        _end(tx, baton, person, user, now)
        return True

    ended = baton.db.run_for_listener(work)
    baton.wake_pump()
    return ended


def end_due_absences(baton: Baton) -> int:
    """End every absence whose time has come, each in a transaction of its own; return how many."""
    done = 0
    while baton.db.run_transaction(lambda tx: _end_next(tx, baton)):
        done += 1
    if done:
        baton.wake_pump()
    return done


def next_end_at(baton: Baton) -> datetime | None:
    """Return when the next absence ends, or None."""
    with baton.db.reading() as tx:
        return absences.next_end_at(tx)


def cover_message(person: Person, cover: str) -> OutboxMessage:
    """Return the message that tells somebody for whom they cover: one per absence."""
    return _message(COVER, person, cover, to=cover)


def uncovered_message(person: Person, cover: str, why: AwayProblem) -> OutboxMessage:
    """Return the message that tells somebody who is away that their cover does not cover for them any more."""
    return _message(UNCOVERED, person, cover, to=person.id, why=why.value)


def _end_next(tx: Tx, baton: Baton) -> bool:
    now = baton.clock.now()
    baton.lock_facts(tx)
    person = absences.get_next_over_locked(tx, now)
    if person is None:
        return False
    _end(tx, baton, person, CLOCK, now)
    return True


def _end(tx: Tx, baton: Baton, person: Person, actor: str, now: datetime) -> None:
    absences.remove(tx, person.workspace, person.id)
    _record(tx, person, "back", actor, now)
    after = people.get(tx, person.workspace, person.id) or person
    waited = take_what_waited(tx, person)
    _follow(tx, baton, person, after, now)
    welcome_back(tx, person, waited, now)


def _problems(tx: Tx, person: Person, until: datetime, cover: str | None, now: datetime) -> dict[str, AwayProblem]:
    workspace, user = person.workspace, person.id
    found: dict[str, AwayProblem] = {}
    wrong = rules.until_problem(until, now)
    if wrong:
        found[UNTIL] = wrong
    if cover is not None:
        known = people.get(tx, workspace, cover)
        on_team = known is not None and share_a_team(tx, workspace, user, cover)
        unfit = rules.cover_problem(user, known, on_team=on_team, now=now)
        if unfit:
            found[BY] = unfit
    return found


def _follow(tx: Tx, baton: Baton, before: Person, after: Person, now: datetime) -> None:
    """Carry out what follows from a changed absence, in the transaction that changed it."""
    workspace, user = after.workspace, after.id
    covers = {cover for cover in (before.cover, after.cover) if cover}
    baton.after_people(tx, workspace, {user, *covers}, now)
    concerned = [after, *covered_by(tx, workspace, user)]  # they may cover again for others now, or cannot any more
    for person in concerned:
        redraw_open_messages(tx, person, now)
        ask_cover(tx, person, now)
    known = [cover_message(one, one.cover) for one in (before, after) if one.cover and one.absent_since]
    told = {one.key: one for one in known if one.to.user == after.cover or _is_told(tx, one)}
    outbox.put(tx, told.values(), now)
    if after.absent_until is not None and before.absent_until is None:
        left = [uncovered_message(one, user, AwayProblem.COVER_AWAY) for one in concerned[1:]]
        outbox.put(tx, left, now)


def redraw_open_messages(tx: Tx, person: Person, now: datetime) -> None:
    """Redraw what names a person's open work: messages say for whom they are, and until when somebody is away."""
    redraw_messages(tx, [one.id for one in handoffs.list_live_of_person(tx, person.workspace, person.id)], now)


def ask_cover(tx: Tx, person: Person, now: datetime) -> None:
    """Give who covers for a person a copy of each message that has asked them to act; what is over is not sent."""
    cover = covers_of(tx, person.workspace, [person.id], now).get(person.id)
    if cover is None:
        return
    live = handoffs.list_live_of_person(tx, person.workspace, person.id)
    asked = (one for handoff in live for one in _asking(tx, handoff.id, person.id))
    copies = {copy.key: copy for copy in (for_cover(one, cover) for one in asked)}
    new = [copy for copy in copies.values() if posted_messages.get(tx, copy.workspace, copy.key) is None]
    outbox.put(tx, new, now)


def _asking(tx: Tx, handoff_id: str, user: str) -> Iterable[OutboxMessage]:
    """Yield the direct messages about a handoff that ask this person to act, in Slack or on their way."""
    posted = (one.to_outbox_message() for one in posted_messages.list_for_handoff(tx, handoff_id))
    waiting = (one.wanted for one in outbox.list_for_handoff(tx, handoff_id))
    return (one for one in (*posted, *waiting) if one.to.user == user and is_asking(one))


def _is_told(tx: Tx, message: OutboxMessage) -> bool:
    pending = outbox.get_pending_keys(tx, message.workspace, [message.key])
    return bool(pending) or posted_messages.get(tx, message.workspace, message.key) is not None


def _message(kind: str, person: Person, cover: str, *, to: str, **more: str) -> OutboxMessage:
    since = person.absent_since.isoformat() if person.absent_since else ""
    return OutboxMessage(
        workspace=person.workspace,
        key=":".join([kind, person.id, since, cover, *more.values()]),
        kind=kind,
        handoff_id=None,
        to=Destination(user=to),
        payload={"person": person.id, "cover": cover, "since": since, **more},
    )


def _record(tx: Tx, person: Person, verb: str, actor: str, now: datetime, **facts: str | None) -> None:
    audit.add(
        tx,
        handoff=None,
        workspace=person.workspace,
        at=now,
        verb=verb,
        actor=actor,
        before=None,
        after=None,
        facts={"person": person.id, **facts},
    )
