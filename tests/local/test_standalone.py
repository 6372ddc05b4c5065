"""The local workspace stands alone: it could be taken out of Baton and run by itself."""

import ast
from pathlib import Path

from tests.tables import check_rows

ROOT = Path(__file__).parents[2]
LOCAL = ROOT / "slackapp" / "local"


def imported(path: Path) -> set[str]:
    """Return the modules a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found.add(node.module or "")
    return found


def test_it_imports_nothing_else_of_baton() -> None:
    def check(path: Path) -> None:
        ours = {name for name in imported(path) if name.split(".")[0] in {"slackapp", "storage"}}
        assert all(f"{name}.".startswith("slackapp.local.") for name in ours), ours

    check_rows(sorted(LOCAL.rglob("*.py")), check, name=lambda path: str(path.relative_to(ROOT)))
