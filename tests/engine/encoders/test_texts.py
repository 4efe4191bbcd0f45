"""Texts to encode: distinct, in order, and every line or row is one of them or counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from isogloss.encoders.texts import read_texts, text_columns_of
from isogloss.errors import InvalidValue
from isogloss.tables.table import read_table

LINES = ["the cat sat", "bonjour le monde", "привет мир"]


@pytest.mark.parametrize(
    ("name", "data", "texts", "skipped"),
    [
        ("l.txt", "\n".join(LINES), LINES, {}),
        ("l.txt", "\r\n".join([*LINES, "", LINES[0], " \t"]), LINES, {"blank": 2, "duplicate": 1}),
        ("l.csv", "sentence\n" + "\n".join([*LINES, "", LINES[0], ""]), LINES, {"blank_row": 1, "duplicate": 1}),
        ("l.csv", "id,Text\n1,a\n2,\n3,a\n4,b\n", ["a", "b"], {"blank": 1, "duplicate": 1}),
        ("l.csv", "text\n1\n2\n2\n", ["1", "2"], {"duplicate": 1}),
        (
            "l.jsonl",
            '{"text":"a"}\n{"text":null}\n{"text":""}\n{"text":"  "}\n{"text":"b"}\n{}\n',
            ["a", "b"],
            {"blank": 4},
        ),
        ("l.json", '["a", "b", "a", null, " "]', ["a", "b"], {"duplicate": 1, "blank": 2}),
        ("l.jsonl", '{"text":"a","n":[1,2]}\n{"text":5}\n{"text":"5"}\n', ["a", "5"], {"duplicate": 1}),
        ("l.txt", "e\u0301\n\u00e9\n", ["é"], {"duplicate": 1}),
    ],
)
def test_duplicates_blanks_and_nulls_are_counted(
    tmp_path: Path, name: str, data: str, texts: list[str], skipped: dict[str, int]
) -> None:
    (tmp_path / name).write_text(data, encoding="utf-8", newline="")
    found = read_texts(tmp_path / name)
    assert (found.texts, found.read.read, found.read.skipped) == (texts, len(texts), skipped)


def test_a_column_is_found_in_other_case_and_named_where_there_are_several(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("title,Body\nA,the cat\nB,le monde\n")
    found = read_texts(tmp_path / "l.csv", "body")
    assert (found.texts, found.told["column"]) == (["the cat", "le monde"], "Body")
    with pytest.raises(InvalidValue, match=r"has the columns \['title', 'Body'\]: name one"):
        read_texts(tmp_path / "l.csv")
    assert text_columns_of(read_table(tmp_path / "l.csv").table) == ["title", "Body"]


def test_dates_beside_the_text_are_no_texts(tmp_path: Path) -> None:
    (tmp_path / "l.jsonl").write_text('{"when": "2020-01-01", "title": "a"}\n{"when": "2021-01", "title": "b"}\n')
    assert read_texts(tmp_path / "l.jsonl").texts == ["a", "b"]


def test_a_line_that_is_not_utf_8_is_counted(tmp_path: Path) -> None:
    (tmp_path / "l.txt").write_bytes("東京\n京都\n".encode() + b"\xff\xfe\n")
    found = read_texts(tmp_path / "l.txt")
    assert (found.texts, found.read.skipped) == (["東京", "京都"], {"not_utf8": 1})
    (tmp_path / "l.txt").write_bytes("Zoë\ncafé\n".encode("cp1252"))
    found = read_texts(tmp_path / "l.txt")
    assert (found.texts, found.told) == (["Zoë", "café"], {"encoding": "cp1252"})


def test_no_text_at_all_says_what_was_skipped(tmp_path: Path) -> None:
    (tmp_path / "l.txt").write_text("\n \n\n")
    with pytest.raises(InvalidValue, match=r"holds no text \(0 read; skipped: 3 blank"):
        read_texts(tmp_path / "l.txt")
