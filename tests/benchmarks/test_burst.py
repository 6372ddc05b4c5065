"""Very much is late in one minute, at Slack's real pace: when does each manager know the whole number?

Two processes on PostgreSQL share the pace of one workspace. Every breach wants its card drawn again, which Slack allows
forty times a minute; the managers' summaries must not wait for that.
"""

from __future__ import annotations

import re
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import create_engine, text

from slackapp.app import build
from slackapp.delivery import rate_limits
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Opened
from storage.handoffs.model import Text
from tests.databases import POSTGRESQL
from tests.slack_client import Workspace
from tests.stories.company import policy, write
from tests.stories.conftest import settings_for
from tests.stories.processes import Baton
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.waiting, pytest.mark.timeout(1800)]

SHORT, LONG = (16, 4.0), (500, 60.0)
"""Handoffs, and the seconds within which they are late one after the other."""
KNOWN_WITHIN_S: Final = 60.0
"""Seconds after the last breach within which everybody knows the whole number."""
TARGET_S: Final = 15 * 60
MANAGERS: Final = ("U0ANA", "U0DAN", "U0EVA", "U0HUGO", "U0KIM")
LATE: Final = {"key": "late", "clock": "claim", "at": "100%", "tell": ["managers", "sender"]}
_SUMMARY: Final = re.compile(r"(\d+) reminders\b")
_HEARD: Final = text("SELECT count(*), count(heard_at), max(put_at), max(heard_at - put_at) FROM notices")
_REDRAWS: Final = text("SELECT count(*) FROM outbox WHERE kind = 'card'")


@dataclass(frozen=True, kw_only=True)
class Known:
    """When everybody knew, in seconds after the last breach, and how old news was at the most when it was heard."""

    after_s: float
    oldest_s: float
    notices: int
    redraws_left: int
    """Cards that were still to be drawn again then."""


def five_managers(read: dict[str, Any]) -> None:
    """Five people answer for the team."""
    read["queues"][0]["managers"] = list(MANAGERS)


def handed_off(slack: Workspace, url: str, config: Path, count: int, spread_s: float) -> float:
    """Hand off so many, one after the other, and post their cards as fast as possible; return when the first was."""
    running = build(settings_for(slack, url, config=config), rates=rate_limits.UNPACED)
    running.start()
    try:
        began = slack.now()
        for n in range(count):
            draft = NewHandoff(title=f"Case {n}", queue="success", next_step="Look at it", note=Text(plain="Words"))
            opened = open_handoff(running.baton, workspace="T0LOCAL", user="U0BEN", draft=draft, form=f"V{n}")
            assert isinstance(opened, Opened)
            slack.advance(spread_s / count)
        until(running.pump.quiet, within_s=900, every_s=0.5)
    finally:
        running.stop()
    return began


def known(slack: Workspace, url: str, count: int, *, within_s: float) -> Known:
    """Wait until the messages of every manager add up to the whole number and everybody was told of everything."""
    engine = create_engine(url)
    end = time.monotonic() + within_s
    while True:
        with engine.connect() as connection:
            notices, heard, last_put_at, oldest = connection.execute(_HEARD).one()
            redraws = connection.execute(_REDRAWS).scalar_one()
        if notices == heard == (len(MANAGERS) + 1) * count and all(_told(slack, user) == count for user in MANAGERS):
            break
        assert time.monotonic() < end, f"{heard} of {notices} heard; {[_texts(slack, user) for user in MANAGERS]}"
        time.sleep(0.5)
    engine.dispose()
    return Known(
        after_s=slack.now() - last_put_at.timestamp(),
        oldest_s=oldest.total_seconds(),
        notices=notices,
        redraws_left=redraws,
    )


def _texts(slack: Workspace, user: str) -> list[str]:
    return [message.text[:40] for message in slack.dms(user)]


def _told(slack: Workspace, user: str) -> int:
    """Of how many late handoffs a manager was told: the first few come alone, the others in a summary."""
    summaries = [_SUMMARY.match(said) for said in _texts(slack, user)]
    return sum(int(summary[1]) if summary else 1 for summary in summaries)


@POSTGRESQL
def test_everybody_knows_the_whole_number_within_a_minute(
    slack: Workspace,
    database_url: str,
    tmp_path: Path,
    *,
    long: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    count, spread_s = LONG if long else SHORT
    config = write(tmp_path / "company.yml", policy({"claim": f"{TARGET_S}s wall"}, LATE), five_managers)
    began = handed_off(slack, database_url, config, count, spread_s)
    slack.rate_limits(enabled=True)
    limited_before = len(slack.calls())

    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(Baton.start(slack, database_url, config=config))
        slack.advance(began + TARGET_S - slack.now())
        result = known(slack, database_url, count, within_s=900 if long else 300)

    refused = [call for call in slack.calls(after=limited_before) if call["status"] == 429]
    with capsys.disabled():
        print(  # noqa: T201 - the benchmark's result
            f"\n{count:,} handoffs late, {len(MANAGERS)} managers, {result.notices:,} notices: everybody knew the whole"
            f" number {result.after_s:.1f} s after the last breach, no news was older than {result.oldest_s:.1f} s when"
            f" it was heard; {result.redraws_left} cards still to be drawn again; {len(refused)} calls refused by Slack"
        )
    assert result.after_s < KNOWN_WITHIN_S
    assert result.oldest_s < KNOWN_WITHIN_S
