"""Neighbors, CSLS, hubness and dominoes against brute force and planted structure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.errors import InvalidValue, NotAligned, NotFound
from isogloss.nearest.criterion import CRITERIA, About
from isogloss.nearest.csls import hubness, mean_similarity
from isogloss.nearest.exact import ExactIndex, self_neighbors
from isogloss.nearest.neighbors import Neighbor, _highest, _without, domino, neighbors, shared_by_all
from isogloss.nearest.query import Query
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.workspace.derived import DerivedStore
from tests.kit.spaces import random_space
from tests.kit.tiers import cases


def brute(space: Space, vector: np.ndarray, k: int, hidden: set[str]) -> list[tuple[str, float]]:
    scores = [
        (item, float(np.dot(row, vector) / np.linalg.norm(row) / np.linalg.norm(vector)))
        for item, row in zip(space.items, space.vectors.astype(np.float64), strict=True)
        if item not in hidden
    ]
    return sorted(scores, key=lambda pair: -pair[1])[:k]


def check(found: list[Neighbor] | None, expected: list[tuple[str, float]]) -> None:
    assert found is not None
    assert [n.item for n in found] == [item for item, _ in expected]
    np.testing.assert_allclose([n.similarity for n in found], [s for _, s in expected], atol=1e-5)


def single(item: str) -> Query:
    return Query(((item, 1),))


def test_own_vectors_against_brute_force(aligned: Collection) -> None:
    found = neighbors(aligned, single("w7"), k=9)
    for space in aligned.spaces:
        check(found[space.name], brute(space, space.vectors[space["w7"]], 9, {"w7"}))


def test_one_spaces_vector_may_find_the_item_elsewhere_but_not_at_home(aligned: Collection) -> None:
    found = neighbors(aligned, single("w7"), k=5, source="p1")
    vector = aligned["p1"].vectors[aligned["p1"]["w7"]]
    for space in aligned.spaces:
        check(found[space.name], brute(space, vector, 5, {"w7"} if space.name == "p1" else set()))
    assert "w7" in [n.item for n in found["p2"] or []]


def test_a_space_without_the_item_answers_none(aligned: Collection) -> None:
    found = neighbors(aligned, single("only3"), k=3)
    assert [found[name] is None for name in aligned.names] == [True, True, True, False]
    assert all(neighbors(aligned, single("only3"), k=3, source="p3").values())


def test_what_cannot_be_asked(aligned: Collection, unaligned: Collection) -> None:
    with pytest.raises(NotFound, match="only3"):
        neighbors(aligned, single("only4"))
    with pytest.raises(NotFound, match="'p0'"):
        neighbors(aligned, single("only3"), source="p0")
    with pytest.raises(NotFound):
        neighbors(aligned, single("w1"), targets=["p9"])
    with pytest.raises(InvalidValue, match="criterion"):
        neighbors(aligned, single("w1"), criterion="euclid")
    for k in (0, -1, 10_000):
        with pytest.raises(InvalidValue, match="k is"):
            neighbors(aligned, single("w1"), k=k)
    with pytest.raises(NotAligned):
        neighbors(unaligned, single("w1"), source="left")
    assert neighbors(unaligned, single("w1"), source="left", targets=["left"])["left"]
    assert neighbors(unaligned, single("w1"))["right"]


def literal_csls(source: Space, target: Space, row: int, own: bool) -> np.ndarray:
    cosine = source.unit.astype(np.float64) @ target.unit.T.astype(np.float64)
    if own:
        np.fill_diagonal(cosine, -9)
    r_source = np.sort(cosine, axis=1)[:, -10:].mean(axis=1)
    r_target = np.sort(cosine, axis=0)[-10:].mean(axis=0)
    return 2 * cosine[row] - r_source[row] - r_target


@pytest.mark.parametrize("source", [None, "p1"])
def test_csls_against_its_definition(aligned: Collection, source: str | None) -> None:
    found = neighbors(aligned, single("w7"), k=6, criterion="csls", source=source)
    for target in aligned.spaces:
        origin = target if source is None else aligned[source]
        own = origin is target
        scores = literal_csls(origin, target, origin["w7"], own)
        expected = sorted(
            ((i, s) for i, s in zip(target.items, scores, strict=True) if not (own and i == "w7")), key=lambda p: -p[1]
        )
        check(found[target.name], expected[:6])


def test_r_is_kept_and_found_again(aligned: Collection, tmp_path_factory: pytest.TempPathFactory) -> None:
    store = DerivedStore(tmp_path_factory.mktemp("r"))
    a, b = aligned.spaces[:2]
    np.testing.assert_array_equal(mean_similarity(a, b), mean_similarity(a, b, store))
    np.testing.assert_array_equal(mean_similarity(a, b, store), mean_similarity(a, b, store))
    assert not np.array_equal(mean_similarity(a, b), mean_similarity(a, a))


def test_hubs_are_tamed_by_csls_and_by_centring() -> None:
    """A planted mean offset and 60 hubs: CSLS and centring repair what plain NN loses."""
    rng = np.random.default_rng(0)
    n, dim = 1000, 50
    offset = rng.normal(size=dim)
    x = rng.normal(size=(n, dim)) + offset
    z = x + rng.normal(size=(n, dim))
    hubs = offset + 0.3 * rng.normal(size=(60, dim))
    source = Space("x", tuple(map(str, range(n))), x.astype(np.float32))
    target = Space("z", tuple(map(str, range(n + 60))), np.vstack([z, hubs]).astype(np.float32))

    def lists(a: Space, b: Space) -> np.ndarray:
        return ExactIndex(b).search(a.unit, 10)[0]

    plain = lists(source, target)
    about = About(mean_similarity(source, target), mean_similarity(target, source))
    score = CRITERIA["csls"].score(source.unit @ target.unit.T, about)
    mean = target.vectors[:n].mean(axis=0)
    centred = lists(Space("x", source.items, source.vectors - mean), Space("z", target.items, target.vectors - mean))
    truth = np.arange(n)
    accuracy = [(rows == truth).mean() for rows in (plain[:, 0], score.argmax(axis=1), centred[:, 0])]
    assert accuracy[0] < 0.95
    assert accuracy[1] > 0.98
    assert accuracy[2] > 0.98
    assert hubness(plain, n + 60) > 3
    assert hubness(centred, n + 60) < 1.5


def test_hubness_of_even_lists_is_zero_and_one_hub_is_skewed() -> None:
    assert hubness(np.arange(100)[:, None], 100) == 0
    assert hubness(np.zeros((100, 1), dtype=int), 100) == pytest.approx(98 / np.sqrt(99))  # closed form, one of n


def test_an_analogy_on_a_planted_offset() -> None:
    rng = np.random.default_rng(3)
    base, step = rng.normal(size=(20, 30)), rng.normal(size=30) * 2
    items = [f"s{i}" for i in range(20)] + [f"p{i}" for i in range(20)]
    space = Space("s", tuple(items), np.vstack([base, base + step]).astype(np.float32))
    collection = Collection("c", (space,))
    for i in range(1, 20):
        found = neighbors(collection, Query((("p0", 1), ("s0", -1), (f"s{i}", 1))), k=1)["s"]
        assert found is not None
        assert found[0].item == f"p{i}"


def test_index_edges() -> None:
    space = Space("s", ("a", "b", "zero"), np.array([[1, 0], [1, 0], [0, 0]], dtype=np.float32))
    rows, similarity = ExactIndex(space).search(np.array([[5, 0]], dtype=np.float32), 99)
    assert sorted(rows[0].tolist()) == [0, 1, 2]
    np.testing.assert_allclose(similarity[0], [1, 1, 0])
    with pytest.raises(InvalidValue, match="3 dimensions"):
        ExactIndex(space).search(np.ones((1, 3), dtype=np.float32), 1)
    with pytest.raises(InvalidValue, match="k is 0"):
        ExactIndex(space).search(np.ones((1, 2), dtype=np.float32), 0)


def test_self_neighbors_leave_out_only_the_own_row() -> None:
    same = Space("s", tuple("abcdef"), np.ones((6, 2), dtype=np.float32))
    rows, _ = self_neighbors(same, 3)
    assert rows.shape == (6, 3)
    assert not (rows == np.arange(6)[:, None]).any()
    assert self_neighbors(Space("s", ("a",), np.ones((1, 2), dtype=np.float32)), 3)[0].shape == (1, 0)


@given(st.integers(0, 10_000), st.sampled_from(["cosine", "csls"]))
def test_order_of_items_and_a_common_rotation_change_nothing(seed: int, criterion: str) -> None:
    rng = np.random.default_rng(seed)
    a, b = random_space("a", 30, 6, seed), random_space("b", 30, 6, seed + 1)
    q = np.linalg.qr(rng.normal(size=(6, 6)))[0].astype(np.float32)
    order = rng.permutation(30)
    turned = [Space(s.name, tuple(s.items[i] for i in order), s.vectors[order] @ q) for s in (a, b)]
    one, two = (Collection("c", tuple(s), alignment=Alignment("declared")) for s in ((a, b), turned))
    before, after = (neighbors(c, single("w3"), k=5, criterion=criterion, source="a") for c in (one, two))
    for name in ("a", "b"):
        check(after[name], [(n.item, n.similarity) for n in before[name] or []])


def test_a_domino_parts_two_lists(aligned: Collection) -> None:
    lists = neighbors(aligned, single("w7"), k=8)
    one = domino(aligned, single("w7"), lists, source="p0", target="p3")
    a, b = ({n.item for n in lists[name] or []} for name in ("p0", "p3"))
    assert {i for i, _, _ in one.shared} == a & b
    assert {i for i, _, _ in one.lost} == a - b
    assert {i for i, _, _ in one.gained} == b - a
    assert one.absent <= {"only3"}
    same = domino(aligned, single("w7"), lists, source="p0", target="p0")
    assert len(same.shared) == 8
    assert not same.lost


def test_shared_by_all_needs_every_answer() -> None:
    n = [Neighbor(i, 1.0) for i in "abc"]
    assert shared_by_all({"x": n, "y": n[1:], "z": None}) == ["b", "c"]
    assert shared_by_all({"x": n, "y": None}) == []


@settings(max_examples=cases(300), deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 30))
def test_the_highest_are_the_first_of_all_in_order(seed: int, k: int) -> None:
    values = np.random.default_rng(seed).integers(0, 6, 25).astype(np.float32)  # many equal ones
    assert np.array_equal(_highest(values, k), np.argsort(-values, kind="stable")[:k])


@pytest.mark.parametrize("hidden", [set(), {0}, {24}, {3, 7, 8}])
def test_what_is_hidden_is_left_out(hidden: set[int]) -> None:
    values = np.arange(25, dtype=np.float32)
    assert _without(values, hidden).tolist() == [v for v in range(25) if v not in hidden]


def test_mean_similarities_are_read_once_while_a_space_is_open(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    one, *others = (Space(name, tuple("abcdef"), rng.normal(size=(6, 3)).astype(np.float32)) for name in "xyz")
    store = DerivedStore(tmp_path)

    def asked() -> list[np.ndarray]:
        of = [(one, 3), (others[0], 3), (others[1], 3), (others[1], 2)]
        return [mean_similarity(one, other, store, k=k) for other, k in of]

    found = asked()
    assert len({tuple(r.tolist()) for r in found}) == 4
    for file in tmp_path.iterdir():
        file.unlink()
    assert all(np.array_equal(a, b) for a, b in zip(found, asked(), strict=True))
    assert not list(tmp_path.iterdir())
