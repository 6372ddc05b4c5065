"""Probes of Slack: tokens, scopes, the queues' channels and people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slackapp.directory.rules import posting_problem
from slackapp.operations.checkup.findings import Finding, bad, good
from slackapp.slack import objects
from slackapp.slack.connection import scopes
from storage.company.model import Channel, Group, Queue, Workspace

_SOME: Final = 5
"""Names listed in one sentence."""
_MENDS: Final = {
    "channel_not_found": (
        "does not exist, or is private and Baton is not in it",
        "Correct its id in the configuration, or write /invite @baton in the channel.",
    ),
    "is_archived": ("is archived", "Unarchive it, or give the queue another channel in the configuration."),
    "not_in_channel": ("does not have Baton in it", "Write /invite @baton in the channel."),
}

_APP_TOKEN: Final = {
    "invalid_auth": "is not known to Slack",
    "not_authed": "is empty",
    "account_inactive": "belongs to an app that is no longer active",
    "token_revoked": "was revoked",
    "not_allowed_token_type": "is another kind of token; it begins with xapp-",
    "missing_scope": "may not open connections",
    "no_permission": "may not open connections",
}


def installed(client: WebClient) -> Workspace:
    """Ask Slack whom the bot token belongs to."""
    answer = client.auth_test()
    return objects.workspace(objects.body(answer), answer.headers)


def scope_findings(granted: Iterable[str]) -> Iterator[Finding]:
    """Compare the granted scopes with those that Baton uses."""
    missing = scopes.missing(granted)
    for scope in missing:
        if scope.optional:
            yield good(
                f"The optional scope {scope.name} was not granted. {scope.lost}",
                "To have it, add it on the app's page (OAuth & Permissions) and install the app again.",
            )
        else:
            yield bad(
                f"The scope {scope.name} is missing ({scope.why}). {scope.lost}",
                "Add it on the app's page (OAuth & Permissions) and install the app again.",
            )
    if not any(not scope.optional for scope in missing):
        yield good("Every scope that Baton needs was granted.")


def app_token_findings(client: WebClient, app_token: str) -> Iterator[Finding]:
    """Check the app-level token by asking Slack for a Socket Mode connection; none is opened.

    Raises:
        SlackApiError: Slack refused for a reason that says nothing about the token.
    """
    try:
        client.apps_connections_open(app_token=app_token)
    except SlackApiError as refused:
        why = _APP_TOKEN.get(objects.error_code(refused))
        if why is None:
            raise
        yield bad(
            f"The app-level token (SLACK_APP_TOKEN) {why}.",
            "Make one on the app's page (Basic Information, App-Level Tokens) with the scope connections:write.",
        )
    else:
        yield good("The app-level token opens Socket Mode connections.")


def queue_findings(client: WebClient, workspace: Workspace, queues: Sequence[Queue]) -> Iterator[Finding]:
    """Check every queue's channel, members and managers."""
    if not queues:
        yield bad("There are no queues yet.", "Write a configuration file and run `baton config apply`.")
        return
    people = _People(client, workspace.id)
    for queue in queues:
        problems = [*_channel_problems(client, workspace, queue), *_people_problems(people, queue)]
        yield from problems
        if all(finding.ok for finding in problems):
            yield good(f"Queue {queue.name}: its channel, members and managers are in order.")


def _channel_problems(client: WebClient, workspace: Workspace, queue: Queue) -> Iterator[Finding]:
    code, channel = _channel(client, workspace, queue.channel)
    name = f"#{channel.name}" if channel else queue.channel
    if code is not None:
        what, remedy = _MENDS.get(code, (f"cannot be used: Slack says {code}", "Check the channel in Slack."))
        yield bad(f"Queue {queue.name}: the channel {name} {what}.", remedy)
    elif channel is not None and channel.is_shared:
        yield good(
            f"Queue {queue.name}: the channel {name} is shared with another company, "
            "whose people can read its cards; they may not act on them.",
            "Use a channel of your own if handoffs are confidential.",
        )


def _channel(client: WebClient, workspace: Workspace, channel_id: str) -> tuple[str | None, Channel | None]:
    try:
        answer = client.conversations_info(channel=channel_id)
    except SlackApiError as refused:
        return objects.error_code(refused), None
    channel = objects.channel(objects.body(answer)["channel"], workspace.id)
    return posting_problem(channel, workspace.scopes), channel


class _People:
    """Look-up of people and user groups in Slack; each is asked for once."""

    def __init__(self, client: WebClient, workspace: str) -> None:
        self._client = client
        self._workspace = workspace
        self._known: dict[str, str | None] = {}
        self._groups: dict[str, Group] | None = None

    def wrong(self, ref: str) -> str | None:
        """The reason why somebody cannot be a member or manager, as the end of a sentence; None if they can."""
        if ref not in self._known:
            self._known[ref] = self._group(ref) if ref.startswith("S") else self._person(ref)
        return self._known[ref]

    def _person(self, user: str) -> str | None:
        try:
            answer = self._client.users_info(user=user)
        except SlackApiError as refused:
            if objects.error_code(refused) not in {"user_not_found", "user_not_visible"}:
                raise
            return "is not known to Slack"
        person = objects.person(objects.body(answer)["user"], self._workspace)
        reasons: tuple[tuple[bool, str], ...] = (
            (person.deleted, "is deactivated"),
            (person.is_bot, "is a bot"),
            (not person.can_own, "belongs to another company"),
        )
        return next((f"({person.name}) {why}" for true, why in reasons if true), None)

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


def _people_problems(people: _People, queue: Queue) -> Iterator[Finding]:
    remedy = f"Correct the {{}} of queue {queue.key} in the configuration and run `baton config apply`."
    for role, refs in (("members", queue.members), ("managers", queue.managers)):
        wrong = [f"{ref} {why}" for ref in refs if (why := people.wrong(ref)) is not None]
        if wrong:
            more = f", and {len(wrong) - _SOME} more" if len(wrong) > _SOME else ""
            yield bad(f"Queue {queue.name}, {role}: {', '.join(wrong[:_SOME])}{more}.", remedy.format(role))
        elif not refs:
            lost = "nobody may claim" if role == "members" else "nobody is told when something is late"
            yield bad(f"Queue {queue.name} has no {role}: {lost}.", remedy.format(role))
