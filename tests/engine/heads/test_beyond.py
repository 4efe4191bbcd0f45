"""A lesson judged on similarity, lines and separation: planted vectors, of which everything is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from isogloss.cli.main import main
from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.heads.beyond.judged import said_of
from isogloss.heads.head import Heads
from isogloss.heads.kept import check
from isogloss.heads.recipe import read_teach
from isogloss.heads.teach import teach
from isogloss.linear import unit_rows
from isogloss.maps.layout import LayoutParameters
from isogloss.maps.linked import find_maps
from isogloss.separation.measures import eta_squared
from isogloss.workspace.store import Workspace

LANGUAGES, N, DIM = ("en", "de", "fr"), 240, 24


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The n-th word of each language means the same: half of the dimensions hold it, the others where it is from."""
    made, rng = tmp_path_factory.mktemp("beyond"), np.random.default_rng(4)
    meanings = rng.normal(size=(N, DIM // 2))
    vectors = np.concatenate(
        [
            np.hstack([meanings + 0.1 * rng.normal(size=meanings.shape), 3 * rng.normal(size=(N, DIM // 2)) + 2 * i])
            for i in range(3)
        ]
    )
    items = [f"{name}{i}" for name in LANGUAGES for i in range(N)]
    np.savez(made / "v.npz", items=items, languages=np.repeat(LANGUAGES, N), vectors=vectors.astype(np.float32))
    wide = "\n".join(",".join(f"{name}{i}" for name in LANGUAGES) for i in range(N))
    (made / "words.csv").write_text(f"{','.join(LANGUAGES)}\n{wide}\n", encoding="utf-8")
    unit = meanings / np.linalg.norm(meanings, axis=1, keepdims=True)
    pairs = [(int(a), int(b)) for a, b in rng.integers(N, size=(300, 2)) if a != b]
    rows = "\n".join(f"{name},{name}{a},{name}{b},{unit[a] @ unit[b]:.4f}" for name in ("de", "fr") for a, b in pairs)
    (made / "s.csv").write_text(f"language,word1,word2,score\n{rows}\nde,nobody,de1,1\n", encoding="utf-8")
    return made


def recipe(folder: Path, measures: str) -> Path:
    path = folder / "r.toml"
    path.write_text(
        '[vectors]\nfile = "v.npz"\n[pairs]\nfile = "words.csv"\n'
        '[training]\npivot = "en"\nheld_out_languages = ["fr"]\n'
        f"constraints = []\nrate = 0.02\nepochs = 12\n[measures]\n{measures}",
        encoding="utf-8",
    )
    return path


@pytest.mark.long
def test_measures_are_those_of_the_definition_and_the_control_gains_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = recipe(folder, 'similarity = "s.csv"\nretrieval = "words.csv"\nseparation = true')
    assert main(["teach", str(path), "--json", "--workspace", str(tmp_path)]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    check(told)
    found = told["measures"]
    head = Heads(Workspace(tmp_path)).open("r")
    data = np.load(folder / "v.npz")
    rows = {item: i for i, item in enumerate(data["items"].tolist())}
    before = unit_rows(data["vectors"])
    states = {"before": before, "after": unit_rows(head.apply(before))}
    table = [line.split(",") for line in (folder / "s.csv").read_text().splitlines()[1:-1]]
    for arm, unit in states.items():
        rhos = []
        for name in ("de", "fr"):
            mine = [(rows[a], rows[b], float(score)) for lang, a, b, score in table if lang == name]
            cosines = [float(unit[a] @ unit[b]) for a, b, _ in mine]
            rhos.append(spearmanr(cosines, [score for *_, score in mine]).statistic)
        assert found["similarity"][arm]["value"] == pytest.approx(np.mean(rhos), abs=1e-4)
        hits = [(np.argmax(unit[i * N : (i + 1) * N] @ unit[:N].T, axis=1) == np.arange(N)).mean() for i in (1, 2)]
        assert found["retrieval"][arm]["value"] == pytest.approx(np.mean(hits), abs=1e-6)
    assert found["similarity"]["read"]["skipped"] == {"without_a_vector": 1}
    assert 0 < found["similarity"]["trained_on"] < found["similarity"]["gain"]["n"]
    for name in ("similarity", "retrieval"):
        assert found[name]["gain"]["low"] > 0, name
        assert "which is better" in found[name]["said"]
        assert found[name]["control_gain"]["low"] <= 0, name
    assert found["separation"]["gain"]["high"] < 0
    assert "separation of languages η² falls" in found["separation"]["said"]
    lesson = teach(read_teach(path), Workspace(tmp_path))
    split = lesson.split
    own = np.unique(np.concatenate([pairs[:, 1] for pairs in split.test.values()]))
    tested = {**split.test, "en": own[:, None]}
    at = np.concatenate([LANGUAGES.index(name) * N + pairs[:, 0] for name, pairs in tested.items()])
    codes = np.repeat(np.arange(len(tested)), [len(pairs) for pairs in tested.values()])
    assert found["separation"]["after"]["value"] == pytest.approx(eta_squared(states["after"][at], codes), abs=1e-4)


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        ('similarity = "words.csv"', "no column 'score'|score"),
        ('retrieval = "s.csv"', "has the columns language"),
        ('similarity = "gone.csv"', "is not there"),
        ("separation = 3", "separation is 3"),
    ],
)
def test_what_cannot_be_measured_is_told(folder: Path, tmp_path: Path, measures: str, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        teach(read_teach(recipe(folder, measures)), Workspace(tmp_path))


def test_a_change_within_its_interval_is_none_and_less_can_be_better() -> None:
    assert said_of(Figure(value=0.1, n=9, better="more", low=-0.1, high=0.3), "ρ").startswith("ρ: no change")
    assert "worse" in said_of(Figure(value=-0.1, n=9, better="more", low=-0.2, high=-0.05), "ρ")
    assert "better" in said_of(Figure(value=-0.1, n=9, better="less", low=-0.2, high=-0.05), "η²")


@pytest.mark.long
def test_before_and_after_become_a_collection_with_maps(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, workspace = recipe(folder, ""), Workspace(tmp_path)
    asked = ["teach", str(path), "--json", "--workspace", str(tmp_path), "--maps", "r-maps"]
    assert main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    made = workspace.open("r-maps")
    assert made.names == ["before", "after"]
    assert told["maps"] == {"collection": "r-maps", "items": len(made.spaces[0])}
    data = np.load(folder / "v.npz")
    before, rows = unit_rows(data["vectors"]), {item: i for i, item in enumerate(data["items"].tolist())}
    at = [rows[item] for item in made.spaces[0].items]
    assert made["before"].vectors == pytest.approx(before[at], abs=1e-6)
    after = unit_rows(Heads(workspace).open("r").apply(before[at]))
    assert made["after"].vectors == pytest.approx(after, abs=1e-5)
    assert set(made["after"].columns["language"].to_pylist()) == set(LANGUAGES)
    found = find_maps(made, made.names, "matched", parameters=LayoutParameters(), store=workspace.derived("r-maps"))
    assert found is not None
    assert found[1].residual is not None
    assert main(asked) == 2
    assert "already" in capsys.readouterr().err
