"""What the audit keeps of an object of the configuration: its values without secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from storage.company.model import ObjectKind, ObjectRef

_CHANGED: Final = "a new address"


def without_secrets(ref: ObjectRef, before: Any, after: Any) -> Mapping[str, Any]:
    """The values before and after a change; of a webhook's address, which may hold a secret, only the host."""
    if ref.kind is not ObjectKind.WEBHOOK:
        return {"before": before, "after": after}
    old, new = _masked(before), _masked(after)
    if old is not None and new is not None and old == new and before != after:
        new = {**new, "url": f"{new['url']} ({_CHANGED})"}
    return {"before": old, "after": new}


def _masked(webhook: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if webhook is None else {**webhook, "url": urlsplit(webhook["url"]).hostname}
