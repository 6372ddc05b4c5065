"""The forms about templates come back. What was typed is kept in the draft; publishing the draft puts it into use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.slack.block_kit.modals import message_view
from slackapp.slack.conversation import Context, FieldErrors, NoReply, Reply, UpdateModal, UpdateModalBelow, View, tell
from slackapp.slack.ids import TemplateAction
from slackapp.slack.payloads import Submit
from slackapp.template_editor import actions
from slackapp.template_editor.actions import Gone, NotAdmin, Overtaken, Published, TemplateDraft, TemplateList, Unsound
from slackapp.template_editor.listeners import buttons, parse_forms
from slackapp.template_editor.listeners.parse_forms import Answered
from slackapp.template_editor.rules import without_field
from slackapp.template_editor.views import editor
from slackapp.template_editor.views.template_list import TITLE, published
from storage.templates.model import Template

Read = Callable[[Template], Answered | None]


def about(context: Context, sent: Submit) -> Reply:
    """What it is about: of a new template, or of a draft."""
    if _key(sent):
        return _change(context, sent, lambda draft: parse_forms.about(draft, sent.values))
    answered = parse_forms.about(Template(key="", name=""), sent.values)
    if answered.problems:
        return FieldErrors(problems=answered.problems)
    found = actions.begin(
        context.baton, workspace=context.workspace, user=sent.who.user, wanted=answered.template, form=sent.view_id
    )
    below = actions.shelf(context.baton, workspace=context.workspace, user=sent.who.user)
    if not isinstance(found, TemplateDraft) or isinstance(below, NotAdmin):
        return _no(sent, found if not isinstance(found, TemplateDraft) else Gone())
    return UpdateModalBelow(reply=UpdateModal(view=buttons.show_editor(found)), below=buttons.show_list(below))


def handling(context: Context, sent: Submit) -> Reply:
    """How it is taken over."""
    return _change(context, sent, lambda draft: parse_forms.handling(draft, sent.values))


def field(context: Context, sent: Submit) -> Reply:
    """A field that is new, or changed."""
    named = sent.meta.get("field")
    key = str(named) if named else None
    return _change(context, sent, lambda draft: parse_forms.of_field(draft, key, sent.values))


def condition(context: Context, sent: Submit) -> Reply:
    """When a field is asked, and when it has to be answered."""

    def read(draft: Template) -> Answered | None:
        question = draft.question(str(sent.meta.get("field")))
        return parse_forms.condition(draft, question, sent.values) if question else None

    return _change(context, sent, read)


def remove(context: Context, sent: Submit) -> Reply:
    """A field is taken out."""
    key = str(sent.meta.get("field"))
    return _change(context, sent, lambda draft: Answered(template=without_field(draft, key)))


def publish(context: Context, sent: Submit) -> Reply:
    """The draft is put into use, unless something is wrong with it or somebody was quicker."""
    over = sent.meta.get("over")
    outcome = actions.publish(
        context.baton,
        workspace=context.workspace,
        user=sent.who.user,
        key=_key(sent),
        over=over if isinstance(over, int) else None,
    )
    match outcome:
        case Published(template=template):
            return _done(context, sent, published(template))
        case Unsound(problems=problems, bench=bench):
            shown = editor.editor(bench.draft, bench.in_use, bench.queues, problems=problems)
            return UpdateModal(view=shown)
        case Overtaken(bench=bench):
            return UpdateModal(view=editor.editor(bench.draft, bench.in_use, bench.queues, overtaken=True))
        case NotAdmin() | Gone():
            return _no(sent, outcome)


def take_out(context: Context, sent: Submit) -> Reply:
    """A template is not offered any more."""
    found = actions.take_out(context.baton, workspace=context.workspace, user=sent.who.user, key=_key(sent))
    if not isinstance(found, TemplateList):
        return _no(sent, found)
    return _shown_below(buttons.show_list(found, lead="It is out of use."))


def discard(context: Context, sent: Submit) -> Reply:
    """A draft is thrown away."""
    found = actions.discard(context.baton, workspace=context.workspace, user=sent.who.user, key=_key(sent))
    if isinstance(found, NotAdmin):
        return _no(sent, found)
    return _shown_below(buttons.show_list(found, lead="Your draft is gone."))


def tried(_context: Context, _sent: Submit) -> Reply:
    """A preview was tried: nothing comes of it."""
    return NoReply()


def _change(context: Context, sent: Submit, read: Read) -> Reply:
    """Change the draft as the form says; what is wrong is said at its fields, and nothing is changed then."""
    found = actions.bench(context.baton, workspace=context.workspace, user=sent.who.user, key=_key(sent))
    if not isinstance(found, TemplateDraft):
        return _no(sent, found)
    answered = read(found.draft)
    if answered is None:
        return _no(sent, Gone())
    if answered.problems:
        return FieldErrors(problems=answered.problems)
    changed = actions.change(
        context.baton,
        workspace=context.workspace,
        user=sent.who.user,
        key=_key(sent),
        how=lambda draft: again.template if (again := read(draft)) else draft,
        form=sent.view_id,
    )
    return _shown_below(buttons.show_editor(changed)) if isinstance(changed, TemplateDraft) else _no(sent, changed)


def _done(context: Context, sent: Submit, lead: str) -> Reply:
    found = actions.shelf(context.baton, workspace=context.workspace, user=sent.who.user)
    return _no(sent, found) if isinstance(found, NotAdmin) else _shown_below(buttons.show_list(found, lead=lead))


def _shown_below(below: View) -> Reply:
    return UpdateModalBelow(reply=NoReply(), below=below)


def _no(sent: Submit, refused: NotAdmin | Gone) -> Reply:
    """Why it cannot be done: at the form's first field, so that what was typed stays; else in the form's place."""
    text = buttons.reason(refused)
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
    TemplateAction.TAKE_OUT: take_out,
    TemplateAction.DISCARD: discard,
    TemplateAction.PREVIEW: tried,
}
