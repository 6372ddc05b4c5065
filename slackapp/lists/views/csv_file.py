"""A list as a CSV file, and the views that say where it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from slackapp.handoffs.rules.next_deadline import next_deadline
from slackapp.handoffs.rules.privacy import stub
from slackapp.handoffs.views import wording
from slackapp.lists.model import ListPage, Row
from slackapp.lists.rules import csv_of
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Block, context, escape, section
from slackapp.slack.block_kit.modals import modal
from slackapp.slack.error_codes import explain
from slackapp.slack.ids import ListAction

TITLE: Final = "CSV file"
PREPARING: Final = "Preparing the file…"
FAILED: Final = "Slack didn't take the file. Try again in a minute."
HEADER: Final = (
    "Number", "Title", "State", "Team", "Priority", "Owner", "Sender", "Opened by", "Opened at", "In this state since",
    "Deadline", "Late", "Needed by", "Template", "Link",
)  # fmt: skip
_SCOPE: Final = "Ask an admin to add the scope `files:write` to the app to get the whole file."
_COPIED: Final = 2900
"""Characters of the text: a section takes 3,000."""


def file_name(now: datetime) -> str:
    """The file's name: `handoffs-2026-11-28-1412.csv`."""
    return f"handoffs-{now.astimezone(UTC):%Y-%m-%d-%H%M}.csv"


def csv_file(page: ListPage) -> str:
    """The list as CSV. Private work has neither title nor link in it: a file goes further than a list."""
    return csv_of(HEADER, [_cells(page, row) for row in page.rows])


def wait_view() -> Block:
    """The view while the file is made."""
    return modal(TITLE, ListAction.CSV, [section(PREPARING)])


def sent_view(page: ListPage) -> Block:
    """The view once the file has been sent."""
    is_cut = page.total > len(page.rows) or page.before is not None
    cut = " There are more: filter the list to get the others." if is_cut else ""
    rows = phrases.counted(len(page.rows), "handoff")
    return modal(TITLE, ListAction.CSV, [section(f"I sent you a direct message with the file: {rows}.{cut}")])


def failed_view() -> Block:
    """The view if Slack refused the file."""
    return modal(TITLE, ListAction.CSV, [section(FAILED)])


def copied_view(text: str, code: str = "missing_scope") -> Block:
    """The view with the file's text to copy, for a workspace in which Baton may not send files, and why."""
    lines = escape(text).splitlines(keepends=True)
    kept = ""
    for line in lines:
        if len(kept) + len(line) > _COPIED:
            break
        kept += line
    left_out = len(lines) - kept.count("\n")
    why = "Baton isn't allowed to send files here" if code == "missing_scope" else f"Slack refused the file ({code})"
    lead = f"{why}, so copy the text below."
    more = f"{phrases.counted(left_out, 'line')} didn't fit. " if left_out else ""
    hint = f"{more}{_SCOPE if code == 'missing_scope' else explain(code).remedy}"
    return modal(TITLE, ListAction.CSV, [section(lead), section(f"```{kept}```"), context(hint)])


def _cells(page: ListPage, row: Row) -> list[str]:
    details = stub(row.details)
    handoff = details.handoff
    due = next_deadline(details)
    templates = {one.key: one.name for one in page.templates}
    names = details.names
    return [
        str(handoff.number),
        handoff.title,
        wording.STATES[handoff.state].capitalize(),
        details.queue.name,
        wording.PRIORITIES[handoff.priority],
        *(names.get(user or "", user or "") for user in (handoff.owner, handoff.sender, handoff.originator)),
        _iso(handoff.created_at),
        _iso(handoff.state_since),
        _iso(due.at if due else None),
        "yes" if due and page.now >= due.at else "no",
        _iso(handoff.needed_by),
        templates.get(handoff.template or "", handoff.template or ""),
        handoff.link or "",
    ]


def _iso(instant: datetime | None) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds") if instant else ""
