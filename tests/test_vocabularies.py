"""Each vocabulary stands in one table: a row of words per member, and no second mapping beside it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from enum import Enum
from types import ModuleType
from typing import Any

import pytest

import slackapp
from slackapp.policy.answer_rules import ANSWER_RULES
from slackapp.views import words
from slackapp.views.answer_types import ANSWER_TYPES
from storage.lifecycle import Verb
from storage.questions import Kind


def modules() -> Iterator[ModuleType]:
    """Every module that draws something."""
    for found in pkgutil.walk_packages(slackapp.__path__, "slackapp."):
        if "views" in found.name.split("."):
            yield importlib.import_module(found.name)


def tables_of(vocabulary: type[Enum]) -> list[Mapping[Any, Any]]:
    """The mappings that have words for every member, wherever a view keeps one of its own."""
    return [
        vars(module)[name]
        for module in modules()
        for name in vars(module).get("__annotations__", {})
        if isinstance(value := vars(module).get(name), Mapping)
        and set(value) >= set(vocabulary)
        and says_something(value)
    ]


def says_something(table: Mapping[Any, Any]) -> bool:
    return any(isinstance(part, str) for row in table.values() for part in (row, *parts_of(row)))


def parts_of(row: Any) -> list[Any]:
    return list(vars(row).values()) if hasattr(row, "__dict__") else []


@pytest.mark.parametrize(("vocabulary", "table"), [(Verb, words.VERB_WORDS), (Kind, ANSWER_TYPES)])
def test_a_vocabulary_has_a_row_of_words_for_each_member_in_one_table_only(
    vocabulary: type[Enum], table: Mapping[Any, Any]
) -> None:
    assert set(table) == set(vocabulary)
    assert tables_of(vocabulary) == [table]


def test_no_words_of_a_verb_are_empty() -> None:
    assert [verb for verb, row in words.VERB_WORDS.items() if not all(parts_of(row))] == []


def test_each_kind_of_question_has_its_rules_and_its_looks() -> None:
    assert set(ANSWER_RULES) == set(ANSWER_TYPES) == set(Kind)
