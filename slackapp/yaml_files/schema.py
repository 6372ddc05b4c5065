"""The base model of every mapping in the configuration file, and reading one in part despite unusable values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Final, Self, TypeVar, Union, get_args, get_origin

from pydantic import (
    BaseModel,
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
        try:
            return read(written)
        except ValidationError:
            if not is_in_part(info) or info.field_name is None:
                raise
            field = cls.model_fields[info.field_name]
            return _usable_parts(
                written, Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
            )


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


def _usable(written: Any, kind: Any) -> Any:
    """A value as its type reads it, or its usable parts."""
    try:
        return _adapter(kind).validate_python(written, context=_IN_PART)
    except ValidationError:
        return _usable_parts(written, kind)


@lru_cache(maxsize=256)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """The reader of a type; to build one takes longer than to read with it."""
    return TypeAdapter(kind)


def _usable_parts(written: Any, kind: Any) -> Any:
    """The usable parts of a value that its type cannot read as a whole."""
    bare = _bare(kind)
    if get_origin(bare) is tuple:
        of_items = get_args(bare)[0]
        items = [written] if isinstance(written, str) else written if isinstance(written, list) else []
        found = (_usable(one, of_items) for one in items)
        return tuple("" if one is None and _is_text(_bare(of_items)) else one for one in found)
    if get_origin(bare) is dict:
        of_keys, of_values = get_args(bare)
        pairs = written.items() if isinstance(written, dict) else None
        return None if pairs is None else {_usable(key, of_keys): _usable(value, of_values) for key, value in pairs}
    return written if isinstance(written, str) and _is_text(bare) else None


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _is_text(bare: Any) -> bool:
    if get_origin(bare) in {Union, UnionType}:
        return any(_is_text(_bare(kind)) for kind in get_args(bare))
    return bare is str
