"""Send a change of the configuration that somebody made in set-up, and word what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from slackapp.company.actions.edit import (
    BelongsToFile,
    ChangedMeanwhile,
    EditOutcome,
    InvalidChange,
    SavedChange,
    StillUsed,
    WantedChange,
    edit,
)
from slackapp.company.model import ADMINS, Company, PersonSettings
from slackapp.company.rules.write import objects
from slackapp.people.model import NotAdmin
from slackapp.setup.model import Overwritten, SetupState
from slackapp.setup.views import wording
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import escape, said
from slackapp.slack.conversation import Context
from slackapp.yaml_files.entered import field_sentence
from slackapp.yaml_files.problems import Problem
from storage.clocks.model import Calendar, Policy
from storage.company.model import ObjectRef, Queue


def save(
    context: Context,
    user: str,
    ref: ObjectRef,
    record: Any,
    *,
    seen: int,
    form: str,
    name: str = "",
    moves_to: str | None = None,
) -> EditOutcome:
    """Store a record as the value of an object; None removes it, and the team `moves_to` takes a removed team's work.

    Without a key in `ref` one is made from `name`.
    """
    wanted = wanted_change(ref, record, seen=seen, form=form, name=name, moves_to=moves_to)
    return edit(context.baton, workspace=context.workspace, user=user, wanted=wanted)


def wanted_change(ref: ObjectRef, record: Any, **more: Any) -> WantedChange:
    """The change that stores a record as the value of an object; None removes it."""
    written = None if record is None else _written(ref, record)
    return WantedChange(kind=ref.kind, key=ref.key, written=written, **more)


def change(context: Context, user: str, state: SetupState, ref: ObjectRef, record: Any, *, form: str) -> str:
    """Store a record over the version in `state`; return what went wrong as a sentence, or an empty string."""
    outcome = save(context, user, ref, record, seen=state.records_version(ref), form=form)
    return "" if isinstance(outcome, SavedChange) else refusal(outcome)


def refusal(outcome: EditOutcome) -> str:
    """Why a change was not stored, and what to do, for mrkdwn."""
    match outcome:
        case InvalidChange(problems=problems, elsewhere=elsewhere):
            return escape(" ".join(field_sentence(one.what, one.fix) for one in (*problems, *elsewhere)))
        case ChangedMeanwhile():
            return "Somebody else changed this a moment ago. Open it again to see how it is now."
        case BelongsToFile():
            return wording.of_the_file("this")
        case StillUsed(by=by, open_handoffs=left):
            return _still_used(by, left)
        case NotAdmin(admins=admins):
            return wording.not_admin(admins)
        case SavedChange():
            return ""


def field_errors(found: InvalidChange, inputs: Mapping[str, str]) -> dict[str, str]:
    """The problems by the form's inputs; those without an input of their own come under the first one."""
    errors: dict[str, list[str]] = {}
    for problem in found.problems:
        part = str(problem.place[0]) if problem.place else ""
        deepest = next((inputs[str(step)] for step in reversed(problem.place) if str(step) in inputs), "")
        errors.setdefault(deepest or inputs.get(part, ""), []).append(field_sentence(problem.what, problem.fix))
    for problem in found.elsewhere:
        errors.setdefault("", []).append(field_sentence(problem.what, problem.fix))
    return {name: " ".join(dict.fromkeys(sentences)) for name, sentences in errors.items()}


def overwritten(outcome: ChangedMeanwhile) -> Overwritten:
    """The change by somebody else that a second submit would overwrite."""
    return Overwritten(user=outcome.by, at=outcome.at, file=outcome.file, changes=tuple(map(escape, outcome.sentences)))


def warnings(found: Sequence[Problem]) -> str:
    """What may surprise in what was saved, as lines for mrkdwn; empty if nothing does."""
    return "\n".join(f":warning: {escape(field_sentence(one.what, one.fix))}" for one in found)


def _still_used(by: Sequence[str], left: int) -> str:
    if left:
        return f"The team has {phrases.counted(left, 'unfinished handoff')}. Move them to another team first."
    return f"This is still used by {', '.join(said(one, 75) for one in by[:5])}. Change that first."


def _written(ref: ObjectRef, record: Any) -> Any:
    """A record as the configuration file writes it, without its key."""
    match record:
        case Queue():
            return _without_key(Company(queues=(replace(record, key=ref.key or "new"),)))
        case Calendar():
            return _without_key(Company(calendars=(replace(record, key=ref.key or "new"),)))
        case Policy():
            return _without_key(Company(policies=(replace(record, key=ref.key or "new"),)))
        case PersonSettings(manager=manager, calendar=calendar):
            return {name: value for name, value in (("manager", manager), ("calendar", calendar)) if value} or None
        case tuple() if ref == ADMINS:
            return list(record)
        case _:
            return record or None


def _without_key(company: Company) -> dict[str, Any]:
    (written,) = objects(company).values()
    return {name: value for name, value in written.items() if name != "key"}
