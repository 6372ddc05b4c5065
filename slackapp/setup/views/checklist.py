"""The checklist of first steps: what is done, what is next, each with its button. Set-up and Home show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from slackapp.setup.model import Progress, SetupStep
from slackapp.setup.rules import pages
from slackapp.setup.views.page import act
from slackapp.slack.block_kit.blocks import Block, actions, button, context, section
from slackapp.slack.ids import SetupAction, button_value

_STEPS: Final[Mapping[SetupStep, tuple[str, str]]] = {
    SetupStep.TEAM: ("Add a team", "A name, and the channel where its handoffs are posted."),
    SetupStep.PEOPLE: ("Say who is on it", "Members can claim handoffs; managers are notified when one is late."),
    SetupStep.HOURS: ("Set working hours", "Deadlines count only while the team works."),
    SetupStep.POLICY: ("Set deadlines", "How fast handoffs are claimed and finished, and who is notified otherwise."),
    SetupStep.FIRST_HANDOFF: ("Hand something off", "Type `/handoff` anywhere, or press the button."),
}
_BUTTONS: Final[Mapping[SetupStep, str]] = {
    SetupStep.TEAM: "Add team",
    SetupStep.PEOPLE: "Add people",
    SetupStep.HOURS: "Set hours",
    SetupStep.POLICY: "Set deadlines",
    SetupStep.FIRST_HANDOFF: "Hand off",
}
DONE: Final = ":white_check_mark:"


def checklist(progress: Progress) -> list[Block]:
    """The steps as blocks; none once all are done. The next step's button is the primary one."""
    if progress.is_complete:
        return []
    return [
        section(f"*First steps* · {len(progress.done)} of {len(SetupStep)} done"),
        *(_step(progress, step, number) for number, step in enumerate(SetupStep, start=1)),
        *_demo(progress),
    ]


def for_home(progress: Progress) -> list[Block]:
    """The checklist for an admin's Home: the next step only, and the way to all of them; none once all are done."""
    step = progress.next_step
    if step is None:
        return []
    title, why = _STEPS[step]
    return [
        section(f"*Set up Baton* · {len(progress.done)} of {len(SetupStep)} steps done\nNext: *{title}.* {why}"),
        *actions(_button(progress, step, style="primary"), open_setup("All steps")),
    ]


def open_setup(label: str = "Set up Baton", *, style: str | None = None) -> Block:
    """The button that opens set-up, for a message or a Home tab."""
    return button(label, SetupAction.OPEN, button_value(pages.HOME), style=style, about="of Baton")


def _step(progress: Progress, step: SetupStep, number: int) -> Block:
    title, why = _STEPS[step]
    if step in progress.done:
        return section(f"{number}. {title} {DONE}")
    style = "primary" if step is progress.next_step else None
    return section(f"*{number}. {title}*\n{why}", accessory=_button(progress, step, style=style))


def _button(progress: Progress, step: SetupStep, *, style: str | None) -> Block:
    address = {
        SetupStep.TEAM: pages.of(pages.TEAM),
        SetupStep.PEOPLE: pages.of(pages.TEAM, progress.unstaffed or progress.first_team or ""),
        SetupStep.HOURS: pages.of(pages.CALENDAR),
        SetupStep.POLICY: pages.of(pages.POLICY),
        SetupStep.FIRST_HANDOFF: pages.of(pages.HOME),
    }[step]
    action = {
        SetupStep.TEAM: SetupAction.TEAM,
        SetupStep.PEOPLE: SetupAction.TEAM,
        SetupStep.HOURS: SetupAction.HOURS,
        SetupStep.POLICY: SetupAction.POLICY,
        SetupStep.FIRST_HANDOFF: SetupAction.HAND_OFF,
    }[step]
    return act(_BUTTONS[step], action, address, "as the next step", style=style)


def _demo(progress: Progress) -> Iterator[Block]:
    if progress.demo is None and SetupStep.FIRST_HANDOFF not in progress.done:
        yield context("Or try it first: a demo team has its hours, deadlines and templates filled in.")
        yield from actions(act("Make a demo team", SetupAction.DEMO, pages.HOME, "to try it"))
