"""What Slack would misread in mrkdwn is a problem, wherever mrkdwn stands."""

from slackapp.local.blockkit.mrkdwn import misread
from slackapp.local.blockkit.surfaces import problems
from tests.local.blockkit.builders import message, modal, mrkdwn, plain, section

READ = [
    "plain, 1 &lt; 2, &amp; > quoted",
    "<@U0EVA> <@U0EVA|eva> <#C0SALES> <#C0SALES|sales> <!subteam^S0CS> <!subteam^S0CS|@cs>",
    "<!here> <!channel> <!everyone>",
    "<!date^1700000000^{date_short_pretty} at {time}|2023-11-14 22:13 UTC>",
    "<!date^1700000000^{date}^https://x.example/?a=1&amp;b=2|that day>",
    "<https://x.example> <http://x.example/a?b=c&amp;d=%7C#e|Acme & Söhne> <mailto:a@b.example|Ana> <tel:+49301>",
]
MISREAD = [
    "1 < 2",
    "<foo>",
    "<>",
    "<@>",
    "<#general>",
    "<!nobody>",
    "<!date^x^{date}|x>",
    "<!date^1700000000^{date}>",
    "<https://x.example/a b|Record>",
    "<https://x.example/a|b|Record>",
    "<https://x.example/<a>|Record>",
    '<https://x.example/"a"|Record>',
    "<https://x.example/'a'|Record>",
    "<https://x.example/ä|Record>",
    "<https://x.example/100%|Record>",
    "<https://x.example/?a=1&b=2|Record>",
    "<https://x.example|two\nlines>",
    "<https://x.example|cut",
    "<javascript:alert(1)|Record>",
]


def test_what_slack_understands_is_taken() -> None:
    assert [text for text in READ if misread(text) is not None] == []


def test_what_slack_would_misread_is_named() -> None:
    assert [text for text in MISREAD if misread(text) is None] == []


def test_it_is_looked_for_in_every_mrkdwn_text_and_in_no_plain_one() -> None:
    def found(payload: dict[str, object]) -> list[tuple[str, str]]:
        return [(one.rule, one.pointer) for one in problems(payload, "modal" if "title" in payload else "message")]

    assert found(message(section("a < b"))) == [("misread", "/blocks/0/text/text")]
    assert found(message({"type": "context", "elements": [mrkdwn("<x>")]})) == [
        ("misread", "/blocks/0/elements/0/text")
    ]
    assert found({"text": "<x>"}) == [("misread", "/text")]
    assert found(modal(section("<x>"))) == [("misread", "/blocks/0/text/text")]
    assert found(message({"type": "section", "text": plain("a < b")})) == []
