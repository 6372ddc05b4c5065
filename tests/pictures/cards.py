"""The card in each state."""

from __future__ import annotations

from tests.pictures.camera import Place, Stage
from tests.pictures.scenes import ACME, BEN, EVA, EXPORT, claimed_by_eva, fill, form, hand_off


def opened(stage: Stage) -> Place:
    """Anybody in the team may claim it."""
    return stage.message(hand_off(stage.slack, priority="high"), "success")


def menu(stage: Stage) -> Place:
    """The rest of what can be done, behind the three dots."""
    card = hand_off(stage.slack)
    stage.open(card.viewer, height=560)
    column = stage.go(card.viewer, "success")
    column.locator(f'.main .message[data-ts="{card.ts}"]').get_by_role("button", name="More options").click()
    shown = column.locator(".main")
    return lambda: shown


def offered(stage: Stage) -> Place:
    """It is meant for one person, who hasn't answered yet."""
    return stage.message(hand_off(stage.slack, person=EVA), "success")


def claimed(stage: Stage) -> Place:
    """Eva has it."""
    return stage.message(claimed_by_eva(stage.slack), "success")


def snoozed(stage: Stage) -> Place:
    """Eva waits for an answer and lets it rest until tomorrow."""
    card = claimed_by_eva(stage.slack)
    form(stage.slack, card, "Snooze…", by=EVA)
    fill(stage.slack, EVA, rest="tomorrow", note="Mara decides tomorrow.")
    return stage.message(card, "success")


def returned(stage: Stage) -> Place:
    """Eva needs more before she can begin."""
    card = claimed_by_eva(stage.slack)
    form(stage.slack, card, "Send back", by=EVA)
    fill(stage.slack, EVA, reason="missing", note="What did they pay last year, and who signs?")
    return stage.message(card, "success")


def passed_on(stage: Stage) -> Place:
    """The card stays where it was, as a record with a link."""
    card = claimed_by_eva(stage.slack)
    form(stage.slack, card, "Pass on", by=EVA)
    fill(stage.slack, EVA, queue="support", note="They want an export first.")
    return stage.message(card, "success")


def done(stage: Stage) -> Place:
    """Finished, with what came of it."""
    card = claimed_by_eva(stage.slack)
    card.click("Done", by=EVA)
    fill(stage.slack, EVA, note="Renewed for two years at 5% off.")
    return stage.message(card, "success")


def cancelled(stage: Stage) -> Place:
    """Not needed any more."""
    card = hand_off(stage.slack)
    form(stage.slack, card, "Cancel handoff", by=BEN)
    fill(stage.slack, BEN, note="They renewed on their own this morning.")
    return stage.message(card, "success")


def deleted(stage: Stage) -> Place:
    """Its contents are gone; that it was, and who deleted it, stays."""
    card = hand_off(stage.slack, {**ACME, "title": "Acme renewal, with the contract"})
    form(stage.slack, card, "Delete", by=BEN)
    fill(stage.slack, BEN)
    return stage.message(card, "success")


def late(stage: Stage) -> Place:
    """Nobody has claimed it in time, and the manager has been told."""
    card = hand_off(stage.slack, EXPORT)
    stage.slack.wait(minutes=4)
    return stage.message(card, "support")
