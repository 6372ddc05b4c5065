"""files.*: files that the app uploads, in Slack's two steps."""

from slackapp.local.operations import files, messages
from slackapp.local.operations.messages import NewMessage
from slackapp.local.protocol.errors import SlackError
from slackapp.local.protocol.types import Json
from slackapp.local.web_api.channel_access import visible_channel
from slackapp.local.web_api.method_call import MethodCall


def get_upload_url(call: MethodCall) -> Json:
    """files.getUploadURLExternal: the address to which the contents are to be posted."""
    name, size = call.text("filename"), call.number("length", 0)
    if not name.strip() or size <= 0:
        raise SlackError("invalid_arguments")
    workspace = call.workspace
    file = files.upload(workspace, workspace.state.users[workspace.state.app.bot_user], name, size)
    return {"upload_url": f"{workspace.address}/upload/{file.id}", "file_id": file.id}


def complete_upload(call: MethodCall) -> Json:
    """files.completeUploadExternal: shares uploaded files in a channel, or keeps them to the app."""
    workspace = call.workspace
    wanted = call.raw("files") or []
    found = [workspace.state.files.get(str(one.get("id"))) for one in wanted if isinstance(one, dict)]
    listed = [file for file in found if file is not None and file.user == workspace.state.app.bot_user]
    if not listed or len(listed) != len(wanted):
        raise SlackError("file_not_found")
    if any(file.content is None for file in listed):
        raise SlackError("file_not_found")
    shown = [files.as_slack(workspace, file) for file in listed]
    if call.text("channel_id"):
        channel = visible_channel(call, call.text("channel_id"))
        draft = NewMessage(user=workspace.state.app.bot_user, text=call.text("initial_comment"), files=shown)
        messages.post(workspace, channel, draft)
    return {"files": [{"id": file["id"], "title": file["title"]} for file in shown]}
