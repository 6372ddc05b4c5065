"""Store how a person gets messages; what waits for them is decided anew in the same transaction."""

from __future__ import annotations

from collections.abc import Callable

from slackapp.personal.model import Unknown
from slackapp.runtime.baton import Baton
from storage.company import absences, people
from storage.company.model import PersonalSettings
from storage.db.database import Tx


def change_settings(
    baton: Baton, *, workspace: str, user: str, changed: Callable[[PersonalSettings], PersonalSettings]
) -> PersonalSettings | Unknown:
    """Change a person's own settings, and return them; `changed` gets what is stored.

    Raises:
        DatabaseBusy: the database had no room within the time a person can wait.
        DatabaseUnavailable: the database cannot be reached.
    """
    now = baton.clock.now()

    def work(tx: Tx) -> PersonalSettings | Unknown:
        baton.lock_facts(tx)
        person = absences.get_locked(tx, workspace, user)
        if person is None:
            return Unknown()
        chosen = changed(person.settings or PersonalSettings())
        people.set_settings(tx, workspace, user, chosen)
        baton.after_people(tx, workspace, {user}, now)
        return chosen

    outcome = baton.db.run_for_listener(work)
    baton.wake_pump()
    baton.wake_tick()
    return outcome
