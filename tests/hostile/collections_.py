"""Hostile maps and packed collections: what lies in an archive of ours, wrong in turn."""

from __future__ import annotations

import json
import random
import struct
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from isogloss.alignment.learnt import Mapping, Side
from isogloss.alignment.preprocess import Preprocessing
from isogloss.spaces.collection import Collection
from isogloss.spaces.items import LARGE
from isogloss.spaces.space import Space
from isogloss.spaces.subwords import Subwords
from isogloss.workspace.catalogue import Catalogue
from isogloss.workspace.store import Workspace
from tests.hostile.containers import NUMBERS, SHAPES, Files, arrow, npy, saved, zipped

_ITEMS = "space-0/items.arrow"


def map_files() -> Files:
    side = Side(Preprocessing(("unit", "center"), (np.zeros(3),)), np.eye(3))
    arrays = {name: saved(value) for name, value in Mapping("procrustes", side, side, {}).arrays().items()}

    def written(**changed: bytes) -> bytes:
        return zipped({f"{name}.npy": data for name, data in (arrays | changed).items()})

    for i, shape in enumerate(SHAPES):
        yield f"matrix-{i}.npz", written(source_matrix=npy(shape, kind="<f8", data=bytes(96)))
    yield "large.npz", written(source_matrix=npy((1_000_000, 1_000_000), kind="<f8"))
    for i, text in enumerate(
        ("[" * 500 + "]" * 500, "{}", "5", '{"schema": 1e999}', '{"schema": 1, "source_steps": 5}', "x" * 9, "[]")
    ):
        yield f"header-{i}.npz", written(header=saved(np.array(text)))
    yield "names.npz", written(header=npy((), kind="<U1000000000"))
    yield "pickle.npz", written(header=npy((), kind="|O"))
    yield "missing.npz", zipped({"header.npy": arrays["header"]})
    yield "bomb.npz", lambda: written(source_matrix=npy((5_500, 5_500), kind="<f8", data=bytes(5_500 * 5_500 * 8)))
    for i, text in enumerate(
        (
            "4096 4096\n1 2\n",
            "99999 99999\n",
            "-1 -1\n",
            "2 2\n1 nan\n1 2\n",
            "2 2\n1e999 1\n1 2\n",
            "0 0\n",
            "\n" * 900_000,
        )
    ):
        yield f"matrix-{i}.txt", text.encode()


def _packed(folder: Path, collection: Collection) -> dict[str, bytes]:
    workspace = Workspace(folder, shipped=folder / "none")
    workspace.save(collection)
    Catalogue(workspace).pack(collection.name, folder / "packed.zip")
    with zipfile.ZipFile(folder / "packed.zip") as archive:
        return {one: archive.read(one) for one in archive.namelist()}


def _small() -> Collection:
    rng = np.random.default_rng(0)
    columns = pa.table({"count": [5, 4, 3]})
    rows = Subwords(3, 6, rng.normal(size=(20, 4)).astype(np.float16))
    spaces = [
        Space(name, ("a", "b", "c"), rng.normal(size=(3, 4)).astype(np.float32), columns, {"x": 1}, subwords=rows)
        for name in ("one", "two")
    ]
    return Collection("mine", tuple(spaces), "Mine")


def packed_collections() -> Files:
    with tempfile.TemporaryDirectory() as folder:
        small = _packed(Path(folder) / "a", _small())
    header = json.loads(small["collection.json"])
    yield "whole.zip", zipped(small)
    changes: list[object] = [
        {"title": 5},
        {"title": None},
        {"ordered": "x"},
        {"metadata": 5},
        {"metadata": []},
        {"spaces": []},
        {"spaces": 5},
        {"alignment": {"method": 5, "frozen_max_change": "x"}},
        {"alignment": []},
        {"schema": 10**40},
        {"compass": 5},
        {"compass": {"folder": "../x"}},
        {"alignment": {"method": "none", "frozen_max_change": None, "diagnostics": 5}},
    ]
    for i, change in enumerate(changes):
        yield f"header-{i}.zip", zipped(small | {"collection.json": json.dumps(header | change).encode()})
    inner: list[dict[str, object]] = [
        {"name": 5},
        {"name": None},
        {"folder": "../../x"},
        {"folder": "/etc"},
        {"folder": 5},
        {"items": -1},
        {"items": 10**30},
        {"dim": 0},
        {"dim": -4},
        {"dim": 10**30},
        {"dim": "4"},
        {"fingerprint": 5},
        {"metadata": 5},
        {"metadata": [1]},
        {"subwords": 5},
        {"subwords": {"minn": -5, "maxn": 10**9}},
        {"subwords": {"minn": 1e400, "maxn": 3}},
        {"subwords": {"minn": 6, "maxn": 3}},
    ]
    for i, change in enumerate(inner):
        spaces = [header["spaces"][0] | change, header["spaces"][1]]
        yield f"space-{i}.zip", zipped(small | {"collection.json": json.dumps(header | {"spaces": spaces}).encode()})
    for i, text in enumerate(("[" * 5_000, '{"a":' * 900 + "1" + "}" * 900, "", "null", "\xff", '{"schema": 1e999}')):
        yield f"text-{i}.zip", zipped(small | {"collection.json": text.encode("latin-1")})
    for i, shape in enumerate(SHAPES):
        yield f"vectors-{i}.zip", zipped(small | {"space-0/vectors.npy": npy(shape, kind="<f2")})
        yield f"subwords-{i}.zip", zipped(small | {"space-0/subwords.npy": npy(shape, kind="<f2")})
    rng = random.Random(6)
    for name in ("space-0/items.parquet", "space-0/vectors.npy"):
        for i in range(8):
            data, at = small[name], rng.randrange(len(small[name]) - 8)
            wrong = data[:at] + (rng.choice(NUMBERS) % 2**64).to_bytes(8, "little") + data[at + 8 :]
            yield f"{Path(name).name}-{i}.zip", zipped(small | {name: wrong})
    for i, name in enumerate(("../x.npy", "/x.npy", "space-0/../../x.npy", "a.py", "space-0/x.exe", "derived/x.npz")):
        yield f"name-{i}.zip", zipped(small | {name: b"x"})
    yield "missing.zip", zipped({name: data for name, data in small.items() if "vectors" not in name})
    yield "bomb.zip", zipped(small | {"space-0/x.npy": bytes(90_000_000)})
    yield from _mapped()


@cache
def _parts() -> dict[str, bytes]:
    """A packed collection whose items are mapped into memory."""
    n = LARGE + 1
    vectors = np.random.default_rng(0).normal(size=(n, 2)).astype(np.float16).astype(np.float32)
    large = Collection("mine", (Space("one", tuple(f"w{i}" for i in range(n)), vectors),), "Mine")
    with tempfile.TemporaryDirectory() as folder:
        return _packed(Path(folder), large)


def _mapped() -> Files:
    """The items of a large space and their order."""
    n = LARGE + 1
    order = np.arange(n, dtype=np.int32)
    wrong = [order + n, order - n, np.zeros(n, dtype=np.int32), order[::-1].copy(), order[:9], order.astype(np.float32)]
    wrong += [np.full(n, 2**31 - 1, dtype=np.int32), np.full(n, 2**62, dtype=np.int64), order.astype(np.complex64)]
    for i, one in enumerate(wrong):
        yield f"order-{i}.zip", lambda one=one: zipped(_parts() | {"space-0/order.npy": saved(one)})
    for i, (row, value) in enumerate(((n, 2**31 - 1), (n, 10**8), (0, -5), (100, 2**31 - 1), (2, -(2**31)))):
        yield f"items-{i}.zip", lambda row=row, value=value: zipped(_parts() | {_ITEMS: _offset(row, value)})
    yield "items-cut.zip", lambda: zipped(_parts() | {_ITEMS: _parts()[_ITEMS][: 1 << 19]})
    yield "items-other.zip", lambda: zipped(_parts() | {_ITEMS: arrow(pa.table({"item": [f"x{i}" for i in range(n)]}))})


def _offset(row: int, value: int) -> bytes:
    """The mapped items with one offset wrong."""
    data = _parts()[_ITEMS]
    at = data.index(struct.pack("<4i", 0, 2, 4, 6)) + 4 * row
    return data[:at] + struct.pack("<i", value) + data[at + 4 :]
