"""Teams in set-up: the list, a team's page, and its two forms: who and where, and how its handoffs are handled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from slackapp.company.rules.labels import name_of_key
from slackapp.directory.rules import posting_problem
from slackapp.setup.model import FormSubject, SetupState
from slackapp.setup.rules import pages
from slackapp.setup.rules.demo import DEMO
from slackapp.setup.views import wording
from slackapp.setup.views.demo import demo_buttons
from slackapp.setup.views.page import act, dispatching, few_of, form, one_of_pages, page, row, to_page
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import Block, actions, context, escape, mention, option, said, section
from slackapp.slack.block_kit.inputs import InputLabels
from slackapp.slack.block_kit.modals import MOST_OPTIONS, ask, some_of, ticks, typed
from slackapp.slack.ids import SetupAction
from slackapp.yaml_files import scalars
from storage.company.model import ObjectKind, Queue

MEMBER_GROUPS: Final = "member_groups"
MANAGER_GROUPS: Final = "manager_groups"
"""The keys of the inputs for user groups, which are searched by typing."""
REACTIONS: Final = "reactions:read"
"""The scope with which Baton sees reactions."""
_NO_REACTIONS: Final = (
    f":warning: Baton can't see reactions yet. Add the scope `{REACTIONS}` on the app's page and reinstall the app."
)
NONE: Final = "-"
"""The option for no policy, or no hours of their own."""
IN_CHANNEL: Final = {
    "digest": "Post a summary every morning",
    "claim_by_reply": "The first reply in a card's thread claims the handoff",
}
_GROUP: Final = "S"


def team_list(state: SetupState, number: int, *, lead: str = "") -> Block:
    """A page of the list of teams."""
    rows = [_entry(state, queue) for queue in state.company.queues]
    empty = [] if rows else [section("No team yet. A team has a channel, in which its handoffs are posted.")]
    add = actions(act("Add team", SetupAction.TEAM, pages.of(pages.TEAM), "with a channel", style="primary"))
    return page([*add, *empty, *one_of_pages(rows, pages.TEAMS, number)], lead=lead)


def team_page(state: SetupState, queue: Queue, *, lead: str = "") -> Block:
    """What is set up for a team, and the buttons that change it."""
    here = pages.of(pages.TEAM, queue.key)
    mine = state.is_in_slack(ObjectKind.QUEUE, queue.key)
    change = actions(
        act("People and channel", SetupAction.TEAM, here, f"of {queue.name}"),
        act("Rules and hours", SetupAction.HANDLING, here, f"of {queue.name}"),
        *([] if queue.key == DEMO else [act("Remove…", SetupAction.REMOVE, here, queue.name, style="danger")]),
    )
    blocks = [
        section(f"*{said(queue.name, 75)}*"),
        *[section(f":warning: {line}") for line in _warnings(state, queue)],
        section("\n".join(_facts(state, queue))),
        *(change if mine else [context(wording.of_the_file("this team"))]),
        *(
            demo_buttons()
            if queue.key == DEMO
            else actions(act("Hand off to this team", SetupAction.HAND_OFF, here, queue.name))
        ),
        context(wording.owner(state, ObjectKind.QUEUE, queue.key)),
    ]
    return page(blocks, lead=lead, back=pages.of(pages.TEAMS))


def team_form(state: SetupState, draft: Queue, subject: FormSubject) -> Block:
    """The form of a team's name, channel and people."""
    title = "Edit team" if subject.key else "Add team"
    blocks: list[Block] = [
        ask("name", "Name", typed(draft.name, most=scalars.LONGEST_NAME, example="Customer Success"), optional=False),
        dispatching(
            inputs.field(
                "channel",
                InputLabels(label="Channel", hint="The team's handoffs are posted here."),
                inputs.channel(draft.channel or None),
            ),
            SetupAction.CHANNEL,
        ),
        *([section(note)] if (note := channel_note(state, draft.channel)) else []),
        *_refs(state, "members", "Members", MEMBER_GROUPS, draft.members, "They can claim its handoffs."),
        *_refs(state, "managers", "Managers", MANAGER_GROUPS, draft.managers, "They are notified when one is late."),
    ]
    submit = "Save" if subject.key else "Add team"
    return form(title, SetupAction.TEAM, blocks, subject, submit=submit)


def handling_form(state: SetupState, draft: Queue, subject: FormSubject) -> Block:
    """The form of a team's templates, hours and policy, who may claim and hand off, and what happens in its channel."""
    company = state.company
    default = company.workspace_calendar
    usual = f"Same as all teams ({name_of_key(default)})" if default else "Around the clock"
    calendars = {NONE: usual, **{one.key: name_of_key(one.key) for one in company.calendars}}
    policies = {NONE: "No deadlines", **{one.key: name_of_key(one.key) for one in company.policies}}
    blocks = [
        *_templates(state, draft),
        ask("calendar", "Working hours", few_of(calendars, draft.calendar or NONE), optional=False),
        ask("policy", "Deadlines", few_of(policies, draft.policy or NONE), optional=False),
        *_rights(state, draft),
        ask("in_channel", "In the channel", ticks(IN_CHANNEL, [key for key in IN_CHANNEL if getattr(draft, key)])),
    ]
    return form("Rules and hours", SetupAction.HANDLING, blocks, subject)


def emoji_form(state: SetupState, draft: str, subject: FormSubject) -> Block:
    """The form of the emoji that begins a handoff, whatever the team."""
    hint = "React with it to a message to hand that message off. Leave it empty for none."
    lacks = [] if REACTIONS in state.scopes else [_NO_REACTIONS]
    blocks = [ask("emoji", "Emoji", typed(draft and f":{draft}:", most=100, example=":handshake:"), hint=hint)]
    return form("Edit emoji", SetupAction.EMOJI, blocks, subject, notes=lacks)


def remove_form(state: SetupState, queue: Queue, subject: FormSubject) -> Block:
    """The confirmation before a team is removed; a team with open work asks where it goes."""
    left = state.open_work.get(queue.key, 0)
    others = {one.key: one.name for one in state.company.queues if one.key != queue.key}
    text = f"*{said(queue.name, 75)}* will be removed. Finished handoffs stay readable."
    if not left:
        return form("Remove team", SetupAction.REMOVE, [section(text)], subject, submit="Remove")
    waits = f"The team has {left} unfinished {'handoff' if left == 1 else 'handoffs'}."
    if not others:
        lonely = f"{text}\n{waits} Add another team to move them to, or finish or cancel them first."
        return form("Remove team", SetupAction.REMOVE, [section(lonely)], subject, submit="")
    move = ask("moves_to", "Move unfinished handoffs to", few_of(others, None), optional=False)
    return form("Remove team", SetupAction.REMOVE, [section(f"{text}\n{waits}"), move], subject, submit="Remove")


def channel_note(state: SetupState, channel_id: str) -> str | None:
    """What is missing in a channel before Baton can post there, or should be known of it; None if nothing."""
    found = state.channels.get(channel_id)
    name, invite = wording.channel(channel_id), f"Type `/invite` {mention(state.bot_user)} there."
    if found is None:
        return None
    problem = posting_problem(found, state.scopes)
    if problem is None and found.is_shared:
        return f":warning: {name} is shared with another company. People there see this team's handoffs."
    sentences = {
        "is_archived": f"{name} is archived. Unarchive it, or choose another channel.",
        "channel_not_found": f"Baton can't see {name}, because it's private. {invite}",
        "not_in_channel": f"Baton isn't in {name} yet. {invite}",
    }
    return f":warning: {sentences[problem]}" if problem in sentences else None


def group_option(group: str, handle: str) -> Block:
    """A user group as an option."""
    return option(f"@{handle}" if handle else "A user group", group)


def groups_of(refs: Sequence[str]) -> tuple[str, ...]:
    """The user groups among people and groups."""
    return tuple(ref for ref in refs if ref.startswith(_GROUP))


def people_of(refs: Sequence[str]) -> tuple[str, ...]:
    """The people among people and groups."""
    return tuple(ref for ref in refs if not ref.startswith(_GROUP))


def _refs(  # noqa: PLR0917 - a pair of inputs is these words
    state: SetupState, key: str, label: str, groups_key: str, refs: Sequence[str], hint: str
) -> Iterator[Block]:
    yield ask(key, label, inputs.people(people_of(refs)), hint=hint)
    chosen = groups_of(refs)
    if state.has_groups or chosen:
        picked = [group_option(group, state.groups.get(group, "")) for group in chosen]
        element: Block = {"type": "multi_external_select", "min_query_length": 0}
        yield ask(groups_key, f"{label} by user group", {**element, **({"initial_options": picked} if picked else {})})


def _templates(state: SetupState, draft: Queue) -> Iterator[Block]:
    if len(draft.templates) > MOST_OPTIONS:
        yield context(f"{len(draft.templates)} templates: too many to edit here, so they stay as they are.")
        return
    offered = {template.key: template.name for template in state.templates}
    hint = "The forms that senders choose from."
    yield ask("templates", "Templates", some_of(offered, draft.templates), hint=hint)


def _rights(state: SetupState, draft: Queue) -> Iterator[Block]:
    """Who may claim, and whose people may hand off to the team besides its own."""
    others = {queue.key: queue.name for queue in state.company.queues if queue.key != draft.key}
    named = {one: wording.sender(one, state.groups) for one in draft.senders if one not in others}
    hint = "Besides its own people. Leave it empty for everyone."
    yield ask("claimers", "Who may claim", inputs.choice(wording.CLAIMERS, draft.claimers.value), optional=False)
    if (others or named) and len(draft.senders) <= MOST_OPTIONS:
        yield ask("senders", "Who may hand off to it", _senders({**named, **others}, draft.senders), hint=hint)


def _senders(options: Mapping[str, str], chosen: Sequence[str]) -> Block:
    """A multi-select of teams; of more than Slack shows in a list, the chosen ones and the first others."""
    kept = {key: options[key] for key in chosen if key in options}
    first = dict(list({**kept, **options}.items())[:MOST_OPTIONS])
    return inputs.several("multi_static_select", first, chosen)


def _entry(state: SetupState, queue: Queue) -> Block:
    facts = [wording.channel(queue.channel), f"members: {wording.people(queue.members, state.groups)}"]
    lines = [f"*{said(queue.name, 75)}*", " · ".join(facts)]
    lines += [f":warning: {line}" for line in _warnings(state, queue)[:1]]
    return row("\n".join(lines), to_page("Open", pages.of(pages.TEAM, queue.key), queue.name))


def _warnings(state: SetupState, queue: Queue) -> list[str]:
    note = channel_note(state, queue.channel)
    found = [note.removeprefix(":warning: ")] if note else []
    if not (queue.members or queue.managers):
        found.append("Nobody can claim its handoffs yet. Add members.")
    return found


def _facts(state: SetupState, queue: Queue) -> Iterator[str]:
    company = state.company
    own = "" if queue.calendar or not company.workspace_calendar else " (same as all teams)"
    names = {template.key: template.name for template in state.templates}
    offered = [said(names.get(key, name_of_key(key)), 75) for key in queue.templates]
    hours = company.hours_of(queue)
    named = f"{wording.named(hours.key)}, " if hours else ""
    yield f"Channel: {wording.channel(queue.channel)}"
    yield f"Members: {wording.people(queue.members, state.groups)}"
    yield f"Managers: {wording.people(queue.managers, state.groups)}"
    yield f"Working hours: {named}{wording.calendar_line(hours)}{own}"
    yield f"Deadlines: {wording.named(queue.policy) if queue.policy else 'none, so nobody is notified'}"
    yield f"Templates: {', '.join(offered[:10]) if offered else 'the general one'}"
    yield f"Who may claim: {wording.CLAIMERS[queue.claimers.value].lower()}"
    senders = [said(wording.sender(one, state.groups, company), 75) for one in queue.senders]
    yield f"Who may hand off to it: {', '.join(senders[:10]) or 'everybody'}"
    yield f"Morning summary: {'on' if queue.digest else 'off'}"
    yield f"First reply in a card's thread claims: {'yes' if queue.claim_by_reply else 'no'}"
    yield f"Key in configuration files: `{escape(queue.key)}`"
