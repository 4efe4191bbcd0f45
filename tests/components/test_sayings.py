"""What pages recognise of the engine is what the engine says: found in its source, or raised."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import numpy as np
import pytest

from components.parts.sayings.errors import ERRORS, LEVERS, SKIPPED
from components.parts.spoken import commas, listed, speak
from components.parts.told import clauses, read_said, told
from isogloss.atlas.markdown import take_catalogue
from isogloss.encoders.texts import read_texts
from isogloss.errors import IsoglossError
from isogloss.formats.reading import read_vectors
from isogloss.imbalance.recipe import read_imbalance
from isogloss.nearest.query import parse
from isogloss.notebook.queries.grammar import parsed as parse_rule
from isogloss.places import ROOT
from isogloss.rewriting.file import read_pairs
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.tables.table import read_table
from isogloss.text.tally import Tally
from isogloss.vocabulary.model import open_model
from isogloss.workspace.store import Workspace, check_name

ENGLISH = re.compile(r"\b(the|there|give|choose|holds|cannot|with|check|of)\b")
PUT_TOGETHER = {  # of parts, in the source; raised below, or a warning of reliability
    *(f"{{name}} is {what}" for what in ("an Excel workbook", "a Word document", "a picture", "an HTML page")),
    *("{name} is a zip archive", "{item} is not in collection {name}"),
    "not tested: the replicates of {items} shared items gave {n} null distances, and a test needs {least}",
    "not tested: the replicates of {items} shared items gave too few null distances, and a test needs {least}",
}
ONE = Space("a", ("x",), np.ones((1, 2), np.float32))
RAISED: dict[str, Callable[[Path], object]] = {
    "an Excel workbook": lambda at: read_table(written(at / "a.csv", b"PK\x03\x04" + b"\0" * 26 + b"xl/workbook.xml")),
    "a Word document": lambda at: read_table(written(at / "a.csv", b"PK\x03\x04" + b"\0" * 26 + b"word/document.xml")),
    "a PDF": lambda at: read_table(written(at / "a.csv", b"%PDF-1.7")),
    "a picture": lambda at: read_table(written(at / "a.csv", b"\x89PNG\r\n")),
    "an HTML page": lambda at: read_table(written(at / "a.csv", b"<html><body>")),
    "a zip archive": lambda at: read_table(written(at / "a.csv", b"PK\x03\x04" + b"\0" * 60)),
    "a pickle": lambda at: read_vectors(written(at / "a.pkl", b"\x80\x04.")),
    "no file": lambda at: read_table(at / "none.csv"),
    "no text": lambda at: read_texts(written(at / "a.txt", b"\n \n")),
    "no tokenizer": lambda at: open_model(str(written(at / "tokenizer.json", b'{"model": []}'))),
    "no pair": lambda at: read_pairs([written(at / "a.csv", b"de,en\n,\n")]),
    "one side": lambda at: read_pairs([written(at / "a.txt", b"eins\nzwei\n")]),
    "no paper": lambda at: take_catalogue(written(at / "a.md", b"nothing"), name="a"),
    "no word": lambda at: parse(" + "),
    "an analogy": lambda at: parse("a : b :: ?"),
    "no item": lambda at: Collection("c", (ONE,), "c").require_item("zzz"),
    "no collection": lambda at: Workspace(at).open("none"),
    "a name": lambda at: check_name("../x"),
    "a recipe without a corpus": lambda at: read_imbalance(written(at / "r.toml", b'name = "a"\n[corpus]\n')),
    "a recipe with more": lambda at: read_imbalance(written(at / "r.toml", b'name = "a"\n[moon]\nfull = 1\n')),
    "a file cut off": lambda at: read_vectors(written(at / "a.safetensors", b"\x08\0\0\0\0\0\0\0")),
    "a rule": lambda at: parse_rule("a" * 9_000),
}


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    speak("de")
    yield
    speak("en")


def literals_of(message: str) -> int:
    return sum(len(text) for text, _, _, _ in Formatter().parse(message))


@cache
def said_in_source() -> tuple[tuple[re.Pattern[str], int], ...]:
    """Each text of the engine as a pattern, its fields open, and how many letters of it are fixed."""
    found = set()
    for path in (ROOT / "isogloss").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [one.value if isinstance(one, ast.Constant) else None for one in node.values]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                parts = [node.value]
            else:
                continue
            fixed = sum(len(str(one)) for one in parts if one is not None)
            if 4 < fixed < 400:
                found.add(("".join(".*" if one is None else re.escape(str(one)) for one in parts), fixed))
    return tuple((re.compile(one, re.DOTALL), fixed) for one, fixed in sorted(found))


def stands_in_source(message: str) -> bool:
    sample, n = re.sub(r"\{\w+\}", "7", message), literals_of(message)
    return any(fixed >= 0.6 * n and pattern.fullmatch(sample) for pattern, fixed in said_in_source())


@pytest.mark.long
def test_every_pattern_is_said_by_the_engine() -> None:
    assert not stands_in_source("the {name} is not said anywhere at all")
    missing = {one for one in (*ERRORS, *LEVERS) if not stands_in_source(one)}
    assert missing == PUT_TOGETHER
    assert [one for one in SKIPPED if not stands_in_source(one.replace(" ", "_"))] == []


@pytest.mark.parametrize("name", RAISED)
def test_what_is_raised_is_said_in_german(name: str, tmp_path: Path) -> None:
    with pytest.raises(IsoglossError) as raised:
        RAISED[name](tmp_path)
    for text in filter(None, (raised.value.fact, raised.value.lever)):
        assert told(text) != text, text
        assert not ENGLISH.search(re.sub(r"\(.*\)|'[^']*'|/\S+", "", told(text))), told(text)


def test_what_a_person_wrote_stays_and_what_is_not_known_too() -> None:
    assert "'{0} %s'" in told("'{0} %s' names no word")
    assert told("nobody says this") == "nobody says this"
    assert clauses("2 were not translated at all; nobody says this").endswith("; nobody says this")


def test_a_tally_is_said_by_its_counts() -> None:
    tally = Tally(read=3)
    tally.skip("blank_row", "line 2")
    tally.skip("odd_reason")
    assert tally.sentence() == "3 read; skipped: 1 blank row (line 2), 1 odd reason"
    assert read_said(tally).startswith("3 gelesen; übersprungen: 1 ")
    assert read_said(tally).endswith("(line 2), 1 odd reason")
    speak("en")
    assert read_said(tally) == tally.sentence()


@pytest.mark.parametrize(
    ("code", "said"), [("en", "a, b and c"), ("de", "a, b und c"), ("ar", "a، b وc"), ("zh", "a、b和c")]
)
def test_what_stands_in_a_row_has_the_commas_of_the_language(code: str, said: str) -> None:
    speak(code)
    assert listed(["a", "b", "c"]) == said
    assert commas(["a", "b"]) == said.split("b")[0] + "b"
