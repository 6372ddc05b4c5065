"""Nobody uses Baton before it is decided who they are: every row of every register lies behind the same door."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Final

import pytest
from slack_bolt import BoltContext, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from slackapp.capability import Capability, Subcommand, any_text
from slackapp.dispatch.admission import BOT, DEACTIVATED, STRANGER
from slackapp.dispatch.bolt import Listeners
from slackapp.dispatch.openings import Openings
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.listeners.thread_replies import QueueChannels
from slackapp.handoffs.model import Invalid, Opened
from slackapp.registers import REGISTERS
from slackapp.runtime.baton import Baton
from slackapp.slack.connection.installation import Installation
from slackapp.slack.connection.private_replies import PrivateReplyPool
from slackapp.slack.connection.trigger_calls import TriggerCalls
from slackapp.slack.conversation import OUTSIDER, OptionList
from slackapp.slack.field_problems import FieldProblem
from slackapp.slack.ids import Field
from storage.company import people, queues
from storage.company.model import Person
from storage.db.database import Database, Tx
from storage.handoffs.model import Text
from tests.batons import a_baton
from tests.builders import a_queue
from tests.manual_clock import MONDAY_9

TEAM: Final = "T1"
AUTHORIZED: Final = AuthorizeResult(enterprise_id="E1", team_id=TEAM, bot_user_id="U0", bot_id="B0", bot_token="x")
CONVERSATIONS: Final = ("clicks", "forms", "closed", "shortcuts", "choices", "words")
"""The registers whose rows answer a person."""
NO_CONVERSATIONS: Final = {
    "opens": "titles",
    "events": "what Slack reports; an act that follows is decided by the stored person, as any other",
    "message_kinds": "drawn by the pump",
    "home_parts": "drawn by the pump, in the Home tab of somebody admitted",
    "scheduled": "run by the clock",
    "effects": "run with a change that was allowed",
    "people_effects": "run with a change that Slack or the file reported",
}

COLLEAGUE: Final = Person(workspace=TEAM, id="U1", name="Eva", team=TEAM, seen_at=MONDAY_9)
STORED: Final = (
    COLLEAGUE,
    replace(COLLEAGUE, id="U2", name="Gast", is_guest=True),
    replace(COLLEAGUE, id="U3", name="Olga", team="T2"),
    replace(COLLEAGUE, id="U4", name="Bot", is_bot=True),
    replace(COLLEAGUE, id="U5", name="Leo", deleted=True),
)
"""People as Slack has reported them."""
ADMITTED: Final[Mapping[str, tuple[str, str | None]]] = {
    "a colleague": ("U1", TEAM),
    "a colleague whose click names another workspace of the organisation": ("U1", "T9"),
    "a colleague whose click names none": ("U1", None),
    "a guest": ("U2", TEAM),
    "somebody new of our workspace": ("U9", TEAM),
    "somebody new of our organisation": ("U9", "E1"),
}
"""User and named workspace."""
REFUSED: Final[Mapping[str, tuple[str, str | None, str]]] = {
    "an outsider": ("U3", "T2", OUTSIDER),
    "an outsider whose click names our workspace": ("U3", TEAM, OUTSIDER),
    "a bot": ("U4", TEAM, BOT),
    "somebody deactivated": ("U5", TEAM, DEACTIVATED),
    "somebody new of another workspace, perhaps of our organisation": ("U9", "T2", STRANGER),
    "a stranger": ("U9", None, STRANGER),
}


class Acked:
    """An acknowledgement, kept."""

    def __init__(self) -> None:
        self.said: dict[str, Any] = {}

    def __call__(self, **said: Any) -> BoltResponse:
        self.said = said
        return BoltResponse(status=200)


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    """One database is enough: what is read is one row by its key."""
    return str(request.param)


@pytest.fixture
def heard() -> list[str]:
    """The rows that ran."""
    return []


@pytest.fixture
def baton(database: Database) -> Baton:
    def store(tx: Tx) -> None:
        for person in STORED:
            people.put(tx, person)
        queues.put(tx, a_queue(members=("U1", "U2")))

    database.run_transaction(store)
    return a_baton(database)


@pytest.fixture
def listeners(baton: Baton, heard: list[str]) -> Iterator[Listeners]:
    """The real listeners, over registers whose rows only say that they ran."""
    answers = PrivateReplyPool()
    openings = Openings(baton, answers, TriggerCalls(token="x", base_url="http://127.0.0.1:9/"))
    yield Listeners(
        baton=baton,
        answers=answers,
        openings=openings,
        installation=Installation(workspace=TEAM, url="https://acme.slack.com", authorized=AUTHORIZED),
        channels=QueueChannels(baton),
        registers=recording(heard),
    )
    openings.stop()
    answers.stop()


def recording(heard: list[str]) -> Capability:
    """Every row of every register that answers a person, replaced by one that says that it ran."""

    def row(register: str, key: str) -> Any:
        def run(*_given: Any) -> OptionList:
            heard.append(f"{register} {key}")
            return OptionList()

        return Subcommand(handle=run, parse=any_text, usage="") if register == "words" else run

    rows: dict[str, Any] = {name: {key: row(name, key) for key in getattr(REGISTERS, name)} for name in CONVERSATIONS}
    return replace(REGISTERS, **rows)


def calls(listeners: Listeners, user: str, team: str | None) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    """A payload for each row, as this person causes it; called, it returns what was acknowledged."""
    client = WebClient(base_url="http://127.0.0.1:9/", retry_handlers=[])
    context = BoltContext()
    who = {"user": {"id": user, **({"team_id": team} if team else {})}, "trigger_id": "1"}

    def call(listener: Callable[..., Any], body: dict[str, Any], **more: Any) -> Callable[[], dict[str, Any]]:
        def run() -> dict[str, Any]:
            ack = Acked()
            listener(ack=ack, body=body, context=context, **more)
            return ack.said

        return run

    def view(key: str) -> dict[str, Any]:
        return {"view": {"id": "V1", "callback_id": key, "private_metadata": "{}", "blocks": [], "state": {}}}

    for key in REGISTERS.clicks:
        body = {**who, "actions": [{"action_id": key, "type": "button", "value": ""}]}
        yield f"clicks {key}", call(listeners.click, body, client=client)
    for key in REGISTERS.forms:
        yield f"forms {key}", call(listeners.submit, {**who, **view(key)}, client=client)
    for key in REGISTERS.closed:
        yield f"closed {key}", call(listeners.closed, {**who, **view(key)})
    for key in REGISTERS.shortcuts:
        # a message's shortcut has an address to answer to: without one a refusal would have to open a view
        yield f"shortcuts {key}", call(listeners.shortcut, {**who, "callback_id": key}, client=client)
    for key in REGISTERS.choices:
        yield f"choices {key}", call(listeners.typing, {**who, "block_id": key, "value": ""})
    for key in REGISTERS.words:
        flat = {"user_id": user, "text": key, "trigger_id": "1", **({"team_id": team} if team else {})}
        yield f"words {key}", call(listeners.command, flat, client=client)


def test_every_register_is_one_that_answers_a_person_or_says_why_not() -> None:
    assert {one.name for one in fields(Capability)} == {*CONVERSATIONS, *NO_CONVERSATIONS}


@pytest.mark.parametrize("who", ADMITTED)
def test_whoever_is_admitted_reaches_every_row(listeners: Listeners, heard: list[str], who: str) -> None:
    for row, run in calls(listeners, *ADMITTED[who]):
        heard.clear()
        run()
        assert len(heard) == 1, row
        assert heard == [row] or row.startswith("words"), row


@pytest.mark.parametrize("who", REFUSED)
def test_nobody_else_reaches_any_row_and_each_is_told_why(listeners: Listeners, heard: list[str], who: str) -> None:
    user, team, sentence = REFUSED[who]
    for row, run in calls(listeners, user, team):
        said = run()
        assert heard == [], row
        assert said.get("options", []) == [], row
        if row.startswith("words"):
            assert said["text"] == sentence
        if row.startswith("forms"):
            assert sentence in str(said["view"]["blocks"])


def new(user: str, baton: Baton) -> Opened | Invalid:
    draft = NewHandoff(title="Acme", queue="success", next_step="Call", note=Text(plain="Note"))
    found = open_handoff(baton, workspace=TEAM, user=user, draft=draft, form=f"V{user}")
    assert isinstance(found, Opened | Invalid)
    return found


@pytest.mark.parametrize("user", ["U3", "U4", "U5"])
def test_an_outsider_a_bot_or_somebody_deactivated_cannot_open_a_handoff_past_the_door_either(
    baton: Baton, user: str
) -> None:
    assert new(user, baton) == Invalid(problems={Field.QUEUE: FieldProblem.NO_SUCH_QUEUE})


def test_a_guest_opens_handoffs_for_the_teams_that_they_are_in(baton: Baton) -> None:
    assert isinstance(new("U2", baton), Opened)
    baton.db.run_transaction(lambda tx: queues.put(tx, a_queue(members=("U1",))))
    baton.db.run_transaction(lambda tx: people.put(tx, replace(STORED[1], id="U22")))

    assert new("U22", baton) == Invalid(problems={Field.QUEUE: FieldProblem.NO_SUCH_QUEUE})
    assert isinstance(new("U1", baton), Opened)
