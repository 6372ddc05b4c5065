"""The templates that come with Baton, from `shipped.yml`. A company's own template of the same key replaces one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from slackapp.templates.rules.schema import TemplatePart
from slackapp.yaml_files.source import load
from storage.templates.model import Origin, Template

FILE = Path(__file__).parent / "shipped.yml"


@cache
def shipped() -> tuple[Template, ...]:
    """Every template that comes with Baton, in the order in which people see them."""
    data: Any = load(FILE.read_text(encoding="utf-8")).data
    return tuple(TemplatePart.model_validate(part).record(Origin.SHIPPED) for part in data["templates"])
