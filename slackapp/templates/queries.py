"""Read the templates that a queue offers: those it names, and the company's own that name it."""

from __future__ import annotations

from collections.abc import Sequence

from storage.company.model import Queue
from storage.db.database import Tx
from storage.templates import templates
from storage.templates.model import Template


def offered(tx: Tx, queue: Queue) -> list[Template]:
    """The templates that a queue's form may use, the default first; empty for the plain form."""
    named = templates.get_many(tx, queue.workspace, queue.templates) if queue.templates else {}
    first = [named[key] for key in queue.templates if key in named]
    own = templates.list_own(tx, queue.workspace)
    return [*first, *(one for one in own if queue.key in one.queues and one.key not in named)]


def offer_several(tx: Tx, queues: Sequence[Queue]) -> bool:
    """Whether any of these queues offers more than one template."""
    if not queues:
        return False
    own = templates.list_own(tx, queues[0].workspace)
    return any(len({*queue.templates, *(one.key for one in own if queue.key in one.queues)}) > 1 for queue in queues)
