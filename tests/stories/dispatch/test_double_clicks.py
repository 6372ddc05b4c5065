"""A second click, or the same click delivered again, changes nothing and says nothing: it is done."""

from __future__ import annotations

from collections import Counter

from slackapp.app import Running
from storage.handoffs import audit
from tests.slack_client import Workspace
from tests.stories.northwind import HandOff

WORKSPACE = "T0LOCAL"


def sent_clicks(slack: Workspace) -> list[dict[str, object]]:
    calls = slack.get("/control/calls")["calls"]
    found = [call["args"] for call in calls if call["method"] == "block_actions"]
    return [{key: value for key, value in one.items() if key != "retry_attempt"} for one in found]


def test_a_claim_twice_and_delivered_again_is_silent(slack: Workspace, running: Running, hand_off: HandOff) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    (claim,) = sent_clicks(slack)

    for _ in range(2):
        assert slack.act("deliver", kind="interactive", payload=claim).raw["status"] == 200
    slack.settle()

    assert slack.ephemerals("U0EVA", "C0SUCCESS") == []
    assert "owned by <@U0EVA>" in card.text
    with running.db.reading() as tx:
        verbs = Counter(entry.verb for entry in audit.list_after(tx, 0, 100))
    assert verbs["claim"] == 1
