"""One visitor looks at files whose offsets point anywhere, while another's words are in the server's memory."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from isogloss.corpora.documents import take_documents
from isogloss.errors import IsoglossError
from isogloss.formats.preview import look_at
from isogloss.formats.reading import import_file
from isogloss.tables.table import read_table
from tests.hostile.containers import arrow, offsets
from tests.kit.tiers import cases

MARK = "ISOGLOSSA"


def probes(n: int) -> Iterator[tuple[str, bytes]]:
    """Arrow files of which one number of 4 or 8 bytes is another, mostly a little or much too large."""
    rng = random.Random(4)
    yield from offsets(32)
    yield from offsets(64)
    whole = arrow(pa.table({"item": ["a", "b", "c"], "vector": [[1.0, 2.0]] * 3, "text": ["one", "two", "three"]}))
    for i in range(n):
        size = rng.choice((4, 8))
        at = rng.randrange(0, len(whole) - 8, 4)
        value = rng.choice((rng.randrange(1 << 12), rng.randrange(1 << 22), rng.randrange(1 << 28), 1 << 31 - 1))
        yield f"{i}.arrow", whole[:at] + value.to_bytes(size, "little") + whole[at + size :]


@pytest.fixture
def marked() -> list[object]:
    """Words of another visit, as Python and as Arrow hold them."""
    words = [f"{MARK}-{i:07}" * 4 for i in range(100_000)]
    return [words, pa.array(words), pa.chunked_array([words[:1000]] * 20)]


@pytest.mark.long
def test_no_probe_shows_what_another_visitor_holds(
    tmp_path: Path, marked: list[object], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    said, refused, n = [], 0, 0
    with caplog.at_level(logging.DEBUG):
        for name, data in probes(cases(300, 20)):
            path = tmp_path / name
            path.write_bytes(data)
            for enter in (look_at, take_documents):
                n += 1
                try:
                    found = enter(path)
                    said.append(str(found) if enter is look_at else str(found.table.to_pylist()))
                except IsoglossError as error:
                    refused += 1
                    said.append(str(error))
    told = "\n".join([*said, caplog.text, *capfd.readouterr()])
    assert MARK not in told
    assert n // 5 < refused < n
    assert len(marked) == 3


@pytest.mark.parametrize("bits", [32, 64])
def test_wrong_offsets_are_refused_before_anything_is_read_in_this_process_too(tmp_path: Path, bits: int) -> None:
    for name, data in offsets(bits):
        path = tmp_path / name
        path.write_bytes(data)
        for read in (import_file, read_table):
            with pytest.raises(IsoglossError, match="cannot be read"):
                read(path)
