"""The structure of the code: small folders, no import cycles, one thing for a class name, no aliases of our own."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from tomllib import loads
from typing import Final

import grimp

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("slackapp", "storage")
MOST_FILES: Final = 15
"""Files that a folder of the product or of the tests holds beside its subfolders."""
CHANGING: Final = {"_Try", "Slots", "TokenHealth", "_Stored", "DirectoryReport"}
"""Records that somebody adds to while it works; all others of the product are values."""
BY_POSITION: Final = {"Transition"}
"""Records that are rows of a table in the code."""
_ALIAS: Final = re.compile(r" as \w+[ \t]*(?:[,)#;\\]|$)", flags=re.MULTILINE)
"""How a line ends in which an import gives something another name, and few others do: only such files are parsed."""
ROOMS: Final = {"rules", "queries", "actions", "views", "listeners", "register"}
"""Modules that only packages with rooms have."""


def _files(*folders: str) -> list[Path]:
    listed = subprocess.run(
        ["/usr/bin/env", "git", "ls-files", "-co", "--exclude-standard", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).exists()]


def _trees(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for path in _files(*folders):
        if path.suffix == ".py":
            yield str(path.relative_to(ROOT)), _tree(path)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_no_folder_holds_more_files_than_a_reader_takes_in() -> None:
    counts: dict[Path, int] = defaultdict(int)
    for path in _files(*PACKAGES, "tests"):
        counts[path.parent.relative_to(ROOT)] += path.name != "__init__.py"
    assert {str(folder): count for folder, count in counts.items() if count > MOST_FILES} == {}


def test_no_module_is_imported_by_what_it_imports() -> None:
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
        cycle = None
    except CycleError as found:
        cycle = found.args[1]
    assert cycle is None


def test_no_two_public_classes_share_a_name_unless_one_is_the_protocol_of_the_other() -> None:
    defined: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for path, tree in _trees(*PACKAGES):
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                is_protocol = any(ast.unparse(base).startswith("Protocol") for base in node.bases)
                defined[node.name].append((path, is_protocol))
    twice = {
        name: [path for path, _ in places]
        for name, places in defined.items()
        if sum(not is_protocol for _, is_protocol in places) > 1
    }
    assert twice == {}


def test_records_are_values_made_by_keyword() -> None:
    changing, by_position = set(), set()
    for path, tree in _trees(*PACKAGES):
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef) or path.startswith("slackapp/local/"):
                continue
            for made in node.decorator_list:
                if "dataclass" not in ast.unparse(made):
                    continue
                said = ast.unparse(made)
                changing |= {node.name} if "frozen=True" not in said else set()
                by_position |= {node.name} if "kw_only=True" not in said else set()
    assert (changing, by_position) == (CHANGING, BY_POSITION)


def test_no_import_needs_an_alias_to_tell_two_of_our_own_apart() -> None:
    aliased = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {name.name} as {name.asname}"
        for path in _files(*PACKAGES, "tests")
        if path.suffix == ".py" and _ALIAS.search(path.read_text(encoding="utf-8"))
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
        if name.asname
        and (node.module if isinstance(node, ast.ImportFrom) else name.name or "").split(".")[0] in {*PACKAGES, "tests"}  # type: ignore[union-attr]
    ]
    assert aliased == []


def test_every_package_with_rooms_stands_in_the_contract_of_rooms() -> None:
    contracts = loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    (rooms,) = [contract for contract in contracts if contract["name"] == "Rooms of a package"]
    modules = [path.relative_to(ROOT).with_suffix("").parts for path in _files("slackapp") if path.suffix == ".py"]
    found = {f"{parts[0]}.{parts[1]}" for parts in modules if len(parts) > 2 and parts[2] in ROOMS}
    assert found - {"slackapp.local"} == set(rooms["containers"])
