"""Draw a page of the form that opens, edits or resends: the core fields, then the template's questions.

The view stays the same from page to page. Its private metadata names the draft, the page and the template, and holds
nothing that was typed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from slackapp.forms.model import FormContext, FormDraft
from slackapp.forms.rules import core_fields, form_draft
from slackapp.forms.views.core_fields import element
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import verb_forms, wording
from slackapp.slack import ids
from slackapp.slack.block_kit import inputs, modals
from slackapp.slack.block_kit.blocks import Block, actions, button, context, quote, said, section, when
from slackapp.slack.block_kit.inputs import InputLabels
from slackapp.slack.ids import Field
from slackapp.templates.rules import parse_answers, questions
from slackapp.templates.views.answer_inputs import ORIGIN_ABOVE, InputState, blocks, hint
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Handoff, Priority
from storage.templates.model import Question, Template

TITLE: Final = "Hand off work"
NEXT: Final = "Next"
AS_IT_IS: Final = "Hand off as it is"
ANYWAY: Final = "Hand off anyway"
BACK: Final = "Back"
MORE: Final = "More"
CHOOSE_TEMPLATE: Final = "This team has more than one form. Choose the one that fits, then go on."
NO_QUEUES: Final = (
    "No team is set up yet that you can hand work to. An admin adds teams and their members to Baton's configuration "
    "file and runs `baton config apply`; then open this form again."
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page to draw: its form's context and draft, and the present values.

    `values` are the present answers: stored ones, overridden by what was entered. `unsent` is an unsent draft on offer.
    `notices` are mrkdwn sentences on top of the page. `lines` are suggestions below it.
    """

    form_context: FormContext
    draft: FormDraft
    values: Mapping[str, Any]
    unsent: FormDraft | None = None
    notices: Sequence[str] = ()
    lines: Sequence[str] = ()


def draw_page(page: Page) -> Block:
    """Return the page as a view."""
    if page.draft.purpose is Verb.OPEN and page.form_context.queues is not None and not page.form_context.queues:
        return modals.view(TITLE, ids.action(Verb.OPEN), _metadata(page), [section(NO_QUEUES)])
    page, origin = _origin_line(page)
    body = _questions(page) if page.draft.page else _first_page(page)
    blocks = [*_page_number(page), *map(section, page.notices), *origin, *body, *_back(page), *_advice(page)]
    return _view(page, blocks, submit=_submit(page))


def decision_page(page: Page, blocks: Sequence[Block]) -> Block:
    """Return a view that asks for a decision between two pages; sending it continues to the next page."""
    view = _view(page, [*blocks, *actions(_button(BACK, ids.FORM_BACK, page))], submit=ANYWAY)
    return {**view, "private_metadata": _metadata(page, anyway=1)}


def label_of(template: Template | None, key: str) -> str:
    """Return the label of a field or question, in plain text."""
    question = template.question(key) if template else None
    if question:
        return question.label
    return verb_forms.TEXTS[Field(key)].label if key in set(Field) else key


def _view(page: Page, blocks: list[Block], *, submit: str) -> Block:
    purpose, details = page.draft.purpose, page.form_context.details
    title = f"{wording.VERB_WORDS[purpose].label} {wording.number(details.handoff)}" if details else TITLE
    view = modals.view(title, ids.action(purpose), _metadata(page), blocks, submit=submit, close="Cancel")
    return {**view, "notify_on_close": True} if purpose is Verb.OPEN else view


def _metadata(page: Page, **more: Any) -> str:
    template, draft = page.form_context.template, page.draft
    return modals.metadata(
        handoff_id=draft.handoff_id,
        source=draft.source,
        draft=draft.draft_id,
        page=draft.page,
        template=template.key if template else None,
        version=template.version if template else None,
        offer=page.unsent.draft_id if page.unsent else None,
        more=draft.more,
        sent=draft.sent,
        **more,
    )


def _submit(page: Page) -> str:
    if form_draft.next_page(page.draft.page, page.form_context.template, page.values) is not None:
        return NEXT
    if page.draft.purpose is not Verb.OPEN:
        return verb_forms.FORMS[page.draft.purpose].submit
    return AS_IT_IS if page.lines else wording.VERB_WORDS[Verb.OPEN].label


def _page_number(page: Page) -> list[Block]:
    """Return the line "Page 2 of 3", if there are several pages."""
    stops = form_draft.active_pages(page.form_context.template, page.values)
    if page.form_context.template is None or len(stops) == 1:
        return []
    number = stops.index(page.draft.page) + 1 if page.draft.page in stops else 1
    return [context(f"Page {number} of {len(stops)}: {said(page.form_context.template.name, 100)}")]


def _origin_line(page: Page) -> tuple[Page, list[Block]]:
    """Return the page and a line with the origin that several of its values share, without repeating it per field."""
    here = {key: mark for key, mark in page.draft.marks.items() if key in _asked_here(page)}
    found = Counter(here.values()).most_common(1)
    if not found or found[0][1] == 1:
        return page, []
    shared = found[0][0]
    marks = {key: ORIGIN_ABOVE if mark == shared else mark for key, mark in here.items()}
    return replace(page, draft=replace(page.draft, marks=marks)), [context(f"Some answers are filled in {shared}.")]


def _asked_here(page: Page) -> Collection[str]:
    """Return the keys that a page asks for."""
    if page.draft.page == 0:
        return _layout(page).shown
    return (
        [one.key for one in form_draft.questions_on(page.draft.page, page.form_context.template, page.values)]
        if page.form_context.template
        else ()
    )


def _layout(page: Page) -> core_fields.Layout:
    several = len(page.form_context.offered) > 1
    return core_fields.layout(page.form_context.template, page.values, several=several, more=page.draft.more)


def _back(page: Page) -> list[Block]:
    return actions(_button(BACK, ids.FORM_BACK, page)) if page.draft.page else []


def _advice(page: Page) -> list[Block]:
    return [context(" ".join(page.lines))] if page.lines else []


def _button(text: str, action_id: str, page: Page) -> Block:
    return button(text, action_id, ids.button_value(page.draft.draft_id or "new"), about=_ABOUT[text])


def _first_page(page: Page) -> list[Block]:
    return _opening_fields(page) if page.form_context.details is None else _verb_fields(page, page.form_context.details)


def _opening_fields(page: Page) -> list[Block]:
    layout = _layout(page)
    fields = [_field(page, key) for key in layout.shown]
    more = actions(_button(MORE, ids.FORM_MORE, page)) if layout.behind else []
    return [*_unsent(page.unsent), *fields, *more]


def _unsent(unsent: FormDraft | None) -> list[Block]:
    """Return the offer to continue an unsent draft."""
    if unsent is None or unsent.began_at is None:
        return []
    title = said(str(unsent.answers.get(Field.TITLE) or "")).rstrip(".")
    value = ids.button_value(unsent.draft_id)
    return [
        section(f"You began a handoff at {when(unsent.began_at, '{time}')}{f': {title}' if title else ''}."),
        *actions(
            button("Continue", ids.FORM_CONTINUE, value, about="the handoff you began"),
            button("Discard", ids.FORM_DISCARD, value, about="the handoff you began"),
        ),
    ]


def _field(page: Page, key: Field) -> Block:
    """Return the block of a core field."""
    optional = key in _OPTIONAL or (key is Field.NOTE and not core_fields.needs_note(page.form_context.template))
    text = verb_forms.TEXTS[key]
    return inputs.field(
        key,
        InputLabels(
            label=text.label,
            hint=hint(text.hint, page.draft.marks.get(key, "")),
            placeholder=text.placeholder,
        ),
        element(key, page.values.get(key), page.form_context),
        optional=optional,
        again=page.draft.again.get(key, 0),
        dispatch=key in _GOVERNING,
    )


def _verb_fields(page: Page, details: HandoffDetails) -> list[Block]:
    """Return the first page of an edit or a resend: the verb's own form with the values entered so far."""
    draft = page.draft
    filled = _filled(details.handoff, page.values)
    blocks: list[Block] = verb_forms.verb_form(draft.purpose, details, page.form_context.now, filled=filled)["blocks"]
    shown = [_with_values(block, page) for block in blocks]
    if draft.purpose is Verb.RESEND:
        return [*shown[:1], *_reason_sent_back(details), *shown[1:]]
    return [*shown, _field(page, Field.TOLD_CUSTOMER)]


def _filled(handoff: Handoff, values: Mapping[str, Any]) -> Handoff:
    known = {key.value: values[key] for key in verb_forms.EDITED if key in values}
    known[Field.NEEDED_BY.value] = parse_answers.instant(values.get(Field.NEEDED_BY))
    known[Field.PRIORITY.value] = Priority(values.get(Field.PRIORITY) or Priority.NORMAL)
    for required in (Field.TITLE, Field.NEXT_STEP):
        known[required.value] = known.get(required.value) or ""
    return replace(handoff, **known)


def _with_values(block: Block, page: Page) -> Block:
    """Return an input of a verb's form as an input of this one: with its note and the present block_id."""
    if block["type"] != "input":
        return block
    key = block["block_id"]
    note = parse_answers.text(page.values.get(Field.NOTE)).rich if key == Field.NOTE else None
    shown = {**block, "block_id": inputs.block_id(key, page.draft.again.get(key, 0))}
    return {**shown, "element": {**inputs.rich(note), **shown["element"]}} if note else shown


def _reason_sent_back(details: HandoffDetails) -> list[Block]:
    """Return the reason for which the handoff was sent back, with its note."""
    note = next((one for one in reversed(details.notes) if one.verb == Verb.RETURN), None)
    if note is None:
        return []
    own = details.template.reasons if details.template else {}
    key = note.text.reason or ""
    reason = said(own[key], 150) if key in own else wording.reason(key)
    lead = f"{wording.who(details, note.author)} sent it back" + (f": {reason}" if reason else "")
    helps = quote(note.text.plain, 1500)
    return [section(f"{lead}.\n{helps}" if helps else f"{lead}.")]


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


_ABOUT: Final[Mapping[str, str]] = {MORE: "fields of this form", BACK: "to the page before"}
"""Accessible descriptions of buttons, appended to their labels."""
_OPTIONAL: Final = frozenset({Field.PERSON, Field.NEEDED_BY, Field.LINK, Field.TOLD_CUSTOMER})
_GOVERNING: Final = frozenset({Field.QUEUE, Field.TEMPLATE})
