"""What stands in a form: what was entered on this page, over what was entered before it and what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from slackapp.forms.model import FormContext, FormDraft, FormReference
from slackapp.forms.queries.context import around
from slackapp.forms.rules.overlaps import FormAct, overtaken
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
    """A form as it stands: all that was entered, what surrounds it, and the page that was looked at."""

    user: str
    walk: FormDraft
    context: FormContext
    sheet: Submit

    @property
    def stored(self) -> Mapping[str, Any]:
        """What is stored of the handoff that is edited."""
        return stored_values(self.context.details)

    @property
    def values(self) -> Mapping[str, Any]:
        """All answers as they stand."""
        return fitted(self.template, {**self.stored, **self.walk.answers})

    @property
    def template(self) -> Template | None:
        """What the form is written in now."""
        return self.context.template


def stored_values(details: HandoffDetails | None) -> Mapping[str, Any]:
    """A handoff's fields as a form's answers; none for no handoff."""
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


def fitted(template: Template | None, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as the template's questions take them; what fits none of them, or was taken away, is left out."""
    asked = {question.key: question for question in template.questions} if template else {}
    fits = {key: parse_answers.adapt(asked[key], value) if key in asked else value for key, value in answers.items()}
    return {key: value for key, value in fits.items() if value is not None}


def read(desk: Context, sheet: Submit) -> FormStep:
    """What was entered so far, on this page and on those before it."""
    meta = sheet.meta
    draft_id, handoff_id = str(meta.get("draft") or sheet.view_id), meta.get("handoff")
    chosen = {key: sheet.values[key] for key in (Field.QUEUE, Field.TEMPLATE, Field.PERSON) if key in sheet.values}
    asked = FormReference(
        draft_id=draft_id,
        handoff_id=str(handoff_id) if handoff_id else None,
        drawn=_drawn(meta),
        chosen={key.value: value for key, value in chosen.items()},
    )
    known = around(desk.baton, workspace=desk.workspace, user=sheet.who.user, asked=asked)
    begun = known.walk or FormDraft(
        purpose=Verb(sheet.form.partition(".")[2]), handoff_id=asked.handoff_id, source=_source(meta)
    )
    page, more = meta.get("page"), bool(meta.get("more"))
    going = replace(begun, draft_id=draft_id, page=page if isinstance(page, int) else 0, more=begun.more or more)
    act = act_of(sheet)
    walk = going if overtaken(act, going) else _merged(going, sheet, known)
    return FormStep(user=sheet.who.user, walk=walk, context=known, sheet=sheet)


def act_of(sheet: Submit) -> FormAct:
    """What was done in a form, for telling which of two acts came later."""
    sent = sheet.meta.get("sent")
    return FormAct(sent=sent if isinstance(sent, int) else 0, pressed_at=sheet.pressed_at)


def _merged(going: FormDraft, sheet: Submit, known: FormContext) -> FormDraft:
    """A walk with what was entered on this page."""
    answers, start = dict(going.answers), dict(going.start)
    stored = stored_values(known.details)
    for key in _keys(sheet, known.drawn):
        before = _fitting(key, answers.get(key, stored.get(key)), known)
        now = _read(key, sheet.values, known, before)
        if going.purpose is not Verb.OPEN and now == start.setdefault(key, _read(key, sheet.first, known, before)):
            answers.pop(key, None)
        elif now != _as_shown(key, before, known):
            answers[key] = now
    touched = any(sheet.values[key] != sheet.first.get(key) for key in sheet.blocks if key in sheet.values)
    again = {key: _times(block_id) for key, block_id in sheet.blocks.items()}
    return replace(
        going,
        answers=answers,
        start=start,
        touched=going.touched or touched,
        again={**going.again, **{key: times for key, times in again.items() if times}},
    )


def _times(block_id: str) -> int:
    """How often our value took the place of what was typed in the field with this block_id."""
    return int(block_id.partition(REPLACED)[2] or 1) - 1


def _keys(sheet: Submit, drawn: Template | None) -> Iterable[str]:
    """The fields and questions that stood on a page."""
    known = {question.key for question in drawn.questions} if drawn else set()
    found = dict.fromkeys(key.removesuffix(ids.FILES) for key in sheet.values)
    return [key for key in found if key in ids.CORE or key in known]


def _read(key: str, values: Mapping[str, Any], known: FormContext, before: Any) -> Any:
    question = known.drawn.question(key) if known.drawn else None
    return parse_answers.parse(question, values, before) if question else parse_answers.parse_core(values.get(key))


def _fitting(key: str, value: Any, known: FormContext) -> Any:
    question = known.drawn.question(key) if known.drawn else None
    return parse_answers.adapt(question, value) if question else value


def _as_shown(key: str, value: Any, known: FormContext) -> Any:
    """What comes back of a value that is shown and not touched: inputs hold less than the database."""
    question = known.drawn.question(key) if known.drawn else None
    if question:
        shown = answer_inputs.blocks(question, value, InputState(files=known.files))
        return parse_answers.parse(
            question, {block["block_id"]: payloads.first(block["element"]) for block in shown}, value
        )
    if key in _TYPED:
        return parse_answers.parse_core(payloads.first(core_fields.element(Field(key), value, known)))
    return value


def shown_as_ours(step: FormStep) -> FormStep:
    """Fields in which not what was typed will stand get another id: for an equal one Slack keeps what was typed."""
    again, blocks = dict(step.walk.again), step.sheet.blocks
    ours = {
        **step.values,
        Field.QUEUE.value: step.context.queue.key if step.context.queue else None,
        Field.TEMPLATE.value: step.template.key if step.template else None,
    }
    for key in _keys(step.sheet, step.context.drawn):
        before = ours.get(key)
        if _read(key, step.sheet.values, step.context, before) != _as_shown(key, before, step.context):
            again[key] = max(again.get(key, 0), _times(blocks.get(key, ""))) + 1
    return replace(step, walk=replace(step.walk, again=again))


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
"""Fields whose inputs may hold less than what is kept."""
