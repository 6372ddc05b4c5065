"""The form that opens a handoff: from the command, from anywhere, or from a message; and what becomes of it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from slackapp import ids
from slackapp.blocks import plain_of, rich_of
from slackapp.ids import Field, Shortcut
from slackapp.listeners.desk import Choices, Desk, Finished, Mend, Redraw, Reply, Show
from slackapp.listeners.inbound import Chosen, Quoted, Submit, Typing, source_of
from slackapp.usecases.look_up import find_queues, look_up, names_of
from slackapp.usecases.open_handoff import Draft, open_handoff
from slackapp.usecases.outcomes import Invalid, Missing, Repeated
from slackapp.views import forms, problems, refusals
from slackapp.views.forms import Prefill
from storage.lifecycle import Verb
from storage.records import Priority, Source, Text

SELECTABLE: Final = 100
"""Slack's limit for options in a select; more queues are searched while typing."""
_USER: Final = re.compile(r"\b[UW][A-Z0-9]{2,}\b")
_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_LINK: Final = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|([^>]*))?>")
_SUBJECT: Final = 80
"""Characters of a message's first line that become the title to start from."""


def form(desk: Desk, prefill: Prefill | None = None) -> Reply:
    """An empty or prefilled form, with the teams to choose from."""
    queues = find_queues(desk.baton, workspace=desk.workspace, text="", limit=SELECTABLE + 1)
    return Show(view=forms.open_form(prefill or Prefill(), queues if len(queues) <= SELECTABLE else None))


def anywhere(desk: Desk, _chosen: Chosen) -> Reply:
    """The global shortcut."""
    return form(desk)


def from_message(desk: Desk, chosen: Chosen) -> Reply:
    """The message shortcut: its text quoted, its author and permalink kept."""
    if chosen.message is None:
        return form(desk)
    text = quoted(desk, chosen.message)
    title = _first_line(plain_of(text.rich))
    source = source_of(chosen.message, desk.team_url)
    return form(desk, Prefill(title=title, note=text.rich, link=source.permalink, source=source))


def opened(desk: Desk, sent: Submit) -> Reply:
    """The form was sent: one handoff, however often it is sent."""
    entered = sent.values
    draft = Draft(
        title=entered.get(Field.TITLE) or "",
        queue=entered.get(Field.QUEUE) or "",
        next_step=entered.get(Field.NEXT_STEP) or "",
        note=entered.get(Field.NOTE) or Text(),
        priority=Priority(entered.get(Field.PRIORITY) or Priority.NORMAL),
        person=entered.get(Field.PERSON),
        link=entered.get(Field.LINK),
        needed_by=entered.get(Field.NEEDED_BY),
        source=_source(sent.meta),
    )
    outcome = open_handoff(desk.baton, workspace=desk.workspace, user=sent.who.user, draft=draft, form=sent.view_id)
    match outcome:
        case Invalid(problems=found):
            return Mend(problems={field: problems.sentence(problem) for field, problem in found.items()})
        case Repeated(same=False, handoff=handoff):
            return _stored_before(desk, sent, handoff.id)
        case _:
            return Finished()


def suggest(desk: Desk, typed: Typing) -> Reply:
    """Teams whose name contains what is typed."""
    if typed.field != Field.QUEUE:
        return Choices()
    found = find_queues(desk.baton, workspace=desk.workspace, text=typed.text, limit=SELECTABLE)
    return Choices(options=forms.queue_options(found))


def quoted(desk: Desk, message: Quoted) -> Text:
    """A message as words to keep: quoted, with who wrote it. People are named, so that keeping it pings nobody."""
    names = names_of(desk.baton, workspace=desk.workspace, users=_users(message))
    blocks = [block for block in message.blocks if block.get("type") == "rich_text"]
    words = "\n".join(plain_of(block, names) for block in blocks) or _plain(message.text, names)
    author = names.get(message.author or "") or message.author_name or "an app"
    rich = rich_of(f"Written by {author}", quoted=words)
    return Text(plain=plain_of(rich), rich=rich)


def _stored_before(desk: Desk, sent: Submit, handoff_id: str) -> Reply:
    """The same form came with other answers: show what is stored, and offer to add the rest as a note."""
    seen = look_up(desk.baton, workspace=desk.workspace, handoff_id=handoff_id, user=sent.who.user)
    if isinstance(seen, Missing):
        return Redraw(view=forms.message_view("Handoff", refusals.GONE))
    return Redraw(view=forms.stored_before(seen.picture, seen.now))


def _source(meta: Mapping[str, Any]) -> Source | None:
    found = meta.get("source")
    if not isinstance(found, Mapping) or not {"channel", "ts"} <= found.keys():
        return None
    return Source(
        channel=found["channel"],
        ts=found["ts"],
        thread_ts=found.get("thread_ts"),
        permalink=found.get("permalink"),
        author=found.get("author"),
    )


def _users(message: Quoted) -> set[str]:
    """Every user id that the message may name."""
    return set(_USER.findall(message.text + json.dumps(message.blocks))) | {message.author or ""}


def _plain(text: str, names: Mapping[str, str]) -> str:
    """Slack's mrkdwn as words: mentions by name, links as they are, entities resolved."""
    text = _MENTION.sub(lambda found: f"@{names.get(found[1], found[1])}", text)
    text = _LINK.sub(lambda found: f"{found[2]} ({found[1]})" if found[2] else found[1], text)
    return html.unescape(text)


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= _SUBJECT else line[: _SUBJECT - 1].rsplit(" ", 1)[0] + "…"


FORMS: Final[Mapping[str, Callable[[Desk, Submit], Reply]]] = {ids.action(Verb.OPEN): opened}
SHORTCUTS: Final[Mapping[str, Callable[[Desk, Chosen], Reply]]] = {
    Shortcut.OPEN: anywhere,
    Shortcut.FROM_MESSAGE: from_message,
}
