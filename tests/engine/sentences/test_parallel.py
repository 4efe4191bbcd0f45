"""Parallel sentences as people have them: one table, a folder, a file for each language, a TMX."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from isogloss.errors import InvalidValue, NotFound
from isogloss.sentences.parallel import read_parallel
from isogloss.sentences.sets import parallel_of

LINES = {"eng": ["One.", "Two.", "Three."], "rus": ["Один.", "Два.", "Три."], "arb": ["واحد.", "اثنان.", "ثلاثة."]}


def test_a_column_for_each_language(tmp_path: Path) -> None:
    pq.write_table(pa.table({"line": ["0", "1", "2"], **LINES}), tmp_path / "wide.parquet")
    found = read_parallel([tmp_path / "wide.parquet"])
    assert {k: list(v) for k, v in found.texts.items()} == LINES
    assert [found.script(one) for one in found.languages] == ["Latn", "Cyrl", "Arab"]


def test_language_line_and_text_with_editions(tmp_path: Path) -> None:
    rows = [(language, i, "ref", text) for language, texts in LINES.items() for i, text in enumerate(texts)]
    rows += [("rus", 0, "ref-2", "Раз."), ("rus", 1, "ref", "Два снова."), ("arb", 7, "ref", " ")]
    names = ("language", "line", "edition", "text")
    table = pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})
    pq.write_table(table, tmp_path / "long.parquet")
    found = read_parallel([tmp_path / "long.parquet"])
    assert found.texts["rus"][:3] == LINES["rus"]
    assert (found.read.read, dict(found.read.skipped)) == (9, {"other_edition": 1, "duplicate": 1, "blank": 1})


@pytest.mark.parametrize("name", ["{}.txt", "news.{}", "{}_Latn.devtest"])
def test_files_beside_each_other(tmp_path: Path, name: str) -> None:
    for language, texts in LINES.items():
        (tmp_path / name.format(language)).write_text("\n".join(texts) + "\n", encoding="utf-8")
    found = read_parallel([tmp_path])
    assert {found.find(language) for language in LINES} == set(found.languages)
    assert found.pairs(found.find("eng"), found.find("rus"))[1:] == (LINES["eng"], LINES["rus"])
    again = read_parallel(sorted(tmp_path.iterdir()))
    assert again.texts == found.texts


def test_an_empty_line_keeps_its_number(tmp_path: Path) -> None:
    (tmp_path / "a.en").write_text("One.\n\nThree.\n", encoding="utf-8")
    (tmp_path / "a.de").write_text("Eins.\nZwei.\nDrei.\n", encoding="utf-8")
    found = read_parallel([tmp_path / "a.en", tmp_path / "a.de"])
    assert found.pairs("en", "de") == ([0, 2], ["One.", "Three."], ["Eins.", "Drei."])
    assert found.coverage() == {"de": (3, 0), "en": (2, 0)}
    assert dict(found.read.skipped) == {"blank": 1}


def test_a_memory_of_translations(tmp_path: Path) -> None:
    unit = '<tu><tuv xml:lang="en"><seg>{}</seg></tuv><tuv xml:lang="hi"><seg>{}</seg></tuv></tu>'
    body = unit.format("One <b>bold</b>", "एक") + unit.format("Two", "दो") + "<tu><tuv><seg>alone</seg></tuv></tu>"
    (tmp_path / "m.tmx").write_text(f"<tmx version='1.4'><body>{body}</body></tmx>", encoding="utf-8")
    found = read_parallel([tmp_path / "m.tmx"])
    assert dict(found.texts) == {"en": ["One bold", "Two"], "hi": ["एक", "दो"]}
    assert dict(found.read.skipped) == {"without_a_translation": 1}
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><tmx><body></body></tmx>'
    (tmp_path / "bomb.tmx").write_text(bomb, encoding="utf-8")
    with pytest.raises(InvalidValue, match="entities"):
        read_parallel([tmp_path / "bomb.tmx"])
    (tmp_path / "cut.tmx").write_text("<tmx><body><tu>", encoding="utf-8")
    with pytest.raises(InvalidValue, match="no whole TMX"):
        read_parallel([tmp_path / "cut.tmx"])


def test_what_is_not_aligned_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.en").write_text("One.\nTwo.\n", encoding="utf-8")
    (tmp_path / "a.de").write_text("Eins.\n", encoding="utf-8")
    with pytest.raises(InvalidValue, match=r"different numbers of lines \(de 1, en 2\)"):
        read_parallel([tmp_path])
    with pytest.raises(NotFound, match="no file"):
        read_parallel([tmp_path / "none.csv"])
    pq.write_table(pa.table({"language": ["a"], "text": ["x"]}), tmp_path / "x.parquet")
    with pytest.raises(InvalidValue, match="column of lines"):
        read_parallel([tmp_path / "x.parquet"])
    pq.write_table(pa.table({"text": ["x"]}), tmp_path / "y.parquet")
    with pytest.raises(InvalidValue, match="a column for each language"):
        read_parallel([tmp_path / "y.parquet"])


@pytest.mark.long
def test_the_phrases_of_cldr_need_no_file() -> None:
    found = parallel_of(["phrases"])
    assert len(found.languages) > 140
    assert len({found.script(one) for one in found.languages}) > 20
    row = found.texts["en"].index("Germany")
    said = {one: found.texts[one][row] for one in ("de", "ru", "ja", "he", "hi")}
    assert said == {"de": "Deutschland", "ru": "Германия", "ja": "ドイツ", "he": "גרמניה", "hi": "जर्मनी"}
    assert all(len(lines) == len(found) for lines in found.texts.values())
    assert found.texts["de"][0] == "Montag, 1. Januar 2024"  # whatever locale was asked before
