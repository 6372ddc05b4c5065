"""The record that a link names: two spellings of the address of one customer, case or deal are the same record.

Addresses of known applications are read by rules of their own; every other address is compared as a whole, without
the parts that cannot name a record. In doubt two addresses stay different: a missed duplicate costs a glance, a wrong
one tells somebody that their customer is taken care of.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import SplitResult, parse_qs, parse_qsl, urlencode, urlsplit

_CAMPAIGN_PREFIXES: Final = ("utm_", "mc_", "hsa_", "_hs", "__hs")
"""Prefixes of parameters that name a campaign or a mail."""
_CLICK_IDS: Final = frozenset({"gclid", "fbclid", "msclkid", "hsctatracking", "hslang"})
_REFERRERS: Final = frozenset({"ref", "source"})
"""Parameters that name a referrer, unless their value holds a digit: then it may name the record."""
_VIEWS: Final = re.compile(r"(/[^/]*[0-9][^/]*)/(?:view|edit|show)\Z")
"""Names of views of a record, after its id. After a plain word they may be the name of a page."""


def record_of(link: str | None) -> str | None:
    """The record that a link names, in a form to compare; None without a link or for no web address."""
    if not link:
        return None
    try:
        parts = urlsplit(link.strip().encode("utf-8", "replace").decode())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return None
    return known_record(parts) or _whole_address(parts, port)


def _whole_address(parts: SplitResult, port: int | None) -> str:
    host = (parts.hostname or "").removeprefix("www.") + (f":{port}" if port not in {None, 80, 443} else "")
    pairs = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
    kept = sorted((name, value) for name, value in pairs if not _is_noise(name.lower(), value))
    route = f"#{parts.fragment}" if parts.fragment[:1] in {"/", "!"} else ""  # a page that routes behind the hash
    path = _VIEWS.sub(r"\1", parts.path.rstrip("/"))
    return f"{host}{path}{'?' if kept else ''}{urlencode(kept, errors='surrogateescape')}{route}"


def _is_noise(name: str, value: str) -> bool:
    if name in _REFERRERS:
        return not any(letter.isdigit() for letter in value)
    return name in _CLICK_IDS or name.startswith(_CAMPAIGN_PREFIXES)


_SALESFORCE_ID: Final = r"[a-zA-Z0-9]{15}(?:[A-Z0-5]{3})?"
_SALESFORCE_HOST: Final = re.compile(r"(.+?)\.(?:lightning\.force|my\.salesforce|salesforce)\.com")
_SALESFORCE: Final = re.compile(rf"/(?:lightning/r/(?:\w+/)?)?({_SALESFORCE_ID})(?:/(?:view|edit|e))?/?")
_CHECKS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

_HUBSPOT_HOST: Final = re.compile(r"app(?:-[a-z0-9]+)?\.hubspot\.com")
_HUBSPOT: Final = re.compile(
    r"/contacts/(\d+)/(?:record/(0-\d+)|(contact|company|deal|ticket))/(\d+)(?:/(?:view|history|edit)(?:/\d+)?)?/?"
)
_HUBSPOT_TYPES: Final = {"contact": "0-1", "company": "0-2", "deal": "0-3", "ticket": "0-5"}

_ZENDESK_HOST: Final = re.compile(r"([a-z0-9-]+)\.zendesk\.com")
_ZENDESK: Final = re.compile(
    r"(?:/agent)?/(?:#/)?tickets/(\d+)(?:/(?:events|print))?/?|/hc/(?:[a-z]{2}(?:-[a-z]{2,3})?/)?requests/(\d+)/?",
    re.IGNORECASE,
)

_JIRA_HOST: Final = re.compile(r"[a-z0-9-]+\.atlassian\.net|jira\..+")
_JIRA_KEY: Final = r"[A-Za-z][A-Za-z0-9_]*-\d+"
_JIRA: Final = re.compile(
    rf"(?:/jira)?/browse/({_JIRA_KEY})/?"
    rf"|/jira/(?:software|servicedesk|core)/(?:c/)?projects/\w+/(?:issues|queues/custom/\d+)/({_JIRA_KEY})/?"
)
_JIRA_BOARD: Final = re.compile(
    r"/jira/(?:software|servicedesk|core)/(?:c/)?projects/\w+/(?:boards/\d+(?:/\w+)?|list)/?"
)

_INTERCOM_HOST: Final = re.compile(r"app(?:\.(?:eu|au))?\.intercom\.(?:com|io)")
_INTERCOM: Final = re.compile(r"/a/(?:inbox|apps)/([a-z0-9]+)/(?:[\w-]+/)*conversations?/(\d+)/?")

_GITHUB: Final = re.compile(
    r"/([\w.-]+)/([\w.-]+)/(?:issues|pull)/(\d+)(?:/(?:files|commits|checks|changes)(?:/[0-9a-f]+)?)?/?"
)

_SLACK_MESSAGE: Final = re.compile(r"/archives/([A-Z0-9]+)/p(\d{16})/?")
_SLACK_THREAD: Final = re.compile(r"/client/[A-Z0-9]+/[A-Z0-9]+/thread/([A-Z0-9]+)-(\d{10})\.(\d{6})/?")


def known_record(parts: SplitResult) -> str | None:
    """The record that an address of a known application names; None for any other address."""
    return next((record for rule in _RULES if (record := rule(parts))), None)


def _salesforce(parts: SplitResult) -> str | None:
    host = _SALESFORCE_HOST.fullmatch(parts.hostname or "")
    path = parts.path
    if path.rstrip("/") == "/one/one.app" and parts.fragment.startswith("/sObject/"):
        path = parts.fragment.removeprefix("/sObject")
    found = _SALESFORCE.fullmatch(path)
    if host is None or found is None or not any(map(str.isdigit, found[1])):
        return None
    return f"salesforce:{host[1]}:{_short_id(found[1])}"


def _short_id(ident: str) -> str:
    """A Salesforce id's first 15 characters; the last three only repeat which of those are capitals."""
    head, tail = ident[:15], ident[15:]
    return head if tail in {"", _suffix(head)} else ident


def _suffix(head: str) -> str:
    fives = (head[start : start + 5] for start in (0, 5, 10))
    return "".join(_CHECKS[sum(1 << at for at, letter in enumerate(five) if letter.isupper())] for five in fives)


def _hubspot(parts: SplitResult) -> str | None:
    found = _HUBSPOT.fullmatch(parts.path)
    if found is None or not _HUBSPOT_HOST.fullmatch(parts.hostname or ""):
        return None
    return f"hubspot:{found[1]}:{found[2] or _HUBSPOT_TYPES[found[3]]}:{found[4]}"


def _zendesk(parts: SplitResult) -> str | None:
    host = _ZENDESK_HOST.fullmatch(parts.hostname or "")
    behind_hash = parts.path.rstrip("/") == "/agent" and parts.fragment.startswith("/")
    found = _ZENDESK.fullmatch(f"/agent{parts.fragment}" if behind_hash else parts.path)
    return f"zendesk:{host[1]}:{found[1] or found[2]}" if host and found else None


def _jira(parts: SplitResult) -> str | None:
    host = parts.hostname or ""
    if not _JIRA_HOST.fullmatch(host):
        return None
    found = _JIRA.fullmatch(parts.path)
    key = (found[1] or found[2]) if found else None
    if key is None and _JIRA_BOARD.fullmatch(parts.path):
        selected = parse_qs(parts.query).get("selectedIssue", [])
        key = selected[0] if len(selected) == 1 and re.fullmatch(_JIRA_KEY, selected[0]) else None
    return f"jira:{parts.netloc.lower()}:{key.upper()}" if key else None


def _intercom(parts: SplitResult) -> str | None:
    found = _INTERCOM.fullmatch(parts.path)
    return f"intercom:{found[1]}:{found[2]}" if found and _INTERCOM_HOST.fullmatch(parts.hostname or "") else None


def _github(parts: SplitResult) -> str | None:
    """An issue or pull request: both share one numbering, and the case of letters does not matter."""
    found = _GITHUB.fullmatch(parts.path)
    if found is None or parts.hostname not in {"github.com", "www.github.com"}:
        return None
    return f"github:{found[1].lower()}/{found[2].lower()}#{found[3]}"


def _slack(parts: SplitResult) -> str | None:
    """A message, whether or not its address names the thread, in any client."""
    host = parts.hostname or ""
    found = _SLACK_MESSAGE.fullmatch(parts.path)
    if found:
        return f"slack:{_slack_host(parts)}:{found[1]}:{found[2]}"
    thread = _SLACK_THREAD.fullmatch(parts.path) if host == "app.slack.com" else None
    return f"slack:{_slack_host(parts)}:{thread[1]}:{thread[2]}{thread[3]}" if thread else None


def _slack_host(parts: SplitResult) -> str:
    """The host to compare: channel ids are unique across Slack, whichever workspace's name the address has."""
    host = parts.hostname or ""
    return "slack.com" if host.endswith(".slack.com") else parts.netloc.lower()


_RULES: Final[tuple[Callable[[SplitResult], str | None], ...]] = (
    _salesforce, _hubspot, _zendesk, _jira, _intercom, _github, _slack,
)  # fmt: skip
