"""A second click, or the same thing delivered again, writes nothing and says nothing: it is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from slackapp.app import Running
from tests.slack_client import Message, Workspace
from tests.stories.company import Json, policy
from tests.stories.dispatch.twice import WORK, Twice
from tests.stories.northwind import ACME, fill, look_up, open_form, send
from tests.stories.setup.setup_room import press_at, set_up
from tests.stories.template_editor import test_own_templates
from tests.tables import check_rows


def company_of_all(read: Json) -> None:
    """Support asks for a read-back; Customer Success asks an owner of whom nothing is heard for two hours."""
    contract = {"key": "contract", "label": "Contract", "type": "short"}
    read["templates"] = [{"key": "takeover", "name": "Takeover", "read_back": "soft", "fields": [contract]}]
    read["queues"][1]["templates"] = ["takeover"]
    read["emoji"] = "handshake"


SILENT: Final = {"key": "silent", "clock": "update", "at": "100%", "do": "check", "within": "1h"}


def notes(twice: Twice, slack: Workspace, card: Message) -> None:
    with twice.each():
        card.choose("Add note", by="U0EVA")
        fill(slack, "U0EVA", note="The discount is 90 %.")
    for label, words in (("Edit", {"note": "The discount is 9 %."}), ("Delete", {})):
        with twice.each():
            choose_from_note(slack, card, label)
            fill(slack, "U0EVA", **words)
    reply = slack.message("U0DAN", "Mara is back on Monday.", channel="C0SUCCESS", thread_ts=card.ts)
    with twice.each():
        reply.shortcut("handoff.note_from_message", by="U0EVA")


def choose_from_note(slack: Workspace, card: Message, label: str) -> None:
    card.click("Details", by="U0EVA")
    view = slack.modal("U0EVA")
    (*_, block) = [block for block in view.raw["blocks"] if (block.get("accessory") or {}).get("type") == "overflow"]
    (value,) = [one["value"] for one in block["accessory"]["options"] if one["text"]["text"].startswith(label)]
    named = {"block_id": block["block_id"], "action_id": block["accessory"]["action_id"]}
    slack.act("view_action", user="U0EVA", view_id=view.id, value=value, values={}, **named)


def questions(twice: Twice, slack: Workspace, card: Message) -> None:
    with twice.each():
        card.choose("Ask the sender", by="U0EVA")
        fill(slack, "U0EVA", note="Which contract do they have?")
    with twice.each():
        slack.dms("U0BEN")[-1].click("Answer", by="U0BEN")
        fill(slack, "U0BEN", note="The long one.")


def snoozes(twice: Twice, slack: Workspace, card: Message) -> None:
    with twice.each():
        card.choose("Snooze…", by="U0EVA")
        fill(slack, "U0EVA", rest="1h")
    with twice.each(again=True):
        card.click("Resume", by="U0EVA")


def hands(twice: Twice, slack: Workspace, card: Message) -> None:
    with twice.each():
        look_up(slack, card, "Extend…", by="U0DAN")
        fill(slack, "U0DAN", duration="1h")
    with twice.each():
        look_up(slack, card, "Assign…", by="U0DAN")
        fill(slack, "U0DAN", person="U0FARID")
    with twice.each():
        card.click("Put back", by="U0FARID")
        fill(slack, "U0FARID", note="I have no time for it.")
    with twice.each():
        card.choose("Pass on", by="U0DAN")
        assert fill(slack, "U0DAN", queue="success", person="U0GRACE", note="For you.").ok
        assert slack.views("U0DAN") == [], slack.modal("U0DAN").errors
    with twice.each():
        slack.dms("U0GRACE")[-1].click("Decline", by="U0GRACE")
        fill(slack, "U0GRACE", note="Not mine.")
    with twice.each():
        card.choose("Send back", by="U0DAN")
        fill(slack, "U0DAN", reason="other", note="Which contract?")
    with twice.each():
        card.click("Add and send again", by="U0BEN")
        fill(slack, "U0BEN", note="The long one.")
    with twice.each():
        card.choose("Edit", by="U0BEN")
        fill(slack, "U0BEN", title="Acme renewal, 2027")


def ends(twice: Twice, slack: Workspace, card: Message) -> None:
    with twice.each(again=True):
        card.click("Claim", by="U0EVA")
    with twice.each():
        card.click("Done", by="U0EVA")
        fill(slack, "U0EVA")
    with twice.each():
        card.click("Reopen", by="U0BEN")
        fill(slack, "U0BEN", note="They called again.")
    with twice.each():
        card.choose("Cancel handoff", by="U0BEN")
        fill(slack, "U0BEN", note="They renewed by themselves.")
    with twice.each():
        look_up(slack, card, "Delete", by="U0BEN")
        fill(slack, "U0BEN")


def reads_back(twice: Twice, slack: Workspace) -> None:
    for title, answer, again in (("Globex", "Needs a correction", False), ("Initech", "Looks right", True)):
        form = open_form(slack, "U0BEN")
        with twice.each():
            form.submit({**ACME, "title": title, "queue": "support"})
            fill(slack, "U0BEN", contract="C-17")
            come_to_the_end(slack, "U0BEN")
        card = slack.find("U0INES", "C0SUPPORT", title)
        with twice.each():
            card.click("Claim", by="U0INES")
            fill(slack, "U0INES")
        asked = next(one for one in reversed(slack.dms("U0BEN")) if answer in one.buttons)
        with twice.each(again=again):
            asked.click(answer, by="U0BEN")
            if slack.views("U0BEN"):
                fill(slack, "U0BEN", note="It is the short one.")
        if answer == "Needs a correction":
            with twice.each():
                card.click("Read back", by="U0INES")
                fill(slack, "U0INES")


def come_to_the_end(slack: Workspace, user: str) -> None:
    """Take no advice."""
    while slack.views(user):
        assert fill(slack, user).ok


def form_pages(twice: Twice, slack: Workspace) -> None:
    link = "https://acme.my.salesforce.com/0065g00000abCde"
    form = open_form(slack, "U0BEN")
    with twice.each():
        form.choose("queue", "support")
        form.click("More", {"title": "Hooli", "next_step": ACME["next_step"], "link": link})
        form.click("Back", {"note": ACME["note"]})
        form.submit()
        slack.modal("U0BEN").fill({"contract": "C-18"}).click("Back")
        slack.modal("U0BEN").close()


def shortcuts(twice: Twice, slack: Workspace) -> None:
    said = slack.message("U0CLARA", "Globex wants a call", channel="C0SALES")
    with twice.each():
        said.shortcut("handoff.from_message", by="U0CLARA")
        slack.modal("U0CLARA").close()
    slack.home("U0CLARA")
    with twice.each():
        slack.shortcut("U0CLARA", "handoff.open")
        slack.modal("U0CLARA").close()
        slack.home_tab("U0CLARA").click("Hand off")


def silence(twice: Twice, slack: Workspace) -> None:
    card = send(slack, title="Umbrella")
    card.click("Claim", by="U0EVA")
    slack.wait(hours=2, minutes=1)
    (asked,) = [one for one in slack.dms("U0EVA") if list(one.buttons)[:1] == ["Yes"]]
    with twice.each(again=True):
        asked.click("Yes", by="U0EVA")


def own_templates(twice: Twice, slack: Workspace) -> None:
    test_own_templates.listing(slack)
    with twice.each():
        test_own_templates.press(slack, "New template")
        test_own_templates.fill(slack, **test_own_templates.RENEWAL)
    for label in ("Risk", "Why"):
        with twice.each():
            test_own_templates.press(slack, "Add question")
            test_own_templates.fill(slack, label=label, type="choice", options="Yes\nNo")
    for entry, label in (("2. Why", "Move up"), ("1. Why", "Move down")):
        with twice.each():
            test_own_templates.choose(slack, entry, label)
    with twice.each():
        test_own_templates.choose(slack, "2. Why", "Conditions")
        test_own_templates.fill(slack, shown_when=["risk=yes"])
    with twice.each():
        test_own_templates.choose(slack, "2. Why", "Remove…")
        test_own_templates.fill(slack)
    with twice.each():
        test_own_templates.press(slack, "Details and teams")
        test_own_templates.fill(slack, name="Renewal in danger")
    with twice.each():
        test_own_templates.press(slack, "Handling")
        test_own_templates.fill(slack)
    with twice.each():
        test_own_templates.press(slack, "Preview")
        test_own_templates.fill(slack)
    with twice.each():
        test_own_templates.fill(slack)
    with twice.each():
        test_own_templates.choose(slack, "Renewal in danger", "Duplicate")
    slack.modal("U0KIM").close()
    with twice.each():
        test_own_templates.choose(slack, "Renewal in danger (copy)", "Discard draft…")
        test_own_templates.fill(slack)
    with twice.each():
        test_own_templates.choose(slack, "Renewal in danger", "Edit")
    slack.modal("U0KIM").close()
    with twice.each():
        test_own_templates.choose(slack, "Renewal in danger", "Discard draft…")
        test_own_templates.fill(slack)
    with twice.each():
        test_own_templates.choose(slack, "Renewal in danger", "Retire…")
        test_own_templates.fill(slack)


def unsent(twice: Twice, slack: Workspace) -> None:
    """A form that was left is gone on with, another is discarded; one may be typed, and one has a title."""
    with twice.each():
        for typed in ("", "call Globex about the price", "https://acme.my.salesforce.com/0065g00000XyzZY"):
            assert slack.command("U0CLARA", typed).ok
            slack.modal("U0CLARA").choose("queue", "support")
            slack.modal("U0CLARA").fill({"title": f"Unsent {typed[:4]}", "next_step": "Call"}).click("More")
            slack.modal("U0CLARA").close()
    for label in ("Continue", "Discard"):
        open_form(slack, "U0CLARA")
        with twice.each():
            slack.modal("U0CLARA").click(label)
            slack.modal("U0CLARA").close()


def the_same_work(twice: Twice, slack: Workspace) -> None:
    """A note to the handoff of the same record, in place of another."""
    link = "https://acme.my.salesforce.com/0065g00000XyzAB"
    send(slack, title="Same record", link=link)
    assert slack.command("U0CLARA", link).ok
    with twice.each():
        slack.modal("U0CLARA").click("Add note", {"note": "Mara is out until Monday."})
        fill(slack, "U0CLARA")


def beginnings(twice: Twice, slack: Workspace) -> None:
    """An emoji on a message, and a form that Slack did not open."""
    said = slack.message("U0DAN", "Globex cannot log in", channel="C0SUCCESS")
    slack.act("react", user="U0EVA", channel=said.channel, ts=said.ts, emoji="handshake", remove=False)
    slack.settle()
    with twice.each():
        slack.dms("U0EVA")[-1].click("Hand off", by="U0EVA")
        slack.modal("U0EVA").close()
    slack.fault("views.open", {"error": "expired_trigger_id"})
    slack.command("U0EVA", "", channel="C0SUCCESS")
    note = next(one for one in reversed(slack.ephemerals("U0EVA", "C0SUCCESS")) if "Open form" in one.buttons)
    with twice.each():
        note.click("Open form", by="U0EVA")
    assert "clicks form.again" in twice.done
    slack.modal("U0EVA").close()


def watched(twice: Twice, slack: Workspace, card: Message) -> None:
    with twice.each():
        look_up(slack, card, "Watch", by="U0HUGO")
    with twice.each(again=True):
        slack.modal("U0HUGO").click("Stop watching")


def words(twice: Twice, slack: Workspace) -> None:
    with twice.each():
        for typed in ("mine", "open", "open success", "1", "templates"):
            assert slack.command("U0KIM", typed).ok


def listed_templates(twice: Twice, slack: Workspace) -> None:
    set_up(slack)
    with twice.each():
        press_at(slack, "*Templates*")


@pytest.fixture
def twice(slack: Workspace, share: Callable[..., Running], company: Callable[..., Path]) -> Twice:
    return Twice(slack, share(config=company(policy({"update": "2h"}, SILENT), company_of_all)))


def begins(twice: Twice, slack: Workspace) -> Message:
    """Work that Eva has claimed."""
    form = open_form(slack, "U0BEN")
    with twice.each():
        form.submit(ACME)
        come_to_the_end(slack, "U0BEN")
    card = slack.find("U0BEN", "C0SUCCESS", ACME["title"])
    with twice.each(again=True):
        card.click("Claim", by="U0EVA")
    return card


@pytest.mark.timeout(300)
def test_every_button_form_and_word_of_work_delivered_twice_is_done_once(slack: Workspace, twice: Twice) -> None:
    card = begins(twice, slack)
    about_it = (watched, notes, questions, snoozes, hands, ends)
    check_rows(about_it, lambda scene: scene(twice, slack, card), name=lambda scene: scene.__name__)
    others = (
        reads_back, form_pages, unsent, the_same_work, beginnings, shortcuts, silence, own_templates, listed_templates,
        words,
    )  # fmt: skip
    check_rows(others, lambda scene: scene(twice, slack), name=lambda scene: scene.__name__)

    assert twice.missing(WORK) == set()
