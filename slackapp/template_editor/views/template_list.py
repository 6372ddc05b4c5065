"""The list of all templates, for Baton's admins, and the confirmations before something is removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from slackapp.slack.block_kit.blocks import Block, actions, button, context, divider, option, overflow, said, section
from slackapp.slack.block_kit.modals import modal
from slackapp.slack.ids import MORE, TemplateAction, button_value, menu_value
from slackapp.template_editor.views.wording import ORIGINS, sender_and_receiver
from storage.company.model import Queue
from storage.templates.model import Origin, Template

TITLE: Final = "Templates"
PER_PAGE: Final = 20
_TEAMS: Final = 5


def template_list(
    templates: Sequence[Template],
    drafts: Sequence[Template],
    queues: Sequence[Queue],
    *,
    page: int = 0,
    lead: str = "",
) -> Block:
    """The view of every template in use, after the admin's own drafts; `lead` reports the last act."""
    entries = [*(_draft(draft) for draft in drafts), *(_in_use(one, queues) for one in _in_order(templates))]
    pages = max(1, -(-len(entries) // PER_PAGE))
    page = min(max(page, 0), pages - 1)
    blocks = [
        *([section(lead)] if lead else []),
        section(
            "Templates are handoff forms. Those built in or from the configuration file can't be edited: "
            "duplicate one to change it."
        ),
        *actions(
            button("New template", TemplateAction.NEW, button_value("new"), style="primary", about="from nothing")
        ),
        divider(),
        *entries[page * PER_PAGE : (page + 1) * PER_PAGE],
        *_turning(page, pages),
    ]
    return modal(TITLE, TemplateAction.LIST, blocks)


def retire_form(template: Template) -> Block:
    """The confirmation before a template is retired."""
    text = f"*{said(template.name, 75)}* will no longer be offered. Handoffs that use it keep their answers."
    return modal(
        "Retire template",
        TemplateAction.TAKE_OUT,
        [section(text)],
        submit="Retire",
        close="Keep it",
        template=template.key,
    )


def discard_form(draft: Template) -> Block:
    """The confirmation before a draft is deleted."""
    text = f"Your draft of *{said(draft.name, 75)}* will be deleted. The published version stays as it is."
    return modal(
        "Discard draft", TemplateAction.DISCARD, [section(text)], submit="Discard", close="Keep it", template=draft.key
    )


def published(template: Template) -> str:
    """The sentence that a template is published."""
    lead = f"*{said(template.name, 75)}* is published as version {template.version}."
    return lead if template.queues else f"{lead} No team offers it yet. Choose *Edit*, then *Details and teams*."


def offered_by(template: Template, queues: Sequence[Queue]) -> list[Queue]:
    """The teams that offer a template."""
    return [queue for queue in queues if template.key in queue.templates or queue.key in template.queues]


def _in_order(templates: Sequence[Template]) -> list[Template]:
    """The templates, those of this company first."""
    order = (Origin.SLACK, Origin.FILE, Origin.SHIPPED)
    return sorted(templates, key=lambda one: (order.index(one.origin), one.name.casefold(), one.key))


def _draft(draft: Template) -> Block:
    menu = [
        option("Edit draft", menu_value(TemplateAction.EDIT, draft.key)),
        option("Preview", menu_value(TemplateAction.PREVIEW, draft.key)),
        option("Discard draft…", menu_value(TemplateAction.DISCARD, draft.key)),
    ]
    return _entry(draft, "Draft. Only you can see it until you publish it.", menu)


def _in_use(template: Template, queues: Sequence[Queue]) -> Block:
    menu = [option("Preview", menu_value(TemplateAction.PREVIEW, template.key))]
    if template.origin is Origin.SLACK:
        menu.append(option("Edit", menu_value(TemplateAction.EDIT, template.key)))
    menu.append(option("Duplicate", menu_value(TemplateAction.COPY, template.key)))
    if template.origin is Origin.SLACK:
        menu.append(option("Retire…", menu_value(TemplateAction.TAKE_OUT, template.key)))
    version = f", version {template.version}" if template.origin is Origin.SLACK else ""
    return _entry(template, f"{ORIGINS[template.origin]}{version} · {_teams(offered_by(template, queues))}", menu)


def _teams(queues: Sequence[Queue]) -> str:
    if not queues:
        return "no team offers it"
    names = ", ".join(said(queue.name, 75) for queue in queues[:_TEAMS])
    more = f" and {len(queues) - _TEAMS} more" if len(queues) > _TEAMS else ""
    return f"offered by {names}{more}"


def _entry(template: Template, state: str, menu: Sequence[Block]) -> Block:
    lines = [f"*{said(template.name, 75)}*", sender_and_receiver(template), state]
    (accessory,) = overflow(MORE, menu)
    return section("\n".join(line for line in lines if line), accessory=accessory)


def _turning(page: int, pages: int) -> Iterator[Block]:
    if pages == 1:
        return
    yield context(f"Page {page + 1} of {pages}")
    turns = [("Previous page", page - 1)] if page else []
    turns += [("Next page", page + 1)] if page + 1 < pages else []
    for label, to in turns:  # in rows of their own: in one row no two buttons may do the same
        yield from actions(_turn(label, to))


def _turn(label: str, page: int) -> Block:
    return button(label, TemplateAction.LIST, button_value(str(page)), about="of the templates")
