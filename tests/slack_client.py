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

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias
from urllib.parse import urlencode, urlsplit

Json: TypeAlias = dict[str, Any]
ROOT = Path(__file__).resolve().parents[1]
WAIT_S = 30.0
"""How long tests wait for what has to come: a busy machine takes its time."""
MORE = ("More", "Edit other answers")
"""The buttons in a form that show its rarer fields."""


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
        self._process: subprocess.Popen[str] | None = None

    @classmethod
    def start(
        cls,
        *,
        manifest: Path = ROOT / "manifest.yml",
        seed: Path | None = None,
        app_url: str | None = None,
        patience: float | None = None,
    ) -> "Workspace":
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
    ) -> "Message":
        """Write a message, perhaps with files (Slack's objects, or names of new ones), and return it."""
        answer = self.act("message", user=user, channel=channel, text=text, thread_ts=thread_ts, files=files)
        return Message(self, user, answer.raw["channel"], answer.raw["ts"])

    def home(self, user: str) -> Answer:
        """Open the Home tab."""
        return self.act("home", user=user)

    def act(self, name: str, **body: Any) -> Answer:
        """Do any act of the control API."""
        raw = self.post(f"/control/act/{name}", body)
        if self.settle_after_acts:
            self.settle()
        return Answer(ok=raw["ok"], error=raw["error"], ack=raw["ack"], took_ms=raw["took_ms"], raw=raw)

    # What people see

    def sees(self, user: str) -> Json:
        """Return all that a person sees, as the control API tells it."""
        return self.get("/control/view", user=user)

    def messages(self, user: str, channel: str, *, thread_ts: str | None = None) -> list["Message"]:
        """Return what a person sees in a channel (by id or name), oldest first; with thread_ts only that thread."""
        seen = self._channel(user, channel)
        return [
            Message(self, user, seen["id"], message["ts"])
            for message in seen["messages"]
            if thread_ts is None or message.get("thread_ts") == thread_ts
        ]

    def ephemerals(self, user: str, channel: str) -> list["Message"]:
        """Return the notes in a channel that only this person sees."""
        seen = self._channel(user, channel)
        notes = [message["ts"] for message in seen["messages"] if message.get("ephemeral")]
        return [Message(self, user, seen["id"], ts) for ts in notes]

    def dms(self, user: str) -> list["Message"]:
        """Return the direct messages between the app and a person."""
        ims = [channel for channel in self.sees(user)["channels"] if channel["is_im"]]
        return [Message(self, user, im["id"], message["ts"]) for im in ims for message in im["messages"]]

    def find(self, user: str, channel: str, containing: str) -> "Message":
        """Return the newest message of a channel that contains some words."""
        seen = self._channel(user, channel)
        found = [message["ts"] for message in seen["messages"] if containing in _all_text(message)]
        if not found:
            texts = [message["text"] for message in seen["messages"]]
            raise AssertionError(f"{user} sees no message with {containing!r} in {channel}, only {texts}")
        return Message(self, user, seen["id"], found[-1])

    def views(self, user: str) -> list["Modal"]:
        """Return the modals a person has open, the visible one last."""
        return [Modal(self, user, view["id"]) for view in self.sees(user)["views"]]

    def modal(self, user: str) -> "Modal":
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

    def wait(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass: move the clock, then settle."""
        self.advance(hours * 3600 + minutes * 60 + seconds)
        self.settle()

    def settle(self, timeout_s: float = 20) -> None:
        """Return when the app has nothing left to do; fail with who is busy if that takes too long."""
        answer = self.post("/control/settle", {"timeout_s": timeout_s})
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

    def post(self, path: str, body: Json) -> Json:
        """Post to the control API; raise RefusedError with its sentence if it refuses."""
        return self._exchange("POST", path, json.dumps(body))

    def _exchange(self, verb: str, path: str, body: str | None) -> Json:
        address = urlsplit(self.base_url)
        connection = HTTPConnection(address.hostname or "", address.port, timeout=60)
        try:
            connection.request(verb, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            read: Json = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != HTTPStatus.OK:
            raise RefusedError(read["error"])
        return read

    def _channel(self, user: str, wanted: str) -> Json:
        for channel in self.sees(user)["channels"]:
            if wanted.lstrip("#") in {channel["id"], channel["name"]}:
                found: Json = channel
                return found
        raise AssertionError(f"{user} sees no channel {wanted}")


class Message:
    """One message as one person sees it."""

    def __init__(self, workspace: Workspace, viewer: str, channel: str, ts: str) -> None:
        self.workspace = workspace
        self.viewer = viewer
        self.channel = channel
        self.ts = ts

    def __repr__(self) -> str:
        return f"<Message {self.channel} {self.ts}>"

    @property
    def raw(self) -> Json:
        """Slack's message object as it is now."""
        for message in self.workspace._channel(self.viewer, self.channel)["messages"]:
            if message["ts"] == self.ts:
                found: Json = message
                return found
        raise AssertionError(f"{self.viewer} no longer sees message {self.ts} in {self.channel}")

    @property
    def exists(self) -> bool:
        """Whether the message is still there."""
        seen = self.workspace._channel(self.viewer, self.channel)["messages"]
        return any(message["ts"] == self.ts for message in seen)

    @property
    def text(self) -> str:
        """The top-level text: what notifications and screen readers say."""
        return str(self.raw["text"])

    @property
    def blocks(self) -> list[Json]:
        """The blocks."""
        blocks: list[Json] = self.raw["blocks"]
        return blocks

    @property
    def buttons(self) -> dict[str, Json]:
        """The buttons by label, each with its element and `block_id`."""
        return _buttons(self.blocks)

    @property
    def menu(self) -> list[str]:
        """The labels of the overflow menu's options."""
        return list(_menu(self.blocks))

    def all_text(self) -> str:
        """Every text of the message, one per line."""
        return _all_text(self.raw)

    def replies(self) -> list["Message"]:
        """The replies in its thread."""
        thread = self.workspace.messages(self.viewer, self.channel, thread_ts=self.ts)
        return [message for message in thread if message.ts != self.ts]

    def click(self, label: str, *, by: str) -> Answer:
        """Press a button."""
        return self._use(_named(self.buttons, label), by, None)

    def choose(self, label: str, *, by: str) -> Answer:
        """Choose from the overflow menu."""
        entry = _named(_menu(self.blocks), label)
        return self._use(entry, by, entry["chosen"])

    def shortcut(self, callback_id: str, *, by: str) -> Answer:
        """Use a message shortcut on this message."""
        sent = {"channel": self.channel, "ts": self.ts, "callback_id": callback_id}
        return self.workspace.act("message_shortcut", user=by, **sent)

    def delete(self, *, by: str) -> Answer:
        """Delete the message as a person."""
        return self.workspace.act("delete_message", user=by, channel=self.channel, ts=self.ts)

    def _use(self, element: Json, by: str, value: Any) -> Answer:
        place = {"channel": self.channel, "ts": self.ts}
        ids = {"action_id": element["action_id"], "block_id": element["block_id"]}
        return self.workspace.act("click", user=by, value=value, **place, **ids)


class Modal:
    """One modal as its person sees it. What `fill` types stays until `submit` or `click` sends it."""

    def __init__(self, workspace: Workspace, user: str, view_id: str) -> None:
        self.workspace = workspace
        self.user = user
        self.id = view_id
        self._typed: Json = {}

    @property
    def raw(self) -> Json:
        """Slack's view object as it is now, with `errors`."""
        for view in self.workspace.sees(self.user)["views"]:
            if view["id"] == self.id:
                found: Json = view
                return found
        raise AssertionError(f"{self.user} no longer has modal {self.id} open")

    @property
    def is_open(self) -> bool:
        """Whether the person still has it open."""
        return any(view["id"] == self.id for view in self.workspace.sees(self.user)["views"])

    @property
    def title(self) -> str:
        """The title."""
        return str(self.raw["title"]["text"])

    @property
    def fields(self) -> list[str]:
        """The labels of the input blocks."""
        return list(self._inputs())

    @property
    def errors(self) -> dict[str, str]:
        """What stands in red at the fields, by block_id."""
        errors: dict[str, str] = self.raw["errors"]
        return errors

    @property
    def buttons(self) -> dict[str, Json]:
        """The buttons by label."""
        return _buttons(self.raw["blocks"])

    @property
    def values(self) -> Json:
        """What is filled in: Slack's state objects by block_id and action_id."""
        values: Json = self.raw["state"]["values"]
        return values

    def all_text(self) -> str:
        """Every text of the modal, one per line."""
        raw = self.raw
        return "\n".join(_texts([raw["title"], *raw["blocks"]]))

    def fill(self, values: Mapping[str, Any]) -> "Modal":
        """Type into fields, named by label or block_id; values may be the workspace's shorthands."""
        self._typed |= values
        return self

    def submit(self, values: Mapping[str, Any] | None = None) -> Answer:
        """Press the submit button; a field that is behind "More" is shown first, as a person would."""
        typed = self._uncover({**self._typed, **(values or {})})
        state = self._state(typed, known=self._known()) if typed else {}
        return self.workspace.act("submit", user=self.user, view_id=self.id, values=state)

    @property
    def problems(self) -> dict[str, str]:
        """What Baton says above its fields, by the field's key, where it draws a form again because of it."""
        found, above = {}, ""
        for block in self.raw["blocks"]:
            if block["type"] == "input" and above:
                found[block["block_id"].partition("~")[0]] = above
            text = block["elements"][0].get("text", "") if block["type"] == "context" else ""
            above = text.removeprefix(":warning: *").removesuffix("*") if text.startswith(":warning: *") else ""
        return found

    def click(self, label: str, values: Mapping[str, Any] | None = None) -> Answer:
        """Press a button inside the modal."""
        return self._use(_named(self.buttons, label), None, values)

    def choose(self, field: str, value: Any) -> Answer:
        """Change a field that tells the app at once (dispatch_action)."""
        return self._use(_named(self._known(), field), value, None)

    def suggest(self, field: str, text: str) -> list[str]:
        """Type into an external select and return the values it offers."""
        element = _named({**self._inputs(), **self._elements()}, field)
        ids = {"action_id": element["action_id"], "block_id": element["block_id"]}
        answer = self.workspace.act("suggest", user=self.user, view_id=self.id, value=text, **ids)
        ack = answer.ack or {}
        groups = [option for group in ack.get("option_groups") or () for option in group["options"]]
        return [option["value"] for option in [*(ack.get("options") or ()), *groups]]

    def close(self) -> Answer:
        """Press Cancel."""
        return self.workspace.act("close", user=self.user, view_id=self.id)

    def _uncover(self, typed: Json) -> Json:
        """Show the fields behind "More" if some were typed into; what is left to type then."""
        known = self._known() if typed else {}
        more = next((label for label in MORE if label in self.buttons), None)
        if more is None or typed.keys() <= known.keys():
            return typed
        state = self._state({name: value for name, value in typed.items() if name in known}, known=known)
        ids = {name: self.buttons[more][name] for name in ("action_id", "block_id")}
        self.workspace.act("view_action", user=self.user, view_id=self.id, value=None, values=state, **ids)
        self.workspace.settle()
        return {name: value for name, value in typed.items() if name not in known}

    def _use(self, element: Json, value: Any, values: Mapping[str, Any] | None) -> Answer:
        ids = {"action_id": element["action_id"], "block_id": element["block_id"]}
        state = self._state(values)
        return self.workspace.act("view_action", user=self.user, view_id=self.id, value=value, values=state, **ids)

    def _inputs(self) -> dict[str, Json]:
        blocks = [block for block in self.raw["blocks"] if block["type"] == "input"]
        return {block["label"]["text"]: {**block["element"], "block_id": block["block_id"]} for block in blocks}

    def _elements(self) -> dict[str, Json]:
        return {element["block_id"]: element for element in _elements(self.raw["blocks"])}

    def _known(self) -> dict[str, Json]:
        """The fields by label, by block_id, and by block_id without the number that tells Slack to forget (`~2`)."""
        found = {**self._elements(), **self._inputs()}
        return {**{element["block_id"].partition("~")[0]: element for element in found.values()}, **found}

    def _state(self, values: Mapping[str, Any] | None, known: Mapping[str, Json] | None = None) -> Json:
        typed = {**({} if known else self._typed), **(values or {})}
        known = known or (self._known() if typed else {})
        state: Json = {}
        for name, value in typed.items():
            element = _named(known, name)
            state.setdefault(element["block_id"], {})[element["action_id"]] = value
        return state


def _elements(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        for element in [block.get("element"), block.get("accessory"), *(block.get("elements") or ())]:
            if isinstance(element, dict) and "action_id" in element:
                yield {**element, "block_id": block["block_id"]}


def _buttons(blocks: list[Json]) -> dict[str, Json]:
    return {element["text"]["text"]: element for element in _elements(blocks) if element["type"] == "button"}


def _menu(blocks: list[Json]) -> dict[str, Json]:
    menus = [element for element in _elements(blocks) if element["type"] == "overflow"]
    return {o["text"]["text"]: {**menu, "chosen": o["value"]} for menu in menus for o in menu["options"]}


def _named(known: Mapping[str, Json], name: str) -> Json:
    if name not in known:
        raise AssertionError(f"there is no {name!r}, only {sorted(known)}")
    return known[name]


def _all_text(message: Json) -> str:
    return "\n".join([message["text"], *_texts(message["blocks"])])


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _texts(one)
    elif isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for key, value in part.items():
            if key not in {"value", "private_metadata"} and not isinstance(value, str):
                yield from _texts(value)
