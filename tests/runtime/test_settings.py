"""Settings from the environment: what is taken, what is refused, and with which words."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from slackapp.runtime.settings import REMEDIES, Settings, SettingsError, database_url, is_loopback, keep_days

SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1-a", "SLACK_APP_TOKEN": "xapp-1-b"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1-a", "SLACK_SIGNING_SECRET": "c0ffee"}


def refused(environment: dict[str, str]) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        Settings.read(environment)
    return {problem.name: str(problem) for problem in caught.value.problems}


def test_two_tokens_are_enough_for_socket_mode() -> None:
    settings = Settings.read(SOCKET)

    assert settings.socket_mode
    assert (settings.host, settings.port, settings.admin_port) == ("127.0.0.1", 3000, 3001)
    assert (settings.api_url, settings.database_url) == ("https://slack.com/api/", "sqlite:///baton.db")
    assert (settings.config, settings.clock_url) == (None, None)


def test_a_token_and_the_signing_secret_are_enough_for_http_mode() -> None:
    assert not Settings.read(HTTP).socket_mode


def test_an_empty_variable_counts_as_not_set() -> None:
    assert not Settings.read({**HTTP, "SLACK_APP_TOKEN": "", "BATON_PORT": " "}).socket_mode


def test_secrets_do_not_show() -> None:
    settings = Settings.read({**SOCKET, "BATON_DATABASE_URL": "postgresql+psycopg://u:hidden@h/d"})

    shown = repr(settings) + str(settings)

    assert not any(secret in shown for secret in ("xoxb-1-a", "xapp-1-b", "hidden"))


def test_everything_that_is_missing_is_named_together() -> None:
    problems = refused({})

    assert list(problems) == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]
    assert "OAuth & Permissions" in problems["SLACK_BOT_TOKEN"]
    assert "Set SLACK_APP_TOKEN for Socket Mode" in problems["SLACK_APP_TOKEN"]


UNCHECKED = {"SLACK_SIGNING_SECRET", "BATON_HOST", "BATON_ADMIN_HOST"}
"""Nothing can be said of them before they are used."""


def test_everything_that_is_wrong_is_named_together_and_no_secret_is_repeated() -> None:
    problems = refused(
        {
            "SLACK_BOT_TOKEN": "xapp-swapped",
            "SLACK_APP_TOKEN": "xoxb-swapped",
            "SLACK_API_URL": "slack.com",
            "BATON_DATABASE_URL": "postgresql://u:hidden@h/d",
            "BATON_CONFIG": "no/such/file.yml",
            "BATON_PORT": "many",
            "BATON_ADMIN_PORT": "70000",
            "BATON_WEBHOOK_SECRET": "whsec_swapped",
            "BATON_KEEP_DAYS": "6",
            "BATON_CLOCK_URL": "http://192.0.2.1/clock",
        }
    )

    assert list(problems) == [name for name in REMEDIES if name not in UNCHECKED]
    assert not any("swapped" in text or "hidden" in text for text in problems.values())
    assert "begin with xoxb-" in problems["SLACK_BOT_TOKEN"]
    assert "postgresql+psycopg://" in problems["BATON_DATABASE_URL"]


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://h/d", "postgres://h/d", "postgresql+psycopg://h:port/d", "x"]
)
def test_a_database_that_cannot_be_used_is_refused_with_two_that_can(url: str) -> None:
    with pytest.raises(SettingsError, match=r"^BATON_DATABASE_URL .* Write sqlite:///baton\.db for a file"):
        database_url({"BATON_DATABASE_URL": url})


@pytest.mark.parametrize("days", ["6", "0", "-1", "36501", "many", "9.5", "²"])
def test_days_to_keep_that_cannot_be_used_are_refused(days: str) -> None:
    with pytest.raises(SettingsError, match=r"^BATON_KEEP_DAYS .* from 7 to 36500"):
        keep_days({"BATON_KEEP_DAYS": days})
    assert "BATON_KEEP_DAYS" in refused({**HTTP, "BATON_KEEP_DAYS": days})


def test_finished_handoffs_are_kept_for_ninety_days_unless_set() -> None:
    assert (keep_days({}), Settings.read(HTTP).keep_days) == (90, 90)
    assert (keep_days({"BATON_KEEP_DAYS": "7"}), Settings.read({**HTTP, "BATON_KEEP_DAYS": "7"}).keep_days) == (7, 7)


def test_a_missing_way_in_is_told_beside_other_problems() -> None:
    assert list(refused({"SLACK_BOT_TOKEN": "nonsense"})) == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]


def test_tokens_go_over_plain_http_on_this_machine_only() -> None:
    assert "not encrypted" in refused({**HTTP, "SLACK_API_URL": "http://slack.com/api/"})["SLACK_API_URL"]
    assert Settings.read({**HTTP, "SLACK_API_URL": "http://127.0.0.1:9/api"}).api_url == "http://127.0.0.1:9/api/"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/clock", "http://localhost/clock", "http://[::1]:4/clock"])
def test_this_machine_may_lend_its_clock(url: str) -> None:
    assert Settings.read({**HTTP, "BATON_CLOCK_URL": url}).clock_url == url


@pytest.mark.parametrize("url", ["http://localhost.example.com", "http://127.0.0.1@example.com", "http://[", "x", ""])
def test_another_machine_is_not_this_one(url: str) -> None:
    assert not is_loopback(url)


def test_settings_made_in_code_take_nothing_from_the_environment(tmp_path: Path) -> None:
    config = tmp_path / "baton.yml"
    config.touch()

    settings = Settings(bot_token=SecretStr("xoxb-1"), signing_secret=SecretStr("s"), config=config, port=0)

    assert (settings.config, settings.port, settings.socket_mode) == (config, 0, False)


@pytest.mark.parametrize(
    "secret", ["whsec_c2hvcnQ=", "bm8gcHJlZml4LCBidXQgbG9uZyBlbm91Z2ggaW4gYnl0ZXM=", "whsec_not base64!"]
)
def test_a_secret_that_webhooks_cannot_be_signed_with_is_refused_and_not_repeated(secret: str) -> None:
    (problem,) = refused({**SOCKET, "BATON_WEBHOOK_SECRET": secret}).values()

    assert "openssl rand -base64 32" in problem
    assert secret not in problem


def test_the_secret_of_webhooks_is_kept_out_of_logs() -> None:
    secret = "whsec_QmF0b24ncyB3ZWJob29rIHNlY3JldCwgMzIgYnl0ZXM="
    settings = Settings.read({**SOCKET, "BATON_WEBHOOK_SECRET": secret})

    assert secret in settings.secrets
    assert secret not in repr(settings)
