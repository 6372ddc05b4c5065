"""The demo team: made with one press and a channel, tried with an example handoff, removed with its work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.company.actions.edit import ChangedMeanwhile, InvalidChange, edit_together
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Opened, Repeated
from slackapp.people.model import NotAdmin
from slackapp.setup.listeners.forms import finish
from slackapp.setup.listeners.saving import field_errors, refusal, wanted_change
from slackapp.setup.listeners.show import draw, load, refuse
from slackapp.setup.rules import pages
from slackapp.setup.rules.demo import (
    DEMO,
    EXAMPLE_NOTE,
    EXAMPLE_STEP,
    EXAMPLE_TITLE,
    NAME,
    demo_hours,
    demo_policy,
    demo_team,
)
from slackapp.setup.rules.pages import PageAddress
from slackapp.setup.views import demo, wording
from slackapp.slack.conversation import Context, FieldErrors, OpenModal, Reply, UpdateModal, tell
from slackapp.slack.ids import SetupAction
from slackapp.slack.payloads import Click, Submit
from storage.company.model import ObjectKind, ObjectRef
from storage.handoffs.model import Text

_TEAM: Final = ObjectRef(ObjectKind.QUEUE, DEMO)
_HOURS: Final = ObjectRef(ObjectKind.CALENDAR, DEMO)
_POLICY: Final = ObjectRef(ObjectKind.POLICY, DEMO)
_PAGE: Final = PageAddress(page=pages.TEAM, key=DEMO)


def make(context: Context, sent: Submit) -> Reply:
    """Make the demo team in the chosen channel, with its hours and deadlines."""
    user = sent.who.user
    state = load(context, user)
    if isinstance(state, NotAdmin):
        return refuse(state)
    channel = str(sent.values.get("channel") or "")
    if not channel:
        return FieldErrors(problems={"channel": "Choose a channel."})
    parts = {_HOURS: demo_hours(state.zone), _POLICY: demo_policy(), _TEAM: demo_team(channel, user)}
    wanted = [
        wanted_change(ref, record, seen=state.records_version(ref), form=f"{sent.view_id}:{ref.kind.value}")
        for ref, record in parts.items()
        if ref not in state.company.records()
    ]
    outcome = edit_together(context.baton, workspace=context.workspace, user=user, wanted=wanted)
    if isinstance(outcome, InvalidChange):
        return FieldErrors(problems=field_errors(outcome, {"channel": "channel"}))
    if not isinstance(outcome, tuple | ChangedMeanwhile):  # somebody else may have made it at this moment
        return tell(refusal(outcome))
    return finish(context, sent, _PAGE, demo.MADE)


def hand_off(context: Context, click: Click) -> Reply:
    """Send the demo team an example handoff, once per press."""
    user = click.who.user
    state = load(context, user)
    if isinstance(state, NotAdmin):
        return refuse(state)
    draft = NewHandoff(
        title=EXAMPLE_TITLE, queue=DEMO, next_step=EXAMPLE_STEP, note=Text(plain=EXAMPLE_NOTE), template="general"
    )
    pressed = f"{click.action}:{click.view_id}:{click.view_hash}"
    outcome = open_handoff(context.baton, workspace=context.workspace, user=user, draft=draft, form=pressed)
    lead = demo.NOT_SENT
    if isinstance(outcome, Opened | Repeated):
        channel = queue.channel if (queue := state.company.queue(DEMO)) else ""
        lead = demo.sent(outcome.handoff.number, channel)
    after = load(context, user, team=DEMO)
    return refuse(after) if isinstance(after, NotAdmin) else UpdateModal(view=draw(after, _PAGE, lead=lead))


def ask_to_remove(context: Context, click: Click) -> Reply:
    """Ask before the demo team is removed with its work."""
    state = load(context, click.who.user, team=DEMO)
    if isinstance(state, NotAdmin):
        return refuse(state)
    if state.progress.demo is None:
        return UpdateModal(view=draw(state, PageAddress(), lead=wording.GONE))
    return OpenModal(view=demo.remove_form(state.open_work.get(DEMO, 0)))


def remove(context: Context, sent: Submit) -> Reply:
    """Cancel the demo team's work, and remove it with its hours and deadlines."""
    user = sent.who.user
    state = load(context, user, team=DEMO)
    if isinstance(state, NotAdmin):
        return refuse(state)
    if not state.is_editable(_TEAM):
        return tell(wording.of_the_file(NAME))
    wanted = [
        wanted_change(
            ref,
            None,
            seen=state.records_version(ref),
            form=f"{sent.view_id}:{ref.kind.value}",
            cancels=Text(plain=demo.REMOVED) if ref == _TEAM else None,
        )
        for ref in (_TEAM, _POLICY, _HOURS)
        if ref in state.company.records()
    ]
    outcome = edit_together(context.baton, workspace=context.workspace, user=user, wanted=wanted)
    if not isinstance(outcome, tuple):
        return tell(refusal(outcome))
    return finish(context, sent, PageAddress(), demo.removed(sum(one.cancelled for one in outcome)))


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    SetupAction.DEMO_HANDOFF: hand_off,
    SetupAction.DEMO_REMOVE: ask_to_remove,
}
FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {
    SetupAction.DEMO: make,
    SetupAction.DEMO_REMOVE: remove,
}
