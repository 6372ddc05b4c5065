"""Draw the message to a person who is back: what needs them now first, then what their cover did, then the news."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from slackapp.handoffs.views import card, event_sentences, headlines, lists
from slackapp.personal.model import BackScene, CoveredRow
from slackapp.personal.views.summaries import news_row, remaining
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Block, Post, context, said, section, when

_CURRENT_FOR: Final = timedelta(days=1)
_COVERED: Final = 8
_NEWS: Final = 12
_ACTS: Final = 3
_NAMED: Final = 3
_TITLE: Final = 100


def message(scene: BackScene, now: datetime) -> Post | None:
    """Draw the message; None if there is nothing to say. After a day it only says what it was."""
    is_old = now >= scene.until + _CURRENT_FOR
    if is_old or not (scene.needs or scene.covered or scene.news):
        text = f"You came back {when(scene.until)}. `/handoff mine` lists what you have now."
        return Post(text=text, blocks=[section(text)], settled=is_old) if scene.posted else None
    count = len(scene.needs)
    needed = f"{phrases.counted(count, 'handoff')} {'needs' if count == 1 else 'need'} you now." if count else ""
    lead = " ".join(filter(None, ["You're back.", needed or "Nothing needs you now.", _owned(scene)]))
    away = f"You were away since {when(scene.since)}."
    by = f" {said(scene.cover.name)} covered for you." if scene.cover else ""
    first = [f"{headlines.headline(details, now, reader=scene.reader)}." for details in scene.needs[:_NAMED]]
    blocks: list[Block] = [section(f"*{lead}*"), context(f"{away}{by}")]
    blocks += lists.rows([(details, scene.reader) for details in scene.needs], now)
    if scene.cover and scene.covered:
        blocks.append(section(f"*{said(scene.cover.name)} did for you*"))
        blocks += [_covered_row(row, scene.reader, now) for row in scene.covered[:_COVERED]]
        blocks += remaining(len(scene.covered) - _COVERED)
    if scene.news:
        blocks.append(section("*While you were away*"))
        blocks += [news_row(row, scene.reader, now) for row in scene.news[:_NEWS]]
        blocks += remaining(scene.more + max(len(scene.news) - _NEWS, 0))
    return Post(text=" ".join([lead, *first]), blocks=blocks)


def _owned(scene: BackScene) -> str:
    return f"You own {phrases.counted(scene.owned, 'open handoff')}." if scene.owned else ""


def _covered_row(row: CoveredRow, reader: str, now: datetime) -> Block:
    told = headlines.two_lines(row.details, now, reader=reader, most=_TITLE, in_list=True)
    lines = [
        f"> {event_sentences.sentence(row.details, entry.verb, entry.actor, entry.facts, reader=reader)}."
        for entry in row.acts
    ]
    return section("\n".join([told, *lines[-_ACTS:]]), accessory=card.show_button(row.details.handoff))
