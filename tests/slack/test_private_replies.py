"""Private answers: given from a pool of their own, tried twice, and counted when they are lost."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from prometheus_client import REGISTRY

from slackapp.slack.connection.private_replies import PrivateReplyPool


class Responses(ThreadingHTTPServer):
    """The other end of a response_url: answers with the given statuses in turn, then 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Listener)
        self.statuses: list[int] = []
        self.heard: list[str] = []
        self.slow_s = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/response/abc"


class Listener(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Responses)
        time.sleep(self.server.slow_s)
        self.server.heard.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def responses() -> Iterator[Responses]:
    with Responses() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def answers() -> Iterator[PrivateReplyPool]:
    pool = PrivateReplyPool()
    yield pool
    pool.stop()


def lost(reason: str) -> float:
    return REGISTRY.get_sample_value("baton_answers_lost_total", {"reason": reason}) or 0.0


def settle(answers: PrivateReplyPool) -> None:
    end = time.monotonic() + 60
    while not answers.quiet():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_an_answer_reaches_only_its_person(responses: Responses, answers: PrivateReplyPool) -> None:
    answers.ephemeral(responses.url, "Ana was quicker.")
    settle(answers)

    (heard,) = responses.heard
    assert '"text": "Ana was quicker."' in heard
    assert '"response_type": "ephemeral"' in heard
    assert '"replace_original": false' in heard


@pytest.mark.alone
def test_asking_for_an_answer_does_not_wait_for_it(responses: Responses, answers: PrivateReplyPool) -> None:
    responses.slow_s = 0.3
    began = time.monotonic()

    for _ in range(8):
        answers.ephemeral(responses.url, "Ana was quicker.")

    assert time.monotonic() - began < 0.3
    assert not answers.quiet()
    settle(answers)
    assert len(responses.heard) == 8


def test_a_failed_answer_is_tried_once_more(responses: Responses, answers: PrivateReplyPool) -> None:
    responses.statuses = [500]
    before = lost("failed")

    answers.ephemeral(responses.url, "Ana was quicker.")
    settle(answers)

    assert len(responses.heard) == 2
    assert lost("failed") == before


def test_an_answer_that_fails_twice_is_counted_and_let_go(responses: Responses, answers: PrivateReplyPool) -> None:
    responses.statuses = [500, 500]
    before = lost("failed")

    answers.ephemeral(responses.url, "Ana was quicker.")
    settle(answers)

    assert len(responses.heard) == 2
    assert lost("failed") == before + 1


def test_a_response_url_that_is_used_up_is_not_tried_again(responses: Responses, answers: PrivateReplyPool) -> None:
    responses.statuses = [404]
    before = lost("refused")

    answers.ephemeral(responses.url, "Ana was quicker.")
    settle(answers)

    assert len(responses.heard) == 1
    assert lost("refused") == before + 1


def test_an_answer_to_nowhere_is_counted(responses: Responses, answers: PrivateReplyPool) -> None:
    before = lost("not_reached")

    answers.ephemeral("http://127.0.0.1:9/response/abc", "Ana was quicker.")
    settle(answers)

    assert lost("not_reached") == before + 1


def test_a_message_can_be_withdrawn(responses: Responses, answers: PrivateReplyPool) -> None:
    answers.withdraw(responses.url)
    settle(answers)

    assert [json.loads(heard) for heard in responses.heard] == [{"delete_original": True}]
