"""Draw the message `trouble`: why a channel refuses messages or who is gone, and how to fix it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from slackapp.directory.model import TroubleScene
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import card, headlines, wording
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Post, actions, clip, context, escape, section
from storage.company.model import Queue
from storage.handoffs.lifecycle import RULES, State, Verb, situation

_AGAIN: Final = "Waiting messages are then posted automatically."

CODES: Final[Mapping[str, str]] = {
    "not_in_channel": "Baton is not in {channel}. Type `/invite @baton` there.",
    "channel_not_found": (
        "Baton can't see {channel}. If the channel is private, type `/invite @baton` there; if it is gone, give the "
        "queue `{key}` another channel in the configuration and run `baton config apply`."
    ),
    "is_archived": (
        "{channel} is archived. Unarchive it, or give the queue `{key}` another channel in the configuration and run "
        "`baton config apply`."
    ),
    "restricted_action": (
        "Only certain people can post in {channel}. Allow Baton to post in the channel's settings, or give the "
        "queue `{key}` another channel in the configuration."
    ),
    "missing_scope": (
        "Baton's installation lacks a permission for {channel}. Run `baton check` to see which, and install the app "
        "again with it."
    ),
    "user_not_found": "Slack no longer knows the person a message was for. `baton check` shows who it is.",
}
"""What to do by Slack's error code (docs.slack.dev/reference/methods/chat.postMessage#errors)."""

PERSON_GONE: Final = "person_gone"
"""Our own code: a person with open handoffs was deactivated."""

_SAME: Final[Mapping[str, str]] = {
    "restricted_action_read_only_channel": "restricted_action",
    "restricted_action_thread_only_channel": "restricted_action",
    "restricted_action_non_threadable_channel": "restricted_action",
    "channel_type_not_supported": "channel_not_found",
}
_OTHER: Final = "Slack refuses messages to {channel} (`{code}`). Run `baton check` to see what is wrong."


NOTICES: Final[Mapping[str, str]] = {
    "is_shared": (
        "People of another company can read {channel}, and so the cards of {team}. They can't act on them. If that "
        "isn't wanted, give the team another channel."
    ),
    "made_private": (
        "{channel} is private now. Only the people of {team} see the team and its handoffs from now on, and those who "
        "sent, owned or were offered one. Baton must stay in the channel."
    ),
    "made_public": (
        "{channel} is public now. Everyone in the workspace can see {team} and its handoffs, except for private "
        "handoffs. If that isn't wanted, give the team a private channel."
    ),
    "member_left": (
        "{person} is no longer on {team}. They had {held} there at that moment, owned or offered to them, and still "
        "have what nobody has taken over. Assign it to someone on the team, or ask {person} to pass it on."
    ),
    "group_empty": (
        "The user group {group} of {team} no longer has any members. Add people to it in Slack, or choose other people "
        "for the team."
    ),
}
"""What people have to know about a team although its messages are posted, by our own code."""
_OVER: Final[Mapping[str, str]] = {
    "is_shared": "{channel}, the channel of {team}, is no longer shared with another company. Nothing to do.",
    "made_private": "{channel}, the channel of {team}, is public again.",
    "made_public": "{channel}, the channel of {team}, is private again.",
    "group_empty": "The user group {group} of {team} has members again. Nothing to do.",
    "member_left": "{person} is on {team} again. Nothing to do.",
}


def message(scene: TroubleScene, now: datetime) -> Post | None:
    """Draw the message `trouble`; one that was taken back says that it is over, or is not posted at all."""
    if scene.payload.get("fixed"):
        return _over(scene) if scene.posted else None
    if _word(scene.payload) in NOTICES:
        text = _filled(NOTICES[_word(scene.payload)], scene)
        return Post(text=text, blocks=[section(text)])
    return trouble(scene.details, scene.payload, scene.queue, now)


def trouble(details: HandoffDetails | None, payload: Mapping[str, Any], queue: Queue | None, now: datetime) -> Post:
    """Draw why a queue's channel refuses messages and how to fix it, or whom a handoff has lost."""
    if payload.get("code") == PERSON_GONE and details:
        return _vacancy(details, str(payload.get("person", "")), now)
    key, code = str(payload.get("queue", "")), str(payload.get("code", ""))
    found = queue or (details.queue if details else None)
    team = wording.team(found) if found else escape(key)
    template = CODES.get(_SAME.get(code, code), _OTHER)
    remedy = template.format(channel=_channel(str(payload.get("channel", ""))), key=_code(key), code=_code(code))
    waiting = ""
    if details:
        handoff = details.handoff
        waiting = f" {wording.number(handoff)} {wording.title(handoff)} is saved."
    text = f"Handoffs to {team} can't be posted in their channel.{waiting} {remedy} {_AGAIN}"
    return Post(text=text, blocks=[section(text), *_sender(details)])


def _over(scene: TroubleScene) -> Post:
    fixed = "Handoffs to {team} are posted in {channel} again. Nothing to do."
    text = _filled(_OVER.get(_word(scene.payload), fixed), scene)
    return Post(text=text, blocks=[section(text)], settled=True)


def _filled(template: str, scene: TroubleScene) -> str:
    payload = scene.payload
    team = wording.team(scene.queue) if scene.queue else escape(str(payload.get("queue", "")))
    group = re.sub(r"[^A-Za-z0-9]", "", str(payload.get("group", "")))
    count = str(payload.get("count", ""))
    return template.format(
        team=team,
        channel=_channel(str(payload.get("channel", ""))),
        group=f"<!subteam^{group}>" if group else "",
        person=phrases.person(scene.names, str(payload.get("person", ""))),
        held=phrases.counted(int(count) if count.isdecimal() else 0, "open handoff"),
    )


def _word(payload: Mapping[str, Any]) -> str:
    """Return the code without what follows it, such as the group."""
    return str(payload.get("code", "")).partition(":")[0]


def _vacancy(details: HandoffDetails, gone: str, now: datetime) -> Post:
    """Draw who left and who is accountable for the handoff now, with its buttons; later, its state."""
    handoff, here = details.handoff, situation(details.handoff)
    person, team = wording.who(details, gone), wording.team(details.queue)
    theirs = handoff.accountable.startswith("queue:")
    if handoff.final or (handoff.state is not State.OPEN and not theirs):
        return card.one_line(f"{person} has left. {wording.numbered(details)} {headlines.headline(details, now)}.")
    standing = (
        "The managers of {team} are now accountable for {it}. Assign it to someone else, or put it back for the team."
        if theirs
        else "{it} is unassigned in {team}. Assign it to someone if it is urgent."
    )
    text, shown = (
        f"{person} has left. {standing.format(team=team, it=wording.name(details, bold=bold))}"
        for bold in (False, True)
    )
    verbs = [verb for verb in (Verb.CLAIM, Verb.ASSIGN, Verb.RELEASE, Verb.RESEND) if here in RULES[verb].starts]
    return Post(text=text, blocks=[section(shown), *actions(*card.verb_buttons(handoff, verbs))])


def _sender(details: HandoffDetails | None) -> list[dict[str, Any]]:
    if not details:
        return []
    return [context(f"{wording.number(details.handoff)} is {wording.origin(details)}")]


def _channel(channel: str) -> str:
    known = re.fullmatch(r"[CGD][A-Z0-9]+", channel)
    return f"<#{channel}>" if known else "its channel"


def _code(text: str) -> str:
    """Return a key or an error code for use between backticks."""
    return clip(escape(text.replace("`", "'")), 100)
