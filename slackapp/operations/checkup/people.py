"""Everybody whom a configuration names, and the look-up of them in Slack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slackapp.people.rules.standing import Standing, standing
from slackapp.slack import objects
from storage.clocks.model import Policy
from storage.company.model import Group, Person, Queue

_MOST_ASKED_SINGLY: Final = 40
"""Slack answers about a hundred questions for one person a minute."""
_A_PAGE: Final = 200
_ID_LETTERS: Final = frozenset("USW")
"""First letters of the ids of people and user groups; words such as `managers` are small."""

_NOT_ADMITTED: Final[Mapping[Standing, str]] = {
    Standing.DEACTIVATED: "is deactivated",
    Standing.BOT: "is a bot",
    Standing.OUTSIDER: "belongs to another company",
}
"""Why a person can be told nothing and given no work."""
_GUEST_ADMIN: Final = "has none of an admin's rights"
_GUEST_MANAGER: Final = "has all the rights of the team's managers"
_GUEST_ABOVE: Final = "has the rights of the managers below them"
_GUEST_TOLD: Final = "is notified about the team's handoffs, or assigned them"


@dataclass(frozen=True, kw_only=True)
class NamedPlace:
    """A place of a configuration outside the queues that names people and groups."""

    title: str
    """The place, as the beginning of a sentence."""
    where: str
    """What to correct."""
    refs: tuple[str, ...]
    guests: str = ""
    """What a guest named there has, as the end of a sentence; empty where that surprises nobody."""
    is_void_for_guests: bool = False
    """Whether a guest named there has nothing of what the place is for."""

    @property
    def remedy(self) -> str:
        """What to do about somebody who cannot stand there."""
        return f"Correct {self.where} in the configuration and run `baton config apply`."


@dataclass(frozen=True, kw_only=True)
class NamedPeople:
    """The queues of a configuration, and whom it names elsewhere."""

    queues: tuple[Queue, ...]
    elsewhere: tuple[NamedPlace, ...]

    @property
    def everybody(self) -> frozenset[str]:
        """Every id that is named."""
        in_queues = (ref for queue in self.queues for ref in (*queue.members, *queue.managers))
        return frozenset([*in_queues, *(ref for place in self.elsewhere for ref in place.refs)])


def named_people(
    *,
    queues: Iterable[Queue],
    policies: Iterable[Policy],
    admins: Iterable[str],
    managers: Mapping[str, str],
    calendars_of: Mapping[str, str],
) -> NamedPeople:
    """Collect whom a configuration names. `managers` is person → manager, `calendars_of` person → calendar."""
    places = [
        NamedPlace(title="Admins", where="admins", refs=tuple(admins), guests=_GUEST_ADMIN, is_void_for_guests=True),
        *(place for policy in policies for place in _in_policy(policy)),
        NamedPlace(
            title="Managers under people",
            where="people",
            refs=tuple(dict.fromkeys(managers.values())),
            guests=_GUEST_ABOVE,
        ),
        NamedPlace(title="People", where="people", refs=tuple(dict.fromkeys([*managers, *calendars_of]))),
    ]
    return NamedPeople(queues=tuple(queues), elsewhere=tuple(place for place in places if place.refs))


def places_of_queue(queue: Queue) -> tuple[NamedPlace, NamedPlace]:
    """The members and the managers of a queue."""
    title, of = f"Queue {queue.name}", f"of queue {queue.key}"
    return (
        NamedPlace(title=f"{title}, members", where=f"the members {of}", refs=queue.members),
        NamedPlace(title=f"{title}, managers", where=f"the managers {of}", refs=queue.managers, guests=_GUEST_MANAGER),
    )


def _in_policy(policy: Policy) -> Iterator[NamedPlace]:
    for level in policy.levels:
        yield NamedPlace(
            title=f"Policy {policy.key}, level {level.key}",
            where=f"the level {level.key} of policy {policy.key}",
            refs=tuple(word for word in (*level.tell, level.to or "") if word[:1] in _ID_LETTERS),
            guests=_GUEST_TOLD,
        )
    for n, rule in enumerate(policy.rules, start=1):
        yield NamedPlace(
            title=f"Policy {policy.key}, rule {n}, sender",
            where=f"rule {n} of policy {policy.key}",
            refs=tuple(rule.when.get("sender", ())),
        )


class People:
    """Look-up of people and user groups in Slack; each is asked for once.

    Args:
        client: the Slack client.
        workspace: the workspace that they should belong to.
        how_many: how many there will be; where they are many, Slack is asked for everybody in it at once.
    """

    def __init__(self, client: WebClient, workspace: str, *, how_many: int) -> None:
        self._client = client
        self._workspace = workspace
        self._ask_for_all = how_many > _MOST_ASKED_SINGLY
        self._users: dict[str, dict[str, Any]] | None = None
        self._known: dict[str, str | None] = {}
        self._persons: dict[str, Person] = {}
        self._groups: dict[str, Group] | None = None

    def all_wrong(self, refs: Iterable[str]) -> list[str]:
        """Those who cannot be told or given work, each with the reason."""
        return [f"{ref} {why}" for ref in dict.fromkeys(refs) if (why := self._wrong(ref)) is not None]

    def guests(self, refs: Iterable[str]) -> list[str]:
        """Those who are guests and can be told and given work, by id and name; user groups are left out."""
        return [
            f"{ref} ({person.name})"
            for ref in dict.fromkeys(refs)
            if self._wrong(ref) is None
            and (person := self._persons.get(ref)) is not None
            and standing(person) is Standing.GUEST
        ]

    def _wrong(self, ref: str) -> str | None:
        """The reason why somebody cannot be told or given work, as the end of a sentence; None if they can."""
        if ref not in self._known:
            self._known[ref] = self._group(ref) if ref.startswith("S") else self._person(ref)
        return self._known[ref]

    def _person(self, user: str) -> str | None:
        try:
            found = self._user(user)
        except SlackApiError as refused:
            if objects.error_code(refused) not in {"user_not_found", "user_not_visible"}:
                raise
            return "is not known to Slack"
        person = self._persons[user] = objects.person(found, self._workspace)
        why = _NOT_ADMITTED.get(standing(person))
        return f"({person.name}) {why}" if why else None

    def _user(self, user: str) -> dict[str, Any]:
        """The user object; people of other workspaces are in no list, and asked for one by one."""
        if self._ask_for_all and self._users is None:
            self._users = self._all_users()
        known = (self._users or {}).get(user)
        return known or objects.body(self._client.users_info(user=user))["user"]

    def _all_users(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        cursor = ""
        while True:
            page = objects.body(self._client.users_list(limit=_A_PAGE, cursor=cursor))
            found |= {user["id"]: user for user in page.get("members") or ()}
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    def _group(self, group_id: str) -> str | None:
        if self._groups is None:
            self._groups = self._all_groups()
        group = self._groups.get(group_id)
        if group is None:
            return "is not a user group that Baton can see"
        return None if group.members else f"(@{group.handle}) is an empty user group"

    def _all_groups(self) -> dict[str, Group]:
        try:
            answer = self._client.usergroups_list(include_users=True)
        except SlackApiError as refused:
            if objects.error_code(refused) not in {"plan_upgrade_required", "missing_scope"}:
                raise
            return {}
        found = (objects.group(subteam, self._workspace) for subteam in objects.body(answer).get("usergroups") or ())
        return {group.id: group for group in found}
