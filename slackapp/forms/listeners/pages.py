"""Handle the pages of a form: save what was entered, show the next page, and send the form after the last one.

Typed text is never lost: every turn of a page, every choice that changes what is asked, and every refused submit is
saved as a draft before anything else is shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from slackapp.forms.actions import save_draft
from slackapp.forms.listeners import duplicates
from slackapp.forms.listeners.entries import FormStep, act_of, read_form, renew_replaced_inputs, stored_values
from slackapp.forms.model import FormContext, FormDraft, Prefilled
from slackapp.forms.queries import form_context
from slackapp.forms.queries.prefill import first_answers
from slackapp.forms.rules import core_fields, form_draft
from slackapp.forms.rules.overlaps import with_act
from slackapp.forms.rules.vague_answers import vague_answers
from slackapp.forms.views import pages
from slackapp.forms.views.advice import advice_blocks
from slackapp.forms.views.page import Page
from slackapp.handoffs.model import Seen
from slackapp.handoffs.rules import fields
from slackapp.handoffs.views import refusals
from slackapp.slack import field_problems, ids
from slackapp.slack.conversation import Context, Reply, UpdateModal, View, tell
from slackapp.slack.field_problems import FieldProblem
from slackapp.slack.ids import Field
from slackapp.slack.payloads import Submit
from slackapp.templates.rules import parse_answers, questions
from storage.handoffs.lifecycle import Verb

Send = Callable[[Context, FormStep], Reply]


def submit_page(context: Context, sent: Submit, send: Send) -> Reply:
    """Handle a sent page: show its problems or the next page, or send the form with `send`."""
    step = _with_page_seen(read_form(context, sent))
    if step.form_context.sent:
        return send(context, step)
    if step.form_context.is_gone:
        return tell(refusals.GONE)
    found = _page_problems(step)
    if found:
        return show_problems(context, step, found)
    if step.draft.page == 0 and (shown := _decision_after_first_page(context, step)):
        return UpdateModal(view=shown)
    following = form_draft.following_page(step.draft, step.template, step.values)
    if following is not None:
        step = _with_first_answers(context, step)
        more = step.draft.more and step.draft.purpose is Verb.RESEND
        return show_page(context, replace(step, draft=replace(step.draft, more=more)), following)
    return _finish(context, step, send)


def show_page(
    context: Context,
    step: FormStep,
    page: int,
    *,
    notices: Sequence[str] = (),
    found: Mapping[str, FieldProblem] | None = None,
) -> UpdateModal:
    """Save what was entered and show a page, or the nearest one before it that asks something.

    `found` are problems of its fields. Their inputs get new ids, so that Slack moves the focus to the first of them.
    """
    at = form_draft.nearest_page(step.template, page, step.values)
    step = renew_replaced_inputs(replace(step, draft=replace(step.draft, page=at)))
    again = {key: step.draft.again.get(key, 0) + 1 for key in found or ()}
    step = _keep_act(context, replace(step, draft=replace(step.draft, again={**step.draft.again, **again})))
    sentences = {key: field_problems.problem_sentence(problem) for key, problem in (found or {}).items()}
    return UpdateModal(view=draw(context, step, notices=notices, problems=sentences))


def keep_draft(context: Context, step: FormStep) -> FormStep:
    """Save what was entered, merged with overlapping acts."""
    kept = save_draft(
        context.baton,
        workspace=context.workspace,
        user=step.user,
        draft=step.draft,
        base=step.form_context.draft,
        act=act_of(step.sheet),
    )
    return replace(step, draft=replace(kept, page=step.draft.page))


def draw(
    context: Context, step: FormStep, *, notices: Sequence[str] = (), problems: Mapping[str, str] | None = None
) -> View:
    """Return the draft's present page as a view."""
    return pages.draw_page(replace(_page(context, step), notices=notices, problems=problems or {}))


def show_problems(context: Context, step: FormStep, found: Mapping[str, FieldProblem]) -> Reply:
    """Show problems on top of the earliest page that has one, and at their fields."""
    places = {key: _place_of(step, key) for key in found}
    page, more = min(places.values())
    here = {key: problem for key, problem in found.items() if places[key] == (page, more)}
    return show_page(context, replace(step, draft=replace(step.draft, more=more)), page, found=here)


def _place_of(step: FormStep, key: str) -> tuple[int, bool]:
    """Return the page of a field or question, and whether it is shown only after "More"."""
    draft, page = step.draft, form_draft.page_of(step.template, key)
    if draft.purpose is Verb.RESEND:
        return page, draft.more or key != Field.NOTE
    if draft.purpose is Verb.EDIT or page:
        return page, False
    several = step.form_context.several
    front = core_fields.layout(step.template, step.values, several=several, more=False)
    return 0, key in front.behind


def problems(step: FormStep) -> dict[str, FieldProblem]:
    """Return the problems of the whole form, by field or question."""
    found = _core_problems(step)
    return {**found, **(questions.problems(step.template, step.values) if step.template else {})}


def fingerprint(step: FormStep) -> str:
    """Return a text that is equal for equal answers on the last page."""
    return json.dumps([step.draft.page, step.sheet.values], sort_keys=True, default=str)


def first_page(verb: Verb, seen: Seen) -> View:
    """Return the first page of an edit or a resend."""
    details = seen.details
    draft = FormDraft(purpose=verb, handoff_id=details.handoff.id)
    form_context = FormContext(now=seen.now, template=details.template, details=details)
    return pages.draw_page(Page(form_context=form_context, draft=draft, values=stored_values(details)))


def closed(context: Context, sheet: Submit) -> None:
    """Save what was typed in a form that was closed unsent, as far as Slack tells it."""
    if not sheet.values:
        return
    step = read_form(context, sheet)
    if step.draft.touched and not step.form_context.sent:
        keep_draft(context, step)


def redraw_first_page(context: Context, sheet: Submit, *, notices: Sequence[str] = ()) -> View:
    """Return the first page again with values that its draft got meanwhile; typed values stay in Slack."""
    return draw(context, read_form(context, replace(sheet, values={})), notices=notices)


# From page to page


def _keep_act(context: Context, step: FormStep) -> FormStep:
    """Save what was entered, with this act's order, before something else is drawn."""
    return keep_draft(context, replace(step, draft=with_act(step.draft, act_of(step.sheet), step.form_context.now)))


def _decision_after_first_page(context: Context, step: FormStep) -> View | None:
    """Return a view between the first page and the next: template choice or duplicates; None without."""
    known = {template.key for template in step.form_context.offered}
    if len(known) > 1 and step.draft.answers.get(Field.TEMPLATE) not in known:
        return show_page(context, step, 0, notices=[pages.CHOOSE_TEMPLATE]).view
    if step.draft.purpose is not Verb.OPEN or "anyway" in step.draft.passed:
        return None
    blocks = duplicates.warning_after_first_page(context, step.user, step.draft)
    if not blocks:
        return None
    return pages.decision_page(_page(context, _keep_act(context, step)), blocks)


def _finish(context: Context, step: FormStep, send: Send) -> Reply:
    """Show problems of any page, then advice once, then send the form."""
    found = problems(step)
    if found:
        return show_problems(context, step, found)
    if step.draft.purpose is Verb.OPEN and "advice" not in step.draft.passed:
        vague = vague_answers(step.values, step.template)
        if vague:
            passed = (*step.draft.passed, "advice")
            step = _keep_act(context, replace(step, draft=replace(step.draft, passed=passed)))
            advice = advice_blocks(vague, step.values, step.template)
            return UpdateModal(view=pages.decision_page(_page(context, step), advice))
    return send(context, step)


def _with_first_answers(context: Context, step: FormStep) -> FormStep:
    """Return the form with first answers to a template's questions, once for each template."""
    template = step.template
    if step.draft.purpose is not Verb.OPEN or template is None or template.key in step.draft.passed:
        return step
    found = first_answers(
        context.baton, workspace=context.workspace, user=step.user, draft=step.draft, template=template
    )
    draft = replace(step.draft, passed=(*step.draft.passed, template.key))
    return _with_first_values(replace(step, draft=draft), found)


def _with_first_values(step: FormStep, prefilled: Prefilled) -> FormStep:
    new = {key: value for key, value in prefilled.values.items() if key not in step.draft.answers}
    marks = {key: mark for key, mark in prefilled.marks.items() if key in new}
    draft = step.draft
    draft = replace(draft, answers={**draft.answers, **new}, marks={**draft.marks, **marks})
    return replace(step, draft=draft)


def _with_page_seen(step: FormStep) -> FormStep:
    """Return the form with the sent page's origin marks removed and its decision recorded."""
    draft, sheet = step.draft, step.sheet
    marks = {key: mark for key, mark in draft.marks.items() if key not in sheet.blocks}
    passed = (*draft.passed, "anyway") if sheet.meta.get("anyway") else draft.passed
    return replace(step, draft=replace(draft, marks=marks, passed=passed))


def _page_problems(step: FormStep) -> dict[str, FieldProblem]:
    """Return the problems on the page that was sent."""
    if step.draft.page == 0:
        return _core_problems(step)
    asked = form_draft.questions_on(step.draft.page, step.template, step.values)
    return questions.problems(step.template, step.values, asked) if step.template else {}


def _core_problems(step: FormStep) -> dict[str, FieldProblem]:
    draft, values = step.draft, step.values
    given: dict[str, Any] = {
        Field.TITLE.value: values.get(Field.TITLE) or "",
        Field.NEXT_STEP.value: values.get(Field.NEXT_STEP) or "",
        Field.LINK.value: values.get(Field.LINK),
        Field.NEEDED_BY.value: parse_answers.instant(values.get(Field.NEEDED_BY)),
        Field.NOTE.value: parse_answers.text(values.get(Field.NOTE)),
    }
    if draft.purpose is not Verb.OPEN:  # stored values were checked when they were stored
        given = {key: value for key, value in given.items() if key in draft.answers or key == Field.NOTE}
    if not (core_fields.needs_note(step.template) if draft.purpose is Verb.OPEN else draft.purpose is Verb.RESEND):
        del given[Field.NOTE.value]
    return {**fields.problems(given, step.form_context.now), **step.form_context.problems}


# Drawing


def _page(context: Context, step: FormStep) -> Page:
    offer = step.draft.page == 0 and bool(step.sheet.meta.get("offer"))
    shown = draft_to_offer(context, step.user, but=step.draft.draft_id) if offer else None
    return Page(form_context=step.form_context, draft=step.draft, values=step.values, unsent=shown)


def draft_to_offer(context: Context, user: str, *, but: str = "") -> FormDraft | None:
    """Return this person's unsent draft that may be offered again, other than `but`; None without one."""
    found = form_context.latest_unsent_draft(context.baton, workspace=context.workspace, user=user)
    return found if found and found.began_at and found.draft_id != but else None


CLOSED: Final[Mapping[str, Callable[[Context, Submit], None]]] = {ids.action(Verb.OPEN): closed}
