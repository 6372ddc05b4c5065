"""Probes of Slack: tokens, scopes, the queues' channels, and everybody whom the configuration names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slackapp.directory.rules import posting_problem
from slackapp.operations.checkup.findings import Finding, bad, good
from slackapp.operations.checkup.people import NamedPeople, NamedPlace, People, places_of_queue
from slackapp.slack import objects
from slackapp.slack.connection import scopes, tokens
from storage.company.model import Channel, Queue, Workspace

_SOME: Final = 5
"""Names listed in one sentence."""
_NAME_A_COLLEAGUE: Final = "Name a colleague instead, unless this is intended."
_MENDS: Final = {
    "channel_not_found": (
        "does not exist, or is private and Baton is not in it",
        "Correct its id in the configuration, or type /invite @baton in the channel.",
    ),
    "is_archived": ("is archived", "Unarchive it, or give the queue another channel in the configuration."),
    "not_in_channel": ("doesn't include Baton", "Type /invite @baton in the channel."),
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
                "To grant it, add it on the app's page (OAuth & Permissions) and install the app again.",
            )
        else:
            yield bad(
                f"The scope {scope.name} is missing ({scope.why}). {scope.lost}",
                "Add it on the app's page (OAuth & Permissions) and install the app again.",
            )
    if not any(not scope.optional for scope in missing):
        yield good("Every scope that Baton needs was granted.")


def app_token_findings(client: WebClient, app_token: str, bot_id: str | None) -> Iterator[Finding]:
    """Check the app-level token by asking Slack for a Socket Mode connection; none is opened.

    Check that it belongs to the same app as the bot, if `bot_id` is given: Slack sends events to the token's app.

    Raises:
        SlackApiError: Slack refused for a reason that says nothing about the token.
    """
    try:
        client.apps_connections_open(app_token=app_token)
    except SlackApiError as refused:
        why = tokens.APP_TOKEN_FAULTS.get(objects.error_code(refused))
        if why is None:
            raise
        yield bad(f"The app-level token (SLACK_APP_TOKEN) {why}.", tokens.MAKE_AN_APP_TOKEN)
        return
    yield good("The app-level token opens Socket Mode connections.")
    apps = tokens.other_app(client, bot_id, app_token)
    if apps is not None:
        yield bad(
            f"The two tokens belong to two apps: SLACK_BOT_TOKEN to {apps[0]}, SLACK_APP_TOKEN to {apps[1]}. Events "
            f"from Slack go to the other app.",
            tokens.TAKE_BOTH_FROM_ONE_APP,
        )


def company_findings(client: WebClient, workspace: Workspace, named: NamedPeople) -> Iterator[Finding]:
    """Check every queue's channel, members and managers, and everybody else whom the configuration names."""
    people = People(client, workspace.id, how_many=len(named.everybody))
    if not named.queues:
        yield bad("There are no queues yet.", "Write a configuration file and run `baton config apply`.")
    for queue in named.queues:
        problems = [*_channel_problems(client, workspace, queue), *_people_problems(people, queue)]
        yield from problems
        if all(finding.ok for finding in problems):
            yield good(f"Queue {queue.name}: its channel, members and managers are in order.")
    yield from _elsewhere(people, named)


def _elsewhere(people: People, named: NamedPeople) -> Iterator[Finding]:
    """Check the people and groups outside the queues: admins, levels, rules, reporting lines."""
    found = [finding for place in named.elsewhere for finding in _at_place(people, place)]
    yield from found
    if named.elsewhere and all(finding.ok for finding in found):
        yield good("Admins, managers of managers, and people named in policies are in order.")


def _at_place(people: People, place: NamedPlace) -> Iterator[Finding]:
    """Check the people and groups of one place: whether they can serve there, and whether some are guests."""
    wrong = people.all_wrong(place.refs)
    if wrong:
        yield bad(f"{place.title}: {_some(wrong)}.", place.remedy)
    guests = people.guests(place.refs) if place.guests else []
    if guests:
        are = "is a guest" if len(guests) == 1 else "are guests"
        what = f"{place.title}: {_some(guests)} {are}. A guest named here {place.guests}."
        yield bad(what, place.remedy) if place.is_void_for_guests else good(what, _NAME_A_COLLEAGUE)


def _channel_problems(client: WebClient, workspace: Workspace, queue: Queue) -> Iterator[Finding]:
    code, channel = _channel(client, workspace, queue.channel)
    name = f"#{channel.name}" if channel else queue.channel
    if code is not None:
        what, remedy = _MENDS.get(code, (f"can't be used: Slack says {code}", "Check the channel in Slack."))
        yield bad(f"Queue {queue.name}: the channel {name} {what}.", remedy)
    elif channel is not None and channel.is_shared:
        yield good(
            f"Queue {queue.name}: the channel {name} is shared with another company. Their people can read its cards "
            f"but not act on them.",
            "Use a channel of your own if handoffs are confidential.",
        )


def _channel(client: WebClient, workspace: Workspace, channel_id: str) -> tuple[str | None, Channel | None]:
    try:
        answer = client.conversations_info(channel=channel_id)
    except SlackApiError as refused:
        return objects.error_code(refused), None
    channel = objects.channel(objects.body(answer)["channel"], workspace.id)
    return posting_problem(channel, workspace.scopes), channel


def _people_problems(people: People, queue: Queue) -> Iterator[Finding]:
    members, managers = places_of_queue(queue)
    for place, lost in (
        (members, "has no members: nobody can claim"),
        (managers, "has no managers: nobody is notified when something is late"),
    ):
        yield from _at_place(people, place)
        if not place.refs:
            yield bad(f"Queue {queue.name} {lost}.", place.remedy)


def _some(problems: list[str]) -> str:
    more = f", and {len(problems) - _SOME} more" if len(problems) > _SOME else ""
    return f"{', '.join(problems[:_SOME])}{more}"
