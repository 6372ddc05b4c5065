"""Two hundred handoffs handed over in one form: its pages, exceptions and notes, each row's result, one message."""

from __future__ import annotations

from typing import Final

from slackapp.app import Running
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import State
from tests.builders import a_handoff
from tests.databases import EITHER
from tests.slack_client import Message, Workspace
from tests.stories.bulk.test_several import TEAM, hand_over
from tests.stories.northwind import come_to_rest, fill

pytestmark = EITHER
MANY: Final = 200
KEPT: Final = ("h5", "h45", "h199")
"""Rows of three pages that their owner keeps."""
GONE: Final = "h120"
"""One that somebody else has by the time it is sent."""


def given(running: Running) -> None:
    """Store what one person owns, without the cards: they are not what this is about."""

    def work(tx: Tx) -> None:
        for number in range(1, MANY + 1):
            one = a_handoff(
                number=number, workspace=TEAM, title=f"Case {number}", by="U0BEN", state=State.CLAIMED, owner="U0EVA",
                at=running.clock.now(),
            )  # fmt: skip
            handoffs.add(tx, one)

    running.db.run_transaction(work)


def owner_of(running: Running, handoff_id: str) -> str | None:
    with running.db.reading() as tx:
        found = handoffs.get(tx, TEAM, handoff_id)
    assert found is not None
    return found.owner if found.state is State.CLAIMED else found.offered_to


def unticked(slack: Workspace, *kept: str) -> dict[str, list[str]]:
    """What is ticked on the page that Eva looks at, but for these."""
    found = {}
    for block in slack.modal("U0EVA").raw["blocks"]:
        element = block.get("element") or {}
        if element.get("type") == "checkboxes":
            every = [option["value"] for option in element["options"]]
            found[block["block_id"].partition("~")[0]] = [one for one in every if one not in kept]
    return found


def test_two_hundred_are_handed_over_in_one_form(slack: Workspace, running: Running) -> None:
    given(running)
    rows = hand_over(slack, "U0EVA", person="U0FARID")
    assert "200 handoffs will be offered to Farid Haddad." in rows.all_text()
    assert "Page 1 of 5." in rows.all_text()

    rows.click("Next page", unticked(slack, "h5"))
    slack.settle()
    slack.modal("U0EVA").choose("note_for", "h41")
    slack.settle()
    fill(slack, "U0EVA", note="Mara calls back at four")
    slack.modal("U0EVA").click("Next page", unticked(slack, "h45"))
    slack.settle()
    for _ in range(2):
        slack.modal("U0EVA").click("Next page")
        slack.settle()
    assert "Page 5 of 5." in slack.modal("U0EVA").all_text()
    slack.modal("U0EVA").click("Previous page", unticked(slack, "h199"))
    slack.settle()
    running.db.run_transaction(lambda tx: _taken(tx, GONE))
    assert slack.modal("U0EVA").submit().ok
    progress = slack.modal("U0EVA").all_text()
    slack.settle()

    result = slack.modal("U0EVA")
    if "done so far" in progress:  # it took longer than she could be let wait
        assert "Baton sends you the result as a message." in progress
        result.click("Refresh")
        slack.settle()
        assert "196 of 197 handoffs offered." in slack.dms("U0EVA")[-1].text
        slack.dms("U0EVA")[-1].click("Show all results", by="U0EVA")
        slack.settle()
    shown = slack.modal("U0EVA").all_text()
    assert "196 of 197 handoffs offered." in shown
    assert shown.count("offered to Farid Haddad. You stay accountable until they claim it.") == 196
    assert "Case 120 is no longer yours, so it was left as it is: owned by <@U0DAN>" in shown
    assert {one: owner_of(running, one) for one in (*KEPT, GONE, "h41")} == {
        "h5": "U0EVA", "h45": "U0EVA", "h199": "U0EVA", GONE: "U0DAN", "h41": "U0FARID",
    }  # fmt: skip

    come_to_rest(slack)
    offer = _only(slack, "U0FARID", "offered you")
    assert "Eva Lindqvist offered you 196 handoffs. 196 waiting for your answer." in offer.text
    assert "And 156 more." in offer.all_text()
    assert "> My shift ends" in offer.all_text()
    offer.click("Show all", by="U0FARID")
    slack.settle()
    assert "196 handoffs" in slack.modal("U0FARID").all_text()
    assert "1–20 of 196." in slack.modal("U0FARID").all_text()
    news = _only(slack, "U0BEN", "that you sent")
    assert "Eva Lindqvist offered 196 handoffs that you sent to Farid Haddad." in news.text
    assert slack.problems() == []


def test_a_long_offer_shows_first_what_still_waits(slack: Workspace, running: Running) -> None:
    given(running)
    hand_over(slack, "U0EVA", person="U0FARID").submit()
    come_to_rest(slack)
    offer = _only(slack, "U0FARID", "offered you")
    assert [n for n in (1, 40, 41) if f"*Case {n}*" in offer.all_text()] == [1, 40]

    offer.click("Claim", by="U0FARID")
    slack.settle()
    come_to_rest(slack)

    assert "offered you 200 handoffs. 199 waiting for your answer." in offer.text
    assert [n for n in (1, 40, 41) if f"*Case {n}*" in offer.all_text()] == [1, 41], "Case 40 has been claimed"


def _only(slack: Workspace, user: str, words: str) -> Message:
    (found,) = [one for one in slack.dms(user) if words in one.text]
    return found


def _taken(tx: Tx, handoff_id: str) -> None:
    before = handoffs.get(tx, TEAM, handoff_id)
    assert before is not None
    handoffs.save(
        tx,
        before,
        a_handoff(**{**vars(before), "owner": "U0DAN", "accountable": "U0DAN", "version": before.version + 1}),
    )
