"""Prepare a leased Home tab: drawn from the stored state, and left alone if Slack shows the same already."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slackapp.capability import ViewKind
from slackapp.delivery.model import HomeNotShown, HomeShown, Outcome, PublishJob
from storage.db.database import Tx
from storage.outbox.model import LeasedMessage


def prepare_home(tx: Tx, row: LeasedMessage, kind: ViewKind[Any], now: datetime) -> PublishJob | Outcome:
    """Return the Home tab to publish, or the outcome that nothing is to be published."""
    scene = kind.load(tx, row.wanted, now, kind.parts)
    if scene is None:
        return HomeNotShown()
    drawn = kind.draw(scene, now)
    digest = digest_of(drawn.view)
    if digest == drawn.home.digest:
        return HomeShown(drawn=drawn, view_hash=drawn.home.view_hash, digest=digest, published=False)
    return PublishJob(row=row, drawn=drawn, digest=digest)


def digest_of(view: Mapping[str, Any]) -> str:
    """Return a digest that is equal for equal views."""
    return hashlib.sha256(json.dumps(view, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
