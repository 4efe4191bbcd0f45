"""isogloss apply-map."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from isogloss.alignment.learnt import take_mapping
from isogloss.alignment.matrices import ORIENTATIONS
from isogloss.cli.command import Command, Report
from isogloss.formats.reading import take_file
from isogloss.formats.writing import export_space
from isogloss.spaces.space import Space


class ApplyMap(Command):
    help = "bring the vectors of a file into the coordinates of a saved map"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add = parser.add_argument
        add("map", type=Path, metavar="MAP.npz", help="saved by align, or a matrix as text or .npy")
        add("vectors", type=Path, metavar="VECTORS")
        add("--side", choices=("source", "target"), default="source")
        add(
            "--orientation",
            choices=tuple(ORIENTATIONS),
            help="how a matrix is applied: " + "; ".join(f"{way}: {means}" for way, means in ORIENTATIONS.items()),
        )
        add("--inverse", action="store_true", help="back from shared coordinates to what the preprocessing gave")
        add("--out", type=Path, required=True, metavar="F", help="word2vec text")

    def run(self, options: argparse.Namespace) -> Report:
        mapping = take_mapping(options.map, orientation=options.orientation)
        side = mapping.source if options.side == "source" else mapping.target
        found = take_file(options.vectors)
        moved = side.invert(found.vectors).astype(np.float32) if options.inverse else side.apply(found.vectors)
        space = Space(options.vectors.name, tuple(found.items), moved)
        export_space(space, "word2vec", options.out)
        value = {"items": len(space), "dim": space.dim}
        return Report(value, [f"{len(space):,} items × {space.dim}: {options.out}"])


member = ApplyMap()
