"""The parts of Slack's payloads that Baton reads, as models: what does not fit them is no payload of Slack's.

Only what the parsers in `slackapp.slack.payloads` and `slackapp.slack.objects` read is described; everything else may
have any form. The names are those of docs.slack.dev (reference/interaction-payloads, apis/events-api).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    InstanceOf,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

LATEST_S: Final = 32_503_680_000
"""The year 3000, in seconds: no instant that Slack names lies behind it."""


def _a_day(written: str) -> str:
    date.fromisoformat(written)
    return written


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,64}$")]
"""The id of a person, team, channel, group, organisation or bot."""
Word = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=2000)]
"""A name that only machines read, such as an action_id or the value of a button."""
Typed = InstanceOf[str]
"""A text that a person may have typed: anything goes, also what no database keeps."""
Ts = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,11}(\.[0-9]{1,9})?$")]
"""The timestamp that identifies a message, or says when a button was pressed."""
Seconds = Annotated[int, Field(ge=0, le=LATEST_S)]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_a_day)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=3000)]
Blocks = list[dict[str, Any]]
"""Blocks of a message, whose readers expect anything in them."""


_WORD: Final[TypeAdapter[str]] = TypeAdapter(Word)
_TYPED_INTO: Final = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
"""Elements whose value a person types."""


class Part(BaseModel):
    """A part of a payload; further keys may hold anything."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class UserPart(Part):
    """Who acted."""

    id: Id
    team_id: Id | None = None


class NamedPart(Part):
    """An object with an id: a team, an organisation, a channel."""

    id: Id


class OptionPart(Part):
    """An option of a select."""

    value: Word


class OptionGroupPart(Part):
    """Options under a label."""

    options: tuple[OptionPart, ...] = Field(strict=False)


class ChosenFilePart(Part):
    """A file that was chosen."""

    id: Word | None = None
    name: Typed | None = None
    permalink: Typed | None = None


class EnteredPart(Part):
    """What an input holds."""

    type: Word
    value: Typed | None = None
    selected_option: OptionPart | None = None
    selected_options: list[OptionPart] | None = None
    selected_user: Id | None = None
    selected_date: Day | None = None
    selected_date_time: Seconds | None = None
    rich_text_value: dict[str, Any] | None = None
    files: list[ChosenFilePart] | None = None

    def chosen(self) -> Iterator[str]:
        """The values of the options that are chosen."""
        if self.selected_option is not None:
            yield self.selected_option.value
        yield from (one.value for one in self.selected_options or ())


class ElementPart(Part):
    """An element of a block, with what it held at first."""

    type: Word
    options: list[OptionPart] | None = None
    option_groups: list[OptionGroupPart] | None = None
    initial_value: Typed | dict[str, Any] | None = None
    initial_option: OptionPart | None = None
    initial_options: list[OptionPart] | None = None
    initial_user: Id | None = None
    initial_date: Day | None = None
    initial_date_time: Seconds | None = None

    def offers(self, entered: EnteredPart) -> bool:
        """Whether this element may hold what was entered; of a select that is searched, any option."""
        if entered.type != self.type:
            return False
        listed = self.options or [option for group in self.option_groups or () for option in group.options]
        return not listed or {option.value for option in listed}.issuperset(entered.chosen())


class BlockPart(Part):
    """A block of a view; only those with an input are read."""

    type: Word
    block_id: Word | None = None
    element: Any = None


class InputPart(BlockPart):
    """A block with an input."""

    block_id: Word
    element: ElementPart


class StatePart(Part):
    """What all inputs of a view hold, by block_id and action_id."""

    values: dict[str, dict[str, EnteredPart]] = Field(default_factory=dict)


class SourcePart(Part):
    """The message that a form was opened from."""

    channel: Id
    ts: Ts
    thread_ts: Ts | None = None
    permalink: Url | None = None
    author: Id | None = None


class MetadataPart(Part):
    """What our views carry in their private metadata."""

    handoff: Word | None = None
    draft: Word | None = None
    note: Word | None = None
    template: Word | None = None
    field: Word | None = None
    page: Annotated[int, Field(ge=0, le=1000)] | None = None
    version: Seconds | None = None
    over: Seconds | None = None
    sent: Seconds | None = None
    rests: dict[Word, Seconds] | None = None
    source: SourcePart | None = None


class ViewPart(Part):
    """A modal with what was entered in it."""

    id: Word
    type: Word = ""
    callback_id: Word = ""
    hash: Word | None = None
    private_metadata: str | None = None
    previous_view_id: Word | None = None
    state: StatePart | None = None
    blocks: list[BlockPart] | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_inputs(cls, view: Any) -> Any:
        """Read blocks with an input as such."""
        blocks = view.get("blocks") if isinstance(view, Mapping) else None
        if not isinstance(blocks, list):
            return view
        is_input = [isinstance(block, Mapping) and block.get("type") == "input" for block in blocks]
        read = [InputPart.model_validate(one) if yes else one for one, yes in zip(blocks, is_input, strict=True)]
        return {**view, "blocks": read}

    @model_validator(mode="after")
    def _holds_what_its_inputs_offer(self) -> Self:
        if self.private_metadata:
            MetadataPart.model_validate(json.loads(self.private_metadata))
        inputs = {block.block_id: block.element for block in self.blocks or () if isinstance(block, InputPart)}
        for block_id, elements in (self.state.values if self.state else {}).items():
            element = inputs.get(block_id)
            if element is not None and not all(element.offers(entered) for entered in elements.values()):
                raise ValueError(f"{block_id} holds what it does not offer")
        return self


class ActionPart(Part):
    """A button or menu that was used, or an input that tells what was typed into it."""

    type: Word = ""
    action_id: Word
    value: Typed | None = None
    selected_option: OptionPart | None = None
    action_ts: Ts | None = None

    @model_validator(mode="after")
    def _a_button_has_our_value(self) -> Self:
        if self.value is not None and self.type not in _TYPED_INTO:
            _WORD.validate_python(self.value)
        return self


class ContainerPart(Part):
    """Where a button is."""

    channel_id: Id | None = None
    message_ts: Ts | None = None
    is_ephemeral: bool = False


class ClickedMessagePart(Part):
    """The message that a button is on."""

    text: Typed | None = None


class BotPart(Part):
    """The app that wrote a message."""

    name: Typed | None = None


class UsedMessagePart(Part):
    """A message that a shortcut was used on."""

    ts: Ts
    thread_ts: Ts | None = None
    text: Typed | None = None
    user: Word | None = None
    bot_id: Word | None = None
    username: Typed | None = None
    bot_profile: BotPart | None = None
    blocks: Blocks | None = None
    attachments: Blocks | None = None
    files: Blocks | None = None


class Interaction(Part):
    """A person did something in Slack."""

    user: UserPart
    team: NamedPart | None = None
    enterprise: NamedPart | None = None
    trigger_id: Word = ""
    response_url: Url | None = None


class BlockActions(Interaction):
    """A button or menu was used."""

    actions: list[ActionPart] = Field(min_length=1)
    container: ContainerPart | None = None
    message: ClickedMessagePart | None = None
    view: ViewPart | None = None


class ViewInteraction(Interaction):
    """A form was submitted or closed."""

    view: ViewPart


class ShortcutUsed(Interaction):
    """A global shortcut was used."""

    callback_id: Word


class MessageAction(ShortcutUsed):
    """A shortcut was used on a message."""

    message: UsedMessagePart
    channel: NamedPart
    message_ts: Ts | None = None


class BlockSuggestion(Interaction):
    """A person types into a select whose options we provide."""

    block_id: Word = ""
    value: Typed | None = None


class SlashCommand(Part):
    """A slash command was typed."""

    command: Word
    user_id: Id
    team_id: Id | None = None
    enterprise_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{0,64}$")] | None = None
    text: Typed | None = None
    trigger_id: Word = ""
    response_url: Url | None = None


class UrlVerification(Part):
    """Slack asks whether the address is ours."""

    challenge: Word
