"""The forms of the verbs that ask for something first. The form that opens a handoff is in `forms.views.pages`.

A form is a view with `callback_id` `handoff.<verb>`; its private metadata is JSON with ids only (`{"handoff": id}`).
The note of every form is rich text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.judging import may_judge
from slackapp.handoffs.rules.snooze_options import SnoozeOption
from slackapp.handoffs.views import headlines, read_back, verdicts, wording
from slackapp.slack import ids
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import Block, actions, button, option, section
from slackapp.slack.block_kit.inputs import InputLabels
from slackapp.slack.block_kit.modals import metadata, view
from slackapp.slack.ids import Field
from storage.company.model import Queue
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Handoff, Priority

TITLE_MOST: Final = 150
STEP_MOST: Final = 300

# fmt: off
TEXTS: Final[Mapping[Field, InputLabels]] = {
    Field.TITLE: InputLabels(
        label="What is this about?", hint="A name the receiver will recognise, such as the customer and the topic.",
        placeholder="Acme renewal"),
    Field.QUEUE: InputLabels(label="Who should take it?", placeholder="Choose the team that takes over"),
    Field.NEXT_STEP: InputLabels(
        label="First thing to do", hint="Start with a verb. If you cannot name it, you are not ready to hand over.",
        placeholder="Call Mara about the price"),
    Field.NOTE: InputLabels(
        label="What the next person needs to know", placeholder="What happened, what was tried, what to watch for"),
    Field.PRIORITY: InputLabels(label="How urgent?", hint="Critical starts the short clock and may wake people."),
    Field.PERSON: InputLabels(
        label="Somebody in particular?",
        hint="Only if nobody else could do it. You stay responsible until somebody accepts.",
        placeholder="Choose a person"),
    Field.NEEDED_BY: InputLabels(label="Needed by", hint="Leave empty to use the team's normal clock."),
    Field.LINK: InputLabels(
        label="Link to the record", hint="CRM record, ticket, incident or thread. One link is better than a paste.",
        placeholder="https://"),
    Field.TEMPLATE: InputLabels(
        label="Which form?", hint="It decides what you are asked.", placeholder="Choose a form"),
    Field.TOLD_CUSTOMER: InputLabels(
        label="What does the customer know?", hint="So that the receiver does not surprise anybody.",
        placeholder="Choose"),
    Field.REASON: InputLabels(label="Why does it go back?", placeholder="Choose a reason"),
    Field.DURATION: InputLabels(label="How much more time?", hint="Open time of the team, added to the running clock."),
    Field.REST: InputLabels(label="Until when?", placeholder="Choose a moment"),
    Field.GIST: InputLabels(label="What is this about?", hint="One sentence in your own words, as you understood it."),
    Field.FIRST_STEP: InputLabels(label="What will you do first?", hint="Change it if you start with something else."),
    Field.BY: InputLabels(label="By when?", hint="From the clock that runs. Leave it empty if you cannot say."),
    Field.UNTIL: InputLabels(
        label="Or at another moment", hint="At most 60 days ahead. It goes before the choice above."),
}
# fmt: on
"""Labels, hints and placeholders of the fields, unless a verb's form has its own."""

DURATIONS: Final[Mapping[str, str]] = {
    "30m": "30 minutes",
    "1h": "1 hour",
    "4h": "4 hours",
    "1d": "1 working day",
    "2d": "2 working days",
}
"""Choices of the extend form by their option value."""


@dataclass(frozen=True, kw_only=True)
class _Form:
    """One verb's form: its submit button, fields, texts, and a title if it is not the verb's label."""

    submit: str
    note: str
    title: str = ""
    placeholder: str = ""
    optional: bool = False
    intro: str = ""
    asks: tuple[Field, ...] = ()
    close: str = "Cancel"


EDITED: Final = (Field.TITLE, Field.NEXT_STEP, Field.PRIORITY, Field.NEEDED_BY, Field.LINK)

# fmt: off
FORMS: Final[Mapping[Verb, _Form]] = {
    Verb.DECLINE: _Form(
        submit="Decline", note="Why not you?",
        placeholder="So that the sender and your team can plan", intro="It opens to everybody in the team."),
    Verb.ASSIGN: _Form(
        submit="Assign", note="Note for them", optional=True, asks=(Field.PERSON,),
        intro="They own it at once, are told, and may put it back."),
    Verb.RELEASE: _Form(
        submit="Put back", note="What should the next person know?",
        placeholder="What you did, and what is left", intro="It opens to everybody in the team."),
    Verb.TRANSFER: _Form(
        submit="Pass on", note="What should they know?", placeholder="Why them, and what is left",
        asks=(Field.QUEUE, Field.PERSON)),
    Verb.RETURN: _Form(
        submit="Send back", note="What would help?",
        placeholder="The fact, file or answer that you need", asks=(Field.REASON,),
        intro="It goes back to its sender, who is asked for more. The clock of the team stops."),
    Verb.RESEND: _Form(
        submit="Resend", note="What did you add?",
        asks=(Field.TITLE, Field.NEXT_STEP, Field.LINK), intro="It opens to everybody in the team again."),
    Verb.EDIT: _Form(submit="Save", note="", asks=EDITED),
    Verb.NOTE: _Form(submit="Add note", note="Note"),
    Verb.EXTEND: _Form(
        submit="Extend", note="Why?", optional=True, asks=(Field.DURATION,)),
    Verb.SNOOZE: _Form(
        submit="Snooze", note="Why?", optional=True, asks=(Field.REST, Field.UNTIL),
        placeholder="What you wait for", intro="Its clocks stand still until then. Then its owner is reminded."),
    Verb.READ_BACK: _Form(
        submit="Read back", note="", asks=(Field.GIST, Field.FIRST_STEP, Field.BY), close="Later",
        intro="Say how you understood it. The sender sees it and says whether that is right."),
    Verb.CORRECT: _Form(
        submit="Not quite", note="What is not quite right?",
        placeholder="What was understood otherwise", intro="Its owner is told, and reads it back once more."),
    Verb.ASK: _Form(
        submit="Ask", note="What do you need to know?",
        placeholder="One question that can be answered in a sentence",
        intro="You keep it. Its clocks stand still until the sender has answered."),
    Verb.ANSWER: _Form(
        submit="Answer", note="Your answer", intro="Its owner is told, and its clocks run again."),
    Verb.COMPLETE: _Form(
        submit="Done", note="What came of it?", placeholder="The outcome, in a sentence", optional=True,
        intro="The sender is told."),
    Verb.CANCEL: _Form(
        submit="Cancel handoff", note="Why is it not needed any more?",
        intro="It closes for everybody. It can be reopened.", close="Keep it"),
    Verb.REOPEN: _Form(
        submit="Reopen", note="Why is it needed again?",
        intro="It opens to everybody in the team, and its clocks start afresh."),
    Verb.DELETE: _Form(
        submit="Delete for good", note="", close="Keep it",
        intro="*This cannot be undone.* Title, first step, link, every note and Baton's messages about it are removed. "
              "The number, who did what and when, and that you deleted it stay in the audit log. "
              "To close it and keep its contents, cancel it instead."),
}
# fmt: on
"""The texts of each verb's form. Verbs that are not here need no form."""

_KNOWN: Final = _Form(
    title=wording.END_QUESTION, submit="End question", note="What do you know now?", optional=True,
    intro="The sender need not answer any more, and the clocks run again.",
)  # fmt: skip
"""The Answer form for the owner who asked the question."""


def verb_form(
    verb: Verb,
    details: HandoffDetails,
    now: datetime,
    private_metadata: str | None = None,
    *,
    queues: Sequence[Queue] | None = None,
    snooze_options: Sequence[SnoozeOption] = (),
    filled: Handoff | None = None,
    reader: str = "",
) -> Block:
    """The form that a verb asks for before it is carried out.

    Args:
        verb: one of `FORMS`.
        details: the handoff.
        now: the present instant.
        private_metadata: sent back with the submit; by default the handoff and the moments of `snooze_options` by key.
        queues: those a transfer may choose; None searches them.
        snooze_options: the moments that a snooze offers.
        filled: what stands in its fields, where that is not what is stored.
        reader: who fills it in; whoever received the work is asked about its context when they finish it.
    """
    handoff = details.handoff
    form = _KNOWN if read_back.ends_own_question(verb, handoff, reader) else FORMS[verb]
    asks = [key for key in form.asks if (key is not Field.REST or snooze_options) and read_back.asks(details, key)]
    note = InputLabels(label=form.note, placeholder=form.placeholder)
    intro = read_back.lead(verb, details) or form.intro
    blocks = [
        section(f"{headlines.headline(details, now, bold=True)}."),
        *([section(intro)] if intro else []),
        *read_back.answered_note(verb, details),
        *(
            _field(verb, key, details, now, filled=filled or handoff, queues=queues, snooze_options=snooze_options)
            for key in asks
        ),
        *([inputs.field(Field.NOTE, note, inputs.rich(), optional=form.optional)] if form.note else []),
        *(verdicts.form_inputs() if verb is Verb.COMPLETE and may_judge(handoff, reader) else []),
    ]
    title = form.title or wording.VERB_WORDS[verb].label.rstrip("…")
    moments = {one.key: int(one.until.timestamp()) for one in snooze_options}
    data = private_metadata or metadata(handoff_id=handoff.id, rests=moments)
    return view(
        f"{title} {wording.number(handoff)}", ids.action(verb), data, blocks, submit=form.submit, close=form.close
    )


def queue_options(queues: Sequence[Queue]) -> list[Block]:
    """Queues as options of a select, in answer to a search; at most as many as Slack takes."""
    return [queue_option(queue) for queue in queues[: inputs.STATIC_OPTIONS]]


def _field(
    verb: Verb,
    key: Field,
    details: HandoffDetails,
    now: datetime,
    *,
    filled: Handoff,
    queues: Sequence[Queue] | None,
    snooze_options: Sequence[SnoozeOption] = (),
) -> Block:
    urgency = {p.value: wording.PRIORITIES[p] for p in Priority}
    elements: Mapping[Field, Callable[[], Block]] = {
        Field.TITLE: lambda: inputs.line(filled.title, most=TITLE_MOST),
        Field.NEXT_STEP: lambda: inputs.line(filled.next_step, most=STEP_MOST),
        Field.PRIORITY: lambda: inputs.choice(urgency, filled.priority.value),
        Field.NEEDED_BY: lambda: inputs.instant(filled.needed_by),
        Field.LINK: lambda: inputs.address(filled.link),
        Field.QUEUE: lambda: inputs.pick([queue_option(queue) for queue in queues or ()], None, None),
        Field.PERSON: inputs.person,
        Field.REASON: lambda: inputs.choice(wording.reasons(details.template)),
        Field.DURATION: lambda: inputs.choice(DURATIONS),
        Field.REST: lambda: inputs.choice({one.key: wording.snooze_option(one) for one in snooze_options}, "tomorrow"),
        Field.UNTIL: inputs.instant,
        Field.GIST: lambda: inputs.line(most=STEP_MOST),
        Field.FIRST_STEP: lambda: inputs.line(filled.next_step, most=STEP_MOST),
        Field.BY: lambda: inputs.instant(read_back.first_step_by(details, now)),
    }
    text = _PERSON if (verb, key) == (Verb.ASSIGN, Field.PERSON) else TEXTS[key]
    if key is Field.GIST:
        text = replace(text, label=read_back.gist_label(details))
    return inputs.field(key, text, elements[key](), optional=key in _OPTIONAL and verb is not Verb.ASSIGN)


_PERSON: Final = InputLabels(label="Who should have it?", placeholder="Choose a person")
_OPTIONAL: Final = frozenset({Field.PERSON, Field.NEEDED_BY, Field.LINK, Field.REST, Field.UNTIL, Field.BY})


def queue_option(queue: Queue) -> Block:
    """A queue as an option of a select."""
    return option(queue.name or queue.key, queue.key)


def already_stored(details: HandoffDetails, now: datetime) -> Block:
    """The notice that the form was stored before with other answers, which may be added as a note."""
    handoff = details.handoff
    blocks = [
        section(f"This was sent already, as {wording.numbered(details)}. What you sent first is what counts:"),
        section(f"{headlines.headline(details, now, bold=True)}."),
        section("If something is missing, add it as a note."),
        *actions(
            button(
                wording.VERB_WORDS[Verb.NOTE].label,
                ids.action(Verb.NOTE),
                ids.button_value(handoff.id),
                about=wording.about(handoff),
            )
        ),
    ]
    return view("Sent before", ids.SHOW, metadata(handoff_id=handoff.id), blocks)
