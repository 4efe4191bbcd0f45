"""What every retrieval criterion and every index promises, and that one new file is a criterion."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from isogloss.nearest.criterion import CRITERIA, About, lookup_criteria, retrievals
from isogloss.nearest.exact import ExactIndex
from isogloss.nearest.index import INDEXES, index_of
from tests.kit.copied import copied_tree, run_in
from tests.kit.pages import visit
from tests.kit.spaces import random_space

NEW = """
from isogloss.nearest.criterion import About
from isogloss.types import Vectors


class Half:
    name = "half"
    retrieval = "half"
    title = "Half"
    help = "half the cosine"
    needs = ()
    lookup = True

    def score(self, cosine: Vectors, about: About) -> Vectors:
        return cosine / 2


member = Half()
"""
EVERY = pytest.mark.parametrize("name", CRITERIA.names)


def about(n: int, m: int) -> About:
    rng = np.random.default_rng(0)
    return About(*(rng.random(size, dtype=np.float32) for size in (n, m, m)))


@EVERY
def test_it_says_what_it_is(name: str) -> None:
    one = CRITERIA[name]
    assert one.name == name
    assert one.title
    assert one.help
    assert set(one.needs) <= {"r_query", "r_target", "mass_target"}
    assert retrievals()[one.retrieval] is one


@EVERY
def test_the_nearer_by_cosine_scores_higher_where_all_else_is_equal(name: str) -> None:
    cosine = np.random.default_rng(1).random((5, 7), dtype=np.float32)
    level = About(*(np.full(size, 0.5, np.float32) for size in (5, 7, 7)))
    score = CRITERIA[name].score(cosine, level)
    assert score.shape == cosine.shape
    assert np.array_equal(np.argsort(score, axis=1), np.argsort(cosine, axis=1))


@EVERY
def test_some_queries_score_as_they_do_among_all(name: str) -> None:
    cosine, told, rows = np.random.default_rng(2).random((6, 4), dtype=np.float32), about(6, 4), np.array([4, 1])
    whole = CRITERIA[name].score(cosine, told)
    assert np.array_equal(CRITERIA[name].score(cosine[rows], told.part(rows)), whole[rows])


def test_the_page_offers_those_that_answer_single_queries() -> None:
    pills = next(one for one in visit("pages/1_Neighbors.py").get("button_group") if one.key == "criterion")
    assert list(pills.options) == lookup_criteria() == ["cosine", "csls"]


@pytest.mark.parametrize("name", INDEXES.names)
def test_an_index_says_what_it_is(name: str) -> None:
    one = INDEXES[name]
    assert (one.name, bool(one.title), bool(one.help)) == (name, True, True)


def test_without_anything_built_the_exact_search_answers() -> None:
    assert isinstance(index_of(random_space("s", 20, 4)), ExactIndex)


@pytest.mark.long
def test_a_new_file_is_a_criterion(tmp_path: Path) -> None:
    root = copied_tree(tmp_path)
    (root / "isogloss" / "nearest" / "criteria" / "half.py").write_text(NEW, encoding="utf-8")
    asked = ("-m", "isogloss", "neighbors", "un-debates", "climate", "--k", "2", "--json", "--criterion")
    half, whole = (
        json.loads(run_in(root, *asked, name, home=tmp_path).stdout)["results"]["2007-2024"]
        for name in ("half", "cosine")
    )
    assert [n["item"] for n in half] == [n["item"] for n in whole]
    assert half[0]["similarity"] == pytest.approx(whole[0]["similarity"] / 2, rel=1e-5)
