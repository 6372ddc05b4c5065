"""Buttons and menus of the template list and of drafts, for Baton's admins only.

The views are stacked: the list, above it a draft, above that the forms about the draft. A change in the upper view
updates the one below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from slackapp.capability import Subcommand, nothing_more
from slackapp.people.model import NotAdmin
from slackapp.slack.command_text import CommandText
from slackapp.slack.conversation import UNKNOWN_ID, Context, OpenModal, Reply, UpdateModal, UpdateModalBelow, View, tell
from slackapp.slack.ids import TemplateAction
from slackapp.slack.payloads import Click, Command
from slackapp.template_editor.actions import (
    NoSuchTemplate,
    TemplateDraft,
    TemplateList,
    change_draft,
    copy_template,
    edit_draft,
    find_draft,
    find_template,
    list_templates,
)
from slackapp.template_editor.rules import with_field_moved
from slackapp.template_editor.views import editor, forms, preview, template_list, wording
from storage.templates.model import Question, Template


def command(context: Context, said: Command, _nothing: CommandText) -> Reply:
    """Reply to `/handoff templates`."""
    found = list_templates(context.baton, workspace=context.workspace, user=said.who.user)
    return refuse(found) if isinstance(found, NotAdmin) else OpenModal(view=show_list(found))


def show_list(found: TemplateList, *, page: int = 0, lead: str = "") -> View:
    """The view of the template list."""
    return template_list.template_list(found.templates, found.drafts, found.queues, page=page, lead=lead)


def show_editor(found: TemplateDraft) -> View:
    """The view of a draft."""
    return editor.editor(found.draft, found.in_use, found.queues)


def refuse(refused: NotAdmin | NoSuchTemplate) -> Reply:
    """The reply that the person may not do this, or that the template is gone."""
    return tell(refusal_sentence(refused))


def refusal_sentence(refused: NotAdmin | NoSuchTemplate) -> str:
    """The sentence of a refusal."""
    return wording.not_admin(refused.admins) if isinstance(refused, NotAdmin) else wording.GONE


def _turn(context: Context, click: Click) -> Reply:
    found = list_templates(context.baton, workspace=context.workspace, user=click.who.user)
    page, _ = _names(click)
    return refuse(found) if isinstance(found, NotAdmin) else UpdateModal(view=show_list(found, page=_number(page)))


def _new(context: Context, click: Click) -> Reply:
    found = list_templates(context.baton, workspace=context.workspace, user=click.who.user)
    if isinstance(found, NotAdmin):
        return refuse(found)
    return OpenModal(view=forms.about(Template(key="", name=""), found.queues, new=True))


def _open(context: Context, click: Click, begin: Callable[..., TemplateDraft | NotAdmin | NoSuchTemplate]) -> Reply:
    """Open a draft above the list, which now shows that there is one."""
    key, _ = _names(click)
    found = begin(context.baton, workspace=context.workspace, user=click.who.user, key=key)
    if not isinstance(found, TemplateDraft):
        return refuse(found)
    below = list_templates(context.baton, workspace=context.workspace, user=click.who.user)
    return (
        refuse(below)
        if isinstance(below, NotAdmin)
        else UpdateModalBelow(reply=OpenModal(view=show_editor(found)), below=show_list(below))
    )


def _preview(context: Context, click: Click) -> Reply:
    key, page = _names(click)
    found = find_template(context.baton, workspace=context.workspace, user=click.who.user, key=key)
    if not isinstance(found, Template):
        return refuse(found)
    shown = preview.preview(found, _number(page))
    return UpdateModal(view=shown) if page else OpenModal(view=shown)


def _ask_first(context: Context, click: Click, form: Callable[[Template], View]) -> Reply:
    key, _ = _names(click)
    found = find_template(context.baton, workspace=context.workspace, user=click.who.user, key=key)
    return OpenModal(view=form(found)) if isinstance(found, Template) else refuse(found)


def _about_draft(context: Context, click: Click, form: Callable[[TemplateDraft, str], View | None]) -> Reply:
    """Open a form about a draft or one of its fields."""
    key, field = _names(click)
    found = find_draft(context.baton, workspace=context.workspace, user=click.who.user, key=key)
    if not isinstance(found, TemplateDraft):
        return refuse(found)
    shown = form(found, field)
    return UpdateModal(view=show_editor(found)) if shown is None else OpenModal(view=shown)


def _field(found: TemplateDraft, key: str) -> View | None:
    question = found.draft.question(key)
    return None if key and question is None else forms.field(found.draft, question)


def _field_form(form: Callable[[Template, Question], View], found: TemplateDraft, key: str) -> View | None:
    question = found.draft.question(key)
    return form(found.draft, question) if question else None


def _move(context: Context, click: Click, by: int) -> Reply:
    key, field = _names(click)
    found = change_draft(
        context.baton,
        workspace=context.workspace,
        user=click.who.user,
        key=key,
        edit=lambda draft: with_field_moved(draft, field, by),
        form=_press(click),
    )
    return UpdateModal(view=show_editor(found)) if isinstance(found, TemplateDraft) else refuse(found)


def _press(click: Click) -> str:
    """Name a press by the button and the view as it looked then: the same again is meant once."""
    return f"{click.action}:{click.view_id}:{click.view_hash}:{'/'.join(_names(click))}"


def _names(click: Click) -> tuple[str, str]:
    """The template, and the field or page, that a button's value names."""
    key, _, rest = (click.target.handoff_id if click.target else "").partition("/")
    return key, rest


def _number(page: str) -> int:
    return int(page) if page.isdecimal() else 0


def _only_in_forms(talk: Callable[[Context, Click], Reply], context: Context, click: Click) -> Reply:
    """A listener for buttons that appear in views only."""
    return talk(context, click) if click.view_id else tell(UNKNOWN_ID)


_LISTENERS: Final[Mapping[TemplateAction, Callable[[Context, Click], Reply]]] = {
    TemplateAction.LIST: _turn,
    TemplateAction.NEW: _new,
    TemplateAction.EDIT: lambda context, click: _open(context, click, edit_draft),
    TemplateAction.COPY: lambda context, click: _open(context, click, partial(copy_template, form=_press(click))),
    TemplateAction.PREVIEW: _preview,
    TemplateAction.TAKE_OUT: lambda context, click: _ask_first(context, click, template_list.retire_form),
    TemplateAction.DISCARD: lambda context, click: _ask_first(context, click, template_list.discard_form),
    TemplateAction.ABOUT: lambda context, click: _about_draft(
        context, click, lambda found, _: forms.about(found.draft, found.queues)
    ),
    TemplateAction.HANDLING: lambda context, click: _about_draft(
        context, click, lambda found, _: forms.handling(found.draft)
    ),
    TemplateAction.FIELD: lambda context, click: _about_draft(context, click, _field),
    TemplateAction.CONDITION: lambda context, click: _about_draft(
        context, click, partial(_field_form, forms.condition)
    ),
    TemplateAction.REMOVE: lambda context, click: _about_draft(context, click, partial(_field_form, forms.remove)),
    TemplateAction.UP: lambda context, click: _move(context, click, -1),
    TemplateAction.DOWN: lambda context, click: _move(context, click, 1),
}

CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    making: partial(_only_in_forms, talk) for making, talk in _LISTENERS.items()
}
_OPENING: Final = (
    TemplateAction.NEW, TemplateAction.EDIT, TemplateAction.PREVIEW, TemplateAction.TAKE_OUT, TemplateAction.DISCARD,
    TemplateAction.ABOUT, TemplateAction.HANDLING, TemplateAction.FIELD, TemplateAction.CONDITION,
    TemplateAction.REMOVE,
)  # fmt: skip
OPENS: Final[Mapping[str, str]] = dict.fromkeys(_OPENING, template_list.TITLE)
"""All that open a view, except the one that would make a second copy if it were done again."""
WORDS: Final[Mapping[str, Subcommand[Any]]] = {
    "templates": Subcommand(
        handle=command,
        parse=nothing_more,
        usage="`{command} templates` lists handoff forms to preview, copy and create (for admins)",
        opens=template_list.TITLE,
    ),
}
