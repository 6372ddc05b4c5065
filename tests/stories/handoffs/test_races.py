"""Many at once, and the same thing twice: one owner, one handoff, one line in the audit, an answer for everybody."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import pytest
import yaml

from slackapp.slack import ids
from storage.db.database import Database
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import AuditEntry, Handoff
from tests.databases import ONE_ELSE_BOTH, POSTGRESQL
from tests.slack_client import Message, Workspace
from tests.stories.northwind import ACME, open_form
from tests.stories.processes import ROOT, Baton, Json, free_port
from tests.waiting import until

T = TypeVar("T")
SEED = ROOT / "slackapp" / "local" / "seed.yml"
CROWD = [f"U1N{number:03}" for number in range(200)]
ANSWERED_WITHIN_S = 3.0


@pytest.fixture(scope="module")
def by_http() -> Iterator[tuple[Workspace, int]]:
    """Northwind's Slack that posts signed requests to a port, with two hundred more people in the success team."""
    seed: Json = yaml.safe_load(SEED.read_text(encoding="utf-8"))
    seed["users"] += [{"id": user, "name": user.lower(), "real_name": f"Person {user[3:]}"} for user in CROWD]
    success = next(group for group in seed["usergroups"] if group["id"] == "S0CS")
    success["users"] += CROWD
    port = free_port()
    with Workspace.start(app_url=f"http://127.0.0.1:{port}/slack/events") as slack:
        slack.post("/control/world/seed", seed)
        yield slack, port


@pytest.fixture
def slack(by_http: tuple[Workspace, int]) -> Workspace:
    by_http[0].reset()
    return by_http[0]


@pytest.fixture
def baton(by_http: tuple[Workspace, int], slack: Workspace, database_url: str) -> Iterator[Baton]:
    with Baton.start(slack, database_url, port=by_http[1]) as started:
        slack.settle()
        yield started


@pytest.fixture
def card(slack: Workspace, baton: Baton) -> Message:
    """What Ben hands off, as the success team sees it."""
    open_form(slack, "U0BEN").submit(ACME)
    slack.settle()
    return slack.find("U0BEN", "C0SUCCESS", ACME["title"])


class Mailbox(http.server.ThreadingHTTPServer):
    """Takes what is answered to response_urls: one address per person."""

    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Letter)
        self.letters: dict[str, list[Json]] = {}
        self.lock = threading.Lock()

    def address(self, user: str) -> str:
        """The response_url of somebody's click."""
        return f"http://127.0.0.1:{self.server_address[1]}/{user}"


class _Letter(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        letter = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert isinstance(self.server, Mailbox)
        with self.server.lock:
            self.server.letters.setdefault(self.path[1:], []).append(letter)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def at_once(works: list[Callable[[], T]]) -> list[T]:
    """Do all of them in the same instant, as nearly as threads can."""
    gate = threading.Barrier(len(works))

    def behind_the_gate(work: Callable[[], T]) -> T:
        gate.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(behind_the_gate, works))


def click_on(card: Message, label: str, user: str, *, answers_to: str) -> Json:
    """The payload of a button press, as Slack sends it (docs.slack.dev, block_actions)."""
    shown = card.raw
    button = card.buttons[label]
    return {
        "type": "block_actions",
        "team": {"id": "T0LOCAL", "domain": "northwind"},
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": "T0LOCAL"},
        "api_app_id": "A0BATON",
        "trigger_id": f"1.2.{user}",
        "container": {"type": "message", "message_ts": card.ts, "channel_id": card.channel, "is_ephemeral": False},
        "channel": {"id": card.channel, "name": "success"},
        "message": shown,
        "state": {"values": {}},
        "response_url": answers_to,
        "actions": [{key: button[key] for key in ("type", "action_id", "block_id", "text", "value")}],
    }


def stored(url: str) -> tuple[list[Handoff], list[list[AuditEntry]]]:
    """Every handoff of the workspace, by number, and the audit of each."""
    database = Database.open(url)
    try:
        with database.reading() as tx:
            found: list[Handoff] = []
            while (one := handoffs.get_by_number(tx, "T0LOCAL", len(found) + 1)) is not None:
                found.append(one)
            return found, [audit.list_for_handoff(tx, one.id) for one in found]
    finally:
        database.close()


@pytest.mark.alone
@POSTGRESQL
def test_of_two_hundred_who_claim_at_once_one_owns_it_and_each_of_the_others_is_told_who(
    slack: Workspace, baton: Baton, card: Message, mailbox: Mailbox, database_url: str
) -> None:
    with Baton.start(slack, database_url, port=free_port()) as second:
        doors = (baton.door, second.door)
        clicks = [click_on(card, "Claim", user, answers_to=mailbox.address(user)) for user in CROWD]

        heard = at_once([partial(doors[n % 2].interact, click) for n, click in enumerate(clicks)])

        until(lambda: len(mailbox.letters) >= len(CROWD) - 1)
        slack.settle()
        assert second.bugs() == []
    assert baton.bugs() == []
    assert {answer.status for answer in heard} == {200}
    slowest = max(answer.took_s for answer in heard)
    assert slowest < ANSWERED_WITHIN_S, f"Slack gives up after 3 s, the slowest answer took {slowest:.2f} s"

    ((handoff,), (entries,)) = stored(database_url)
    assert handoff.owner in CROWD
    assert [entry.actor for entry in entries if entry.verb == Verb.CLAIM] == [handoff.owner]
    assert set(mailbox.letters) == set(CROWD) - {handoff.owner}
    for user, letters in mailbox.letters.items():
        assert len(letters) == 1, user
        assert f"<@{handoff.owner}> has" in letters[0]["text"]
        assert letters[0]["response_type"] == "ephemeral"
    assert f"owned by <@{handoff.owner}>" in card.text
    assert len(slack.messages("U0BEN", "C0SUCCESS", thread_ts=card.ts)) <= 2, "the card and one word about its owner"


def submission(slack: Workspace) -> Json:
    """The newest form that was sent, as Slack sent it."""
    sent = [call for call in slack.calls(kind="delivery") if call["args"].get("type") == "view_submission"]
    payload: Json = sent[-1]["args"]
    del payload["retry_attempt"]
    return payload


@ONE_ELSE_BOTH
def test_submit_pressed_twice_at_once_makes_one_handoff(slack: Workspace, baton: Baton, database_url: str) -> None:
    form = open_form(slack, "U0BEN").fill(ACME)
    slack.settle_after_acts = False

    answers = at_once([form.submit, form.submit])

    slack.settle_after_acts = True
    slack.settle()
    assert [answer.ack for answer in answers] == [{"response_action": "clear"}] * 2
    assert len(stored(database_url)[0]) == 1
    cards = [m for m in slack.messages("U0BEN", "C0SUCCESS") if ACME["title"] in m.text]
    assert len(cards) == 1
    assert baton.bugs() == []


def test_the_same_form_with_other_answers_shows_what_is_stored_and_offers_a_note(
    slack: Workspace, baton: Baton, card: Message, database_url: str
) -> None:
    again = submission(slack)
    again["view"]["state"]["values"]["title"]["value"]["value"] = "Acme renewal, second thoughts"

    heard = baton.door.interact(again)

    assert heard.status == 200
    assert heard.body["response_action"] == "update"
    shown = json.dumps(heard.body["view"])
    assert ACME["title"] in shown
    assert ids.action(Verb.NOTE) in shown, "what was typed can be added as a note"
    assert [handoff.title for handoff in stored(database_url)[0]] == [ACME["title"]]


@POSTGRESQL
def test_twenty_copies_of_one_form_at_two_processes_make_one_handoff(
    slack: Workspace, baton: Baton, card: Message, database_url: str
) -> None:
    form = submission(slack)
    form["view"]["id"] = "V0ANOTHER"
    form["view"]["state"]["values"]["title"]["value"]["value"] = "Globex onboarding"
    with Baton.start(slack, database_url, port=free_port()) as second:
        doors = (baton.door, second.door)

        heard = at_once([partial(doors[n % 2].interact, form) for n in range(20)])

        slack.settle()
        assert {answer.status for answer in heard} == {200}
        assert {answer.body["response_action"] for answer in heard} == {"clear"}
        assert [handoff.title for handoff in stored(database_url)[0]] == [ACME["title"], "Globex onboarding"]
        assert second.bugs() == []


@ONE_ELSE_BOTH
def test_two_processes_that_start_at_once_on_an_empty_database_both_come_up(
    slack: Workspace, empty_database_url: str
) -> None:
    first, second = at_once([partial(Baton.start, slack, empty_database_url, port=free_port()) for _ in range(2)])

    with first, second:
        slack.settle()
        assert (first.ready()[0], second.ready()[0]) == (200, 200)
        assert (first.bugs(), second.bugs()) == ([], [])
