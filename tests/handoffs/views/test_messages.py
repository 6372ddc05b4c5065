"""Every kind of message: its recipients, texts and buttons, and when it is outdated."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from slackapp.clocks.rules.invariants import FaultKind
from slackapp.directory.views import CODES
from slackapp.handoffs.views import event_sentences
from slackapp.slack import ids
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import Situation, Verb
from tests.handoffs.samples import (
    ACTS,
    ANA,
    BEN,
    EXTREMES,
    MARA,
    MONDAY_9,
    SITUATIONS,
    TOM,
    a_history,
    a_note,
    a_queue,
    a_timer,
    an_entry,
    bare,
    extreme,
    some_details,
)
from tests.handoffs.views.drawing import draw
from tests.handoffs.views.view_checks import elements, offered, sound_message, words_of

DUE = MONDAY_9 + timedelta(minutes=30)
LATE = MONDAY_9 + timedelta(minutes=35)
ROLES = ("sender", "owner", "offered", "last_owner")


def told(verb: str, actor: str = BEN, note: str | None = None, **facts: Any) -> dict[str, Any]:
    return {"verb": verb, "actor": actor, "note_id": note and f"n_{note}", "facts": facts}


def dm(verb: str, role: str, user: str, **more: Any) -> dict[str, Any]:
    return {**told(verb, **more), "as": role, "user": user}


def level(clock: str, recipient: str, run: int = 1) -> dict[str, Any]:
    return {"clock": clock, "level": "late", "run": run, "deadline_at": DUE.isoformat(), "recipient": recipient}


PAYLOADS: list[tuple[str, dict[str, Any]]] = [
    ("card", {"hop": 1}),
    ("card", {"hop": 0}),
    ("sent", {}),
    ("source", {}),
    *(("reply", {**told(act.verb, note=act.verb), "facts": act.facts()}) for act in ACTS),
    *(
        ("dm", {**dm(act.verb, role, user, note=act.verb), "facts": act.facts()})
        for act in ACTS
        for role, user in zip(ROLES, (ANA, BEN, TOM, BEN), strict=True)
    ),
    *(("level", level(clock, who)) for clock in ClockKind for who in ("channel", ANA, BEN, MARA, TOM)),
    ("trouble", {"queue": "success", "channel": "C0SUCCESS", "code": "not_in_channel"}),
]


@pytest.mark.parametrize("posted", [True, False])
@pytest.mark.parametrize("here", SITUATIONS)
def test_every_message_in_every_situation_is_one_that_slack_takes(here: Situation, posted: bool) -> None:
    for timers in [(), tuple(a_timer(clock) for clock in ClockKind)]:
        for details in [some_details(here, timers=timers), bare(here)]:
            for kind, payload in PAYLOADS:
                post = draw(kind, details, payload, LATE, posted=posted)
                if post:
                    sound_message(post)


@pytest.mark.parametrize("here", SITUATIONS)
@pytest.mark.parametrize("text", EXTREMES.values(), ids=EXTREMES.keys())
def test_whatever_was_typed_no_message_pings_or_is_refused(here: Situation, text: str) -> None:
    for kind, payload in PAYLOADS:
        post = draw(kind, extreme(here, text), payload, LATE, posted=True)
        if post:
            sound_message(post)


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (
            told(Verb.RELEASE, note="release"),
            f"<@{BEN}> put it back:\n> Off",
        ),
        (told(Verb.ASSIGN, MARA, person=TOM), f"<@{MARA}> assigned it to <@{TOM}>."),
        (told(Verb.TRANSFER, queue="success", person=TOM), f"<@{BEN}> passed it on to <@{TOM}> in Customer Success."),
        (told(Verb.TRANSFER, queue="support", person=None), f"<@{BEN}> passed it on to support."),
        (told(Verb.EDIT, ANA, fields=["link", "title"]), f"<@{ANA}> changed it: link, title."),
        (told(Verb.EXTEND, MARA, seconds=5400), f"<@{MARA}> extended it by 1 h 30 min."),
        (told(Verb.RETURN), f"<@{BEN}> sent it back to <@{ANA}>: more information needed."),
        (told(Verb.COMPLETE), f"<@{BEN}> finished it."),
    ],
)
def test_a_reply_under_the_card_says_who_did_what(payload: Mapping[str, Any], text: str) -> None:
    details = some_details(Situation.CLAIMED, notes=(a_note(Verb.RELEASE, "Off"),))

    assert sound_message(draw("reply", details, payload, LATE)).text == text


def test_a_reply_names_people_without_notifying_them() -> None:
    details = some_details(Situation.CLAIMED, names={BEN: "Ben"})

    assert sound_message(draw("reply", details, told(Verb.CLAIM), LATE)).text == "Ben claimed it."


def test_a_reply_whose_note_was_removed_still_says_what_happened() -> None:
    assert sound_message(draw("reply", some_details(notes=()), told(Verb.NOTE, note="note"), LATE)).text.endswith(
        "to it."
    )


def test_every_verb_has_a_sentence() -> None:
    for entry in a_history():
        assert event_sentences.sentence(some_details(), entry.verb, entry.actor, entry.facts).strip()


def test_somebody_it_is_offered_to_can_claim_or_decline_in_the_message() -> None:
    post = sound_message(draw("dm", some_details(Situation.OFFERED), dm(Verb.OPEN, "offered", TOM, actor=ANA), LATE))

    assert post.text.startswith(f"<@{ANA}> offered you <https://acme.slack.com/archives/C0SUCCESS/p1|#42> Acme renewal")
    assert offered(post.blocks) == {"handoff.claim", "handoff.decline", ids.SHOW}


def test_after_they_claimed_the_offer_says_that_they_have_it() -> None:
    details = some_details(Situation.CLAIMED, owner=TOM)
    payload = dm(Verb.OPEN, "offered", TOM, actor=ANA)

    post = sound_message(draw("dm", details, payload, LATE, posted=True))
    assert post.text.startswith(f"<@{ANA}> offered you <")
    assert "\nOwned by you, finish by <!date" in post.text
    assert offered(post.blocks) == {"handoff.complete", "handoff.release", ids.SHOW}
    assert draw("dm", details, payload, LATE) is None


def test_after_somebody_else_took_it_the_offer_asks_for_nothing() -> None:
    post = sound_message(draw("dm", some_details(Situation.CLAIMED), dm(Verb.OPEN, "offered", TOM), LATE, posted=True))

    assert post.text.endswith(" Nothing to do.")
    assert offered(post.blocks) == {ids.SHOW}


def test_the_sender_of_returned_work_can_resend_in_the_message() -> None:
    post = sound_message(
        draw("dm", some_details(Situation.RETURNED), dm(Verb.RETURN, "sender", ANA, note="return"), LATE)
    )

    assert f"<@{BEN}> sent <" in post.text
    assert "back to you: more information needed:\n> Information is missing\n> They want" in words_of(post.blocks)
    assert offered(post.blocks) == {"handoff.resend", "handoff.edit", ids.SHOW}


def test_the_notification_of_work_sent_back_begins_with_what_is_missing_however_long_its_title_is() -> None:
    details = some_details(Situation.RETURNED)
    details = replace(details, handoff=replace(details.handoff, title="Acme renewal " * 20))

    post = sound_message(draw("dm", details, dm(Verb.RETURN, "sender", ANA, note="return"), LATE))

    assert post.text.startswith(
        f"<@{BEN}> needs more information: Information is missing: They want a lower price.\n<@{BEN}> sent <"
    )


def test_somebody_who_was_assigned_can_finish_or_put_back_in_the_message() -> None:
    payload = dm(Verb.ASSIGN, "owner", BEN, actor=MARA, person=BEN)
    post = sound_message(draw("dm", some_details(Situation.CLAIMED), payload, LATE))

    assert post.text.startswith(f"<@{MARA}> assigned <")
    assert "to you." in post.text
    assert offered(post.blocks) == {"handoff.complete", "handoff.release", ids.SHOW}


def test_a_sender_who_only_has_to_know_is_asked_for_nothing() -> None:
    post = sound_message(draw("dm", some_details(Situation.CLAIMED), dm(Verb.CLAIM, "sender", ANA), LATE))

    assert f"<@{BEN}> claimed <" in post.text
    assert offered(post.blocks) == {ids.SHOW}


def test_whoever_is_told_of_a_claim_sees_in_the_same_message_how_it_stands_later() -> None:
    payload = dm(Verb.CLAIM, "sender", ANA)
    claimed, open_again = (
        sound_message(draw("dm", some_details(here), payload, MONDAY_9, posted=True))
        for here in (Situation.CLAIMED, Situation.OPEN)
    )

    assert (f"Owned by <@{BEN}>" in claimed.text, f"Owned by <@{BEN}>" in open_again.text) == (True, False)
    assert "\nUnassigned in Customer Success" in open_again.text
    assert not claimed.settled
    assert not open_again.settled


def test_the_sender_who_is_accountable_again_hears_that_they_are() -> None:
    payload = dm(Verb.RELEASE, "sender", ANA)

    again = sound_message(draw("dm", some_details(), payload, MONDAY_9))
    claimed = sound_message(draw("dm", some_details(Situation.CLAIMED), payload, MONDAY_9, posted=True))

    assert again.text.endswith("You are accountable until someone claims it.")
    assert "accountable" not in claimed.text


def test_a_message_before_a_newer_one_only_says_what_happened() -> None:
    payload = dm(Verb.CLAIM, "sender", ANA)

    post = sound_message(draw("dm", some_details(), payload, LATE, posted=True, superseded=True))

    assert post.text.endswith("Acme renewal.")
    assert post.settled


def test_a_question_before_a_newer_message_keeps_its_buttons_until_it_has_its_answer() -> None:
    payload = dm(Verb.RETURN, "sender", ANA, note="return")

    asks = sound_message(draw("dm", some_details(Situation.RETURNED), payload, LATE, posted=True, superseded=True))
    over = sound_message(draw("dm", some_details(Situation.CLAIMED), payload, LATE, posted=True, superseded=True))

    assert offered(asks.blocks) == {"handoff.resend", "handoff.edit", ids.SHOW}
    assert not asks.settled
    assert offered(over.blocks) == {ids.SHOW}
    assert over.settled
    assert "Owned by" not in over.text
    assert "They want" in over.text, "the reason stays where it was read"


def test_a_note_names_no_owner_state_or_deadline_and_a_reply_only_what_happened() -> None:
    details = some_details(Situation.CLAIMED)

    assert sound_message(draw("dm", details, dm(Verb.NOTE, "owner", BEN, note="note"), LATE)).settled
    assert sound_message(draw("reply", details, told(Verb.ASSIGN, MARA, person=TOM), LATE)).settled


def test_a_sentence_keeps_the_team_and_the_sender_of_its_time() -> None:
    passed_on = some_details(
        Situation.CLAIMED,
        sender=BEN,
        queue="support",
        queue_record=a_queue("support", "Support"),
        queue_names={"success": "Success"},
    )
    lapsed = {**told(Verb.LAPSE, "clock"), "team": "success", "sender": ANA}
    returned = {**told(Verb.RETURN), "team": "success", "sender": ANA}

    assert sound_message(draw("reply", passed_on, lapsed, LATE)).text == "It went back to Success."
    assert f"back to <@{ANA}>" in sound_message(draw("reply", passed_on, returned, LATE)).text


def test_the_card_names_who_began_it_and_who_passed_it_on() -> None:
    passed_on = some_details(sender=BEN, names={ANA: "Ana", BEN: "Ben"})

    post = sound_message(draw("card", passed_on, {"hop": 1}, MONDAY_9))

    assert "#42 · from Ana, passed on by Ben" in words_of(post.blocks)
    assert "#42 from Ana, passed on by Ben." in post.text


def test_the_sender_keeps_a_line_that_follows_the_handoff() -> None:
    first = sound_message(draw("sent", some_details(cards={}), {}, MONDAY_9))
    then = sound_message(draw("sent", some_details(Situation.CLAIMED), {}, MONDAY_9))

    assert first.text.startswith("Sent as #42 to Customer Success: Acme renewal. Unassigned in Customer")
    assert f"Owned by <@{BEN}>" in then.text


def test_the_message_it_came_from_has_a_line_that_follows_it() -> None:
    post = sound_message(draw("source", some_details(Situation.CLAIMED), {}, MONDAY_9))

    assert post.text.startswith(
        f"<https://acme.slack.com/archives/C0SUCCESS/p1|#42> Acme renewal: owned by <@{BEN}>, finish by"
    )


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (
            MONDAY_9 + timedelta(minutes=15),
            "#42 Acme renewal is unassigned in Customer Success, claim by <!",
        ),
        (DUE, "#42 Acme renewal is unassigned in Customer Success, late since <!"),
        (LATE, "#42 Acme renewal is unassigned in Customer Success, late since <!"),
    ],
)
def test_a_reminder_of_an_unclaimed_handoff(now: Any, text: str) -> None:
    post = sound_message(draw("level", some_details(), level("claim", "channel"), now))

    assert post.text.startswith(text)
    assert offered(post.blocks) == {"handoff.claim", ids.SHOW}


def test_a_reminder_to_a_manager_carries_what_they_need_and_nothing_that_goes_stale() -> None:
    post = sound_message(draw("level", some_details(), level("claim", MARA), LATE))

    shown = words_of(post.blocks)
    assert (
        f"🔴 #42 *Acme renewal* is unassigned in Customer Success, late since <!date^{int(DUE.timestamp())}^" in shown
    )
    assert " · High\n" in shown
    assert f"First step: Call Mara about the price · from <@{ANA}> · <https" in shown
    assert "min" not in f"{post.text} {shown}"


@pytest.mark.parametrize(
    ("here", "clock", "who", "buttons"),
    [
        (Situation.OPEN, "claim", "channel", {"handoff.claim", ids.SHOW}),
        (Situation.OPEN, "claim", MARA, {"handoff.claim", "handoff.assign", "handoff.extend", ids.SHOW}),
        (Situation.OPEN, "claim", ANA, {ids.SHOW}),
        (Situation.OFFERED, "claim", "channel", {ids.SHOW}),
        (Situation.OFFERED, "claim", TOM, {"handoff.claim", "handoff.decline", ids.SHOW}),
        (Situation.CLAIMED, "finish", BEN, {"handoff.complete", "handoff.release", ids.SHOW}),
        (Situation.CLAIMED, "finish", MARA, {"handoff.assign", "handoff.extend", ids.SHOW}),
        (Situation.CLAIMED, "finish", "channel", {ids.SHOW}),
    ],
)
def test_a_reminder_has_the_buttons_its_reader_can_use(
    here: Situation, clock: str, who: str, buttons: set[str]
) -> None:
    post = sound_message(draw("level", some_details(here), level(clock, who), LATE))

    assert offered(post.blocks) == buttons
    assert sum(element.get("style") == "primary" for element in elements(post.blocks)) <= 1


def test_a_reminder_of_unfinished_work_speaks_to_its_owner() -> None:
    details = some_details(Situation.CLAIMED, timers=(a_timer(ClockKind.FINISH),))

    to_owner = sound_message(draw("level", details, level("finish", BEN), LATE)).text
    to_manager = sound_message(draw("level", details, level("finish", MARA), LATE)).text
    assert to_owner.startswith("#42 Acme renewal is owned by you, late since")
    assert to_manager.startswith(f"#42 Acme renewal is owned by <@{BEN}>, late since")


def test_a_reminder_that_was_not_sent_before_the_claim_is_not_sent_any_more() -> None:
    details = some_details(Situation.CLAIMED, timers=())

    assert draw("level", details, level("claim", "channel"), LATE) is None


def test_a_reminder_of_an_earlier_run_of_the_clock_is_over() -> None:
    assert (
        draw("level", some_details(timers=(a_timer(ClockKind.CLAIM, run=2),)), level("claim", "channel"), LATE) is None
    )


def test_a_reminder_of_a_paused_clock_is_not_sent() -> None:
    timers = (a_timer(ClockKind.FINISH, running_since=None, deadline_at=None),)

    assert draw("level", some_details(Situation.RETURNED, timers=timers), level("finish", MARA), LATE) is None


def test_after_the_claim_the_reminder_says_who_and_how_late_and_has_no_buttons() -> None:
    details = some_details(Situation.CLAIMED, timers=(), state_since=LATE)
    post = sound_message(draw("level", details, level("claim", "channel"), LATE, posted=True))

    assert post.text.startswith(f"#42 Acme renewal: claimed by <@{BEN}>, <!date")
    assert post.text.endswith(", 5 min late. Nothing to do.")
    assert offered(post.blocks) == set()


def test_a_reminder_that_was_answered_before_its_deadline_says_on_time() -> None:
    details = some_details(Situation.CLAIMED, timers=(), state_since=DUE - timedelta(minutes=1))
    post = sound_message(draw("level", details, level("claim", "channel"), LATE, posted=True))

    assert post.text.endswith(", on time. Nothing to do.")


def test_a_reminder_remembers_the_claim_that_answered_it_and_not_a_later_one() -> None:
    payload = level("claim", "channel")
    fired = {key: payload[key] for key in ("clock", "level", "deadline_at")}
    history = (
        an_entry(Verb.ESCALATE, actor="clock", at=DUE, facts=fired),
        an_entry(Verb.CLAIM, actor=TOM, at=LATE),
        an_entry(Verb.RELEASE, actor=TOM, at=LATE + timedelta(hours=1)),
        an_entry(Verb.CLAIM, actor=BEN, at=LATE + timedelta(hours=2)),
    )
    details = some_details(Situation.CLAIMED, timers=(), history=history, state_since=LATE + timedelta(hours=2))

    post = sound_message(draw("level", details, payload, LATE, posted=True))
    assert post.text.startswith(f"#42 Acme renewal: claimed by <@{TOM}>, <!date")
    assert f", 5 min late. Now owned by <@{BEN}>, needed by <!date" in post.text
    assert post.text.endswith(" Nothing to do.")


def test_the_outcome_of_a_reminder_goes_on_with_how_it_stands_once_that_has_changed() -> None:
    payload = level("claim", MARA)
    fired = {key: payload[key] for key in ("clock", "level", "deadline_at")}
    history = (
        an_entry(Verb.ESCALATE, actor="clock", at=DUE, facts=fired),
        an_entry(Verb.CLAIM, actor=BEN, at=LATE),
        an_entry(Verb.NOTE, actor=BEN, at=LATE),
    )
    released = (*history, an_entry(Verb.RELEASE, actor=BEN, at=LATE + timedelta(hours=1)))

    holds, changed = (
        sound_message(draw("level", some_details(here, timers=(), history=found), payload, LATE, posted=True))
        for here, found in ((Situation.CLAIMED, history), (Situation.OPEN, released))
    )
    details = some_details(timers=(), history=released)
    superseded = sound_message(draw("level", details, payload, LATE, posted=True, superseded=True))

    assert holds.text.endswith(", 5 min late. Nothing to do.")
    assert ", 5 min late. Now unassigned in Customer Success, needed by <!date" in changed.text
    assert superseded.text == holds.text.removesuffix(" Nothing to do.")
    assert (holds.settled, changed.settled, superseded.settled) == (False, False, True)


def test_a_reminder_of_unfinished_work_ends_when_it_is_done() -> None:
    notes = (a_note(), a_note(Verb.COMPLETE, "Signed", author=BEN, at=LATE))
    details = some_details(Situation.DONE, timers=(), notes=notes, state_since=LATE)
    post = sound_message(draw("level", details, level("finish", BEN), LATE, posted=True))

    assert post.text.startswith(f"#42 Acme renewal: done by <@{BEN}>, <!date")


@pytest.mark.parametrize("code", [*CODES, "restricted_action_read_only_channel", "some_new_error", "`<!channel>"])
def test_a_channel_that_cannot_be_posted_to_has_a_sentence_with_what_to_do(code: str) -> None:
    for channel in ("C0SUCCESS", "<!channel>"):
        payload = {"queue": "success", "channel": channel, "code": code}
        for details in (some_details(), None):
            text = sound_message(draw("trouble", details, payload, LATE, a_queue())).text
            assert text.startswith("Handoffs to Customer Success can't be posted in their channel.")


def test_the_missing_invitation_is_named_with_the_words_to_type() -> None:
    payload = {"queue": "success", "channel": "C0SUCCESS", "code": "not_in_channel"}

    text = sound_message(draw("trouble", None, payload, LATE)).text
    assert "Baton is not in <#C0SUCCESS>. Type `/invite @baton` there." in text


@pytest.mark.parametrize(
    ("here", "buttons"),
    [
        (Situation.OPEN, {"handoff.claim", "handoff.assign"}),
        (Situation.CLAIMED, {"handoff.assign", "handoff.release"}),
        (Situation.RETURNED, {"handoff.resend"}),
    ],
)
def test_managers_hear_that_a_person_is_gone_and_can_give_the_work_to_somebody(
    here: Situation, buttons: set[str]
) -> None:
    payload = {"queue": "success", "channel": "C0SUCCESS", "code": "person_gone", "person": BEN}
    details = some_details(here, names={BEN: "Ben"}, accountable="queue:success")

    post = sound_message(draw("trouble", details, payload, LATE, a_queue()))
    assert post.text.startswith("Ben has left. The managers of Customer Success are now accountable for <https")
    assert offered(post.blocks) == buttons


@pytest.mark.parametrize(("here", "accountable"), [(Situation.DONE, "queue:success"), (Situation.CLAIMED, ANA)])
def test_a_vacancy_that_is_settled_says_what_became_of_it(here: Situation, accountable: str) -> None:
    payload = {"queue": "success", "channel": "C0SUCCESS", "code": "person_gone", "person": BEN}
    details = some_details(here, names={BEN: "Ben"}, accountable=accountable)

    post = sound_message(draw("trouble", details, payload, LATE, a_queue(), posted=True))

    assert post.text.startswith("Ben has left. ")
    assert "managers" not in post.text
    assert offered(post.blocks) == set()


def test_an_offer_that_ends_because_somebody_left_leaves_the_sender_accountable() -> None:
    payload = {"queue": "success", "channel": "C0SUCCESS", "code": "person_gone", "person": TOM}

    post = sound_message(draw("trouble", some_details(Situation.OPEN), payload, LATE, a_queue()))

    assert "is unassigned in Customer Success" in post.text
    assert offered(post.blocks) == {"handoff.claim", "handoff.assign"}


@pytest.mark.parametrize(
    ("verb", "facts", "text"),
    [
        ("held", {"kind": "level", "reason": "moved on"}, "Baton did not send a reminder: things had moved on"),
        (
            "held",
            {"kind": "dm", "reason": "cannot_dm_bot"},
            "Baton did not send a direct message: the person can't be written to",
        ),
        ("repaired", {"kind": "card", "reason": "deleted_in_slack"}, "Baton fixed the card: someone had deleted it"),
        *(
            ("repaired", {"kind": "clock", "clock": "finish", "reason": kind}, f"Baton fixed the finish timer: {why}")
            for kind, why in zip(
                FaultKind,
                ("it kept", "it no longer", "it was running", "it was paused", "it was set", "it was missing"),
                strict=True,
            )
        ),
        (
            "policy_applied",
            {"policy": "standard", "policy_version": 3, "clocks": ["claim"]},
            "Baton moved the timers of it to version 3 of the policy standard",
        ),
        ("policy_applied", {"policy": None}, "Baton moved the timers of it to no policy"),
        ("repaired", {"reason": "person_gone", "person": TOM}, f"Baton fixed it: <@{TOM}> has left, and the managers"),
        ("maybe_double", {"kind": "card"}, "Baton could not tell whether Slack had the card, and sent it again"),
    ],
)
def test_the_history_tells_what_baton_did_itself(verb: str, facts: Mapping[str, Any], text: str) -> None:
    assert event_sentences.sentence(some_details(), verb, "baton", facts).startswith(text)
