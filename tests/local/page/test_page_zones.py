"""Every time that the page shows is in the zone of the person who reads it, wherever the browser is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from slack_sdk import WebClient

from tests.local.page.browser_page import BrowserPage, control

pytestmark = pytest.mark.browser

ZONES = {"U0EVA": "Europe/Stockholm", "U0GRACE": "America/New_York"}
"""Two people whose days begin six hours apart. The browser is in Berlin."""


def test_two_people_in_different_zones_each_see_their_own_times(seat: BrowserPage) -> None:
    now = datetime.fromtimestamp(control(seat.address, "clock")["now"], UTC)
    late = now.replace(hour=2, minute=30, second=0, microsecond=0) + timedelta(days=2)  # yesterday evening in New York
    control(seat.address, "clock", {"to": late.isoformat()})
    at = int(late.timestamp()) + 8 * 3600
    line = f"due <!date^{at}^{{date_short_pretty}} at {{time}}|then>"
    client = WebClient(token="xoxb-local-bot", base_url=f"{seat.address}/api/")
    client.chat_postMessage(channel="C0SUCCESS", text=line)

    seat.open(*ZONES)
    for user in ZONES:
        seat.go(user, "success")

    for user, name in ZONES.items():
        zone = ZoneInfo(name)
        message = seat.column(user).locator(".main .message").last
        there, due = late.astimezone(zone), datetime.fromtimestamp(at, zone)
        expect(message.locator(".message-head time")).to_have_text(f"{there:%-H:%M}")
        day = "today" if due.date() == there.date() else "tomorrow"
        expect(message).to_contain_text(f"due {day} at {due:%-H:%M}")
        expect(seat.column(user).locator(".column-head .city")).to_have_text(name.split("/")[1].replace("_", " "))
    expect(seat.page.locator("time.clock .city")).to_have_text("Stockholm")
    first = late.astimezone(ZoneInfo(ZONES["U0EVA"]))
    expect(seat.page.locator("time.clock")).to_contain_text(f"{first:%-H:}")


def test_until_tomorrow_at_nine_is_nine_where_the_person_is(seat: BrowserPage) -> None:
    seat.open("U0GRACE")
    seat.page.get_by_role("button", name="Status of Grace Kim").click()
    seat.page.get_by_role("menuitem", name="until tomorrow, 9:00").click()

    expect(
        seat.page.get_by_role("button", name="Status of Grace Kim, notifications paused until tomorrow 9:00")
    ).to_be_visible()
    users = control(seat.address, "workspace")["users"]
    until = next(user for user in users if user["id"] == "U0GRACE")["dnd"]["next_dnd_end_ts"]
    assert f"{datetime.fromtimestamp(until, ZoneInfo(ZONES['U0GRACE'])):%H:%M}" == "09:00"


def test_what_opens_above_the_messages_leaves_the_newest_in_sight(seat: BrowserPage) -> None:
    seat.open("U0EVA")
    seat.go("U0EVA", "success")
    client = WebClient(token="xoxb-local-bot", base_url=f"{seat.address}/api/")
    client.chat_postMessage(channel="C0SUCCESS", text="\n".join(f"line {number}" for number in range(60)))
    client.chat_postMessage(channel="C0SUCCESS", text="the newest")
    newest = seat.column("U0EVA").locator(".main .message", has_text="the newest").last
    expect(newest).to_be_in_viewport(ratio=1)

    seat.page.set_viewport_size({"width": 1280, "height": 400})

    expect(newest).to_be_in_viewport(ratio=1)
