"""A planted lesson is learned and carries over to a language that was held out; shuffled pairs teach nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from isogloss.cli.main import main
from isogloss.errors import Cancelled, InvalidValue, NotFound, StoreError
from isogloss.heads.head import Head, Heads
from isogloss.heads.judged import ranks_of
from isogloss.heads.pairs import split_pairs
from isogloss.heads.recipe import Training, read_teach
from isogloss.heads.teach import teach
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace
from tests.kit.tiers import cases

N, DIM = 500, 16
RECIPE = """
name = "planted"
[vectors]
file = "words.npz"
[pairs]
file = "pairs.csv"
[head]
kind = "{kind}"
[training]
loss = "{loss}"
rate = 0.02
epochs = 12
patience = 4
constraints = [0.3]
pivot = "en"
held_out_languages = ["th"]
seed = {seed}
"""


def plant(folder: Path, *, kind: str = "linear", loss: str = "nt-xent", seed: int = 0, n: int = N) -> Path:
    """Meanings in half of the dimensions, noise of each language's own in the others, four times as strong: a map that
    takes those away finds translations, in any language.
    """
    rng = np.random.default_rng(seed)
    meanings = rng.normal(size=(n, DIM // 2))
    items, languages, rows = [], [], []
    for language in ("de", "en", "fr", "th"):
        items += [f"{language}{i}" for i in range(n)]
        languages += [language] * n
        near = meanings + 0.1 * rng.normal(size=meanings.shape)
        rows.append(np.hstack([near, 1.5 * rng.normal(size=meanings.shape)]))
    turn = np.linalg.qr(rng.normal(size=(DIM, DIM)))[0]
    vectors = (np.concatenate(rows) @ turn).astype(np.float32)
    np.savez(folder / "words.npz", items=np.array(items), languages=np.array(languages), vectors=vectors)
    lines = ["de,en,fr,th", *(f"de{i},en{i},fr{i},th{i}" for i in range(n))]
    (folder / "pairs.csv").write_text("\n".join(lines) + "\n")
    path = folder / "recipe.toml"
    path.write_text(RECIPE.format(kind=kind, loss=loss, seed=seed))
    return path


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "loss"),
    [
        ("linear", "nt-xent"),
        ("two-layer", "ranking"),
        ("low-rank", "nt-xent"),
        ("linear", "transliteration"),
        ("linear", "ridge"),
    ],
)
def test_planted_pairs_are_learned_and_shuffled_ones_are_not(tmp_path: Path, kind: str, loss: str) -> None:
    lesson = teach(read_teach(plant(tmp_path, kind=kind, loss=loss)), Workspace(tmp_path / "w"))
    found = lesson.figures(("th",), "mrr")
    assert found["gain"].low is not None
    assert found["gain"].low > 0.1
    assert found["after"].value > found["before"].value + 0.1
    low, high = found["control_gain"].interval or (1.0, 1.0)
    assert low <= 0 <= high
    null = found["gain"].null
    assert null is not None
    assert null.mean == found["control_gain"].value
    assert (found["without_pairs"].low or 0) < found["gain"].low
    assert [n for n, _ in lesson.by_constraints()] == sorted(n for n, _ in lesson.by_constraints())
    assert len(lesson.by_constraints()) == 2


@pytest.mark.long
def test_shuffled_pairs_gain_nothing_in_95_of_100_and_pairs_do_in_all(tmp_path: Path) -> None:
    n, covers, gains = cases(100), 0, 0
    for seed in range(n):
        (folder := tmp_path / str(seed)).mkdir()
        path = plant(folder, seed=seed, n=150)
        path.write_text(path.read_text().replace("[0.3]", "[]").replace("epochs = 12", "epochs = 6"))
        found = teach(read_teach(path), Workspace(folder / "w")).figures(("th",), "mrr")
        low, high = found["control_gain"].interval or (1.0, 1.0)
        covers += low <= 0 <= high
        gains += (found["gain"].low or 0) > 0
    assert covers >= 0.95 * n
    assert gains == n


def test_nothing_that_is_tested_was_trained_on(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    pairs = {
        ("de", "en"): np.unique(rng.integers(60, size=(90, 2)), axis=0),
        ("de", "fr"): np.unique(rng.integers(60, size=(90, 2)), axis=0),
        ("en", "th"): np.unique(rng.integers(60, size=(90, 2)), axis=0),
    }
    split = split_pairs(pairs, Training(held_out_languages=("th",), pivot="en"))
    seen = {
        (name, row) for key, rows in split.train.items() for i, name in enumerate(key) for row in rows[:, i].tolist()
    }
    for part in (split.test, split.development):
        for language, rows in part.items():
            assert not seen & {(language, row) for row in rows[:, 0].tolist()}
            assert not seen & {("en", row) for row in rows[:, 1].tolist()}
    assert not {language for language, _ in seen} & {"th"}
    assert set(split.development) == {"de"}
    tested = {tuple(row) for row in split.test["de"].tolist()} & {
        tuple(row) for row in split.development["de"].tolist()
    }
    assert not tested


def test_ties_find_nothing() -> None:
    same = np.ones((11, 3), np.float32)
    ranks = ranks_of(same, same, np.column_stack([np.arange(11)] * 2))
    assert set(ranks.rank.tolist()) == {6.0}
    eye = np.eye(4, dtype=np.float32)
    found = ranks_of(eye, eye, np.array([[0, 0], [1, 1], [1, 2], [3, 2]]))
    assert found.rank.tolist() == [1.0, 1.0, 3.0] or found.rank.tolist()[:2] == [1.0, 1.0]


def test_the_same_seed_gives_the_same_bits_and_a_stopped_lesson_goes_on(tmp_path: Path) -> None:
    recipe = read_teach(plant(tmp_path, n=120))
    one = teach(recipe, Workspace(tmp_path / "one"))
    stops: list[str] = []

    def stop(what: str, share: float, number: float | None = None, /) -> None:
        if "the control: teaching" in what:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        teach(recipe, Workspace(tmp_path / "two"), progress=stop)
    two = teach(recipe, Workspace(tmp_path / "two"), progress=lambda what, share, number=None, /: stops.append(what))
    assert not [what for what in stops if what.startswith("teaching: teaching")]
    assert np.array_equal(one.after.taught.head.weights["W"], two.after.taught.head.weights["W"])
    assert np.array_equal(one.control.taught.head.weights["W"], two.control.taught.head.weights["W"])


def test_the_command_says_all_and_the_head_is_kept_applied_and_undone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, workspace = plant(tmp_path, n=200), Workspace(tmp_path / "w")
    rows = np.random.default_rng(1).normal(size=(30, DIM)).astype(np.float32)
    workspace.save(Collection("mine", (Space("en", tuple(f"w{i}" for i in range(30)), rows),)))
    start = ["teach", str(path), "--json", f"--workspace={workspace.root}"]
    assert main([*start, "--apply-to", "mine/en", "--into", "moved"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert {"before", "after", "control", "gain", "held_out_languages"} <= set(found)
    assert set(found["held_out_languages"]) == {"th"}
    for figure in (found["before"], found["gain"], found["held_out_languages"]["th"]["after"]):
        assert {"value", "n", "low", "high", "null"} == set(figure)
    assert found["said"].startswith("a gain of")
    assert found["control_said"].startswith("no gain") or "loss" in found["control_said"]
    head = Heads(workspace).open("planted")
    moved = workspace.open("moved")["en"].vectors
    assert np.allclose(moved, head.apply(rows / np.linalg.norm(rows, axis=1, keepdims=True)), atol=2e-3)
    assert main([*start, "--apply-to", "moved/en", "--into", "back", "--inverse"]) == 0
    back = workspace.open("back")["en"].vectors
    assert np.allclose(back, rows / np.linalg.norm(rows, axis=1, keepdims=True), atol=0.02)
    capsys.readouterr()
    assert main([*start, "--apply-to", "mine/en", "--into", "moved"]) != 0
    assert "already" in capsys.readouterr().err


def test_heads_undo_themselves_where_they_can(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(20, 6)).astype(np.float32)
    for head in (
        Head("linear", {"W": rng.normal(size=(6, 6)).astype(np.float32)}),
        Head(
            "low-rank",
            {"A": rng.normal(size=(6, 2)).astype(np.float32), "B": rng.normal(size=(2, 6)).astype(np.float32)},
        ),
    ):
        assert np.allclose(head.inverse().apply(head.apply(rows)), rows, atol=1e-3)
    flat = Head("linear", {"W": np.diag([1, 1, 1, 1, 1, 0]).astype(np.float32)})
    with pytest.raises(InvalidValue, match="full rank"):
        flat.inverse()
    bent = Head(
        "two-layer", {k: np.zeros(s, np.float32) for k, s in {"A": (6, 3), "a": 3, "B": (3, 6), "b": 6}.items()}
    )
    with pytest.raises(InvalidValue, match="no inverse"):
        bent.inverse()
    with pytest.raises(InvalidValue, match="of shape"):
        bent.apply(rows[:, :5])
    heads = Heads(Workspace(tmp_path))
    heads.save("one", bent)
    assert heads.names() == ["one"]
    assert heads.open("one").parameters == bent.parameters == 45
    with pytest.raises(InvalidValue, match="cannot be called"):
        heads.save("../one", bent)
    with pytest.raises(NotFound):
        heads.open("two")
    (tmp_path / "heads" / "one.npz").write_bytes(b"PK")
    with pytest.raises(StoreError):
        heads.open("one")


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ('kind = "linear"', 'kind = "deep"', "head.kind is 'deep'"),
        ('loss = "nt-xent"', 'loss = "mse"', "training.loss is 'mse'"),
        ("rate = 0.02", "rate = nan", "rate is nan"),
        ("rate = 0.02", 'rate = "fast"', "rate is 'fast'"),
        ("epochs = 12", "epochs = 0", "epochs is 0"),
        ("epochs = 12", "epocks = 12", "key 'epocks'"),
        ("[pairs]", "[couples]", r"table \[couples\]"),
        ('file = "pairs.csv"', "", "names nothing"),
        ('file = "words.npz"', 'file = "words.npz"\ncollection = "x"', "several things"),
        ('["th"]', '["xx"]', "'xx' cannot be held out"),
        ('["th"]', '["en"]', "'en' cannot be held out"),
        ('pivot = "en"', 'pivot = "zz"', "'zz' is in no pair"),
        ("words.npz", "none.npz", "is not there"),
        ("words.npz", "pairs.csv", "has no column 'language'"),
    ],
)
def test_nonsense_is_told_with_its_value_and_its_lever(tmp_path: Path, old: str, new: str, match: str) -> None:
    path = plant(tmp_path, n=40)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(InvalidValue, match=match):
        teach(read_teach(path), Workspace(tmp_path / "w"))


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    path = plant(tmp_path, n=40)
    np.savez(tmp_path / "words.npz", items=np.array([{}]), languages=np.array(["a"]), vectors=np.ones((1, 2)))
    with pytest.raises(InvalidValue, match="holds no vectors"):
        teach(read_teach(path), Workspace(tmp_path / "w"))
