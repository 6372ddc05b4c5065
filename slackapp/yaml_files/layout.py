"""The layout of configuration files as YAML."""

from __future__ import annotations

from typing import Any, Final

import yaml

_WIDTH: Final = 110


class InOneLine(dict[str, Any]):
    """A mapping that is written on one line: `{key: value}`."""


class PlainWord(str):
    """Yes or no, written without quotation marks."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """A YAML dumper that writes lists of scalars on one line and indents lists below their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT002 — PyYAML's
        """Indent lists too."""
        del indentless
        super().increase_indent(flow, indentless=False)


def _list(dumper: _Dumper, items: list[Any]) -> yaml.Node:
    flat = not any(isinstance(item, dict | list) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flat)


def _one_line(dumper: _Dumper, items: InOneLine) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", items, flow_style=True)


def _plain_word(dumper: _Dumper, word: PlainWord) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:bool", str(word))


_Dumper.add_representer(list, _list)
_Dumper.add_representer(PlainWord, _plain_word)
_Dumper.add_representer(InOneLine, _one_line)


def dump(data: Any) -> str:
    """Plain data as YAML text."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)


def without_empty(**parts: Any) -> dict[str, Any]:
    """The given parts that are not empty, in order."""
    return {name: part for name, part in parts.items() if part}
