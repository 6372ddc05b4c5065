"""Slack's small building objects and their limits: options, confirm dialogs, filters.

Sources: docs.slack.dev/reference/block-kit/composition-objects; slack_sdk 3.47 where it says the same.
"""

from typing import Final

from slackapp.local.blockkit.schema import Flag, ListOf, Shape, String, TextObject

ID: Final = String(most=255)  # block_id, action_id, callback_id, external_id
URL: Final = String(most=3000)  # image_url, button url, option url
IMAGE_URL: Final = URL

# value: docs and slack_sdk say 150, @slack/types 75; text and description 75.
OPTION: Final = Shape(
    fields={
        "text": TextObject(most=75, plain=True, required=True),
        "value": String(most=150, required=True),
        "description": TextObject(most=75, plain=True),
    }
)
# Only checkboxes and radio buttons take mrkdwn in an option.
RICH_OPTION: Final = Shape(
    fields={
        "text": TextObject(most=75, required=True),
        "value": String(most=150, required=True),
        "description": TextObject(most=75),
    }
)
OVERFLOW_OPTION: Final = Shape(fields={**OPTION.fields, "url": URL})

OPTIONS: Final = ListOf(of=OPTION, most=100)
OPTION_GROUPS: Final = ListOf(
    of=Shape(
        fields={
            "label": TextObject(most=75, plain=True, required=True),
            "options": ListOf(of=OPTION, most=100, required=True),
        }
    ),
    most=100,
)

CONFIRM: Final = Shape(
    fields={
        "title": TextObject(most=100, plain=True, required=True),
        "text": TextObject(most=300, required=True),
        "confirm": TextObject(most=30, plain=True, required=True),
        "deny": TextObject(most=30, plain=True, required=True),
        "style": String(choices=("primary", "danger")),
    }
)

CONVERSATION_FILTER: Final = Shape(
    fields={
        "include": ListOf(of=String(choices=("im", "mpim", "private", "public"))),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    }
)

DISPATCH_CONFIG: Final = Shape(
    fields={"trigger_actions_on": ListOf(of=String(choices=("on_enter_pressed", "on_character_entered")))}
)

SLACK_FILE: Final = Shape(fields={"id": String(), "url": URL})
