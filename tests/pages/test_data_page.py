"""The Data page: what is recognised, what is refused, whose workspace it is."""

from __future__ import annotations

import gc
import gzip
import os
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from components.shell import intake
from components.shell.queue import Queue
from components.shell.visit import Visit
from isogloss.corpora.concordance import describe_corpus
from isogloss.corpora.passages import Passages
from isogloss.corpora.recipe import Recipe, Slice
from isogloss.errors import InvalidValue, StoreError
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.catalogue import Catalogue
from isogloss.workspace.store import Workspace
from tests.kit.pages import html_of, visit

PAGE = "pages/9_Data.py"
BAD = "<img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ISOGLOSS_DATA_ROOTS", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    return tmp_path


def save(home: Path, name: str, title: str = "Mine") -> None:
    space = Space("s", (BAD, "b"), np.eye(2, dtype=np.float32))
    Workspace(home / "home").save(Collection(name, (space,), title))


def typed(home: Path, *names: str, do: str = "Import vectors") -> AppTest:
    at = visit(PAGE, do=do)
    at.text_area[0].set_value("\n".join(str(home / "data" / name) for name in names)).run()
    assert not at.exception, [e.value for e in at.exception]
    return at


def test_it_opens_cold_in_each_of_its_ways() -> None:
    for do, said in (
        ("Import vectors", "Nothing is unpickled"),
        ("Build from texts", "Each slice becomes a space"),
        ("Your collections", "None yet"),
    ):
        text = html_of(visit(PAGE, do=do))
        assert "iso-lead" in text
        assert said in text
    broken = visit(PAGE, do="Nonsense")
    assert any("could not be used" in one.value for one in broken.caption)


def test_a_file_is_shown_before_it_is_imported(home: Path) -> None:
    (home / "data" / "cc.fr.1946-1969.vec").write_text(f"3 2\n{BAD} 1 2\nb 3 4\nc 5 6\n", encoding="utf-8")
    at = typed(home, "cc.fr.1946-1969.vec")
    text = html_of(at)
    assert "about 3 items, 2 dimensions" in text
    assert BAD not in text
    values = {box.label: box.value for box in at.text_input}
    assert (values["Space"], values["Language"], values["Script"], values["Period"]) == (
        "1946-1969",
        "fr",
        "Latn",
        "1946-1969",
    )
    assert values["Collection"] == "cc"
    assert [button.label for button in at.button] == ["Import"]


def test_files_of_the_same_stem_keep_their_names_apart(home: Path) -> None:
    for names, spaces in (
        (("v.en", "v.es"), ["en", "es"]),
        (("wiki.en.2012.vec", "wiki.zh.2012.vec"), ["en", "zh"]),
        (("v.1900.vec", "v.1950.vec"), ["1900", "1950"]),
        (("one.q1", "one.q2"), ["one.q1", "one.q2"]),
    ):
        for name in names:
            (home / "data" / name).write_text("a 1 2\nb 3 4\n")
        at = typed(home, *names)
        assert [box.value for box in at.text_input if box.label == "Space"] == spaces
    assert "2 files to import" in html_of(at)
    at.text_input(key=next(b.key for b in at.text_input if b.label == "Space")).set_value("one.q2").run()
    assert "give each a name of its own" in html_of(at).lower()


def test_numbers_take_their_names_from_a_list(home: Path) -> None:
    np.save(home / "data" / "x.npy", np.eye(3, dtype=np.float32))
    (home / "data" / "x.vocab.txt").write_text("a\nb\nc\n")
    at = typed(home, "x.npy", "x.vocab.txt")
    assert "about 3 items, 3 dimensions" in html_of(at)
    assert "no names" in html_of(typed(home, "x.npy"))
    assert "lists of names" in html_of(typed(home, "x.vocab.txt"))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.pkl", b"\x80\x04.", "it is not opened"),
        ("x.vec", b"2 2\na 1 2\nb x 4\n", "line 3: number 1 is"),
        ("x.npy", b"nothing", "no array"),
        ("x.bin", b"", "empty"),
    ],
)
def test_what_cannot_be_read_gives_a_message_and_no_button(home: Path, name: str, data: bytes, said: str) -> None:
    (home / "data" / name).write_bytes(data)
    at = typed(home, name)
    assert said in html_of(at)
    assert not at.button


def test_only_what_lies_below_the_allowed_folders_can_be_named(home: Path) -> None:
    (home / "data" / "out").symlink_to("/etc")
    for name in ("../home", "out/passwd", "/etc/passwd"):
        assert "not below an allowed folder" in html_of(typed(home, name))


def test_a_corpus_is_shown_by_its_slices(home: Path) -> None:
    table = {
        "text": [f"one two three {i}." for i in range(8)],
        "year": [1900 + i for i in range(8)],
        "author": ["a", "b"] * 4,
    }
    pq.write_table(pa.table(table), home / "data" / "corpus.parquet")
    at = typed(home, "corpus.parquet", do="Build from texts")
    text = html_of(at)
    assert "8 documents. In each slice" in text
    assert "24 words in 4 slices" in text
    assert {b.label: b.value for b in at.selectbox}["Who wrote it"] == "author"
    at.text_input(key="build-ranges-year").set_value("1900-1903, 1899-x").run()
    assert "is not understood" in html_of(at)
    at.text_input(key="build-ranges-year").set_value("early: 1900-1903").run()
    assert "4 of them in no slice" in html_of(at)
    assert (home / "home" / "recipes" / "corpus.toml").is_file()


def test_a_corpus_without_text_or_slices_says_so(home: Path) -> None:
    pq.write_table(pa.table({"year": [1, 2]}), home / "data" / "years.parquet")
    assert "no column of text" in html_of(typed(home, "years.parquet", do="Build from texts"))
    pq.write_table(pa.table({"text": ["a b", "c d"]}), home / "data" / "texts.parquet")
    assert "nothing to slice by" in html_of(typed(home, "texts.parquet", do="Build from texts"))


def test_a_corpus_says_what_it_was_recognised_as_and_what_was_skipped(home: Path) -> None:
    lines = [f"{'c. ' * (i == 9)}{1900 + i}-05-01;one two <b>{i}</b>" for i in range(60)]
    data = "\r\n".join(["Date;Text", *lines[:20], "1920", *lines[20:], ""])
    (home / "data" / "corpus.csv").write_bytes(data.encode("utf-16"))
    at = typed(home, "corpus.csv", do="Build from texts")
    text = html_of(at)
    assert "60 documents, 1 of them in no slice (1 without a date). In each slice" in text
    assert "Recognised (delimiter: semicolon; encoding: utf-16-le)." in text
    assert "60 read; skipped: 1 short row (line 22)." in text
    assert next(d for d in at.dataframe if "why" in d.value.columns).value["what"].tolist() == ["line 22"]
    at.text_input(key="build-ranges-Date").set_value("1900-03 – 1910-05, late: 1930-1949").run()
    assert "30 of them in no slice" in html_of(at)
    at.text_input(key="build-ranges-Date").set_value("1900-1910, 1910-1949").run()
    assert "overlap: 1 documents lie in both" in html_of(at)
    at.text_input(key="build-ranges-Date").set_value("-50--1, 1900-1949").run()
    assert not at.exception


def test_texts_are_one_corpus_packed_or_not(home: Path) -> None:
    for name, text in (("1900.txt", b"one two"), ("1950.txt.gz", gzip.compress(b"three four")), ("1960", b"five")):
        (home / "data" / name).write_bytes(text)
    at = typed(home, "1900.txt", "1950.txt.gz", "1960", do="Build from texts")
    text = html_of(at)
    assert "3 documents. In each slice" in text
    assert "5 words in 3 slices" in text


def test_one_file_of_a_zip_is_chosen_on_the_page(home: Path) -> None:
    with zipfile.ZipFile(home / "data" / "c.zip", "w") as archive:
        for name, n in (("a.csv", 4), ("b.csv", 6)):
            archive.writestr(name, "year,text\n" + "".join(f"{1900 + i},one two\n" for i in range(n)))
    at = typed(home, "c.zip", do="Build from texts")
    assert "4 documents" in html_of(at)
    box = next(one for one in at.selectbox if one.label == "Which part of c.zip")
    box.set_value("b.csv").run()
    assert "6 documents" in html_of(at)
    assert 'part = "b.csv"' in (home / "home" / "recipes" / "c.toml").read_text()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("c.csv", b'year,text\n1900,a b\n1901,"c d\n1902,e\n', "line 3: a quotation mark opens a cell"),
        ("c.csv", b"<!DOCTYPE html><html></html>", "is an HTML page"),
        ("c.db", b"SQLite format 3\0", "an SQLite database"),
        ("c.jsonl", b"\0\1\2", "is no JSON"),
        ("c.csv", b"text,text\n\n", "holds no document"),
        ("c.parquet", b"PAR1", "cannot be read"),
    ],
)
def test_a_corpus_that_cannot_be_read_gives_a_message(home: Path, name: str, data: bytes, said: str) -> None:
    (home / "data" / name).write_bytes(data)
    assert said in html_of(typed(home, name, do="Build from texts"))


def test_a_collection_is_described_deleted_and_brought_back(home: Path) -> None:
    save(home, "mine", f"{BAD} $x^2$ :smile:")
    at = visit(PAGE, do="Your collections")
    assert BAD not in html_of(at)
    at.text_area[0].set_value("said")
    next(b for b in at.button if b.label == "Save").click().run()
    assert Workspace(home / "home").open("mine").metadata["description"] == "said"
    next(b for b in at.button if b.label == "Delete").click().run()
    assert Catalogue(Workspace(home / "home")).own() == []
    assert "mine was deleted" in html_of(at)
    next(b for b in at.button if b.label == "Undo").click().run()
    assert Catalogue(Workspace(home / "home")).own() == ["mine"]


def test_a_read_only_server_accepts_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(home, "mine")
    monkeypatch.setenv("ISOGLOSS_READONLY", "1")
    for do in ("Import vectors", "Build from texts", "Your collections"):
        at = visit(PAGE, do=do)
        assert "read-only" in html_of(at)
        assert not at.text_area[1:]
    next(b for b in at.button if b.label == "Delete").click().run()
    assert "read-only" in html_of(at)
    assert Catalogue(Workspace(home / "home")).own() == ["mine"]
    with pytest.raises(InvalidValue, match="read-only"):
        intake.kept(b"x", "x.vec")


def test_two_visitors_never_see_each_other(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(home, "offered", "The server's own")
    monkeypatch.setenv("ISOGLOSS_VISITORS", "1")
    one, two = visit(PAGE, do="Your collections"), visit(PAGE, do="Your collections")
    roots = [at.session_state["_visit"].root for at in (one, two)]
    assert roots[0] != roots[1]
    save_into = Workspace(roots[0])
    save_into.save(Collection("secret", (Space("s", ("a", "b"), np.eye(2, dtype=np.float32)),), "A secret"))
    assert "A secret" in html_of(one.run())
    for at in (two.run(), visit("app.py"), visit("pages/1_Neighbors.py", collection="secret")):
        assert "A secret" not in html_of(at)
    assert "The server&#x27;s own" in html_of(visit("app.py"))
    assert not (home / "home" / "collections" / "secret").exists()
    assert not visit(PAGE).text_area  # no paths of the server


def test_a_visit_ends_with_its_folder_and_its_work(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Queue(command=[sys.executable, "-c"])
    monkeypatch.setattr("components.shell.visit.QUEUE", queue)
    seen = Visit()
    root = seen.root
    job = queue.start(str(root), "one", ["import time; time.sleep(60)"], environment=os.environ)
    (root / "collections").mkdir()
    del seen
    gc.collect()
    assert not root.exists()
    assert not job.alive
    assert queue.find(str(root), "one") is None


@pytest.mark.parametrize("name", ["../../x.vec", "a/b.vec.gz", "x" * 300 + ".vec", "no ending", "\u202egnp.vec", ".."])
def test_a_name_of_an_upload_is_never_a_path(home: Path, name: str) -> None:
    found = intake.kept(b"data", name)
    assert found.path.parent == home / "home" / "uploads"
    assert found.path.name.isascii()
    assert found.name == name


def test_a_workspace_that_cannot_be_written_gives_a_message(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_text("no folder")
    monkeypatch.setenv("ISOGLOSS_HOME", str(home / "file" / "below"))
    pq.write_table(
        pa.table({"text": ["one two", "three four"], "year": [1900, 1950]}), home / "data" / "corpus.parquet"
    )
    assert "cannot be read or written" in html_of(typed(home, "corpus.parquet", do="Build from texts"))
    with pytest.raises(StoreError, match="cannot be kept"):
        intake.kept(b"x", "x.vec")


@pytest.mark.long
def test_work_that_was_begun_before_is_shown_when_one_comes_back(home: Path) -> None:
    (home / "data" / "a.vec").write_text("a 1 2\nb 3 4\n")
    at = typed(home, "a.vec")
    next(b for b in at.button if b.label == "Import").click().run()
    back = visit(PAGE, do="Your collections")
    for _ in range(300):
        if "It is done." in html_of(back):
            break
        assert "1 file to import into a." in html_of(back)
        time.sleep(0.1)
        back.run()
    assert "It is done." in html_of(back)
    next(b for b in back.button if b.label == "Put away").click().run()
    assert "It is done." not in html_of(back)
    assert Catalogue(Workspace(home / "home")).own() == ["a"]


def test_texts_are_attached_where_a_collection_knows_its_slices(home: Path) -> None:
    pq.write_table(pa.table({"text": ["one peace", "two"], "year": [1900, 1950]}), home / "data" / "corpus.parquet")
    recipe = Recipe("mine", "Mine", home / "data" / "corpus.parquet", "text", "year", (Slice("s", 1900, 1950),))
    space = Space("s", ("peace", "b"), np.eye(2, dtype=np.float32))
    workspace = Workspace(home / "home")
    workspace.save(Collection("mine", (space,), "Mine", metadata={"corpus": describe_corpus(recipe)}))
    at = visit(PAGE, do="Your collections")
    at.text_area(key="texts-mine-paths").set_value(str(home / "data" / "corpus.parquet")).run()
    assert "corpus.parquet to index." in html_of(at)
    assert "Attach" in [b.label for b in at.button]
    Passages(workspace, "mine").attach(workspace, home / "data" / "corpus.parquet")
    assert "2 documents of corpus.parquet" in html_of(visit(PAGE, do="Your collections"))
