"""The three ways in which a call to Slack fails. `slackapp.slack.error_codes` says what Slack's codes mean."""

from __future__ import annotations

from slackapp.slack.error_codes import ErrorClass, error_class


class SlackRefusedError(Exception):
    """Slack refused a call. `wait_s` is its Retry-After in seconds, if it gave one."""

    def __init__(self, method: str, code: str, *, wait_s: float | None = None, problems: tuple[str, ...] = ()) -> None:
        super().__init__(f"{method}: {code}")
        self.method = method
        self.code = code
        self.wait_s = wait_s
        self.problems = problems

    @property
    def meaning(self) -> ErrorClass:
        """The class of the error code."""
        return error_class(self.code)


class UnknownOutcomeError(Exception):
    """No usable response: Slack may or may not have carried out the call. `code` is for logs and metrics."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: {code}")
        self.method = method
        self.code = code


class NotReachedError(Exception):
    """The call never left this machine: Slack has certainly not carried it out."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: {code}")
        self.method = method
        self.code = code
