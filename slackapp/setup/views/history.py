"""The history of the configuration: who changed which setting, when, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from slackapp.company.model import ConfigurationChange
from slackapp.setup.rules import pages
from slackapp.setup.views.page import page, to_page
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Block, actions, clip, escape, said, section, when

SHOWN: Final = 15
_SENTENCES: Final = 6
_ROOM: Final = 1500


def history_page(changes: Sequence[ConfigurationChange], *, is_first: bool, has_more: bool) -> Block:
    """A page of the history, newest first."""
    rows = [_entry(change) for change in changes] or [section("No setting was changed yet.")]
    return page([section("*History*"), *rows, *_turning(changes, is_first=is_first, has_more=has_more)])


def _entry(change: ConfigurationChange) -> Block:
    lines = [escape(sentence) for sentence in change.sentences[:_SENTENCES]]
    lines += [f"and {len(change.sentences) - _SENTENCES} more"] if len(change.sentences) > _SENTENCES else []
    lines = lines or [f"Now edited in {'Slack' if change.owner == 'slack' else 'the configuration file'}."]
    return section(f"{when(change.at)} · {_who(change)}\n{clip(chr(10).join(lines), _ROOM)}")


def _who(change: ConfigurationChange) -> str:
    """Who made a change: a person in Slack, or a file or a command with who ran it, if that is known."""
    ran_by = f", applied by {said(change.operator, 75)}" if change.operator else ""
    if change.file is not None:
        return f"the file {said(change.file, 75)}{ran_by}"
    if change.operator:
        return f"{said(change.operator, 75)}, with a command of Baton"
    return phrases.person({}, change.by)


def _turning(changes: Sequence[ConfigurationChange], *, is_first: bool, has_more: bool) -> Iterator[Block]:
    if not is_first:
        yield from actions(to_page("Newest", pages.of(pages.HISTORY), about="changes"))
    if has_more and changes:
        yield from actions(to_page("Older", pages.of(pages.HISTORY, changes[-1].id), about="changes"))
