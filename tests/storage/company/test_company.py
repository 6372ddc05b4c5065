"""What Slack and the configuration told us: people, groups, channels, queues, policies, calendars, workspaces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from storage.clocks import policies, policy_json
from storage.clocks.model import Calendar, ClockKind, Duration, Interval, Level, Policy, SpecialDays
from storage.company import people, queues, workspaces
from storage.company.model import Channel, Person, Workspace
from storage.db.database import Database
from storage.handoffs import notes
from storage.handoffs.model import Note, Priority, Text
from storage.outbox import posted_messages
from tests.builders import NOW, TEAM, a_handoff, a_queue
from tests.storage.examples import MINUTE, a_message, as_posted, stored

ANA = Person(workspace=TEAM, id="U1", name="Ana", tz="Europe/Berlin", team=TEAM, manager="U9", seen_at=NOW)
SUCCESS = a_queue(
    members=("U1", "S1"),
    managers=("U9",),
    calendar="berlin",
    policy="standard",
    templates=("ae_csm",),
    trouble="is_archived",
)
STANDARD = Policy(
    workspace=TEAM,
    key="standard",
    targets={
        ClockKind.CLAIM: {Priority.NORMAL: Duration(seconds=1800), Priority.HIGH: Duration(seconds=600)},
        ClockKind.FINISH: {Priority.NORMAL: Duration(days=2, seconds=3600), Priority.LOW: Duration(days=1, wall=True)},
    },
    levels=(
        Level(key="late", clock=ClockKind.CLAIM, tell=("managers",)),
        Level(key="later", clock=ClockKind.CLAIM, percent=150, offset_s=-60, repeat_times=3, repeat_every_s=60),
    ),
)
BERLIN = Calendar(
    workspace=TEAM,
    key="berlin",
    timezone="Europe/Berlin",
    hours=((Interval(start=time(9), end=time(12, 30)), Interval(start=time(22), end=None)), *((),) * 6),
    country="DE",
    subdivision="BE",
    closed=(date(2026, 12, 24),),
    special=(
        SpecialDays(first=date(2026, 7, 1), last=date(2026, 8, 31), hours=(Interval(start=time(8), end=time(14)),)),
        SpecialDays(first=date(2026, 12, 5), last=date(2026, 12, 5), hours=(Interval(start=time(22), end=None),)),
    ),
)


# People, groups, channels


def test_a_person_is_read_back_and_another_workspace_does_not_know_them(database: Database) -> None:
    with database.transaction() as tx:
        people.put(tx, ANA)
        assert people.get(tx, TEAM, "U1") == ANA
        assert people.get(tx, "T2", "U1") is None


def test_what_slack_says_keeps_the_manager_and_the_conversation(database: Database) -> None:
    with database.transaction() as tx:
        people.put(tx, ANA)
        people.set_dm_channel(tx, TEAM, "U1", "D1")
        people.put(tx, replace(ANA, name="Ana B.", deleted=True, manager=None))
        assert people.get(tx, TEAM, "U1") == replace(ANA, name="Ana B.", deleted=True, dm_channel="D1")

        people.set_manager(tx, TEAM, "U1", None)
        people.set_dm_channel(tx, TEAM, "U1", None)
        assert people.get(tx, TEAM, "U1") == replace(ANA, name="Ana B.", deleted=True, manager=None)


def test_do_not_disturb_is_stored_beside_what_slack_says_of_a_person_and_survives_it(database: Database) -> None:
    with database.transaction() as tx:
        people.put(tx, replace(ANA, calendar="berlin", away_until=NOW + MINUTE))
        people.set_dnd(tx, TEAM, "U1", NOW, NOW + MINUTE)
        people.set_dnd(tx, TEAM, "U404", NOW, NOW + MINUTE)
        people.put(tx, replace(ANA, name="Ana B."))
        paused = replace(ANA, name="Ana B.", calendar="berlin", dnd_from=NOW, dnd_until=NOW + MINUTE)
        assert people.get_many(tx, TEAM, ["U1", "U404"]) == {"U1": paused}

        people.set_dnd(tx, TEAM, "U1", None, None)
        assert people.get(tx, TEAM, "U1") == replace(paused, dnd_from=None, dnd_until=None)


def test_several_people_are_read_at_once(database: Database) -> None:
    ben = replace(ANA, id="U2", name="Ben")
    with database.transaction() as tx:
        people.put(tx, ANA)
        people.put(tx, ben)
        assert people.get_many(tx, TEAM, ["U1", "U2", "U3"]) == {"U1": ANA, "U2": ben}
        assert people.get_many(tx, TEAM, []) == {}


def test_groups_are_replaced_by_their_people_in_order_and_nobody_comes_twice(database: Database) -> None:
    with database.transaction() as tx:
        people.put_group(tx, TEAM, "S1", "cs", "Success", ["U3", "U1"], NOW)
        people.put_group(tx, TEAM, "S2", "mgr", "Managers", ["U9"], NOW)
        people.put_group(tx, TEAM, "S2", "mgr", "Managers", ["U8", "U3"], NOW + MINUTE)

        assert people.expand_groups(tx, TEAM, ["U1", "S1", "S2", "S404", "U7"]) == ("U1", "U3", "U8", "U7")
        assert people.expand_groups(tx, TEAM, iter(["U1"])) == ("U1",)
        assert people.expand_groups(tx, "T2", ["S1"]) == ()
        assert people.get_group_members(tx, TEAM, "S1") == ("U3", "U1")
        assert people.get_group_members(tx, TEAM, "S404") == ()


def test_who_is_in_a_known_group_can_be_changed_and_an_unknown_one_is_left_alone(database: Database) -> None:
    with database.transaction() as tx:
        people.put_group(tx, TEAM, "S1", "cs", "Success", ["U3"], NOW)
        assert people.set_group_members(tx, TEAM, "S1", ["U4", "U5"], NOW + MINUTE)
        assert not people.set_group_members(tx, TEAM, "S404", ["U4"], NOW)
        assert people.get_group_members(tx, TEAM, "S1") == ("U4", "U5")
        assert people.get_group_members(tx, TEAM, "S404") == ()


def test_a_channel_is_read_back(database: Database) -> None:
    channel = Channel(workspace=TEAM, id="C1", name="cs", is_private=True, has_bot=True, seen_at=NOW)
    with database.transaction() as tx:
        people.put_channel(tx, channel)
        people.put_channel(tx, replace(channel, is_archived=True))
        assert people.get_channel(tx, TEAM, "C1") == replace(channel, is_archived=True)
        assert people.get_channel(tx, TEAM, "C2") is None


# Queues


def test_mentioned_channels_have_their_names_and_private_ones_none(database: Database) -> None:
    with database.transaction() as tx:
        people.put_channel(tx, Channel(workspace=TEAM, id="C1", name="cs"))
        people.put_channel(tx, Channel(workspace=TEAM, id="C2", name="merger", is_private=True))

        assert people.get_names(tx, TEAM, ["C1", "C2", "C3"]) == {"C1": "cs", "C2": "private-channel"}
        known = people.get_channels(tx, TEAM, ["C1", "C2", "C3"])
    assert {key: one.is_private for key, one in known.items()} == {"C1": False, "C2": True}


def test_a_queue_is_read_back_changed_and_removed(database: Database) -> None:
    with database.transaction() as tx:
        queues.put(tx, SUCCESS)
        assert queues.get(tx, TEAM, "success") == SUCCESS
        queues.put(tx, replace(SUCCESS, name="CS", members=()))
        assert queues.list_all(tx, TEAM) == [replace(SUCCESS, name="CS", members=())]
        queues.remove(tx, TEAM, "success")
        assert queues.get(tx, TEAM, "success") is None


def test_queues_are_listed_by_name_and_found_by_channel(database: Database) -> None:
    with database.transaction() as tx:
        for key, name, channel in (("a", "zebra", "C1"), ("b", "Apple", "C1"), ("c", "mango", "C2")):
            queues.put(tx, replace(SUCCESS, key=key, name=name, channel=channel))
        assert [queue.name for queue in queues.list_all(tx, TEAM)] == ["Apple", "mango", "zebra"]
        assert [queue.key for queue in queues.list_by_channel(tx, TEAM, "C1")] == ["b", "a"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("éQUIPE", ["a"]),
        ("straße", ["b"]),
        ("STRASSE", ["b"]),
        ("100%", ["c"]),
        ("%", ["c"]),
        ("_", ["d"]),
        ("x_y", ["d"]),
        ("\\", ["e"]),
        (" support ", ["a", "d"]),
        ("", ["a", "b", "c", "d", "e"]),
        ("nothing", []),
    ],
)
def test_queues_are_found_by_what_somebody_types(database: Database, typed: str, found: list[str]) -> None:
    names = {"a": "Équipe Support", "b": "Hauptstraße", "c": "100% club", "d": "x_y support", "e": "back\\slash"}
    with database.transaction() as tx:
        for key, name in names.items():
            queues.put(tx, replace(SUCCESS, key=key, name=name))
        assert sorted(queue.key for queue in queues.search(tx, TEAM, typed, 10)) == found
        assert len(queues.search(tx, TEAM, typed, 1)) <= 1
        assert queues.search(tx, "T2", typed, 10) == []


def test_trouble_with_a_channel_is_kept_until_it_is_over_or_the_channel_changes(database: Database) -> None:
    with database.transaction() as tx:
        queues.put(tx, replace(SUCCESS, trouble=None))
        queues.set_trouble(tx, TEAM, "success", "channel_not_found")
        assert [queue.trouble for queue in queues.list_all(tx, TEAM)] == ["channel_not_found"]
        queues.replace_channel(tx, TEAM, "C1", "C2")
        assert [(queue.channel, queue.trouble) for queue in queues.list_all(tx, TEAM)] == [("C2", None)]


# Policies and calendars


def test_a_policy_has_a_new_version_only_when_it_says_something_else(database: Database) -> None:
    longer = replace(STANDARD, targets={ClockKind.CLAIM: {Priority.NORMAL: Duration(seconds=3600)}})
    with database.transaction() as tx:
        assert policies.put_policy(tx, STANDARD) == STANDARD
        assert policies.put_policy(tx, STANDARD) == STANDARD
        assert policies.put_policy(tx, longer) == replace(longer, version=2)
        assert policies.get_policy(tx, TEAM, "standard") == replace(longer, version=2)
        assert policies.get_policy(tx, TEAM, "standard", 1) == STANDARD
        assert policies.get_policy(tx, TEAM, "standard", 3) is None
        assert policies.list_policies(tx, TEAM) == [replace(longer, version=2)]
        assert policies.list_policies(tx, "T2") == []


def test_a_removed_policy_stays_for_the_clocks_that_run_by_it(database: Database) -> None:
    with database.transaction() as tx:
        policies.put_policy(tx, STANDARD)
        policies.remove_policy(tx, TEAM, "standard")
        assert policies.get_policy(tx, TEAM, "standard") is None
        assert policies.list_policies(tx, TEAM) == []
        assert policies.get_policy(tx, TEAM, "standard", 1) == STANDARD

        assert policies.put_policy(tx, STANDARD) == STANDARD
        assert policies.list_policies(tx, TEAM) == [STANDARD]


def test_a_calendar_is_written_over(database: Database) -> None:
    with database.transaction() as tx:
        policies.put_calendar(tx, BERLIN)
        assert policies.get_calendar(tx, TEAM, "berlin") == BERLIN
        policies.put_calendar(tx, replace(BERLIN, country=None, closed=()))
        assert policies.list_calendars(tx, TEAM) == [replace(BERLIN, country=None, closed=())]
        policies.remove_calendar(tx, TEAM, "berlin")
        assert policies.get_calendar(tx, TEAM, "berlin") is None


def test_a_calendar_that_was_stored_before_days_had_hours_of_their_own_is_read() -> None:
    content = policy_json.calendar_to_json(BERLIN)
    del content["special"]

    assert policy_json.calendar_from_json(TEAM, "berlin", content) == replace(BERLIN, special=())


def test_a_queue_goes_by_its_own_calendar_or_by_the_workspaces(database: Database) -> None:
    paris = replace(BERLIN, key="paris", timezone="Europe/Paris")
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id=TEAM, name="Acme", bot_user="U0"))
        policies.put_calendar(tx, BERLIN)
        policies.put_calendar(tx, paris)

        assert policies.get_calendar_of_queue(tx, replace(SUCCESS, calendar=None)) is None
        workspaces.set_config(tx, TEAM, None, [], "paris")
        assert policies.get_calendar_of_queue(tx, replace(SUCCESS, calendar=None)) == paris
        assert policies.get_calendar_of_queue(tx, replace(SUCCESS, calendar="berlin")) == BERLIN
        assert policies.get_calendar_of_queue(tx, replace(SUCCESS, workspace="T2", calendar=None)) is None


# Workspaces


def test_what_slack_says_of_a_workspace_keeps_what_was_configured(database: Database) -> None:
    acme = Workspace(id=TEAM, name="Acme", bot_user="U0", bot_id="B0", scopes=("chat:write",), admins=("U9",))
    with database.transaction() as tx:
        workspaces.put(tx, acme)
        assert workspaces.get(tx, TEAM) == acme
        workspaces.set_config(tx, TEAM, "digest", ["U9", "U8"], "berlin")
        workspaces.put(tx, replace(acme, name="Acme Inc", scopes=(), admins=()))
        kept = replace(acme, name="Acme Inc", scopes=(), admins=("U9", "U8"), calendar="berlin", config_digest="digest")
        assert workspaces.list_all(tx) == [kept]
        assert workspaces.get(tx, "T2") is None


# Notes and messages


@pytest.mark.parametrize(
    "words",
    [
        {"plain": "x" * 3000 + " 🎉 <!channel> @everyone"},
        {"plain": "rich", "rich": {"type": "rich_text", "elements": [{"text": "é"}]}},
        {"reason": "customer_gone", "changes": {"title": ["old", None]}},
    ],
    ids=["long", "rich", "reason"],
)
def test_words_are_kept_whole_until_they_are_erased(database: Database, words: dict[str, Any]) -> None:
    stored(database, a_handoff())
    note = Note(id="n2", handoff_id="h1", verb="note", author="U1", at=NOW + MINUTE, text=Text(**words))
    earlier = replace(note, id="n3", at=NOW)
    with database.transaction() as tx:
        notes.add(tx, note, TEAM)
        notes.add(tx, earlier, TEAM)
        assert notes.list_for_handoff(tx, "h1") == [earlier, note]

        notes.erase_for_handoff(tx, "h1")
        assert notes.list_for_handoff(tx, "h1") == [replace(earlier, text=Text()), replace(note, text=Text())]
        assert notes.count_for_handoff(tx, "h1") == 2


def test_messages_are_found_by_key_handoff_place_and_channel(database: Database) -> None:
    stored(database, a_handoff())
    card = as_posted(a_message(handoff_id="h1"))
    said = a_message("ping:a", handoff_id="h1", to=card.to)
    ping = replace(as_posted(said, ts="1.2"), posted_at=NOW + MINUTE)
    with database.transaction() as tx:
        posted_messages.put(tx, ping)
        posted_messages.put(tx, card)
        posted_messages.put(tx, replace(card, permalink="https://x", payload={"n": 1}))
        card = replace(card, permalink="https://x", payload={"n": 1})
        assert posted_messages.get(tx, TEAM, "card:h1") == card
        assert (
            posted_messages.list_for_handoff(tx, "h1")
            == posted_messages.list_in_channel(tx, TEAM, "C1")
            == [card, ping]
        )
        assert posted_messages.get_by_ts(tx, TEAM, "C1", "1.2") == ping
        assert posted_messages.get_by_ts(tx, "T2", "C1", "1.2") is None
        posted_messages.remove(tx, TEAM, "card:h1")
        assert posted_messages.list_for_handoff(tx, "h1") == [ping]
