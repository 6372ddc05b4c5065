"""Requests to the app's inspection address: what it keeps about a message.

The workspace knows nothing of the app. An app that polls the lent clock may add `inspect=http://127.0.0.1:PORT/PATH`;
the workspace then asks that address with the flat facts of the message's metadata (`event_payload`) as query, and the
app answers with titled tables: `{"title", "sections": [{"title", "columns": [...], "rows": [[...]]}]}`.
"""

import json
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from slackapp.local.protocol.errors import BadRequestError
from slackapp.local.protocol.loopback import is_loopback
from slackapp.local.protocol.types import Json

_LARGEST: Final = 1_000_000
"""Bytes of an app's answer."""
_SCALARS: Final = (str, int, float)


class InspectionError(Exception):
    """The app has not told; the message is a sentence for the page."""


def checked_address(address: str) -> str:
    """Return an app's inspection address, or raise BadRequestError if it is not plain HTTP on this machine."""
    parts = urlsplit(address)
    if parts.scheme != "http" or not is_loopback(parts.hostname or "") or parts.query or parts.fragment:
        raise BadRequestError(f"`inspect` has to be http://127.0.0.1:PORT/PATH on this machine, not {address!r}")
    return address


def metadata_facts(metadata: Json | None) -> dict[str, str]:
    """Return the flat facts of a message's metadata; nested ones are left out."""
    payload = (metadata or {}).get("event_payload") or {}
    return {str(key): str(value) for key, value in payload.items() if isinstance(value, _SCALARS)}


async def ask_app(addresses: list[str], facts: dict[str, str], *, within_s: float) -> Json:
    """Return the tables that the first of these addresses to answer has about the facts.

    Raises:
        NotToldError: none of them answers, or not with tables.
    """
    trouble = "The app lends no inspection address. slackapp/local/README.md says how it would."
    for address in addresses:
        try:
            return parse_tables(await _get(address, facts, within_s))
        except InspectionError as problem:
            trouble = str(problem)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            trouble = "The app does not answer at the inspection address it gave. Is it still running?"
    raise InspectionError(trouble)


def parse_tables(said: Any) -> Json:
    """Return titled tables with words in every cell, or raise NotToldError for what is none."""
    try:
        sections = [
            {
                "title": str(section["title"]),
                "columns": [str(column) for column in section["columns"]],
                "rows": [["" if cell is None else str(cell) for cell in row] for row in section["rows"]],
            }
            for section in said["sections"]
        ]
        return {"title": str(said["title"]), "sections": sections}
    except (KeyError, TypeError) as problem:
        raise InspectionError("The app's answer is not a title with sections of columns and rows.") from problem


async def _get(address: str, facts: dict[str, str], within_s: float) -> Any:
    timeout = aiohttp.ClientTimeout(total=within_s)
    async with (
        aiohttp.ClientSession(timeout=timeout, trust_env=False) as session,
        session.get(address, params=facts, allow_redirects=False) as answer,
    ):
        body = await answer.content.read(_LARGEST + 1)
        while len(body) <= _LARGEST and (more := await answer.content.read(_LARGEST)):
            body += more
        if len(body) > _LARGEST:
            raise InspectionError("The app's answer is too long to show.")
        if answer.status != HTTPStatus.OK:
            raise InspectionError(f"The app knows nothing of this message (it answered {answer.status}).")
    return json.loads(body)
