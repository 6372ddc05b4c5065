"""What the direct messages about a handoff are about for their readers: the topics that people choose by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slackapp.handoffs.rules.change_messages import ASKS, ChangeRecipient
from storage.company.model import Topic
from storage.handoffs.lifecycle import Verb

_ANSWERS: Final = frozenset({Verb.RETURN, Verb.ASK, Verb.READ_BACK})
"""The verbs that ask the sender for something."""
_COMES_BACK: Final = frozenset({Verb.DECLINE, Verb.RELEASE, Verb.LAPSE, Verb.REOPEN, Verb.RESEND, Verb.ANSWER})
"""The verbs after which the reader has to see to the handoff again, although nothing is asked of them."""
_BY_CAPACITY: Final[Mapping[str, Topic]] = {
    ChangeRecipient.SENDER: Topic.SENT,
    ChangeRecipient.ORIGINATOR: Topic.SENT,
    ChangeRecipient.OWNER: Topic.OWNED,
    ChangeRecipient.LAST_OWNER: Topic.OWNED,
    ChangeRecipient.OFFERED: Topic.OWNED,
}


def topic_of(payload: Mapping[str, Any]) -> Topic:
    """Return the topic of a direct message about a change of a handoff; one that cannot be turned off if in doubt."""
    verb, capacity = payload.get("verb"), payload.get("as")
    if (capacity, verb) in ASKS:
        return Topic.ASKED if verb in _ANSWERS else Topic.GIVEN
    if verb in _COMES_BACK and capacity != ChangeRecipient.LAST_OWNER:
        return Topic.ASKED
    return _BY_CAPACITY.get(capacity, Topic.ASKED) if isinstance(capacity, str) else Topic.ASKED
