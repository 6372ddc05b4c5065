"""Read how a person gets messages."""

from __future__ import annotations

from slackapp.personal.model import Unknown
from slackapp.runtime.baton import PATIENCE_S, Baton
from storage.company import people
from storage.company.model import PersonalSettings


def find_settings(baton: Baton, *, workspace: str, user: str) -> PersonalSettings | Unknown:
    """Return a person's own settings; the defaults if they have chosen nothing."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        person = people.get(tx, workspace, user)
        return Unknown() if person is None else person.settings or PersonalSettings()
