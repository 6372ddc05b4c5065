"""A real HTTP server that records the webhook calls it gets and answers as the test demands."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Received:
    """One request: its headers in lower case, and its body."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """What it tells."""
        told: dict[str, Any] = json.loads(self.body)
        return told

    def is_signed_with(self, secret: str) -> bool:
        """Check it as the Standard Webhooks specification says a receiver should."""
        content = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.{self.body.decode()}"
        digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), content.encode(), hashlib.sha256).digest()
        return self.headers.get("webhook-signature") == f"v1,{base64.b64encode(digest).decode()}"


@dataclass(kw_only=True)
class Outside:
    """The server. `statuses` are given one after the other, the last one for ever."""

    statuses: list[int] = field(default_factory=lambda: [204])
    answers_after_s: float = 0.0
    says: bytes = b""
    received: list[Received] = field(default_factory=list)

    def __post_init__(self) -> None:
        outside = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outside.take(self)

            def log_message(self, *_words: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}/hook?token=s3cr3t"

    def take(self, request: BaseHTTPRequestHandler) -> None:
        """Keep a request and answer it."""
        body = request.rfile.read(int(request.headers["content-length"]))
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.received.append(Received(headers=headers, body=body))
        time.sleep(self.answers_after_s)
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        request.send_response(status)
        if status in range(300, 400):
            request.send_header("location", self.url)
        request.send_header("content-length", str(len(self.says)))
        request.end_headers()
        with suppress(ConnectionError):  # whoever asked does not want to hear more
            request.wfile.write(self.says)

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
