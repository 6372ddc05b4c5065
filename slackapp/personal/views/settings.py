"""Draw the forms of personal settings: messages by topic, the summary, and quiet hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Final

from slackapp.people.rules.personal_settings import MOST_QUIET_DAYS, SETTABLE
from slackapp.personal.model import SettingsProblem
from slackapp.slack import ids
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import Block, actions, button, context, section
from slackapp.slack.block_kit.inputs import InputLabels
from slackapp.slack.block_kit.modals import modal
from storage.company.model import MessageDelivery, PersonalSettings, Topic

TITLE: Final = "Settings"
QUIET_TITLE: Final = "Quiet hours"
SUMMARY_AT: Final = "summary_at"
SINCE: Final = "quiet_from"
UNTIL: Final = "quiet_until"
DAYS: Final = "quiet_days"
"""Keys of the forms' fields; each topic's field has the topic's key."""

FIXED: Final[Mapping[Topic, str]] = {
    Topic.GIVEN: "Work offered or given to you",
    Topic.ASKED: "Questions, and work that comes back to you",
    Topic.LATE: "Your deadlines and escalations",
    Topic.TEAM: "Colleagues you cover for, and channels to fix",
}
"""The topics that cannot be turned off."""
TOPICS: Final[Mapping[Topic, InputLabels]] = {
    Topic.SENT: InputLabels(label="What you sent", hint="When it's claimed, passed on, finished or cancelled."),
    Topic.OWNED: InputLabels(label="Changes to your work", hint="Notes, edits, deadlines, and when others take it."),
    Topic.WATCHED: InputLabels(label="Work you watch", hint="When it changes hands or ends."),
}
DELIVERIES: Final[Mapping[MessageDelivery, str]] = {
    MessageDelivery.NOW: "Right away",
    MessageDelivery.SUMMARY: "In my daily summary",
    MessageDelivery.NEVER: "Never",
}
PROBLEMS: Final[Mapping[SettingsProblem, str]] = {
    SettingsProblem.ONE_MISSING: "This is empty. Choose a time, or leave both empty.",
    SettingsProblem.SAME: "Both times are the same. Choose a later end.",
    SettingsProblem.TOO_LONG: "Quiet hours can be 16 hours at most. Choose an earlier end.",
}
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SUMMARY: Final = InputLabels(
    label="Send my summary at",
    hint="Only if there is news. Leave it empty for the start of your own working hours, or 9:00.",
)
_SINCE: Final = InputLabels(label="From")
_UNTIL: Final = InputLabels(label="Until", hint="In your time zone.")
_DAYS: Final = InputLabels(label="Quiet all day on", hint=f"Up to {MOST_QUIET_DAYS} days.")


def form(chosen: PersonalSettings) -> Block:
    """The form of messages by topic."""
    fixed = "\n".join(f"• {words}" for words in FIXED.values())
    options = {delivery.value: words for delivery, words in DELIVERIES.items()}
    return modal(
        TITLE,
        ids.SETTINGS_SAVE,
        [
            section(f"*Always on*\n{fixed}"),
            context("They make you accountable, so they can't be turned off. Reminders wait for your working hours."),
            *(inputs.field(topic, TOPICS[topic], inputs.choice(options, chosen.delivery(topic))) for topic in SETTABLE),
            inputs.field(SUMMARY_AT, _SUMMARY, inputs.time_of_day(chosen.summary_at), optional=True),
            section(f"*Quiet hours*\n{quiet_words(chosen)}", accessory=_quiet_button()),
            context("Only you can see your settings."),
        ],
        submit="Save",
    )


def quiet_form(chosen: PersonalSettings) -> Block:
    """The form of quiet hours."""
    days = {str(number): name for number, name in enumerate(WEEKDAYS)}
    picked = inputs.several("multi_static_select", days, [str(number) for number in chosen.quiet_days])
    off = button("Turn off", ids.SETTINGS_QUIET_OFF, "off", about="quiet hours")
    return modal(
        QUIET_TITLE,
        ids.SETTINGS_QUIET,
        [
            section(
                "Messages wait until your quiet hours are over. Only work that is urgent enough to wake you does not."
            ),
            inputs.field(SINCE, _SINCE, inputs.time_of_day(chosen.quiet_from), optional=True),
            inputs.field(UNTIL, _UNTIL, inputs.time_of_day(chosen.quiet_until), optional=True),
            inputs.field(DAYS, _DAYS, {**picked, "max_selected_items": MOST_QUIET_DAYS}, optional=True),
            *(actions(off) if _has_any(chosen) else []),
        ],
        submit="Save",
    )


def quiet_words(chosen: PersonalSettings) -> str:
    """The quiet hours in words: "22:00 to 7:00, and all day on Saturday and Sunday"."""
    days = " and ".join(WEEKDAYS[number] for number in chosen.quiet_days)
    if chosen.quiet_from is None or chosen.quiet_until is None:
        return f"All day on {days}." if days else "None. Messages come at any hour."
    hours = f"{_clock(chosen.quiet_from)} to {_clock(chosen.quiet_until)}"
    return f"{hours}, and all day on {days}." if days else f"{hours}."


def _has_any(chosen: PersonalSettings) -> bool:
    return chosen.quiet_from is not None or bool(chosen.quiet_days)


def _quiet_button() -> Block:
    return button("Change…", ids.SETTINGS_QUIET, "settings", about="quiet hours")


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"
