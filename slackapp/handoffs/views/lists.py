"""Replies to `/handoff` and its words: usage, lists, one handoff. Only the person who asked sees them.

They appear in a channel, where others may look on: private work is a stub in them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.privacy import stub
from slackapp.handoffs.views import card, headlines, wording
from slackapp.slack import ids
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Block, Post, actions, button, context, divider, escape, link, said, section
from slackapp.slack.ids import SetupAction
from storage.company.model import Queue
from storage.handoffs.lifecycle import Actor, Role, Verb, allowed
from storage.handoffs.model import Handoff

SHOWN: Final = 20
"""Handoffs in one list; a message holds at most 50 blocks."""

TITLE_LENGTH: Final = 100
Row = tuple[HandoffDetails, str | None]
"""A handoff in a list, and the person in it who reads the list, if known."""

_LISTED_QUEUES: Final = 30


def usage(lines: Sequence[str], command: str = ids.COMMAND) -> Post:
    """The usage of the command. Each of `lines` describes one use, with `{command}` for the word to type."""
    text = "\n".join(
        [
            "*Hand work to another team without dropping it.*",
            *(line.format(command=command) for line in lines),
            f"`{command} help` shows this",
            "From a message: open its menu and choose *Hand this off*.",
        ]
    )
    return _post(text)


def to_writer(mine: Post, lines: Sequence[str], command: str = ids.COMMAND) -> Post:
    """The reply to somebody who wrote to Baton: that it reads no messages, their open handoffs, and the usage.

    Args:
        mine: the list of their open handoffs.
        lines: see `usage`.
        command: the slash command, as people type it.
    """
    lead = "I can't read messages. Use the buttons on my messages, or type one of the commands below."
    told = usage(lines, command)
    return Post(text=f"{lead} {mine.text}\n{told.text}", blocks=[section(lead), *mine.blocks, divider(), *told.blocks])


def question(text: str, command: str = ids.COMMAND) -> Post:
    """A question for what is missing after a word."""
    return _post(text.format(command=command))


def unknown(typed: str, lines: Sequence[str], command: str = ids.COMMAND, *, after: str = "") -> Post:
    """The usage of the command, after words that it does not know.

    Args:
        typed: the words.
        lines: see `usage`.
        command: the slash command, as people type it.
        after: the first of the words, if it is known and only what follows is not.
    """
    post = usage(lines, command)
    title = f" To hand off work with that title, type `{command} new` before it." if " " in typed else ""
    what = said(typed[len(after) :].strip() if after else typed, 100)
    lead = f"I don't know “{what}”{f' after `{command} {after}`' if after else ''}.{title} Try one of these:"
    return Post(text=f"{lead}\n{post.text}", blocks=[section(lead), *post.blocks])


def own_list(
    owned: Sequence[HandoffDetails],
    sent: Sequence[HandoffDetails],
    now: datetime,
    *,
    offered: Sequence[HandoffDetails] = (),
    command: str = ids.COMMAND,
) -> Post:
    """The unfinished handoffs that a person owns, is offered, or has sent.

    At most 20 handoffs of a group are counted; one more given means that there are more than that.
    """
    groups: list[tuple[str, str, list[Row]]] = [
        ("You have", "mine", [(stub(details), details.handoff.owner) for details in owned]),
        ("Offered to you:", "needs_me", [(stub(details), details.handoff.offered_to) for details in offered]),
        ("You have sent", "sent", [(stub(details), details.handoff.sender) for details in sent]),
    ]
    room = SHOWN
    blocks: list[Block] = []
    texts = []
    for title, kind, handoffs in groups:
        if handoffs:
            lead = f"{title} {_how_many(len(handoffs))}."
            shown = handoffs[: max(room, 3)]
            room -= len(shown)
            texts.append(_plain_text(lead, shown, now))
            more = 0 if len(shown) == len(handoffs) else None if len(handoffs) > SHOWN else len(handoffs) - len(shown)
            rest = _remainder(more, _NUMBER, command, f"list={kind}")
            blocks += [section(f"*{lead}*"), *rows(shown, now), *rest]
    if not blocks:
        return _post(f"You have no open handoffs. Type `{command}` to start one.")
    if owned:
        blocks += actions(
            button("Hand over…", ids.BulkAction.HAND_OVER, ids.button_value("own"), about="all your handoffs")
        )
    return Post(text=" ".join(texts), blocks=blocks)


def waiting_list(
    handoffs: Sequence[HandoffDetails],
    now: datetime,
    *,
    queue: Queue | None = None,
    total: int | None = None,
    claimable: Collection[str] = (),
    command: str = ids.COMMAND,
) -> Post:
    """The unclaimed handoffs, in the order given.

    Args:
        handoffs: the handoffs; at most 20 are shown.
        now: the present instant.
        queue: the team asked about, or None for all.
        total: the number of all handoffs, if `handoffs` holds only the first ones.
        claimable: the keys of the teams whose handoffs the reader may claim.
        command: the slash command, as people type it.
    """
    total = max(total or 0, len(handoffs))
    where = f" in {wording.team(queue)}" if queue else ""
    if not handoffs:
        return _post(f"Nothing is waiting to be claimed{where}.")
    lead = f"{phrases.counted(total, 'handoff')} {'is' if total == 1 else 'are'} waiting to be claimed{where}."
    shown = [(stub(details), None) for details in handoffs[:SHOWN]]
    named = urlencode({"list": "open", **({"team": queue.key} if queue else {})})
    rest = _remainder(total - len(shown), _NUMBER if queue else _TEAM, command, named)
    blocks = [section(f"*{lead}*"), *rows(shown, now, claimable, of_team=queue is not None), *rest]
    if sum(details.queue.key in claimable and details.handoff.offered_to is None for details, _ in shown) > 1:
        value = ids.menu_value("queue", queue.key if queue else ids.EVERY_QUEUE)
        blocks += actions(button("Claim several…", ids.BulkAction.CLAIM, value, about="of these handoffs"))
    return Post(text=_plain_text(lead, shown, now), blocks=blocks)


def one_handoff(details: HandoffDetails, may: frozenset[Verb], now: datetime) -> Post:
    """One handoff: the content of its card, with the one button that its reader most likely wants."""
    details = stub(details)
    drawn = card.card(details, now)
    handoff = details.handoff
    body = [block for block in drawn.blocks if block["type"] != "actions"]
    verbs = [verb for verb in useful_verbs(handoff) if verb in may][:1]
    where = [context(link(details.permalink, "See the card"))] if details.permalink else []
    return Post(
        text=drawn.text,
        blocks=[*body, *where, *actions(*card.verb_buttons(handoff, verbs), card.show_button(handoff))],
    )


def not_found(typed: str, command: str = ids.COMMAND) -> Post:
    """The reply that no handoff has this number, or none that this person may see."""
    number = said(typed, 20).lstrip("#")
    return _post(f"There is no handoff #{number} that you can see. `{command} mine` lists yours.")


def no_such_queue(typed: str, queues: Sequence[Queue], command: str = ids.COMMAND) -> Post:
    """The reply that no team has the typed name, with the teams there are."""
    lead = f"No team is called “{said(typed, 75)}”."
    if not queues:
        return _post(f"{lead} No team is set up that you can see. Ask an admin of Baton to add one.")
    return _post(f"{lead} There are: {_named(queues)}. `{command} open` lists the unassigned handoffs of all teams.")


def no_teams(admins: Sequence[str] | None) -> Post:
    """The reply to a person without any team to hand work to; `admins` can set one up, None: the person can."""
    if admins is None:
        lead = f"{NO_TEAM} Set up the first one: it takes a name and a channel."
        value = ids.button_value("start")
        start = button("Set up Baton", SetupAction.OPEN, value, style="primary", about="for the first time")
        return Post(text=lead, blocks=[section(lead), *actions(start)])
    return _post(f"{NO_TEAM} Ask {phrases.any_of(admins)} to add one with `{ids.COMMAND} setup`.")


def several_queues(typed: str, queues: Sequence[Queue], command: str = ids.COMMAND) -> Post:
    """The reply that several teams have the typed text in their name, with those teams."""
    lead = f"“{said(typed, 75)}” fits {len(queues)} teams: {_named(queues)}."
    return _post(f"{lead} Type more of the name, or `{command} open` for all teams.")


def note_added(details: HandoffDetails) -> Post:
    """The reply that a message was added to a handoff's notes."""
    details = stub(details)
    return _post(f"Added to the notes of {wording.numbered(details)} {wording.title(details.handoff)}.")


NO_TEAM: Final = "There is no team yet that you can hand work to."
_USEFUL: Final = (Verb.CLAIM, Verb.READ_BACK, Verb.COMPLETE, Verb.CONFIRM, Verb.ANSWER, Verb.RESEND)
_NUMBER: Final = "`{command} 42` shows one by its number."
_TEAM: Final = "`{command} open support` lists one team only."


def _named(queues: Sequence[Queue]) -> str:
    names = ", ".join(wording.team(queue) for queue in queues[:_LISTED_QUEUES])
    return f"{names} and {len(queues) - _LISTED_QUEUES} more" if len(queues) > _LISTED_QUEUES else names


def _post(text: str) -> Post:
    return Post(text=text, blocks=[section(text)])


def rows(
    handoffs: Sequence[Row], now: datetime, claimable: Collection[str] = (), *, of_team: bool = False
) -> list[Block]:
    """One section per handoff: title and status as on its card, with the one useful button.

    A list of one team (`of_team`) does not repeat the team in each row.
    """
    return [
        section(
            headlines.two_lines(details, now, reader=reader or "", most=TITLE_LENGTH, in_list=True, of_team=of_team),
            accessory=_button(details, reader, claims=details.queue.key in claimable),
        )
        for details, reader in handoffs
    ]


def _button(details: HandoffDetails, reader: str | None, *, claims: bool) -> Block:
    """The button that the reader most likely wants in a row: the act that is theirs, else Details."""
    handoff = details.handoff
    actor = Actor(user=reader or "", roles=frozenset({Role.MEMBER}) if claims else frozenset())
    return card.first_button(handoff, (verb for verb in useful_verbs(handoff) if allowed(handoff, verb, actor)))


def useful_verbs(handoff: Handoff) -> tuple[Verb, ...]:
    """The verbs that end what a handoff waits for, most useful first."""
    return (Verb.CONTINUE, Verb.ANSWER) if handoff.snoozed_until else _USEFUL


def _how_many(listed: int) -> str:
    return phrases.counted(listed, "handoff") if listed <= SHOWN else f"more than {SHOWN} handoffs"


def _remainder(more: int | None, narrow: str, command: str, named: str) -> list[Block]:
    """The number of handoffs that are not shown; None means more than were counted.

    `named` is the list in which all of them are, as `slackapp.lists.rules.to_value` names it.
    """
    if more == 0:
        return []
    lead = "These are the first." if more is None else f"And {more} more."
    show = button("Show all", ids.ListAction.OPEN, ids.button_value(named), about="of these handoffs")
    return [context(f"{lead} {narrow.format(command=escape(command))}"), *actions(show)]


def _plain_text(lead: str, handoffs: Sequence[Row], now: datetime) -> str:
    """The list in words, short enough for a notification."""
    first = [
        f"{wording.number(p.handoff)} {headlines.headline(p, now, reader=reader or '')}." for p, reader in handoffs[:3]
    ]
    return " ".join([lead, *first])
