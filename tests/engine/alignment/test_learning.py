"""Alignment: planted rotations, what is recovered from peers' published figures, what never looks at the test."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.alignment.anchors.dictionary import (
    UNSUPERVISED,
    Dictionary,
    coverage,
    identical,
    read_dictionary,
    split,
)
from isogloss.alignment.anchors.source import AnchorSource
from isogloss.alignment.bli import retrieve
from isogloss.alignment.learning import Learning, learn_mapping
from isogloss.alignment.learnt import read_mapping
from isogloss.alignment.method import METHODS, Problem
from isogloss.alignment.methods.rcsls import rcsls_loss
from isogloss.alignment.preprocess import DEFAULT, Preprocessing
from isogloss.cli.main import main
from isogloss.errors import InvalidValue
from isogloss.formats.reading import import_file, read_vectors
from isogloss.formats.writing import export_space
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace
from tests.kit.pairs import DIM, N, precision, turned
from tests.kit.tiers import cases

DATA = Path(os.environ.get("ISOGLOSS_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")
QUICK = [method for method in METHODS if method != "vecmap-self"]
SHORT = Learning(given={"patience": 3})


@settings(max_examples=cases(100, 3))
@given(st.integers(0, 1_000))
def test_the_order_of_items_and_pairs_changes_nothing(seed: int) -> None:
    source, target, every = turned(3, 0.1, 120)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(source))
    other = Space("source", tuple(source.items[i] for i in order), source.vectors[order])
    pairs = tuple(every.pairs[i] for i in rng.permutation(len(every)))
    one = learn_mapping(source, target, every)[0].source.apply(source.vectors)
    two = learn_mapping(other, target, Dictionary(pairs))[0].source.apply(other.vectors)
    np.testing.assert_allclose(two, one[order], atol=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_a_saved_map_gives_the_same_vectors_and_can_be_inverted(method: str, tmp_path: Path) -> None:
    source, target, every = turned(1, 0.05)
    mapping, _ = learn_mapping(source, target, every, method=method, learning=SHORT)
    mapping.save(tmp_path / "map.npz")
    again = read_mapping(tmp_path / "map.npz")
    for side, space in (("source", source), ("target", target)):
        one, two = getattr(mapping, side), getattr(again, side)
        np.testing.assert_array_equal(one.apply(space.vectors), two.apply(space.vectors))
        back = two.invert(two.apply(space.vectors))
        np.testing.assert_allclose(back, one.preprocessing.apply(space.vectors), atol=2e-3)
    with pytest.raises(InvalidValue, match="dimensions"):
        again.source.apply(np.ones((1, 3), np.float32))


@pytest.mark.parametrize("data", [b"", b"PK", b"\x93NUMPY", b"x" * 100])
def test_what_is_no_map_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "map.npz").write_bytes(data)
    with pytest.raises(InvalidValue, match="is no map"):
        read_mapping(tmp_path / "map.npz")
    np.savez(tmp_path / "map.npz", header=np.array([{"a": 1}], dtype=object))
    with pytest.raises(InvalidValue, match="is no map"):
        read_mapping(tmp_path / "map.npz")


@settings(max_examples=cases(50, 3))
@given(st.integers(0, 100))
def test_the_gradient_of_rcsls_is_that_of_its_loss(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=(40, 6)), rng.normal(size=(40, 6))
    problem = Problem(x, z, np.arange(20), np.arange(20))
    w, step = rng.normal(size=(6, 6)), 1e-4 * rng.normal(size=(6, 6))
    slope = rcsls_loss(problem, w, 40)[1]  # all are neighbors: the neighborhoods cannot change
    change = rcsls_loss(problem, w + step, 40)[0] - rcsls_loss(problem, w - step, 40)[0]
    assert change == pytest.approx(2 * float((slope * step).sum()), rel=1e-3, abs=1e-9)


def test_preprocessing_is_repeated_with_the_means_it_learnt() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32) + 2
    found, done = Preprocessing.learnt(rows, DEFAULT)
    np.testing.assert_allclose(found.apply(rows[:7]), done[:7])
    with pytest.raises(InvalidValue, match="no step"):
        Preprocessing.learnt(rows, ("whiten",))


def test_dictionaries(tmp_path: Path) -> None:
    path = tmp_path / "d.txt"
    path.write_text("a\tx y\nb z\n\na\tx y\nA w\n", encoding="utf-8")
    found = read_dictionary(path)
    assert found.pairs == (("a", "x y"), ("b", "z"), ("A", "w"))
    assert read_dictionary(path, lower=True).targets == {"a": ("x y", "w"), "b": ("z",)}
    for text, said in (("a\n", "1 of 1 rows .*no target: line 1: a"), ("", "no pairs")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InvalidValue, match=said):
            read_dictionary(path)
    table = tmp_path / "d.csv"
    table.write_text('n,"en, of a kind",fr\n1,cat,chat\n2,dog,"chien, chienne"\n', encoding="utf-8")
    assert read_dictionary(table, columns=(3, 2)).pairs[1:] == (("chat", "cat"), ("chien, chienne", "dog"))
    assert AnchorSource.spelt(f"columns:3:2:{table}").dictionary(*turned()[:2]).pairs[1] == ("chat", "cat")
    for columns, said in (((1, 1), "columns are 1 and 1"), ((1, 9), "3 of 3 rows .*no target: line 1: n en")):
        with pytest.raises(InvalidValue, match=said):
            read_dictionary(table, columns=columns)
    train, test = split(Dictionary(tuple((f"s{i // 2}", f"t{i}") for i in range(40))), 0.25, seed=1)
    assert not {a for a, _ in train.pairs} & {a for a, _ in test.pairs}
    assert len(test.targets) == 5
    left, dropped = test.without_sources(train)
    assert (left.pairs, dropped) == (test.pairs, 0)
    source, target, every = turned()
    assert coverage(every, source, target, bands=(100,)) == [("1–100", 100, 100), ("101–400", 300, 300)]
    assert len(identical(source, source)) == N


@pytest.mark.long
def test_self_learning_from_few_anchors_reaches_what_all_reach() -> None:
    source, target, every = turned(0, 0.1)
    train, test = split(every, 0.5, seed=0)
    few, full = (
        precision(
            source,
            target,
            learn_mapping(source, target, Dictionary(train.pairs[:n]), method=method, learning=SHORT)[0],
            test,
        )
        for n, method in ((25, "vecmap-self"), (len(train), "vecmap"))
    )
    assert few >= full - 0.03


@pytest.mark.long
def test_without_anchors_noise_is_not_presented() -> None:
    """Two spaces that have nothing in common: two runs do not agree, and that is said."""
    rng = np.random.default_rng(0)
    source, target = (
        Space(n, tuple(f"{n}{i}" for i in range(500)), rng.normal(size=(500, DIM)).astype(np.float32)) for n in "ab"
    )
    with pytest.raises(InvalidValue, match="two runs agree on"):
        learn_mapping(source, target, UNSUPERVISED, method="vecmap-self", learning=SHORT)
    with pytest.raises(InvalidValue, match="0 of 0 training pairs"):
        learn_mapping(source, target, UNSUPERVISED, method="procrustes")


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the data in ISOGLOSS_DATA")
@pytest.mark.long
def test_a_planted_rotation_of_real_vectors_is_found_without_anchors() -> None:
    words = import_file(DATA / "vectors_es-en" / "word2vec.en", limit=2_000)
    found, seeds = [], cases(10, 1)
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        turn, _ = np.linalg.qr(rng.normal(size=(words.vectors.shape[1],) * 2))
        order = np.argsort(np.arange(len(words.items)) + rng.normal(0, 50, len(words.items)))  # ranks differ a little
        source = Space("source", tuple(words.items), words.vectors)
        target = Space("target", tuple(words.items[i] for i in order), (words.vectors @ turn).astype(np.float32)[order])
        mapping, diagnostics = learn_mapping(
            source, target, UNSUPERVISED, method="vecmap-self", learning=Learning(given={"patience": 5}, seed=seed)
        )
        found.append(precision(source, target, mapping, identical(source, target)))
        assert diagnostics["two_runs_agree"] > 0.9
    assert sum(p > 0.99 for p in found) >= 0.9 * seeds


def real(pair: str) -> tuple[Space, Space, Dictionary, Dictionary]:
    """Vectors of two languages, and MUSE's training and test dictionaries."""
    names = pair.split("-")
    source, target = (read_vectors(DATA / f"vectors_{pair}" / f"word2vec.{x}", name=x) for x in names)
    train, test = (
        read_dictionary(DATA / "dictionaries_muse" / f"{pair}.{rows}.txt") for rows in ("0-5000", "5000-6500")
    )
    return source, target, train, test


def reached(pair: str, method: str, learning: Learning | None = None) -> tuple[float, float, int]:
    """P@1 by NN and CSLS in points, and the number of covered test words."""
    source, target, train, test = real(pair)
    mapping, _ = learn_mapping(source, target, train, method=method, learning=learning)
    x, z = mapping.source.apply(source.vectors), mapping.target.apply(target.vectors)
    found = retrieve(source, target, test.without_sources(train)[0], x=x, z=z, retrievals=["nn", "csls"])
    nn, csls_ = (100 * float(found[name].figures()["precision_at_1"]) for name in ("nn", "csls"))
    return nn, csls_, len(found["nn"].sources)


@pytest.mark.long
@pytest.mark.skipif(not DATA.is_dir(), reason="needs the data in ISOGLOSS_DATA")
@pytest.mark.parametrize(
    ("pair", "method", "nn", "csls_", "within", "n"),
    [
        ("es-en", "procrustes", 75.318, 78.117, 0.0006, 393),
        ("es-en", "vecmap", 77.61, 78.63, 0.3, 393),
        ("zh-en", "procrustes", 44.118, 58.824, 0.0006, 34),
        ("zh-en", "vecmap", 52.94, 67.65, 100 / 34, 34),
    ],
)
def test_what_peers_reach_on_real_pairs(pair: str, method: str, nn: float, csls_: float, within: float, n: int) -> None:
    """MUSE's and VecMap's own figures on these vectors and dictionaries."""
    found = reached(pair, method)
    assert found == (pytest.approx(nn, abs=within), pytest.approx(csls_, abs=within), n)


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the data in ISOGLOSS_DATA")
@pytest.mark.long
def test_relaxed_csls_reaches_what_its_authors_program_reaches() -> None:
    """With their rate and as many steps as `niter` 10 takes, the very words; with the defaults at least as many."""
    assert reached("es-en", "rcsls", Learning(given={"rate": 25.0})) == (
        pytest.approx(76.081, abs=6e-4),  # printed as 76.1 and 78.1
        pytest.approx(78.117, abs=6e-4),
        393,
    )
    nn, csls_, _ = reached("es-en", "rcsls")
    assert nn >= 76.1
    assert csls_ >= 78.1


def test_a_space_aligned_with_itself_stays_as_it_is() -> None:
    source, _, _ = turned(2)
    same = Dictionary(tuple((item, item) for item in source.items))
    mapping, diagnostics = learn_mapping(source, Space("copy", source.items, source.vectors), same)
    np.testing.assert_allclose(mapping.source.matrix, np.eye(DIM), atol=1e-9)
    assert diagnostics["orthogonality"] < 1e-9
    assert diagnostics["residual"] < 1e-6
    assert diagnostics["relational_similarity"]["value"] == pytest.approx(1)
    assert diagnostics["suspicious"] == 0


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target, every = turned(4, 0.02)
    files = {}
    for space in (source, target):
        files[space.name] = export_space(space, "word2vec", tmp_path / f"{space.name}.vec")[0]
    train, test = split(every, 0.3, seed=0)
    for name, one in (("train", train), ("test", Dictionary((*test.pairs, train.pairs[0])))):
        (tmp_path / name).write_text("".join(f"{a}\t{b}\n" for a, b in one.pairs), encoding="utf-8")
    command = [
        "align",
        str(files["source"]),
        str(files["target"]),
        "--train",
        str(tmp_path / "train"),
        "--test",
        str(tmp_path / "test"),
        "--retrieval",
        "nn",
        "csls",
        "isf",
        "--save",
        str(tmp_path / "map.npz"),
        "--into",
        "pair",
        "--workspace",
        str(tmp_path),
        "--json",
    ]
    assert main(command) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) == {"method", "n_train", "dictionaries", "results", "diagnostics", "seconds"}
    assert report["diagnostics"]["test_sources_in_training"] == {"source-target": 1, "target-source": 1}
    assert len(report["results"]) == 12
    keys = "retrieval direction oov n_test coverage precision_at_1 precision_at_5 precision_at_10 mrr ci_precision_at_1"
    assert all(set(one) == set(keys.split()) and one["precision_at_1"] == 1 for one in report["results"])
    pair = Workspace(tmp_path).open("pair")
    assert pair.alignment.method == "procrustes"
    assert pair.names == ["source.vec", "target.vec"]
    assert (
        main(
            ["apply-map", str(tmp_path / "map.npz"), str(files["source"]), "--out", str(tmp_path / "out.vec"), "--json"]
        )
        == 0
    )
    assert json.loads(capsys.readouterr().out) == {"items": N, "dim": DIM}
    np.testing.assert_allclose(import_file(tmp_path / "out.vec").vectors, pair["source.vec"].vectors, atol=1e-3)
    back = [
        "apply-map",
        str(tmp_path / "map.npz"),
        str(tmp_path / "out.vec"),
        "--inverse",
        "--out",
        str(tmp_path / "back.vec"),
    ]
    assert main(back) == 0
    prepared = read_mapping(tmp_path / "map.npz").source.preprocessing.apply(import_file(files["source"]).vectors)
    np.testing.assert_allclose(import_file(tmp_path / "back.vec").vectors, prepared, atol=2e-3)
    again = [*command[:1], "pair/source.vec", "pair/target.vec", *command[3:-5], "--workspace", str(tmp_path), "--json"]
    assert main(again) == 0
    capsys.readouterr()
    held_out = ["align", *command[1:5], "--share", "0.5", "--method", "ridge", "--set", "ridge=0.5", "--seed", "3"]
    assert main([*held_out, "--script-filter", "--leave-out", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["results"][0]["n_test"] == len(split(train, 0.5, seed=3)[1])
    assert main([*held_out, "--set", "width=1"]) == 2
    assert "no parameter 'width'" in capsys.readouterr().err


@pytest.mark.long
def test_nothing_looks_at_the_test_dictionary_before_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A poisoned test dictionary changes the table and nothing that was learnt."""
    source, target, every = turned(6, 0.3)
    train, test = split(every, 0.3, seed=0)
    for space in (source, target):
        export_space(space, "word2vec", tmp_path / f"{space.name}.vec")
    poisoned = Dictionary(tuple((a, test.pairs[(i + 1) % len(test)][1]) for i, (a, _) in enumerate(test.pairs)))
    maps = []
    for name, one in (("test", test), ("poisoned", poisoned)):
        for which, some in (("train", train), (name, one)):
            (tmp_path / which).write_text("".join(f"{a}\t{b}\n" for a, b in some.pairs), encoding="utf-8")
        for method in QUICK:
            out = tmp_path / f"{name}-{method}.npz"
            spaces = [str(tmp_path / f"{side}.vec") for side in ("source", "target")]
            arguments = ["align", *spaces, "--train", str(tmp_path / "train")]
            assert (
                main([*arguments, "--test", str(tmp_path / name), "--method", method, "--save", str(out), "--json"])
                == 0
            )
            report = json.loads(capsys.readouterr().out)
            maps.append((method, read_mapping(out).source.matrix, report["diagnostics"]))
    n = len(QUICK)
    for (_, one, told), (_, two, also) in zip(maps[:n], maps[n:], strict=True):
        np.testing.assert_array_equal(one, two)
        assert told == also
