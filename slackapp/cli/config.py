"""`baton config`: check, compare, apply and export the company's configuration file."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import Progress

from slackapp.cli.arguments import ConfigFile
from slackapp.cli.console import FAILED, AsJson, FailedError, print_errors, print_json, print_lines
from slackapp.cli.database import WorkspaceId, choose_workspace, open_database
from slackapp.company import queries
from slackapp.company.actions import adopt, apply_config, reapply_policy
from slackapp.company.rules.read import read_file
from slackapp.company.rules.write import write
from slackapp.runtime.baton import Baton
from slackapp.yaml_files.problems import ConfigurationError, Problem
from storage.company import workspaces
from storage.company.model import ObjectKind, ObjectOwner, ObjectRef

group = typer.Typer(help="Check, compare, apply and export the configuration file.", no_args_is_help=True)

_OPEN_TOO: Final = "--open-too"
Moves = Annotated[
    list[str] | None,
    typer.Option(
        apply_config.MOVE_OPEN_WORK,
        metavar="OLD=NEW",
        help="Pass on the open work of a queue that is no longer in the file. May be given several times.",
    ),
]


@group.command()
def check(config: ConfigFile, *, as_json: AsJson = False) -> None:
    """List every problem in the file.

    Each problem comes with its line and how to fix it.
    """
    try:
        found = read_file(config)
    except ConfigurationError as error:
        if not as_json:
            raise
        print_json({"ok": False, "problems": list(map(_plain, error.problems)), "notices": []})
        raise typer.Exit(FAILED) from None
    if as_json:
        print_json({"ok": True, "problems": [], "notices": list(map(_plain, found.notices))})
        return
    company = found.company
    print_lines(*(f"Notice: {notice}" for notice in found.notices))
    counts = (
        _count(len(company.queues), "queue", "queues"),
        _count(len(company.policies), "policy", "policies"),
        _count(len(company.calendars), "calendar", "calendars"),
    )
    print_lines(f"{config} is in order: {', '.join(counts)}.")


@group.command()
def diff(
    config: ConfigFile, workspace: WorkspaceId = None, *, move_open_work: Moves = None, as_json: AsJson = False
) -> None:
    """Show what applying the file would change."""
    found = read_file(config)
    company = found.company
    with open_database() as baton:
        team = choose_workspace(baton, workspace)
        with baton.db.reading() as tx:
            changes = apply_config.diff(tx, team, company)
            refusals = apply_config.refusals(tx, team, company, _moves(move_open_work))
            behind = reapply_policy.count_outdated(tx, team, baton.clock.now(), company)
    if as_json:
        notices = list(map(_plain, found.notices))
        print_json({"changes": changes, "refusals": refusals, "open_behind": behind, "notices": notices})
        return
    print_lines(*(f"Notice: {notice}" for notice in found.notices), *(changes or ["Nothing would change."]))
    if behind:
        print_lines(
            f"Open handoffs that would keep their older policy: {behind}. To move them to the new one, apply with "
            f"{_OPEN_TOO}."
        )
    print_errors(f"Can't be applied now: {reason}" for reason in refusals)


@group.command()
def apply(
    config: ConfigFile,
    workspace: WorkspaceId = None,
    *,
    open_too: Annotated[
        bool,
        typer.Option(
            _OPEN_TOO,
            help="Move open handoffs to the new policies too. Otherwise they keep the policy they started with.",
        ),
    ] = False,
    move_open_work: Moves = None,
    as_json: AsJson = False,
) -> None:
    """Apply the file: all of it, or nothing.

    New handoffs use it right away, and so does every timer that starts from now on. Running timers keep their policy
    unless --open-too is given. --open-too can be interrupted and run again.
    """
    found = read_file(config)
    notices = list(found.notices)
    moves = _moves(move_open_work)
    with open_database() as baton:
        team = choose_workspace(baton, workspace)
        outcome = apply_config.apply(
            baton, team, found.company, found.digest, config, moves=moves, operator=_operator()
        )
        if isinstance(outcome, apply_config.NotApplied):
            if as_json:
                print_json({"changes": [], "refusals": outcome.reasons})
                raise typer.Exit(FAILED)
            raise FailedError(*outcome.reasons, "Nothing was changed.")
        with baton.db.reading() as tx:
            behind = reapply_policy.count_outdated(tx, team, baton.clock.now())
            stored = workspaces.get(tx, team)
        started_with = stored.start_file if stored else None
        if started_with and started_with != str(config.resolve()):
            what = f"baton run was started with another file, {started_with}."
            fix = "After a restart this one stays in force until the content of that one changes."
            notices.append(Problem(what=what, fix=fix))
        if not as_json:
            print_lines(*(f"Notice: {one}" for one in notices), *(outcome.sentences or ["Nothing to change."]))
        changed = _reapply(baton, team, behind) if open_too else 0
    if as_json:
        print_json(
            {
                "changes": outcome.sentences,
                "open_behind": 0 if open_too else behind,
                "open_changed": changed,
                "notices": list(map(_plain, notices)),
            }
        )
    elif open_too:
        print_lines(f"Open handoffs moved to the new policies: {changed}.")
    elif behind:
        print_lines(
            f"Open handoffs that keep their older policy: {behind}. To move them to the new one, add {_OPEN_TOO}."
        )


def _moves(said: list[str] | None) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in said or ()]
    if wrong := [old for old, _, new in pairs if not (old and new)]:
        raise typer.BadParameter(f"{wrong[0]} is not OLD=NEW: the keys of two queues.")
    return {old: new for old, _, new in pairs}


def _reapply(baton: Baton, team: str, behind: int) -> int:
    """Put open handoffs under the new terms, with a progress bar; return how many."""
    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("Open handoffs", total=behind)
        return reapply_policy.reapply_policy(baton, team, lambda looked_at: bar.update(task, advance=looked_at))


@group.command(name="adopt")
def hand_over(
    objects: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="KIND:KEY",
            help="Objects to hand over, such as queue:support or setting:admins.",
        ),
    ] = None,
    *,
    to: Annotated[ObjectOwner, typer.Option(help="The new owner: the file, or Slack.")],
    everything: Annotated[bool, typer.Option("--all", help="Hand over everything.")] = False,
    workspace: WorkspaceId = None,
    as_json: AsJson = False,
) -> None:
    """Hand teams, hours, policies, people and settings from the file to Slack, or back.

    Their values stay. Objects of Slack are changed by forms in Slack, and a file leaves them alone. Objects of the file
    are changed by the file only: write them into the file (baton config export shows them) before you apply it.
    """
    if everything == bool(objects):
        raise typer.BadParameter("Name what to hand over, or add --all.")
    with open_database() as baton:
        team = choose_workspace(baton, workspace)
        refs = None if everything else [_ref(named) for named in objects or ()]
        outcome = adopt.adopt(baton, workspace=team, refs=refs, to=to, operator=_operator())
    if isinstance(outcome, adopt.NotAdopted):
        raise FailedError(*(f"There is no {ref.kind} {ref.key}." for ref in outcome.unknown), "Nothing was changed.")
    if as_json:
        print_json({"changes": outcome.sentences})
        return
    print_lines(*(outcome.sentences or ["Nothing to change."]))


def _ref(named: str) -> ObjectRef:
    kind, _, key = named.partition(":")
    if kind not in set(ObjectKind) or not key:
        raise typer.BadParameter(f"{named} is not KIND:KEY. The kinds are {', '.join(ObjectKind)}.")
    return ObjectRef(ObjectKind(kind), key)


@group.command()
def export(
    workspace: WorkspaceId = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="Write to this new file instead of the screen.")
    ] = None,
) -> None:
    """Write the stored configuration as a file."""
    with open_database() as baton:
        team = choose_workspace(baton, workspace)
        with baton.db.reading() as tx:
            text = write(queries.export(tx, team))
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise FailedError(f"{output} can't be written: {error.strerror or error}.") from None
    print_lines(f"Written to {output}.")


def _operator() -> str | None:
    """The user of the operating system who runs this, by name if there is one."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return None


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _plain(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "path": problem.path, "what": problem.what, "mend": problem.fix}
