"""Text in the page: Slack's mrkdwn, dates and rich text, each drawn by the page's own modules."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import open_context
from tests.local.page.form_app import NOTE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    """One page for all tests here: they use its modules and leave nothing behind."""
    context = open_context(browser, timezone_id="Europe/Berlin", locale="en-GB")
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


DIRECTORY = """
const directory = {
  userName: (id) => ({U0ANA: "Ana", U0BEN: "Ben & Co"})[id] ?? id,
  groupName: (id) => "success",
  channelName: (id) => "sales",
  channels: new Map(),
  now: () => 1793000000,
  zoneOf: (id) => ({U0ANA: "America/New_York"})[id],
};
"""
DRAW = f"""async ([text, verbatim]) => {{
  {DIRECTORY}
  const {{ mrkdwn }} = await import("/messages/mrkdwn.js");
  const box = document.createElement("div");
  box.append(...mrkdwn(text, {{ directory, user: "U0ANA" }}, {{ verbatim }}));
  for (const node of box.querySelectorAll("a")) for (const name of ["target", "rel"]) node.removeAttribute(name);
  return box.innerHTML;
}}"""
EDIT = f"""async (initial) => {{
  {DIRECTORY}
  const {{ richInput }} = await import("/forms/rich_text_input.js");
  const input = richInput({{ initial, attributes: {{}}, directory, changed: () => undefined }});
  document.body.append(input.node);
  return input.value();
}}"""

WRITTEN = {
    "emphasis": ("*bold* _slanted_ ~gone~ `code`", "<b>bold</b> <i>slanted</i> <s>gone</s> <code>code</code>"),
    "emphasis within emphasis": ("*a _b_ c*", "<b>a <i>b</i> c</b>"),
    "emphasis beside signs": ("(*a*), *b*.", "(<b>a</b>), <b>b</b>."),
    "signs that stand alone": ("2*3*4 and 2 * 3 * 4", "2*3*4 and 2 * 3 * 4"),
    "names with underscores": ("snake_case_name", "snake_case_name"),
    "no emphasis in code": ("`*a* _b_`", "<code>*a* _b_</code>"),
    "a block of code": ("x\n```\n*a*\n  b\n```", 'x\n<pre class="code-block">*a*\n  b</pre>'),
    "escaped signs": ("&lt;b&gt; &amp;amp; &amp;lt;", "&lt;b&gt; &amp;amp; &amp;lt;"),
    "signs nobody escaped": ("a < b > c & d", "a &lt; b &gt; c &amp; d"),
    "a link with a label": (
        "<https://example.org/?a=1&amp;b=2|here>",
        '<a href="https://example.org/?a=1&amp;b=2">here</a>',
    ),
    "a link in bold": ("*<https://example.org|here>*", '<b><a href="https://example.org">here</a></b>'),
    "an address": ("see https://example.org.", 'see <a href="https://example.org">https://example.org</a>.'),
    "a dangerous link": ("<javascript:alert(1)|here>", "here"),
    "a person": ("<@U0BEN>", '<span class="mention">@Ben &amp; Co</span>'),
    "oneself": ("<@U0ANA>", '<span class="mention mine">@Ana</span>'),
    "a person in code": ("`<@U0BEN>`", "<code>@Ben &amp; Co</code>"),
    "a group": ("<!subteam^S1>", '<span class="mention">@success</span>'),
    "a channel": ("<#C1>", '<span class="mention">#sales</span>'),
    "everybody": ("<!channel>", '<span class="mention mine">@channel</span>'),
    "everybody, escaped": ("&lt;!channel&gt;", "&lt;!channel&gt;"),
    "a quote": ("&gt; a\n&gt; *b*\nc", "<blockquote>a\n<b>b</b></blockquote>c"),
    "an emoji": (":white_check_mark: :unheard_of:", "✅ :unheard_of:"),
}


@pytest.mark.parametrize(("text", "drawn"), WRITTEN.values(), ids=WRITTEN)
def test_mrkdwn_is_drawn_as_slack_draws_it(page: Page, text: str, drawn: str) -> None:
    assert page.evaluate(DRAW, [text, False]) == drawn


def test_verbatim_text_gets_no_links(page: Page) -> None:
    assert page.evaluate(DRAW, ["https://example.org", True]) == "https://example.org"


TODAY, YESTERDAY, LONG_AGO = 1793000000, 1793000000 - 86400, 1392734382
DATES = {
    (LONG_AGO, "{date_num}"): "2014-02-18",
    (LONG_AGO, "{date}"): "February 18th, 2014",
    (LONG_AGO, "{date_short}"): "Feb 18, 2014",
    (LONG_AGO, "{date_long}"): "Tuesday, February 18th, 2014",
    (LONG_AGO, "{date_pretty}"): "February 18th, 2014",
    (LONG_AGO, "at {time}"): "at 9:39",
    (LONG_AGO, "{time_secs}"): "9:39:42",
    (TODAY, "{date_short_pretty} at {time}"): "Today at 3:33",
    (YESTERDAY, "by {date_long_pretty}"): "by yesterday",
    (YESTERDAY + 2 * 86400, "{date_pretty}"): "Tomorrow",
    (TODAY - 600, "{ago}"): "10 minutes ago",
    (TODAY + 7200, "due {ago}"): "due in 2 hours",
}


@pytest.mark.parametrize(("at", "tokens"), DATES, ids=[f"{tokens} of {at}" for at, tokens in DATES])
def test_dates_are_told_in_the_zone_of_the_person_who_reads(page: Page, at: int, tokens: str) -> None:
    drawn = page.evaluate(DRAW, [f"<!date^{at}^{tokens}|in words>", False])

    assert f">{DATES[at, tokens]}</time>" in drawn
    assert 'title="in words"' in drawn


def test_a_date_within_a_sentence_is_written_small(page: Page) -> None:
    assert ">today at 3:33<" in page.evaluate(DRAW, [f"*Due* <!date^{TODAY}^{{date_pretty}} at {{time}}|soon>", False])
    assert ">Today at 3:33<" in page.evaluate(DRAW, [f"*<!date^{TODAY}^{{date_pretty}} at {{time}}|soon>*", False])


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def part(kind: str, *elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": f"rich_text_{kind}", **more, "elements": list(elements)}


def bullets(*items: str, indent: int = 0, style: str = "bullet") -> dict[str, Any]:
    return part("list", *[part("section", text(item)) for item in items], style=style, indent=indent)


NOTES = {
    "a line": [part("section", text("one"))],
    "lines with an empty one": [part("section", text("one\n\nthree"))],
    "styles": [
        part("section", text("a"), text("b", bold=True), text("c", italic=True, strike=True), text("d", code=True))
    ],
    "a style over two lines": [part("section", text("a\nb", bold=True))],
    "lists after text": [part("section", text("one")), bullets("a", "b"), bullets("c", style="ordered")],
    "a list within a list": [bullets("a"), bullets("b", indent=1), bullets("c")],
    "quotes and code": [part("quote", text("said")), part("preformatted", text("x = 1\ny = 2"))],
    "mentions and links": [
        part(
            "section",
            {"type": "user", "user_id": "U0BEN"},
            text(" saw "),
            {"type": "link", "url": "https://example.org", "text": "this"},
            {"type": "emoji", "name": "tada"},
        )
    ],
    "signs of HTML": [part("section", text("<b>&amp; <!channel>"))],
    "all together": NOTE["elements"],
}


@pytest.mark.parametrize("elements", NOTES.values(), ids=NOTES)
def test_rich_text_comes_out_of_the_editor_as_it_went_in(page: Page, elements: list[dict[str, Any]]) -> None:
    assert page.evaluate(EDIT, {"type": "rich_text", "elements": elements}) == {
        "type": "rich_text",
        "elements": elements,
    }


def test_an_empty_editor_has_no_value(page: Page) -> None:
    assert page.evaluate(EDIT, None) is None
