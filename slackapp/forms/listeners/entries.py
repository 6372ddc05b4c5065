"""Combine a form's values: entered on this page, entered before, and stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from slackapp.forms.model import FormContext, FormDraft, FormReference
from slackapp.forms.queries.form_context import load_form_context
from slackapp.forms.rules.overlaps import FormAct, is_overtaken
from slackapp.forms.views import core_fields
from slackapp.handoffs.model import HandoffDetails
from slackapp.slack import ids, payloads
from slackapp.slack.block_kit.inputs import REPLACED
from slackapp.slack.conversation import Context
from slackapp.slack.ids import Field
from slackapp.slack.payloads import Submit
from slackapp.templates.rules import parse_answers
from slackapp.templates.views import answer_inputs
from slackapp.templates.views.answer_inputs import InputState
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Source
from storage.templates.model import Template


@dataclass(frozen=True, kw_only=True)
class FormStep:
    """A form as submitted or acted on: merged draft, context, and the sheet that Slack sent."""

    user: str
    draft: FormDraft
    form_context: FormContext
    sheet: Submit

    @property
    def stored(self) -> Mapping[str, Any]:
        """Stored values of the handoff that is edited."""
        return stored_values(self.form_context.details)

    @property
    def values(self) -> Mapping[str, Any]:
        """All present answers."""
        return fit_answers(self.template, {**self.stored, **self.draft.answers})

    @property
    def template(self) -> Template | None:
        """The template the form uses now."""
        return self.form_context.template


def stored_values(details: HandoffDetails | None) -> Mapping[str, Any]:
    """Return a handoff's fields as a form's answers; empty for None."""
    if details is None:
        return {}
    handoff = details.handoff
    return {
        Field.TITLE: handoff.title,
        Field.NEXT_STEP: handoff.next_step,
        Field.PRIORITY: handoff.priority.value,
        Field.NEEDED_BY: handoff.needed_by.isoformat() if handoff.needed_by else None,
        Field.LINK: handoff.link,
        **handoff.fields,
    }


def fit_answers(template: Template | None, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that fit the template's questions, without removed and unfitting ones."""
    asked = {question.key: question for question in template.questions} if template else {}
    fits = {key: parse_answers.adapt(asked[key], value) if key in asked else value for key, value in answers.items()}
    return {key: value for key, value in fits.items() if value is not None}


def read_form(context: Context, sheet: Submit) -> FormStep:
    """Read what was entered so far, on this page and on those before it."""
    meta = sheet.meta
    draft_id, handoff_id = str(meta.get("draft") or sheet.view_id), meta.get("handoff")
    chosen = {key: sheet.values[key] for key in (Field.QUEUE, Field.TEMPLATE, Field.PERSON) if key in sheet.values}
    reference = FormReference(
        draft_id=draft_id,
        handoff_id=str(handoff_id) if handoff_id else None,
        drawn=_drawn(meta),
        chosen={key.value: value for key, value in chosen.items()},
    )
    form_context = load_form_context(
        context.baton, workspace=context.workspace, user=sheet.who.user, reference=reference
    )
    begun = form_context.draft or FormDraft(
        purpose=Verb(sheet.form.partition(".")[2]), handoff_id=reference.handoff_id, source=_source(meta)
    )
    page, more = meta.get("page"), bool(meta.get("more"))
    draft = replace(begun, draft_id=draft_id, page=page if isinstance(page, int) else 0, more=more)
    act = act_of(sheet)
    if not is_overtaken(act, draft):
        draft = _merged(draft, sheet, form_context)
    return FormStep(user=sheet.who.user, draft=draft, form_context=form_context, sheet=sheet)


def act_of(sheet: Submit) -> FormAct:
    """Return the act that a sheet stands for, to order overlapping acts."""
    sent = sheet.meta.get("sent")
    return FormAct(sent=sent if isinstance(sent, int) else 0, pressed_at=sheet.pressed_at)


def _merged(draft: FormDraft, sheet: Submit, form_context: FormContext) -> FormDraft:
    """Return a draft with what was entered on this page."""
    answers, start = dict(draft.answers), dict(draft.start)
    stored = stored_values(form_context.details)
    for key in _keys(sheet, form_context.drawn):
        before = _fitting(key, answers.get(key, stored.get(key)), form_context)
        now = _read(key, sheet.values, form_context, before)
        if draft.purpose is not Verb.OPEN and now == start.setdefault(
            key, _read(key, sheet.first_values, form_context, before)
        ):
            answers.pop(key, None)
        elif now != _as_shown(key, before, form_context):
            answers[key] = now
    touched = any(sheet.values[key] != sheet.first_values.get(key) for key in sheet.blocks if key in sheet.values)
    again = {key: _replacements(block_id) for key, block_id in sheet.blocks.items()}
    return replace(
        draft,
        answers=answers,
        start=start,
        touched=draft.touched or touched,
        again={**draft.again, **{key: times for key, times in again.items() if times}},
    )


def _replacements(block_id: str) -> int:
    """Return how often a value of Baton's replaced what was typed, from an input's block_id."""
    return int(block_id.partition(REPLACED)[2] or 1) - 1


def _keys(sheet: Submit, drawn: Template | None) -> Iterable[str]:
    """Return the fields and questions on a page."""
    form_context = {question.key for question in drawn.questions} if drawn else set()
    found = dict.fromkeys(key.removesuffix(ids.FILES) for key in sheet.values)
    return [key for key in found if key in ids.CORE or key in form_context]


def _read(key: str, values: Mapping[str, Any], form_context: FormContext, before: Any) -> Any:
    question = form_context.drawn.question(key) if form_context.drawn else None
    return parse_answers.parse(question, values, before) if question else parse_answers.parse_core(values.get(key))


def _fitting(key: str, value: Any, form_context: FormContext) -> Any:
    question = form_context.drawn.question(key) if form_context.drawn else None
    return parse_answers.adapt(question, value) if question else value


def _as_shown(key: str, value: Any, form_context: FormContext) -> Any:
    """Return the value an untouched input gives back, which may hold less than what is stored."""
    question = form_context.drawn.question(key) if form_context.drawn else None
    if question:
        shown = answer_inputs.blocks(question, value, InputState(files=form_context.files))
        return parse_answers.parse(
            question, {block["block_id"]: payloads.read_first_value(block["element"]) for block in shown}, value
        )
    if key in _TYPED:
        return parse_answers.parse_core(payloads.read_first_value(core_fields.element(Field(key), value, form_context)))
    return value


def renew_replaced_inputs(step: FormStep) -> FormStep:
    """Give a new block_id to inputs whose typed text is replaced; for an equal one Slack keeps the text."""
    again, blocks = dict(step.draft.again), step.sheet.blocks
    ours = {
        **step.values,
        Field.QUEUE.value: step.form_context.queue.key if step.form_context.queue else None,
        Field.TEMPLATE.value: step.template.key if step.template else None,
    }
    for key in _keys(step.sheet, step.form_context.drawn):
        before = ours.get(key)
        if _read(key, step.sheet.values, step.form_context, before) != _as_shown(key, before, step.form_context):
            again[key] = max(again.get(key, 0), _replacements(blocks.get(key, ""))) + 1
    return replace(step, draft=replace(step.draft, again=again))


def _drawn(meta: Mapping[str, Any]) -> tuple[str, int] | None:
    key, version = meta.get("template"), meta.get("version")
    return (key, version) if isinstance(key, str) and isinstance(version, int) else None


def _source(meta: Mapping[str, Any]) -> Source | None:
    found = meta.get("source")
    if not isinstance(found, Mapping) or not {"channel", "ts"} <= found.keys():
        return None
    return Source(
        channel=found["channel"],
        ts=found["ts"],
        thread_ts=found.get("thread_ts"),
        permalink=found.get("permalink"),
        author=found.get("author"),
    )


_TYPED: Final = frozenset({Field.TITLE, Field.NEXT_STEP, Field.NOTE, Field.LINK})
"""Fields whose inputs may hold less than what is stored."""
