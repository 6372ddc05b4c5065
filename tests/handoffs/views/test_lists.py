"""Replies to the command, and every refusal."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from slackapp.dispatch.commands import Commands
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import lists, refusals
from slackapp.registers import CAPABILITIES, join
from slackapp.slack import conversation, ids
from slackapp.slack.block_kit.blocks import Post, section
from storage.handoffs.acts import Assign, Claim, Confirm, Decline, Edit, Release, Resend, Transfer
from storage.handoffs.lifecycle import Actor, ReadBackStatus, RefusalReason, Refused, Role, Situation, Verb, decide
from tests.handoffs.samples import (
    ANA,
    BEN,
    EXTREMES,
    MARA,
    MONDAY_9,
    SITUATIONS,
    TOM,
    a_queue,
    bare,
    extreme,
    some_details,
)
from tests.handoffs.views.view_checks import elements, offered, sound_message, words_of
from tests.pairs import Combine
from tests.tables import check_rows

USAGE = Commands(words=join(CAPABILITIES).words).usage
LATER = MONDAY_9 + timedelta(minutes=5)

CONTENTS: dict[str, Callable[[Situation], HandoffDetails]] = {
    "ordinary": some_details,
    "bare": bare,
    **{name: partial(extreme, text=text) for name, text in EXTREMES.items()},
}
"""What may be in a handoff, by a name for it."""


def refused(verb: Verb, why: RefusalReason, details: HandoffDetails) -> Refused:
    return Refused(handoff=details.handoff, verb=verb, why=why, actor=Actor(user="U9"))


def plainly(text: str) -> Post:
    """A sentence of ours as a message."""
    return Post(text=text, blocks=[section(text)])


@pytest.mark.parametrize("text", EXTREMES.values(), ids=EXTREMES.keys())
def test_two_hundred_open_handoffs_are_a_list_that_slack_takes(text: str) -> None:
    many = [extreme(Situation.OPEN, text)] * 200

    post = sound_message(lists.waiting_list(many, LATER))
    assert "And 180 more." in words_of(post.blocks)
    assert post.text.startswith("200 handoffs are waiting to be claimed.")
    sound_message(lists.own_list(many, many, LATER, offered=many))


def test_a_list_says_how_many_there_are_though_only_the_first_were_read() -> None:
    post = sound_message(lists.waiting_list([some_details()] * 20, LATER, queue=a_queue(), total=200))

    assert "200 handoffs are waiting to be claimed in Customer Success." in post.text
    assert "And 180 more. `/handoff 42` shows one by its number." in words_of(post.blocks)


def test_every_row_of_a_list_begins_like_its_card_and_has_the_one_useful_button() -> None:
    seen = sound_message(lists.waiting_list([some_details()], LATER))
    mine = sound_message(lists.waiting_list([some_details()], LATER, claimable={"success"}))
    claimed, asked = some_details(Situation.CLAIMED), some_details(Situation.CLAIMED, asked_at=LATER)
    snoozed, returned = some_details(Situation.CLAIMED, snoozed_until=LATER), some_details(Situation.RETURNED)
    due = some_details(Situation.CLAIMED, read_back=ReadBackStatus.DUE)
    given = some_details(Situation.CLAIMED, read_back=ReadBackStatus.GIVEN)
    offer = some_details(Situation.OFFERED)
    own = sound_message(
        lists.own_list([claimed, snoozed, due], [returned, asked, claimed, given], LATER, offered=[offer])
    )

    assert seen.text.startswith(
        "1 handoff is waiting to be claimed. #42 Acme renewal: unassigned in Customer Success, claim by <!date"
    )
    assert "*Acme renewal*\n🟡 Unassigned · claim by <!date" in words_of(seen.blocks)
    assert " · High · Customer Success · <https://acme.slack.com/archives/C0SUCCESS/p1|#42>" in words_of(seen.blocks)
    assert (offered(seen.blocks), offered(mine.blocks)) == ({ids.SHOW}, {"handoff.claim"})
    buttons = [element["action_id"].removeprefix("handoff.") for element in elements(own.blocks)]
    assert buttons == [
        "complete", "continue", "read_back", "claim", "resend", "answer", "show", "confirm", "bulk.hand_over"
    ]  # fmt: skip


def test_the_list_of_one_team_does_not_repeat_the_team_in_each_row() -> None:
    seen = sound_message(lists.waiting_list([some_details()], LATER, queue=a_queue()))

    (row,) = [line for line in words_of(seen.blocks).splitlines() if "|#42>" in line]
    assert "Customer Success" not in row
    assert "Customer Success" in words_of(seen.blocks)


def test_lists_without_anything_say_so() -> None:
    assert sound_message(lists.waiting_list([], LATER)).text == "Nothing is waiting to be claimed."
    assert "in Customer Success." in lists.waiting_list([], LATER, queue=a_queue()).text
    assert "You have no open handoffs." in sound_message(lists.own_list([], [], LATER)).text


def test_mine_tells_what_one_has_from_what_one_has_sent() -> None:
    post = sound_message(lists.own_list([some_details(Situation.CLAIMED)], [some_details()] * 2, LATER))

    assert "You have 1 handoff." in post.text
    assert "You have sent 2 handoffs." in post.text


@pytest.mark.parametrize("here", SITUATIONS)
def test_one_handoff_is_shown_as_its_card_says_it(here: Situation) -> None:
    post = sound_message(lists.one_handoff(some_details(here), frozenset(Verb), LATER))
    sound_message(lists.one_handoff(bare(here), frozenset(), LATER))

    assert ids.SHOW in offered(post.blocks)
    assert "handoff.transfer" not in offered(post.blocks)


def test_help_names_every_word_of_the_command() -> None:
    text = sound_message(lists.usage(USAGE, "/pass")).text

    for word in ("`/pass`", "`/pass mine`", "`/pass open`", "`/pass 42`", "`/pass help`"):
        assert word in text


@pytest.mark.parametrize("text", EXTREMES.values(), ids=EXTREMES.keys())
def test_whatever_was_typed_after_the_command_the_answer_is_harmless(text: str) -> None:
    sound_message(lists.unknown(text, USAGE))
    sound_message(lists.not_found(text))
    sound_message(lists.no_such_queue(text, [a_queue(name=text)] * 150))
    sound_message(lists.note_added(extreme(Situation.OPEN, text)))


def test_an_unknown_team_is_answered_with_the_ones_there_are() -> None:
    text = lists.no_such_queue("sucess", [a_queue()]).text

    assert text.startswith("No team is called “sucess”. There are: Customer Success.")
    assert "No team is set up" in lists.no_such_queue("x", []).text


def test_there_is_a_sentence_for_every_no(combine: Combine) -> None:
    def check(row: tuple[Any, ...]) -> None:
        verb, why, here, contents, is_known = row
        details = CONTENTS[contents](here)
        text = refusals.refusal(refused(verb, why, details), details if is_known else None, LATER)
        sound_message(plainly(text))
        assert text.endswith(".")

    check_rows(combine(list(Verb), list(RefusalReason), SITUATIONS, list(CONTENTS), (True, False)), check)


def test_whoever_is_too_late_hears_who_has_it_and_since_when() -> None:
    details = some_details(Situation.CLAIMED)
    outcome = decide(details.handoff, Claim(), Actor(user=TOM, roles=frozenset({Role.MEMBER})), LATER)

    assert isinstance(outcome, Refused)
    text = refusals.refusal(outcome, details, LATER)
    assert text.startswith(
        f"<@{BEN}> has owned <https://acme.slack.com/archives/C0SUCCESS/p1|#42> Acme renewal since <!date^"
    )
    assert "ask them to put it back, or ask a manager of Customer Success to assign it to you." in text


@pytest.mark.parametrize(
    ("here", "act", "user", "roles", "parts"),
    [
        (Situation.CLAIMED, Claim(), BEN, {Role.MEMBER}, ["You have owned #42", "Press Done"]),
        (Situation.OFFERED, Claim(), BEN, {Role.MEMBER}, [f"offered to <@{TOM}>", "Only they or a manager of"]),
        (
            Situation.RETURNED,
            Claim(),
            BEN,
            {Role.MEMBER},
            [f"has been back with <@{ANA}> since", "until they send it again"],
        ),
        (
            Situation.OPEN,
            Release(),
            BEN,
            {Role.MEMBER},
            ["You can't put it back now", "is unassigned", "Claim it first"],
        ),
        (Situation.OPEN, Decline(), TOM, {Role.MEMBER}, ["You can't decline it now", "is unassigned"]),
        (Situation.CLAIMED, Release(), TOM, {Role.MEMBER}, [f"Only its owner <@{BEN}> or a manager of", "put it back"]),
        (
            Situation.RETURNED,
            Resend(),
            TOM,
            {Role.MEMBER},
            [f"Only its sender <@{ANA}> or a manager of", "send it again"],
        ),
        (Situation.DONE, Claim(), BEN, {Role.MEMBER}, ["has been done since <!date", "press Reopen on its card"]),
        (Situation.CANCELLED, Claim(), BEN, {Role.MEMBER}, ["has been cancelled since <!date"]),
        (Situation.DELETED, Claim(), BEN, {Role.MEMBER}, ["#42 was deleted <!date"]),
        (Situation.CLAIMED, Assign(person=BEN), MARA, {Role.MANAGER}, [f"<@{BEN}> already owns it"]),
        (Situation.OPEN, Transfer(queue="success"), ANA, set(), ["Customer Success already has it"]),
        (Situation.OPEN, Edit(changes={}), ANA, set(), ["you edited no field"]),
    ],
)
def test_a_refusal_says_why_and_what_to_do_next(
    here: Situation, act: Claim, user: str, roles: set[Role], parts: list[str]
) -> None:
    details = some_details(here, cards={})
    outcome = decide(details.handoff, act, Actor(user=user, roles=frozenset(roles)), LATER)

    assert isinstance(outcome, Refused)
    text = refusals.refusal(outcome, details, LATER)
    for part in parts:
        assert part in text


@pytest.mark.parametrize(
    ("roles", "advice"),
    [({Role.ORIGINATOR, Role.VIEWER}, "Ask them, or press Add note to say what you know."), (set(), "Ask them.")],
    ids=["colleague", "guest"],
)
def test_only_whoever_may_add_a_note_is_advised_to(roles: set[Role], advice: str) -> None:
    details = some_details(Situation.CLAIMED, cards={})
    outcome = decide(details.handoff, Release(), Actor(user=TOM, roles=frozenset(roles)), LATER)

    assert isinstance(outcome, Refused)
    assert refusals.refusal(outcome, details, LATER).endswith(f"nothing was changed. {advice}")


def test_a_manager_who_judges_their_own_read_back_hears_whose_it_is_to_judge() -> None:
    details = some_details(Situation.CLAIMED, cards={}, read_back=ReadBackStatus.GIVEN)
    outcome = decide(details.handoff, Confirm(), Actor(user=BEN, roles=frozenset({Role.MANAGER})), LATER)

    assert isinstance(outcome, Refused)
    text = refusals.refusal(outcome, details, LATER)
    assert text.startswith("You own #42 Acme renewal yourself, so someone else has to confirm its read-back: ")
    assert f"its sender <@{ANA}> or a manager of Customer Success. Nothing was changed." in text


def test_the_answers_that_need_no_handoff_say_what_to_do_next() -> None:
    for text in (
        conversation.OUTSIDER,
        refusals.UNKNOWN,
        refusals.GONE,
        conversation.BUSY,
        conversation.unexpected_error("k7<f2"),
    ):
        assert sound_message(plainly(text)).text.endswith(".")
    assert "`k7&lt;f2`" in conversation.unexpected_error("k7<f2")
