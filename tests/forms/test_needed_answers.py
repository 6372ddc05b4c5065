"""A form marks required answers, also where Slack has to let them stay empty."""

from __future__ import annotations

from slackapp.template_editor.views.preview import preview_blocks
from slackapp.templates.rules import questions
from slackapp.templates.rules.shipped import shipped
from storage.templates.model import AnswerType, Template
from tests.templates.test_answer_inputs import asked, page


def test_what_a_tick_on_the_page_makes_needless_may_stay_empty_and_says_that_it_is_needed_otherwise() -> None:
    shift = next(template for template in shipped() if any(one.waives for one in template.questions))
    first = {block["block_id"]: block for block in page(shift, 1, {})["blocks"] if block["type"] == "input"}
    required = [one for one in questions.pages(shift)[0] if one.required and not one.waives]

    assert required
    for question in required:
        shown = first[question.key]
        assert shown["optional"] is True
        assert shown["hint"]["text"].startswith("Required unless you tick “Nothing to report”.")


def test_where_the_tick_stands_on_another_page_slack_asks_for_what_is_required() -> None:
    tick = asked(AnswerType.TICK, key="quiet", label="Nothing to report", waives=True)
    always = [asked(AnswerType.SHORT, key=f"k{n}", required=True) for n in range(9)]
    template = Template(key="shift", name="Shift", questions=(tick, *always))
    last = questions.pages(template)[-1]

    shown = [block for block in page(template, 2, {})["blocks"] if block["type"] == "input"]
    assert [block["block_id"] for block in shown] == [question.key for question in last]
    assert not any(block["optional"] for block in shown)


def test_a_preview_says_the_same_of_what_is_needed_as_the_form() -> None:
    for template in shipped():
        for number in range(1, len(questions.pages(template)) + 1):
            drawn = {block["block_id"]: block for block in page(template, number, {})["blocks"] if "label" in block}
            for block in preview_blocks(template, number - 1):
                same, question = drawn.get(block.get("block_id", "")), template.question(block.get("block_id", ""))
                if same and question and not question.shown_when and question.kind is not AnswerType.FILES:
                    assert (block["optional"], block.get("hint")) == (same["optional"], same.get("hint"))
