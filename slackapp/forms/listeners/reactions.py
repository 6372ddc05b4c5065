"""An emoji on a message begins a handoff, if the company has chosen one: whoever reacts is sent the form's button.

Reactions are frequent, and nearly all are of no interest: those cost one indexed read and write nothing, not even a
receipt. A reaction that is delivered twice sends one message.
"""

from __future__ import annotations

from typing import Final

from slackapp.forms.actions import offer_for_reaction
from slackapp.runtime.baton import Baton
from slackapp.slack.payloads import Payload, parse_reaction

EVENTS: Final = frozenset({"reaction_added", "reaction_removed"})


def handle_reaction(baton: Baton, workspace: str, event: Payload) -> bool:
    """Handle a reaction event; return whether it was the emoji that begins a handoff, by somebody who may do that."""
    reaction = parse_reaction(event)
    return reaction is not None and offer_for_reaction(baton, workspace, reaction)
