"""Words that the program may not say: they read as if translated, or name how things are stored."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import typer
import yaml

from slackapp.cli.program import program

REPOSITORY: Final = Path(__file__).parents[2]
ROOT: Final = REPOSITORY / "slackapp"
SHIPPED: Final = ROOT / "templates/rules/shipped.yml"
BANNED: Final = re.compile(
    r"""
    \b(?: (?:some|any|every)body | whom | whoever | mend(?:s|ed|ing)? | hears? | heard | stands? | stood
        | rest(?:s|ing) | papers | thrown\ away | out\ of\ use | goes?\ on | signs?\ of\ life | any\ more
        | in\ vain | all\ the\ same | by\ itself | again\ and\ again | one\ a\ line | there\ any\ more
        | (?:the|a)\ (?:house|law) | waits\ for | answers?\ for | is\ no\ time | what\ came\ of )\b
    | \b[Dd]ue:?\ (?: $ | [{<] )
    | \d\ % | ^\ % | [a-z]!(?:\s|$)
    | (?: ^ | [.:]\ ) (?: It\ (?!should) | Its\  | Whoever\  | What\ [^?]*\.$ )
    """,
    re.VERBOSE,
)
"""Words, a bare "due", a percent sign after a space, an exclamation mark, and beginnings that point elsewhere."""

INNER: Final = re.compile(r"\b(?:clocks|(?<!a )clock|broken off|takes how much)\b")
"""Words of the code, or translated ones, that a command's help may not use."""

ALLOWED: Final = frozenset(
    {
        "What a good answer includes.",  # a help text that completes the label of its field
        "whoever may send to the queue",  # stored words, which never change
        "whoever may see it",
    }
)

FORMS: Final = (
    "forms", "template_editor", "templates/views", "slack/field_problems.py", "handoffs/views/verb_forms.py",
    "handoffs/views/note_forms.py", "handoffs/views/verdicts.py",
)  # fmt: skip
"""Where the words of forms are written."""

BANNED_IN_FORMS: Final = re.compile(
    r"""
    \b(?: somebody | anybody | everybody | whom | whoever | cannot | mend(?:ed)? | hears? | stands? | stood
        | rest(?:s|ing) | papers | moment | thrown\ away | out\ of\ use | goes?\ on | an?\ sign\ of\ life
        | on\ each\ line | one\ a\ line | wake\ people | clocks? | urgency | is\ no\ [a-z]+\. | there\ any\ more
        | at\ once )\b
    | \d\ % | [a-z]!
    """,
    re.VERBOSE | re.IGNORECASE,
)


def sentences_of(source: str) -> Iterator[str]:
    """Every text with a space in it that a module writes, apart from docstrings."""
    tree = ast.parse(source)
    spoken_to_developers = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in spoken_to_developers:
            text = node.value if isinstance(node.value, str) else ""
            if " " in text.strip():
                yield text


def modules_of_forms() -> Iterator[Path]:
    for place in FORMS:
        found = ROOT / place
        yield from (found.rglob("*.py") if found.is_dir() else [found])


def texts_in(part: object) -> Iterator[str]:
    """Every text of a YAML value, without the keys of mappings."""
    if isinstance(part, dict):
        for value in part.values():
            yield from texts_in(value)
    elif isinstance(part, list):
        for one in part:
            yield from texts_in(one)
    elif isinstance(part, str) and " " in part:
        yield part


def test_the_program_speaks_plain_english() -> None:
    found = [
        f"{module.relative_to(REPOSITORY)}: {text}"
        for package in (ROOT, REPOSITORY / "storage")
        for module in sorted(package.rglob("*.py"))
        for text in sentences_of(module.read_text(encoding="utf-8"))
        if text not in ALLOWED and BANNED.search(text)
    ]

    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "Nothing waits for somebody.", "how to mend it", "resting until tomorrow", "no sign of life", "on 79 % of them",
        "Finish: due ", "It opens again.", "Closed. Its clocks", "Whoever sent it", "What is missing comes first.",
        "{name} is due {when}", " % of what was finished", "Done!", "heard at once",
    ],
)  # fmt: skip
def test_old_words_are_found(text: str) -> None:
    assert BANNED.search(text)


@pytest.mark.parametrize(
    "text", ["What is this about?", "This option has 10% left.", "The rest of the thread isn't included.", "a != b"]
)
def test_plain_words_are_let_through(text: str) -> None:
    assert not BANNED.search(text)


def helps_of(command: Any, name: str = "baton") -> Iterator[tuple[str, str]]:
    """Yield the name of every command below this one with each of its help texts: its own, and its options'."""
    yield name, command.help or ""
    yield from ((name, getattr(parameter, "help", "") or "") for parameter in command.params)
    for below, one in getattr(command, "commands", {}).items():
        yield from helps_of(one, f"{name} {below}")


def test_the_help_of_every_command_speaks_plain_english() -> None:
    found = list(helps_of(typer.main.get_command(program())))

    assert len(found) > 50
    assert [(name, text) for name, text in found if BANNED.search(text) or INNER.search(text)] == []


@pytest.mark.parametrize("module", list(modules_of_forms()), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_form_speaks_plain_english(module: Path) -> None:
    found = [text for text in sentences_of(module.read_text(encoding="utf-8")) if BANNED_IN_FORMS.search(text)]

    assert [text for text in found if not text.startswith("{")] == []


def test_the_shipped_templates_speak_plain_english() -> None:
    texts = set(texts_in(yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))))

    assert [text for text in texts if BANNED_IN_FORMS.search(text)] == []
