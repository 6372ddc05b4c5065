"""Hostile text is shown as typed, kept whole, and notifies nobody."""

from __future__ import annotations

from typing import Final

from slackapp.app import Running
from storage.handoffs import handoffs, notes
from storage.handoffs.model import Handoff, Note
from tests.hostile import (
    BROADCASTS,
    EVERYBODY,
    EVERYTHING,
    LONG,
    MARKUP,
    RIGHT_TO_LEFT,
    UNSEEN,
    assert_nobody_was_pinged,
)
from tests.slack_client import Message, Workspace
from tests.stories.northwind import ACME, HandOff, fill, open_form

WORDS: Final = (BROADCASTS, MARKUP, RIGHT_TO_LEFT, UNSEEN, LONG)
HOSTILE_LINK: Final = "https://crm.example.com/a?b=<script>|x&c='\"`>"


def stored(running: Running, number: int = 1) -> tuple[Handoff, list[Note]]:
    """A handoff and its notes as they are kept."""
    with running.db.reading() as tx:
        handoff = handoffs.get_by_number(tx, "T0LOCAL", number)
        assert handoff is not None
        return handoff, notes.list_for_handoff(tx, handoff.id)


def test_whatever_is_typed_into_the_form_comes_out_whole_and_pings_nobody(slack: Workspace, running: Running) -> None:
    for number, words in enumerate(WORDS, 1):
        title, step, note = words[:150].strip(), f"{words} {words}"[:300].strip(), (words * 100)[:3000].strip()
        form = open_form(slack, "U0BEN")
        form.submit({**ACME, "title": title, "next_step": step, "note": note, "link": HOSTILE_LINK})
        slack.settle()
        if number > 1:
            assert "is already open" in form.all_text()
            form.submit()
            slack.settle()

        handoff, (kept,) = stored(running, number)
        assert (handoff.title, handoff.next_step, handoff.link) == (title, step, HOSTILE_LINK)
        assert kept.text.plain == note
        slack.command("U0EVA", f"#{number}", channel="C0SUCCESS")
        slack.ephemerals("U0EVA", "C0SUCCESS")[-1].click("Claim", by="U0EVA")
        slack.advance(20)
        assert slack.command("U0BEN", words).ok
        assert slack.command("U0BEN", f"open {words}").ok

    card = slack.messages("U0EVA", "C0SUCCESS")[-2]
    assert "owned by <@U0EVA>" in card.text
    card.click("Details", by="U0EVA")
    assert LONG * 10 in slack.modal("U0EVA").all_text().replace("\n", "")
    assert slack.command("U0EVA", "mine").ok
    assert slack.command("U0BEN", "mine").ok
    assert_nobody_was_pinged(slack)


def test_mentions_and_broadcasts_of_the_editor_become_words_and_people_names(
    slack: Workspace, running: Running
) -> None:
    open_form(slack, "U0BEN").submit({**ACME, "note": EVERYTHING})
    slack.settle()

    _, (note,) = stored(running)
    assert note.text.rich == EVERYTHING["rich_text_value"], "what was typed is kept as it was typed"
    assert note.text.plain.startswith("Dear all, @channel@here@everyone and @Kim Tran@success-team#")
    assert BROADCASTS in note.text.plain
    card = slack.find("U0EVA", "C0SUCCESS", "Acme renewal")
    assert "@Kim Tran" in card.all_text()
    assert "U0KIM" not in card.all_text().replace("&lt;@U0KIM&gt;", "")
    card.click("Details", by="U0EVA")
    assert "a > b | c" in slack.modal("U0EVA").all_text()
    assert_nobody_was_pinged(slack)


def test_notes_reasons_and_edits_with_hostile_words_ping_nobody(
    slack: Workspace, hand_off: HandOff, running: Running
) -> None:
    """Between the acts some time passes, as Slack allows only so many messages a minute."""
    card = hand_off(note=EVERYTHING)
    card.click("Claim", by="U0EVA")
    note_everything(slack, card, "U0EVA")
    slack.advance(20)
    card.click("Details", by="U0BEN")
    slack.modal("U0BEN").click("Edit")
    fill(slack, "U0BEN", title=BROADCASTS, next_step=MARKUP)
    card.click("Put back", by="U0EVA")
    fill(slack, "U0EVA", note=EVERYTHING)
    slack.advance(20)
    card.click("Claim", by="U0FARID")
    card.choose("Send back", by="U0FARID")
    fill(slack, "U0FARID", reason="other", note=EVERYTHING)
    slack.advance(20)
    card.click("Add and send again", by="U0BEN")
    fill(slack, "U0BEN", note=EVERYTHING, title=f"{BROADCASTS} again")
    slack.advance(20)
    card.choose("Pass on", by="U0BEN")
    fill(slack, "U0BEN", queue="sales", person="U0CLARA", note=EVERYTHING)
    moved = slack.find("U0CLARA", "C0SALES", "again")
    offer = slack.dms("U0CLARA")[-1]
    slack.advance(20)
    offer.click("Decline", by="U0CLARA")
    fill(slack, "U0CLARA", note=EVERYTHING)
    slack.advance(20)
    moved.click("Claim", by="U0CLARA")
    moved.click("Done", by="U0CLARA")
    fill(slack, "U0CLARA", note=EVERYTHING)
    slack.advance(20)
    moved.click("Reopen", by="U0CLARA")
    fill(slack, "U0CLARA", note=EVERYTHING)
    slack.advance(20)
    moved.choose("Cancel handoff", by="U0BEN")
    fill(slack, "U0BEN", note=EVERYTHING)

    handoff, kept = stored(running)
    assert handoff.title == f"{BROADCASTS} again"
    written = [note for note in kept if note.text.plain]
    assert [note.text.rich for note in written] == [EVERYTHING["rich_text_value"]] * 10
    moved.click("Details", by="U0BEN")
    assert slack.modal("U0BEN").is_open
    assert_nobody_was_pinged(slack)


def note_everything(slack: Workspace, card: Message, user: str) -> None:
    """Add a note with everything that the editor can make."""
    card.choose("Add note", by=user)
    fill(slack, user, note=EVERYTHING)


def test_many_long_notes_are_kept_whole_and_can_be_read_to_the_end(
    slack: Workspace, hand_off: HandOff, running: Running
) -> None:
    tale = f"{RIGHT_TO_LEFT} {UNSEEN} {BROADCASTS} {MARKUP} "
    long = [f"{part}: {tale * 12}"[:3000] for part in range(4)]
    card = hand_off(note=long[0])
    for words in long[1:]:
        card.choose("Add note", by="U0EVA")
        fill(slack, "U0EVA", note=words)

    _, kept = stored(running)
    assert [note.text.plain for note in kept] == [words.strip() for words in long]
    card.click("Details", by="U0EVA")
    everything = slack.modal("U0EVA").all_text()
    for words in long:
        assert words[-400:-1] in everything, "the end of every note is there"
    assert_nobody_was_pinged(slack)


def test_a_quoted_message_with_a_broadcast_pings_nobody_again(slack: Workspace, running: Running) -> None:
    said = slack.message("U0CLARA", "nothing", channel="C0SALES")
    loud = slack.act(
        "message",
        user="U0CLARA",
        channel="C0SALES",
        text="Look, everybody",
        blocks=[EVERYTHING["rich_text_value"]],
    )
    heard = {user: len(slack.alerts(user)) for user in EVERYBODY}
    message = Message(slack, "U0CLARA", "C0SALES", loud.raw["ts"])
    assert message.ts != said.ts

    message.shortcut("handoff.from_message", by="U0CLARA")
    fill(slack, "U0CLARA", queue="success", next_step="Look")

    card = slack.find("U0EVA", "C0SUCCESS", "Dear all")
    assert "@Kim Tran" in card.all_text()
    assert {user: len(slack.alerts(user)) for user in EVERYBODY} == {**heard, "U0CLARA": heard["U0CLARA"] + 1}
    assert slack.problems() == []
