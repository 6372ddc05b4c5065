"""People choose how they get messages: right away, in a daily summary or never, and not in their quiet hours."""

from __future__ import annotations

from typing import Any

from slackapp.app import Running
from tests.slack_client import Workspace
from tests.stories.northwind import HandOff, about, fill, go_to, told, why

EARLY = "2027-03-08T08:10:00+00:00"
"""A Monday; London, where Ben is, has the time of UTC."""
ALL = {"sent": "now", "owned": "now", "watched": "now", "summary_at": None}


def choose(slack: Workspace, user: str, **answers: Any) -> None:
    """Choose in the form of settings; what is not named is sent right away."""
    assert slack.command(user, "settings").ok
    slack.modal(user).submit({**ALL, **answers})
    slack.settle()


def be_quiet(slack: Workspace, user: str, since: str | None, until: str | None, *days: int) -> None:
    """Choose quiet hours."""
    assert slack.command(user, "settings").ok
    slack.modal(user).click("Change…")
    answer = slack.modal(user).submit(
        {"quiet_from": since, "quiet_until": until, "quiet_days": [str(day) for day in days]}
    )
    assert answer.ok
    slack.settle()


def finish(slack: Workspace, title: str, by: str = "U0EVA") -> None:
    """Claim a handoff of Ben's and finish it."""
    card = slack.find(by, "C0SUCCESS", title)
    card.click("Claim", by=by)
    card.click("Done", by=by)
    fill(slack, by)


def test_what_somebody_turned_off_is_not_sent_and_why_says_so(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    choose(slack, "U0BEN", sent="never")
    hand_off("U0BEN")
    finish(slack, "Acme")
    assert about(slack, "U0BEN", "finished") == []
    assert "Ben Okafor chose not to get such messages" in why(slack, "U0EVA")
    assert slack.problems() == []


def test_a_summary_comes_once_a_day_with_the_state_of_that_moment(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    go_to(slack, EARLY)
    choose(slack, "U0BEN", sent="summary", summary_at="18:30")
    hand_off("U0BEN")
    hand_off("U0BEN", title="Globex renewal")
    finish(slack, "Acme")
    card = slack.find("U0EVA", "C0SUCCESS", "Globex")
    card.click("Claim", by="U0EVA")
    card.click("Done", by="U0EVA")
    fill(slack, "U0EVA")
    assert about(slack, "U0BEN", "Your summary") == []
    assert "Ben Okafor chose to get such messages in a summary" in why(slack, "U0EVA")
    card.click("Reopen", by="U0EVA")
    fill(slack, "U0EVA", note="They called again.")

    go_to(slack, "2027-03-08T18:30:05+00:00")
    (summary,) = about(slack, "U0BEN", "Your summary")
    assert "2 handoffs with news" in summary.text
    assert "Done by" in summary.all_text()
    assert "Unassigned" in summary.all_text()
    assert "You sent" in summary.all_text()

    go_to(slack, "2027-03-10T18:31:00+00:00")
    assert len(about(slack, "U0BEN", "ummary")) == 1
    assert slack.problems() == []


def test_a_message_that_is_wanted_right_away_again_comes_out_of_the_summary(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    go_to(slack, EARLY)
    choose(slack, "U0BEN", sent="summary", summary_at="18:30")
    hand_off("U0BEN")
    finish(slack, "Acme")
    before = told(slack, "U0BEN")
    choose(slack, "U0BEN")
    (now,) = [text for text in told(slack, "U0BEN") if text not in before]
    assert "Acme" in now

    go_to(slack, "2027-03-08T18:30:05+00:00")
    assert about(slack, "U0BEN", "Your summary") == []


def test_quiet_hours_hold_until_their_end_also_in_the_night_in_which_the_clocks_change(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    """Paris goes from 2:00 to 3:00 on 28 March 2027: seven o'clock is five in UTC."""
    go_to(slack, "2027-03-27T22:00:00+00:00")
    be_quiet(slack, "U0FARID", "22:00", "07:00")
    hand_off("U0BEN", person="U0FARID")
    assert about(slack, "U0FARID", "Acme") == []
    assert "they have quiet hours" in why(slack, "U0BEN")

    go_to(slack, "2027-03-28T04:59:30+00:00")
    assert about(slack, "U0FARID", "offered") == []
    go_to(slack, "2027-03-28T05:00:05+00:00")
    (offer,) = about(slack, "U0FARID", "offered")
    assert "Claim" in offer.buttons


def test_a_change_of_quiet_hours_lets_go_or_holds_longer_what_waits(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    go_to(slack, "2027-03-08T22:00:00+00:00")
    be_quiet(slack, "U0FARID", "22:00", "07:00")
    hand_off("U0BEN", person="U0FARID")
    be_quiet(slack, "U0FARID", "22:00", "09:00")
    go_to(slack, "2027-03-09T07:30:00+00:00")
    assert about(slack, "U0FARID", "offered") == []

    assert slack.command("U0FARID", "settings").ok
    slack.modal("U0FARID").click("Change…")
    slack.modal("U0FARID").click("Turn off")
    slack.settle()
    assert len(about(slack, "U0FARID", "offered")) == 1


def test_critical_work_is_offered_in_quiet_hours_too(slack: Workspace, running: Running, hand_off: HandOff) -> None:
    go_to(slack, "2027-03-08T23:00:00+00:00")
    be_quiet(slack, "U0FARID", "22:00", "07:00", 0)
    hand_off("U0BEN", title="Small", person="U0FARID")
    hand_off("U0BEN", title="Urgent", person="U0FARID", priority="critical")
    assert [about(slack, "U0FARID", title) == [] for title in ("Small", "Urgent")] == [True, False]

    card = slack.find("U0BEN", "C0SUCCESS", "Small")
    card.choose("Edit", by="U0BEN")
    fill(slack, "U0BEN", priority="critical")
    assert len(about(slack, "U0FARID", "Small")) == 1, "it has become urgent"


def test_the_form_shows_what_is_chosen_and_refuses_what_would_leave_no_time(slack: Workspace, running: Running) -> None:
    choose(slack, "U0BEN", watched="never")
    assert slack.command("U0BEN", "settings").ok
    form = slack.modal("U0BEN")
    assert form.values["watched"]["value"]["selected_option"]["value"] == "never"
    assert "can't be turned off" in form.all_text()
    form.click("Change…")
    quiet = slack.modal("U0BEN")
    for since, until, field, words in (
        ("22:00", None, "quiet_until", "is empty"),
        ("22:00", "22:00", "quiet_until", "the same"),
        ("06:00", "23:00", "quiet_until", "16 hours at most"),
    ):
        quiet.submit({"quiet_from": since, "quiet_until": until, "quiet_days": []})
        assert words in quiet.errors[field]
    quiet.submit({"quiet_from": "22:00", "quiet_until": "06:30", "quiet_days": ["5", "6"]})
    slack.settle()
    assert "22:00 to 6:30, and all day on Saturday and Sunday." in slack.modal("U0BEN").all_text()


def test_home_leads_to_the_settings(slack: Workspace, running: Running) -> None:
    slack.home("U0EVA")
    slack.settle()
    slack.home_tab("U0EVA").click("Settings…")
    slack.settle()
    assert slack.modal("U0EVA").title == "Settings"


def test_a_summary_that_comes_due_during_an_absence_is_part_of_the_message_on_the_return(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    go_to(slack, EARLY)
    choose(slack, "U0BEN", sent="summary", summary_at="18:30")
    hand_off("U0BEN")
    finish(slack, "Acme")
    assert slack.command("U0BEN", "away").ok
    slack.modal("U0BEN").submit({"until": int(slack.now() + 24 * 3600), "cover": None})
    go_to(slack, "2027-03-08T18:31:00+00:00")
    assert about(slack, "U0BEN", "ummary") == []

    go_to(slack, "2027-03-09T08:30:00+00:00")
    (message,) = about(slack, "U0BEN", "You're back.")
    assert "Eva Lindqvist finished it" in message.all_text()
    go_to(slack, "2027-03-09T18:31:00+00:00")
    assert about(slack, "U0BEN", "ummary") == []


def test_another_time_of_the_summary_moves_what_was_collected(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    go_to(slack, EARLY)
    choose(slack, "U0BEN", sent="summary", summary_at="18:30")
    hand_off("U0BEN")
    finish(slack, "Acme")
    choose(slack, "U0BEN", sent="summary", summary_at="12:00")
    go_to(slack, "2027-03-08T12:00:05+00:00")
    assert len(about(slack, "U0BEN", "Your summary")) == 1
    go_to(slack, "2027-03-08T18:31:00+00:00")
    assert len(about(slack, "U0BEN", "ummary")) == 1


def test_settings_stay_with_somebody_who_leaves_and_comes_back_and_guests_have_their_own(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    choose(slack, "U0BEN", sent="never")
    for gone in (True, False):
        slack.change("user", id="U0BEN", deleted=gone)
        slack.settle()
    hand_off("U0BEN")
    finish(slack, "Acme")
    assert about(slack, "U0BEN", "finished") == []

    slack.change("user", id="U0NIA", name="nia", real_name="Nia Obi", is_restricted=True, tz=None)
    slack.settle()
    slack.change("channel", id="C0SUCCESS", members=["U0EVA", "U0NIA", "U0BATON"])
    for chosen in ("now", "never"):
        assert slack.command("U0NIA", "settings", channel="success").ok
        form = slack.modal("U0NIA")
        assert form.values["watched"]["value"]["selected_option"]["value"] == chosen
        form.submit({**ALL, "watched": "never"})
