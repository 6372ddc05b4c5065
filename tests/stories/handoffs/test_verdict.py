"""The receiver says in one press how the context was: its sender hears it, the team counts it, others see nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from slackapp.app import Running
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Opened
from slackapp.operations.metrics import DatabaseMetrics
from storage.handoffs import audit, handoffs, verdicts
from storage.handoffs.acts import Ask, Complete, Verdict
from storage.handoffs.lifecycle import Moved
from storage.handoffs.model import ContextVerdict, Handoff, Text
from storage.templates import templates
from storage.templates.model import AnswerType, NoteMode, Origin, Question, Template
from tests.databases import EITHER
from tests.slack_client import Message, Workspace
from tests.stories.northwind import HandOff, about, fill, look_up, told

LINE: Final = "The deadline, and who <!channel> knows"


def finish(slack: Workspace, card: Message, *, by: str = "U0EVA", **answers: Any) -> None:
    card.click("Claim", by=by)
    card.click("Done", by=by)
    assert fill(slack, by, **answers).ok


def judgements(running: Running, number: int = 1) -> list[ContextVerdict]:
    with running.db.reading() as tx:
        handoff = handoffs.get_by_number(tx, "T0LOCAL", number)
        return verdicts.list_for_handoff(tx, handoff.id) if handoff else []


def stored(running: Running, number: int = 1) -> Handoff:
    with running.db.reading() as tx:
        handoff = handoffs.get_by_number(tx, "T0LOCAL", number)
    assert handoff is not None
    return handoff


def context_of(slack: Workspace, user: str, team: str = "") -> str:
    """What `/handoff context` answers."""
    assert slack.command(user, f"context {team}".strip()).ok
    return slack.ephemerals(user, "C0GENERAL")[-1].all_text()


def everything_said(slack: Workspace, *but: str) -> str:
    """All that people see in channels, threads and direct messages, but for these."""
    users = {user["id"] for user in slack.overview()["users"]} - {"U0BATON", *but}
    return "\n".join(
        message.all_text()
        for user in sorted(users)
        for channel in slack.sees(user)["channels"]
        for message in slack.messages(user, channel["id"])
    )


@EITHER
def test_one_press_at_done_and_the_sender_hears_it_in_the_message_they_get_anyway(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    card.click("Done", by="U0EVA")
    form = slack.modal("U0EVA")
    before = len(told(slack, "U0BEN"))
    assert "Did you have what you needed?" in form.fields

    form.submit({"verdict": "asked", "What would have helped?": LINE, "note": "Renewed."})
    slack.settle()

    (dm,) = about(slack, "U0BEN", "finished")
    assert len(told(slack, "U0BEN")) == before + 1, "no message of its own"
    assert "Eva Lindqvist had to ask" in dm.all_text()
    assert "The deadline, and who &lt;!channel&gt; knows" in dm.all_text()
    assert "Renewed." in dm.all_text()
    (kept,) = judgements(running)
    assert (kept.verdict, kept.line, kept.sender, kept.judge) == (Verdict.ASKED, LINE, "U0BEN", "U0EVA")
    assert (kept.queue, kept.template) == ("success", None)
    assert "had to ask" not in everything_said(slack, "U0BEN")
    assert "The deadline" not in everything_said(slack, "U0BEN")
    assert slack.problems() == []


@EITHER
def test_nobody_has_to_say_anything(slack: Workspace, running: Running, hand_off: HandOff) -> None:
    finish(slack, hand_off(), note="Renewed.")

    (dm,) = about(slack, "U0BEN", "finished")
    assert "could start" not in dm.all_text()
    assert judgements(running) == []
    assert stored(running).state == "done"
    assert slack.problems() == []


@EITHER
def test_a_line_without_a_verdict_is_not_lost_but_asked_about(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    card.click("Done", by="U0EVA")
    form = slack.modal("U0EVA")

    form.submit({"would_have_helped": "The deadline"})

    assert "No answer is chosen" in form.errors["verdict"]
    assert form.values["would_have_helped"]["value"]["value"] == "The deadline"
    form.submit({"verdict": "complete"})
    slack.settle()
    assert not form.is_open
    assert judgements(running)[0].line == "The deadline"
    assert slack.problems() == []


@pytest.mark.parametrize("way", ["card", "show all", "number", "direct message"])
def test_done_asks_the_same_wherever_it_is_pressed(
    slack: Workspace, running: Running, hand_off: HandOff, way: str
) -> None:
    card = hand_off()
    if way == "direct message":
        look_up(slack, card, "Assign…", by="U0DAN")
        fill(slack, "U0DAN", person="U0EVA")
        about(slack, "U0EVA", "assigned")[-1].click("Done", by="U0EVA")
    else:
        card.click("Claim", by="U0EVA")
    if way == "card":
        card.click("Done", by="U0EVA")
    elif way == "show all":
        look_up(slack, card, "Done", by="U0EVA")
    elif way == "number":
        slack.command("U0EVA", "1", channel="C0SUCCESS")
        slack.ephemerals("U0EVA", "C0SUCCESS")[-1].click("Done", by="U0EVA")
    slack.settle()

    fill(slack, "U0EVA", verdict="complete")

    assert [one.verdict for one in judgements(running)] == [Verdict.COMPLETE]
    assert slack.problems() == []


def test_who_sent_it_to_themselves_is_not_asked(slack: Workspace, running: Running, hand_off: HandOff) -> None:
    card = hand_off("U0EVA")
    card.click("Claim", by="U0EVA")
    card.click("Done", by="U0EVA")

    assert slack.modal("U0EVA").fields == ["What was the outcome?"]
    fill(slack, "U0EVA")
    assert "not enough ratings" not in context_of(slack, "U0EVA").lower(), "nothing was to be judged"
    assert slack.problems() == []


def test_a_manager_who_finishes_it_for_the_owner_is_not_asked_and_cannot_answer(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    card.click("Done", by="U0DAN")
    assert slack.modal("U0DAN").fields == ["What was the outcome?"]
    slack.modal("U0DAN").close()

    act = Complete(verdict=Verdict.RESTARTED, line="Everything")
    request = Request(workspace="T0LOCAL", handoff_id=stored(running).id, act=act, user="U0DAN")
    assert isinstance(carry_out(running.baton, request), Moved)
    slack.settle()

    assert judgements(running) == []
    with running.db.reading() as tx:
        entries = audit.list_for_handoff(tx, stored(running).id)
    assert all("verdict" not in entry.facts for entry in entries)


@EITHER
def test_pressing_done_twice_counts_once_and_after_a_reopening_the_last_verdict_counts(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    card.click("Done", by="U0EVA")
    view = slack.modal("U0EVA").id
    sent = {"act": "submit", "user": "U0EVA", "view_id": view, "values": {"verdict": {"value": "restarted"}}}
    slack.post("/control/together", {"acts": [sent, sent]})
    slack.settle()
    assert [one.verdict for one in judgements(running)] == [Verdict.RESTARTED]

    card.choose("Reopen", by="U0BEN") if "Reopen" in card.menu else look_up(slack, card, "Reopen", by="U0BEN")
    fill(slack, "U0BEN", note="They changed their mind.")
    finish(slack, card, by="U0FARID", verdict="complete")

    assert [one.verdict for one in judgements(running)] == [Verdict.RESTARTED, Verdict.COMPLETE]
    assert "Receivers of what you sent: 1 could start right away." in context_of(slack, "U0BEN")
    assert ["restarted" in metrics(running), "complete" in metrics(running)] == [False, True]
    assert slack.problems() == []


@EITHER
def test_a_deletion_takes_what_was_written_about_the_context_and_the_verdict_still_counts(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    card = hand_off()
    finish(slack, card, verdict="asked", would_have_helped="The deadline")
    look_up(slack, card, "Delete", by="U0BEN")
    fill(slack, "U0BEN")

    (kept,) = judgements(running)
    assert (kept.verdict, kept.line) == (Verdict.ASKED, "")
    assert "The deadline" not in everything_said(slack)
    assert "Receivers of what you sent: 1 had to ask." in context_of(slack, "U0BEN")
    assert slack.problems() == []


def question(key: str, label: str, **more: Any) -> Question:
    return Question(key=key, label=label, kind=AnswerType.SHORT, **more)


BRIEF: Final = Template(
    workspace="T0LOCAL",
    key="brief",
    origin=Origin.SLACK,
    queues=("success",),
    name="A <brief>",
    note=NoteMode.OPTIONAL,
    questions=(
        question("want", "What they want", required=True),
        question("mood", "Their mood"),
        question("deadline", "Deadline & why", weight=5),
        question("tried", "What was tried", weight=3),
    ),
)


def with_template(running: Running, title: str = "Acme", *, private: bool = False) -> str:
    """A handoff of Ben's to Customer Success, written in the template."""
    with running.db.transaction() as tx:
        templates.put(tx, replace(BRIEF, private=private))
    draft = NewHandoff(
        title=title, queue="success", next_step="Call", note=Text(), template="brief", fields={"want": "A price"}
    )
    opened = open_handoff(running.baton, workspace="T0LOCAL", user="U0BEN", draft=draft, form=title)
    assert isinstance(opened, Opened)
    return opened.handoff.id


@EITHER
def test_the_sender_hears_what_to_add_next_time(slack: Workspace, running: Running) -> None:
    handoff_id = with_template(running)
    slack.settle()
    card = slack.find("U0EVA", "C0SUCCESS", "Acme")
    card.click("Claim", by="U0EVA")
    ask = Ask(text=Text(plain="Which <plan> do they have?"))
    asked = carry_out(running.baton, Request(workspace="T0LOCAL", handoff_id=handoff_id, act=ask, user="U0EVA"))
    assert isinstance(asked, Moved)
    slack.settle()

    card.click("Done", by="U0EVA")
    fill(slack, "U0EVA", verdict="restarted")

    (dm,) = about(slack, "U0BEN", "finished")
    assert "had to start over" in dm.all_text()
    assert "Next time add: Deadline &amp; why; What was tried; Their mood." in dm.all_text()
    assert "They asked: “Which &lt;plan&gt; do they have?”" in dm.all_text()
    (kept,) = judgements(running)
    assert (kept.template, kept.template_version) == ("brief", 1)
    assert "Next time add" not in everything_said(slack, "U0BEN")
    assert slack.problems() == []


@EITHER
def test_who_could_start_at_once_has_no_advice_for_the_sender(slack: Workspace, running: Running) -> None:
    with_template(running)
    slack.settle()
    finish(slack, slack.find("U0EVA", "C0SUCCESS", "Acme"), verdict="complete")

    (dm,) = about(slack, "U0BEN", "finished")
    assert "could start right away" in dm.all_text()
    assert "Next time add" not in dm.all_text()
    assert slack.problems() == []


@EITHER
def test_of_private_work_the_verdict_counts_and_no_notification_holds_a_word(
    slack: Workspace, running: Running
) -> None:
    with_template(running, private=True)
    slack.settle()
    finish(slack, slack.find("U0EVA", "C0SUCCESS", "#1"), verdict="asked", would_have_helped="The allergy")

    assert not any("allergy" in alert for alert in slack.alerts("U0BEN"))
    assert "allergy" in "\n".join(message.all_text() for message in slack.dms("U0BEN"))
    assert "allergy" not in everything_said(slack, "U0BEN")
    assert 'baton_verdicts{queue="success",template="brief",verdict="asked"} 1.0' in metrics(running)
    assert "allergy" not in metrics(running)


def metrics(running: Running) -> str:
    registry = CollectorRegistry()
    registry.register(DatabaseMetrics(running.db, running.clock))
    return "\n".join(
        line for line in generate_latest(registry).decode().splitlines() if line.startswith("baton_verdicts{")
    )


@EITHER
def test_a_team_sees_its_numbers_once_there_are_enough_and_nobody_elses(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    given = ["complete", "complete", "asked", "restarted"]
    for number, verdict in enumerate(given):
        finish(slack, hand_off(title=f"Deal {number}"), verdict=verdict, would_have_helped="The deadline")
    finish(slack, hand_off(title="Deal without"))
    assert "not enough ratings yet (4 of 5)." in context_of(slack, "U0EVA")

    finish(slack, hand_off("U0ANA", title="Deal of another"), verdict="complete", by="U0FARID")

    for user in ("U0EVA", "U0DAN", "U0KIM"):
        text = context_of(slack, user)
        assert "3 could start right away, 1 had to ask, 1 had to start over (5 ratings, 83% of finished" in text, user
        assert "deadline" not in text
        assert "Nobody has rated what you sent yet." in text
    assert "Customer Success" in context_of(slack, "U0EVA", "success")
    assert "Receivers of what you sent: 2 could start right away, 1 had to ask, 1 had to start over." in context_of(
        slack, "U0BEN"
    )
    assert "Receivers of what you sent: 1 could start right away." in context_of(slack, "U0ANA")
    assert "Customer Success" not in context_of(slack, "U0BEN"), "their own, not the other team's"
    refused = context_of(slack, "U0BEN", "success")
    assert "Only people on Customer Success see these numbers" in refused
    assert "Receivers of what you sent" not in refused
    assert "No team is called “nobody”" in context_of(slack, "U0BEN", "nobody")
    assert all(name not in context_of(slack, "U0DAN") for name in ("Ben", "Ana", "U0BEN", "U0ANA", "Eva"))
    assert slack.problems() == []


@EITHER
def test_numbers_are_told_by_template_and_forgotten_after_ninety_days(slack: Workspace, running: Running) -> None:
    for number in range(5):
        with_template(running, title=f"Deal {number}")
        slack.settle()
        finish(slack, slack.find("U0EVA", "C0SUCCESS", f"Deal {number}"), verdict="asked")

    text = context_of(slack, "U0DAN")
    assert text.count("*A &lt;brief&gt;:* 0 could start right away, 5 had to ask, 0 had to start over") == 1
    assert text.count("5 had to ask") == 2, "once to be heard, once to be seen: there is only this template"
    slack.wait(hours=24 * 91)

    later = context_of(slack, "U0DAN")
    assert "Your teams finished nothing in that time." in later
    assert "Nobody has rated what you sent yet" in context_of(slack, "U0BEN")
    assert slack.problems() == []
