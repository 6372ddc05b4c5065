"""A warning shows unfinished handoffs of the same work; nobody is kept from sending another."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from slackapp.app import Running
from storage.handoffs import handoffs, notes
from tests.databases import EITHER
from tests.slack_client import Modal, Workspace
from tests.stories.company import Json
from tests.stories.forms.test_prefill import RECORD, SALES, SAME_RECORD, entered, finish, from_link, from_message
from tests.stories.northwind import ACME, fill, open_form, send
from tests.stories.written import template, write


def how_many(running: Running) -> int:
    """How many handoffs there are."""
    with running.db.reading() as tx:
        return sum(handoffs.get_by_number(tx, "T0LOCAL", number) is not None for number in range(1, 10))


def submit_label(form: Modal) -> str:
    return str(form.raw["submit"]["text"])


@EITHER
def test_a_link_that_is_under_way_is_shown_with_who_has_it_and_can_be_added_to(
    slack: Workspace, running: Running
) -> None:
    card = send(slack, link=RECORD)
    card.click("Claim", by="U0EVA")

    form = from_link(slack, "U0CLARA", SAME_RECORD)
    assert "#1" in form.all_text()
    assert "*Acme renewal* is already open: owned by <@U0EVA>, finish by" in form.all_text()
    assert "If this is something else, continue below." in form.all_text()

    form.click("Add note", {"next_step": "Ask for the <!channel> order", "note": "Mara is *out* until Monday."})
    note = slack.modal("U0CLARA")
    assert note.title == "Add note #1"
    fill(slack, "U0CLARA")

    assert slack.views("U0CLARA") == []
    assert how_many(running) == 1
    with running.db.reading() as tx:
        handoff = handoffs.get_by_number(tx, "T0LOCAL", 1)
        assert handoff is not None
        kept = notes.list_for_handoff(tx, handoff.id)[-1]
    assert kept.author == "U0CLARA"
    assert "Mara is *out* until Monday." in kept.text.plain
    assert "Title: Acme renewal" in kept.text.plain
    assert "First step: Ask for the <!channel> order" in kept.text.plain
    assert "Mara is" in slack.dms("U0EVA")[-1].text, "its owner is told"
    assert slack.problems() == []


@EITHER
def test_a_link_typed_into_the_form_is_looked_for_when_it_is_sent_and_once_only(
    slack: Workspace, running: Running
) -> None:
    send(slack, link=RECORD)
    form = open_form(slack, "U0CLARA")

    form.submit({**ACME, "title": "Acme again", "link": SAME_RECORD})
    assert how_many(running) == 1
    assert "is already open: unassigned in Customer Success" in form.all_text()
    assert submit_label(form) == "Hand off anyway"
    form.click("Back")
    assert entered(form, "title") == "Acme again", "what was typed stays"
    form.submit()
    assert submit_label(form) == "Hand off anyway"
    form.submit()
    slack.settle()

    assert slack.views("U0CLARA") == []
    assert how_many(running) == 2
    assert "unassigned" in slack.find("U0EVA", "C0SUCCESS", "Acme again").text
    assert slack.problems() == []


@EITHER
def test_the_message_that_was_handed_off_already_says_so(slack: Workspace, running: Running) -> None:
    said = slack.message("U0CLARA", "Globex wants a call", channel=SALES)
    from_message(slack, said, "U0BEN")
    fill(slack, "U0BEN", queue="success", next_step="Call them")

    form = from_message(slack, said, "U0CLARA")
    assert "*Globex wants a call* is already open" in form.all_text()
    form.submit({"queue": "support", "next_step": "Look at it", "link": None})
    slack.settle()
    assert how_many(running) == 2, "it was shown before, so it goes on"
    assert slack.problems() == []


@EITHER
def test_what_is_finished_or_about_something_else_is_no_duplicate(slack: Workspace, running: Running) -> None:
    finish(slack, send(slack, link=RECORD))
    send(slack, title="Globex", link="https://acme.my.salesforce.com/0065g00000abCde")

    form = from_link(slack, "U0CLARA", SAME_RECORD)

    assert "already open" not in form.all_text()
    assert submit_label(form) == "Hand off"


@EITHER
def test_two_who_look_at_the_same_time_may_both_hand_off(slack: Workspace, running: Running) -> None:
    bens, claras = from_link(slack, "U0BEN", RECORD), from_link(slack, "U0CLARA", RECORD)
    bens.submit(ACME)
    slack.settle()

    claras.submit({**ACME, "title": "Acme too"})
    assert "is already open" in claras.all_text(), "whoever comes later is told"
    claras.submit()
    slack.settle()

    assert how_many(running) == 2
    assert slack.problems() == []


@EITHER
def test_private_work_is_named_without_a_word_of_it_and_only_to_those_who_may_see_it(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]
) -> None:
    asked = {"key": "what", "label": "What", "type": "short", "required": "yes"}

    def admin(read: Json) -> None:
        read["admins"] = ["U0HUGO"]

    northwind = start(config=company(template(fields=[asked], private="yes"), admin))
    write(northwind, slack, "brief", {"what": "A secret"}, link=RECORD, title="Xylophon", next_step="Xylophon first")

    for user in ("U0EVA", "U0BEN"):
        form = from_link(slack, user, SAME_RECORD)
        assert "*Private handoff* is already open: unassigned in Customer Success" in form.all_text()
        for word in ("Xylophon", "A secret", "10 % off"):
            assert word not in json.dumps(form.raw), "nor is it filled in where others may read it"
    for user in ("U0CLARA", "U0HUGO"):
        form = from_link(slack, user, SAME_RECORD)
        assert "already open" not in form.all_text()
        for word in ("#1", "Private", "Xylophon", "A secret"):
            assert word not in json.dumps(form.raw)

    form = open_form(slack, "U0CLARA")
    form.submit({**ACME, "title": "Acme again", "link": SAME_RECORD})
    slack.settle()
    assert "already open" not in form.all_text()
    assert submit_label(form) != "Hand off anyway"
    assert slack.problems() == []


@EITHER
def test_whoever_may_see_private_work_adds_a_note_there(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]
) -> None:
    asked = {"key": "what", "label": "What", "type": "short", "required": "yes"}
    northwind = start(config=company(template(fields=[asked], private="yes")))
    handoff = write(northwind, slack, "brief", {"what": "A secret"}, link=RECORD)

    form = from_link(slack, "U0EVA", SAME_RECORD)
    form.click("Add note", {"next_step": "Ask for the order"})
    fill(slack, "U0EVA")

    with northwind.db.reading() as tx:
        assert "Ask for the order" in notes.list_for_handoff(tx, handoff.id)[-1].text.plain
    assert slack.problems() == []
