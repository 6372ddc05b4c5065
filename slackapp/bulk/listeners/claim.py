"""Claim several handoffs of a list, or of a message that lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from slackapp.bulk import queries
from slackapp.bulk.actions.carry_on import carry_on
from slackapp.bulk.actions.prepare import begin_claim
from slackapp.bulk.model import Listed
from slackapp.bulk.views import forms, results, rows
from slackapp.slack import field_problems
from slackapp.slack.block_kit import modals
from slackapp.slack.conversation import UNKNOWN_ID, Context, FieldErrors, OpenModal, Reply, UpdateModal, tell
from slackapp.slack.field_problems import FieldProblem
from slackapp.slack.ids import EVERY_QUEUE, LIST, BulkAction
from slackapp.slack.payloads import Click, Submit

GONE: Final = "These results are no longer kept. Each handoff's Details has its history."


def open_form(context: Context, click: Click) -> Reply:
    """Open the form with what the person may claim of the list that the button stands under."""
    listed = _listed(context, click)
    if listed is None:
        return tell(UNKNOWN_ID)
    named = click.sheet.meta.get(LIST) if click.sheet else None
    if named is None:
        return OpenModal(view=forms.claim_form(listed))
    return UpdateModal(view=modals.with_list(forms.claim_form(listed), named, back=True))


def _listed(context: Context, click: Click) -> Listed | None:
    place = (click.target.action, click.target.handoff_id) if click.target else None
    match place:
        case ("queue", key):
            return queries.list_claimable(
                context.baton,
                workspace=context.workspace,
                user=click.who.user,
                queue_key="" if key == EVERY_QUEUE else key,
            )
        case ("these", named):
            return queries.list_claimable_of(
                context.baton, workspace=context.workspace, user=click.who.user, handoff_ids=named.split(",")
            )
        case ("run", run_id):
            return queries.list_claimable_of_run(
                context.baton, workspace=context.workspace, user=click.who.user, run_id=run_id
            )
    return None


def claim(context: Context, sent: Submit) -> Reply:
    """Claim the ticked handoffs, each by itself, and show what became of each."""
    chosen = rows.ticked(sent.values)
    if not chosen:
        return FieldErrors(problems={"rows0": field_problems.problem_sentence(FieldProblem.NOTHING_TICKED)})
    run_id = begin_claim(
        context.baton, workspace=context.workspace, user=sent.who.user, handoff_ids=chosen, form=sent.view_id
    )
    return carried_out(context, sent, run_id)


def carried_out(context: Context, sent: Submit, run_id: str) -> Reply:
    """Carry out a submitted run, and show its results in place of the form."""
    carry_on(context.baton, run_id, context.workspace)
    seen = queries.get_run(context.baton, workspace=context.workspace, user=sent.who.user, run_id=run_id)
    if seen is None:
        return tell(UNKNOWN_ID)
    return UpdateModal(view=modals.with_list(results.result_view(seen), sent.meta.get(LIST), back=True))


def show_results(context: Context, click: Click) -> Reply:
    """Show what became of each row of the person's own run, as far as it has come."""
    run_id = click.target.handoff_id if click.target else ""
    seen = queries.get_run(context.baton, workspace=context.workspace, user=click.who.user, run_id=run_id)
    if seen is None or seen.run.sent_at is None:
        return tell(GONE)
    view = results.result_view(seen)
    return UpdateModal(view=view) if click.view_id else OpenModal(view=view)


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    BulkAction.CLAIM: open_form,
    BulkAction.RESULTS: show_results,
}
FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {BulkAction.CLAIM: claim}
OPENS: Final[Mapping[str, str]] = {BulkAction.CLAIM: forms.CLAIM_TITLE, BulkAction.RESULTS: results.TITLE}
