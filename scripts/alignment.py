"""What the page Align opens with: two methods on the English and French novels, and their joint maps."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from isogloss.alignment.anchors.source import AnchorSource
from isogloss.alignment.joint_maps import joint_maps, picture_key
from isogloss.alignment.setup import Place, Setup
from isogloss.alignment.trial import run
from isogloss.spaces.reference import Reference
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace

DEMO = Setup(
    Reference("novels-en", "English"),
    Reference("novels-fr", "French"),
    anchors=AnchorSource(kind="lexicon", source="en", target="fr"),
)
METHODS = ("procrustes", "vecmap")


def write_demo(folder: Path) -> None:
    """Each outcome under its key, as the page looks for it; nothing else stays in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.npz"):
        old.unlink()
    workspace = Workspace(folder / "none")

    def open_space(place: Place) -> Space:
        assert isinstance(place, Reference)
        return workspace.open(place.collection)[place.space]

    trial = DEMO.trial(open_space)
    for method in METHODS:
        outcome = run(trial, method)
        np.savez_compressed(folder / f"{trial.key(method)}.npz", allow_pickle=False, **outcome.arrays())
        np.savez_compressed(
            folder / f"{picture_key(trial, method)}.npz", allow_pickle=False, **joint_maps(trial, outcome)
        )


if __name__ == "__main__":
    write_demo(Path(sys.argv[1]))
