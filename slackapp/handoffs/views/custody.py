"""Who had a handoff, how long, and how much of its clock that used: a line on the card, a list in Show all."""

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
"""Stretches on a card."""


def on_card(details: HandoffDetails, now: datetime) -> str:
    """One line once it has been in two hands: "Ben 12 min (40 % of the claim time) · Eva since 14:05"; else empty.

    A card is drawn when something happens, not as time goes by: so the present holder's time is said as an instant.
    """
    held = custody.spans(details.custody, details.clocks, details.calendars, now)
    if len({one.holder for one in held}) < 2:  # noqa: PLR2004 - one pair of hands is no strip
        return ""
    shown = held[-SHOWN:]
    more = [f"and {len(held) - len(shown)} more before"] if len(held) > len(shown) else []
    return " · ".join([*(_on_card(details, one, now) for one in shown), *more])


def in_full(details: HandoffDetails, now: datetime) -> list[str]:
    """Each stretch in which somebody answered for it, a line each, with what it used of the clock."""
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
    """In what capacity somebody answered for it."""
    if stretch.owner and stretch.owner != stretch.accountable:
        return f", while {wording.who(details, stretch.owner)} had it"
    if stretch.owner:
        return " as owner"
    return "" if stretch.accountable.startswith("queue:") else " as sender"


def _share(held: CustodySpan, form: str = " ({})") -> str:
    """How much of the clock it used, in words; nothing where no clock ran, or where it is next to nothing."""
    if held.share is None or held.target_s is None or not round(held.share * 100):
        return ""
    whole = "the claim time" if held.clock is ClockKind.CLAIM else phrases.span(held.target_s)
    return form.format(f"{round(held.share * 100)} % of {whole}")
