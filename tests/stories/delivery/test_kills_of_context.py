"""Processes killed during read-backs, questions and notes: everything is kept and sent once."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from tests.databases import ONE_ELSE_BOTH, POSTGRESQL
from tests.slack_client import Answer, Json, Message, Modal, Workspace
from tests.stories.company import offering, write
from tests.stories.delivery.test_kills import LEASE_S, POSTING
from tests.stories.delivery.test_kills_of_clocks import nothing_is_written
from tests.stories.forms.test_template_forms import FIRST, SIGNED, SOLD, next_page, page_one, value
from tests.stories.handoffs.test_own_notes import menu, noted
from tests.stories.ledger import history
from tests.stories.northwind import open_form
from tests.stories.processes import Baton, free_port
from tests.stories.taken_over import takes_over
from tests.waiting import until

Begin: TypeAlias = Callable[..., Baton]

SENDING: Final = (POSTING, "chat.update")
GIST, QUESTION, ANSWER = "They want it cheaper.", "Which contract do they have?", "The one of 2024."
SLIP, MENDED = "The discount is 90 %.", "The discount is 9 %."


@pytest.fixture
def begin(slack: Workspace, database_url: str, tmp_path: Path) -> Iterator[Begin]:
    """Start a process whose Customer Success asks for a read-back, or is handed deals; ended with the story."""
    started: list[Baton] = []

    def begin(*, deals: bool = False, port: int | None = None) -> Baton:
        change = offering(success=["ae_csm"]) if deals else takes_over("hard")
        config = write(tmp_path / "company.yml", change)
        started.append(Baton.start(slack, database_url, port=port, config=config).__enter__())
        return started[-1]

    yield begin
    for baton in started:
        print(baton.said()[-4000:])  # noqa: T201 - shown by pytest when the story failed
        baton.__exit__(None, None, None)


@dataclass(frozen=True, kw_only=True)
class Saying:
    """Something that somebody does with work that Eva has claimed, and what is said of it."""

    act: Callable[[Workspace, Message], object]
    verb: str
    words: str
    heard_by: str
    """Who reads the words in a message of their own, beside all who read the card's thread."""
    before: tuple[Callable[[Workspace, Message], object], ...] = ()


def read_back(slack: Workspace, card: Message) -> None:
    card.click("Read back", by="U0EVA")
    slack.modal("U0EVA").submit({"gist": GIST})


def asked(slack: Workspace, card: Message) -> None:
    card.choose("Ask the sender", by="U0EVA")
    slack.modal("U0EVA").submit({"note": QUESTION})


def answered(slack: Workspace, card: Message) -> None:
    card.click("Answer", by="U0BEN")
    slack.modal("U0BEN").submit({"note": ANSWER})


def slipped(slack: Workspace, card: Message) -> None:
    noted(slack, card, SLIP, by="U0BEN")


def mended(slack: Workspace, card: Message) -> None:
    menu(slack, card, "Edit note", by="U0BEN")
    slack.modal("U0BEN").submit({"note": MENDED})


SAYINGS: Final = {
    "read back": Saying(act=read_back, verb="read_back", words=GIST, heard_by="U0BEN"),
    "ask": Saying(act=asked, verb="ask", words=QUESTION, heard_by="U0BEN", before=(read_back,)),
    "answer": Saying(act=answered, verb="answer", words=ANSWER, heard_by="U0EVA", before=(read_back, asked)),
    "edit a note": Saying(act=mended, verb="edit_note", words=MENDED, heard_by="U0EVA", before=(slipped,)),
}


def each(*, first: str, then: str) -> pytest.MarkDecorator:
    """Every saying, on the two databases in turns, as a process takes seconds to start; all but one only in a soak."""
    turns = itertools.cycle((first, then))
    cases = [
        pytest.param(turn, saying, id=f"{name}-{turn}", marks=[] if name == "answer" else pytest.mark.soak)
        for (name, saying), turn in zip(SAYINGS.items(), turns, strict=False)
    ]
    return pytest.mark.parametrize(("dialect", "saying"), cases)


@each(first="sqlite", then="postgresql")
def test_killed_between_storing_and_sending_it_is_said_once_after_the_restart(
    slack: Workspace, begin: Begin, database_url: str, saying: Saying
) -> None:
    baton = begin()
    card = claimed(slack, saying)
    for method in SENDING:
        slack.fault(method, {"error": "ratelimited", "retry_after": 120}, times=100)

    unwatched(slack, saying.act, card)
    until(lambda: saying.verb in [entry.verb for entry in history(database_url)])
    baton.kill()
    assert said(slack, card, saying) == (0, 0)

    slack._exchange("DELETE", "/control/faults", None)
    begin()
    slack.wait(seconds=125)
    slack.wait(seconds=LEASE_S + 5)
    assert said(slack, card, saying) == (1, 1)
    assert SLIP not in everywhere(slack) or saying.verb != "edit_note"
    assert [entry.verb for entry in history(database_url)].count(saying.verb) == 1
    assert slack.problems() == []


@each(first="postgresql", then="sqlite")
def test_killed_between_sending_and_marking_it_is_not_said_again(
    slack: Workspace, begin: Begin, database_url: str, saying: Saying
) -> None:
    baton = begin()
    card = claimed(slack, saying)
    for method in SENDING:
        slack.fault(method, {"delay_s": 2.0}, times=100)

    unwatched(slack, saying.act, card)
    until(lambda: sum(said(slack, card, saying)) > 0)
    baton.kill()
    assert sum(said(slack, card, saying)) > 0, "Slack has it, and Baton does not know"

    slack._exchange("DELETE", "/control/faults", None)
    begin()
    slack.wait(seconds=LEASE_S + 5)
    slack.wait(seconds=LEASE_S + 5)
    assert said(slack, card, saying) == (1, 1)
    assert "maybe_double" not in [entry.verb for entry in history(database_url)]
    assert slack.problems() == []


def claimed(slack: Workspace, saying: Saying) -> Message:
    """The card of what Ben handed off and Eva claimed, and all that comes before."""
    form = page_one(slack)
    form.submit()
    Modal(slack, "U0BEN", form.id).submit({"contract": "C-17"})
    slack.settle()
    card = slack.find("U0BEN", "C0SUCCESS", FIRST["title"])
    card.click("Claim", by="U0EVA")
    slack.modal("U0EVA").close()
    for act in saying.before:
        act(slack, card)
    slack.settle()
    return card


def unwatched(slack: Workspace, act: Callable[[Workspace, Message], object], card: Message) -> None:
    """Do something, and do not wait for what follows."""
    slack.settle_after_acts = False
    try:
        act(slack, card)
    finally:
        slack.settle_after_acts = True


def said(slack: Workspace, card: Message, saying: Saying) -> tuple[int, int]:
    """How often the words stand in the thread, and in messages to the one who hears of it."""
    thread = [message for message in card.replies() if saying.words in message.text]
    own = [message for message in slack.dms(saying.heard_by) if saying.words in message.text]
    return len(thread), len(own)


def everywhere(slack: Workspace) -> str:
    """All that people see in messages now."""
    return str([slack.sees(user)["channels"] for user in ("U0BEN", "U0EVA", "U0DAN")])


# The form


@ONE_ELSE_BOTH
def test_killed_during_the_turn_of_a_page_the_form_is_offered_again_with_the_pages_before(
    slack: Workspace, begin: Begin, database_url: str
) -> None:
    baton = begin(deals=True)
    form = next_page(page_one(slack))
    with nothing_is_written(database_url, "drafts") as stands, ThreadPoolExecutor(1) as pool:
        turned = pool.submit(unsettled, slack, lambda: form.submit(SOLD))
        until(stands)
        baton.kill()
        assert not turned.result().ok, "Slack tells Ben that it did not work, and keeps what he typed"

    begin(deals=True)
    form.close()
    again = continued(slack)
    assert value(again, "title") == FIRST["title"]
    again = next_page(again)
    again = next_page(again, SOLD)
    again.submit(SIGNED)
    slack.settle()

    assert titles(slack) == [FIRST["title"]]
    assert "You have an unsent" not in open_form(slack, "U0BEN").all_text()


@ONE_ELSE_BOTH
def test_killed_at_any_moment_of_a_form_no_page_that_was_turned_is_lost(
    slack: Workspace, begin: Begin, database_url: str, *, long: bool
) -> None:
    slack.rate_limits(enabled=False)
    dice = random.Random(11)
    for number in range(12 if long else 1):
        baton = begin(deals=True)
        form = next_page(page_one(slack, title=f"Deal {number:02}"))
        with ThreadPoolExecutor(1) as pool:
            turned = pool.submit(unsettled, slack, partial(form.submit, SOLD))
            time.sleep(dice.uniform(0, 0.06))
            baton.kill()
        was_turned = turned.result().ok

        baton = begin(deals=True)
        form.close()
        again = next_page(continued(slack))
        if was_turned:
            assert value(again, "why_bought") == SOLD["why_bought"]
        again = next_page(again, SOLD)
        with ThreadPoolExecutor(1) as pool:
            last = pool.submit(unsettled, slack, partial(again.submit, SIGNED))
            time.sleep(dice.uniform(0, 0.06))
            baton.kill()
        was_sent = last.result().ok

        baton = begin(deals=True)
        slack.wait(seconds=LEASE_S + 5)
        if again.is_open:  # the answer was lost or the work was: whoever presses again makes no second one
            again.submit(SIGNED)
            slack.settle()
        assert sorted(titles(slack)) == [f"Deal {one:02}" for one in range(number + 1)], was_sent
        baton.kill()


@POSTGRESQL
def test_the_last_page_sent_to_two_processes_at_once_makes_one_handoff(slack: Workspace, begin: Begin) -> None:
    walked = begin(deals=True)
    form = next_page(next_page(page_one(slack)), SOLD)
    walked.stop()
    crew = [begin(deals=True, port=free_port()) for _ in range(2)]

    payload = sent_page(form)
    gate = threading.Barrier(6)

    def send(number: int) -> Json:
        gate.wait()
        heard = crew[number % 2].door.interact(payload)
        assert heard.status == 200
        return heard.body

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    slack.settle()

    assert answers == [{"response_action": "clear"}] * 6, "every press is told that it worked"
    assert titles(slack) == [FIRST["title"]]
    assert [one.bugs() for one in crew] == [[], []]


def sent_page(form: Modal) -> Json:
    """What Slack sends when the last page is submitted (docs.slack.dev, view_submission)."""
    typed = {key: {"type": "plain_text_input", "value": SIGNED[key]} for key in ("use_case", "contract")}
    chosen = {key: {"type": "radio_buttons", "selected_option": {"value": SIGNED[key]}} for key in ("risk", "intro")}
    blocks = {block["block_id"].partition("~")[0]: block["block_id"] for block in form.raw["blocks"]}
    state = {blocks[key]: {"value": found} for key, found in {**typed, **chosen}.items()}
    who = {"team": {"id": "T0LOCAL"}, "user": {"id": "U0BEN", "team_id": "T0LOCAL"}, "api_app_id": "A0BATON"}
    return {**who, "type": "view_submission", "trigger_id": "1.2.3", "view": {**form.raw, "state": {"values": state}}}


def unsettled(slack: Workspace, act: Callable[[], Answer]) -> Answer:
    """Do something, and do not wait for what follows."""
    slack.settle_after_acts = False
    try:
        return act()
    finally:
        slack.settle_after_acts = True


def continued(slack: Workspace) -> Modal:
    """Type /handoff again and go on with what was begun."""
    form = open_form(slack, "U0BEN")
    assert "You have an unsent handoff" in form.all_text()
    form.click("Continue")
    form = Modal(slack, "U0BEN", form.id)
    while "Back" in form.buttons:
        form.click("Back")
        form = Modal(slack, "U0BEN", form.id)
    return form


def titles(slack: Workspace) -> list[str]:
    """What stands on the cards of the success team."""
    shown = [message.raw for message in slack.messages("U0BEN", "C0SUCCESS")]
    cards = [raw for raw in shown if ": unassigned" in raw["text"] and raw.get("thread_ts") in {None, raw["ts"]}]
    return [raw["text"].partition(": unassigned")[0] for raw in cards]
