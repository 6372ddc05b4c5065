"""The papers on the shipped templates: a page for each, and the table in their index, which is written by hand else."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from slackapp.templates.rules.shipped import shipped
from storage.handoffs.lifecycle import ReadBackMode
from storage.templates.model import Template
from tests.filled import EXAMPLES, Example
from tests.papers import phrases
from tests.papers.phrases import safe
from tests.pictures import templates

FOLDER: Final = Path(__file__).parents[2] / "docs" / "templates"


def papers() -> dict[str, str]:
    """Every paper's text by its file's name."""
    return {"README.md": _index(), **{f"{one.key}.md": page(one) for one in shipped()}}


def _index() -> str:
    """The index as it stands, with the table of today between its marks."""
    begin, end = "<!-- templates -->\n", "\n<!-- /templates -->"
    written = (FOLDER / "README.md").read_text(encoding="utf-8")
    table = begin + _table() + end
    return re.sub(f"{begin}.*?{end.strip()}", lambda _: table, written, flags=re.DOTALL)


def _table() -> str:
    rows = [
        [
            f"[{safe(one.name)}]({one.key}.md)",
            f"{one.sender} → {one.receiver}",
            str(len(one.questions)),
            "–" if one.read_back is ReadBackMode.OFF else one.read_back.value,
            "yes" if one.private else "–",
        ]
        for one in shipped()
    ]
    return _rows(["template", "from → to", "questions", "read-back", "private"], rows)


def page(template: Template) -> str:
    """The paper on one template."""
    parts = [
        f"# {template.name}",
        f"{template.about} From: {template.sender}. To: {template.receiver}. Key: `{template.key}`.",
        *_asked(template),
        *_taken_over(template),
        *_afterwards(template),
        *_example(template, EXAMPLES[template.key]),
        *_pictures(template),
        "[All templates](README.md)",
    ]
    return "\n\n".join(parts) + "\n"


def _asked(template: Template) -> Iterator[str]:
    yield "## Questions"
    if not template.questions:
        yield "Only the questions on every form: team, title, first step, priority and a note."
        return
    yield "In addition to the questions on every form:"
    rows = [
        [
            f"{safe(one.label)}<br>`{one.key}`",
            safe(phrases.kind(one)),
            safe(phrases.needed(template, one)),
            str(one.weight),
            safe(one.help),
        ]
        for one in template.questions
    ]
    yield _rows(["question", "answer", "needed", "counts", "help in the form"], rows)
    if any(one.waives for one in template.questions):
        tick = next(one for one in template.questions if one.waives)
        yield f"With “{tick.label}” ticked, nothing else is asked."
    if sources := list(phrases.prefilled(template)):
        yield "Prefilled, and marked so that the sender checks them:"
        yield _points(sources)


def _taken_over(template: Template) -> Iterator[str]:
    if template.card:
        yield "## On the card"
        yield _points(safe(one.label) for key in template.card if (one := template.question(key)))
    yield "## Taking it over"
    asks = f" The question: “{template.read_back_ask}”" if template.read_back_ask else ""
    yield f"**Read-back.** {phrases.READ_BACKS[template.read_back]}{asks}"
    if template.private:
        yield ("**Private.** Only the people involved see the contents. The channel sees the status and nothing else.")
    if template.reasons:
        yield "**Sent back** for one of these reasons:"
        yield _points(map(safe, template.reasons.values()))
    else:
        yield "**Sent back** for the usual reasons."


def _afterwards(template: Template) -> Iterator[str]:
    yield "## Afterwards"
    kept = f"for {template.retention_days} days after it is finished, then deleted" * bool(template.retention_days)
    yield f"The contents are kept {kept or 'until somebody deletes them'}."
    if template.follow_ups:
        yield "Follow-ups. They are stored with the template; Baton sends no reminders about them yet:"
        yield _points(f"{safe(one.what)} (within {phrases.span(one.within)})" for one in template.follow_ups)


def _example(template: Template, example: Example) -> Iterator[str]:
    yield "## An example"
    asked = [one for one in template.questions if one.key in example.fields]
    pairs = [
        ("First step", safe(example.next_step)),
        *((safe(one.label), phrases.answer(one, example.fields[one.key])) for one in asked),
        ("Note", safe(example.note)),
        ("Read back by the receiver", safe(example.read_back)),
    ]
    lines = [f"{_lead(label)} {given}".replace(" \n", "\n") for label, given in pairs if given]
    yield "\n".join(f"> - {line}" for line in [f"**{safe(example.title)}**", *lines])


def _pictures(template: Template) -> Iterator[str]:
    """Every page of its form, filled in as in the example, and the card that comes of it."""
    if template.questions:
        yield "The questions, filled in:"
    total = templates.pages(template)
    for number in range(1, total + 1):
        alt = f"Page {number} of {total} of the questions, filled in"
        yield _picture(templates.form_name(template.key, number), alt, width=400)
    yield "The resulting card, in its reader's time zone:"
    title = html.escape(EXAMPLES[template.key].title)
    yield _picture(templates.card_name(template.key), f"The card: {title}", width=600)


def _picture(name: str, alt: str, *, width: int) -> str:
    """A picture, light or dark as its reader's page is."""
    return "\n".join(
        [
            "<picture>",
            f'  <source media="(prefers-color-scheme: dark)" srcset="../pictures/{name}-dark.png">',
            f'  <img src="../pictures/{name}-light.png" width="{width}" alt="{alt}">',
            "</picture>",
        ]
    )


def _lead(label: str) -> str:
    return f"**{label}**" if label.endswith("?") else f"**{label}:**"


def _rows(titles: list[str], rows: list[list[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _points(texts: Iterable[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)
