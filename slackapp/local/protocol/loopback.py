"""Loopback addresses, the only ones the workspace listens on and sends to."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Say whether a host name or address means this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
