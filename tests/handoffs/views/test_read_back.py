"""Read-backs and questions on the card, in forms, direct messages, reminders and refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import details, event_sentences, headlines, read_back, refusals, wording
from slackapp.handoffs.views.card import card
from slackapp.handoffs.views.news import changed_since_return
from slackapp.handoffs.views.verb_forms import verb_form
from slackapp.slack import ids
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import Actor, ReadBackMode, ReadBackStatus, RefusalReason, Refused, Situation, Verb
from storage.templates.model import AnswerType, Question, Template
from tests.handoffs.samples import (
    ANA,
    BEN,
    EXTREMES,
    MARA,
    MONDAY_9,
    TOM,
    a_note,
    a_timer,
    an_entry,
    extreme,
    held_by,
    some_details,
)
from tests.handoffs.views.drawing import draw
from tests.handoffs.views.view_checks import elements, offered, sound_message, sound_view, words_of

LATER = MONDAY_9 + timedelta(minutes=5)
DUE: dict[str, Any] = {"read_back_mode": ReadBackMode.HARD, "read_back": ReadBackStatus.DUE, "accountable": ANA}
GIVEN: dict[str, Any] = {"read_back_mode": ReadBackMode.HARD, "read_back": ReadBackStatus.GIVEN}
CORRECTED = {**DUE, "read_back": ReadBackStatus.CORRECTED}
ASKED: dict[str, Any] = {"asked_at": MONDAY_9}
STANDS = {"due": DUE, "given": GIVEN, "corrected": CORRECTED, "asked": ASKED, "both": {**DUE, **ASKED}}
QUESTIONED = a_note(Verb.ASK, "Which contract?", author=BEN)
SAID = a_note(Verb.READ_BACK, "Call Mara", author=BEN)
NOT_QUITE = a_note(Verb.CORRECT, "Call Tom", author=ANA)
WORDS = (a_note(), QUESTIONED, SAID, NOT_QUITE)
TEMPLATE = Template(
    key="takeover",
    name="Takeover",
    reasons={"scope": "The scope is <open>", "missing": "A fact of this kind is missing"},
    read_back_ask="Who is it about?",
    questions=(Question(key="contract", label="Contract", kind=AnswerType.SHORT),),
)


def standing(**more: Any) -> HandoffDetails:
    return some_details(Situation.CLAIMED, **{"notes": WORDS, **more})


def of_a_kind(handoff_details: HandoffDetails) -> HandoffDetails:
    return replace(handoff_details, template=TEMPLATE)


def labels(blocks: Any) -> list[str]:
    return [element["text"]["text"] for element in elements(blocks) if element["type"] == "button"]


def dm(verb: Verb, role: str, user: str, *, actor: str, **facts: Any) -> dict[str, Any]:
    return {"verb": verb, "actor": actor, "note_id": f"n_{verb}", "facts": facts, "as": role, "user": user}


MESSAGES = [
    dm(Verb.READ_BACK, "sender", ANA, actor=BEN, by=LATER.isoformat()),
    dm(Verb.CORRECT, "owner", BEN, actor=ANA),
    dm(Verb.ASK, "sender", ANA, actor=BEN),
    dm(Verb.ANSWER, "owner", BEN, actor=ANA),
    dm(Verb.ASSIGN, "owner", BEN, actor=MARA, person=BEN),
    dm(Verb.CLAIM, "sender", ANA, actor=BEN),
]


@pytest.mark.parametrize("text", EXTREMES.values(), ids=EXTREMES.keys())
@pytest.mark.parametrize("stands", STANDS.values(), ids=STANDS.keys())
def test_whatever_was_typed_slack_takes_it_and_nobody_is_pinged(stands: dict[str, Any], text: str) -> None:
    seen = extreme(Situation.CLAIMED, text)
    spoken = tuple(a_note(note.verb, text, author=note.author) for note in WORDS)
    template = replace(TEMPLATE, reasons={"missing": text[:75]}, read_back_ask=text[:150].strip())
    handoff_details = replace(seen, handoff=replace(seen.handoff, **stands), notes=spoken, template=template)

    sound_message(card(handoff_details, LATER))
    for verb in (Verb.READ_BACK, Verb.CORRECT, Verb.ASK, Verb.ANSWER, Verb.RETURN):
        for reader in (ANA, BEN):
            sound_view(verb_form(verb, handoff_details, LATER, reader=reader))
    sound_view(details.show_all(handoff_details, frozenset(Verb), LATER))
    for payload in MESSAGES:
        for posted in (True, False):
            if post := draw("dm", handoff_details, payload, LATER, posted=posted):
                sound_message(post)
    reminded = replace(handoff_details, timers=(a_timer(ClockKind.RESPOND),))
    for reader in (ANA, BEN, MARA, TOM, "channel"):
        payload = {"clock": "respond", "level": "late", "run": 1, "recipient": reader}
        sound_message(draw("level", reminded, payload, LATER, posted=True))


@pytest.mark.parametrize(
    ("stands", "reader", "says"),
    [
        (DUE, "", f"owned by <@{BEN}>, finish by <!date"),
        (DUE, "", f", confirming with <@{ANA}>, <@{ANA}> is accountable until then"),
        (DUE, ANA, ", confirming with you, you are accountable until then"),
        (DUE, BEN, "owned by you, finish by <!date"),
        (
            {**DUE, "accountable": "queue:success"},
            "",
            ", the managers of Customer Success are accountable until then",
        ),
        (CORRECTED, "", f", <@{ANA}> is accountable until then"),
        (ASKED, "", f"owned by <@{BEN}>, waiting for <@{ANA}>'s answer, timer paused"),
        (ASKED, ANA, "waiting for your answer, timer paused"),
        ({**ASKED, "snoozed_until": LATER}, "", f", waiting for <@{ANA}>'s answer"),
        ({**ASKED, "snoozed_until": LATER}, "", f"owned by <@{BEN}>, snoozed until <!date"),
    ],
)
def test_the_headline_says_whose_turn_it_is_and_who_answers_for_it(
    stands: dict[str, Any], reader: str, says: str
) -> None:
    assert says in headlines.headline(standing(**stands), LATER, reader=reader)


@pytest.mark.parametrize("stands", [GIVEN, {"read_back_mode": ReadBackMode.SOFT, "read_back": ReadBackStatus.DUE}, {}])
def test_otherwise_it_says_nothing_of_that(stands: dict[str, Any]) -> None:
    headline = headlines.headline(standing(**stands), LATER)

    assert "accountable" not in headline
    assert ", finish by" in headline


@pytest.mark.parametrize(
    ("stands", "buttons", "next_act"),
    [
        ({}, ["Done", "Put back", "Details"], "presses Done"),
        (DUE, ["Read back", "Done", "Put back", "Details"], "reads it back"),
        (GIVEN, ["Done", "Put back", "Details"], "presses Done"),
        (CORRECTED, ["Read back", "Done", "Put back", "Details"], "reads it back"),
        (ASKED, ["Answer", "Done", "Put back", "Details"], "answers the question"),
        ({**ASKED, "snoozed_until": LATER}, ["Resume", "Answer", "Done", "Details"], "can press Resume"),
    ],
)
def test_the_card_has_what_is_due_as_its_first_button(
    stands: dict[str, Any], buttons: list[str], next_act: str
) -> None:
    post = card(standing(**stands), LATER)

    assert labels(post.blocks) == buttons
    assert not [element for element in elements(post.blocks) if element.get("style")], "only one person may do it"
    assert next_act in post.text


def test_the_menu_of_its_owner_holds_the_question_and_cancelling_is_in_show_all() -> None:
    shown = offered(card(standing(), LATER).blocks)

    assert "handoff.ask" in shown
    assert "handoff.cancel" not in shown
    assert "handoff.ask" not in offered(card(standing(**ASKED), LATER).blocks)
    assert "handoff.ask" not in offered(card(standing(sender=BEN), LATER).blocks), "they sent it themselves"
    assert "Cancel handoff" in labels(details.show_all(standing(), frozenset(Verb), LATER)["blocks"])


def test_the_card_shows_the_question_and_what_was_not_quite_right() -> None:
    assert f"*<@{BEN}> asked:* Which contract?" in words_of(card(standing(**ASKED), LATER).blocks)
    assert f"*Corrected by <@{ANA}>:* Call Tom" in words_of(card(standing(**CORRECTED), LATER).blocks)
    assert "Which contract?" not in words_of(card(standing(), LATER).blocks)


@pytest.mark.parametrize(
    ("payload", "stands", "text", "buttons"),
    [
        (MESSAGES[0], GIVEN, f"<@{BEN}> confirmed what <", ["Looks right", "Needs a correction", "Details"]),
        (MESSAGES[1], CORRECTED, f"<@{ANA}> says what needs a correction: Call Tom", ["Read back", "Details"]),
        (MESSAGES[2], ASKED, f"<@{BEN}> asks: Which contract?\n<@{BEN}> asked you about <", ["Answer", "Details"]),
        (MESSAGES[3], {}, f"<@{ANA}> answered the question about <", ["Details"]),
        (MESSAGES[4], DUE, f"<@{MARA}> assigned <", ["Read back", "Done", "Put back", "Details"]),
        (MESSAGES[4], GIVEN, f"<@{MARA}> assigned <", ["Done", "Put back", "Details"]),
    ],
)
def test_a_direct_message_has_the_buttons_of_its_moment(
    payload: dict[str, Any], stands: dict[str, Any], text: str, buttons: list[str]
) -> None:
    post = sound_message(draw("dm", standing(**stands), payload, LATER))

    assert post.text.startswith(text)
    assert labels(post.blocks) == buttons


@pytest.mark.parametrize(
    ("payload", "stands", "note"),
    [
        (MESSAGES[0], {**GIVEN, "read_back": ReadBackStatus.CONFIRMED}, None),
        (MESSAGES[0], GIVEN, replace(SAID, id="n_newer")),
        (MESSAGES[1], DUE, None),
        (MESSAGES[1], CORRECTED, replace(NOT_QUITE, id="n_newer")),
        (MESSAGES[2], {}, None),
        (MESSAGES[2], ASKED, replace(QUESTIONED, id="n_newer")),
        (MESSAGES[2], {**ASKED, "sender": TOM}, None),
    ],
)
def test_what_is_settled_or_was_said_anew_is_asked_no_more(
    payload: dict[str, Any], stands: dict[str, Any], note: Any
) -> None:
    handoff_details = standing(**stands, notes=(*WORDS, *([note] if note else [])))

    assert draw("dm", handoff_details, payload, LATER, posted=False) is None
    asked = offered(sound_message(draw("dm", handoff_details, payload, LATER, posted=True)).blocks)
    assert {"handoff.confirm", "handoff.correct", "handoff.answer"}.isdisjoint(asked)


def test_the_sender_hears_with_the_claim_that_they_go_on_answering_for_it() -> None:
    told = sound_message(draw("dm", standing(**DUE), MESSAGES[5], LATER)).text
    assert "confirming with you, you are accountable until then" in told
    assert "you are accountable" not in sound_message(draw("dm", standing(**GIVEN), MESSAGES[5], LATER)).text


@pytest.mark.parametrize(
    ("timers", "by"),
    [
        ({ClockKind.FIRST_ACTION: 60, ClockKind.FINISH: 90, ClockKind.NEEDED_BY: 120}, 60),
        ({ClockKind.FINISH: 90, ClockKind.NEEDED_BY: 120}, 90),
        ({ClockKind.FIRST_ACTION: 1, ClockKind.NEEDED_BY: 120}, 120),
        ({ClockKind.CLAIM: 60}, None),
    ],
)
def test_the_read_back_begins_with_the_nearest_clock_that_lies_ahead(
    timers: dict[ClockKind, int], by: int | None
) -> None:
    running = tuple(a_timer(clock, deadline=MONDAY_9 + timedelta(minutes=after)) for clock, after in timers.items())

    found = read_back.first_step_by(standing(timers=running, **DUE), LATER)

    assert found == (None if by is None else MONDAY_9 + timedelta(minutes=by))


def test_a_hard_read_back_asks_what_it_is_about_in_the_templates_words() -> None:
    fields = [block["label"]["text"] for block in _inputs(standing(**DUE))]
    own = [block["label"]["text"] for block in _inputs(of_a_kind(standing(**DUE)))]

    assert fields == ["What is this about?", "What will you do first?", "By when?"]
    assert own[0] == "Who is it about?"
    assert read_back.note_text(of_a_kind(standing(**DUE)), "Acme", "Call") == (
        "Who is it about? Acme\nWhat will you do first? Call"
    )
    assert read_back.note_text(standing(**DUE), None, "Call") == "Call"


def _inputs(handoff_details: HandoffDetails) -> list[Any]:
    return [block for block in verb_form(Verb.READ_BACK, handoff_details, LATER)["blocks"] if block["type"] == "input"]


@pytest.mark.parametrize(
    ("verb", "stands", "quoted"),
    [
        (Verb.ANSWER, ASKED, "Which contract?"),
        (Verb.CORRECT, GIVEN, "Call Mara"),
        (Verb.READ_BACK, CORRECTED, "Call Tom"),
        (Verb.READ_BACK, DUE, None),
        (Verb.ASK, {}, None),
    ],
)
def test_a_form_quotes_what_it_answers(verb: Verb, stands: dict[str, Any], quoted: str | None) -> None:
    shown = [block["text"]["text"] for block in read_back.answered_note(verb, standing(**stands))]

    assert [text.partition("\n> ")[2] for text in shown] == ([quoted] if quoted else [])


def test_whoever_asked_is_offered_to_say_that_they_know_it_now() -> None:
    owners, senders = (verb_form(Verb.ANSWER, standing(**ASKED), LATER, reader=user) for user in (BEN, ANA))

    assert owners["title"]["text"] == "I know it now #42"
    assert owners["blocks"][-1]["optional"] is True
    assert senders["title"]["text"] == "Answer #42"
    assert senders["blocks"][-1]["optional"] is False


def test_the_reasons_of_the_kind_of_work_are_offered_and_read_escaped() -> None:
    options = verb_form(Verb.RETURN, of_a_kind(standing()), LATER)["blocks"][2]["element"]["options"]

    assert {option["value"]: option["text"]["text"] for option in options} == {
        "scope": "The scope is <open>",
        "missing": "A fact of this kind is missing",
        "other": "Something else",
    }
    assert wording.reason("scope", TEMPLATE) == "The scope is &lt;open&gt;"
    assert wording.reason("missing", TEMPLATE) == "A fact of this kind is missing"
    assert wording.reason("missing") == "Information is missing"
    assert wording.reason("other", TEMPLATE) == "Something else"
    assert wording.reason("duplicate", TEMPLATE) == "We already have this", "sent back before it had that template"


def test_the_history_tells_the_rounds_of_taking_over() -> None:
    handoff_details = standing(names={ANA: "Ana", BEN: "Ben"})

    def told(verb: Verb, actor: str, **facts: Any) -> str:
        return event_sentences.sentence(handoff_details, verb, actor, facts)

    assert told(Verb.READ_BACK, BEN) == "Ben confirmed what it is about"
    assert told(Verb.READ_BACK, BEN, by=LATER.isoformat()).startswith(
        "Ben confirmed what it is about, first step by <!date"
    )
    assert told(Verb.CONFIRM, ANA) == "Ana confirmed the read-back of it"
    assert told(Verb.CORRECT, ANA) == "Ana corrected the read-back of it"
    assert told(Verb.ASK, BEN) == "Ben asked Ana about it"
    assert told(Verb.ANSWER, ANA) == "Ana answered the question about it"
    assert told(Verb.ANSWER, BEN, needless=True) == "Ben no longer needed an answer about it"
    assert told(Verb.CONTINUE, BEN, by="button") == "Ben is still on it"


def test_who_answered_for_it_tells_the_owner_from_the_sender_who_backs_them() -> None:
    (stretch,) = held_by([ANA])
    backed = standing(**DUE, custody=(replace(stretch, owner=BEN),), history=(an_entry(Verb.CLAIM),))

    assert f"<@{ANA}>, while <@{BEN}> owned it" in words_of(details.show_all(backed, frozenset(), LATER)["blocks"])


@pytest.mark.parametrize(
    ("verb", "stands", "why"),
    [
        (Verb.READ_BACK, GIVEN, "was already read back"),
        (Verb.READ_BACK, {}, "needs no read-back"),
        (Verb.CONFIRM, {**GIVEN, "read_back": ReadBackStatus.CONFIRMED}, "already has a confirmed read-back"),
        (Verb.CORRECT, DUE, f"is waiting for <@{BEN}> to read it back"),
        (Verb.CONFIRM, {}, "needs no read-back"),
        (Verb.ASK, ASKED, f"has been waiting for <@{ANA}> to answer since <!date"),
        (Verb.ASK, {"sender": BEN}, "was sent by you"),
        (Verb.ANSWER, {}, "has no open question"),
    ],
)
def test_a_refusal_says_what_stands_in_the_way(verb: Verb, stands: dict[str, Any], why: str) -> None:
    handoff_details = standing(**stands)
    refused = Refused(handoff=handoff_details.handoff, verb=verb, why=RefusalReason.NOT_NOW, actor=Actor(user=TOM))

    text = refusals.refusal(refused, handoff_details, LATER)

    assert why in text
    assert text.endswith("Add a note if there is more to say.")


def test_what_changed_since_it_was_sent_back_is_named_by_the_labels_of_its_form() -> None:
    edit = {"title": ["Acme", "Acme 2"], "fields.contract": ["C-17", "C-18"]}
    notes = (
        a_note(),
        a_note(Verb.EDIT, "", id="n_1", changes={"link": [None, "https://example.com"]}),
        a_note(Verb.RETURN, "Which contract?"),
        a_note(Verb.EDIT, "", id="n_2", changes=edit),
        a_note(Verb.EDIT, "", id="n_3", changes={"fields.contract": ["C-18", "C-19"]}),
        a_note(Verb.RESEND, "C-19"),
    )
    handoff_details = of_a_kind(some_details(Situation.OPEN, notes=notes))

    assert changed_since_return(handoff_details) == "title, Contract"
    assert "Changed since it was sent back: title, Contract" in words_of(card(handoff_details, LATER).blocks)
    assert changed_since_return(replace(handoff_details, notes=notes[:2])) == "", "it never was"
    assert changed_since_return(replace(handoff_details, notes=notes[:3])) == ""


def test_the_reminders_of_a_question_say_who_owes_what() -> None:
    handoff_details = standing(**ASKED, timers=(a_timer(ClockKind.RESPOND),), names={ANA: "Ana", BEN: "Ben"})
    expected = {
        ANA: ("is owned by Ben, waiting for your answer, answer by", ["Answer", "Details"]),
        BEN: ("is owned by you, waiting for Ana's answer, answer by", ["I know it now", "Send back", "Details"]),
        MARA: ("is owned by Ben, waiting for Ana's answer", ["Answer", "Assign…", "Details"]),
        TOM: ("is owned by Ben, waiting for Ana's answer", ["Details"]),
    }

    for reader, (text, buttons) in expected.items():
        roles = {MARA: ["manager"], TOM: ["member"]}.get(reader, [])
        payload = {"clock": "respond", "level": "late", "run": 1, "recipient": reader, "roles": roles}
        post = sound_message(draw("level", handoff_details, payload, LATER))
        assert text in post.text
        assert labels(post.blocks) == buttons


def test_an_owner_who_is_reminded_before_the_read_back_can_give_it_there() -> None:
    payload = {"clock": "first_action", "level": "late", "run": 1, "recipient": BEN, "roles": ["member"]}
    timers = (a_timer(ClockKind.FIRST_ACTION),)

    due, given = (sound_message(draw("level", standing(**one, timers=timers), payload, LATER)) for one in (DUE, GIVEN))

    assert labels(due.blocks) == ["Read back", "Still on it", "Add note", "Put back", "Details"]
    assert labels(given.blocks) == ["Still on it", "Add note", "Put back", "Details"]


def test_an_answered_question_ends_its_reminder() -> None:
    facts = {"clock": "respond", "level": "late", "deadline_at": MONDAY_9.isoformat()}
    history = (
        an_entry(Verb.ESCALATE, actor="clock", facts=facts),
        an_entry(Verb.ANSWER, actor=ANA, at=LATER),
    )
    payload = {**facts, "run": 1, "recipient": ANA}

    post = sound_message(draw("level", standing(timers=(), history=history), payload, LATER, posted=True))

    assert f"answered by <@{ANA}>, <!date" in post.text
    assert ", 5 min late." in post.text
    assert offered(post.blocks) <= {ids.SHOW}


def test_a_soft_read_back_says_first_what_the_template_asks_for() -> None:
    soft = standing(read_back_mode=ReadBackMode.SOFT, read_back=ReadBackStatus.DUE)
    whole = "Who is it about? The sender checks your answer."

    assert whole in words_of(verb_form(Verb.READ_BACK, of_a_kind(soft), LATER)["blocks"])
    assert whole not in words_of(verb_form(Verb.READ_BACK, of_a_kind(standing(**DUE)), LATER)["blocks"])


def test_an_instruction_does_not_stand_before_the_answer_to_it() -> None:
    template = replace(TEMPLATE, read_back_ask="Say the severity as you have understood it.")

    said = read_back.note_text(replace(standing(**DUE), template=template), "Two.", "Call them")

    assert said == "Two.\nWhat will you do first? Call them"
