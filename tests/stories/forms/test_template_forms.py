"""Forms with a template's questions, page by page, with nothing lost that was typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from slackapp.app import Running
from slackapp.forms.listeners.open_form import submit
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.operations.purge import purge
from slackapp.slack import payloads
from slackapp.slack.conversation import CloseModals, Context, UpdateModal
from storage.handoffs import audit, drafts, handoffs, notes
from storage.handoffs.acts import Edit
from storage.handoffs.lifecycle import Moved
from storage.handoffs.model import Handoff, Note, StoredDraft
from tests.databases import EITHER
from tests.slack_client import Message, Modal, Workspace
from tests.stories.company import offering
from tests.stories.northwind import fill, open_form

Start = Callable[..., Running]
Company = Callable[..., Path]

pytestmark = EITHER

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
def running(share: Start, company: Company) -> Running:
    """Customer Success is handed deals and projects, Support only cases, Sales has no form of its own."""
    return share(config=company(offering(success=["ae_csm", "project"], support=["tier2"])))


def stored(running: Running, number: int = 1) -> Handoff | None:
    with running.db.reading() as tx:
        return handoffs.get_by_number(tx, "T0LOCAL", number)


def kept(running: Running, number: int = 1) -> Handoff:
    found = stored(running, number)
    assert found is not None
    return found


def notes_of(running: Running) -> list[Note]:
    with running.db.reading() as tx:
        return notes.list_for_handoff(tx, kept(running).id)


def drafts_of(running: Running, user: str = "U0BEN") -> list[StoredDraft]:
    since = running.baton.clock.now() - timedelta(days=365)
    with running.db.reading() as tx:
        return drafts.list_for_author(tx, "T0LOCAL", user, since, 9)


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


def next_page(form: Modal, values: dict[str, Any] | None = None) -> Modal:
    """Send a page, and look at the one that follows with nothing typed into it."""
    answer = form.submit(values)
    assert answer.ok, answer
    return Modal(form.workspace, form.user, form.id)


def hand_over(slack: Workspace, **more: Any) -> Message:
    """A deal, page by page; its card."""
    next_page(next_page(next_page(page_one(slack, **more)), SOLD), SIGNED)
    slack.settle()
    return slack.find("U0BEN", "C0SUCCESS", "Acme onboarding")


def test_a_team_that_is_chosen_changes_at_once_what_is_asked(slack: Workspace, running: Running) -> None:
    form = open_form(slack, "U0BEN")
    assert keys(form) == ["queue", "template", "title", "next_step", "priority", "note"]
    assert form.suggest("template", "") == [], "its place is kept; there is none to choose yet"
    assert submit_label(form) == "Next"

    form.fill({"title": "Acme onboarding"}).choose("queue", "success")
    assert keys(form) == ["queue", "template", "title", "next_step", "priority", "link"]
    assert submit_label(form) == "Next"
    assert value(form, "title") == "Acme onboarding"
    assert value(form, "template") == "ae_csm"

    form.choose("queue", "support")
    assert keys(form) == ["queue", "template", "title", "next_step", "priority", "link"], "no field moves"
    assert value(form, "template") == "tier2"
    form.choose("queue", "sales")
    assert keys(form) == ["queue", "template", "title", "next_step", "priority", "note"]
    assert value(form, "template") == "standard"
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
    assert form.problems == {"promised": "This is empty. Please add an answer."}
    assert value(form, "why_bought") == "Their audit"
    assert drafts_of(running)[0].content["answers"]["why_bought"] == "Their audit"
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
    assert set(form.errors) == {"risk_why"}
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
    assert "several templates" in form.all_text()
    assert value(form, "template") == "ae_csm"
    form = Modal(slack, "U0BEN", form.id)
    form.submit()
    assert keys(form) == list(SOLD)
    form.submit(SOLD)
    Modal(slack, "U0BEN", form.id).submit({**SIGNED, "risk": "unstable"})
    assert "Not handed off yet." in form.all_text()
    assert "*Why isn't it stable?* This is empty. Please add an answer." in form.all_text()
    Modal(slack, "U0BEN", form.id).submit({"risk_why": "Their budget"})
    slack.settle()

    assert kept(running).fields["risk_why"] == "Their budget"
    assert [note.text.plain for note in notes_of(running)] == ["Some words"], "what was typed is kept"
    assert slack.problems() == []


def test_a_form_that_was_begun_is_offered_again_for_a_day(slack: Workspace, running: Running) -> None:
    form = next_page(page_one(slack))
    form.submit({**SOLD, "promised": None})
    form.fill({"why_bought": "Their second audit"}).click("Back")
    form.close()

    slack.wait(minutes=5)
    again = open_form(slack, "U0BEN")
    begun = (
        r"You have an unsent handoff from <!date\^\d+\^\{date_short_pretty\} at \{time\}\|[^>]+>: “Acme onboarding”\."
    )
    assert re.search(begun, again.all_text()), "it is kept for a day, so the time alone would not say when"
    assert value(again, "title") is None
    again.fill({"title": "Something else"}).click("Continue")
    again = Modal(slack, "U0BEN", again.id)
    assert value(again, "title") == "Acme onboarding", "what was kept takes the place of what was typed meanwhile"
    assert value(again, "queue") == "success"
    assert "You have an unsent handoff" not in again.all_text()
    again = next_page(again)
    assert value(again, "why_bought") == "Their second audit"
    next_page(next_page(again, SOLD), SIGNED)
    slack.settle()

    assert kept(running).title == "Acme onboarding"
    other = open_form(slack, "U0BEN")
    assert "Something else" in other.all_text(), "what was typed meanwhile was kept as well"
    other.click("Discard")
    assert "You have an unsent handoff" not in other.all_text()
    assert drafts_of(running) == []
    assert slack.problems() == []


def test_a_form_is_offered_to_its_author_alone_and_not_after_a_day(slack: Workspace, running: Running) -> None:
    form = next_page(page_one(slack))
    form.close()
    assert "You have an unsent handoff" not in open_form(slack, "U0CLARA").all_text()
    assert "You have an unsent handoff" in open_form(slack, "U0BEN").all_text()
    slack.wait(hours=24, minutes=1)
    assert "You have an unsent handoff" not in open_form(slack, "U0BEN").all_text()
    purge(running.baton, 90)
    assert drafts_of(running) == []
    assert slack.problems() == []


def test_closing_the_form_keeps_what_was_typed_and_nothing_where_nothing_was(
    slack: Workspace, running: Running
) -> None:
    open_form(slack, "U0BEN").close()
    assert drafts_of(running) == []
    form = open_form(slack, "U0BEN")
    form.choose("queue", "success")
    form.fill({"title": "Acme onboarding"}).click("More")
    form.close()
    assert [draft.content["answers"]["title"] for draft in drafts_of(running)] == ["Acme onboarding"]
    assert slack.problems() == []


def test_a_form_continued_after_a_lost_answer_makes_no_second_handoff(slack: Workspace, running: Running) -> None:
    form = next_page(next_page(page_one(slack)), SOLD)
    other = open_form(slack, "U0BEN")
    other.click("Continue")
    last = Modal(slack, "U0BEN", other.id)
    assert "Page 3 of 3" in last.all_text(), "it goes on where it was left"
    last.submit(SIGNED)
    slack.settle()
    payload = [call for call in slack.calls(kind="delivery") if call["args"].get("type") == "view_submission"][-1]
    assert payload["args"]["view"]["id"] != form.id

    twin = dict(payload["args"])
    sheet = payloads.parse_submit(twin)
    context = Context(baton=running.baton, workspace="T0LOCAL", team_url="https://northwind.example")
    assert isinstance(submit(context, sheet), CloseModals), "the same page once more is the same form"
    changed = replace(sheet, values={**sheet.values, "use_case": "Something else"})
    assert isinstance(submit(context, changed), UpdateModal), "another answer is shown what is stored"
    slack.settle()
    assert stored(running, 2) is None
    assert slack.problems() == []


def test_nothing_to_report_is_a_statement_of_its_own(slack: Workspace, start: Start, company: Company) -> None:
    running = start(config=company(offering(support=["eng_oncall"])))
    form = next_page(page_one(slack, queue="support", title="Night shift"))
    assert len(keys(form)) > 1
    form.fill({"open": "One alert"}).choose("quiet", ["yes"])
    assert keys(form) == ["quiet"]
    assert submit_label(form) == "Hand off"
    form = Modal(slack, "U0BEN", form.id)
    form.choose("quiet", [])
    assert value(form, "open") == "One alert"
    form.choose("quiet", ["yes"])
    form.submit()
    slack.settle()

    assert kept(running).fields == {"quiet": True}
    assert slack.problems() == []


def test_an_edit_names_each_question_that_it_changed(slack: Workspace, running: Running) -> None:
    card = hand_over(slack, link="https://crm.example.com/deals/7")
    assert kept(running).record == "crm.example.com/deals/7"
    card.choose("Edit", by="U0BEN")
    form = slack.modal("U0BEN")
    assert keys(form) == ["title", "next_step", "priority", "needed_by", "link", "told_customer"]
    assert submit_label(form) == "Next"
    changed = {"link": "https://crm.example.com/deals/8", "title": "Acme, enterprise", "told_customer": "full_story"}
    form = next_page(form, changed)
    assert value(form, "success") == "Reports by Monday"
    form = next_page(
        form, {"success": "Reports by Tuesday", "promised": "a call on Friday\nan import", "sceptics": None}
    )
    form.choose("risk", "watch")
    next_page(form, {"risk_why": "Their budget"})
    slack.settle()

    handoff = kept(running)
    assert handoff.title == "Acme, enterprise"
    assert handoff.record == "crm.example.com/deals/8"
    assert "sceptics" not in handoff.fields
    assert handoff.fields["promised"] == ["a call on Friday", "an import"]
    with running.db.reading() as tx:
        (entry,) = [entry for entry in audit.list_for_handoff(tx, handoff.id) if entry.verb == "edit"]
    assert set(entry.facts["fields"]) == {
        "link", "title", "fields.success", "fields.promised", "fields.sceptics", "fields.risk", "fields.risk_why",
        "fields.told_customer",
    }  # fmt: skip
    card.click("Details", by="U0BEN")
    shown = slack.modal("U0BEN").all_text()
    assert "*What they expect after 90 days:* Reports by Monday changed to Reports by Tuesday" in shown
    assert "*How stable is the account?* Stable changed to Watch" in shown
    assert "*Who was against it, and why:* IT changed to nothing" in shown
    assert "*what the customer knows:* nothing changed to The full story" in shown
    assert "fields." not in shown
    assert drafts_of(running) == []
    assert slack.problems() == []


def test_an_edit_undoes_nothing_that_somebody_else_changed_meanwhile(slack: Workspace, running: Running) -> None:
    card = hand_over(slack)
    card.choose("Edit", by="U0BEN")
    mine = next_page(slack.modal("U0BEN"))
    edit = Edit(changes={"title": "Acme, renamed"}, answers={"people": "Tom, sponsor"})
    request = Request(workspace="T0LOCAL", handoff_id=kept(running).id, act=edit, user="U0DAN")
    assert isinstance(carry_out(running.baton, request), Moved)

    next_page(next_page(mine, {"success": "Reports by Tuesday"}))
    slack.settle()

    handoff = kept(running)
    assert handoff.title == "Acme, renamed"
    assert (handoff.fields["people"], handoff.fields["success"]) == ("Tom, sponsor", "Reports by Tuesday")
    assert slack.problems() == []


def test_a_resend_says_why_it_came_back_and_begins_with_what_was_answered(slack: Workspace, running: Running) -> None:
    card = hand_over(slack)
    card.choose("Send back", by="U0EVA")
    fill(slack, "U0EVA", reason="missing", note="Who signs? <@U0KIM>")
    card.click("Add and send again", by="U0BEN")
    form = slack.modal("U0BEN")
    assert "Information is missing" in form.all_text()
    assert "Who signs?" in form.all_text()
    assert keys(form) == ["note"], "the answer comes first; what was sent before is behind a button"
    (block,) = [block for block in form.raw["blocks"] if block["type"] == "input"]
    assert (block["label"]["text"], block["element"]["focus_on_load"]) == ("Your answer", True)
    assert submit_label(form) == "Add and send again"
    form.submit({"note": " "})
    assert list(form.problems) == ["note"]
    assert "Not sent yet." in form.all_text()
    form.fill({"note": "Mara signs."}).click("Edit other answers")
    assert keys(form) == ["note", "title", "next_step", "link"]
    assert submit_label(form) == "Next"
    form = next_page(form)
    assert value(form, "why_bought") == "Their audit"
    form = next_page(form, {"people": "Mara, sponsor and signer"})
    assert submit_label(form) == "Add and send again"
    next_page(form)
    slack.settle()

    assert kept(running).fields["people"] == "Mara, sponsor and signer"
    assert kept(running).state == "open"
    assert [note.text.plain for note in notes_of(running) if note.verb == "resend"] == ["Mara signs."]
    assert slack.problems() == []


CASE: Final = {
    "symptom": "Export fails",
    "impact": "team",
    "expected": "A file",
    "steps": "Sign in\nPress Export",
    "env": "Chrome",
    "tried": "Another browser",
    "ask": "fix",
}


def case(form: Modal, **more: Any) -> dict[str, Any]:
    """The answers to a support case that this page asks for."""
    since = {"since": 1_800_000_000}
    return {key: answer for key, answer in {**CASE, **since, **more}.items() if key in keys(form)}


def test_files_are_links_and_with_the_scope_also_files_of_slack(
    slack: Workspace, start: Start, company: Company
) -> None:
    slack.change("scopes", granted=[*slack.overview()["granted"], "files:read"])
    running = start(config=company(offering(support=["tier2"])))
    form = next_page(page_one(slack, queue="support"))
    form = next_page(form, case(form))
    log = {"id": "F1", "name": "log.txt", "permalink": "https://northwind.slack.com/files/F1", "size": 9}
    assert "evidence.files" in keys(form)
    filled = case(form, **{"evidence": "no link", "evidence.files": [log]})
    form.submit(filled)
    assert form.problems == {"evidence": "This isn't a web address. Start it with https://"}
    form = next_page(form, {**filled, "evidence": "https://a.example/1\n https://a.example/2"})
    form.click("Back")
    assert "Attached: log.txt" in str(form.raw["blocks"])
    form = next_page(form)
    next_page(form, case(form))
    slack.settle()

    evidence = kept(running).fields["evidence"]
    assert evidence["links"] == ["https://a.example/1", "https://a.example/2"]
    assert evidence["files"] == [{key: log[key] for key in ("id", "name", "permalink")}]
    assert slack.problems() == []


def test_without_the_scope_a_form_asks_for_links_only(slack: Workspace, start: Start, company: Company) -> None:
    slack.change("scopes", granted=[scope for scope in slack.overview()["granted"] if scope != "files:read"])
    start(config=company(offering(support=["tier2"])))
    form = next_page(page_one(slack, queue="support"))
    form = next_page(form, case(form))
    assert "evidence" in keys(form)
    assert "evidence.files" not in keys(form)
    assert slack.problems() == []


def test_a_mistake_on_the_first_page_that_shows_late_leads_back_there(slack: Workspace, running: Running) -> None:
    form = page_one(slack)
    form = next_page(form, {"needed_by": int(slack.now()) + 600})
    form = next_page(form, SOLD)
    slack.wait(minutes=11)
    form = next_page(form, SIGNED)
    assert "*Needed by:* This time has passed" in form.all_text()
    assert keys(form) == ["note", "person", "needed_by", "told_customer"], "the page behind More, where it is"
    form = next_page(next_page(form, {"needed_by": None}))
    next_page(form)
    slack.settle()

    assert kept(running).needed_by is None
    assert kept(running).fields["contract"] == "Two years"
    assert slack.problems() == []


def test_what_the_customer_knows_is_asked_behind_more_and_kept(slack: Workspace, running: Running) -> None:
    form = next_page(page_one(slack, told_customer="full_story", person="U0EVA"))
    next_page(next_page(form, SOLD), SIGNED)
    slack.settle()

    assert kept(running).fields["told_customer"] == "full_story"
    assert kept(running).offered_to == "U0EVA"
    assert slack.problems() == []


def test_a_company_with_one_team_is_asked_its_questions_at_once(
    slack: Workspace, start: Start, company: Company
) -> None:
    def alone(read: dict[str, Any]) -> None:
        read["queues"] = [queue for queue in read["queues"] if queue["key"] == "success"]

    start(config=company(offering(success=["ae_csm"]), alone))
    form = open_form(slack, "U0BEN")
    assert value(form, "queue") == "success"
    assert submit_label(form) == "Next"
    assert "note" not in keys(form)
    assert slack.problems() == []


def test_a_message_that_is_handed_over_keeps_its_words_as_the_note(slack: Workspace, running: Running) -> None:
    said = slack.message("U0CLARA", "Acme signed today", channel="C0SALES")
    said.shortcut("handoff.from_message", by="U0BEN")
    form = slack.modal("U0BEN")
    form.choose("queue", "success")
    assert keys(form) == ["queue", "template", "title", "next_step", "priority", "note"]
    assert "Filled in under More. Link: <" in form.all_text()
    assert value(form, "title") == "Acme signed today"
    form = next_page(form, {"next_step": "Call"})
    next_page(next_page(form, SOLD), SIGNED)
    slack.settle()

    handoff = kept(running)
    assert handoff.source is not None
    assert handoff.source.ts == said.ts
    assert "Written by Clara Weiss" in notes_of(running)[0].text.plain
    assert slack.problems() == []
