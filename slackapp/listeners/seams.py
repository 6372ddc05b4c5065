"""Where others have a say while a form is filled in: first values, something to decide on, advice before it is sent."""

from __future__ import annotations

from collections.abc import Sequence

from slackapp.blocks import Block
from slackapp.listeners.desk import Desk
from slackapp.policy.walk import Prefilled, Walk
from storage.questions import Template


def before_questions(_desk: Desk, _user: str, _walk: Walk, _template: Template) -> Prefilled:
    """First values for a template's questions, asked once when its first page is about to be shown."""
    return Prefilled()


def before_next(_desk: Desk, _user: str, _walk: Walk) -> Sequence[Block]:
    """Something to decide on when the first page was sent; none where there is nothing. It is asked once."""
    return ()


def before_sending(_desk: Desk, _user: str, _walk: Walk, _template: Template | None) -> Sequence[str]:
    """Sentences about what could be better; none where all is well. They are shown once."""
    return ()
