"""Problems of templates in the file, all at once, each with its line and a fix."""

from __future__ import annotations

import pytest

from slackapp.company.rules.read import read
from slackapp.templates.rules.shipped import shipped
from slackapp.templates.rules.template_checks import template_problems
from slackapp.templates.rules.write import plain_template
from tests.company.company_files import problems

HEAD = "version: 1\ntemplates:\n  - key: a\n    name: A\n"


def template(line: str, *fields: str) -> str:
    """A file with one template: a line of its own, and its fields one a line, the first in line 7."""
    return f"{HEAD}    {line}\n    fields:\n" + "".join(f"      - {field}\n" for field in fields)


def fields(*written: str) -> str:
    return template("note: optional", *written)


LAMP = "{key: risk, label: Lamp, type: lamp}"
SHORT = "{key: why, label: Why, type: short}"
QUIET = "{key: quiet, label: Quiet, type: tick, waives: yes}"

TABLE = [
    (
        template("naem: B"),
        ['line 5, templates[0].naem: is not a key that Baton knows here. Did you mean "name"?'],
    ),
    (
        fields("{key: a, label: A, type: shrot}"),
        ['line 7, templates[0].fields[0].type: "shrot" is not a type of field. Did you mean "short"? Write one of'],
    ),
    (
        fields("{key: a, label: A, type: short, lable: B}"),
        ['line 7, templates[0].fields[0].lable: is not a key that Baton knows here. Did you mean "label"?'],
    ),
    (
        fields(SHORT, SHORT),
        ['line 8, templates[0].fields[1].key: "why" is the key of two fields. Give one of them another key.'],
    ),
    (
        fields("{key: title, label: A, type: short}"),
        ['line 7, templates[0].fields[0].key: "title" is already a key of every form. Give the field another'],
    ),
    (
        fields("{key: Why not, label: A, type: short}"),
        ['line 7, templates[0].fields[0].key: "Why not" is not a valid key of a field. Use small letters,'],
    ),
    (
        "version: 1\ntemplates:\n- {key: a, name: A}\n- {key: a, name: B}",
        ['line 4, templates[1].key: "a" is the key of two templates. Give one of them another key.'],
    ),
    # conditions
    (
        fields(LAMP, "{key: b, label: B, type: short, shown_when: {rsik: watch}}"),
        ['line 8, templates[0].fields[1].shown_when.rsik: There is no field "rsik" in this template. Did you mean'],
    ),
    (
        fields("{key: b, label: B, type: short, shown_when: {risk: watch}}", LAMP),
        ['line 7, templates[0].fields[0].shown_when.risk: depends on "risk", which is asked later. Move that field up'],
    ),
    (
        fields("{key: b, label: B, type: lamp, required_when: {b: watch}}"),
        ["line 7, templates[0].fields[0].required_when.b: depends on its own answer. Name another field."],
    ),
    (
        fields(
            "{key: a, label: A, type: tick, shown_when: {c: yes}}",
            "{key: b, label: B, type: tick, shown_when: {a: yes}}",
            "{key: c, label: C, type: tick, shown_when: {b: yes}}",
        ),
        ["line 7, templates[0].fields[0].shown_when.c: Fields depend on each other: a → c → b → a. Remove one of"],
    ),
    (
        fields(
            "{key: a, label: A, type: tick, shown_when: {b: yes}}",
            "{key: b, label: B, type: tick, shown_when: {c: yes}}",
            "{key: c, label: C, type: tick, shown_when: {b: yes}}",
        ),
        [
            'line 7, templates[0].fields[0].shown_when.b: depends on "b", which is asked later. Move that field up,',
            "line 8, templates[0].fields[1].shown_when.c: Fields depend on each other: b → c → b. Remove one of",
        ],
    ),
    (
        fields(LAMP, "{key: b, label: B, type: short, shown_when: {risk: [wotch, stable]}}"),
        [
            (
                'line 8, templates[0].fields[1].shown_when.risk[0]: "wotch" is not an answer to "risk". Did you mean '
                '"watch"? Name some of stable, watch, unstable.'
            )
        ],
    ),
    (
        fields(LAMP, "{key: b, label: B, type: short, shown_when: {risk: []}}"),
        ["line 8, templates[0].fields[1].shown_when.risk: is empty. Name some of stable, watch, unstable."],
    ),
    (
        fields("{key: t, label: T, type: tick}", "{key: b, label: B, type: short, shown_when: {t: no}}"),
        ['line 8, templates[0].fields[1].shown_when.t: "no" is not an answer to "t". Name some of yes.'],
    ),
    (
        fields(SHORT, "{key: b, label: B, type: short, shown_when: {why: x}}"),
        ['line 8, templates[0].fields[1].shown_when.why: "why" is of the type short, which has no fixed answers.'],
    ),
    (
        fields(QUIET, "{key: b, label: B, type: short, shown_when: {quiet: yes}}"),
        ['line 8, templates[0].fields[1].shown_when.quiet: "quiet" waives all other fields, so nothing is asked'],
    ),
    (
        fields(LAMP, "{key: b, label: B, type: short, required: yes, shown_when: {risk: watch}}"),
        ["line 8, templates[0].fields[1].required: is required but not always asked. Use required_when"],
    ),
    # the card
    (
        template("card: [a, b, c, d, e, f]", *(f"{{key: {key}, label: A, type: short}}" for key in "abcdef")),
        ["line 5, templates[0].card: names 6 fields, and a card shows at most 5. Keep the 5 that decide"],
    ),
    (
        template("card: [wy, why, why]", SHORT),
        [
            'line 5, templates[0].card[0]: There is no field "wy" in this template. Did you mean "why"? Name a field',
            'line 5, templates[0].card[2]: names "why" twice. Name each field once.',
        ],
    ),
    # types
    (
        fields("{key: m, label: M, type: multi, confirms: [m, whi, why]}", SHORT),
        [
            "line 7, templates[0].fields[0].confirms[0]: confirms itself. Name the fields that it confirms.",
            'line 7, templates[0].fields[0].confirms[1]: There is no field "whi" in this template. Did you mean "why"?',
        ],
    ),
    (
        fields("{key: m, label: M, type: choice, confirms: [why]}", SHORT),
        ["line 7, templates[0].fields[0].confirms: is of the type choice and confirms others. Make its type multi,"],
    ),
    (
        fields("{key: m, label: M, type: multi, options: [a], confirms: [why]}", SHORT),
        ["line 7, templates[0].fields[0].options: has options and confirms others: those others are its options."],
    ),
    (
        fields(QUIET, "{key: still, label: B, type: tick, waives: yes}"),
        ['line 8, templates[0].fields[1].waives: waives the others, and so does "quiet". Keep one of them.'],
    ),
    (
        fields("{key: quiet, label: Quiet, type: tick, waives: yes, required: yes}"),
        ["line 7, templates[0].fields[0].waives: waives the others, so it can't be required: nothing else"],
    ),
    (
        fields("{key: quiet, label: Quiet, type: short, waives: yes}"),
        ["line 7, templates[0].fields[0].waives: is of the type short and waives the others. Make its type tick,"],
    ),
    (
        fields("{key: c, label: C, type: choice}"),
        ["line 7, templates[0].fields[0].options: has no options to choose from. Add some, or choose another type."],
    ),
    (
        fields("{key: c, label: C, type: long, options: [a, b]}"),
        ["line 7, templates[0].fields[0].options: is of the type long and has options. Make its type choice, multi"],
    ),
    (
        fields("{key: c, label: C, type: choice, options: [None yet, none  yet]}"),
        ["line 7, templates[0].fields[0].options: has none_yet twice. Give every option its own words."],
    ),
    (
        fields("{key: c, label: C, type: lamp, options: [good, bad]}"),
        ["line 7, templates[0].fields[0].options: is a lamp with 2 options. Name three, from good to bad, or make it"],
    ),
    (
        fields("{key: n, label: N, type: number, min: '10', max: '2.5'}"),
        ["line 7, templates[0].fields[0].min: 10 is more than max, 2.5. Swap them."],
    ),
    (
        fields("{key: n, label: N, type: short, max: '2.5'}"),
        ["line 7, templates[0].fields[0].max: is a bound, and its type is short. Make its type number, or remove"],
    ),
    # the whole
    (
        template("read_back_ask: What is it?", SHORT),
        ["line 5, templates[0].read_back_ask: is never asked, because there is no read-back. Make the read-back soft"],
    ),
    (
        fields(*(f"{{key: f{n}, label: A, type: short}}" for n in range(63))),
        ["line 7, templates[0].fields: has 63 fields, and Slack has room for 60. Remove 3, or make two templates"],
    ),
    (
        (
            "version: 1\nqueues:\n  - {key: a, name: A, channel: C1, templates: [own, ae_cms]}\n"
            "templates: [{key: own, name: Own}]"
        ),
        [
            (
                'line 3, queues[0].templates[1]: There is no template "ae_cms". Did you mean "ae_csm"? Add it under '
                "templates or name another: own, general, bant,"
            )
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=range(len(TABLE)))
def test_a_problem_says_where_it_is_what_it_is_and_how_to_mend_it(text: str, expected: list[str]) -> None:
    found = problems(text)

    for problem, beginning in zip(found, expected, strict=True) if len(expected) == len(found) else ():
        assert problem.startswith(beginning)
    assert len(found) == len(expected), found


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = problems(
        template(
            "card: [x]",
            "{key: title, label: A, type: shrot}",
            "{key: c, label: C, type: choice, required: yes, shown_when: {d: e}}",
            "{key: n, label: N, type: number, min: b}",
        )
    )

    assert [line.split(":")[0] for line in found] == [
        "line 5, templates[0].card[0]",
        "line 7, templates[0].fields[0].key",
        "line 7, templates[0].fields[0].type",
        "line 8, templates[0].fields[1].options",
        "line 8, templates[0].fields[1].required",
        "line 8, templates[0].fields[1].shown_when.d",
        "line 9, templates[0].fields[2].min",
    ]


def test_a_type_that_is_no_word_is_told_as_any_other_wrong_value() -> None:
    (problem,) = problems(fields("{key: a, label: A, type: {short: yes}}"))

    assert problem.startswith("line 7, templates[0].fields[0].type: should be a text, not a list or a mapping.")


@pytest.mark.parametrize("key", [template.key for template in shipped()])
def test_what_comes_with_baton_is_held_to_the_same(key: str) -> None:
    (template,) = [one for one in shipped() if one.key == key]

    assert template_problems(plain_template(template)) == ()


def rule(when: str) -> list[str]:
    """The warnings of a file whose only policy has a rule for such handoffs."""
    text = (
        "version: 1\npolicies: [{key: p, targets: {claim: {normal: 1h}}, rules: "
        f"[{{when: {when}, targets: {{claim: {{normal: 5m}}}}}}]}}]\n"
        "templates: [{key: own, name: Own, fields: [{key: tier, label: P, type: choice, options: [gold, silver]}]}]\n"
    )
    return [told.what for told in read(text).notices if told.place[0] == "policies"]


def test_a_template_that_no_queue_offers_is_told() -> None:
    offered = "\nqueues: [{key: q, name: Q, channel: C1, members: [U1], templates: [own]}]"
    text = "version: 1\ntemplates: [{key: own, name: Own}]"

    assert [str(told) for told in read(text).notices] == ['line 2, templates[0]: No queue offers the template "own".']
    assert read(text + offered).notices == ()


def test_a_rule_about_a_field_or_an_answer_that_no_template_has_is_told() -> None:
    assert rule("{tier: [gold], risk: watch, why_now: anything}") == []
    assert rule("{teir: gold}") == [
        'No template has a field "teir"; the rule applies only if one made in Slack has it. Did you mean "tier"?'
    ]
    assert rule("{tier: [gold, slver]}") == [
        '"slver" is not an answer to "tier", so this never applies. Did you mean "silver"?'
    ]
    assert rule("{met_authority: no}") == ['"no" is not an answer to "met_authority", so this never applies.']
