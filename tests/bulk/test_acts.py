"""What a run does to each handoff, decided on the handoff as it is when its turn comes."""

from __future__ import annotations

from typing import Any

import pytest

from slackapp.bulk.rules.acts import act_for, joined
from storage.bulk.model import BulkKind, BulkRow, BulkRun
from storage.handoffs.acts import Act, Claim, Decline, Release, Transfer
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Text
from tests.builders import NOW, TEAM, a_handoff

ROW = BulkRow(run_id="b1", handoff_id="h1", position=0)
MINE = a_handoff(state=State.CLAIMED)
HERS = a_handoff(state=State.CLAIMED, owner="EVA")
OFFERED = a_handoff(offered_to="OWNER")


def a_run(kind: BulkKind, **more: Any) -> BulkRun:
    return BulkRun(id="b1", workspace=TEAM, actor="OWNER", kind=kind, created_at=NOW, note=Text(plain="Bye"), **more)


@pytest.mark.parametrize(
    ("run", "act"),
    [
        (a_run(BulkKind.PERSON, person="EVA"), Transfer(queue="success", person="EVA", text=Text(plain="Bye"))),
        (a_run(BulkKind.TEAM, queue="support"), Transfer(queue="support", text=Text(plain="Bye"))),
        (a_run(BulkKind.TEAM, queue="success"), Release(text=Text(plain="Bye"))),
        (a_run(BulkKind.BACK), Release(text=Text(plain="Bye"))),
    ],
)
def test_own_work_goes_where_the_run_says_and_only_own_work(run: BulkRun, act: Act) -> None:
    assert act_for(run, ROW, MINE) == act
    assert act_for(run, ROW, HERS) is None, "somebody else has it by now"
    assert act_for(run, ROW, a_handoff(state=State.DONE, last_owner="OWNER")) is None


def test_an_offer_is_declined_only_where_everything_goes_back() -> None:
    assert act_for(a_run(BulkKind.BACK), ROW, OFFERED) == Decline(text=Text(plain="Bye"))
    assert act_for(a_run(BulkKind.PERSON, person="EVA"), ROW, OFFERED) is None
    assert act_for(a_run(BulkKind.BACK), ROW, a_handoff(offered_to="EVA")) is None


def test_a_claim_is_left_to_the_lifecycle() -> None:
    assert act_for(a_run(BulkKind.CLAIM), ROW, HERS) == Claim()


def test_the_note_for_all_comes_before_the_note_for_one() -> None:
    def rich(words: str) -> dict[str, Any]:
        return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [words]}]}

    both = joined(Text(plain="For all", rich=rich("For all")), Text(plain="For one", rich=rich("For one")))

    assert both is not None
    assert both.plain == "For all\nFor one"
    assert both.rich == {"type": "rich_text", "elements": [*rich("For all")["elements"], *rich("For one")["elements"]]}
    assert joined(None, None) is None
    assert joined(Text(plain="For all"), None) == Text(plain="For all")
