"""What a handoff starts from, read from what somebody did: a message's menu, or a link behind the command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from slackapp.handoffs.rules.fields import LONGEST
from slackapp.policy.beginnings import Beginning, File, Spoken
from slackapp.slack import message_text
from slackapp.slack.conversation import Context
from slackapp.slack.field_problems import is_link
from slackapp.slack.payloads import Quoted, source_of
from slackapp.usecases.prefill import local_day
from storage.handoffs.model import Text

_FILES: Final = 10


def of_message(desk: Context, message: Quoted, user: str) -> Beginning:
    """A message, as its menu carries it. `user` is who hands it off."""
    return Beginning(
        message=_spoken(desk, message, user), note=_note([message_text.quoted(message_text.words_of(desk, message))])
    )


def with_thread(desk: Context, start: Beginning, message: Quoted, thread: Sequence[Quoted], user: str) -> Beginning:
    """The same with what was read of its thread: its note quotes what began the thread too."""
    said = [start.message if one.ts == message.ts else _spoken(desk, one, user) for one in thread]
    quoted = [one for one in thread[:1] if one.ts != message.ts] + [message]
    note = _note([message_text.quoted(message_text.words_of(desk, one)) for one in quoted])
    return replace(start, thread=tuple(one for one in said if one), note=note)


def of_link(text: str) -> Beginning | None:
    """A link that somebody typed; None for anything else. Slack may send it in angle brackets, with a label."""
    link = text.strip().removeprefix("<").removesuffix(">").partition("|")[0]
    return Beginning(link=link) if is_link(link) and len(link) <= LONGEST["link"] else None


def _spoken(desk: Context, message: Quoted, user: str) -> Spoken:
    said, at = message_text.words_of(desk, message), datetime.fromtimestamp(float(message.ts), UTC)
    return Spoken(
        words=said.words,
        author=message.author,
        author_name=said.author,
        permalink=source_of(message, desk.team_url).permalink or "",
        at=at.isoformat(),
        on=local_day(desk.baton, workspace=desk.workspace, user=user, instant=at).isoformat(),
        links=message_text.links_of(message),
        files=tuple(_file(found) for found in message.files[:_FILES]),
    )


def _file(found: Mapping[str, Any]) -> File:
    """A file of a message; in a channel shared with others Slack may name nothing but its id."""
    name = str(found.get("title") or found.get("name") or "a file")
    return File(id=str(found.get("id") or ""), name=name, permalink=str(found.get("permalink") or ""))


def _note(notes: Sequence[Text]) -> dict[str, Any]:
    note = message_text.together(notes)
    return {"plain": note.plain, "rich": note.rich}
