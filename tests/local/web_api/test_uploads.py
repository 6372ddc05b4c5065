"""Files that an app uploads: asked for, posted, shared."""

from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient

from tests.local.bolt_app import error_of
from tests.slack_client import Workspace


def test_an_app_uploads_a_file_and_shares_it_in_a_direct_message(slack: Workspace, web: WebClient) -> None:
    channel = web.conversations_open(users="U0BEN")["channel"]["id"]

    web.files_upload_v2(channel=channel, content="a,b\nä,1\n", filename="list.csv", title="List")

    (message,) = slack.dms("U0BEN")
    (file,) = message.raw["files"]
    assert (file["name"], file["size"]) == ("list.csv", 9)
    with urlopen(file["url_private"]) as answer:  # noqa: S310 - the local workspace
        assert answer.read().decode() == "a,b\nä,1\n"


def test_what_was_not_posted_is_not_shared(slack: Workspace, web: WebClient) -> None:
    asked = web.files_getUploadURLExternal(filename="list.csv", length=3)

    assert error_of(lambda: web.files_completeUploadExternal(files=[{"id": asked["file_id"]}])) == "file_not_found"
    with pytest.raises(HTTPError, match="400"):
        urlopen(Request(asked["upload_url"], data=b"too long", method="POST"))  # noqa: S310 - the local workspace
    slack.change("scopes", granted=[one for one in slack.overview()["granted"] if one != "files:write"])
    assert error_of(lambda: web.files_getUploadURLExternal(filename="x", length=1)) == "missing_scope"
