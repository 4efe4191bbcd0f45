"""Several words at once, figures for print, the pictures of Home: what they say and that they stay text."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from components.drift.figures import DARK, LIGHT
from components.drift.panel import Choice
from components.drift.sentences import Between
from components.drift.words import _sentence, dots
from components.home.pictures import Dots, label, svg
from components.parts.figure_tools import domino_svg
from components.parts.tables import file_name
from isogloss.drift.filters import words_of
from isogloss.places import ROOT
from isogloss.separation.groups import groups_of, unread
from isogloss.spaces.space import Space
from tests.components.test_drift import ranking
from tests.kit.collections import HOSTILE
from tests.kit.pages import html_of, visit

CHOICE = Choice("a", "b", "cosine", panel=False, least=0.2, min_count=0, matched=False)


def test_every_listed_word_is_a_dot_with_its_interval_against_its_noise() -> None:
    one = ranking()
    rows = np.array([0, 9, 39])
    bar, *points = dots(one, rows, CHOICE, inks=LIGHT).data
    np.testing.assert_allclose(bar.x, one.null_high[rows])
    at = {name: (x, high) for t in points for name, x, high in zip(t.y, t.x, t.error_x.array, strict=True)}
    for row in rows:
        value, high = at[one.items[row]]
        assert value == pytest.approx(one.distance[row])
        assert high == pytest.approx(one.high[row] - one.distance[row])
    assert {t.name for t in points} == {"moved farther than noise", "not distinguishable from noise"}
    hostile = replace(one, items=(*HOSTILE, *one.items[len(HOSTILE) :]))
    assert not any(
        "<img" in str(y) for t in dots(hostile, np.arange(len(HOSTILE)), CHOICE, inks=DARK).data for y in t.y
    )


def test_the_sentence_counts_what_moved() -> None:
    said = _sentence(ranking(), [0, 1, 39], Between("a", "b"))
    assert said.startswith("2 of 3 words moved between")
    assert "w0" in said
    assert "no replicates" in _sentence(ranking(tested=False), [0], Between("a", "b"))
    assert _sentence(ranking(), [], Between("a", "b")).startswith("None of these words")
    assert "at one of the steps" in _sentence(ranking(), [0], Between("a", "b"), in_order=True)


@pytest.mark.parametrize("typed", ["a,b", "a\tb", "a;b", "a\nb", " a , , b ,a"])
def test_lists_are_parted_as_they_are_pasted(typed: str) -> None:
    assert words_of(typed) == ["a", "b"]


def test_a_domino_for_print_is_well_formed_and_holds_what_it_shows() -> None:
    rows = [{"item": item, "bars": [[0.5, "#123456"]], "mark": "", "title": ""} for item in HOSTILE]
    shared = [{"item": "both", "bars": [[0.7, "#111111"], [0.6, "#222222"]], "mark": "", "title": ""}]
    data = {"shared": shared, "lost": rows, "gained": [], "shared_title": "s", "lost_title": "<b>", "gained_title": "g"}
    texts = [one.text for one in ET.fromstring(domino_svg(data)).iter() if one.tag.endswith("text")]
    assert {"both", "0.70 · 0.60", "<b>", "0.50"} <= set(texts)
    assert all(item in texts for item in HOSTILE)
    picture = svg([Dots(np.array([[1.0, 2.0]]), "#000000").svg(), label(HOSTILE[0], 1, 2, "#000000")])
    assert [one.tag.split("}")[1] for one in ET.fromstring(picture)] == ["g", "text"]


def test_names_of_downloads_say_what_was_compared_and_are_no_paths() -> None:
    assert file_name("drift", "1946-1969", "2007-2024") == "drift_1946-1969_2007-2024.csv"
    assert "/" not in file_name("a", "../../etc/passwd", "東京")
    assert "東京" in file_name("a", "東京")


def test_groups_that_an_encoder_cannot_tell_apart_are_named() -> None:
    rng = np.random.default_rng(0)
    known = rng.normal(size=(60, 8)).astype(np.float32)
    one = np.tile(rng.normal(size=8).astype(np.float32), (40, 1))
    items = tuple(f"w{i}" for i in range(60)) + tuple(f"ⵍ{i}" for i in range(40))
    space = Space("s", items, np.vstack([known, one]), pa.table({"script": ["Latn"] * 60 + ["Tfng"] * 40}))
    assert unread(space, groups_of(space)) == ("Tfng",)


def test_a_list_gives_a_verdict_for_each_on_the_page() -> None:
    at = visit("pages/3_Drift.py", item="climate, artificial, Inclusion, xyzzy, the")
    text = html_of(at)
    assert "of 4 words moved between" in text
    assert "Without a drift here" in text
    assert "xyzzy" in text
    table = next(one.value for one in at.dataframe if "verdict" in one.value)
    assert set(table["item"]) == {"climate", "artificial", "inclusion", "the"}


def test_a_word_has_its_verdict_and_uses_on_neighbors_and_map() -> None:
    for page in ("pages/1_Neighbors.py", "pages/2_Map.py"):
        text = html_of(visit(page, item="climate"))
        assert "by more than noise on 4 of 4 measures" in text
        assert "13,225 in" in text


def test_the_stage_shows_headline_and_picture_alone() -> None:
    at = visit("pages/3_Drift.py", present="true")
    assert "items moved farther" in html_of(at)
    assert not at.dataframe
    assert [one.label for one in at.toggle if one.label == "Present"] == ["Present"]


def test_a_number_out_of_bounds_is_said() -> None:
    at = visit("pages/1_Neighbors.py", item="climate", k="999")
    assert any("k" in one.value for one in at.caption if "could not be used" in one.value)
    assert any("999" in one.value for one in at.code)


def test_one_style_for_per_cent_and_levels() -> None:
    """26%, never 26 %; q < .05, never q < 0.05, in whatever a page says."""
    odd = [
        (path.name, text)
        for path in [*ROOT.glob("components/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "isogloss/notebook/report.py"]
        for text in said(ast.parse(path.read_text("utf-8")))
        if re.search(r"[0-9}] %(?![a-z({])|\b[pq] ?[<=] ?0\.", text)
    ]
    assert odd == []


def said(tree: ast.AST) -> list[str]:
    """The strings of a file but for its docstrings; what is filled in is `{}`."""
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    joined = [
        "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
    ]
    plain = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | told
    ]
    return joined + plain
