"""What every format of vectors keeps to; and one new file is a new format."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from isogloss.cli.main import _parser
from isogloss.formats.format import FORMATS, readable, told_formats, writable
from isogloss.formats.preview import expected_items
from isogloss.formats.reading import import_file, recognise
from isogloss.formats.writing import export_space
from isogloss.tables.opened import inner_name
from isogloss.workspace.store import Workspace
from tests.kit.collections import ITEMS, items_space
from tests.kit.copied import copied_tree, run_in
from tests.kit.pages import html_of, visit

FALLBACKS = ("word2vec", "word2vec-binary")  # take what nobody else claims


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Path, Path | None]]]:
    """Good files of every format that is read, with the file of names where there is one."""
    folder, space = tmp_path_factory.mktemp("files"), items_space()
    found: dict[str, list[tuple[Path, Path | None]]] = {name: [] for name in readable()}
    for name, one in writable().items():
        made = export_space(space, name, folder / f"{name}{one.written[0]}")
        path = next(file for file in made if file.name == f"{name}{one.written[0]}")
        found[name if one.read else "table"].append((path, next((file for file in made if file != path), None)))
    text = found["word2vec"][0][0].read_text("utf-8")
    (folder / "glove.txt").write_text(text.partition("\n")[2], "utf-8")
    found["word2vec"].append((folder / "glove.txt", None))
    rows = [{"word": item, "vector": row} for item, row in zip(ITEMS, space.vectors.tolist(), strict=True)]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    found["table"].append((folder / "rows.jsonl", None))
    from safetensors.numpy import save_file

    save_file({"e": space.vectors}, folder / "model.safetensors")
    (folder / "tokenizer.json").write_text(json.dumps({"model": {"vocab": {t: n for n, t in enumerate(ITEMS)}}}))
    found["safetensors"].append((folder / "model.safetensors", None))
    found["fasttext"].append((fasttext_model(folder / "model.bin"), None))
    return found


def fasttext_model(path: Path) -> Path:
    from gensim.models import FastText
    from gensim.models.fasttext import save_facebook_model

    made = FastText([["cat", "Köln", "東京"]] * 50, vector_size=4, min_count=1, bucket=20, epochs=1, workers=1)
    save_facebook_model(made, str(path))
    return path


@pytest.mark.parametrize("name", FORMATS.names)
def test_each_says_what_it_is(name: str) -> None:
    one = FORMATS[name]
    assert one.name == name
    assert one.title
    assert one.help
    assert one.words
    assert one.endings
    assert one.read or one.write
    assert bool(one.write) == bool(one.written)


@pytest.mark.parametrize("name", list(writable()))
def test_what_is_written_is_read_again(files: dict[str, list[tuple[Path, Path | None]]], name: str) -> None:
    path, vocabulary = next(pair for pairs in files.values() for pair in pairs if pair[0].stem == name)
    found = import_file(path, format=name if FORMATS[name].read else None, vocabulary=vocabulary)
    assert [item.replace("_", " ") for item in found.items] == list(ITEMS)
    np.testing.assert_array_equal(found.vectors, items_space().vectors)


@pytest.mark.parametrize("name", list(readable()))
def test_each_claims_its_own_files_and_nobody_elses(
    files: dict[str, list[tuple[Path, Path | None]]], name: str
) -> None:
    assert files[name]
    for path, vocabulary in files[name]:
        assert recognise(path, vocabulary) == name
    for other, pairs in files.items():
        if other == name or name in FALLBACKS:
            continue
        for path, _ in pairs:
            assert not FORMATS[name].claims(b"", inner_name(path))
            assert not FORMATS[name].claims(path.read_bytes()[: 1 << 16], inner_name(path))


@pytest.mark.parametrize("name", list(readable()))
def test_the_number_that_is_expected_is_the_number_that_is_read(
    files: dict[str, list[tuple[Path, Path | None]]], name: str
) -> None:
    for path, vocabulary in files[name]:
        told = expected_items(path, format=name, vocabulary=vocabulary)
        assert told is None or told == len(import_file(path, format=name, vocabulary=vocabulary).items)
    assert expected_items(path.with_name("nowhere"), format=name) is None


def test_the_command_line_and_the_page_offer_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in writable():
        assert _parser("export").parse_args(["export", "a", "b", "--format", name, "out"]).format == name
    imports = next(a for a in _parser("import")._subparsers._group_actions if a.choices).choices["import"]  # type: ignore[union-attr]
    assert f"one of {', '.join(readable())} " in next(a.help for a in imports._actions if a.dest == "format")
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    text = html_of(visit("pages/9_Data.py"))
    assert told_formats(stored=True) in text
    for name in readable():
        assert all(word in told_formats(stored=False) for word in FORMATS[name].words)


SHOUTED = """
from isogloss.formats.collected import Block
from isogloss.formats.format import Format
import numpy as np


class Shouted(Format):
    name = "shouted"
    title = "Shouted lists"
    help = "an item, an exclamation mark, numbers"
    words = {"Shouts": "in capitals"}
    endings = (".shout",)
    written = (".shout",)

    def claims(self, head, name):
        return head.startswith(b"HEAR ME")

    def expected(self, path):
        return path.read_text("utf-8").count("!")

    def read(self, path, vocabulary, chosen):
        for line in path.read_text("utf-8").splitlines()[1:]:
            item, numbers = line.split("!")
            yield Block([item], np.array([numbers.split(",")], dtype=np.float32))

    def write(self, space, out):
        lines = (f"{i}!{','.join(map(str, v))}" for i, v in zip(space.items, space.vectors.tolist()))
        out.write_text("HEAR ME\\n" + "\\n".join(lines) + "\\n", "utf-8")


member = Shouted()
"""
PAGE = """
from streamlit.testing.v1 import AppTest
for do in ("Import vectors", "Your collections"):
    at = AppTest.from_file("app.py", default_timeout=180)
    at.switch_page("pages/9_Data.py")
    at.query_params["do"] = do
    at.run()
    assert not at.exception, at.exception
    print(*(e.proto.body for e in at.get("html")))
print(next(box.options for box in at.selectbox if box.label == "Format"))
"""


@pytest.mark.long
def test_one_new_file_is_a_new_format(tmp_path: Path) -> None:
    root, home = copied_tree(tmp_path), tmp_path / "home"
    (root / "isogloss" / "formats" / "kinds" / "shouted.py").write_text(SHOUTED, "utf-8")
    export_space(items_space(), "word2vec", tmp_path / "a.vec")

    def isogloss(*arguments: str) -> str:
        done = run_in(root, "-m", "isogloss", *arguments, home=home)
        assert done.returncode == 0, done.stderr
        return done.stdout

    isogloss("import", str(tmp_path / "a.vec"), "--into", "mine", "--space", "s")
    isogloss("export", "mine", "s", "--format", "shouted", str(tmp_path / "out.any"))
    assert (tmp_path / "out.any").read_text("utf-8").startswith("HEAR ME\n")
    isogloss("import", str(tmp_path / "out.any"), "--into", "told", "--space", "s", "--format", "shouted")
    isogloss("import", str(tmp_path / "out.any"), "--into", "found", "--space", "s")
    assert "shouted" in isogloss("import", "--help")
    mine, *others = (Workspace(home).open(name)["s"] for name in ("mine", "told", "found"))
    for other in others:
        assert other.items == mine.items
        np.testing.assert_array_equal(other.vectors, mine.vectors)
    page = run_in(root, "-c", PAGE, home=home)
    assert page.returncode == 0, page.stderr
    assert "Shouts in capitals" in page.stdout
    assert "'shouted'" in page.stdout
