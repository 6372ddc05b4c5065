"""How a picture is taken: the demo runs once, a script plays its scene in it, the page is photographed light and dark.

A picture is what the program shows at that moment; nothing in it is drawn by hand. A scene can also be played without
being photographed: then no browser is needed where the workspace itself knows that the message or form is there.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Final, Literal, TypeAlias

from playwright.sync_api import Browser, Locator, Page

from tests.chromium import chromium, open_context
from tests.cli.demos import running_demo
from tests.pictures.scenes import leave
from tests.slack_client import Message, Workspace
from tests.stories.northwind import come_to_rest

PICTURES: Final = Path(__file__).parents[2] / "docs" / "pictures"
Scheme: TypeAlias = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
SCALE: Final = 1.5
"""Pixels of a picture per pixel of the page, so that it is sharp on every screen."""

TOGETHER: Final = 12
"""Scripts that play in one demo."""
AT_ONCE: Final = 2
"""Demos that run at the same time: most of what a script takes is waiting, because a demo posts at Slack's pace."""
_ASIDE: Final = (1, 1)
_LEAVE_FIELD: Final = "document.activeElement.matches('input, textarea') && document.activeElement.blur()"
"""A field that somebody is in shows the end of a long line, or its text as chosen."""


Place: TypeAlias = Callable[[], Locator]
"""Shows on the page what is to be photographed."""


class Stage:
    """The demo's workspace, and a page in it that opens when it is first looked at.

    Args:
        slack: the workspace.
        browser: gives the browser.
    """

    def __init__(self, slack: Workspace, browser: Callable[[], Browser]) -> None:
        self.slack = slack
        self._browser = browser

    @cached_property
    def page(self) -> Page:
        """A page that remembers nothing of the scenes before."""
        how = {"device_scale_factor": SCALE, "locale": "en-GB", "timezone_id": "Europe/Berlin"}
        return open_context(self._browser(), **how).new_page()

    def close(self) -> None:
        """Close the page, if there is one."""
        if "page" in vars(self):
            self.page.context.close()

    def open(self, *people: str, width: int = 680, height: int = 720) -> None:
        """Show these people side by side."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.goto(f"{self.slack.base_url}/?as={','.join(people)}")
        self.page.wait_for_selector(f".column[data-user={people[-1]}] .message")

    def go(self, user: str, channel: str) -> Locator:
        """Have a person look at a channel; in narrow columns the list hides behind its button."""
        column = self.page.locator(f".column[data-user={user}]")
        menu = column.get_by_role("button", name="Channels", exact=True)
        if menu.is_visible():
            menu.click()
        column.locator("button.channel", has_text=channel).first.click()
        return column

    def message(self, message: Message, channel: str) -> Place:
        """Return the place of one message, shown to the person who sees it, alone on the page."""
        leave(self.slack, message.viewer)  # an open form lies over the channel
        assert message.exists, message

        def shown() -> Locator:
            self.open(message.viewer)
            return self.go(message.viewer, channel).locator(f'.main .message[data-ts="{message.ts}"]')

        return shown

    def dialog(self, user: str, *, height: int = 1400) -> Place:
        """Return the place of the form that a person has open."""
        self.slack.modal(user)

        def shown() -> Locator:
            self.open(user, height=height)
            return self.page.locator(f".column[data-user={user}] .dialog")

        return shown

    def home(self, user: str, *, width: int = 680, height: int = 720) -> Place:
        """Return the place of a person's Home tab; they open it, and get it."""
        leave(self.slack, user)
        self.slack.home(user)
        assert self.slack.home_tab(user).all_text()

        def shown() -> Locator:
            self.open(user, width=width, height=height)
            column = self.go(user, "Baton")
            if (tab := column.get_by_role("tab", name="Home")).get_attribute("aria-selected") != "true":
                tab.click()
            column.locator(".home > *").first.wait_for()
            return column.locator(".home")

        return shown

    def whole_page(self) -> Locator:
        """Return the place of everything that the page shows now."""
        return self.page.locator("body")


Script: TypeAlias = Callable[[Stage], Place]
"""Plays a scene and returns the place of what is to be photographed."""


@contextmanager
def demo() -> Iterator[Workspace]:
    """Run the demo on a free port until the block ends."""
    with running_demo() as address:
        yield Workspace(address)


def take(
    scripts: Mapping[str, Script],
    folder: Path,
    *,
    schemes: Sequence[Scheme] = SCHEMES,
    only: Container[str] | None = None,
    say: Callable[[str], object] = lambda name: None,
) -> None:
    """Run the scripts and put their pictures into a folder as `NAME-light.png` and `NAME-dark.png`.

    A few share a demo: in one for all of them so much work would be late that Slack's pace holds up what comes next.

    Args:
        scripts: what to play, by the picture's name, in this order.
        folder: where the pictures go; it exists.
        schemes: in which colours they are taken.
        only: the names of those that are photographed, all by default; the others are only played.
        say: told each name when its script was played.
    """
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        groups = [{name: scripts[name] for name in few} for few in _groups(list(scripts))]
        for _ in pool.map(lambda few: _take_in_one_demo(few, folder, schemes, only, say), groups):
            pass


def _take_in_one_demo(
    scripts: Mapping[str, Script],
    folder: Path,
    schemes: Sequence[Scheme],
    only: Container[str] | None,
    say: Callable[[str], object],
) -> None:
    """Run these scripts in a demo and a browser of their own: Playwright stays within a thread."""
    with ExitStack() as stack, demo() as slack:
        browser = cache(lambda: stack.enter_context(chromium()))
        for name, script in scripts.items():
            come_to_rest(slack)
            stage = Stage(slack, browser)
            place = script(stage)
            if only is None or name in only:
                _photograph(place(), folder, name, schemes)
            stage.close()
            say(name)


def _groups(names: Sequence[str]) -> list[Sequence[str]]:
    return [names[start : start + TOGETHER] for start in range(0, len(names), TOGETHER)]


def _photograph(place: Locator, folder: Path, name: str, schemes: Sequence[Scheme]) -> None:
    place.wait_for()
    place.page.mouse.move(*_ASIDE)  # what is under the pointer looks different
    place.page.evaluate(_LEAVE_FIELD)
    for scheme in schemes:
        place.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        place.screenshot(path=folder / f"{name}-{scheme}.png", animations="disabled", caret="hide")
