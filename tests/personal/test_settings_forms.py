"""What Slack would not send from the forms of settings is refused as malformed, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest

from slackapp.personal.listeners.settings import save, save_quiet_hours
from slackapp.slack.conversation import Context, Reply
from slackapp.slack.inbound import MalformedPayload
from slackapp.slack.payloads import Requester, Submit
from storage.company import people
from storage.company.model import Person, PersonalSettings, Topic
from storage.db.database import Database
from tests.batons import a_baton
from tests.builders import TEAM
from tests.databases import SQLITE

CHOSEN = {"sent": "summary", "owned": "now", "watched": "never", "summary_at": "08:30"}
QUIET = {"quiet_from": "22:00", "quiet_until": "06:00", "quiet_days": ["6"]}


@SQLITE
def test_a_garbled_form_is_malformed_and_a_whole_one_is_stored(database: Database) -> None:
    context = Context(baton=a_baton(database), workspace=TEAM, team_url="https://x.slack.com")
    with database.transaction() as tx:
        people.put(tx, Person(workspace=TEAM, id="U1", name="Eva"))

    def send(listener: Callable[[Context, Submit], Reply], values: dict[str, Any]) -> Reply:
        who = Requester(user="U1", team=TEAM)
        return listener(context, Submit(who=who, form="settings", view_id="V1", meta={}, values=values))

    for listener, plain, wrong in (
        (save, CHOSEN, {"sent": "loud"}),
        (save, CHOSEN, {"owned": None}),
        (save, CHOSEN, {"summary_at": "late"}),
        (save_quiet_hours, QUIET, {"quiet_from": "25:00"}),
        (save_quiet_hours, QUIET, {"quiet_days": ["7"]}),
        (save_quiet_hours, QUIET, {"quiet_days": ["Sunday"]}),
    ):
        with pytest.raises(MalformedPayload):
            send(listener, {**plain, **wrong})
    with database.reading() as tx:
        person = people.get(tx, TEAM, "U1")
        assert person
        assert person.settings is None

    send(save, CHOSEN)
    send(save_quiet_hours, QUIET)

    with database.reading() as tx:
        person = people.get(tx, TEAM, "U1")
    assert person
    assert person.settings == PersonalSettings(
        in_summary=(Topic.SENT,), never=(Topic.WATCHED,), summary_at=time(8, 30),
        quiet_from=time(22), quiet_until=time(6), quiet_days=(6,),
    )  # fmt: skip
