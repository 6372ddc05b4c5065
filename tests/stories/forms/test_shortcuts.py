"""Message shortcuts: hand off a message, or keep it as a note of a handoff."""

from __future__ import annotations

from typing import Any, Final

from slackapp.app import Running
from storage.handoffs import handoffs, notes
from tests.slack_client import Message, Modal, Workspace
from tests.stories.northwind import HandOff, fill

HAND_OFF: Final = "handoff.from_message"
KEEP: Final = "handoff.note_from_message"
SALES: Final = "C0SALES"


def entered(form: Modal, field: str) -> Any:
    """What stands in a field: its one value, or for a note its words."""
    state = form.values[field]["value"]
    if "rich_text_value" in state:
        return "\n".join(
            element["text"] for part in state["rich_text_value"]["elements"] for element in part["elements"]
        )
    return state.get("value")


def from_message(slack: Workspace, message: Message, user: str) -> Modal:
    """Choose "Hand this off" in a message's menu."""
    answer = message.shortcut(HAND_OFF, by=user)
    assert answer.ok, answer
    return slack.modal(user)


def thread_line(slack: Workspace, user: str, message: Message) -> Message:
    """The line of Baton's under a message; there is one."""
    thread = message.raw.get("thread_ts") or message.ts
    (line,) = [
        one
        for one in slack.messages(user, message.channel, thread_ts=thread)
        if one.raw.get("bot_id") and one.ts != thread
    ]
    return line


def test_a_message_is_handed_off_with_its_words_and_its_thread_follows_the_work(
    slack: Workspace, running: Running
) -> None:
    said = slack.message(
        "U0CLARA",
        "\nGlobex & <Sons> want a call, <@U0KIM> knows why\nSee <https://crm.example.com/g?a=1&b=2|their record>",
        channel=SALES,
    )

    form = from_message(slack, said, "U0BEN")

    assert entered(form, "title") == "Globex & <Sons> want a call, @Kim Tran knows why"
    assert "their record (https://crm.example.com/g?a=1&b=2)" in entered(form, "note")
    assert "Written by Clara Weiss" in entered(form, "note")
    permalink = f"{slack.base_url}/archives/{SALES}/p{said.ts.replace('.', '')}"
    assert entered(form, "link") == permalink

    fill(slack, "U0BEN", queue="success", next_step="Call them")

    line = thread_line(slack, "U0CLARA", said)
    assert "unassigned in Customer Success" in line.text
    assert "#1" in line.text
    card = slack.find("U0EVA", "C0SUCCESS", "Globex")
    assert "@Kim Tran knows why" in card.all_text()
    assert f"<{permalink}|Original message>" in card.all_text()
    card.click("Claim", by="U0EVA")
    assert "owned by <@U0EVA>" in line.text
    card.click("Details", by="U0EVA")
    assert slack.modal("U0EVA").all_text().count(permalink) == 1, "link and source are the same and listed once"
    slack.modal("U0EVA").close()
    card.click("Done", by="U0EVA")
    fill(slack, "U0EVA")
    assert "done by <@U0EVA>" in line.text
    assert len(slack.alerts("U0KIM")) == 1, "Clara mentioned Kim; being quoted mentions nobody again"
    assert slack.problems() == []


def test_a_reply_deep_in_a_thread_and_what_an_app_wrote_can_be_handed_off(slack: Workspace, hand_off: HandOff) -> None:
    (parent,) = slack.messages("U0CLARA", SALES)
    reply = slack.message("U0CLARA", "They also ask for a discount", channel=SALES, thread_ts=parent.ts)

    form = from_message(slack, reply, "U0CLARA")
    assert entered(form, "link").endswith(f"?thread_ts={parent.ts}&cid={SALES}")
    fill(slack, "U0CLARA", queue="success", next_step="Decide on it")
    assert "unassigned" in thread_line(slack, "U0BEN", reply).text, "answered in the thread it stands in"

    card = hand_off()
    form = from_message(slack, card, "U0EVA")
    assert entered(form, "title").startswith("Acme renewal")
    assert "Written by" in entered(form, "note")
    assert "<!date" not in entered(form, "note")
    fill(slack, "U0EVA", queue="support", next_step="Look at it too")
    assert "#3" in thread_line(slack, "U0EVA", card).text
    assert slack.problems() == []


def test_a_message_where_baton_cannot_answer_is_handed_off_all_the_same(slack: Workspace, running: Running) -> None:
    private = slack.message("U0DAN", "Keep this between us: Initech leaves", channel="C0LEADS")

    from_message(slack, private, "U0DAN")
    fill(slack, "U0DAN", queue="support", next_step="Find out why")

    assert "Initech leaves" in slack.find("U0INES", "C0SUPPORT", "Initech").text
    assert slack.messages("U0DAN", "C0LEADS", thread_ts=private.ts)[1:] == []
    assert [message.text for message in slack.dms("U0HUGO")] == [], "no manager is told of a channel that is not theirs"
    assert "Sent as" in slack.dms("U0DAN")[-1].text
    assert slack.problems() == []


def test_a_reply_under_the_card_is_kept_as_a_note_once(slack: Workspace, hand_off: HandOff, running: Running) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    reply = slack.message("U0FARID", "Mara is out until <@U0GRACE> calls", channel="C0SUCCESS", thread_ts=card.ts)

    reply.shortcut(KEEP, by="U0FARID")
    assert "Added to the notes of" in slack.ephemerals("U0FARID", "C0SUCCESS")[-1].text
    reply.shortcut(KEEP, by="U0FARID")
    reply.shortcut(KEEP, by="U0EVA")
    assert "already in the handoff's notes" in slack.ephemerals("U0EVA", "C0SUCCESS")[-1].text

    with running.db.reading() as tx:
        handoff = handoffs.get_by_number(tx, "T0LOCAL", 1)
        assert handoff is not None
        kept = [note.text.plain for note in notes.list_for_handoff(tx, handoff.id) if note.verb == "note"]
    assert kept == ["Mara is out until @Grace Kim calls\nWritten by Farid Haddad"]
    assert "Mara is out" in slack.dms("U0EVA")[-1].text, "its owner is told"
    assert slack.alerts("U0GRACE")[1:] == [], "quoting a mention does not mention again"
    assert slack.problems() == []


def test_a_shortcut_without_a_message_opens_an_empty_form_and_elsewhere_a_reply_is_not_kept(
    slack: Workspace, hand_off: HandOff
) -> None:
    assert slack.shortcut("U0BEN", "handoff.open").ok
    form = slack.modal("U0BEN")
    assert form.title == "Hand off work"
    assert entered(form, "title") is None
    form.close()
    assert slack.views("U0BEN") == []

    card = hand_off()
    (parent,) = slack.messages("U0BEN", SALES)
    strange = slack.message("U0BEN", "and more", channel=SALES, thread_ts=parent.ts)
    for place in (parent, strange):
        place.shortcut(KEEP, by="U0BEN")
        assert "This works on a reply in the thread of a handoff's card" in slack.ephemerals("U0BEN", SALES)[-1].text
    card.shortcut(KEEP, by="U0BEN")
    assert "This works on a reply" in slack.ephemerals("U0BEN", "C0SUCCESS")[-1].text

    reply = slack.message("U0BEN", "Never mind", channel="C0SUCCESS", thread_ts=card.ts)
    card.click("Details", by="U0BEN")
    slack.modal("U0BEN").click("Delete")
    fill(slack, "U0BEN")
    reply.shortcut(KEEP, by="U0BEN")
    assert "was deleted" in slack.ephemerals("U0BEN", "C0SUCCESS")[-1].text
    assert slack.problems() == []
