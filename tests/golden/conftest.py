"""The stage on which commands are run, one for all golden tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.golden.stage import Stage
from tests.golden.watch import Watcher


@pytest.fixture(scope="session")
def watcher() -> Iterator[Watcher]:
    with pytest.MonkeyPatch.context() as patch:
        yield Watcher(patch)


@pytest.fixture(scope="session")
def stage(watcher: Watcher, tmp_path_factory: pytest.TempPathFactory, scripts_folder: Path) -> Stage:
    return Stage(watcher, tmp_path_factory.mktemp("golden"), scripts_folder)
