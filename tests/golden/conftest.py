"""The stage on which commands are run, one for all golden tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.golden.stage import Stage
from tests.golden.visits import Tour
from tests.golden.watch import Watcher


@pytest.fixture(scope="session")
def watcher() -> Iterator[Watcher]:
    with pytest.MonkeyPatch.context() as patch:
        yield Watcher(patch)


@pytest.fixture(scope="session")
def stage(watcher: Watcher, tmp_path_factory: pytest.TempPathFactory, scripts_folder: Path) -> Stage:
    return Stage(watcher, tmp_path_factory.mktemp("golden"), scripts_folder)


@pytest.fixture(scope="session")
def tour(watcher: Watcher, tmp_path_factory: pytest.TempPathFactory, scripts_folder: Path) -> Tour:
    from streamlit import cache_data, cache_resource

    cache_data.clear()  # what other tests looked at would not be asked for again
    cache_resource.clear()
    return Tour(watcher, tmp_path_factory.mktemp("tour"), scripts_folder)
