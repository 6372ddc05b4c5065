"""Draw a page of the form that opens, edits or resends: the core fields, then the template's questions.

The view stays the same from page to page. Its private metadata names the draft, the page and the template, and holds
nothing that was typed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from slackapp.forms.rules import form_draft
from slackapp.forms.views.first_page import first_page, privacy
from slackapp.forms.views.page import Page, layout, metadata
from slackapp.forms.views.verb_page import verb_page
from slackapp.handoffs.views import lists, verb_forms, wording
from slackapp.slack import ids
from slackapp.slack.block_kit import inputs, modals
from slackapp.slack.block_kit.blocks import Block, actions, button, context, escape, said, section
from slackapp.slack.block_kit.phrases import colon
from slackapp.slack.ids import Field
from slackapp.templates.rules import questions
from slackapp.templates.views.answer_inputs import ORIGIN_ABOVE, InputState, blocks
from storage.handoffs.lifecycle import Verb
from storage.templates.model import Question, Template

TITLE: Final = "Hand off work"
NEXT: Final = "Next"
ANYWAY: Final = "Hand off anyway"
CONTINUE_ANYWAY: Final = "Continue anyway"
BACK: Final = "Back"
CHOOSE_TEMPLATE: Final = "This team has several templates. Check that the right one is chosen, then continue."
_NOT_YET: Final[Mapping[Verb, str]] = {
    Verb.OPEN: "Not handed off yet.",
    Verb.EDIT: "Not saved yet.",
    Verb.RESEND: "Not sent yet.",
}
"""What the form says first when something stopped it."""
_LABEL: Final = 75


def draw_page(page: Page) -> Block:
    """Return the page as a view."""
    if page.draft.purpose is Verb.OPEN and page.form_context.queues is not None and not page.form_context.queues:
        alone = lists.no_teams(page.form_context.admins)
        return modals.view(TITLE, ids.action(Verb.OPEN), metadata(page), alone.blocks)
    page, origin = _origin_line(page)
    head, foot = ([], _page_number(page)) if page.draft.page == 0 else (_page_number(page), [])
    drawn = [
        *_problems_lead(page), *map(section, page.notices), *head, *origin, *_private(page), *_body(page), *_back(page),
        *foot,
    ]  # fmt: skip
    return _view(page, _with_problems(drawn, page.problems), submit=submit_label(page))


def decision_page(page: Page, blocks: Sequence[Block]) -> Block:
    """Return a view that asks for a decision instead of a page; its button continues or sends, whatever comes next."""
    submit = ANYWAY if submit_label(page) != NEXT else CONTINUE_ANYWAY
    view = _view(page, [*blocks, *actions(_back_button(page))], submit=submit)
    return {**view, "private_metadata": metadata(page, anyway=1)}


def submit_label(page: Page) -> str:
    """Return the label of the page's button. Before a team is chosen nobody knows whether pages follow."""
    draft, known = page.draft, page.form_context
    is_unknown = draft.purpose is Verb.OPEN and known.queue is None
    if is_unknown or form_draft.following_page(draft, known.template, page.values) is not None:
        return NEXT
    return wording.form_title(Verb.OPEN) if draft.purpose is Verb.OPEN else verb_forms.submit_label(draft.purpose)


def label_of(template: Template | None, key: str) -> str:
    """Return the label of a field or question, in plain text."""
    question = template.question(key) if template else None
    if question:
        return question.label
    return verb_forms.TEXTS[Field(key)].label if key in set(Field) else key


def question_blocks(page: Page, template: Template, question: Question, waiver: Question | None = None) -> list[Block]:
    """Return a question with its present answer; `waiver` is the tick beside it that makes it optional."""
    state = InputState(
        is_required=questions.is_required(question, page.values),
        has_dependents=questions.has_dependents(template, question),
        origin=page.draft.marks.get(question.key, ""),
        again=page.draft.again.get(question.key, 0),
        files=page.form_context.files,
        waiver_label=waiver.label if waiver else "",
    )
    return blocks(question, page.values.get(question.key), state)


def _body(page: Page) -> list[Block]:
    if page.draft.page:
        return _questions(page)
    details = page.form_context.details
    return verb_page(page, details) if details else first_page(page)


def _view(page: Page, blocks: list[Block], *, submit: str) -> Block:
    purpose, details = page.draft.purpose, page.form_context.details
    title = f"{wording.form_title(purpose)} {wording.number(details.handoff)}" if details else TITLE
    view = modals.view(title, ids.action(purpose), metadata(page), blocks, submit=submit, close="Cancel")
    return {**view, "notify_on_close": True} if purpose is Verb.OPEN else view


def _problems_lead(page: Page) -> list[Block]:
    """Return what stopped the submit, on top of the page."""
    if not page.problems:
        return []
    template = page.form_context.template
    lines = [
        f"• *{colon(said(label_of(template, key), _LABEL))}* {escape(sentence)}"
        for key, sentence in page.problems.items()
    ]
    return [section("\n".join([f":warning: *{_NOT_YET[page.draft.purpose]}*", *lines]))]


def _with_problems(drawn: Sequence[Block], problems: Mapping[str, str]) -> list[Block]:
    """Return the blocks with each problem's sentence above its field; the first of these fields has the focus."""
    return list(_marked(drawn, dict(problems)))


def _marked(drawn: Sequence[Block], left: dict[str, str]) -> Iterator[Block]:
    has_focus = not left
    for block in drawn:
        sentence = left.pop(inputs.key_of(block), "") if block["type"] == "input" else ""
        if sentence:
            yield context(f":warning: *{escape(sentence)}*")
        yield inputs.focused(block) if sentence and not has_focus else block
        has_focus = has_focus or bool(sentence)


def _private(page: Page) -> list[Block]:
    """Return the reminder that what is typed is private; the first page of a new one has it at its template."""
    if page.draft.page == 0 and page.form_context.details is None:
        return []
    known = page.form_context
    queue = known.details.queue if known.details else known.queue
    words = privacy(known.template, queue)
    return [context(f":lock: {escape(words)}")] if words else []


def _page_number(page: Page) -> list[Block]:
    """Return the line "Page 2 of 3", if there are several pages."""
    template, draft = page.form_context.template, page.draft
    stops = form_draft.active_pages(template, page.values)
    if template is None or len(stops) == 1 or form_draft.is_collapsed(draft):
        return []
    number = stops.index(draft.page) + 1 if draft.page in stops else 1
    return [context(f"Page {number} of {len(stops)}: {said(template.name, 100)}")]


def _origin_line(page: Page) -> tuple[Page, list[Block]]:
    """Return the page and a line with the origin that several of its values share, without repeating it per field."""
    here = {key: mark for key, mark in page.draft.marks.items() if key in _asked_here(page)}
    found = Counter(here.values()).most_common(1)
    if not found or found[0][1] == 1:
        return page, []
    shared = found[0][0]
    marks = {key: ORIGIN_ABOVE if mark == shared else mark for key, mark in here.items()}
    return replace(page, draft=replace(page.draft, marks=marks)), [context(f"Some answers are prefilled {shared}.")]


def _asked_here(page: Page) -> Collection[str]:
    """Return the keys that a page asks for."""
    if page.draft.page == 0:
        return layout(page).shown
    return (
        [one.key for one in form_draft.questions_on(page.draft.page, page.form_context.template, page.values)]
        if page.form_context.template
        else ()
    )


def _back(page: Page) -> list[Block]:
    is_behind = page.draft.purpose is Verb.OPEN and page.draft.more
    return actions(_back_button(page)) if page.draft.page or is_behind else []


def _back_button(page: Page) -> Block:
    value = ids.button_value(page.draft.draft_id or "new")
    return button(BACK, ids.FORM_BACK, value, about="to the page before")


def _questions(page: Page) -> list[Block]:
    template, draft = page.form_context.template, page.draft
    if template is None:
        return []
    asked = form_draft.questions_on(draft.page, template, page.values)
    return [
        block
        for question in asked
        for block in question_blocks(page, template, question, questions.waiver(asked, question))
    ]
