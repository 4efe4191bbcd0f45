"""isogloss serve-api."""

from __future__ import annotations

import argparse
import os

from isogloss.cli.command import Command, whole, workspace_of
from isogloss.cli.shelf.serve import add_host_names, named
from isogloss.errors import StoreError


class ServeApi(Command):
    help = "answer programs over HTTP in JSON, read-only"
    json = False

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=whole(0, 65_535), default=8502)
        parser.add_argument("--address", default="127.0.0.1", metavar="IP", help="to listen on (default: 127.0.0.1)")
        add_host_names(parser)

    def run(self, options: argparse.Namespace) -> None:
        import uvicorn

        from isogloss.cli.verbs.over_http import application

        if options.host_name:
            os.environ["ISOGLOSS_HOST_NAMES"] = named(options.host_name)
        app = application(workspace_of(options))
        where = f"{options.address}:{options.port}"
        print(f"http://{where}/ lists what can be asked", flush=True)
        try:
            uvicorn.run(app, host=options.address, port=options.port, log_level="warning", access_log=False)
        except SystemExit as error:  # uvicorn ends so where it cannot listen, and says why itself
            if error.code:
                raise StoreError(f"{where} cannot be listened on", "give another --port or --address") from error
            raise


member = ServeApi()
