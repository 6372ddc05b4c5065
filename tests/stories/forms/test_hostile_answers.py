"""Hostile answers to a template's questions are kept whole and notify nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest

from slackapp.app import Running
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Opened
from storage.handoffs import handoffs, notes
from storage.handoffs.acts import (
    Act,
    AddNote,
    Answer,
    Ask,
    Claim,
    Complete,
    Confirm,
    Correct,
    GiveReadBack,
    Release,
    Reopen,
    Resend,
    Return,
    Verdict,
)
from storage.handoffs.lifecycle import Moved, ReadBackMode
from storage.handoffs.model import Handoff, Note, Text
from storage.templates import templates
from storage.templates.model import Origin
from tests.databases import BOTH, in_turns
from tests.filled import everything, filling, longest
from tests.hostile import CORPUS, EVERYTHING, NO_TEXT, assert_nobody_was_pinged
from tests.slack_client import Workspace
from tests.stories.template_form import walk_through

BEN, EVA, DAN = "U0BEN", "U0EVA", "U0DAN"
"""Sender, receiver, and the receiver's manager."""
WORDS: Final = {"all together": " ".join(CORPUS.values()), **CORPUS}
"""Each kind of hostile text has a story of its own in a soak; each time one has them all, in every long answer."""
WORDS_SAID: Final = 11
"""Acts of the conversation that carry words."""


@pytest.fixture(autouse=True)
def offered(running: Running) -> None:
    """Customer Success asks a question of every kind, each as long as it may be, and a hard read-back."""
    template = replace(everything(), origin=Origin.SLACK, queues=("success",), read_back=ReadBackMode.HARD)
    with running.db.transaction() as tx:
        templates.put(tx, replace(template, workspace="T0LOCAL"))


def stored(running: Running, number: int) -> tuple[Handoff, list[Note]]:
    """A handoff and its notes as they are kept."""
    with running.db.reading() as tx:
        handoff = handoffs.get_by_number(tx, "T0LOCAL", number)
        assert handoff is not None
        return handoff, notes.list_for_handoff(tx, handoff.id)


def send(running: Running, words: str, form: str) -> Handoff:
    """Hand off with these words in everything that is typed."""
    draft = NewHandoff(
        title=filling(" ".join(words.split()), 150),
        queue="success",
        next_step=filling(" ".join(words.split()), 300),
        note=Text(plain=filling(words, 3000)),
        link="https://x.example/?a=<!channel>|<@U0KIM>",
        template="everything",
        fields=longest(everything(), words),
    )
    outcome = open_handoff(running.baton, workspace="T0LOCAL", user=BEN, draft=draft, form=form)
    assert isinstance(outcome, Opened), outcome
    return outcome.handoff


def conversation(words: str) -> list[tuple[str, Callable[[Text], Act]]]:
    """All that people say to each other about work that was handed over: who, and what they do with the words."""
    return [
        (EVA, lambda text: Claim()),
        (EVA, lambda text: GiveReadBack(text=text)),
        (BEN, lambda text: Correct(text=text)),
        (EVA, lambda text: GiveReadBack(text=text)),
        (BEN, lambda text: Confirm()),
        (EVA, lambda text: Ask(text=text)),
        (BEN, lambda text: Answer(text=text)),
        (DAN, lambda text: AddNote(text=text)),
        (EVA, lambda text: Release(text=text)),
        (EVA, lambda text: Return(text=replace(text, reason=words[:75]))),
        (BEN, lambda text: Resend(text=text)),
        (EVA, lambda text: Claim()),
        (EVA, lambda text: Complete(text=text, verdict=Verdict.RESTARTED, line=filling(words, 300))),
        (BEN, lambda text: Reopen(text=text)),
        (EVA, lambda text: Claim()),
    ]


def talk(slack: Workspace, running: Running, handoff: Handoff, words: str) -> None:
    """Say all of it; between the acts some time passes, as Slack allows only so many messages a minute."""
    text = Text(plain=filling(words, 3000), rich=EVERYTHING["rich_text_value"])
    for user, act in conversation(words):
        request = Request(workspace="T0LOCAL", handoff_id=handoff.id, act=act(text), user=user)
        outcome = carry_out(running.baton, request)
        assert isinstance(outcome, Moved), (user, act(text), outcome)
        slack.advance(20)
        slack.settle()


def read_everything(slack: Workspace, user: str, number: int) -> str:
    """Open Details from what `/handoff #n` answers, and turn its pages to the end."""
    slack.command(user, f"#{number}", channel="C0SUCCESS")
    slack.ephemerals(user, "C0SUCCESS")[-1].click("Details", by=user)
    read = slack.modal(user).all_text()
    while "Next page" in slack.modal(user).buttons:
        slack.modal(user).click("Next page")
        read += slack.modal(user).all_text()
    while slack.views(user):
        slack.modal(user).close()
    return read


@in_turns("words", WORDS, each_time={"all together", "broadcasts"})
def test_hostile_answers_are_kept_whole_and_ping_nobody(slack: Workspace, running: Running, words: str) -> None:
    sent = send(running, words, "one")
    slack.settle()
    talk(slack, running, sent, words)

    handoff, said = stored(running, 1)
    assert handoff.fields == longest(everything(), words)
    assert {note.text.plain for note in said} == {filling(words, 3000)}
    assert [note.text.rich for note in said] == [None, *[EVERYTHING["rich_text_value"]] * WORDS_SAID]
    assert filling(words, 3000)[-100:-1].split()[-1] in read_everything(slack, EVA, 1)
    assert_nobody_was_pinged(slack)


@in_turns("words", WORDS, each_time={"all together", "markup"})
def test_hostile_answers_typed_into_the_form_are_kept_whole_and_ping_nobody(
    slack: Workspace, running: Running, words: str
) -> None:
    first = {
        "title": filling(" ".join(words.split()), 150),
        "next_step": filling(" ".join(words.split()), 300),
        "link": "https://x.example/?a=<!channel>|<@U0KIM>",
        "note": EVERYTHING,
    }
    answers = longest(everything(), words)

    walk_through(slack, BEN, "success", everything(), first=first, answers=answers)

    handoff, (note,) = stored(running, 1)
    assert handoff.fields == answers
    assert (handoff.title, handoff.next_step) == (first["title"], first["next_step"])
    assert note.text.rich == EVERYTHING["rich_text_value"]
    read_everything(slack, EVA, 1)
    assert_nobody_was_pinged(slack)


@BOTH
def test_what_no_database_keeps_is_left_out_and_all_around_it_stays(slack: Workspace, running: Running) -> None:
    sent = send(running, NO_TEXT, "one")
    slack.settle()
    talk(slack, running, sent, NO_TEXT)

    handoff, said = stored(running, 1)
    assert all("\0" not in text and text.encode() for text in texts(handoff.fields))
    assert all("ab" in text.replace(" ", "") for text in texts(handoff.fields["k1"]))
    assert len(said) == 1 + WORDS_SAID
    read_everything(slack, EVA, 1)
    assert_nobody_was_pinged(slack)


def texts(answer: Any) -> list[str]:
    """Every text in an answer."""
    if isinstance(answer, str):
        return [answer]
    inner = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ()
    return [text for one in inner for text in texts(one)]
