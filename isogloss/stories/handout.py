"""The demo in one file: a collection with its neighbors, maps, drift and story, to open from a USB stick."""

from __future__ import annotations

import base64
import gzip
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss import __version__
from isogloss.drift.ranking import Ranking, measure_drift
from isogloss.drift.verdict import WORDS
from isogloss.errors import InvalidValue, IsoglossError
from isogloss.maps.layout import LayoutParameters
from isogloss.maps.linked import find_maps
from isogloss.progress import Progress, part_of, silent
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.stories.page import page
from isogloss.stories.story import Story
from isogloss.text.romanize import romanized
from isogloss.types import Vectors
from isogloss.workspace.derived import DerivedStore

MOST_BYTES = 150_000_000  # of vectors in the file: what browsers take from a file without complaint
_HALF = 32_767  # of the whole numbers that stand for the parts of a vector
_MOST_OVERLAPS = 20_000  # items whose neighbors are compared, where coordinates cannot be: minutes for more
_STATES = tuple(WORDS)


@dataclass(frozen=True)
class Handout:
    """html: the file. left_out: what is not in it → why. pairs: how many pairs of spaces have their drift in it."""

    html: str
    items: int
    pairs: int
    mapped: bool
    stories: int
    left_out: dict[str, str] = field(default_factory=dict)


def handout(
    collection: Collection, *, store: DerivedStore, stories: Sequence[Story] = (), progress: Progress = silent
) -> Handout:
    """The file of a collection. stories: those that it tells, of all collections; their beats on this one are shown.

    Neighbors are looked up in the browser among vectors of unit length in 16 bits a number, with one scale a vector:
    the exact nearest of these. Drift is that of the commands: first to last and, in order, each step. Raises
    InvalidValue for a collection too large for a file.
    """
    size = sum(len(space) * space.dim * 2 for space in collection.spaces) * 4 // 3
    if size > MOST_BYTES:
        raise InvalidValue(
            f"{collection.name!r} has {sum(map(len, collection.spaces)):,} vectors, {size / 1e6:,.0f} MB as a file",
            f"make a collection of fewer items (import --limit): a handout has at most {MOST_BYTES / 1e6:,.0f} MB",
        )
    left_out: dict[str, str] = {}
    counts = collection.counts
    names = sorted(counts, key=lambda item: -counts[item])  # of the same count, as the spaces have them
    number = {item: at for at, item in enumerate(names)}
    drift = _drift(collection, store, number, left_out=left_out, progress=part_of(progress, 0.0, 0.5))
    progress("reading the maps", 0.5)
    places = _places(collection, store, left_out)
    told = _told_stories(collection, stories)
    text = {
        "names": names,
        "roman": _roman(names, part_of(progress, 0.55, 0.7)),
        "spaces": [
            {"name": s.name, "dim": s.dim, "items": [number[item] for item in s.items]} for s in collection.spaces
        ],
        "drift": drift,
        "stories": told,
    }
    progress("packing the vectors", 0.7)
    packed = {
        "text": _packed(json.dumps(text, ensure_ascii=True, allow_nan=False).encode()),
        "vectors": _packed(b"".join(_vectors(space) for space in collection.spaces)),
        "places": _packed(places),
    }
    data = {
        **{"name": collection.name, "title": collection.title, "version": __version__},
        **{"aligned": collection.aligned, "ordered": collection.ordered, "states": list(WORDS.values())},
        "mapped": bool(places),
    }
    progress("writing the page", 0.97)
    html = page("handout", data, collection.title, packed=packed)
    return Handout(html, len(names), len(drift), bool(places), len(told), left_out)


def quantised(unit: Vectors) -> tuple[npt.NDArray[np.int16], Vectors]:
    """Vectors as whole numbers of 16 bits and the scale of each, float32, (n,): its greatest part is 32,767.

    >>> whole, scale = quantised(np.float32([[0.6, -0.8]]))
    >>> whole.tolist(), (whole * scale[:, None]).astype(float).round(4).tolist()
    ([[24575, -32767]], [[0.6, -0.8]])
    """
    most = np.abs(unit).max(axis=1, initial=0.0)
    scale = (np.where(most > 0, most, 1.0) / _HALF).astype(np.float32)
    return np.round(unit / scale[:, None]).astype(np.int16), scale


def _vectors(space: Space) -> bytes:
    whole, scale = quantised(space.unit)
    return scale.astype("<f4").tobytes() + whole.astype("<i2").tobytes() + b"\0\0" * (whole.size % 2)


def _packed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 6, mtime=0)).decode()


def _drift(
    collection: Collection, store: DerivedStore, number: dict[str, int], *, left_out: dict[str, str], progress: Progress
) -> list[dict[str, Any]]:
    names = collection.names
    pairs = [(names[0], names[-1])] if len(names) > 1 else []
    pairs += [*pairwise(names)] if collection.ordered and len(names) > 2 else []
    measure, found = "cosine" if collection.aligned else "jaccard", []
    for at, (source, target) in enumerate(pairs):
        progress(f"drift from {source} to {target}", at / len(pairs))
        if not collection.aligned and min(len(collection[source]), len(collection[target])) > _MOST_OVERLAPS:
            left_out[f"drift from {source} to {target}"] = f"over {_MOST_OVERLAPS:,} items that share no coordinates"
            continue
        try:
            ranking = measure_drift(collection, source, target, measure=measure, store=store)
        except IsoglossError as error:
            left_out[f"drift from {source} to {target}"] = error.fact
            continue
        if not len(ranking):
            left_out[f"drift from {source} to {target}"] = "they share no item"
            continue
        found.append(_table(ranking, number) | {"source": source, "target": target, "measure": measure})
    return found


def _table(ranking: Ranking, number: dict[str, int]) -> dict[str, Any]:
    """The columns of a ranking, the most changed first."""
    rows = ranking.order.tolist()
    columns = {"d": ranking.distance, "low": ranking.low, "high": ranking.high, "noise": ranking.null_high}
    return {
        **{key: [_figure(values[row]) for row in rows] for key, values in columns.items()},
        "q": [None if math.isnan(ranking.q[row]) else float(f"{ranking.q[row]:.3g}") for row in rows],
        "items": [number[ranking.items[row]] for row in rows],
        "state": [_STATES.index(ranking.state(row)) for row in rows],
        "agree": [int(ranking.agree[row]) for row in rows],
        "of": [int(ranking.agree_of[row]) for row in rows],
    }


def _figure(value: float) -> float | None:
    return round(float(value), 6) if math.isfinite(value) else None


def _places(collection: Collection, store: DerivedStore, left_out: dict[str, str]) -> bytes:
    """x and y of all items, space after space, as parts of 65,535; empty where the whole map was not drawn."""
    how = "joint" if collection.aligned and len(collection) > 1 else "matched"
    try:
        maps = find_maps(collection, collection.names, how, parameters=LayoutParameters(), store=store)
    except IsoglossError as error:
        left_out["the whole map"] = error.fact
        return b""
    if maps is None:
        left_out["the whole map"] = f"it has yet to be drawn: isogloss layout {collection.name}"
        return b""
    parts = [one.coordinates[:, :2].astype(np.float64) for one in maps]
    if how == "joint":  # one map of all
        parts = [np.concatenate(parts)]
    return b"".join(np.round(65_535 * _shares(part)).astype("<u2").tobytes() for part in parts)


def _shares(places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Places between 0 and 1; the few that lie far out stand at the edge."""
    low, high = np.percentile(places, 0.2, axis=0), np.percentile(places, 99.8, axis=0)
    return np.clip((places - low) / np.maximum(high - low, 1e-9), 0, 1)


def _roman(names: Sequence[str], progress: Progress) -> dict[str, str]:
    """Number of an item → the item in Latin letters, where it is not in them already."""
    found = {}
    for at, item in enumerate(names):
        if not item.isascii() and (latin := romanized(item)) and latin != item:
            found[str(at)] = latin
        if at % 1_000 == 0:
            progress("writing items in Latin letters", at / len(names))
    return found


def _told_stories(collection: Collection, stories: Sequence[Story]) -> list[dict[str, Any]]:
    told = []
    for story in (one.showable() for one in stories):
        beats = [beat for beat in story.beats if beat.view.get("collection") == collection.name]
        if beats:
            shown = [
                {
                    **{"title": beat.title, "sentence": beat.sentence, "picture": beat.picture_source},
                    **{"item": beat.view.get("item"), "page": beat.view.page},
                }
                for beat in beats
            ]
            told.append({"title": story.title, "subtitle": story.subtitle, "beats": shown})
    return told
