"""Every shipped template: filled in by one person, shown to another, stored as written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from slackapp.app import Running
from slackapp.templates.rules import questions
from storage.handoffs import handoffs
from storage.handoffs.model import Handoff
from tests.databases import in_turns
from tests.filled import EXAMPLES, TEMPLATES
from tests.slack_client import Workspace
from tests.stories.company import offering
from tests.stories.template_form import MOST_PAGES, walk_through


@pytest.fixture
def running(share: Callable[..., Running], company: Callable[..., Path]) -> Running:
    """Customer Success offers every template there is."""
    return share(company(offering(success=list(TEMPLATES))))


def stored(running: Running) -> Handoff:
    with running.db.reading() as tx:
        found = handoffs.get_by_number(tx, "T0LOCAL", 1)
    assert found
    return found


def first_page(key: str) -> dict[str, str]:
    """What every form asks."""
    example = EXAMPLES[key]
    written = {
        "title": example.title,
        "next_step": example.next_step,
        "priority": example.priority,
        "link": example.link or "",
        "note": example.note,
    }
    return {field: text for field, text in written.items() if text}


@in_turns("key", {key: key for key in EXAMPLES})
def test_the_example_can_be_typed_and_is_kept_as_written_and_an_edit_that_only_turns_the_pages_changes_nothing(
    slack: Workspace, running: Running, key: str
) -> None:
    example = EXAMPLES[key]
    walk_through(slack, "U0BEN", "success", TEMPLATES[key], first=first_page(key), answers=example.fields)
    kept = stored(running)
    assert kept.fields == example.fields
    assert (kept.template, kept.title, kept.next_step, kept.link) == (
        key, example.title, example.next_step, example.link,
    )  # fmt: skip

    slack.command("U0BEN", "#1", channel="C0SUCCESS")
    slack.ephemerals("U0BEN", "C0SUCCESS")[-1].click("Details", by="U0BEN")
    slack.modal("U0BEN").click("Edit")
    turned = 0
    while (forms := [form for form in slack.views("U0BEN") if form.title.startswith("Edit")]) and turned < MOST_PAGES:
        forms[-1].submit()
        turned += 1
    slack.settle()

    assert turned == 1 + len(questions.pages(TEMPLATES[key]))
    assert stored(running) == kept
    assert slack.problems() == []


def test_a_quiet_shift_is_handed_over_with_one_tick(slack: Workspace, running: Running) -> None:
    template = TEMPLATES["eng_oncall"]

    walk_through(slack, "U0BEN", "success", template, first=first_page("eng_oncall"), answers={"quiet": True})

    assert stored(running).fields == {"quiet": True}
    assert "Nothing to report" in slack.find("U0EVA", "C0SUCCESS", EXAMPLES["eng_oncall"].title).all_text()
    assert slack.problems() == []
