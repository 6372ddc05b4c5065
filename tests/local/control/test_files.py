"""Files in forms and messages: who has them, what the app is told of them, what Slack's own form refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient

from tests.local.bolt_app import BoltApp, error_of
from tests.local.sample_blocks import modal
from tests.slack_client import Json, Modal, RefusedError, Workspace

OpenForm = Callable[..., Modal]


def file_field(**element: Any) -> Json:
    inner = {"type": "file_input", "action_id": "value", **element}
    return {"type": "input", "block_id": "logs", "label": {"type": "plain_text", "text": "Logs"}, "element": inner}


@pytest.fixture
def open_form(slack: Workspace, app: BoltApp) -> OpenForm:
    """Ben opens a form with these blocks; what he submits is kept."""

    def open_form(*blocks: Json, **more: Any) -> Modal:
        @app.bolt.shortcut("open_form")
        def opened(ack: Any, client: WebClient, body: Any) -> None:
            client.views_open(trigger_id=body["trigger_id"], view=modal(blocks=list(blocks), **more))
            ack()

        app.bolt.view("form")(app.keep)
        assert slack.shortcut("U0BEN", "open_form").ok
        return slack.modal("U0BEN")

    return open_form


def test_an_attached_file_comes_as_slacks_object_and_only_its_owner_sees_it(
    slack: Workspace, app: BoltApp, open_form: OpenForm
) -> None:
    form = open_form(file_field())

    assert form.submit({"Logs": ["sign in.log", "picture.PNG"]}).ok

    files = app.heard[-1]["view"]["state"]["values"]["logs"]["value"]["files"]
    assert [file["name"] for file in files] == ["sign in.log", "picture.PNG"]
    assert files[1]["mimetype"] == "image/png"
    assert files[1]["filetype"] == "png"
    assert {file["user"] for file in files} == {"U0BEN"}
    assert all(file["id"].startswith("F") for file in files)
    assert files[0]["permalink"].endswith(f"/files/U0BEN/{files[0]['id']}/sign%20in.log")
    assert [file["id"] for file in slack.sees("U0BEN")["files"]] == [file["id"] for file in files]
    assert slack.sees("U0ANA")["files"] == []


def test_sending_a_form_again_attaches_no_file_twice(slack: Workspace, open_form: OpenForm) -> None:
    form = open_form(file_field(), {**file_field(max_files=1), "block_id": "more", "label": _plain("More")})
    form.submit({"Logs": ["a.log"], "More": ["b.log", "c.log"]})

    form.submit({"Logs": ["a.log"], "More": ["b.log"]})

    assert [file["name"] for file in slack.sees("U0BEN")["files"]] == ["a.log", "b.log", "c.log"]


def test_a_file_that_was_chosen_before_is_attached_by_its_id_and_nobody_elses(
    slack: Workspace, app: BoltApp, open_form: OpenForm
) -> None:
    own = slack.act("attach", user="U0BEN", file="own.txt", size=12).raw["file"]
    other = slack.act("attach", user="U0ANA", file="other.txt").raw["file"]
    form = open_form(file_field())

    with pytest.raises(RefusedError, match="has no file"):
        form.submit({"Logs": [other["id"]]})
    assert form.submit({"Logs": [own["id"]]}).ok
    assert app.heard[-1]["view"]["state"]["values"]["logs"]["value"]["files"] == [own]
    assert own["size"] == 12


@pytest.mark.parametrize(
    ("element", "names", "sentence"),
    [
        ({"max_files": 1}, ["a.log", "b.log"], "Please attach at most 1 file."),
        ({}, [f"{n}.log" for n in range(11)], "Please attach at most 10 files."),
        ({"filetypes": ["pdf", "PNG"]}, ["a.exe"], "a.exe is not of a type that can be attached here: pdf, png."),
        ({"filetypes": ["pdf"]}, ["pdf"], "pdf is not of a type that can be attached here: pdf."),
        ({}, [], "Please complete this required field."),
    ],
)
def test_too_many_files_and_files_of_another_type_never_reach_the_app(
    app: BoltApp, open_form: OpenForm, element: Json, names: list[str], sentence: str
) -> None:
    form = open_form(file_field(**element))

    assert form.submit({"Logs": names}).error == "form_not_complete"

    assert form.errors == {"logs": sentence}
    assert app.heard == []


def test_a_form_keeps_its_files_when_it_is_drawn_again(slack: Workspace, app: BoltApp, web: WebClient) -> None:
    @app.bolt.shortcut("open_form")
    def opened(ack: Any, client: WebClient, body: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(blocks=[file_field()]))
        ack()

    @app.bolt.view("form")
    def submitted(ack: Any, view: Any) -> None:
        ack(response_action="update", view=modal("Second page", blocks=[file_field()], callback_id="second"))

    slack.shortcut("U0BEN", "open_form")
    form = slack.modal("U0BEN")
    form.submit({"Logs": ["a.log"]})

    assert form.title == "Second page"
    assert [file["name"] for file in form.values["logs"]["value"]["files"]] == ["a.log"]


def test_a_form_with_files_needs_the_scope_to_read_them(slack: Workspace, app: BoltApp, web: WebClient) -> None:
    granted = slack.overview()["granted"]
    slack.change("scopes", granted=[scope for scope in granted if scope != "files:read"])
    app.bolt.shortcut("open_form")(app.keep)
    slack.shortcut("U0BEN", "open_form")
    trigger = app.heard[-1]["trigger_id"]

    assert error_of(web.views_open, trigger_id=trigger, view=modal(blocks=[file_field()])) == "missing_scope"
    assert web.views_open(trigger_id=trigger, view=modal())["ok"]


@pytest.mark.parametrize("action", ["update", "push"])
def test_without_the_scope_an_answer_to_a_form_may_not_bring_files_either(
    slack: Workspace, app: BoltApp, open_form: OpenForm, action: str
) -> None:
    form = open_form(*modal()["blocks"])
    app.bolt._listeners.clear()
    granted = slack.overview()["granted"]
    slack.change("scopes", granted=[scope for scope in granted if scope != "files:read"])

    @app.bolt.view("form")
    def submitted(ack: Any) -> None:
        ack(response_action=action, view=modal(blocks=[file_field()]))

    assert form.submit({"title": "x", "note": "y"}).error == "missing_scope"
    assert form.fields == ["Title", "Note"]


def test_a_chosen_file_tells_the_app_nothing_before_the_form_is_sent(app: BoltApp, open_form: OpenForm) -> None:
    form = open_form({**file_field(), "dispatch_action": True})

    with pytest.raises(RefusedError, match="before the form is sent"):
        form.choose("Logs", ["a.log"])
    assert app.heard == []


def test_a_message_with_files_shows_them_to_a_shortcut_and_in_its_thread(
    slack: Workspace, app: BoltApp, web: WebClient
) -> None:
    app.bolt.shortcut("from_message")(app.keep)
    parent = slack.message("U0BEN", "The logs", channel="success", files=["a.log"])
    slack.message("U0EVA", "Mine", channel="success", thread_ts=parent.ts, files=["b.log"])
    slack.message("U0EVA", "None", channel="success", thread_ts=parent.ts)

    parent.shortcut("from_message", by="U0BEN")
    replies = web.conversations_replies(channel="C0SUCCESS", ts=parent.ts)["messages"]

    assert [file["name"] for file in app.heard[-1]["message"]["files"]] == ["a.log"]
    assert [[file["name"] for file in one.get("files", [])] for one in replies] == [["a.log"], ["b.log"], []]
    assert replies[0]["upload"] is False
    assert "upload" not in replies[2]


def test_the_event_of_a_message_with_files_is_a_file_share(slack: Workspace, app: BoltApp) -> None:
    heard: list[Json] = []

    @app.bolt.event("message")
    def said(event: Any) -> None:
        heard.append(event)

    slack.change("channel", id="C0LEADS", members=["U0ANA", "U0BATON"])
    slack.message("U0ANA", "The logs", channel="leads", files=["a.log"])
    slack.message("U0ANA", "Words", channel="leads")

    assert [(event["text"], event.get("subtype")) for event in heard] == [("The logs", "file_share"), ("Words", None)]
    assert heard[0]["files"][0]["name"] == "a.log"


def test_a_file_needs_a_name(slack: Workspace) -> None:
    with pytest.raises(RefusedError, match="needs a name"):
        slack.act("attach", user="U0BEN", file=" ")


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}
