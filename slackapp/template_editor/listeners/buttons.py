"""Templates in Slack: the list, and the buttons and menus of it and of the drafts. For Baton's admins alone.

Two forms lie one over the other: the list, over it a draft, over that what is asked about the draft. What is done
above is shown below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from slackapp.capability import Subcommand, any_text
from slackapp.slack.conversation import UNKNOWN_ID, Context, OpenModal, Reply, UpdateModal, UpdateModalBelow, View, tell
from slackapp.slack.ids import TemplateAction
from slackapp.slack.payloads import Click, Command
from slackapp.template_editor.actions import (
    Gone,
    NotAdmin,
    TemplateDraft,
    TemplateList,
    bench,
    change,
    copy,
    edit,
    look,
    shelf,
)
from slackapp.template_editor.rules import moved
from slackapp.template_editor.views import editor, forms, preview, template_list, wording
from storage.templates.model import Question, Template


def command(context: Context, said: Command, _rest: str) -> Reply:
    """`/handoff templates`."""
    found = shelf(context.baton, workspace=context.workspace, user=said.who.user)
    return no(found) if isinstance(found, NotAdmin) else OpenModal(view=show_list(found))


def show_list(found: TemplateList, *, page: int = 0, lead: str = "") -> View:
    """The list."""
    return template_list.shelf(found.templates, found.drafts, found.queues, page=page, lead=lead)


def show_editor(found: TemplateDraft) -> View:
    """A draft."""
    return editor.editor(found.draft, found.in_use, found.queues)


def no(refused: NotAdmin | Gone) -> Reply:
    """Why it cannot be done."""
    return tell(reason(refused))


def reason(refused: NotAdmin | Gone) -> str:
    """The sentence for it."""
    return wording.not_admin(refused.admins) if isinstance(refused, NotAdmin) else wording.GONE


def _turn(context: Context, click: Click) -> Reply:
    found = shelf(context.baton, workspace=context.workspace, user=click.who.user)
    page, _ = _names(click)
    return no(found) if isinstance(found, NotAdmin) else UpdateModal(view=show_list(found, page=_number(page)))


def _new(context: Context, click: Click) -> Reply:
    found = shelf(context.baton, workspace=context.workspace, user=click.who.user)
    if isinstance(found, NotAdmin):
        return no(found)
    return OpenModal(view=forms.about(Template(key="", name=""), found.queues, new=True))


def _open(context: Context, click: Click, begin: Callable[..., TemplateDraft | NotAdmin | Gone]) -> Reply:
    """Open a draft over the list, which shows from now on that there is one."""
    key, _ = _names(click)
    found = begin(context.baton, workspace=context.workspace, user=click.who.user, key=key)
    if not isinstance(found, TemplateDraft):
        return no(found)
    below = shelf(context.baton, workspace=context.workspace, user=click.who.user)
    return (
        no(below)
        if isinstance(below, NotAdmin)
        else UpdateModalBelow(reply=OpenModal(view=show_editor(found)), below=show_list(below))
    )


def _preview(context: Context, click: Click) -> Reply:
    key, page = _names(click)
    found = look(context.baton, workspace=context.workspace, user=click.who.user, key=key)
    if not isinstance(found, Template):
        return no(found)
    shown = preview.preview(found, _number(page))
    return UpdateModal(view=shown) if page else OpenModal(view=shown)


def _ask_first(context: Context, click: Click, form: Callable[[Template], View]) -> Reply:
    key, _ = _names(click)
    found = look(context.baton, workspace=context.workspace, user=click.who.user, key=key)
    return OpenModal(view=form(found)) if isinstance(found, Template) else no(found)


def _about_draft(context: Context, click: Click, form: Callable[[TemplateDraft, str], View | None]) -> Reply:
    """Open a form about a draft or one of its fields."""
    key, field = _names(click)
    found = bench(context.baton, workspace=context.workspace, user=click.who.user, key=key)
    if not isinstance(found, TemplateDraft):
        return no(found)
    shown = form(found, field)
    return UpdateModal(view=show_editor(found)) if shown is None else OpenModal(view=shown)


def _field(found: TemplateDraft, key: str) -> View | None:
    question = found.draft.question(key)
    return None if key and question is None else forms.field(found.draft, question)


def _of_field(form: Callable[[Template, Question], View], found: TemplateDraft, key: str) -> View | None:
    question = found.draft.question(key)
    return form(found.draft, question) if question else None


def _move(context: Context, click: Click, by: int) -> Reply:
    key, field = _names(click)
    found = change(
        context.baton,
        workspace=context.workspace,
        user=click.who.user,
        key=key,
        how=lambda draft: moved(draft, field, by),
    )
    return UpdateModal(view=show_editor(found)) if isinstance(found, TemplateDraft) else no(found)


def _names(click: Click) -> tuple[str, str]:
    """The template, and the field or page, that a button names."""
    key, _, rest = (click.target.handoff_id if click.target else "").partition("/")
    return key, rest


def _number(page: str) -> int:
    return int(page) if page.isdecimal() else 0


def _of_a_view(talk: Callable[[Context, Click], Reply], context: Context, click: Click) -> Reply:
    """These buttons stand in forms only."""
    return talk(context, click) if click.view_id else tell(UNKNOWN_ID)


_TALKS: Final[Mapping[TemplateAction, Callable[[Context, Click], Reply]]] = {
    TemplateAction.LIST: _turn,
    TemplateAction.NEW: _new,
    TemplateAction.EDIT: lambda context, click: _open(context, click, edit),
    TemplateAction.COPY: lambda context, click: _open(context, click, copy),
    TemplateAction.PREVIEW: _preview,
    TemplateAction.TAKE_OUT: lambda context, click: _ask_first(context, click, template_list.take_out),
    TemplateAction.DISCARD: lambda context, click: _ask_first(context, click, template_list.discard),
    TemplateAction.ABOUT: lambda context, click: _about_draft(
        context, click, lambda found, _: forms.about(found.draft, found.queues)
    ),
    TemplateAction.HANDLING: lambda context, click: _about_draft(
        context, click, lambda found, _: forms.handling(found.draft)
    ),
    TemplateAction.FIELD: lambda context, click: _about_draft(context, click, _field),
    TemplateAction.CONDITION: lambda context, click: _about_draft(context, click, partial(_of_field, forms.condition)),
    TemplateAction.REMOVE: lambda context, click: _about_draft(context, click, partial(_of_field, forms.remove)),
    TemplateAction.UP: lambda context, click: _move(context, click, -1),
    TemplateAction.DOWN: lambda context, click: _move(context, click, 1),
}

CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    making: partial(_of_a_view, talk) for making, talk in _TALKS.items()
}
WORDS: Final[Mapping[str, Subcommand[Any]]] = {
    "templates": Subcommand(
        handle=command, parse=any_text, usage="`{command} templates` makes the forms of kinds of handoff (for admins)"
    ),
}
