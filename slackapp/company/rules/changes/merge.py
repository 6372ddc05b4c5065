"""What a workspace's configuration becomes when a file is applied: its objects beside those that belong to Slack."""

from __future__ import annotations

from slackapp.company.model import Company, StoredCompany
from storage.company.model import ObjectRef


def merged(stored: StoredCompany, file: Company) -> Company:
    """The whole configuration after applying a file.

    - What belongs to Slack stays as it is stored, whatever the file contains of it.
    - What the file lists as Slack's is added if there is none yet and none was removed in Slack.
    - What belonged to the file and is listed as Slack's is Slack's from now on.
    """
    was, says, in_slack = stored.company.records(), file.records(), stored.company.in_slack
    kept = {ref: record for ref, record in was.items() if ref in in_slack or ref in file.in_slack - says.keys()}
    gone = file.in_slack & stored.removed_in_slack()
    records = {ref: record for ref, record in says.items() if ref not in gone} | kept
    return Company.of(records, (in_slack | file.in_slack) & records.keys())


def taken(stored: Company, file: Company) -> list[ObjectRef]:
    """The objects of a file that belong to Slack without the file saying so."""
    return [ref for ref in file.records() if ref in stored.in_slack - file.in_slack]
