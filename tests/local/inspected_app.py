"""The smallest app that lends an inspection address, for the tests of the inspector."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.slack_client import WAIT_S, Json, Workspace

TABLES: Json = {
    "title": "Order 7",
    "sections": [{"title": "Now", "columns": ["What", "Value"], "rows": [["state", "open"], ["count", 3]]}],
}


class InspectedApp:
    """An app that lends an inspection address, and what it was asked."""

    def __init__(self) -> None:
        self.answer: tuple[int, dict[str, str], bytes] = (200, {}, json.dumps(TABLES).encode())
        self.asked: list[dict[str, list[str]]] = []

    def tell(self, tables: Json) -> None:
        """Answer with these tables from now on."""
        self.answer = (200, {}, json.dumps(tables).encode())


@contextmanager
def lending(workspace: Workspace, address: str) -> Iterator[None]:
    """Lend the address for as long as the block runs: one that does not poll the clock is soon forgotten."""
    known, ended = threading.Event(), threading.Event()

    def follow() -> None:
        asked: Json = {"wait": 0}
        while not ended.is_set():
            clock = workspace.get("/clock", process="teller", inspect=address, **asked)
            asked = {"wait": 1, "after": clock["revision"]}
            known.set()

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        assert known.wait(WAIT_S)
        yield
    finally:
        ended.set()
        thread.join()


@contextmanager
def telling(told: InspectedApp) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(parse_qs(urlsplit(self.path).query))
            status, headers, body = told.answer
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/inspect"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
