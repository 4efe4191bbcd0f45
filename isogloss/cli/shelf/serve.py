"""isogloss serve."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

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
        parser.add_argument(
            "--host-name",
            action="append",
            default=[],
            metavar="NAME",
            help="a further name, perhaps with a port, under which people come to it, as that of a proxy in front of"
            " it; without it, 127.0.0.1, localhost and [::1] alone (several times for several)",
        )
        parser.add_argument("--headless", action="store_true", help="do not open a browser")

    def run(self, options: argparse.Namespace) -> None:
        environment = dict(os.environ)
        if options.workspace:
            environment["ISOGLOSS_HOME"] = str(Path(options.workspace).resolve())
        if wrong := [name for name in options.host_name if not _NAME.fullmatch(name)]:
            raise InvalidValue(
                f"the host name {wrong[0][:80]!r} cannot be used", "give NAME or NAME:PORT, no address of a page"
            )
        if options.host_name:
            environment["ISOGLOSS_HOST_NAMES"] = " ".join([*host_names(environment), *options.host_name])
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
        command += ["--server.port", str(options.port), "--server.headless", "true" if options.headless else "false"]
        os.chdir(ROOT)
        if os.name == "posix":  # one process: whoever stops this command stops the app
            os.execve(command[0], command, environment)
        raise SystemExit(subprocess.run(command, env=environment).returncode)


member = Serve()
