"""A person's Home tab as they see it, live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.slack_client import shown
from tests.slack_client.modal import Modal

if TYPE_CHECKING:
    from tests.slack_client.shown import Json
    from tests.slack_client.workspace import Answer, Workspace


class HomeTab(Modal):
    """The Home tab of one person. Its rows are found by a word of their text."""

    def __init__(self, workspace: Workspace, user: str) -> None:
        super().__init__(workspace, user, "")
        self.id = str(self.raw["id"])

    @property
    def raw(self) -> Json:
        """Slack's view object as it is now."""
        found: Json | None = self.workspace.sees(self.user)["home"]
        assert found is not None, f"{self.user} sees no Home tab"
        return found

    @property
    def sections(self) -> dict[str, list[str]]:
        """The texts of the rows under each header, in order; what comes before the first is under an empty one."""
        found: dict[str, list[str]] = {}
        title = ""
        for block in self.raw["blocks"]:
            if block["type"] == "header":
                title = block["text"]["text"]
                found[title] = []
            elif block["type"] in {"section", "context"}:
                found.setdefault(title, []).append("\n".join(shown.texts([block.get("text") or block["elements"]])))
        return found

    def row(self, containing: str) -> Json:
        """Return the section whose text contains some words."""
        rows = [block for block in self.raw["blocks"] if block["type"] == "section"]
        found: list[Json] = [block for block in rows if containing in block["text"]["text"]]
        assert len(found) == 1, (containing, [block["text"]["text"] for block in rows])
        return found[0]

    def press(self, containing: str) -> Answer:
        """Press the button of a row."""
        block = self.row(containing)
        return self._use({**block["accessory"], "block_id": block["block_id"]}, None, None)

    def button_of(self, containing: str) -> str:
        """Return the label of the button of a row."""
        return str(self.row(containing)["accessory"]["text"]["text"])

    def all_text(self) -> str:
        """Every text of the tab, one per line."""
        return "\n".join(shown.texts(self.raw["blocks"]))
