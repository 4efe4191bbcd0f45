"""Layers of many languages go to files: 2,000 lines of 128 languages in 13 layers (2.6 GB) leave the memory alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.tiers import TIER

ROOT = Path(__file__).resolve().parents[3]
LINES, LANGUAGES = (2_000, 128) if TIER == "soak" else (200, 4)
_MADE = f"""
import re, sys
import numpy as np
from isogloss.encoders.layers import Tokens
from isogloss.sentences.layered import Scope, measure_layers
from isogloss.sentences.parallel import ParallelSet
from isogloss.workspace.store import Workspace

class Model:
    name, n_layers, dim = "of the right shapes@1", 13, 384
    def tokens(self, texts):
        one = np.ones(len(texts), dtype=np.int64)
        return Tokens(one, one, one, 0 * one)
    def batches(self, texts, pooling, *, skip=0):
        for at in range(16 * skip, len(texts), 16):
            rows = np.arange(at, min(at + 16, len(texts)))
            lines = [int(texts[i].split()[0]) for i in rows]
            same = np.stack([np.random.default_rng(i).normal(size=(13, 384)) for i in lines], axis=1)
            own = np.random.default_rng(lines[0]).normal(size=same.shape) * (texts[0].split()[1] != "eng")
            yield rows, (same + 0.1 * own).astype(np.float32), len(rows)

def most():
    with open("/proc/self/status") as file:  # ru_maxrss counts what the parent had when it forked
        return int(re.search(r"VmHWM:\\s+(\\d+) kB", file.read())[1])

names = ["eng", *(f"x{{i:03}}" for i in range({LANGUAGES} - 1))]
sentences = ParallelSet("many", {{name: [f"{{i}} {{name}}" for i in range({LINES})] for name in names}})
store = Workspace(sys.argv[1]).derived("encoded")
before = most()
found = measure_layers(sentences, Model(), Scope(limit={LINES}), store=store)
assert len(found.languages) == {LANGUAGES} - 1
assert all((one.scores == 1).all() for one in found.languages)
peak = most()
print(peak, before, sum(one.stat().st_size for one in store.folders[0].glob("*.npy")))
"""


@pytest.mark.long
def test_layers_of_many_languages_stay_out_of_memory(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _MADE, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=3_000
    )
    assert not done.returncode, done.stderr[-2000:]
    peak, before, stored = map(int, done.stdout.split())
    assert stored > 2 * 13 * LINES * 384 * LANGUAGES  # float16
    assert peak < 2_000_000  # kB
    if TIER == "soak":
        assert (peak - before) * 1024 < stored / 2
