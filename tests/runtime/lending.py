"""The smallest workspace that lends a clock, for the tests of the clock alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Lender:
    """A movable clock: revision, offset and settle number, and what processes reported."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.revision = 1
        self.offset_s = 0.0
        self.settle = 0
        self.closing = False
        self.reports: list[dict[str, Any]] = []

    def move(self, seconds: float) -> None:
        with self.changed:
            self.offset_s += seconds
            self.revision += 1
            self.changed.notify_all()

    def begin_settle(self) -> int:
        with self.changed:
            self.settle += 1
            self.revision += 1
            self.changed.notify_all()
            return self.settle

    def reported(self, settle: int, wait_s: float = 5.0) -> bool:
        """Wait until somebody is quiet in that round."""
        said = {"settle": settle, "quiet": True}
        with self.changed:
            return self.changed.wait_for(lambda: any(said.items() <= r.items() for r in self.reports), wait_s)


def _handler(lender: Lender) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            after = int(query["after"][0]) if "after" in query else None
            with lender.changed:
                lender.changed.wait_for(lambda: lender.closing or lender.revision != after, float(query["wait"][0]))
                said = {"revision": lender.revision, "offset_s": lender.offset_s, "settle": lender.settle}
            if not lender.closing:
                self._answer(said)

        def do_POST(self) -> None:
            report = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lender.changed:
                lender.reports.append(report)
                lender.changed.notify_all()
            self._answer({})

        def _answer(self, body: dict[str, Any]) -> None:
            text = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Say nothing."""

    return Handler


@contextmanager
def lending(lender: Lender, port: int = 0) -> Iterator[str]:
    """Serve the clock; the block gets its address."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(lender))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/clock"
    finally:
        with lender.changed:
            lender.closing = True
            lender.changed.notify_all()
        server.shutdown()
        server.server_close()
        thread.join()
