"""A second delivery of what people do in lists, Home, a hand-over or an absence writes nothing and says nothing."""

from __future__ import annotations

import pytest

from slackapp.app import Running
from slackapp.bulk.views import rows
from slackapp.registers import CAPABILITIES
from slackapp.slack.ids import BulkAction, button_value
from tests.slack_client import Workspace
from tests.stories.bulk.test_several import claimed, given
from tests.stories.dispatch.twice import LISTS, PARTS, Twice, doors
from tests.stories.northwind import about, fill
from tests.tables import check_rows

EVA, FARID, BEN = "U0EVA", "U0FARID", "U0BEN"
DAY_S = 86_400


def lists(twice: Twice, slack: Workspace) -> None:
    """Search, pages, filters, a row's buttons and the file."""
    given(twice.running, 21)
    slack.settle()
    with twice.each():
        slack.command(EVA, "find case")
        found = slack.modal(EVA)
        found.click("Next")
        found.click("Filter…")
        slack.modal(EVA).submit({"priority": "normal"})
        found.click("Clear filters")
        found.submit({"Search": "#3"})
        found.click("Claim")
        found.click("Done")
        slack.modal(EVA).submit({"note": "Signed"})
        found.click("Download CSV")


def home(twice: Twice, slack: Workspace) -> None:
    """The list of a team, the search field, the switch of an absence."""
    slack.home(EVA)
    with twice.each():
        slack.home_tab(EVA).press("*Customer Success*")
        slack.home_tab(EVA).choose("Search", "case")
        slack.home_tab(EVA).click("Away…")


def absences(twice: Twice, slack: Workspace) -> None:
    """The form, the list of who covers, the end."""
    with twice.each():
        slack.command(EVA, "away")
        slack.modal(EVA).submit({"until": int(slack.now() + DAY_S), "cover": FARID})
    slack.settle()
    with twice.each():
        about(slack, FARID, "You cover for Eva")[-1].click("Show handoffs", by=FARID)
    with twice.each(again=True):
        slack.modal(EVA).click("I'm back")


def settings(twice: Twice, slack: Workspace) -> None:
    """The forms of personal settings, with quiet hours that are turned off again."""
    slack.home(EVA)
    with twice.each():
        slack.home_tab(EVA).click("Settings…")
        slack.modal(EVA).click("Change…")
        slack.modal(EVA).submit({"quiet_from": "22:00", "quiet_until": "06:00"})
        slack.modal(EVA).click("Change…")
        slack.modal(EVA).click("Turn off")
        slack.modal(EVA).close()
        slack.modal(EVA).submit({"sent": "summary"})
        slack.command(EVA, "settings")


def several(twice: Twice, slack: Workspace) -> None:
    """Claim several, then hand over everything, with a note for one row, page by page."""
    given(twice.running, 3, queue="support")
    mine = given(twice.running, rows.PAGE + 1, user="U0CLARA")
    claimed(twice.running, mine, FARID)
    slack.settle()
    assert slack.command("U0INES", "open support").ok
    listed = slack.ephemerals("U0INES", "C0GENERAL")[-1]
    with twice.each():
        listed.click("Claim several…", by="U0INES")
        fill(slack, "U0INES")
    assert slack.command(FARID, "mine").ok
    owned = slack.ephemerals(FARID, "C0GENERAL")[-1]
    with twice.each():
        owned.click("Hand over…", by=FARID)
        slack.modal(FARID).submit({"person": EVA, "note": "My shift ends"})
        slack.modal(FARID).choose("note_for", mine[1])
        fill(slack, FARID, note="Mara calls back at four")
        slack.modal(FARID).click("Next page")
        run_id = f"b_{slack.modal(FARID).id}"
        fill(slack, FARID)
        twice.press(BulkAction.RESULTS, button_value(run_id))


def words(twice: Twice, slack: Workspace) -> None:
    """What is typed."""
    with twice.each():
        for typed in ("why 1", "context", "handover", "away"):
            assert slack.command(FARID, typed).ok


def test_every_package_belongs_to_one_of_these_tests() -> None:
    placed = [one for part in PARTS.values() for one in part]
    assert sorted(map(id, placed)) == sorted(map(id, CAPABILITIES))


@pytest.mark.timeout(300)
def test_every_button_form_and_word_of_lists_delivered_twice_is_done_once(slack: Workspace, running: Running) -> None:
    twice = Twice(slack, running)
    scenes = (lists, home, absences, settings, several, words)
    check_rows(scenes, lambda scene: scene(twice, slack), name=lambda scene: scene.__name__)

    assert doors(*PARTS[LISTS]), "there are some"
    assert twice.missing(LISTS) == set()
