"""The registers: what packages add to them is joined, and never means two things."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from slackapp.capability import Capability, Subcommand, any_text, handoff_number
from slackapp.dispatch.commands import HELP, Commands
from slackapp.handoffs.views import lists
from slackapp.handoffs.views.verb_forms import FORMS
from slackapp.registers import CAPABILITIES, REGISTERS, join
from slackapp.runtime.baton import Baton
from slackapp.slack import ids
from slackapp.slack.block_kit.blocks import Post
from slackapp.slack.conversation import Context, PrivateMessage, Reply
from slackapp.slack.ids import Shortcut, TemplateAction
from slackapp.slack.payloads import Command, Requester
from storage.db.database import Database, Tx
from storage.handoffs.lifecycle import Moved, Verb
from storage.outbox.model import OutboxMessage
from tests.manual_clock import ManualClock

JOINED = join(CAPABILITIES)
COMMANDS = Commands(words=JOINED.words)
HELP_TEXT = """*Hand work to another team without dropping it.*
`/handoff` opens the form
`/handoff https://…` opens it for a record, a ticket or a message, with what is known of it
`/handoff call Acme about the price` opens it with that title; add #channel or @person to say who for
`/handoff mine` lists your handoffs: owned, offered and sent
`/handoff open` lists unassigned handoffs; add a team to see only theirs
`/handoff 42` shows handoff #42
`/handoff find acme renewal` searches titles, links, answers, notes and people
`/handoff away` says until when you're away and who covers for you
`/handoff settings` says which messages you get right away, in a daily summary or not, and when
`/handoff handover` hands all your work to a person or team, or puts it back
`/handoff why 42` shows who was notified about #42 and when, and its timers
`/handoff context` shows whether receivers had what they needed; add a team to see only theirs
`/handoff templates` lists handoff forms to preview, copy and create (for admins)
`/handoff setup` sets up teams, hours and deadlines; `setup history` lists changes (for admins)
`/handoff help` shows this
From a message: open its menu and choose *Hand this off*."""


def echo(_context: Context, _said: Command, found: object) -> Reply:
    return PrivateMessage(post=Post(text=repr(found), blocks=[]))


def a_word(**more: Any) -> Subcommand[Any]:
    return Subcommand(**{"handle": echo, "parse": any_text, "usage": "`{command} x` does x", **more})


def answered(commands: Commands, typed: str, context: Context) -> str:
    reply = commands.answer(context, Command(who=Requester(user="U1", team="T1"), text=typed, trigger_id="1"))
    assert isinstance(reply, PrivateMessage)
    return reply.post.text


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    """What a conversation is given; nothing is read from its database here."""
    database = Database.open(f"sqlite:///{tmp_path / 'baton.db'}")
    yield Context(baton=Baton(db=database, clock=ManualClock()), workspace="T1", team_url="https://acme.slack.com")
    database.close()


KEYED = [
    register.name
    for register in fields(Capability)
    if register.name not in {"effects", "people_effects", "scheduled", "home_parts"}
]
"""The registers whose rows have ids; the others are functions that run in order."""


@pytest.mark.parametrize("register", KEYED)
def test_two_capabilities_that_claim_the_same_id_are_refused(register: str) -> None:
    row = REGISTERS.message_kinds["card"] if register == "message_kinds" else a_word()
    rows: dict[str, Any] = {register: {"a.b": row}}
    one = Capability(**rows)

    assert set(getattr(join([one, Capability()]), register)) == {"a.b"}
    with pytest.raises(ValueError, match=f'claim "a.b" among the {register}'):
        join([one, Capability(), one])


def test_effects_run_in_the_order_of_their_packages() -> None:
    def first(_tx: Tx, _moved: Moved) -> list[OutboxMessage]:
        return []

    def second(_tx: Tx, _moved: Moved) -> list[OutboxMessage]:
        return []

    joined = join([Capability(effects=(second, first)), Capability(), Capability(effects=(first,))])
    assert joined.effects == (second, first, first)


@pytest.mark.parametrize("taken", ["mine", "my", HELP])
def test_a_word_that_is_another_words_second_name_or_help_is_refused(taken: str) -> None:
    mine = Capability(words={"mine": a_word(aliases=("my",))})

    with pytest.raises(ValueError, match=f'claim "{taken}" among the words'):
        join([mine, Capability(words={"x": a_word(aliases=(taken,))})])


def test_every_word_has_its_line_in_the_help_and_the_help_reads_as_it_always_has() -> None:
    for key, word in JOINED.words.items():
        assert word.usage.startswith(f"`{{command}} {key}".rstrip()), key
    assert lists.usage(COMMANDS.usage).text == HELP_TEXT


def test_every_verb_of_a_person_every_shortcut_and_every_act_on_templates_is_answered() -> None:
    of_the_clock = {Verb.ESCALATE, Verb.LAPSE, Verb.REMIND}

    assert {ids.action(verb) for verb in Verb if verb not in of_the_clock | {Verb.OPEN}} <= JOINED.clicks.keys()
    assert {ids.action(verb) for verb in (*FORMS, Verb.OPEN)} <= JOINED.forms.keys()
    assert set(TemplateAction) == {
        one for one in JOINED.clicks.keys() | JOINED.forms.keys() if one.startswith("template.")
    }
    assert JOINED.shortcuts.keys() == set(Shortcut)
    assert {ids.SHOW, ids.NOTE_THERE, ids.VALUE, *ids.FORM_BUTTONS} <= JOINED.clicks.keys()


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ("why 42", "42"),
        ("WHY  #42 ", "42"),
        ("42", "42"),
        ("#42", "42"),
        ("find 42", "'42'"),
        ("look", "''"),
        ("", "''"),
        ("find two  words", "'two  words'"),
    ],
)
def test_a_conversation_is_given_what_follows_its_word(typed: str, given: str, context: Context) -> None:
    commands = Commands(
        words={
            "": a_word(),
            "find": a_word(aliases=("look",)),
            "why": a_word(parse=handoff_number),
            "42": a_word(parse=handoff_number, is_example=True),
        }
    )

    assert answered(commands, typed, context) == given


@pytest.mark.parametrize("typed", ["why", "why not", "why 4 2", "1234567890", "4711 x", "what", "why why"])
def test_what_fits_no_word_is_answered_with_the_help(typed: str, context: Context) -> None:
    commands = Commands(
        words={"why": a_word(parse=handoff_number), "42": a_word(parse=handoff_number, is_example=True)}
    )

    assert "Try one of these:" in answered(commands, typed, context)
