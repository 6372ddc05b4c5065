"""Checks within policies: levels with impossible actions, rules that match nothing, unknown webhooks.

`across` checks the readable parts of a file, so that its problems are reported beside those of single values;
`notices` checks the company.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from slackapp.clocks.rules.targets import PROPERTIES
from slackapp.company.model import Company
from slackapp.company.rules import values
from slackapp.company.rules.policy_schema import LevelPart, RulePart
from slackapp.company.rules.schema import CompanyPart, known_keys
from slackapp.templates.rules.answer_rules import ANSWER_RULES
from slackapp.templates.rules.shipped import shipped
from slackapp.yaml_files import scalars
from slackapp.yaml_files.problems import Misspelled, Place, Problem, WrongValueError
from slackapp.yaml_files.schema import optional, with_places
from storage.clocks.model import ClockKind, Level, LevelAction, Policy
from storage.templates.model import Question

UNCLAIMED: Final = (ClockKind.CLAIM, ClockKind.RESPOND)
"""Clocks that run while nobody owns the work."""

_OWNERS_ONLY: Final = {
    LevelAction.CHECK: "asks the owner",
    LevelAction.RELEASE: "takes the work from its owner",
}
"""Actions that need an owner."""
_MOST_NAMED: Final = 5

_VALUES: Final[Mapping[str, Callable[[Any], Any]]] = {
    "priority": scalars.priority,
    "sender": scalars.person,
    "source": values.source,
}
"""Properties whose values are checked against a vocabulary."""
_VERY_CLOSE: Final = 0.8


def across(company: CompanyPart) -> Iterator[Problem]:
    """Problems within the policies of a file that was read in part, without lines: the reader adds those."""
    webhooks = known_keys(company, "webhooks")
    for place, policy in with_places(company.policies, ("policies",)):
        for at, level in with_places(policy.levels, (*place, "levels")):
            yield from _tell_problems(level, at, webhooks)
            yield from _action_problems(level, at)
        for at, rule in with_places(policy.rules, (*place, "rules")):
            yield from _rule(rule, at)


def _tell_problems(level: LevelPart, place: Place, webhooks: list[str]) -> Iterator[Problem]:
    if level.model_fields_set.isdisjoint({"tell", "do"}):
        yield Problem(place=(*place, "tell"), what="is missing.", fix="Add tell: [...], or do: and what to do.")
    for n, word in enumerate(level.tell):
        key = values.webhook_of(word)
        if key is not None and key not in webhooks:
            has = f"The file has {', '.join(webhooks[:_MOST_NAMED])}." if webhooks else "The file has no webhooks."
            what = f'There is no webhook "{key}".'
            yield Problem(place=(*place, "tell", n), what=what, fix=f"{has} Add it under webhooks or name another.")


def _action_problems(level: LevelPart, place: Place) -> Iterator[Problem]:
    do, clock, has = level.do, level.clock, level.model_fields_set
    if do is LevelAction.CHECK and "within" not in has:
        fix = "Add within: 1h, or how long the owner has to answer."
        yield Problem(place=(*place, "within"), what="is missing, and do: check needs it.", fix=fix)
    if do is not LevelAction.CHECK and "within" in has:
        fix = "Add do: check, or leave it out."
        yield Problem(place=(*place, "within"), what="is the time to answer do: check, which is missing.", fix=fix)
    if do is LevelAction.REASSIGN and "to" not in has:
        fix = "Add to: managers, or the id of a person."
        yield Problem(place=(*place, "to"), what="is missing, and do: reassign needs it.", fix=fix)
    if do is not LevelAction.REASSIGN and "to" in has:
        fix = "Add do: reassign, or leave it out."
        yield Problem(place=(*place, "to"), what="is for do: reassign, which is missing.", fix=fix)
    if do in _OWNERS_ONLY and clock in UNCLAIMED:
        fix = "Use a clock that runs while someone owns it: first_action, update, finish or needed_by."
        what = f"{do} {_OWNERS_ONLY[do]}, and nobody owns it while {clock} runs."
        yield Problem(place=(*place, "do"), what=what, fix=fix)
    if do is LevelAction.REASSIGN and clock is ClockKind.RESPOND:
        what = "reassign needs an owner, but the work is with its sender while respond runs."
        yield Problem(place=(*place, "do"), what=what, fix="Use another clock.")
    if "do" in has and "repeat" in has:
        what = "would repeat the action, and a level acts only once."
        fix = "Remove repeat:, and add a second level that only tells people."
        yield Problem(place=(*place, "repeat"), what=what, fix=fix)


def _rule(rule: RulePart, place: Place) -> Iterator[Problem]:
    if rule.when == {}:
        fix = "Name a property: {template: ae_csm}. Put targets for all handoffs in the policy's own targets."
        yield Problem(place=(*place, "when"), what="is empty.", fix=fix)
    if optional(rule.targets) is not None and all(by_priority == {} for by_priority in rule.targets.values()):
        fix = "Add one: {claim: {normal: 15m}}."
        yield Problem(place=(*place, "targets"), what="is empty.", fix=fix)
    for name, wanted in (rule.when or {}).items():
        yield from _property(name, wanted or (), (*place, "when", name))


def _property(name: str, wanted: Sequence[str], place: Place) -> Iterator[Problem]:
    """Values that the property can never have."""
    read = _VALUES.get(name)
    for n, value in enumerate(wanted):
        try:
            if read is not None and value:
                read(value)
        except WrongValueError as wrong:
            yield wrong.problem((*place, n))


def notices(company: Company) -> Iterator[Problem]:
    """Warnings about policies: allowed settings that may surprise."""
    for n, policy in enumerate(company.policies):
        place: Place = ("policies", n)
        yield from _taken_from_the_form(policy, place)
        for m, level in enumerate(policy.levels):
            yield from _tells_nobody(policy, level, (*place, "levels", m))
        for m, rule in enumerate(policy.rules):
            for name, wanted in rule.when.items():
                for value in wanted:
                    yield from _unknown(company, name, value, (*place, "rules", m, "when", name))


def _taken_from_the_form(policy: Policy, place: Place) -> Iterator[Problem]:
    """Targets of needed_by, which are ignored: the person who fills in the form gives the date."""
    places = [(place, policy.targets), *(((*place, "rules", m), r.targets) for m, r in enumerate(policy.rules))]
    for around, targets in places:
        if ClockKind.NEEDED_BY in targets:
            what = "This target is not used: the needed-by time comes from the form."
            yield Problem(place=(*around, "targets", ClockKind.NEEDED_BY.value), what=what)


def _tells_nobody(policy: Policy, level: Level, place: Place) -> Iterator[Problem]:
    clocks = {ClockKind.NEEDED_BY, *policy.targets, *(clock for rule in policy.rules for clock in rule.targets)}
    if level.clock not in clocks:
        what = f'The level "{level.key}" never fires: the policy has no target for {level.clock.value}.'
        yield Problem(place=place, what=what)
    elif not level.tell and level.do is None:
        yield Problem(place=place, what=f'The level "{level.key}" tells nobody.')
    elif level.tell == ("owner",) and level.clock in UNCLAIMED:
        what = f'The level "{level.key}" tells nobody: there is no owner while {level.clock.value} runs.'
        yield Problem(place=place, what=what)


def _unknown(company: Company, name: str, value: str, place: Place) -> Iterator[Problem]:
    offered = {template for queue in company.queues for template in queue.templates}
    offered |= {template.key for template in company.templates if template.queues}
    if name == "template" and value not in offered:
        yield Problem(place=place, what=f'The rule never applies: no queue offers the template "{value}".')
    if name not in PROPERTIES:
        yield from _unknown_field(company, name, value, place)
    if name == "queue" and company.queue(value) is None:
        yield Problem(
            place=place, what=f'The file has no queue "{value}"; the rule applies only if one was made in Slack.'
        )


def _unknown_field(company: Company, name: str, value: str, place: Place) -> Iterator[Problem]:
    """A field that no template has, or an answer that none of its questions allows."""
    own = {template.key for template in company.templates}
    known = [*company.templates, *(template for template in shipped() if template.key not in own)]
    found = [question for template in known if (question := template.question(name))]
    if close := get_close_matches(name, PROPERTIES, n=1, cutoff=_VERY_CLOSE):
        yield Problem(place=place, what=f'"{name}" is read as a field of the form. Did you mean "{close[0]}"?')
    elif not found:
        names = sorted({question.key for template in known for question in template.questions})
        what = f'No template has a field "{name}"; the rule applies only if one made in Slack has it.'
        yield Problem(place=place, what=what, misspelled=Misspelled(word=name, known=names))
    elif all(value not in _choices(question, value) for question in found):
        choices = sorted({choice for question in found for choice in _choices(question, value)})
        what = f'"{value}" is not an answer to "{name}", so this never applies.'
        yield Problem(place=place, what=what, misspelled=Misspelled(word=value, known=choices))


def _choices(question: Question, value: str) -> Collection[str]:
    """The possible answers of a field; any `value` if they cannot be known."""
    rule = ANSWER_RULES[question.kind]
    return rule.fixed_answers or (question.options if rule.takes_options else {value})
