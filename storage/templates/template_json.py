"""Conversion of templates to their stored JSON and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, get_args, get_origin

from cattrs.gen import make_dict_unstructure_fn, override

from storage.db.json_records import JsonObject, converter
from storage.templates.model import Question, Template

_OUTSIDE: Final = override(omit=True)
"""For attributes that have their own column."""

_json: Final = converter()


def _is_mapping(kind: Any) -> bool:
    return get_origin(kind) is Mapping


def _pairs(values: Mapping[str, Any]) -> list[list[Any]]:
    """Convert a mapping to a list of pairs: JSONB keeps no order of keys, and options and reasons have one."""
    return [[key, _json.unstructure(value)] for key, value in values.items()]


def _from_pairs(kind: Any) -> Callable[[Iterable[Any], Any], dict[str, Any]]:
    _, inner = get_args(kind)
    if inner is str:
        return lambda pairs, _: dict(pairs)
    read = _json.get_structure_hook(inner)
    return lambda pairs, _: {key: read(value, inner) for key, value in pairs}


_json.register_unstructure_hook_func(_is_mapping, _pairs)
_json.register_structure_hook_factory(_is_mapping, _from_pairs)
_json.register_unstructure_hook(Question, make_dict_unstructure_fn(Question, _json, _cattrs_omit_if_default=True))
_json.register_unstructure_hook(
    Template,
    make_dict_unstructure_fn(Template, _json, workspace=_OUTSIDE, key=_OUTSIDE, version=_OUTSIDE, origin=_OUTSIDE),
)


def template_to_json(template: Template) -> JsonObject:
    """Return a template's contents without key, version and origin. Equal contents give equal JSON."""
    found: JsonObject = _json.unstructure(template)
    return found


def template_from_json(workspace: str, key: str, version: int, origin: str, content: Mapping[str, Any]) -> Template:
    """Return a template from its stored JSON; missing values have their defaults."""
    outside = {"workspace": workspace, "key": key, "version": version, "origin": origin}
    return _json.structure({**content, **outside}, Template)
