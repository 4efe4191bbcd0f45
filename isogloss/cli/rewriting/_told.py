"""What the commands about switching, consistency and etymology share."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from isogloss.cli.command import workspace_of
from isogloss.encoders.encoder import open_encoder
from isogloss.encoders.kept import encode_kept
from isogloss.figure import Figure
from isogloss.progress import Progress
from isogloss.types import Vectors


def said(one: Figure) -> str:
    """A figure in a line for people."""
    if not one.known:
        return "unknown"
    interval = "" if one.interval is None else " ({:.3f} to {:.3f})".format(*one.interval)
    return f"{one.value:.3f}{interval}, n = {one.n:,}"


def encoding(options: argparse.Namespace, progress: Progress) -> tuple[str, Callable[[Sequence[str]], Vectors]]:
    """The name of the encoder of `--model`, and what encodes texts by it; vectors are kept in the workspace.

    Raises NotFound, InvalidValue.
    """
    encoder, store = (
        open_encoder("" if options.model == "shipped" else options.model),
        workspace_of(options).derived("encoded"),
    )
    return encoder.name, lambda texts: encode_kept(encoder, list(texts), store, progress=progress)[0]


def add_encoder(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument(
        "--model", metavar="M", help=f"a stage of the shipped encoder (`shipped`: its last), a folder or a name: {what}"
    )
