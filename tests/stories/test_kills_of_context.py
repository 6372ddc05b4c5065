"""Killed as by a power cut while work is understood, asked about and put into words: all of it is kept and said once."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

from tests.slack_client import Json, Message, Modal, Workspace
from tests.stories.company import offering, write
from tests.stories.ledger import history
from tests.stories.northwind import fill, open_form
from tests.stories.processes import Baton, free_port, until
from tests.stories.taken_over import takes_over
from tests.stories.test_kills import LEASE_S, POSTING, nothing_is_sent
from tests.stories.test_own_notes import menu, noted
from tests.stories.test_template_forms import FIRST, SIGNED, SOLD, keys, next_page, page_one, value

Begin: TypeAlias = Callable[..., Baton]

both = pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
UPDATING: Final = "chat.update"
GIST, QUESTION, ANSWER = "They want it cheaper.", "Which contract do they have?", "The one of 2024."
SLIP, MENDED = "The discount is 90 %.", "The discount is 9 %."


@pytest.fixture
def begin(slack: Workspace, database_url: str, tmp_path: Path) -> Iterator[Begin]:
    """Start a process whose Customer Success asks for a read-back, or is handed deals; ended with the story."""
    started: list[Baton] = []

    def begin(*, deals: bool = False, port: int | None = None) -> Baton:
        change = offering(success=["ae_csm"]) if deals else takes_over("hard")
        config = write(tmp_path / "company.yml", change)
        started.append(Baton.start(slack, database_url, port=port, config=config).__enter__())
        return started[-1]

    yield begin
    for baton in started:
        print(baton.said()[-4000:])  # noqa: T201 - shown by pytest when the story failed
        baton.__exit__(None, None, None)


@dataclass(frozen=True, kw_only=True)
class Saying:
    """Something that somebody does with work that Eva has claimed, and what is said of it."""

    before: Callable[[Workspace, Message], object]
    act: Callable[[Workspace, Message], object]
    words: str
    method: str = POSTING
    verb: str
    places: tuple[str, ...]
    """Where the words are read afterwards, once in each: the thread, or somebody's messages from Baton."""


def read_back(slack: Workspace, card: Message) -> None:
    card.click("Read back", by="U0EVA")
    fill_only(slack, "U0EVA", gist=GIST)


def asked(slack: Workspace, card: Message) -> None:
    card.choose("Ask the sender", by="U0EVA")
    fill_only(slack, "U0EVA", note=QUESTION)


def answered(slack: Workspace, card: Message) -> None:
    card.click("Answer", by="U0BEN")
    fill_only(slack, "U0BEN", note=ANSWER)


def note_edited(slack: Workspace, card: Message) -> None:
    menu(slack, card, "Edit note", by="U0BEN")
    fill_only(slack, "U0BEN", note=MENDED)
