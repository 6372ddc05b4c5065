"""The documentation describes everything that exists, and nothing else."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import typer
import yaml
from prometheus_client import Counter, Gauge
from typer.testing import CliRunner

from slackapp.cli.program import program
from slackapp.clocks.rules.targets import PROPERTIES
from slackapp.company.rules.policy_schema import PARTS
from slackapp.company.rules.read import read_file
from slackapp.company.rules.values import AUDIENCES, SOURCES
from slackapp.dispatch.commands import Commands
from slackapp.handoffs.views import lists, wording
from slackapp.operations import metrics
from slackapp.operations.metrics import DatabaseMetrics
from slackapp.registers import CAPABILITIES, join
from slackapp.runtime import counters
from slackapp.runtime.clock import SystemClock
from slackapp.runtime.settings import REMEDIES
from slackapp.slack.connection.scopes import SCOPES
from slackapp.slack.ids import COMMAND
from slackapp.templates.rules import schema
from storage.clocks.model import POLICY_CLOCKS, LevelAction
from storage.db.database import Database
from storage.handoffs.lifecycle import ReadBackMode, Verb
from storage.handoffs.model import Priority
from storage.templates.model import AnswerType, NoteMode, PrefillSource
from tests.databases import SQLITE

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
PAPERS: Final = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md")))
PUBLISHED: Final = sorted((DOCS / "examples" / "policies").glob("*.yml"))
LINK: Final = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")


def paper(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def commands(group: typer.core.TyperGroup, name: str = "baton") -> Iterator[str]:
    """Every command that can be typed, in full."""
    for word, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from commands(command, f"{name} {word}")
        else:
            yield f"{name} {word}"


def anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def lost_links(path: Path) -> list[str]:
    """The links and pictures of a paper that lead nowhere."""
    found = [plain or quoted for plain, quoted in LINK.findall(path.read_text(encoding="utf-8"))]
    lost = []
    for link in found:
        target, _, title = link.partition("#")
        if target.startswith(("http:", "https:")):
            continue
        file = (path.parent / target).resolve() if target else path
        titles = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE) if title else []
        if not file.exists() or (title and title not in map(anchor, titles)):
            lost.append(link)
    return lost


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_every_link_and_picture_leads_somewhere(path: Path) -> None:
    assert lost_links(path) == []


def test_every_picture_is_shown_somewhere() -> None:
    papers = [*PAPERS, *(DOCS / "templates").glob("*.md")]
    shown = " ".join(path.read_text(encoding="utf-8") for path in papers)

    assert [picture.name for picture in sorted((DOCS / "pictures").iterdir()) if picture.name not in shown] == []


def test_operators_read_of_every_setting() -> None:
    assert [name for name in REMEDIES if f"`{name}`" not in paper("operators")] == []


def test_operators_read_of_every_command() -> None:
    group = typer.main.get_command(program())
    assert isinstance(group, typer.core.TyperGroup)

    assert [command for command in commands(group) if f"`{command}" not in paper("operators")] == []


@SQLITE
def test_operators_read_of_every_metric_and_of_no_other(database: Database) -> None:
    rooms = (counters, metrics)
    ours = [one for room in rooms for one in vars(room).values() if isinstance(one, Counter | Gauge)]
    counted = {sample.name for one in ours for family in one.collect() for sample in family.samples}
    counted |= {f"{family.name}_total" for one in ours if isinstance(one, Counter) for family in one.collect()}
    counted |= {family.name for family in DatabaseMetrics(database, SystemClock()).collect()}
    listed = set(re.findall(r"^\| `(baton_\w+)`", paper("operators"), re.MULTILINE))

    assert listed == {name for name in counted if not name.endswith("_created")}


def test_the_alerts_ask_for_metrics_that_exist() -> None:
    rules = re.search(r"```yaml\n(groups:.*?)```", paper("operators"), re.DOTALL)
    assert rules
    listed = set(re.findall(r"^\| `(baton_\w+)`", paper("operators"), re.MULTILINE))

    asked = {word for group in yaml.safe_load(rules[1])["groups"] for rule in group["rules"] for word in named(rule)}
    assert asked <= listed


def named(rule: dict[str, str]) -> list[str]:
    return re.findall(r"baton_\w+", rule["expr"])


def test_what_operators_see_when_something_is_wrong_is_said_by_the_program() -> None:
    table = paper("operators").partition("## Troubleshooting")[2].partition("\n## ")[0]
    seen = re.findall(r'`([^`]+)`|"([^"]+)"', "\n".join(re.findall(r"^\| (.*?) \|", table, re.MULTILINE)))
    files = (path for folder in ("slackapp", "storage") for path in (ROOT / folder).rglob("*.py"))
    said = re.sub(r'"\s+f?"', "", "\n".join(path.read_text(encoding="utf-8") for path in files))

    words = {(code or quoted).rstrip(" …") for code, quoted in seen if not code.startswith("baton_")}
    assert len(words) > 10
    assert sorted(word for word in words if word not in said) == []


def test_admins_read_of_every_scope_why_and_what_is_lost_without_it() -> None:
    text = paper("admins")

    assert [scope.name for scope in SCOPES if f"| `{scope.name}` |" not in text or scope.lost not in text] == []


def test_admins_read_of_every_event_that_is_asked_for() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    events = manifest["settings"]["event_subscriptions"]["bot_events"]

    assert [event for event in events if f"`{event}`" not in paper("admins")] == []


def test_users_read_of_every_verb_by_the_name_on_its_button() -> None:
    titles = re.findall(r"^### (.+)$", paper("users"), re.MULTILINE)
    elsewhere = {Verb.OPEN, Verb.ESCALATE, Verb.LAPSE, Verb.REMIND}  # nobody presses these on a handoff
    labels = {verb: wording.VERB_WORDS[verb].label.strip("…") for verb in Verb if verb not in elsewhere}

    assert [verb for verb, label in labels.items() if label not in titles] == []


def test_what_stands_in_bold_on_a_page_for_people_is_a_label_that_they_see() -> None:
    files = (ROOT / "manifest.yml", *(path for end in ("py", "yml") for path in (ROOT / "slackapp").rglob(f"*.{end}")))
    shown = "\n".join(path.read_text(encoding="utf-8") for path in files)
    marked = re.findall(r"\*\*(.+?)\*\*", paper("users") + paper("templates"), re.DOTALL)
    labels = {" ".join(label.split()) for label in marked}

    assert len(labels) > 50
    assert sorted(label for label in labels if label not in shown) == []


def test_users_read_first_what_to_do_in_their_role_and_no_stored_names() -> None:
    titles = re.findall(r"^## (.+)$", paper("users"), re.MULTILINE)

    assert titles[:4] == ["I hand off", "I receive", "I manage", "I administer"]
    assert [verb for verb in Verb if f"`{verb}`" in paper("users")] == []


def test_users_read_of_everything_that_can_be_typed() -> None:
    lines = Commands(words=join(CAPABILITIES).words).usage
    usage = re.findall(rf"`({COMMAND}[^`]*)`", lists.usage(lines).text)

    assert usage
    assert [typed for typed in usage if f"`{typed}`" not in paper("users")] == []


def test_users_read_of_every_shortcut() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))

    assert [
        one["name"] for one in manifest["features"]["shortcuts"] if f"**{one['name']}**" not in paper("users")
    ] == []


def test_the_example_configuration_can_be_used() -> None:
    assert read_file(DOCS / "baton.example.yml").company.queues


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda path: path.name)
def test_a_published_policy_is_in_order_and_shown_with_what_it_promises(file: Path) -> None:
    assert read_file(file).notices == ()
    assert f"$ baton sla explain --config {file.relative_to(ROOT)} --queue " in paper("policies")


def test_the_paper_on_policies_names_every_word_of_the_language() -> None:
    keys = {name for part in PARTS for name in part.model_fields}
    language = {
        *keys,
        *AUDIENCES,
        *PROPERTIES,
        *SOURCES,
        *Priority,
        *POLICY_CLOCKS,
        *LevelAction,
        "webhook KEY",
        "digest: no",
    }

    assert sorted(word for word in language if f"`{word}" not in paper("policies")) == []


def test_the_paper_on_templates_names_every_word_of_the_language() -> None:
    keys = {name for part in schema.PARTS for name in part.model_fields}
    language = {*keys, *AnswerType, *PrefillSource, *NoteMode, *ReadBackMode}

    assert sorted(word for word in language if f"`{word}" not in paper("templates")) == []


def test_three_policies_are_published() -> None:
    assert len(PUBLISHED) == len(re.findall("^### ", paper("policies"), re.MULTILINE)) == 3


SHOWN: Final = [
    (path.name, line, answer)
    for path in PAPERS
    for block in re.findall(r"```console\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
    for line, answer in re.findall(r"^\$ baton ((?:hours|sla) .*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]


@pytest.mark.parametrize(("name", "line", "answer"), SHOWN)
def test_what_a_paper_shows_of_a_command_is_what_it_says(
    name: str, line: str, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)

    done = CliRunner().invoke(program(), shlex.split(line), prog_name="baton")

    assert (done.exit_code, done.stdout) == (0, answer), f"in {name}"


def test_papers_show_how_open_time_is_counted() -> None:
    assert {line.split(" -")[0] for _, line, _ in SHOWN} >= {"hours add", "hours subtract"}


def test_the_index_names_every_paper() -> None:
    index = paper("README")

    assert [path.name for path in DOCS.glob("*.md") if path.name != "README.md" and f"({path.name})" not in index] == []
