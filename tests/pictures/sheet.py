"""Twenty cards of one channel in mixed states, as the product draws them, photographed together.

Who scrolls past them on a phone should see in two seconds which are unassigned, which are late and which are theirs.
The cards are drawn from twenty handoffs written down here: played one by one they would take minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from slack_sdk import WebClient

from slackapp.cli.local_workspace import BOT_TOKEN
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import card
from slackapp.slack.block_kit.blocks import Post
from storage.clocks.model import ClockKind
from storage.company.model import Queue
from storage.handoffs.lifecycle import ReadBackMode, ReadBackStatus, Situation, Verb
from storage.handoffs.model import Priority
from tests.handoffs.samples import a_note, a_queue, a_timer, an_entry, some_details
from tests.pictures.camera import Place, Script, Stage
from tests.pictures.scenes import BEN, CLARA, DAN, EVA, FARID, SUCCESS

GRACE: Final = "U0GRACE"
HEIGHT: Final = 844
_EXTENT: Final = """([first, last]) => {
  const list = first.parentElement;
  const around = window.innerHeight - list.clientHeight;
  return Math.ceil(around + last.getBoundingClientRect().bottom - first.getBoundingClientRect().top + 44);
}"""
"""How high the page has to be for all cards to stand in it."""
_NAMES: Final = {
    BEN: "Ben Okafor",
    CLARA: "Clara Weiss",
    EVA: "Eva Lindqvist",
    FARID: "Farid Haddad",
    GRACE: "Grace Kim",
}
_QUEUE: Final[Queue] = replace(a_queue(), members=(EVA, FARID, GRACE), managers=(DAN,))


@dataclass(frozen=True, kw_only=True)
class Row:
    """A card of the sheet: the state that it shows, and its handoff."""

    state: str
    title: str
    here: Situation = Situation.OPEN
    due: tuple[ClockKind, float] | None = None
    """The clock that runs, and its deadline in hours from now."""
    step: str = ""
    note: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    passed_on: bool = False


def _owned(by: str, **more: Any) -> dict[str, Any]:
    return {"owner": by, "last_owner": by, "accountable": by, **more}


_CLAIM, _FINISH, _FIRST, _RESPOND = ClockKind.CLAIM, ClockKind.FINISH, ClockKind.FIRST_ACTION, ClockKind.RESPOND
_HOUR: Final = timedelta(hours=1)


def rows(now: datetime) -> list[Row]:
    """The twenty handoffs, the oldest first."""
    claimed = Situation.CLAIMED
    due_back = {"read_back": ReadBackStatus.DUE, "read_back_mode": ReadBackMode.HARD, "accountable": BEN}
    # fmt: off
    return [
        Row(state="done on time", title="Hooli renewal", here=Situation.DONE,
            more={"last_owner": EVA, "met": True, "by": EVA}, note="Renewed for two years at 5% off."),
        Row(state="cancelled", title="Vandelay import", here=Situation.CANCELLED,
            more={"by": BEN}, note="They renewed on their own this morning."),
        Row(state="deleted", title="", here=Situation.DELETED, more={"by": BEN}),
        Row(state="claimed", title="Acme renewal", here=claimed, due=(_FINISH, 3.5), step="Call Mara about the price",
            more=_owned(EVA), note="They asked for 10% off and want an answer by Friday."),
        Row(state="claimed late", title="Globex cannot export reports", here=claimed, due=(_FINISH, -0.5),
            step="Look at the export log", more=_owned(FARID, priority=Priority.CRITICAL)),
        Row(state="open late", title="Initech audit", due=(_CLAIM, -0.7), step="Ask for their list of users",
            more={"priority": Priority.HIGH}),
        Row(state="question open", title="Stark renewal", here=claimed, step="Ask who signs",
            more=_owned(GRACE, asked_at=now - _HOUR)),
        Row(state="snoozed", title="Umbrella second team", here=claimed, step="Call their head of research",
            more=_owned(FARID, snoozed_until=now + 23 * _HOUR)),
        Row(state="sent back", title="Pied Piper pricing", here=Situation.RETURNED, due=(_RESPOND, 1.5),
            step="Send this year's list", more={"last_owner": EVA}),
        Row(state="first reply owed", title="Wonka: 20 more seats", here=claimed, due=(_FIRST, 0.6),
            step="Answer their email", more=_owned(EVA, priority=Priority.HIGH)),
        Row(state="read-back owed", title="Night shift: database at 91%", here=claimed, due=(_FINISH, 6),
            step="Free space before midnight", more=_owned(GRACE, **due_back)),
        Row(state="passed on", title="Massive onboarding", more={"hop": 2}, passed_on=True),
        Row(state="open", title="Soylent upgrade", due=(_CLAIM, 0.5), step="Send the offer"),
        Row(state="private open", title="Contract question", due=(_CLAIM, 0.8), more={"private": True}),
        Row(state="private claimed", title="Salary data in a ticket", here=claimed, due=(_FINISH, 5),
            more=_owned(EVA, private=True)),
        Row(state="offered", title="Tyrell trial", here=Situation.OFFERED, due=(_CLAIM, 0.4),
            step="Call them before noon", more={"offered_to": FARID}),
        Row(state="sent back late", title="Dunder upgrade", here=Situation.RETURNED, due=(_RESPOND, -0.2),
            more={"last_owner": GRACE}),
        Row(state="open", title="Cyberdyne: who signs the extension, and how long do they have?", due=(_CLAIM, 2),
            step="Find the signatory", more={"priority": Priority.LOW}),
        Row(state="open late", title="Wayne migration", due=(_CLAIM, -0.1), step="Agree on the day",
            more={"priority": Priority.CRITICAL}),
        Row(state="claimed", title="Monarch: training in week 9", here=claimed, due=(_FINISH, 20),
            step="Book the room", more=_owned(GRACE)),
    ]
    # fmt: on


def details_of(row: Row, number: int, now: datetime) -> HandoffDetails:
    """The handoff of a row, as it stands now."""
    more = {"priority": Priority.NORMAL, "next_step": row.step, "needed_by": None, **row.more}
    ends = {Situation.DONE: Verb.COMPLETE, Situation.CANCELLED: Verb.CANCEL, Situation.DELETED: Verb.DELETE}
    by, met = more.pop("by", None), more.pop("met", None)
    timers = (a_timer(row.due[0], deadline=now + timedelta(hours=row.due[1])),) if row.due else ()
    notes = [a_note(ends.get(row.here, Verb.OPEN), row.note, author=by or BEN, at=now)] if row.note else []
    found = some_details(
        row.here,
        title=row.title,
        number=number,
        sender=BEN,
        originator=BEN,
        **{"accountable": BEN, "state_since": now - _HOUR, **more},
        queue_record=replace(_QUEUE, name="Support") if row.passed_on else _QUEUE,
        timers=timers,
        notes=tuple(notes),
        names=_NAMES,
        history=(an_entry(ends[row.here], actor=by),) if by else (),
    )
    finished = (a_timer(_FINISH, deadline=now, met=met),) if met is not None else ()
    return replace(found, clocks=finished)


def cards(now: datetime, *, drawn_after: timedelta = timedelta()) -> list[tuple[Row, Post]]:
    """The twenty cards of an instant, drawn by the product, perhaps a little later."""
    return [
        (row, (card.passed_on if row.passed_on else card.card)(details_of(row, number, now), now + drawn_after))
        for number, row in enumerate(rows(now), start=1)
    ]


def _sheet(width: int) -> Script:
    """All twenty at one width, the reader being Eva: a page as high as they are together."""

    def script(stage: Stage) -> Place:
        bot = WebClient(token=BOT_TOKEN, base_url=f"{stage.slack.base_url}/api/")
        drawn = cards(datetime.fromtimestamp(stage.slack.now(), UTC))
        stage.slack.rate_limits(enabled=False)
        posted = [bot.chat_postMessage(channel=SUCCESS, text=post.text, blocks=post.blocks)["ts"] for _, post in drawn]
        stage.slack.rate_limits(enabled=True)
        stage.open(EVA, width=width, height=HEIGHT)
        main = stage.go(EVA, "success").locator(".main")
        first, last = (main.locator(f'.message[data-ts="{ts}"]') for ts in (posted[0], posted[-1]))
        last.wait_for()
        extent = stage.page.evaluate(_EXTENT, [first.element_handle(), last.element_handle()])
        stage.page.set_viewport_size({"width": width, "height": extent})
        last.scroll_into_view_if_needed()
        return lambda: main

    return script


SHEETS: Final[Mapping[str, Script]] = {"channel-phone": _sheet(390), "channel-desktop": _sheet(1240)}
