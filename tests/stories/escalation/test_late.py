"""Late work: who is notified with which buttons, and who is not notified any more once it moves."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from slackapp.app import Running
from tests.slack_client import Message, Workspace
from tests.stories.ledger import levels
from tests.stories.northwind import HandOff, fill, go_to, look_up, send, told

Start = Callable[..., Running]


def reminders(slack: Workspace, user: str) -> list[Message]:
    """What the app said to somebody directly of time that is running out or over."""
    return [
        message for message in slack.dms(user) if re.match(r"#\d+ .* is (unassigned|offered|owned|back)", message.text)
    ]


def pings(slack: Workspace, users: Sequence[str] = ("U0BEN", "U0EVA", "U0FARID", "U0DAN", "U0KIM")) -> int:
    """How often anybody's device has made a noise."""
    return sum(len(slack.alerts(user)) for user in users)


def test_nobody_claims_and_the_team_hears_then_the_manager_then_theirs_each_once(
    slack: Workspace, hand_off: HandOff, database_url: str
) -> None:
    card = hand_off()
    slack.wait(minutes=14)
    assert card.replies() == []

    slack.wait(minutes=2)
    (nudge,) = card.replies()
    assert "is unassigned in Customer Success" in nudge.text
    assert "Claim" in nudge.buttons
    assert reminders(slack, "U0DAN") == []

    slack.wait(minutes=15)
    (late,) = reminders(slack, "U0DAN")
    assert {"Claim", "Assign…", "Extend…"} <= set(late.buttons)
    assert re.search(r"<!date\^\d+\^", late.all_text()), "in the reader's own time zone"
    (heard,) = reminders(slack, "U0BEN")
    assert not {"Claim", "Assign…", "Extend…"} & set(heard.buttons), "the sender can do nothing but wait"
    assert reminders(slack, "U0KIM") == []

    slack.wait(minutes=30)
    (later,) = reminders(slack, "U0KIM")
    assert " late since <!date" in later.text
    assert {"Claim", "Assign…", "Extend…"} <= set(later.buttons)

    slack.wait(hours=30)
    assert [len(reminders(slack, user)) for user in ("U0DAN", "U0BEN", "U0KIM")] == [1, 1, 1]
    assert [len(card.replies()), len(told(slack, "U0EVA"))] == [1, 0]
    assert levels(database_url) == [
        ("nudge", ["channel"]),
        ("late", ["U0DAN", "U0BEN"]),
        ("later", ["U0KIM"]),
    ]
    assert "late" in card.all_text().lower()
    assert slack.problems() == []


def test_the_managers_message_carries_what_they_need_and_follows_every_change(
    slack: Workspace, hand_off: HandOff
) -> None:
    card = hand_off()
    slack.wait(minutes=16)
    slack.wait(minutes=15)
    (late,) = reminders(slack, "U0DAN")
    assert "🔴" in late.all_text()
    assert "First step: Call Mara about the price · from Ben Okafor" in late.all_text()
    before = slack.alerts("U0DAN")

    look_up(slack, card, "Edit", by="U0BEN")
    fill(slack, "U0BEN", priority="critical", next_step="Call Tom, not Mara")
    assert " · Critical" in late.all_text()
    assert "First step: Call Tom, not Mara · from Ben Okafor" in late.all_text()
    late.click("Extend…", by="U0DAN")
    fill(slack, "U0DAN", duration="1h")
    (sent, *_) = slack.dms("U0BEN")
    for message in (late, sent):
        assert "claim by <!date" in message.all_text(), "not late any more"

    card.click("Claim", by="U0EVA")
    assert "🟢" in late.all_text()
    assert re.search(r"claimed by Eva Lindqvist, <!date.*\. Nothing to do\.", late.text), late.text
    assert late.buttons == {}
    assert slack.alerts("U0DAN") == before, "all of it in place"
    assert slack.problems() == []


def test_when_the_claim_comes_every_reminder_says_so_and_has_no_buttons(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    for minutes in (16, 15, 30):
        slack.wait(minutes=minutes)
    (nudge,) = card.replies()
    posted = [nudge, *(reminders(slack, user)[0] for user in ("U0DAN", "U0BEN", "U0KIM"))]
    before = pings(slack)

    nudge.click("Claim", by="U0EVA")

    assert "owned by <@U0EVA>" in card.text
    for message in posted:
        assert re.search(r"claimed by Eva Lindqvist, <!date.* late", message.text), message.text
        assert message.buttons == {}
    assert pings(slack) == before, "editing pings nobody, and the sender's message shows the claim"
    slack.wait(hours=2)
    assert len(card.replies()) == 1
    assert slack.problems() == []


def test_a_claim_in_time_stops_every_reminder(slack: Workspace, hand_off: HandOff, database_url: str) -> None:
    card = hand_off()
    slack.wait(minutes=14)

    card.click("Claim", by="U0EVA")
    slack.wait(hours=2)

    assert card.replies() == []
    assert reminders(slack, "U0DAN") == []
    assert levels(database_url) == []


def test_a_claim_after_the_nudge_says_that_it_was_on_time(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    slack.wait(minutes=16)

    card.click("Claim", by="U0EVA")

    (nudge,) = card.replies()
    assert "on time" in nudge.text
    assert nudge.buttons == {}


def test_a_manager_gives_more_time_and_what_comes_later_moves_with_it(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    slack.wait(minutes=16)
    slack.wait(minutes=15)
    (late,) = reminders(slack, "U0DAN")

    late.click("Extend…", by="U0DAN")
    fill(slack, "U0DAN", duration="1h")

    assert "by 1 h" in card.replies()[-1].text
    assert "claim by <!date" in late.text, "the reminder knows of it too"
    slack.wait(minutes=80)
    assert reminders(slack, "U0KIM") == [], "an hour from now and thirty minutes are not over"
    slack.wait(minutes=11)
    assert len(reminders(slack, "U0KIM")) == 1
    assert len(reminders(slack, "U0DAN")) == 1, "what was said once is not said again"


def test_the_manager_assigns_from_the_reminder(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    slack.wait(minutes=31)
    (late,) = reminders(slack, "U0DAN")

    late.click("Assign…", by="U0DAN")
    fill(slack, "U0DAN", person="U0GRACE")

    assert "owned by <@U0GRACE>" in card.text
    assert late.buttons == {}
    given = slack.dms("U0GRACE")[-1]
    assert {"Done", "Put back"} <= set(given.buttons)


def test_work_that_lies_still_reaches_its_owner_then_the_managers_and_then_is_silent_once_done(
    slack: Workspace, hand_off: HandOff
) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")

    slack.wait(minutes=193)
    (warned,) = reminders(slack, "U0EVA")
    assert "owned by you" in warned.text
    assert {"Done", "Put back"} <= set(warned.buttons)
    assert reminders(slack, "U0DAN") == []

    slack.wait(minutes=48)
    overdue, (dans,) = reminders(slack, "U0EVA")[-1], reminders(slack, "U0DAN")
    (sent,) = slack.dms("U0BEN")
    assert "🔴 <@U0EVA> · late since" in sent.all_text(), "the sender sees it, and is not accountable for it"
    assert len(slack.alerts("U0BEN")) == 1
    assert "owned by Eva Lindqvist" in dans.text
    assert {"Assign…", "Extend…"} <= set(dans.buttons)

    overdue.click("Done", by="U0EVA")
    fill(slack, "U0EVA", note="They signed.")

    for message in (warned, overdue, dans):
        assert "done by" in message.text
        assert message.buttons == {}
    before = pings(slack)
    slack.wait(hours=48)
    assert pings(slack) == before, "finished work never speaks again"
    assert slack.problems() == []


def test_the_owners_time_stands_still_while_the_sender_looks_for_what_is_missing(
    slack: Workspace, hand_off: HandOff
) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    slack.wait(hours=2)
    card.choose("Send back", by="U0EVA")
    fill(slack, "U0EVA", reason="missing", note="Which contract?")
    before = pings(slack)

    slack.wait(hours=30)
    assert pings(slack) == before, "nobody waits for the team"

    slack.dms("U0BEN")[-1].click("Add and send again", by="U0BEN")
    fill(slack, "U0BEN", note="Enterprise.")
    card.click("Claim", by="U0FARID")
    slack.wait(minutes=71)
    assert reminders(slack, "U0FARID") == []
    slack.wait(minutes=2)
    assert len(reminders(slack, "U0FARID")) == 1, "2 h are used up, 72 more minutes make 80 %"


def test_the_managers_manager_can_act_on_what_reaches_her(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    slack.wait(minutes=61)
    (later,) = reminders(slack, "U0KIM")

    later.click("Assign…", by="U0KIM")
    fill(slack, "U0KIM", person="U0FARID")

    assert "owned by <@U0FARID>" in card.text


def test_an_owner_who_was_warned_and_puts_it_back_keeps_no_button_that_is_not_theirs(
    slack: Workspace, hand_off: HandOff
) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    slack.wait(minutes=193)
    (warned,) = reminders(slack, "U0EVA")

    warned.click("Put back", by="U0EVA")
    fill(slack, "U0EVA", note="I am out from Thursday.")

    assert "is unassigned" in warned.text
    assert set(warned.buttons) == {"Claim", "Details"}
    warned.click("Claim", by="U0EVA")
    assert "owned by <@U0EVA>" in card.text


def test_a_level_may_repeat_itself_and_stops_when_it_has_said_it_often_enough(
    slack: Workspace, start: Start, company: Any, database_url: str
) -> None:
    def change(read: dict[str, Any]) -> None:
        level = {"key": "late", "clock": "claim", "at": "100%", "tell": ["managers"]}
        read["policies"][0]["levels"] = [{**level, "repeat": {"times": 2, "every": "30m"}}]

    start(config=company(change))
    send(slack)
    for minutes in (31, 30, 30, 30, 300):
        slack.wait(minutes=minutes)

    assert levels(database_url) == [("late", ["U0DAN", "U0BEN"]), ("late#2", ["U0DAN"]), ("late#3", ["U0DAN"])]
    assert len(reminders(slack, "U0DAN")) == 3


def test_a_level_with_nobody_in_it_is_passed_over_and_the_audit_says_so(
    slack: Workspace, start: Start, company: Any, database_url: str
) -> None:
    def change(read: dict[str, Any]) -> None:
        read["people"] = {}  # nobody's manager has a manager

    start(config=company(change))
    card = send(slack)
    for minutes in (16, 15, 30):
        slack.wait(minutes=minutes)

    assert levels(database_url)[-1] == ("later", [])
    assert reminders(slack, "U0KIM") == []
    card.click("Details", by="U0DAN")
    assert "nobody" in slack.modal("U0DAN").all_text().lower()


def test_critical_work_has_the_short_time_and_a_priority_that_is_changed_the_other_one(
    slack: Workspace, hand_off: HandOff
) -> None:
    critical = hand_off(title="Globex is down", priority="critical")
    acme = hand_off()

    slack.wait(minutes=6)
    (late,) = reminders(slack, "U0DAN")
    assert "Globex is down" in late.text
    assert critical.exists
    acme.choose("Edit", by="U0BEN")
    fill(slack, "U0BEN", priority="critical")

    slack.wait(seconds=10)
    assert ["Globex" in m.text for m in reminders(slack, "U0DAN")] == [True, False], "five of its minutes are over"


def test_a_restart_repeats_nothing_and_goes_on_where_it_was(slack: Workspace, start: Start, database_url: str) -> None:
    first = start()
    card = send(slack)
    slack.wait(minutes=16)
    first.stop()

    second = start()
    slack.wait(minutes=15)
    second.stop()
    start()
    slack.wait(minutes=30)

    assert [level for level, _ in levels(database_url)] == ["nudge", "late", "later"]
    assert len(card.replies()) == 1
    assert [len(reminders(slack, user)) for user in ("U0DAN", "U0BEN", "U0KIM")] == [1, 1, 1]


def test_after_an_outage_only_the_highest_level_speaks_and_the_sender_hears_of_it(
    slack: Workspace, start: Start, database_url: str
) -> None:
    first = start()
    card = send(slack)
    first.stop()
    slack.advance(3600 * 5)

    start()

    assert levels(database_url) == [("later", ["U0KIM", "U0BEN"])]
    assert card.replies() == []
    assert reminders(slack, "U0DAN") == []
    slack.wait(hours=5)
    assert len(levels(database_url)) == 1


def test_at_night_nothing_is_late(slack: Workspace, start: Start, company: Any, database_url: str) -> None:
    def change(read: dict[str, Any]) -> None:
        read["calendars"][0]["hours"] = {"mon-fri": ["09:00-17:00"]}

    start(config=company(change))
    go_to(slack, "2027-03-05T15:50:00+00:00")  # Friday, ten to five in Berlin
    card = send(slack)

    slack.post("/control/clock", {"to": "2027-03-08T07:59:00+00:00", "steps": 20})
    slack.settle()
    assert card.replies() == []
    assert levels(database_url) == []

    go_to(slack, "2027-03-08T08:06:00+00:00")
    (nudge,) = card.replies()
    assert nudge.buttons
    go_to(slack, "2027-03-08T08:25:00+00:00")
    (late,) = reminders(slack, "U0DAN")
    due = re.search(r"<!date\^(\d+)\^", late.all_text())
    assert due
    twenty_past_nine = datetime(2027, 3, 8, 9, 20, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
    assert abs(int(due[1]) - twenty_past_nine) < 60


def test_what_is_offered_to_one_person_is_not_cried_out_to_be_claimed(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off(person="U0EVA")

    slack.wait(minutes=16)

    (nudge,) = card.replies()
    assert "is offered to Eva Lindqvist" in nudge.text
    assert "Claim" not in nudge.buttons
