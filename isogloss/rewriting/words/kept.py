"""The etymologist of a workspace: weights as .npz, n-grams and card as JSON. Nothing is pickled."""

from __future__ import annotations

import hashlib
import json
import math
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.errors import InvalidValue, NotFound, StoreError, reason_of
from isogloss.figure import Figure
from isogloss.progress import Progress, part_of, silent
from isogloss.rewriting.words.etymology import FOLDS, LONGEST, C, Etymologist, ten_fold, train
from isogloss.rewriting.words.tokens import Tokenised, read_tokens
from isogloss.text.nested import read_json
from isogloss.workspace.access import data_folder, require_writable
from isogloss.workspace.folders import fresh_file, sweep
from isogloss.workspace.store import Workspace

FOLDER = "etymology"  # of a workspace
SHARED = "maltese_etymology.parquet"  # of ISOGLOSS_DATA
_WEIGHTS, _CARD = "maltese.npz", "maltese.json"
_MOST_BYTES = 256 * 2**20
_VERSION = 1


@dataclass(frozen=True, eq=False)
class KeptEtymologist:
    """model, and its card: how it was trained, and what ten-fold by sentence gave, each a figure as JSON."""

    model: Etymologist
    card: Mapping[str, Any]


def train_kept(path: Path, workspace: Workspace, *, seed: int = 0, progress: Progress = silent) -> KeptEtymologist:
    """Test and train on an annotated table (id, token, category_merged or etymology), and keep it in the workspace.

    Raises InvalidValue for a table without labels, StoreError.
    """
    require_writable()
    read = read_tokens(path)
    found = trained(read, path.name, seed=seed, progress=progress)
    folder = workspace.root / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        weights: dict[str, Any] = {"weights": found.model.weights.astype(np.float32), "bias": found.model.bias}
        with fresh_file(folder / _WEIGHTS) as made, open(made, "wb") as file:
            np.savez_compressed(file, allow_pickle=False, **weights)
        told = {"card": found.card, "labels": found.model.labels, "grams": list(found.model.grams)}
        told["digest"] = _digest(folder / _WEIGHTS)
        with fresh_file(folder / _CARD) as made:
            made.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"the etymologist cannot be written ({reason_of(error)})", "free some space") from error
    return found


def trained(read: Tokenised, name: str, *, seed: int = 0, progress: Progress = silent) -> KeptEtymologist:
    """The same without keeping it."""
    labels = read.labels()
    if labels is None:
        raise InvalidValue(f"{name} says of no token where it comes from", "add a column etymology to id and token")
    if any(not label for row in labels for label in row):
        raise InvalidValue(f"{name} has tokens without a label", "label them, or take them out")
    test = ten_fold(read.sentences, labels, progress=part_of(progress, 0.0, 0.9))
    model = train([t for row in read.sentences for t in row], [one for row in labels for one in row])
    progress("training", 1.0)
    card: dict[str, Any] = {
        "version": _VERSION,
        "trained_on": name,
        "tokens": len(test.given),
        "sentences": len(read.sentences),
        "labels": list(model.labels),
        "ngrams": [1, LONGEST],
        "C": C,
        "folds": FOLDS,
        "seed": seed,
        **{key: _told(one) for key, one in test.card(seed=seed).items()},
    }
    return KeptEtymologist(model, card)


def is_kept(workspace: Workspace) -> bool:
    """Whether an etymologist is there without training one."""
    places = [workspace.root, *([workspace.offered] if workspace.offered else [])]
    return any((place / FOLDER / _CARD).is_file() for place in places)


def open_etymologist(workspace: Workspace, *, seed: int = 0, progress: Progress = silent) -> KeptEtymologist:
    """The one that is kept; where none is, it is trained once on the shared annotation in ISOGLOSS_DATA.

    Raises NotFound where there is neither, with what to do; StoreError for what is damaged.
    """
    places = [workspace.root, *([workspace.offered] if workspace.offered else [])]
    for place in places:
        if (place / FOLDER / _CARD).is_file():
            return _read(place / FOLDER)
    data = data_folder()
    if data is None or not (data / SHARED).is_file():
        raise NotFound(
            "there is no etymologist in this workspace",
            lever=f"train it: isogloss etymology --train ANNOTATED (id, token, etymology), or set ISOGLOSS_DATA to the"
            f" folder of {SHARED}",
        )
    try:
        return train_kept(data / SHARED, workspace, seed=seed, progress=progress)
    except InvalidValue as error:
        if error.fact != "this server is read-only":
            raise
        return trained(read_tokens(data / SHARED), SHARED, seed=seed, progress=progress)


def _read(folder: Path) -> KeptEtymologist:
    try:
        if max((folder / name).stat().st_size for name in (_WEIGHTS, _CARD)) > _MOST_BYTES:
            raise ValueError("it is too large")
        told = read_json((folder / _CARD).read_bytes())
        if told["digest"] != _digest(folder / _WEIGHTS):
            raise ValueError("weights and words are of two trainings")
        with np.load(folder / _WEIGHTS, allow_pickle=False) as data:
            weights, bias = np.asarray(data["weights"], np.float64), np.asarray(data["bias"], np.float64)
        labels, grams = tuple(map(str, told["labels"])), {str(gram): i for i, gram in enumerate(told["grams"])}
        if weights.shape != (len(grams), len(labels)) or bias.shape != (len(labels),) or not np.isfinite(weights).all():
            raise ValueError("other numbers of weights than of n-grams")
        card: Mapping[str, Any] = dict(told["card"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise StoreError(
            f"the etymologist of this workspace cannot be read ({str(error)[:80]})", "train it again with --train"
        ) from error
    return KeptEtymologist(Etymologist(labels, grams, weights, bias), card)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _told(one: Figure) -> dict[str, Any]:
    numbers: Sequence[float | None] = (one.value, one.low, one.high)
    value, low, high = (None if x is None or not math.isfinite(x) else round(float(x), 6) for x in numbers)
    return {"value": value, "n": one.n, "low": low, "high": high, "how": one.how}
