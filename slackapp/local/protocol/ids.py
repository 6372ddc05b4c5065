"""Ids as Slack makes them."""

import secrets


def random_id(prefix: str = "", size: int = 5) -> str:
    """Return a fresh id of uppercase letters and digits, `2 * size` characters after the prefix."""
    return prefix + secrets.token_hex(size).upper()
