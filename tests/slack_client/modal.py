"""One modal as its person sees it, live: every look at it reads what the person sees now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.slack_client import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.slack_client.shown import Json
    from tests.slack_client.workspace import Answer, Workspace

MORE: Final = ("More", "Edit other answers")
"""The buttons in a form that show its rarer fields."""


class Modal:
    """One modal as its person sees it. What `fill` types stays until `submit` or `click` sends it."""

    def __init__(self, workspace: Workspace, user: str, view_id: str) -> None:
        self.workspace = workspace
        self.user = user
        self.id = view_id
        self._typed: Json = {}

    @property
    def raw(self) -> Json:
        """Slack's view object as it is now, with `errors`."""
        for view in self.workspace.sees(self.user)["views"]:
            if view["id"] == self.id:
                found: Json = view
                return found
        raise AssertionError(f"{self.user} no longer has modal {self.id} open")

    @property
    def is_open(self) -> bool:
        """Whether the person still has it open."""
        return any(view["id"] == self.id for view in self.workspace.sees(self.user)["views"])

    @property
    def title(self) -> str:
        """The title."""
        return str(self.raw["title"]["text"])

    @property
    def fields(self) -> list[str]:
        """The labels of the input blocks."""
        return list(self._inputs())

    @property
    def errors(self) -> dict[str, str]:
        """What stands in red at the fields, by block_id."""
        errors: dict[str, str] = self.raw["errors"]
        return errors

    @property
    def buttons(self) -> dict[str, Json]:
        """The buttons by label."""
        return shown.buttons(self.raw["blocks"])

    @property
    def values(self) -> Json:
        """What is filled in: Slack's state objects by block_id and action_id."""
        values: Json = self.raw["state"]["values"]
        return values

    def all_text(self) -> str:
        """Every text of the modal, one per line."""
        raw = self.raw
        return "\n".join(shown.texts([raw["title"], *raw["blocks"]]))

    def fill(self, values: Mapping[str, Any]) -> Modal:
        """Type into fields, named by label or block_id; values may be the workspace's shorthands."""
        self._typed |= values
        return self

    def submit(self, values: Mapping[str, Any] | None = None) -> Answer:
        """Press the submit button; a field that is behind "More" is shown first, as a person would."""
        typed = self._uncover({**self._typed, **(values or {})})
        state = self._state(typed, known=self._known()) if typed else {}
        return self.workspace.act("submit", user=self.user, view_id=self.id, values=state)

    @property
    def problems(self) -> dict[str, str]:
        """What Baton says above its fields, by the field's key, where it draws a form again because of it."""
        found, above = {}, ""
        for block in self.raw["blocks"]:
            if block["type"] == "input" and above:
                found[block["block_id"].partition("~")[0]] = above
            text = block["elements"][0].get("text", "") if block["type"] == "context" else ""
            above = text.removeprefix(":warning: *").removesuffix("*") if text.startswith(":warning: *") else ""
        return found

    def click(self, label: str, values: Mapping[str, Any] | None = None) -> Answer:
        """Press a button inside the modal."""
        return self._use(shown.named(self.buttons, label), None, values)

    def choose(self, field: str, value: Any) -> Answer:
        """Change a field that tells the app at once (dispatch_action)."""
        return self._use(shown.named(self._known(), field), value, None)

    def suggest(self, field: str, text: str) -> list[str]:
        """Type into an external select and return the values it offers."""
        element = shown.named({**self._inputs(), **self._elements()}, field)
        ids = {"action_id": element["action_id"], "block_id": element["block_id"]}
        answer = self.workspace.act("suggest", user=self.user, view_id=self.id, value=text, **ids)
        ack = answer.ack or {}
        groups = [option for group in ack.get("option_groups") or () for option in group["options"]]
        return [option["value"] for option in [*(ack.get("options") or ()), *groups]]

    def close(self) -> Answer:
        """Press Cancel."""
        return self.workspace.act("close", user=self.user, view_id=self.id)

    def _uncover(self, typed: Json) -> Json:
        """Show the fields behind "More" if some were typed into; what is left to type then."""
        known = self._known() if typed else {}
        more = next((label for label in MORE if label in self.buttons), None)
        if more is None or typed.keys() <= known.keys():
            return typed
        state = self._state({name: value for name, value in typed.items() if name in known}, known=known)
        ids = {name: self.buttons[more][name] for name in ("action_id", "block_id")}
        self.workspace.act("view_action", user=self.user, view_id=self.id, value=None, values=state, **ids)
        self.workspace.settle()
        return {name: value for name, value in typed.items() if name not in known}

    def _use(self, element: Json, value: Any, values: Mapping[str, Any] | None) -> Answer:
        ids = {"action_id": element["action_id"], "block_id": element["block_id"]}
        state = self._state(values)
        return self.workspace.act("view_action", user=self.user, view_id=self.id, value=value, values=state, **ids)

    def _inputs(self) -> dict[str, Json]:
        blocks = [block for block in self.raw["blocks"] if block["type"] == "input"]
        return {block["label"]["text"]: {**block["element"], "block_id": block["block_id"]} for block in blocks}

    def _elements(self) -> dict[str, Json]:
        return {element["block_id"]: element for element in shown.elements(self.raw["blocks"])}

    def _known(self) -> dict[str, Json]:
        """The fields by label, by block_id, and by block_id without the number that tells Slack to forget (`~2`)."""
        found = {**self._elements(), **self._inputs()}
        return {**{element["block_id"].partition("~")[0]: element for element in found.values()}, **found}

    def _state(self, values: Mapping[str, Any] | None, known: Mapping[str, Json] | None = None) -> Json:
        typed = {**({} if known else self._typed), **(values or {})}
        known = known or (self._known() if typed else {})
        state: Json = {}
        for name, value in typed.items():
            element = shown.named(known, name)
            state.setdefault(element["block_id"], {})[element["action_id"]] = value
        return state
