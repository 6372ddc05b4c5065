"""Text that fits and cannot ping."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from slackapp.local.blockkit.surfaces import problems
from slackapp.slack.block_kit import blocks, inputs
from slackapp.slack.block_kit.blocks import clip, escape, link, mention, quote, said, when
from slackapp.slack.block_kit.rich_text import PIECE, in_pieces, plain_of, rich_of, safe_rich
from tests.handoffs.samples import HOSTILE, PINGING, RTL
from tests.tables import check_rows


def test_exactly_three_characters_are_escaped() -> None:
    assert escape("&<>\"'*_@") == "&amp;&lt;&gt;\"'*_@"


def test_what_fits_is_not_clipped() -> None:
    assert clip("abc", 3) == "abc"


def test_a_text_is_cut_between_words_and_only_a_very_long_one_in_the_middle() -> None:
    assert clip("Training for 40 people in two groups", 33) == "Training for 40 people in two…"
    assert clip("see " + "a" * 40, 30) == "see " + "a" * 25 + "…"
    assert clip("two words", 5) == "two…"


@pytest.mark.parametrize("most", range(2, 12))
def test_clipping_never_leaves_half_an_entity(most: int) -> None:
    text = clip(escape("a&b<c>d&&&&"), most)

    assert len(text) <= most
    assert text.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "").count("&") == 0


def test_clipping_never_leaves_half_a_mention() -> None:
    assert clip("ask <@U123456> about it", 12) == "ask…"


SEQUENCES = {
    "a skin tone": "👍🏽",
    "a profession": "👩🏽‍🚀",
    "a family": "👨‍👩‍👧‍👦",
    "a flag": "🇩🇪",
    "a flag in tags": "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "a keycap": "1️⃣",
    "a heart": "❤️",
    "an accent": "e\u0301",
    "a vowel sign": "कि",
    "an astral letter": "\U0001d49c",
    "an escape": "&amp;",
    "another escape": "&lt;",
}


def test_clipping_never_splits_what_is_one_character_to_people() -> None:
    def check(name: str) -> None:
        sign = SEQUENCES[name]
        for most in range(1, 80):
            short = clip(sign * 40, most)
            assert blocks.units(short) <= most
            assert short == sign * (short.count(sign)) + "…"
            assert blocks.units(short) > most - blocks.units(sign) - 1, "no more is left out than has to be"

    check_rows(SEQUENCES, check)


def test_clipping_never_splits_an_emoji_from_its_skin_tone() -> None:
    assert clip("ab👩🏽‍🚀cdef", 5) == "ab…"


PER_LIMIT: dict[str, Callable[[str], list[dict[str, Any]]]] = {
    "section": lambda text: [blocks.section(escape(text))],
    "field": lambda text: [blocks.section("x", fields=[escape(text)])],
    "context": lambda text: [blocks.context(escape(text))],
    "header": lambda text: [blocks.header(text)],
    "button": lambda text: blocks.actions(blocks.button(text, "a", "v", about=text)),
    "menu": lambda text: blocks.actions(*blocks.overflow("a", [blocks.option(text, "v")])),
    "field's label, hint and placeholder": lambda text: [
        inputs.field("k", inputs.InputLabels(label=text, hint=text, placeholder=text), inputs.line(text))
    ],
    "typed line": lambda text: [inputs.field("k", inputs.InputLabels(label="x"), inputs.line(text, most=150))],
    "address": lambda text: [inputs.field("k", inputs.InputLabels(label="x"), inputs.address(text))],
    "choice": lambda text: [inputs.field("k", inputs.InputLabels(label="x"), inputs.choice({"v": text}, "v"))],
    "note": lambda text: [inputs.field("k", inputs.InputLabels(label="x"), inputs.rich(rich_of(text)))],
    "pieces of a note": lambda text: in_pieces(rich_of(text)),
}  # fmt: skip


@pytest.mark.parametrize("sign", ["😀", "👩🏽‍🚀", "🇩🇪", "&", "<", "x😀&"])
def test_whatever_is_too_long_is_cut_as_slack_counts(sign: str) -> None:
    def check(name: str) -> None:
        view = {**modal(*PER_LIMIT[name](sign * 4000)), "submit": blocks.plain(sign * 30, 24)}
        assert [problem for problem in problems(view, "modal") if problem.rule != "view_too_large"] == []
        json.dumps(view, ensure_ascii=False).encode("utf-8")  # no half of a surrogate pair

    check_rows(PER_LIMIT, check)


def test_what_was_typed_comes_back_whole_however_slack_counted_it() -> None:
    typed = "😀" * 150

    shown = inputs.line(typed, most=150)

    assert shown["initial_value"] == typed
    assert shown["max_length"] == 300
    assert inputs.line("x" * 200, most=150)["max_length"] == 150


@pytest.mark.parametrize("text", ["&" * 5000, "👩🏽‍🚀" * 900, "e\u0301" * 3000, "\u0301" * 4000, "<@" * 3000])
def test_clipping_keeps_to_its_limit_whatever_the_text(text: str) -> None:
    assert 1 <= len(clip(escape(text), 100)) <= 100


def test_a_typed_line_cannot_turn_the_rest_of_our_sentence_round() -> None:
    line = said(RTL)

    assert line[0] == "\u2068"
    assert line[-1] == "\u2069"
    assert said("Acme") == "Acme"


def test_a_typed_line_stays_one_line() -> None:
    assert said("a\nb\t c ") == "a b c"


def test_every_line_of_a_quotation_is_marked() -> None:
    assert quote("one\n\n<two>") == "> one\n> &lt;two&gt;"
    assert quote(" \n ") == ""


def test_a_mention_takes_only_an_id() -> None:
    assert mention("U1") == "<@U1>"
    assert mention("S1") == "<!subteam^S1>"
    assert mention("U1>\n<!channel") == "<@U1channel>"


def test_an_instant_is_shown_in_the_readers_zone_and_names_its_own_where_that_fails() -> None:
    at = datetime(2026, 10, 25, 17, 33, tzinfo=timezone(timedelta(hours=2)))

    assert when(at) == "<!date^1792942380^{date_short_pretty} at {time}|2026-10-25 15:33 UTC>"
    assert int(datetime(2026, 10, 25, 15, 33, tzinfo=UTC).timestamp()) == 1792942380


@pytest.mark.parametrize("url", ["javascript:alert(1)", "!channel", "<!channel>", "https://x/" + "a" * 3000, ""])
def test_what_is_no_fitting_web_address_is_not_linked(url: str) -> None:
    assert "<" not in link(url, "Record")


LINKS = {
    "https://x/?a=1&b=|>< c": "<https://x/?a=1&amp;b=%7C%3E%3C%20c|Record>",
    "https://x/\"a\" and 'b'": "<https://x/%22a%22%20and%20%27b%27|Record>",
    "https://x/<!channel>|y": "<https://x/%3C!channel%3E%7Cy|Record>",
    "https://x/Müller & Söhne": "<https://x/M%C3%BCller%20&amp;%20S%C3%B6hne|Record>",
    "https://bücher.example/日本": "<https://b%C3%BCcher.example/%E6%97%A5%E6%9C%AC|Record>",
    "https://x/😀": "<https://x/%F0%9F%98%80|Record>",
    "https://x/a%20b%7C100% sure": "<https://x/a%20b%7C100%25%20sure|Record>",
    "https://x/`a`\\^{b}": "<https://x/%60a%60%5C%5E%7Bb%7D|Record>",
    "https://x/a\nb\tc\u200bd": "<https://x/a%20b%20c%E2%80%8Bd|Record>",
    "https://x/\ud83d": "<https://x/?|Record>",
    "HTTPS://x/~a/(b);c=[1]": "<HTTPS://x/~a/(b);c=[1]|Record>",
}


def test_a_link_cannot_be_left_early() -> None:
    def check(url: str) -> None:
        assert link(url, "Record") == LINKS[url]
        assert problems({"text": link(url, "Record")}, "message") == []

    check_rows(LINKS, check)


def test_a_label_cannot_break_its_link() -> None:
    assert link("https://x/", said("a|b <c>")) == "<https://x/|a¦b &lt;c&gt;>"
    assert link("https://x/", "two\nlines") == "<https://x/|two lines>"


def test_typed_words_in_a_block_are_never_linked_by_slack() -> None:
    assert blocks.section("@everyone")["text"]["verbatim"] is True


def test_a_text_that_came_out_empty_is_still_a_text() -> None:
    assert blocks.section("  ")["text"]["text"] == "–"
    assert blocks.context("")["elements"][0]["text"] == "–"


def test_a_row_without_controls_is_no_row() -> None:
    assert blocks.actions() == []
    assert blocks.overflow("x", []) == []


def test_a_button_tells_screen_readers_what_it_is_about() -> None:
    button = blocks.button("Assign…", "a", "v", about="#42: " + "Acme " * 30)

    assert button["accessibility_label"].startswith("Assign #42: Acme")
    assert len(button["accessibility_label"]) <= 75


def test_rich_text_reads_as_plain_words() -> None:
    assert plain_of(PINGING, {"U0EVE": "Eve"}).splitlines() == [
        f"@channel@Eve@S0ALL{HOSTILE}:tada:see (https://example.com/?a=1&b=<2>)",
        "- one",
        "- @here",
        "@Eve",
    ]
    assert plain_of(None) == ""
    assert plain_of({"elements": "nonsense"}) == ""


def test_plain_words_become_rich_text_and_come_back() -> None:
    assert plain_of(rich_of("one\ntwo")) == "one\ntwo"
    assert plain_of(rich_of("mine", quoted="theirs")) == "theirs\nmine"
    assert problems(modal(rich_of("")), "modal") == []


def test_rich_text_that_is_posted_notifies_nobody() -> None:
    kinds = set(_kinds(safe_rich(PINGING)))

    assert kinds.isdisjoint({"broadcast", "user", "usergroup", "something_new"})
    assert "@\u200bchannel" in plain_of(safe_rich(PINGING))


def test_in_a_view_people_keep_their_names_and_channel_mentions_are_words() -> None:
    kinds = set(_kinds(safe_rich(PINGING, in_view=True)))

    assert {"user", "usergroup"} <= kinds
    assert "broadcast" not in kinds


@pytest.mark.parametrize("in_view", [True, False])
def test_whatever_the_editor_gave_slack_takes_it_back(in_view: bool) -> None:
    assert problems(modal(safe_rich(PINGING, in_view=in_view)), "modal") == []
    assert problems(modal(safe_rich({"type": "rich_text", "elements": [7, {"type": "x"}]})), "modal") == []


def test_a_long_note_is_cut_into_pieces_and_nothing_is_lost() -> None:
    words = " ".join(str(n) for n in range(5000))
    text = {"type": "text", "text": words}
    bold = {"type": "text", "text": "!", "style": {"bold": True}}
    items = [{"type": "rich_text_section", "elements": [{"type": "text", "text": str(n)}]} for n in range(200)]
    rich = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [text, bold]},
            {"type": "rich_text_list", "style": "ordered", "elements": items},
        ],
    }

    pieces = in_pieces(rich)

    found = "".join(plain_of(piece) for piece in pieces)
    assert [c for c in found if c.isdigit()] == [c for c in plain_of(rich) if c.isdigit()]
    assert all(len(plain_of(piece)) <= PIECE for piece in pieces)
    assert problems(modal(*pieces), "modal") == []


def test_lines_are_put_together_as_far_as_there_is_room() -> None:
    assert blocks.packed(["aa", "bb", "cc"], few=12, room=5) == ["aa\nbb", "cc"]
    assert blocks.packed(["a", "b", "c"], few=2, room=100) == ["a\nb", "c"]
    assert blocks.packed(["too long"], few=2, room=3) == ["too long"]
    assert blocks.packed([], few=2, room=3) == []


def test_a_short_note_stays_in_one_piece() -> None:
    rich = safe_rich(PINGING)

    assert in_pieces(rich) == [rich]


def modal(*shown: dict[str, Any]) -> dict[str, Any]:
    return {"type": "modal", "title": blocks.plain("Note", 24), "blocks": list(shown)}


def _kinds(value: Any) -> list[str]:
    if isinstance(value, list):
        return [kind for item in value for kind in _kinds(item)]
    if isinstance(value, dict):
        return [str(value.get("type")), *(kind for item in value.values() for kind in _kinds(item))]
    return []
