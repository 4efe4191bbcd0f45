"""A publishing process is killed: begun again it goes on from the rows that are there, and all is as it was sent."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from isogloss.errors import NotFound
from isogloss.nearest.remote.index import connected
from isogloss.nearest.remote.publish import brought, opened, published
from isogloss.places import ROOT
from isogloss.spaces.collection import Alignment, Collection
from isogloss.workspace.store import Workspace
from tests.kit.spaces import random_space

N, DIM, BLOCK, BEFORE = 600, 6, 50, 3  # blocks that are there before it is killed
PUBLISH = f"""
import sys, time
from isogloss.cli.main import main
from isogloss.nearest.remote import publish
from isogloss.nearest.remote.engines import lancedb
publish.BLOCK, publish._SAMPLE = {BLOCK}, 20
put = lancedb._Table.put
def told(self, first, vectors, *more):
    put(self, first, vectors, *more)
    print("rows", first, len(vectors), file=sys.stderr, flush=True)
    if first == {BLOCK * (BEFORE - 1)}:
        time.sleep(float(sys.argv[3]))
lancedb._Table.put = told
sys.exit(main(["publish", "c", "--to", sys.argv[1], "--workspace", sys.argv[2], "--json"]))
"""


def begin(uri: Path, home: Path, *, wait: float) -> subprocess.Popen[str]:
    """wait: seconds after the last block that is to be there before it is killed."""
    command = [sys.executable, "-c", PUBLISH, str(uri), str(home), str(wait)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.long
def test_a_killed_publish_goes_on_from_the_rows_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isogloss.nearest.remote.publish.BLOCK", BLOCK)  # read back in the blocks of its digest
    uri, home = tmp_path / "spaces", tmp_path / "home"
    one = Collection("c", (random_space("s", N, DIM),), "C", Alignment("declared"))
    Workspace(home).save(one)
    with begin(uri, home, wait=60.0) as first:
        assert first.stderr is not None
        told = 0
        while told < BEFORE:
            line = first.stderr.readline()
            assert line, "it ended by itself"
            told += line.startswith("rows ")
        first.kill()
    assert first.returncode == -9
    half = published(str(uri))[0]
    assert not half.whole
    with pytest.raises(NotFound):
        opened(str(uri), "c", "s")
    there = connected(str(uri)).table(half.table, half.dim, half.schema).count()
    assert BEFORE * BLOCK <= there < N

    with begin(uri, home, wait=0.0) as again:
        out, said = again.communicate(timeout=120)
    assert again.returncode == 0, said
    sent = [tuple(map(int, line.split()[1:])) for line in said.splitlines() if line.startswith("rows ")]
    assert sent == [(at, BLOCK) for at in range(there, N, BLOCK)]  # nothing that was there, nothing twice
    space = json.loads(out)["spaces"][0]
    assert (space["resumed"], space["sent"], space["items"]) == (there, N - there, N)
    connected.cache_clear()
    assert published(str(uri))[0].whole
    back = brought(str(uri), "c")["s"]
    assert (len(back), back.fingerprint, back.items) == (N, one["s"].fingerprint, one["s"].items)
    assert space["fingerprint"] == back.fingerprint
    np.testing.assert_array_equal(back.vectors, one["s"].vectors)
