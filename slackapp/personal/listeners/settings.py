"""`/handoff settings`: the forms in which a person chooses how they get messages, and their buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time
from typing import Any, Final

from slackapp.capability import Subcommand, nothing_more
from slackapp.people.rules.personal_settings import MOST_QUIET_DAYS, SETTABLE
from slackapp.personal.actions.settings import change_settings
from slackapp.personal.model import Unknown
from slackapp.personal.queries.settings import find_settings
from slackapp.personal.rules import quiet_problem
from slackapp.personal.views import away, settings
from slackapp.personal.views.settings import DAYS, PROBLEMS, SINCE, SUMMARY_AT, UNTIL
from slackapp.slack import ids
from slackapp.slack.block_kit.blocks import Block
from slackapp.slack.command_text import CommandText
from slackapp.slack.conversation import (
    CloseModals,
    Context,
    FieldErrors,
    NoReply,
    OpenModal,
    Reply,
    UpdateModal,
    UpdateModalBelow,
    tell,
)
from slackapp.slack.inbound import MalformedPayload
from slackapp.slack.payloads import Click, Command, Submit
from storage.company.model import MessageDelivery, PersonalSettings

_WEEKDAYS: Final = tuple(str(number) for number in range(len(settings.WEEKDAYS)))
"""The values of the options of days."""


def command(context: Context, said: Command, _nothing: CommandText) -> Reply:
    """Open the form."""
    return _open(context, said.who.user, settings.form)


def open_form(context: Context, click: Click) -> Reply:
    """Open the form from the Home tab."""
    return _open(context, click.who.user, settings.form)


def save(context: Context, sent: Submit) -> Reply:
    """Store how the person gets messages of each topic, and when their summary comes."""
    chosen = {topic: _delivery(sent.values.get(topic)) for topic in SETTABLE}
    at = _time(sent.values.get(SUMMARY_AT))

    def changed(before: PersonalSettings) -> PersonalSettings:
        return replace(
            before,
            in_summary=tuple(topic for topic in SETTABLE if chosen[topic] is MessageDelivery.SUMMARY),
            never=tuple(topic for topic in SETTABLE if chosen[topic] is MessageDelivery.NEVER),
            summary_at=at,
        )

    outcome = change_settings(context.baton, workspace=context.workspace, user=sent.who.user, changed=changed)
    return tell(away.UNKNOWN) if isinstance(outcome, Unknown) else CloseModals()


def open_quiet_form(context: Context, click: Click) -> Reply:
    """Open the form of quiet hours on top of the settings."""
    return _open(context, click.who.user, settings.quiet_form)


def save_quiet_hours(context: Context, sent: Submit) -> Reply:
    """Store the quiet hours."""
    since, until = _time(sent.values.get(SINCE)), _time(sent.values.get(UNTIL))
    problem = quiet_problem(since, until)
    if problem is not None:
        return FieldErrors(problems={UNTIL if since is not None else SINCE: PROBLEMS[problem]})
    days = tuple(sorted(_weekday(day) for day in sent.values.get(DAYS) or ()))[:MOST_QUIET_DAYS]
    outcome = _set_quiet_hours(context, sent.who.user, since, until, days)
    if isinstance(outcome, Unknown):
        return tell(away.UNKNOWN)
    return UpdateModalBelow(reply=NoReply(), below=settings.form(outcome))


def end_quiet_hours(context: Context, click: Click) -> Reply:
    """Turn the quiet hours off."""
    outcome = _set_quiet_hours(context, click.who.user, None, None, ())
    if isinstance(outcome, Unknown):
        return tell(away.UNKNOWN)
    return UpdateModalBelow(reply=UpdateModal(view=settings.quiet_form(outcome)), below=settings.form(outcome))


def _set_quiet_hours(
    context: Context, user: str, since: time | None, until: time | None, days: tuple[int, ...]
) -> PersonalSettings | Unknown:
    return change_settings(
        context.baton,
        workspace=context.workspace,
        user=user,
        changed=lambda before: replace(before, quiet_from=since, quiet_until=until, quiet_days=days),
    )


def _open(context: Context, user: str, drawn: Callable[[PersonalSettings], Block]) -> Reply:
    found = find_settings(context.baton, workspace=context.workspace, user=user)
    return tell(away.UNKNOWN) if isinstance(found, Unknown) else OpenModal(view=drawn(found))


def _delivery(entered: object) -> MessageDelivery:
    try:
        return MessageDelivery(str(entered))
    except ValueError:
        raise MalformedPayload("a topic has none of the options") from None


def _weekday(entered: object) -> int:
    if entered not in _WEEKDAYS:
        raise MalformedPayload("a day is none of the options")
    return _WEEKDAYS.index(str(entered))


def _time(entered: object) -> time | None:
    try:
        return time.fromisoformat(entered) if isinstance(entered, str) and entered else None
    except ValueError:
        raise MalformedPayload("a time is none") from None


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    ids.SETTINGS_OPEN: open_form,
    ids.SETTINGS_QUIET: open_quiet_form,
    ids.SETTINGS_QUIET_OFF: end_quiet_hours,
}
FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {
    ids.SETTINGS_SAVE: save,
    ids.SETTINGS_QUIET: save_quiet_hours,
}
OPENS: Final[Mapping[str, str]] = {
    ids.SETTINGS_OPEN: settings.TITLE,
    ids.SETTINGS_QUIET: settings.QUIET_TITLE,
}
WORDS: Final[Mapping[str, Subcommand[Any]]] = {
    "settings": Subcommand(
        handle=command,
        parse=nothing_more,
        opens=settings.TITLE,
        usage="`{command} settings` says which messages you get right away, in a daily summary or not, and when",
    ),
}
