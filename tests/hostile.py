"""What people may paste into a form: everything that Slack, a database or a page could take for something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.slack_client import Workspace

EVERYBODY: Final = (
    "U0ANA", "U0BEN", "U0CLARA", "U0DAN", "U0EVA", "U0FARID", "U0GRACE", "U0HUGO", "U0INES", "U0JONAS", "U0KIM",
)  # fmt: skip

BROADCASTS: Final = "<!channel> <!here> <!everyone> @channel @here @everyone <@U0KIM> <#C0GENERAL> <!subteam^S0CS>"
MARKUP: Final = "&<>\"' `code` ```block``` |pipe| *bold* _it_ ~no~ &amp; &lt;!channel&gt; <https://x.example|y>"
RIGHT_TO_LEFT: Final = "שלום לקוח \u202e reversed \u2066 isolated مرحبا"
UNSEEN: Final = "zero\u200bwidth\u200djoiner\ufeff soft\u00adhyphen 👩‍👩‍👧‍👦 🏳️‍🌈 é́́́ :tada: 👍🏽"
LONG: Final = "Donaudampfschifffahrtsgesellschaft" * 4
HTML: Final = (
    "<!DOCTYPE html><b onclick=\"alert('x')\">Hi</b><script>fetch('//x.example')</script>"
    "<img src=x onerror=alert(1)>\n<table><tr><td>1</td></tr></table><!-- @everyone --><a href='javascript:1'>y</a>"
)
ZALGO: Final = "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e" * 9
FORMATS: Final = "{0} {name} %s %(x)d ${HOME} $(id) {{7*7}} '; DROP TABLE handoffs; -- \\u0000 \\n \\"
DATES: Final = "<!date^1700000000^{date}|x> <!date^x|<!channel>> <mailto:a@b.example|c> <tel:1> <!subteam^S0CS|@cs>"

CORPUS: Final[Mapping[str, str]] = {
    "broadcasts": BROADCASTS,
    "markup": MARKUP,
    "right to left": RIGHT_TO_LEFT,
    "unseen": UNSEEN,
    "one long word": LONG,
    "pasted HTML": HTML,
    "stacked accents": ZALGO,
    "formats": FORMATS,
    "dates": DATES,
}
"""Text that comes out as it went in."""

NO_TEXT: Final = "a\0b \ud83d c \udfff d"
"""A NUL and lone surrogates, which no database keeps: what stands around them is kept."""


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    """A note as Slack's editor sends it."""
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}
    return {"type": "rich_text_input", "rich_text_value": block}


def text(words: str, **style: bool) -> dict[str, Any]:
    """A run of words in a note."""
    return {"type": "text", "text": words, **({"style": style} if style else {})}


EVERYTHING: Final = rich(
    text("Dear all, "),
    {"type": "broadcast", "range": "channel"},
    {"type": "broadcast", "range": "here"},
    {"type": "broadcast", "range": "everyone"},
    text(" and "),
    {"type": "user", "user_id": "U0KIM"},
    {"type": "usergroup", "usergroup_id": "S0CS"},
    {"type": "channel", "channel_id": "C0GENERAL"},
    {"type": "emoji", "name": "tada", "unicode": "1f389"},
    {"type": "link", "url": "https://x.example/?a=1&b=<2>|3", "text": "a > b | c"},
    {"type": "date", "timestamp": 1700000000, "format": "{date}", "fallback": "that day"},
    text(BROADCASTS, bold=True),
    text(MARKUP, code=True),
)
"""All that the editor of a note can make."""


def assert_nobody_was_pinged(slack: Workspace) -> None:
    """Nobody was notified in a channel, and every payload is one that Slack takes."""
    loud = {
        user: [alert["text"] for alert in slack.sees(user)["alerts"] if alert["channel"].startswith("C")]
        for user in EVERYBODY
    }
    assert {user: texts for user, texts in loud.items() if texts} == {}
    assert slack.problems() == []
