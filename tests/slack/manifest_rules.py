"""Slack's published limits for the parts of an app manifest that Baton uses, as a JSON Schema.

Source: the manifest schema that Slack publishes for major version 1 (github.com/slackapi/manifest-schema), read in
November 2026. Stated anew for what we use, and closed: a key that is not listed here is a mistake or needs a look at
the published schema first. Where Slack's documentation is stricter than its schema the stricter rule stands.
"""

from __future__ import annotations

from typing import Any, Final

Rule = dict[str, Any]

YES_OR_NO: Final[Rule] = {"type": "boolean"}


def text(least: int, most: int, pattern: str | None = None) -> Rule:
    rule: Rule = {"type": "string", "minLength": least, "maxLength": most}
    return rule if pattern is None else {**rule, "pattern": pattern}


def some(item: Rule, least: int, most: int) -> Rule:
    return {"type": "array", "items": item, "minItems": least, "maxItems": most, "uniqueItems": True}


def only(needed: str = "", **known: Rule) -> Rule:
    return {"type": "object", "properties": known, "required": needed.split(), "additionalProperties": False}


def address(most: int) -> Rule:
    return text(1, most, "^https?://")


_SHORTCUT: Final = only(
    "name type callback_id description",
    name=text(1, 24),
    type={"enum": ["message", "global"]},
    callback_id=text(1, 255),
    description=text(1, 150),
)

_COMMAND: Final = only(
    "command description",
    command=text(2, 32, "^/[a-z0-9_-]+$"),
    description=text(1, 2000),
    usage_hint=text(1, 1000),
    should_escape=YES_OR_NO,
    url=address(3000),
)

_SCOPES: Final = some(text(1, 50), 0, 255)

_WHOLE: Final = {"type": "integer"}

RULES: Final[Rule] = only(
    "display_information",
    _metadata=only(major_version={"const": 1}, minor_version=_WHOLE),
    display_information=only(
        "name",
        name=text(1, 35),
        description=text(1, 140),
        long_description=text(175, 4000),
        background_color=text(4, 7, "^#(?:[0-9a-fA-F]{3}){1,2}$"),
    ),
    features=only(
        app_home=only(
            home_tab_enabled=YES_OR_NO, messages_tab_enabled=YES_OR_NO, messages_tab_read_only_enabled=YES_OR_NO
        ),
        bot_user=only("display_name", display_name=text(1, 80, "^[a-z0-9_.-]+$"), always_online=YES_OR_NO),
        shortcuts=some(_SHORTCUT, 1, 10),
        slash_commands=some(_COMMAND, 1, 50),
    ),
    oauth_config=only(scopes=only(bot=_SCOPES, bot_optional=_SCOPES)),
    settings=only(
        event_subscriptions=only(request_url=address(3500), bot_events=some(text(1, 50), 0, 100)),
        interactivity=only(
            "is_enabled",
            is_enabled=YES_OR_NO,
            request_url=address(3500),
            message_menu_options_url=address(3500),
        ),
        org_deploy_enabled=YES_OR_NO,
        socket_mode_enabled=YES_OR_NO,
        token_rotation_enabled=YES_OR_NO,
    ),
)
