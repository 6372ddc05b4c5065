"""A person's hands and eyes in the local Slack workspace, for tests that tell stories.

    with Workspace.start() as slack:
        slack.command("U0BEN", "")                    # /handoff
        slack.modal("U0BEN").submit({"title": "Acme renewal"})
        card = slack.find("U0DAN", "success", "Acme renewal")
        card.click("Claim", by="U0EVA")
        slack.wait(hours=4)
        assert "U0EVA" in card.all_text()

Messages and modals are live: every look at them reads what the person sees now. Acts settle by default, which
means that they return when the app has nothing left to do (`settle_after_acts`).
"""

from tests.slack_client.message import Message
from tests.slack_client.modal import Modal
from tests.slack_client.shown import Json
from tests.slack_client.workspace import ROOT, WAIT_S, Answer, RefusedError, Workspace

__all__ = ["ROOT", "WAIT_S", "Answer", "Json", "Message", "Modal", "RefusedError", "Workspace"]
