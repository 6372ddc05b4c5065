"""What Slack's payloads have is taken as it is: a number that comes as text is no payload of Slack's."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from slackapp.slack.payload_shapes import EnteredPart, OptionPart, UserPart

MOMENT = {"type": "datetimepicker", "selected_date_time": 1_795_876_766}


def test_a_moment_is_a_number_of_seconds() -> None:
    assert EnteredPart.model_validate(MOMENT).selected_date_time == 1_795_876_766


@pytest.mark.parametrize(
    ("part", "sent"),
    [
        (EnteredPart, {**MOMENT, "selected_date_time": "1795876766"}),
        (EnteredPart, {**MOMENT, "selected_date_time": 1_795_876_766.0}),
        (EnteredPart, {**MOMENT, "selected_date_time": True}),
        (EnteredPart, {"type": "plain_text_input", "value": 7}),
        (OptionPart, {"value": 7}),
        (UserPart, {"id": 7}),
        (UserPart, {"id": b"U0EVA"}),
    ],
)
def test_nothing_is_read_as_something_else(part: type[Any], sent: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        part.model_validate(sent)
