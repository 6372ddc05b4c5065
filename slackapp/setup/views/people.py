"""People and admins in set-up: who reports to whom, whose hours are their own, and who may set Baton up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from slackapp.company.model import PersonSettings
from slackapp.company.rules.labels import name_of_key
from slackapp.setup.model import FormSubject, SetupState
from slackapp.setup.rules import pages
from slackapp.setup.views import wording
from slackapp.setup.views.page import act, few_of, form, one_of_pages, page, row
from slackapp.setup.views.teams import NONE
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import Block, actions, context, mention, section
from slackapp.slack.block_kit.modals import ask, ticks
from slackapp.slack.ids import SetupAction
from storage.company.model import ObjectKind

SLACK_ADMINS: Final[Mapping[str, str]] = {"slack": "Owners and admins of this Slack workspace too"}


def people_list(state: SetupState, number: int, *, lead: str = "") -> Block:
    """A page of the list of people with a manager or hours of their own."""
    rows = [_entry(state, person) for person in state.company.people]
    empty = [] if rows else [section("Nobody yet. A person's manager is notified after the team's managers.")]
    new = act("Add person", SetupAction.PERSON, pages.of(pages.PEOPLE), "with a manager or hours", style="primary")
    return page([*actions(new), *empty, *one_of_pages(rows, pages.PEOPLE, number)], lead=lead)


def person_form(state: SetupState, draft: PersonSettings, subject: FormSubject) -> Block:
    """The form of a person's manager and own hours."""
    known = {one.key: name_of_key(one.key) for one in state.company.calendars}
    calendars = {NONE: "Same as their team", **known}
    asked = ask("person", "Person", inputs.person(subject.key or None), optional=False)
    about = [section(f"*{mention(subject.key)}*")] if subject.key else [asked]
    blocks = [
        *about,
        ask("manager", "Manager", inputs.person(draft.manager), hint="Notified after the team's managers."),
        ask(
            "calendar",
            "Working hours",
            few_of(calendars, draft.calendar or NONE),
            hint="Messages that can wait reach them in these hours.",
            optional=False,
        ),
    ]
    return form("Edit person" if subject.key else "Add person", SetupAction.PERSON, blocks, subject)


def admins_page(state: SetupState, *, lead: str = "") -> Block:
    """Who may set Baton up."""
    mine = state.is_in_slack(ObjectKind.SETTING, pages.ADMINS)
    workspace = "Owners and admins of this Slack workspace: " + ("yes" if state.slack_admins else "no")
    edit = actions(act("Edit admins", SetupAction.ADMINS, pages.of(pages.ADMINS), "of Baton"))
    blocks = [
        section(f"*Admins*\n{wording.people(state.company.admins, {}, 'Nobody by name')}\n{workspace}"),
        *(edit if mine else [context(wording.of_the_file("the admins"))]),
        context(wording.owner(state, ObjectKind.SETTING, pages.ADMINS)),
    ]
    return page(blocks, lead=lead)


def admins_form(state: SetupState, draft: tuple[str, ...], subject: FormSubject) -> Block:
    """The form of who may set Baton up."""
    blocks = [
        ask("admins", "Admins", inputs.people(draft), hint="They edit everything here, and escalations end with them."),
        ask("slack_admins", "Slack workspace", ticks(SLACK_ADMINS, ["slack"] if state.slack_admins else [])),
    ]
    return form("Edit admins", SetupAction.ADMINS, blocks, subject)


def _entry(state: SetupState, person: str) -> Block:
    settings = state.company.settings_of(person)
    facts = [f"manager: {mention(settings.manager)}"] if settings.manager else []
    facts += [f"hours: {wording.named(settings.calendar)}"] if settings.calendar else []
    mine = state.is_in_slack(ObjectKind.PERSON, person)
    facts += [] if mine else ["edited in the configuration file"]
    edit = act("Edit", SetupAction.PERSON, pages.of(pages.PEOPLE, person), "this person") if mine else None
    return row(f"*{mention(person)}*\n{' · '.join(facts)}", edit)
