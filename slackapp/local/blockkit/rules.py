"""Rules between the keys of one object."""

from collections.abc import Iterator, Mapping
from typing import Any

from slackapp.local.blockkit.problem import BlockKitProblem, step
from slackapp.local.blockkit.schema import Rule, length_problems


def exactly_one(*keys: str) -> Rule:
    """Make a rule: one of `keys` is there, not none and not several."""

    def rule(value: Mapping[str, Any], at: str) -> Iterator[BlockKitProblem]:
        if sum(key in value for key in keys) != 1:
            yield BlockKitProblem(
                pointer=at, rule="exactly_one", message=f"must have exactly one of {' and '.join(keys)}"
            )

    return rule


def at_least_one(*keys: str) -> Rule:
    """Make a rule: at least one of `keys` is there."""

    def rule(value: Mapping[str, Any], at: str) -> Iterator[BlockKitProblem]:
        if not any(key in value for key in keys):
            yield BlockKitProblem(pointer=at, rule="at_least_one", message=f"must have {' or '.join(keys)}")

    return rule


def initial_among_options(value: Mapping[str, Any], at: str) -> Iterator[BlockKitProblem]:
    """Find an initial option that is not on offer: Slack wants an exact match of one of the options."""
    offered = {_identity(option) for option in _offered(value)}
    initial = _listed(value.get("initial_options"))
    chosen = [(step(step(at, "initial_options"), index), option) for index, option in enumerate(initial)]
    if "initial_option" in value:
        chosen.append((step(at, "initial_option"), value["initial_option"]))
    for pointer, option in chosen:
        if _identity(option) not in offered:
            yield BlockKitProblem(pointer=pointer, rule="option_not_listed", message="must be one of the options")


def initial_items_fit(value: Mapping[str, Any], at: str) -> Iterator[BlockKitProblem]:
    """Find more initial items than `max_selected_items` lets a person choose."""
    most = value.get("max_selected_items")
    for key, items in value.items():
        if key.startswith("initial_") and isinstance(most, int) and len(_listed(items)) > most:
            message = f"must have at most max_selected_items ({most}) items"
            yield BlockKitProblem(pointer=step(at, key), rule="too_many", message=message)


def initial_value_fits(value: Mapping[str, Any], at: str) -> Iterator[BlockKitProblem]:
    """Find an initial text longer than the input's own `max_length`, and a `min_length` above it."""
    most, fewest, initial = value.get("max_length"), value.get("min_length"), value.get("initial_value")
    if isinstance(most, int) and isinstance(initial, str):
        yield from length_problems(initial, step(at, "initial_value"), 0, most)
    if isinstance(most, int) and isinstance(fewest, int) and fewest > most:
        yield BlockKitProblem(
            pointer=step(at, "min_length"), rule="out_of_range", message="must not be above max_length"
        )


def lines_in_order(value: Mapping[str, Any], at: str) -> Iterator[BlockKitProblem]:
    """Find a `min_lines` above `max_lines`."""
    fewest, most = value.get("min_lines"), value.get("max_lines")
    if isinstance(fewest, int) and isinstance(most, int) and fewest > most:
        yield BlockKitProblem(pointer=step(at, "min_lines"), rule="out_of_range", message="must not be above max_lines")


def unique_action_ids(value: Mapping[str, Any], at: str) -> Iterator[BlockKitProblem]:
    """Find an `action_id` that stands twice in one block."""
    seen: set[str] = set()
    for index, element in enumerate(_listed(value.get("elements"))):
        action_id = element.get("action_id") if isinstance(element, Mapping) else None
        if not isinstance(action_id, str):
            continue
        if action_id in seen:
            pointer = step(step(step(at, "elements"), index), "action_id")
            yield BlockKitProblem(
                pointer=pointer, rule="duplicate_action_id", message=f"{action_id} is used twice in its block"
            )
        seen.add(action_id)


def _offered(value: Mapping[str, Any]) -> Iterator[Any]:
    yield from _listed(value.get("options"))
    for group in _listed(value.get("option_groups")):
        if isinstance(group, Mapping):
            yield from _listed(group.get("options"))


def _identity(option: Any) -> str:
    """Tell two options apart by what a person sees and what the app gets; `emoji` flags do not matter."""
    if not isinstance(option, Mapping):
        return repr(option)
    text = option.get("text")
    return repr((text.get("text") if isinstance(text, Mapping) else text, option.get("value")))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
