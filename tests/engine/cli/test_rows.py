"""What commands print of one row: a test word of an alignment, a word on the whole map; against brute force."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from isogloss.cli.asked import asking
from isogloss.errors import IsoglossError
from isogloss.maps.layout import LayoutParameters
from isogloss.maps.linked import find_maps
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace

N, DIM, TESTED = 80, 6, 12


def test_a_test_word_of_an_alignment_is_told_by_its_rank(tmp_path: Path) -> None:
    """The right side is the left one turned, with two test words exchanged: each finds the other first."""
    rng = np.random.default_rng(0)
    words = tuple(f"w{i}" for i in range(N))
    x = rng.normal(size=(N, DIM))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    turn, _ = np.linalg.qr(rng.normal(size=(DIM, DIM)))
    swapped = [1, 0, *range(2, N)]
    z = (x @ turn)[swapped]
    place = Workspace(tmp_path)
    spaces = (Space("left", words, x.astype(np.float32)), Space("right", words, z.astype(np.float32)))
    place.save(Collection("planted", spaces))
    for name, some in (("train", words[TESTED:]), ("test", words[:TESTED])):
        (tmp_path / name).write_text("".join(f"{one} {one}\n" for one in some), encoding="utf-8")
    command = ["align", "planted/left", "planted/right", f"--train={tmp_path / 'train'}", f"--test={tmp_path / 'test'}"]
    command += ["--retrieval=nn", "--normalize=unit", "--json"]
    rows = asking(place)([*command, "--word=w0", "--word=w5"])["words"]
    assert [(row["direction"], row["word"]) for row in rows] == [
        (way, word) for way in ("source-target", "target-source") for word in ("w0", "w5")
    ]
    order = np.argsort(-(x[0] @ x[swapped].T))
    there = rows[0]
    assert there["nearest"] == [words[j] for j in order[:10]]
    assert there["nearest"][0] == "w1"
    assert there["rank"] == int(np.flatnonzero(order == 0)[0]) + 1 > 1
    assert (rows[1]["rank"], rows[1]["reason"], rows[1]["nearest"][0]) == (1, "right", "w5")
    with pytest.raises(IsoglossError, match="'w70' is no test word"):
        asking(place)([*command, "--word=w70"])
    assert "words" not in asking(place)(command)


def test_a_word_on_the_whole_map_is_told_by_the_neighbors_that_it_kept() -> None:
    place = Workspace()
    collection = place.open("un-debates")
    told = asking(place)(["map", "un-debates", "Peace", "--whole", "--json"])
    assert {(one["item"], one["space"]) for one in told["points"]} == {("peace", name) for name in collection.names}
    maps = find_maps(
        collection, collection.names, "joint", parameters=LayoutParameters(), store=place.derived("un-debates")
    )
    assert maps is not None
    for one, point in zip(maps, told["points"], strict=True):
        row = one.space.positions["peace"]
        unit = one.space.vectors / np.linalg.norm(one.space.vectors, axis=1, keepdims=True)
        near = np.argsort(-(unit @ unit[row]), kind="stable")
        close = np.argsort(((one.coordinates - one.coordinates[row]) ** 2).sum(axis=1), kind="stable")
        both = {*near[near != row][: told["k"]].tolist()} & {*close[close != row][: told["k"]].tolist()}
        assert point["kept"] == len(both)
    with pytest.raises(IsoglossError, match="'zyzzyva' is on none of the maps"):
        asking(place)(["map", "un-debates", "zyzzyva", "--whole", "--json"])
    with pytest.raises(IsoglossError, match="the whole map is asked for"):
        asking(place)(["map", "un-debates", "peace", "--whole", "--animate=x.svg", "--json"])
