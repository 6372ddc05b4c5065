"""Whatever arrives, the validator judges it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from slackapp.local.blockkit.problem import BlockKitProblem, Surface
from slackapp.local.blockkit.surfaces import problems

LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
TYPES = ["section", "input", "actions", "context", "rich_text", "static_select", "checkboxes", "modal", "table"]
KEYS = [
    *("type", "text", "blocks", "elements", "element", "accessory", "options", "option_groups", "initial_option"),
    *("initial_options", "max_selected_items", "rows", "metadata", "event_payload", "attachments", "block_id"),
]
NEARLY_BLOCK_KIT = st.recursive(
    LEAF | st.sampled_from(TYPES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=10,
)


@given(
    payload=st.dictionaries(st.sampled_from(KEYS), NEARLY_BLOCK_KIT, max_size=4),
    surface=st.sampled_from(["message", "modal", "home"]),
)
def test_whatever_json_comes_it_is_judged_and_nothing_is_raised(payload: dict[str, Any], surface: Surface) -> None:
    assert all(isinstance(one, BlockKitProblem) for one in problems(payload, surface))
