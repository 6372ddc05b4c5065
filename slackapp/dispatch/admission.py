"""Admission: whether the person behind a payload may use Baton, decided before any listener of a register runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from slackapp.people.rules.standing import ADMITTED, Named, Standing, standing
from slackapp.runtime.baton import PATIENCE_S
from slackapp.slack.conversation import OUTSIDER, Context
from slackapp.slack.payloads import Requester
from storage.company import people

STRANGER: Final = (
    "Baton doesn't know yet which workspace you belong to, so nothing was changed. Try again in a few minutes, or "
    "ask someone in the workspace that runs Baton."
)
BOT: Final = "Bots can't use Baton, so nothing was changed. Ask someone in the workspace to do it."
DEACTIVATED: Final = (
    "Your account in this workspace is deactivated, so nothing was changed. Ask a workspace admin to reactivate it."
)
SENTENCES: Final[Mapping[Standing, str]] = {
    Standing.OUTSIDER: OUTSIDER,
    Standing.STRANGER: STRANGER,
    Standing.BOT: BOT,
    Standing.DEACTIVATED: DEACTIVATED,
}
"""The refusal of everybody who is not admitted."""


def refusal(given: Context, who: Requester) -> str | None:
    """Return the sentence that refuses a person, or None if they are admitted.

    Whoever Slack has not reported yet is judged by the payload, and looked up soon; so is whoever is refused, because
    what is stored of them may be old.

    Raises:
        DatabaseBusy: the database had no room within the time a person can wait.
        DatabaseUnavailable: the database cannot be reached.
    """
    named = Named(team=who.team, workspace=given.workspace, enterprise=given.enterprise)
    with given.baton.db.reading(wait_s=PATIENCE_S) as tx:
        person = people.get(tx, given.workspace, who.user)
    is_reported = person is not None and (person.seen_at is not None or person.deleted)
    found = standing(person if is_reported else None, named)
    if not is_reported or found not in ADMITTED:
        given.baton.look_up(who.user)
    return None if found in ADMITTED else SENTENCES[found]
