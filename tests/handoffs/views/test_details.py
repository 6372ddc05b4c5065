"""Details: everything is there, nothing is cut, and every page is within Slack's limits."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views.details import ORDER, calculation, page_of, show_all
from slackapp.slack import ids
from slackapp.slack.block_kit.rich_text import plain_of
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import Situation, Verb
from tests.handoffs.samples import (
    ANA,
    BEN,
    EMOJI,
    EXTREMES,
    LONG,
    MARA,
    MONDAY_9,
    PINGING,
    SITUATIONS,
    TOM,
    a_history,
    a_note,
    a_timer,
    an_entry,
    bare,
    extreme,
    held_by,
    some_details,
)
from tests.handoffs.views.view_checks import elements, offered, sound_view, words_of

ALL = frozenset(ORDER)
LATER = MONDAY_9 + timedelta(minutes=45)


def pages(details: HandoffDetails) -> list[str]:
    """Every page in words, each checked, found by pressing Next page until there is none."""
    found, page = [], 0
    while True:
        view = sound_view(show_all(details, ALL, LATER, page))
        found.append(words_of(view))
        following = [b for b in elements(view["blocks"]) if b["text"]["text"] == "Next page"]
        if not following:
            return found
        target = ids.target(following[0]["value"])
        assert target
        assert page_of(target.action) == page + 1
        page += 1


def test_whoever_is_known_by_name_is_called_so_and_never_mentioned() -> None:
    names = {ANA: "Ana", BEN: "Ben", MARA: "Mara", TOM: "Tom", "U0EVE": "Eve"}
    details = some_details(Situation.CLAIMED, names=names, history=a_history())
    plain = tuple(replace(note, text=replace(note.text, rich=None)) for note in details.notes)

    said = "".join(pages(replace(details, notes=plain)))

    assert "*From:* Ana" in said
    assert "Ben" in said
    assert "<@" not in said.partition("*From:*")[2], "only the status opens a profile"


def test_the_buttons_stand_in_their_order_and_what_ends_a_rest_before_all_others() -> None:
    def in_order(details: HandoffDetails) -> list[str]:
        shown = show_all(details, ALL, LATER)
        acts = {ids.action(verb) for verb in ORDER}
        return [b["action_id"] for b in elements(shown["blocks"]) if b.get("action_id") in acts]

    usual = [ids.action(verb) for verb in ORDER]
    first = ids.action(Verb.CONTINUE)
    rests = some_details(Situation.CLAIMED, snoozed_until=LATER + timedelta(days=1))

    assert in_order(some_details(Situation.CLAIMED)) == usual
    assert in_order(rests) == [first, *(action for action in usual if action != first)]


def test_it_says_what_it_is_what_to_do_the_notes_and_then_timers_ownership_and_history() -> None:
    details = some_details(Situation.CLAIMED, history=a_history(), custody=held_by([ANA, BEN]))
    blocks = sound_view(show_all(details, ALL, LATER))["blocks"]

    told = [words_of([block]).strip() for block in blocks]
    order = ["*Acme renewal*", "*From:*", "*First step:*", "Claim", "Notes", "Timers"]
    order += ["How was this calculated?", "Ownership history", "History"]
    places = [next((n for n, text in enumerate(told) if text.startswith(begin)), -1) for begin in order]
    assert -1 not in places, (order, told)
    assert places == sorted(places)


def test_how_timers_were_calculated_is_a_view_of_its_own_with_the_way_back() -> None:
    details = some_details(Situation.CLAIMED, timers=(a_timer(ClockKind.FINISH),))
    view = sound_view(calculation(details))

    assert "Around the clock:" in words_of(view)
    (back,) = elements(view["blocks"])
    assert (back["text"]["text"], page_of(getattr(ids.target(back["value"]), "action", None))) == ("Back", 0)
    assert "How was this calculated?" not in words_of(show_all(some_details(Situation.DONE, timers=()), ALL, LATER))


@pytest.mark.parametrize("here", SITUATIONS)
def test_it_is_valid_in_every_situation_and_offers_exactly_what_the_reader_may(here: Situation) -> None:
    for may in (ALL, frozenset({Verb.NOTE}), frozenset[Verb]()):
        view = sound_view(show_all(some_details(here, history=a_history(), custody=held_by([ANA, BEN])), may, LATER))
        assert offered(view["blocks"]) - {ids.SHOW} == {ids.action(verb) for verb in may}
    sound_view(show_all(bare(here), ALL, LATER))


def test_one_button_stands_out_and_deleting_is_marked_as_dangerous() -> None:
    controls = list(elements(show_all(some_details(), ALL, LATER)["blocks"]))

    styles = Counter(element.get("style") for element in controls)
    assert styles["primary"] == 1
    assert [e["action_id"] for e in controls if e.get("style") == "danger"] == ["handoff.delete"]


@pytest.mark.parametrize("here", SITUATIONS)
@pytest.mark.parametrize("text", EXTREMES.values(), ids=EXTREMES.keys())
def test_whatever_was_typed_every_page_is_valid(here: Situation, text: str) -> None:
    assert pages(extreme(here, text))


def test_thirty_long_notes_are_all_there_whole() -> None:
    notes = tuple(a_note(Verb.NOTE, f"[{n}] {LONG[:2980]} [end {n}]", id=f"n{n}") for n in range(30))

    said = "".join(pages(some_details(notes=notes)))

    assert all(f"[{n}] What happened" in said and f"[end {n}]" in said for n in range(30))


def test_thirty_notes_of_emoji_fit_though_each_letter_takes_twelve_bytes() -> None:
    notes = tuple(a_note(Verb.NOTE, EMOJI[:3000], id=f"n{n}") for n in range(30))
    details = some_details(notes=notes)

    assert "".join(pages(details)).count("🚀") == sum(note.text.plain.count("🚀") for note in notes)
    assert len(json.dumps(show_all(details, ALL, LATER))) < 250_000


def test_a_long_history_goes_on_over_pages() -> None:
    history = tuple(an_entry(Verb.NOTE, at=MONDAY_9 + timedelta(minutes=n)) for n in range(3000))
    details = some_details(history=history, notes=())

    found = pages(details)

    assert len(found) > 1
    assert sum(page.count("added a note") for page in found) == 3000
    assert "Page 1 of" in found[0]


def test_the_reason_why_somebody_hears_later_is_not_cut() -> None:
    held = [[user, "dnd", LATER.isoformat()] for user in (MARA, ANA)]
    facts = {"clock": "claim", "level": "late", "told": [BEN], "held": held, "climbed": ["later"]}
    history = (an_entry(Verb.ESCALATE, actor="clock", facts=facts),)

    said = "".join(pages(some_details(history=history)))

    assert said.count("they have paused notifications") == 2
    assert "sent to level “later” instead" in said


def test_the_newest_of_the_history_comes_first() -> None:
    history = (an_entry(Verb.OPEN, actor=ANA), an_entry(Verb.CLAIM), an_entry(Verb.COMPLETE))
    said = "".join(pages(some_details(history=history)))

    assert said.index("finished it") < said.index("claimed it") < said.index("handed it")


def test_a_note_keeps_its_formatting_and_cannot_call_the_channel() -> None:
    view = sound_view(show_all(some_details(notes=(a_note(rich=PINGING),)), ALL, LATER))

    rich = [block for block in view["blocks"] if block["type"] == "rich_text"]
    assert [part["type"] for part in rich[0]["elements"]][:2] == ["rich_text_section", "rich_text_list"]
    assert "@\u200bchannel" in plain_of(rich[0])


def test_an_edit_says_what_it_changed() -> None:
    note = a_note(Verb.EDIT, "", changes={"title": ["Old", "New & better"], "link": [None, "https://x"]})
    said = words_of(show_all(some_details(notes=(a_note(), note)), ALL, LATER))

    assert "*title:* Old changed to New &amp; better\n*link:* nothing changed to https://x" in said


def test_it_says_who_answered_for_it_and_how_long() -> None:
    said = words_of(show_all(some_details(custody=held_by([ANA, BEN])), ALL, MONDAY_9 + timedelta(hours=3)))

    assert f"<@{ANA}> as sender, <!date" in said
    assert f"<@{BEN}> as owner, <!date" in said
    assert "until now (2 h)" in said


def test_clocks_say_when_they_are_due_how_late_they_are_or_that_they_wait() -> None:
    timers = (a_timer(ClockKind.CLAIM), a_timer(ClockKind.FINISH, running_since=None, deadline_at=None, consumed_s=600))
    said = words_of(show_all(some_details(timers=timers), ALL, LATER))

    assert "(15 min), 45 min used of 30 min" in said
    assert "*Finish:* paused, 10 min used of 30 min" in said


def test_what_the_clock_wrote_is_by_baton() -> None:
    notes = (a_note(), a_note(Verb.LAPSE, "", author="clock", reason="no_answer"))

    said = words_of(show_all(some_details(notes=notes), ALL, LATER))

    assert "Put back by Baton, <!date" in said
    assert "There was no answer to “Still on it?”." in said


def test_a_deleted_handoff_shows_its_history_and_none_of_its_contents() -> None:
    details = some_details(Situation.DELETED, notes=(a_note(plain="secret"),), history=a_history())
    said = words_of(show_all(details, frozenset(), LATER))

    assert "secret" not in said
    assert "deleted it" in said


@pytest.mark.parametrize("page", [-1, 7])
def test_a_page_that_is_not_there_is_the_nearest(page: int) -> None:
    view = sound_view(show_all(some_details(), ALL, LATER, page))

    assert json.loads(view["private_metadata"])["page"] == 0


@pytest.mark.parametrize(
    ("action", "page"), [("handoff.show.3", 3), ("handoff.show", 0), (None, 0), ("handoff.show.x", 0), ("x.1", 0)]
)
def test_a_button_names_the_page_it_leads_to(action: str | None, page: int) -> None:
    assert page_of(action) == page
