"""The four measures of drift against a literal implementation, and what must not change them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.drift.distances import Shared, distances, measured
from isogloss.drift.measure import MEASURES
from isogloss.drift.pair import Pair, Values, wide_neighbors
from isogloss.errors import InvalidValue
from isogloss.spaces.space import Space
from isogloss.workspace.derived import DerivedStore
from tests.kit.spaces import make_space

FOUR = ("cosine", "local", "jaccard", "gonen")


def moved(a: Space, b: Space, k: int | None = None, aligned: bool = True) -> dict[str, Values]:
    """By every measure; k neighbors where the near ones are compared."""
    shared = Shared(a, b)
    return {
        m: distances(shared, one, k=None if one.shares == "wide" else k, aligned=aligned) for m, one in MEASURES.items()
    }


def pair(n: int, dim: int, seed: int, extra: int = 3, step: float = 0.6) -> tuple[Space, Space]:
    """Two spaces that share n items, each with some of its own; counts from 10 to 300."""
    rng = np.random.default_rng(seed)
    base = rng.normal(size=(n, dim))
    spaces = []
    for name in "ab":
        own = [f"{name}{i}" for i in range(extra)]
        vectors = np.concatenate([base + step * rng.normal(size=base.shape), rng.normal(size=(extra, dim))])
        counts = rng.integers(10, 300, size=n + extra).tolist()
        items = [f"w{i}" for i in range(n)] + own
        order = rng.permutation(n + extra)
        spaces.append(make_space(name, [items[o] for o in order], vectors[order], [counts[o] for o in order]))
    return spaces[0], spaces[1]


def near(space: Space, item: str, among: list[str]) -> list[str]:
    """The others of `among`, nearest first by cosine."""
    others = [other for other in among if other != item]
    unit = space.vectors / np.linalg.norm(space.vectors, axis=1, keepdims=True)
    cosine = {other: float(unit[space[item]] @ unit[space[other]]) for other in others}
    return sorted(others, key=lambda other: -cosine[other])


def literal(a: Space, b: Space, item: str, k: int, wide: int) -> tuple[float, float, float, float]:
    """The four distances of one item, from their definitions, in plain loops."""
    shared = [i for i in a.items if i in b]
    x, y = a.vectors[a[item]], b.vectors[b[item]]
    cosine = 1 - float(x @ y / np.linalg.norm(x) / np.linalg.norm(y))
    near_a, near_b = near(a, item, shared)[:k], near(b, item, shared)[:k]
    union = sorted(set(near_a) | set(near_b))

    def similarities(space: Space) -> np.ndarray:
        v = space.vectors[space[item]]
        return np.array(
            [v @ space.vectors[space[j]] / np.linalg.norm(v) / np.linalg.norm(space.vectors[space[j]]) for j in union]
        )

    s, t = similarities(a), similarities(b)
    local = 1 - float(s @ t / np.linalg.norm(s) / np.linalg.norm(t))
    jaccard = 1 - len(set(near_a) & set(near_b)) / len(union)
    assert a.counts is not None
    assert b.counts is not None
    often = [i for i in shared if a.counts[a[i]] > 100 and b.counts[b[i]] > 100]
    wide = min(wide, len([i for i in often if i != item]))
    gonen = 1 - len(set(near(a, item, often)[:wide]) & set(near(b, item, often)[:wide])) / wide
    return cosine, local, jaccard, gonen


@given(st.integers(8, 70), st.integers(3, 12), st.integers(0, 10_000), st.integers(1, 30))
def test_measures_equal_a_literal_implementation(n: int, dim: int, seed: int, k: int) -> None:
    a, b = pair(n, dim, seed)
    found, items = moved(a, b, k), Shared(a, b).items
    assert set(items) == {f"w{i}" for i in range(n)}
    for item in np.random.default_rng(seed).permutation(items)[:4]:
        row = items.index(item)
        try:
            expected = literal(a, b, item, k, int(Shared(a, b).often.sum()) // 4)
        except ZeroDivisionError:  # too few items of more than 100 uses
            assert np.isnan(found["gonen"][row])
            continue
        assert [found[m][row] for m in FOUR] == pytest.approx(expected, abs=2e-5)


@given(st.integers(8, 60), st.integers(0, 10_000))
def test_the_order_of_items_and_the_direction_do_not_matter(n: int, seed: int) -> None:
    a, b = pair(n, 6, seed)
    order = np.random.default_rng(seed).permutation(len(a))
    assert a.counts is not None
    shuffled = make_space("a", [a.items[o] for o in order], a.vectors[order], a.counts[order].tolist())
    one, items = moved(a, b, 5), Shared(a, b).items
    for two in ((shuffled, b), (b, a)):
        again, order_again = moved(*two, 5), Shared(*two).items
        for m in MEASURES:
            by_item = dict(zip(items, one[m], strict=True))
            np.testing.assert_allclose(again[m], [by_item[item] for item in order_again], atol=1e-5)


@given(st.integers(10, 60), st.integers(0, 10_000))
def test_a_common_rotation_changes_nothing_and_ones_own_only_the_cosine(n: int, seed: int) -> None:
    a, b = pair(n, 6, seed)
    rng = np.random.default_rng(seed)
    q, r = (np.linalg.qr(rng.normal(size=(6, 6)))[0] for _ in range(2))
    assert a.counts is not None
    assert b.counts is not None
    turned = [make_space(s.name, list(s.items), s.vectors @ q, s.counts.tolist()) for s in (a, b)]  # type: ignore[union-attr]
    apart = make_space("b", list(b.items), b.vectors @ r, b.counts.tolist())
    before, common, own = moved(a, b, 5), moved(*turned, 5), moved(a, apart, 5)
    for m, one in MEASURES.items():
        np.testing.assert_allclose(common[m], before[m], atol=1e-4)
        if not one.needs_alignment:
            np.testing.assert_allclose(own[m], before[m], atol=1e-4)
    assert np.abs(own["cosine"] - before["cosine"]).max() > 0.01


def test_nothing_moves_between_a_space_and_itself() -> None:
    a, _ = pair(50, 8, 1)
    for m, values in moved(a, a).items():
        assert (values == 0).all(), m
        assert not np.signbit(values).any(), m


def test_equal_vectors_are_taken_in_the_order_of_the_items() -> None:
    vectors = np.ones((12, 3), dtype=np.float32)
    space = make_space("a", [f"w{i}" for i in range(12)], vectors, [200] * 12)
    assert all(np.abs(v).max() < 1e-6 for v in moved(space, space, 4).values())


def test_a_zero_vector_is_far_from_everything_and_breaks_nothing() -> None:
    a, b = pair(20, 4, 2)
    vectors = a.vectors.copy()
    vectors[a["w3"]] = 0
    assert a.counts is not None
    empty = make_space("a", list(a.items), vectors, a.counts.tolist())
    found, row = moved(empty, b, 3), Shared(empty, b).items.index("w3")
    assert found["cosine"][row] == pytest.approx(1.0)
    assert np.isnan(found["local"][row])


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_tiny_and_disjoint_spaces(n: int) -> None:
    items = [f"w{i}" for i in range(n)]
    rng = np.random.default_rng(0)
    a = make_space("a", [*items, "only-a"], rng.normal(size=(n + 1, 4)))
    b = make_space("b", [*items, "only-b"], rng.normal(size=(n + 1, 4)))
    found = moved(a, b)
    assert (len(Shared(a, b)), [len(v) for v in found.values()]) == (n, [n] * len(MEASURES))
    if n == 1:
        assert np.isnan(found["jaccard"]).all()


def test_without_shared_coordinates_there_is_no_cosine_and_the_rest_stands() -> None:
    rng = np.random.default_rng(0)
    items = [f"w{i}" for i in range(30)]
    a, b = (make_space(name, items, rng.normal(size=(30, dim)), [200] * 30) for name, dim in (("a", 5), ("b", 7)))
    found = moved(a, b, 3, aligned=False)
    assert np.isnan(found["cosine"]).all()
    assert np.isfinite(found["jaccard"]).all()
    assert np.isfinite(found["gonen"]).all()


def test_more_items_than_a_block_and_a_store_that_remembers(tmp_path: Path) -> None:
    a, b = pair(600, 10, 3)
    store, shared = DerivedStore(tmp_path), Shared(a, b)
    first = [distances(shared, MEASURES[m], store=store) for m in FOUR]
    assert len(list(tmp_path.glob("drift-*.npz"))) == 1  # of one pass
    again = [distances(shared, MEASURES[m], store=store) for m in FOUR]
    distances(shared, MEASURES["local"], k=10, store=store)
    assert len(list(tmp_path.glob("drift-*.npz"))) == 2
    np.testing.assert_array_equal(first, again)
    row = shared.items.index("w599")
    assert [values[row] for values in first] == pytest.approx(
        literal(a, b, "w599", 25, int(shared.often.sum()) // 4), abs=2e-5
    )


def test_all_measures_of_a_pair_take_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    from isogloss.drift import overlap

    passes: list[tuple[int, int]] = []
    real = overlap.compare

    def counted(a: Any, b: Any, first: int, often: Any, near: int, wide: int, out: Any) -> None:
        passes.append((near, wide))
        real(a, b, first, often, near, wide, out)

    monkeypatch.setattr(overlap, "compare", counted)
    a, b = pair(60, 5, 0)
    measured(Shared(a, b).pair())
    quarter = int(Shared(a, b).often.sum()) // 4
    assert passes == [(25, quarter)]
    distances(Shared(a, b), MEASURES["gonen"], k=7)
    assert passes[1:] == [(25, 7)]
    distances(Shared(a, b), MEASURES["cosine"], k=3)
    assert passes[2:] == [(3, quarter)]


def test_an_entry_that_is_older_than_a_measure_is_made_anew(tmp_path: Path) -> None:
    a, b = pair(40, 5, 0)
    store, shared = DerivedStore(tmp_path), Shared(a, b)
    whole = distances(shared, MEASURES["gonen"], store=store)
    (entry,) = tmp_path.glob("drift-*.npz")
    older = store.find(entry.stem)
    assert older is not None
    del older["gonen"]
    store.put(entry.stem, older)
    np.testing.assert_array_equal(distances(shared, MEASURES["gonen"], store=store), whole)
    assert set(store.find(entry.stem) or ()) == set(FOUR)


def test_defaults_and_bad_values() -> None:
    assert (wide_neighbors(1), wide_neighbors(900), wide_neighbors(40_000)) == (0, 225, 1000)
    a, b = pair(10, 3, 0)
    with pytest.raises(InvalidValue, match="k is 0"):
        moved(a, b, 0)


def test_the_wide_overlap_counts_only_what_is_used_often() -> None:
    rng = np.random.default_rng(5)
    a, b = rng.normal(size=(2, 40, 5)).astype(np.float32)
    a, b = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (a, b))
    often = np.zeros(40, dtype=bool)
    often[:3] = True
    found = Pair(a, b, often).distances(MEASURES["gonen"], 20)
    assert set(np.unique(found)) == {0.0}  # all two or three of them, in both
