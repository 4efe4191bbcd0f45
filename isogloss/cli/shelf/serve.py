"""isogloss serve."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from isogloss.cli.command import Command, whole
from isogloss.errors import InvalidValue
from isogloss.places import ROOT
from isogloss.workspace.access import host_names

_NAME = re.compile(r"([\w.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?", re.ASCII)


class Serve(Command):
    help = "start the app"
    json = False

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=whole(0, 65_535), default=8501)
        add_host_names(parser)
        parser.add_argument(
            "--log", choices=["json"], help="what it does on stderr, a line of JSON each, without what visitors typed"
        )
        parser.add_argument("--headless", action="store_true", help="do not open a browser")

    def run(self, options: argparse.Namespace) -> None:
        if options.log:
            os.environ["ISOGLOSS_LOG"] = options.log
        start(options.workspace, options.port, headless=options.headless, further=options.host_name)


def add_host_names(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host-name",
        action="append",
        default=[],
        metavar="NAME",
        help="a further name, perhaps with a port, under which people come to it, as that of a proxy in front of"
        " it; without it, 127.0.0.1, localhost and [::1] alone (several times for several)",
    )


def named(more: Sequence[str]) -> str:
    """ISOGLOSS_HOST_NAMES with further names. Raises InvalidValue for what is none."""
    if wrong := [name for name in more if not _NAME.fullmatch(name)]:
        raise InvalidValue(
            f"the host name {wrong[0][:80]!r} cannot be used", "give NAME or NAME:PORT, no address of a page"
        )
    return " ".join([*host_names(), *more])


def start(workspace: str | None, port: int, *, headless: bool, further: Sequence[str] = ()) -> NoReturn:
    """Become the app. workspace: a folder, None for that of the environment. Raises InvalidValue."""
    # Arrow's own pool keeps what tables were read with, and every thread of malloc some of what it gave back.
    environment = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"} | dict(os.environ)
    if workspace:
        environment["ISOGLOSS_HOME"] = str(Path(workspace).resolve())
    if further:
        environment["ISOGLOSS_HOST_NAMES"] = named(further)
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += ["--server.port", str(port), "--server.headless", "true" if headless else "false"]
    os.chdir(ROOT)
    if os.name == "posix":  # one process: whoever stops this command stops the app
        os.execve(command[0], command, environment)
    raise SystemExit(subprocess.run(command, env=environment).returncode)


member = Serve()
