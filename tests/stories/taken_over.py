"""Work whose form asks for a read-back, opened as a channel of its own would: without walking through the form."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeAlias

from slackapp.app import Running
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Opened
from storage.handoffs.model import Text
from tests.slack_client import Message, Workspace
from tests.stories.company import Change, Json

Opening: TypeAlias = Callable[..., Message]

REASONS: Final = {"no_date": "No date was agreed", "scope": "The scope is open"}
_forms = itertools.count(1)


def takes_over(read_back: str = "hard", **more: Any) -> Change:
    """Customer Success offers one template, which asks for such a read-back and has reasons of its own."""

    def change(read: Json) -> None:
        contract = {"key": "contract", "label": "Contract", "type": "short"}
        template = {"key": "takeover", "name": "Takeover", "read_back": read_back, "reasons": REASONS}
        read["templates"] = [{**template, "fields": [contract], **more}]
        read["queues"][0]["templates"] = ["takeover"]

    return change


def opening(slack: Workspace, running: Running) -> Opening:
    """Open a handoff from somebody and return its card, as they see it."""

    def opened(user: str = "U0BEN", **more: Any) -> Message:
        given: dict[str, Any] = {
            "title": "Acme renewal",
            "queue": "success",
            "next_step": "Call Mara about the price",
            "note": Text(plain="They asked for 10 % off."),
            "template": "takeover",
            "fields": {"contract": "C-17"},
        }
        draft = NewHandoff(**{**given, **more})
        outcome = open_handoff(running.baton, workspace="T0LOCAL", user=user, draft=draft, form=f"f{next(_forms)}")
        assert isinstance(outcome, Opened), outcome
        slack.settle()
        return slack.find(user, "C0SUCCESS", draft.title)

    return opened


def together(slack: Workspace, work: Callable[[str], object], *users: str) -> None:
    """Let several people do something at the same moment, and see what comes of it."""
    slack.settle_after_acts = False
    try:
        with ThreadPoolExecutor(len(users)) as pool:
            list(pool.map(work, users))
    finally:
        slack.settle_after_acts = True
    slack.settle()
