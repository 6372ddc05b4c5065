"""Webhooks in set-up: shown with who calls them. They are written in the file only, because an address is a secret."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from slackapp.setup.model import SetupState
from slackapp.setup.rules import pages
from slackapp.setup.views import wording
from slackapp.setup.views.page import one_of_pages, page, row
from slackapp.slack.block_kit.blocks import Block, context, said, section
from storage.company.model import Webhook

WORD: Final = "webhook "
"""What a level that calls a webhook says before its key."""
_FILE: Final = (
    "Webhooks are added and changed in the configuration file, because their addresses can hold secrets. "
    "Levels of deadlines call them: choose one under *Notify*."
)


def webhook_list(state: SetupState, number: int, *, lead: str = "") -> Block:
    """A page of the list of webhooks."""
    rows = [_entry(state, webhook) for webhook in state.company.webhooks]
    empty = [] if rows else [section("No webhook yet.")]
    return page([*empty, *one_of_pages(rows, pages.WEBHOOKS, number), context(_FILE)], lead=lead)


def _entry(state: SetupState, webhook: Webhook) -> Block:
    word = f"{WORD}{webhook.key}"
    used = [one.key for one in state.company.policies if any(word in level.tell for level in one.levels)]
    by = ", ".join(wording.named(key) for key in used[:10]) or "no deadlines yet"
    host = urlsplit(webhook.url).hostname or ""
    return row(f"*{said(webhook.key, 75)}*\n{said(host, 150)} · called by {by}")
