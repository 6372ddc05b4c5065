"""The message to who installs Baton: what it is, and the way to the first handoff."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from slackapp.setup.model import WelcomeScene
from slackapp.setup.rules import pages
from slackapp.setup.views.checklist import open_setup
from slackapp.setup.views.page import act
from slackapp.slack import ids
from slackapp.slack.block_kit.blocks import Block, Post, actions, button, section
from slackapp.slack.ids import SetupAction
from storage.handoffs.lifecycle import Verb

_WHAT: Final = "Baton hands work from one team to another, and someone always owns it."
_EMPTY: Final = "No team is set up yet. Add the first one, or try Baton with a demo team first."
_DEMO: Final = "The demo team is ready. Send it an example handoff, or add your first team."
_LATER: Final = f"`{ids.COMMAND}` hands something off. `{ids.COMMAND} setup` changes teams, hours and deadlines."


def draw(scene: WelcomeScene, _now: datetime) -> Post:
    """The message as the workspace is set up now. Once there is a team, nothing in it can become false any more."""
    if scene.progress.teams or not scene.is_admin:
        hand_off = button("Hand off", ids.action(Verb.OPEN), ids.button_value("new"))
        more = [open_setup()] if scene.is_admin else []
        return _post(_LATER, [hand_off, *more], settled=scene.progress.teams > 0)
    has_demo = scene.progress.demo is not None
    first = act("Set up your first team", SetupAction.TEAM, pages.of(pages.TEAM), "with a channel", style="primary")
    label = "See the demo team" if has_demo else "Try it with a demo team"
    return _post(_DEMO if has_demo else _EMPTY, [first, act(label, SetupAction.DEMO, pages.HOME, "to try it")])


def _post(more: str, buttons: list[Block], *, settled: bool = False) -> Post:
    return Post(
        text=f"{_WHAT} {more}",
        blocks=[section(f"*Welcome to Baton*\n{_WHAT}\n{more}"), *actions(*buttons)],
        settled=settled,
    )
