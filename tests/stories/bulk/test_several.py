"""Several handoffs at once: each has its own result, and people are told of all in one message, kept current."""

from __future__ import annotations

from typing import Any

from slackapp.app import Running
from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Opened
from storage.handoffs import audit, handoffs, notes
from storage.handoffs.acts import Claim, Release
from storage.handoffs.lifecycle import Moved, Verb
from storage.handoffs.model import Handoff, Text
from tests.databases import EITHER
from tests.slack_client import Modal, Workspace
from tests.stories.northwind import ACME, HandOff, about, fill, told

pytestmark = EITHER
TEAM = "T0LOCAL"


def given(running: Running, amount: int, *, queue: str = "success", user: str = "U0BEN") -> list[str]:
    """Store handoffs that somebody sends, called Case 1, Case 2, …"""
    found = []
    for n in range(1, amount + 1):
        draft = NewHandoff(title=f"Case {n}", queue=queue, next_step="Look at it", note=Text(plain="Some words"))
        outcome = open_handoff(running.baton, workspace=TEAM, user=user, draft=draft, form=f"V{queue}{user}{n}")
        assert isinstance(outcome, Opened)
        found.append(outcome.handoff.id)
    return found


def claimed(running: Running, handoff_ids: list[str], user: str) -> None:
    """Let somebody own them."""
    for one in handoff_ids:
        request = Request(workspace=TEAM, handoff_id=one, act=Claim(), user=user)
        assert isinstance(carry_out(running.baton, request), Moved)


def now_is(running: Running, handoff_id: str) -> Handoff:
    with running.db.reading() as tx:
        found = handoffs.get(tx, TEAM, handoff_id)
    assert found is not None
    return found


def list_of(slack: Workspace, user: str, words: str) -> Any:
    """The answer to a word of /handoff, whose buttons can be pressed."""
    assert slack.command(user, words).ok
    return slack.ephemerals(user, "C0GENERAL")[-1]


def result(slack: Workspace, user: str) -> str:
    """What somebody is told became of each; where the machine was too slow to show it at once, it is a message."""
    shown = slack.modal(user).all_text()
    return slack.dms(user)[-1].all_text() if "done so far" in shown else shown


def hand_over(slack: Workspace, user: str, **where: Any) -> Modal:
    """Fill in where everything goes, and look at the rows."""
    assert slack.command(user, "handover").ok
    fill(slack, user, **{"note": "My shift ends", **where})
    return slack.modal(user)


def test_several_are_claimed_at_once_and_each_says_what_became_of_it(slack: Workspace, running: Running) -> None:
    first, second, third = given(running, 3)
    slack.settle()
    list_of(slack, "U0EVA", "open success").click("Claim several…", by="U0EVA")
    form = slack.modal("U0EVA")
    assert form.fields == ["What do you take?"]
    claimed(running, [second], "U0FARID")  # somebody is faster while the form is open

    assert form.submit().ack["errors"] == {"rows0": "Nothing is ticked. Tick at least one, or press Cancel."}
    assert form.submit({"rows0": [first, second]}).ok
    slack.settle()

    became = result(slack, "U0EVA")
    assert "1 of 2 handoffs claimed." in became
    assert "Case 1: you own it now." in became
    assert "<@U0FARID> has owned" in became, "the winner is named"
    assert now_is(running, first).owner == "U0EVA"
    assert now_is(running, second).owner == "U0FARID"
    assert now_is(running, third).owner is None
    assert "🟢" in slack.find("U0EVA", "C0SUCCESS", "Case 1").all_text(), "its card shows the owner"


def test_a_shift_is_handed_to_a_colleague_in_one_message_that_is_kept_current(
    slack: Workspace, running: Running
) -> None:
    mine = given(running, 3)
    claimed(running, mine, "U0EVA")
    slack.settle()
    before = {user: len(told(slack, user)) for user in ("U0BEN", "U0FARID")}

    list_of(slack, "U0EVA", "mine").click("Hand over…", by="U0EVA")
    where = slack.modal("U0EVA")
    assert "You own 3 open handoffs." in where.all_text()
    assert where.submit({"note": "My shift ends"}).ack["errors"] == {
        "person": "No person is chosen. Choose who it is offered to."
    }
    fill(slack, "U0EVA", person="U0FARID", note="My shift ends")
    rows = slack.modal("U0EVA")
    assert "3 handoffs will be offered to Farid Haddad." in rows.all_text()

    rows.choose("note_for", mine[1])
    fill(slack, "U0EVA", note="Mara calls back at four")
    assert "#2: Mara calls back at four" in slack.modal("U0EVA").all_text()
    slack.modal("U0EVA").submit({"rows0": [mine[0], mine[1]]})
    slack.settle()

    assert "All 2 handoffs offered." in result(slack, "U0EVA")
    assert [now_is(running, one).offered_to for one in mine] == ["U0FARID", "U0FARID", None]
    assert now_is(running, mine[2]).owner == "U0EVA", "what she left out stays hers"
    (offer,) = slack.dms("U0FARID")[before["U0FARID"] :]
    assert "Eva Lindqvist offered you 2 handoffs. 2 waiting for your answer." in offer.text
    assert "> My shift ends" in offer.all_text()
    assert "> Mara calls back at four" in offer.all_text()
    (news,) = slack.dms("U0BEN")[before["U0BEN"] :]
    assert "Eva Lindqvist offered 2 handoffs that you sent to Farid Haddad." in news.text
    with running.db.reading() as tx:
        assert [entry.verb for entry in audit.list_for_handoff(tx, mine[1])][-1] == Verb.TRANSFER
        assert "Mara calls back at four" in notes.list_for_handoff(tx, mine[1])[-1].text.plain
        assert "Mara" not in notes.list_for_handoff(tx, mine[0])[-1].text.plain

    offer.click("Claim several…", by="U0FARID")
    slack.modal("U0FARID").submit({"rows0": [mine[0]]})
    slack.settle()
    assert "1 waiting for your answer." in offer.text, "it says how it stands now"
    assert "🟢" in news.all_text()
    claimed(running, [mine[1]], "U0FARID")
    slack.settle()
    assert "Nothing to do." in offer.text
    assert len(slack.dms("U0FARID")) == before["U0FARID"] + 1


def test_what_changed_while_the_form_was_open_is_left_alone_and_said(slack: Workspace, running: Running) -> None:
    mine = given(running, 2)
    claimed(running, mine, "U0DAN")  # their manager
    rows = hand_over(slack, "U0DAN", where="team", queue="support")
    put_back = Request(workspace=TEAM, handoff_id=mine[0], act=Release(), user="U0DAN")
    assert isinstance(carry_out(running.baton, put_back), Moved)
    claimed(running, [mine[0]], "U0EVA")

    rows.submit()
    slack.settle()

    became = result(slack, "U0DAN")
    assert "1 of 2 handoffs passed on." in became
    assert "Case 1 is no longer yours, so it was left as it is: owned by <@U0EVA>" in became
    assert now_is(running, mine[0]).owner == "U0EVA", "a manager's old form takes nothing from its new owner"
    assert now_is(running, mine[1]).queue == "support"
    arrived = slack.find("U0INES", "C0SUPPORT", "passed 1 handoff on to this team")
    assert "1 unassigned." in arrived.text
    arrived.click("Claim", by="U0INES")
    slack.settle()
    assert "Nothing to do." in arrived.text


def test_what_is_in_the_team_already_is_put_back_and_nobody_reads_that_it_was_passed_on(
    slack: Workspace, running: Running
) -> None:
    slack.change("usergroup", id="S0SUPPORT", users=["U0EVA", "U0INES"])
    slack.settle()
    mine = [*given(running, 2), *given(running, 1, queue="support")]
    claimed(running, mine, "U0EVA")
    slack.settle()
    rows = hand_over(slack, "U0EVA", where="team", queue="support")
    lead = rows.all_text()
    assert "2 of 3 handoffs will be passed on to" in lead
    assert "1 will be put back there." in lead

    rows.submit()
    slack.settle()

    became = result(slack, "U0EVA")
    assert "All 3 handoffs handed over: 2 passed on, 1 put back." in became
    assert became.count("You stay accountable until someone claims it.") == 2
    assert about(slack, "U0BEN", "Eva Lindqvist passed on 2 handoffs and put back 1 handoff that you sent.")
    arrived = slack.find(
        "U0INES", "C0SUPPORT", "passed 2 handoffs on to this team and put 1 handoff back. 3 unassigned."
    )
    claimed(running, mine, "U0INES")
    slack.settle()
    assert "Nothing to do." in arrived.text

    claimed_again = given(running, 2, user="U0GRACE")
    claimed(running, claimed_again, "U0EVA")
    rows = hand_over(slack, "U0EVA", where="team", queue="success")
    assert "2 handoffs will be put back: anyone on" in rows.all_text()
    rows.submit()
    slack.settle()
    assert "All 2 handoffs put back." in result(slack, "U0EVA")
    assert about(slack, "U0GRACE", "Eva Lindqvist put back 2 handoffs that you sent.")


def test_everything_goes_back_when_somebody_leaves(slack: Workspace, running: Running, hand_off: HandOff) -> None:
    mine = given(running, 12)
    claimed(running, mine, "U0EVA")
    hand_off(**{**ACME, "person": "U0EVA"})
    rows = hand_over(slack, "U0EVA", where="back", note="I am away until June")
    assert rows.fields[:2] == ["Remove the tick from what you keep", "Continued: 11 to 13"]

    rows.submit()
    slack.settle()

    assert "All 13 handoffs put back." in result(slack, "U0EVA")
    assert {now_is(running, one).owner for one in mine} == {None}
    assert "unassigned" in slack.find("U0EVA", "C0SUCCESS", "Acme renewal").text, "the offer to her is declined"
    assert "put 13 handoffs back. 13 unassigned." in slack.find("U0FARID", "C0SUCCESS", "put 13 handoffs back").text
    news = about(slack, "U0BEN", "Eva Lindqvist put back 13 handoffs that you sent.")
    assert len(news) == 1, "one message instead of thirteen"
