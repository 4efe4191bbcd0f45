"""A language and its clone: what must be 0 is 0, the same seeds give the same bits, a stopped grid goes on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from isogloss.cli.main import main
from isogloss.errors import Cancelled, InvalidValue
from isogloss.imbalance.clone import Text, cloned, read_text
from isogloss.imbalance.grid import measure_grid
from isogloss.imbalance.measured import counted, neighbor_counts
from isogloss.imbalance.recipe import read_imbalance
from isogloss.text.tally import Tally
from isogloss.workspace.derived import DerivedStore

RECIPE = """
name = "small"
[corpus]
file = "corpus.csv"
vocabulary = 200
[grid]
shares = [0.5, 0.2]
anchors = [0.0, 0.5]
tokens = [6000]
seeds = [1, 2]
[training]
dim = 12
epochs = 2
min_count = 5
"""


def plant(folder: Path) -> Path:
    """Sentences of topics: words of a topic stand together."""
    rng = np.random.default_rng(0)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = [a + b + c for a in letters[:5] for b in letters[:5] for c in "xyz"][:60]
    lines = ["text"]
    for _ in range(60):
        sentences = []
        for _ in range(12):
            topic = int(rng.integers(6))
            sentences.append(" ".join(words[topic * 10 + int(i)] for i in rng.integers(10, size=9)))
        lines.append(". ".join(sentences) + ".")
    (folder / "corpus.csv").write_text("\n".join(lines) + "\n")
    path = folder / "grid.toml"
    path.write_text(RECIPE)
    return path


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("share", [0.5, 0.1])
def test_counts_are_block_diagonal_without_anchors_and_not_with_them(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    ids = np.where(rng.random(4000) < 0.1, -1, rng.integers(30, size=4000)).astype(np.int32)
    text = Text(tuple(map(str, range(30))), ids, Tally())
    alone = cloned(text, share=share, anchors=0.0, tokens=4000, seed=seed)
    counts = neighbor_counts(alone.ids, 60, 5)
    assert counts[:30, 30:].sum() == 0
    assert counts.sum() > 0
    assert counted(alone, alone.tested(5), 5) == {"count_cosine": 0.0, "count_precision_at_1": 0.0}
    shared = cloned(text, share=share, anchors=0.4, tokens=4000, seed=seed)
    assert shared.anchors.sum() == 12
    assert not shared.counts[30:][shared.anchors].any()
    assert counted(shared, shared.tested(5), 5)["count_cosine"] > 0.2


def test_a_clone_is_the_text_with_shifted_words() -> None:
    rng = np.random.default_rng(0)
    ids = np.where(rng.random(3000) < 0.1, -1, rng.integers(30, size=3000)).astype(np.int32)
    text = Text(tuple(map(str, range(30))), ids, Tally())
    one = cloned(text, share=0.3, anchors=0.2, tokens=10**6, seed=3)
    assert np.array_equal(np.where(one.ids >= 0, one.ids % 30, -1), ids)
    sentences = [s for s in np.split(one.ids, np.flatnonzero(one.ids < 0)) if len(s) > 1]
    free = [s[(s >= 0) & ~one.anchors[np.maximum(s, 0) % 30]] for s in sentences]
    assert all(len(set((s >= 30).tolist())) <= 1 for s in free)
    share = np.mean([s[0] >= 30 for s in free if len(s)])
    assert abs(share - 0.3) < 0.1
    short = cloned(text, share=0.3, anchors=0.2, tokens=100, seed=3)
    assert 100 <= (short.ids >= 0).sum() < 200
    assert short.ids[-1] == -1
    brute = np.zeros((60, 60))
    for s in np.split(one.ids, np.flatnonzero(one.ids < 0)):
        inside = s[s >= 0]
        for i, a in enumerate(inside.tolist()):
            for b in inside[i + 1 : i + 4].tolist():
                brute[a, b] += 1
                brute[b, a] += 1
    assert np.array_equal(neighbor_counts(one.ids, 60, 3).toarray(), brute)


def test_a_grid_is_the_same_each_time_and_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    recipe = read_imbalance(plant(tmp_path))
    whole = measure_grid(recipe, store=DerivedStore(tmp_path / "one"))
    calls: list[float] = []

    def stop(what: str, share: float, number: float | None = None, /) -> None:
        calls.append(share)
        if share > 0.5:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        measure_grid(recipe, store=DerivedStore(tmp_path / "two"), progress=stop)
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "two").glob("*.npz")}
    assert 1 <= len(kept) < 8
    again = measure_grid(recipe, store=DerivedStore(tmp_path / "two"))
    assert all(path.stat().st_mtime_ns == then for path, then in kept.items())
    assert [one.seeds for one in whole.points] == [one.seeds for one in again.points]
    for one in whole.points:
        if one.anchors == 0:
            assert one.seeds["count_cosine"] == (0.0, 0.0)
            assert one.seeds["count_precision_at_1"] == (0.0, 0.0)
        else:
            assert min(one.seeds["count_cosine"]) > 0
        figure = one.figure("cosine")
        assert figure.low is not None
        assert figure.low <= figure.value <= (figure.high or 0)
    assert (
        replace(whole.points[0], seeds={k: v[:1] for k, v in whole.points[0].seeds.items()}).figure("cosine").low
        is None
    )
    assert whole.said().startswith("Without shared words ")


@pytest.mark.long
def test_a_grid_that_is_killed_goes_on_to_the_same_bits(tmp_path: Path) -> None:
    recipe, home = read_imbalance(plant(tmp_path)), tmp_path / "home"
    store = home / "derived" / "imbalance"
    asked = [sys.executable, "-m", "isogloss", "imbalance", str(recipe.path), f"--workspace={home}"]
    process = subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while len(list(store.glob("*.npz"))) < 2 and process.poll() is None:
            time.sleep(0.01)
    finally:
        process.kill()
    assert process.wait() == -signal.SIGKILL
    kept = {path: path.stat().st_mtime_ns for path in store.glob("*.npz")}
    assert 2 <= len(kept) < 8
    again = measure_grid(recipe, store=DerivedStore(store))
    assert all(path.stat().st_mtime_ns == then for path, then in kept.items())
    assert len(list(store.glob("*.npz"))) == 8  # what there was is used
    whole = measure_grid(recipe, store=DerivedStore())
    assert [one.seeds for one in whole.points] == [one.seeds for one in again.points]


def test_the_command_keeps_the_grid_and_says_what_it_cannot_show(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = plant(tmp_path)
    path.write_text(RECIPE.replace("seeds = [1, 2]", "seeds = [1]").replace("[0.5, 0.2]", "[0.5]"))
    assert main(["imbalance", str(path), "--json", f"--workspace={tmp_path / 'w'}"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert "Static vectors" in value["cannot_show"]
    assert {"value", "n", "low", "high", "null"} == set(value["grid"][0]["precision_at_1"])
    assert value["grid"][0]["count_cosine"]["value"] == 0.0
    assert (tmp_path / "w" / "imbalance" / "small.json").is_file()
    assert next(iter(value["clone"].values())).endswith("′")


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("shares = [0.5, 0.2]", "shares = [1.5]", "shares is 1.5"),
        ("shares = [0.5, 0.2]", "shares = []", "shares is"),
        ("seeds = [1, 2]", "seeds = [1, 1]", "seeds is"),
        ("seeds = [1, 2]", 'seeds = ["a"]', "seeds is 'a'"),
        ("dim = 12", "dim = 1e9", "dim is 1000000000.0"),
        ("[grid]", "[grit]", r"table \[grit\]"),
        ("min_count = 5", "min_count = 900000", "words stand 900000 times"),
        ("corpus.csv", "none.csv", "is not there"),
        ('file = "corpus.csv"', "", "names no file"),
        ("vocabulary = 200", 'text = "body"', "no column 'body'"),
    ],
)
def test_nonsense_is_told_with_its_value_and_its_lever(tmp_path: Path, old: str, new: str, match: str) -> None:
    path = plant(tmp_path)
    assert old in RECIPE
    path.write_text(RECIPE.replace(old, new, 1))
    with pytest.raises(InvalidValue, match=match):
        measure_grid(read_imbalance(path), store=DerivedStore())


def test_texts_without_a_word_are_told(tmp_path: Path) -> None:
    path = plant(tmp_path)
    (tmp_path / "corpus.csv").write_text("text\n" + "a b. c d.\n" * 30)
    with pytest.raises(InvalidValue, match="none of 30 texts holds a word"):
        measure_grid(read_imbalance(path), store=DerivedStore())


def test_rarer_words_are_left_out_and_documents_beyond_the_size_counted(tmp_path: Path) -> None:
    path = plant(tmp_path)
    path.write_text(RECIPE.replace("vocabulary = 200", "vocabulary = 20"))
    text = read_text(read_imbalance(path))
    assert len(text.words) == 20
    assert text.ids.max() == 19
    assert text.read.total == 60
