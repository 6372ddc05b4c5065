"""Runs the local workspace: `python -m slackapp.local --port 0 --manifest manifest.yml`."""

import argparse
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Final
from urllib.parse import urlsplit

import yaml

from slackapp.local.limits.patience import read_factor
from slackapp.local.protocol.errors import BadRequestError
from slackapp.local.protocol.loopback import is_loopback
from slackapp.local.server.guide import read_guide
from slackapp.local.server.server import LocalServer, listen
from slackapp.local.state.manifest import read_manifest
from slackapp.local.workspace.workspace import SlackWorkspace

DEFAULT_SEED: Final = Path(__file__).parent / "seed.yml"
PATIENCE: Final = "LOCAL_SLACK_PATIENCE"
"""The environment variable that `--patience` defaults to."""


def main() -> int:
    """Serve until interrupted. One line on stdout says where, once connections are accepted."""
    options = _options().parse_args()
    try:
        workspace = SlackWorkspace(
            manifest=read_manifest(options.manifest),
            seed=yaml.safe_load(options.seed.read_text(encoding="utf-8")),
            app_url=_on_this_machine(options.app_url) if options.app_url else None,
            guide=read_guide(options.guide) if options.guide else None,
            patience=read_factor(options.patience),
        )
        bound = listen(options.host, options.port)
    except (OSError, ValueError, KeyError, yaml.YAMLError, BadRequestError) as error:
        sys.stderr.write(f"The local workspace cannot start: {error}\n")
        return 1
    host, port = bound.getsockname()[:2]
    workspace.address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    server = LocalServer(workspace, ready=lambda: _say_where(workspace.address))
    if options.until_stdin_closes:
        Thread(target=_stop_at_end_of_stdin, args=(server,), daemon=True).start()
    with suppress(KeyboardInterrupt):  # uvicorn raises it again after it has closed everything
        server.run(sockets=[bound])
    return 0


def _on_this_machine(url: str) -> str:
    if not is_loopback(urlsplit(url).hostname or ""):
        raise ValueError(f"{url} is not on this machine; deliveries stay on it")
    return url


def _say_where(address: str) -> None:
    sys.stdout.write(json.dumps({"ready": address}) + "\n")
    sys.stdout.flush()


def _stop_at_end_of_stdin(server: LocalServer) -> None:
    while os.read(sys.stdin.fileno(), 1024):  # not sys.stdin.read: its lock would abort the interpreter's end
        pass
    server.should_exit = True


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m slackapp.local", description="A Slack workspace on this machine.")
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    parser.add_argument("--manifest", type=Path, required=True, help="the app's manifest")
    parser.add_argument("--seed", type=Path, default=DEFAULT_SEED, help="who and what exists at the start")
    parser.add_argument("--guide", type=Path, help="scenes that the page leads its visitor through")
    parser.add_argument(
        "--patience",
        default=os.environ.get(PATIENCE, "1"),
        metavar="FACTOR",
        help=f"wait FACTOR times as long for the app as Slack does (default: ${PATIENCE}, else 1)",
    )
    parser.add_argument("--app-url", help="where to post signed requests while no socket is connected")
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="end with the process that holds the other end of stdin"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
