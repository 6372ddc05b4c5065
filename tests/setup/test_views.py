"""Every page and form of set-up fits Slack's limits, however much is set up and however long the names are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from slackapp.company.model import ConfigurationChange
from slackapp.setup.listeners.form_rows import ROWS
from slackapp.setup.listeners.show import draw
from slackapp.setup.model import FormSubject, Overwritten, Progress, SetupState, SetupStep
from slackapp.setup.rules.pages import PageAddress
from slackapp.setup.views import checklist, demo, hours, policies, teams
from slackapp.setup.views.history import history_page
from slackapp.slack.ids import SetupAction
from storage.company.model import ObjectKind, ObjectOwner, ObjectRef
from tests.handoffs.views.view_checks import sound_view
from tests.setup.companies import LONG, NOW, a_large_company, an_empty_company

COMPANIES = {"empty": an_empty_company(), "large": a_large_company(), "of the file": a_large_company(in_slack=False)}


def pages_of(state: SetupState) -> Iterator[PageAddress]:
    for page in ("start", "admins", "webhooks", "teams", "calendars", "policies", "people"):
        yield PageAddress(page=page, key="4")
    company = state.company
    for page, listed in (("team", company.queues), ("calendar", company.calendars), ("policy", company.policies)):
        yield PageAddress(page=page, key=listed[0].key if listed else "gone", part="critical")


@pytest.mark.parametrize("name", COMPANIES)
def test_every_page_fits_slacks_limits(name: str) -> None:
    state = COMPANIES[name]
    for address in pages_of(state):
        sound_view(draw(state, address, lead="Saved."))


def subject_of(action: SetupAction, state: SetupState) -> FormSubject:
    company = state.company
    keys = {
        ObjectKind.QUEUE: company.queues[0].key,
        ObjectKind.CALENDAR: company.calendars[0].key,
        ObjectKind.POLICY: company.policies[0].key,
        ObjectKind.PERSON: company.people[0],
        ObjectKind.SETTING: "",
    }
    part = {SetupAction.TARGETS: "claim", SetupAction.LEVEL: company.policies[0].levels[0].key}.get(action, "")
    return FormSubject(key=keys[ROWS[action].kind], part=part, version=3)


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("action", ROWS)
def test_every_form_fits_slacks_limits_and_asks_at_most_six_questions(action: SetupAction, *, is_new: bool) -> None:
    row = ROWS[action]
    state = COMPANIES["large"]
    known = subject_of(action, state)
    subject = FormSubject(part=known.part if action is SetupAction.TARGETS else "") if is_new else known
    by = Overwritten(user="U1", at=NOW, changes=("x" * 500,) * 30)
    for shown in (subject, replace(subject, again=2, overwritten=by)):
        view = row.draw(state, row.stored(state, shown), shown)

        sound_view(view)
        assert 1 <= sum(block["type"] == "input" for block in view["blocks"]) <= 6


def test_confirmations_and_the_history_fit_slacks_limits() -> None:
    state, subject = COMPANIES["large"], FormSubject(key="x")
    drawn: list[Any] = [
        teams.remove_form(state, state.company.queues[0], subject),
        teams.remove_form(state, state.company.queues[5], subject),
        hours.remove_form(state, state.company.calendars[0], subject),
        policies.remove_form(state, state.company.policies[0], subject),
        demo.demo_form(),
        demo.remove_form(3),
    ]
    change = ConfigurationChange(
        id=2**40, at=NOW, by="U1", by_name=LONG, file=None, ref=ObjectRef(ObjectKind.QUEUE, "x"),
        sentences=("y" * 900,) * 20, owner=ObjectOwner.SLACK,
    )  # fmt: skip
    drawn += [history_page([change, replace(change, file=LONG * 9)] * 7, is_first=False, has_more=True)]
    drawn += [history_page([], is_first=True, has_more=False)]

    for view in drawn:
        sound_view(view)


def test_an_object_of_the_file_has_no_buttons_that_change_it() -> None:
    state = COMPANIES["of the file"]
    changing = {action.value for action in ROWS} | {SetupAction.REMOVE.value, SetupAction.LEVEL_REMOVE.value}
    for address in list(pages_of(state))[7:]:
        view = draw(state, address)
        offered = {
            element["action_id"]
            for block in view["blocks"]
            for element in [block.get("accessory"), *(block.get("elements") or ())]
            if element and "action_id" in element
        }

        assert not offered & changing, address
        assert "baton config adopt" in str(view)


def test_the_next_step_has_the_only_primary_button_of_the_checklist() -> None:
    done: set[SetupStep] = set()
    for step in SetupStep:
        drawn = checklist.checklist(Progress(done=frozenset(done), first_team="a"))
        primary = [block for block in drawn if (block.get("accessory") or {}).get("style") == "primary"]

        assert len(primary) == 1
        done.add(step)
    assert checklist.checklist(Progress(done=frozenset(done))) == []
