"""Lines in context on Neighbors and Drift: attached, live, or told how to attach; text stays text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from isogloss.corpora.concordance import describe_corpus
from isogloss.corpora.passages import Passages
from isogloss.corpora.recipe import Recipe, Slice
from isogloss.spaces.collection import Alignment, Collection
from isogloss.workspace.store import Workspace
from tests.kit.pages import html_of, visit
from tests.kit.spaces import make_space

HOSTILE = "<img src=x onerror=alert(1) //"  # without its end it is no tag to us, and one to a browser
ITEMS = ["peace", "war", "سلام", HOSTILE]


@pytest.fixture(autouse=True)
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three spaces of which the texts cover two."""
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ISOGLOSS_DATA", raising=False)
    texts = [f"<b>all</b> of {HOSTILE} want peace; peace {i}" for i in range(20)]
    path = tmp_path / "data" / "texts.parquet"
    path.parent.mkdir()
    pq.write_table(pa.table({"text": [*texts, "سلام عليكم"], "year": [1900] * 20 + [2000]}), path)
    recipe = Recipe("mine", "Mine", path, "text", "year", (Slice("old", 1900, 1900), Slice("new", 2000, 2000)))
    rng = np.random.default_rng(0)
    spaces = tuple(make_space(name, ITEMS, rng.normal(size=(4, 3))) for name in ("old", "new", "other"))
    metadata = {"corpus": describe_corpus(recipe), "source": "a public library"}
    Workspace(tmp_path / "home").save(Collection("mine", spaces, alignment=Alignment("declared"), metadata=metadata))
    return path


def attach(tmp_path: Path, corpus: Path) -> Passages:
    passages = Passages(Workspace(tmp_path / "home"), "mine")
    passages.attach(Workspace(tmp_path / "home"), corpus)
    return passages


def neighbors(item: str = "peace", **more: str) -> AppTest:
    return visit("pages/1_Neighbors.py", collection="mine", item=item, **more)


def test_without_texts_the_way_to_them_is_said() -> None:
    text = html_of(neighbors(lines="true"))
    assert "python -m isogloss attach mine FILE (texts.parquet, from a public library)" in text
    assert "isogloss attach" in html_of(
        visit("pages/3_Drift.py", collection="mine", item="peace", **{"from": "old", "to": "new"})
    )


def test_lines_and_exact_counts_when_asked_for(tmp_path: Path, corpus: Path) -> None:
    attach(tmp_path, corpus)
    assert 'iso-uses"' not in html_of(neighbors())
    text = html_of(neighbors(lines="true"))
    assert "40 uses in 20 passages; 8 of them" in text
    assert text.count("<b>peace</b>") == 8 + 1  # and the one that heads the page
    assert "no such form in the texts" in text
    assert "no texts are attached for it" in text
    drift = html_of(visit("pages/3_Drift.py", collection="mine", item="peace", **{"from": "old", "to": "new"}))
    assert "40 uses in 20 passages" in drift


def test_a_word_is_quoted_at_the_head_where_texts_are_attached(tmp_path: Path, corpus: Path) -> None:
    assert 'iso-quotes"' not in html_of(neighbors())
    attach(tmp_path, corpus)
    for at in (neighbors(), visit("pages/2_Map.py", collection="mine", item="peace")):
        head = html_of(at).partition('class="iso-uses iso-quotes"')[2].partition("</ul>")[0]
        assert head.count("<b>peace</b>") == 1  # the other space has no texts
        assert "<small>old" in head


def test_a_click_opens_the_lines(tmp_path: Path, corpus: Path) -> None:
    attach(tmp_path, corpus)
    at = neighbors()
    next(one for one in at.toggle if one.label == "Lines in context").set_value(True).run()
    assert not at.exception
    assert "40 uses" in html_of(at)


@pytest.mark.parametrize("item", ["peace", HOSTILE, "سلام"])
def test_texts_stay_text(tmp_path: Path, corpus: Path, item: str) -> None:
    attach(tmp_path, corpus)
    text = html_of(neighbors(item, lines="true"))
    assert "<img" not in text
    assert "<b>all" not in text
    assert 'dir="auto"' in text
    assert ("&lt;img" in text) or item == "سلام"


def test_the_corpus_itself_serves_where_nothing_is_attached(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOGLOSS_DATA", str(tmp_path / "data"))
    text = html_of(neighbors(lines="true"))
    assert "8 documents at random" in text
    assert "<img" not in text


def test_a_damaged_index_says_so_and_the_page_goes_on(tmp_path: Path, corpus: Path) -> None:
    attach(tmp_path, corpus).path.write_bytes(b"no index")
    at = neighbors(lines="true")
    assert "attach them again" in html_of(at).lower()
    assert at.dataframe


def test_a_broken_address_is_no_crash() -> None:
    assert "iso-lead" in html_of(neighbors(lines="perhaps", uses="x"))
