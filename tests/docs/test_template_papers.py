"""The papers in docs/templates say what the templates say."""

from __future__ import annotations

import re

import pytest
import yaml

from slackapp.company.rules.read import read
from tests.docs.test_docs import lost_links
from tests.papers.templates import FOLDER, papers
from tests.stories.company import COMPANY

PAPERS = papers()


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_says_what_its_template_says(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAPERS[name], "make papers writes them anew"


@pytest.mark.parametrize("name", PAPERS)
def test_its_links_lead_somewhere(name: str) -> None:
    assert lost_links(FOLDER / name) == []


def test_there_is_no_paper_without_a_template() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(PAPERS)


def test_the_index_says_when_to_choose_each_template() -> None:
    choosing = PAPERS["README.md"].partition("<!-- templates -->")[0]

    assert [name for name in PAPERS if name != "README.md" and f"({name})" not in choosing] == []


def test_the_template_of_ones_own_in_the_index_can_be_used() -> None:
    company = COMPANY.read_text(encoding="utf-8")
    written = re.findall(r"```yaml\n(templates:.*?)```", PAPERS["README.md"], re.DOTALL)
    assert len(written) == 1

    found = read(f"{company}\n{written[0]}").company.templates

    assert [template.key for template in found] == [one["key"] for one in yaml.safe_load(written[0])["templates"]]
