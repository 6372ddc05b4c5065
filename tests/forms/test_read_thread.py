"""Nothing but `read_thread` reads messages of people for people: it asks Slack who sees the channel."""

from __future__ import annotations

import re
from pathlib import Path


def test_what_a_channel_says_is_read_in_one_place_only_where_its_readers_are_checked() -> None:
    package = Path(__file__).parents[2] / "slackapp"
    found = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if "local" not in path.relative_to(package).parts
        and re.search(r"\bconversations_(replies|history)\b", path.read_text(encoding="utf-8"))
    }

    own_messages = {"delivery/gateway.py", "delivery/earlier_numbers.py"}
    assert found == {"forms/listeners/read_thread.py", *own_messages}
