"""Lines in context from the index of a collection's texts: every script, exact counts, no query of the user's own."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.cli.main import main
from isogloss.corpora.concordance import describe_corpus
from isogloss.corpora.forms import TokenRules
from isogloss.corpora.passages import Passages
from isogloss.corpora.pieces import passages
from isogloss.corpora.proposing.recipe_text import recipe_text
from isogloss.corpora.recipe import Recipe, Slice, read_recipe
from isogloss.corpora.scan import ENDS, forms_in
from isogloss.corpora.tokens import Tokenizer
from isogloss.errors import InvalidValue, NotFound, StoreError
from isogloss.places import ASSETS
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace
from tests.kit.tiers import cases
from tests.kit.tokens import stream

DATA = Path(os.environ.get("ISOGLOSS_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")

TEXTS = (
    (
        "The co-operation of all. Co operation, cooperation; noncooperation. Peace-loving peace. It's a PEACE treaty,"
        " peaceful."
    ),
    "中国和日本的国家。他说中国人民很好。カナダ人は東京に住む。",
    "ประเทศไทยเป็นประเทศในเอเชีย",
    "السلام عليكم. هذا هو السلامُ.",
    "भारत एक देश है। भारतीय लोग।",
    "<img src=x onerror=alert(1)> \" OR * NEAR(a b) col:peace '; DROP TABLE words; --",
)


def made(
    folder: Path, texts: tuple[str, ...] = TEXTS, rules: TokenRules | None = None
) -> tuple[Workspace, Path, Recipe]:
    path = folder / "corpus.parquet"
    pq.write_table(
        pa.table(
            {
                "text": [*texts, *texts],
                "year": [1900] * len(texts) + [2000] * len(texts),
                "who": ["me"] * 2 * len(texts),
            }
        ),
        path,
    )
    recipe = Recipe("c", "C", path, "text", "year", (Slice("old", 1900, 1900), Slice("new", 2000, 2000)), author="who")
    recipe = replace(recipe, tokens=rules or TokenRules())
    spaces = tuple(Space(name, ("peace",), np.ones((1, 2), np.float32)) for name in ("old", "new"))
    workspace = Workspace(folder / "home")
    workspace.save(Collection("c", spaces, metadata={"corpus": describe_corpus(recipe)}))
    return workspace, path, recipe


@pytest.fixture(scope="module")
def attached(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Passages]:
    workspace, path, _ = made(tmp_path_factory.mktemp("texts"))
    found = Passages(workspace, "c")
    facts = found.attach(workspace, path)
    assert (facts["documents"], facts["spaces"]) == (12, {"old": 6, "new": 6})
    return workspace, found


@pytest.mark.parametrize(
    ("item", "uses", "first"),
    [
        ("peace", 3, "peace"),
        ("co-operation", 1, "co-operation"),
        ("Co operation", 1, "Co operation"),
        ("coöperation", 2, "co-operation"),
        ("treaty peaceful", 1, "treaty, peaceful"),
        ("cooperation", 1, "cooperation"),
        ("peace-loving", 1, "Peace-loving"),
        ("pea", 0, ""),
        ("中国", 2, "中国"),
        ("国", 3, "国"),
        ("国和", 1, "国和"),
        ("東京", 1, "東京"),
        ("ประเทศ", 2, "ประเทศ"),
        ("السلام", 1, "السلام"),
        ("भारत", 1, "भारत"),
        ("भारतीय", 1, "भारतीय"),
        ("日中", 0, ""),
    ],
)
def test_words_of_every_script_are_found(
    attached: tuple[Workspace, Passages], item: str, uses: int, first: str
) -> None:
    found = attached[1].find(item)
    assert found.uses == {"old": uses, "new": uses}
    assert {line.space for line in found.lines} == ({"old", "new"} if uses else set())
    if uses:
        line = found.lines[0]
        assert line.hit == first
        assert line.document == "1900, me"
        whole = " ".join(next(t for t in TEXTS if first in t).split())
        assert f"{line.left}{line.hit}{line.right}" in f" {whole} "


@pytest.mark.parametrize(
    "item",
    [
        '" OR *',
        "NEAR(a b)",
        "col:peace",
        "'; DROP TABLE words; --",
        "*",
        "",
        "!!",
        "peace*",
        "^peace",
        '"peace" OR "the"',
        "-",
        "a-b-c-d-e-f-g",
    ],
)
def test_what_is_typed_is_never_a_query(attached: tuple[Workspace, Passages], item: str) -> None:
    found = attached[1].find(item)
    assert all(letters(line.hit) == letters(item) for line in found.lines)
    assert attached[1].find("peace").uses["old"] == 3


def letters(text: str) -> list[str]:
    return sorted(letter for letter in text.lower() if letter.isalpha())


WORD = st.sampled_from(["peace", "peace-loving", "war", "co-op", "co", "op", "中", "国", "中国", "ไทย", "été", "x"])


@given(st.lists(st.lists(WORD, min_size=1, max_size=12), min_size=1, max_size=4), WORD)
def test_counts_are_those_of_the_texts_themselves(
    tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]], item: str
) -> None:
    written = tuple(". ".join(words) for words in texts)
    workspace, path, _ = made(tmp_path_factory.mktemp("some"), written)
    found = Passages(workspace, "c")
    found.attach(workspace, path)
    for one, n in counted(written).items():
        assert found.find(one).uses["old"] == n
    if item == "中国":
        assert found.find(item).uses["old"] == sum(text.count("中国") for text in written)
    elif item not in counted(written):
        assert found.find(item).uses["old"] == counted(written).get(item.replace("-", ""), 0)


def counted(texts: Sequence[str], **rules: object) -> dict[str, int]:
    """Item → uses, as a build counts them."""
    found = stream(*texts, **rules)
    numbers, uses = np.unique(found.ids[found.ids >= 0], return_counts=True)
    return {found.items[i]: n for i, n in zip(numbers.tolist(), uses.tolist(), strict=True)}


@given(st.text(max_size=60))
def test_any_text_can_be_asked(attached: tuple[Workspace, Passages], text: str) -> None:
    attached[1].find(text)
    tokenizer = Tokenizer()
    shown, scanned = tokenizer.prepared(text)
    assert len(shown) == len(scanned)
    cut = passages(shown, scanned)
    assert "".join(shown[a:b] for a, b in cut).strip() in (shown.strip(), "")
    words = [form for form in forms_in(scanned, "words") if form[0] not in ENDS["words"]]
    assert [form for a, b in cut for form in forms_in(scanned[a:b], "words") if form[0] not in ENDS["words"]] == words


@given(
    st.lists(
        st.sampled_from(
            "pre-war,pre,-ism,--pre,1946,mid-1946s,用pre的,AI技術,state's,op-,co op,HIV/AIDS,U.S.,U.S,new_york,ﬁne,"
            "fine,Fine,İstanbul,vor- und,inter-\nnational,international,Viet Nam,réel,reel,"
            "http://a.b/c,<b>,&eacute;t&eacute;,*x*"
            "".split(",")
        )
    ),
    st.sampled_from([" ", ", ", "; ", "\n", ". "]),
    st.sampled_from(
        [
            {},
            {"lower": False},
            {"fold_accents": True},
            {"variants": {"viet nam": "viet-nam", "fine": "good"}},
            {"split": "whitespace"},
            {"digits": True},
            {"compatibility": False},
        ]
    ),
)
def test_every_word_is_counted_as_the_build_counts_it(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], between: str, rules: dict[str, Any]
) -> None:
    text = between.join(words)
    workspace, path, _ = made(tmp_path_factory.mktemp("edges"), (text, "a b"), TokenRules(**rules))
    found = Passages(workspace, "c")
    found.attach(workspace, path)
    for item, n in counted((text, "a b", text, "a b"), **rules).items():
        asked = found.find(item)
        assert asked.uses == {"old": n / 2, "new": n / 2}
        assert {line.space for line in asked.lines} == {"old", "new"}


@pytest.mark.long
@pytest.mark.skipif(not DATA.is_dir(), reason="needs the data in ISOGLOSS_DATA")
@pytest.mark.parametrize("which", ["demo", "cased", "chinese"])
def test_the_concordance_counts_every_word_of_real_texts_as_the_space_does(
    tmp_path: Path, which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOGLOSS_DATA", str(DATA))
    if which == "demo":
        rules = read_recipe(ASSETS / "recipes" / "un-debates.toml").tokens
        column = pq.read_table(DATA / "un_general_debate.parquet", columns=["text"])["text"]
        texts = column.take(np.arange(0, len(column), len(column) // cases(400, 8))).to_pylist()
    elif which == "cased":
        rules = TokenRules(lower=False)
        texts = pq.read_table(DATA / "novels_fra.parquet", columns=["text"])["text"].slice(0, 2).to_pylist()
    else:
        rules, table = TokenRules(), pq.read_table(DATA / "parallel_ntrex.parquet")
        texts = table.filter(pc.match_substring(table["language"], "zho"))["text"].to_pylist()[: cases(1_000)]
    workspace, path, _ = made(tmp_path, tuple(texts), rules)
    found = Passages(workspace, "c")
    found.attach(workspace, path)
    expected = counted([*texts, *texts], **asdict(rules))
    with contextlib.closing(sqlite3.connect(found.path)) as base:
        asked = "SELECT item, sum(cnt) FROM counts JOIN items ON counts.term = items.id GROUP BY item"
        base.create_function("base36", 1, lambda word: int(word, 36))
        uses = dict(base.execute(asked.replace("counts.term =", "base36(counts.term) =")))
    assert uses == expected
    assert len(expected) > 200
    for item in list(expected)[:: max(1, len(expected) // 40)]:
        asked_for = found.find(item)
        assert asked_for.uses["old"] == expected[item] / 2
        assert asked_for.lines


def test_frequent_words_are_counted_exactly_and_their_lines_spread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isogloss.corpora.passages._EXACT", 10)
    workspace, path, _ = made(tmp_path, tuple(f"Peace, peace number {i}. Co-op, co op. 中国" for i in range(50)))
    found = Passages(workspace, "c")
    found.attach(workspace, path)
    asked = found.find("peace", limit=10)
    assert asked.uses == {"old": 100, "new": 100}
    assert asked.passages == {"old": 50, "new": 50}
    assert len({line.right for line in asked.lines}) == 5
    assert asked == found.find("peace", limit=10)
    assert found.find("peace number 9").uses == {"old": None, "new": None}
    assert {line.hit for line in found.find("peace number 9", limit=4).lines} == {"peace number 9"}
    assert found.find("peace number").uses == {"old": None, "new": None}
    assert found.find("peace number").passages["old"] == 50
    assert found.find("中国").uses["old"] is None
    assert found.find("国").uses["old"] == 50
    assert len(found.find("co op", limit=4).lines) == 4


def test_items_of_many_hyphens_and_of_great_length(tmp_path: Path) -> None:
    texts = ("the-state-of-the-art and the state of the art", "x" * 5_000 + " 中" * 900)
    workspace, path, _ = made(tmp_path, texts)
    found = Passages(workspace, "c")
    found.attach(workspace, path)
    assert found.find("the-state-of-the-art").uses["old"] == 1
    assert found.find("the state of the art").uses["old"] == 1
    assert found.find("-" * 5_000).lines == ()
    assert found.find("中" * 9_000).lines == ()
    assert found.find("x" * 5_000).lines == ()


def test_documents_of_a_folder_go_by_their_file_in_a_workspace_of_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name in ("1900-moby", "2000-dick"):
        (folder / f"{name}.txt").write_text("Call me a whale")
    recipe = Recipe("c", "C", folder, "text", "year", (Slice("old", 1900, 1900), Slice("new", 2000, 2000)))
    spaces = tuple(Space(name, ("whale",), np.ones((1, 2), np.float32)) for name in ("old", "new"))
    workspace = Workspace(tmp_path / "100% mine? #1")
    workspace.save(Collection("c", spaces, metadata={"corpus": describe_corpus(recipe)}))
    found = Passages(workspace, "c")
    facts = found.attach(workspace, folder)
    assert found.facts() == facts
    assert [line.document for line in found.find("whale").lines] == ["1900, 1900-moby", "2000, 2000-dick"]


def test_an_index_of_another_version_or_damaged_is_no_crash(tmp_path: Path) -> None:
    workspace, path, _ = made(tmp_path)
    found = Passages(workspace, "c")
    found.attach(workspace, path)
    whole = found.path.read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(cases(200)):
        damaged = bytearray(whole)
        for at in rng.integers(len(whole), size=20).tolist():
            damaged[at] = int(rng.integers(256))
        found.path.write_bytes(damaged)
        with contextlib.suppress(StoreError, NotFound):
            found.find("co-operation", "old")
    found.path.write_bytes(whole)
    with contextlib.closing(sqlite3.connect(found.path)) as base:
        base.execute("UPDATE facts SET schema = 1")
        base.commit()
    with pytest.raises(StoreError, match=r"schema 1.*attach them again"):
        found.find("peace")


def test_lines_are_spread_and_bounded(tmp_path: Path) -> None:
    workspace, path, _ = made(tmp_path, tuple(f"peace number {i}" for i in range(50)))
    found = Passages(workspace, "c")
    found.attach(workspace, path)
    lines = found.find("peace", limit=10).lines
    assert [line.space for line in lines].count("old") == 5
    assert len({line.right for line in lines if line.space == "old"}) == 5
    assert len(found.find("peace", "new", limit=10).lines) == 10
    with pytest.raises(NotFound, match="nearest are new"):
        found.find("peace", "newer")
    with pytest.raises(InvalidValue, match="limit"):
        found.find("peace", limit=0)


def test_what_cannot_be_attached_says_why(tmp_path: Path) -> None:
    workspace, path, recipe = made(tmp_path)
    workspace.save(Collection("plain", (Space("old", ("a",), np.ones((1, 2), np.float32)),)))
    plain = Passages(workspace, "plain")
    with pytest.raises(InvalidValue, match="--recipe"):
        plain.attach(workspace, path)
    (tmp_path / "r.toml").write_text(recipe_text(recipe), encoding="utf-8")
    assert plain.attach(workspace, path, recipe=tmp_path / "r.toml")["spaces"] == {"old": 6}
    other = replace(recipe, slices=(Slice("elsewhere", 1900, 2000),))
    (tmp_path / "r.toml").write_text(recipe_text(other), encoding="utf-8")
    with pytest.raises(InvalidValue, match="falls into old"):
        plain.attach(workspace, path, recipe=tmp_path / "r.toml")
    assert plain.find("peace").uses == {"old": 3}
    plain.path.write_bytes(b"no index")
    with pytest.raises(StoreError, match="attach them again"):
        plain.find("peace")


@pytest.mark.long
def test_killed_at_any_moment_the_old_index_is_there_or_none(tmp_path: Path) -> None:
    workspace, path, _ = made(tmp_path, TEXTS * 300)
    command = [sys.executable, "-m", "isogloss", "attach", "c", str(path), "--workspace", str(workspace.root)]
    rng, there = np.random.default_rng(0), False
    for _ in range(cases(20, 3)):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(float(rng.uniform(0.3, 3)))
        process.kill()
        process.wait()
        found = Passages(workspace, "c")
        there = there or found.attached
        assert found.attached == there
        if there:
            assert found.find("peace").uses["old"] == 900


def test_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, path, _ = made(tmp_path)
    home = ["--workspace", str(workspace.root)]
    assert main(["concordance", "c", "peace", *home]) == 2
    assert "python -m isogloss attach c FILE (corpus.parquet" in capsys.readouterr().err
    assert main(["attach", "c", str(path), "--json", *home]) == 0
    assert json.loads(capsys.readouterr().out)["passages"] == 12
    assert main(["concordance", "c", "peace", "--limit", "1", "--json", *home]) == 0
    (line,) = json.loads(capsys.readouterr().out)["lines"]
    assert set(line) == {"space", "document", "left", "hit", "right"}
    assert main(["concordance", "c", "peace", "--space", "new", *home]) == 0
    assert "[peace]" in capsys.readouterr().out
    assert main(["concordance", "c", "peace", "--space", "no", *home]) == 2
    monkeypatch.setenv("ISOGLOSS_READONLY", "1")
    assert main(["attach", "c", str(path), *home]) == 2
