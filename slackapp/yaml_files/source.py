"""A YAML text as plain mappings, lists and strings, with the line of every value.

Every scalar stays the written string, so `country: NO` is Norway and `09:00` is no number; an empty one is None.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any, Final

import yaml
from yaml.composer import Composer
from yaml.events import ScalarEvent
from yaml.reader import ReaderError
from yaml.resolver import BaseResolver

from slackapp.yaml_files.problems import MOST_TOLD, Place, Problem, from_pydantic, place_of

Plain = str | list["Plain"] | dict[str, "Plain"] | None

_MOST_REPEATED: Final = 100_000
"""Nodes that anchors may repeat: a few lines of anchors can stand for more than any memory holds."""
_FIX_FIRST: Final = "Fix these first, then check the file again."
_PLAIN_TAGS: Final = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))


@dataclass(frozen=True, kw_only=True)
class YamlSource:
    """The contents of a file. If it has problems, `data` holds the parts that could be read."""

    data: Plain = None
    lines: Mapping[Place, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    repeats: bool = False
    """Whether anchors repeat parts of it, whose lines are before those of what is around them."""

    def line(self, place: Place) -> int:
        """The line of a place, or of its nearest parent that has one."""
        lines = self.lines
        while place:
            if (line := lines.get(place)) is not None:
                return line
            place = place[:-1]
        return lines.get((), 0)

    def written(self, place: Place) -> Place:
        """The place as written in the file: the only item of a list may stand there without its list."""
        return place[:-1] if place and isinstance(place[-1], int) and place not in self.lines else place


def load(text: str) -> YamlSource:
    """Parse a YAML text. Never raises: errors become problems."""
    try:
        return _read(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        what = f"This is not YAML: {error.problem or error.context or 'it cannot be read'}."
        return YamlSource(problems=(Problem(line=line, what=what, fix="Look at the indentation and quotes there."),))
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"The character U+{error.character:04X} is not allowed in a YAML file."
        return YamlSource(problems=(Problem(line=line, what=what, fix="Delete it."),))
    except RecursionError:
        return YamlSource(
            problems=(Problem(what="The file is nested too deeply.", fix="Compare it with the example."),)
        )


def _read(text: str) -> YamlSource:
    node = _compose(text)
    if node is None:
        fix = "Start with docs/baton.example.yml."
        return YamlSource(problems=(Problem(what="The file is empty.", fix=fix),))
    reading = _Reader()
    data = reading.plain(node, (), ())
    return YamlSource(data=data, lines=reading.lines, problems=tuple(reading.problems), repeats=reading.repeats)


if yaml.__with_libyaml__:
    from yaml._yaml import CParser

    class _QuickLoader(Composer, CParser, BaseResolver):
        """libyaml's parser, several times as fast, with PyYAML's composer: its own crashes on too many brackets."""

        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            Composer.__init__(self)
            BaseResolver.__init__(self)

        def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
            """Compose a scalar without anchor and tag, as nearly all are, at once; anything else as PyYAML does."""
            event = self.peek_event()
            if type(event) is not ScalarEvent or event.anchor is not None or event.tag is not None:
                return super().compose_node(parent, index)
            self.get_event()
            return yaml.ScalarNode(
                BaseResolver.DEFAULT_SCALAR_TAG,
                event.value,
                event.start_mark,  # type: ignore[arg-type]  # libyaml's marks
                event.end_mark,  # type: ignore[arg-type]
                style=event.style,
            )


def _compose(text: str) -> yaml.Node | None:
    """The nodes of a text. What libyaml cannot read is read again by PyYAML, whose errors say more.

    Raises:
        yaml.YAMLError: it is not YAML.
        RecursionError: it is nested too deeply.
    """
    if yaml.__with_libyaml__:
        with suppress(yaml.YAMLError, UnicodeError):
            return _QuickLoader(text).get_single_node()
    return yaml.compose(text, Loader=yaml.BaseLoader)


class _Reader:
    """One pass over the nodes of a file."""

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []
        self._seen: set[int] = set()
        self._repeated = 0

    @property
    def repeats(self) -> bool:
        """Whether a node was read more than once."""
        return self._repeated > 0

    def plain(self, node: yaml.Node, place: Place, around: tuple[int, ...]) -> Plain:
        """Turn a node into plain data. `around` holds its parent nodes, for anchors that contain themselves."""
        self.lines[place] = node.start_mark.line + 1
        self._repeated += id(node) in self._seen
        self._seen.add(id(node))
        if id(node) in around or self._repeated > _MOST_REPEATED:
            self._wrong(node, place, "This repeats itself too often.", "Write it out instead of using anchors.")
            return None
        if node.tag not in _PLAIN_TAGS:
            self._wrong(node, place, f'The tag "{node.tag}" is not understood.', "Leave it out.")
        inside = (*around, id(node))
        if isinstance(node, yaml.MappingNode):
            return {key: self.plain(value, (*place, key), inside) for key, value in self._pairs(node, place)}
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(value, (*place, n), inside) for n, value in enumerate(node.value)]
        quoted = isinstance(node, yaml.ScalarNode) and bool(node.style)
        return str(node.value) if node.value or quoted else None

    def _pairs(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, yaml.Node]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self._wrong(key, place, "A key must be a single word.", "Compare this with the example.")
            elif key.value == "<<" and not key.style:
                what, fix = "Merge keys (<<) are not read.", "Write the contents of the anchor here and remove <<."
                self._wrong(key, (*place, key.value), what, fix)
            elif key.value in seen:
                what = f'"{key.value}" appears twice; the first is in line {seen[key.value]}.'
                self._wrong(key, (*place, key.value), what, "Keep one of them.")
            else:
                seen[key.value] = line
                yield key.value, value

    def _wrong(self, node: yaml.Node, place: Place, what: str, fix: str) -> None:
        if self._repeated <= _MOST_REPEATED + 1:
            self.problems.append(Problem(place=place, line=node.start_mark.line + 1, what=what, fix=fix))


def first_in_order(
    problems: Iterable[Problem],
    source: YamlSource,
    findings: Iterable[Any] = (),
    known_keys: Sequence[str] = (),
    *,
    unlisted: int = 0,
) -> tuple[Problem, ...]:
    """The first `MOST_TOLD` of problems and of pydantic's errors, by line, and a last one that counts the others.

    Only those that are told get their words, which takes longer than finding them. `unlisted` more errors are only
    counted.
    """
    found = [(problem.line or source.line(problem.place), problem, None) for problem in problems]
    errors = [(source.line(place_of(finding)), None, finding) for finding in findings]
    first = heapq.nsmallest(MOST_TOLD, [*found, *errors], key=itemgetter(0))
    told = [_placed(problem or from_pydantic(finding, known_keys), source) for _, problem, finding in first]
    return (
        *told,
        *_rest(len(found) + len(errors) + unlisted - len(told), "problem", _FIX_FIRST),
    )


def first_notices(notices: Iterable[Problem], source: YamlSource) -> tuple[Problem, ...]:
    """The first `MOST_TOLD` of notices, by line, and a last one that counts the others."""
    found = list(notices)
    first = heapq.nsmallest(MOST_TOLD, found, key=lambda notice: notice.line or source.line(notice.place))
    return (*(_placed(notice, source) for notice in first), *_rest(len(found) - len(first), "notice"))


def _placed(problem: Problem, source: YamlSource) -> Problem:
    line = problem.line or source.line(problem.place)
    return replace(problem.with_guess(), place=source.written(problem.place), line=line)


def _rest(number: int, called: str, fix: str = "") -> Iterator[Problem]:
    if number > 0:
        yield Problem(
            what=f"There {f'is 1 more {called}' if number == 1 else f'are {number} more {called}s'}.", fix=fix
        )
