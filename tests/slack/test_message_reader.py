"""What a message shows, whoever wrote it and however."""

from __future__ import annotations

from typing import Any

import pytest

from slackapp.slack.message_reader import addresses_in, mentioned_in, title_of, words_of
from slackapp.slack.payloads import parse_message

NAMES = {"U1": "Ana", "C1": "sales", "S1": "cs"}


def words(**message: Any) -> str:
    return words_of(parse_message({"ts": "1.1", **message}, "C1"), NAMES)


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


ALERT = {
    "color": "#c00",
    "title": "[FIRING] DiskFull on db-3",
    "title_link": "https://mon.example.com/a/1",
    "text": "Volume at 97 % since 08:10",
    "fallback": "DiskFull on db-3",
}


def test_an_alert_in_an_attachment_is_read() -> None:
    assert words(text="", attachments=[ALERT]).splitlines() == [
        "[FIRING] DiskFull on db-3 (https://mon.example.com/a/1)",
        "Volume at 97 % since 08:10",
    ]


HEADED = [{"type": "section", "text": mrkdwn("At 8:10")}, {"type": "header", "text": plain("Deploy failed")}]


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ({"bot_id": "B1", "text": "<!channel> look", "attachments": [ALERT]}, "[FIRING] DiskFull on db-3"),
        ({"bot_id": "B1", "blocks": HEADED, "attachments": [ALERT]}, "Deploy failed"),
        ({"bot_id": "B1", "attachments": [{"blocks": HEADED}]}, "Deploy failed"),
        ({"bot_id": "B1", "attachments": [{"title": " "}, {"title": "A &amp; <https://x.io|B>"}]}, "A & B (https://x.io)"),
        ({"bot_id": "B1", "text": "Down since 8:10"}, ""),
        ({"user": "U1", "text": "Look", "attachments": [ALERT]}, ""),
    ],
)  # fmt: skip
def test_only_an_app_gives_its_message_a_title(message: dict[str, Any], title: str) -> None:
    assert title_of(parse_message({"ts": "1.0", **message}, "C1"), {}) == title


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        ({"type": "section", "text": mrkdwn("Down: <https://x.io|db> &amp; <@U1>")}, "Down: db (https://x.io) & @Ana"),
        ({"type": "section", "fields": [mrkdwn("*Region*"), plain("eu-1")]}, "Region\neu-1"),
        ({"type": "header", "text": plain("Deploy failed")}, "Deploy failed"),
        ({"type": "context", "elements": [mrkdwn("<!subteam^S1>"), {"type": "image", "alt_text": "us"}]}, "@cs us"),
        ({"type": "markdown", "text": "**Done**"}, "**Done**"),
        ({"type": "image", "alt_text": "A chart", "title": plain("CPU")}, "CPU\nA chart"),
        ({"type": "video", "title": plain("How to"), "description": plain("Soon"), "alt_text": "x"}, "How to\nSoon\nx"),
        ({"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, mrkdwn("1")], []]}, "a | 1"),
        ({"type": "alert", "text": mrkdwn("Careful"), "level": "warning"}, "Careful"),
        ({"type": "card", "title": plain("Ticket 7"), "body": mrkdwn("It hangs")}, "Ticket 7\nIt hangs"),
        ({"type": "container", "blocks": [{"type": "section", "text": mrkdwn("Inside")}]}, "Inside"),
        ({"type": "of_tomorrow", "text": plain("New")}, "New"),
        ({"type": ["button"], "text": plain("Odd")}, "Odd"),
        ({"type": "input", "label": plain("Name"), "element": {"type": "plain_text_input"}}, "Name"),
    ],
)  # fmt: skip
def test_every_kind_of_block_is_read(block: dict[str, Any], shown: str) -> None:
    assert words(text="fallback of the blocks", blocks=[block]) == shown


def test_buttons_alone_show_nothing_so_the_text_is_read() -> None:
    buttons = {"type": "actions", "elements": [{"type": "button", "text": plain("Approve")}]}

    assert words(text="Please approve", blocks=[buttons, {"type": "divider"}]) == "Please approve"


@pytest.mark.parametrize(
    ("attachment", "shown"),
    [
        ({"fallback": "Only this"}, "Only this"),
        ({"fields": [{"title": "Priority", "value": "P1", "short": True}, {"value": "eu-1"}]}, "Priority: P1\neu-1"),
        ({"pretext": "New ticket", "author_name": "Zendesk", "text": "It hangs"}, "New ticket\nZendesk\nIt hangs"),
        ({"blocks": [{"type": "section", "text": mrkdwn("In blocks")}], "fallback": "no"}, "In blocks"),
        ({"image_url": "https://x.example/a.png", "fallback": "A picture"}, "A picture"),
        ({"title": None, "fields": None, "text": 5, "fallback": "odd"}, "odd"),
    ],
)
def test_every_part_of_an_attachment_is_read(attachment: dict[str, Any], shown: str) -> None:
    assert words(text="", attachments=[attachment]) == shown


def test_text_and_attachments_are_both_shown() -> None:
    assert words(text="Look", attachments=[{"text": "Below"}]) == "Look\nBelow"


def test_a_message_of_files_only_is_called_by_them() -> None:
    assert words(text="", files=[{"id": "F1", "title": "Invoice 7", "name": "inv.pdf"}]) == "Invoice 7"
    assert words(text="\u200b", files=[{"subject": "Renewal", "plain_text": "Dear all"}]) == "Renewal\nDear all"


def test_mentions_and_addresses_are_found_wherever_they_stand() -> None:
    message = parse_message(
        {
            "ts": "1.1",
            "text": "<@U1> <https://a.example/?x=1&amp;y=2|a>",
            "blocks": [
                {"type": "section", "text": mrkdwn("<#C1> <https://b.example>")},
                {"type": "actions", "elements": [{"type": "button", "url": "https://c.example"}]},
            ],
            "attachments": [{**ALERT, "text": "<!subteam^S1>"}],
        },
        "C1",
    )  # fmt: skip

    assert mentioned_in(message) == {"U1", "C1", "S1"}
    assert addresses_in(message) == [
        "https://b.example", "https://c.example", "https://a.example/?x=1&y=2", "https://mon.example.com/a/1",
    ]  # fmt: skip
