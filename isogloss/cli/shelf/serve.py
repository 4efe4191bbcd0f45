"""isogloss serve."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from isogloss.cli.command import Command, whole
from isogloss.places import ROOT


class Serve(Command):
    help = "start the app"
    json = False

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=whole(0, 65_535), default=8501)
        parser.add_argument("--headless", action="store_true", help="do not open a browser")

    def run(self, options: argparse.Namespace) -> None:
        environment = dict(os.environ)
        if options.workspace:
            environment["ISOGLOSS_HOME"] = str(Path(options.workspace).resolve())
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
        command += ["--server.port", str(options.port), "--server.headless", "true" if options.headless else "false"]
        os.chdir(ROOT)
        if os.name == "posix":  # one process: whoever stops this command stops the app
            os.execve(command[0], command, environment)
        raise SystemExit(subprocess.run(command, env=environment).returncode)


member = Serve()
