"""Every refusal in one sentence or two: the reason, and what to do next. Only the person who asked sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.privacy import stub, stub_of
from slackapp.handoffs.views import wording
from slackapp.slack.block_kit.blocks import mention, when
from storage.company.model import Claimers
from storage.handoffs.lifecycle import (
    RULES,
    ReadBackMode,
    ReadBackStatus,
    RefusalReason,
    Refused,
    Role,
    Situation,
    State,
    Verb,
    allowed,
    situation,
)
from storage.handoffs.model import Handoff

UNKNOWN: Final = "This card was out of date, so nothing was changed. Check the new version and try again."
GONE: Final = "This handoff no longer exists, so nothing was changed. Find yours with `/handoff mine`."
SENT_BEFORE: Final = "This form was already sent, so nothing was changed. Close it and check the card."


def private_handoff(details: HandoffDetails) -> str:
    """The refusal to show a handoff to a person who may see only its card."""
    if details.handoff.private:
        return (
            f"{wording.number(details.handoff)} is private: only people on {wording.team(details.queue)} and those "
            f"who sent it, own it, last owned it or have a reminder about it can see the details. If you need to "
            f"know, ask one of them."
        )
    return (
        f"Only people on {wording.team(details.queue)} and those who sent or owned {wording.number(details.handoff)} "
        f"can see all of it. Ask {_managers(details)} to add you to the team."
    )


def refusal(refused: Refused, details: HandoffDetails | None, _now: datetime) -> str:
    """The refusal of an act in words.

    Args:
        refused: the act, the reason, and the handoff that it was decided on.
        details: for the team's name and the link; None where they could not be read.
        _now: unused: instants are shown by Slack's dates.
    """
    hidden = replace(refused, handoff=stub_of(refused.handoff))
    return _SENTENCES[refused.why](hidden, details and stub(details))


def _deleted(refused: Refused, details: HandoffDetails | None) -> str:
    return (
        f"{_name(refused, details)} was deleted {when(refused.handoff.state_since)}, so nothing can be done with it. "
        f"If there is more to do, start a new handoff."
    )


def _closed(refused: Refused, details: HandoffDetails | None) -> str:
    handoff = refused.handoff
    return (
        f"{_name(refused, details)} has been {wording.STATES[handoff.state]} since {when(handoff.state_since)}. "
        f"If there is more to do, press {wording.VERB_WORDS[Verb.REOPEN].label} on its card or start a new handoff."
    )


def _taken(refused: Refused, details: HandoffDetails | None) -> str:
    handoff = refused.handoff
    return (
        f"{_owner(handoff)} has owned {_name(refused, details)} since {when(handoff.state_since)}. "
        f"If it should be yours, ask them to put it back, or ask {_managers(details)} to assign it to you."
    )


def _own_work(refused: Refused, details: HandoffDetails | None) -> str:
    since = when(refused.handoff.state_since)
    return f"You have owned {_name(refused, details)} since {since}. Press Done when it is finished."


def _reserved(refused: Refused, details: HandoffDetails | None) -> str:
    offered = mention(refused.handoff.offered_to or "")
    return (
        f"{_name(refused, details)} is offered to {offered}. Only they or {_managers(details)} can claim it; "
        f"if they decline, anyone on the team can."
    )


def _not_now(refused: Refused, details: HandoffDetails | None) -> str:
    here = situation(refused.handoff)
    standing, advice = _STATES[here]
    if here is Situation.CLAIMED and refused.verb in _SETTLED:
        standing, advice = _SETTLED[refused.verb]
    return (
        f"You can't {wording.VERB_WORDS[refused.verb].infinitive} now: {_name(refused, details)} "
        f"{standing(refused.handoff)}. {advice}"
    )


def _not_allowed(refused: Refused, details: HandoffDetails | None) -> str:
    handoff, verb = refused.handoff, refused.verb
    to_do_it = wording.VERB_WORDS[verb].infinitive
    roles = RULES[verb].who.get(situation(handoff), frozenset())
    may = [_ROLES[role](handoff, details) for role in Role if role in roles]
    people = " or ".join(dict.fromkeys(name for name in may if name)) or _managers(details)
    if RULES[verb].never is Role.OWNER and handoff.owner == refused.actor.user:
        return (
            f"You own {_name(refused, details)} yourself, so someone else has to {to_do_it}: {people}. "
            "Nothing was changed."
        )
    note = f", or press {wording.VERB_WORDS[Verb.NOTE].label} to say what you know"
    return (
        f"Only {people} can {to_do_it} ({_name(refused, details)}), so nothing was changed. "
        f"Ask them{note if allowed(handoff, Verb.NOTE, refused.actor) else ''}."
    )


def _same(refused: Refused, details: HandoffDetails | None) -> str:
    already = wording.VERB_WORDS[refused.verb].unchanged.format(owner=_owner(refused.handoff), team=_team(details))
    return f"{_name(refused, details)} was not changed: {already}"


def _cover(person: str | None, details: HandoffDetails | None) -> str:
    """Who covers for a person who is away, if somebody does."""
    absence = details.absences.get(person or "") if details else None
    return mention(absence.cover) if absence and absence.cover else ""


def _name(refused: Refused, details: HandoffDetails | None) -> str:
    """The handoff's name, with a link to its card where there is one."""
    name = wording.numbered(details) if details else wording.number(refused.handoff)
    return name if refused.handoff.state is State.DELETED else f"{name} {wording.title(refused.handoff)}"


def _owner(handoff: Handoff) -> str:
    return mention(handoff.owner) if handoff.owner else "Someone"


def _team(details: HandoffDetails | None) -> str:
    return wording.team(details.queue) if details else "its team"


def _managers(details: HandoffDetails | None) -> str:
    return f"a manager of {_team(details)}"


def _claimers(details: HandoffDetails | None) -> str:
    """The colleagues outside the team whom it lets claim; empty if it lets nobody."""
    match details.queue.claimers if details else Claimers.MEMBERS:
        case Claimers.CHANNEL:
            return f"a colleague in <#{details.queue.channel}>" if details else ""
        case Claimers.ANYONE:
            return "a colleague"
        case Claimers.MEMBERS:
            return ""


_STATES: Final[Mapping[Situation, tuple[Callable[[Handoff], str], str]]] = {
    Situation.NEW: (lambda _: "is not sent yet", "Send it first."),
    Situation.OPEN: (lambda _: "is unassigned", "Claim it first, or wait until someone has."),
    Situation.OFFERED: (
        lambda handoff: f"is offered to {mention(handoff.offered_to or '')}, who hasn't answered yet",
        "Wait for their answer.",
    ),
    Situation.CLAIMED: (
        lambda handoff: f"has been owned by {_owner(handoff)} since {when(handoff.state_since)}",
        "Ask them, or add a note.",
    ),
    Situation.RETURNED: (
        lambda handoff: f"has been back with {mention(handoff.sender)} since {when(handoff.state_since)}",
        "Wait until they send it again.",
    ),
    Situation.DONE: (lambda _: "is done", "Reopen it first."),
    Situation.CANCELLED: (lambda _: "is cancelled", "Reopen it first."),
    Situation.DELETED: (lambda _: "is deleted", "Hand off something new."),
}
"""The current state, and what to do when a verb does not fit it."""


def _judged(handoff: Handoff) -> str:
    if handoff.read_back_mode is ReadBackMode.OFF or handoff.owner == handoff.sender:
        return "needs no read-back"
    is_settled = handoff.read_back is ReadBackStatus.CONFIRMED
    return "already has a confirmed read-back" if is_settled else f"is waiting for {_owner(handoff)} to read it back"


_SETTLED: Final[Mapping[Verb, tuple[Callable[[Handoff], str], str]]] = {
    Verb.READ_BACK: (
        lambda handoff: "needs no read-back" if handoff.read_back is None else "was already read back",
        "Add a note if there is more to say.",
    ),
    Verb.CONFIRM: (_judged, "Add a note if there is more to say."),
    Verb.CORRECT: (_judged, "Add a note if there is more to say."),
    Verb.ASK: (
        lambda handoff: (
            f"has been waiting for {mention(handoff.sender)} to answer since {when(handoff.asked_at)}"
            if handoff.asked_at
            else "was sent by you"
        ),
        "Add a note if there is more to say.",
    ),
    Verb.ANSWER: (lambda _: "has no open question", "Add a note if there is more to say."),
}
"""The state of a read-back or question that a verb does not fit."""

_ROLES: Final[Mapping[Role, Callable[[Handoff, HandoffDetails | None], str]]] = {
    Role.SENDER: lambda handoff, _: f"its sender {mention(handoff.sender)}",
    Role.OWNER: lambda handoff, _: f"its owner {_owner(handoff)}" if handoff.owner else "",
    Role.LAST_OWNER: lambda handoff, _: f"its last owner {mention(handoff.last_owner)}" if handoff.last_owner else "",
    Role.OFFERED: lambda handoff, _: mention(handoff.offered_to) if handoff.offered_to else "",
    Role.ORIGINATOR: lambda _, details: f"someone who can hand off to {_team(details)}",
    Role.MEMBER: lambda _, details: f"a member of {_team(details)}",
    Role.CLAIMER: lambda _, details: _claimers(details),
    Role.MANAGER: lambda _, details: _managers(details),
    Role.ADMIN: lambda _handoff, _details: "an admin of Baton",
    Role.VIEWER: lambda _handoff, _details: "anyone who can see it",
    Role.OWNER_COVER: lambda handoff, details: _cover(handoff.owner, details),
    Role.SENDER_COVER: lambda handoff, details: _cover(handoff.sender, details),
    Role.CLOCK: lambda _handoff, _details: "Baton itself",
}
"""The people who have a role, by name where the details know them."""

_SENTENCES: Final[Mapping[RefusalReason, Callable[[Refused, HandoffDetails | None], str]]] = {
    RefusalReason.DELETED: _deleted,
    RefusalReason.CLOSED: _closed,
    RefusalReason.TAKEN: _taken,
    RefusalReason.YOURS: _own_work,
    RefusalReason.RESERVED: _reserved,
    RefusalReason.NOT_NOW: _not_now,
    RefusalReason.NOT_ALLOWED: _not_allowed,
    RefusalReason.SAME: _same,
}
