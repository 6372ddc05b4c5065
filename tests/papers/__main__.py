"""`make papers`, or `python -m tests.papers`: write the papers in docs/templates from the templates themselves."""

from __future__ import annotations

from tests.papers.templates import FOLDER, papers

FOLDER.mkdir(parents=True, exist_ok=True)
for name, text in papers().items():
    (FOLDER / name).write_text(text, encoding="utf-8")
