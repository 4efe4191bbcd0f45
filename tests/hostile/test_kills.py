"""Commands that write, killed at any moment: what was there is there, or what they make, and nothing between."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.golden.stage import environment, run
from tests.hostile.test_full_disk import EVERY, there
from tests.kit.tiers import TIER, cases

WRITING = re.compile(
    "import|describe|rename|pack|unpack|delete|restore|attach|index|layout|encode|export|build|align .*--into"
    "|cases (?:keep|import|export)|mexa .*--keep|retrieve .*--keep|layers|atlas|pairs|handout"
)
FULL = ("catalogue",)


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in EVERY if TIER == "soak" or name in FULL])
def test_a_kill_leaves_the_old_or_the_new(name: str, tmp_path: Path, scripts_folder: Path) -> None:
    scene, rng = EVERY[name], random.Random(name)
    for write in scene.inputs:
        write(tmp_path)
    with environment(tmp_path):
        if scene.scripts:
            shutil.copytree(scripts_folder, tmp_path / "home" / "collections" / "scripts")
        lines = [line for line in scene.commands if WRITING.match(line)]
        receipt, span = "", 1.5
        for line in scene.commands:
            before = there()
            told, _, file = line.replace("RECEIPT", receipt).partition(" < ")
            command = shlex.split(told)
            for _ in range(cases(50, 5) // len(lines) + 1 if line in lines else 0):
                killed(command, rng.uniform(0.1, span))
                found = there()  # every collection opens
                assert all(found.get(one) == was for one, was in before.items() if one not in told), line
            begun = time.monotonic()
            _, out, _ = run(command, Path(file).read_text("utf-8") if file else "")
            span = 1.0 + time.monotonic() - begun
            receipt = (re.findall(r"[\w.-]+~\d{15,}", out) or [receipt])[-1]


def killed(command: list[str], after: float) -> None:
    """Start a command; kill it and what it started."""
    quiet = subprocess.DEVNULL
    one = subprocess.Popen(
        [sys.executable, "-m", "isogloss", *command], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    with contextlib.suppress(subprocess.TimeoutExpired):
        one.wait(after)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(one.pid, signal.SIGKILL)
    one.wait()
