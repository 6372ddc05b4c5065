"""Two acts on one form that overlap: what was done later counts, whichever of them arrives or is stored first.

Choosing in a field and sending its page are two requests of Slack's, and both carry all that stands on the page. So an
act that others have overtaken has nothing to add. What Baton fills in by itself overtakes nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from slackapp.forms.model import FormDraft

_ABSENT: Final = object()


@dataclass(frozen=True, kw_only=True)
class FormAct:
    """Something that was done in a form."""

    sent: int = 0
    """How many of its pages had been sent when what was acted in was drawn."""
    pressed_at: float | None = 0.0
    """When it was done, in Slack's seconds; None where a page was sent, of which Slack does not tell."""


def is_overtaken(act: FormAct, stored: FormDraft) -> bool:
    """Whether what is stored was done after this act: in what was drawn later, or later in the same."""
    if act.pressed_at is None:
        return False
    if (
        act.sent < stored.sent
    ):  # or the answer to the page that was sent never arrived, and people go on where they were
        return act.pressed_at < stored.sent_at
    return act.sent == stored.sent and act.pressed_at < stored.pressed_at


def with_act(draft: FormDraft, act: FormAct, now: datetime) -> FormDraft:
    """The form after an act that has it drawn anew."""
    if act.pressed_at is None:
        return replace(draft, sent=act.sent + 1, sent_at=now.timestamp(), pressed_at=0.0)
    return replace(draft, pressed_at=max(draft.pressed_at, act.pressed_at))


def merge_drafts(act: FormAct, base: FormDraft, mine: FormDraft, theirs: FormDraft) -> FormDraft:
    """A form with what two acts have made of it.

    Args:
        act: the one of them that is to be stored.
        base: the draft that it started from.
        mine: what it has made of that.
        theirs: what is stored by now, made by others.
    """
    if theirs == base:
        return mine
    later, earlier = (theirs, mine) if is_overtaken(act, theirs) else (mine, theirs)
    return replace(
        later,
        answers=_merge_values(base.answers, later.answers, earlier.answers),
        start=_merge_values(base.start, later.start, earlier.start),
        marks=_merge_values(base.marks, later.marks, earlier.marks),
        again={key: max(one.again.get(key, 0) for one in (mine, theirs)) for key in {**theirs.again, **mine.again}},
        passed=tuple(dict.fromkeys((*theirs.passed, *mine.passed))),
        more=mine.more or theirs.more,
        touched=mine.touched or theirs.touched,
        source=later.source or earlier.source,
        began_at=theirs.began_at or mine.began_at,
        beginning=earlier.beginning if later.beginning == base.beginning else later.beginning,
    )


def _merge_values(base: Mapping[str, Any], later: Mapping[str, Any], earlier: Mapping[str, Any]) -> dict[str, Any]:
    """What either has changed of the base, and where both have, what the later one made of it."""
    found = {}
    for key in {**base, **earlier, **later}:
        was, new = base.get(key, _ABSENT), later.get(key, _ABSENT)
        found[key] = earlier.get(key, _ABSENT) if new == was else new
    return {key: value for key, value in found.items() if value is not _ABSENT}
