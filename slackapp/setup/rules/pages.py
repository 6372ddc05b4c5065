"""The pages of set-up, as the values of buttons name them: `team/success`, `people/2`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HOME: Final = "start"
TEAMS: Final = "teams"
TEAM: Final = "team"
CALENDARS: Final = "calendars"
CALENDAR: Final = "calendar"
POLICIES: Final = "policies"
POLICY: Final = "policy"
PEOPLE: Final = "people"
ADMINS: Final = "admins"
HISTORY: Final = "history"
WEBHOOKS: Final = "webhooks"
PAGES: Final = frozenset({HOME, TEAMS, TEAM, CALENDARS, CALENDAR, POLICIES, POLICY, PEOPLE, ADMINS, HISTORY, WEBHOOKS})
_SLASH: Final = "/"


@dataclass(frozen=True, kw_only=True)
class PageAddress:
    """A page of set-up: its kind, the key of the object or the number of the page, and what on it is meant."""

    page: str = HOME
    key: str = ""
    part: str = ""

    def __str__(self) -> str:
        """The address as a button's value names it."""
        return _SLASH.join((self.page, self.key, self.part)).rstrip(_SLASH)

    @property
    def number(self) -> int:
        """The number of the page of a long list, from 0."""
        return int(self.key) if self.key.isdecimal() and len(self.key) < len("100000") else 0


def parse(written: str) -> PageAddress:
    """The page that a value names; the first page for any other value."""
    page, _, rest = written.partition(_SLASH)
    key, _, part = rest.partition(_SLASH)
    return PageAddress(page=page, key=key, part=part) if page in PAGES else PageAddress()


def of(page: str, key: str | int = "", part: str = "") -> str:
    """The value that names a page."""
    return str(PageAddress(page=page, key=str(key), part=part))
