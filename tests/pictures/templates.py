"""Every page of the form of each template that comes with Baton, and the card that its example becomes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from slackapp.forms.rules import form_draft
from storage.templates.model import Template
from tests.filled import EXAMPLES, TEMPLATES
from tests.pictures.camera import Place, Script, Stage
from tests.pictures.scenes import BEN, CLARA, EVA, INES, leave, new_form
from tests.slack_client import Message, Modal, Workspace
from tests.stories.template_form import fill_page, keys, walk_through

DEMO: Final = Path(__file__).parents[2] / "slackapp" / "cli" / "demo.yml"
READERS: Final = {"sales": CLARA, "success": EVA, "support": INES}
"""Somebody of each team, by the queue's key, which is its channel's name as well."""


def scripts() -> Iterator[tuple[str, Script]]:
    """The pictures of every template, by name."""
    for key, template in TEMPLATES.items():
        for number in range(1, pages(template) + 1):
            yield form_name(key, number), _form(key, number)
        yield card_name(key), _card(key)


def on_the_way() -> frozenset[str]:
    """The pictures of templates that need not be taken to know that they can be, by name.

    The story of the shipped templates fills in the form of each of them and looks at its card; a page draws what they
    have in the same way. So the last page of the longest is enough, whose script goes through those before it, and the
    card of the plain form.
    """
    longest = max(TEMPLATES, key=lambda key: pages(TEMPLATES[key]))
    kept = {
        form_name(longest, pages(TEMPLATES[longest])),
        *(card_name(key) for key in TEMPLATES if not _has_pages(key)),
    }
    return frozenset(name for name, _ in scripts() if name not in kept)


def _has_pages(key: str) -> bool:
    return pages(TEMPLATES[key]) > 0


def pages(template: Template) -> int:
    """How many pages its questions take in its example, after the page that every form begins with."""
    return len(form_draft.active_pages(template, EXAMPLES[template.key].fields)) - 1


def form_name(key: str, number: int) -> str:
    """The name of the picture of a page."""
    return f"template-{key}-form-{number}"


def card_name(key: str) -> str:
    """The name of the picture of a card."""
    return f"template-{key}-card"


def hand_off_in(slack: Workspace, key: str, **first: Any) -> Message:
    """Ben hands over a template's example; its card as the receiving team sees it."""
    leave(slack, BEN)
    queue = queue_of(key)
    walk_through(slack, BEN, queue, TEMPLATES[key], first={**_first(key), **first}, answers=EXAMPLES[key].fields)
    slack.advance(2)
    slack.settle()
    posted = slack.messages(READERS[queue], queue)
    return [one for one in posted if "Claim" in one.buttons and not _is_reply(one)][-1]


def _is_reply(message: Message) -> bool:
    """Whether it stands in a thread, as reminders do: they may have the button as well."""
    return bool(message.raw.get("thread_ts", message.ts) != message.ts)


def queue_of(key: str) -> str:
    """A team of the demo that offers the template."""
    queues = yaml.safe_load(DEMO.read_text(encoding="utf-8"))["queues"]
    return str(next(queue["key"] for queue in queues if key in queue["templates"]))


def _first(key: str) -> dict[str, str]:
    """What is typed on the first page."""
    example = EXAMPLES[key]
    core = {"title": example.title, "next_step": example.next_step, "link": example.link, "note": example.note}
    return {field: text for field, text in {**core, "priority": example.priority}.items() if text}


def _form(key: str, number: int) -> Script:
    """One page of its questions, filled in."""

    def script(stage: Stage) -> Place:
        leave(stage.slack, BEN)
        form = new_form(stage.slack, BEN)
        form.choose("queue", queue_of(key))
        if "template" in keys(form):
            form.choose("template", key)
        form.submit({**_first(key), "link": None})  # by its record it would be taken for work under way
        for _ in range(number - 1):
            form = Modal(stage.slack, BEN, form.id)
            form.submit(fill_page(form, TEMPLATES[key], EXAMPLES[key].fields))
        form = Modal(stage.slack, BEN, form.id)
        form.click("Back", fill_page(form, TEMPLATES[key], EXAMPLES[key].fields))
        form.submit()
        return stage.dialog(BEN, height=1800)

    return script


def _card(key: str) -> Script:
    """Its card, as the team sees it."""

    def script(stage: Stage) -> Place:
        return stage.message(hand_off_in(stage.slack, key), queue_of(key))

    return script
