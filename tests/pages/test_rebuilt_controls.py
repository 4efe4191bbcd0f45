"""Controls that were built anew, of the same spaces and the same length, are what the page goes on with."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from isogloss.spaces.controls import Controls, write_controls
from isogloss.workspace.store import SHIPPED, Workspace
from tests.kit.pages import html_of, visit

PAIR = {"collection": "rebuilt", "from": "1970-1989", "to": "2007-2024"}


def with_p(controls: Controls, p: float) -> Controls:
    """The same controls but for every p, as if the replicates had been others."""
    table = controls.table
    for name in [name for name in table.column_names if name.endswith("_p")]:
        column = np.where(np.isnan(table[name].to_numpy()), np.nan, p)
        table = table.set_column(table.column_names.index(name), name, pa.array(column, table[name].type))
    return replace(controls, table=table)


@pytest.mark.long
def test_a_rebuild_of_the_controls_alone_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    folder = tmp_path / "collections" / "rebuilt"
    shutil.copytree(SHIPPED / "un-debates", folder, ignore=shutil.ignore_patterns("derived"))
    header = json.loads((folder / "collection.json").read_text("utf-8"))
    (folder / "collection.json").write_text(json.dumps({k: v for k, v in header.items() if k != "checksums"}))
    collection = Workspace(tmp_path).open("rebuilt")
    assert collection.controls is not None
    seen = []
    for p in (1e-9, 1.0):
        changed = with_p(collection.controls, p)
        assert len(changed.table) == len(collection.controls.table)
        write_controls(changed, folder, collection.fingerprint)
        seen.append(html_of(visit("pages/3_Drift.py", **PAIR)))
    assert "5,284 of 5,284 items moved farther" in seen[0]
    assert "5,284 of 5,284 items moved farther" not in seen[1]


def test_the_digest_follows_every_figure() -> None:
    controls = Workspace().open("un-debates").controls
    assert controls is not None
    same = replace(controls)
    noise = {name: type(one)(one.variance, one.covariance, one.ratio + 1e-9) for name, one in controls.noise.items()}
    others = [
        with_p(controls, 1.0),
        replace(controls, facts={**controls.facts, "author": 11}),
        replace(controls, noise=noise),
    ]
    assert same.digest == controls.digest
    assert len({controls.digest, *(one.digest for one in others)}) == 4
