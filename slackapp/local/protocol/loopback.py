"""Which hosts are this machine: nothing else is listened to, delivered to or asked."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Say whether a host name or address means this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
