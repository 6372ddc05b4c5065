"""The frame of set-up's pages and forms: title, way back, long lists in pages, and what somebody else has changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from slackapp.setup.model import FormSubject
from slackapp.setup.rules import pages
from slackapp.setup.views.wording import TITLE
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Block, actions, button, clip, context, divider, plain, said, section, when
from slackapp.slack.block_kit.inputs import REPLACED, block_id, choice, key_of
from slackapp.slack.block_kit.modals import MOST_OPTIONS, modal
from slackapp.slack.ids import SetupAction, button_value

PER_PAGE: Final = 20
_CHANGES: Final = 5


def page(blocks: Sequence[Block], *, lead: str = "", back: str | None = pages.HOME, title: str = TITLE) -> Block:
    """A page of set-up. `lead` reports the last act; `back` names the page before, None on the first one."""
    top = [section(lead)] if lead else []
    return modal(title, SetupAction.SHOW, [*top, *blocks, *(_back(back) if back else [])])


def to_page(label: str, address: str, about: str, *, style: str | None = None) -> Block:
    """A button that turns to a page; `about` says for screen readers of what."""
    return button(label, SetupAction.SHOW, button_value(address), about=about, style=style)


def act(label: str, action: SetupAction, address: str, about: str, *, style: str | None = None) -> Block:
    """A button that opens a form, or changes something, about what `address` names; `about` is for screen readers."""
    return button(label, action, button_value(address), about=about, style=style)


def row(text: str, element: Block | None = None) -> Block:
    """A line of a page, with a button or menu at its side."""
    return section(text, accessory=element)


def one_of_pages(rows: Sequence[Block], kind: str, number: int) -> Iterator[Block]:
    """The rows of one page of a long list, and the buttons that turn to its neighbours."""
    count = max(1, -(-len(rows) // PER_PAGE))
    number = min(max(number, 0), count - 1)
    yield from rows[number * PER_PAGE : (number + 1) * PER_PAGE]
    if count > 1:
        yield context(f"Page {number + 1} of {count}")
        for label, other in (("Previous page", number - 1), ("Next page", number + 1)):
            if 0 <= other < count:  # in rows of their own: in one row no two buttons may do the same
                yield from actions(to_page(label, pages.of(kind, other), about=f"of {kind}"))


def form(
    title: str,
    action: SetupAction,
    blocks: Sequence[Block],
    subject: FormSubject,
    *,
    submit: str = "Save",
    notes: Sequence[str] = (),
) -> Block:
    """A form of set-up. Where somebody else has saved the object meanwhile, it says so and offers what they saved."""
    meta: Mapping[str, object] = {"key": subject.key, "part": subject.part, "version": subject.version}
    drawn = [_again(block, subject.again) for block in blocks]
    shown = [*_overwritten(subject, action), *map(section, notes), *drawn]
    label = f"{submit} anyway" if subject.overwritten and submit else submit
    return modal(title, action, shown, submit=label, close="Cancel", **meta, again=subject.again)


def dispatching(block: Block, action: SetupAction) -> Block:
    """An input that tells Baton at once what was chosen, by this action."""
    return {**block, "dispatch_action": True, "element": {**block["element"], "action_id": action.value}}


def with_placeholder(block: Block, text: str) -> Block:
    """An input whose empty field shows this text."""
    return {**block, "element": {**block["element"], "placeholder": plain(text, 150)}}


def _again(block: Block, times: int) -> Block:
    """The input under another block_id after our value has replaced the typed one, so that Slack shows ours."""
    if block["type"] != "input" or not times or REPLACED in block["block_id"]:
        return block
    return {**block, "block_id": block_id(key_of(block), times)}


def _overwritten(subject: FormSubject, action: SetupAction) -> Iterator[Block]:
    by = subject.overwritten
    if by is None:
        return
    listed = list(by.changes[:_CHANGES]) + (["…"] if len(by.changes) > _CHANGES else [])
    changes = clip("\n".join(f"• {line}" for line in listed), 1500)
    who = said(by.file, 75) if by.file else phrases.person({}, by.user)
    yield section(f":warning: *{who} changed this {when(by.at)}, while you were editing.*\n{changes}".rstrip())
    if action is not SetupAction.REMOVE:
        value = button_value(pages.of(pages.HOME, subject.key))
        yield from actions(button("Take theirs", SetupAction.TAKE_THEIRS, value, about="and drop what you typed"))
    yield divider()


def _back(address: str) -> list[Block]:
    return [divider(), *actions(to_page("Back", address, "to the page before"))]


def few_of(options: Mapping[str, str], value: str | None) -> Block:
    """A select of a few options; of more than Slack shows in a list, the first ones and the chosen one."""
    if len(options) > MOST_OPTIONS:
        kept = dict(list(options.items())[: MOST_OPTIONS - 1])
        options = kept | ({value: options[value]} if value is not None and value in options else {})
    return choice(options, value)
