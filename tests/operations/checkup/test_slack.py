"""`baton check` on Slack: tokens, scopes and channels; never a traceback."""

from __future__ import annotations

from typing import Any

import pytest

from slackapp.slack.connection.scopes import SCOPES
from tests import slack_client
from tests.operations.checkup.examples import BOT, Examine, wrong


def test_everything_in_order_is_said_as_well(check: Examine) -> None:
    findings = check()

    assert wrong(findings) == []
    said = "\n".join(finding.what for finding in findings)
    for words in ("Northwind", "Every scope", "opens Socket Mode", "up to date", "No deadline", "Customer Success"):
        assert words in said


@pytest.mark.parametrize("scope", ["chat:write", "im:write", "usergroups:read"])
def test_a_missing_scope_is_named_with_what_is_lost(slack: slack_client.Workspace, check: Examine, scope: str) -> None:
    everything = {"commands", "chat:write", "users:read", "usergroups:read", "channels:read", "groups:read", "im:write"}
    slack.change("scopes", granted=sorted(everything - {scope}))

    assert any(what.startswith(f"The scope {scope} is missing") for what in wrong(check()))


def test_a_declined_scope_is_fine_and_says_what_is_lost(slack: slack_client.Workspace, check: Examine) -> None:
    required = ["commands", "chat:write", "users:read", "usergroups:read", "channels:read", "groups:read", "im:write"]
    slack.change("scopes", granted=required)

    findings = check()

    assert wrong(findings) == []
    declined = [finding for finding in findings if finding.what.startswith("The optional scope")]
    assert len(declined) == len([scope for scope in SCOPES if scope.optional])
    assert all(finding.remedy for finding in declined)


def test_a_revoked_bot_token_is_said(slack: slack_client.Workspace, check: Examine) -> None:
    slack.change("token", revoked=True)

    assert any(what.startswith("The bot token (SLACK_BOT_TOKEN):") for what in wrong(check()))


@pytest.mark.parametrize("token", ["xapp-wrong", BOT])
def test_a_wrong_app_token_is_said(check: Examine, token: str) -> None:
    (what,) = wrong(check(app_token=token))

    assert what.startswith("The app-level token (SLACK_APP_TOKEN)")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("invalid_auth", "is not known to Slack"),
        ("not_authed", "is empty"),
        ("account_inactive", "belongs to an app that is no longer active"),
        ("token_revoked", "was revoked"),
        ("not_allowed_token_type", "is another kind of token; it begins with xapp-"),
        ("missing_scope", "may not open connections"),
        ("no_permission", "may not open connections"),
    ],
)
def test_what_is_wrong_with_an_app_token_is_said_in_words(
    slack: slack_client.Workspace, check: Examine, code: str, why: str
) -> None:
    slack.fault("apps.connections.open", {"error": code})

    assert wrong(check()) == [f"The app-level token (SLACK_APP_TOKEN) {why}."]


def test_an_error_that_says_nothing_of_the_app_token_is_not_blamed_on_it(
    slack: slack_client.Workspace, check: Examine
) -> None:
    slack.fault("apps.connections.open", {"error": "fatal_error"}, times=3)

    (what,) = wrong(check())
    assert "fatal_error" in what
    assert "None" not in what


def test_in_http_mode_no_app_token_is_missed(check: Examine) -> None:
    findings = check(app_token=None)

    assert wrong(findings) == []
    assert any("HTTP mode" in finding.what for finding in findings)


def test_a_slack_that_cannot_be_reached_is_said(check: Examine) -> None:
    said = wrong(check(api_url="http://127.0.0.1:9/api/"))

    assert said
    assert all("can't be reached" in what for what in said)


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 503}, {"error": "fatal_error"}, {"lose_answer": True}])
@pytest.mark.parametrize("method", ["auth.test", "conversations.info", "users.info", "apps.connections.open"])
def test_a_slack_that_fails_is_no_traceback_and_no_fault_of_baton(
    slack: slack_client.Workspace, check: Examine, method: str, fault: dict[str, Any]
) -> None:
    slack.fault(method, fault, times=3)

    said = wrong(check())

    assert said
    assert not any("Error:" in what for what in said)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "C0SUCCESS", "deleted": True}, "does not exist, or is private and Baton is not in it"),
        ({"id": "C0SUCCESS", "is_archived": True}, "#success is archived"),
        ({"id": "C0SUCCESS", "is_private": True, "members": ["U0DAN"]}, "private and Baton is not in it"),
    ],
)
def test_a_channel_that_cannot_be_posted_to_is_said(
    slack: slack_client.Workspace, check: Examine, change: dict[str, Any], words: str
) -> None:
    slack.change("channel", **change)

    (what,) = wrong(check())

    assert what.startswith("Queue Customer Success: the channel")
    assert words in what


def test_a_public_channel_without_baton_needs_an_invitation_where_the_scope_was_declined(
    slack: slack_client.Workspace, check: Examine
) -> None:
    required = ["commands", "chat:write", "users:read", "usergroups:read", "channels:read", "groups:read", "im:write"]
    slack.change("scopes", granted=required)
    slack.change("channel", id="C0SUCCESS", members=["U0DAN"])

    assert wrong(check()) == ["Queue Customer Success: the channel #success doesn't include Baton."]


def test_a_channel_shared_with_another_company_is_pointed_out(slack: slack_client.Workspace, check: Examine) -> None:
    slack.change("channel", id="C0SUCCESS", is_ext_shared=True)

    findings = check()

    assert wrong(findings) == []
    assert any("shared with another company" in finding.what for finding in findings)


def test_tokens_of_two_apps_are_found(check: Examine) -> None:
    (what,) = wrong(check(app_token="xapp-other-app"))

    assert what.startswith("The two tokens belong to two apps: SLACK_BOT_TOKEN to A0BATON, SLACK_APP_TOKEN to A0OTHER.")
