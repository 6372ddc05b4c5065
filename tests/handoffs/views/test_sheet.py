"""Twenty cards one under the other: each says in its first two lines how it stands, and no two states look alike."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.handoffs.samples import MONDAY_9
from tests.handoffs.views.view_checks import sound_message
from tests.pictures.sheet import Row, cards
from tests.tables import check_rows

SHEET = cards(MONDAY_9)
SIGNS = ("🟡", "🔴", "🟢", "💬", "💤", "↩️", "✅", "⚪", "➡️")
RELATIVE = re.compile(r"\b\d+ ?(min|h|hours?|days?|minutes?)\b|\bago\b|\bfor (an?|\d+)\b")


def lines(row: Row) -> list[str]:
    """The card's first lines, with one name for every person and one instant for every date."""
    first = next(post for other, post in SHEET if other is row).blocks[0]
    text = first["text"]["text"] if "text" in first else first["elements"][0]["text"]
    text = re.sub(r"<!date\^[^>]*>", "⟨instant⟩", text)
    return re.sub(r"<@\w+>|Farid Haddad", "⟨person⟩", text).split("\n")


def rows() -> list[Row]:
    return [row for row, _ in SHEET]


def test_there_are_twenty_of_many_states() -> None:
    assert len(SHEET) == 20
    assert len({row.state for row in rows()}) >= 16


def test_slack_takes_each_and_nothing_in_it_pings() -> None:
    check_rows([post for _, post in SHEET], sound_message)


def test_the_title_stands_alone_and_the_status_follows_with_a_sign_and_words() -> None:
    def check(row: Row) -> None:
        *title, status = lines(row)
        if row.state == "deleted":
            assert title == []
        elif row.state.startswith("private"):
            assert title == ["🔒 *Private handoff*"]
        else:
            assert title == [f"*{row.title}*"]
        sign, _, words = status.partition(" ")
        assert sign in SIGNS
        assert re.match(r"[A-Z⟨]", words)

    check_rows(rows(), check)


def test_no_two_states_have_the_same_sign_and_words() -> None:
    seen: dict[str, str] = {}
    for row in rows():
        *title, status = lines(row)
        look = f"{'🔒 ' if title and title[0].startswith('🔒') else ''}{re.sub(r' · (Critical|High|Low)$', '', status)}"
        assert seen.setdefault(look, row.state) == row.state, f"{row.state} looks like {seen[look]}: {look}"


def test_late_is_red_and_nothing_else_is() -> None:
    def check(row: Row) -> None:
        status = lines(row)[-1]
        assert status.startswith("🔴") == row.state.endswith("late") == ("late since ⟨instant⟩" in status)

    check_rows(rows(), check)


def test_unassigned_work_and_no_other_has_a_green_claim() -> None:
    def check(row: Row) -> None:
        blocks = next(post for other, post in SHEET if other is row).blocks
        green = [one["text"]["text"] for block in blocks for one in block.get("elements", ()) if one.get("style")]
        assert green == (["Claim"] if "Unassigned" in lines(row)[-1] else [])

    check_rows(rows(), check)


def test_nothing_on_a_card_goes_stale_while_nothing_changes() -> None:
    later = dict(zip(range(20), cards(MONDAY_9, drawn_after=timedelta(minutes=5)), strict=True))

    def check(number: int) -> None:
        row, post = SHEET[number]
        assert not RELATIVE.search("\n".join(lines(row)))
        assert later[number][1] == post

    check_rows(later, check)
