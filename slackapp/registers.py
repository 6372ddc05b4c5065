"""The registers: what every package adds, joined. The only module that knows all packages' rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, Final

import slackapp.bulk.register
import slackapp.directory.register
import slackapp.escalation.register
import slackapp.forms.register
import slackapp.handoffs.register
import slackapp.home.register
import slackapp.lists.register
import slackapp.personal.register
import slackapp.reports.register
import slackapp.setup.register
import slackapp.template_editor.register
import slackapp.watching.register
from slackapp.capability import Capability, HomePart, Kind, ViewKind
from slackapp.dispatch.commands import HELP
from slackapp.handoffs.queries.sight import only_in_sight
from slackapp.handoffs.views import messages

CAPABILITIES: Final = (
    slackapp.forms.register.CAPABILITY,
    slackapp.handoffs.register.CAPABILITY,
    slackapp.lists.register.CAPABILITY,
    slackapp.personal.register.CAPABILITY,
    slackapp.bulk.register.CAPABILITY,
    slackapp.escalation.register.CAPABILITY,
    slackapp.reports.register.CAPABILITY,
    slackapp.template_editor.register.CAPABILITY,
    slackapp.directory.register.CAPABILITY,
    slackapp.watching.register.CAPABILITY,
    slackapp.home.register.CAPABILITY,
    slackapp.setup.register.CAPABILITY,
)
"""The packages' rows. Effects run, and the help of `/handoff` is listed, in this order."""


_IN_ORDER: Final = ("effects", "people_effects", "scheduled", "home_parts")
"""The registers that are run or shown in order and have no keys."""


def join(capabilities: Iterable[Capability]) -> Capability:
    """Return the rows of several packages as one, in the order given.

    Every kind of message draws private handoffs as stubs, and nothing of a private team's for others.

    Raises:
        ValueError: two packages have the same id, the same word of `/handoff` or the same kind of message.
    """
    packages = tuple(capabilities)
    rows: dict[str, dict[str, Any]] = defaultdict(dict)
    for capability in packages:
        for register in fields(capability):
            if register.name in _IN_ORDER:
                continue
            for key, row in getattr(capability, register.name).items():
                if key in rows[register.name]:
                    raise ValueError(f'two capabilities claim "{key}" among the {register.name}')
                rows[register.name][key] = row
    parts = tuple(part for capability in packages for part in capability.home_parts)
    parts = tuple(sorted(parts, key=lambda part: not part.is_first))
    kinds = {word: _as_shown(kind, parts) for word, kind in rows.pop("message_kinds", {}).items()}
    joined = Capability(
        **rows,
        message_kinds=kinds,
        effects=tuple(effect for capability in packages for effect in capability.effects),
        people_effects=tuple(effect for capability in packages for effect in capability.people_effects),
        home_parts=parts,
        scheduled=tuple(work for capability in packages for work in capability.scheduled),
    )
    said = Counter([HELP, *(word for key, row in joined.words.items() for word in (key, *row.aliases))])
    for word, times in said.items():
        if times > 1:
            raise ValueError(f'two capabilities claim "{word}" among the words')
    return joined


def _as_shown(kind: Kind, parts: tuple[HomePart[Any], ...]) -> Kind:
    """Return a kind as it is sent: messages without what their readers may not see, a Home tab with all its parts."""
    shown = messages.private_as_stub(only_in_sight(kind))
    return replace(shown, parts=parts) if isinstance(shown, ViewKind) else shown


REGISTERS: Final = join(CAPABILITIES)
"""The rows of all packages."""
