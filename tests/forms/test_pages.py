"""Views of the forms: their fields, first values and validity in Slack."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from slackapp.forms.model import FormContext, FormDraft
from slackapp.forms.views import pages
from slackapp.forms.views.page import Page
from slackapp.handoffs.listeners.buttons import IMMEDIATE_VERBS
from slackapp.handoffs.views import wording
from slackapp.handoffs.views.verb_forms import FORMS, already_stored, queue_options, verb_form
from slackapp.slack import ids
from slackapp.slack.block_kit import modals
from slackapp.slack.block_kit.modals import metadata
from slackapp.slack.block_kit.rich_text import plain_of, rich_of
from slackapp.slack.ids import Field
from slackapp.templates.rules import parse_answers
from storage.company.model import Queue
from storage.handoffs.lifecycle import RULES, Situation, Verb
from storage.handoffs.model import Source, Text
from storage.templates.model import NoteMode, Template
from tests.handoffs.samples import (
    ANA,
    EXTREMES,
    MONDAY_9,
    PINGING,
    SITUATIONS,
    TOM,
    a_note,
    a_queue,
    bare,
    extreme,
    some_details,
)
from tests.handoffs.views.view_checks import offered, sound_view, words_of
from tests.pairs import Combine
from tests.tables import check_rows

SOURCE = Source(channel="C1", ts="1.2", thread_ts="1.0", permalink="https://acme.slack.com/p12", author=TOM)


def queues(count: int) -> list[Queue]:
    return [a_queue(key=f"q{n}", name=f"Team {n} & <friends>") for n in range(count)]


def open_form(
    queues: list[Queue] | None,
    values: Mapping[str, Any] | None = None,
    *,
    queue: Queue | None = None,
    source: Source | None = None,
    more: bool = False,
    again: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    draft = FormDraft(more=more, source=source, again=again or {})
    return pages.draw_page(
        Page(form_context=FormContext(now=MONDAY_9, queue=queue, queues=queues), draft=draft, values=values or {})
    )


def note_of(rich: Mapping[str, Any]) -> Any:
    return parse_answers.parse_core(Text(plain=plain_of(rich), rich=rich))


def inputs(view: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


def element(view: Mapping[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = inputs(view)[key]["element"]
    return found


def test_the_open_form_asks_six_things_in_order_and_the_rest_on_a_page_of_its_own() -> None:
    view, behind = sound_view(open_form(queues(3))), sound_view(open_form(queues(3), more=True))

    assert list(inputs(view)) == ["queue", "title", "next_step", "priority", "note", "link"]
    assert list(inputs(behind)) == ["person", "needed_by", "told_customer"]
    assert (offered(view["blocks"]), offered(behind["blocks"])) == ({"form.more"}, {"form.back"})
    shown = {**inputs(view), **inputs(behind)}
    assert [key for key, block in shown.items() if block["optional"]] == [
        "link",
        "person",
        "needed_by",
        "told_customer",
    ]
    assert view["callback_id"] == "handoff.open"
    assert view["submit"]["text"] == "Next", "nobody knows yet whether the team asks more"
    assert open_form(queues(3), queue=queues(1)[0])["submit"]["text"] == "Hand off"


TEMPLATES = [
    Template(key="deal", name="Deal", note=NoteMode.OPTIONAL, about="A deal that was won."),
    Template(key="patient", name="Patient", note=NoteMode.NONE, about="A patient.", private=True),
    Template(key="case", name="Case", note=NoteMode.REQUIRED),
]


def with_template(template: Template | None, values: Mapping[str, Any] | None = None, *, more: bool = False) -> Any:
    known = FormContext(
        now=MONDAY_9, queue=a_queue(name="Ward 4") if template else None, queues=queues(2), several=True,
        template=template, offered=TEMPLATES if template else (),
    )  # fmt: skip
    return sound_view(pages.draw_page(Page(form_context=known, draft=FormDraft(more=more), values=values or {})))


@pytest.mark.parametrize("template", [None, *TEMPLATES])
def test_a_choice_of_team_or_template_changes_only_the_end_of_the_page(template: Template | None) -> None:
    view = with_template(template)

    found = list(inputs(view))
    assert found[:5] == ["queue", "template", "title", "next_step", "priority"]
    assert found[5:] in (["note"], ["link"])
    kinds = [block["type"] for block in view["blocks"]]
    assert kinds[:6] == ["input"] * 6, "nothing is put above a field either"
    assert len(inputs(with_template(template, more=True))) <= 6


def test_the_place_of_the_template_is_kept_before_there_is_any_to_choose() -> None:
    view = with_template(None)

    assert element(view, "template")["type"] == "external_select"
    assert element(view, "template")["placeholder"]["text"] == "Choose a team first"
    assert inputs(view)["template"]["optional"] is True


def test_a_private_template_says_who_can_read_it_before_anything_is_typed() -> None:
    view = with_template(TEMPLATES[1])

    said = inputs(view)["template"]["hint"]["text"]
    assert said.startswith("Private: only you, Ward 4 and its managers, and anyone it is assigned to can read it.")
    assert "told_customer" not in inputs(with_template(TEMPLATES[1], more=True)), "a patient is no customer"
    for key in ("title", "next_step"):
        assert "placeholder" not in element(view, key), "an example from sales does not fit"
    assert "Private" not in words_of(with_template(TEMPLATES[0]))


def test_a_value_behind_more_is_named_on_the_first_page() -> None:
    values = {"person": TOM, "link": "https://x.example/1", "told_customer": "full_story"}
    said = words_of(with_template(TEMPLATES[2], values))

    assert f"Filled in under More. Link: <https://x.example/1|https://x.example/1> · Offer to: <@{TOM}>" in said
    assert "What does the customer know?: The full story" in said


def test_a_problem_stands_on_top_and_at_its_field_which_has_the_focus() -> None:
    page = Page(
        form_context=FormContext(now=MONDAY_9, queue=a_queue(), queues=queues(2)),
        draft=FormDraft(again={"title": 1}),
        values={},
        problems={"title": "This is empty. Please add an answer.", "note": "Also <empty>."},
    )
    view = sound_view(pages.draw_page(page))

    top = view["blocks"][0]["text"]["text"]
    assert top.startswith(":warning: *Not handed off yet.*")
    assert "• *Title:* This is empty. Please add an answer." in top
    ids_in_order = [block.get("block_id", block["type"]) for block in view["blocks"]]
    assert ids_in_order[ids_in_order.index("title~2") - 1] == "context"
    assert "Also &lt;empty&gt;." in view["blocks"][ids_in_order.index("note") - 1]["elements"][0]["text"]
    focused = [key for key, block in inputs(view).items() if block["element"].get("focus_on_load")]
    assert focused == ["title~2"]


def test_every_input_is_named_so_that_the_submit_can_be_read() -> None:
    for verb in FORMS:
        for key, block in inputs(verb_form(verb, some_details(), MONDAY_9)).items():
            assert key in set(Field)
            assert block["element"]["action_id"] == ids.VALUE


def test_up_to_a_hundred_teams_are_a_list_and_more_are_searched() -> None:
    hundred, more = open_form(queues(100)), open_form(queues(150))

    assert element(sound_view(hundred), "queue")["type"] == "static_select"
    assert element(sound_view(more), "queue")["type"] == "external_select"
    assert element(sound_view(more), "queue")["min_query_length"] == 0
    assert element(sound_view(open_form(None)), "queue")["type"] == "external_select"


@pytest.mark.parametrize("known", [queues(3), queues(150), None])
def test_a_chosen_team_stands_in_the_form(known: list[Queue] | None) -> None:
    chosen = queues(3)[1]
    view = sound_view(open_form(known, queue=chosen))

    assert element(view, "queue")["initial_option"]["value"] == "q1"


def test_a_chosen_team_that_is_gone_is_not_chosen() -> None:
    view = sound_view(open_form(queues(2), queue=a_queue(key="gone")))

    assert "initial_option" not in element(view, "queue")


def test_without_any_team_the_form_says_how_to_set_one_up() -> None:
    view = sound_view(open_form([]))

    assert "There is no team yet" in words_of(view)
    assert "submit" not in view


def test_the_search_for_teams_answers_with_at_most_a_hundred() -> None:
    assert len(queue_options(queues(150))) == 100
    assert queue_options(queues(1))[0]["text"]["text"] == "Team 0 & <friends>"


def test_what_is_known_already_stands_in_the_form() -> None:
    values = {
        "title": "Acme",
        "person": TOM,
        "priority": "critical",
        "next_step": "Call",
        "note": note_of(rich_of("", quoted="They called")),
        "link": "https://x.example/1",
        "needed_by": MONDAY_9.isoformat(),
    }
    view = sound_view(open_form(queues(2), values, source=SOURCE))

    assert element(view, "title")["initial_value"] == "Acme"
    assert element(view, "priority")["initial_option"]["value"] == "critical"
    behind = sound_view(open_form(queues(2), values, more=True))
    assert element(behind, "person")["initial_user"] == TOM
    assert element(behind, "needed_by")["initial_date_time"] == int(MONDAY_9.timestamp())
    assert element(view, "link")["initial_value"] == "https://x.example/1"
    assert element(view, "note")["initial_value"]["elements"][0]["type"] == "rich_text_quote"
    assert json.loads(view["private_metadata"])["source"]["author"] == TOM


@pytest.mark.parametrize("text", ["🚀" * 40_000, "word " * 40_000], ids=["emoji", "words"])
def test_a_huge_message_that_is_handed_on_is_cut_to_what_a_form_can_hold(text: str) -> None:
    view = sound_view(open_form(queues(100), {"note": note_of(rich_of("Written by Ana", quoted=text))}))

    assert len(json.dumps(view)) < 250_000
    assert len(plain_of(element(view, "note")["initial_value"])) >= 10_000


def test_a_new_handoff_is_of_normal_urgency_until_somebody_says_otherwise() -> None:
    assert element(open_form(queues(1)), "priority")["initial_option"]["value"] == "normal"


def test_a_field_whose_content_we_replace_gets_another_id() -> None:
    view = sound_view(open_form(queues(1), {"title": "Short"}, again={"title": 1}))

    assert {"title~2", "queue"} <= set(inputs(view))


@pytest.mark.parametrize("text", EXTREMES.values(), ids=EXTREMES.keys())
def test_whatever_is_filled_in_slack_takes_the_open_form(text: str) -> None:
    queue = a_queue(name=text)
    for note in (rich_of(text), rich_of(text, quoted=text), PINGING):
        values = {"title": text, "next_step": text, "link": text, "note": note_of(note)}
        sound_view(open_form([queue], values, queue=queue))


def test_every_verb_form_in_every_situation_is_one_that_slack_takes(combine: Combine) -> None:
    def check(row: tuple[Any, ...]) -> None:
        verb, here, text = row
        sound_view(verb_form(verb, extreme(here, EXTREMES[text]), MONDAY_9, queues=[a_queue(name=EXTREMES[text])]))

    def check_ordinary(row: tuple[Any, ...]) -> None:
        verb, here = row
        sound_view(verb_form(verb, some_details(here), MONDAY_9, queues=queues(150)))
        sound_view(verb_form(verb, bare(here), MONDAY_9))

    check_rows(combine(list(FORMS), SITUATIONS, list(EXTREMES)), check)
    check_rows(combine(list(FORMS), SITUATIONS), check_ordinary)


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        (Verb.DECLINE, ["note"]),
        (Verb.ASSIGN, ["person", "note?"]),
        (Verb.RELEASE, ["note"]),
        (Verb.TRANSFER, ["queue", "person?", "note"]),
        (Verb.RETURN, ["reason", "note"]),
        (Verb.RESEND, ["title", "next_step", "link?", "note"]),
        (Verb.EDIT, ["title", "next_step", "priority", "needed_by?", "link?"]),
        (Verb.NOTE, ["note"]),
        (Verb.EXTEND, ["duration", "note?"]),
        (Verb.SNOOZE, ["until?", "note?"]),
        (Verb.READ_BACK, ["first_step", "by?"]),
        (Verb.CORRECT, ["note"]),
        (Verb.ASK, ["note"]),
        (Verb.ANSWER, ["note"]),
        (Verb.COMPLETE, ["note?"]),
        (Verb.CANCEL, ["note"]),
        (Verb.REOPEN, ["note"]),
        (Verb.DELETE, []),
    ],
)
def test_each_verb_asks_for_what_the_next_person_needs(verb: Verb, fields: list[str]) -> None:
    view = verb_form(verb, some_details(), MONDAY_9)

    assert [key + "?" * block["optional"] for key, block in inputs(view).items()] == fields
    assert view["callback_id"] == ids.action(verb)
    assert json.loads(view["private_metadata"]) == {"handoff": some_details().handoff.id}


def test_every_verb_that_a_person_can_do_has_a_form_but_those_that_act_at_once() -> None:
    of_the_clock = {Verb.ESCALATE, Verb.LAPSE, Verb.REMIND}
    walked = {Verb.OPEN}
    of_one_note = {Verb.EDIT_NOTE, Verb.DELETE_NOTE}  # see test_own_notes

    assert set(FORMS) == set(RULES) - walked - of_one_note - set(IMMEDIATE_VERBS) - of_the_clock


@pytest.mark.parametrize("verb", FORMS)
def test_the_title_names_the_act_and_the_handoff_however_high_its_number(verb: Verb) -> None:
    details = some_details(number=99_999)
    title = verb_form(verb, details, MONDAY_9)["title"]["text"]

    assert title.endswith("#99999")
    assert len(title) <= 24


def test_edit_and_resend_begin_with_what_is_stored() -> None:
    for verb in (Verb.EDIT, Verb.RESEND):
        view = verb_form(verb, some_details(Situation.RETURNED), MONDAY_9)
        assert element(view, "title")["initial_value"] == "Acme renewal"
        assert element(view, "next_step")["initial_value"] == "Call Mara about the price"
        assert element(view, "link")["initial_value"].endswith("?a=1&b=2")


def verb_page(verb: Verb, template: Template | None, *, more: bool = False) -> Mapping[str, Any]:
    """The first page of an edit or a resend."""
    note = a_note(Verb.RETURN, "Who decides?", reason="missing", author=TOM)
    details = replace(some_details(Situation.RETURNED, notes=(a_note(), note)), template=template)
    context = FormContext(now=MONDAY_9, template=template, details=details)
    values = {"title": details.handoff.title, "next_step": details.handoff.next_step}
    draft = FormDraft(purpose=verb, handoff_id=details.handoff.id, more=more)
    return sound_view(pages.draw_page(Page(form_context=context, draft=draft, values=values)))


def test_an_edit_of_private_work_asks_for_no_customer() -> None:
    assert list(inputs(verb_page(Verb.EDIT, TEMPLATES[0])))[-1] == "told_customer"
    assert "told_customer" not in inputs(verb_page(Verb.EDIT, TEMPLATES[1])), "a patient is no customer"


def test_a_resend_quotes_the_question_above_its_answer_and_keeps_the_rest_behind_a_button() -> None:
    view, whole = verb_page(Verb.RESEND, TEMPLATES[0]), verb_page(Verb.RESEND, TEMPLATES[0], more=True)

    blocks = [block.get("block_id", block["type"]) for block in view["blocks"]]
    assert "> Who decides?" in words_of(view["blocks"][: blocks.index("note")])
    assert list(inputs(view)) == ["note"]
    assert element(view, "note")["focus_on_load"] is True
    (button,) = view["blocks"][-1]["elements"]
    assert button["text"]["text"] == "Edit other answers"
    assert [*inputs(whole)][:1] == ["note"]


def test_passing_on_has_no_team_chosen_at_first() -> None:
    view = verb_form(Verb.TRANSFER, some_details(), MONDAY_9, queues=queues(3))

    assert "initial_option" not in element(view, "queue")


def test_the_reasons_and_spans_are_the_keys_that_are_stored() -> None:
    reasons = element(verb_form(Verb.RETURN, some_details(), MONDAY_9), "reason")["options"]
    spans = element(verb_form(Verb.EXTEND, some_details(), MONDAY_9), "duration")["options"]

    assert [option["value"] for option in reasons] == list(wording.REASONS)
    assert [option["value"] for option in spans] == ["30m", "1h", "4h", "1d", "2d"]


def test_extending_says_until_when_there_is_time_now() -> None:
    assert ", claim by <!date" in words_of(verb_form(Verb.EXTEND, some_details(), MONDAY_9))


def test_deleting_says_what_goes_and_what_stays() -> None:
    said = words_of(verb_form(Verb.DELETE, some_details(), MONDAY_9))

    for part in ("can't be undone", "every note", "audit log", "cancel it instead"):
        assert part in said


def test_a_forms_own_metadata_comes_back_as_given() -> None:
    assert verb_form(Verb.NOTE, some_details(), MONDAY_9, "mine")["private_metadata"] == "mine"
    named = json.loads(open_form([a_queue()], source=SOURCE)["private_metadata"])
    assert named == {"source": {"channel": "C1", "ts": "1.2", "thread_ts": "1.0", "permalink": SOURCE.permalink,
                                "author": TOM}}  # fmt: skip


def test_a_source_too_long_for_slack_loses_its_permalink_only() -> None:
    source = replace(SOURCE, permalink="https://x/" + "a" * 4000)

    assert json.loads(metadata(source=source, form="f_1")) == {
        "form": "f_1",
        "source": {"channel": "C1", "ts": "1.2", "thread_ts": "1.0", "author": TOM},
    }


def test_a_view_can_say_one_thing() -> None:
    assert "gone" in words_of(sound_view(modals.message_view("Gone", "It is gone.")))


@pytest.mark.parametrize("text", EXTREMES.values(), ids=EXTREMES.keys())
def test_a_form_that_was_stored_before_offers_to_add_a_note(text: str) -> None:
    view = sound_view(already_stored(extreme(Situation.OPEN, text), MONDAY_9))

    assert offered(view["blocks"]) == {"handoff.note"}


def test_no_label_holds_an_emoji_or_is_long() -> None:
    views = [open_form(queues(1)), *(verb_form(verb, some_details(), MONDAY_9) for verb in FORMS)]
    labels = [block["label"]["text"] for view in views for block in inputs(view).values()]

    assert all(label.isascii() and len(label) <= 45 for label in labels)


def test_a_past_deadline_is_shown_in_the_edit_form() -> None:
    at = MONDAY_9 - timedelta(days=1)

    view = sound_view(verb_form(Verb.EDIT, some_details(needed_by=at, sender=ANA), MONDAY_9))
    assert element(view, "needed_by")["initial_date_time"] == int(at.timestamp())
