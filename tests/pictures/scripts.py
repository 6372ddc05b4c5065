"""The scene of every picture, in the order in which they are played.

The clock moves to a morning at the beginning, and further from the late card on: before many handoffs wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.pictures import beginnings, cards, forms, homes, moments, own_templates, setup, sheet, taking_over, templates
from tests.pictures.camera import Script

SCRIPTS: Final[Mapping[str, Script]] = {
    "setup-start": setup.start,  # first: a handoff ends the first steps, which it shows
    "home-first-steps": homes.first_steps,
    "story": moments.story,
    "morning": moments.morning,
    "two-people": moments.two_people,
    "inspector": moments.inspector,
    **sheet.SHEETS,
    "presence": moments.presence,
    "dm-sender": moments.sender_told,
    "answer-mine": moments.mine,
    "answer-open": moments.waiting,
    "home-new": homes.new,
    "card-open": cards.opened,
    "card-menu": cards.menu,
    "form-open": forms.opened,
    "card-offered": cards.offered,
    "card-claimed": cards.claimed,
    "card-snoozed": cards.snoozed,
    "card-returned": cards.returned,
    "card-passed-on": cards.passed_on,
    "card-done": cards.done,
    "card-cancelled": cards.cancelled,
    "card-deleted": cards.deleted,
    "form-errors": forms.errors,
    "show-all": forms.show_all,
    **{f"form-{name}": script for name, script in forms.VERBS.items()},
    "answer-race": moments.too_late_to_claim,
    "dm-offered": moments.offered,
    "dm-manager": moments.manager_reminded,
    "home-owner": homes.owner,
    "home-phone": homes.phone,
    "card-late": cards.late,
    "answer-why": moments.why,
    "dm-bundle": moments.bundle,
    "dm-still-on-it": moments.still_on_it,
    "home-manager": homes.manager,
    "home-admin": homes.admin,
    "card-custody": taking_over.custody,
    **taking_over.FORMS,
    "card-read-back-due": taking_over.due,
    "card-asked": taking_over.asked,
    "card-private": taking_over.private,
    "dm-read-back": taking_over.asked_whether_right,
    "dm-question": taking_over.question,
    "dm-verdict": taking_over.verdict,
    "answer-context": taking_over.numbers,
    "form-message": beginnings.from_message,
    "form-duplicate": beginnings.duplicate,
    "form-continued": beginnings.continued,
    "form-advice": beginnings.advice,
    "form-prefilled": beginnings.prefilled,
    "templates-list": own_templates.shelf,
    "templates-draft": own_templates.draft,
    "templates-preview": own_templates.preview,
    "setup-team": setup.team,
    "setup-deadlines": setup.deadlines,
    "settings": homes.settings,
    **dict(templates.scripts()),
}

ONE_OF_EACH: Final = frozenset(
    {
        *("story", "two-people", "inspector", *sheet.SHEETS, "presence", "card-menu"),
        *("answer-mine", "card-open", "dm-sender", "form-open", "home-new"),
    }
)
"""A private answer, a card, a direct message and a form, which the page shows as all others of their kind; and every
picture that is about the page itself."""

ANOTHER_OF_A_KIND: Final = templates.on_the_way() | frozenset(
    {
        *(f"form-{verb}" for verb in forms.VERBS if verb not in {"decline", "assign", "snooze", "resend"}),
        *(
            "card-offered",
            "card-claimed",
            "card-snoozed",
            "card-returned",
            "card-done",
            "card-cancelled",
            "card-deleted",
        ),
        *("form-read-back-strict", "form-ask", "form-answer", "form-delete-note", "form-return-template"),
        *("setup-start", "setup-deadlines", "settings"),
    }
)
"""Scenes that need not be played to know that they can be: stories press the same buttons, and another scene of their
kind is played. A verb's form is opened from the card, its menu and Details, and after another verb."""
