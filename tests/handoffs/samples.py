"""Builders of sample handoff details: a handoff in every situation, with ordinary and with extreme contents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from slackapp.handoffs.model import HandoffDetails
from storage.clocks.model import ClockKind, Timer
from storage.company.model import Queue
from storage.handoffs.acts import (
    Act,
    AddNote,
    Assign,
    Cancel,
    Claim,
    Complete,
    Decline,
    Delete,
    Edit,
    Escalate,
    Extend,
    Release,
    Reopen,
    Resend,
    Return,
    Transfer,
)
from storage.handoffs.lifecycle import Situation, State, Verb
from storage.handoffs.model import AuditEntry, Custody, Handoff, Note, Priority, Source, Text
from storage.templates.model import Template

MONDAY_9: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
ANA, BEN, MARA, TOM = "U0ANA", "U0BEN", "U0MARA", "U0TOM"
"""Sender, owner, manager, and somebody it may be offered to."""

HOSTILE: Final = (
    "<!channel> @everyone <@U0EVE> <!subteam^S0ALL> & <b>*bold* _it_ `x` </b> &amp; <https://evil.example|x>"
)
RTL: Final = "\u202eתחדש את החוזה של أكمي עכשיו"
EMOJI: Final = "👩🏽‍🚀🎉" * 400
LONG: Final = ("What happened, and why it matters. " * 100)[:3000]
EXTREMES: Final[Mapping[str, str]] = {
    "hostile": HOSTILE * 40,
    "right to left": RTL * 80,
    "emoji": EMOJI,
    "long": LONG,
    "ampersands": "&<>" * 1000,
    "blank": " \n\t ",
    "lines": "line\n" * 600,
}

PINGING: Final[Mapping[str, Any]] = {
    "type": "rich_text",
    "block_id": "abc",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "broadcast", "range": "channel"},
                {"type": "user", "user_id": "U0EVE", "style": {"bold": True}},
                {"type": "usergroup", "usergroup_id": "S0ALL"},
                {"type": "text", "text": HOSTILE},
                {"type": "emoji", "name": "tada", "unicode": "1f389"},
                {"type": "link", "url": "https://example.com/?a=1&b=<2>", "text": "see"},
                {"type": "something_new", "text": "?"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]},
                {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "here"}]},
            ],
        },
        {"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U0EVE"}]},
        {"type": "rich_text_quote", "elements": []},
    ],
}
"""What Slack's editor can give and must never be posted as it is."""

ACTS: Final[tuple[Act, ...]] = (
    Claim(), Decline(), Assign(person=BEN), Release(), Transfer(queue="support"), Transfer(queue="support", person=TOM),
    Return(), Resend(), Edit(changes={"title": "New", "link": None}), AddNote(text=Text(plain="Seen")),
    Extend(seconds=5400), Complete(), Cancel(), Reopen(), Delete(),
    Escalate(clock="claim", level="late", told=(MARA, TOM, ANA, BEN), deadline_at=MONDAY_9),
)  # fmt: skip
"""One act of every verb that the audit may hold."""

_STATES: Final[Mapping[Situation, Mapping[str, Any]]] = {
    Situation.OPEN: {"state": State.OPEN},
    Situation.OFFERED: {"state": State.OPEN, "offered_to": TOM},
    Situation.CLAIMED: {"state": State.CLAIMED, "owner": BEN, "last_owner": BEN, "accountable": BEN},
    Situation.RETURNED: {"state": State.RETURNED, "last_owner": BEN, "rounds": 1},
    Situation.DONE: {"state": State.DONE, "last_owner": BEN},
    Situation.CANCELLED: {"state": State.CANCELLED, "last_owner": BEN},
    Situation.DELETED: {"state": State.DELETED, "title": "", "next_step": "", "link": None, "needed_by": None},
}
SITUATIONS: Final = tuple(_STATES)


def a_queue(key: str = "success", name: str = "Customer Success", **more: Any) -> Queue:
    """A team."""
    return Queue(workspace="T1", key=key, name=name, channel="C0SUCCESS", members=(BEN, TOM), managers=(MARA,), **more)


def a_handoff(here: Situation = Situation.OPEN, **more: Any) -> Handoff:
    """A handoff in a situation, with everything filled in."""
    ordinary: dict[str, Any] = {
        "id": "h_1f2e3d4c5b6a79880716",
        "workspace": "T1",
        "number": 42,
        "state_since": MONDAY_9,
        "created_at": MONDAY_9 - timedelta(hours=1),
        "title": "Acme renewal",
        "queue": "success",
        "priority": Priority.HIGH,
        "next_step": "Call Mara about the price",
        "link": "https://crm.example.com/deals/42?a=1&b=2",
        "needed_by": MONDAY_9 + timedelta(days=2),
        "originator": ANA,
        "sender": ANA,
        "accountable": ANA,
        "source": Source(channel="C0SALES", ts="1.2", permalink="https://acme.slack.com/archives/C0SALES/p12"),
    }
    return Handoff(**{**ordinary, **_STATES[here], **more})


def a_timer(clock: ClockKind, *, run: int = 1, deadline: datetime | None = None, **more: Any) -> Timer:
    """A running clock that is due half an hour after it started."""
    ordinary: dict[str, Any] = {
        "id": f"t_{clock}_{run}",
        "workspace": "T1",
        "handoff_id": "h_1f2e3d4c5b6a79880716",
        "clock": clock,
        "run": run,
        "policy": "standard",
        "policy_version": 1,
        "calendar": None,
        "target_s": 1800,
        "started_at": MONDAY_9,
        "running_since": MONDAY_9,
        "deadline_at": deadline or MONDAY_9 + timedelta(minutes=30),
    }
    return Timer(**{**ordinary, **more})


def a_note(verb: str = Verb.OPEN, plain: str = "They want a lower price.", **more: Any) -> Note:
    """A note that came with a verb."""
    text = Text(
        plain=plain, rich=more.pop("rich", None), reason=more.pop("reason", None), changes=more.pop("changes", None)
    )
    ordinary = {"id": f"n_{verb}", "handoff_id": "h_1", "author": ANA, "at": MONDAY_9}
    return Note(verb=verb, text=text, **{**ordinary, **more})


def an_entry(
    verb: str, *, actor: str = BEN, at: datetime = MONDAY_9, facts: Mapping[str, Any] | None = None
) -> AuditEntry:
    """One line of the audit."""
    return AuditEntry(
        id=1,
        workspace="T1",
        handoff_id="h_1",
        at=at,
        verb=verb,
        actor=actor,
        before=State.OPEN,
        after=State.OPEN,
        owner=None,
        accountable=ANA,
        queue="success",
        note_id=None,
        facts=facts or {},
    )


def a_history(times: int = 1) -> tuple[AuditEntry, ...]:
    """Every verb once, and Baton's own acts, `times` over."""
    acts = [an_entry(act.verb, facts=act.facts()) for act in ACTS]
    verbs = ("held", "maybe_double", "repaired")
    reasons = (HOSTILE, "deleted_in_slack", "person_gone", None)
    facts = [{"reason": reason, "kind": "card", "person": TOM} for reason in reasons]
    own = [an_entry(verb, actor="baton", facts=known) for verb in verbs for known in facts]
    return tuple([an_entry(Verb.OPEN, actor=ANA), *acts, *own, an_entry("something_new")] * times)


def answers_of(details: HandoffDetails) -> tuple[Template | None, Mapping[str, Any], Mapping[str, str]]:
    """The arguments of functions that draw answers: the template, the answers, people's names."""
    return details.template, details.handoff.fields, details.names


def some_details(here: Situation = Situation.OPEN, /, **more: Any) -> HandoffDetails:
    """Details of a handoff in a situation; `more` changes the handoff, or the details' own attributes."""
    own: dict[str, Any] = {
        key: more.pop(key)
        for key in ("queue_record", "timers", "notes", "cards", "history", "custody", "names", "queue_names")
        if key in more
    }
    queue = own.pop("queue_record", a_queue())
    ordinary: dict[str, Any] = {
        "timers": (a_timer(ClockKind.CLAIM), a_timer(ClockKind.FINISH, deadline=MONDAY_9 + timedelta(hours=8))),
        "notes": notes_of_all(),
        "cards": {1: "https://acme.slack.com/archives/C0SUCCESS/p1"},
    }
    return HandoffDetails(handoff=a_handoff(here, **more), queue=queue, **{**ordinary, **own})


def notes_of_all(plain: str = "They want a lower price.", rich: Mapping[str, Any] | None = None) -> tuple[Note, ...]:
    """A note for every verb that may have one, the sender's first."""
    changes: dict[str, Any] = {"title": ["Old", plain], "needed_by": [None, "2026-11-24"]}
    return tuple(
        a_note(verb, plain, rich=rich, reason=reason, changes=changes if verb is Verb.EDIT else None)
        for verb, reason in [(Verb.OPEN, None), *((act.verb, "missing") for act in ACTS)]
    )


def extreme(here: Situation, text: str) -> HandoffDetails:
    """Details in which everything that a person may type is `text`."""
    deleted = here is Situation.DELETED
    typed: dict[str, Any] = {} if deleted else {"title": text, "next_step": text, "link": f"https://x.example/{text}"}
    rich = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}],
    }
    return some_details(
        here,
        **typed,
        queue_record=a_queue(name=text),
        notes=(*notes_of_all(text, rich), *notes_of_all(text, PINGING)),
        names={ANA: text, BEN: text},
        history=a_history(),
        custody=held_by([ANA, BEN, "queue:success"]),
    )


def bare(here: Situation) -> HandoffDetails:
    """Details without anything that may be missing: no clocks, no notes, no link to a card, a queue that is gone."""
    return some_details(
        here,
        queue_record=a_queue(key="gone", name=""),
        timers=(),
        notes=(),
        cards={},
        next_step="",
        link=None,
        needed_by=None,
        source=None,
        priority=Priority.NORMAL,
    )


def held_by(people: Iterable[str]) -> tuple[Custody, ...]:
    """Custody entries of an hour each, the last one still open."""
    listed = list(people)
    starts = [MONDAY_9 + timedelta(hours=hour) for hour in range(len(listed))]
    ends: list[datetime | None] = [*starts[1:], None]
    return tuple(
        Custody(accountable=user, owner=None if user == ANA else user, since=since, until=until)
        for user, since, until in zip(listed, starts, ends, strict=True)
    )
