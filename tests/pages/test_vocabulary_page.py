"""The page Vocabulary: it opens with something at once; trimming by the slider; new words; what cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.vocabulary.trimming import zipped
from tests.kit.pages import html_of, table_of, visit

PAGE = "pages/11_Vocabulary.py"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))


def test_it_opens_cold_with_the_shipped_encoder_on_our_own_sentences() -> None:
    page = visit(PAGE)
    said = html_of(page)
    assert "<b>48,000 tokens</b>" in said
    assert "Written without spaces between words" in said
    rows = table_of(page, "subwords a word").set_index("group")
    assert rows.loc["en", "subwords a word"] == pytest.approx(1.6, abs=0.01)
    assert rows.loc["en", "low"] < rows.loc["en", "subwords a word"] < rows.loc["en", "high"]
    assert len(rows) == 25
    assert rows.loc["en", "language"] == "English"


def test_fewer_tokens_keep_fewer_cuts() -> None:
    page = visit(PAGE, view="Trim", top="2000")
    assert "of held-out lines as before" in html_of(page)
    told = table_of(page, "before").set_index("")
    assert told.loc["parameters", "before"] == "3,456,000"
    html = html_of(page)
    assert "Of a word's 10 nearest <b>" in html
    assert "The nearest other line is the same for" in html
    assert (table_of(page, "nearest after")["cosine"].diff().dropna() >= 0).all()
    page.text_input(key="near-word").set_value("<img src=x onerror=alert(1)>").run()
    assert "<img src=x" not in html_of(page)
    assert len(table_of(page, "that one")) == 10
    page.slider(key="top").set_value(48_000).run()
    assert not page.exception
    assert "of the parameters" in html_of(page)


def test_new_words_are_made_and_known_ones_come_back() -> None:
    page = visit(PAGE, view="Nursery")
    assert "hidden ones come back at a cosine" in html_of(page)
    assert "made of" in table_of(page, "made of")
    page.text_area(key="nursery-words").set_value("<img src=x onerror=alert(1)>\nwater").run()
    assert not page.exception
    assert "No word is new to the model" in html_of(page)
    assert "<img src=x" not in html_of(page)
    page.text_area(key="nursery-words").set_value(" ").run()
    assert "Give words in the drawer" in html_of(page)


def test_texts_propose_words_and_these_are_shown_where_they_land(monkeypatch: pytest.MonkeyPatch) -> None:
    from components.vocabulary import landed

    drawn = []
    monkeypatch.setattr(landed, "linked_maps", lambda data, stage, key: drawn.append((data, stage)))
    page = visit(PAGE, view="Nursery", words="proposed by the texts")
    html = html_of(page)
    assert "words are proposed by 720 lines" in html
    assert "In 80 held-out lines they" in html
    rows = table_of(page, "subwords saved")
    assert (rows["subwords saved"] == rows["count"] * (rows["pieces"] - 1)).all()
    page.number_input(key="nursery-pieces").set_value(20).run()
    assert "is cut into 20 pieces or more" in html_of(page)
    visit(PAGE, view="Nursery")
    data, stage = drawn[-1]
    assert data.names[1] == "table of the model"
    assert set(stage.chosen) <= set(data.maps[0].space.items) & set(data.maps[1].space.items)


@pytest.mark.parametrize("address", [{"view": "Eat"}, {"view": "Trim", "top": "-3"}, {"texts": "../secret"}])
def test_an_address_that_cannot_be_used_falls_back_and_says_so(address: dict[str, str]) -> None:
    page = visit(PAGE, **address)
    assert any("could not be used" in one.value for one in page.caption)
    assert "tokens" in html_of(page)


def test_a_file_that_is_no_tokenizer_is_one_error() -> None:
    page = visit(PAGE)
    page.file_uploader(key="vocabulary-tokenizer").set_value(("x.json", b'{"model": []}', "application/json")).run()
    assert not page.exception
    assert "holds no tokenizer" in html_of(page)


def test_a_folder_is_handed_out_whole(tmp_path: Path) -> None:
    import io
    import zipfile

    (tmp_path / "m" / "1_Pooling").mkdir(parents=True)
    (tmp_path / "m" / "1_Pooling" / "config.json").write_text("{}")
    assert zipfile.ZipFile(io.BytesIO(zipped(tmp_path / "m"))).namelist() == ["1_Pooling/config.json"]
