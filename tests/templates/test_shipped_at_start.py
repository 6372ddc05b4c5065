"""Shipped templates are stored from the first start, however many processes start at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from slackapp.company.actions.apply_config import install_templates
from slackapp.runtime.clock import SystemClock
from slackapp.templates.rules.shipped import shipped
from storage.db.database import Database
from storage.templates import templates
from tests.batons import a_baton
from tests.builders import TEAM
from tests.storage.examples import at_once

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def test_processes_that_start_at_once_store_each_template_once(database: Database) -> None:
    baton = a_baton(database, SystemClock())

    at_once(4, lambda _: install_templates(baton, TEAM))

    with database.reading() as tx:
        stored = templates.list_all(tx, TEAM)
    assert {template.key for template in stored} == {template.key for template in shipped()}
    assert {template.version for template in stored} == {1}


def test_a_shipped_template_comes_back_from_the_ledger_as_it_was_shipped(database: Database) -> None:
    install_templates(a_baton(database, SystemClock()), TEAM)

    with database.reading() as tx:
        stored = templates.get_many(tx, TEAM, [template.key for template in shipped()])
    assert stored == {template.key: replace(template, workspace=TEAM) for template in shipped()}
