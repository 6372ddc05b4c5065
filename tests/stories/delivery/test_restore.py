"""A ledger restored from a backup goes on, and gives no number that people have seen already."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from slackapp.app import Running
from tests.slack_client import Workspace
from tests.stories.northwind import send


def test_after_a_restore_no_number_is_given_that_slack_shows(
    slack: Workspace, start: Callable[..., Running], database_url: str, tmp_path: Path
) -> None:
    file, backup = Path(database_url.removeprefix("sqlite:///")), tmp_path / "backup.db"
    first = start()
    send(slack, title="Before the backup")
    first.stop()
    shutil.copy(file, backup)
    second = start()
    for channel, queue in (("C0SUCCESS", "success"), ("C0SALES", "sales")):
        send(slack, title=f"Lost in {queue}", channel=channel, queue=queue)
    slack.wait(hours=2)
    second.stop()

    file.unlink()
    shutil.copy(backup, file)
    third = start()
    again = send(slack, title="After the restore")
    third.stop()
    start()
    last = send(slack, title="And the next one")

    assert "#101 " in again.all_text()
    assert "#102 " in last.all_text(), "nothing is skipped where nothing is missing"
