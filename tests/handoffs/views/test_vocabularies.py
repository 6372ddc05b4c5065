"""Stored keys are never shown: every vocabulary has words for each key, in one place."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

import slackapp
import storage
from slackapp.bulk.views import results
from slackapp.clocks.rules import clock_changes, invariants
from slackapp.company.actions import reapply_policy
from slackapp.company.model import WorkspaceSetting
from slackapp.delivery import prepare, record_webhook_results
from slackapp.directory.views import PERSON_GONE
from slackapp.escalation.actions import level_actions
from slackapp.escalation.rules import recipients_of_step
from slackapp.escalation.views import reminder_outcomes, reminders
from slackapp.forms.views import advice
from slackapp.handoffs.rules import change_messages
from slackapp.handoffs.rules.needs import Need
from slackapp.handoffs.rules.snooze_options import SnoozeOption
from slackapp.handoffs.views import details, event_sentences, refusals, verb_forms, verdicts, wording
from slackapp.home.model import HomeList
from slackapp.home.views import _LISTS, ROWS, TITLES
from slackapp.lists.model import ListKind
from slackapp.lists.views import list_modal
from slackapp.people.rules import availability, standing
from slackapp.personal.model import AwayProblem, SettingsProblem
from slackapp.personal.views import settings
from slackapp.personal.views.away import PROBLEMS
from slackapp.registers import REGISTERS
from slackapp.runtime import web_connections
from slackapp.setup.model import SetupStep
from slackapp.setup.views import checklist
from slackapp.slack import error_codes, field_problems, ids, mrkdwn
from slackapp.slack.block_kit.blocks import escape
from slackapp.template_editor.views.wording import NOTES, ORIGINS, READ_BACKS
from slackapp.templates.rules.answer_rules import ANSWER_RULES, MessagePart, Setting
from slackapp.templates.rules.shipped import shipped
from slackapp.templates.views import answer_lines
from slackapp.templates.views.answer_types import ANSWER_TYPES
from storage.bulk.model import BulkKind, RowOutcome
from storage.clocks.model import PAUSED, ClockKind, LevelAction
from storage.company.model import Claimers, MessageDelivery, ObjectKind, ObjectOwner, Topic
from storage.handoffs import acts, lifecycle
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Priority
from storage.outbox.model import SlackMethod
from storage.search.model import ListScope
from storage.search.words import Depth
from storage.templates.model import LAMP, AnswerType, NoteMode, Origin, PrefillSource, Question
from tests.handoffs.samples import MONDAY_9, a_note, some_details
from tests.handoffs.views.view_checks import words_of
from tests.templates.test_render_answers import a_template, written

WORDED: Final[dict[type[Enum], tuple[Collection[Any], ...]]] = {
    lifecycle.Verb: (wording.VERB_WORDS,),
    lifecycle.State: (wording.STATES,),
    lifecycle.Situation: (refusals._STATES,),
    lifecycle.Role: (refusals._ROLES,),
    lifecycle.RefusalReason: (refusals._SENTENCES,),
    lifecycle.ReadBackMode: (READ_BACKS,),
    Priority: (wording.PRIORITIES,),
    ClockKind: (wording.CLOCKS, reminder_outcomes._STOPS, reminders._REMINDERS),
    acts.Verdict: (verdicts.VERDICT_WORDS,),
    AnswerType: (ANSWER_TYPES,),
    NoteMode: (NOTES,),
    Origin: (ORIGINS,),
    HomeList: (TITLES, ROWS, _LISTS),
    ListKind: (list_modal.TITLES, list_modal._NOTHING),
    field_problems.FieldProblem: (field_problems._SENTENCES,),
    AwayProblem: (PROBLEMS,),
    SettingsProblem: (settings.PROBLEMS,),
    MessageDelivery: (settings.DELIVERIES,),
    SetupStep: (checklist._STEPS, checklist._BUTTONS),
    BulkKind: (results._PAST, results._DONE, results._TITLES),
}
"""Every enumeration whose members people read, and the words for them: one for each, and none for anything else."""

CAUSES: Final[dict[type[Enum], tuple[Collection[Any], ...]]] = {
    availability.Unavailable: (event_sentences.CAUSES,),
    invariants.FaultKind: (event_sentences.CAUSES,),
}
"""Enumerations whose words stand among others."""

UNREAD: Final = {
    ids.BulkAction: "ids that Slack sends back",
    ids.WatchAction: "ids that Slack sends back",
    ids.Shortcut: "ids that Slack sends back",
    ids.TemplateAction: "ids that Slack sends back",
    ids.ListAction: "ids that Slack sends back",
    ids.SetupAction: "ids that Slack sends back",
    ListScope: "what a query is about; people read the titles of `ListKind`",
    Depth: "letters before the words of the search index",
    ids.Field: "ids that Slack sends back; their labels differ from form to form",
    lifecycle.Precondition: "its values are the words of the table in docs/lifecycle.md",
    lifecycle.ReadBackStatus: "told in sentences that the views choose by it",
    PrefillSource: "written in a template's file only",
    LevelAction: "written in a policy's file only; what a level did is told by its verb",
    MessagePart: "what a first value takes of a message",
    Setting: "written in a template's file only",
    mrkdwn.TokenKind: "what stands between angle brackets in Slack's text",
    change_messages.ChangeRecipient: "the columns of the table in docs/lifecycle.md",
    error_codes.ErrorClass: "what Baton does about an error",
    error_codes.Meaning: "the words of a table in the documentation",
    SlackMethod: "the names of limits",
    RowOutcome: "told in sentences that the views choose by it",
    clock_changes.Change: "what a clock does",
    Claimers: "the values of a key of the configuration file; views choose their words by it",
    ObjectKind: "the lists of the configuration file; a sentence names the object itself",
    Need: "the order in which people are shown what needs them",
    Topic: "people read the names of those that they choose by, and of those that they cannot turn off",
    ObjectOwner: "told in sentences that the views choose by it",
    WorkspaceSetting: "the keys of the configuration file; the history has sentences for each",
    web_connections._Phase: "how far a request has come",
    standing.Standing: "the columns of a table in docs/admins.md; a refusal says it in its own words",
}
"""Enumerations that nobody reads in Slack, and why."""


def enumerations() -> Iterator[type[Enum]]:
    for package in (slackapp, storage):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.startswith("slackapp.local") or module.name.endswith("__main__"):
                continue
            if Path(module.name.replace(".", "/")).parent.name in {"migrations", "versions"}:
                continue
            for found in vars(importlib.import_module(module.name)).values():
                if isinstance(found, type) and issubclass(found, Enum) and found.__module__ == module.name:
                    yield found


def test_of_every_enumeration_it_is_known_whether_people_read_it() -> None:
    assert set(enumerations()) == {*WORDED, *CAUSES, *UNREAD}


@pytest.mark.parametrize("keys", WORDED, ids=lambda found: f"{found.__module__}.{found.__name__}")
def test_every_key_of_an_enumeration_has_its_words_and_no_other_key_has(keys: type[Enum]) -> None:
    for vocabulary in WORDED[keys]:
        assert set(vocabulary) == set(keys)


@pytest.mark.parametrize("keys", CAUSES, ids=lambda found: f"{found.__module__}.{found.__name__}")
def test_every_cause_has_its_words(keys: type[Enum]) -> None:
    for vocabulary in CAUSES[keys]:
        assert set(keys) <= set(vocabulary)


@pytest.mark.parametrize(
    "cause",
    [
        recipients_of_step.NOBODY, recipients_of_step.LEFT, record_webhook_results.GONE, record_webhook_results.SILENT,
        PAUSED, prepare.NOT_CONFIGURED, PERSON_GONE,
        "calm", "moot", "failed", "paced", "ratelimited", "moved on", "no card to answer under",
    ],
)  # fmt: skip
def test_whatever_delivery_writes_down_as_a_key_is_told_in_words(cause: str) -> None:
    assert event_sentences.cause(cause) != cause


@pytest.mark.parametrize("key", answer_lines.TOLD_CUSTOMER)
def test_what_the_customer_knows_is_told_in_words_wherever_it_is_shown(key: str) -> None:
    told = answer_lines.TOLD_CUSTOMER[key]
    shown = words_of(details.show_all(written(None, {"told_customer": key}), frozenset(), MONDAY_9))
    assert f"*Customer told:* {told}" in shown

    edited = a_note(Verb.EDIT, changes={"fields.told_customer": (None, key)})
    assert event_sentences.changes(edited, some_details()) == f"*what the customer knows:* nothing changed to {told}"


def test_what_an_edit_may_change_has_a_name() -> None:
    told = ids.Field.TOLD_CUSTOMER
    assert {*verb_forms.EDITED, told} | {"fields"} == set(wording.FIELDS)
    changed = wording.changed([*map(str, verb_forms.EDITED), f"fields.{told}"])
    assert not re.search(r"[a-z]_[a-z]|fields\.", changed)


def test_an_urgency_that_was_edited_is_told_in_words() -> None:
    edited = a_note(Verb.EDIT, changes={"priority": (Priority.LOW.value, Priority.CRITICAL.value)})
    assert event_sentences.changes(edited, some_details()) == "*priority:* Low changed to Critical"


def test_every_act_of_batons_own_in_the_audit_has_its_sentence() -> None:
    own = {"held", "maybe_double", "repaired", reapply_policy.APPLIED}
    assert set(event_sentences.OWN_ACTS) == own


def test_every_kind_of_message_has_its_name() -> None:
    assert set(REGISTERS.message_kinds) == set(event_sentences.MESSAGES)


def test_every_reason_that_the_clock_gives_has_its_words() -> None:
    assert set(wording.LAPSES) == {level_actions.NO_ANSWER}
    assert wording.because(level_actions.NO_ANSWER)
    for key in (*wording.REASONS, *wording.LAPSES):
        assert wording.reason(key) != key


def test_every_moment_of_a_snooze_has_its_words() -> None:
    for key, days in (("1h", 0), ("afternoon", 0), ("tomorrow", 1), ("monday", 5)):
        assert key not in wording.snooze_option(SnoozeOption(key=key, until=MONDAY_9, days=days))


def test_the_steps_of_a_lamp_and_the_options_of_shipped_templates_are_shown_by_their_words() -> None:
    asked = [question for template in shipped() for question in template.questions if question.options]
    lamp = Question(key="lamp", label="Lamp", kind=AnswerType.LAMP, options=LAMP)
    for question in (lamp, *asked):
        template = a_template(replace(question, shown_when={}, confirms=()))
        for key, name in question.options.items():
            answer = [key] if question.kind is AnswerType.MULTI else key
            shown = words_of(details.show_all(written(template, {question.key: answer}), frozenset(), MONDAY_9))
            assert escape(name) in shown


def test_why_a_thread_was_not_read_is_told_in_words() -> None:
    for code in (*advice._REASONS, "anything_else"):
        assert code not in words_of([advice.thread_not_read(code)])


# One row of words


def tables_of(vocabulary: type[Enum]) -> list[Mapping[Any, Any]]:
    """The mappings that have words for every member, wherever a view keeps one of its own."""
    return [
        vars(module)[name]
        for module in views()
        for name in vars(module).get("__annotations__", {})
        if isinstance(value := vars(module).get(name), Mapping)
        and set(value) >= set(vocabulary)
        and says_something(value)
    ]


def views() -> Iterator[ModuleType]:
    """Every module that draws something."""
    for found in pkgutil.walk_packages(slackapp.__path__, "slackapp."):
        if "views" in found.name.split("."):
            yield importlib.import_module(found.name)


def says_something(table: Mapping[Any, Any]) -> bool:
    return any(isinstance(part, str) for row in table.values() for part in (row, *parts_of(row)))


def parts_of(row: Any) -> list[Any]:
    return list(vars(row).values()) if hasattr(row, "__dict__") else []


@pytest.mark.parametrize(
    ("vocabulary", "table"),
    [(Verb, wording.VERB_WORDS), (AnswerType, ANSWER_TYPES), (acts.Verdict, verdicts.VERDICT_WORDS)],
)
def test_a_vocabulary_has_a_row_of_words_for_each_member_in_one_table_only(
    vocabulary: type[Enum], table: Mapping[Any, Any]
) -> None:
    assert set(table) == set(vocabulary)
    assert tables_of(vocabulary) == [table]


def test_no_words_of_a_verb_are_empty() -> None:
    assert [verb for verb, row in wording.VERB_WORDS.items() if not all(parts_of(row))] == []


def test_each_kind_of_question_has_its_rules_and_its_looks() -> None:
    assert set(ANSWER_RULES) == set(ANSWER_TYPES) == set(AnswerType)
