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
    Field.QUEUE: InputLabels(label="Team", placeholder="Choose the team that takes over"),
    Field.TEMPLATE: InputLabels(
        label="Template", hint="The template decides what you're asked.", placeholder="Choose a template"),
    Field.TITLE: InputLabels(
        label="Title", hint="A short name the next person will recognise.", placeholder="Acme renewal"),
    Field.NEXT_STEP: InputLabels(
        label="First step", hint="Start with a verb.", placeholder="Call Mara about the price"),
    Field.PRIORITY: InputLabels(
        label="Priority",
        hint="Critical has the shortest deadline and can notify people outside working hours."),
    Field.NOTE: InputLabels(
        label="What does the next person need to know?",
        placeholder="What happened, what you tried, what to watch for"),
    Field.LINK: InputLabels(
        label="Link", hint="The CRM record, ticket, incident or thread.", placeholder="https://"),
    Field.PERSON: InputLabels(
        label="Offer to", hint="Only if no one else on the team can do it. You stay accountable until they accept.",
        placeholder="Choose a person"),
    Field.NEEDED_BY: InputLabels(label="Needed by", hint="Leave empty to use the team's usual deadlines."),
    Field.TOLD_CUSTOMER: InputLabels(
        label="What does the customer know?", hint="So the next person doesn't surprise them.", placeholder="Choose"),
    Field.REASON: InputLabels(label="Why are you sending it back?", placeholder="Choose a reason"),
    Field.DURATION: InputLabels(
        label="How much more time?", hint="Added to the current deadline, in the team's working hours.",
        placeholder="Choose how long"),
    Field.REST: InputLabels(label="Snooze until", placeholder="Choose a time"),
    Field.UNTIL: InputLabels(
        label="Or another date and time", hint="Up to 60 days from now. This overrides the choice above."),
    Field.GIST: InputLabels(label="What is this about?", hint="One sentence in your own words."),
    Field.FIRST_STEP: InputLabels(
        label="What will you do first?", hint="Change it if you plan to start with something else."),
    Field.BY: InputLabels(label="By when?", hint="Prefilled from the next deadline. Leave empty if you can't say."),
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
    """One verb's form: its fields and texts; title and submit button repeat the verb's label unless they differ."""

    note: str
    submit: str = ""
    title: str = ""
    placeholder: str = ""
    optional: bool = False
    intro: str = ""
    asks: tuple[Field, ...] = ()
    close: str = "Cancel"


EDITED: Final = (Field.TITLE, Field.NEXT_STEP, Field.PRIORITY, Field.NEEDED_BY, Field.LINK)
_OPENS_AGAIN: Final = "Anyone on the team can claim it again."

# fmt: off
FORMS: Final[Mapping[Verb, _Form]] = {
    Verb.DECLINE: _Form(
        note="Why are you declining?", placeholder="Helps the sender and your team plan",
        intro="Anyone on the team can claim it then."),
    Verb.ASSIGN: _Form(
        note="Note for the new owner", optional=True, asks=(Field.PERSON,),
        intro="They own it right away, are notified, and can put it back."),
    Verb.RELEASE: _Form(
        note="What should the next person know?", placeholder="What you did and what's left", intro=_OPENS_AGAIN),
    Verb.TRANSFER: _Form(
        note="What should they know?", placeholder="Why them, and what's left", asks=(Field.QUEUE, Field.PERSON)),
    Verb.RETURN: _Form(
        note="What do you need?", placeholder="The fact, file or answer that's missing", asks=(Field.REASON,),
        intro="The sender is asked for more information. The team's timers pause."),
    Verb.RESEND: _Form(
        title="Send again", note="Your answer", asks=(Field.TITLE, Field.NEXT_STEP, Field.LINK),
        intro=_OPENS_AGAIN),
    Verb.EDIT: _Form(submit="Save", note="", asks=EDITED),
    Verb.NOTE: _Form(note="Note"),
    Verb.EXTEND: _Form(note="Why?", optional=True, asks=(Field.DURATION,)),
    Verb.SNOOZE: _Form(
        note="Why?", optional=True, asks=(Field.REST, Field.UNTIL), placeholder="What you're waiting for",
        intro="Timers are paused until then. Then the owner gets a reminder."),
    Verb.READ_BACK: _Form(
        note="", asks=(Field.GIST, Field.FIRST_STEP, Field.BY), close="Later",
        intro="Say how you understand it. The sender checks your answer."),
    Verb.CORRECT: _Form(
        title="Send correction", submit="Send correction", note="What needs to be corrected?",
        placeholder="What was misunderstood", intro="The owner is notified and says again how they understand it."),
    Verb.ASK: _Form(
        note="What do you need to know?", placeholder="A question that can be answered in one sentence",
        intro="You keep it. Timers are paused until the sender answers."),
    Verb.ANSWER: _Form(note="Your answer", intro="The owner is notified, and the timers resume."),
    Verb.COMPLETE: _Form(
        note="What was the outcome?", placeholder="One sentence", optional=True, intro="The sender is notified."),
    Verb.CANCEL: _Form(
        note="Why is it no longer needed?", intro="This closes it for everyone. You can reopen it later.",
        close="Keep it"),
    Verb.REOPEN: _Form(
        note="Why is it needed again?", intro="Anyone on the team can claim it, and its timers start over."),
    Verb.DELETE: _Form(
        note="", close="Keep it",
        intro="*This can't be undone.* The title, first step, link, every note and Baton's messages about it are "
              "deleted. The audit log keeps the number, who did what and when, and that you deleted it. "
              "To close it and keep its contents, cancel it instead."),
}
# fmt: on
"""The texts of each verb's form. Verbs that are not here need no form."""

_KNOWN: Final = _Form(
    title=wording.END_QUESTION, submit="End question", note="What did you find out?", optional=True,
    intro="The sender no longer needs to answer, and the timers resume.",
)  # fmt: skip
"""The Answer form for the owner who asked the question."""


def submit_label(verb: Verb) -> str:
    """Return the label of the button that sends a verb's form."""
    return FORMS[verb].submit or wording.form_title(verb)


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
        queues: the queues that a transfer offers; None lets people search for one.
        snooze_options: the moments that a snooze offers.
        filled: the values of its fields, if they are not the stored ones.
        reader: the user id of the person who fills it in; a receiver is asked about the context in the Done form.
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
    title, submit = form.title or wording.form_title(verb), form.submit or wording.form_title(verb)
    moments = {one.key: int(one.until.timestamp()) for one in snooze_options}
    data = private_metadata or metadata(handoff_id=handoff.id, rests=moments)
    return view(f"{title} {wording.number(handoff)}", ids.action(verb), data, blocks, submit=submit, close=form.close)


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


_PERSON: Final = InputLabels(label="Who should own it?", placeholder="Choose a person")
_OPTIONAL: Final = frozenset({Field.PERSON, Field.NEEDED_BY, Field.LINK, Field.REST, Field.UNTIL, Field.BY})


def queue_option(queue: Queue) -> Block:
    """A queue as an option of a select."""
    return option(queue.name or queue.key, queue.key)


def already_stored(details: HandoffDetails, now: datetime) -> Block:
    """The notice that the form was stored before with other answers, which may be added as a note."""
    handoff = details.handoff
    blocks = [
        section(f"You already sent this as {wording.numbered(details)}. Only the first version was saved:"),
        section(f"{headlines.headline(details, now, bold=True)}."),
        section("To add something, add a note."),
        *actions(
            button(
                wording.VERB_WORDS[Verb.NOTE].label,
                ids.action(Verb.NOTE),
                ids.button_value(handoff.id),
                about=wording.about(handoff),
            )
        ),
    ]
    return view("Already sent", ids.SHOW, metadata(handoff_id=handoff.id), blocks)
