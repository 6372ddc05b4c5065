"""The manifest: valid by Slack's rules in both modes, and saying exactly what the code knows."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from slackapp.slack import ids
from slackapp.slack.connection import scopes
from slackapp.slack.connection.manifest import http_variant
from tests.slack.manifest_rules import RULES

URL = "https://baton.example.com"

EVENT_SCOPES = {
    "app_home_opened": None,
    "app_uninstalled": None,
    "tokens_revoked": None,
    "team_join": "users:read",
    "user_change": "users:read",
    "subteam_created": "usergroups:read",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_id_changed": "channels:read",
    "channel_rename": "channels:read",
    "channel_shared": "channels:read",
    "channel_unshared": "channels:read",
    "channel_unarchive": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "dnd_updated_user": "dnd:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
}
"""What Slack asks for before it sends an event."""


@pytest.fixture
def manifest() -> dict[str, Any]:
    text = (Path(__file__).parents[2] / "manifest.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def problems(manifest: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft7Validator(RULES).iter_errors(manifest)]


def test_the_manifest_keeps_slacks_rules(manifest: dict[str, Any]) -> None:
    assert problems(manifest) == []


def test_the_variant_for_http_keeps_them_too_and_says_where_to_send_everything(manifest: dict[str, Any]) -> None:
    variant = http_variant(manifest, URL)

    assert problems(variant) == []
    settings = variant["settings"]
    assert settings["socket_mode_enabled"] is False
    assert {
        settings["interactivity"]["request_url"],
        settings["event_subscriptions"]["request_url"],
        *(command["url"] for command in variant["features"]["slash_commands"]),
    } == {"https://baton.example.com/slack/events"}


def test_the_variant_differs_in_nothing_else_and_leaves_the_original_alone(manifest: dict[str, Any]) -> None:
    before = deepcopy(manifest)

    variant = http_variant(manifest, URL)

    assert manifest == before
    del variant["settings"]["interactivity"]["request_url"]
    del variant["settings"]["event_subscriptions"]["request_url"]
    variant["settings"]["socket_mode_enabled"] = True
    for command in variant["features"]["slash_commands"]:
        del command["url"]
    assert variant == manifest


@pytest.mark.parametrize(
    ("given", "sent_to"),
    [
        ("https://baton.example.com/", "https://baton.example.com/slack/events"),
        ("https://baton.example.com/slack/events", "https://baton.example.com/slack/events"),
        ("https://example.com:8443/baton", "https://example.com:8443/baton/slack/events"),
    ],
)
def test_the_address_may_be_given_with_or_without_its_path(manifest: dict[str, Any], given: str, sent_to: str) -> None:
    assert http_variant(manifest, given)["settings"]["interactivity"]["request_url"] == sent_to


@pytest.mark.parametrize("url", ["http://baton.example.com", "baton.example.com", "", "https://", "https://a.b/?x=1"])
def test_an_address_that_slack_would_not_use_is_refused(manifest: dict[str, Any], url: str) -> None:
    with pytest.raises(ValueError, match=r"https://your\.host"):
        http_variant(manifest, url)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("display_information", "name"), "x" * 36),
        (("display_information", "long_description"), "too short"),
        (("display_information", "background_color"), "blue"),
        (("features", "slash_commands", 0, "command"), "handoff"),
        (("features", "shortcuts", 0, "name"), "A name of twenty-five cha"),
        (("features", "shortcuts", 0, "type"), "channel"),
        (("features", "bot_user", "display_name"), "Baton!"),
        (("settings", "event_subscriptions", "bot_events"), ["user_change", "user_change"]),
        (("settings", "interactivity", "is_enabled"), "yes"),
        (("settings", "interactivity", "enabled"), True),
    ],
)
def test_the_rules_notice_a_mistake(manifest: dict[str, Any], path: tuple[Any, ...], value: object) -> None:
    place: Any = manifest
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    assert problems(manifest) != []


def test_it_asks_for_exactly_the_scopes_that_the_code_explains(manifest: dict[str, Any]) -> None:
    asked = manifest["oauth_config"]["scopes"]

    assert asked["bot"] == [scope.name for scope in scopes.SCOPES]
    assert asked["bot_optional"] == [scope.name for scope in scopes.SCOPES if scope.optional]


def test_every_scope_says_why_it_is_needed_and_what_is_lost_without_it() -> None:
    for scope in scopes.SCOPES:
        assert scope.why, scope.name
        assert scope.lost.endswith("."), scope.name


def test_missing_scopes_are_named_with_what_is_lost() -> None:
    granted = {scope.name for scope in scopes.SCOPES} - {"dnd:read", "im:write"}

    assert [scope.name for scope in scopes.missing(granted)] == ["im:write", "dnd:read"]
    assert "im:write" in scopes.required()
    assert "dnd:read" not in scopes.required()


def test_its_command_and_shortcuts_are_those_the_code_knows(manifest: dict[str, Any]) -> None:
    features = manifest["features"]

    assert [command["command"] for command in features["slash_commands"]] == [ids.COMMAND]
    assert [shortcut["callback_id"] for shortcut in features["shortcuts"]] == list(ids.Shortcut)


def test_every_event_has_the_scope_that_slack_wants_for_it(manifest: dict[str, Any]) -> None:
    events = manifest["settings"]["event_subscriptions"]["bot_events"]

    assert set(events) == set(EVENT_SCOPES)
    assert {EVENT_SCOPES[event] for event in events} - {None} <= {scope.name for scope in scopes.SCOPES}


def test_only_presence_replies_reactions_and_answers_hang_on_scopes_that_may_be_declined() -> None:
    may_stay_away = {event for event, scope in EVENT_SCOPES.items() if scope and scope not in scopes.required()}

    assert may_stay_away == {
        "dnd_updated_user", "message.channels", "message.groups", "message.im", "app_mention", "reaction_added",
        "reaction_removed",
    }  # fmt: skip


def test_nothing_is_switched_on_that_can_never_be_switched_off(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["token_rotation_enabled"] is False
