"""CSV as people have it: every dialect reads to the same rows, and no row is lost without a count."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from isogloss.corpora.documents import open_documents
from isogloss.errors import InvalidValue
from isogloss.tables.read import TableRead
from tests.kit.tables import Row, Written, documents, some_way
from tests.kit.tiers import cases


def read(tmp_path: Path, data: bytes, name: str = "c.csv") -> TableRead:
    (tmp_path / name).write_bytes(data)
    return open_documents(tmp_path / name)


def rows_of(found: TableRead) -> list[Row]:
    columns = {name.casefold(): name for name in found.table.column_names}
    return list(zip(found.table[columns["year"]].to_pylist(), found.table[columns["text"]].to_pylist(), strict=True))


@pytest.mark.parametrize("seed", range(cases(2_000, least=20)))
def test_every_dialect_reads_to_the_same_rows(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    way = some_way(rng)
    wanted = documents(rng.choice([4, 40, 300]), seed, marks=way.protects)
    found = read(tmp_path, way.bytes_of(wanted), "c.tsv" if way.delimiter == "\t" else "c.csv")
    assert rows_of(found) == wanted, way
    assert found.read.read == len(wanted)
    assert found.read.skipped == ({"blank_row": way.blank_rows} if way.blank_rows else {}), way


NAMED = {
    "semicolons": Written(";"),
    "sep=;": Written(";", sep=True, bom=True, end="\r\n"),
    "bars": Written("|"),
    "excel": Written(";", empty_columns=3, blank_rows=4, end="\r\n", encoding="cp1252"),
    "spaces": Written(",", spaces=True),
    "backslashes": Written(",", every=True, escape=True),
    "utf-16": Written(",", encoding="utf-16-le", bom=True),
    "utf-16 without a mark": Written(";", encoding="utf-16-be"),
    "index": Written(",", index=True, every=True),
}


@pytest.mark.parametrize("name", [*NAMED])
def test_a_dialect_is_told_and_the_ending_does_not_matter(tmp_path: Path, name: str) -> None:
    way = NAMED[name]
    wanted = documents(60, marks=way.protects)
    for called in ("c.csv", "c", "c.data"):
        found = read(tmp_path, way.bytes_of(wanted), called)
        assert rows_of(found) == wanted
    said = {";": "semicolon", "|": "bar", "\t": "tab", ",": None}[way.delimiter]
    assert found.told.get("delimiter") == said
    assert (found.told.get("encoding") or "utf-8").replace("utf-16-be", "utf-16-le") == way.encoding.replace(
        "-be", "-le"
    )
    assert set(found.read.left_out) == {f"column {n}" for n in range(3, 3 + way.empty_columns)}


def test_names_in_capitals_are_the_names_that_are_asked_for(tmp_path: Path) -> None:
    found = read(tmp_path, Written().bytes_of(documents(9), ("Year", " Text")))
    assert found.table.column_names == ["Year", "Text"]


def test_one_column_of_texts_may_hold_commas(tmp_path: Path) -> None:
    found = read(tmp_path, b'sentence\nthe cat, sat\nbonjour\n"a, ""b"""\n')
    assert found.table.to_pylist() == [{"sentence": "the cat, sat"}, {"sentence": "bonjour"}, {"sentence": 'a, "b"'}]


def test_lines_before_the_names_are_left_out_and_said(tmp_path: Path) -> None:
    wanted = documents(20)
    for lead, n in (("# made by us, today\n# and more\n", 2), ("My corpus,\n\n", 2), ("", 0)):
        found = read(tmp_path, lead.encode() + Written().bytes_of(wanted))
        assert rows_of(found) == wanted
        assert found.told.get("before_the_names") == (f"{n} lines left out" if n else None)
        assert found.read.skipped == {}
    data = "# a\n" + Written().bytes_of(wanted).decode() + "1900\n"
    found = read(tmp_path, data.encode())
    assert found.read.listed == {"short_row": [f"line {data.count(chr(10))}"]}


def test_a_first_row_of_data_is_no_row_of_names(tmp_path: Path) -> None:
    wanted = documents(20)
    for odd in ("", "1900\n"):
        data = Written().bytes_of(wanted).decode().partition("\n")[2] + odd
        found = read(tmp_path, data.encode())
        assert found.table.column_names == ["column 1", "column 2"]
        assert [*zip(*(column.to_pylist() for column in found.table.columns), strict=True)] == wanted
        assert found.told["names"].startswith("none")


def test_whole_numbers_that_are_too_big_are_texts(tmp_path: Path) -> None:
    for odd in ("", "x\n"):
        data = "id,text\n" + "".join(f"{2**70 + i},one two\n" for i in range(9)) + odd
        assert read(tmp_path, data.encode()).table["id"].to_pylist() == [str(2**70 + i) for i in range(9)]


def test_a_comma_in_every_text_makes_no_names_of_rows(tmp_path: Path) -> None:
    data = "year,text\n" + "".join(f"{year},{text}, and more\n" for year, text in documents(60))
    with pytest.raises(InvalidValue, match=r"60 of 60 rows cannot be used .*quotation marks around texts"):
        read(tmp_path, data.encode())


def test_row_names_without_a_header_are_a_column(tmp_path: Path) -> None:
    """As R writes them."""
    found = read(tmp_path, b"year\ttext\n" + b"".join(b"r%d\t%d\tone two\n" % (i, 1900 + i) for i in range(9)), "c.tsv")
    assert found.table.column_names == ["column 1", "year", "text"]
    assert found.table["year"].to_pylist() == [*range(1900, 1909)]


# quotation marks


@pytest.mark.parametrize("at", [[3], [3, 391], [10, 11, 12], [399]])
def test_a_stray_mark_between_tabs_is_a_letter(tmp_path: Path, at: list[int]) -> None:
    wanted = [(year, '"' + text if i in at else text) for i, (year, text) in enumerate(documents(400))]
    for end in ("\n", "\r\n"):
        found = read(tmp_path, Written("\t", end=end).bytes_of(wanted), "c.tsv")
        assert rows_of(found) == wanted
        assert (found.read.read, found.read.skipped) == (400, {})


def test_marks_that_pair_by_chance_between_tabs_swallow_nothing(tmp_path: Path) -> None:
    wanted = documents(50)
    wanted[5] = (wanted[5][0], '"Yes, he said.')
    wanted[9] = (wanted[9][0], 'No, he said."')
    assert rows_of(read(tmp_path, Written("\t").bytes_of(wanted), "c.tsv")) == wanted


def test_tabs_with_quotation_are_read_so(tmp_path: Path) -> None:
    text = 'year\ttext\n1800\t"one\ntwo"\n1801\t"he said ""no"""\n1802\tplain\n'
    assert rows_of(read(tmp_path, text.encode(), "c.tsv")) == [
        (1800, "one\ntwo"),
        (1801, 'he said "no"'),
        (1802, "plain"),
    ]
    text = '"year"\t"text"\n"1800"\t"one two"\n"1801"\t"three"\n'
    assert rows_of(read(tmp_path, text.encode(), "c.tsv")) == [(1800, "one two"), (1801, "three")]


@pytest.mark.parametrize(("row", "line"), [(0, 2), (41, 43), (299, 301)])
@pytest.mark.parametrize("every", [False, True])
def test_a_mark_that_is_never_closed_is_named_by_its_line(tmp_path: Path, row: int, line: int, every: bool) -> None:
    lines = Written(every=every).bytes_of(documents(300)).decode().splitlines()
    year, _, text = lines[row + 1].partition(",")
    lines[row + 1] = f'{year},"{text.strip(chr(34))}'
    with pytest.raises(InvalidValue, match=rf"c.csv, line {line}: a quotation mark opens a cell and is never closed"):
        read(tmp_path, "\n".join([*lines, ""]).encode())


def test_a_mark_within_a_text_is_a_letter(tmp_path: Path) -> None:
    wanted = [(1800, 'a disk of 5" and'), (1801, "b"), (1802, 'another 3" one')]
    data = "year,text\n" + "".join(f"{year},{text}\n" for year, text in wanted)
    assert rows_of(read(tmp_path, data.encode())) == wanted


# odd rows


def test_a_few_odd_rows_are_skipped_and_counted(tmp_path: Path) -> None:
    lines = Written().bytes_of(documents(300)).decode().splitlines()
    lines[10] = "1809"
    lines[20] = "a,b,c,d"
    lines.insert(30, "")
    lines.append("")
    found = read(tmp_path, "\n".join([*lines, ""]).encode())
    assert found.read.read == len(found.table) == 298
    assert found.read.skipped == {"blank_row": 2, "short_row": 1, "long_row": 1}
    assert (found.read.listed["short_row"], found.read.listed["long_row"]) == (["line 11"], ["line 21"])


def test_a_blank_last_line_is_counted_also_where_all_else_is_plain(tmp_path: Path) -> None:
    for end in ("\n", "\r\n"):
        found = read(tmp_path, Written(end=end).bytes_of(documents(30)) + end.encode() * 2)
        assert (found.read.read, found.read.skipped) == (30, {"blank_row": 2})
    inside = b'year,text\n1800,"one\n\n\ntwo"\n\n1801,three\n'
    found = read(tmp_path, inside)
    assert rows_of(found) == [(1800, "one\n\n\ntwo"), (1801, "three")]
    assert found.read.skipped == {"blank_row": 1}


def test_many_odd_rows_refuse_the_file_and_name_the_first(tmp_path: Path) -> None:
    lines = Written().bytes_of(documents(300)).decode().splitlines()
    for i in range(50, 90, 10):
        lines[i] = "1800"
    assert read(tmp_path, "\n".join(lines).encode()).read.skipped == {"short_row": 4}
    for i in range(50, 130, 10):
        lines[i] = "1800"
    with pytest.raises(InvalidValue, match=r"8 of 300 rows .*\(short row: line 51, line 61, line 71\).* up to 1%"):
        read(tmp_path, "\n".join(lines).encode())


def test_a_text_that_holds_the_delimiter_without_marks_is_read_whole(tmp_path: Path) -> None:
    wanted = [(year, text + (", and more" if i % 20 == 0 else "")) for i, (year, text) in enumerate(documents(300))]
    data = "year,text\n" + "".join(f"{year},{text}\n" for year, text in wanted)
    found = read(tmp_path, data.encode())
    assert rows_of(found) == wanted
    assert found.told["joined"].startswith("15 rows")
    turned = "text,year\n" + "".join(f"{text},{year}\n" for year, text in wanted)
    assert rows_of(read(tmp_path, turned.encode())) == wanted


def test_a_line_of_other_bytes_is_skipped_in_a_file_of_utf_8(tmp_path: Path) -> None:
    data = "year,text\n" + "".join(f"{1800 + i},東京 {i}\n" for i in range(200))
    found = read(tmp_path, data.encode() + b"1900,caf\xe9\n")
    assert (found.read.read, found.read.skipped) == (200, {"not_utf8": 1})
    assert found.read.listed["not_utf8"] == ["line 202"]


def test_a_letter_that_is_cut_at_the_end_is_one_odd_row(tmp_path: Path) -> None:
    found = read(tmp_path, "year,text\n1,東\n2,京\n3,日".encode()[:-1])
    assert (found.read.read, found.read.skipped) == (2, {"not_utf8": 1})


# columns


def test_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    found = read(tmp_path, b"text,text,n\na,b,1\nc,d,2\n")
    assert found.table.to_pylist() == [{"text": "a", "text 2": "b", "n": 1}, {"text": "c", "text 2": "d", "n": 2}]
    assert found.told["renamed"] == "'column 2, text' is 'text 2'"


def test_a_column_that_is_a_number_for_long_and_then_text_is_text(tmp_path: Path) -> None:
    data = "text,n\n" + "".join(f"w{i},{i if i < 30_000 else f'L{i}'}\n" for i in range(30_010))
    column = read(tmp_path, data.encode()).table["n"].to_pylist()
    assert (column[0], column[-1]) == ("0", "L30009")


def test_texts_that_look_like_null_stay_texts(tmp_path: Path) -> None:
    """Also where rows are read one by one."""
    for extra in (b"", b"x\n"):
        found = read(tmp_path, b"text,year,who\na,1,NA\nb,NA,\n" + extra + b"c,3,FR\n")
        assert found.table.to_pylist() == [
            {"text": "a", "year": 1, "who": "NA"},
            {"text": "b", "year": None, "who": None},
            {"text": "c", "year": 3, "who": "FR"},
        ]
