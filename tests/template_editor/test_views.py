"""The template editor's views are valid and notify nobody, however long and hostile the template is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from slackapp.template_editor.views import editor, forms, preview, template_list
from slackapp.templates.rules import questions
from slackapp.templates.rules.answer_rules import ANSWER_RULES
from slackapp.templates.rules.shipped import shipped
from slackapp.templates.rules.template_checks import MOST_FIELDS, template_problems
from slackapp.templates.rules.write import plain_template
from storage.company.model import Queue
from storage.handoffs.lifecycle import ReadBackMode
from storage.templates.model import AnswerType, FollowUp, Origin, Question, Template
from tests.handoffs.views.view_checks import sound_view, words_of

NASTY = "<!channel> @here <@U0EVE> *b* & \u202e`x` "
QUEUES = [Queue(workspace="T1", key=f"q{n}", name=f"{NASTY}{n}"[:75], channel="C1") for n in range(130)]


def long(most: int) -> str:
    return (NASTY * 50)[:most].strip()


def hostile(count: int = MOST_FIELDS) -> Template:
    """A template with the most of everything that is allowed."""
    kinds = [*AnswerType]
    options = {f"{'k' * 50}{n}": f"{n} {long(70)}"[:75].strip() for n in range(100)}
    tick = Question(key="t", label=long(150), kind=AnswerType.TICK)
    asked = [
        replace(
            tick,
            key=f"f{'x' * 35}{n}",
            kind=kinds[n % len(kinds)],
            help=long(300),
            placeholder=long(150),
            options=options if kinds[n % len(kinds)] in {AnswerType.CHOICE, AnswerType.MULTI} else {},
            shown_when={"t": ("yes",)},
        )
        for n in range(count - 1)
    ]
    return Template(
        key="k" * 60,
        origin=Origin.SLACK,
        name=long(75),
        sender=long(75),
        receiver=long(75),
        about=long(300),
        questions=(tick, *asked),
        card=tuple(one.key for one in asked[:5]),
        reasons=dict(list(options.items())[:30]),
        read_back=ReadBackMode.HARD,
        read_back_ask=long(300),
        private=True,
        retention_days=3660,
        follow_ups=tuple(FollowUp(what=long(75), within="5d") for _ in range(30)),
        queues=tuple(queue.key for queue in QUEUES),
    )


OFFERED = replace(hostile(3), key="offered", queues=("q1", "q129"))
EVERY = [*shipped(), hostile(), OFFERED, Template(key="bare", name="Bare")]


def views_of(template: Template) -> Iterator[Any]:
    yield editor.editor(template, None, QUEUES)
    yield editor.editor(template, replace(template, version=3), QUEUES, has_conflict=True)
    yield editor.editor(template, None, [], problems=template_problems(plain_template(template)))
    yield forms.about(template, QUEUES)
    yield forms.about(template, [])
    yield forms.handling(template)
    yield forms.field(template, None)
    for question in template.questions:
        yield forms.field(template, question)
        yield forms.condition(template, question)
        yield forms.remove(template, question)
    for page in range(len(questions.pages(template)) + 1):
        yield preview.preview(template, page)
    yield template_list.retire_form(template)
    yield template_list.discard_form(template)


@pytest.mark.parametrize("template", EVERY, ids=lambda template: template.key[:10])
def test_every_form_about_a_template_is_valid_and_pings_nobody(template: Template) -> None:
    for view in views_of(template):
        sound_view(view)
        assert len(view["private_metadata"]) < 3000
        assert len(json.dumps(view)) < 250_000, "Slack takes no larger view"


def test_the_list_turns_its_pages_and_names_who_offers_what() -> None:
    own = [replace(hostile(2), key=f"t{n}", name=f"Ours {n:02}", queues=("q1",)) for n in range(30)]
    queues = [replace(QUEUES[1], name="Success"), replace(QUEUES[2], name="Sales", templates=("bant",))]
    everything = [*shipped(), *own]
    pages = [template_list.template_list(everything, own[:3], queues, page=page) for page in range(4)]

    for page in pages:
        sound_view(page)
    text = "\n".join(map(words_of, pages))
    assert text.count("offered by Success") == 30
    assert "Built in · offered by Sales" in text
    assert pages[3] == pages[2], "a page too far is the last one"


@pytest.mark.parametrize(("count", "sizes"), [(20, [20]), (21, [20, 1]), (41, [20, 20, 1])])
def test_a_page_of_the_list_has_twenty_templates(count: int, sizes: list[int]) -> None:
    own = [Template(key=f"t{n}", name=f"Ours {n:02}", origin=Origin.SLACK) for n in range(count)]
    pages = [words_of(template_list.template_list(own, [], [], page=page)) for page in range(len(sizes))]

    assert [page.count("Ours ") for page in pages] == sizes
    for n, page in enumerate(pages, start=1):
        assert (f"Page {n} of {len(sizes)}" in page) == (len(sizes) > 1)
        assert ("Previous page" in page) == (n > 1)
        assert ("Next page" in page) == (n < len(sizes))


def test_a_preview_has_buttons_to_the_pages_before_and_after_it_and_none_where_it_is_the_only_one() -> None:
    by_pages = {len(questions.pages(template)): template for template in EVERY}
    assert {1, 2} <= by_pages.keys()
    for count in (1, 2):
        for page in range(count):
            shown = words_of(preview.preview(by_pages[count], page))
            assert (f"Page {page + 1} of {count}" in shown) == (count > 1)
            assert ("Previous page" in shown, "Next page" in shown) == (page > 0, page + 1 < count)


@pytest.mark.parametrize("template", EVERY, ids=lambda template: template.key[:10])
def test_a_preview_asks_every_field_once_in_order_whatever_its_type(template: Template) -> None:
    pages = range(len(questions.pages(template)))
    blocks = [block for page in pages for block in preview.preview_blocks(template, page)]
    inputs = [block for block in blocks if block["type"] == "input"]

    asked = [one for one in template.questions if not ANSWER_RULES[one.kind].takes_options or one.options]
    assert [block["block_id"] for block in inputs] == [question.key for question in asked]
    assert [block["label"]["text"] for block in inputs] == [question.label for question in asked]


@pytest.mark.parametrize(("days", "said"), [(1, "deleted 1 day after the end"), (30, "deleted 30 days after the end")])
def test_a_draft_says_when_contents_are_deleted(days: int, said: str) -> None:
    view = editor.editor(Template(key="a", name="A", retention_days=days), None, [])

    assert said in str(view)


def test_of_each_question_a_draft_says_whether_it_is_on_the_card() -> None:
    asked = tuple(Question(key=key, label=key, kind=AnswerType.SHORT) for key in ("plan", "why"))
    text = words_of(editor.editor(Template(key="a", name="A", questions=asked, card=("why",)), None, [])["blocks"])

    assert "*1. plan*\nShort text\n" in f"{text}\n"
    assert "*2. why*\nShort text, on the card" in text


def test_what_is_wrong_is_told_with_the_words_of_the_form_and_counted() -> None:
    empty = Question(key="why", label="Why & <how>?", kind=AnswerType.CHOICE)
    draft = Template(key="a", name="A", questions=(empty,), card=("gone",))
    view = editor.editor(draft, None, [], problems=template_problems(plain_template(draft)))

    text = words_of(view["blocks"])
    assert "*Not published yet.* Fix these 2 things first:" in text
    assert "*Question “Why &amp; &lt;how&gt;?”*, options: has no options to choose from. Add some" in text
    assert '*Card*: There is no field "gone" in this template.' in text
