"""Where others have a say while a form is filled in: first values, something to decide on, advice before it is sent."""

from __future__ import annotations

from collections.abc import Sequence

from slackapp.blocks import Block
from slackapp.ids import Field
from slackapp.listeners import duplicates
from slackapp.listeners.desk import Desk
from slackapp.policy.beginnings import Beginning, beginning
from slackapp.policy.quality import quality
from slackapp.policy.walk import Prefilled, Walk
from slackapp.usecases.prefill import prefill
from slackapp.views import quality as quality_views
from storage.questions import Template


def before_questions(desk: Desk, user: str, walk: Walk, template: Template) -> Prefilled:
    """First values for a template's questions, asked once when its first page is about to be shown."""
    start = beginning(walk.beginning) if walk.beginning else Beginning()
    about = Beginning(
        message=start.message, thread=start.thread, link=walk.answers.get(Field.LINK) or start.link, note=start.note
    )
    found = prefill(desk.baton, workspace=desk.workspace, user=user, start=about, template=template)
    asked = {question.key for question in template.questions}
    return Prefilled(
        values={key: value for key, value in found.values.items() if key in asked},
        marks={key: mark for key, mark in found.marks.items() if key in asked},
    )


def before_next(desk: Desk, user: str, walk: Walk) -> Sequence[Block]:
    """Something to decide on when the first page was sent; none where there is nothing. It is asked once."""
    return duplicates.before_next(desk, user, walk)


def before_sending(_desk: Desk, _user: str, walk: Walk, template: Template | None) -> Sequence[str]:
    """Sentences about what could be better; none where all is well. They are shown once."""
    return quality_views.advice(quality(walk.answers, template, walk.answers))
