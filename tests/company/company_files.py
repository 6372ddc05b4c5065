"""Minimal company files, and the problems reported for them."""

from __future__ import annotations

import pytest

from slackapp.company.rules.read import read
from slackapp.yaml_files.problems import ConfigurationError


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read(text)
    return [str(problem) for problem in caught.value.problems]


def queue(line: str) -> str:
    return f"version: 1\nqueues:\n  - key: a\n    name: A\n    channel: C1\n    {line}\n"


def policy(line: str) -> str:
    return f"version: 1\npolicies:\n  - key: a\n    {line}\n"
