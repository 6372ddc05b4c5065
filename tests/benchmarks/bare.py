"""A Bolt app whose one listener only acknowledges: what a click costs before Baton does anything with it.

Run it as `python -m tests.benchmarks.bare PORT`; it serves until its standard input closes.
"""

from __future__ import annotations

import re
import sys

from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult

from slackapp.runtime.web_server import WebServer
from slackapp.slack.connection.http_events import slack_app
from tests.stories.processes import SIGNING_SECRET


def main(port: int) -> None:
    """Serve on `port`."""
    bolt = App(
        signing_secret=SIGNING_SECRET,
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T0LOCAL", bot_token="xoxb-local-bot"),
        process_before_response=True,
        token_verification_enabled=False,
    )

    @bolt.action(re.compile(".*"))
    def acknowledge(ack: Ack) -> None:
        ack()

    server = WebServer(slack_app(bolt, SIGNING_SECRET), port=port)
    server.start()
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]))
