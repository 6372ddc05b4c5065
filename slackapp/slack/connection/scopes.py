"""Slack scopes that Baton requests, why, and what does not work without an optional one.

`manifest.yml` requests exactly these; a test compares the two.

`manifest.yml` asks for exactly these; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Scope:
    """A Slack scope. `lost` is a sentence on what does not work without it."""

    name: str
    why: str
    lost: str
    optional: bool = False


# fmt: off
SCOPES: Final = (
    Scope(name="commands", why="/handoff and the shortcuts",
          lost="Nobody can open the form or ask for their handoffs."),
    Scope(name="chat:write", why="cards, replies and direct messages",
          lost="No card is posted and nobody is notified."),
    Scope(name="users:read", why="names, time zones and deactivated people",
          lost="Work can be assigned to people who have left."),
    Scope(name="usergroups:read", why="user groups as members and managers of a queue",
          lost="User groups in the configuration stay empty."),
    Scope(name="channels:read", why="whether a queue's public channel exists and Baton is in it",
          lost="A missing or archived channel is only noticed when posting fails."),
    Scope(name="groups:read", why="the same for private channels",
          lost="A missing or archived private channel is only noticed when posting fails."),
    Scope(name="im:write", why="opens direct messages with people",
          lost="Nobody gets a direct message."),
    Scope(name="channels:history", optional=True,
          why="sees that the owner replied in the card's thread, finds a message again when an answer was lost, and "
              "reads the thread of a message that someone hands off",
          lost="In a public channel a reply in the card's thread doesn't count as an update, so its owner is still "
               "reminded. After a lost answer a message may be posted there twice; the audit log then says so. A "
               "handoff made from a message doesn't list who took part in its thread."),
    Scope(name="groups:history", optional=True, why="the same in private channels",
          lost="In a private channel a reply in the card's thread doesn't count as an update, so its owner is still "
               "reminded. After a lost answer a message may be posted there twice; the audit log then says so. A "
               "handoff made from a message doesn't list who took part in its thread."),
    Scope(name="im:history", optional=True,
          why="finds a direct message again when Slack's answer was lost, and answers people who write to Baton",
          lost="After a lost answer a direct message may be sent twice; the audit log then says so. People who write "
               "to Baton get no answer."),
    Scope(name="app_mentions:read", optional=True, why="answers people who mention Baton in a channel",
          lost="People who mention Baton get no answer."),
    Scope(name="reactions:read", optional=True, why="begins a handoff with an emoji, if the configuration names one",
          lost="An emoji on a message doesn't begin a handoff."),
    Scope(name="dnd:read", optional=True, why="holds reminders while someone has paused their notifications",
          lost="A reminder counts as delivered although its reader has paused notifications, so nobody is notified "
               "in their place. Slack shows it to them when the pause ends."),
    Scope(name="files:read", optional=True,
          why="files as answers in a form: their names and addresses, not their contents",
          lost="Forms ask for links to files instead; files can't be attached."),
    Scope(name="files:write", optional=True, why="sends a list as a CSV file to the person who asks for it",
          lost="Download CSV shows the beginning of the list as text to copy instead of sending a file."),
    Scope(name="chat:write.public", optional=True, why="posts to public channels that Baton was not invited to",
          lost="Baton must be invited to a queue's channel (/invite @baton) before it can post there."),
)
# fmt: on


def required() -> frozenset[str]:
    """Return the scopes without which Baton cannot work."""
    return frozenset(scope.name for scope in SCOPES if not scope.optional)


def missing(granted: Iterable[str]) -> tuple[Scope, ...]:
    """Return the scopes that were not granted, in the order of the table."""
    have = frozenset(granted)
    return tuple(scope for scope in SCOPES if scope.name not in have)
