"""The unit in which lengths of text are counted.

Slack's documentation says "characters" of every limit and means code points or UTF-16 units; which of them it does not
say, and nobody has published a measurement. All limits in the tables are therefore judged by the stricter: UTF-16 units
where text may be too long, of which an emoji has two or more, and code points where it may be too short.
"""


def utf16_units(text: str) -> int:
    """Return the length of a text in UTF-16 units, as JavaScript counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
