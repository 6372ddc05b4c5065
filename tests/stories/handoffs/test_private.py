"""Private work: a stub for everybody, its contents for those who have to know it, and nothing anywhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from slackapp.app import Running
from slackapp.handoffs.model import Seen
from slackapp.handoffs.queries.find import find_by_number
from slackapp.handoffs.rules.note_editing import FRESH
from storage.handoffs import notes
from storage.handoffs.acts import (
    Act,
    AddNote,
    Answer,
    Ask,
    Assign,
    Cancel,
    Claim,
    Complete,
    Correct,
    Decline,
    Edit,
    EditNote,
    Extend,
    GiveReadBack,
    Release,
    Reopen,
    Resend,
    Return,
    Snooze,
    Transfer,
    Verdict,
)
from storage.handoffs.lifecycle import Moved, Refused
from storage.handoffs.model import Handoff, Source, Text
from storage.templates import templates
from storage.templates.model import AnswerType
from tests.databases import EITHER
from tests.slack_client import Workspace
from tests.stories.company import Json, policy
from tests.stories.northwind import about, fill, why
from tests.stories.written import WORKSPACE, card_of, do, offering, template, write

pytestmark = EITHER

SECRET: Final = "Xylophon"
"""In everything that is typed, and in nothing else."""
TEAM: Final = frozenset({"U0DAN", "U0EVA", "U0FARID", "U0GRACE", "U0KIM"})
"""The members of the queue, its manager, and the manager's manager."""
ENTITLED: Final = TEAM | {"U0BEN"}

ANSWERS: Final[Mapping[AnswerType, Any]] = {
    AnswerType.SHORT: f"{SECRET} short", AnswerType.LONG: f"{SECRET}\nlong", AnswerType.CHOICE: "a",
    AnswerType.MULTI: ["a"],
    AnswerType.TICK: True,
    AnswerType.DATE: "2027-04-01", AnswerType.WHEN: "2027-04-01T08:00:00+00:00", AnswerType.NUMBER: "4711",
    AnswerType.URL: f"https://{SECRET}.example.com/1",
    AnswerType.FILES: {"links": [f"https://{SECRET}.example.com/2"], "files": []},
    AnswerType.PERSON: "U0HUGO", AnswerType.CHECKLIST: [f"{SECRET} point"], AnswerType.LAMP: "watch",
    AnswerType.KEY_VALUE: [[f"{SECRET} name", f"{SECRET} value"]],
}  # fmt: skip
FIELDS: Final[list[Json]] = [
    {"key": f"q_{kind.replace('-', '_')}", "label": kind, "type": kind, "required": "yes"}
    | ({"options": {"a": f"{SECRET} option", "b": "other"}} if kind in {AnswerType.CHOICE, AnswerType.MULTI} else {})
    for kind in map(str, AnswerType)
]


def deputy(read: Json) -> None:
    """Hugo, who has nothing to do with the team, is Baton's admin."""
    read["admins"] = ["U0HUGO"]


@pytest.fixture
def northwind(share: Callable[..., Running], company: Callable[..., Path]) -> Running:
    """A team whose handoffs are private, with a form that asks for one of every kind."""
    asked = template(fields=FIELDS, private="yes", read_back="soft", retention="7d")
    return share(config=company(asked, offering("ipass"), deputy))


def private(running: Running, slack: Workspace, **more: Any) -> Handoff:
    """Hand off private work with a secret in everything that can be typed."""
    message = slack.message("U0BEN", "We have to talk.", channel="C0SALES")
    source = Source(channel="C0SALES", ts=message.ts, permalink=f"https://local.slack.com/{SECRET}", author="U0BEN")
    answers = {f"q_{kind.value.replace('-', '_')}": answer for kind, answer in ANSWERS.items()}
    typed = {
        "title": f"{SECRET} title", "next_step": f"{SECRET} step", "note": words("opening"), "source": source,
        "link": f"https://{SECRET}.example.com/link", "told_customer": f"{SECRET} told",
    }  # fmt: skip
    return write(running, slack, "brief", answers, **{**typed, **more})


def words(what: str) -> Text:
    """Something that was typed."""
    return Text(plain=f"{SECRET} {what}", reason=f"{SECRET} why" if what == "back" else None)


def leaks(slack: Workspace, *also: str) -> list[str]:
    """Every payload that shows a secret where it may not: all but forms of the entitled and blocks of their DMs."""
    ims = {
        channel["id"]: user
        for user in (*ENTITLED, *also)
        for channel in slack.sees(user)["channels"]
        if channel["is_im"]
    }
    found = []
    for call in slack.calls():
        said, args = json.dumps(call["args"]).casefold(), call["args"]
        if call["kind"] == "delivery" and call["method"] != "slash_commands":
            said = json.dumps(call["answer"]).casefold()  # what came from Slack is what people typed
        if call["method"].startswith("views."):
            continue  # forms are looked at one by one
        if call["method"] in {"chat.postMessage", "chat.update"} and args.get("channel") in ims:
            said = str(args.get("text")).casefold()
        if SECRET.casefold() in said:
            found.append(f"{call['kind']} {call['method']}: {said}")
    return found


def test_in_a_whole_life_nothing_that_anybody_typed_leaves_forms_and_direct_messages(
    slack: Workspace, northwind: Running
) -> None:
    handoff = private(northwind, slack, person="U0EVA")
    until = northwind.baton.clock.now() + timedelta(hours=2)
    life: list[tuple[str, Act]] = [
        ("U0EVA", Decline(text=words("declined"))), ("U0EVA", Claim()),
        ("U0EVA", GiveReadBack(text=words("read back"))),
        ("U0BEN", Correct(text=words("corrected"))), ("U0EVA", GiveReadBack(text=words("read again"))),
        ("U0EVA", Ask(text=words("asked"))), ("U0BEN", Answer(text=words("answered"))),
        ("U0EVA", AddNote(text=words("noted"))), ("U0BEN", Edit(changes={"title": f"{SECRET} other"})),
        ("U0EVA", Snooze(until=until, text=words("snoozed"))), ("U0EVA", Release(text=words("released"))),
        ("U0FARID", Claim()), ("U0FARID", Return(text=words("back"))),
        ("U0BEN", Edit(changes={"next_step": f"{SECRET} other step"})), ("U0BEN", Resend(text=words("resent"))),
        ("U0DAN", Assign(person="U0GRACE", text=words("assigned"))), ("U0DAN", Extend(seconds=60, text=words("more"))),
        ("U0GRACE", Transfer(queue="success", person="U0EVA", text=words("passed on"))), ("U0EVA", Claim()),
        ("U0EVA", Transfer(queue="support", text=words("moved"))), ("U0INES", Claim()),
        ("U0INES", Transfer(queue="success", text=words("moved back"))), ("U0EVA", Claim()),
        ("U0EVA", Complete(text=words("done"), verdict=Verdict.ASKED, line=f"{SECRET} line")),
        ("U0EVA", Reopen(text=words("reopened"))), ("U0INES", Cancel(text=words("cancelled"))),
    ]  # fmt: skip
    for user, act in life:
        outcome = do(northwind, slack, handoff, act, by=user)
        assert isinstance(outcome, Moved), (act.verb, outcome)
        slack.wait(minutes=1)

    assert leaks(slack, "U0INES") == [], "she had it in between and passed it on"
    assert "Private handoff" in card_of(slack, "Private handoff").text
    assert slack.problems() == []


def test_reminders_and_the_answers_to_commands_are_stubs_too(slack: Workspace, northwind: Running) -> None:
    handoff = private(northwind, slack)
    slack.wait(minutes=90)
    for user in ("U0BEN", "U0EVA", "U0DAN", "U0CLARA", "U0HUGO"):
        for said in ("mine", "open", "1", "why 1"):
            answer = slack.command(user, said)
            assert SECRET.casefold() not in json.dumps(answer.raw).casefold(), (user, said)
    do(northwind, slack, handoff, Claim(), by="U0EVA")
    slack.wait(hours=5)
    card_of(slack, "Private handoff").click("Put back", by="U0ANA")

    assert {"U0DAN", "U0KIM"} <= {user for user in ENTITLED if about(slack, user, "Private handoff")}
    assert leaks(slack) == []
    assert "Private handoff" in why(slack, "U0EVA")
    assert slack.problems() == []


def test_the_sender_and_everybody_of_the_team_read_all_of_it_in_show_all(slack: Workspace, northwind: Running) -> None:
    handoff = private(northwind, slack)
    for user in sorted(ENTITLED - {"U0KIM"}):
        card = slack.find(user, "C0SUCCESS", "Private handoff") if user != "U0BEN" else about(slack, user, "Sent as")[0]
        card.click("Details", by=user)
        shown = slack.modal(user).all_text()
        for part in ("title", "step", "opening", "point", "name: ", "value", "short", "long", "option"):
            assert f"{SECRET} {part}" in shown or f"{SECRET}\n{part}" in shown, (user, part)
        assert "*Private:*" in shown

    do(northwind, slack, handoff, Claim(), by="U0EVA")
    (told,) = about(slack, "U0BEN", "Private handoff")
    assert SECRET not in told.text
    assert SECRET in json.dumps(told.blocks), "blocks of a direct message to its sender"
    assert slack.problems() == []


def test_whoever_need_not_know_it_is_told_so_and_gets_no_form_of_it(slack: Workspace, northwind: Running) -> None:
    private(northwind, slack)
    card = card_of(slack, "Private handoff", user="U0ANA")
    shown = len(slack.views("U0ANA"))
    card.click("Details", by="U0ANA")
    assert "#1 is private: only people on Customer Success and" in slack.ephemerals("U0ANA", "C0SUCCESS")[-1].text
    card.choose("Add note", by="U0ANA")
    card.choose("Edit", by="U0ANA")
    card.choose("Send back", by="U0ANA")

    assert len(slack.views("U0ANA")) == shown
    assert leaks(slack) == []


def test_whoever_need_not_know_it_is_not_told_what_is_among_its_notes(slack: Workspace, northwind: Running) -> None:
    private(northwind, slack)
    card = card_of(slack, "Private handoff")
    reply = slack.message("U0EVA", f"{SECRET} reply", channel="C0SUCCESS", thread_ts=card.ts)
    reply.shortcut("handoff.note_from_message", by="U0EVA")
    assert "Added to the notes" in slack.ephemerals("U0EVA", "C0SUCCESS")[-1].text

    reply.shortcut("handoff.note_from_message", by="U0ANA")

    assert "#1 is private" in slack.ephemerals("U0ANA", "C0SUCCESS")[-1].text
    assert "already" not in slack.ephemerals("U0ANA", "C0SUCCESS")[-1].text


def test_it_is_not_listed_or_counted_for_those_who_need_not_know_it(slack: Workspace, northwind: Running) -> None:
    private(northwind, slack)
    for user, listed in (("U0ANA", False), ("U0HUGO", False), ("U0BEN", True), ("U0EVA", True), ("U0DAN", True)):
        for words in ("open", "open customer"):
            slack.command(user, words)
            answer = slack.ephemerals(user, "C0GENERAL")[-1].all_text()
            assert ("Nothing is waiting to be claimed" not in answer) is listed, (user, words, answer)


def test_an_admin_of_baton_may_delete_it_and_neither_read_nor_do_anything_else(
    slack: Workspace, northwind: Running
) -> None:
    private(northwind, slack)
    card = card_of(slack, "Private handoff", user="U0HUGO")
    card.click("Claim", by="U0HUGO")
    assert "Only a member of Customer Success" in slack.ephemerals("U0HUGO", "C0SUCCESS")[-1].text

    card.click("Details", by="U0HUGO")
    view = slack.modal("U0HUGO")
    assert SECRET not in view.all_text()
    assert set(view.buttons) - {"How was this calculated?"} == {"Delete"}
    view.click("Delete")
    assert SECRET not in json.dumps(slack.modal("U0HUGO").raw)
    fill(slack, "U0HUGO")

    assert "#1 was deleted" in card_of(slack, "#1 was deleted").text


def test_an_admin_who_is_reminded_of_it_is_offered_nothing_that_they_may_not_do(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]
) -> None:
    tells = policy({"claim": "30m"}, {"key": "late", "clock": "claim", "at": "100%", "tell": ["admins", "managers"]})
    northwind = start(config=company(template(fields=FIELDS, private="yes"), deputy, tells))
    private(northwind, slack)
    slack.wait(minutes=31)

    assert set(about(slack, "U0HUGO", "Private handoff")[-1].buttons) == {"Details"}
    assert "Assign…" in about(slack, "U0DAN", "Private handoff")[-1].buttons
    assert leaks(slack, "U0HUGO") == []


def test_whoever_a_level_has_told_reads_it_until_the_level_is_over(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]
) -> None:
    tells = policy({"claim": "30m"}, {"key": "late", "clock": "claim", "at": "100%", "tell": ["admins", "U0CLARA"]})
    northwind = start(config=company(template(fields=FIELDS, private="yes"), deputy, tells))
    handoff = private(northwind, slack)
    assert not reads(northwind, "U0HUGO"), "nobody has told them yet"
    slack.wait(minutes=31)

    about(slack, "U0CLARA", "Private handoff")[-1].click("Details", by="U0CLARA")
    assert f"{SECRET} title" in slack.modal("U0CLARA").all_text()
    assert [reads(northwind, user) for user in ("U0HUGO", "U0CLARA", "U0ANA")] == [True, True, False]
    assert isinstance(do(northwind, slack, handoff, AddNote(text=words("noted")), by="U0CLARA"), Moved)
    assert isinstance(do(northwind, slack, handoff, Claim(), by="U0CLARA"), Refused)

    do(northwind, slack, handoff, Claim(), by="U0EVA")
    assert not reads(northwind, "U0HUGO"), "somebody has it"
    do(northwind, slack, handoff, Release(text=words("released")), by="U0EVA")
    assert not reads(northwind, "U0CLARA"), "that was about an earlier wait"
    assert "Details" not in about(slack, "U0CLARA", "#1")[-1].buttons
    assert isinstance(do(northwind, slack, handoff, AddNote(text=words("more")), by="U0CLARA"), Refused)
    slack.wait(minutes=31)
    assert reads(northwind, "U0CLARA"), "told again"
    assert leaks(slack, "U0HUGO", "U0CLARA") == []
    assert slack.problems() == []


def reads(running: Running, user: str) -> bool:
    """Whether somebody may see what handoff 1 is about."""
    seen = find_by_number(running.baton, workspace=WORKSPACE, number=1, user=user)
    return isinstance(seen, Seen) and seen.visible and SECRET in seen.details.handoff.title


def test_the_inspector_and_the_metadata_of_messages_name_it_by_its_number_only(
    slack: Workspace, northwind: Running
) -> None:
    handoff = private(northwind, slack)

    metadata = [call["args"].get("metadata") for call in slack.calls("chat.postMessage")]
    assert metadata
    assert SECRET not in json.dumps(metadata)
    with northwind.db.reading() as tx:
        stored = notes.list_for_handoff(tx, handoff.id)
        known = templates.get(tx, WORKSPACE, "brief", handoff.template_version)
    assert (stored[0].text.plain, known and known.private) == (f"{SECRET} opening", True), "the ledger has it whole"


def test_a_note_of_private_work_that_was_edited_stays_private(slack: Workspace, northwind: Running) -> None:
    handoff = private(northwind, slack)
    with northwind.db.reading() as tx:
        (note,) = notes.list_for_handoff(tx, handoff.id)
    assert northwind.baton.clock.now() - note.at < FRESH

    assert isinstance(do(northwind, slack, handoff, EditNote(note_id=note.id, text=words("new")), by="U0BEN"), Moved)
    assert leaks(slack) == []
