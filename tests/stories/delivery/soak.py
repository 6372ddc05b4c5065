"""A company at work while its Batons are killed: people who act, and processes that die."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from tests.slack_client import Answer, Message, RefusedError, Workspace
from tests.stories.northwind import ACME
from tests.stories.processes import Baton, free_port
from tests.waiting import until

CHANNEL: Final = "C0SUCCESS"
SENDER, OWNER = "U0BEN", "U0EVA"
PUT_BACK: Final = 0.3
"""How often what was claimed is put back instead of finished: what people were told of its owner is false then."""
_FORM_S: Final = 5.0
"""Seconds for which people wait for a form: it may never come."""
_NOT_NOW: Final = (RefusedError, AssertionError, KeyError, OSError)
"""What an act meets when the app died in the middle of it: the person sees an error and goes on."""


class Balancer:
    """A load balancer: each connection goes to the next process that accepts it; `ports` are the processes' own."""

    def __init__(self, ports: list[int]) -> None:
        self.ports = ports
        self._next = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Accept nothing more."""
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client:
            for _ in self.ports:
                self._next += 1
                with suppress(OSError):
                    server = socket.create_connection(("127.0.0.1", self.ports[self._next % len(self.ports)]), 1)
                    break
            else:
                return
            with server:
                back = threading.Thread(target=_copy, args=(server, client), daemon=True)
                back.start()
                _copy(client, server)
                back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


class Crew:
    """The processes of one Baton. In HTTP mode a balancer stands before them."""

    def __init__(self, url: str, *, count: int, http: bool) -> None:
        self._url = url
        self._count = count
        self.balancer = Balancer([free_port() for _ in range(count)]) if http else None
        self._members: dict[int, Baton] = {}
        self.bugs: list[str] = []
        self.overtaken: list[str] = []
        """What processes that ended had logged of messages whose lease was over when they were sent."""

    def start(self, slack: Workspace) -> None:
        """Start every process."""
        self._slack = slack
        for nth in range(self._count):
            self.replace(nth)

    def kill(self, nth: int) -> None:
        """Kill one process, whichever its number comes to."""
        self._end(self._members.pop(nth % self._count))

    def replace(self, nth: int) -> None:
        """Start another process in place of the one that was killed, on a new port: anybody may have taken the old."""
        place, port = nth % self._count, None
        if self.balancer:
            port = self.balancer.ports[place] = free_port()
        self._members[place] = Baton.start(self._slack, self._url, port=port).__enter__()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Every process stands still within the block: time goes on, and with it what there is to be said."""
        for member in self._members.values():
            member.freeze()
        try:
            yield
        finally:
            for member in self._members.values():
                member.thaw()

    def close(self) -> None:
        """End every process."""
        while self._members:
            self._end(self._members.popitem()[1])
        if self.balancer:
            self.balancer.close()

    def _end(self, member: Baton) -> None:
        self.bugs += member.bugs()
        self.overtaken += [line for line in member.said().splitlines() if "after its lease had ended" in line]
        member.__exit__(None, None, None)


@dataclass(kw_only=True)
class Form:
    """A form that somebody fills in: how it is opened, what is entered, and whether it was ever sent."""

    user: str
    opened_by: Callable[[], Answer]
    entered: dict[str, str]
    sent: bool = False


@dataclass(kw_only=True)
class People:
    """Ben, who hands off, and Eva, who claims, puts back and finishes; each sees errors, and tries once more."""

    slack: Workspace
    dice: random.Random
    tried: int = 0
    notes: int = 0
    acknowledged: set[str] = field(default_factory=set)
    """Titles of handoffs and texts of notes that Baton said it had stored."""
    _unfinished: dict[str, Form] = field(default_factory=dict)

    def hand_off(self) -> None:
        """Fill in the form and send it."""
        self.tried += 1
        entered = {**ACME, "title": f"Work {self.tried:05}"}
        self._begin(Form(user=SENDER, opened_by=partial(self.slack.command, SENDER, ""), entered=entered))

    def work(self) -> None:
        """Do the next thing to some of the newest cards."""
        with suppress(*_NOT_NOW):
            cards = self.slack.messages(OWNER, CHANNEL)[-6:]
            for card in self.dice.sample(cards, min(2, len(cards))):
                self._act(card)

    def try_again(self) -> None:
        """Send once more what nobody has confirmed, from the form that is still open: it may have been stored."""
        for form in list(self._unfinished.values()):
            self._send(form)

    def _act(self, card: Message) -> None:
        with suppress(*_NOT_NOW):
            buttons = card.buttons
            if "Claim" in buttons:
                card.click("Claim", by=OWNER)
            elif "Done" in buttons:
                last, why = ("Put back", "I am out") if self.dice.random() < PUT_BACK else ("Done", "They signed")
                self.notes += 1
                entered = {"note": f"{why}, {self.notes:05}."}
                self._begin(Form(user=OWNER, opened_by=partial(card.click, last, by=OWNER), entered=entered))

    def _begin(self, form: Form) -> None:
        """Close what is open from before, and send this one."""
        for old in reversed(self.slack.views(form.user)):
            with suppress(*_NOT_NOW):
                old.close()
        self._unfinished[form.user] = form
        self._send(form)

    def _send(self, form: Form) -> None:
        with suppress(*_NOT_NOW):
            if not self.slack.views(form.user):
                if form.sent or not form.opened_by().ok:
                    return
                until(lambda: self.slack.views(form.user), within_s=_FORM_S)
            form.sent = True
            answer = self.slack.modal(form.user).submit(form.entered)
            if answer.ok and answer.ack == {"response_action": "clear"}:
                self.acknowledged.add(form.entered.get("title") or form.entered["note"])
                del self._unfinished[form.user]


@contextmanager
def hurried(slack: Workspace) -> Iterator[None]:
    """Acts return at once within the block."""
    slack.settle_after_acts = False
    try:
        yield
    finally:
        slack.settle_after_acts = True
