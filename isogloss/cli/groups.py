"""What the commands about groups of a space share."""

from __future__ import annotations

import argparse

from isogloss.cli.command import add_json, workspace_of
from isogloss.separation.concepts import ensure_made
from isogloss.spaces.space import Space


def add_groups(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("collection")
    parser.add_argument("--space", metavar="S", help="default: the last")
    parser.add_argument("--by", choices=("script", "language"), default="script")
    add_json(parser)


def space_of(options: argparse.Namespace) -> Space:
    workspace = workspace_of(options)
    ensure_made(workspace, options.collection)
    collection = workspace.open(options.collection)
    return collection[options.space] if options.space else collection.spaces[-1]
