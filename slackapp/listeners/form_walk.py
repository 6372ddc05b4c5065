"""A form of one or several pages: what was entered is kept, the right page comes next, and at the end it is sent.

What somebody has typed is never lost: every turn of a page, every choice that changes what is asked, and every refused
submit is kept as a draft before anything else is shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from slackapp import ids
from slackapp.blocks import said
from slackapp.ids import Field
from slackapp.listeners import inbound, seams
from slackapp.listeners.desk import Desk, Mend, Nothing, Redraw, Reply, View, tell
from slackapp.listeners.inbound import Click, Submit
from slackapp.policy import core_fields, fields, questions
from slackapp.policy import walk as walks
from slackapp.policy.fields import Problem
from slackapp.policy.walk import Prefilled, Walk
from slackapp.usecases import drafts
from slackapp.usecases.form_walk import Around, Asked, around
from slackapp.usecases.look_up import Seen
from slackapp.usecases.outcomes import Missing
from slackapp.views import core_inputs, entered, form_pages, problems, refusals
from slackapp.views import questions as question_views
from slackapp.views.core_inputs import Choices
from slackapp.views.form_pages import Page, Unsent
from slackapp.views.inputs import REPLACED
from slackapp.views.questions import Asking
from storage.lifecycle import Verb
from storage.questions import Template
from storage.records import Source

WALKED: Final = frozenset({ids.action(verb) for verb in (Verb.OPEN, Verb.EDIT, Verb.RESEND)})
"""The forms that are walked through."""
FIRST: Final = "Please look at this first:"
"""What leads to the problems on a page that is shown for their sake."""
FORGOTTEN: Final = "What you began before is not there any more. It was sent, discarded, or is older than a day."


@dataclass(frozen=True, kw_only=True)
class Step:
    """A form as it stands: all that was entered, what surrounds it, and the page that was looked at."""

    user: str
    walk: Walk
    around: Around
    sheet: Submit

    @property
    def stored(self) -> Mapping[str, Any]:
        """What is stored of the handoff that is edited."""
        return stored_values(self.around.seen)

    @property
    def values(self) -> Mapping[str, Any]:
        """All answers as they stand."""
        return fitted(self.template, {**self.stored, **self.walk.answers})

    @property
    def template(self) -> Template | None:
        """What the form is written in now."""
        return self.around.template


Send = Callable[[Desk, Step], Reply]


def stored_values(seen: Seen | Missing | None) -> Mapping[str, Any]:
    """A handoff's fields as a form's answers."""
    if not isinstance(seen, Seen):
        return {}
    handoff = seen.picture.handoff
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
    fits = {key: entered.fitting(asked[key], value) if key in asked else value for key, value in answers.items()}
    return {key: value for key, value in fits.items() if value is not None}


def read(desk: Desk, sheet: Submit) -> Step:
    """What was entered so far, on this page and on those before it."""
    meta = sheet.meta
    draft_id, handoff_id = str(meta.get("draft") or sheet.view_id), meta.get("handoff")
    chosen = {key: sheet.values[key] for key in (Field.QUEUE, Field.TEMPLATE, Field.PERSON) if key in sheet.values}
    asked = Asked(
        draft_id=draft_id,
        handoff_id=str(handoff_id) if handoff_id else None,
        drawn=_drawn(meta),
        chosen={key.value: value for key, value in chosen.items()},
    )
    known = around(desk.baton, workspace=desk.workspace, user=sheet.who.user, asked=asked)
    begun = known.walk or Walk(
        purpose=Verb(sheet.form.partition(".")[2]), handoff_id=asked.handoff_id, source=_source(meta)
    )
    page, more = meta.get("page"), bool(meta.get("more"))
    going = replace(begun, draft_id=draft_id, page=page if isinstance(page, int) else 0, more=begun.more or more)
    return Step(user=sheet.who.user, walk=_merged(going, sheet, known), around=known, sheet=sheet)


def submitted(desk: Desk, sent: Submit, send: Send) -> Reply:
    """A page was sent: show what is wrong, or the page that comes next, or send the whole."""
    step = _looked_at(read(desk, sent))
    if step.around.sent:
        return send(desk, step)
    if isinstance(step.around.seen, Missing):
        return tell(refusals.GONE)
    found = _wrong_here(step)
    if found:
        return mend(desk, step, found)
    if step.walk.page == 0 and (shown := _first_stop(desk, step)):
        return Redraw(view=shown)
    following = walks.after(step.walk.page, step.template, step.values)
    if following is not None:
        step = _prefilled(desk, step)
        return turn(desk, step, following)
    return _finished(desk, step, send)


def turn(desk: Desk, step: Step, page: int, *, notices: Sequence[str] = (), lines: Sequence[str] = ()) -> Redraw:
    """Keep what was entered and show a page."""
    at = walks.settled(step.template, page, step.values)
    step = _shown_as_ours(replace(step, walk=replace(step.walk, page=at)))
    keep(desk, step)
    return Redraw(view=draw(desk, step, notices=notices, lines=lines))


def keep(desk: Desk, step: Step) -> None:
    """Keep what was entered."""
    drafts.save(desk.baton, workspace=desk.workspace, user=step.user, walk=step.walk)


def draw(desk: Desk, step: Step, *, notices: Sequence[str] = (), lines: Sequence[str] = ()) -> View:
    """The page that the walk is on."""
    return form_pages.draw(replace(_page(desk, step), notices=notices, lines=lines))


def mend(desk: Desk, step: Step, found: Mapping[str, Problem]) -> Reply:
    """Say at the fields what to mend; where they are on another page or not shown yet, show them with it on top."""
    if all(key in step.sheet.blocks for key in found):
        keep(desk, step)
        return Mend(problems={key: problems.sentence(problem) for key, problem in found.items()})
    page = min(walks.page_of(step.template, key) for key in found)
    wrong = {key: problem for key, problem in found.items() if walks.page_of(step.template, key) == page}
    lines = [
        f"• {said(form_pages.named(step.template, key))}: {problems.sentence(problem)}"
        for key, problem in wrong.items()
    ]
    return turn(desk, step, page, notices=["\n".join([FIRST, *lines])])


def wrong(step: Step) -> dict[str, Problem]:
    """What is wrong anywhere in the form."""
    found = _wrong_core(step)
    return {**found, **(questions.problems(step.template, step.values) if step.template else {})}


def fingerprint(step: Step) -> str:
    """Equal for equal answers on the last page."""
    return json.dumps([step.walk.page, step.sheet.values], sort_keys=True, default=str)


def beginning(verb: Verb, seen: Seen) -> View:
    """The first page of an edit or a resend."""
    picture = seen.picture
    going = Walk(purpose=verb, handoff_id=picture.handoff.id)
    values = stored_values(seen)
    return form_pages.draw(Page(walk=going, values=values, now=seen.now, template=picture.template, picture=picture))


# What is pressed in a form that is not sent yet


def dispatched(desk: Desk, click: Click) -> Reply:
    """Something was chosen that changes what is asked."""
    return _pressed(desk, click, lambda step: turn(desk, step, step.walk.page))


def more(desk: Desk, click: Click) -> Reply:
    """Show the fields that wait."""
    return _pressed(desk, click, lambda step: turn(desk, replace(step, walk=replace(step.walk, more=True)), 0))


def back(desk: Desk, click: Click) -> Reply:
    """The page before; from a question that stopped the walk, the page it stopped at."""

    def earlier(step: Step) -> Reply:
        stopped = bool(step.sheet.meta.get("anyway"))
        page = step.walk.page if stopped else walks.before(step.walk.page, step.template, step.values)
        return turn(desk, step, page)

    return _pressed(desk, click, earlier)


def proceed(desk: Desk, click: Click) -> Reply:
    """Go on with a form that was begun before. What was typed into this one is kept as well."""

    def go_on(step: Step) -> Reply:
        if step.walk.touched:
            keep(desk, step)
        wanted = click.target.handoff_id if click.target else ""
        known = around(desk.baton, workspace=desk.workspace, user=step.user, asked=Asked(draft_id=wanted, chosen={}))
        if known.walk is None:
            return Redraw(view=draw(desk, _without_offer(step), notices=[FORGOTTEN]))
        return turn(desk, _without_offer(replace(step, walk=known.walk, around=known)), known.walk.page)

    return _pressed(desk, click, go_on)


def discard(desk: Desk, click: Click) -> Reply:
    """Forget a form that was begun before."""

    def forget(step: Step) -> Reply:
        wanted = click.target.handoff_id if click.target else ""
        drafts.forget(desk.baton, workspace=desk.workspace, user=step.user, draft_id=wanted)
        return Redraw(view=draw(desk, _without_offer(step)))

    return _pressed(desk, click, forget)


def closed(desk: Desk, sheet: Submit) -> None:
    """The form was closed before it was sent: what was typed is kept, as far as Slack tells it."""
    if sheet.form != ids.action(Verb.OPEN) or not sheet.values:
        return
    step = read(desk, sheet)
    if step.walk.touched and not step.around.sent:
        keep(desk, step)


def fill(desk: Desk, sheet: Submit, prefilled: Prefilled) -> View:
    """Fill in what was found out after the form was opened, wherever nothing stands yet; keep it, and draw the page."""
    step = _shown_as_ours(_with(read(desk, sheet), prefilled))
    keep(desk, step)
    return draw(desk, step)


def _pressed(desk: Desk, click: Click, go_on: Callable[[Step], Reply]) -> Reply:
    if click.sheet is None or click.sheet.form not in WALKED:
        return Nothing()
    step = read(desk, click.sheet)
    if step.around.sent:
        return tell(refusals.SENT_BEFORE)
    if isinstance(step.around.seen, Missing):
        return tell(refusals.GONE)
    return go_on(step)


# The walk


def _first_stop(desk: Desk, step: Step) -> View | None:
    """What comes between the first page and the next: a choice that was not seen yet, something to decide on."""
    known = {template.key for template in step.around.offered}
    if len(known) > 1 and step.walk.answers.get(Field.TEMPLATE) not in known:
        return turn(desk, step, 0, notices=[form_pages.SEVERAL]).view
    if step.walk.purpose is not Verb.OPEN or "anyway" in step.walk.passed:
        return None
    blocks = seams.before_next(desk, step.user, step.walk)
    if not blocks:
        return None
    keep(desk, step)
    return form_pages.stop(_page(desk, step), blocks)


def _finished(desk: Desk, step: Step, send: Send) -> Reply:
    """Everything was asked: what is wrong on another page comes first, then advice, once."""
    found = wrong(step)
    if found:
        return mend(desk, step, found)
    if step.walk.purpose is Verb.OPEN and "advice" not in step.walk.passed:
        lines = seams.before_sending(desk, step.user, step.walk, step.template)
        if lines:
            passed = (*step.walk.passed, "advice")
            return turn(desk, replace(step, walk=replace(step.walk, passed=passed)), step.walk.page, lines=lines)
    return send(desk, step)


def _prefilled(desk: Desk, step: Step) -> Step:
    """First values for a template's questions, once for each template."""
    template = step.template
    if step.walk.purpose is not Verb.OPEN or template is None or template.key in step.walk.passed:
        return step
    found = seams.before_questions(desk, step.user, step.walk, template)
    going = replace(step.walk, passed=(*step.walk.passed, template.key))
    return _with(replace(step, walk=going), found)


def _with(step: Step, prefilled: Prefilled) -> Step:
    new = {key: value for key, value in prefilled.values.items() if key not in step.walk.answers}
    marks = {key: mark for key, mark in prefilled.marks.items() if key in new}
    going = step.walk
    going = replace(going, answers={**going.answers, **new}, marks={**going.marks, **marks})
    return replace(step, walk=going)


def _looked_at(step: Step) -> Step:
    """Whoever sends a page has looked at what was filled in there, and at what stopped them."""
    going, sheet = step.walk, step.sheet
    marks = {key: mark for key, mark in going.marks.items() if key not in sheet.blocks}
    passed = (*going.passed, "anyway") if sheet.meta.get("anyway") else going.passed
    return replace(step, walk=replace(going, marks=marks, passed=passed))


def _wrong_here(step: Step) -> dict[str, Problem]:
    """What is wrong on the page that was sent."""
    if step.walk.page == 0:
        return _wrong_core(step)
    asked = walks.asked_on(step.walk.page, step.template, step.values)
    return questions.problems(step.template, step.values, asked) if step.template else {}


def _wrong_core(step: Step) -> dict[str, Problem]:
    going, values = step.walk, step.values
    given: dict[str, Any] = {
        Field.TITLE.value: values.get(Field.TITLE) or "",
        Field.NEXT_STEP.value: values.get(Field.NEXT_STEP) or "",
        Field.LINK.value: values.get(Field.LINK),
        Field.NEEDED_BY.value: entered.instant(values.get(Field.NEEDED_BY)),
        Field.NOTE.value: entered.text(values.get(Field.NOTE)),
    }
    if going.purpose is not Verb.OPEN:  # what is stored was taken once
        given = {key: value for key, value in given.items() if key in going.answers or key == Field.NOTE}
    if not (core_fields.needs_note(step.template) if going.purpose is Verb.OPEN else going.purpose is Verb.RESEND):
        del given[Field.NOTE.value]
    return {**fields.problems(given, step.around.now), **step.around.problems}


# What was entered


def _merged(going: Walk, sheet: Submit, known: Around) -> Walk:
    """A walk with what was entered on this page."""
    answers, start = dict(going.answers), dict(going.start)
    stored = stored_values(known.seen)
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


def _read(key: str, values: Mapping[str, Any], known: Around, before: Any) -> Any:
    question = known.drawn.question(key) if known.drawn else None
    return entered.answer(question, values, before) if question else entered.core(values.get(key))


def _fitting(key: str, value: Any, known: Around) -> Any:
    question = known.drawn.question(key) if known.drawn else None
    return entered.fitting(question, value) if question else value


def _as_shown(key: str, value: Any, known: Around) -> Any:
    """What comes back of a value that is shown and not touched: inputs hold less than the database."""
    question = known.drawn.question(key) if known.drawn else None
    if question:
        shown = question_views.blocks(question, value, Asking(files=known.files))
        return entered.answer(question, {block["block_id"]: inbound.first(block["element"]) for block in shown}, value)
    if key in _TYPED:
        return entered.core(inbound.first(core_inputs.element(Field(key), value, Choices())))
    return value


def _shown_as_ours(step: Step) -> Step:
    """Fields in which not what was typed will stand get another id: for an equal one Slack keeps what was typed."""
    again, blocks = dict(step.walk.again), step.sheet.blocks
    ours = {
        **step.values,
        Field.QUEUE.value: step.around.queue.key if step.around.queue else None,
        Field.TEMPLATE.value: step.template.key if step.template else None,
    }
    for key in _keys(step.sheet, step.around.drawn):
        before = ours.get(key)
        if _read(key, step.sheet.values, step.around, before) != _as_shown(key, before, step.around):
            again[key] = max(again.get(key, 0), _times(blocks.get(key, ""))) + 1
    return replace(step, walk=replace(step.walk, again=again))


# Drawing


def _page(desk: Desk, step: Step) -> Page:
    known, going = step.around, step.walk
    seen = known.seen
    offer = going.page == 0 and bool(step.sheet.meta.get("offer"))
    return Page(
        walk=going,
        values=step.values,
        now=known.now,
        template=known.template,
        offered=known.offered,
        queue=known.queue,
        queues=known.queues,
        files=known.files,
        picture=seen.picture if isinstance(seen, Seen) else None,
        unsent=unsent(desk, step.user, but=going.draft_id) if offer else None,
    )


def unsent(desk: Desk, user: str, *, but: str = "") -> Unsent | None:
    """A form that this person has begun before and not sent, to be offered again."""
    found = drafts.unsent(desk.baton, workspace=desk.workspace, user=user)
    if found is None or found.began_at is None or found.draft_id == but:
        return None
    return Unsent(draft_id=found.draft_id, began_at=found.began_at, title=str(found.answers.get(Field.TITLE) or ""))


def _without_offer(step: Step) -> Step:
    meta = {key: value for key, value in step.sheet.meta.items() if key != "offer"}
    return replace(step, sheet=replace(step.sheet, meta=meta))


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

CLICKS: Final[Mapping[str, Callable[[Desk, Click], Reply]]] = {
    ids.VALUE: dispatched,
    ids.FORM_MORE: more,
    ids.FORM_BACK: back,
    ids.FORM_CONTINUE: proceed,
    ids.FORM_DISCARD: discard,
}
