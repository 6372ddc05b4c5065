"""Draw a person's summary: the handoffs with news, each once, as it is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from slackapp.handoffs.views import card, event_sentences, headlines, wording
from slackapp.personal.model import SummaryRow, SummaryScene
from slackapp.slack import ids
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Block, Post, context, section
from storage.company.model import Topic

TITLES: Final[Mapping[Topic, str]] = {
    Topic.SENT: "You sent",
    Topic.OWNED: "Your work",
    Topic.WATCHED: "You watch",
}
_CURRENT_FOR: Final = timedelta(days=1)
_TITLE: Final = 100
_EVENTS: Final = 3
_NAMED: Final = 3


def message(scene: SummaryScene, now: datetime) -> Post | None:
    """Draw the summary; None if nothing is left to say. After a day it only tells what it listed."""
    if not scene.rows:
        text = "Summary: the handoffs in it were deleted or passed on."
        return Post(text=text, blocks=[section(text)], settled=True) if scene.posted else None
    if scene.posted and now >= scene.at + _CURRENT_FOR:
        return _record(scene)
    count = phrases.counted(len(scene.rows) + scene.more, "handoff")
    blocks: list[Block] = [section(f"*Your summary:* {count} with news.")]
    for topic, title in TITLES.items():
        rows = [row for row in scene.rows if row.topic is topic]
        blocks += [section(f"*{title}*"), *(news_row(row, scene.reader, now) for row in rows)] if rows else []
    first = [f"{headlines.headline(row.details, now, reader=scene.reader)}." for row in scene.rows[:_NAMED]]
    return Post(text=" ".join([f"Your summary: {count} with news.", *first]), blocks=[*blocks, *remaining(scene.more)])


def remaining(more: int) -> list[Block]:
    """The number of handoffs that are not shown."""
    return [context(f"And {more} more: `{ids.COMMAND} mine` lists yours.")] if more > 0 else []


def news_row(row: SummaryRow, reader: str, now: datetime) -> Block:
    """A handoff with its status, what happened, and Details."""
    told = headlines.two_lines(row.details, now, reader=reader, most=_TITLE, in_list=True)
    text = "\n".join([told, *events(row, reader)])
    return section(text, accessory=card.show_button(row.details.handoff))


def events(row: SummaryRow, reader: str) -> list[str]:
    """What happened, the latest last; the status line tells the rest."""
    return [f"> {line}." for line in _sentences(row, reader)][-_EVENTS:]


def _sentences(row: SummaryRow, reader: str) -> Iterable[str]:
    for payload in row.events:
        if "verb" in payload:
            facts = event_sentences.message_facts(row.details, payload)
            yield event_sentences.sentence(
                row.details, str(payload["verb"]), str(payload["actor"]), facts, reader=reader
            )


def _record(scene: SummaryScene) -> Post:
    """What an earlier day's summary listed, without how that is now."""
    lead = f"Summary of an earlier day: {phrases.counted(len(scene.rows) + scene.more, 'handoff')}."
    listed = "\n".join(f"• {wording.name(row.details)}" for row in scene.rows)
    return Post(text=lead, blocks=[section(f"*{lead}*\n{listed}"), *remaining(scene.more)], settled=True)
