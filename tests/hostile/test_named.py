"""What is said of files that were once read too long, or by whatever library read them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from isogloss.drift.gold import read_gold
from isogloss.errors import InvalidValue
from isogloss.rewriting.file import read_pairs
from isogloss.sentences.parallel import read_parallel
from isogloss.text.normalize import composed
from tests.hostile.translations import TMX, UNIT


def test_a_word_of_many_marks_is_read(tmp_path: Path) -> None:
    """Putting them in order took 92 s, squared in their number, and then more memory than a look may have."""
    path = tmp_path / "gold.tsv"
    path.write_text("\u0f73" * 100_000 + "\u0300\u0345" * 100_000 + "\t1\nb\t0\n", encoding="utf-8")
    assert [len(word) > 200_000 for word in read_gold(path)] == [True, False]
    assert composed("e" + "\u0323\u0301" * 99 + "x" * 300) == composed("e" + "\u0323\u0301" * 99) + "x" * 300


@pytest.mark.parametrize("read", [lambda path: read_pairs([path]), lambda path: read_parallel([path])])
@pytest.mark.parametrize("encoding", ["no-such", "cp932", "idna"])
def test_an_encoding_that_nothing_reads_is_named(tmp_path: Path, read: Callable[[Path], object], encoding: str) -> None:
    path = tmp_path / "a.tmx"
    path.write_text(f'<?xml version="1.0" encoding="{encoding}"?>' + TMX.format(UNIT.format("one", "eins")))
    with pytest.raises(InvalidValue, match=r"a\.tmx has an encoding that cannot be read .*: save it as UTF-8"):
        read(path)


@pytest.mark.parametrize("read", [lambda path: read_pairs([path]), lambda path: read_parallel([path])])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_wherever_they_are_declared(
    tmp_path: Path, read: Callable[[Path], object], encoding: str
) -> None:
    path = tmp_path / "a.tmx"
    declared = f'<!--{"." * 9_000}--><!DOCTYPE tmx [<!ENTITY a "one">]>' + TMX.format(UNIT.format("&a;", "eins"))
    path.write_text(f'<?xml version="1.0" encoding="{encoding}"?>' + declared, encoding=encoding)
    with pytest.raises(InvalidValue, match=r"declares entities|holds one side only"):
        read(path)
