"""Forms that Slack does not open in time, or whose data is slow: people get them later, with all that they began."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Final
from urllib.parse import unquote

import psycopg
import pytest
from slack_sdk import WebClient

from slackapp.app import Running, build
from slackapp.delivery import rate_limits
from slackapp.dispatch.openings import NOTHING, Asked
from slackapp.forms.views.not_opened import NOT_OPENED, REQUEST_GONE
from slackapp.registers import REGISTERS
from slackapp.slack.conversation import NoReply
from storage.handoffs import drafts
from tests.slack_client import Answer, Message, Modal, Workspace
from tests.stories.conftest import begun, settings_for
from tests.stories.delivery.test_outages import BUSY_START, in_a_hurry
from tests.stories.forms.test_shortcuts import HAND_OFF, SALES, entered
from tests.stories.northwind import ACME, HandOff, open_form, send
from tests.waiting import until

EXPIRED: Final = {"error": "expired_trigger_id"}
OPEN: Final = "Open form"
CHANNEL: Final = "C0SUCCESS"
LOADING: Final = "Loading…"


def note_of(slack: Workspace, user: str, channel: str = CHANNEL) -> Message:
    """The private message about a form that did not open: ephemeral where there was an answer to give, else a DM."""
    found = [*slack.ephemerals(user, channel), *slack.dms(user)]
    return next(message for message in reversed(found) if OPEN in message.buttons)


def opened(slack: Workspace, note: Message, user: str) -> Modal:
    """Press the button of the message, and return the form it opens. The message goes."""
    assert note.click(OPEN, by=user).ok
    assert not note.exists
    return slack.modal(user)


@pytest.mark.parametrize("fault", [EXPIRED, {"status": 500}, {"error": "ratelimited", "retry_after": 1}])
def test_a_command_whose_form_does_not_open_leaves_a_button_that_opens_it(
    slack: Workspace, running: Running, fault: dict[str, object]
) -> None:
    slack.fault("views.open", fault)

    assert slack.command("U0EVA", "https://crm.example.com/acme", channel=CHANNEL).ok

    assert slack.views("U0EVA") == []
    note = note_of(slack, "U0EVA")
    assert note.text.startswith(NOT_OPENED)
    assert note.raw["ephemeral"]
    assert entered(opened(slack, note, "U0EVA"), "link") == "https://crm.example.com/acme"
    assert slack.problems() == []


def test_the_button_works_again_after_it_failed_too(slack: Workspace, running: Running) -> None:
    slack.fault("views.open", EXPIRED, times=3)
    slack.command("U0EVA", "", channel=CHANNEL)
    for _ in range(2):
        note_of(slack, "U0EVA").click(OPEN, by="U0EVA")
        assert slack.views("U0EVA") == []

    assert entered(opened(slack, note_of(slack, "U0EVA"), "U0EVA"), "title") is None


def test_a_global_shortcut_has_no_channel_and_is_answered_directly(slack: Workspace, running: Running) -> None:
    slack.fault("views.open", EXPIRED)

    slack.shortcut("U0EVA", "handoff.open")

    note = note_of(slack, "U0EVA")
    assert not note.raw.get("ephemeral")
    assert len(slack.dms("U0EVA")) == 1
    assert opened(slack, note, "U0EVA").title == "Hand off work"


def test_the_message_that_was_handed_off_is_kept_with_its_words_and_its_place(
    slack: Workspace, running: Running
) -> None:
    said = slack.message("U0CLARA", "Globex want a call", channel=SALES)
    slack.fault("views.open", EXPIRED)

    said.shortcut(HAND_OFF, by="U0BEN")
    form = opened(slack, note_of(slack, "U0BEN", SALES), "U0BEN")

    assert entered(form, "title") == "Globex want a call"
    form.submit({"queue": "success", "next_step": "Call them"})
    slack.settle()
    assert "Original message" in slack.find("U0EVA", CHANNEL, "Globex").all_text()


def test_a_button_on_a_card_is_pressed_again(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    slack.fault("views.open", EXPIRED)
    card.choose("Add note", by="U0EVA")
    assert opened(slack, note_of(slack, "U0EVA"), "U0EVA").title == "Add note #1"

    slack.fault("views.open", EXPIRED)
    card.click("Details", by="U0EVA")
    assert opened(slack, note_of(slack, "U0EVA"), "U0EVA").title == "Handoff #1"


def test_a_button_in_a_modal_is_answered_directly(slack: Workspace, hand_off: HandOff) -> None:
    hand_off().click("Details", by="U0BEN")
    slack.fault("views.push", EXPIRED)

    slack.modal("U0BEN").click("Delete")

    note = note_of(slack, "U0BEN")
    assert opened(slack, note, "U0BEN").title == "Delete #1"


def test_what_was_typed_around_a_button_is_kept(slack: Workspace, hand_off: HandOff) -> None:
    hand_off(link="https://crm.example.com/acme")
    form = open_form(slack, "U0BEN")
    form.submit({**ACME, "title": "Acme, the second time", "link": "https://crm.example.com/acme"})
    slack.settle()
    slack.fault("views.push", EXPIRED)

    (label,) = [label for label in slack.modal("U0BEN").buttons if "note" in label.lower()]
    slack.modal("U0BEN").click(label)

    assert "Acme, the second time" in str(opened(slack, note_of(slack, "U0BEN"), "U0BEN").values)


def test_the_list_of_templates_and_what_is_opened_from_it(slack: Workspace, running: Running) -> None:
    slack.fault("views.open", EXPIRED)
    slack.command("U0KIM", "templates", channel="C0GENERAL")
    opened(slack, note_of(slack, "U0KIM", "C0GENERAL"), "U0KIM")
    slack.fault("views.push", EXPIRED)

    slack.modal("U0KIM").click("New template")

    assert opened(slack, note_of(slack, "U0KIM"), "U0KIM").title == "Details and teams"


@pytest.mark.waiting
def test_a_call_that_takes_too_long_is_over_after_two_seconds(slack: Workspace, running: Running) -> None:
    with in_a_hurry(slack):
        slack.fault("views.open", {"delay_s": 6})
        began = time.monotonic()
        assert slack.command("U0EVA", "", channel=CHANNEL).ok
        until(lambda: slack.ephemerals("U0EVA", CHANNEL))

    assert time.monotonic() - began < 6
    assert OPEN in slack.ephemerals("U0EVA", CHANNEL)[-1].buttons
    slack.settle()


def test_a_message_is_nobody_elses_and_lasts_a_day(slack: Workspace, running: Running, database_url: str) -> None:
    slack.fault("views.open", EXPIRED)
    slack.command("U0EVA", "", channel=CHANNEL)
    note = note_of(slack, "U0EVA")
    (value,) = [note.buttons[OPEN]["value"]]
    with running.db.transaction() as tx:
        kept = drafts.get(tx, "T0LOCAL", "U0EVA", value.partition(":")[2])
        assert kept is not None
        assert not {"token", "trigger_id", "response_url"} & set(kept.content["request"])
        drafts.remove(tx, "T0LOCAL", "U0EVA", kept.id)
        drafts.put(tx, replace(kept, author="U0BEN"))

    note.click(OPEN, by="U0EVA")

    assert slack.views("U0EVA") == []
    assert slack.ephemerals("U0EVA", CHANNEL)[-1].text == REQUEST_GONE


def test_what_is_kept_is_no_unsent_form(slack: Workspace, running: Running) -> None:
    slack.fault("views.open", EXPIRED)
    slack.command("U0EVA", "", channel=CHANNEL)

    assert "You have an unsent" not in open_form(slack, "U0EVA").all_text()


@pytest.mark.waiting
def test_forty_forms_that_slack_does_not_open_hold_up_no_claim(slack: Workspace, hand_off: HandOff) -> None:
    cards = [hand_off(title=f"Globex {number}") for number in range(3)]
    slack.fault("views.open", {"delay_s": 6}, times=40)
    with in_a_hurry(slack), ThreadPoolExecutor(40) as people:
        asked = [people.submit(slack.command, "U0BEN", "", channel=CHANNEL) for _ in range(40)]
        until(lambda: slack.calls("views.open") or any(one.done() for one in asked))
        claims = [people.submit(card.click, "Claim", by="U0EVA") for card in cards]
        took = [claim.result().took_ms for claim in claims]
        assert all(one.result().ok for one in asked)
        assert max(took) < 3000
        until(lambda: len(slack.ephemerals("U0BEN", CHANNEL)) == 40)
    slack.settle()


@contextmanager
def tables_locked(url: str) -> Iterator[None]:
    """Another program holds every table of PostgreSQL."""
    with psycopg.connect(url.replace("+psycopg", "")) as other:
        names = other.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'").fetchall()
        other.execute(f"LOCK TABLE {', '.join(name for (name,) in names)} IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_form_whose_data_is_slow_opens_empty_and_is_filled_when_it_comes(
    slack: Workspace, share: Callable[..., Running], database_url: str
) -> None:
    share()
    said = slack.message("U0CLARA", "Globex want a call", channel=SALES)
    card = send(slack)

    with in_a_hurry(slack), tables_locked(database_url):
        acts: list[Callable[[], Answer]] = [
            lambda: slack.command("U0EVA", "", channel=CHANNEL),
            lambda: said.shortcut(HAND_OFF, by="U0BEN"),
            lambda: card.choose("Add note", by="U0FARID"),
            lambda: card.click("Details", by="U0DAN"),
        ]
        for act in acts:
            assert act().took_ms < 3000
        users = ("U0EVA", "U0BEN", "U0FARID", "U0DAN")
        until(lambda: all(slack.views(user) for user in users), within_s=5)
        assert [slack.modal(user).all_text().splitlines()[-1] for user in users] == [LOADING] * 4

    until(lambda: all(LOADING not in slack.modal(user).all_text() for user in users))
    slack.settle()
    titles = [slack.modal(user).title for user in users]
    assert titles == ["Hand off work", "Hand off work", "Add note #1", "Handoff #1"]
    assert entered(slack.modal("U0BEN"), "title") == "Globex want a call"
    slack.modal("U0BEN").submit({"queue": "success", "next_step": "Call them"})
    slack.settle()
    assert "Original message" in slack.find("U0EVA", CHANNEL, "Globex").all_text()
    assert slack.problems() == []


def test_a_reply_that_has_nothing_to_show_says_so_in_the_empty_form(slack: Workspace, running: Running) -> None:
    slack.command("U0EVA", "help")
    body = slack.calls("slash_command")[-1]["args"]
    asked = Asked(
        workspace="T0LOCAL", user="U0EVA", trigger_id=body["trigger_id"], response_url=None, body=body, title="Handoffs"
    )

    running.openings.open_and_fill(WebClient("xoxb-local-bot", base_url=slack.api_url), asked, NoReply)
    slack.settle()

    assert slack.modal("U0EVA").title == "Handoffs"
    assert NOTHING in slack.modal("U0EVA").all_text()


@pytest.mark.soak
@pytest.mark.parametrize("dialect", ["postgresql"])
def test_an_empty_form_says_so_when_its_data_does_not_come(
    slack: Workspace, share: Callable[..., Running], database_url: str
) -> None:
    share()
    with in_a_hurry(slack), tables_locked(database_url):
        slack.command("U0EVA", "", channel=CHANNEL)
        until(lambda: BUSY_START in "".join(view.all_text() for view in slack.views("U0EVA")), within_s=40)


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_form_that_did_not_open_while_its_data_was_slow_still_leaves_its_button(
    slack: Workspace, share: Callable[..., Running], database_url: str
) -> None:
    share()
    slack.fault("views.open", EXPIRED)
    with in_a_hurry(slack), tables_locked(database_url):
        slack.command("U0EVA", "https://crm.example.com/acme", channel=CHANNEL)
        threading.Event().wait(1)
    until(lambda: slack.ephemerals("U0EVA", CHANNEL))

    assert entered(opened(slack, note_of(slack, "U0EVA"), "U0EVA"), "link") == "https://crm.example.com/acme"


def test_every_row_that_opens_a_modal_is_a_click_or_a_shortcut() -> None:
    assert REGISTERS.opens.keys() <= REGISTERS.clicks.keys() | REGISTERS.shortcuts.keys()
    assert all(REGISTERS.opens.values())


class SlowWay:
    """A way to PostgreSQL on which every answer takes `delay_s`, as on a slow network."""

    def __init__(self, socket_dir: str) -> None:
        self.delay_s = 0.0
        self._server = f"{socket_dir}/.s.PGSQL.5432"
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no further connections; those that are open end with their clients."""
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                for source, sink, slow in ((client, server, False), (server, client, True)):
                    threading.Thread(target=self._pass_on, args=(source, sink, slow), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, slow: bool) -> None:
        with suppress(OSError):
            while part := source.recv(65536):
                if slow:
                    time.sleep(self.delay_s)
                sink.sendall(part)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)
        source.close()


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_form_opens_empty_too_when_no_statement_is_slow_but_the_way_to_the_database(
    slack: Workspace, database_url: str
) -> None:
    address, _, socket_dir = database_url.partition("?host=")
    way = SlowWay(unquote(socket_dir))
    url = address.replace("@/", f"@127.0.0.1:{way.port}/")
    running = begun(slack, build(settings_for(slack, url), rates=rate_limits.UNPACED))
    slack.command("U0EVA", "", channel=CHANNEL)
    slack.modal("U0EVA").close()

    way.delay_s = 0.3
    with in_a_hurry(slack):
        slack.command("U0EVA", "", channel=CHANNEL)
        until(lambda: slack.views("U0EVA"), within_s=10)
        assert LOADING in slack.modal("U0EVA").all_text()
        until(lambda: LOADING not in slack.modal("U0EVA").all_text())
    assert slack.modal("U0EVA").title == "Hand off work"
    assert "title" in slack.modal("U0EVA").values
    way.delay_s = 0
    running.stop()
    way.close()
