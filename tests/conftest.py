"""Tiers, the hypothesis profile, and the small collections that tests share."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, settings

from isogloss.maps import layout
from isogloss.separation.concepts import ensure_scripts
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace
from tests.kit.collections import scripts_collection

TIER = os.environ.get("ISOGLOSS_TIER", "full")
_SHARE = {"fast": 50, "full": 10, "soak": 1}


def cases(soak: int, least: int = 5) -> int:
    """How many cases this tier runs: the given count in soak, a tenth in full, a fiftieth in fast."""
    return max(min(least, soak), soak // _SHARE[TIER])


settings.register_profile(
    "tier",
    max_examples=cases(500),
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("tier")


_LONG = ("planted", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take minutes first, so that no worker is left alone with one of them at the end; fast leaves out
    what is `long`.
    """
    if TIER == "fast":
        items[:] = [item for item in items if item.get_closest_marker("long") is None]
    items.sort(key=lambda item: next((i for i, room in enumerate(_LONG) if room in item.path.parts), len(_LONG)))


@pytest.fixture(scope="session", autouse=True)
def _packages_scanned_once() -> Iterator[None]:
    """Every AppTest would search all installed packages for components: a third of a second each."""
    from streamlit.components.v2 import manifest_scanner as scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanner, "scan_component_manifests", cache(scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="module")
def principal_maps() -> Iterator[None]:
    """Maps by the first principal components, in files where UMAP's own (and its ten seconds of compiling) do not
    matter.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "_umap", lambda unit, rows, similarity, p: layout._principal(unit, p.n_components))
        yield


def make_space(name: str, items: list[str], vectors: np.ndarray, counts: list[int] | None = None) -> Space:
    """A space with counts (falling with the row unless given) and counts per million."""
    column = np.array(counts if counts is not None else np.arange(len(items), 0, -1) * 10)
    columns = pa.table({"count": column, "per_million": column * 1e6 / max(int(column.sum()), 1)})
    return Space(name, tuple(items), np.asarray(vectors, dtype=np.float32), columns)


def random_space(name: str, n: int, dim: int, seed: int = 0) -> Space:
    """Items w0 … and random vectors."""
    return make_space(name, [f"w{row}" for row in range(n)], np.random.default_rng(seed).normal(size=(n, dim)))


@pytest.fixture(scope="session")
def aligned() -> Collection:
    """Four aligned spaces p0 … p3 of the same 60 items w0 …; `only3` stands in the last alone."""
    base = np.random.default_rng(0).normal(size=(61, 8))
    items = [f"w{row}" for row in range(60)] + ["only3"]
    spaces = []
    for number in range(4):
        n = 61 if number == 3 else 60
        vectors = base[:n] + 0.2 * np.random.default_rng(number + 1).normal(size=(n, 8))
        spaces.append(make_space(f"p{number}", items[:n], vectors))
    return Collection("four", tuple(spaces), title="Four periods", alignment=Alignment("declared"))


@pytest.fixture(scope="session")
def unaligned() -> Collection:
    """Two spaces without shared coordinates, of 6 and of 4 dimensions."""
    spaces = (random_space("left", 12, 6, 5), random_space("right", 9, 4, 6))
    return Collection("apart", spaces, title="Two apart", ordered=False)


@pytest.fixture(scope="session")
def scripts() -> Collection:
    """Items in Latin, Cyrillic, Arabic, Devanagari and Han, and a few hostile ones."""
    return scripts_collection()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty workspace of the user, with nothing shipped beside it."""
    shipped = tmp_path / "shipped"
    monkeypatch.setattr("isogloss.workspace.store.SHIPPED", shipped)
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path / "home"))
    return Workspace(tmp_path / "home", shipped)


@pytest.fixture(scope="session")
def scripts_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collection `scripts`, made once for the tests of all workers, who only read it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with open(shared / "scripts.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return ensure_scripts(Workspace(shared / "scripts"))
