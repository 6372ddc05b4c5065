"""The registrations of the lists package: the list modal, its filters, `/handoff find` and CSV files."""

from __future__ import annotations

from typing import Final

from slackapp.capability import Capability
from slackapp.lists.listeners import browse, files, rows

CAPABILITY: Final = Capability(
    clicks={**browse.CLICKS, **rows.CLICKS, **files.CLICKS},
    forms={**browse.FORMS, **rows.FORMS},
    opens=browse.OPENS,
    words=browse.WORDS,
)
