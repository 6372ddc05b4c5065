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
    held = custody.spans(details.custody, details.clocks, details.calendars, now)
    if len({one.holder for one in held}) < 2:  # noqa: PLR2004 - one pair of hands is no strip
        return ""
    shown = held[-SHOWN:]
    more = [f"and {len(held) - len(shown)} more before"] if len(held) > len(shown) else []
    return " · ".join([*(_on_card(details, one, now) for one in shown), *more])


def in_full(details: HandoffDetails, now: datetime) -> list[str]:
    """Each span of accountability, one line each, with the share of the clock that it used."""
    return [_line(details, one, now) for one in details.custody]


def _on_card(details: HandoffDetails, held: CustodySpan, now: datetime) -> str:
    name = wording.who(details, held.holder)
    if held.until is None:
        return f"{name} since {when(held.since)}"
    return f"{name} {phrases.span(held.length(now))}{_share(held)}"


def _line(details: HandoffDetails, stretch: Custody, now: datetime) -> str:
    held = custody.measure(custody.span_of(stretch), details.clocks, details.calendars, now)
    until = f"to {when(stretch.until)}" if stretch.until else "until now"
    length = f"{phrases.span(held.length(now))}{_share(held, ', {}')}"
    answers = f"{wording.who(details, stretch.accountable)}{_capacity(details, stretch)}"
    return f"{answers}, {when(stretch.since)} {until} ({length})"


def _capacity(details: HandoffDetails, stretch: Custody) -> str:
    """The capacity in which somebody was accountable."""
    if stretch.owner and stretch.owner != stretch.accountable:
        return f", while {wording.who(details, stretch.owner)} had it"
    if stretch.owner:
        return " as owner"
    return "" if stretch.accountable.startswith("queue:") else " as sender"


def _share(held: CustodySpan, form: str = " ({})") -> str:
    """The used share of the clock in words; empty without a clock or if it is negligible."""
    if held.share is None or held.target_s is None or not round(held.share * 100):
        return ""
    whole = "the claim time" if held.clock is ClockKind.CLAIM else phrases.span(held.target_s)
    return form.format(f"{round(held.share * 100)} % of {whole}")
