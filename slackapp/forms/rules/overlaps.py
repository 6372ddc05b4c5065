"""Merge overlapping acts on one form: the later act wins, in whichever order they arrive or are stored.

Choosing in a field and sending its page are two requests of Slack's, and both carry all values of the page. So an act
that a later one has overtaken adds nothing. Values that Baton fills in never overtake a person's act.
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
    """An act on a form: a page sent, or a button or select used."""

    sent: int = 0
    """Number of pages that had been sent when the page acted on was drawn."""
    pressed_at: float | None = 0.0
    """When it happened, in Slack's seconds since the epoch; None for a sent page, where Slack gives none."""


def is_overtaken(act: FormAct, stored: FormDraft) -> bool:
    """Whether the stored draft holds a later act: on a page drawn later, or later on the same page."""
    if act.pressed_at is None:
        return False
    if (
        act.sent < stored.sent
    ):  # unless the answer to the sent page never arrived and its author continues on the old page
        return act.pressed_at < stored.sent_at
    return act.sent == stored.sent and act.pressed_at < stored.pressed_at


def with_act(draft: FormDraft, act: FormAct, now: datetime) -> FormDraft:
    """Return a draft with the order of an act recorded, so that later acts can be told from earlier ones."""
    if act.pressed_at is None:
        return replace(draft, sent=act.sent + 1, sent_at=now.timestamp(), pressed_at=0.0)
    return replace(draft, pressed_at=max(draft.pressed_at, act.pressed_at))


def merge_drafts(act: FormAct, base: FormDraft, mine: FormDraft, theirs: FormDraft) -> FormDraft:
    """Return the merge of two acts' drafts.

    Args:
        act: the act to store.
        base: the draft that it started from.
        mine: the draft after the act.
        theirs: the draft stored meanwhile by other acts.
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
        touched=mine.touched or theirs.touched,
        source=later.source or earlier.source,
        began_at=theirs.began_at or mine.began_at,
        beginning=earlier.beginning if later.beginning == base.beginning else later.beginning,
    )


def _merge_values(base: Mapping[str, Any], later: Mapping[str, Any], earlier: Mapping[str, Any]) -> dict[str, Any]:
    """Merge two changed mappings with their common base; where both changed a value, the later one wins."""
    found = {}
    for key in {**base, **earlier, **later}:
        was, new = base.get(key, _ABSENT), later.get(key, _ABSENT)
        found[key] = earlier.get(key, _ABSENT) if new == was else new
    return {key: value for key, value in found.items() if value is not _ABSENT}
