"""A handoff keeps the template it was written in, wherever it goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from slackapp.handoffs.actions.carry_out import Request, carry_out
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Opened
from slackapp.runtime.baton import Baton
from slackapp.templates.actions import install_shipped
from storage.company import queues
from storage.company.model import Queue
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.acts import Transfer
from storage.handoffs.lifecycle import Moved
from storage.handoffs.model import Handoff, Text
from storage.templates.model import Origin, Template
from tests.batons import a_baton

TEAM = "T1"
SALES = Queue(workspace=TEAM, key="sales", name="Sales", channel="C1", templates=("sdr_ae", "ae_csm"))

ANSWERS = {
    "contact": "Mara",
    "agenda_agreed": True,
    "source": "event",
    "pain": "It is slow",
    "trigger": "The audit",
    "qualifier": "three",
}


def own(key: str) -> Template:
    """A company's own template, without required questions."""
    return Template(key=key, origin=Origin.FILE, name=key)


@pytest.fixture
def baton(database: Database) -> Baton:
    with database.transaction() as tx:
        install_shipped(tx, TEAM, [own("sdr_ae"), own("project")])
        queues.put(tx, SALES)
        queues.put(tx, replace(SALES, key="success", name="Customer Success", templates=("project",)))
        queues.put(tx, replace(SALES, key="plain", name="Plain", templates=()))
    return a_baton(database)


def send(baton: Baton, queue: str) -> Handoff:
    draft = NewHandoff(title="Acme", queue=queue, next_step="Call them", note=Text(plain="a"), fields=ANSWERS)
    outcome = open_handoff(baton, workspace=TEAM, user="USENDER", draft=draft, form=queue)
    assert isinstance(outcome, Opened)
    return outcome.handoff


def test_it_is_the_first_that_its_queue_offers_and_none_where_it_offers_none(baton: Baton) -> None:
    assert (send(baton, "sales").template, send(baton, "plain").template) == ("sdr_ae", None)


def test_it_stays_when_the_work_is_passed_on_to_another_queue(baton: Baton) -> None:
    handoff = send(baton, "sales")

    act = Transfer(queue="success", text=Text(plain="yours"))
    outcome = carry_out(baton, Request(workspace=TEAM, handoff_id=handoff.id, act=act, user="USENDER"))

    assert isinstance(outcome, Moved)
    with baton.db.reading() as tx:
        stored = handoffs.get(tx, TEAM, handoff.id)
    assert stored
    assert (stored.queue, stored.template) == ("success", "sdr_ae")
