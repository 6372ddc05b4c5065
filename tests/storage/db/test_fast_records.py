"""Records made in one go are the same as those that constructors make."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest
from sqlalchemy import Table

from storage.clocks.model import Timer
from storage.clocks.tables import timers
from storage.company.model import Person
from storage.company.tables import people
from storage.db.fast_records import construct, copy
from storage.handoffs.model import Handoff
from storage.handoffs.tables import handoffs
from tests.builders import TEAM


@pytest.mark.parametrize(
    ("table", "kind", "searched"), [(handoffs, Handoff, []), (timers, Timer, []), (people, Person, ["folded"])]
)
def test_the_columns_that_are_read_are_exactly_the_fields_of_the_record(
    table: Table, kind: type[Any], searched: list[str]
) -> None:
    assert sorted(table.columns.keys()) == sorted([*(field.name for field in fields(kind)), *searched])


def test_a_record_made_in_one_go_equals_a_constructed_one_and_is_as_frozen() -> None:
    ana = Person(workspace=TEAM, id="UANA", name="Ana")

    same = construct(Person, {field.name: getattr(ana, field.name) for field in fields(Person)})

    assert same == ana
    assert hash(same) == hash(ana)
    with pytest.raises(FrozenInstanceError):
        same.name = "Eve"  # type: ignore[misc]  # that is the point


def test_changing_a_record_leaves_the_old_one_as_it_was() -> None:
    ana = Person(workspace=TEAM, id="UANA", name="Ana")

    assert copy(ana, name="Anna", manager="UMAX") == replace(ana, name="Anna", manager="UMAX")
    assert ana == Person(workspace=TEAM, id="UANA", name="Ana")
