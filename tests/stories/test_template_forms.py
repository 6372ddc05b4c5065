"""Forms that ask what a template asks: page by page, with nothing lost that was typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from slackapp.app import Running
from storage import audit, drafts, handoffs, notes
from storage.records import Handoff, Note
from tests.slack_client import Modal, Workspace
from tests.stories.company import offering
from tests.stories.northwind import fill, open_form

Start = Callable[..., Running]
Company = Callable[..., Path]

pytestmark = pytest.mark.parametrize("dialect", ["sqlite", "postgresql"], indirect=True)

FIRST: Final = {"title": "Acme onboarding", "queue": "success", "next_step": "Call Mara"}
SOLD: Final = {
    "why_bought": "Their audit",
    "success": "Reports by Monday",
    "promised": "- a call on Friday\n2) an export",
    "stretch": "none",
    "people": "Mara, sponsor",
    "sceptics": "IT",
}
SIGNED: Final = {"use_case": "Reports", "contract": "Two years", "risk": "stable", "intro": "done"}


@pytest.fixture
def running(start: Start, company: Company) -> Running:
    """Customer Success is handed deals and projects, Support only cases, Sales has no form of its own."""
    return start(config=company(offering(success=["ae_csm", "project"], support=["tier2"])))


def stored(running: Running, number: int = 1) -> Handoff | None:
    with running.db.reading() as tx:
        return handoffs.by_number(tx, "T0LOCAL", number)


def kept(running: Running, number: int = 1) -> Handoff:
    found = stored(running, number)
    assert found is not None
    return found


def notes_of(running: Running) -> list[Note]:
    with running.db.reading() as tx:
        return notes.of(tx, kept(running).id)


def drafts_of(running: Running, user: str = "U0BEN") -> list[Any]:
    with running.db.reading() as tx:
        return [
            draft.content
            for draft in drafts.latest(tx, "T0LOCAL", user, running.baton.clock.now().replace(year=2000), 9)
        ]


def page_one(slack: Workspace, user: str = "U0BEN", **more: Any) -> Modal:
    """Choose the team, as Slack tells it at once, and fill in the first page."""
    form = open_form(slack, user)
    form.choose("queue", more.get("queue", FIRST["queue"]))
    return form.fill({**FIRST, **more})


def keys(form: Modal) -> list[str]:
    """The keys of the inputs that are shown."""
    return [block["block_id"].partition("~")[0] for block in form.raw["blocks"] if block["type"] == "input"]


def value(form: Modal, key: str) -> Any:
    """What stands in a field."""
    (state,) = next(state for block, state in form.values.items() if block.partition("~")[0] == key).values()
    option = state.get("selected_option")
    return option["value"] if option else state.get("value")


def submit_label(form: Modal) -> str:
    return str(form.raw["submit"]["text"])


def send(slack: Workspace, user: str = "U0BEN", **more: Any) -> Handoff | None:
    """Hand a deal over, page by page."""
    form = page_one(slack, user, **more)
    form.submit()
    form = Modal(slack, user, form.id)
    form.submit(SOLD)
    Modal(slack, user, form.id).submit(SIGNED)
    slack.settle()
    return None


def test_a_team_that_is_chosen_changes_at_once_what_is_asked(slack: Workspace, running: Running) -> None:
    form = open_form(slack, "U0BEN")
    assert keys(form) == ["title", "queue", "next_step", "note", "priority", "link"]
    assert submit_label(form) == "Hand off"

    form.fill({"title": "Acme onboarding"}).choose("queue", "success")
    assert keys(form) == ["title", "queue", "template", "next_step", "priority", "link"]
    assert submit_label(form) == "Next"
    assert value(form, "title") == "Acme onboarding"
    assert value(form, "template") == "ae_csm"

    form.choose("queue", "support")
    assert keys(form) == ["title", "queue", "next_step", "priority", "link"], "one form needs no choosing"
    form.choose("queue", "sales")
    assert keys(form) == ["title", "queue", "next_step", "note", "priority", "link"]
    assert submit_label(form) == "Hand off"
    assert value(form, "title") == "Acme onboarding"
    assert slack.problems() == []


def test_a_deal_is_handed_over_in_three_pages_and_kept_as_it_was_answered(slack: Workspace, running: Running) -> None:
    form = page_one(slack)
    form.submit()
    assert "Page 2 of 3: AE to customer success" in form.all_text()
    assert keys(form) == list(SOLD)
    assert "The sentence the sponsor would say to their own boss." in [
        block["hint"]["text"] for block in form.raw["blocks"] if "hint" in block
    ]
    assert submit_label(form) == "Next"
    form = Modal(slack, "U0BEN", form.id)
    form.submit(SOLD)
    assert "Page 3 of 3" in form.all_text()
    assert submit_label(form) == "Hand off"
    Modal(slack, "U0BEN", form.id).submit(SIGNED)
    slack.settle()

    assert not form.is_open
    handoff = kept(running)
    assert (handoff.template, handoff.title, handoff.next_step) == ("ae_csm", "Acme onboarding", "Call Mara")
    assert handoff.fields == {
        **SOLD,
        **SIGNED,
        "promised": ["a call on Friday", "an export"],
        "stretch": ["none"],
    }
    assert notes_of(running) == [], "the template's questions take the note's place"
    assert drafts_of(running) == [], "what was sent is no draft any more"
    assert slack.problems() == []


def test_what_was_typed_stays_when_paging_back_and_forth(slack: Workspace, running: Running) -> None:
    form = page_one(slack)
    form.submit()
    form = Modal(slack, "U0BEN", form.id)
    form.click("Back", {"why_bought": "Their audit"})
    assert value(form, "title") == "Acme onboarding"
    form.submit()
    assert value(form, "why_bought") == "Their audit"
    form.submit(SOLD)
    form = Modal(slack, "U0BEN", form.id)
    form.click("Back", {"use_case": "Reports"})
    assert value(form, "promised") == "a call on Friday\nan export"
    form.submit()
    assert value(form, "use_case") == "Reports"
    form.submit(SIGNED)
    slack.settle()

    assert kept(running).fields["promised"] == ["a call on Friday", "an export"]
    assert slack.problems() == []


def test_another_form_keeps_what_fits_and_the_first_ones_answers_for_coming_back(
    slack: Workspace, running: Running
) -> None:
    form = page_one(slack)
    form.submit()
    form = Modal(slack, "U0BEN", form.id)
    form.click("Back", SOLD)
    form.choose("template", "project")
    form.submit()
    assert keys(form) == ["done", "left", "decisions", "blocked", "people", "danger"]
    assert value(form, "people") == "Mara, sponsor", "the same question keeps its answer"
    form = Modal(slack, "U0BEN", form.id)
    form.click("Back", {"done": "All of it"})
    form.choose("template", "ae_csm")
    form.submit()
    assert value(form, "why_bought") == "Their audit"
    form.submit()
    Modal(slack, "U0BEN", form.id).submit(SIGNED)
    slack.settle()

    assert "done" not in kept(running).fields, "what the chosen form does not ask is not sent"
    assert slack.problems() == []


def test_a_required_answer_is_asked_for_and_nothing_is_lost(slack: Workspace, running: Running) -> None:
    form = page_one(slack)
    form.submit()
    form = Modal(slack, "U0BEN", form.id)
    form.submit({**SOLD, "promised": " \n "})
    assert form.errors == {"promised": "Please write something here."}
    assert value(form, "why_bought") == "Their audit"
    assert drafts_of(running)[0]["answers"]["why_bought"] == "Their audit"
    form.submit({"promised": "none"})
    assert "Page 3 of 3" in form.all_text()
    assert slack.problems() == []


def test_a_question_appears_when_another_answer_makes_it_matter(slack: Workspace, running: Running) -> None:
    form = page_one(slack)
    form.submit()
    form = Modal(slack, "U0BEN", form.id)
    form.submit(SOLD)
    form = Modal(slack, "U0BEN", form.id).fill({"use_case": "Reports"})
    assert "risk_why" not in keys(form)

    form.choose("risk", "watch")
    assert "risk_why" in keys(form)
    assert value(form, "use_case") == "Reports"
    assert value(form, "risk") == "watch"
    form.submit({"contract": "Two years", "intro": "done"})
    assert form.errors == {"risk_why": "Please write something here."}
    form.choose("risk", "stable")
    assert "risk_why" not in keys(form)
    form.submit()
    slack.settle()

    assert "risk_why" not in kept(running).fields
    assert slack.problems() == []


def test_a_submit_that_is_quicker_than_the_new_page_is_told_what_is_still_asked(
    slack: Workspace, running: Running
) -> None:
    form = open_form(slack, "U0BEN")
    form.submit({**FIRST, "note": "Some words"})
    assert "more than one form" in form.all_text()
    assert value(form, "template") == "ae_csm"
    form = Modal(slack, "U0BEN", form.id)
    form.submit()
    assert keys(form) == list(SOLD)
    form.submit(SOLD)
    Modal(slack, "U0BEN", form.id).submit({**SIGNED, "risk": "unstable"})
    assert "Please look at this first" in form.all_text()
    assert "Why that lamp?: Please write something here." in form.all_text()
    Modal(slack, "U0BEN", form.id).submit({"risk_why": "Their budget"})
    slack.settle()

    assert kept(running).fields["risk_why"] == "Their budget"
    assert [note.text.plain for note in notes_of(running)] == ["Some words"], "what was typed is kept"
    assert slack.problems() == []
