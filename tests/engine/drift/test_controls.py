"""The table of replicates beside a collection: written, read back, never believed of other spaces; rankings from it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from isogloss.corpora.corpus import read_corpus
from isogloss.corpora.recipe import HALVES, LEAST_DOCUMENTS, Recipe, Replicates, read_recipe
from isogloss.drift.distances import Shared, distances
from isogloss.drift.frequency import unusual_for_frequency
from isogloss.drift.measure import MEASURES
from isogloss.drift.ranking import measure_drift
from isogloss.drift.reliability import reliability
from isogloss.drift.steps import over_steps
from isogloss.errors import Cancelled, InvalidValue, NotAligned, NotFound
from isogloss.spaces.collection import Collection
from isogloss.spaces.controls import Controls, predicted, read_controls
from isogloss.training.build import build
from isogloss.training.replicates import halves_of
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import Workspace
from tests.kit.corpora import Generator, recipe


def small(folder: Path, replicates: Replicates, seed: int = 2) -> Recipe:
    generator = Generator(words=120, topics=8, seed=seed)
    rng = np.random.default_rng(seed)
    tables = [generator.documents(250, name, rng) for name in "ab"]
    return recipe(tables, folder, replicates, dim=8, slice_epochs=3, ship_count=25)


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    replicates = Replicates(author=3, document=2, panel="author", panel_author=2, panel_document=1)
    return build(small(tmp_path_factory.mktemp("planted"), replicates), workers=1).collection


def test_controls_come_back_as_they_were_written(collection: Collection, workspace: Workspace) -> None:
    workspace.save(collection)
    again = workspace.open("planted")
    assert again.controls is not None
    assert collection.controls is not None
    assert (
        again.controls.facts
        == collection.controls.facts
        == {
            "author": 3,
            "document": 2,
            "panel": "author",
            "panel_size": 40,
            "panel_author": 2,
            "panel_document": 1,
        }
    )
    for panel in (False, True):
        one, other = measure_drift(collection, "a", "b", panel=panel), measure_drift(again, "a", "b", panel=panel)
        assert one.items == other.items
        np.testing.assert_array_equal(one.q, other.q)
    before, after = collection.controls.noise["a"], again.controls.noise["a"]
    np.testing.assert_array_equal(before.variance, after.variance)
    assert before.ratio == after.ratio


def test_how_far_noise_reaches_comes_back_and_older_controls_do_without(
    collection: Collection, workspace: Workspace
) -> None:
    folder = workspace.save(collection)
    again = workspace.open("planted")
    assert again.controls is not None
    assert collection.controls is not None
    for measure in MEASURES:
        one, other = (measure_drift(c, "a", "b", measure=measure) for c in (collection, again))
        np.testing.assert_allclose(one.needed, other.needed, rtol=1e-4)
        assert one.k == other.k
        np.testing.assert_array_equal(one.agree, other.agree)
        np.testing.assert_array_equal(one.agree_of, other.agree_of)
    assert again.controls.digest == read_controls(folder, collection.fingerprint).digest  # type: ignore[union-attr]
    table = again.controls.table
    names = [name for name in table.column_names if not name.endswith("_by")]
    older = replace(again, controls=Controls(table.select(names), again.controls.facts, again.controls.noise))
    before, now = measure_drift(older, "a", "b"), measure_drift(again, "a", "b")
    np.testing.assert_array_equal(before.p, now.p)
    np.testing.assert_array_equal(before.undecided, now.undecided)
    assert np.isnan(before.needed).all()
    assert np.isfinite(now.p[np.isfinite(now.needed)]).all()
    assert np.isfinite(now.needed).any() or np.isinf(now.needed).any()


def test_what_is_said_to_be_needed_decides(collection: Collection) -> None:
    for measure in MEASURES:
        for panel in (False, True):
            found = measure_drift(collection, "a", "b", measure=measure, panel=panel)
            known = found.tested & ~np.isnan(found.needed)
            assert (found.distance[known & found.significant] >= found.needed[known & found.significant] * 0.98).all()
            assert not (known & ~found.significant & (found.distance > found.needed * 1.02)).any()
            frequent = measure_drift(collection, "a", "b", measure=measure, panel=panel, min_count=100)
            assert len(frequent.needed) == len(frequent)


def test_intervals_and_noise_stay_within_what_a_measure_can_say(collection: Collection) -> None:
    for name, one in MEASURES.items():
        found = measure_drift(collection, "a", "b", measure=name)
        for values in (found.low, found.high, found.null_low, found.null_high):
            known = values[np.isfinite(values)]
            assert len(known)
            assert known.min() >= one.range[0]
            assert known.max() <= one.range[1]
        assert (found.needed[np.isfinite(found.needed)] < one.range[1]).all()


def test_replicates_of_too_few_shared_words_say_that(tmp_path: Path) -> None:
    few = small(tmp_path, Replicates(document=4))
    few = replace(few, training=replace(few.training, ship_count=600))
    collection = build(few, workers=1).collection
    found = measure_drift(collection, "a", "b")
    assert 4 < len(found) < 25
    assert found.too_few
    assert not found.tested.any()
    assert 0 < found.null_n.max() < 200
    (said,) = (fact for fact, _ in reliability(collection, "a", "b", ranking=found).warnings if "not tested" in fact)
    assert f"{len(found)} shared items gave {found.null_n.max()} null distances, and a test needs 200" in said
    without = replace(collection, controls=None)
    assert not measure_drift(without, "a", "b").too_few
    told = reliability(without, "a", "b", ranking=measure_drift(without, "a", "b")).warnings
    assert any("no replicate trainings" in fact for fact, _ in told)


def test_halves_are_usual_where_the_documents_suffice(tmp_path: Path) -> None:
    """Of a recipe that says nothing of replicates; none where a slice has too few documents, or where it says 0."""
    generator = Generator(words=60, topics=4, seed=1)
    rng = np.random.default_rng(1)
    tables = [generator.documents(LEAST_DOCUMENTS, name, rng, sentences=8) for name in "ab"]
    pq.write_table(pa.concat_tables(tables), tmp_path / "x.parquet")
    base = (
        '[collection]\nname = "x"\n[corpus]\nfile = "x.parquet"\ntext = "text"\nslice_by = "slice"\n'
        '[[slices]]\nname = "a"\nvalues = ["a"]\n[[slices]]\nname = "b"\nvalues = ["b"]\n'
        "[training]\ndim = 4\nslice_epochs = 1\ncompass_epochs = 1\nmin_count = 10\nship_count = 20\n{rest}"
    )

    def built(rest: str) -> Collection:
        (tmp_path / "x.toml").write_text(base.format(rest=rest))
        return build(read_recipe(tmp_path / "x.toml"), workers=1).collection

    usual = built("")
    assert usual.controls is not None
    assert usual.controls.facts == {"author": 0, "document": HALVES}
    assert built("[replicates]\ndocument = 0\n").controls is None
    assert built('method = "procrustes"\n').controls is None
    few = pa.concat_tables([tables[0], tables[1].slice(1)])
    pq.write_table(few, tmp_path / "x.parquet")
    assert built("").controls is None


def test_controls_of_other_spaces_are_not_read(collection: Collection, workspace: Workspace) -> None:
    folder = workspace.save(collection)
    assert read_controls(folder, collection.fingerprint) is not None
    assert read_controls(folder, "another") is None
    other = replace(collection, spaces=collection.spaces[::-1], controls=None)
    assert read_controls(folder, other.fingerprint) is None


def test_distances_are_those_of_the_stored_vectors(collection: Collection, workspace: Workspace) -> None:
    workspace.save(collection)
    again = workspace.open("planted")
    assert again.controls is not None
    a, b = again.spaces
    shared, controls = Shared(a, b), again.controls.pair("a", "b")
    assert controls is not None
    assert list(controls.rows) == list(shared.items)
    assert again.controls.measures == tuple(MEASURES)
    for name, one in MEASURES.items():
        np.testing.assert_allclose(controls.figures[name]["distance"], distances(shared, one), atol=1e-6)


def test_both_directions_say_the_same(collection: Collection) -> None:
    one, back = measure_drift(collection, "a", "b"), measure_drift(collection, "b", "a")
    rows = [back.rows[item] for item in one.items]
    np.testing.assert_allclose(back.q[rows], one.q)
    assert one.count_source is not None
    assert back.count_target is not None
    np.testing.assert_array_equal(back.count_target[rows], one.count_source)


def test_other_neighbors_than_the_controls_knew_are_not_tested(collection: Collection) -> None:
    assert measure_drift(collection, "a", "b", measure="jaccard").tested.any()
    assert measure_drift(collection, "a", "b", measure="jaccard", k=25).tested.any()
    assert not measure_drift(collection, "a", "b", measure="jaccard", k=10).tested.any()
    wide = int(Shared(*collection.spaces).often.sum()) // 4
    usual = measure_drift(collection, "a", "b", measure="gonen")
    assert usual.tested.any()
    assert usual.k == wide > 5
    assert measure_drift(collection, "a", "b", measure="gonen", k=wide).tested.any()
    assert measure_drift(collection, "a", "b", measure="gonen", k=10_000).k == wide  # near their number all overlap
    assert not measure_drift(collection, "a", "b", measure="gonen", k=5).tested.any()


def test_a_least_count_leaves_rarer_words_untested(collection: Collection) -> None:
    everything, frequent = measure_drift(collection, "a", "b"), measure_drift(collection, "a", "b", min_count=100)
    assert 0 < len(frequent) < len(everything)
    assert frequent.smaller_count.min() >= 100
    item = frequent.items[0]
    assert frequent.p[0] == everything.p[everything.rows[item]]
    assert frequent.q[frequent.order[-1]] <= 1


def test_intervals_hold_their_distance_and_nulls_their_order(collection: Collection) -> None:
    found = measure_drift(collection, "a", "b")
    known = np.isfinite(found.low)
    assert known.mean() > 0.9
    assert (found.low[known] <= found.distance[known]).all()
    assert (found.distance[known] <= found.high[known]).all()
    assert (found.null_low[found.tested] <= found.null_high[found.tested]).all()
    assert (found.null_n[found.tested] >= 200).all()


@pytest.mark.long
def test_a_stopped_build_goes_on_and_comes_to_the_same(tmp_path: Path) -> None:
    one = small(tmp_path, Replicates(author=2, document=1))
    whole = build(one, workers=1).collection
    store, seen = DerivedStore(tmp_path / "work"), list[str]()

    def stop(what: str, share: float) -> None:
        seen.append(what)
        if what.startswith("training replicate 3"):
            raise Cancelled("stopped", "")

    with pytest.raises(Cancelled):
        build(one, progress=stop, workers=1, work=store)
    assert len(list((tmp_path / "work").glob("replicate-*"))) == 2
    resumed = list[str]()
    rest = build(one, progress=lambda what, share: resumed.append(what), workers=1, work=store).collection
    assert not any(what == "training the slices" for what in resumed)
    assert whole.fingerprint == rest.fingerprint
    np.testing.assert_array_equal(measure_drift(whole, "a", "b").p, measure_drift(rest, "a", "b").p)


@pytest.mark.long
def test_two_workers_train_the_same_vectors(tmp_path: Path) -> None:
    one = small(tmp_path, Replicates())
    assert build(one, workers=1).collection.fingerprint == build(one, workers=2).collection.fingerprint


def test_halves_are_halves_and_authors_stay_on_their_side(tmp_path: Path) -> None:
    corpus = read_corpus(small(tmp_path, Replicates()))
    for number in range(5):
        side = halves_of(corpus, "author", (1, number))
        sides = {author: set(side[corpus.author_of == author]) for author in np.unique(corpus.author_of)}
        assert all(len(s) == 1 for s in sides.values())
        assert abs(sum(next(iter(s)) for s in sides.values()) - len(sides) / 2) <= 1
        by_document = halves_of(corpus, "document", (1, number))
        for index in (0, 1):
            here = by_document[corpus.slice_of == index]
            assert abs(here.sum() - len(here) / 2) <= 1
    assert not np.array_equal(halves_of(corpus, "author", (1, 0)), halves_of(corpus, "author", (1, 1)))


def test_without_replicates_nothing_is_called_significant(aligned: Collection) -> None:
    found = measure_drift(aligned, "p0", "p3")
    assert not found.tested.any()
    assert not found.significant.any()
    assert np.isnan(found.low).all()
    assert np.isfinite(found.unusual).all()


def test_what_cannot_be_ranked_is_said(aligned: Collection, unaligned: Collection) -> None:
    with pytest.raises(InvalidValue, match="itself"):
        measure_drift(aligned, "p0", "p0")
    with pytest.raises(InvalidValue, match="measure"):
        measure_drift(aligned, "p0", "p1", measure="euclid")
    with pytest.raises(InvalidValue, match="k is 0"):
        measure_drift(aligned, "p0", "p1", measure="gonen", k=0)
    with pytest.raises(InvalidValue, match="same speakers"):
        measure_drift(aligned, "p0", "p1", panel=True)
    with pytest.raises(NotFound):
        measure_drift(aligned, "p0", "nowhere")
    with pytest.raises(NotAligned, match="jaccard"):
        measure_drift(unaligned, "left", "right")
    assert np.isfinite(measure_drift(unaligned, "left", "right", measure="jaccard").distance).all()


def test_unusual_is_a_robust_z_among_words_as_frequent() -> None:
    rng = np.random.default_rng(0)
    counts = rng.permutation(np.arange(1, 1001))
    distance = 1 / np.sqrt(counts) + 0.001 * rng.normal(size=1000)
    distance[7] += 0.5
    z = unusual_for_frequency(distance, counts)
    order = np.argsort(counts)
    at = int(np.flatnonzero(order == 7)[0])
    first = min(max(at - 50, 0), 900)
    window = distance[order[first : first + 100]]
    expected = (distance[7] - np.median(window)) / (1.4826 * np.median(np.abs(window - np.median(window))))
    assert z[7] == pytest.approx(expected)
    assert np.isnan(unusual_for_frequency(distance, None)).all()
    assert np.isnan(unusual_for_frequency(distance[:10], counts[:10])).all()


def test_the_predicted_spread_of_a_cosine_is_that_of_simulated_vectors() -> None:
    rng = np.random.default_rng(1)
    unit = rng.normal(size=(2, 10))
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    root = rng.normal(size=(10, 10))
    covariance = root @ root.T
    covariance /= np.trace(covariance)
    variance = np.array([0.002, 0.001])
    noise = rng.multivariate_normal(np.zeros(10), covariance, size=(20_000, 2)) * np.sqrt(variance)[:, None]
    moved = unit + noise
    moved /= np.linalg.norm(moved, axis=2, keepdims=True)
    actual = np.einsum("nd,nd->n", moved[:, 0], moved[:, 1]).std()
    arrays = (one.astype(np.float32) for one in (unit, variance, covariance))
    found = predicted(*arrays, a=np.array([0]), b=np.array([1]))[0]
    assert found == pytest.approx(actual, rel=0.04)


def test_a_recipe_says_what_is_wrong_with_its_replicates(tmp_path: Path) -> None:
    base = (
        '[collection]\nname = "x"\n[corpus]\nfile = "x.parquet"\ntext = "t"\nslice_by = "s"\n{author}'
        '[[slices]]\nname = "a"\nvalues = ["a"]\n[replicates]\n{rest}\n'
    )
    (tmp_path / "x.parquet").write_bytes(b"")

    def reading(rest: str, author: str = 'author = "w"\n') -> Recipe:
        (tmp_path / "x.toml").write_text(base.format(author=author, rest=rest))
        return read_recipe(tmp_path / "x.toml")

    assert reading("author = 3\ndocument = 2").replicates == Replicates(3, 2)
    with pytest.raises(InvalidValue, match="author column"):
        reading("author = 3", author="")
    with pytest.raises(InvalidValue, match="splits of its own"):
        reading('document = 2\npanel = "w"')
    with pytest.raises(InvalidValue, match="many"):
        reading("many = 2")


def test_over_all_steps_every_item_stands_where_it_moved_most(aligned: Collection) -> None:
    pairs = list(pairwise(aligned.names))
    rankings = [measure_drift(aligned, a, b) for a, b in pairs]
    rng = np.random.default_rng(0)
    rankings = [replace(one, p=rng.random(len(one)) ** 3) for one in rankings]
    found = over_steps(rankings, aligned.names)
    assert set(found.items) == {f"w{i}" for i in range(60)}
    for row in rng.integers(60, size=20):
        item = found.items[row]
        distances = [one.distance[one.rows[item]] for one in rankings]
        best = int(np.argmax(distances))
        assert found.distance[row] == distances[best]
        assert found.steps[row] == pairs[best]
        assert found.p[row] == pytest.approx(min(1.0, 3 * min(one.p[one.rows[item]] for one in rankings)))
    with pytest.raises(InvalidValue):
        over_steps([], ["p0"])
