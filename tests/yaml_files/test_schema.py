"""A mapping of the file read in part: what stands beside a value that cannot be used is still there to be checked."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import Field

from slackapp.yaml_files.schema import FilePart

Key = Annotated[str, Field(max_length=3)]


class Shapes(FilePart):
    """A field of every shape that the file has."""

    text: Key
    may_be_text: Key | None = None
    number: int | None = None
    texts: tuple[Key, ...] = ()
    may_be_texts: tuple[Key | None, ...] = ()
    numbers: tuple[int, ...] = ()
    by_key: dict[Key, int] = {}  # noqa: RUF012 - pydantic copies it


@pytest.mark.parametrize(
    ("field", "written", "read"),
    [
        ("text", "abc", "abc"),
        ("text", "too long", "too long"),
        ("text", ["a"], None),
        ("may_be_text", "abc", "abc"),
        ("may_be_text", "too long", "too long"),
        ("may_be_text", ["a"], None),
        ("number", "7", 7),
        ("number", "seven", None),
        ("texts", ["a", "too long", ["b"]], ("a", "too long", "")),
        ("texts", "too long", ("too long",)),
        ("texts", {"a": "b"}, ()),
        ("may_be_texts", ["a", "too long", ["b"]], ("a", "too long", "")),
        ("numbers", ["7", "seven"], (7, None)),
        ("by_key", {"a": "1", "too long": "one"}, {"a": 1, "too long": None}),
        ("by_key", "a", None),
    ],
)
def test_of_a_value_that_cannot_be_used_its_texts_and_its_usable_parts_are_read(
    field: str, written: Any, read: Any
) -> None:
    assert getattr(Shapes.read_in_part({field: written}), field) == read


def test_what_is_missing_is_none_and_what_is_unknown_is_left_out() -> None:
    part: Any = Shapes.read_in_part({"nuber": "7", "number": None})

    assert (part.text, part.number, part.texts) == (None, None, ())
