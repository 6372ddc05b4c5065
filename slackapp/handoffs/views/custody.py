"""Custody in words: a line on the card and a list in Show all, with the share of the clock that each holder used."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules import custody
from slackapp.handoffs.rules.custody import CustodySpan
from slackapp.handoffs.views import wording
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import when
from storage.clocks.model import ClockKind
from storage.handoffs.model import Custody

SHOWN: Final = 4
"""Spans shown on a card."""


def on_card(details: HandoffDetails, now: datetime) -> str:
    """One line once two people have held it: "Ben 12 min (40 % of the claim time) · Eva since 14:05"; else empty.

    A card is drawn when something happens, not as time passes: so the current holder's time is given as an instant.
    """
    spans = custody.spans(details.custody, details.clocks, details.calendars, now)
    if len({one.holder for one in spans}) < 2:  # noqa: PLR2004 - one holder needs no line
        return ""
    shown = spans[-SHOWN:]
    more = [f"and {len(spans) - len(shown)} more before"] if len(spans) > len(shown) else []
    return " · ".join([*(_on_card(details, one, now) for one in shown), *more])


def in_full(details: HandoffDetails, now: datetime) -> list[str]:
    """Each span of accountability, one line each, with the share of the clock that it used."""
    return [_line(details, one, now) for one in details.custody]


def _on_card(details: HandoffDetails, span: CustodySpan, now: datetime) -> str:
    name = wording.who(details, span.holder)
    if span.until is None:
        return f"{name} since {when(span.since)}"
    return f"{name} {phrases.span(span.length(now))}{_share(span)}"


def _line(details: HandoffDetails, entry: Custody, now: datetime) -> str:
    span = custody.measure(custody.span_of(entry), details.clocks, details.calendars, now)
    until = f"to {when(entry.until)}" if entry.until else "until now"
    length = f"{phrases.span(span.length(now))}{_share(span, ', {}')}"
    answers = f"{wording.who(details, entry.accountable)}{_capacity(details, entry)}"
    return f"{answers}, {when(entry.since)} {until} ({length})"


def _capacity(details: HandoffDetails, entry: Custody) -> str:
    """The capacity in which somebody was accountable."""
    if entry.owner and entry.owner != entry.accountable:
        return f", while {wording.who(details, entry.owner)} had it"
    if entry.owner:
        return " as owner"
    return "" if entry.accountable.startswith("queue:") else " as sender"


def _share(span: CustodySpan, form: str = " ({})") -> str:
    """The used share of the clock in words; empty without a clock or if it is negligible."""
    if span.share is None or span.target_s is None or not round(span.share * 100):
        return ""
    whole = "the claim time" if span.clock is ClockKind.CLAIM else phrases.span(span.target_s)
    return form.format(f"{round(span.share * 100)} % of {whole}")
