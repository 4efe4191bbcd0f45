"""Vectors of other tools: read as the tools themselves read them, refused with the line, never unpickled."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.errors import IsoglossError, NotFound
from isogloss.formats.decimals import OK, parse_lines
from isogloss.formats.format import readable, writable
from isogloss.formats.reading import import_file, read_vectors, recognise
from isogloss.formats.writing import export_space
from isogloss.spaces.space import Space
from tests.kit.collections import ITEMS, items_space
from tests.kit.tiers import cases


@pytest.fixture
def space() -> Space:
    return items_space()


def refused(path: Path, *, format: str | None = None, vocabulary: Path | None = None) -> str:
    with pytest.raises(IsoglossError) as caught:
        import_file(path, format=format, vocabulary=vocabulary)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# decimals


@given(st.floats(width=32, allow_nan=False, allow_infinity=False), st.sampled_from(["r", "f", "e", "g"]))
def test_decimals_are_read_to_the_nearest_float32(value: float, how: str) -> None:
    text = repr(value) if how == "r" else f"{value:.12{how}}"
    vectors, _, _, status = parse_lines(f"w {text}\n".encode(), 1)
    assert status[0] == OK
    with np.errstate(over="ignore"):
        expected = np.float32(float(text))
    assert vectors[0, 0] == expected or abs(float(vectors[0, 0]) - float(expected)) <= float(np.spacing(abs(expected)))


@given(st.text("0123456789.eE+-naif ", max_size=12))
def test_what_python_does_not_read_as_a_number_is_not_read(text: str) -> None:
    vectors, _, _, status = parse_lines(f"w x{text}\n".encode(), 1)
    with np.errstate(over="ignore"):
        assert status[0] != OK or vectors[0, 0] == np.float32(float(text.split()[-1]))


# round trips


@pytest.mark.parametrize("format", list(writable()))
@pytest.mark.parametrize("packing", ["", ".gz", ".bz2", ".xz", ".zst", ".zip"])
def test_what_is_written_is_read_again(space: Space, tmp_path: Path, format: str, packing: str) -> None:
    named = {
        "word2vec": "o.vec",
        "word2vec-binary": "o.bin",
        "projector": "o.tsv",
        "parquet": "o.parquet",
        "numpy": "o.npy",
    }[format]
    files = export_space(space, format, tmp_path / named)
    path = next(f for f in files if f.name == named)
    vocabulary = next((f for f in files if f != path), None)
    if packing:
        if format in ("parquet", "numpy"):
            return  # packed in themselves, or mapped
        path = pack(path, packing)
    found = import_file(path, vocabulary=vocabulary)
    assert [i.replace("_", " ") for i in found.items] == list(ITEMS)
    np.testing.assert_array_equal(found.vectors, space.vectors)
    if format == "parquet":
        assert found.columns["kind"].to_pylist() == ["a", "b"] * 4


def pack(path: Path, packing: str) -> Path:
    data, out = path.read_bytes(), path.with_name(path.name + packing)
    if packing == ".zip":
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(path.name, data)
    elif packing == ".zst":
        out.write_bytes(pa.compress(data, "zstd", asbytes=True))
    else:
        out.write_bytes({".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}[packing](data))
    return out


def test_gensim_reads_what_we_write_and_we_what_gensim_writes(space: Space, tmp_path: Path) -> None:
    from gensim.models import KeyedVectors

    for binary in (False, True):
        path = tmp_path / f"ours{binary}"
        export_space(space, "word2vec-binary" if binary else "word2vec", path)
        theirs = KeyedVectors.load_word2vec_format(str(path), binary=binary)
        np.testing.assert_array_equal(theirs["Москва"], space.vectors[2])
        theirs.save_word2vec_format(str(tmp_path / "theirs"), binary=binary)
        found = import_file(tmp_path / "theirs")
        assert (recognise(tmp_path / "theirs") == "word2vec-binary") is binary
        np.testing.assert_array_equal(found.vectors, theirs.vectors)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small fastText model with n-grams, written by gensim in fastText's own format."""
    from gensim.models import FastText
    from gensim.models.fasttext import save_facebook_model

    words = ["cat", "cats", "Köln", "Москва", "東京", "naïve", "a"]
    texts = [[words[i % 7], words[(i * 3) % 7], words[(i * 5 + 1) % 7]] for i in range(300)]
    made = FastText(texts, vector_size=6, min_count=1, bucket=50, min_n=2, max_n=4, epochs=1, seed=1, workers=1)
    path = tmp_path_factory.mktemp("fasttext") / "model.bin"
    save_facebook_model(made, str(path))
    return path


def test_fasttext_words_are_the_mean_of_their_n_grams(model: Path) -> None:
    from gensim.models.fasttext import load_facebook_vectors

    theirs = load_facebook_vectors(str(model))
    found = import_file(model)
    assert recognise(model) == "fasttext"
    assert sorted(found.items) == sorted(theirs.key_to_index)
    for item, vector in zip(found.items, found.vectors, strict=True):
        np.testing.assert_allclose(vector, theirs[item], atol=1e-6)
    assert found.columns["count"].to_pylist() == [theirs.get_vecattr(i, "count") for i in found.items]


def test_fasttext_says_what_is_wrong(model: Path, tmp_path: Path) -> None:
    whole = model.read_bytes()
    (tmp_path / "cut.bin").write_bytes(whole[: len(whole) // 3])
    assert "cut off or damaged" in refused(tmp_path / "cut.bin")
    (tmp_path / "lies.bin").write_bytes(whole[:64] + (1 << 30).to_bytes(4, "little") * 2 + whole[72:])
    assert "the file is damaged" in refused(tmp_path / "lies.bin")


def test_glove_has_no_header_and_items_may_hold_spaces(tmp_path: Path) -> None:
    path = tmp_path / "glove.txt"
    path.write_text("the 0.1 -0.2\nat name@domain.com 1e-3 2\n2009 3 4\nnan nan 1\n. 5 6\n\n", encoding="utf-8")
    found = import_file(path)
    assert found.items == ["the", "at name@domain.com", "2009", "."]
    assert found.skipped == {"duplicate": 0, "blank": 0, "zero": 0, "non_finite": 1}
    assert found.listed["non_finite"] == ["nan"]


def test_what_is_skipped_is_counted_and_named(tmp_path: Path) -> None:
    path = tmp_path / "v.vec"
    path.write_text("7 2\na 1 2\nA 1 2\na 3 4\nb 0 0\n 5 6\nc inf 1\nd 1e39 1\n", encoding="utf-8")
    found = import_file(path)
    assert found.items == ["a", "A"]
    assert found.skipped == {"duplicate": 1, "blank": 1, "zero": 1, "non_finite": 2}
    assert import_file(path, lower=True).items == ["a"]
    assert import_file(path, limit=1).items == ["a"]


def test_tables_in_four_kinds(space: Space, tmp_path: Path) -> None:
    from pyarrow import csv, ipc

    rows = [
        {"word": i, "n": n, "vector": [float(x) for x in v]}
        for n, (i, v) in enumerate(zip(ITEMS, space.vectors, strict=True))
    ]
    (tmp_path / "v.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    table = pa.Table.from_pylist(rows)
    with ipc.new_stream(tmp_path / "v.arrow", table.schema) as writer:
        writer.write_table(table)
    written = pa.table(
        {"word": table["word"], "n": table["n"], "vector": [json.dumps(v) for v in table["vector"].to_pylist()]}
    )
    csv.write_csv(written, tmp_path / "v.csv")
    folder = tmp_path / "dataset"
    folder.mkdir()
    (folder / "data.arrow").write_bytes((tmp_path / "v.arrow").read_bytes())
    (folder / "state.json").write_text(json.dumps({"_data_files": [{"filename": "data.arrow"}]}))
    for path in (tmp_path / "v.jsonl", tmp_path / "v.arrow", tmp_path / "v.csv", folder):
        found = import_file(path)
        assert found.items == list(ITEMS)
        np.testing.assert_array_equal(found.vectors, space.vectors)
        assert found.columns["n"].to_pylist() == list(range(len(ITEMS)))


def test_safetensors_with_a_tokenizer(space: Space, tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    save_file(
        {"embeddings": space.vectors.astype(np.float16), "other": np.zeros((2, 2), np.float32)},
        tmp_path / "m.safetensors",
    )
    assert "tokenizer.json" in refused(tmp_path / "m.safetensors")
    vocabulary = {token: n for n, token in enumerate(ITEMS)}
    (tmp_path / "tokenizer.json").write_text(json.dumps({"model": {"vocab": vocabulary}}), encoding="utf-8")
    found = import_file(tmp_path / "m.safetensors")
    assert found.items == list(ITEMS)
    np.testing.assert_allclose(found.vectors, space.vectors, atol=2e-3)


def test_a_notebook_reads_a_space(space: Space, tmp_path: Path) -> None:
    export_space(space, "word2vec", tmp_path / "wiki.en.vec")
    found = read_vectors(str(tmp_path / "wiki.en.vec"), limit=3)
    assert (found.name, len(found), found.metadata["file"]) == ("wiki.en", 3, "wiki.en.vec")
    np.testing.assert_array_equal(found.vectors, space.vectors[:3])
    assert read_vectors(tmp_path / "wiki.en.vec", name="English", lower=True).name == "English"


# what is refused, and how


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2 3\na 1 2 3\nb 1 2\n", "1 of 2 rows cannot be used (short row: line 3: 2 numbers, expected 3)"),
        ("2 2\na 1 2\nb 1 x2\n", "line 3: number 2 is 'x2'"),
        ("1000000000000 300\n", "has a header and no vectors"),
        ("", "is empty"),
        ("2 2\na 0 0\n 1 1\n", "no usable vector was found (1 blank, 1 zero)"),
    ],
)
def test_the_line_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "v.vec"
    path.write_text(text)
    assert said in refused(path)


def test_text_that_is_not_utf_8_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "v.vec"
    path.write_bytes(b"2 1\na 1\nb\xff 2\n")
    assert "not utf8: line 3" in refused(path, format="word2vec")


@pytest.mark.parametrize(
    "name", ["w.kv", "w.model", "w.mdl", "v.pkl", "v.pt", "v.pth", "v.pkl.gz", "innocent.bin", "plain"]
)
def test_pickles_are_never_opened(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
    assert "pickle" in refused(tmp_path / name)
    np.save(tmp_path / "o.npy", np.array([Trap(tmp_path / "sprung")], dtype=object), allow_pickle=True)
    (tmp_path / "names").write_text("a\n")
    assert "pickles" in refused(tmp_path / "o.npy", vocabulary=tmp_path / "names")
    assert not (tmp_path / "sprung").exists()


def test_archives_of_tricks_are_refused(tmp_path: Path) -> None:
    for name, files in {
        "up.zip": ["../v.vec"],
        "two.zip": ["a.vec", "b.vec"],
        "pickle.zip": ["a.kv"],
        "none.zip": [],
    }.items():
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for one in files:
                archive.writestr(one, "1 1\na 1\n")
    assert "'../v.vec'" in refused(tmp_path / "up.zip", format="word2vec")
    assert "holds 2 files" in refused(tmp_path / "two.zip", format="word2vec")
    assert "pickles" in refused(tmp_path / "pickle.zip", format="word2vec")
    assert "holds 0 files" in refused(tmp_path / "none.zip", format="word2vec")
    with gzip.open(tmp_path / "bomb.vec.gz", "wb") as file:
        for _ in range(5):
            file.write((b"a 1" + b" " * 4_092 + b"\n") * (1 << 12))
    assert "more than 200 times" in refused(tmp_path / "bomb.vec.gz")


def test_files_that_are_not_there_and_formats_that_are_not_known(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        import_file(tmp_path / "none.vec")
    (tmp_path / "v.vec").write_text("1 1\na 1\n")
    assert "choose one of" in refused(tmp_path / "v.vec", format="nonsense")


def seeds(space: Space, folder: Path) -> dict[str, tuple[Path, Path | None]]:
    """A good file of each format, and the file of names where there is one."""
    found: dict[str, tuple[Path, Path | None]] = {}
    for format, name in (("word2vec", "a.vec"), ("word2vec-binary", "a.bin"), ("parquet", "a.parquet")):
        found[{"parquet": "table"}.get(format, format)] = (export_space(space, format, folder / name)[0], None)
    metadata, rows = sorted(export_space(space, "projector", folder / "a.tsv"))
    found["projector"] = (rows, metadata)
    array, names = sorted(export_space(space, "numpy", folder / "a.npy"))
    found["numpy"] = (array, names)
    from safetensors.numpy import save_file

    save_file({"e": space.vectors}, folder / "a.safetensors")
    found["safetensors"] = (folder / "a.safetensors", names)
    return found


@pytest.mark.parametrize("format", list(readable()))
def test_damaged_files_give_a_message_or_a_result(space: Space, model: Path, tmp_path: Path, format: str) -> None:
    """Cut, overwritten, doubled, shuffled, random: an error of ours, or finite vectors of distinct items."""
    path, names = (seeds(space, tmp_path) | {"fasttext": (model, None)})[format]
    whole = path.read_bytes()
    rng = np.random.default_rng(7)
    good, levers = 0, list[str]()
    for case in range(cases(2_000)):
        data = bytearray(whole)
        for _ in range(int(rng.integers(1, 4))):
            at = int(rng.integers(0, len(data) + 1))
            kind = int(rng.integers(0, 6))
            if kind == 0:
                data = data[:at]
            elif kind == 1 and data:
                data[at % len(data)] = int(rng.integers(256))
            elif kind == 2:
                data[at:at] = rng.integers(0, 256, int(rng.integers(1, 20)), dtype=np.uint8).tobytes()
            elif kind == 3:
                data[at : at + int(rng.integers(1, 60))] = b""
            elif kind == 4:
                data[at:at] = str(10 ** int(rng.integers(1, 18))).encode()
            elif case % 50 == 0:
                data = bytearray(rng.integers(0, 256, len(whole), dtype=np.uint8).tobytes())
        bad = tmp_path / f"bad{path.suffix}"
        bad.write_bytes(data)
        try:
            found = import_file(bad, format=format, vocabulary=names)
        except IsoglossError as error:
            levers.append(error.lever)
            continue
        good += 1
        assert len(set(found.items)) == len(found.items) == len(found.vectors)
        assert np.isfinite(found.vectors).all()
    assert good < cases(2_000)
    assert all(levers)
