"""First values of a form: their origin, what an input takes, and what is not repeated."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from slackapp.forms.model import Prefilled
from slackapp.forms.rules.first_values import PreviousHandoff, changed_values, prefill
from slackapp.forms.rules.starting_point import (
    File,
    QuotedMessage,
    StartingPoint,
    read_starting_point,
    starting_point_json,
)
from slackapp.handoffs.rules.fields import LONGEST
from slackapp.slack.field_problems import is_link
from slackapp.templates.rules import questions
from slackapp.templates.rules.answer_rules import TYPED
from storage.templates.model import AnswerType, NoteMode, PrefillSource, Question, Template

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(days=30)
ADDRESS = "https://northwind.slack.com/archives/C0SALES/p1700000000000200"
CONTRACT = File(id="F1", name="contract.pdf", permalink="https://northwind.slack.com/files/F1")
OPTIONS = {"stable": "Stable", "watch": "Watch"}

REPLY = QuotedMessage(
    words="They want 10 % off.\n- by Friday\n- or they leave",
    author="U0CLARA",
    author_name="Clara Weiss",
    permalink=ADDRESS,
    at="2026-11-24T23:30:00+00:00",
    on="2026-11-25",
    links=("https://crm.example.com/1",),
    files=(CONTRACT,),
)
ROOT = QuotedMessage(
    words="Acme renews soon", author="U0BEN", author_name="Ben Okafor", permalink="x", links=("https://b.example",)
)
ANSWER = QuotedMessage(words="Yes", author="U0KIM", author_name="Kim Tran", permalink="y")
NOTE = {"plain": REPLY.words, "rich": {"type": "rich_text", "elements": []}}
ALONE = StartingPoint(message=REPLY, note=NOTE)
IN_THREAD = replace(ALONE, thread=(ROOT, REPLY, ANSWER))


def ask(kind: AnswerType, *sources: PrefillSource, **more: Any) -> Question:
    return Question(**{"key": "q", "label": "Q", "kind": kind, "prefill": sources or (PrefillSource.LAST,), **more})


def form(*asked: Question, note: NoteMode = NoteMode.OPTIONAL) -> Template:
    return Template(key="t", name="T", questions=asked, note=note)


def last(answer: Any = None, **more: Any) -> PreviousHandoff:
    given: dict[str, Any] = {"number": 37, "at": BEFORE, "title": "Acme renewal", "queue": "success", "template": "t"}
    return PreviousHandoff(**{**given, "answers": {} if answer is None else {"q": answer}, **more})


def value(question: Question, start: StartingPoint = ALONE, alike: PreviousHandoff | None = None) -> Any:
    return prefill(start, form(question), NOW, alike=alike).values.get("q")


WHAT_EACH_KIND_TAKES = [
    (AnswerType.SHORT, PrefillSource.QUOTE, "They want 10 % off. - by Friday - or they leave"),
    (AnswerType.LONG, PrefillSource.QUOTE, REPLY.words),
    (AnswerType.CHECKLIST, PrefillSource.QUOTE, ["They want 10 % off.", "by Friday", "or they leave"]),
    (AnswerType.SHORT, PrefillSource.AUTHOR, "Clara Weiss"),
    (AnswerType.PERSON, PrefillSource.AUTHOR, "U0CLARA"),
    (AnswerType.CHECKLIST, PrefillSource.AUTHOR, ["Clara Weiss"]),
    (AnswerType.URL, PrefillSource.PERMALINK, ADDRESS),
    (AnswerType.FILES, PrefillSource.PERMALINK, {"links": [ADDRESS], "files": []}),
    (AnswerType.WHEN, PrefillSource.SENT_AT, "2026-11-24T23:30:00+00:00"),
    (AnswerType.DATE, PrefillSource.SENT_AT, "2026-11-25"),
    (AnswerType.URL, PrefillSource.FILES, "https://crm.example.com/1"),
    (AnswerType.LONG, PrefillSource.FILES, f"https://crm.example.com/1\ncontract.pdf ({CONTRACT.permalink})"),
    (
        AnswerType.FILES,
        PrefillSource.FILES,
        {
            "links": ["https://crm.example.com/1"],
            "files": [{"id": "F1", "name": "contract.pdf", "permalink": CONTRACT.permalink}],
        },
    ),
    (AnswerType.SHORT, PrefillSource.PARTICIPANTS, None),
    (AnswerType.TICK, PrefillSource.QUOTE, None),
    (AnswerType.CHOICE, PrefillSource.QUOTE, None),
    (AnswerType.NUMBER, PrefillSource.SENT_AT, None),
    (AnswerType.KEY_VALUE, PrefillSource.QUOTE, None),
]


@pytest.mark.parametrize(("kind", "source", "wanted"), WHAT_EACH_KIND_TAKES)
def test_a_question_takes_of_the_message_what_fits_its_kind(
    kind: AnswerType, source: PrefillSource, wanted: Any
) -> None:
    question = ask(kind, source)
    found = prefill(ALONE, form(question), NOW)

    assert found.values.get("q") == wanted
    assert found.marks.get("q") == (None if wanted is None else "from the message")
    if wanted is not None:
        assert questions.problems(form(question), {"q": wanted}) == {}


def test_the_first_source_that_has_something_counts() -> None:
    question = ask(
        AnswerType.SHORT, PrefillSource.LAST, PrefillSource.PARTICIPANTS, PrefillSource.AUTHOR, PrefillSource.QUOTE
    )

    assert value(question) == "Clara Weiss"
    assert value(question, IN_THREAD) == "Ben Okafor, Clara Weiss, Kim Tran"
    assert value(question, IN_THREAD, last("as ever")) == "as ever"
    assert value(question, StartingPoint()) is None


def test_what_a_thread_adds_is_marked_as_its_own() -> None:
    template = form(
        ask(AnswerType.LONG, PrefillSource.QUOTE),
        replace(ask(AnswerType.CHECKLIST, PrefillSource.PARTICIPANTS), key="people"),
        replace(ask(AnswerType.FILES, PrefillSource.FILES), key="evidence"),
        replace(ask(AnswerType.PERSON, PrefillSource.AUTHOR), key="who"),
    )  # fmt: skip

    alone, together = prefill(ALONE, template, NOW), prefill(IN_THREAD, template, NOW)
    news = changed_values(alone, together)

    assert news.values["q"] == f"Ben Okafor: Acme renews soon\n\nClara Weiss: {REPLY.words}"
    assert news.values["people"] == ["Ben Okafor", "Clara Weiss", "Kim Tran"]
    assert news.values["evidence"]["links"] == ["https://b.example", "https://crm.example.com/1"]
    assert set(news.marks.values()) == {"from the thread"}
    assert "who" not in news.values, "who wrote the message was known before"
    assert changed_values(alone, alone) == Prefilled()


def test_a_title_from_a_message_has_no_address_in_it() -> None:
    def title(words: str) -> Any:
        return prefill(StartingPoint(message=replace(REPLY, words=words)), None, NOW).values["title"]

    assert title("Wonka wants 20 more seats: https://crm.example.com/1") == "Wonka wants 20 more seats"
    assert title("See https://crm.example.com/1 today") == "See today"
    assert title("https://crm.example.com/1") == "https://crm.example.com/1", "better than nothing"


def test_the_form_begins_with_the_message_or_with_what_the_record_was_called_last() -> None:
    of_message = prefill(ALONE, None, NOW, last=last())
    assert of_message.values == {"title": "They want 10 % off.", "link": ADDRESS, "queue": "success", "note": NOTE}
    assert of_message.marks["title"] == "from the message"
    assert of_message.marks["queue"] == "from #37, the last handoff about this record"

    of_link = prefill(StartingPoint(link="https://crm.example.com/1"), None, NOW, last=last())
    assert of_link.values == {"title": "Acme renewal", "link": "https://crm.example.com/1", "queue": "success"}
    assert "link" not in of_link.marks, "who typed it need not be told where it came from"
    assert prefill(StartingPoint(), None, NOW) == Prefilled()


def test_the_note_is_left_out_only_where_a_question_has_every_word_of_it() -> None:
    whole = ask(AnswerType.LONG, PrefillSource.QUOTE)
    long = replace(ALONE, message=replace(REPLY, words="word " * 700))

    assert "note" not in prefill(ALONE, form(whole), NOW).values
    assert "note" in prefill(ALONE, form(whole, note=NoteMode.REQUIRED), NOW).values
    assert "note" in prefill(ALONE, form(ask(AnswerType.CHECKLIST, PrefillSource.QUOTE)), NOW).values
    assert "note" in prefill(long, form(whole, note=NoteMode.NONE), NOW).values
    assert value(whole, long).endswith("word…")
    assert len(value(whole, long)) <= TYPED


SAID_AGAIN = [
    (ask(AnswerType.SHORT), "Acme", "Acme"),
    (ask(AnswerType.CHOICE, options=OPTIONS), "watch", "watch"),
    (ask(AnswerType.CHOICE, options=OPTIONS), "gone", None),
    (ask(AnswerType.MULTI, options=OPTIONS), ["gone", "stable"], ["stable"]),
    (ask(AnswerType.MULTI, options=OPTIONS), ["gone"], None),
    (ask(AnswerType.LAMP, options=OPTIONS), "stable", "stable"),
    (ask(AnswerType.TICK), True, None),
    (ask(AnswerType.TICK, waives=True), True, None),
    (ask(AnswerType.NUMBER, least="1", most="5"), "7", None),
    (ask(AnswerType.NUMBER), "12.50", "12.50"),
    (ask(AnswerType.CHECKLIST), ["a", "b"], ["a", "b"]),
    (ask(AnswerType.CHECKLIST), "once it was a line", None),
    (ask(AnswerType.SHORT), ["once it was a list"], None),
    (ask(AnswerType.KEY_VALUE), [["Plan", "Enterprise"]], [["Plan", "Enterprise"]]),
    (ask(AnswerType.KEY_VALUE), ["Plan"], None),
    (
        ask(AnswerType.FILES),
        {"links": ["https://a.example"], "files": []},
        {"links": ["https://a.example"], "files": []},
    ),
    (ask(AnswerType.FILES), {"links": [4]}, None),
    (ask(AnswerType.WHEN), (NOW + timedelta(days=1)).isoformat(), (NOW + timedelta(days=1)).isoformat()),
    (ask(AnswerType.WHEN), (BEFORE - timedelta(days=1)).isoformat(), (BEFORE - timedelta(days=1)).isoformat()),
    (ask(AnswerType.WHEN), (NOW - timedelta(days=1)).isoformat(), None),
    (ask(AnswerType.DATE), "2026-11-20", None),
    (ask(AnswerType.DATE), "2026-12-24", "2026-12-24"),
    (ask(AnswerType.DATE), "2019-01-01", "2019-01-01"),
    (ask(AnswerType.DATE), "soon", None),
    (ask(AnswerType.SHORT, PrefillSource.AUTHOR), "not asked for", None),
]


@pytest.mark.parametrize(("question", "answer", "wanted"), SAID_AGAIN)
def test_the_last_answer_is_given_again_only_while_it_can_be_true(question: Question, answer: Any, wanted: Any) -> None:
    found = prefill(StartingPoint(), form(question), NOW, alike=last(answer))

    assert found.values.get("q") == wanted
    assert found.marks == ({} if wanted is None else {"q": "from #37, the last handoff about this record"})


WORDS = st.text(max_size=4000)
SPOKEN = st.builds(
    QuotedMessage,
    words=WORDS,
    author=st.one_of(st.none(), st.just("U1")),
    author_name=st.text(max_size=100),
    permalink=st.sampled_from(["", ADDRESS, "https://x.example/" + "y" * 4000]),
    at=st.sampled_from(["", "2026-11-24T23:30:00+00:00"]),
    on=st.sampled_from(["", "2026-11-24"]),
    links=st.lists(st.sampled_from(["https://a.example", "no link", "https://" + "b" * 2900]), max_size=4).map(tuple),
    files=st.lists(st.builds(File, id=st.sampled_from("abc"), name=WORDS, permalink=st.just("")), max_size=3).map(
        tuple
    ),
)
STARTS = st.builds(
    StartingPoint,
    message=st.one_of(st.none(), SPOKEN),
    thread=st.lists(SPOKEN, max_size=3).map(tuple),
    link=st.one_of(st.none(), st.just("https://crm.example.com/1")),
    note=st.just(NOTE),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.text(max_size=20), st.integers()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["links", "x"]), inner)),
    max_leaves=6,
)
ASKED = st.builds(ask, st.sampled_from(AnswerType), st.sampled_from(PrefillSource), options=st.just(OPTIONS))


@given(STARTS, ASKED, JSON)
@example(StartingPoint(), ask(AnswerType.MULTI, PrefillSource.LAST), [[]])
def test_whatever_it_starts_from_the_inputs_take_it_and_the_form_has_no_fault(
    start: StartingPoint, question: Question, answer: Any
) -> None:
    template = form(
        replace(
            question, options=OPTIONS if question.kind in {AnswerType.CHOICE, AnswerType.MULTI, AnswerType.LAMP} else {}
        )
    )
    found = prefill(start, template, NOW, last=last(), alike=last(answer))

    assert questions.problems(template, found.values) == {}
    assert len(found.values.get("title", "")) <= LONGEST["title"]
    assert "link" not in found.values or is_link(found.values["link"])
    assert json.loads(json.dumps(dict(found.values))) == found.values
    assert set(found.marks) <= set(found.values)


@given(STARTS)
def test_a_beginning_comes_back_as_it_was_kept(start: StartingPoint) -> None:
    assert read_starting_point(json.loads(json.dumps(starting_point_json(start)))) == start


def test_a_title_from_a_message_is_its_first_line_cut_at_a_word_to_eighty_characters() -> None:
    long = QuotedMessage(words=f"Globex wants {'very ' * 40}much\nand soon", author="U0CLARA")
    title = prefill(StartingPoint(message=long), None, NOW).values["title"]

    assert len(title) <= 80
    for words in ("x" * 80, "x" * 81):
        cut = prefill(StartingPoint(message=QuotedMessage(words=words, author="U0CLARA")), None, NOW).values["title"]
        assert (len(cut), cut == words) == (80, len(words) == 80)
    assert title.endswith("very…")
    assert title.startswith("Globex wants very")


def test_what_an_app_called_its_message_is_the_title() -> None:
    alert = QuotedMessage(words="prometheus\nHigh latency\nfiring since 10:00", title="High latency")

    assert prefill(StartingPoint(message=alert), None, NOW).values["title"] == "High latency"
