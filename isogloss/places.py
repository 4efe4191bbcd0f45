"""Where the parts lie that are not code of the engine: beside the package in a checkout, inside it once installed; and
where what numba compiles is kept.
"""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_app"
ROOT = _INSTALLED if (_INSTALLED / "app.py").is_file() else _PACKAGE.parent  # app.py, pages, components
ASSETS = ROOT / "assets"


def settle_compiled() -> None:
    """Let numba keep what it compiles in a folder of this process alone where its own, in the home, cannot be written:
    it would raise an error instead. To be called before it is imported; does nothing where NUMBA_CACHE_DIR says where.
    """
    place = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    while not place.exists() and place != place.parent:
        place = place.parent
    effective = os.access in os.supports_effective_ids
    if "NUMBA_CACHE_DIR" in os.environ or os.access(place, os.W_OK | os.X_OK, effective_ids=effective):
        return
    import atexit
    import tempfile  # for these few alone: `import isogloss` stays quick

    try:
        made = tempfile.mkdtemp(prefix="isogloss-compiled-")
    except OSError:  # then there is nowhere
        return
    os.environ["NUMBA_CACHE_DIR"] = made
    atexit.register(_sweep, made, os.getpid())


def _sweep(made: str, owner: int) -> None:
    import shutil

    if os.getpid() == owner:
        shutil.rmtree(made, ignore_errors=True)
