"""isogloss encode."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from isogloss.cli.command import Command, Report, place_argument, workspace_of
from isogloss.cli.progress import Counted
from isogloss.encoders.encoder import open_encoder
from isogloss.encoders.kept import encode_kept
from isogloss.encoders.texts import take_texts
from isogloss.spaces.space import Space
from isogloss.workspace.access import require_writable
from isogloss.workspace.additions import with_spaces
from isogloss.workspace.store import check_name


class Encode(Command):
    help = "encode the texts of a file into a space"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--column", metavar="C", help="the text column (default: text, or the only one)")
        parser.add_argument("--part", metavar="P", help="the split of a folder, or the file of a .zip, of several")
        parser.add_argument(
            "--model", metavar="M", default="", help="a stage of the shipped encoder, a folder or a name"
        )
        parser.add_argument("--into", required=True, metavar="COLLECTION")
        place_argument(parser)
        parser.add_argument("--space", required=True, metavar="S")

    def run(self, options: argparse.Namespace) -> Report:
        require_writable()
        check_name(options.into)
        start = time.monotonic()
        workspace = workspace_of(options)
        read = take_texts(options.file, options.column, part=options.part)
        texts = read.texts
        encoder = open_encoder(options.model)
        said = Counted("the texts", len(texts), "texts", "tokens")
        vectors, tokens = encode_kept(
            encoder, texts, workspace.derived("encoded"), progress=said, on=options.on, model=options.model
        )
        space = Space(options.space, tuple(texts), vectors, metadata={"encoder": encoder.name})
        collection = with_spaces(workspace, options.into, [space])
        workspace.save(collection)
        value = {
            "collection": collection.name,
            "space": space.name,
            "items": len(space),
            "dim": space.dim,
            "tokens": tokens,
            "seconds": round(time.monotonic() - start, 2),
            "read": read.as_json(),
        }
        made = f"{len(space):,} items × {space.dim} in {value['seconds']} s: {collection.name}, space {space.name}"
        return Report(value, [made, read.sentence()])


member = Encode()
