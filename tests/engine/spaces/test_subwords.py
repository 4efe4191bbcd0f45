"""Items that a model has not seen: the vectors that fastText itself gives them, marked as made of subwords."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.cli.main import main
from isogloss.formats.fasttext import Grams, compose
from isogloss.nearest.query import Query
from isogloss.spaces.subwords import Subwords, ngram_rows
from isogloss.workspace.store import Workspace
from tests.kit.pages import html_of, visit

SENTENCES = [["кошка", "сидит", "дома"], ["cat", "sits", "home"], ["東京", "大学", "学生"]] * 20


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, object]:
    from gensim.models import FastText
    from gensim.models.fasttext import save_facebook_model

    path = tmp_path_factory.mktemp("fasttext") / "small.bin"
    trained = FastText(SENTENCES, vector_size=8, min_count=1, epochs=3, bucket=500, min_n=2, max_n=4, seed=1, workers=1)
    save_facebook_model(trained, str(path))
    return path, trained


@pytest.mark.long
@given(st.text(min_size=1, max_size=12), st.integers(1, 4), st.integers(0, 3))
def test_n_grams_are_those_of_the_importer(item: str, minn: int, more: int) -> None:
    matrix = np.random.default_rng(0).normal(size=(97, 3)).astype(np.float32)
    found = compose([item], np.array([-1]), matrix, n_words=0, subwords=Grams(minn, minn + more, 97))[0]
    rows = ngram_rows(item, minn, minn + more, bucket=97)
    expected = matrix[rows].mean(axis=0) if rows else np.zeros(3)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_unseen_items_have_the_vector_of_fasttext(
    model: tuple[Path, object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, trained = model
    home = ["--workspace", str(tmp_path)]
    assert main(["import", str(path), "--into", "ft", "--space", "s", *home]) == 0
    space = Workspace(tmp_path).open("ft")["s"]
    assert isinstance(space.subwords, Subwords)
    for item in ("кошки", "cats", "大学生", "zzz"):
        own = trained.wv[item]  # type: ignore[attr-defined]
        found = space.direction(item)
        assert found is not None
        np.testing.assert_allclose(found, own / np.linalg.norm(own), atol=5e-3)  # kept in half precision
        assert Query(((item, 1),)).composed(space) == [item]
    assert space.direction("") is None
    assert not space.composes("cat")
    capsys.readouterr()
    assert main(["neighbors", "ft", "cats", "--k", "3", "--json", *home]) == 0
    near = json.loads(capsys.readouterr().out)["results"]["s"]
    best = max(space.items, key=lambda i: float(space.direction(i) @ space.direction("cats")))  # type: ignore[operator]
    assert near[0]["item"] == best


def test_a_page_says_that_a_vector_is_made_of_subwords(
    model: tuple[Path, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    assert main(["import", str(model[0]), "--into", "ft", "--space", "s"]) == 0
    at = visit("pages/1_Neighbors.py", collection="ft", item="cats")
    assert "cats" in html_of(at)
    assert "iso-error" not in html_of(at).split("<style>")[0]
    assert "made of its subwords" in html_of(at)
