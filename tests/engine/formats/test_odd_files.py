"""Files as people have them: an odd row costs itself alone, content decides, and columns can be chosen."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.cli.main import main
from isogloss.errors import InvalidValue, IsoglossError
from isogloss.formats.chosen import Chosen
from isogloss.formats.collected import Collected
from isogloss.formats.preview import preview
from isogloss.formats.reading import import_file, recognise
from isogloss.spaces.collection import Collection
from isogloss.workspace.store import Workspace

WORDS = ["sea", "ship", "wheat", "barn", "law", "judge", "fever", "nurse", "north", "green"]
ROWS = np.random.default_rng(7).normal(size=(10, 4)).round(3)
LISTS = ROWS.tolist()


def line(word: str, row: np.ndarray, between: str = " ") -> str:
    return between.join([word, *(f"{v:g}" for v in row)])


LINES = [line(w, r) for w, r in zip(WORDS, ROWS, strict=True)]
BINARY = b"10 4\n" + b"".join(
    w.encode() + b" " + r.astype("<f4").tobytes() + b"\n" for w, r in zip(WORDS, ROWS, strict=True)
)


def same(found: Collected, without: str = "") -> bool:
    """Whether all words are there with their vectors, but one."""
    rows = [i for i, w in enumerate(WORDS) if w != without]
    return found.items == [WORDS[i] for i in rows] and np.allclose(found.vectors, ROWS[rows], atol=1e-6)


def skipped(found: Collected) -> dict[str, int]:
    return {reason: n for reason, n in found.skipped.items() if n}


TEXTS: dict[str, tuple[bytes, str, dict[str, int], str]] = {  # bytes, word that goes, what is counted, what is said
    "plain": ("\n".join(["10 4", *LINES]).encode(), "", {}, ""),
    "head of a long file": ("\n".join(["2000000 4", *LINES]).encode(), "", {}, "2,000,000 vectors and 10 are there"),
    "one too many": ("\n".join(["11 4", *LINES]).encode(), "", {}, "says 11 vectors"),
    "too few said": ("\n".join(["3 4", *LINES]).encode(), "", {}, "says 3 vectors"),
    "other dimensions said": ("\n".join(["10 9", *LINES]).encode(), "", {}, "says 9 numbers a vector"),
    "swapped header": ("\n".join(["4 10", *LINES]).encode(), "", {}, "says 10 numbers"),
    "header of three": ("\n".join(["10 4 1", *LINES]).encode(), "", {}, ""),
    "comment": ("\n".join(["# a tool", "10 4", *LINES]).encode(), "", {"short_row": 1}, ""),
    "merge": ("\n".join(["<<<<<<< a", "10 4", *LINES, ">>>>>>> b"]).encode(), "", {"short_row": 2}, ""),
    "blank last line of CRLF": (("\r\n".join(["10 4", *LINES]) + "\r\n\r\n").encode(), "", {}, ""),
    "cut off": ("\n".join(["10 4", *LINES])[: -len(LINES[-1]) + 8].encode(), "green", {"short_row": 1}, ""),
    "no name": (
        "\n".join(["10 4", *LINES]).replace("wheat ", "").encode(), "wheat", {"blank": 1}, ""
    ),
    "not UTF-8": ("\n".join(["10 4", *LINES]).encode().replace(b"wheat", b"wh\xe9at"), "wheat", {"not_utf8": 1}, ""),
    "NaN of Windows": (
        "\n".join(["10 4", *LINES]).replace(LINES[2], "wheat -1.#IND 1 2 3").encode(), "wheat", {"non_finite": 1}, ""
    ),
    "a value that is none": (
        "\n".join(["10 4", *LINES]).replace(LINES[2], "wheat x 1 2 3").encode(), "wheat", {"no_number": 1}, ""
    ),
    "decimal commas": ("\n".join(["10 4", *LINES]).replace(".", ",").encode(), "", {}, "decimal commas"),
    "brackets": (
        "\n".join(f"{w} {r}" for w, r in zip(WORDS, LISTS, strict=True)).encode(), "", {}, "between brackets"
    ),
    "commas": ("\n".join(line(w, r, ",") for w, r in zip(WORDS, ROWS, strict=True)).encode(), "", {}, ""),
    "counts": (
        "\n".join(["10 4", *(x.replace(" ", f" {90 - i} ", 1) for i, x in enumerate(LINES))]).encode(), "", {}, "count"
    ),
    "UTF-16": ("\n".join(["10 4", *LINES]).encode("utf-16"), "", {}, ""),
    "tabs": ("\n".join(line(w, r, "\t") for w, r in zip(WORDS, ROWS, strict=True)).encode(), "", {}, ""),
}  # fmt: off


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("ending", [".vec", ".txt", ""])
def test_text_with_one_odd_thing(tmp_path: Path, kind: str, ending: str) -> None:
    data, without, counted, said = TEXTS[kind]
    path = tmp_path / f"v{ending}"
    path.write_bytes(data)
    found = import_file(path)
    assert same(found, without)
    assert skipped(found) == counted
    assert said in "; ".join(found.said)
    if kind == "counts":
        assert found.columns["count"].to_pylist() == [90 - i for i in range(10)]


def test_a_file_of_another_kind_is_refused_with_its_first_lines(tmp_path: Path) -> None:
    path = tmp_path / "v.vec"
    path.write_text("\n".join(["2000 2", *(f"w{i} 1 2" for i in range(1_900)), *(f"x{i} 1" for i in range(100))]))
    with pytest.raises(InvalidValue, match=r"99 of 1,999 rows .* \(short row: line 1,902: 1 number, expected 2"):
        import_file(path)
    path.write_text("\n".join(f"{w} NN" for w in LINES))
    with pytest.raises(InvalidValue, match="its first line ends with 'NN'"):
        import_file(path)
    path.write_text("\n".join(x.split(" ", 1)[1] for x in LINES))
    with pytest.raises(InvalidValue, match=r"holds no names: give a file with one item a line: --vocab FILE"):
        import_file(path)


@pytest.mark.parametrize("name", ["a", "a.vec", "a.w2v", "a.txt", "a.model.bin", "a.bin"])
def test_binary_under_any_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BINARY)
    assert recognise(tmp_path / name) == "word2vec-binary"
    assert same(import_file(tmp_path / name))


def test_binary_names_with_spaces_or_other_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(BINARY.replace(b"wheat ", b"wheat field "))
    found = import_file(path)
    assert found.items == [w.replace("wheat", "wheat field") for w in WORDS]
    assert np.allclose(found.vectors, ROWS, atol=1e-6)
    path.write_bytes(BINARY.replace(b"wheat", b"whe\xe9t"))
    found = import_file(path)
    assert same(found, "wheat")
    assert skipped(found) == {"not_utf8": 1}


def csv(header: str, cells: Callable[[int], str]) -> bytes:
    return "\n".join(filter(None, [header, *(cells(i) for i in range(10))])).encode()


def wide(i: int, between: str = ",") -> str:
    return line(WORDS[i], ROWS[i], between)


def quoted(i: int) -> str:
    return f'"{LISTS[i]}"'


CSVS: dict[str, tuple[bytes, list[str]]] = {
    "wide": (csv("word,d0,d1,d2,d3", wide), []),
    "wide semicolons": (csv("word;0;1;2;3", lambda i: wide(i, ";")), []),
    "index without a name": (csv(",0,1,2,3", wide), []),
    "no heading": (csv("", wide), []),
    "capitals": (
        csv("ProductId,Text,n,Embedding", lambda i: f"A{i % 3},{WORDS[i]},{i},{quoted(i)}"),
        ["ProductId", "n"],
    ),
    "Word": (csv("Word,Embedding", lambda i: f"{WORDS[i]},{quoted(i)}"), []),
    "other name of the vectors": (
        csv(",title,text,ada_v2", lambda i: f"{i},t,{WORDS[i]},{quoted(i)}"),
        ["column 1", "title"],
    ),
    "numpy": (csv("word,vector", lambda i: f'{WORDS[i]},"{ROWS[i]!s}"'), []),
    "braces": (csv("word,vector", lambda i: WORDS[i] + ',"{' + ",".join(map(str, LISTS[i])) + '}"'), []),
    "semicolons": (csv("word;vector", lambda i: f"{WORDS[i]};{LISTS[i]}"), []),
}


@pytest.mark.parametrize("kind", CSVS)
def test_csv_as_people_have_it(tmp_path: Path, kind: str) -> None:
    data, columns = CSVS[kind]
    (tmp_path / "v.csv").write_bytes(data)
    found = import_file(tmp_path / "v.csv")
    assert same(found)
    assert found.columns.column_names == columns


JSONS = {
    "objects": [{"word": w, "vector": v} for w, v in zip(WORDS, LISTS, strict=True)],
    "item to vector": dict(zip(WORDS, LISTS, strict=True)),
    "columns": {"word": WORDS, "vector": LISTS},
    "pandas": {"word": dict(enumerate(WORDS)), "vector": dict(enumerate(LISTS))},
}


@pytest.mark.parametrize("kind", JSONS)
@pytest.mark.parametrize("indent", [None, 1])
def test_json_of_every_shape(tmp_path: Path, kind: str, indent: int | None) -> None:
    (tmp_path / "v.json").write_text(json.dumps(JSONS[kind], indent=indent))
    assert same(import_file(tmp_path / "v.json"))


KINDS: dict[str, tuple[object, dict[str, int]]] = {
    "half": (pa.array(ROWS.astype(np.float16).tolist(), pa.list_(pa.float16())), {}),
    "fixed": (pa.array(LISTS, pa.list_(pa.float32(), 4)), {}),
    "large": (pa.array(LISTS, pa.large_list(pa.float64())), {}),
    "nested": (pa.array([[one] for one in LISTS]), {}),
    "bytes": (pa.array([r.astype("<f4").tobytes() for r in ROWS]), {}),
    "struct": (pa.array([{"dense": one} for one in LISTS]), {}),
    "one null": (pa.array([None if w == "wheat" else v for w, v in zip(WORDS, LISTS, strict=True)]), {"no_vector": 1}),
    "one short": (
        pa.array([v[:2] if w == "wheat" else v for w, v in zip(WORDS, LISTS, strict=True)]),
        {"other_length": 1},
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ["parquet", "feather"])
def test_arrow_columns_of_every_kind(tmp_path: Path, kind: str, ending: str) -> None:
    column, counted = KINDS[kind]
    table, path = pa.table({"word": WORDS, "vector": column}), tmp_path / f"v.{ending}"
    (pq.write_table if ending == "parquet" else feather.write_feather)(table, path)
    found = import_file(path)
    assert skipped(found) == counted
    without = "wheat" if counted else ""
    assert found.items == [w for w in WORDS if w != without]
    assert np.allclose(found.vectors, ROWS[[w != without for w in WORDS]], atol=2e-3)


def test_ids_names_and_several_embeddings(tmp_path: Path) -> None:
    path = tmp_path / "v.parquet"
    ids = [f"id{i}" for i in range(10)]
    table = pa.table({"ids": ids, "documents": WORDS, "row": range(10), "emb_a": LISTS, "emb_b": (ROWS * 2).tolist()})
    pq.write_table(table, path)
    with pytest.raises(InvalidValue, match=r"2 columns of vectors: emb_a, emb_b: name one: --vector-column"):
        import_file(path)
    found = import_file(path, chosen=Chosen(vector="EMB_B"))
    assert found.items == WORDS
    assert np.allclose(found.vectors, ROWS * 2, atol=1e-6)
    assert import_file(path, chosen=Chosen(item="ids", vector="emb_a")).items == ids
    assert import_file(path, chosen=Chosen(item="row", vector="emb_a")).items == [*map(str, range(10))]
    with pytest.raises(InvalidValue, match=r"no column 'nope': --item-column takes one of documents, ids, row"):
        import_file(path, chosen=Chosen(item="nope", vector="emb_a"))
    seen = preview(path, asked=Chosen(vector="emb_a")).candidates
    assert [(one.kind, one.name, one.chosen) for one in seen[:3]] == [
        ("vector", "emb_a", True),
        ("vector", "emb_b", False),
        ("item", "documents", True),
    ]
    assert seen[2].values == tuple(WORDS[:3])
    pq.write_table(pa.table({"id": range(10), "vector": LISTS}), path)
    assert import_file(path).items == [*map(str, range(10))]


def safetensors(path: Path, matrices: dict[str, np.ndarray]) -> None:
    header, data = {}, b""
    for name, matrix in matrices.items():
        raw = matrix.astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(matrix.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    told = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(told)) + told + data)


def test_a_matrix_of_several_can_be_chosen(tmp_path: Path) -> None:
    path, vocabulary = tmp_path / "m.safetensors", tmp_path / "vocab.txt"
    vocabulary.write_text("\n".join(WORDS))
    safetensors(path, {"lm_head.weight": ROWS * 3, "model.embed_tokens.weight": ROWS, "bias": np.ones((2, 4))})
    assert same(import_file(path, vocabulary=vocabulary))
    found = import_file(path, vocabulary=vocabulary, chosen=Chosen(tensor="lm_head.weight"))
    assert np.allclose(found.vectors, ROWS * 3, atol=1e-5)
    safetensors(path, {"a": ROWS, "b": ROWS})
    with pytest.raises(InvalidValue, match=r"2 matrices of 10 rows \(a \(10, 4\), b \(10, 4\)\): name one: --tensor"):
        import_file(path, vocabulary=vocabulary)
    np.savez(tmp_path / "two.npz", a=ROWS, b=ROWS + 1)
    with pytest.raises(InvalidValue, match="--tensor NAME"):
        import_file(tmp_path / "two.npz", vocabulary=vocabulary)
    assert np.allclose(
        import_file(tmp_path / "two.npz", vocabulary=vocabulary, chosen=Chosen(tensor="b")).vectors, ROWS + 1
    )


NAMES: dict[str, tuple[str, list[str]]] = {
    "no last line end": ("\n".join(WORDS), WORDS),
    "heading": ("\n".join(["unit", *WORDS]) + "\n", WORDS),
    "quoted": ("\n".join(f'"{w}"' for w in WORDS) + "\n", WORDS),
    "blank last": ("\n".join([*WORDS[:9], ""]) + "\n", WORDS[:9]),
    "table with heading": ("\n".join(["id\tword", *(f"{i}\t{w}" for i, w in enumerate(WORDS))]), WORDS),
    "table without": ("\n".join(f"{w}\t{90 - i}" for i, w in enumerate(WORDS)), WORDS),
    "counts": ("\n".join(f"{w} {90 - i}" for i, w in enumerate(WORDS)), WORDS),
}


@pytest.mark.parametrize("kind", NAMES)
def test_lists_of_names(tmp_path: Path, kind: str) -> None:
    text, items = NAMES[kind]
    (tmp_path / "n.tsv").write_text(text)
    (tmp_path / "v.tsv").write_text("\n".join("\t".join(map(str, row)) for row in LISTS))
    found = import_file(tmp_path / "v.tsv", vocabulary=tmp_path / "n.tsv")
    assert found.items == items
    assert np.allclose(found.vectors, ROWS[: len(items)], atol=1e-6)
    assert ("count" in found.columns.column_names) == (kind in ("table without", "counts"))


def test_a_file_of_an_archive_and_what_is_no_file_of_vectors(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.txt", "\n".join(LINES))
        archive.writestr("b.txt", "x 1 2 3\ny 1 2 4\n")
    with pytest.raises(InvalidValue, match=r"2 files \(a.txt, b.txt\)"):
        import_file(tmp_path / "two.zip")
    assert same(import_file(tmp_path / "two.zip", chosen=Chosen(part="a.txt")))
    for name, data, said in (
        ("v.vec", b"<!DOCTYPE html><html>", "an HTML page"),
        ("v.vec", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a pointer of Git LFS"),
        ("v.db", b"SQLite format 3\0" + bytes(200), "an SQLite database"),
        ("w.pkl", b"\x80\x04K\x01.", "pickle"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InvalidValue, match=said):
            import_file(tmp_path / name)


def test_a_column_that_changes_its_kind_late(tmp_path: Path) -> None:
    rows = [{"word": f"w{i}", "label": i if i < 20_000 else f"L{i}", "vector": [i, 1]} for i in range(20_010)]
    (tmp_path / "v.jsonl").write_text("\n".join(map(json.dumps, rows)))
    found = import_file(tmp_path / "v.jsonl")
    assert len(found.items) == 20_010
    assert found.columns["label"].to_pylist()[-1] == "L20009"


@given(
    st.binary(max_size=300), st.sampled_from(["v.vec", "v.bin", "v.csv", "v.json", "v.parquet", "v", "v.tsv", "v.npz"])
)
def test_no_bytes_end_in_another_error(tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str) -> None:
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(data)
    for look in (lambda: import_file(path), lambda: preview(path)):
        try:
            look()
        except IsoglossError as error:
            said = str(error)
            assert said


@given(
    st.lists(
        st.sampled_from(["good", "short", "bad", "blank", "zero", "nan", "double", "empty", "bytes"]),
        min_size=3,
        max_size=60,
    )
)
def test_rows_in_are_rows_read_or_skipped(tmp_path_factory: pytest.TempPathFactory, kinds: list[str]) -> None:
    make = {"good": "w{i} 1 2 3", "short": "w{i} 1", "bad": "w{i} 1 x 3", "blank": " 1 2 3", "zero": "w{i} 0 0 0"}
    make |= {"nan": "w{i} nan 1 2", "double": "first 1 2 4", "empty": "", "bytes": "w{i}\udcff 1 2 3"}
    lines = [
        "first 1 2 3",
        *("w" + f"{i} 9 9 {i}" for i in range(6)),
        *(make[k].format(i=i + 9) for i, k in enumerate(kinds)),
    ]
    path = tmp_path_factory.mktemp("rows") / "v.vec"
    path.write_bytes("\n".join([f"{len(lines)} 3", *lines, ""]).encode("utf-8", "surrogateescape"))
    odd = sum(k in ("short", "bad", "bytes") for k in kinds)
    n = len([x for x in lines if x])
    if (odd > 5 and odd > 0.01 * n) or 2 * odd >= n:
        with pytest.raises(InvalidValue, match="cannot be used"):
            import_file(path)
        return
    found = import_file(path)
    assert len(found.items) == 7 + kinds.count("good")
    assert len(found.items) + sum(found.skipped.values()) == n
    assert found.skipped["duplicate"] == kinds.count("double")


def test_the_page_offers_what_there_is_to_choose(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "v.parquet"
    pq.write_table(pa.table({"key": [f"k{i}" for i in range(10)], "name": WORDS, "x": LISTS, "y": LISTS}), path)
    command = ["import", str(path), "--into", "c", "--workspace", str(tmp_path / "home"), "--json"]
    assert main(command) == 2
    assert "--vector-column" in capsys.readouterr().err
    assert main([*command, "--vector-column", "y", "--item-column", "key"]) == 0
    assert Workspace(tmp_path / "home").open("c").spaces[0].items[0] == "k0"
    assert isinstance(Workspace(tmp_path / "home").open("c"), Collection)
