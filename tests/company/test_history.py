"""The history of the configuration has words for each kind of object, and for each setting of the workspace."""

from __future__ import annotations

import pytest

from slackapp.company.model import WorkspaceSetting
from slackapp.company.rules.changes.history import change_sentences, owner_sentence
from storage.company.model import ObjectKind, ObjectOwner, ObjectRef


@pytest.mark.parametrize("setting", WorkspaceSetting)
def test_each_setting_has_its_words(setting: WorkspaceSetting) -> None:
    ref = ObjectRef(ObjectKind.SETTING, setting.value)
    value = ["U1"] if setting is WorkspaceSetting.ADMINS else "handshake"

    for before, after in ((None, value), (value, None)):
        (said,) = change_sentences(ref, before, after, {"U1": "Kim"})
        assert "U1" not in said
    assert owner_sentence(ref, value, ObjectOwner.SLACK, {}).endswith("belongs to Slack from now on")


def test_the_emoji_is_named() -> None:
    ref = ObjectRef(ObjectKind.SETTING, WorkspaceSetting.EMOJI.value)

    assert list(change_sentences(ref, None, "handshake", {})) == ["Emoji that begins a handoff: none → handshake"]
