"""First answers to a template's questions from the message, its thread, and the record's last handoff."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from slackapp.app import Running
from tests.databases import EITHER
from tests.slack_client import Modal, Workspace
from tests.stories.forms.test_prefill import (
    RECORD,
    SALES,
    SAME_RECORD,
    entered,
    finish,
    from_link,
    from_message,
    stored,
)
from tests.stories.northwind import fill

DEAL: Final[dict[str, Any]] = {
    "key": "deal",
    "name": "Deal",
    "fields": [
        {"key": "said", "label": "What was said", "type": "long", "prefill": ["quote"]},
        {"key": "people", "label": "Who is in it", "type": "checklist", "prefill": ["participants", "author"]},
        {"key": "papers", "label": "Papers", "type": "files", "prefill": ["files"]},
        {"key": "risk", "label": "Risk", "type": "choice", "options": ["small", "large"]},
        {"key": "promised", "label": "What we promised", "type": "checklist", "weight": "4"},
        {"key": "met", "label": "Have you met them?", "type": "tick"},
    ],
}


def deals(read: dict[str, Any]) -> None:
    """Customer Success takes deals, on a form of their own."""
    read["templates"] = [DEAL]
    read["queues"][0]["templates"] = ["deal"]


@pytest.fixture
def dealing(share: Callable[..., Running], company: Callable[..., Path]) -> Running:
    """A Baton whose Customer Success has a form of its own."""
    return share(config=company(deals))


def to_questions(slack: Workspace, form: Modal, **answers: Any) -> Modal:
    """Fill in the first page and go on."""
    if entered(form, "queue") is None:
        form.choose("queue", "success")
        slack.settle()
    assert form.submit(answers).ok
    slack.settle()
    assert form.is_open, form
    return form


@EITHER
def test_the_questions_are_answered_from_the_message_and_its_thread(slack: Workspace, dealing: Running) -> None:
    paper = {"id": "F0PLAN", "name": "plan.pdf", "permalink": f"{slack.base_url}/files/F0PLAN"}
    root = slack.message("U0BEN", "Acme renews, see <https://crm.example.com/acme>", channel=SALES, files=[paper])
    slack.message("U0KIM", "Good", channel=SALES, thread_ts=root.ts)
    reply = slack.message("U0CLARA", "They want 10 % off", channel=SALES, thread_ts=root.ts)

    form = to_questions(slack, from_message(slack, reply, "U0CLARA"), next_step="Decide on it")

    assert entered(form, "said") == (
        "Ben Okafor: Acme renews, see https://crm.example.com/acme\n\nClara Weiss: They want 10 % off"
    )
    assert form.all_text().count("prefilled from the thread") == 1
    assert form.all_text().count("Prefilled. Please check.") > 1
    assert entered(form, "people") == "Ben Okafor\nKim Tran\nClara Weiss"
    assert entered(form, "papers") == "https://crm.example.com/acme"
    assert form.submit().ok
    fill(slack, "U0CLARA", risk="large", promised="10 % off")

    fields = stored(dealing, 1).fields
    assert fields["people"] == ["Ben Okafor", "Kim Tran", "Clara Weiss"]
    assert fields["papers"] == {"links": ["https://crm.example.com/acme"], "files": [paper]}
    assert slack.problems() == []


@EITHER
def test_what_was_typed_before_the_thread_was_read_is_kept(slack: Workspace, dealing: Running) -> None:
    root = slack.message("U0BEN", "Acme renews", channel=SALES)
    reply = slack.message("U0CLARA", "They want 10 % off", channel=SALES, thread_ts=root.ts)
    slack.settle_after_acts = False
    try:
        assert reply.shortcut("handoff.from_message", by="U0CLARA").ok
        form = slack.modal("U0CLARA")
        form.choose("queue", "success")
    finally:
        slack.settle_after_acts = True
    slack.settle()

    form.submit({"title": "Acme wants less", "next_step": "Decide on it"})
    slack.settle()
    fill(slack, "U0CLARA")
    fill(slack, "U0CLARA", risk="small", promised="Nothing")

    assert stored(dealing, 1).title == "Acme wants less"
    assert stored(dealing, 1).queue == "success"
    assert slack.problems() == []


@EITHER
def test_the_last_answers_about_a_record_are_given_again_but_for_ticks(slack: Workspace, dealing: Running) -> None:
    form = to_questions(slack, from_link(slack, "U0BEN", RECORD), title="Acme", next_step="Call Mara")
    fill(slack, "U0BEN", said="They renew.")
    fill(slack, "U0BEN", risk="small", promised="- 10 % off\n- a visit", met=["yes"])
    assert not form.is_open
    finish(slack, slack.find("U0EVA", "C0SUCCESS", "Acme"))

    again = from_link(slack, "U0CLARA", SAME_RECORD)
    assert entered(again, "queue") == "success"
    again = to_questions(slack, again, next_step="Call Mara again")
    assert entered(again, "said") is None, "only what comes from the last handoff is taken from it"
    assert again.submit().ok

    assert entered(again, "risk") == "small"
    assert entered(again, "promised").splitlines() == ["10 % off", "a visit"]
    assert "from #1, the last handoff about this record" in again.all_text()
    fill(slack, "U0CLARA", risk="large")
    assert stored(dealing, 2).fields == {"risk": "large", "promised": ["10 % off", "a visit"]}
    assert slack.problems() == []
