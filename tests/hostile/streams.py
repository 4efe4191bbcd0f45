"""Hostile files of text, models and packings: depth, width, counts that are not there, a little that becomes much."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import struct
import tarfile
from functools import partial

import pyarrow as pa

from tests.hostile.containers import NUMBERS, Files, zipped


def _deep(n: int, opens: str = "[", closes: str = "]", inner: str = "1") -> str:
    return opens * n + inner + closes * n


def json_files() -> Files:
    for n in (65, 200, 900, 5_000, 200_000):
        yield f"lists-{n}.json", _deep(n).encode()
        yield f"objects-{n}.jsonl", ((_deep(n, '{"a": ', "}") + "\n") * 3).encode()
        yield f"open-{n}.json", ("[" * n).encode()
        yield f"within-{n}.json", json.dumps([{"item": "a", "vector": [1, 2]}]).replace("1", _deep(n)).encode()
    yield "wide.jsonl", "\n".join(json.dumps({f"k{i}-{j}": 1 for j in range(40)}) for i in range(1_500)).encode()
    yield "wide.json", json.dumps({f"k{i}": {f"{j}": 1 for j in range(3)} for i in range(20_000)}).encode()
    yield "long.jsonl", b'{"item": "a", "vector": [' + b"1," * 100_000 + b"1]}\n" * 2
    yield "digits.json", b'[{"item": "a", "vector": [' + b"9" * 60_000 + b", 1]}]"
    yield "infinite.json", b'[{"item": "a", "vector": [1e999, -Infinity, NaN]}, {"item": "b", "vector": [1, 2, 3]}]'
    yield "surrogates.jsonl", b'{"\\ud800": "\\udfff", "text": "\\ud83d"}\n' * 5
    yield "twice.json", b'[{"item": "a", "item": "b", " item": "c", "vector": [1, 2]}]'
    yield "null.jsonl", b"null\n" * 50_000
    yield (
        "kinds.jsonl",
        b'{"item": 1, "vector": [1, 2]}\n{"item": {"a": 1}, "vector": "x"}\n{"item": [1], "vector": {"b": []}}\n',
    )
    yield "flat.json", json.dumps({"item": {"a." * 500 + "b": 1}}).encode()
    yield (
        "bracket-text.json",
        json.dumps([{"item": "[" * 500, "vector": [1, 2]}, {"item": '\\"[[', "vector": [1, 3]}]).encode(),
    )


def text_files() -> Files:
    for i, head in enumerate(
        ("9" * 19 + " 3", "3 " + "9" * 9, "0 0", "3 65537", "1 1", "99999999999 99999", "-3 3", "3 0")
    ):
        yield f"head-{i}.vec", f"{head}\na 1 2 3\nb 2 3 4\nc 3 4 5\n".encode()
    yield "wide.vec", b"a " + b"1 " * 400_000 + b"\n"
    yield "line.vec", b"a" * 20_000_000
    yield "numbers.vec", b"a 1e999 -inf nan\nb 1e-999 0x10 1_0\nc " + b"9" * 5_000 + b" 1 2\n"
    yield "nul.vec", b"a\0b 1 2 3\n" * 9
    yield "blank.vec", b"\n" * 3_000_000
    yield "quote.csv", b'item,vector\n"a,' + b"x" * 3_000_000
    yield "quotes.csv", b'"' * 500_001
    yield "wide.csv", b",".join(b"c%d" % i for i in range(60_000)) + b"\n" + b"," * 59_999 + b"\n"
    yield "commas.csv", b"," * 2_000_000
    yield "rows.csv", b"text,year\n" + b",\n" * 400_000
    yield "names.csv", b"text" + b",text" * 5_000 + b"\n" + b"1" + b",1" * 5_000 + b"\n"
    yield "nul.csv", b"text,year\n\0\0\0,\0\n" * 40
    yield "tabs.tsv", b"\t" * 1_000_000
    yield "returns.txt", b"\r" * 2_000_000
    yield "utf16.txt", b"\xff\xfe" + b"\xd8" * 9_999
    yield "utf32.txt", b"\xff\xfe\0\0" + b"\xff" * 4_001
    yield "xml.txt", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "' + b"b" * 99 + b'">]><a>&b;&b;</a>'
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    yield "laughs.xlsx", zipped({"xl/workbook.xml": f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l9;</x>'.encode()})
    yield "laughs.docx", zipped({"word/document.xml": f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l9;</x>'.encode()})


def model_files() -> Files:
    """word2vec's binary and fastText's own."""
    for i, head in enumerate(
        ("9" * 19 + " 3", "3 65537", "3 0", "0 3", "3 3", "99999999 300", "3 4294967296", "-1 3", "1e3 3")
    ):
        yield f"head-{i}.bin", f"{head}\n".encode() + b"a \0\0\x80?\0\0\x80?\0\0\x80?\n" * 2
    yield "name.bin", b"3 3\n" + b"\xff" * 200_000
    magic = b"\xba\x16\x4f\x2f"
    for place in range(12):
        for number in (-1, 0, 2**31 - 1):
            values = [4, 5, 5, 1, 5, 1, 1, 1, 10, 3, 6, 100]
            values[place] = number
            yield f"parameter-{place}-{number}.bin", _fasttext(magic, struct.pack("<12i", *values))
    for i, sizes in enumerate(
        ((2**28, 2**28, 0, 1, -1), (2, 2, 0, 2**62, -1), (-1, -1, 0, 1, -1), (2, 3, 0, 1, -1), (2, 2, 0, 1, 2**62))
    ):
        yield (
            f"sizes-{i}.bin",
            _fasttext(magic, struct.pack("<12i", 4, 5, 5, 1, 5, 1, 1, 1, 10, 3, 6, 100), sizes=sizes),
        )
    for i, rows in enumerate(((2**62, 4), (12, 2**62), (-12, 4), (12, -4), (0, 0), (2**33, 4))):
        yield (
            f"matrix-{i}.bin",
            _fasttext(magic, struct.pack("<12i", 4, 5, 5, 1, 5, 1, 1, 1, 10, 3, 6, 100), matrix=rows),
        )


def _fasttext(
    magic: bytes, parameters: bytes, *, sizes: tuple[int, ...] = (2, 2, 0, 1, -1), matrix: tuple[int, int] = (12, 4)
) -> bytes:
    words = b"".join(word + b"\0" + struct.pack("<qb", 5, 0) for word in (b"a", b"b"))
    head = magic + struct.pack("<i", 12) + parameters + bytes(8) + struct.pack("<3i2q", *sizes)
    return head + words + b"\0" + struct.pack("<2q", *matrix) + bytes(12 * 4 * 4)


def packed_files() -> Files:
    lines = b"a 1 2 3\nb 2 3 4\n"
    for name, unit in (("spaces", b" " * 100), ("lines", b"\n" * 100), ("rows", b"a 1\n" * 5)):
        much = partial(bytes.__mul__, unit, 400_000)
        yield f"{name}.vec.gz", lambda much=much: gzip.compress(much(), 1)
        yield f"{name}.vec.xz", lambda much=much: lzma.compress(much(), preset=0)
        yield f"{name}.vec.bz2", lambda much=much: bz2.compress(much(), 1)
        yield f"{name}.vec.zst", lambda much=much: bytes(pa.compress(much(), "zstd", asbytes=True))
        yield f"{name}.zip", lambda much=much: zipped({"a.vec": much()})
    yield "cells.csv.gz", lambda: gzip.compress(b"text,year\n" + b"a,1\n" * 12_000_000, 1)
    yield "array.json.gz", lambda: gzip.compress(b"[" + b'{"text":"a"},' * 4_000_000 + b"1]", 1)
    yield "objects.jsonl.xz", lambda: lzma.compress(b'{"text":"a"}\n' * 4_000_000, preset=0)
    yield "twice.vec.gz", lambda: gzip.compress(gzip.compress(b"\0" * 50_000_000))
    for ending, squeeze in ((".gz", gzip.compress), (".xz", lzma.compress), (".bz2", bz2.compress)):
        whole = squeeze(lines)
        for i in range(3):
            yield f"damaged-{i}.vec{ending}", whole[: 12 + i] + b"\xff\x00\xff" + whole[15 + i :]
        yield f"cut.vec{ending}", whole[: len(whole) // 2]
    for i, name in enumerate(
        ("../a.vec", "/etc/a.vec", "a\0b.vec", "C:\\a.vec", "..\\a.vec", "a.pkl", "a/", "\u202ecev.a", "a" * 60_000)
    ):
        yield f"name-{i}.zip", zipped({name: lines})
    yield "many.zip", zipped({f"{i}.vec": b"" for i in range(5_000)})
    yield "none.zip", zipped({})
    whole = zipped({"a.vec": lines})
    rng = random.Random(5)
    for i in range(30):
        at, value = rng.randrange(len(whole) - 4), rng.choice(NUMBERS)
        yield f"number-{i}.zip", whole[:at] + (value % 2**32).to_bytes(4, "little") + whole[at + 4 :]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../../a.vec"), io.BytesIO(b""))
    yield "tar.vec.gz", out.getvalue()


def tokenizer_files() -> Files:
    for i, text in enumerate(
        (
            _deep(300),
            "{}",
            '{"model": {"vocab": 5}}',
            '{"model": {"vocab": {"a": 1e999}}}',
            '{"model": {"vocab": [1]}}',
            '{"model": []}',
            '{"model": {"vocab": {"a": "x", "b": null}}}',
            '{"model": {"vocab": [["a", -1], ["b"]]}}',
            "\xff",
        )
    ):
        yield f"tokenizer-{i}.json", text.encode("latin-1")


def recipe_files() -> Files:
    whole = """[collection]
name = "made"
[corpus]
file = "c.txt"
text = "text"
slice_by = "year"
{more}
[[slices]]
name = "a"
from = 1900
to = 1950
[training]
{training}
"""
    odd = [
        "-1",
        "0",
        "1e400",
        "nan",
        "inf",
        "10" + "0" * 40,
        "true",
        '"x"',
        "[1]",
        "1.5",
        "2147483648",
        "{a = 1}",
        "1979-05-27",
    ]
    for key in ("dim", "seed", "window", "negative", "slice_epochs", "min_count"):
        for i, value in enumerate(odd):
            yield f"{key}-{i}.toml", whole.format(more="", training=f"{key} = {value}").encode()
    yield "deep.toml", whole.format(more="x = " + _deep(5_000), training="").encode()
    yield "dots.toml", whole.format(more=".".join("a" * 5_000) + " = 1", training="").encode()
    yield "tables.toml", ("[" + ".".join("a" * 3_000) + "]\n").encode()
    yield "inline.toml", whole.format(more="x = " + "{a = " * 3_000 + "1" + "}" * 3_000, training="").encode()
    yield "halves.toml", (whole.format(more="", training="") + f"[replicates]\ndocument = {10**15}\n").encode()
    yield "digits.toml", whole.format(more="", training="dim = " + "9" * 9_000).encode()
    yield "bytes.toml", b"\xff\xfe[collection]"


def setup_files() -> Files:
    good = {"source": "a/b", "target": "c/d", "anchors": "identical", "seed": 1}
    for i, more in enumerate(
        (
            {"limit": -1},
            {"limit": 10**40},
            {"limit": "x"},
            {"share": 1e400},
            {"share": -1},
            {"share": [1]},
            {"steps": 5},
            {"steps": [[]]},
            {"steps": ["x"]},
            {"parameters": 5},
            {"parameters": {"seed": -1}},
            {"parameters": {"seed": 10**40}},
            {"parameters": {"seed": "x"}},
            {"case": 5},
            {"leave_out": "x"},
            {"anchors": 5},
            {"source": None},
            {"x": 1},
            {"learning": {}},
        )
    ):
        yield f"value-{i}.json", json.dumps(good | more).encode()
    for i, text in enumerate((_deep(5_000), "[]", "5", "null", "", '{"a":' * 800, "\x00", '"' + "x" * 100_000 + '"')):
        yield f"text-{i}.json", text.encode()


def pair_files() -> Files:
    yield "wide.tsv", b"a" + b"\tb" * 1_000_000
    yield "targets.tsv", b"a\t" + b"b;" * 500_000
    yield "lines.tsv", b"\n" * 3_000_000
    yield "words.txt", b"a b c d e f\n" * 50
    yield "quotes.csv", b'"a,"b\n' * 300
    yield "nul.tsv", b"\0\t\0\n" * 300
    yield "lines.tsv.gz", lambda: gzip.compress(b"a\tb\n" * 15_000_000, 1)
    yield "brackets.tsv", b"a\t" + b"(" * 300_000 + b"\n"
    yield "spaces.tsv", b"a" + b" " * 300_000 + b"b\n"
    yield "notes.tsv", (b"a (" + b"x" * 19 + b"\tb [" + b"(" * 2_000 + b"\n") * 20
