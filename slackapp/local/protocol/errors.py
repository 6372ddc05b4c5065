"""Errors: Slack's own, which the app gets, and those of the control API."""

from collections.abc import Mapping

from slackapp.local.protocol.types import Json


class SlackError(Exception):
    """An answer `{"ok": false, "error": code}`.

    Args:
        code: Slack's own word for the error.
        status: the HTTP status; Slack answers 200 to almost everything.
        headers: extra HTTP headers, such as Retry-After.
        extra: further fields of the answer, such as `needed` and `provided`.
    """

    def __init__(
        self, code: str, *, status: int = 200, headers: Mapping[str, str] | None = None, extra: Json | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.headers = dict(headers or {})
        self.extra = extra or {}

    def answer(self) -> Json:
        """Return the body Slack would send."""
        return {"ok": False, "error": self.code, **self.extra}


class BadRequestError(Exception):
    """The control API was asked for something that makes no sense; the message says what."""
