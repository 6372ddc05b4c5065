"""Checks within templates: a field that does not fit its type, a card of six, conditions that can never hold.

They look at what could be read of a template, so that their problems are told beside those of single values. A template
made in Slack is held to the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from slackapp.configuration.company import Company
from slackapp.configuration.model import CompanyPart
from slackapp.templates.rules.shipped import shipped
from slackapp.templates.rules.template_checks import within
from slackapp.yaml_files.problems import Problem
from slackapp.yaml_files.scalars import meant
from slackapp.yaml_files.schema import placed


def templates_across(company: CompanyPart) -> Iterator[Problem]:
    """Problems within the templates of a file that was read in part, and queues that offer what there is not."""
    for place, template in placed(company.templates, ("templates",)):
        yield from within(template, place)
    yield from _offers(company)


def template_notices(company: Company) -> Iterator[Problem]:
    """What is allowed in templates but may surprise."""
    offered = {key for queue in company.queues for key in queue.templates}
    for n, template in enumerate(company.templates):
        if template.key not in offered:
            yield Problem(place=("templates", n), what=f'No queue offers the template "{template.key}".')


def _offers(company: CompanyPart) -> Iterator[Problem]:
    own = [template.key for _, template in placed(company.templates, ("templates",)) if template.key]
    known = list(dict.fromkeys([*own, *(template.key for template in shipped())]))
    for place, queue in placed(company.queues, ("queues",)):
        for n, key in enumerate(queue.templates):
            if key not in known:
                what = f'There is no template "{key}".{meant(key, known)}'
                mend = f"Add it under templates or name another: {', '.join(known)}."
                yield Problem(place=(*place, "templates", n), what=what, mend=mend)
