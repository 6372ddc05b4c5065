"""A running local workspace, through its control API: what people do and see, and the world around them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode, urlsplit

from tests.slack_client import shown
from tests.slack_client.home_tab import HomeTab
from tests.slack_client.message import Message
from tests.slack_client.modal import Modal

if TYPE_CHECKING:
    from types import TracebackType

    from tests.slack_client.shown import Json

ROOT = Path(__file__).resolve().parents[2]
ANSWERS_WITHIN_S = 60.0
"""How long the control API may take for anything but settling."""
WAIT_S = 30.0
"""How long tests wait for what has to come: a busy machine takes its time."""


class RefusedError(Exception):
    """The workspace would not do what a test asked; the message is its sentence."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an act came to: the app's acknowledgement, or the error a person would have seen."""

    ok: bool
    error: str | None
    ack: Any
    took_ms: int
    raw: Json = field(repr=False)


class Workspace:
    """A running local workspace, seen through its control API."""

    def __init__(self, base_url: str, *, settle_after_acts: bool = True) -> None:
        self.base_url = base_url
        self.settle_after_acts = settle_after_acts
        self.after_act: Callable[[], None] | None = None
        """Called after every act, if somebody wants to know."""
        self._process: subprocess.Popen[str] | None = None

    @classmethod
    def start(
        cls,
        *,
        manifest: Path = ROOT / "manifest.yml",
        seed: Path | None = None,
        app_url: str | None = None,
        patience: float | None = None,
    ) -> Workspace:
        """Start a workspace in a process of its own on a free port; `stop` or leaving the block ends it.

        Without `patience` it waits as long for the app as tests/conftest.py says.
        """
        command = [sys.executable, "-m", "slackapp.local", "--until-stdin-closes", "--manifest", str(manifest)]
        command += ["--seed", str(seed)] if seed else []
        command += ["--app-url", app_url] if app_url else []
        command += [] if patience is None else ["--patience", str(patience)]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        line = process.stdout.readline()
        workspace = cls(json.loads(line)["ready"] if line else "")
        workspace._process = process
        if not line:
            workspace.stop()
            raise RuntimeError("the local workspace did not start; its reason is on stderr")
        return workspace

    def stop(self) -> None:
        """End the process that `start` began."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.wait(timeout=60)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    @property
    def api_url(self) -> str:
        """The value for SLACK_API_URL."""
        return f"{self.base_url}/api/"

    @property
    def clock_url(self) -> str:
        """The value for BATON_CLOCK_URL."""
        return f"{self.base_url}/clock"

    # What people do

    def command(self, user: str, text: str = "", *, channel: str = "general", command: str | None = None) -> Answer:
        """Type a slash command (the manifest's first, unless named)."""
        sent = {"user": user, "channel": channel, "text": text}
        return self.act("command", **sent, **({"command": command} if command else {}))

    def shortcut(self, user: str, callback_id: str) -> Answer:
        """Use a global shortcut."""
        return self.act("shortcut", user=user, callback_id=callback_id)

    def message(
        self,
        user: str,
        text: str,
        *,
        channel: str = "general",
        thread_ts: str | None = None,
        files: list[Json] | list[str] | None = None,
    ) -> Message:
        """Write a message, perhaps with files (Slack's objects, or names of new ones), and return it."""
        answer = self.act("message", user=user, channel=channel, text=text, thread_ts=thread_ts, files=files)
        return Message(self, user, answer.raw["channel"], answer.raw["ts"])

    def home(self, user: str) -> Answer:
        """Open the Home tab."""
        return self.act("home", user=user)

    def home_tab(self, user: str) -> HomeTab:
        """Return the Home tab that a person has opened."""
        return HomeTab(self, user)

    def act(self, name: str, **body: Any) -> Answer:
        """Do any act of the control API."""
        raw = self.post(f"/control/act/{name}", body)
        if self.settle_after_acts:
            self.settle()
        if self.after_act is not None:
            self.after_act()
        return Answer(ok=raw["ok"], error=raw["error"], ack=raw["ack"], took_ms=raw["took_ms"], raw=raw)

    # What people see

    def sees(self, user: str) -> Json:
        """Return all that a person sees, as the control API tells it."""
        return self.get("/control/view", user=user)

    def messages(self, user: str, channel: str, *, thread_ts: str | None = None) -> list[Message]:
        """Return what a person sees in a channel (by id or name), oldest first; with thread_ts only that thread."""
        seen = self.channel(user, channel)
        return [
            Message(self, user, seen["id"], message["ts"])
            for message in seen["messages"]
            if thread_ts is None or message.get("thread_ts") == thread_ts
        ]

    def ephemerals(self, user: str, channel: str) -> list[Message]:
        """Return the notes in a channel that only this person sees."""
        seen = self.channel(user, channel)
        notes = [message["ts"] for message in seen["messages"] if message.get("ephemeral")]
        return [Message(self, user, seen["id"], ts) for ts in notes]

    def dms(self, user: str) -> list[Message]:
        """Return the direct messages between the app and a person."""
        ims = [channel for channel in self.sees(user)["channels"] if channel["is_im"]]
        return [Message(self, user, im["id"], message["ts"]) for im in ims for message in im["messages"]]

    def find(self, user: str, channel: str, containing: str) -> Message:
        """Return the newest message of a channel that contains some words."""
        seen = self.channel(user, channel)
        found = [message["ts"] for message in seen["messages"] if containing in shown.all_text(message)]
        if not found:
            texts = [message["text"] for message in seen["messages"]]
            raise AssertionError(f"{user} sees no message with {containing!r} in {channel}, only {texts}")
        return Message(self, user, seen["id"], found[-1])

    def views(self, user: str) -> list[Modal]:
        """Return the modals a person has open, the visible one last."""
        return [Modal(self, user, view["id"]) for view in self.sees(user)["views"]]

    def modal(self, user: str) -> Modal:
        """Return the modal a person is looking at. Where acts do not settle, it may come a moment after its act."""
        ends_at = time.monotonic() + (0 if self.settle_after_acts else WAIT_S)
        while not (views := self.views(user)):
            if time.monotonic() >= ends_at:
                raise AssertionError(f"{user} has no modal open")
            time.sleep(0.02)
        return views[-1]

    def alerts(self, user: str) -> list[str]:
        """Return the texts of the notifications a person got."""
        return [alert["text"] for alert in self.sees(user)["alerts"]]

    # The world around them

    def overview(self) -> Json:
        """Return everything that exists."""
        return self.get("/control/workspace")

    def reset(self) -> None:
        """Go back to the seed."""
        self.post("/control/world/reset", {})

    def change(self, thing: str, **body: Any) -> Json:
        """Change the world: user, channel, usergroup, team, scopes, token."""
        changed = self.post(f"/control/world/{thing}", body)
        if self.settle_after_acts:
            self.settle()
        return changed

    def now(self) -> float:
        """Return the workspace's time in epoch seconds."""
        return float(self.get("/control/clock")["now"])

    def advance(self, seconds: float) -> None:
        """Move the clock without waiting for what follows."""
        self.post("/control/clock", {"advance_s": seconds})

    def in_flight(self) -> int:
        """Return how many calls and deliveries are on the wire."""
        return int(self.get("/control/clock")["in_flight"])

    def wait(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass: move the clock, then settle."""
        self.advance(hours * 3600 + minutes * 60 + seconds)
        self.settle()

    def settle(self, timeout_s: float = 20) -> None:
        """Return when the app has nothing left to do; fail with who is busy if that takes too long."""
        answer = self.post("/control/settle", {"timeout_s": timeout_s}, within_s=timeout_s + ANSWERS_WITHIN_S)
        if not answer["ok"]:
            raise AssertionError(f"not settled after {timeout_s} s: {answer['error']}")

    def fault(self, method: str, fault: Json, times: int = 1) -> None:
        """Let the next calls of a method (or "socket", "response_url") go wrong."""
        self.post("/control/faults", {"method": method, "times": times, "fault": fault})

    def clear_faults(self) -> None:
        """Let nothing go wrong any more that was ordered and did not happen yet."""
        self._exchange("DELETE", "/control/faults", None)

    def rate_limits(self, *, enabled: bool) -> None:
        """Switch Slack's rate limits on or off."""
        self.post("/control/rate_limits", {"enabled": enabled})

    def patience(self, factor: float) -> None:
        """Wait `factor` times as long for the app as Slack does, until the next reset: 1 where that is tested."""
        self.post("/control/patience", {"factor": factor})

    def calls(self, method: str | None = None, *, kind: str | None = None, after: int = 0) -> list[Json]:
        """Return the recorded calls, all or those of one method or kind."""
        return [
            call
            for call in self.get("/control/calls", after=after)["calls"]
            if method in {None, call["method"]} and kind in {None, call["kind"]}
        ]

    def problems(self) -> list[Json]:
        """Return every call in which the validator found something Slack would refuse."""
        return [call for call in self.calls() if call["problems"]]

    def get(self, path: str, **query: Any) -> Json:
        """Read from the control API."""
        return self._exchange("GET", f"{path}?{urlencode(query)}", None)

    def post(self, path: str, body: Json, *, within_s: float = ANSWERS_WITHIN_S) -> Json:
        """Post to the control API; raise RefusedError with its sentence if it refuses."""
        return self._exchange("POST", path, json.dumps(body), within_s)

    def _exchange(self, verb: str, path: str, body: str | None, within_s: float = ANSWERS_WITHIN_S) -> Json:
        address = urlsplit(self.base_url)
        connection = HTTPConnection(address.hostname or "", address.port, timeout=within_s)
        try:
            connection.request(verb, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            read: Json = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != HTTPStatus.OK:
            raise RefusedError(read["error"])
        return read

    def channel(self, user: str, wanted: str) -> Json:
        """Return what a person sees of a channel, by its id or name."""
        for channel in self.sees(user)["channels"]:
            if wanted.lstrip("#") in {channel["id"], channel["name"]}:
                found: Json = channel
                return found
        raise AssertionError(f"{user} sees no channel {wanted}")
