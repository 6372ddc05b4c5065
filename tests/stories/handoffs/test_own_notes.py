"""A note of one's own can be mended or taken back while it is fresh; everything that quotes it follows."""

from __future__ import annotations

from typing import Any

from slackapp.app import Running
from storage.handoffs import audit, handoffs, notes
from storage.handoffs.model import AuditEntry, Note
from tests.databases import EITHER
from tests.slack_client import Message, Modal, Workspace
from tests.stories.northwind import HandOff, about, fill

pytestmark = EITHER

SLIP, MENDED = "The discount is 90 %.", "The discount is 9 %."


def noted(slack: Workspace, card: Message, words: str = SLIP, *, by: str = "U0EVA") -> None:
    """Add a note."""
    card.choose("Add note", by=by)
    fill(slack, by, note=words)


def menu(slack: Workspace, card: Message, label: str, *, by: str = "U0EVA") -> Modal:
    """Choose from the menu beside one's newest note in Details; its form is open then."""
    view = shown(slack, card, by=by)
    (*_, block) = [block for block in view.raw["blocks"] if (block.get("accessory") or {}).get("type") == "overflow"]
    (value,) = [one["value"] for one in block["accessory"]["options"] if one["text"]["text"] == label]
    slack.act("view_action", user=by, view_id=view.id, value=value, values={}, block_id=block["block_id"],
              action_id=block["accessory"]["action_id"])  # fmt: skip
    return slack.modal(by)


def shown(slack: Workspace, card: Message, *, by: str) -> Modal:
    """Details, as somebody sees it."""
    card.click("Details", by=by)
    return slack.modal(by)


def menus(view: Modal) -> int:
    """How many notes its reader may change."""
    return sum((block.get("accessory") or {}).get("type") == "overflow" for block in view.raw["blocks"])


def kept(running: Running) -> tuple[list[Note], list[AuditEntry]]:
    """The notes and the audit."""
    with running.db.reading() as tx:
        handoff = handoffs.get_by_number(tx, "T0LOCAL", 1)
        assert handoff
        return notes.list_for_handoff(tx, handoff.id), audit.list_for_handoff(tx, handoff.id)


def everywhere(slack: Workspace) -> str:
    """All that people see in messages now."""
    seen = [slack.sees(user)["channels"] for user in ("U0BEN", "U0EVA", "U0DAN")]
    return str(seen)


def test_an_edited_note_reads_anew_wherever_it_was_quoted(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    card = hand_off()
    card.click("Claim", by="U0FARID")
    noted(slack, card, by="U0BEN")
    assert [SLIP in one.text for one in about(slack, "U0FARID", "added a note")] == [True]
    said = (len(card.replies()), len(slack.dms("U0FARID")))

    form = menu(slack, card, "Edit note", by="U0BEN")
    assert SLIP in str(form.raw["blocks"])
    fill(slack, "U0BEN", note=MENDED)

    assert (len(card.replies()), len(slack.dms("U0FARID"))) == said, "nobody is told a second time"
    assert f"{MENDED} (edited)" in card.replies()[-1].text
    assert f"{MENDED} (edited)" in about(slack, "U0FARID", "added a note")[0].text
    assert SLIP not in everywhere(slack)
    written, entries = kept(running)
    assert (written[-1].text.plain, written[-1].edited_at is not None) == (MENDED, True)
    assert (entries[-1].verb, entries[-1].note_id, dict(entries[-1].facts)) == (
        "edit_note", written[-1].id, {"note": written[-1].id},
    )  # fmt: skip
    everything = shown(slack, card, by="U0EVA").all_text()
    assert "Note by Ben Okafor" in everything
    assert ", edited <!date" in everything
    assert "Ben Okafor edited a note on it" in everything
    assert slack.problems() == []


def test_a_deleted_note_is_gone_from_every_message_and_from_the_ledger(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    card = hand_off(note=SLIP)
    assert f"\n> {SLIP}" in card.all_text()

    form = menu(slack, card, "Delete note", by="U0BEN")
    assert "This can't be undone." in form.all_text()
    assert form.submit().ok
    slack.settle()

    assert SLIP not in everywhere(slack)
    assert "\n> " not in card.all_text(), "nor is an empty quotation left of it"
    (note,), entries = kept(running)
    assert (note.text.plain, note.text.rich, note.removed_at is not None) == ("", None, True)
    assert entries[-1].verb == "delete_note"
    assert "deleted <!date" in shown(slack, card, by="U0EVA").all_text()
    assert slack.problems() == []


def test_the_offer_that_quotes_the_senders_note_follows_it(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off(person="U0EVA", note=SLIP)
    (offer,) = about(slack, "U0EVA", "offered you")
    assert SLIP in offer.text

    menu(slack, card, "Delete note", by="U0BEN").submit()
    slack.settle()

    assert SLIP not in offer.text


def test_only_ones_own_fresh_notes_have_a_menu(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    noted(slack, card)
    assert (menus(shown(slack, card, by="U0EVA")), menus(shown(slack, card, by="U0BEN"))) == (1, 1)
    assert menus(shown(slack, card, by="U0DAN")) == 0

    slack.wait(minutes=31)
    assert menus(shown(slack, card, by="U0EVA")) == 0


def test_whoever_is_too_late_is_told_so_and_nothing_changes(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    card = hand_off()
    noted(slack, card)
    form = menu(slack, card, "Edit note")
    slack.wait(minutes=31)

    form.submit({"note": MENDED})
    assert form.errors == {"note": "It's too late to change this note. Add a new one instead."}
    assert kept(running)[0][-1].text.plain == SLIP


def test_a_note_that_is_emptied_is_asked_for_again(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    noted(slack, card)
    form = menu(slack, card, "Edit note")

    form.submit({"note": " "})
    assert form.errors == {"note": "This is empty. Please add an answer."}


def test_formatting_is_kept_when_a_note_is_edited(slack: Workspace, running: Running, hand_off: HandOff) -> None:
    card = hand_off()
    noted(slack, card)
    bold: dict[str, Any] = {"type": "text", "text": MENDED, "style": {"bold": True}}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [bold]}]}
    menu(slack, card, "Edit note").submit({"note": {"type": "rich_text_input", "rich_text_value": rich}})
    slack.settle()

    note = kept(running)[0][-1]
    assert note.text.rich is not None
    assert note.text.rich["elements"][0]["elements"] == [bold]
    again = menu(slack, card, "Edit note")
    assert again.raw["blocks"][0]["element"]["initial_value"]["elements"][0]["elements"] == [bold]
