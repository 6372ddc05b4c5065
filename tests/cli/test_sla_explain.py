"""`baton sla explain`: what a policy promises, for people and for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from slackapp.cli.program import program

EXAMPLE = Path(__file__).parents[2] / "docs" / "baton.example.yml"
SLA = f"--config {EXAMPLE} --queue success --at 2026-11-20T10:00"


def answer(sla: str, *more: str) -> Any:
    done = CliRunner().invoke(program(), ["sla", "explain", *sla.split(), *more, "--json"])
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_the_promises_of_a_queue_are_told_to_scripts() -> None:
    sla = f"--config {EXAMPLE} --queue success --priority high --at 2026-11-20T17:55"

    clocks = {clock["clock"]: clock for clock in answer(sla)["clocks"]}

    assert list(clocks) == ["claim", "first_action", "update", "finish", "respond"]
    claim = clocks["claim"]
    assert (claim["target_s"], claim["due_at"]) == (600, "2026-11-23T08:05:00+00:00")
    assert claim["explanation"][-1] == "That is Mon 23 Nov 2026 at 09:05 (Europe/Berlin)."
    assert claim["levels"][0] == {
        "key": "nudge",
        "at": "50%",
        "due_at": "2026-11-20T17:00:00+00:00",
        "tell": ["channel"],
        "do": None,
        "within_s": None,
        "to": None,
    }
    assert [(level["key"], level["at"]) for level in claim["levels"]] == [
        ("nudge", "50%"),
        ("late", "100%"),
        ("later", "100%+30m"),
        ("later#2", "100%+1h"),
        ("later#3", "100%+1h30m"),
        ("later#4", "100%+2h"),
        ("page", "100%+2h"),
    ]


def test_a_rule_is_explained_with_what_the_form_holds() -> None:
    sla = f"--config {EXAMPLE} --queue success --at 2026-11-20T17:30 --priority high"

    def finish(*more: str) -> tuple[int, int | None]:
        (clock,) = [one for one in answer(sla, *more)["clocks"] if one["clock"] == "finish"]
        return clock["target_s"], clock["rule"]

    assert finish() == finish("--template", "ae_csm") == (8 * 3600, 1)
    assert finish("--template", "project", "--field", "plan=gold") == (16 * 3600, None)


def test_properties_of_every_kind_choose_the_rule(tmp_path: Path) -> None:
    company = tmp_path / "company.yml"
    rules = ["{plan: gold}", "{sender: U1}", "{source: message}", "{queue: other}"]
    lines = [f"- {{when: {when}, targets: {{claim: {{normal: {n}h}}}}}}" for n, when in enumerate(rules, start=1)]
    company.write_text(
        "version: 1\nqueues:\n"
        "- {key: a, name: A, channel: C1, policy: p}\n- {key: other, name: B, channel: C2, policy: p}\n"
        "policies:\n- key: p\n  rules:\n  " + "\n  ".join(lines) + "\n",
        encoding="utf-8",
    )

    def hours(*more: str) -> list[int]:
        told = answer(f"--config {company} --at 2026-11-20T17:30", *more)
        return [clock["target_s"] // 3600 for clock in told["clocks"]]

    a = ("--queue", "a")
    assert hours(*a) == []
    assert hours(*a, "--field", "plan=gold") == [1]
    assert hours(*a, "--sender", "U1") == [2]
    assert hours(*a, "--from-message") == [3]
    assert hours("--queue", "other") == [4]


def test_the_instant_that_a_form_names_is_explained() -> None:
    sla = f"--config {EXAMPLE} --queue success --at 2026-11-20T17:30 --needed-by 2026-11-25T09:30"

    *_, needed_by = answer(sla)["clocks"]

    assert (needed_by["clock"], needed_by["due_at"]) == ("needed_by", "2026-11-25T08:30:00+00:00")
    assert needed_by["explanation"][-1] == "That is Wed 25 Nov 2026 at 09:30 (Europe/Berlin)."
    (soon,) = needed_by["levels"]
    assert (soon["at"], soon["due_at"]) == ("100%-2h", "2026-11-24T15:30:00+00:00")  # two open hours before


def test_what_a_level_does_is_explained() -> None:
    sla = f"--config {EXAMPLE} --queue success --at 2026-11-20T17:30"

    clocks = {clock["clock"]: clock for clock in answer(sla)["clocks"]}

    (still,) = clocks["update"]["levels"]
    assert (still["do"], still["within_s"], still["tell"]) == ("check", 7200, [])
    (start,) = clocks["first_action"]["levels"]
    assert (start["do"], start["to"]) == ("reassign", "managers")


def test_people_are_told_when_no_clock_runs(tmp_path: Path) -> None:
    company = tmp_path / "company.yml"
    company.write_text("version: 1\nqueues: [{key: a, name: A, channel: C1}]\n", encoding="utf-8")

    done = CliRunner().invoke(
        program(), f"sla explain --config {company} --queue a --at 2026-11-20T10:00 --priority low".split()
    )

    assert done.stdout == "No timer runs in A for low priority: the policy has no target.\n"


def test_where_nobody_looks_on_no_sentence_is_broken_into_lines() -> None:
    field = f"customer={'x' * 120}"

    done = CliRunner().invoke(program(), ["sla", "explain", *SLA.split(), "--field", field])

    lines = done.stdout.splitlines()
    assert field in lines[0]
    for clock in answer(SLA, "--field", field)["clocks"]:
        assert f"  {clock['in_short']}" in lines


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("--template lunch", 'Customer Success does not offer the template "lunch". Known: ae_csm, project, renewal.'),
        ("--field plan", '"plan" is not a field with a value. Write it like plan=gold.'),
        ("--needed-by 2026-11-20T09:00", '"2026-11-20T09:00" is not after --at.'),
        ("--needed-by 2026-11-20T10:00", '"2026-11-20T10:00" is not after --at.'),
    ],
)
def test_wrong_use_is_told_with_a_remedy(more: str, sentence: str) -> None:
    done = CliRunner().invoke(program(), f"sla explain {SLA} {more}".split())

    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr
