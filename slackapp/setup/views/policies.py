"""Policies in set-up, which people know as deadlines: the list, a policy's page with an example, and its forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from slackapp.clocks.rules import durations
from slackapp.clocks.rules.forecasts import forecast
from slackapp.company.rules.forecast_lines import ClockLines, clock_lines, example, heading, nothing_runs
from slackapp.company.rules.labels import name_of_key
from slackapp.handoffs.views.wording import PRIORITIES
from slackapp.setup.model import FormSubject, SetupState
from slackapp.setup.rules import levels, pages
from slackapp.setup.views import wording
from slackapp.setup.views.page import act, form, one_of_pages, page, row, to_page
from slackapp.slack.block_kit import inputs, phrases
from slackapp.slack.block_kit.blocks import Block, actions, context, divider, escape, option, overflow, said, section
from slackapp.slack.block_kit.modals import ask, some_of, typed
from slackapp.slack.ids import MORE, SetupAction, button_value, menu_value
from storage.clocks.model import POLICY_CLOCKS, ClockKind, Level, Policy
from storage.company.model import ObjectKind, Queue
from storage.handoffs.model import Priority

TARGET_CLOCKS: Final = tuple(clock for clock in POLICY_CLOCKS if clock is not ClockKind.NEEDED_BY)
"""The timers that have targets; the time of the other one is named in the form of each handoff."""
_LEVELS: Final = 25
_STEPS: Final = 12
_WHAT: Final[Mapping[ClockKind, str]] = {
    ClockKind.CLAIM: "from the handoff until the claim",
    ClockKind.FIRST_ACTION: "from the claim until the owner's first reply",
    ClockKind.UPDATE: "between two updates of the owner",
    ClockKind.FINISH: "from the claim until it's done",
    ClockKind.RESPOND: "until the sender adds what was asked for",
}
_LIKE: Final = "For example 30m, 4h, 2d (working days) or 24h wall (around the clock)."


def policy_list(state: SetupState, number: int, *, lead: str = "") -> Block:
    """A page of the list of policies."""
    rows = [_entry(state, policy) for policy in state.company.policies]
    empty = [] if rows else [section("No deadlines yet: nobody is notified when a handoff waits too long.")]
    add = actions(act("Add deadlines", SetupAction.POLICY, pages.of(pages.POLICY), "for teams", style="primary"))
    return page([*add, *empty, *one_of_pages(rows, pages.POLICIES, number)], lead=lead)


def policy_page(state: SetupState, policy: Policy, *, lead: str = "", priority: Priority = Priority.NORMAL) -> Block:
    """The targets and levels of a policy, and under them an example worked out."""
    here = pages.of(pages.POLICY, policy.key)
    mine = state.is_in_slack(ObjectKind.POLICY, policy.key)
    used = [said(queue.name, 75) for queue in state.teams_with(policy=policy.key)]
    removing = actions(act("Remove…", SetupAction.REMOVE, here, name_of_key(policy.key), style="danger"))
    blocks = [
        section(f"*{wording.named(policy.key)}*\n{_used(used)}"),
        *([] if mine else [context(wording.of_the_file("these deadlines"))]),
        *(_target_row(policy, clock, here, mine=mine) for clock in TARGET_CLOCKS),
        *_rules(policy),
        divider(),
        *_levels(state, policy, here, mine=mine),
        divider(),
        *_example(state, policy, priority),
        divider(),
        *(removing if mine else []),
        context(wording.owner(state, ObjectKind.POLICY, policy.key)),
    ]
    return page(blocks, lead=lead, back=pages.of(pages.POLICIES))


def policy_form(state: SetupState, _draft: Policy, subject: FormSubject) -> Block:
    """The form of a new policy: its name, two targets and the teams that use it. The usual levels come with it."""
    teams = {queue.key: queue.name for queue in state.company.queues if state.is_in_slack(ObjectKind.QUEUE, queue.key)}
    free = [queue.key for queue in state.company.queues if queue.policy is None and queue.key in teams]
    blocks = [
        ask("name", "Name", typed("Standard", most=50), optional=False),
        ask("claim", "Claim within", typed("30m", most=20), hint=_LIKE, optional=False),
        ask("finish", "Finish within", typed("1d", most=20), hint="Leave it empty for no deadline."),
        *([ask("teams", "Teams", some_of(teams, free))] if teams else []),
    ]
    notes = ["Managers are notified when a claim is late, and the owner when the work is. Change that afterwards."]
    return form("Add deadlines", SetupAction.POLICY, blocks, subject, submit="Add", notes=notes)


def targets_form(_state: SetupState, draft: Policy, subject: FormSubject) -> Block:
    """The form of one timer's targets, by priority."""
    clock = ClockKind(subject.part)
    had = draft.targets.get(clock, {})
    blocks = [
        ask(
            priority.value,
            PRIORITIES[priority],
            typed(durations.format_duration(had[priority]) if priority in had else "", most=20),
            hint=_LIKE if priority is Priority.CRITICAL else "",
        )
        for priority in reversed(Priority)
    ]
    note = f"*{wording.clock(clock)}*: {_WHAT[clock]}. An empty priority has the deadline of Normal."
    return form("Edit deadlines", SetupAction.TARGETS, blocks, subject, notes=[note])


def level_form(state: SetupState, draft: Policy, subject: FormSubject) -> Block:
    """The form of a level: when it is due, whom it notifies and what it does."""
    level = levels.find(draft, subject.part)
    clocks = {clock.value: wording.clock(clock) for clock in POLICY_CLOCKS}
    told = level.tell if level else ("managers",)
    people = [word for word in told if word[:1] in "UW" and word not in wording.AUDIENCES]
    repeat = _repetition(level) if level else ""
    offered = {key: wording.action(choice) for key, choice in levels.actions_for(level).items()}
    blocks = [
        ask("clock", "Timer", inputs.choice(clocks, level.clock.value if level else "claim"), optional=False),
        ask("at", "When", typed(durations.format_due_point(level) if level else "100%", most=20), hint=_WHEN),
        ask("tell", "Notify", _recipients(told, state.groups), hint="Roles, user groups and webhooks."),
        ask("people", "Also notify", inputs.people(people)),
        ask("do", "And then", inputs.choice(offered, levels.action_of(level).key), optional=False),
        ask("repeat", "Repeat", typed(repeat, most=20), hint="Such as 3x 30m: three more times, every 30 minutes."),
    ]
    title, submit = ("Edit level", "Save") if level else ("Add level", "Add")
    return form(title, SetupAction.LEVEL, blocks, subject, submit=submit)


_WHEN: Final = "100% is the deadline. 50% is half the time, 100%+30m is 30 minutes late, 2h counts from the start."


def remove_form(state: SetupState, policy: Policy, subject: FormSubject) -> Block:
    """The confirmation before a policy is removed."""
    used = [said(queue.name, 75) for queue in state.teams_with(policy=policy.key)]
    lines = [f"*{wording.named(policy.key)}* will be removed. Open handoffs keep their deadlines."]
    if used:
        lines.append(f"First give other deadlines to {', '.join(used[:10])}.")
    submit = "" if used else "Remove"
    return form("Remove deadlines", SetupAction.REMOVE, [section("\n".join(lines))], subject, submit=submit)


def _recipients(told: Sequence[str], groups: Mapping[str, str]) -> Block:
    """The select of whom a level notifies besides named people. What it offers is searched by typing."""
    others = [word for word in told if word in wording.AUDIENCES or word[:1] not in "UW"]
    chosen = [option(wording.recipient(word, groups), word) for word in others]
    element: Block = {"type": "multi_external_select", "min_query_length": 0}
    return {**element, "initial_options": chosen} if chosen else element


def _repeats(level: Level) -> bool:
    return level.repeat_times > 0


def _repetition(level: Level) -> str:
    """The repetition of a level as its form writes it: `3x 30m`."""
    return f"{level.repeat_times}x {durations.format_seconds(level.repeat_every_s)}" if _repeats(level) else ""


def _used(names: list[str]) -> str:
    unused = "No team uses these deadlines yet. Choose them on a team's page."
    return f"Used by {', '.join(names[:10])}" if names else unused


def _target_row(policy: Policy, clock: ClockKind, here: str, *, mine: bool) -> Block:
    found = policy.targets.get(clock, {})
    text = f"*{wording.clock(clock)}*: {wording.targets(found) if found else 'no deadline'}\n_{_WHAT[clock]}_"
    edit = act("Edit", SetupAction.TARGETS, f"{here}/{clock.value}", f"{wording.clock(clock)} deadlines")
    return row(text, edit if mine else None)


def _rules(policy: Policy) -> Iterator[Block]:
    if policy.rules:
        count = len(policy.rules)
        noun = "rule gives" if count == 1 else "rules give"
        yield context(f"{count} {noun} some handoffs other deadlines. Edit them in the configuration file.")


def _levels(state: SetupState, policy: Policy, here: str, *, mine: bool) -> Iterator[Block]:
    yield section("*Who is notified, and when*" if policy.levels else "*Nobody is notified yet.* Add a level.")
    for n, level in enumerate(policy.levels[:_LEVELS]):
        menu = overflow(MORE, list(_menu(policy, level, here, n))) if mine else []
        yield row(_level(level, state.groups), *menu)
    if len(policy.levels) > _LEVELS:
        yield context(f"and {len(policy.levels) - _LEVELS} more levels")
    if mine:
        yield from actions(act("Add level", SetupAction.LEVEL, here, f"to {name_of_key(policy.key)}"))


def _level(level: Level, groups: Mapping[str, str]) -> str:
    due = wording.due(level)
    lines = [f"*{due[:1].upper()}{due[1:]}*"]
    told, does = wording.told(level, groups), levels.action_of(level)
    lines += [f"Notifies {told}"] if told else []
    lines += [wording.action(does)] if does.do else []
    if _repeats(level):
        times = phrases.counted(level.repeat_times, "more time")
        lines.append(f"Repeated {times}, every {phrases.span(level.repeat_every_s)}")
    return "\n".join(lines)


def _menu(policy: Policy, level: Level, here: str, n: int) -> Iterator[Block]:
    value = f"{here}/{level.key}"
    yield option("Edit", menu_value(SetupAction.LEVEL, value))
    if n > 0:
        yield option("Move up", menu_value(SetupAction.LEVEL_UP, value))
    if n < len(policy.levels) - 1:
        yield option("Move down", menu_value(SetupAction.LEVEL_DOWN, value))
    yield option("Remove", menu_value(SetupAction.LEVEL_REMOVE, value))


def _example(state: SetupState, policy: Policy, priority: Priority) -> Iterator[Block]:
    """A handoff that arrives now, in the first team that uses the policy, with the lines of `baton sla explain`."""
    users = state.teams_with(policy=policy.key)
    queue = users[0] if users else Queue(workspace="", key="example", name="a team", channel="")
    calendar = state.company.hours_of(queue)
    starts_at = state.now.replace(second=0, microsecond=0)
    handoff = example(queue, priority, starts_at)
    found = list(forecast(handoff, policy, calendar, starts_at))
    words, starts = heading(handoff, calendar)
    yield section(f"*Example:* {said(queue.name, 75)}, {escape(words)}\n{escape(starts)}")
    yield from actions(_priorities(policy, priority))
    if not found:
        yield context(escape(nothing_runs(queue, priority)))
    for lines in clock_lines(found, calendar):
        yield section(_clock_text(lines))


def _priorities(policy: Policy, chosen: Priority) -> Block:
    here = pages.of(pages.POLICY, policy.key)
    options = {one: option(PRIORITIES[one], button_value(f"{here}/{one.value}")) for one in Priority}
    return {
        "type": "static_select",
        "action_id": SetupAction.EXAMPLE.value,
        "options": list(options.values()),
        "initial_option": options[chosen],
    }


def _clock_text(lines: ClockLines) -> str:
    steps = [f"• {step.key} {step.due_point}: {step.due}, {step.happens}" for step in lines.steps[:_STEPS]]
    more = ["…"] if len(lines.steps) > _STEPS else []
    below = map(escape, [lines.in_short, *steps, *more])
    return "\n".join([f"*{escape(lines.clock)}*: {escape(lines.target)}", *below])


def _entry(state: SetupState, policy: Policy) -> Block:
    used = [said(queue.name, 75) for queue in state.teams_with(policy=policy.key)]
    claim = policy.targets.get(ClockKind.CLAIM, {})
    first = f"Claim: {wording.targets(claim) if claim else 'no deadline'}"
    lines = [f"*{wording.named(policy.key)}*", first, _used(used)]
    label = name_of_key(policy.key)
    return row("\n".join(lines), to_page("Open", pages.of(pages.POLICY, policy.key), label))
