"""The base model of every mapping in the configuration file, and reading one in part despite unusable values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Final, Self, TypeVar, Union, cast, get_args, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from slackapp.yaml_files.problems import Place

_IN_PART: Final[Mapping[str, bool]] = {"in part": True}


class FilePart(BaseModel):
    """A mapping in the file. A key without a value counts as left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def read_in_part(cls, data: Mapping[str, Any]) -> Self:
        """All values in `data` that can be used, for checks that compare values with each other.

        A text that cannot be used stays as written, so that a wrong key used twice is still found, and a text in place
        of a
        list becomes a list of one. Any other unusable value is None, also as an item of a list (in a list of texts it
        is
        empty) or behind a key. Unknown keys are left out. `model_validate` reports the problems of all of these.
        """
        return cls.model_validate(data, context=_IN_PART)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_what_is_empty(cls, data: Any, info: ValidationInfo) -> Any:
        if not isinstance(data, dict):
            return data
        written = {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}
        if not is_in_part(info):
            return written
        missing = {name: None for name, field in cls.model_fields.items() if field.is_required()}
        return missing | {key: value for key, value in written.items() if key in cls.model_fields}

    @field_validator("*", mode="wrap")
    @classmethod
    def _keep_what_can_be_used(cls, written: Any, read: Callable[[Any], Any], info: ValidationInfo) -> Any:
        if not is_in_part(info) or info.field_name is None:
            return read(written)
        kind = _kind_of_field(cls, info.field_name)
        if _is_read_by_items(kind):
            return _salvage(kind)(written)
        try:
            return read(written)
        except ValidationError:
            return _salvage(kind)(written)


AnyPart = TypeVar("AnyPart", bound=FilePart)
Value = TypeVar("Value")


def is_in_part(info: ValidationInfo) -> bool:
    """Whether a validator runs for `Part.read_in_part`, where other values of the mapping may be missing."""
    return info.context is _IN_PART


def optional(value: Value) -> Value | None:
    """A value of a mapping read in part, typed as it really is: it may be None."""
    return value


def with_places(parts: Iterable[AnyPart | None], place: Place) -> list[tuple[Place, AnyPart]]:
    """The mappings of a list read in part, each with its place; other items are left out."""
    return [((*place, n), part) for n, part in enumerate(parts) if isinstance(part, FilePart)]


@lru_cache(maxsize=256)
def _kind_of_field(part: type[FilePart], name: str) -> Any:
    """The type of a field, with what reads it."""
    field = part.model_fields[name]
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


# To look at a type takes longer than to read a value by it. So both functions look at it once, for all of its values.


@lru_cache(maxsize=256)
def _usable(kind: Any) -> Callable[[Any], Any]:
    """The function that returns a value as its type reads it, or the usable parts of the value."""
    salvage = _salvage(kind)
    if _is_read_by_items(kind):
        return salvage
    reads = _reader_of_text(kind) or _reader_of(kind)
    is_mapping = isinstance(kind, type) and issubclass(kind, FilePart)

    def read(written: Any) -> Any:
        if is_mapping and not isinstance(written, dict | FilePart):
            return None
        try:
            return reads(written)
        except ValueError:  # pydantic's errors are ValueErrors too
            return salvage(written)

    return read


def _reader_of(kind: Any) -> Callable[[Any], Any]:
    reader: TypeAdapter[Any] = TypeAdapter(kind)
    return lambda written: reader.validate_python(written, context=_IN_PART)


def _reader_of_text(kind: Any) -> Callable[[Any], Any] | None:
    """The function that reads a text, if nothing else does: pydantic takes longer to wrap its error than it to read."""
    bare, *more = get_args(kind) if get_origin(kind) is Annotated else (kind,)
    only = more[0] if bare is str and len(more) == 1 else None
    return cast("Callable[[Any], Any]", only.func) if isinstance(only, BeforeValidator) else None


@lru_cache(maxsize=256)
def _salvage(kind: Any) -> Callable[[Any], Any]:
    """The function that returns the usable parts of a value that its type cannot read as a whole."""
    bare = _bare(kind)
    if get_origin(bare) is tuple:
        of_items = get_args(bare)[0]
        return _salvage_list(_usable(of_items), missing="" if _is_text(_bare(of_items)) else None)
    if get_origin(bare) is dict:
        return _salvage_mapping(*map(_usable, get_args(bare)))
    is_text = _is_text(bare)
    return lambda written: written if is_text and isinstance(written, str) else None


def _salvage_list(item: Callable[[Any], Any], missing: str | None) -> Callable[[Any], Any]:
    def salvage(written: Any) -> Any:
        items = [written] if isinstance(written, str) else written if isinstance(written, list) else []
        return tuple(missing if one is None else one for one in map(item, items))

    return salvage


def _salvage_mapping(key: Callable[[Any], Any], value: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def salvage(written: Any) -> Any:
        if not isinstance(written, dict):
            return None
        return dict(zip(map(key, written), map(value, written.values()), strict=True))

    return salvage


def _is_read_by_items(kind: Any) -> bool:
    """Whether a type is a list or a mapping of which nothing reads the whole: then each item is read once only."""
    return get_origin(kind) in {tuple, dict}


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _is_text(bare: Any) -> bool:
    if get_origin(bare) in {Union, UnionType}:
        return any(_is_text(_bare(kind)) for kind in get_args(bare))
    return bare is str
