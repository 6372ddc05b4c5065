"""A small schema language for Block Kit: kinds of value, each with a check that yields problems.

The tables beside this module say which shapes Slack takes, by nesting these; only the code here walks a payload.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from slackapp.local.blockkit.lengths import utf16_units
from slackapp.local.blockkit.mrkdwn import MISREAD, misread
from slackapp.local.blockkit.problem import BlockKitProblem, step

Rule = Callable[[Mapping[str, Any], str], Iterator[BlockKitProblem]]


@dataclass(frozen=True, kw_only=True)
class Value:
    """Any value at all. The parent of all kinds."""

    required: bool = False

    def check(self, value: Any, at: str) -> Iterator[BlockKitProblem]:
        """Yield what is wrong with `value`, which stands at pointer `at`."""
        del value, at
        yield from ()


@dataclass(frozen=True, kw_only=True)
class String(Value):
    """A JSON string. Its lengths are counted as `lengths` says."""

    most: int | None = None
    fewest: int = 1
    pattern: str | None = None
    choices: tuple[str, ...] = ()

    def check(self, value: Any, at: str) -> Iterator[BlockKitProblem]:
        """Yield problems of type, length, pattern and choice."""
        if not isinstance(value, str):
            yield _wrong_type(at, "a string")
            return
        yield from length_problems(value, at, self.fewest, self.most)
        if self.choices and value not in self.choices:
            yield BlockKitProblem(pointer=at, rule="not_one_of", message=f"must be one of {', '.join(self.choices)}")
        if self.pattern and not re.fullmatch(self.pattern, value):
            yield BlockKitProblem(pointer=at, rule="bad_format", message=f"must match {self.pattern}")


@dataclass(frozen=True, kw_only=True)
class Mrkdwn(String):
    """A text in mrkdwn: what Slack would misread in it is a problem."""

    def check(self, value: Any, at: str) -> Iterator[BlockKitProblem]:
        """Yield problems of a string, then of what it refers to."""
        yield from super().check(value, at)
        if isinstance(value, str) and (found := misread(value)) is not None:
            message = f"Slack would misread this, which has to be escaped or percent-encoded: {found}"
            yield BlockKitProblem(pointer=at, rule=MISREAD, message=message)


@dataclass(frozen=True, kw_only=True)
class Integer(Value):
    """A whole number between two bounds, both included."""

    low: int
    high: int

    def check(self, value: Any, at: str) -> Iterator[BlockKitProblem]:
        """Yield problems of type and range."""
        if not isinstance(value, int) or isinstance(value, bool):
            yield _wrong_type(at, "an integer")
        elif not self.low <= value <= self.high:
            yield BlockKitProblem(pointer=at, rule="out_of_range", message=f"must be from {self.low} to {self.high}")


@dataclass(frozen=True, kw_only=True)
class Flag(Value):
    """True or false."""

    def check(self, value: Any, at: str) -> Iterator[BlockKitProblem]:
        """Yield a problem unless it is a boolean."""
        if not isinstance(value, bool):
            yield _wrong_type(at, "true or false")


@dataclass(frozen=True, kw_only=True)
class TextObject(Value):
    """A text object: `plain_text`, or `mrkdwn` where `plain` is false."""

    most: int
    plain: bool = False

    def check(self, value: Any, at: str) -> Iterator[BlockKitProblem]:
        """Yield problems of kind, keys and length."""
        if not isinstance(value, Mapping):
            yield _wrong_type(at, "a text object")
            return
        kind = value.get("type")
        if kind not in ("plain_text", "mrkdwn"):
            yield BlockKitProblem(pointer=step(at, "type"), rule="unknown_type", message="must be plain_text or mrkdwn")
            return
        if self.plain and kind == "mrkdwn":
            yield BlockKitProblem(pointer=step(at, "type"), rule="plain_text_needed", message="must be plain_text here")
        yield from (_PLAIN if kind == "plain_text" else _MRKDWN).check(value, at)
        if isinstance(value.get("text"), str):
            yield from length_problems(value["text"], step(at, "text"), 1, self.most)


@dataclass(frozen=True, kw_only=True)
class ListOf(Value):
    """A list of one kind of value, with its smallest and greatest length."""

    of: Value
    most: int | None = None
    fewest: int = 1

    def check(self, value: Any, at: str) -> Iterator[BlockKitProblem]:
        """Yield problems of count, then of each item."""
        if not isinstance(value, list):
            yield _wrong_type(at, "a list")
            return
        if len(value) < self.fewest:
            yield BlockKitProblem(
                pointer=at, rule="too_few", message=f"must have at least {_count(self.fewest, 'item')}"
            )
        if self.most is not None and len(value) > self.most:
            yield BlockKitProblem(pointer=at, rule="too_many", message=f"must have at most {_count(self.most, 'item')}")
        for index, item in enumerate(value):
            yield from self.of.check(item, step(at, index))


@dataclass(frozen=True, kw_only=True)
class Shape(Value):
    """An object with known keys; others are refused, as Slack's own schema does (additionalProperties: false).

    Attributes:
        fields: the keys and what may stand there.
        rules: what must hold between keys.
        closed: whether unknown keys are refused.
    """

    fields: Mapping[str, Value]
    rules: tuple[Rule, ...] = ()
    closed: bool = True

    def check(self, value: Any, at: str) -> Iterator[BlockKitProblem]:
        """Yield missing and unknown keys, then problems of each key, then of the rules between them."""
        if not isinstance(value, Mapping):
            yield _wrong_type(at, "an object")
            return
        for key, field in self.fields.items():
            if key in value:
                yield from field.check(value[key], step(at, key))
            elif field.required:
                yield BlockKitProblem(pointer=at, rule="required", message=f"missing required field: {key}")
        if self.closed:
            for key in value:
                if key not in self.fields:
                    yield BlockKitProblem(pointer=at, rule="unknown_key", message=f"invalid additional property: {key}")
        for rule in self.rules:
            yield from rule(value, at)


@dataclass(frozen=True, kw_only=True)
class TypedObject(Value):
    """One of several objects told apart by their `type`.

    Attributes:
        noun: what they are called in a message.
        known: every object of this sort that Slack has.
        allowed: those that may stand here; empty means all of `known`.
        not_modelled: types that Slack has and these tables do not describe.
    """

    noun: str
    known: Mapping[str, Shape]
    allowed: frozenset[str] = frozenset()
    not_modelled: frozenset[str] = frozenset()

    def check(self, value: Any, at: str) -> Iterator[BlockKitProblem]:
        """Yield whether the type is known and may stand here, then the problems of its shape."""
        if not isinstance(value, Mapping):
            yield _wrong_type(at, f"a {self.noun} object")
            return
        kind = value.get("type")
        if not isinstance(kind, str):
            yield BlockKitProblem(pointer=at, rule="required", message="missing required field: type")
        elif kind in self.not_modelled:
            yield BlockKitProblem(
                pointer=at, rule="not_modelled", message=f"{self.noun} {kind} is not checked here: avoid it"
            )
        elif kind not in self.known:
            yield BlockKitProblem(pointer=at, rule="unknown_type", message=f"unsupported {self.noun} type: {kind}")
        else:
            if self.allowed and kind not in self.allowed:
                yield BlockKitProblem(
                    pointer=at, rule="not_allowed_here", message=f"a {kind} {self.noun} is not allowed here"
                )
            yield from self.known[kind].check(value, at)


_PLAIN = Shape(fields={"type": Value(), "text": String(required=True, fewest=0), "emoji": Flag()})
_MRKDWN = Shape(fields={"type": Value(), "text": Mrkdwn(required=True, fewest=0), "verbatim": Flag()})


def length_problems(text: str, at: str, fewest: int, most: int | None) -> Iterator[BlockKitProblem]:
    """Yield a problem when `text` is shorter or longer than allowed."""
    if len(text) < fewest:
        yield BlockKitProblem(pointer=at, rule="too_short", message=f"must have at least {_count(fewest, 'character')}")
    if most is not None and utf16_units(text) > most:
        yield BlockKitProblem(pointer=at, rule="too_long", message=f"must have at most {_count(most, 'character')}")


def _wrong_type(at: str, wanted: str) -> BlockKitProblem:
    return BlockKitProblem(pointer=at, rule="wrong_type", message=f"must be {wanted}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
