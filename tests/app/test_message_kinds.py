"""The register of kinds of messages: what is said of each, and that private work is a stub in all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from slackapp.bulk.model import BulkScene, RunRow, SeenRun, ToldRow
from slackapp.capability import Capability, MessageKind, ViewKind
from slackapp.directory.model import TroubleScene
from slackapp.escalation.model import BatchScene, Digest, DigestScene, ReminderRow
from slackapp.forms.model import Begun, NotOpenedScene, ReactionScene
from slackapp.handoffs.model import HandoffDetails, HandoffScene
from slackapp.handoffs.rules import change_messages
from slackapp.handoffs.rules.change_messages import ChangeRecipient
from slackapp.handoffs.rules.privacy import TITLE, stubbed
from slackapp.handoffs.views import event_sentences, messages
from slackapp.people.rules.personal_settings import SETTABLE
from slackapp.personal.model import BackScene, CoveredRow, CoverScene, SummaryRow, SummaryScene
from slackapp.registers import CAPABILITIES, REGISTERS, join
from slackapp.setup.model import Progress, WelcomeScene
from slackapp.slack import ids
from slackapp.slack.block_kit.blocks import Post
from slackapp.watching.model import WatchScene
from storage.bulk.model import BulkKind, BulkRow, BulkRun, RowOutcome
from storage.clocks.model import ClockKind, Notice
from storage.company import queues
from storage.company.model import Person, Topic
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import Actor, ReadBackMode, ReadBackStatus, Role, Situation, Verb, allowed, situation
from storage.handoffs.model import AuditEntry
from storage.outbox.model import Destination, OutboxMessage
from tests.builders import TEAM, a_handoff
from tests.databases import SQLITE
from tests.handoffs.samples import ACTS, ANA, BEN, MARA, MONDAY_9, SITUATIONS, TOM, a_queue, a_timer, some_details
from tests.handoffs.test_privacy import SECRET, STATES, a_private, payload
from tests.handoffs.views.drawing import POSTED
from tests.handoffs.views.view_checks import elements

MESSAGE_KINDS = {word: kind for word, kind in REGISTERS.message_kinds.items() if not isinstance(kind, ViewKind)}
"""What is posted or sent; a Home tab is for its person alone."""
ABOUT_NO_WORK = {"begin", "not_opened", "cover", "uncovered", "welcome"}
OPENED = {"dm": {ANA, BEN, TOM}, "sent": {ANA, BEN, TOM, MARA, "channel"}}
"""Whose blocks may hold the contents, by kind: what is `sent` goes to its sender whatever its payload says."""


_EVA = Person(workspace="T1", id="EVA", name="Eva", absent_since=MONDAY_9, absent_until=MONDAY_9, cover=MARA)
ABSENCE = CoverScene(
    person=_EVA,
    cover=Person(workspace="T1", id=MARA, name="Mara"),
    payload={"since": MONDAY_9.isoformat(), "why": "cannot"},
)
_BEGUN = Begun(handoff_id="h", number=7, sender=ANA, reader=MARA, is_visible=True, names={})
_ACT = AuditEntry(
    id=1,
    handoff_id="h",
    workspace="T1",
    at=MONDAY_9,
    verb=Verb.CLAIM,
    actor=MARA,
    before=None,
    after=None,
    owner=None,
    accountable=None,
    queue=None,
    note_id=None,
    facts={},
)
_CAPACITIES = (
    (Verb.OPEN, "offered"), (Verb.TRANSFER, "offered"), (Verb.ASSIGN, "owner"), (Verb.RETURN, "sender"),
    (Verb.REMIND, "owner"), (Verb.READ_BACK, "sender"), (Verb.CORRECT, "owner"), (Verb.ASK, "sender"),
    (Verb.CLAIM, "sender"), (Verb.COMPLETE, "last_owner"),
)  # fmt: skip
_VARIANTS: tuple[dict[str, Any], ...] = (
    {}, {"asked_at": MONDAY_9}, {"snoozed_until": MONDAY_9},
    *({"read_back": status, "read_back_mode": ReadBackMode.HARD} for status in ReadBackStatus),
)  # fmt: skip


def scenes_of(kind: str, details: HandoffDetails, more: Any) -> list[Any]:
    """Whatever a message of this kind may be drawn from."""
    notice = Notice(
        workspace="T1", handoff_id="h", recipient=MARA, clock=ClockKind.CLAIM, level="late", run=1, put_at=MONDAY_9,
        hear_at=MONDAY_9,
    )  # fmt: skip
    row = ReminderRow(details=details, notice=notice, roles=frozenset({Role.MANAGER}))
    digest = Digest(waiting=(details,), due=((details, MONDAY_9),), missed=((details, MONDAY_9),), waiting_in_all=1)
    until = {"until": MONDAY_9.isoformat()}
    shut = {"code": "is_archived", "queue": "success", "channel": "C1"}
    given: dict[str, list[Any]] = {
        "bundle": [
            BatchScene(rows=rows, reader=MARA, posted=posted)
            for rows in ([row], [row, replace(row, details=some_details(number=7, id="h_7"))])
            for posted in (True, False)
        ],
        "digest": [DigestScene(digest=digest, queue=a_queue(), payload=until, posted=True)],
        "cover": [ABSENCE],
        "uncovered": [ABSENCE],
        "begin": [
            ReactionScene(channel="C1", ts="1.0", emoji="handshake", begun=begun)
            for begun in (None, *(replace(_BEGUN, is_visible=seen) for seen in (True, False)))
        ],
        "welcome": [
            WelcomeScene(progress=found, is_admin=is_admin)
            for found, is_admin in product((Progress(), Progress(demo="demo"), Progress(teams=1)), (True, False))
        ],
        "back": [
            BackScene(
                reader=MARA,
                since=MONDAY_9 - timedelta(days=3),
                until=MONDAY_9 - age,
                cover=ABSENCE.cover,
                needs=(details,),
                owned=1,
                posted=True,
                covered=(CoveredRow(details=details, acts=(_ACT,)),),
                news=(SummaryRow(details=details, topic=Topic.SENT, events=(more,)),),
            )
            for age in (timedelta(0), timedelta(days=2))
        ],
        "summary": [
            SummaryScene(
                rows=(SummaryRow(details=details, topic=topic, events=(more,)),),
                reader=MARA,
                at=MONDAY_9 - age,
                posted=True,
            )
            for topic, age in product(SETTABLE, (timedelta(0), timedelta(days=2)))
        ],
        "not_opened": [NotOpenedScene(kept_id="k_1", sentence="")],
        "trouble": [
            TroubleScene(details=details, queue=a_queue(), payload=facts)
            for facts in (shut, {"code": "person_gone", "person": BEN})
        ],
    }
    run = BulkRun(
        id="b_1", workspace="T1", actor=BEN, kind=BulkKind.TEAM, created_at=MONDAY_9, sent_at=MONDAY_9,
        finished_at=MONDAY_9, queue="success",
    )  # fmt: skip
    done = BulkRow(run_id="b_1", handoff_id="h", position=0, outcome=RowOutcome.DONE)
    given |= {
        "bulk": [
            BulkScene(
                run=run, rows=(ToldRow(details=details, capacity=capacity),), more={}, more_put_back={}, waiting=0,
                reader=reader, posted=True, queue=a_queue(),
            )
            for reader, capacity in (("", "team"), (MARA, "offered"), (ANA, "sender"))
        ],
        "bulk_result": [
            SeenRun(run=run, rows=(RunRow(row=replace(done, outcome=outcome), details=details),), now=MONDAY_9,
                    actor=Actor(user=BEN), queue=a_queue())
            for outcome in RowOutcome
        ],
    }  # fmt: skip
    given |= {
        kind: [
            WatchScene(scene=HandoffScene(details=details, payload=more, posted=posted), reader=MARA, is_visible=seen)
            for posted, seen in product((True, False), (True, False))
        ]
        for kind in ("watch", "watch_news")
    }
    one = [HandoffScene(details=details, payload=more, posted=posted) for posted in (True, False)]
    return given.get(kind, one)


@pytest.mark.parametrize("word", MESSAGE_KINDS)
def test_no_kind_of_message_shows_what_somebody_wrote_about_private_work(word: str) -> None:
    kind, drawn = MESSAGE_KINDS[word], 0
    for here, private in ((here, a_private(here)) for here in STATES):
        for verb in (Verb.OPEN, *(act.verb for act in ACTS)):
            for user in (ANA, BEN, TOM, MARA, "channel"):
                for scene in scenes_of(word, private, payload(verb, "owner", user)):
                    post = kind.draw(scene, MONDAY_9)
                    if post is None:
                        continue
                    drawn += 1
                    own = user in OPENED.get(word, set())
                    shown = post if not isinstance(post, Post) else [post.text, *([] if own else [post.blocks])]
                    assert SECRET not in json.dumps(shown), (here, verb, user)
    assert drawn, "it was drawn at least once"


def test_whoever_draws_a_scene_as_it_is_gets_a_stub_all_the_same() -> None:
    def careless(scene: Any, _now: datetime) -> Post:
        return Post(text=repr(scene), blocks=[])

    for word in MESSAGE_KINDS.keys() - ABOUT_NO_WORK:
        for scene in scenes_of(word, a_private(), payload(Verb.NOTE, "owner", BEN)):
            kind = messages.private_as_stub(MessageKind[Any](load=lambda *_: None, draw=careless))
            post = kind.draw(scene, MONDAY_9)
            assert isinstance(post, Post)
            assert TITLE in post.text
            assert SECRET not in post.text


def test_work_that_is_not_private_is_drawn_from_the_scene_itself() -> None:
    for here in SITUATIONS:
        scene = HandoffScene(details=some_details(here), payload={"hop": 1})
        assert stubbed(scene) == scene


def addressed() -> Iterator[tuple[str, Mapping[str, Any], Actor | None]]:
    """Yield each kind of message with a payload, and its reader; None for everybody in a channel."""
    manager = Actor(user=MARA, roles=frozenset({Role.MANAGER}))
    yield from (
        (word, payload(Verb.OPEN, "sender", MARA), None)
        for word in ("card", "reply", "source", "digest", "bulk", "bulk_result", "summary", "back")
    )
    yield from ((word, payload(Verb.OPEN, "sender", MARA), manager) for word in ("bundle", "trouble"))
    yield from ((word, payload(Verb.CLAIM, "watcher", MARA), None) for word in ("watch", "watch_news"))
    yield "sent", payload(Verb.OPEN, "sender", ANA), Actor(user=ANA)
    for (verb, role), user in product(_CAPACITIES, (ANA, BEN, TOM, MARA)):
        yield "dm", payload(verb, role, user), Actor(user=user)
    for clock in (ClockKind.CLAIM, ClockKind.FIRST_ACTION, ClockKind.FINISH, ClockKind.RESPOND):
        yield "level", {**payload(Verb.OPEN, "", "channel"), "clock": clock, "roles": []}, None
        for user, roles in product((ANA, BEN, TOM, MARA), ([], ["member"], ["manager"])):
            reader = Actor(user=user, roles=frozenset(map(Role, roles)))
            yield "level", {**payload(Verb.OPEN, "", user), "clock": clock, "roles": roles}, reader


def test_green_is_only_for_what_every_reader_of_that_message_may_do() -> None:
    timers = tuple(a_timer(clock) for clock in ClockKind if clock is not ClockKind.CHECK)
    states = [
        some_details(here, timers=timers, **more)
        for here in SITUATIONS
        for more in (_VARIANTS if here is Situation.CLAIMED else ({},))
    ]
    green, kinds = set(), set()
    for (word, facts, reader), details in product(addressed(), states):
        kinds.add(word)
        for scene in scenes_of(word, details, facts):
            post = POSTED[word].draw(scene, MONDAY_9)
            for button in elements(post.blocks) if post else ():
                if button.get("style") is None or button["value"] != ids.button_value(details.handoff.id):
                    continue
                verb = ids.verb_of(button["action_id"])
                assert verb is not None
                anybody = verb is Verb.CLAIM and situation(details.handoff) is Situation.OPEN
                assert anybody if reader is None else allowed(details.handoff, verb, reader), (word, facts, verb)
                green.add((word, verb))

    assert kinds == POSTED.keys() - ABOUT_NO_WORK
    assert {("card", Verb.CLAIM), ("level", Verb.CLAIM), ("dm", Verb.RESEND), ("dm", Verb.COMPLETE)} <= green


def test_each_kind_of_message_has_a_word_for_people() -> None:
    assert set(REGISTERS.message_kinds) == set(event_sentences.MESSAGES)


def test_two_packages_cannot_have_the_same_kind() -> None:
    with pytest.raises(ValueError, match="card"):
        join([*CAPABILITIES, Capability(message_kinds={"card": MESSAGE_KINDS["sent"]})])


def test_a_kind_in_which_a_clock_speaks_waits_for_its_reader_or_leaves_slack() -> None:
    speaking = {word for word, kind in MESSAGE_KINDS.items() if kind.has_notices}

    assert speaking == {"level", "bundle", "webhook"}
    for word in speaking:
        kind = MESSAGE_KINDS[word]
        assert not isinstance(kind, MessageKind) or kind.reminds_of is not None


TOPICS = {
    "level": Topic.LATE, "bundle": Topic.LATE, "bulk": Topic.GIVEN, "watch_news": Topic.WATCHED, "cover": Topic.TEAM,
    "trouble": Topic.TEAM, "summary": Topic.SUMMARY, "back": Topic.SUMMARY,
    **dict.fromkeys(
        (
            "sent", "watch", "uncovered", "begin", "welcome", "not_opened", "bulk_result", "card", "reply", "source",
            "digest",
        ),
        Topic.OWN_ACTS,
    ),
}  # fmt: skip
"""What each kind of message is about for its reader, except `dm`: that depends on the change and their capacity."""


def test_each_kind_of_message_has_a_topic_by_which_its_reader_chooses() -> None:
    kinds = {word: kind for word, kind in MESSAGE_KINDS.items() if isinstance(kind, MessageKind)}
    assert kinds.keys() - {"dm"} == TOPICS.keys()
    for word, topic in TOPICS.items():
        assert kinds[word].topic(payload(Verb.CLAIM, "sender", ANA)) is topic, word


def test_nobody_can_turn_off_what_asks_them_to_act_or_makes_them_accountable() -> None:
    dm = MESSAGE_KINDS["dm"]
    assert isinstance(dm, MessageKind)
    topics = {
        (recipient, verb): dm.topic(payload(verb, recipient.value, ANA))
        for verb, recipients in change_messages.DIRECT.items()
        for recipient in recipients
    }
    assert {one for one, topic in topics.items() if topic in SETTABLE} == {
        *((ChangeRecipient.SENDER, verb) for verb in (Verb.CLAIM, Verb.ASSIGN, Verb.TRANSFER, Verb.COMPLETE)),
        *((ChangeRecipient.SENDER, verb) for verb in (Verb.CANCEL, Verb.CORRECT)),
        *((ChangeRecipient.ORIGINATOR, verb) for verb in (Verb.TRANSFER, Verb.COMPLETE, Verb.CANCEL)),
        *((ChangeRecipient.OWNER, verb) for verb in (Verb.EDIT, Verb.NOTE, Verb.EXTEND, Verb.SNOOZE)),
        *((ChangeRecipient.LAST_OWNER, verb) for verb in _TAKEN_FROM_ITS_OWNER),
        (ChangeRecipient.OFFERED, Verb.CANCEL),
    }
    assert not {one for one in change_messages.ASKS if topics[one] in SETTABLE}


_TAKEN_FROM_ITS_OWNER = (
    Verb.ASSIGN, Verb.TRANSFER, Verb.RELEASE, Verb.LAPSE, Verb.RETURN, Verb.COMPLETE, Verb.CANCEL,
)  # fmt: skip


def test_the_kinds_that_link_to_the_card() -> None:
    posted = {word: kind for word, kind in MESSAGE_KINDS.items() if isinstance(kind, MessageKind)}

    assert {word for word, kind in posted.items() if kind.awaits_card} == {"dm", "sent", "source"}
    assert {word for word, kind in posted.items() if kind.shows_card} == {
        "card",
        "dm",
        "sent",
        "source",
        "level",
        "watch",
        "watch_news",
    }


@SQLITE
def test_a_message_about_a_handoff_that_is_not_there_has_nothing_to_draw(database: Database) -> None:
    wanted = OutboxMessage(
        workspace=TEAM, key="k", kind="card", handoff_id="h1", to=Destination(channel="C1"), payload={"hop": 1}
    )
    card = MESSAGE_KINDS["card"]
    assert isinstance(card, MessageKind)

    with database.transaction() as tx:
        assert card.load(tx, wanted, False) is None
        assert card.load(tx, replace(wanted, handoff_id=None), False) is None
        handoffs.add(tx, a_handoff())
        found = card.load(tx, wanted, True)
        assert queues.get(tx, TEAM, "success") is None

    assert isinstance(found, HandoffScene)
    assert (found.details.queue.name, found.posted) == ("success", True)


def test_a_message_about_many_handoffs_is_about_none_of_them_alone() -> None:
    bundle = MESSAGE_KINDS["bundle"]
    assert isinstance(bundle, MessageKind)

    assert bundle.about(BatchScene(rows=[], reader=MARA)) is None
