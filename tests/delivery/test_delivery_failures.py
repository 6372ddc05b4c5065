"""Failures between the pump and Slack: each is repaired, reported to somebody or recorded in the audit."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from slackapp.directory.actions import repair
from storage.company import people, workspaces
from storage.company.model import Person, Workspace
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import State
from storage.handoffs.model import AuditEntry, Handoff
from tests import slack_client
from tests.databases import EITHER, POSTGRESQL
from tests.delivery.delivery_room import TEAM, Room, card_key, direct, pump_process, reply


@pytest.fixture
def room(database: Database, slack: slack_client.Workspace) -> Iterator[Room]:
    room = Room(database, slack)
    yield room
    room.close()


def entries(room: Room, handoff: Handoff, verb: str) -> list[AuditEntry]:
    return [entry for entry in room.audited(handoff) if entry.verb == verb]


@EITHER
def test_a_lost_answer_is_looked_up_before_anything_is_posted_again(room: Room) -> None:
    room.slack.fault("chat.postMessage", {"lose_answer": True})
    room.pump()

    handoff = room.hand_off("Acme renewal")
    room.settle()

    (card,) = room.shown("Acme renewal")
    posted = room.posted(card_key(handoff))
    assert posted is not None
    assert posted.ts == card["ts"]
    assert len(room.slack.calls("chat.postMessage")) == 1
    assert entries(room, handoff, "maybe_double") == []


@EITHER
def test_a_lost_reply_is_looked_up_in_its_thread(room: Room) -> None:
    room.pump()
    handoff = room.hand_off("Acme renewal")
    room.settle()
    room.slack.fault("chat.postMessage", {"lose_answer": True})

    room.put(reply(handoff))
    room.settle()

    assert len(room.shown("reply Acme")) == 1
    assert len(room.slack.calls("conversations.replies")) == 1


@EITHER
def test_where_nobody_may_look_it_is_sent_once_more_and_the_audit_says_so(room: Room) -> None:
    room.slack.change("scopes", granted=["chat:write", "im:write", "channels:read", "groups:read", "users:read"])
    room.slack.fault("chat.postMessage", {"lose_answer": True})
    pump = room.pump()

    handoff = room.hand_off("Acme renewal")
    room.until(lambda: room.slack.calls("conversations.history"))
    room.settle()
    assert len(room.shown("Acme renewal")) == 1

    room.clock.advance(seconds=61)
    pump.wake()
    room.until(lambda: room.posted(card_key(handoff)))

    assert len(room.shown("Acme renewal")) == 2
    assert len(entries(room, handoff, "maybe_double")) == 1


def test_a_pump_that_is_killed_between_send_and_mark_leaves_one_card(room: Room, database_url: str) -> None:
    room.slack.fault("chat.postMessage", {"delay_s": 3})
    killed = pump_process(database_url, room.slack)
    handoff = room.hand_off("Acme renewal")
    room.until(lambda: room.shown("Acme renewal"))
    killed.kill()
    killed.wait()
    assert room.posted(card_key(handoff)) is None

    room.clock.advance(seconds=61)
    room.pump()
    room.settle()

    assert room.posted(card_key(handoff)) is not None
    assert len(room.shown("Acme renewal")) == 1


@EITHER
def test_a_change_after_a_lost_answer_is_drawn_on_the_card_that_slack_has(room: Room) -> None:
    room.slack.fault("chat.postMessage", {"lose_answer": True})
    room.pump()
    handoff = room.hand_off("Acme renewal")
    room.until(lambda: room.shown("Acme renewal"))

    room.change(handoff)
    room.settle()

    (card,) = room.shown("Acme renewal")
    assert "v2" in card["text"]


@EITHER
def test_a_reminder_that_became_moot_after_a_lost_answer_is_taken_back(room: Room) -> None:
    handoff = room.hand_off("Acme renewal")
    room.pump()
    room.settle()
    room.slack.fault("chat.postMessage", {"lose_answer": True})
    room.put(direct(handoff, "U0DAN", kind="level", key="level"))
    room.until(lambda: room.dms("U0DAN"))

    room.change(handoff, state=State.CLAIMED, owner="U0EVA", accountable="U0EVA")
    room.settle()

    assert room.dms("U0DAN") == []


@EITHER
def test_a_server_error_passes_and_the_card_comes(room: Room) -> None:
    room.slack.fault("chat.postMessage", {"status": 503}, times=2)
    room.pump()

    room.hand_off("Acme renewal")
    room.until(lambda: room.shown("Acme renewal"))

    assert len(room.shown("Acme renewal")) == 1


@EITHER
def test_a_limit_stops_only_the_method_it_names(room: Room) -> None:
    pump = room.pump()
    first = room.hand_off("Acme renewal")
    room.settle()
    room.slack.fault("chat.update", {"error": "ratelimited", "retry_after": 30})
    room.change(first)
    room.until(lambda: room.slack.calls("chat.update"))

    room.hand_off("Globex onboarding")
    room.change(first)
    room.settle()
    assert len(room.shown("Globex onboarding")) == 1
    assert len(room.slack.calls("chat.update")) == 1

    room.clock.advance(seconds=31)
    pump.wake()
    room.until(lambda: "v3" in room.shown("Acme renewal")[0]["text"])


@EITHER
def test_a_card_that_a_person_deleted_is_posted_anew(room: Room) -> None:
    room.pump()
    handoff = room.hand_off("Acme renewal")
    room.put(direct(handoff, "U0BEN"))
    room.settle()
    room.slack.post("/control/act/delete_message", deleted(room, handoff))

    room.change(handoff)
    room.settle()

    (card,) = room.shown("Acme renewal")
    assert "v2" in card["text"]
    posted = room.posted(card_key(handoff))
    assert posted is not None
    assert f"link={posted.permalink}" in room.dms("U0BEN")[0]
    assert [entry.facts["kind"] for entry in entries(room, handoff, "repaired")] == ["card"]


def deleted(room: Room, handoff: Handoff) -> dict[str, str]:
    posted = room.posted(card_key(handoff))
    assert posted is not None
    return {"user": "U0BATON", "channel": posted.channel, "ts": posted.ts}


@EITHER
def test_a_direct_message_that_was_deleted_is_not_sent_again(room: Room) -> None:
    room.pump()
    handoff = room.hand_off("Acme renewal")
    told = direct(handoff, "U0BEN")
    room.put(told)
    room.settle()
    posted = room.posted(told.key)
    assert posted is not None
    room.slack.fault("chat.update", {"error": "message_not_found"})

    room.put(told)
    room.settle()

    kept = room.posted(told.key)
    assert kept is not None
    assert kept.settled, "no change asks for it again; and if one has already, it is not posted anew"
    assert len(room.slack.calls("chat.postMessage")) == 2
    assert [entry.facts["reason"] for entry in entries(room, handoff, "held")] == ["a person deleted it in Slack"]


@EITHER
def test_an_archived_channel_is_told_to_managers_and_sender_and_mended_later(room: Room) -> None:
    room.slack.change("channel", id="C0SUCCESS", is_archived=True)
    room.pump()

    handoff = room.hand_off("Acme renewal")
    room.put(reply(handoff))
    room.until(lambda: room.dms("U0DAN") and room.dms("U0BEN"))
    room.settle()

    assert room.queue().trouble == "is_archived"
    assert room.dms("U0DAN") == ["is_archived in success"]
    assert room.posted(card_key(handoff)) is None

    room.slack.change("channel", id="C0SUCCESS", is_archived=False)
    repair.channel_restored(room.baton, TEAM, "C0SUCCESS")
    room.wake()
    room.settle()

    assert len(room.shown("card Acme")) == 1
    assert len(room.shown("reply Acme")) == 1
    assert room.queue().trouble is None


@EITHER
def test_a_shut_channel_is_tried_again_even_if_nobody_says_that_it_is_mended(room: Room) -> None:
    room.slack.fault("chat.postMessage", {"error": "not_in_channel"})
    pump = room.pump()
    room.hand_off("Acme renewal")
    room.until(lambda: room.queue().trouble)
    room.settle()

    room.clock.advance(hours=1)
    pump.wake()
    room.until(lambda: room.shown("Acme renewal"))

    room.until(lambda: room.queue().trouble is None)


@EITHER
def test_the_next_trouble_is_a_new_message(room: Room) -> None:
    pump = room.pump()
    for case in ("Acme renewal", "Globex onboarding"):
        room.slack.fault("chat.postMessage", {"error": "is_archived"})
        room.hand_off(case)
        room.until(lambda: room.queue().trouble)
        room.settle()
        repair.channel_restored(room.baton, TEAM, "C0SUCCESS")
        pump.wake()
        room.settle()
        assert len(room.shown(case)) == 1

    assert room.dms("U0DAN") == ["is_archived in success"] * 2


@EITHER
def test_work_of_a_person_who_was_deactivated_goes_to_the_queues_managers(room: Room) -> None:
    room.pump()
    handoff = room.hand_off("Acme renewal")
    handoff = room.change(handoff, state=State.CLAIMED, owner="U0EVA", accountable="U0EVA")
    room.settle()
    room.slack.change("user", id="U0EVA", deleted=True)

    room.put(direct(handoff, "U0EVA", kind="dm", key="dm"))
    room.until(lambda: room.dms("U0DAN"))
    room.settle()

    (told,) = room.dms("U0DAN")
    assert "trouble Acme renewal" in told
    (repaired,) = entries(room, handoff, "repaired")
    assert repaired.accountable == "queue:success"
    assert repaired.facts["person"] == "U0EVA"
    assert [entry.facts["code"] for entry in entries(room, handoff, "held")] == ["user_disabled"]

    room.baton.db.run_transaction(lambda tx: repair.release_work_of(tx, TEAM, "U0EVA", room.baton.clock.now()))
    room.settle()
    assert len(room.dms("U0DAN")) == 1


@EITHER
def test_an_offer_to_a_person_who_is_gone_ends(room: Room) -> None:
    room.pump()
    handoff = room.hand_off("Acme renewal")
    room.change(handoff, offered_to="U0EVA")

    room.baton.db.run_transaction(lambda tx: repair.release_work_of(tx, TEAM, "U0EVA", room.baton.clock.now()))
    room.settle()

    with room.db.reading() as tx:
        stored = handoffs.get(tx, TEAM, handoff.id)
    assert stored is not None
    assert stored.offered_to is None
    assert stored.accountable == "U0BEN"


@EITHER
def test_a_refused_token_pauses_everything_and_nothing_is_lost(room: Room) -> None:
    room.slack.change("token", revoked=True)
    pump = room.pump()
    room.hand_off("Acme renewal")
    room.hand_off("Globex onboarding")
    room.until(lambda: room.slack.calls("chat.postMessage"))
    room.settle()
    tried = len(room.slack.calls("chat.postMessage"))

    room.hand_off("Initech move")
    room.settle()
    assert len(room.slack.calls("chat.postMessage")) == tried

    room.slack.change("token", revoked=False)
    room.clock.advance(minutes=5)
    pump.wake()
    room.until(lambda: len(room.shown("card")) == 3)


@EITHER
def test_what_slack_cannot_show_is_said_in_plain_words(room: Room) -> None:
    room.slack.fault("chat.postMessage", {"error": "invalid_blocks"})
    room.pump()

    room.hand_off("Acme renewal")
    room.settle()

    (card,) = room.shown("Acme renewal")
    assert card["blocks"] == []


@EITHER
def test_a_channel_with_a_new_id_keeps_its_cards(room: Room) -> None:
    room.pump()
    handoff = room.hand_off("Acme renewal")
    room.settle()

    repair.channel_id_changed(room.baton, TEAM, "C0SUCCESS", "C0NEW")

    posted = room.posted(card_key(handoff))
    assert posted is not None
    assert posted.channel == "C0NEW"
    assert room.queue().channel == "C0NEW"


@EITHER
def test_without_permission_to_open_conversations_people_are_still_told(room: Room) -> None:
    room.slack.change("scopes", granted=["chat:write", "channels:read", "groups:read", "users:read"])
    room.pump()

    handoff = room.hand_off("Acme renewal")
    room.put(direct(handoff, "U0BEN"))
    room.settle()

    assert len(room.dms("U0BEN")) == 1


@EITHER
def test_a_reply_whose_card_was_forgotten_brings_the_card_back(room: Room) -> None:
    room.pump()
    handoff = room.hand_off("Acme renewal", cards=False)

    room.put(reply(handoff))
    room.settle()

    (card,) = room.shown("card Acme")
    (answer,) = room.shown("reply Acme")
    assert answer["thread_ts"] == card["ts"]


@POSTGRESQL
def test_cut_database_connections_lose_nothing_and_say_nothing_twice(room: Room) -> None:
    room.slack.fault("chat.postMessage", {"delay_s": 0.5})
    pump = room.pump()
    room.hand_off("Acme renewal")
    room.until(lambda: pump._sending)

    with room.db.transaction() as tx:
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        tx.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))  # noqa: S608 - ours
    room.hand_off("Globex onboarding")
    room.settle()

    assert len(room.shown("Acme renewal")) == 1
    assert len(room.shown("Globex onboarding")) == 1
    assert len(room.slack.calls("chat.postMessage")) == 2


@EITHER
def test_an_event_about_a_shut_channel_is_told_before_anybody_hands_off(room: Room) -> None:
    room.pump()

    repair.channel_refused(room.baton, TEAM, "C0SUCCESS", "is_archived")
    room.settle()

    assert room.queue().trouble == "is_archived"
    assert room.dms("U0DAN") == ["is_archived in success"]


@EITHER
def test_where_a_queue_has_no_manager_left_the_admins_are_told(room: Room) -> None:
    with room.db.transaction() as tx:
        people.put(tx, Person(workspace=TEAM, id="U0DAN", name="U0DAN", deleted=True))
        workspaces.put(tx, Workspace(id=TEAM, name="Northwind", bot_user="U0BATON"))
        workspaces.set_config(tx, TEAM, None, ["U0KIM"])
    room.pump()

    repair.channel_refused(room.baton, TEAM, "C0SUCCESS", "is_archived")
    room.settle()

    assert room.dms("U0KIM") == ["is_archived in success"]
