"""The answers to a template's questions: the few on a card, and all of them in full as blocks.

Answers are drawn by the version of the template that they were written in; those that it does not know are shown as
stored, so that nothing ever becomes unreadable. Typed text is escaped or in rich text, which notifies nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Block, packed, said, section
from slackapp.slack.block_kit.rich_text import in_pieces
from slackapp.slack.ids import Field
from slackapp.templates.rules import questions
from slackapp.templates.views.answer_lines import RenderedAnswer, as_stored, is_shaped, line
from slackapp.templates.views.answer_types import ADDRESS, ANSWER_TYPES, Names, paragraph
from storage.templates.model import CARD_FACTS, Question, Template

LABEL: Final = 75
"""Characters of a label on a card."""
_WHOLE: Final = 2000
"""Characters of an answer on one line of Details; longer ones have blocks of their own."""
_LINES: Final = 12
_SECTION: Final = 2900


def render_answers(template: Template | None, answers: Mapping[str, Any]) -> list[RenderedAnswer]:
    """Every answer in the order of its questions, then those without a question."""
    asked = template.questions if template else ()
    confirmed = _confirmed(asked, answers)
    found = [
        RenderedAnswer(
            key=one.key, label=one.label, answer=answers[one.key], question=one, mark=confirmed.get(one.key, "")
        )
        for one in asked
        if questions.is_answered(answers.get(one.key)) and not one.confirms
    ]
    known = {one.key for one in asked}
    others = [(key, answer) for key, answer in answers.items() if key not in known and questions.is_answered(answer)]
    return [*found, *(RenderedAnswer(key=key, label=_label(key), answer=answer) for key, answer in others)]


def card_facts(
    template: Template | None, answers: Mapping[str, Any], names: Names, most: int = CARD_FACTS
) -> list[str]:
    """The answers that a card shows, one line each, clipped: "*Lamp:* Watch 🟡"."""
    found = _on_card(template, answers, names)[:most]
    return [f"*{phrases.colon(label)}* {text}" if text else f"*{label}*" for label, text in found]


def spoken_facts(
    template: Template | None, answers: Mapping[str, Any], names: Names, most: int = CARD_FACTS
) -> list[str]:
    """The answers that a card shows as plain sentences, for screen readers."""
    found = _on_card(template, answers, names)[:most]
    return [f"{phrases.colon(label)} {text.rstrip('.')}." if text else f"{label}." for label, text in found]


def blocks(template: Template | None, answers: Mapping[str, Any], names: Names) -> Iterator[list[Block]]:
    """Yield all answers in full, in groups of blocks that stay together; short neighbours share a section."""
    lines: list[str] = []
    for one in render_answers(template, answers):
        parts = _rich(one)
        if not parts:
            lines.append(f"*{phrases.colon(said(one.label, LABEL * 2))}* {line(one, names, _WHOLE)}")
            continue
        yield from _sections(lines)
        lines = []
        mark = f" ({one.mark})" if one.mark else ""
        first, *rest = in_pieces({"type": "rich_text", "elements": parts})
        yield [section(f"*{said(one.label, LABEL * 2)}*{mark}"), first]
        for piece in rest:
            yield [piece]
    yield from _sections(lines)


def _sections(lines: Iterable[str]) -> Iterator[list[Block]]:
    for text in packed(lines, _LINES, _SECTION):
        yield [section(text)]


def _confirmed(asked: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, str]:
    """The sender's confidence in each answer that another question asks about: unticked ones were only heard."""
    marks: dict[str, str] = {}
    for one in asked:
        ticked = answers.get(one.key)
        sure = ticked if isinstance(ticked, list | tuple) else ()
        marks |= {key: "confirmed" if key in sure else "heard" for key in one.confirms}
    return marks


def _on_card(template: Template | None, answers: Mapping[str, Any], names: Names) -> list[tuple[str, str]]:
    """Label and text of the answers that the card shows; no text if the label alone is the statement."""
    if template is None:
        return []
    found = {one.key: one for one in render_answers(template, answers) if one.question}
    waiving = questions.waived(template, answers)
    if waiving:
        return [(said(waiving.label, LABEL), "")]
    wanted = template.card or tuple(one.key for one in template.questions if one.required)
    shown = [found[key] for key in wanted if key in found][:CARD_FACTS]
    return [(said(one.label, LABEL), line(one, names)) for one in shown]


def _label(key: str) -> str:
    """The name of an answer whose question is not known."""
    words_of_key = key.replace("_", " ").strip()
    return "Customer told" if key == Field.TOLD_CUSTOMER else words_of_key[:1].upper() + words_of_key[1:] or key


def _rich(one: RenderedAnswer) -> list[Block]:
    """A long answer exactly as typed, as parts of a rich text block; empty for short kinds."""
    if one.question and is_shaped(one):
        return ANSWER_TYPES[one.question.kind].whole(one.answer)
    return [paragraph(as_stored(one))] if len(as_stored(one)) > ADDRESS else []
