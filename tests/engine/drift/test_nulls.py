"""One null for all counts, p-values, what they ask for, and their adjustment, against definitions written out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.drift.measure import MEASURES
from isogloss.drift.nulls import Halves, Smooth, level_to_reach, make_null
from isogloss.resampling import adjust
from isogloss.spaces.tails import PairTails, Reach, distance_at, evened, full_tail, read_tails
from tests.kit.nulls import Noise
from tests.kit.tiers import cases

finite = st.floats(-3, 9, allow_nan=False)


@given(st.lists(finite, min_size=1, max_size=200), st.lists(finite, min_size=1, max_size=20))
def test_p_is_the_share_of_all_null_distances_at_least_as_far(null: list[float], asked: list[float]) -> None:
    tail = full_tail(np.array(null))
    for z, p in zip(asked, tail.p_values(np.array(asked)), strict=True):
        assert p == pytest.approx((1 + sum(one >= z for one in null)) / (1 + len(null)))
    assert np.isnan(tail.p_values(np.array([np.nan]))[0])


@given(st.lists(finite, min_size=5, max_size=300), st.floats(0.001, 0.9))
def test_what_must_be_exceeded_is_the_least_that_reaches_the_level(null: list[float], level: float) -> None:
    tail = full_tail(np.array(null))
    least = float(tail.least(np.array([level]))[0])
    if np.isinf(least):
        assert tail.p_values(np.array([1e9]))[0] >= level - 1e-12
        return
    assert tail.p_values(np.array([least + 1e-9]))[0] < level
    assert tail.p_values(np.array([least]))[0] >= level - 1e-12 or tail.p_values(np.array([least - 1e-9]))[0] >= level


def test_a_thinned_tail_says_the_same_and_errs_on_the_safe_side() -> None:
    rng = np.random.default_rng(0)
    whole = full_tail(rng.gumbel(size=30_000))
    thin = whole.thinned()
    assert len(thin.values) < 200
    assert thin.at(0.95) == pytest.approx(whole.at(0.95))
    z = np.sort(rng.gumbel(size=500) * 2)
    assert (thin.p_values(z) >= whole.p_values(z) - 1e-12).all()
    assert np.median(thin.p_values(z) / whole.p_values(z)) < 1.1
    level = np.geomspace(1e-5, 0.5, 200)
    assert (thin.least(level) >= whole.least(level)).all()
    np.testing.assert_array_equal(thin.least(level[level < 1e-3]), whole.least(level[level < 1e-3]))


def test_equal_null_distances_count_as_far() -> None:
    null = make_null(_flat(0.5), np.full(40, 100))
    assert null is not None
    p = null.p_values(np.array([0.5] * 20 + [0.4] * 10 + [0.6] * 10))
    assert (p[:30] == 1).all()  # nothing lies below
    assert (p[30:] == 1 / (1 + null.tail.n)).all()


@pytest.mark.parametrize(
    ("value", "end"),
    [*((v, None) for v in (0.0, 0.3, 0.7, 1.0, 2.0)), *((v, 1.0) for v in (0.0, 0.3, 0.7, 1.0))],
)
def test_distances_that_are_all_the_same_are_no_error(value: float, end: float | None) -> None:
    null = make_null(_flat(value), np.full(40, 100), end=end)
    assert null is not None
    assert (null.p_values(np.full(40, value)) == 1).all()
    np.testing.assert_allclose(null.quantile(0.95), value, atol=1e-6)


def _flat(value: float) -> Halves:
    places = np.repeat(np.arange(40), 10)
    return Halves(np.full(400, 50), np.full(400, value), places, np.arange(400) % 2)


def test_too_few_null_distances_test_nothing_and_unknown_ones_are_not_counted() -> None:
    halves = _flat(0.5)
    distances = halves.distances.copy()
    distances[:201] = np.nan
    assert make_null(Halves(halves.counts, distances, halves.places, halves.sides), np.full(40, 100)) is None
    distances[0] = 0.5
    null = make_null(Halves(halves.counts, distances, halves.places, halves.sides), np.full(40, 100))
    assert null is not None
    assert null.tail.n == 200
    assert np.isnan(null.p_values(np.full(40, np.nan))).all()
    assert np.isnan(null.p_values(np.full(40, 0.5))[:5]).sum() == 4  # items without any half are not tested


def test_noise_that_falls_with_the_count_is_called_as_often_at_every_count() -> None:
    shares = _shares(range(cases(100, least=4)))
    for name, share in shares.items():
        assert share[0.05] <= 0.055, (name, share)
        assert share[0.01] <= 0.014, (name, share)
        assert share[0.001] <= 0.003, (name, share)


def test_of_what_halves_are_noisier_each_item_takes_its_share() -> None:
    noise, whole = Noise.drawn(300, 1), Smooth(np.zeros(1), np.full(1, -0.4))
    none = make_null(noise.halves(), noise.counts)
    share = np.linspace(-0.5, 0.5, 300)
    null = make_null(noise.halves(), noise.counts, whole=whole, taken=share)
    assert none is not None
    assert null is not None
    np.testing.assert_allclose(null.center - none.center, -0.4 * share, atol=1e-12)
    noisier = make_null(noise.halves(), noise.counts, whole=Smooth(whole.x, -whole.y), taken=share)
    assert noisier is not None
    np.testing.assert_array_equal(noisier.center, none.center)  # wholes that are noisier than halves: left alone


def test_every_measure_takes_at_most_half_and_less_of_rare_items_than_of_others() -> None:
    counts = np.array([1, 20, 50, 56, 80, 113, 200, 10_000])
    for measure in MEASURES.values():
        taken = measure.taken(counts)
        assert taken.shape == counts.shape
        assert (np.diff(taken) >= 0).all()
        assert taken[-1] == 0.5
    assert MEASURES["local"].taken(counts).round(2).tolist() == [-0.5, -0.5, -0.5, -0.5, 0, 0.5, 0.5, 0.5]


def _shares(seeds: range) -> dict[str, dict[float, float]]:
    """Of simulated words of which none moved: the share of p below each level, by band and among the noisiest."""
    p, counts, noisy, any_q = [], [], [], []
    for seed in seeds:
        noise = Noise.drawn(1_000, seed)
        null = noise.null()
        p.append(null.p_values(noise.between()))
        counts.append(noise.counts)
        noisy.append(noise.level >= np.quantile(noise.level, 2 / 3))
        any_q.append(bool((adjust(p[-1]) < 0.05).any()))
    assert sum(any_q) <= 0.05 * len(seeds) + (len(seeds) < 100)
    of, n, third = np.concatenate(p), np.concatenate(counts), np.concatenate(noisy)
    bands = {"all": n > 0, "< 100": n < 100, "100–500": (n >= 100) & (n < 500), "≥ 500": n >= 500, "noisiest": third}
    return {name: {at: float((of[mask] < at).mean()) for at in (0.05, 0.01, 0.001)} for name, mask in bands.items()}


@pytest.mark.parametrize("uses", [50, 100, 200, 500, 2_000])
def test_planted_shifts_are_found_with_the_power_that_is_stated(uses: int) -> None:
    """Of words that truly moved, those whose drift exceeds what is said to be needed are found, and no others."""
    found, stated, n = 0, 0, 0
    for seed in range(cases(100, least=4)):
        noise = Noise.drawn(1_000, seed)
        null = noise.null()
        planted = np.argsort(np.abs(np.log(noise.counts / uses)))[:6]
        shift = np.zeros(1_000)
        shift[planted] = np.random.default_rng(seed).uniform(0, 8, size=6) * noise.usual(noise.counts[planted])
        distance = noise.between(shift)
        p = null.p_values(distance)
        reach = Reach({"document": null.tail.thinned()}, np.ones(1_000, np.int8), null.quantile(0.95), noise.counts)
        needed = reach.needed(level_to_reach(p, 0.05))
        found += int((adjust(p)[planted] < 0.05).sum())
        stated += int((distance[planted] > needed[planted]).sum())
        n += len(planted)
    assert abs(found - stated) / n <= 0.1, (found, stated, n)
    assert 0.2 < found / n < 0.95, found


@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=40), st.integers(0, 1000))
def test_the_p_that_is_asked_for_is_the_one_that_decides(values: list[float], seed: int) -> None:
    p = np.array(values)
    level = level_to_reach(p, 0.05)
    at = seed % len(p)
    for asked, moved in ((level[at] * 0.999, True), (level[at] * 1.02, False)):
        with_it = p.copy()
        with_it[at] = asked
        if moved:
            assert adjust(with_it)[at] < 0.05 + 1e-12
        elif p[at] < level[at] or (p[at] > level[at] * 1.5 and len(p) < 3):
            assert adjust(with_it)[at] >= 0.05 - 1e-12


def test_one_word_among_many_can_be_found() -> None:
    """A band of some hundred null distances could not say it: p stops at 1 / (1 + N), and q multiplies by the words."""
    noise = Noise.drawn(1_100, 1, replicates=16)
    shift = np.zeros(1_100)
    shift[[100, 200, 300, 400, 500, 600]] = 40 * noise.usual(noise.counts[[100, 200, 300, 400, 500, 600]])
    q = adjust(noise.null().p_values(noise.between(shift)))
    assert set(np.flatnonzero(q < 0.05)) == {100, 200, 300, 400, 500, 600}


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), st.sampled_from([None, 1.0]))
def test_an_evened_distance_is_that_distance_again(distances: list[float], end: float | None) -> None:
    given_ = np.array(distances)
    np.testing.assert_allclose(distance_at(evened(given_, end), end), given_, atol=1e-9)
    assert (np.diff(evened(np.sort(given_), end)) >= 0).all()


@pytest.mark.parametrize("end", [None, 1.0])
def test_a_distance_that_none_reaches_stays_out_of_reach(end: float | None) -> None:
    assert (distance_at(np.array([np.inf, 800.0]), end) > 1).all()


def _shared_neighbors(share: npt.NDArray[np.float64], seed: int, k: int = 25) -> npt.NDArray[np.float64]:
    """1 − Jaccard of two lists of k neighbors that share each with this probability, one for each word."""
    both = np.random.default_rng([4, seed]).binomial(k, share)
    return 1 - both / (2 * k - both)


def test_near_the_end_of_a_scale_noise_is_called_as_often_as_asked_and_what_moved_is_found() -> None:
    """Rare words' halves share hardly a neighbor, their wholes some: by logarithms alone 1 would be no distance."""
    n, replicates, p, found = 600, 8, [], []
    places, sides = np.tile(np.arange(n), 2 * replicates), np.repeat(np.arange(2 * replicates) % 2, n)
    counts = np.geomspace(50, 3_000, n).astype(np.int64)
    for seed in range(20):
        level = np.random.default_rng([5, seed]).normal(0, 0.4, n)

        def shared(uses: npt.NDArray[np.int64], level: npt.NDArray[np.float64] = level) -> npt.NDArray[np.float64]:
            return 1 / (1 + np.exp(level - np.log(uses / 150) / 2))

        null = Halves(counts[places] // 2, _shared_neighbors(shared(counts // 2)[places], seed), places, sides)
        moved = np.arange(n) % 60 == 30
        distance = np.where(moved, 1.0, _shared_neighbors(shared(counts), 100 + seed))
        whole = Smooth.of(np.log(counts), evened(1 - shared(counts), 1.0) - evened(1 - shared(counts // 2), 1.0), 0.5)
        made = make_null(null, counts, whole=whole, end=1.0)
        assert made is not None
        p.append(made.p_values(distance))
        found.append(adjust(p[-1])[moved & (counts > 200)] < 0.05)
    rest = np.array(p)[:, ~moved]
    for band in np.array_split(np.arange(rest.shape[1]), 4):
        assert (rest[:, band] < 0.05).mean() <= 0.05
        assert (rest[:, band] < 0.001).mean() <= 0.002
    assert np.mean(found) > 0.9


@pytest.mark.parametrize("end", [None, 1.0])
def test_tails_come_back_as_they_were_kept(end: float | None) -> None:
    drawn = {name: Noise.drawn(300, seed).null().tail for seed, name in enumerate(("author", "document"))}
    tails = {name: replace(tail, end=end).thinned() for name, tail in drawn.items()}
    sizes = [len(kept) for kept in PairTails("a", "b", False, "gonen", 139, tails).facts()[5].values()]
    assert set(sizes) == {3 if end is None else 4}  # those of 0.9 have three
    ones = [PairTails("a", "b", panel, "gonen", 139, tails) for panel in (False, True)]
    again = read_tails([one.facts() for one in ones], np.concatenate([one.values() for one in ones]))
    assert [one.facts() for one in again] == [one.facts() for one in ones]
    for name, tail in tails.items():
        assert again[1].tails[name].end == end
        np.testing.assert_array_equal(again[1].tails[name].ranks, tail.ranks)
        np.testing.assert_allclose(again[1].tails[name].values, tail.values, rtol=1e-6)
        np.testing.assert_allclose(again[1].tails[name].scales, tail.scales, rtol=1e-6)


def test_a_running_quantile_is_that_of_its_places() -> None:
    x = np.repeat([1.0, 2.0, 3.0], 300)
    y = np.concatenate([np.linspace(0, 1, 300), np.linspace(2, 3, 300), np.linspace(8, 9, 300)])
    smooth = Smooth.of(x, y, 0.5)
    assert smooth(np.array([1.0, 0.0])) == pytest.approx([0.5, 0.5])
    assert np.isclose(smooth(np.array([3.0, 9.0])), smooth.y[-1]).all()


@given(st.lists(st.one_of(st.just(float("nan")), st.floats(0.0001, 1)), max_size=60))
def test_benjamini_hochberg_rejects_what_its_definition_rejects(values: list[float]) -> None:
    p = np.array(values)
    q = adjust(p)
    known = np.sort(p[np.isfinite(p)])
    for level in (0.05, 0.2):
        passing = [value for rank, value in enumerate(known, 1) if value <= level * rank / len(known) + 1e-12]
        cut = max(passing, default=-1.0)
        np.testing.assert_array_equal(q[np.isfinite(p)] <= level + 1e-12, p[np.isfinite(p)] <= cut)
    assert np.isnan(q[np.isnan(p)]).all()


def test_uniform_p_values_are_seldom_called_significant() -> None:
    rng = np.random.default_rng(0)
    assert sum(bool((adjust(rng.random(500)) < 0.05).any()) for _ in range(200)) <= 20
