"""Every error code that Slack documents for a method that Baton calls has a meaning, and each meaning is explained."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from slackapp.slack.error_codes import CLASSES, MEANINGS, ErrorClass, Meaning, error_class, explain, meaning

ROOT: Final = Path(__file__).parent.parent.parent
DOCUMENTED: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("slack_errors.json").read_text("utf-8"))
GROUPS: Final = "apps|auth|chat|conversations|dnd|files|team|usergroups|users|views"


def called() -> set[str]:
    """The methods of Slack's Web API that our code calls, as the documentation writes them."""
    found = set()
    for file in (ROOT / "slackapp").rglob("*.py"):
        if "local" not in file.parts:
            found |= set(re.findall(rf"client\.((?:{GROUPS})_\w+)", file.read_text("utf-8")))
    if "files_upload_v2" in found:  # the SDK's name for two calls
        found = (found - {"files_upload_v2"}) | {"files_getUploadURLExternal", "files_completeUploadExternal"}
    return {_as_documented(name) for name in found}


def _as_documented(name: str) -> str:
    parts = 2 if name.startswith(("apps_connections", "usergroups_users")) else 1
    return name.replace("_", ".", parts)


def test_the_list_has_every_method_that_baton_calls() -> None:
    assert called() - set(DOCUMENTED["methods"]) == set()


@pytest.mark.parametrize("method", DOCUMENTED["methods"])
def test_every_documented_code_has_a_meaning(method: str) -> None:
    codes = {*DOCUMENTED["every_method"], *DOCUMENTED["methods"][method]["codes"]}

    assert codes - set(CLASSES) == set()


def test_no_code_has_two_meanings_and_every_class_has_one() -> None:
    assert set(MEANINGS) == set(ErrorClass)
    assert set(MEANINGS.values()) == set(Meaning)


@pytest.mark.parametrize("code", sorted(CLASSES))
def test_every_code_is_explained_with_what_to_do(code: str) -> None:
    cause, remedy = explain(code)

    assert cause
    assert remedy.endswith(".")


@pytest.mark.parametrize(
    ("code", "means"),
    [
        ("service_unavailable", Meaning.SOON),
        ("ratelimited", Meaning.LATER),
        ("team_added_to_org", Meaning.LATER),
        ("user_disabled", Meaning.NEVER),
        ("expired_trigger_id", Meaning.NEVER),
        ("is_archived", Meaning.SOMEBODY),
        ("ekm_access_denied", Meaning.SOMEBODY),
        ("messages_tab_disabled", Meaning.ADMIN),
        ("missing_scope", Meaning.ADMIN),
        ("two_factor_setup_required", Meaning.ADMIN),
        ("never_heard_of", Meaning.SOON),
    ],
)
def test_a_code_says_what_it_means_for_us(code: str, means: Meaning) -> None:
    assert meaning(code) is means


def test_an_unknown_code_is_tried_again() -> None:
    assert error_class("never_heard_of") is ErrorClass.PASSING
