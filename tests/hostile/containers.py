"""Hostile files of binary tables and arrays: every offset, size, count and name that they hold, wrong in turn."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

Files = Iterator[tuple[str, bytes | Callable[[], bytes]]]  # what takes long is made when it is wanted
NUMBERS = (0, 1, -1, 7, 4_000, 2**15, 2**31 - 1, -(2**31), 2**40, 2**62, 2**63 - 1, -(2**63))


def table(n: int = 6) -> pa.Table:
    """Items and vectors, a text, a dictionary, a list of texts, a struct: every kind of offset."""
    words = [f"w{i}" for i in range(n)]
    return pa.table(
        {
            "item": words,
            "vector": pa.array([[0.5 + i, 1.5, 2.5] for i in range(n)], pa.list_(pa.float32())),
            "text": pa.array([f"a text of {w}" for w in words], pa.large_string()),
            "kind": pa.array(["a", "b"] * (n // 2)).dictionary_encode(),
            "parts": pa.array([[w, "x"] for w in words]),
            "facts": pa.array([{"year": 1900 + i, "name": w} for i, w in enumerate(words)]),
        }
    )


def arrow(found: pa.Table, *, stream: bool = False) -> bytes:
    out = pa.BufferOutputStream()
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(out, found.schema) as file:
        file.write_table(found)
    return bytes(out.getvalue())


def _numbers_of(data: bytes, rng: random.Random, n: int) -> Iterator[bytes]:
    """The same bytes with one number of 1, 4 or 8 of them wrong."""
    for _ in range(n):
        size = rng.choice((1, 4, 8))
        at = rng.randrange(0, len(data) - 8)
        at -= at % size
        value = rng.choice(NUMBERS) if rng.random() < 0.8 else rng.getrandbits(62)
        yield data[:at] + (value % (1 << 8 * size)).to_bytes(size, "little") + data[at + size :]


def offsets(bits: int) -> Iterator[tuple[str, bytes]]:
    """The offsets of an Arrow column of texts, each kind of wrong."""
    kind = pa.string() if bits == 32 else pa.large_string()
    whole = arrow(pa.table({"item": pa.array(["ab"] * 6, kind), "vector": table()["vector"], "text": ["a b c"] * 6}))
    form = f"<7{'i' if bits == 32 else 'q'}"
    right = struct.pack(form, *range(0, 13, 2))
    most = 2 ** (bits - 1) - 1
    wrong = {
        "past": (0, 2, 4, 6, 8, 10, 4_000),
        "far": (0, 2, 4, 6, 8, 10, most),
        "begins-far": (most - 12, most - 10, 4, 6, 8, 10, 12),
        "negative": (0, -5, 4, 6, 8, 10, 12),
        "falls": (0, 8, 4, 6, 2, 10, 12),
        "least": (-most - 1, 2, 4, 6, 8, 10, 12),
        "page": (0, 2, 4, 6, 8, 10, 1 << 16),
    }
    for name, values in wrong.items():
        assert right in whole
        yield f"offsets-{bits}-{name}.arrow", whole.replace(right, struct.pack(form, *values))


def arrow_files() -> Files:
    rng = random.Random(1)
    yield from offsets(32)
    yield from offsets(64)
    whole = arrow(table())
    for i, data in enumerate(_numbers_of(whole, rng, 70)):
        yield f"number-{i}.arrow", data
    for i, data in enumerate(_numbers_of(arrow(table(), stream=True), rng, 30)):
        yield f"stream-{i}.arrow", data
    packed = io.BytesIO()
    feather.write_feather(table(), packed, compression="zstd")
    for i, data in enumerate(_numbers_of(packed.getvalue(), rng, 20)):
        yield f"packed-{i}.feather", data
    for cut in (8, 100, len(whole) // 2, len(whole) - 5):
        yield f"cut-{cut}.arrow", whole[:cut]
    yield "nulls.arrow", lambda: arrow(pa.table({"item": pa.nulls(40_000_000), "vector": pa.nulls(40_000_000)}))
    yield "many-columns.arrow", lambda: arrow(pa.table({f"c{i}": pa.nulls(900_000) for i in range(90)}))
    deep = pa.array([1.5])
    for _ in range(60):
        deep = pa.ListArray.from_arrays(pa.array([0, 1], pa.int32()), deep)
    yield "deep.arrow", arrow(pa.table({"item": ["a"], "vector": deep}))
    twice = pa.Table.from_arrays(
        [table()["item"], table()["vector"], table()["item"]], names=["item", "vector", "item"]
    )
    yield "twice.arrow", arrow(twice)
    yield "bomb.feather", _long


def _long() -> bytes:
    out = io.BytesIO()
    feather.write_feather(pa.table({"item": ["a" * 200_000_000]}), out, compression="zstd")
    return out.getvalue()


def parquet(found: pa.Table, **options: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(found, out, **options)
    return out.getvalue()


def parquet_files() -> Files:
    rng = random.Random(2)
    plain = parquet(table(), compression="none")
    for i, data in enumerate(_numbers_of(plain, rng, 35)):
        yield f"number-{i}.parquet", data
    end = int.from_bytes(plain[-8:-4], "little")
    for i, data in enumerate(_numbers_of(plain[-8 - end :], rng, 35)):
        yield f"footer-{i}.parquet", plain[: -8 - end] + data
    for i, size in enumerate((0, 1, len(plain), 2**31 - 1, 2**32 - 1)):
        yield f"footer-size-{i}.parquet", plain[:-8] + struct.pack("<I", size) + b"PAR1"
    yield "rows.parquet", _rows
    yield "vectors.parquet", _vectors
    yield "long.parquet", lambda: parquet(pa.table({"item": ["a"], "text": ["a" * 300_000_000]}), compression="zstd")
    wide = pa.table({f"c{i}": pa.array([0.0]) for i in range(5_000)})
    yield "wide.parquet", parquet(wide)
    twice = pa.Table.from_arrays(
        [table()["item"], table()["vector"], table()["item"]], names=["item", "vector", "item"]
    )
    yield "twice.parquet", parquet(twice)
    yield "bytes.parquet", parquet(pa.table({"item": [b"\xff\xfe", b"a"], "vector": [b"\0" * 7, b""]}))


def _rows() -> bytes:
    same = pa.array(["the same text over and over"]).take(pa.array(np.zeros(3_000_000, dtype=np.int8)))
    return parquet(pa.table({"item": same, "text": same}), compression="zstd")


def _vectors() -> bytes:
    zeros = pa.FixedSizeListArray.from_arrays(pa.array(np.zeros(30_000 * 2_048, dtype=np.float32)), 2_048)
    return parquet(pa.table({"item": [str(i) for i in range(30_000)], "vector": zeros}), compression="zstd")


def npy(
    shape: object, *, kind: object = "<f4", columns: object = False, data: bytes = b"\0" * 48, more: str = ""
) -> bytes:
    """An array by its header alone."""
    header = f"{{'descr': {kind!r}, 'fortran_order': {columns!r}, 'shape': {shape!r}{more}, }}".encode()
    header += b" " * (63 - (10 + len(header)) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


SHAPES = (
    (4, 3),
    (2**40, 2**40),
    (-4, 3),
    (4, -1),
    (0, 3),
    (4, 0),
    (2**63, 1),
    (2**31, 2**31),
    (12,),
    (),
    (2, 2, 3),
    (4.0, 3),
    ("4", 3),
    (True, 3),
    (None, 3),
    [4, 3],
    {"a": 1},
    12,
    "x",
    (10**30, 3),
    (1,) * 40,
    (1_000_000_000, 3),
)
KINDS = (
    "|O",
    "<f4",
    "<U1000000000",
    "|V16",
    "<c16",
    "|b1",
    "<M8[s]",
    ">f8",
    "<f2",
    [("a", "<f4")],
    "x",
    5,
    None,
    "<i8",
)


def numpy_files() -> Files:
    for i, shape in enumerate(SHAPES):
        yield f"shape-{i}.npy", npy(shape)
    for i, kind in enumerate(KINDS):
        yield f"kind-{i}.npy", npy((4, 3), kind=kind, data=b"\0" * 96)
    yield "columns.npy", npy((4, 3), columns=True)
    yield "columns-far.npy", npy((2**40, 300), columns=True)
    yield "columns-odd.npy", npy((4, 3), columns="yes")
    yield "deep.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", 9_000) + b"(" * 9_000
    yield "code.npy", npy((4, 3), more=", 'x': __import__('os').system('false')")
    for version in range(5):
        yield f"version-{version}.npy", b"\x93NUMPY" + bytes([version, 0]) + npy((4, 3))[8:]
    for n in (3, 8, 10, 11, 100):
        yield f"cut-{n}.npy", npy((4, 3))[:n]
    for i, shape in enumerate(SHAPES):
        yield f"shape-{i}.npz", zipped({"vectors.npy": npy(shape), "items.npy": saved(np.array(list("abcd")))})
    yield "names.npz", zipped({"vectors.npy": npy((4, 3)), "items.npy": npy((10**9,), kind="<U100")})
    yield "pickles.npz", zipped({"vectors.npy": npy((4, 3)), "items.npy": npy((4,), kind="|O")})
    yield (
        "bomb.npz",
        lambda: zipped({"vectors.npy": npy((120_000, 500), data=bytes(240_000_000)), "items.npy": npy((1,))}),
    )
    yield "many.npz", zipped({f"{i}.npy": npy((4, 3)) for i in range(900)})
    yield "twice.npz", zipped({"vectors.npy": npy((4, 3)), "vectors": npy((4, 3))})
    yield "above.npz", zipped({"../../vectors.npy": npy((4, 3)), "items.npy": saved(np.array(list("abcd")))})
    rng = random.Random(3)
    for i, data in enumerate(
        _numbers_of(zipped({"vectors.npy": npy((4, 3)), "items.npy": saved(np.array(list("abcd")))}), rng, 30)
    ):
        yield f"number-{i}.npz", data


def saved(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def safetensors_files() -> Files:
    good = {"dtype": "F32", "shape": [4, 3], "data_offsets": [0, 48]}
    places = [
        [0, 47],
        [-4, 44],
        [48, 0],
        [2**63, 2**63 + 48],
        [0, 2**70],
        [0.0, 48.5],
        ["0", "48"],
        [None, 48],
        [0],
        [],
        5,
        [0, 48, 96],
        [True, 48],
        [1e400, 48],
        [-1e400, 1e400],
        {"0": 48},
        [10**40, 48],
    ]
    shapes = [
        [2**40, 2**40],
        [-4, 3],
        [4, -3],
        [0, 3],
        [4, 0],
        [1e400, 3],
        [float("nan"), 3],
        ["4", 3],
        [None, 3],
        12,
        [],
        [4, 3, 1],
        [2**63, 3],
        [True, 12],
        {"a": 1},
        "43",
    ]
    headers: list[object] = [{"embedding": good | {"data_offsets": one}} for one in places]
    headers += [{"embedding": good | {"shape": one}} for one in shapes]
    headers += [{"embedding": good | {"dtype": one}} for one in ("F8_E4M3", "O", 5, None, ["F32"], {"a": 1})]
    headers += [
        [],
        5,
        None,
        "x",
        {"a": 5},
        {"a": None},
        {"a": []},
        {"": good},
        {"__metadata__": 5},
        {},
        {"a" * 100_000: good},
    ]
    headers += [{f"e{i}": good for i in range(5_000)}]
    for i, header in enumerate(headers):
        text = json.dumps(header).encode()
        yield f"header-{i}.safetensors", struct.pack("<Q", len(text)) + text + bytes(48)
    for i, text in enumerate(
        (b"{" * 5_000, b'{"a":' * 900, b"[" * 200_000, b"\xff\xfe{", b"nul", b"", b'{"a": 1e999}')
    ):
        yield f"text-{i}.safetensors", struct.pack("<Q", len(text)) + text + bytes(48)
    for i, length in enumerate((0, 2**64 - 1, 2**63, 99_999_999, 10**12)):
        yield f"length-{i}.safetensors", struct.pack("<Q", length) + b"{}"
