"""Open views for people, outside the listener's thread: at once, or empty first and filled when the data comes.

A view that Slack does not open leaves a private message with a button that does again what the person did.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from typing import Final, Literal, TypeVar

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slackapp.dispatch.failures import run_or_apologise
from slackapp.forms.actions import keep_request
from slackapp.forms.views.not_opened import not_opened
from slackapp.runtime import counters
from slackapp.runtime.baton import PATIENCE_S, Baton
from slackapp.slack import payloads
from slackapp.slack.block_kit import modals
from slackapp.slack.connection.trigger_calls import NotOpened, Opened, TriggerCall, TriggerCalls
from slackapp.slack.conversation import OpenModal, PrivateMessage, PrivateReplies, Reply, UpdateModal, View
from storage.db.errors import DatabaseBusy, DatabaseUnavailable

T = TypeVar("T")

FILL_WITHIN_S: Final = PATIENCE_S
"""Seconds that an empty modal waits for its data."""
NOTHING: Final = "There is nothing to show. Please close this."
_THREADS: Final = 8
_PAUSE_S: Final = 0.25
_TRIES: Final = 2
_OURS: Final = frozenset({"invalid_arguments", "invalid_blocks", "view_too_large", "push_limit_reached"})
"""Codes of Slack's that are bugs of ours: to do it again changes nothing."""
_OPENED_BEFORE: Final = frozenset({"exchanged_trigger_id", "trigger_exchanged"})
"""Codes with which Slack says that the person's act has opened a view already."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a person did that opens a view, and where they can be told if it does not."""

    workspace: str
    user: str
    trigger_id: str
    response_url: str | None
    body: payloads.Payload
    """The payload, which is kept if the view does not open."""
    title: str
    method: Literal["views.open", "views.push"] = "views.open"
    withdraws: bool = False
    """Whether the message whose button they pressed goes once the view is open: there is nothing left to press."""
    at_s: float = field(default_factory=time.monotonic)
    """When, on the monotonic clock: all that waits for the database ends `FILL_WITHIN_S` after it."""


class Openings:
    """Opens views. `stop` waits for those under way."""

    def __init__(self, baton: Baton, answers: PrivateReplies, trigger_calls: TriggerCalls) -> None:
        self._baton = baton
        self._answers = answers
        self._trigger_calls = trigger_calls
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="views")
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._pending = 0

    def open(self, client: WebClient, asked: Asked, modal: OpenModal) -> None:
        """Open a modal. Returns at once."""
        self._call(asked, modal, partial(self._after_opening, client, asked, modal))

    def open_and_fill(self, client: WebClient, asked: Asked, talk: Callable[[], Reply]) -> None:
        """Open an empty modal, and fill it with the reply of a conversation that only reads. Returns at once."""
        self._call(asked, OpenModal(view=modals.loading(asked.title)), partial(self._fill, client, asked, talk))

    def load(self, client: WebClient, asked: Asked, view_id: str, modal: UpdateModal) -> None:
        """Replace an open modal by what takes longer to find out, or by its view without that. Returns at once."""
        with self._changed:
            self._pending += 1
        self._later(partial(self._load, client, asked, view_id, modal))

    def tell(self, asked: Asked, text: str) -> None:
        """Open a modal with a sentence that there is no other place for. Returns at once."""
        self._call(asked, OpenModal(view=modals.message_view(asked.title, text)), lambda _: None, keep=False)

    def quiet(self) -> bool:
        """Return whether every view has been opened and filled, or given up."""
        with self._changed:
            return self._pending == 0

    def stop(self) -> None:
        """Finish what is under way, without waiting for a database that is away. Safe to call twice."""
        self._stopping.set()
        with self._changed:
            self._changed.wait_for(lambda: self._pending == 0, FILL_WITHIN_S)
        self._pool.shutdown(wait=True)
        self._trigger_calls.stop()

    def _call(self, asked: Asked, modal: OpenModal, then: Callable[[View], None], *, keep: bool = True) -> None:
        with self._changed:
            self._pending += 1
        call = TriggerCall(method=asked.method, trigger_id=asked.trigger_id, view=modal.view)

        def called(opened: Opened) -> None:
            if not isinstance(opened, NotOpened):
                self._later(partial(self._opened, asked, then, opened))
            elif opened.code in _OPENED_BEFORE:  # the click was delivered twice, and the view is there
                self._done()
            elif keep:
                self._later(partial(self._say_not_opened, asked, modal, opened.code))
            else:
                counters.ANSWERS_LOST.labels("not_opened").inc()
                self._done()

        self._trigger_calls.call(call, called)

    def _later(self, work: Callable[[], None]) -> None:
        try:
            self._pool.submit(self._run, work)
        except RuntimeError:  # the pool is shut: Baton is stopping
            self._done()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            run_or_apologise(work, lambda _: None, kind="view")
        finally:
            self._done()

    def _done(self) -> None:
        with self._changed:
            self._pending -= 1
            self._changed.notify_all()

    def _opened(self, asked: Asked, then: Callable[[View], None], opened: View) -> None:
        if asked.withdraws and asked.response_url:
            self._answers.withdraw(asked.response_url)
        then(opened)

    def _after_opening(self, client: WebClient, asked: Asked, modal: OpenModal, opened: View) -> None:
        """Store what belongs to an open modal, then show what takes longer to find out."""
        on_opened, load_later = modal.on_opened, modal.load_later
        if on_opened is not None:
            self._patiently(asked, lambda: on_opened(opened["id"]))
        if load_later is not None:
            view = self._patiently(asked, lambda: load_later(client, opened))
            if view is not None:
                self._answers.update_view(client, opened["id"], opened.get("hash"), view)

    def _load(self, client: WebClient, asked: Asked, view_id: str, modal: UpdateModal) -> None:
        load = modal.load_later
        found = self._patiently(asked, lambda: load(client, modal.view)) if load is not None else None
        self._answers.update_view(client, view_id, None, found or modal.view)

    def _fill(self, client: WebClient, asked: Asked, talk: Callable[[], Reply], opened: View) -> None:
        reply = run_or_apologise(
            lambda: self._patiently(asked, talk),
            lambda sentence: OpenModal(view=modals.message_view(asked.title, sentence)),
            kind="view",
            user=asked.user,
        )
        modal = _as_modal(asked.title, reply)
        filled = self._update(client, opened["id"], modal.view)
        if filled is not None:
            self._after_opening(client, asked, modal, filled)

    def _update(self, client: WebClient, view_id: str, view: View) -> View | None:
        """Update an open modal and return it; None if the person has closed it, or Slack does not update it."""
        for _ in range(_TRIES):
            try:
                return dict(client.views_update(view_id=view_id, view=view)["view"])
            except SlackApiError as error:
                _log.warning("form_not_filled", error=error.response.get("error"))
                return None
            except (OSError, HTTPException) as error:
                _log.warning("form_not_filled", error=str(error))
                self._stopping.wait(_PAUSE_S)
        return None

    def _patiently(self, asked: Asked, work: Callable[[], T]) -> T:
        """Run work, and again for a while if the database is away.

        Raises:
            DatabaseBusy, DatabaseUnavailable: it stayed away.
        """
        while True:
            try:
                return work()
            except (DatabaseBusy, DatabaseUnavailable):
                if time.monotonic() - asked.at_s > FILL_WITHIN_S or self._stopping.wait(_PAUSE_S):
                    raise

    def _say_not_opened(self, asked: Asked, modal: OpenModal, code: str) -> None:
        """Tell the person in private that the view did not open, with the button that does again what they did."""
        log = _log.error if code in _OURS else _log.warning
        log("form_not_shown", error=code, kind=asked.title)
        body = payloads.without_credentials(asked.body)
        keep = partial(
            keep_request,
            self._baton,
            workspace=asked.workspace,
            user=asked.user,
            body=payloads.with_action(body, modal.instead) if modal.instead else body,
            sentence=modal.if_not_opened,
            tell=not asked.response_url,
        )
        kept_id = run_or_apologise(lambda: self._patiently(asked, keep), lambda _: None, kind="view", user=asked.user)
        if asked.response_url:
            post = not_opened(modal.if_not_opened, kept_id)
            self._answers.ephemeral(asked.response_url, post.text, post.blocks)
        elif kept_id is None:
            counters.ANSWERS_LOST.labels("not_kept").inc()


def _as_modal(title: str, reply: Reply) -> OpenModal:
    """Return what fills an empty modal."""
    match reply:
        case OpenModal():
            return reply
        case UpdateModal(view=view):
            return OpenModal(view=view)
        case PrivateMessage(post=post):
            return OpenModal(view=modals.message_view(title, post.text))
        case _:
            return OpenModal(view=modals.message_view(title, NOTHING))
