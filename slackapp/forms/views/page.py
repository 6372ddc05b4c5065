"""A page of a form before it is drawn, and the private metadata that names it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from slackapp.forms.model import FormContext, FormDraft
from slackapp.forms.rules import core_fields
from slackapp.slack.block_kit import modals


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page to draw: its form's context and draft, and the present values."""

    form_context: FormContext
    draft: FormDraft
    values: Mapping[str, Any]
    """The present answers: stored ones, overridden by what was entered."""
    unsent: FormDraft | None = None
    """An unsent draft on offer."""
    notices: Sequence[str] = ()
    """mrkdwn sentences on top of the page."""
    problems: Mapping[str, str] = field(default_factory=dict)
    """What stopped the submit: a sentence by field or question, shown on top and at the field."""


def metadata(page: Page, **more: Any) -> str:
    """Return the private metadata of a page: ids only, nothing that was typed."""
    template, draft = page.form_context.template, page.draft
    return modals.metadata(
        handoff_id=draft.handoff_id,
        source=draft.source,
        draft=draft.draft_id,
        page=draft.page,
        template=template.key if template else None,
        version=template.version if template else None,
        offer=page.unsent.draft_id if page.unsent else None,
        more=draft.more,
        sent=draft.sent,
        **more,
    )


def layout(page: Page) -> core_fields.Layout:
    """Return which core fields the page shows."""
    several = page.form_context.several
    return core_fields.layout(page.form_context.template, page.values, several=several, more=page.draft.more)
