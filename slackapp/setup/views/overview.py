"""The first page of set-up: the first steps until they are done, then everything that is set up, a line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from slackapp.company.model import EMOJI
from slackapp.company.rules.labels import name_of_key
from slackapp.setup.model import SetupState
from slackapp.setup.rules import pages
from slackapp.setup.views import wording
from slackapp.setup.views.checklist import checklist
from slackapp.setup.views.page import act, page, row, to_page
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Block, button, divider, said
from slackapp.slack.ids import SetupAction, TemplateAction, button_value

_NAMED: Final = 4
_NO_HOURS: Final = "Around the clock. Set hours so that nobody is late at night."
_NO_POLICY: Final = "None yet: nobody is notified when a handoff waits."
_NO_PEOPLE: Final = "Nobody has a manager or hours of their own yet."


def overview(state: SetupState, *, lead: str = "") -> Block:
    """The first page of set-up."""
    steps = checklist(state.progress)
    return page([*steps, *([divider()] if steps else []), *_lines(state), *_demo(state)], lead=lead, back=None)


def _lines(state: SetupState) -> Iterator[Block]:
    company = state.company
    yield row(f"*Teams*\n{_first([queue.name for queue in company.queues])}", _open("teams", pages.of(pages.TEAMS)))
    yield row(
        f"*Working hours*\n{_first([name_of_key(one.key) for one in company.calendars], _NO_HOURS)}",
        _open("working hours", pages.of(pages.CALENDARS)),
    )
    yield row(
        f"*Deadlines*\n{_first([name_of_key(one.key) for one in company.policies], _NO_POLICY)}",
        _open("deadlines", pages.of(pages.POLICIES)),
    )
    count = len(company.people)
    people = f"{phrases.counted(count, 'person')} with a manager or hours of their own".replace("persons", "people")
    yield row(f"*People*\n{people if count else _NO_PEOPLE}", _open("people", pages.of(pages.PEOPLE)))
    own = [template.name for template in company.templates]
    templates = f"{_first(own)}, and the built-in ones" if own else "The built-in ones"
    listed = button("Open", TemplateAction.LIST, button_value("0"), about="templates")
    yield row(f"*Templates*\n{templates}", listed)
    emoji = f":{company.emoji}:" if company.emoji else "None: reactions begin no handoff"
    edit = act("Edit", SetupAction.EMOJI, pages.of(pages.HOME), "emoji")
    in_file = "" if state.is_editable(EMOJI) else " (set in the configuration file)"
    yield row(f"*Emoji that begins a handoff*\n{emoji}{in_file}", edit if state.is_editable(EMOJI) else None)
    yield row(
        f"*Webhooks*\n{_first([one.key for one in company.webhooks])}", _open("webhooks", pages.of(pages.WEBHOOKS))
    )
    yield row(f"*Admins*\n{_admins(state)}", _open("admins", pages.of(pages.ADMINS)))
    yield row("*History*\nWho changed which setting, and when", _open("history", pages.of(pages.HISTORY)))


def _demo(state: SetupState) -> Iterator[Block]:
    if state.progress.demo is not None:
        yield divider()
        yield row(
            "*Demo team*\nRemove it once you have seen enough. That cancels its handoffs.",
            act("Remove demo", SetupAction.DEMO_REMOVE, pages.of(pages.TEAM, state.progress.demo), "team"),
        )


def _admins(state: SetupState) -> str:
    listed = wording.people(state.company.admins, {}, "")
    if not state.slack_admins:
        return listed or "Nobody yet"
    workspace = "Owners and admins of this Slack workspace"
    return f"{workspace}, and {listed}" if listed else workspace


def _first(names: Sequence[str], otherwise: str = "None yet") -> str:
    """The first few names, and how many more there are."""
    if not names:
        return otherwise
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(said(name, 75) for name in names[:_NAMED]) + more


def _open(about: str, address: str) -> Block:
    return to_page("Open", address, about)
