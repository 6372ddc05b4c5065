"""Submitted forms of the template editor: their values change the draft, and publishing puts the draft into use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.people.model import NotAdmin
from slackapp.slack.block_kit.modals import message_view
from slackapp.slack.conversation import Context, FieldErrors, NoReply, Reply, UpdateModal, UpdateModalBelow, View, tell
from slackapp.slack.ids import TemplateAction
from slackapp.slack.payloads import Submit
from slackapp.template_editor import actions
from slackapp.template_editor.actions import (
    InvalidDraft,
    NoSuchTemplate,
    Published,
    TemplateDraft,
    TemplateList,
    VersionConflict,
)
from slackapp.template_editor.listeners import buttons, parse_forms
from slackapp.template_editor.listeners.parse_forms import ParsedForm
from slackapp.template_editor.rules import without_field
from slackapp.template_editor.views import editor
from slackapp.template_editor.views.template_list import TITLE, published
from storage.templates.model import Template

FormParser = Callable[[Template], ParsedForm | None]


def about(context: Context, sent: Submit) -> Reply:
    """Store the form about a new template's or a draft's name, people and teams."""
    if _key(sent):
        return _change(context, sent, lambda draft: parse_forms.about(draft, sent.values))
    answered = parse_forms.about(Template(key="", name=""), sent.values)
    if answered.problems:
        return FieldErrors(problems=answered.problems)
    found = actions.begin_draft(
        context.baton, workspace=context.workspace, user=sent.who.user, wanted=answered.template, form=sent.view_id
    )
    below = actions.list_templates(context.baton, workspace=context.workspace, user=sent.who.user)
    if not isinstance(found, TemplateDraft) or isinstance(below, NotAdmin):
        return _refusal(sent, found if not isinstance(found, TemplateDraft) else NoSuchTemplate())
    return UpdateModalBelow(reply=UpdateModal(view=buttons.show_editor(found)), below=buttons.show_list(below))


def handling(context: Context, sent: Submit) -> Reply:
    """Store the form about the claim, privacy, returns and follow-ups."""
    return _change(context, sent, lambda draft: parse_forms.handling(draft, sent.values))


def field(context: Context, sent: Submit) -> Reply:
    """Add or change a field."""
    named = sent.meta.get("field")
    key = str(named) if named else None
    return _change(context, sent, lambda draft: parse_forms.of_field(draft, key, sent.values))


def condition(context: Context, sent: Submit) -> Reply:
    """Store when a field is asked and when it is required."""

    def read(draft: Template) -> ParsedForm | None:
        question = draft.question(str(sent.meta.get("field")))
        return parse_forms.condition(draft, question, sent.values) if question else None

    return _change(context, sent, read)


def remove(context: Context, sent: Submit) -> Reply:
    """Remove a field."""
    key = str(sent.meta.get("field"))
    return _change(context, sent, lambda draft: ParsedForm(template=without_field(draft, key)))


def publish(context: Context, sent: Submit) -> Reply:
    """Put the draft into use, or show its problems or the newer version."""
    over = sent.meta.get("over")
    outcome = actions.publish_draft(
        context.baton,
        workspace=context.workspace,
        user=sent.who.user,
        key=_key(sent),
        seen_version=over if isinstance(over, int) else None,
    )
    match outcome:
        case Published(template=template):
            return _done(context, sent, published(template))
        case InvalidDraft(problems=problems, current=current):
            shown = editor.editor(current.draft, current.in_use, current.queues, problems=problems)
            return UpdateModal(view=shown)
        case VersionConflict(current=current):
            return UpdateModal(view=editor.editor(current.draft, current.in_use, current.queues, has_conflict=True))
        case NotAdmin() | NoSuchTemplate():
            return _refusal(sent, outcome)


def retire(context: Context, sent: Submit) -> Reply:
    """Retire a template."""
    found = actions.retire_template(context.baton, workspace=context.workspace, user=sent.who.user, key=_key(sent))
    if not isinstance(found, TemplateList):
        return _refusal(sent, found)
    return _shown_below(buttons.show_list(found, lead="The template is retired."))


def discard(context: Context, sent: Submit) -> Reply:
    """Delete a draft."""
    found = actions.discard_draft(context.baton, workspace=context.workspace, user=sent.who.user, key=_key(sent))
    if isinstance(found, NotAdmin):
        return _refusal(sent, found)
    return _shown_below(buttons.show_list(found, lead="Your draft is deleted."))


def preview_submitted(_context: Context, _sent: Submit) -> Reply:
    """Close a preview that was submitted; nothing is stored."""
    return NoReply()


def _change(context: Context, sent: Submit, read: FormParser) -> Reply:
    """Change the draft by the form's values, or show their problems at the fields and change nothing."""
    found = actions.find_draft(context.baton, workspace=context.workspace, user=sent.who.user, key=_key(sent))
    if not isinstance(found, TemplateDraft):
        return _refusal(sent, found)
    answered = read(found.draft)
    if answered is None:
        return _refusal(sent, NoSuchTemplate())
    if answered.problems:
        return FieldErrors(problems=answered.problems)
    changed = actions.change_draft(
        context.baton,
        workspace=context.workspace,
        user=sent.who.user,
        key=_key(sent),
        edit=lambda draft: again.template if (again := read(draft)) else draft,
        form=sent.view_id,
    )
    return _shown_below(buttons.show_editor(changed)) if isinstance(changed, TemplateDraft) else _refusal(sent, changed)


def _done(context: Context, sent: Submit, lead: str) -> Reply:
    found = actions.list_templates(context.baton, workspace=context.workspace, user=sent.who.user)
    return _refusal(sent, found) if isinstance(found, NotAdmin) else _shown_below(buttons.show_list(found, lead=lead))


def _shown_below(below: View) -> Reply:
    return UpdateModalBelow(reply=NoReply(), below=below)


def _refusal(sent: Submit, refused: NotAdmin | NoSuchTemplate) -> Reply:
    """The refusal, at the form's first field so that what was typed stays, else in place of the form."""
    text = buttons.refusal_sentence(refused)
    return tell(text) if sent.blocks else UpdateModal(view=message_view(TITLE, text))


def _key(sent: Submit) -> str:
    return str(sent.meta.get("template") or "")


FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {
    TemplateAction.ABOUT: about,
    TemplateAction.HANDLING: handling,
    TemplateAction.FIELD: field,
    TemplateAction.CONDITION: condition,
    TemplateAction.REMOVE: remove,
    TemplateAction.PUBLISH: publish,
    TemplateAction.TAKE_OUT: retire,
    TemplateAction.DISCARD: discard,
    TemplateAction.PREVIEW: preview_submitted,
}
