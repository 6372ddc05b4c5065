"""Templates as JSON and back: their inner shape is nobody's business but theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Final

from storage.lifecycle import ReadBack
from storage.questions import FollowUp, Kind, Noting, Origin, Question, Source, Template

_OUTSIDE: Final = frozenset({"workspace", "key", "version", "origin"})
"""What stands in columns of its own."""
_PLAIN: Final = {field.name: field.default for field in fields(Question)}


def of_template(template: Template) -> dict[str, Any]:
    """What a template says, without its name in the ledger. Equal contents give equal JSON."""
    content = {name: value for name, value in asdict(template).items() if name not in _OUTSIDE}
    # JSON objects keep no order on every database, and options, reasons and questions have one.
    content["reasons"] = [list(pair) for pair in template.reasons.items()]
    content["questions"] = [_of_question(question) for question in template.questions]
    content["follow_ups"] = [asdict(follow_up) for follow_up in template.follow_ups]
    return {name: list(value) if isinstance(value, tuple) else value for name, value in content.items()}


def template(workspace: str, key: str, version: int, origin: str, content: Mapping[str, Any]) -> Template:
    """Read a template back. What came into the language later has its default."""
    found = dict(content)
    return Template(
        workspace=workspace,
        key=key,
        version=version,
        origin=Origin(origin),
        name=found["name"],
        sender=found.get("sender", ""),
        receiver=found.get("receiver", ""),
        about=found.get("about", ""),
        questions=tuple(_question(question) for question in found.get("questions", ())),
        note=Noting(found.get("note", Noting.OPTIONAL)),
        card=tuple(found.get("card", ())),
        reasons=_mapping(found.get("reasons", ())),
        read_back=ReadBack(found.get("read_back", ReadBack.OFF)),
        read_back_ask=found.get("read_back_ask", ""),
        private=found.get("private", False),
        retention_days=found.get("retention_days"),
        follow_ups=tuple(FollowUp(**follow_up) for follow_up in found.get("follow_ups", ())),
        queues=tuple(found.get("queues", ())),
    )


def _of_question(question: Question) -> dict[str, Any]:
    """A question without what says nothing."""
    found = {name: getattr(question, name) for name in _PLAIN}
    return {name: _as_json(value) for name, value in found.items() if value not in (_PLAIN[name], {})}


def _as_json(value: Any) -> Any:
    """Tuples as lists, mappings as lists of pairs."""
    if isinstance(value, Mapping):
        return [[key, _as_json(inner)] for key, inner in value.items()]
    return [_as_json(one) for one in value] if isinstance(value, tuple) else value


def _question(content: Mapping[str, Any]) -> Question:
    found = dict(content)
    for name in ("required_when", "shown_when"):
        found[name] = {key: tuple(wanted) for key, wanted in found.get(name, ())}
    found["options"] = _mapping(found.get("options", ()))
    if "prefill" in found:
        found["prefill"] = tuple(Source(source) for source in found["prefill"])
    found["confirms"] = tuple(found.get("confirms", ()))
    found["kind"] = Kind(found["kind"])
    return Question(**found)


def _mapping(pairs: Any) -> dict[str, str]:
    return dict(pairs)
