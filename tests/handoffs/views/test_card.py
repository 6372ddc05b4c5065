"""The card in every situation and with every content."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from slackapp.handoffs.views import headlines, wording
from slackapp.handoffs.views.card import LAYOUT, PRIMARY, card, facts, passed_on
from slackapp.slack import ids
from slackapp.slack.block_kit import phrases
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import RULES, Situation, State, Verb, possible
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
def test_a_card_has_at_most_one_primary_two_plain_buttons_and_five_choices(here: Situation) -> None:
    controls = list(elements(card(some_details(here), LATER).blocks))

    styles = Counter(element.get("style", "plain") for element in controls if element["type"] == "button")
    menus = [chosen(element) for element in controls if element["type"] == "overflow"]
    assert styles["primary"] <= 1
    assert styles["plain"] <= 2
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
        (Situation.OPEN, "Acme renewal: waiting for someone in Customer Success, due <!date^"),
        (Situation.OFFERED, f"Acme renewal: offered to <@{TOM}> in Customer Success, due <!date^"),
        (Situation.CLAIMED, f"Acme renewal: <@{BEN}> has it, due <!date^"),
        (Situation.RETURNED, f"Acme renewal: back with <@{ANA}>, who is asked for more"),
        (Situation.DONE, f"Acme renewal: done by <@{ANA}>, <!date^"),
        (Situation.CANCELLED, f"Acme renewal: cancelled by <@{ANA}>, <!date^"),
        (Situation.DELETED, "#42 was deleted"),
    ],
)
def test_the_headline_is_a_sentence(here: Situation, headline: str) -> None:
    details = some_details(here)

    assert headlines.headline(details, LATER).startswith(headline)
    assert card(details, LATER).text.startswith(headline)


def test_the_title_is_bold_on_the_card_and_plain_for_screen_readers() -> None:
    post = card(some_details(), LATER)

    assert post.blocks[0]["text"]["text"].startswith("*Acme renewal*: waiting for someone")
    assert "*" not in post.text


def test_a_title_with_an_asterisk_is_not_bold() -> None:
    assert headlines.headline(some_details(title="5*3"), LATER, bold=True).startswith("5*3: ")


def test_screen_readers_hear_who_what_when_and_what_to_do_next() -> None:
    text = card(some_details(), LATER).text

    for part in [
        "#42 from <@U0ANA>.",
        "High urgency.",
        "Needed by <!date",
        "First thing to do: Call Mara",
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
    assert ", due <!date" in headlines.headline(some_details(), at - timedelta(seconds=1))


def test_people_whose_names_are_known_are_not_mentioned_on_the_card() -> None:
    post = card(some_details(Situation.OFFERED, names={ANA: "Ana & Co", TOM: "Tom"}), LATER)

    assert "<@" not in post.text + words_of(post.blocks)
    assert "Ana &amp; Co" in words_of(post.blocks)


def test_a_message_that_is_the_record_itself_is_linked_once() -> None:
    details = some_details(link="https://acme.slack.com/archives/C0SALES/p12")

    assert [fact for fact in facts(details) if "p12" in fact] == [
        "<https://acme.slack.com/archives/C0SALES/p12|Message it came from>"
    ]


def test_a_card_states_at_most_five_facts() -> None:
    assert len(facts(some_details())) == 5
    assert facts(bare(Situation.OPEN)) == ["#42 from <@U0ANA>"]


def test_a_card_shows_the_beginning_of_the_note_and_says_how_many_more_there_are() -> None:
    notes = (a_note(plain="First " * 100), a_note(Verb.NOTE), a_note(Verb.NOTE))
    said = words_of(card(some_details(notes=notes), LATER).blocks)

    assert "> First First" in said
    assert "First…" in said
    assert "2 more notes in Show all" in said


def test_whoever_claims_what_was_put_back_sees_what_the_last_owner_wrote() -> None:
    notes = (a_note(), a_note(Verb.RELEASE, "The call is booked", author=BEN), a_note(Verb.DECLINE, "No time"))
    said = words_of(card(some_details(Situation.CLAIMED, notes=notes), LATER).blocks)

    assert f"*Put back* by <@{BEN}>:\n> The call is booked" in said
    assert "No time" not in said


def test_work_that_was_sent_back_says_what_is_missing() -> None:
    notes = (a_note(), a_note(Verb.RETURN, "Whose budget is it?", author=BEN, reason="missing"))
    said = words_of(card(some_details(Situation.RETURNED, notes=notes), LATER).blocks)

    assert f"*Sent back* by <@{BEN}>:\n> Information is missing\n> Whose budget is it?" in said


def test_finished_work_shrinks_to_a_short_record_with_its_outcome() -> None:
    notes = (a_note(), a_note(Verb.COMPLETE, "They signed.", author=BEN))
    post = card(some_details(Situation.DONE, notes=notes), LATER)

    said = words_of(post.blocks)
    assert said.startswith(f"*Acme renewal*: done by <@{BEN}>")
    assert "\n> They signed." in said
    assert "First thing to do" not in said
    assert "lower price" not in said
    assert offered(post.blocks) == {"handoff.reopen", ids.SHOW}


def test_who_finished_it_is_told_only_where_it_is_known() -> None:
    details = some_details(Situation.DONE, notes=())

    assert f"done, last with <@{BEN}>, <!date" in headlines.headline(details, LATER)
    known = replace(details, history=(an_entry(Verb.COMPLETE, actor=TOM),))
    assert f"done by <@{TOM}>, <!date" in headlines.headline(known, LATER)


def test_a_deleted_handoff_leaves_one_line_without_controls() -> None:
    post = card(some_details(Situation.DELETED, notes=(a_note(plain="secret"),)), LATER)

    assert len(post.blocks) == 1
    assert "secret" not in words_of(post.blocks)


def test_the_card_of_an_earlier_team_says_where_it_went() -> None:
    post = passed_on(some_details(hop=2, cards={2: "https://acme.slack.com/p2"}), LATER)

    assert post.text == "#42 Acme renewal: passed on to Customer Success. <https://acme.slack.com/p2|See its card>"
    assert offered(post.blocks) == set()


def test_a_clock_that_is_paused_is_not_due() -> None:
    timers = (a_timer(ClockKind.CLAIM, running_since=None, deadline_at=None),)

    assert "due" not in headlines.headline(some_details(timers=timers), LATER)


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
