"""A YAML text as plain mappings, lists and strings, with the line of every value.

Every scalar stays the written string, so `country: NO` is Norway and `09:00` is no number; an empty one is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import yaml
from yaml.reader import ReaderError

from slackapp.yaml_files.problems import Place, Problem

Plain = str | list["Plain"] | dict[str, "Plain"] | None

_MOST_NODES: Final = 100_000
_PLAIN_TAGS: Final = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))


@dataclass(frozen=True, kw_only=True)
class YamlSource:
    """The contents of a file. If it has problems, `data` holds the parts that could be read."""

    data: Plain = None
    lines: Mapping[Place, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def line(self, place: Place) -> int:
        """The line of a place, or of its nearest parent that has one."""
        return next((self.lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in self.lines), 0)

    def written(self, place: Place) -> Place:
        """The place as written in the file: the only item of a list may stand there without its list."""
        return place[:-1] if place and isinstance(place[-1], int) and place not in self.lines else place


def load(text: str) -> YamlSource:
    """Parse a YAML text. Never raises: errors become problems."""
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        what = f"This is not YAML: {error.problem or error.context or 'it cannot be read'}."
        return YamlSource(problems=(Problem(line=line, what=what, fix="Look at the indentation and quotes there."),))
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"The character U+{error.character:04X} cannot stand in a YAML file."
        return YamlSource(problems=(Problem(line=line, what=what, fix="Delete it."),))
    except RecursionError:
        return YamlSource(
            problems=(Problem(what="The file is nested too deeply.", fix="Compare it with the example."),)
        )
    if node is None:
        fix = "Start with docs/baton.example.yml."
        return YamlSource(problems=(Problem(what="The file is empty.", fix=fix),))
    reading = _Reader()
    data = reading.plain(node, (), ())
    return YamlSource(data=data, lines=reading.lines, problems=tuple(reading.problems))


class _Reader:
    """One pass over the nodes of a file."""

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []
        self._nodes = 0

    def plain(self, node: yaml.Node, place: Place, around: tuple[int, ...]) -> Plain:
        """Turn a node into plain data. `around` holds its parent nodes, for anchors that contain themselves."""
        self.lines[place] = node.start_mark.line + 1
        self._nodes += 1
        if id(node) in around or self._nodes > _MOST_NODES:
            self._wrong(node, place, "This repeats itself too often.", "Write it out instead of using anchors.")
            return None
        if node.tag not in _PLAIN_TAGS:
            self._wrong(node, place, f'The tag "{node.tag}" is not understood.', "Leave it out.")
        inside = (*around, id(node))
        if isinstance(node, yaml.MappingNode):
            return {key: self.plain(value, (*place, key), inside) for key, value in self._pairs(node, place)}
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(value, (*place, n), inside) for n, value in enumerate(node.value)]
        quoted = isinstance(node, yaml.ScalarNode) and node.style is not None
        return str(node.value) if node.value or quoted else None

    def _pairs(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, yaml.Node]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self._wrong(key, place, "A key must be a single word.", "Compare this with the example.")
            elif key.value == "<<" and key.style is None:
                what, fix = "Merge keys (<<) are not read.", "Write out here what the anchor holds, and take << out."
                self._wrong(key, (*place, key.value), what, fix)
            elif key.value in seen:
                what = f'"{key.value}" stands here a second time; the first is in line {seen[key.value]}.'
                self._wrong(key, (*place, key.value), what, "Keep one of them.")
            else:
                seen[key.value] = line
                yield key.value, value

    def _wrong(self, node: yaml.Node, place: Place, what: str, fix: str) -> None:
        if self._nodes <= _MOST_NODES + 1:
            self.problems.append(Problem(place=place, line=node.start_mark.line + 1, what=what, fix=fix))


def in_order(problems: Iterable[Problem], source: YamlSource) -> tuple[Problem, ...]:
    """The problems by line, each at its written place, with that place's line if it has none."""
    placed = (
        replace(problem, place=source.written(problem.place), line=problem.line or source.line(problem.place))
        for problem in problems
    )
    return tuple(sorted(placed, key=lambda problem: problem.line))
