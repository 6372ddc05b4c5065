"""Files that people attach in forms or share with messages: who has which, never what is in them.

docs.slack.dev, reference/objects/file-object and reference/block-kit/block-elements/file-input-element.
"""

import mimetypes
from typing import Any, Final
from urllib.parse import quote

from slackapp.local.protocol.errors import BadRequestError
from slackapp.local.protocol.ids import random_id
from slackapp.local.protocol.types import Json
from slackapp.local.state.channels import SlackFile
from slackapp.local.state.people import SlackUser
from slackapp.local.workspace.workspace import SlackWorkspace

MOST: Final = 10
"""Files that a file_input takes unless it says less."""
_NO_TYPE: Final = "application/octet-stream"


def attached_files(
    workspace: SlackWorkspace, user: SlackUser, wanted: Any, kept: list[Json] | None = None
) -> list[Json]:
    """Return file objects for what a person attaches.

    Args:
        workspace: the workspace.
        user: whose files they are.
        wanted: a list of names (each a new file), of ids, or of file objects, which stay as they are where nobody here
            has them; one name for itself.
        kept: what the field holds already: a name that is among these means that file.
    """
    listed = [wanted] if isinstance(wanted, str) else list(wanted or ())
    return [_given(workspace, user, one, kept or []) for one in listed]


def upload(workspace: SlackWorkspace, user: SlackUser, name: str, size: int = 0) -> SlackFile:
    """Add a file that only its owner sees, until it is shared."""
    if not name.strip():
        raise BadRequestError("a file needs a name")
    file = SlackFile(
        id=random_id("F0"), user=user.id, team=user.team_id, name=name, size=size, created=workspace.clock.now()
    )
    workspace.state.files[file.id] = file
    workspace.change_feed.publish("files", [user.id])
    return file


def as_slack(workspace: SlackWorkspace, file: SlackFile) -> Json:
    """Return Slack's file object."""
    ending = file_extension(file.name)
    address = f"{workspace.address}/files/{file.user}/{file.id}/{quote(file.name, safe='')}"
    return {
        "id": file.id,
        "created": int(file.created),
        "timestamp": int(file.created),
        "name": file.name,
        "title": file.name,
        "mimetype": mimetypes.guess_type(file.name)[0] or _NO_TYPE,
        "filetype": ending,
        "pretty_type": ending.upper(),
        "user": file.user,
        "user_team": file.team,
        "editable": False,
        "size": file.size,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": address,
        "url_private_download": f"{address}?download=1",
        "permalink": address,
        "has_rich_preview": False,
        "file_access": "visible",
    }


def file_input_error(element: Json, files: list[Json]) -> str | None:
    """Return what Slack's own form says about the files of a file_input; None if it takes them."""
    most = element.get("max_files", MOST)
    if len(files) > most:
        return f"Please attach at most {most} {'file' if most == 1 else 'files'}."
    wanted = [str(one).lower().lstrip(".") for one in element.get("filetypes") or ()]
    wrong = [file["name"] for file in files if wanted and file_extension(str(file["name"])) not in wanted]
    return f"{wrong[0]} is not of a type that can be attached here: {', '.join(wanted)}." if wrong else None


def file_extension(name: str) -> str:
    """Return what follows the last dot of a file's name, in lower case."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _given(workspace: SlackWorkspace, user: SlackUser, one: Any, kept: list[Json]) -> Json:
    known = workspace.state.files
    wanted = one.get("id") or one.get("name") if isinstance(one, dict) else one
    if not isinstance(wanted, str):
        raise BadRequestError("a file is named by its name, its id or its object")
    if wanted in known:
        if known[wanted].user != user.id:
            raise BadRequestError(f"{user.name} has no file {wanted}")
        return as_slack(workspace, known[wanted])
    if isinstance(one, dict) and one.get("id"):
        return one
    same = next((file for file in kept if file["name"] == wanted), None)
    return same or as_slack(workspace, upload(workspace, user, wanted))
