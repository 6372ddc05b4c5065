"""The result of a run: one sentence for each of its rows, those that did not work first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from slackapp.bulk.model import RunRow, SeenRun
from slackapp.bulk.rules.acts import act_for, done_as
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import refusals, status, wording
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Block, Post, actions, button, clip, context, fitting, packed, section
from slackapp.slack.block_kit.modals import modal
from slackapp.slack.field_problems import FieldProblem
from slackapp.slack.ids import SHOW, BulkAction, button_value
from storage.bulk.model import BulkKind, RowOutcome
from storage.handoffs.acts import Act, Claim, Release, Transfer
from storage.handoffs.lifecycle import ReadBackStatus, RefusalReason, Refused, State, Verb

_LINE: Final = 400
_SECTION: Final = 2900
_FEW: Final = 12
_MESSAGE: Final = 9000
"""Characters of the results in a message."""
_VIEW: Final = 200_000
"""Characters of the results in a view, of which Slack takes 250,000 with all that is around them."""
TITLE: Final = "Results"
_TITLES: Final[Mapping[BulkKind, str]] = {
    BulkKind.CLAIM: "Claim several",
    BulkKind.PERSON: "Hand over your work",
    BulkKind.TEAM: "Hand over your work",
    BulkKind.BACK: "Hand over your work",
}
_PAST: Final[Mapping[BulkKind, str]] = {
    BulkKind.CLAIM: "claimed",
    BulkKind.PERSON: "offered",
    BulkKind.TEAM: "passed on",
    BulkKind.BACK: "put back",
}


def result_view(seen: SeenRun) -> Block:
    """The view that replaces the form: the results, or that they follow as a message."""
    lines = _lines(seen)
    shown = fitting(lines, _VIEW)
    blocks = [section(f"*{summary(seen)}*")]
    if not seen.is_finished:
        refresh = button("Refresh", BulkAction.RESULTS, button_value(seen.run.id), about="the results")
        blocks += [context("You can close this. Baton sends you the result as a message."), *actions(refresh)]
    blocks += map(section, packed(shown, _FEW, _SECTION))
    if len(shown) < len(lines):
        blocks.append(context(f"And {len(lines) - len(shown)} more that worked."))
    return modal(_TITLES[seen.run.kind], SHOW, blocks)


def result_message(seen: SeenRun, _now: datetime) -> Post:
    """The message to the author of a run that took longer than they could wait for."""
    lines = _lines(seen)
    shown = fitting(lines, _MESSAGE)
    every = button("Show all results", BulkAction.RESULTS, button_value(seen.run.id))
    more = len(lines) - len(shown)
    rest = [context(f"And {more} more."), *actions(every)] if more else []
    told = summary(seen)
    return Post(
        text=told, blocks=[section(f"*{told}*"), *map(section, packed(shown, _FEW, _SECTION)), *rest], settled=True
    )


def summary(seen: SeenRun) -> str:
    """How many of the rows worked, in a sentence."""
    rows = [one for one in seen.rows if one.row.included]
    done = sum(one.row.outcome is RowOutcome.DONE for one in rows)
    over = sum(one.row.outcome is not None for one in rows)
    if not seen.is_finished and over < len(rows):
        return f"{over} of {phrases.counted(len(rows), 'handoff')} done so far."
    if not rows:
        return "You chose no handoff, so nothing was changed."
    past = _past(seen)
    return f"{done} of {phrases.counted(len(rows), 'handoff')} {past}." if done < len(rows) else f"{_all(done)} {past}."


def _past(seen: SeenRun) -> str:
    """What was done, with the numbers if it was not the same for all."""
    done = (one.row for one in seen.rows if one.row.included and one.row.outcome is RowOutcome.DONE)
    counts = Counter(_PAST[done_as(seen.run, row)] for row in done)
    if len(counts) > 1:
        return f"handed over: {', '.join(f'{count} {past}' for past, count in counts.items())}"
    return next(iter(counts), _PAST[seen.run.kind])


def _all(count: int) -> str:
    return "1 handoff" if count == 1 else f"All {count} handoffs"


def _lines(seen: SeenRun) -> list[str]:
    """One line per row that has its result; those that did not work come first."""
    over = [one for one in seen.rows if one.row.included and one.row.outcome]
    ordered = sorted(over, key=lambda one: one.row.outcome is RowOutcome.DONE)
    return [clip(_line(seen, one), _LINE) for one in ordered]


def _line(seen: SeenRun, one: RunRow) -> str:
    if one.details is None or one.row.outcome is RowOutcome.MISSING or one.details.handoff.state is State.DELETED:
        return "⚠️ A handoff no longer exists, so nothing was done with it."
    sign = "✅" if one.row.outcome is RowOutcome.DONE else "⚠️"
    return f"{sign} {_sentence(seen, one, one.details)}"


def _sentence(seen: SeenRun, one: RunRow, details: HandoffDetails) -> str:
    name = wording.name(details, most=75)
    match one.row.outcome:
        case RowOutcome.DONE:
            return f"{name}: {_DONE[done_as(seen.run, one.row)](seen, details)}"
        case RowOutcome.REFUSED:
            verb = _verb(seen, one, details)
            why = RefusalReason(one.row.why or RefusalReason.NOT_NOW)
            refused = Refused(handoff=details.handoff, verb=verb, why=why, actor=seen.actor)
            return refusals.refusal(refused, details, seen.now)
        case RowOutcome.INVALID:
            return f"{name}: {_problem(seen, one, details)}"
        case RowOutcome.CHANGED:
            return f"{name} is no longer yours, so it was left as it is: {status.phrase(details, seen.now)}."
    return f"{name}: something went wrong, and nothing was changed. Try again on its card."


def _verb(seen: SeenRun, one: RunRow, details: HandoffDetails) -> Verb:
    act: Act | None = act_for(seen.run, one.row, details.handoff)
    fallback = {BulkKind.CLAIM: Claim.verb, BulkKind.BACK: Release.verb}.get(seen.run.kind, Transfer.verb)
    return act.verb if act else fallback


def _problem(seen: SeenRun, one: RunRow, details: HandoffDetails) -> str:
    person, team = phrases.person(seen.names, seen.run.person), wording.team(details.queue)
    if one.row.why == FieldProblem.NOT_IN_TEAM:
        return f"{person} isn't on {team}, so you still own it. Offer it to someone on that team, or pass it on."
    if one.row.why == FieldProblem.CANNOT_OWN:
        return f"{person} can't own work, so you still own it. Offer it to someone else."
    return "The team no longer exists or takes no work from you, so you still own it. Choose another team."


def _claimed(seen: SeenRun, details: HandoffDetails) -> str:
    handoff = details.handoff
    if handoff.owner == seen.run.actor and handoff.read_back is ReadBackStatus.DUE:
        return "you own it now. Press Read back on its card."
    return "you own it now."


def _offered(seen: SeenRun, _details: HandoffDetails) -> str:
    return f"offered to {phrases.person(seen.names, seen.run.person)}. You stay accountable until they claim it."


def _passed_on(_seen: SeenRun, details: HandoffDetails) -> str:
    return f"now in {wording.team(details.queue)}. You stay accountable until someone claims it."


def _put_back(_seen: SeenRun, details: HandoffDetails) -> str:
    return f"anyone on {wording.team(details.queue)} can claim it."


_DONE: Final[Mapping[BulkKind, Callable[[SeenRun, HandoffDetails], str]]] = {
    BulkKind.CLAIM: _claimed,
    BulkKind.PERSON: _offered,
    BulkKind.TEAM: _passed_on,
    BulkKind.BACK: _put_back,
}
