"""No hostile file ends this process, gives a traceback, or takes more than twenty times its size and 200 MB."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.tiers import TIER

ROOT = Path(__file__).resolve().parents[2]
STEP = {"fast": 50, "full": 10, "soak": 1}[TIER]


@pytest.mark.long
def test_every_hostile_file_is_read_or_refused_in_one_line() -> None:
    command = [sys.executable, "-m", "tests.hostile.run", str(STEP), "3"]
    run = subprocess.run(command, cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"}, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    found = [json.loads(line) for line in run.stdout.splitlines()]
    assert len({one["file"] for one in found}) >= 600 // STEP
    assert [one for one in found if one["over"] > 0] == []
    assert [one for one in found if "\n" in one["said"] or len(one["said"]) > 1_000] == []
    refused = sum(bool(one["said"]) for one in found)
    assert len(found) // 4 < refused < len(found)  # neither is everything taken, nor everything refused
