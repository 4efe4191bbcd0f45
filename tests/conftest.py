"""Tiers, the hypothesis profile, and the small collections that tests share."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from isogloss.maps import layout
from isogloss.separation.concepts import ensure_scripts
from isogloss.spaces.collection import Alignment, Collection
from isogloss.workspace.derived import MEMORY
from isogloss.workspace.store import Workspace
from tests.kit.collections import scripts_collection
from tests.kit.spaces import make_space, random_space
from tests.kit.tiers import TIER, cases

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


@pytest.fixture(autouse=True)
def _nothing_left_in_memory() -> Iterator[None]:
    """What a test could not write stays in the process, and the next one would find it."""
    yield
    MEMORY.clear()


@pytest.fixture(scope="module")
def principal_maps() -> Iterator[None]:
    """Maps by the first principal components, in files where UMAP's own (and their time) do not matter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "_umap", lambda unit, rows, similarity, p: layout.principal(unit, p.n_components))
        yield


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
