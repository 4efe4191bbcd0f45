"""A copy of the source tree, so that a test may add a file to it; the assets are linked, not copied."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from isogloss.places import ROOT

_CODE = ("isogloss", "components", "pages", "tests")
_LINKED = ("assets", ".streamlit")


def _copied(source: str, target: str) -> None:
    """With its time, so that what is compiled stays good; what is being compiled just now may be gone again."""
    with suppress(FileNotFoundError):
        shutil.copy2(source, target)


def copied_tree(folder: Path) -> Path:
    """The root of the copy, inside `folder`: the code copied, what it only reads linked."""
    root = folder / "tree"
    root.mkdir(parents=True)
    for name in _CODE:
        shutil.copytree(ROOT / name, root / name, copy_function=_copied)
    shutil.copy2(ROOT / "app.py", root)
    for name in _LINKED:
        if (ROOT / name).exists():
            (root / name).symlink_to(ROOT / name)
    return root


def run_in(root: Path, *arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Python with these arguments in the copy, which it imports in place of this tree. home: of its own collections."""
    environment = os.environ | {"PYTHONPATH": str(root), "ISOGLOSS_HOME": str(home)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
