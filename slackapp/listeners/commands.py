"""`/handoff` and the words after it. Everything is answered to the person alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from slackapp.listeners import beginnings, opening, starting, templates
from slackapp.listeners.desk import Desk, Reply, Tell
from slackapp.listeners.inbound import Command
from slackapp.usecases import contexts, look_up, why
from slackapp.usecases.outcomes import Missing
from slackapp.views import answers
from slackapp.views import contexts as contexts_view
from slackapp.views import why as why_view
from storage.company import Queue

_NUMBER: Final = re.compile(r"#?(\d{1,9})")
_SEARCHED: Final = 1000
"""Teams looked through for a name: the one called exactly so may come after many that only contain it."""


def answer(desk: Desk, said: Command) -> Reply:
    """Do what the words ask for; words that are not known get the usage."""
    word, _, rest = said.text.partition(" ")
    number = _NUMBER.fullmatch(said.text)
    if number:
        return _one(desk, said, int(number[1]))
    start = beginnings.of_link(said.text)
    if start:
        return starting.from_link(desk, said.who.user, start)
    return _WORDS.get(word.lower(), _unknown)(desk, said, rest.strip())


def _unknown(_desk: Desk, said: Command, _rest: str) -> Reply:
    return Tell(post=answers.unknown(said.text))


def _form(desk: Desk, said: Command, _rest: str) -> Reply:
    return opening.form(desk, said.who.user)


def _help(_desk: Desk, _said: Command, _rest: str) -> Reply:
    return Tell(post=answers.usage())


def _one(desk: Desk, said: Command, number: int) -> Reply:
    seen = look_up.by_number(desk.baton, workspace=desk.workspace, number=number, user=said.who.user)
    if isinstance(seen, Missing) or not seen.visible:
        return Tell(post=answers.no_such(said.text))
    return Tell(post=answers.one(seen.picture, seen.may, seen.now))


def _why(desk: Desk, said: Command, rest: str) -> Reply:
    number = _NUMBER.fullmatch(rest)
    if number is None:
        return _unknown(desk, said, rest)
    found = why.why(desk.baton, workspace=desk.workspace, number=int(number[1]), user=said.who.user)
    return Tell(post=answers.no_such(rest) if isinstance(found, Missing) else why_view.why(found))


def _mine(desk: Desk, said: Command, _rest: str) -> Reply:
    own = look_up.mine(desk.baton, workspace=desk.workspace, user=said.who.user)
    return Tell(post=answers.mine(own.owned, own.sent, own.now, offered=own.offered))


def _waiting(desk: Desk, said: Command, name: str) -> Reply:
    queue = _named(desk, name) if name else None
    if isinstance(queue, Tell):
        return queue
    waiting = look_up.waiting(desk.baton, workspace=desk.workspace, user=said.who.user, queue=queue)
    if queue and waiting.hidden:
        return Tell(post=answers.hidden(queue))
    return Tell(post=answers.open_list(waiting.shown, waiting.now, queue=queue, total=waiting.total))


def _context(desk: Desk, said: Command, name: str) -> Reply:
    queue = _named(desk, name) if name else None
    if isinstance(queue, Tell):
        return queue
    found = contexts.contexts(desk.baton, workspace=desk.workspace, user=said.who.user, queue=queue)
    if queue and found.hidden:
        return Tell(post=contexts_view.hidden(queue))
    teams = [(one.queue, one.by_template) for one in found.teams]
    return Tell(post=contexts_view.contexts(teams, found.own))


def _named(desk: Desk, name: str) -> Queue | Tell:
    """The team that somebody typed the name of, or what to say where it fits none or several."""
    found = look_up.find_queues(desk.baton, workspace=desk.workspace, text=name, limit=_SEARCHED)
    exact = [queue for queue in found if name.casefold() in {queue.key.casefold(), queue.name.casefold()}]
    if len(exact or found) > 1:
        return Tell(post=answers.several_queues(name, exact or found))
    if not found:
        known = look_up.find_queues(desk.baton, workspace=desk.workspace, text="", limit=_SEARCHED)
        return Tell(post=answers.no_queue(name, known))
    return (exact or found)[0]


_WORDS: Final[Mapping[str, Callable[[Desk, Command, str], Reply]]] = {
    "": _form,
    "new": _form,
    "help": _help,
    "mine": _mine,
    "open": _waiting,
    "why": _why,
    "context": _context,
    "templates": templates.command,
}
"""What the words do; what follows a word is given without the spaces around it."""
