"""Read everything stored about one handoff, for the inspector of the local workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from slackapp.handoffs.queries.load import undelivered
from slackapp.handoffs.rules.privacy import stub_of
from slackapp.people.queries import team_of
from slackapp.runtime.baton import Baton
from slackapp.runtime.settings import is_loopback
from storage.clocks import notices, timers
from storage.clocks.model import Notice, Timer
from storage.company import queues
from storage.db.database import Tx
from storage.db.errors import DatabaseBusy, DatabaseUnavailable
from storage.handoffs import audit, handoffs, notes
from storage.handoffs.model import AuditEntry, Handoff
from storage.outbox import posted_messages
from storage.outbox.model import PendingMessage, PostedMessage


@dataclass(frozen=True, kw_only=True)
class StoredHandoff:
    """A handoff as stored, without the words of its notes: only how many there are.

    Messages about many handoffs stand here with those of its own; so do webhooks that have not been called yet.
    """

    handoff: Handoff
    notes: int
    outbox: tuple[PendingMessage, ...]
    posted: tuple[PostedMessage, ...]
    timers: tuple[Timer, ...]
    notices: tuple[Notice, ...]
    audit: tuple[AuditEntry, ...]
    of_private_team: bool = False
    """Whether its queue has a private channel, so that nothing of it is shown to others."""


def inspect(baton: Baton, workspace: str, handoff_id: str) -> StoredHandoff | None:
    """Everything stored about a handoff, read together, or None if there is no such handoff."""
    with baton.db.reading() as tx:
        handoff = handoffs.get(tx, workspace, handoff_id)
        return None if handoff is None else _stored(tx, handoff)


def _stored(tx: Tx, handoff: Handoff) -> StoredHandoff:
    told = notices.list_for_handoff(tx, handoff.id)
    own = posted_messages.list_for_handoff(tx, handoff.id)
    others = {notice.message for notice in told if notice.message} - {message.key for message in own}
    queue = queues.get(tx, handoff.workspace, handoff.queue)
    return StoredHandoff(
        handoff=handoff,
        notes=notes.count_for_handoff(tx, handoff.id),
        outbox=tuple(undelivered(tx, handoff, told)),
        posted=(*own, *posted_messages.get_many(tx, handoff.workspace, sorted(others))),
        timers=tuple(timers.list_for_handoff(tx, handoff.id)),
        notices=tuple(told),
        audit=tuple(audit.list_for_handoff(tx, handoff.id)),
        of_private_team=queue is not None and team_of(tx, queue).is_private,
    )


PATH: Final = "/inspect"

Cell: TypeAlias = str | int
Section: TypeAlias = dict[str, Any]
ReadHandoff: TypeAlias = Callable[[str], StoredHandoff | None]
"""Function that reads a stored handoff by its id."""


def inspection(read_handoff: ReadHandoff) -> Route:
    """The route `GET /inspect?handoff_id=…`: titled tables as JSON, or 404 if there is no such handoff."""

    def answer(request: Request) -> Response:
        if not is_loopback(f"http://{urlsplit('//' + request.headers.get('host', '')).netloc}"):
            return JSONResponse({"error": "Only this machine may inspect handoffs."}, 403)
        try:
            stored = read_handoff(request.query_params.get("handoff_id", ""))
        except (DatabaseBusy, DatabaseUnavailable) as trouble:
            return JSONResponse({"error": str(trouble)}, 503)
        if stored is None:
            return JSONResponse({"error": "There is no such handoff."}, 404)
        return JSONResponse(handoff_tables(stored))

    return Route(PATH, answer)


def handoff_tables(stored: StoredHandoff) -> dict[str, Any]:
    """The tables of a handoff as JSON: `{"title", "sections"}`."""
    handoff = stub_of(replace(stored.handoff, private=stored.handoff.private or stored.of_private_team))
    return {
        "title": f"Handoff #{handoff.number}: {handoff.title or '(deleted)'}",
        "sections": [
            _section("Handoff", ["What", "Now"], _facts(handoff, stored.notes)),
            _section("Outbox", ["Key", "Status", "Due", "Attempts", "Last error"], map(_pending, stored.outbox)),
            _section(
                "Timers",
                ["Clock", "Run", "Status", "Since", "Consumed", "Target", "Deadline", "Next level", "Due", "Fired"],
                map(_timer, stored.timers),
            ),
            _section(
                "Notices",
                ["Put", "For", "Clock", "Run", "Level", "Hear", "Heard", "Why", "Message"],
                map(_notice, stored.notices),
            ),
            _section("Audit", ["At", "Verb", "By", "From", "To", "Facts"], map(_entry, stored.audit)),
            _section("Messages in Slack", ["Key", "Channel", "ts", "Posted"], map(_posted, stored.posted)),
        ],
    }


def _section(title: str, columns: list[str], rows: Iterable[list[Cell]]) -> Section:
    return {"title": title, "columns": columns, "rows": list(rows)}


def _facts(handoff: Handoff, notes: int) -> list[list[Cell]]:
    return [
        ["State", handoff.state.value],
        ["Since", _instant(handoff.state_since)],
        ["Version", handoff.version],
        ["Queue", handoff.queue],
        ["Hop", handoff.hop],
        ["Sender", handoff.sender],
        ["Owner", handoff.owner or "–"],
        ["Accountable", handoff.accountable],
        ["Priority", handoff.priority.value],
        ["Notes", notes],
    ]


def _pending(row: PendingMessage) -> list[Cell]:
    lasting = f"leased until {_instant(row.lease_until)}" if row.lease_until else "waiting"
    doing = f"{lasting}, to erase" if row.wanted.erase else lasting
    return [row.wanted.key, doing, _instant(row.not_before), row.attempts, row.error or "–"]


def _posted(message: PostedMessage) -> list[Cell]:
    return [message.key, message.channel, message.ts, _instant(message.posted_at)]


def _notice(notice: Notice) -> list[Cell]:
    return [
        _instant(notice.put_at),
        notice.recipient,
        notice.clock.value,
        notice.run,
        notice.level,
        _instant(notice.hear_at),
        _instant(notice.heard_at),
        notice.why or "–",
        notice.message or "–",
    ]


def _timer(timer: Timer) -> list[Cell]:
    return [
        timer.clock.value,
        timer.run,
        _status(timer),
        _instant(timer.stopped_at or timer.running_since),
        _span(timer.consumed_s),
        _span(timer.target_s) + (" by the wall" if timer.wall else ""),
        _instant(timer.deadline_at),
        timer.next_level or "–",
        _instant(timer.due_at),
        ", ".join(timer.fired) or "–",
    ]


def _status(timer: Timer) -> str:
    if timer.stopped_at is not None:
        return {True: "target kept", False: "target missed", None: "stopped"}[timer.met]
    return "paused" if timer.running_since is None else "running"


def _entry(entry: AuditEntry) -> list[Cell]:
    facts = ", ".join(f"{key}: {_plain(value)}" for key, value in sorted(entry.facts.items()))
    return [
        _instant(entry.at),
        entry.verb,
        entry.actor,
        entry.before.value if entry.before else "–",
        entry.after.value if entry.after else "–",
        facts or "–",
    ]


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(one)}" for key, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _instant(instant: datetime | None) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ") if instant else "–"


def _span(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}"
