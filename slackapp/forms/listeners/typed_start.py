"""Open the form from what is typed after the command: nothing, a title, a link, who it is for.

Typed text begins a handoff with that title. A channel, group or person in front of it or behind it says who it is for,
and a link in it is what it is about. `/handoff` alone opens an empty form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from slackapp.capability import Subcommand, any_text
from slackapp.forms.listeners import duplicates, open_form
from slackapp.forms.model import Prefilled
from slackapp.forms.queries.prefill import prefill
from slackapp.forms.rules.starting_point import StartingPoint
from slackapp.forms.views.pages import TITLE
from slackapp.handoffs.queries import find
from slackapp.handoffs.rules.fields import LONGEST
from slackapp.slack import message_text
from slackapp.slack.block_kit.blocks import clip, said
from slackapp.slack.block_kit.rich_text import rich_of
from slackapp.slack.command_text import CommandText, Word
from slackapp.slack.conversation import Context, Reply
from slackapp.slack.field_problems import is_link
from slackapp.slack.ids import Field
from slackapp.slack.mrkdwn import TokenKind
from slackapp.slack.payloads import Command

NO_TEAM: Final = "{mention} isn't a team that takes handoffs. Choose a team below."
_MENTIONS: Final = (TokenKind.CHANNEL, TokenKind.GROUP, TokenKind.USER)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """Typed text, taken apart."""

    title: tuple[Word, ...]
    addressed: Word | None = None
    """The channel, group or person that it is for."""
    link: str | None = None


def free_text(text: CommandText) -> CommandText | None:
    """Return typed text that begins a handoff: several words, or one mention. A single word may be a slip."""
    if len(text.words) == 1:
        return text if text.words[0].refers_to(*_MENTIONS) else None
    return text or None


def starting_point_of_link(text: str) -> StartingPoint | None:
    """Return a typed link as a starting point; None for anything else."""
    # Slack may send a link in angle brackets, with a label.
    link = text.strip().removeprefix("<").removesuffix(">").partition("|")[0]
    return StartingPoint(link=link) if is_link(link) and len(link) <= LONGEST["link"] else None


def take_apart(text: CommandText) -> Typed:
    """Return who typed text is for, its link and its title."""
    words = list(text.words)
    addressed = None
    for end in (0, -1):
        if addressed is None and words and words[end].refers_to(*_MENTIONS):
            addressed = words.pop(end)
    links = [word for word in words if starting_point_of_link(word.text)]
    for end in (0, -1):  # a link within a sentence belongs to it
        if links and words and words[end] is links[0]:
            words.pop(end)
    return Typed(title=tuple(words), addressed=addressed, link=links[0].text if links else None)


def begin(context: Context, command: Command, text: CommandText) -> Reply:
    """Open the form with what was typed in its fields; an empty one for nothing."""
    user = command.who.user
    typed = take_apart(text)
    values, notices = _addressed(context, typed.addressed, user)
    values |= _title(context, typed)
    if typed.link is None:
        return open_form.new_form(context, user, Prefilled(values=values), notices=notices)
    start = StartingPoint(link=typed.link)
    first = prefill(context.baton, workspace=context.workspace, user=user, start=start)
    warning = duplicates.warning_at_opening(context, user, start.address, None)
    marks = {key: mark for key, mark in first.marks.items() if key not in values}
    filled = Prefilled(values={**first.values, **values}, marks=marks)
    return open_form.new_form(context, user, filled, start=start, warning=warning, notices=notices)


def begin_from_link(context: Context, command: Command, start: StartingPoint) -> Reply:
    """Open the form for a typed link, with first values from the last handoff of its record."""
    return begin(context, command, CommandText.of([Word(text=start.link or "")]))


def _addressed(context: Context, word: Word | None, user: str) -> tuple[dict[str, Any], list[str]]:
    """Return team and person for a mention, and what to say if there is no team for it."""
    if word is None or word.token is None:
        return {}, []
    token = word.token
    teams = find.find_queues_of(context.baton, workspace=context.workspace, token=token, user=user)
    found: dict[str, Any] = {Field.PERSON.value: token.ref} if token.kind is TokenKind.USER else {}
    if len(teams) == 1:
        found[Field.QUEUE.value] = teams[0].key
    if teams or found:
        return found, []
    return {}, [NO_TEAM.format(mention=said(word.text))]


def _title(context: Context, typed: Typed) -> dict[str, Any]:
    """Return the title; what is longer than a title goes into the note as well, so that no word is lost."""
    mentioned = {word.token.ref for word in typed.title if word.token and word.refers_to(*_MENTIONS)}
    names = message_text.get_names(context.baton, workspace=context.workspace, mentioned=mentioned) if mentioned else {}
    whole = " ".join(word.token.words(names) if word.token and mentioned else word.text for word in typed.title)
    if not whole:
        return {}
    title = {Field.TITLE.value: clip(whole, LONGEST["title"])}
    note = {Field.NOTE.value: {"plain": whole, "rich": rich_of(whole)}} if len(whole) > LONGEST["title"] else {}
    return {**title, **note}


WORDS: Final[Mapping[str, Subcommand[Any]]] = {
    "": Subcommand(handle=begin, parse=any_text, usage="`{command}` opens the form", aliases=("new",), opens=TITLE),
    "https://…": Subcommand(
        handle=begin_from_link,
        parse=starting_point_of_link,
        is_example=True,
        opens=TITLE,
        usage="`{command} https://…` opens it for a record, a ticket or a message, with what is known of it",
    ),
    "call": Subcommand(
        handle=begin,
        parse=free_text,
        is_example=True,
        opens=TITLE,
        usage="`{command} call Acme about the price` opens it with that title; add #channel or @person to say who for",
    ),
}
