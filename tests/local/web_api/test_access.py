"""Who gets in: tokens, scopes, and the header that tells the scopes."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.slack_client import Workspace


def refusal(client: WebClient, method: str, **arguments: str) -> SlackApiError:
    with pytest.raises(SlackApiError) as caught:
        client.api_call(method, params=arguments)
    return caught.value


def test_auth_test_tells_who_the_app_is_and_its_scopes(slack: Workspace, web: WebClient) -> None:
    answer = web.auth_test()

    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("T0LOCAL", "U0BATON", "B0BATON")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    assert "chat:write" in headers["x-oauth-scopes"].split(",")


def test_wrong_and_missing_and_revoked_tokens_are_told_apart(slack: Workspace, web: WebClient) -> None:
    nobody = WebClient(base_url=slack.api_url, retry_handlers=[])
    stranger = WebClient(token="xoxb-wrong", base_url=slack.api_url, retry_handlers=[])

    assert refusal(nobody, "auth.test").response["error"] == "not_authed"
    assert refusal(stranger, "auth.test").response["error"] == "invalid_auth"
    slack.change("user", id="U0BATON", deleted=True)
    assert refusal(web, "auth.test").response["error"] == "account_inactive"
    slack.change("token", revoked=True)
    assert refusal(web, "auth.test").response["error"] == "token_revoked"


def test_a_changed_token_makes_the_old_one_invalid(slack: Workspace, web: WebClient) -> None:
    slack.change("token", bot="xoxb-new")
    assert refusal(web, "auth.test").response["error"] == "invalid_auth"
    assert WebClient(token="xoxb-new", base_url=slack.api_url).auth_test()["ok"]


def test_each_kind_of_token_opens_only_its_methods(slack: Workspace, web: WebClient) -> None:
    app_level = WebClient(token="xapp-local-app", base_url=slack.api_url, retry_handlers=[])

    assert app_level.apps_connections_open(app_token="xapp-local-app")["url"].startswith("ws://127.0.0.1:")
    assert refusal(app_level, "users.list").response["error"] == "not_allowed_token_type"
    assert refusal(web, "apps.connections.open").response["error"] == "not_allowed_token_type"


def test_each_token_tells_its_app(slack: Workspace, web: WebClient) -> None:
    assert web.bots_info(bot="B0BATON")["bot"]["app_id"] == "A0BATON"
    for token, app in {"xapp-local-app": "A0BATON", "xapp-other-app": "A0OTHER"}.items():
        assert WebClient(token=token, base_url=slack.api_url).auth_test()["app_id"] == app
    assert refusal(web, "bots.info", bot="B0NOBODY").response["error"] == "bot_not_found"


def test_a_declined_scope_is_named_with_what_was_granted(slack: Workspace, web: WebClient) -> None:
    slack.change("scopes", granted=["chat:write", "commands"])

    response = refusal(web, "users.info", user="U0ANA").response
    assert response["error"] == "missing_scope"
    assert response["needed"] == "users:read"
    assert response["provided"] == "chat:write,commands"


def test_scopes_follow_the_kind_of_channel(slack: Workspace, web: WebClient) -> None:
    slack.change("channel", id="C0LEADS", members=["U0ANA", "U0BATON"])
    slack.change("scopes", granted=["channels:read", "channels:history"])

    assert web.conversations_info(channel="C0SUCCESS")["ok"]
    assert web.conversations_history(channel="C0SUCCESS")["ok"]
    assert refusal(web, "conversations.info", channel="C0LEADS").response["needed"] == "groups:read"
    assert refusal(web, "conversations.history", channel="C0LEADS").response["needed"] == "groups:history"


def test_an_unknown_method_is_called_unknown(slack: Workspace, web: WebClient) -> None:
    assert refusal(web, "chat.shout").response["error"] == "unknown_method"


def test_tokens_never_stand_in_the_record_of_calls(slack: Workspace, web: WebClient) -> None:
    web.api_call("auth.test", data={"token": "xoxb-local-bot"})
    assert "xoxb" not in str(slack.calls())
