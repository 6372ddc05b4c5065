"""The form of each template that comes with Baton, and the card that its example becomes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml
from playwright.sync_api import Locator

from tests.filled import EXAMPLES, TEMPLATES
from tests.pictures.camera import Script, Stage
from tests.pictures.scenes import BEN, leave
from tests.slack_client import Modal
from tests.stories.northwind import open_form
from tests.stories.template_form import fill_page, keys, walk_through

DEMO: Final = Path(__file__).parents[2] / "slackapp" / "demo.yml"
_READERS: Final = {"sales": "U0CLARA", "success": "U0EVA", "support": "U0INES"}
"""Somebody of each team, by the queue's key, which is its channel's name as well."""


def scripts() -> Iterator[tuple[str, Script]]:
    """The pictures of every template with questions, by name."""
    queues = yaml.safe_load(DEMO.read_text(encoding="utf-8"))["queues"]
    for key, template in TEMPLATES.items():
        queue = next(queue["key"] for queue in queues if key in queue["templates"])
        if template.questions:
            yield f"template-{key}-form", _form(key, queue)
        yield f"template-{key}-card", _card(key, queue)


def _first(key: str) -> dict[str, str]:
    """What is typed on the first page."""
    example = EXAMPLES[key]
    core = {"title": example.title, "next_step": example.next_step, "link": example.link, "note": example.note}
    return {field: text for field, text in {**core, "priority": example.priority}.items() if text}


def _form(key: str, queue: str) -> Script:
    """The first page of its questions, filled in."""

    def script(stage: Stage) -> Locator:
        leave(stage.slack, BEN)
        form = open_form(stage.slack, BEN)
        form.choose("queue", queue)
        if "template" in keys(form):
            form.choose("template", key)
        form.submit(_first(key))
        form = Modal(stage.slack, BEN, form.id)
        form.click("Back", fill_page(form, TEMPLATES[key], EXAMPLES[key].fields))
        form.submit()
        return stage.dialog(BEN)

    return script


def _card(key: str, queue: str) -> Script:
    """Its card, as the team sees it."""

    def script(stage: Stage) -> Locator:
        leave(stage.slack, BEN)
        example = EXAMPLES[key]
        walk_through(stage.slack, BEN, queue, TEMPLATES[key], first=_first(key), answers=example.fields)
        stage.slack.advance(2)
        stage.slack.settle()
        posted = stage.slack.messages(_READERS[queue], queue)
        card = [message for message in posted if "Show all" in message.buttons][-1]
        return stage.message(card, queue)

    return script
