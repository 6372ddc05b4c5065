"""Settings from environment variables. All problems are reported at once, each with how to fix it."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from slackapp.runtime.visible_text import is_blank
from storage.db.engines import parse_url, secrets_of

SLACK_API_URL: Final = "https://slack.com/api/"
DATABASE_URL: Final = "sqlite:///baton.db"
_LOOPBACK_NAMES: Final = frozenset({"localhost"})
_HIGHEST_PORT: Final = 65535
_KEPT: Final = (7, 36_500)
KEEP_DAYS: Final = 90
"""Days for which timers, notices and posted messages of finished handoffs are kept, unless set."""

BOT_TOKEN: Final = "SLACK_BOT_TOKEN"  # noqa: S105 — the variable's name, not a token
APP_TOKEN: Final = "SLACK_APP_TOKEN"  # noqa: S105 — as above
SIGNING_SECRET: Final = "SLACK_SIGNING_SECRET"  # noqa: S105 — as above
WEBHOOK_SECRET: Final = "BATON_WEBHOOK_SECRET"  # noqa: S105 — as above

WEBHOOK_SECRET_PREFIX: Final = "whsec_"  # noqa: S105 — how such a secret begins
"""Prefix of a Standard Webhooks secret; base64 follows."""
_WEBHOOK_SECRET_BYTES: Final = range(24, 65)

REMEDIES: Final[Mapping[str, str]] = {
    BOT_TOKEN: (
        'Copy the "Bot User OAuth Token" (xoxb-...) from your app\'s page "OAuth & Permissions" on api.slack.com/apps.'
    ),
    APP_TOKEN: (
        'Make one on your app\'s page "Basic Information" under "App-Level Tokens", with the scope connections:write. '
        "The token begins with xapp-. Leave the variable out to use HTTP mode."
    ),
    SIGNING_SECRET: 'Copy the "Signing Secret" from your app\'s page "Basic Information" on api.slack.com/apps.',
    "SLACK_API_URL": f"Leave it out to use {SLACK_API_URL}.",
    "BATON_DATABASE_URL": (
        "Write sqlite:///baton.db for a file in the working folder, or postgresql+psycopg://user:password@host/name."
    ),
    "BATON_CONFIG": "Give the path of your company's configuration file (start from docs/baton.example.yml).",
    "BATON_HOST": "Give the address to listen on, such as 127.0.0.1 or 0.0.0.0.",
    "BATON_PORT": f"Give a port number from 0 to {_HIGHEST_PORT}.",
    "BATON_ADMIN_HOST": (
        "Give the address to listen on: 127.0.0.1, or 0.0.0.0 to show health and metrics to other machines."
    ),
    "BATON_ADMIN_PORT": f"Give a port number from 0 to {_HIGHEST_PORT}.",
    WEBHOOK_SECRET: (
        f"Write {WEBHOOK_SECRET_PREFIX} and 24 to 64 random bytes in base64, and give the receiver the same. "
        f'`echo "{WEBHOOK_SECRET_PREFIX}$(openssl rand -base64 32)"` makes one.'
    ),
    "BATON_KEEP_DAYS": f"Give a number of days from {_KEPT[0]} to {_KEPT[1]}, or leave it out for {KEEP_DAYS}.",
    "BATON_CLOCK_URL": "Remove it, unless Baton runs against a local workspace on this machine.",
}
"""How to fix each variable, shown after what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class SettingProblem:
    """A problem with an environment variable, and how to fix it."""

    name: str
    what: str
    mend: str

    def __str__(self) -> str:
        """The problem as one line of text."""
        return f"{self.name} {self.what} {self.mend}"


class SettingsError(Exception):
    """Environment variables are wrong or missing; `problems` lists all of them."""

    def __init__(self, problems: tuple[SettingProblem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def _beginning(secret: SecretStr, prefix: str) -> SecretStr:
    written = secret.get_secret_value()
    if not written.startswith(prefix) or not written.isprintable() or " " in written:
        raise ValueError(f"is malformed: it should begin with {prefix} and contain no spaces.")
    return secret


def _bot_token(secret: SecretStr) -> SecretStr:
    return _beginning(secret, "xoxb-")


def _app_token(secret: SecretStr) -> SecretStr:
    return _beginning(secret, "xapp-")


def _webhook_secret(secret: SecretStr) -> SecretStr:
    written = secret.get_secret_value()
    try:
        length = len(base64.b64decode(written.removeprefix(WEBHOOK_SECRET_PREFIX), validate=True))
    except binascii.Error:
        length = 0
    if not written.startswith(WEBHOOK_SECRET_PREFIX) or length not in _WEBHOOK_SECRET_BYTES:
        raise ValueError("is not a valid signing secret for webhooks.")
    return secret


def _api_url(url: str) -> str:
    """Slack's base URL, with the trailing slash that slack_sdk needs. Plain HTTP is accepted for this machine only."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is not an http or https address.")
    if parts.scheme == "http" and not is_loopback(url):
        raise ValueError("is not encrypted: plain http would expose your tokens.")
    return url.rstrip("/") + "/"


def _database_url(url: str) -> str:
    if url.startswith(("postgresql://", "postgres://")):
        raise ValueError("does not name its driver.")
    try:
        parse_url(url)
    except ValueError:
        raise ValueError("is not a database that Baton can use.") from None
    return url


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise ValueError(f"names {path}, which is not a file here.")
    return path


def _clock_url(url: str) -> str:
    if not is_loopback(url):
        raise ValueError("is not on this machine, and Baton takes the time from no other.")
    return url


def is_loopback(url: str) -> bool:
    """Return whether a URL's host is this machine (loopback)."""
    try:
        host = urlsplit(url).hostname or ""
        return host in _LOOPBACK_NAMES or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


Port = Annotated[int, Field(ge=0, le=_HIGHEST_PORT)]


class Settings(BaseSettings):
    """All settings of a Baton process, from environment variables. Secrets never show in a repr.

    `Settings.read()` reads the environment; made with keyword arguments it takes nothing from the environment.
    """

    model_config = SettingsConfigDict(frozen=True, populate_by_name=True, extra="ignore", env_ignore_empty=True)

    bot_token: Annotated[SecretStr, AfterValidator(_bot_token)] = Field(validation_alias=BOT_TOKEN)
    app_token: Annotated[SecretStr, AfterValidator(_app_token)] | None = Field(default=None, validation_alias=APP_TOKEN)
    """Set: Socket Mode. Not set: HTTP mode."""
    signing_secret: SecretStr | None = Field(default=None, validation_alias=SIGNING_SECRET)
    api_url: Annotated[str, AfterValidator(_api_url)] = Field(default=SLACK_API_URL, validation_alias="SLACK_API_URL")
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        default=DATABASE_URL, validation_alias="BATON_DATABASE_URL", repr=False
    )
    config: Annotated[Path, AfterValidator(_existing)] | None = Field(default=None, validation_alias="BATON_CONFIG")
    host: str = Field(default="127.0.0.1", validation_alias="BATON_HOST")
    port: Port = Field(default=3000, validation_alias="BATON_PORT")
    admin_host: str = Field(default="127.0.0.1", validation_alias="BATON_ADMIN_HOST")
    """Where health and metrics are served: on loopback only, unless set."""
    admin_port: Port = Field(default=3001, validation_alias="BATON_ADMIN_PORT")
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] | None = Field(
        default=None, validation_alias=WEBHOOK_SECRET
    )
    """The secret with which webhook calls are signed; without one they are not."""
    keep_days: Annotated[int, Field(ge=_KEPT[0], le=_KEPT[1])] = Field(
        default=KEEP_DAYS, validation_alias="BATON_KEEP_DAYS"
    )
    clock_url: Annotated[str, AfterValidator(_clock_url)] | None = Field(
        default=None, validation_alias="BATON_CLOCK_URL"
    )

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached through Socket Mode instead of HTTP."""
        return self.app_token is not None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Values to mask in logs."""
        tokens = (self.bot_token, self.app_token, self.signing_secret, self.webhook_secret)
        return (*(token.get_secret_value() for token in tokens if token), *secrets_of(self.database_url))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from the caller only; `read` is the one place that reads the environment."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @model_validator(mode="after")
    def _has_a_way_in(self) -> Self:
        if self.app_token is None and self.signing_secret is None:
            raise ValueError(_NO_WAY_IN)
        return self

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings from environment variables. Empty variables count as not set.

        Raises:
            SettingsError: Variables are missing or wrong; it lists all of them.
        """
        names = {str(field.validation_alias) for field in cls.model_fields.values()}
        given = {name: environment[name].strip() for name in names if not is_blank(environment.get(name))}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise SettingsError(_problems(error, given)) from None


def database_url(environment: Mapping[str, str] = os.environ) -> str:
    """The database's URL alone, for commands that need no Slack.

    Raises:
        SettingsError: The URL cannot be used.
    """
    name = "BATON_DATABASE_URL"
    given = environment.get(name, DATABASE_URL)
    url = DATABASE_URL if is_blank(given) else given.strip()
    try:
        return _database_url(url)
    except ValueError as error:
        raise SettingsError((SettingProblem(name=name, what=str(error), mend=REMEDIES[name]),)) from None


def keep_days(environment: Mapping[str, str] = os.environ) -> int:
    """The days for which finished handoffs are kept in full, for commands that need no Slack.

    Raises:
        SettingsError: The number cannot be used.
    """
    name = "BATON_KEEP_DAYS"
    given = environment.get(name, "")
    written = str(KEEP_DAYS) if is_blank(given) else given.strip()
    if not written.isascii() or not written.isdigit() or not _KEPT[0] <= int(written) <= _KEPT[1]:
        what = "is not a valid number."
        raise SettingsError((SettingProblem(name=name, what=what, mend=REMEDIES[name]),))
    return int(written)


_NO_WAY_IN: Final = "is not set, and neither is SLACK_SIGNING_SECRET: Slack has no way to reach Baton."


def _problems(error: ValidationError, given: Mapping[str, str]) -> tuple[SettingProblem, ...]:
    """Turn pydantic's errors into problems, in the order in which the variables are documented."""
    found = {}
    for finding in error.errors(include_url=False, include_input=False):
        name = str(finding["loc"][0]) if finding["loc"] else APP_TOKEN
        found[name] = _words(finding["type"], finding["msg"])
    if APP_TOKEN not in given and SIGNING_SECRET not in given:
        found[APP_TOKEN] = _NO_WAY_IN
    mend = {**REMEDIES, APP_TOKEN: _way_in()} if found.get(APP_TOKEN) == _NO_WAY_IN else REMEDIES
    return tuple(SettingProblem(name=name, what=found[name], mend=mend[name]) for name in REMEDIES if name in found)


def _words(kind: str, message: str) -> str:
    match kind:
        case "missing":
            return "is not set."
        case "value_error":
            return message.removeprefix("Value error, ")
        case _:
            return "is not a valid number."


def _way_in() -> str:
    return (
        "Set SLACK_APP_TOKEN for Socket Mode, which needs no public address, "
        'or SLACK_SIGNING_SECRET for HTTP mode. Both are on your app\'s page "Basic Information".'
    )
