"""First values of the form from a message, its thread, or the record of a link."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from slackapp.app import Running
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.model import Handoff
from tests.databases import EITHER
from tests.slack_client import Message, Modal, Workspace
from tests.stories.delivery.test_repair import declined
from tests.stories.northwind import ACME, fill

pytestmark = EITHER

HAND_OFF: Final = "handoff.from_message"
SALES: Final = "C0SALES"
RECORD: Final = "https://acme.lightning.force.com/lightning/r/Opportunity/0065g00000AbCdeAAF/view"
SAME_RECORD: Final = "https://acme.my.salesforce.com/0065g00000AbCde"


def state(form: Modal, field: str) -> dict[str, Any]:
    """Slack's state of a field, whatever its block is called by now."""
    (found,) = [one for block, one in form.values.items() if block.partition("~")[0] == field]
    state: dict[str, Any] = found["value"]
    return state


def entered(form: Modal, field: str) -> Any:
    """What stands in a field: its one value, the key of its choice, or for a note its words."""
    found = state(form, field)
    if found.get("rich_text_value"):
        parts = found["rich_text_value"]["elements"]
        return "\n".join(element["text"] for part in parts for element in part["elements"])
    return (found.get("selected_option") or {}).get("value") or found.get("value")


def from_message(slack: Workspace, message: Message, user: str) -> Modal:
    """Choose "Hand this off" in a message's menu."""
    answer = message.shortcut(HAND_OFF, by=user)
    assert answer.ok, answer
    slack.settle()
    return slack.modal(user)


def from_link(slack: Workspace, user: str, link: str) -> Modal:
    """Type /handoff and a link."""
    answer = slack.command(user, link)
    assert answer.ok, answer
    return slack.modal(user)


def finish(slack: Workspace, card: Message, by: str = "U0EVA") -> None:
    """Claim it and say that it is done."""
    card.click("Claim", by=by)
    card.click("Done", by=by)
    fill(slack, by)


def stored(running: Running, number: int) -> Handoff:
    def read(tx: Tx) -> Handoff | None:
        return handoffs.get_by_number(tx, "T0LOCAL", number)

    with running.db.reading() as tx:
        found = read(tx)
    assert found is not None
    return found


def test_the_command_with_a_link_opens_the_form_with_what_the_record_was_called_last(
    slack: Workspace, running: Running
) -> None:
    first = from_link(slack, "U0BEN", RECORD)
    assert entered(first, "link") == RECORD
    assert (entered(first, "title"), entered(first, "queue")) == (None, None)
    assert "already open" not in first.all_text()
    fill(slack, "U0BEN", **ACME)
    finish(slack, slack.find("U0EVA", "C0SUCCESS", "Acme renewal"))

    again = from_link(slack, "U0CLARA", f"{SAME_RECORD}?nooverride=1")

    assert (entered(again, "title"), entered(again, "queue")) == ("Acme renewal", "success")
    assert entered(again, "link") == f"{SAME_RECORD}?nooverride=1"
    assert entered(again, "note") is None, "what was noted then is not said again"
    fill(slack, "U0CLARA", next_step="Call them again", note="It is about the same.")
    assert stored(running, 2).record == stored(running, 1).record
    assert slack.problems() == []


def test_what_somebody_may_not_see_and_what_was_deleted_is_not_filled_in(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]
) -> None:
    def behind_closed_doors(read: dict[str, Any]) -> None:
        read["queues"][0]["channel"] = "C0LEADS"

    start(config=company(behind_closed_doors))
    slack.command("U0DAN", RECORD)
    fill(slack, "U0DAN", **{**ACME, "title": "Initech leaves"})

    theirs, others = from_link(slack, "U0EVA", RECORD), from_link(slack, "U0INES", RECORD)

    assert "*Initech leaves* is already open" in theirs.all_text()
    assert entered(theirs, "title") == "Initech leaves"
    assert "Initech" not in others.all_text()
    assert entered(others, "title") is None
    others.close()
    theirs.close()
    assert slack.command("U0DAN", "1").ok
    slack.ephemerals("U0DAN", "C0GENERAL")[-1].click("Details", by="U0DAN")
    slack.modal("U0DAN").click("Delete")
    fill(slack, "U0DAN")
    assert entered(from_link(slack, "U0DAN", RECORD), "title") is None


def test_a_message_with_files_and_links_is_handed_off_with_its_words(slack: Workspace, running: Running) -> None:
    long = "Globex wants " + "very " * 60 + "much"
    said = slack.message(
        "U0CLARA",
        f"{long}\nSee https://crm.example.com/g?a=1&b=2",
        channel=SALES,
        files=[{"id": "F0CONTRACT", "name": "contract.pdf", "permalink": f"{slack.base_url}/files/F0CONTRACT"}],
    )

    form = from_message(slack, said, "U0BEN")

    assert entered(form, "title").endswith("very…"), "cut at a word"
    assert len(entered(form, "title")) <= 80
    assert long in entered(form, "note"), "the whole stays in the note"
    assert "the thread" not in form.all_text()
    fill(slack, "U0BEN", queue="success", next_step="Call them")
    assert stored(running, 1).source is not None
    assert slack.problems() == []


def test_a_reply_is_handed_off_with_what_its_thread_began_with(slack: Workspace, running: Running) -> None:
    root = slack.message("U0BEN", "Acme renews in March", channel=SALES)
    reply = slack.message("U0CLARA", "They also ask for a discount", channel=SALES, thread_ts=root.ts)

    form = from_message(slack, reply, "U0CLARA")

    assert entered(form, "title") == "They also ask for a discount"
    assert entered(form, "note") == (
        "Acme renews in March\nWritten by Ben Okafor\nThey also ask for a discount\nWritten by Clara Weiss"
    )
    assert "isn't included" not in form.all_text()
    fill(slack, "U0CLARA", queue="success", next_step="Decide on it")
    assert "Acme renews in March" in slack.find("U0EVA", "C0SUCCESS", "discount").all_text()
    assert slack.problems() == []


def test_of_a_long_thread_one_page_is_read_and_the_form_says_so(slack: Workspace, running: Running) -> None:
    root = slack.message("U0BEN", "Acme renews in March", channel=SALES)
    replies = [slack.message("U0CLARA", f"Reply {number}", channel=SALES, thread_ts=root.ts) for number in range(16)]

    form = from_message(slack, replies[-1], "U0CLARA")

    assert "Only the first 15 messages of the thread are included." in form.all_text()
    assert "Acme renews in March" in entered(form, "note")
    assert slack.problems() == []


def test_without_the_scope_the_form_says_that_the_thread_was_not_read(
    slack: Workspace, start: Callable[..., Running]
) -> None:
    declined(slack)
    start()
    root = slack.message("U0BEN", "Acme renews in March", channel=SALES)
    reply = slack.message("U0CLARA", "They also ask for a discount", channel=SALES, thread_ts=root.ts)

    form = from_message(slack, reply, "U0CLARA")

    assert "The rest of the thread isn't included. Baton isn't allowed to read threads here." in form.all_text()
    assert entered(form, "note") == "They also ask for a discount\nWritten by Clara Weiss"
    fill(slack, "U0CLARA", queue="success", next_step="Decide on it")
    assert "discount" in slack.find("U0EVA", "C0SUCCESS", "discount").text
    assert slack.problems() == []


def test_where_baton_is_not_in_the_channel_the_form_says_so_and_works(slack: Workspace, running: Running) -> None:
    root = slack.message("U0DAN", "Keep this between us", channel="C0LEADS")
    reply = slack.message("U0DAN", "Initech leaves", channel="C0LEADS", thread_ts=root.ts)

    form = from_message(slack, reply, "U0DAN")

    assert "The rest of the thread isn't included. Baton isn't in that channel." in form.all_text()
    fill(slack, "U0DAN", queue="support", next_step="Find out why")
    assert "Initech leaves" in slack.find("U0INES", "C0SUPPORT", "Initech").text
