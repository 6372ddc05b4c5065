"""Verdicts: the fields of the Done form, the sender's message, and the team's numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.judging import LONGEST_LINE
from slackapp.handoffs.views import verdicts
from slackapp.handoffs.views.verb_forms import FORMS, verb_form
from slackapp.reports.rules import Tally
from slackapp.reports.views import TEAMS, context_report, hidden
from slackapp.slack.block_kit.blocks import escape
from storage.handoffs.acts import Verdict
from storage.handoffs.lifecycle import Situation, Verb
from storage.handoffs.model import ContextVerdict
from storage.templates.model import AnswerType, Question, Template
from tests.handoffs.samples import ANA, BEN, EXTREMES, HOSTILE, MARA, MONDAY_9, a_note, a_queue, extreme, some_details
from tests.handoffs.views.drawing import draw
from tests.handoffs.views.view_checks import sound_message, sound_view, words_of

ENOUGH = Tally(given={Verdict.COMPLETE: 4, Verdict.ASKED: 2, Verdict.RESTARTED: 1}, unanswered=3)
FEW = Tally(given={Verdict.COMPLETE: 4})
EMPTY: Mapping[str | None, Tally] = {None: Tally(given={}, unanswered=2)}


def a_judgement(**changes: Any) -> ContextVerdict:
    plain: dict[str, Any] = {
        "workspace": "T1",
        "handoff_id": "h_1",
        "at": MONDAY_9,
        "queue": "success",
        "template": None,
        "template_version": None,
        "sender": ANA,
        "judge": BEN,
        "verdict": Verdict.ASKED,
        "line": "The deadline",
    }
    return ContextVerdict(**{**plain, **changes})


def judged(details: HandoffDetails, *judgements: ContextVerdict) -> HandoffDetails:
    return replace(details, judgements=judgements)


def payload(
    verdict: str | None = "asked", *, role: str = "sender", user: str = ANA, actor: str = BEN
) -> dict[str, Any]:
    facts = {"verdict": verdict} if verdict else {}
    return {"verb": Verb.COMPLETE, "actor": actor, "note_id": None, "facts": facts, "as": role, "user": user}


def asked(verb: Verb, reader: str) -> list[str]:
    view = sound_view(verb_form(verb, some_details(Situation.CLAIMED), MONDAY_9, reader=reader))
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def test_done_asks_its_owner_for_a_verdict_and_nobody_else() -> None:
    assert asked(Verb.COMPLETE, BEN) == ["note", "verdict", "would_have_helped"]
    assert asked(Verb.COMPLETE, MARA) == ["note"]
    assert asked(Verb.COMPLETE, "") == ["note"]
    assert not any("verdict" in asked(verb, BEN) for verb in FORMS if verb is not Verb.COMPLETE)


def test_the_three_choices_take_one_press_and_none_is_made_before() -> None:
    verdict, line = verdicts.form_inputs()

    labels = [one["text"]["text"] for one in verdict["element"]["options"]]
    assert labels == ["Yes, I could start right away", "No, I had to ask", "No, I had to start over"]
    assert [one["value"] for one in verdict["element"]["options"]] == list(Verdict)
    assert verdict["element"]["type"] == "radio_buttons"
    assert "initial_option" not in verdict["element"]
    assert verdict["optional"] is line["optional"] is True
    assert line["element"]["max_length"] == LONGEST_LINE


def test_the_sender_reads_the_verdict_and_the_line_under_what_happened() -> None:
    details = judged(some_details(Situation.DONE), a_judgement())
    post = sound_message(draw("dm", details, payload(), MONDAY_9))

    assert "had to ask. What would have helped:\n> The deadline" in words_of(post.blocks)
    assert "had to ask" in post.text


def test_nobody_but_the_sender_reads_it() -> None:
    details = judged(some_details(Situation.DONE), a_judgement())

    for role, user in (("last_owner", BEN), ("owner", MARA)):
        post = sound_message(draw("dm", details, payload(role=role, user=user), MONDAY_9))
        assert "had to ask" not in words_of(post.blocks) + post.text
    for kind, more in (("card", {"hop": 1}), ("sent", {}), ("source", {}), ("reply", payload())):
        drawn = draw(kind, details, more, MONDAY_9)
        assert drawn is None or "deadline" not in words_of(drawn.blocks) + drawn.text


def test_without_a_verdict_the_message_reads_as_ever() -> None:
    details = judged(some_details(Situation.DONE), a_judgement())

    assert "had to ask" not in sound_message(draw("dm", details, payload(None), MONDAY_9)).text
    assert "had to ask" not in sound_message(draw("dm", details, payload(actor=MARA), MONDAY_9)).text
    assert "had to ask" not in sound_message(draw("dm", some_details(Situation.DONE), payload(), MONDAY_9)).text


def test_of_two_verdicts_each_message_tells_of_its_own() -> None:
    first, second = a_judgement(), a_judgement(verdict=Verdict.COMPLETE, line="Thanks")
    details = judged(some_details(Situation.DONE), first, second)

    assert "The deadline" in sound_message(draw("dm", details, payload("asked"), MONDAY_9)).text
    assert "Thanks" in sound_message(draw("dm", details, payload("complete"), MONDAY_9)).text


def test_the_notification_of_private_work_holds_no_word_of_the_line_or_the_question() -> None:
    private = some_details(Situation.DONE, private=True, notes=(a_note("ask", "Which allergy?"),))
    post = sound_message(draw("dm", judged(private, a_judgement()), payload(), MONDAY_9))

    assert "deadline" not in post.text
    assert "allergy" not in post.text
    assert "deadline" in words_of(post.blocks)
    assert "allergy" in words_of(post.blocks)


@pytest.mark.parametrize("text", EXTREMES.values(), ids=EXTREMES.keys())
def test_whatever_is_written_the_message_is_one_that_slack_takes(text: str) -> None:
    questions = tuple(Question(key=f"k{n}", label=text[:150] or "x", kind=AnswerType.SHORT) for n in range(4))
    details = replace(
        extreme(Situation.DONE, text),
        template=Template(key="t", name=text, questions=questions),
        judgements=(a_judgement(line=text[:LONGEST_LINE]),),
        notes=tuple(a_note("ask", text) for _ in range(4)),
    )

    sound_message(draw("dm", details, payload(), MONDAY_9))


def test_a_line_of_the_longest_kind_is_read_whole() -> None:
    line = "&" * (LONGEST_LINE - 3) + "end"
    post = sound_message(draw("dm", judged(some_details(Situation.DONE), a_judgement(line=line)), payload(), MONDAY_9))

    assert escape(line) in words_of(post.blocks)


def test_numbers_are_told_in_all_and_by_template() -> None:
    post = sound_message(context_report([(a_queue(), {"AE to CSM": ENOUGH, None: FEW})], []))
    text = words_of(post.blocks)

    assert "8 could start right away, 2 had to ask, 1 had to start over (11 ratings, 79% of finished handoffs)." in text
    assert "• *AE to CSM:* 4 could start right away, 2 had to ask, 1 had to start over (7 ratings, 70%" in text
    assert "• *No template:* not enough ratings yet (4 of 5)." in text


@pytest.mark.parametrize(("count", "more"), [(20, None), (21, "And 1 template more."), (22, "And 2 templates more.")])
def test_of_a_team_with_many_templates_twenty_are_listed_and_the_others_counted(count: int, more: str | None) -> None:
    found: dict[str | None, Tally] = {f"Template {n}": ENOUGH for n in range(1, count + 1)}
    text = words_of(sound_message(context_report([(a_queue(), found)], [])).blocks)

    assert text.count("• *Template") == 20
    assert ("more." in text) == (more is not None)
    assert (more or "") in text


def test_a_team_without_templates_has_one_line_of_numbers() -> None:
    text = words_of(sound_message(context_report([(a_queue(), {None: ENOUGH})], [])).blocks)

    assert "No template" not in text


def test_no_verdict_at_all_is_too_few() -> None:
    text = words_of(sound_message(context_report([(a_queue(), EMPTY)], [])).blocks)

    assert "Not enough ratings yet (0 of 5)." in text


def test_what_somebody_sent_themselves_is_counted_in_one_line() -> None:
    own = [Verdict.COMPLETE, Verdict.COMPLETE, Verdict.RESTARTED]

    assert "Receivers of what you sent: 2 could start right away, 1 had to start over." in context_report([], own).text


@pytest.mark.parametrize("text", [HOSTILE, "x" * 150, EXTREMES["ampersands"][:150]])
@pytest.mark.parametrize("teams", [1, 10, 11, 60])
def test_however_many_teams_and_templates_the_answer_is_one_that_slack_takes(teams: int, text: str) -> None:
    found: Mapping[str | None, Tally] = {f"{text}{n}": ENOUGH for n in range(100)}
    queues = [(a_queue(key=f"q{n}", name=text), found) for n in range(teams)]
    post = sound_message(context_report(queues, [Verdict.ASKED] * 20))

    assert ("more. `/handoff context support` shows one." in words_of(post.blocks)) == (teams > TEAMS)
    sound_message(hidden(a_queue(name=text)))
