"""References in mrkdwn that Slack would misread: our own rule, since Slack takes any text and shows something.

Between `<` and `>` stands one of the forms below, and a `<` that begins none was typed and not escaped. A link's
address may hold what RFC 3986 allows, `&` as `&amp;`: a raw `<`, `>`, `|`, quote, space or other letter ends the link
early or breaks it. Source: docs.slack.dev/messaging/formatting-message-text.
"""

import re
from typing import Final

MISREAD: Final = "misread"

_LABEL: Final = r"(?:\|[^<>|\n]*)?"
_ADDRESS: Final = r"(?:[A-Za-z0-9:/?#\[\]@!$()*+,;=\-._~]|&amp;|%[0-9A-Fa-f]{2})+"
_REFERENCE: Final = re.compile(
    "<(?:"
    rf"@[A-Za-z0-9]+{_LABEL}"
    rf"|#[A-Z0-9]+{_LABEL}"
    rf"|!subteam\^[A-Z0-9]+{_LABEL}"
    rf"|!(?:here|channel|everyone){_LABEL}"
    rf"|!date\^\d+\^[^<>|^\n]+(?:\^{_ADDRESS})?\|[^<>|\n]+"
    rf"|(?i:https?://|mailto:|tel:){_ADDRESS}{_LABEL}"
    ")>"
)


def misread(text: str) -> str | None:
    """Return the beginning of what Slack would misread, or None if there is nothing."""
    at = 0
    while (at := text.find("<", at)) >= 0:
        found = _REFERENCE.match(text, at)
        if found is None:
            return text[at : at + 60]
        at = found.end()
    return None
