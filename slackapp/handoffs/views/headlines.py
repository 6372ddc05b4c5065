"""The headline of a handoff in plain text: its title with its status, and the next act."""

from __future__ import annotations

from datetime import datetime

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import status, wording
from slackapp.slack.block_kit import phrases
from storage.handoffs.lifecycle import ReadBackStatus, Situation, State, situation


def headline(details: HandoffDetails, now: datetime, *, bold: bool = False, reader: str = "") -> str:
    """Title and status in one sentence, without its full stop, for mrkdwn.

    "Acme renewal: unassigned in Customer Success, claim by today at 14:30". `bold` sets off the title, `reader` is
    the person who is called "you".
    """
    handoff = details.handoff
    if handoff.state is State.DELETED:
        return f"{wording.number(handoff)} was {status.phrase(details, now)}"
    return f"{phrases.set_off(wording.title(handoff), bold=bold)}: {status.phrase(details, now, reader)}"


def two_lines(
    details: HandoffDetails,
    now: datetime,
    *,
    reader: str = "",
    most: int = 150,
    in_list: bool = False,
    of_team: bool = False,
) -> str:
    """The title, alone and bold, and the status below it, as every card and every row of a list begins.

    In a list the team and the number follow, which elsewhere the place and the context line tell; in a list of one
    team (`of_team`) the number alone.
    """
    title = phrases.set_off(wording.title(details.handoff, most), bold=True)
    lock = "🔒 " if details.handoff.private else ""
    told = f"{lock}{title}\n{status.line(details, now, reader)}"
    team = [] if of_team else [wording.team(details.queue)]
    return " · ".join([told, *team, wording.numbered(details)]) if in_list else told


def next_act(details: HandoffDetails) -> str:
    """The next act and its person in a sentence, for people who cannot see the buttons; empty at the end."""
    handoff = details.handoff
    match situation(handoff):
        case Situation.OPEN:
            return "Press Claim to take it."
        case Situation.OFFERED:
            return f"{wording.who(details, handoff.offered_to)} can claim or decline it."
        case Situation.CLAIMED:
            return _owners_act(details)
        case Situation.RETURNED:
            return f"{wording.who(details, handoff.sender)} adds what is missing and sends it again."
    return ""


def _owners_act(details: HandoffDetails) -> str:
    """The next act on claimed work, in a sentence."""
    handoff = details.handoff
    owner = wording.who(details, handoff.owner)
    if handoff.snoozed_until:
        return f"{owner} can press {wording.RESUME} before then."
    if handoff.asked_at:
        return f"{wording.who(details, handoff.sender)} answers the question."
    if handoff.read_back in {ReadBackStatus.DUE, ReadBackStatus.CORRECTED}:
        return f"{owner} reads it back."
    return f"{owner} presses Done when it is finished."
