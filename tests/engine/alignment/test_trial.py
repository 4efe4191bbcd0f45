"""Trials: what is kept of them, the reasons that are proposed, maps as text, setups, the lexicon, joint maps."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.alignment.anchors.dictionary import Dictionary, as_spelt, split
from isogloss.alignment.anchors.lexicon import lexicon
from isogloss.alignment.anchors.source import AnchorSource
from isogloss.alignment.bli import Retrieved
from isogloss.alignment.joint_maps import JointMaps, joint_maps
from isogloss.alignment.learning import Learning
from isogloss.alignment.method import METHODS, read_given
from isogloss.alignment.outcomes import aligned_pair, both_sides, hubness_of, outcomes, read_live, table
from isogloss.alignment.reasons import REASONS, RIGHT, by_stem, explain, same_stem
from isogloss.alignment.setup import Setup
from isogloss.alignment.trial import DIRECTIONS, Outcome, Trial, Way, again, look_up, run
from isogloss.cli.main import main
from isogloss.errors import InvalidValue
from isogloss.spaces.reference import Reference
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace

DATA = Path(os.environ.get("ISOGLOSS_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")
DIM = 12


def planted(seed: int = 0, n: int = 300, noise: float = 0.2) -> tuple[Space, Space, Dictionary]:
    """A space, the same one turned and blurred under French-looking names, and what belongs together."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, DIM)).astype(np.float32)
    turn, _ = np.linalg.qr(rng.normal(size=(DIM, DIM)))
    z = (x @ turn + noise * rng.normal(size=x.shape)).astype(np.float32)
    source = Space("left", tuple(f"s{i}" for i in range(n)), x)
    target = Space("right", tuple(f"t{i}" for i in range(n)), z)
    return source, target, Dictionary(tuple((f"s{i}", f"t{i}") for i in range(n)), "planted")


def trial_of(seed: int = 0, **more: object) -> Trial:
    source, target, every = planted(seed)
    train, test = split(every, 0.3, seed=seed)
    return Trial(source, target, train, test=test, **more)  # type: ignore[arg-type]


def test_an_outcome_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    trial = trial_of()
    outcome = run(trial, "rcsls")
    store = outcomes(Workspace(tmp_path))
    store.put(trial.key("rcsls"), outcome.arrays())
    data = store.find(trial.key("rcsls"))
    assert data is not None
    again = Outcome.of_arrays(data)
    assert table(again) == table(outcome)
    assert again.trace == outcome.trace
    assert len(again.trace) == 11
    assert list(again.trace) == sorted(again.trace, reverse=True)  # the least loss so far
    np.testing.assert_array_equal(
        again.mapping.source.apply(trial.source.vectors), outcome.mapping.source.apply(trial.source.vectors)
    )
    one, two = (hubness_of(some, trial, direction=DIRECTIONS[0], retrieval="nn") for some in (again, outcome))
    assert (one, one.n, one.better) == (two, len(trial.test), "less")
    pair = aligned_pair(trial, again, "pair", title="A pair", languages=("en", "fr"))
    assert (pair.names, pair.alignment.method, pair.aligned) == (["left", "right"], "rcsls", True)
    assert pair["right"].metadata["language"] == "fr"


def test_a_key_changes_with_all_that_the_outcome_depends_on() -> None:
    trial = trial_of()
    others = [
        trial_of(1),
        replace(trial, learning=Learning(("unit",))),
        replace(trial, learning=Learning(given={"ridge": 2})),
        replace(trial, test=trial.train),
        replace(trial, train=trial.test),
    ]
    keys = {one.key("ridge") for one in (trial, *others)} | {trial.key("vecmap"), trial.key("ridge", True)}
    assert len(keys) == 8
    assert trial_of().key("ridge") == trial.key("ridge")


def test_a_key_does_not_change_with_parameters_of_other_methods() -> None:
    trial = trial_of()
    other = replace(trial, learning=Learning(given={"ridge": 2, "rate": 25, "patience": 3}))
    same = {method: trial.key(method) == other.key(method) for method in METHODS}
    assert same == {m: m in ("procrustes", "refine", "vecmap") for m in METHODS}
    assert trial.key("procrustes") != replace(trial, learning=Learning(seed=1)).key("procrustes")


def test_parameters_are_read_from_text() -> None:
    found = read_given(["rate=25", "spectral=True", "rounds=2", "seed=4"])
    assert found == ({"rate": 25.0, "spectral": True, "rounds": 2}, 4)
    for pairs, said in (
        (["width=1"], "no parameter 'width'"),
        (["rounds=two"], "rounds is 'two'"),
        (["spectral=perhaps"], "spectral"),
        (["seed=x"], "seed is 'x': give a value like 0"),
    ):
        with pytest.raises(InvalidValue, match=said):
            read_given(pairs)


def test_both_directions_are_tested_and_sources_in_training_left_out() -> None:
    trial = trial_of()
    leak = Dictionary((*trial.test.pairs, trial.train.pairs[0], ("s1000", trial.train.pairs[1][1])))
    leaky = replace(trial, test=leak)
    assert (leaky.way(DIRECTIONS[0]).dropped, leaky.way(DIRECTIONS[1]).dropped) == (1, 2)
    found = run(leaky, "procrustes", retrievals=["nn"]).found
    assert [len(found[d]["nn"].sources) for d in DIRECTIONS] == [len(trial.test)] * 2
    with pytest.raises(InvalidValue, match="no test words"):
        look_up(replace(trial, test=Dictionary(())), run(trial, "procrustes").mapping)


def test_the_script_filter_takes_a_planted_leak_away() -> None:
    """Each target has a copy of its source's spelling beside it, nearer than the gold; the filter leaves those out."""
    rng = np.random.default_rng(0)
    source, target, _ = planted()
    greek = tuple(chr(945 + i % 20) + chr(945 + i // 20) + "ος" for i in range(len(source)))
    leaks = target.vectors + 0.01 * rng.normal(size=target.vectors.shape).astype(np.float32)
    pulled = (0.5 * target.vectors + 0.5 * rng.normal(size=target.vectors.shape)).astype(np.float32)
    both = Space("right", (*greek, *source.items), np.concatenate([pulled, leaks]))
    every = Dictionary(tuple(zip(source.items, greek, strict=True)))
    train, test = split(every, 0.3, seed=0)
    trial = Trial(source, both, train, test=test)
    clean = Trial(source, target, Dictionary(tuple((a, f"t{a[1:]}") for a, _ in train.pairs)), test=test)
    learnt = run(clean, "procrustes", retrievals=["nn"])
    plain, kept = look_up(trial, learnt.mapping, retrievals=["nn"])
    outcome = again(trial, learnt, retrievals=["nn"], script_filter=True)
    filtered, few = outcome.found, outcome.kept_targets
    assert outcome.mapping is learnt.mapping
    one, two = plain[DIRECTIONS[0]]["nn"], filtered[DIRECTIONS[0]]["nn"]
    assert (kept[DIRECTIONS[0]], few[DIRECTIONS[0]]) == (600, 300)
    assert (two.rank <= 1).mean() > (one.rank <= 1).mean() + 0.3
    assert two.nearest.max() < 300
    words, _ = explain(trial.way(DIRECTIONS[0]), one)
    assert sum(word.reason == "script leak" for word in words) > 50


def way_of(
    targets: list[str], gold: dict[str, str], near: dict[str, str], capital: tuple[str, ...] = ()
) -> tuple[Way, Retrieved]:
    """Sources with a gold and a nearest target each; the vectors of targets stand at right angles."""
    sources = list(gold)
    columns = pa.table({"capital_share": [1.0 if s in capital else 0.0 for s in sources]})
    n = max(len(sources), len(targets)) + 2
    source = Space("left", tuple(sources), np.eye(n, dtype=np.float32)[: len(sources)], columns)
    target = Space("right", tuple(targets), np.eye(n, dtype=np.float32)[: len(targets)])
    test = Dictionary(tuple(gold.items()))
    rows = [s for s in sources if gold[s] in target]
    nearest = np.array([[target[near[s]]] for s in rows])
    rank = np.array([1 if near[s] == gold[s] else 2 for s in rows])
    found = Retrieved(
        sources=np.array([source[s] for s in rows]),
        nearest=nearest,
        scores=np.ones((len(rows), 1), np.float32),
        rank=rank,
        missing=len(sources) - len(rows),
    )
    return Way(source, target, test, 0), found


def test_each_reason_is_proposed_where_it_holds() -> None:
    gold = {
        "dog": "chien",
        "eats": "mange",
        "pretty": "joli",
        "happy": "heureux",
        "paris": "lutèce",
        "moscow": "москва",
        "unknown": "absent",
        "cat": "chat",
        "possible": "possible",
    }
    near = {
        "dog": "chien",
        "eats": "mangea",
        "pretty": "jolies",
        "happy": "vert",
        "paris": "rouge",
        "moscow": "moscow",
        "cat": "bleu",
        "possible": "impossible",
    }
    targets = [
        "chien",
        "mange",
        "mangea",
        "joli",
        "jolies",
        "heureux",
        "vert",
        "lutèce",
        "rouge",
        "москва",
        "moscow",
        "chat",
        "bleu",
        "possible",
        "impossible",
        *(f"x{i}" for i in range(40)),
    ]
    way, found = way_of(targets, gold, near, ("paris",))
    way = replace(
        way, source=Space("left", (*way.source.items, *(f"y{i}" for i in range(40))), np.eye(49, 60, dtype=np.float32))
    )
    way = replace(
        way,
        source=Space(
            "left",
            way.source.items,
            way.source.vectors,
            pa.table({"capital_share": [float(s == "paris") for s in way.source.items]}),
        ),
    )
    reason = {word.source: word.reason for word in explain(way, found, language="fr", least=0.9)[0]}
    assert reason == {
        "dog": RIGHT,
        "eats": "number or case",
        "pretty": "number or case",
        "happy": "other",
        "paris": "named entity",
        "moscow": "script leak",
        "unknown": "out of vocabulary",
        "cat": "other",
        "possible": "antonym-like",
    }
    assert explain(way, found, language="fr", least=-1.0)[0][3].reason == "near-synonym"
    assert set(reason.values()) <= set(REASONS)
    words = {word.source: word for word in explain(way, found, language="fr")[0]}
    assert words["unknown"].rank == 0
    assert words["dog"].band == "1–49"


def test_hubs_and_rare_words_are_told() -> None:
    sources = [f"s{i}" for i in range(30)]
    gold = {s: f"t{i}" for i, s in enumerate(sources)}
    near = dict.fromkeys(sources, "hub") | {"s29": "x"}
    way, found = way_of([*gold.values(), "hub", "x"], gold, near)
    reason = {word.source: word.reason for word in explain(way, found, least=2.0)[0]}
    assert reason["s0"] == "hub"
    assert reason["s29"] == "rare"


def test_a_shared_stem_can_count_as_right() -> None:
    way, found = way_of(
        ["mange", "mangea", "chien", "bleu"], {"eats": "mange", "dog": "chien"}, {"eats": "mangea", "dog": "bleu"}
    )
    stems = by_stem(way, found, "fr")
    assert stems.rank.tolist() == [1, 2]
    assert found.rank.tolist() == [2, 2]
    assert stems.figures()["precision_at_1"].value == 0.5


@pytest.mark.long
@given(st.text(max_size=12), st.text(max_size=12), st.sampled_from(["", "fr", "si", "ru"]))
def test_having_one_stem_goes_both_ways(a: str, b: str, language: str) -> None:
    assert same_stem(a, b, language) == same_stem(b, a, language)
    assert same_stem(a, a, language)


def test_the_lines_of_a_joint_map_are_measured_by_its_diagonal() -> None:
    before, after = (np.array(rows, np.float32) for rows in ([[0, 0], [3, 4]], [[0, 0], [3, 4]]))
    rows = np.array([0])
    maps = JointMaps(rows, rows, np.array([[0, 1]]), before, after, (1.0, 1.0))
    found = maps.line_length("before")
    assert (found.value, found.n, found.better) == (pytest.approx(1), 1, "less")
    assert replace(maps, pairs=np.empty((0, 2), np.int64)).line_length("after").value == 0


def test_the_lexicon_goes_through_english_and_keeps_to_the_case_of_a_space() -> None:
    assert ("paix", "peace") in lexicon("fr", "en").pairs
    assert ("paix", "paz") in lexicon("fr", "es").pairs
    assert len(lexicon("en", "fr")) > 3_000
    source = Space("a", ("monday", "May"), np.eye(2, dtype=np.float32))
    spelt = as_spelt(Dictionary((("Monday", "May"), ("May", "x"))), source, source)
    assert spelt.pairs == (("monday", "May"), ("May", "x"))
    assert spelt.lowered == ("Monday",)
    exact = as_spelt(Dictionary((("Monday", "May"), ("May", "x"))), source, source, case="exact")
    assert exact.pairs == (("Monday", "May"), ("May", "x"))
    assert exact.lowered == ()
    with pytest.raises(InvalidValue, match="'upper'"):
        as_spelt(exact, source, source, case="upper")


def test_words_taken_in_lower_case_add_pairs_and_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As in en–it: with the peers' policy there are fewer pairs and fewer test words, and both can be had."""
    workspace = Workspace(tmp_path)
    from isogloss.spaces.collection import Collection

    source, target, every = planted()
    for space in (source, target):
        workspace.save(Collection(space.name, (space,)))
    pairs = [(a.capitalize() if i % 10 == 0 else a, b) for i, (a, b) in enumerate(every.pairs)]
    lines = [f"{a} {b}\n" for a, b in pairs]
    (tmp_path / "train").write_text("".join([*lines[:100], *lines[:3]]), encoding="utf-8")
    (tmp_path / "test").write_text("".join(lines[100:150]), encoding="utf-8")
    files = ["--train", str(tmp_path / "train"), "--test", str(tmp_path / "test"), "--workspace", str(tmp_path)]
    told = {}
    for case in ("lower", "exact"):
        assert main(["align", "left/left", "right/right", *files, "--case", case, "--json"]) == 0
        told[case] = json.loads(capsys.readouterr().out)
    assert (told["lower"]["n_train"], told["exact"]["n_train"]) == (100, 90)
    assert [told[case]["results"][0]["n_test"] for case in ("lower", "exact")] == [50, 45]
    lower = told["lower"]["dictionaries"]
    assert lower["case"] == "lower"
    assert (lower["train"]["repeated"], lower["train"]["n_lowered"], lower["test"]["n_lowered"]) == (3, 10, 5)
    assert lower["train"]["lowered"] == [pairs[i][0] for i in range(0, 100, 10)]
    assert told["exact"]["dictionaries"]["train"]["n_lowered"] == 0
    assert main(["align", "left/left", "right/right", *files]) == 0
    assert "train: 100 pairs, 3 repeated ones dropped, 10 words taken in lower case" in capsys.readouterr().out


@pytest.mark.long
def test_the_test_words_come_together_on_the_joint_map() -> None:
    trial = trial_of()
    maps = JointMaps.of_arrays(joint_maps(trial, run(trial, "procrustes", retrievals=["nn"])))
    assert maps.before.shape == maps.after.shape == (600, 2)
    assert len(maps.pairs) == len(trial.test)
    for a, b in maps.pairs:
        assert trial.source.items[maps.source[a]][1:] == trial.target.items[maps.target[b - len(maps.source)]][1:]
    before, after = (
        np.median(np.linalg.norm(m[maps.pairs[:, 0]] - m[maps.pairs[:, 1]], axis=1)) / np.ptp(m, axis=0).max()
        for m in (maps.before, maps.after)
    )
    assert after < before / 3
    assert maps.line_length("after").value < maps.line_length("before").value / 3


def test_both_sides_in_one_space_are_farther_apart_before_than_after() -> None:
    from isogloss.separation.report import measure_separation

    trial = trial_of()
    both = both_sides(trial, run(trial, "procrustes", retrievals=["nn"]), "both", title="Both", languages=("en", "fr"))
    assert both.names == ["before", "after"]
    assert both["after"].items[0] == "s0 · en"
    concepts = [c for c in both["after"].columns["concept"].to_pylist() if c]
    assert len(concepts) == 2 * len(trial.test)
    before, after = (
        measure_separation(space, by="language", permutations=20)["pooled_precision_at_1"].value
        for space in both.spaces
    )
    assert after > 0.9 > 0.2 > before


@pytest.mark.long
def test_several_methods_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = Workspace(tmp_path)
    from isogloss.spaces.collection import Collection

    source, target, every = planted()
    for space in (source, target):
        workspace.save(Collection(space.name, (space,)))
    (tmp_path / "pairs").write_text("".join(f"{a} {b}\n" for a, b in every.pairs[:10]), encoding="utf-8")
    sides, pairs = (Reference("left", "left"), Reference("right", "right")), tmp_path / "pairs"
    setup = Setup(*sides, anchors=AnchorSource(kind="file", path=pairs), share=0.5)
    (tmp_path / "setup.json").write_text(setup.text(), encoding="utf-8")
    command = ["compare", str(tmp_path / "setup.json"), "--workspace", str(tmp_path), "--live", str(tmp_path / "live")]
    assert main([*command, "--methods", "procrustes", "vecmap", "rcsls"]) == 2  # too few anchors to whiten
    assert "vecmap: " in capsys.readouterr().err
    trial = setup.trial(dict(zip(sides, (source, target), strict=True)).__getitem__)
    kept = {m: outcomes(workspace).find(trial.key(m)) is not None for m in ("procrustes", "vecmap", "rcsls")}
    assert kept == {"procrustes": True, "vecmap": False, "rcsls": True}
    assert len(read_live(tmp_path / "live")["rcsls"]) == 11
    assert read_live(tmp_path / "none") == {}
    assert main([*command, "--methods", "procrustes", "--script-filter"]) == 0
    assert outcomes(workspace).find(trial.key("procrustes", True)) is not None
    draw = ["draw-alignment", str(tmp_path / "setup.json"), "--workspace", str(tmp_path), "--method"]
    assert main([*draw, "ridge"]) == 2
    assert main([*draw, "procrustes"]) == 0


def test_a_space_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "setup.json").write_text(
        json.dumps({"source": "no/x", "target": "no/y", "anchors": "identical"}), encoding="utf-8"
    )
    assert main(["compare", str(tmp_path / "setup.json"), "--methods", "ridge", "--workspace", str(tmp_path)]) == 2
    assert "no/x" in capsys.readouterr().err
