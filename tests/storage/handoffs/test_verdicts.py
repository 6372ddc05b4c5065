"""What receivers made of the context: kept, counted, and erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage.db.database import Database
from storage.handoffs import verdicts
from storage.handoffs.acts import Verdict
from storage.handoffs.lifecycle import State
from storage.handoffs.model import ContextVerdict
from storage.handoffs.verdicts import Count
from tests.builders import NOW, TEAM, a_handoff
from tests.storage.examples import LATER, SECOND, stored

SINCE = NOW - timedelta(days=90)


def a_judgement(number: int = 1, **changes: Any) -> ContextVerdict:
    plain: dict[str, Any] = {
        "workspace": TEAM,
        "handoff_id": f"h{number}",
        "at": NOW,
        "queue": "success",
        "template": "ae_csm",
        "template_version": 2,
        "sender": "SENDER",
        "judge": "OWNER",
        "verdict": Verdict.ASKED,
        "line": "The <deadline> 🎉",
    }
    return ContextVerdict(**{**plain, **changes})


def done(number: int, **changes: Any) -> Any:
    return a_handoff(**{"number": number, "state": State.DONE, "last_owner": "OWNER", "template": "ae_csm", **changes})


def kept(database: Database, *judgements: ContextVerdict) -> None:
    with database.transaction() as tx:
        for one in judgements:
            verdicts.add(tx, one)


def test_a_verdict_is_kept_whole_and_so_is_the_next_one_on_the_same_work(database: Database) -> None:
    stored(database, done(1))
    first, second = a_judgement(), a_judgement(at=LATER, verdict=Verdict.COMPLETE, template=None, template_version=None)
    kept(database, first, second)

    with database.reading() as tx:
        assert verdicts.list_for_handoff(tx, "h1") == [first, second]
        assert verdicts.list_for_handoff(tx, "h2") == []


def test_the_last_verdict_of_a_handoff_counts_and_only_that_one(database: Database) -> None:
    stored(database, done(1), done(2), done(3, template=None))
    kept(
        database,
        a_judgement(1),
        a_judgement(1, at=LATER, verdict=Verdict.COMPLETE),
        a_judgement(2, verdict=Verdict.COMPLETE),
        a_judgement(3, template=None, template_version=None, queue="support"),
    )

    with database.reading() as tx:
        found = verdicts.count_given(tx, TEAM, SINCE)
        assert sorted(found, key=str) == sorted(
            [
                Count(queue="success", template="ae_csm", verdict=Verdict.COMPLETE, number=2),
                Count(queue="support", template=None, verdict=Verdict.ASKED, number=1),
            ],
            key=str,
        )
        assert verdicts.count_given(tx, "T2", SINCE) == []


def test_what_is_older_than_asked_for_is_not_counted(database: Database) -> None:
    stored(database, done(1))
    kept(database, a_judgement(at=SINCE - SECOND))

    with database.reading() as tx:
        assert verdicts.count_given(tx, TEAM, SINCE) == []
        assert verdicts.list_last_for_sender(tx, TEAM, "SENDER", SINCE, 20) == []


def test_finished_work_without_a_verdict_is_counted_apart(database: Database) -> None:
    stored(
        database,
        done(1),
        done(2),
        done(3, last_owner="SENDER"),
        done(4, last_owner=None),
        done(5, state_since=SINCE - SECOND),
        a_handoff(number=6, state=State.CANCELLED, last_owner="OWNER"),
        a_handoff(number=7, state=State.CLAIMED),
        done(8),
    )
    kept(database, a_judgement(1))

    with database.reading() as tx:
        assert verdicts.count_not_given(tx, TEAM, SINCE) == [
            Count(queue="success", template="ae_csm", verdict=None, number=2)
        ]


def test_somebody_sees_the_last_verdicts_on_what_they_sent_the_newest_first(database: Database) -> None:
    stored(database, done(1), done(2), done(3), done(4))
    kept(
        database,
        a_judgement(1, verdict=Verdict.RESTARTED),
        a_judgement(2),
        a_judgement(3, sender="SOMEBODY"),
        a_judgement(4, verdict=Verdict.COMPLETE),
        a_judgement(1, verdict=Verdict.COMPLETE),
    )

    with database.reading() as tx:
        assert verdicts.list_last_for_sender(tx, TEAM, "SENDER", SINCE, 20) == [
            Verdict.COMPLETE,
            Verdict.COMPLETE,
            Verdict.ASKED,
        ]
        assert verdicts.list_last_for_sender(tx, TEAM, "SENDER", SINCE, 1) == [Verdict.COMPLETE]


def test_a_deletion_takes_the_words_and_leaves_the_verdict(database: Database) -> None:
    stored(database, done(1), done(2))
    kept(database, a_judgement(1), a_judgement(2))

    with database.transaction() as tx:
        verdicts.erase_for_handoff(tx, "h1")

    with database.reading() as tx:
        assert verdicts.list_for_handoff(tx, "h1") == [replace(a_judgement(1), line="")]
        assert verdicts.list_for_handoff(tx, "h2") == [a_judgement(2)]


@pytest.mark.parametrize("wrong", ["", "good"])
def test_the_database_takes_no_other_verdict(database: Database, wrong: str) -> None:
    stored(database, done(1))

    with pytest.raises(Exception, match=r"(?i)check"):
        kept(database, a_judgement(verdict=wrong))
