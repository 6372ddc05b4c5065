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
from storage.company.model import Group, Queue

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


@dataclass(frozen=True, kw_only=True)
class NamedPeople:
    """The queues of a configuration, and whom it names elsewhere: where, what to correct, and the ids."""

    queues: tuple[Queue, ...]
    elsewhere: tuple[tuple[str, str, tuple[str, ...]], ...]

    @property
    def everybody(self) -> frozenset[str]:
        """Every id that is named."""
        in_queues = (ref for queue in self.queues for ref in (*queue.members, *queue.managers))
        return frozenset([*in_queues, *(ref for _, _, refs in self.elsewhere for ref in refs)])


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
        ("Admins", "admins", tuple(admins)),
        *(place for policy in policies for place in _in_policy(policy)),
        ("Managers under people", "people", tuple(dict.fromkeys(managers.values()))),
        ("People", "people", tuple(dict.fromkeys([*managers, *calendars_of]))),
    ]
    return NamedPeople(queues=tuple(queues), elsewhere=tuple(place for place in places if place[2]))


def _in_policy(policy: Policy) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for level in policy.levels:
        refs = tuple(word for word in (*level.tell, level.to or "") if word[:1] in _ID_LETTERS)
        yield f"Policy {policy.key}, level {level.key}", f"the level {level.key} of policy {policy.key}", refs
    for n, rule in enumerate(policy.rules, start=1):
        refs = rule.when.get("sender", ())
        yield f"Policy {policy.key}, rule {n}, sender", f"rule {n} of policy {policy.key}", refs


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
        self._groups: dict[str, Group] | None = None

    def all_wrong(self, refs: Iterable[str]) -> list[str]:
        """Those who cannot be told or given work, each with the reason."""
        return [f"{ref} {why}" for ref in dict.fromkeys(refs) if (why := self._wrong(ref)) is not None]

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
        person = objects.person(found, self._workspace)
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
            return "is not a user group that Slack shows to Baton"
        return None if group.members else f"(@{group.handle}) is a user group without anybody in it"

    def _all_groups(self) -> dict[str, Group]:
        try:
            answer = self._client.usergroups_list(include_users=True)
        except SlackApiError as refused:
            if objects.error_code(refused) not in {"plan_upgrade_required", "missing_scope"}:
                raise
            return {}
        found = (objects.group(subteam, self._workspace) for subteam in objects.body(answer).get("usergroups") or ())
        return {group.id: group for group in found}
