"""Alignment of a planted pair: what each method takes and reaches, the CSLS evaluation and relaxed CSLS against plain
numpy.

The pair: clustered vectors whose spectrum decays; the target is the source turned and blurred, each word by its own
amount. Evaluation: nn and csls of the test words in both directions, as the command line does it. Its peer keeps the
whole matrix of cosines (one for both directions), `np.partition` along either axis for r and `argsort` for the test
words. Aims: 4 times faster, a quarter of the memory; self-learning ≤ 6 minutes. Relaxed CSLS: the same descent with a
loss of full float64 score matrices and `argpartition`. Time and peak memory (beyond imports, vectors and dictionary)
are those of processes that do nothing else, by turns; their results must be the same.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import Clocked, Entry, Spread, clock, peak_mb, take_turns
from isogloss.alignment.anchors.dictionary import Dictionary
from isogloss.alignment.bli import Retrieved, retrieve_both
from isogloss.alignment.learning import learn_mapping
from isogloss.alignment.method import METHODS, Problem
from isogloss.alignment.methods import rcsls as relaxing
from isogloss.alignment.preprocess import Preprocessing
from isogloss.linear import unit_rows
from isogloss.spaces.space import Space
from isogloss.types import Vectors

N, DIM = 20_000, 300
TRAIN, TEST = 5_000, 1_500
K = 10
FASTER, LEANER = 4, 4
LONGEST = 360.0  # seconds that self-learning of N × N × DIM may take
SLOW, ONCE = ("vecmap-self",), ("vecmap-self", "refine")
GROWTH = (20_000, 50_000, 100_000, 200_000)
NAMES = ("nn", "csls")
_ALONE = "import sys; from benchmarks.align import alone; alone(*sys.argv[1:])"


def run(quick: bool = False, slow: bool = False) -> Iterator[Entry]:
    """slow: also the methods that take many minutes."""
    n, train, test = (1_500, 500, 200) if quick else (N, TRAIN, TEST)
    yield from methods(n, train, test, 1 if quick else 3, slow)
    yield from evaluation(n, test, 1 if quick else 5)
    yield from growth(n, test, (n, 2 * n) if quick else GROWTH)
    yield from relaxed(n, train, 1 if quick else 2)


def methods(n: int, n_train: int, n_test: int, repeats: int, slow: bool) -> Iterator[Entry]:
    """Seconds of `learn_mapping`, and P@1; the peer is Procrustes."""
    x, z, _ = planted(n, n)
    source, target = space("s", x), space("t", z)
    train, test = pairs(n, n_train, n_test)
    names = [name for name in METHODS if slow or name not in SLOW]

    def learnt(name: str) -> Clocked:
        return clock(lambda: learn_mapping(source, target, train, method=name))

    base = take_turns(repeats, it=lambda: learnt("procrustes"))["it"]
    for name in names:
        times = 1 if name in ONCE else repeats
        found = base if name == "procrustes" else take_turns(times, it=lambda name=name: learnt(name))["it"]
        mapping = found[0].result[0]
        reached = evaluated(source, target, mapping.source.apply(x), mapping.target.apply(z), test)
        aimed = name == "vecmap-self" and n >= N
        p = [" and ".join(f"{r[name].figures()['precision_at_1'].value:.1%}" for r in reached) for name in NAMES]
        yield Entry(
            "align",
            f"{name}, {n_train:,} anchors, {n:,} × {n:,} × {DIM}",
            "s",
            [c.wall for c in found],
            [c.wall for c in base],
            "procrustes",
            aim=f"≤ {LONGEST / 60:.0f} minutes" if aimed else "",
            met=Spread.of([c.wall for c in found]).median <= LONGEST if aimed else None,
            note=f"P@1 there and back: nn {p[0]}, csls {p[1]}",
        )


def evaluation(n: int, n_test: int, repeats: int) -> Iterator[Entry]:
    with tempfile.TemporaryDirectory() as folder:
        kept(Path(folder), n, n, n_test)
        found = take_turns(
            repeats, ours=lambda: in_its_process(folder, "ours"), numpy=lambda: in_its_process(folder, "numpy")
        )
    what = f"nn and csls of {n_test:,} test words, both directions, {n:,} × {n:,} × {DIM}"
    same = agreement(found["ours"][0]["reached"], found["numpy"][0]["reached"])
    for key, unit, aim, least in (
        ("wall", "s", f"{FASTER} times faster", FASTER),
        ("mb", "MB", f"1/{LEANER} of the memory", LEANER),
    ):
        ours, peer = ([one[key] for one in found[side]] for side in ("ours", "numpy"))
        ratio = Spread.of(peer).median / Spread.of(ours).median
        cpu = [Spread.of([one["cpu"] for one in found[side]]).median for side in ("numpy", "ours")]
        note = f"{ratio:.1f} times less" + (
            f", {cpu[0] / cpu[1]:.1f} times less CPU time; {same}" if key == "wall" else ""
        )
        yield Entry("align", what, unit, ours, peer, "numpy, full matrix", aim=aim, met=ratio >= least, note=note)


def growth(n: int, n_test: int, targets: tuple[int, ...]) -> Iterator[Entry]:
    """The same with more targets, beside numpy where its matrix and a copy to partition take less than half of the
    free memory.

    Elsewhere beside the first of the targets.
    """
    first: dict[str, Any] = {}
    for m in targets:
        with tempfile.TemporaryDirectory() as folder:
            kept(Path(folder), n, m, n_test)
            ours = in_its_process(folder, "ours")
            if not first:
                first = ours
                continue
            peer, name, same = (
                first,
                f"ours with {targets[0]:,}",
                f"numpy's matrix alone takes {n * m * 4 / 1e9:.0f} GB",
            )
            if 3 * n * m * 4 / 1e6 < available_mb() / 2:
                peer, name = in_its_process(folder, "numpy"), "numpy, full matrix"
                times = " and ".join(f"{ours[key] / first[key]:.1f}" for key in ("wall", "mb"))
                same = (
                    f"{agreement(ours['reached'], peer['reached'])}; {times} times the time and memory of"
                    f" {targets[0]:,}"
                )
        for key, unit in (("wall", "s"), ("mb", "MB")):
            what = f"nn and csls of {n_test:,} test words, both directions, {n:,} × {m:,} × {DIM}"
            yield Entry("align", what, unit, [ours[key]], [peer[key]], name, note=same)


def relaxed(n: int, n_train: int, repeats: int) -> Iterator[Entry]:
    with tempfile.TemporaryDirectory() as folder:
        kept(Path(folder), n, n, 0, n_train)
        found = take_turns(
            repeats, ours=lambda: in_its_process(folder, "rcsls"), peer=lambda: in_its_process(folder, "float64")
        )
    ours, peer = (found[side] for side in ("ours", "peer"))
    apart = max(abs(a - b) for a, b in zip(ours[0]["losses"], peer[0]["losses"], strict=True))
    assert apart < 1e-6, f"losses differ by {apart}"
    what = f"relaxed CSLS, {len(ours[0]['losses'])} losses and gradients, {n_train:,} anchors × {n:,} negatives × {DIM}"
    note = f"losses {ours[0]['losses'][0]:.6f} to {min(ours[0]['losses']):.6f}, at most {apart:.0e} apart"
    for key, unit in (("wall", "s"), ("mb", "MB")):
        mine, theirs = ([one[key] for one in side] for side in (ours, peer))
        yield Entry("align", what, unit, mine, theirs, "numpy, full float64", note=note)


def planted(n: int, m: int) -> tuple[Vectors, Vectors, Vectors]:
    """n source vectors, m ≥ n targets of which the first n belong to them, and the rotation between; float32."""
    rng = np.random.default_rng(0)
    spectrum = np.arange(1, DIM + 1) ** -0.4
    turn, _ = np.linalg.qr(rng.normal(size=(DIM, DIM)))
    centers = rng.normal(size=(1_000, DIM))
    clean = (centers[rng.integers(0, 1_000, m)] + rng.normal(size=(m, DIM))) * spectrum + 0.3 * spectrum
    blur = rng.lognormal(0.7, 0.25, size=(m, 1))
    z = clean @ turn + blur * (rng.normal(size=(m, DIM)) * spectrum) @ turn
    return clean[:n].astype(np.float32), z.astype(np.float32), turn.astype(np.float32)


def space(letter: str, vectors: Vectors) -> Space:
    return Space(letter, tuple(f"{letter}{i}" for i in range(len(vectors))), vectors)


def pairs(n: int, n_train: int, n_test: int) -> tuple[Dictionary, Dictionary]:
    """Anchors and test words; one test word in ten has a second gold translation, that of another."""
    rng = np.random.default_rng(1)
    drawn = rng.permutation(n)
    train, test = drawn[:n_train].tolist(), drawn[n_train : n_train + n_test].tolist()
    more = [(f"s{i}", f"t{j}") for i, j in zip(test[::10], test[1::10], strict=False)]
    every = dict.fromkeys([*((f"s{i}", f"t{i}") for i in test), *more])
    return Dictionary(tuple((f"s{i}", f"t{i}") for i in train)), Dictionary(tuple(every))


def kept(folder: Path, n: int, m: int, n_test: int, n_train: int = TRAIN) -> None:
    """For processes of their own: the mapped vectors (for training: as they are, before they are mapped), and the
    pairs.
    """
    x, z, turn = planted(n, m)
    np.save(folder / "x.npy", x @ turn if n_test else x)
    np.save(folder / "z.npy", z)
    train, test = pairs(n, min(n_train, n // 2), n_test)
    (folder / "pairs.json").write_text(json.dumps((test if n_test else train).pairs), encoding="utf-8")


def in_its_process(folder: str, how: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-c", _ALONE, folder, how], check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout))


def alone(folder: str, how: str) -> None:
    """Run in a process that does nothing else: prints seconds, MB beyond what was there before, and what came out."""
    x, z = (np.load(f"{folder}/{side}.npy") for side in "xz")
    some = Dictionary(tuple(map(tuple, json.loads(Path(folder, "pairs.json").read_text(encoding="utf-8")))))
    if how in ("ours", "numpy"):
        call = {"ours": evaluated, "numpy": by_numpy}[how]
        few = Dictionary(tuple((f"s{i}", f"t{i}") for i in range(20)))
        call(space("s", x[:400]), space("t", z[:400]), x[:400], z[:400], few)
        source, target = space("s", x), space("t", z)
        before = peak_mb()
        found = clock(lambda: call(source, target, x, z, some))
        after = peak_mb()
        told: dict[str, Any] = {"reached": [{name: plain(r[name]) for name in NAMES} for r in found.result]}
    else:
        a, b = some.rows(space("s", x), space("t", z))
        rows = [Preprocessing.learnt(side)[1] for side in (x, z)]
        if how == "float64":
            relaxing.rcsls_loss = plain_loss
        small = np.arange(DIM)
        relaxing.rcsls_loss(Problem(rows[0][:DIM], rows[1][:DIM], small, small), np.eye(DIM), K)
        losses, loss = [], relaxing.rcsls_loss

        def noted(*given: Any, **more: Any) -> tuple[float, Any]:
            out = loss(*given, **more)
            losses.append(out[0])
            return out

        relaxing.rcsls_loss = noted
        before = peak_mb()
        found = clock(lambda: METHODS["rcsls"].fit(Problem(*rows, a, b)))
        after = peak_mb()
        told = {"losses": losses}
    print(json.dumps({"wall": found.wall, "cpu": found.cpu, "mb": max(after - before, 0.1)} | told))


def plain(one: Retrieved) -> dict[str, list[Any]]:
    return {name: getattr(one, name).tolist() for name in ("sources", "nearest", "scores", "rank")}


def evaluated(source: Space, target: Space, x: Vectors, z: Vectors, test: Dictionary) -> tuple[Any, Any]:
    return retrieve_both(source, target, x=x, z=z, there=test, back=test.reversed(), retrievals=NAMES)


def by_numpy(source: Space, target: Space, x: Vectors, z: Vectors, test: Dictionary) -> tuple[Any, Any]:
    """The whole matrix of cosines, kept for both directions, and of the test words all targets in order."""
    cosine = unit_rows(x) @ unit_rows(z).T
    r_source = np.partition(cosine, -K, axis=1)[:, -K:].mean(axis=1)
    r_target = np.partition(cosine, -K, axis=0)[-K:].mean(axis=0)
    there = _ordered(source, target, cosine, r_source, r_target, test)
    return there, _ordered(target, source, cosine.T, r_target, r_source, test.reversed())


def _ordered(
    source: Space, target: Space, cosine: Vectors, r_source: Vectors, r_target: Vectors, test: Dictionary
) -> dict[str, Retrieved]:
    golds = {source[item]: [target[t] for t in some] for item, some in test.targets.items()}
    rows = np.array(list(golds))
    nn = cosine[rows]
    out = {}
    for name, score in (("nn", nn), ("csls", 2 * nn - r_source[rows, None] - r_target)):
        order = np.argsort(-score, axis=1)
        rank = [
            1 + min(int(np.flatnonzero(o == g)[0]) for g in golds[r]) for o, r in zip(order, rows.tolist(), strict=True)
        ]
        near = order[:, :K]
        scores = np.take_along_axis(score, near, axis=1)
        out[name] = Retrieved(sources=rows, nearest=near, scores=scores, rank=np.array(rank), missing=0)
    return out


def agreement(ours: list[dict[str, Any]], peer: list[dict[str, Any]]) -> str:
    """Raises AssertionError unless the scores are the same within 1e-5, and rows and ranks but for what lies that
    close.
    """
    equal = []
    for one, other in zip(ours, peer, strict=True):
        for name in NAMES:
            a, b = ({key: np.array(value) for key, value in side[name].items()} for side in (one, other))
            np.testing.assert_array_equal(a["sources"], b["sources"])
            np.testing.assert_allclose(a["scores"], b["scores"], atol=1e-5, rtol=0)
            np.testing.assert_allclose((a["rank"] == 1).mean(), (b["rank"] == 1).mean(), atol=1e-3)
            equal += [(a["nearest"] == b["nearest"]).mean(), (a["rank"] == b["rank"]).mean()]
    assert min(equal) > 0.99, f"rows and ranks agree in {equal}"
    return f"scores within 1e-5, at least {min(equal):.2%} of rows and ranks equal"


def plain_loss(problem: Problem, w: np.ndarray, k: int = K, negatives: int = 200_000) -> tuple[float, np.ndarray]:
    """The loss of the paper and its gradient, from full float64 matrices of scores, neighbors by `argpartition` (not
    a full sort).
    """
    x, z = problem.anchors
    every_x, every_z = problem.x[:negatives], problem.z[:negatives]
    n, gain = len(x), 2 * ((x @ w) * z).sum()
    slope = 2 * x.T @ z
    near = np.argpartition(x @ w @ every_z.T, -k, axis=1)[:, -k:]
    mean = every_z[near].mean(axis=1)
    gain, slope = gain - ((x @ w) * mean).sum(), slope - x.T @ mean
    near = np.argpartition(z @ (every_x @ w).T, -k, axis=1)[:, -k:]
    mean = every_x[near].mean(axis=1)
    gain, slope = gain - ((mean @ w) * z).sum(), slope - mean.T @ z
    return float(-gain / n), -slope / n


def available_mb() -> float:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable"):
            return int(line.split()[1]) / 1024
    return 0.0
