"""Runs the local workspace: `python -m slackapp.local --port 0 --manifest manifest.yml`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Final

import yaml

from slackapp.local.manifest import read_manifest
from slackapp.local.server import Server, listen
from slackapp.local.wire import BadRequestError
from slackapp.local.workspace import Workspace

DEFAULT_SEED: Final = Path(__file__).parent / "seed.yml"


def main() -> int:
    """Serve until interrupted. One line on stdout says where, once connections are accepted."""
    options = _options().parse_args()
    try:
        workspace = Workspace(
            manifest=read_manifest(options.manifest),
            seed=yaml.safe_load(options.seed.read_text(encoding="utf-8")),
            app_url=options.app_url,
        )
        bound = listen(options.host, options.port)
    except (OSError, ValueError, KeyError, yaml.YAMLError, BadRequestError) as error:
        sys.stderr.write(f"The local workspace cannot start: {error}\n")
        return 1
    host, port = bound.getsockname()[:2]
    workspace.address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    Server(workspace, ready=lambda: _say_where(workspace.address)).run(sockets=[bound])
    return 0


def _say_where(address: str) -> None:
    sys.stdout.write(json.dumps({"ready": address}) + "\n")
    sys.stdout.flush()


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m slackapp.local", description="A Slack workspace on this machine.")
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    parser.add_argument("--manifest", type=Path, required=True, help="the app's manifest")
    parser.add_argument("--seed", type=Path, default=DEFAULT_SEED, help="who and what exists at the start")
    parser.add_argument("--app-url", help="where to post signed requests while no socket is connected")
    return parser


if __name__ == "__main__":
    sys.exit(main())
