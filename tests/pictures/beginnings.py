"""What the form knows before anybody types, what it has found, and what it advises."""

from __future__ import annotations

from typing import Final

from tests.filled import EXAMPLES, TEMPLATES
from tests.pictures.camera import Place, Stage
from tests.pictures.scenes import ACME, BEN, CLARA, DAN, EVA, SALES, hand_off, leave, new_form
from tests.pictures.templates import hand_off_in
from tests.slack_client import Modal
from tests.stories.template_form import fill_page

RECORD: Final = "https://crm.example.com/deals/5120"


def from_message(stage: Stage) -> Place:
    """A message is handed over: what it says is in the form, with where it came from."""
    leave(stage.slack, BEN)
    new_form(stage.slack, BEN).close()
    said = stage.slack.message(CLARA, f"Wonka wants 20 more seats before January: {RECORD}", channel=SALES)
    said.shortcut("handoff.from_message", by=BEN)
    stage.slack.settle()
    return stage.dialog(BEN)


def duplicate(stage: Stage) -> Place:
    """The record is under way already: the form says so and offers to add a note there."""
    leave(stage.slack, BEN)
    leave(stage.slack, DAN)
    record = "https://crm.example.com/massive"
    hand_off(stage.slack, title="Massive renewal", link=record).click("Claim", by=EVA)
    stage.slack.command(DAN, record)
    return stage.dialog(DAN)


def continued(stage: Stage) -> Place:
    """A form that was begun before is offered again."""
    leave(stage.slack, BEN)
    form = new_form(stage.slack, BEN)
    form.choose("queue", "success")
    form.fill({"title": "Stark: new owner at the customer"}).click("More")
    form.close()
    stage.slack.command(BEN)
    return stage.dialog(BEN)


def advice(stage: Stage) -> Place:
    """An answer says nothing: a page says so before it is sent."""
    leave(stage.slack, BEN)
    form = new_form(stage.slack, BEN)
    form.choose("queue", "success")
    form.choose("template", "general")
    form.submit({**ACME, "title": "Wayne: new contract", "next_step": "tbd", "priority": "high",
                 "link": "https://crm.example.com/wayne-contract"})  # fmt: skip
    return stage.dialog(BEN)


def prefilled(stage: Stage) -> Place:
    """The record was handed over before: its answers are filled in, and marked."""
    leave(stage.slack, BEN)
    key = "ae_csm"
    hand_off_in(stage.slack, key, title="Wonka: new customer", link=RECORD)
    leave(stage.slack, CLARA)
    stage.slack.command(CLARA, RECORD)
    form = stage.slack.modal(CLARA)
    form.choose("queue", "success")
    form.choose("template", key)
    form.submit({"title": "Wonka: second plant", "next_step": EXAMPLES[key].next_step})
    form = Modal(stage.slack, CLARA, form.id)
    if "why_bought" not in [block.get("block_id", "").partition("~")[0] for block in form.raw["blocks"]]:
        form.submit(fill_page(form, TEMPLATES[key], {}))
    return stage.dialog(CLARA, height=1800)
