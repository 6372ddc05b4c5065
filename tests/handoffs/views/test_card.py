"""The card in every situation and with every content."""

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from slackapp.handoffs.views import headlines, wording
from slackapp.handoffs.views.card import LAYOUT, PRIMARY, card, facts, passed_on
from slackapp.slack import ids
from slackapp.slack.block_kit import phrases
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import (
    RULES,
    ReadBackMode,
    ReadBackStatus,
    Situation,
    State,
    Verb,
    possible,
)
from storage.handoffs.model import Note, Priority
from tests.handoffs.samples import (
    ANA,
    BEN,
    EXTREMES,
    MONDAY_9,
    SITUATIONS,
    TOM,
    a_note,
    a_timer,
    an_entry,
    bare,
    extreme,
    some_details,
)
from tests.handoffs.views.view_checks import chosen, elements, offered, sound_message, words_of

LATER = MONDAY_9 + timedelta(minutes=5)


@pytest.mark.parametrize("here", SITUATIONS)
def test_a_card_offers_nothing_that_the_lifecycle_forbids(here: Situation) -> None:
    post = sound_message(card(some_details(here), LATER))

    for action in offered(post.blocks) - {ids.SHOW}:
        verb = ids.verb_of(action)
        assert verb
        assert here in RULES[verb].starts


@pytest.mark.parametrize("here", LAYOUT)
def test_everything_in_the_layout_may_be_done_there_and_is_shown(here: Situation) -> None:
    wanted = {*LAYOUT[here].buttons, *LAYOUT[here].menu}

    assert all(here in RULES[verb].starts for verb in wanted)
    shown = {verb for verb in wanted if possible(some_details(here).handoff, verb)}
    assert offered(card(some_details(here), LATER).blocks) - {ids.SHOW} == {ids.action(verb) for verb in shown}
    assert wanted - shown <= {Verb.ANSWER, Verb.READ_BACK}, "these have a condition besides"


def test_every_situation_has_a_layout() -> None:
    assert set(LAYOUT) == set(Situation) - {Situation.NEW}


@pytest.mark.parametrize("here", SITUATIONS)
def test_a_card_has_at_most_three_buttons_one_of_them_primary_and_five_choices(here: Situation) -> None:
    controls = list(elements(card(some_details(here), LATER).blocks))

    styles = Counter(element.get("style", "plain") for element in controls if element["type"] == "button")
    menus = [chosen(element) for element in controls if element["type"] == "overflow"]
    assert styles["primary"] <= 1
    assert styles.total() <= 3
    assert styles["danger"] == 0
    assert len(menus) <= 1
    assert all(len(menu) <= 5 for menu in menus)


@pytest.mark.parametrize("here", SITUATIONS)
@pytest.mark.parametrize("text", EXTREMES.values(), ids=EXTREMES.keys())
def test_whatever_was_typed_slack_takes_the_card_and_nobody_is_pinged(here: Situation, text: str) -> None:
    details = extreme(here, text)

    sound_message(card(details, LATER))
    sound_message(passed_on(details, LATER))


@pytest.mark.parametrize("here", SITUATIONS)
def test_a_card_without_clocks_notes_links_or_a_known_team_is_still_a_card(here: Situation) -> None:
    sound_message(card(bare(here), LATER))
    sound_message(passed_on(bare(here), LATER))


@pytest.mark.parametrize(
    ("here", "headline"),
    [
        (Situation.OPEN, "Acme renewal: unassigned in Customer Success, claim by <!date^"),
        (Situation.OFFERED, f"Acme renewal: offered to <@{TOM}> in Customer Success, answer by <!date^"),
        (Situation.CLAIMED, f"Acme renewal: owned by <@{BEN}>, finish by <!date^"),
        (Situation.RETURNED, f"Acme renewal: back with <@{ANA}>, more information needed"),
        (Situation.DONE, f"Acme renewal: done by <@{ANA}>, <!date^"),
        (Situation.CANCELLED, f"Acme renewal: cancelled by <@{ANA}>, <!date^"),
        (Situation.DELETED, f"#42 was deleted by <@{ANA}>, <!date^"),
    ],
)
def test_the_headline_is_a_sentence(here: Situation, headline: str) -> None:
    details = some_details(here)

    assert headlines.headline(details, LATER).startswith(headline)
    assert card(details, LATER).text.startswith(headline)


def line_two(here: Situation, at: datetime = LATER, **more: Any) -> str:
    """Line 2 of a card, with an @ for each date."""
    title, line = card(some_details(here, **more), at).blocks[0]["text"]["text"].split("\n")
    assert title.removeprefix("🔒 ") in {"*Acme renewal*", "*Private handoff*"}
    return re.sub(r"<!date[^>]*>", "@", line).replace(f"<@{BEN}>", "Ben").replace(f"<@{ANA}>", "Ana")


NORMAL: dict[str, Any] = {"priority": Priority.NORMAL, "needed_by": None}
MUCH_LATER = MONDAY_9 + timedelta(days=3)
HARD = {"read_back_mode": ReadBackMode.HARD, "read_back": ReadBackStatus.DUE, "accountable": ANA}


@pytest.mark.parametrize(
    ("here", "at", "more", "line"),
    [
        (Situation.OPEN, LATER, NORMAL, "🟡 Unassigned · claim by @"),
        (Situation.OPEN, MUCH_LATER, {"priority": Priority.CRITICAL}, "🔴 Unassigned · late since @ · Critical"),
        (Situation.OFFERED, LATER, {**NORMAL, "names": {TOM: "Maria"}}, "🟡 Offered to Maria · answer by @"),
        (Situation.CLAIMED, LATER, NORMAL, "🟢 Ben · finish by @"),
        (
            Situation.CLAIMED,
            LATER,
            {**NORMAL, "timers": (a_timer(ClockKind.FINISH), a_timer(ClockKind.FIRST_ACTION))},
            "🟢 Ben · first reply by @",
        ),
        (
            Situation.CLAIMED,
            MUCH_LATER,
            {**NORMAL, "timers": (a_timer(ClockKind.FIRST_ACTION),)},
            "🔴 Ben · first reply late since @",
        ),
        (Situation.CLAIMED, MUCH_LATER, NORMAL, "🔴 Ben · late since @"),
        (Situation.CLAIMED, LATER, {**NORMAL, "needed_by": LATER + timedelta(minutes=1)}, "🟢 Ben · needed by @"),
        (
            Situation.CLAIMED,
            LATER,
            {**NORMAL, **HARD},
            "🟢 Ben · finish by @ · confirming with Ana · Ana is accountable until then",
        ),
        (
            Situation.CLAIMED,
            LATER,
            {**NORMAL, "asked_at": LATER},
            "💬 Ben · waiting for Ana's answer · timer paused",
        ),
        (Situation.CLAIMED, LATER, {**NORMAL, "snoozed_until": MUCH_LATER}, "💤 Ben · snoozed until @"),
        (
            Situation.RETURNED,
            LATER,
            {**NORMAL, "timers": (a_timer(ClockKind.RESPOND),)},
            "↩️ Back with Ana · more information by @",
        ),
        (Situation.DONE, LATER, {"history": (an_entry(Verb.COMPLETE),)}, "✅ Done by Ben · @"),
        (Situation.CANCELLED, LATER, {"notes": (a_note(Verb.CANCEL),)}, "⚪ Cancelled by Ana · @"),
        (Situation.OPEN, LATER, {**NORMAL, "private": True}, "🟡 Unassigned · claim by @"),
    ],
)
def test_the_second_line_says_who_and_by_when_in_every_state(
    here: Situation, at: datetime, more: dict[str, Any], line: str
) -> None:
    assert line_two(here, at, **more) == line


@pytest.mark.parametrize(("met", "word"), [(True, "on time"), (False, "late")])
def test_a_finished_card_says_whether_it_was_in_time(met: bool, word: str) -> None:
    ran = a_timer(ClockKind.FINISH, stopped_at=LATER, running_since=None, met=met)
    details = replace(some_details(Situation.DONE, history=(an_entry(Verb.COMPLETE),)), clocks=(ran,))

    assert f"✅ Done by <@{BEN}> · {word} · <!date" in words_of(card(details, LATER).blocks)


def test_screen_readers_get_the_title_and_the_same_facts_without_marks() -> None:
    text = card(some_details(), LATER).text

    assert "*" not in text
    assert text.startswith("Acme renewal: unassigned in Customer Success, claim by <!date")
    assert ", High priority. #42 from" in text


def test_a_long_title_is_clipped_to_two_lines_of_a_phone() -> None:
    title = card(some_details(title="Word " * 60), LATER).blocks[0]["text"]["text"].split("\n")[0]

    assert len(title) <= 102
    assert title.endswith("…*")


def test_a_title_with_an_asterisk_is_not_bold() -> None:
    assert headlines.headline(some_details(title="5*3"), LATER, bold=True).startswith("5*3: ")


def test_screen_readers_hear_who_what_when_and_what_to_do_next() -> None:
    text = card(some_details(), LATER).text

    for part in [
        "#42 from <@U0ANA>.",
        "High priority.",
        "Needed by <!date",
        "First step: Call Mara",
        "Press Claim",
    ]:
        assert part in text


def test_open_work_is_due_when_its_claim_is_and_claimed_work_when_it_should_be_finished() -> None:
    claim, finish = MONDAY_9 + timedelta(minutes=30), MONDAY_9 + timedelta(hours=8)

    assert f"^{int(claim.timestamp())}^" in headlines.headline(some_details(Situation.OPEN), LATER)
    assert f"^{int(finish.timestamp())}^" in headlines.headline(some_details(Situation.CLAIMED), LATER)


def test_past_its_time_a_card_says_late() -> None:
    at = MONDAY_9 + timedelta(minutes=30)

    assert ", late since <!date" in headlines.headline(some_details(), at)
    assert ", claim by <!date" in headlines.headline(some_details(), at - timedelta(seconds=1))


def test_people_whose_names_are_known_are_not_mentioned_on_the_card() -> None:
    post = card(some_details(Situation.OFFERED, names={ANA: "Ana & Co", TOM: "Tom"}), LATER)

    assert "<@" not in post.text + words_of(post.blocks)
    assert "Ana &amp; Co" in words_of(post.blocks)


def test_a_message_that_is_the_record_itself_is_linked_once() -> None:
    details = some_details(link="https://acme.slack.com/archives/C0SALES/p12")

    assert [fact for fact in facts(details) if "p12" in fact] == [
        "<https://acme.slack.com/archives/C0SALES/p12|Original message>"
    ]


def test_the_context_line_has_number_people_date_record_and_message() -> None:
    shown = card(some_details(), LATER).blocks[-2]["elements"][0]["text"]

    assert re.sub(r"<!date[^>]*>", "@", shown).startswith(f"#42 · from <@{ANA}> · needed by @ · <https://crm.")
    assert "|Record> · <https://acme.slack.com/archives/C0SALES/p12|Original message>" in shown
    assert facts(bare(Situation.OPEN)) == ["#42", f"from <@{ANA}>"]


def test_a_card_shows_the_beginning_of_the_note_and_says_that_there_is_more() -> None:
    said = words_of(card(some_details(notes=(a_note(plain="First " * 100),)), LATER).blocks)

    assert "> First First" in said
    assert "First… _more in Details_" in said
    assert "_more in" not in words_of(card(some_details(notes=(a_note(),)), LATER).blocks)


def test_of_many_notes_the_card_shows_the_newest_first_and_counts_the_others() -> None:
    notes = (a_note(), *(a_note(Verb.NOTE, f"Note {n}", id=f"n{n}") for n in range(5)))
    said = words_of(card(some_details(notes=notes), LATER).blocks)

    lines = [line for line in said.splitlines() if line.startswith("*Note by")]
    assert [line.rpartition(" ")[2] for line in lines] == ["4", "3", "2"]
    assert said.index("Note 4") < said.index("First step") < said.index("> They want")
    assert "2 more notes in Details" in said


def test_whoever_claims_what_was_put_back_sees_the_note_until_they_have_written_themselves() -> None:
    notes = (a_note(), a_note(Verb.RELEASE, "The call is booked", author=TOM))
    line = f"*Put back by <@{TOM}>:* The call is booked"

    assert line in words_of(card(some_details(notes=notes), LATER).blocks)
    assert line in words_of(card(some_details(Situation.CLAIMED, notes=notes), LATER).blocks)
    read = (*notes, a_note(Verb.NOTE, "On it", author=BEN))
    assert line not in words_of(card(some_details(Situation.CLAIMED, notes=read), LATER).blocks)


def test_an_answer_stays_on_the_card_with_its_question_after_the_next_claim() -> None:
    notes = (
        a_note(),
        a_note(Verb.RETURN, "Who decides?", author=TOM, reason="missing"),
        a_note(Verb.RESEND, "Mara Vogel"),
    )
    for here in (Situation.OPEN, Situation.CLAIMED):
        said = words_of(card(some_details(here, notes=notes), LATER).blocks)
        assert f"*Sent back by <@{TOM}>:* Information is missing. Who decides? → *<@{ANA}> added:* Mara Vogel" in said


def test_the_answer_to_a_question_stays_until_its_owner_goes_on() -> None:
    notes = (a_note(), a_note(Verb.ASK, "40 seats?", author=BEN), a_note(Verb.ANSWER, "Yes, 40 firm."))
    said = words_of(card(some_details(Situation.CLAIMED, notes=notes), LATER).blocks)

    assert f"*<@{BEN}> asked:* 40 seats? → *<@{ANA}> answered:* Yes, 40 firm." in said


@pytest.mark.parametrize(
    ("here", "note", "line"),
    [
        (
            Situation.RETURNED,
            a_note(Verb.RETURN, "Who decides?", author=BEN),
            "*Sent back by <@{ben}>:* Who decides?",
        ),
        (Situation.CLAIMED, a_note(Verb.ANSWER, "Mara does."), "*<@{ana}> answered:* Mara does."),
        (Situation.OPEN, a_note(Verb.RELEASE, "I am out.", author=BEN), "*Put back by <@{ben}>:* I am out."),
    ],
)
def test_later_notes_push_no_reason_or_answer_off_the_card(here: Situation, note: Note, line: str) -> None:
    later = [a_note(Verb.NOTE, f"Note {number}.", author=TOM, id=f"n_{number}") for number in range(1, 6)]
    said = words_of(card(some_details(here, notes=(a_note(), note, *later)), LATER).blocks)

    assert line.format(ana=ANA, ben=BEN) in said
    assert "Note 5." in said
    assert "Note 1." not in said


def test_green_is_only_for_what_any_reader_may_do() -> None:
    styled = {
        here: [e["action_id"] for e in elements(card(some_details(here), LATER).blocks) if e.get("style")]
        for here in SITUATIONS
    }

    assert {here: found for here, found in styled.items() if found} == {Situation.OPEN: ["handoff.claim"]}


def test_work_that_was_sent_back_says_what_is_missing() -> None:
    notes = (a_note(), a_note(Verb.RETURN, "Whose budget is it?", author=BEN, reason="missing"))
    said = words_of(card(some_details(Situation.RETURNED, notes=notes), LATER).blocks)

    assert f"*Sent back by <@{BEN}>:* Information is missing. Whose budget is it?" in said


def test_finished_work_shrinks_to_a_short_record_with_its_outcome() -> None:
    notes = (a_note(), a_note(Verb.COMPLETE, "They signed.", author=BEN))
    post = card(some_details(Situation.DONE, notes=notes), LATER)

    said = words_of(post.blocks)
    assert said.startswith(f"*Acme renewal*\n✅ Done by <@{BEN}> · <!date")
    assert "\n> They signed." in said
    assert "First step" not in said
    assert "lower price" not in said
    assert offered(post.blocks) == {"handoff.reopen", ids.SHOW}


def test_who_finished_it_is_told_only_where_it_is_known() -> None:
    details = some_details(Situation.DONE, notes=())

    assert f"done, last owned by <@{BEN}>, <!date" in headlines.headline(details, LATER)
    known = replace(details, history=(an_entry(Verb.COMPLETE, actor=TOM),))
    assert f"done by <@{TOM}>, <!date" in headlines.headline(known, LATER)


def test_a_deleted_handoff_leaves_one_line_without_controls() -> None:
    post = card(some_details(Situation.DELETED, notes=(a_note(plain="secret"),)), LATER)

    assert len(post.blocks) == 1
    assert "secret" not in words_of(post.blocks)


def test_the_card_of_an_earlier_team_says_where_it_went() -> None:
    post = passed_on(some_details(hop=2, cards={2: "https://acme.slack.com/p2"}), LATER)

    assert post.text == "#42 Acme renewal: passed on to Customer Success."
    assert "➡️ Passed on to Customer Success · <https://acme.slack.com/p2|See the card>" in words_of(post.blocks)
    assert offered(post.blocks) == set()


def test_a_clock_that_is_paused_is_not_due() -> None:
    timers = (a_timer(ClockKind.CLAIM, running_since=None, deadline_at=None),)

    assert "claim by" not in headlines.headline(some_details(timers=timers), LATER)


def test_there_are_words_for_everything() -> None:
    assert set(wording.VERB_WORDS) == set(Verb)
    assert set(wording.STATES) == set(State)
    assert set(wording.CLOCKS) == set(ClockKind)
    assert set(Verb) >= PRIMARY


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "under a minute"),
        (59, "under a minute"),
        (60, "1 min"),
        (35 * 60 + 59, "35 min"),
        (3600, "1 h"),
        (130 * 60, "2 h 10 min"),
        (25 * 3600, "25 h"),
        (48 * 3600, "2 days"),
        (77 * 3600, "3 days 5 h"),
    ],
)
def test_spans_of_time_are_said_as_people_say_them(seconds: int, text: str) -> None:
    assert phrases.span(seconds) == text
    assert phrases.span(timedelta(seconds=seconds)) == text
