"""Measures of separation against planted offsets, slow literal implementations and their own invariances."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.errors import InvalidValue
from isogloss.separation.groups import distinct, groups_of, halves
from isogloss.separation.measures import (
    eta_squared,
    nearest_others,
    pair_neighbors,
    paired_hits,
    pooled_hits,
    same_group,
    silhouettes,
)
from isogloss.separation.probe import probe_guesses, rescaled
from isogloss.separation.removal import REMOVALS, fit_removal
from isogloss.separation.report import FIGURES, kept_report, measure_separation, removed_space
from isogloss.spaces.space import Space
from isogloss.workspace.derived import DerivedStore

# Three groups of 300 parallel items, 64 dimensions, an offset for each group: published figures to meet.
# offset: probe accuracy, purity@10, η², paired P@1, pooled P@1
TABLE = {
    0: (0.338, 0.265, 0.000, 1.000, 1.000),
    1: (1.000, 0.457, 0.037, 1.000, 0.998),
    3: (1.000, 0.926, 0.254, 0.993, 0.080),
    6: (1.000, 1.000, 0.570, 0.933, 0.000),
}


def planted(offset: float, seed: int = 0, n: int = 300, dim: int = 64, groups: int = 3):
    """x = Z·Wᵀ + offset·w_g + .15·noise, Z shared by the groups; rows, group codes and meanings."""
    rng = np.random.default_rng(seed)
    basis = np.linalg.qr(rng.normal(size=(dim, 16 + groups)))[0]
    z = rng.normal(size=(n, 16))
    rows = [z @ basis[:, :16].T + offset * basis[:, 16 + g] + 0.15 * rng.normal(size=(n, dim)) for g in range(groups)]
    x = np.concatenate(rows).astype(np.float32)
    return x, np.repeat(np.arange(groups), n), np.tile(np.arange(n), groups)


def space_of(x, codes, meanings, name: str = "planted") -> Space:
    items = tuple(f"{g}-{m}" for g, m in zip(codes, meanings, strict=True))
    columns = pa.table({"script": [f"S{g}" for g in codes], "concept": [str(m) for m in meanings]})
    return Space(name, items, x, columns)


@pytest.mark.parametrize("offset", TABLE)
def test_planted_offsets_give_the_published_figures(offset: int) -> None:
    probe, purity, eta, paired, pooled = TABLE[offset]
    found = np.zeros(5)
    for seed in range(3):
        x, codes, meanings = planted(offset, seed)
        near = nearest_others(x, 10)
        right, asked = paired_hits(pair_neighbors(x, codes, 3), codes, meanings)
        train = (np.random.default_rng(seed).random(300) < 0.5)[meanings]
        guessed = probe_guesses(x, codes, train)[~train]
        found += [
            (guessed == codes[~train]).mean(),
            same_group(near, codes).mean(),
            eta_squared(x, codes),
            right.sum() / asked.sum(),
            np.nanmean(pooled_hits(near, meanings, codes)),
        ]
    found /= 3
    assert found[0] == pytest.approx(probe, abs=0.05 if offset == 0 else 0.02)  # at chance a random half varies more
    assert found[1] == pytest.approx(purity, abs=0.02)
    assert found[2] == pytest.approx(eta, abs=0.012 if offset == 6 else 0.005)
    assert found[3] == pytest.approx(paired, abs=0.02)
    assert found[4] == pytest.approx(pooled, abs=0.02)


@pytest.mark.parametrize("offset", [1, 3, 6])
@pytest.mark.parametrize("method", ["center", "lsar"])
def test_centring_and_lsar_bring_the_groups_together(offset: int, method: str) -> None:
    x, codes, meanings = planted(offset)
    fit = np.arange(300)[meanings] % 2 == 0
    clean = fit_removal(method, x[fit], codes[fit], n_groups=3).apply(x, codes)[~fit]
    assert np.nanmean(pooled_hits(nearest_others(clean, 1), meanings[~fit], codes[~fit])) == pytest.approx(
        1.0, abs=0.005
    )


def test_lir_of_one_direction_fails_at_a_small_offset() -> None:
    x, codes, meanings = planted(1)
    lir = fit_removal("lir", x, codes, n_groups=3, rank=1).apply(x, codes)
    lsar = fit_removal("lsar", x, codes, n_groups=3).apply(x, codes)
    assert eta_squared(lir, codes) > 10 * eta_squared(lsar, codes)
    assert np.nanmean(pooled_hits(nearest_others(lir, 1), meanings, codes)) < 1


def test_a_removal_of_no_direction_changes_nothing() -> None:
    x, codes, _ = planted(3)
    for method in ("none", "lsar", "lir"):
        assert np.array_equal(
            fit_removal(method, x, codes, n_groups=3, rank=0 if method != "none" else None).apply(x, codes), x
        )


def test_an_unseen_group_stays_under_centring() -> None:
    x, codes, _ = planted(3)
    known = codes < 2
    out = fit_removal("center", x[known], codes[known], n_groups=3).apply(x, codes)
    assert np.array_equal(out[~known], x[~known])
    assert np.abs(out[known].mean(axis=0)).max() < 0.01


@pytest.mark.parametrize(("method", "rank"), [("lsar", 3), ("lsar", -1), ("lir", 65), ("svd", None)])
def test_a_rank_or_method_out_of_range_names_the_lever(method: str, rank: int | None) -> None:
    x, codes, _ = planted(3)
    with pytest.raises(InvalidValue, match="choose"):
        fit_removal(method, x, codes, n_groups=3, rank=rank)


def literal_silhouette(x, codes):
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    apart = 1 - unit @ unit.T
    out = []
    for i in range(len(x)):
        own = (codes == codes[i]) & (np.arange(len(x)) != i)
        if not own.any():
            out.append(0.0)
            continue
        a = apart[i, own].mean()
        b = min(apart[i, codes == c].mean() for c in set(codes) - {codes[i]})
        out.append((b - a) / max(a, b))
    return np.array(out)


def test_silhouette_equals_the_literal_one() -> None:
    rng = np.random.default_rng(1)
    x, codes = rng.normal(size=(60, 8)).astype(np.float32), np.r_[rng.integers(0, 4, 59), 4]
    assert silhouettes(x, codes) == pytest.approx(literal_silhouette(x.astype(np.float64), codes), abs=1e-5)


def test_eta_squared_of_weights_counts_rows_as_often() -> None:
    rng = np.random.default_rng(2)
    x, codes, w = rng.normal(size=(40, 5)).astype(np.float32), rng.integers(0, 3, 40), rng.integers(0, 4, 40)
    assert eta_squared(x, codes, w.astype(float)) == pytest.approx(
        eta_squared(np.repeat(x, w, axis=0), np.repeat(codes, w)), abs=1e-5
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_measures_survive_a_rotation_and_a_new_order(seed: int) -> None:
    x, codes, meanings = planted(1, seed % 5, n=30, dim=24)
    rng = np.random.default_rng(seed)
    turn = np.linalg.qr(rng.normal(size=(24, 24)))[0].astype(np.float32)
    order = rng.permutation(len(x))

    def measured(x, codes, meanings):
        near = nearest_others(x, 5)
        right, asked = paired_hits(pair_neighbors(x, codes, 3), codes, meanings)
        return [
            eta_squared(x, codes),
            np.nanmean(pooled_hits(near, meanings, codes)),
            same_group(near, codes).mean(),
            silhouettes(x, codes).mean(),
            right.sum() / asked.sum(),
        ]

    plain = measured(x, codes, meanings)
    assert measured((x @ turn)[order], codes[order], meanings[order]) == pytest.approx(plain, abs=2e-3)


def test_null_purity_of_parallel_items_lies_below_the_class_prior() -> None:
    found = measure_separation(space_of(*planted(0)))
    assert found["purity_at_10"].null.mean < 1 / 3 - 0.04
    assert found["purity_at_10"].value == pytest.approx(found["purity_at_10"].null.mean, abs=0.02)


def test_a_report_holds_nulls_intervals_and_n() -> None:
    found = measure_separation(space_of(*planted(3)))
    assert found.n == 450
    assert dict(found.groups) == {"S0": 300, "S1": 300, "S2": 300}
    assert set(found.known_nulls) == set(found.known_intervals) == set(FIGURES)
    for name in FIGURES:
        low, high = found[name].interval
        assert low <= found[name].value <= high
    assert found["eta_squared"].null.p == pytest.approx(1 / 201)
    assert found["eta_squared"].null.p95 < found["eta_squared"].value
    assert found["pooled_precision_at_1"].null.mean == pytest.approx(1 / 150, abs=0.01)
    cleaned = measure_separation(space_of(*planted(3)), remove="lsar")
    assert cleaned["pooled_precision_at_1"].value == pytest.approx(1.0, abs=0.01)
    assert cleaned.n == found.n


@pytest.mark.long
def test_without_separation_the_p_values_are_not_small() -> None:
    small = [
        measure_separation(space_of(*planted(0, seed, n=60)), permutations=40)["probe"].null.p for seed in range(6)
    ]
    assert np.mean(np.array(small) < 0.05) <= 0.34


def test_names_spelt_alike_are_counted_once() -> None:
    x, codes, meanings = planted(3, n=40)
    space = space_of(x, codes, meanings)
    texts = [f"name{m}" if m < 20 else f"{g}:{m}" for g, m in zip(codes, meanings, strict=True)]
    space = Space("twins", space.items, x, space.columns.append_column("text", pa.array(texts)))
    groups = groups_of(space)
    kept = distinct(groups, np.ones(len(x), dtype=bool))
    assert kept.sum() == 20 + 60
    found = measure_separation(space)
    assert found.n_distinct < found.n


def test_halves_keep_a_meaning_together() -> None:
    groups = groups_of(space_of(*planted(1)))
    fit = halves(groups, 3)
    assert fit.sum() == 450
    for meaning in range(300):
        assert len(set(fit[groups.meanings == meaning])) == 1


@pytest.mark.parametrize("kind", ["one group", "groups of one", "no concepts", "two items"])
def test_odd_spaces_have_a_stated_answer(kind: str) -> None:
    rng = np.random.default_rng(0)
    n = 2 if kind == "two items" else 12
    scripts = (
        ["Latn"] * n
        if kind == "one group"
        else [f"S{i}" for i in range(n)]
        if kind == "groups of one"
        else ["A", "B"] * (n // 2)
    )
    columns = {"script": scripts}
    if kind != "no concepts":
        columns["concept"] = [str(i // 2) for i in range(n)]
    found = measure_separation(
        Space("odd", tuple(map(str, range(n))), rng.normal(size=(n, 6)).astype(np.float32), pa.table(columns))
    )
    assert set(found.figures) == set(FIGURES)
    if kind == "no concepts":
        assert np.isnan(found["pooled_precision_at_1"].value)
        assert np.isfinite(found["eta_squared"].value)
    if kind == "one group":
        assert np.isnan(found["probe"].value)


@pytest.mark.parametrize("removal", REMOVALS)
def test_reports_and_removed_spaces_come_back_as_they_were(removal: str, tmp_path) -> None:
    space, store = space_of(*planted(3, n=40)), DerivedStore(tmp_path)
    one, two = kept_report(space, store, removal=removal), kept_report(space, store, removal=removal)
    for name in FIGURES:
        assert one[name].value == pytest.approx(two[name].value, nan_ok=True)
    assert (one.known_nulls, one.known_intervals, one.groups, one.n) == (
        two.known_nulls,
        two.known_intervals,
        two.groups,
        two.n,
    )
    again = removed_space(space, "script", removal)
    assert again.fingerprint == removed_space(space, "script", removal).fingerprint
    assert (again.fingerprint == space.fingerprint) == (removal == "none")


def test_scripts_are_read_where_no_column_says_them() -> None:
    items = ("привет", "hello", "مرحبا", "γεια", "geia")
    groups = groups_of(Space("s", items, np.eye(5, dtype=np.float32)))
    assert sorted(groups.names) == ["Arab", "Cyrl", "Grek", "Latn"]
    assert groups.names[0] == "Latn"
    with pytest.raises(InvalidValue, match="no language column"):
        groups_of(Space("s", items, np.eye(5, dtype=np.float32)), "language")


def test_the_rescaled_probe_is_zero_at_chance() -> None:
    assert rescaled(1 / 3, 3) == pytest.approx(0)
    assert rescaled(1, 3) == 1
    assert np.isnan(rescaled(1, 1))


def test_pooled_looks_past_translations_in_the_own_group() -> None:
    """Two rows of one meaning in a group: finding each other is no find, and finding a stranger first is a miss."""
    codes, meanings = np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1])
    near = np.array([[1, 2, 3], [0, 3, 2], [0, 1, 3], [2, 0, 1]])
    assert pooled_hits(near, meanings, codes).tolist()[:3] == [1.0, 0.0, 1.0]
    assert np.isnan(pooled_hits(near, meanings, codes)[3])


def test_rows_that_coincide_have_no_silhouette() -> None:
    x = np.tile(np.array([[0.3, 0.7, 0.1]], dtype=np.float32), (8, 1))
    assert np.array_equal(silhouettes(x, np.repeat([0, 1], 4)), np.zeros(8))
    assert np.abs(silhouettes(np.concatenate([x, -x]), np.r_[np.repeat([0, 1], 4), np.full(8, 2)])).max() <= 1
