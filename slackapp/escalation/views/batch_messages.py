"""Draw a batch message: many reminders for one person, one row and button for each handoff that still needs them.

The message is redrawn in place, so that it notifies once. A row that was answered shows its outcome in one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from slackapp.escalation.model import BatchScene, ReminderRow
from slackapp.escalation.views import levels, reminder_outcomes, reminders
from slackapp.escalation.views.reminder_outcomes import SentReminder
from slackapp.escalation.views.reminders import ReminderContext
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import wording
from slackapp.handoffs.views.card import show_button, verb_buttons
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import MESSAGE, Block, Post, clip, context, fitting, section
from slackapp.slack.ids import COMMAND
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import Role, State

MOST_ROWS_DRAWN: Final = 45
"""Rows of a message; Slack takes 50 blocks."""
_TEXT: Final = 2000
_NAMED: Final = 10
"""Handoffs named in the text for notifications and screen readers."""
_LINE: Final = 600
_STEP: Final = 60
"""Characters of a first step in a row."""


def message(scene: BatchScene, now: datetime) -> Post | None:
    """Draw the message `bundle`."""
    return batch_message(scene.rows, scene.reader, now, posted=scene.posted, more=scene.more)


def batch_message(
    rows: Sequence[ReminderRow], reader: str, now: datetime, *, posted: bool, more: int = 0
) -> Post | None:
    """Draw a batch message, most overdue first.

    Args:
        rows: the reminders in it, in any order.
        reader: whose message it is.
        now: the present instant.
        posted: whether Slack has it already.
        more: how many rows are not among `rows`.

    Returns:
        The message; for a single reminder, that reminder; None when nothing needs its reader and nothing is posted.
    """
    known = _newest(rows, reader)
    waiting = sorted((row for row in known if row.timer), key=lambda row: _order(row, now))
    over = [row for row in known if not row.timer]
    if not posted and not waiting:
        return None
    alone = known if posted else waiting
    if len(alone) == 1 and not more and alone[0].details.handoff.state is not State.DELETED:
        return _alone(alone[0], reader, now, posted=posted)
    wanted = [*waiting, *(over if posted else [])][:MOST_ROWS_DRAWN]
    shown = [_row(row, reader, now) for row in wanted]
    shown = shown[: len(fitting(map(_text, shown), MESSAGE))]
    left = more + max(len(waiting) - len(shown), 0)
    lead = _lead(len(waiting) + more, len(known) + more, posted=posted)
    blocks = [section(f"*{lead}*"), *shown, *_rest(left)]
    return Post(text=_plain_text(lead, waiting, len(waiting) + more), blocks=blocks)


def _newest(rows: Iterable[ReminderRow], reader: str) -> list[ReminderRow]:
    """Return the newest row per clock of a handoff."""
    last: dict[tuple[str, ClockKind], ReminderRow] = {}
    for row in sorted(rows, key=lambda row: (row.notice.put_at, row.notice.run)):
        asks = row.timer is not None and levels.is_asked(row.details, reader)  # one question, whichever clocks run
        last[row.details.handoff.id, ClockKind.CHECK if asks else row.notice.clock] = row
    return list(last.values())


def _order(row: ReminderRow, now: datetime) -> tuple[datetime, int]:
    return row.due or now, row.details.handoff.number


def _alone(row: ReminderRow, reader: str, now: datetime, *, posted: bool) -> Post | None:
    return levels.level_message(row.details, _payload(row, reader), now, posted=posted)


def _payload(row: ReminderRow, reader: str) -> Mapping[str, Any]:
    """Return the payload that the reminder would have as a message of its own."""
    notice, roles = row.notice, _roles(row.details, reader) if row.roles is None else row.roles
    asked = {"do": "check"} if levels.is_asked(row.details, reader) else {}
    due = row.due.isoformat() if row.due else None
    facts = {"clock": notice.clock, "level": notice.level, "run": notice.run, "deadline_at": due}
    for_whom = {"for": notice.instead_of} if notice.instead_of else {}
    return {**facts, "recipient": reader, "roles": sorted(roles), **asked, **for_whom}


def _row(row: ReminderRow, reader: str, now: datetime) -> Block:
    """Return the block of a row: the reminder with its first button, or the outcome once it was answered."""
    details, timer = row.details, row.timer
    if timer is None:
        sent = SentReminder(clock=row.notice.clock, level=row.notice.level, at=row.notice.put_at)
        return context(clip(reminder_outcomes.outcome_line(details, sent, now), _LINE))
    if levels.is_asked(details, reader):
        for_whom = wording.in_place_of(details, row.notice.instead_of)
        asks = f"{for_whom}{levels.check_question(details, bold=True, linked=True)}"
        return section(clip(asks, _LINE), accessory=_unstyled(levels.first_button(details)))
    reminder = ReminderContext(
        details=details,
        timer=timer,
        reader=reader,
        now=now,
        bold=True,
        linked=True,
        instead_of=row.notice.instead_of,
    )
    roles = _roles(details, reader) if row.roles is None else row.roles
    verbs = reminders.verbs(details, timer.clock, reader, roles)[:1]
    button = (verb_buttons(details.handoff, verbs) or [show_button(details.handoff)])[0]
    told = clip(reminders.line(reminder, timer.deadline_at), _LINE)
    return section(f"{told}\n{reminders.background(details, _STEP)}", accessory=_unstyled(button))


def _unstyled(button: Block) -> Block:
    """Return a button without its style, so that none of many stands out."""
    return {key: value for key, value in button.items() if key != "style"}


def _roles(details: HandoffDetails, reader: str) -> frozenset[Role]:
    """Return the reader's assumed roles in the queue: member if listed as one only, else those of `assumed_roles`."""
    if reader in details.queue.members and reader not in details.queue.managers:
        return frozenset({Role.MEMBER})
    return levels.assumed_roles(details, reader)


def _text(row: Block) -> str:
    """Return the text of a row with its button's label."""
    if row["type"] == "context":
        return str(row["elements"][0]["text"])
    return f"{row['text']['text']} {row['accessory']['text']['text']}"


def _lead(waiting: int, of: int, *, posted: bool) -> str:
    if waiting == 0:
        return "Nothing here needs you now."
    if posted and waiting < of:
        return f"{waiting} of {phrases.counted(of, 'reminder')} still {'needs' if waiting == 1 else 'need'} you."
    return f"{phrases.counted(waiting, 'reminder')} {'needs' if waiting == 1 else 'need'} you."


def _rest(left: int) -> list[Block]:
    return (
        [context(f"And {left} more: `{COMMAND} open` lists unassigned handoffs, `{COMMAND} mine` lists yours.")]
        if left
        else []
    )


def _plain_text(lead: str, waiting: Sequence[ReminderRow], of: int) -> str:
    """Return the plain text: how many handoffs, and their numbers and titles."""
    named = [
        f"{wording.number(row.details.handoff)} {wording.title(row.details.handoff, 60)}" for row in waiting[:_NAMED]
    ]
    others = of - len(named)
    listed = f" {', '.join(named)}{f' and {others} more' if others else ''}." if named else ""
    return clip(f"{lead}{listed}", _TEXT)
