"""Waits of the pages against the same in 0.6.0, both in this run: each a process of its own, imports included.

Aims: all measures of Scripts by language, and after LIR, at most 10 s on two cores, and a tenth of 0.6.0's where the
demo is asked, whose figures are shipped; a map of 1,000 points at most 5 s; a first ranking of the demo at most 2.5 s.
0.6.0 is taken from the repository's history. Code that is compiled and kept is compiled before anything is timed, in
both.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Entry, Spread, take_turns
from isogloss.places import ROOT

COMMIT = "001ee8f"  # 0.6.0
_DEMO = Path("assets/collections/un-debates/collection.json")

_POINTS = """
import numpy as np
rng = np.random.default_rng(0)
at = rng.normal(size=(20, 100))[rng.integers(0, 20, 1000)] + 0.5 * rng.normal(size=(1000, 100))
space = Space("points", tuple(map(str, range(1000))), at.astype(np.float32))
"""
_SHIPPED = (
    "from isogloss.separation.report import kept_report\n"
    "from isogloss.workspace.store import Workspace\n"
    "kept_report(Workspace().open('scripts').spaces[-1], Workspace().derived('scripts'), {choice})"
)
_OURS = {
    "open": "from isogloss.separation.concepts import ensure_scripts\n"
    "from isogloss.workspace.store import Workspace\nensure_scripts(Workspace())",
    "language": "from isogloss.separation.report import measure_separation\n"
    "from isogloss.workspace.store import Workspace\n"
    "measure_separation(Workspace().open('scripts').spaces[-1], by='language')",
    "lir": "from isogloss.separation.report import measure_separation\n"
    "from isogloss.workspace.store import Workspace\n"
    "measure_separation(Workspace().open('scripts').spaces[-1], remove='lir')",
    "language of the demo": _SHIPPED.format(choice="by='language'"),
    "lir of the demo": _SHIPPED.format(choice="removal='lir'"),
    "map": "from isogloss.spaces.space import Space\n"
    "from isogloss.maps.layout import LayoutParameters, compute_layout"
    + _POINTS
    + "compute_layout(space, LayoutParameters())",
}
_EARLIER = {
    "open": "from isogloss.concepts import ensure_scripts\n"
    "from isogloss.store import Workspace\nensure_scripts(Workspace())",
    "language": "from isogloss.group_report import report\nfrom isogloss.store import Workspace\n"
    "report(Workspace().open('scripts').spaces[-1], 'language')",
    "lir": "from isogloss.group_report import report\nfrom isogloss.store import Workspace\n"
    "report(Workspace().open('scripts').spaces[-1], 'script', 'lir')",
    "map": "from isogloss.space import Space\nfrom isogloss.layout import LayoutParameters, compute_layout"
    + _POINTS
    + "compute_layout(space, LayoutParameters())",
}
# what is waited for: in words, the most seconds, how many times faster
_WAITS = {
    "open": ("Scripts opened for the first time", None, None),
    "language": ("all measures of Scripts by language, computed", 10, None),
    "language of the demo": ("all measures of Scripts by language, as the demo has them", 10, 10),
    "lir": ("all measures of Scripts after LIR, computed", 10, None),
    "lir of the demo": ("all measures of Scripts after LIR, as the demo has them", 10, 10),
    "map": ("a map of 1,000 points", 5, None),
    "drift": ("the first ranking of the demo", 2.5, None),
}


def taken(folder: Path) -> Path:
    """0.6.0, from the history of the repository."""
    folder.mkdir()
    packed = subprocess.run(["git", "archive", COMMIT], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x"], cwd=folder, input=packed, check=True)
    return folder


def run(quick: bool = False) -> Iterator[Entry]:
    with tempfile.TemporaryDirectory() as folder:
        earlier = taken(Path(folder) / "0.6.0")
        sides = {"ours": (ROOT, _OURS), "earlier": (earlier, _EARLIER)}
        for side, (root, code) in sides.items():  # what is compiled and kept; the collection that is measured
            for name in ("open", "map", "drift"):
                waited(root, code.get(name), Path(folder) / side)
        for name, (what, most, times) in _WAITS.items():
            found = take_turns(
                1 if quick else 3,
                **{
                    side: lambda root=root, code=code, side=side, name=name: waited(
                        root,
                        code.get(name, code.get(name.split()[0])),
                        Path(folder) / (side if name.split()[0] in ("language", "lir") else f"{side}-anew"),
                    )
                    for side, (root, code) in sides.items()
                },
            )
            ours, peer = Spread.of(found["ours"]).median, Spread.of(found["earlier"]).median
            aims = ([f"≤ {most} s"] if most else []) + ([f"{times} times faster"] if times else [])
            yield Entry(
                "waits",
                what,
                "s",
                found["ours"],
                found["earlier"],
                "0.6.0",
                aim=", ".join(aims),
                met=(most is None or ours <= most) and (times is None or peer >= times * ours) if aims else None,
                note=f"{peer / ours:.1f} times faster",
            )


def waited(root: Path, code: str | None, home: Path) -> float:
    """Seconds of a process of its own. code: None ranks the demo, by the command line; home: its workspace, emptied
    first where it is one to begin anew in.
    """
    if home.name.endswith("-anew"):
        shutil.rmtree(home, ignore_errors=True)
    names = [one["name"] for one in json.loads((root / _DEMO).read_text(encoding="utf-8"))["spaces"]]
    ranked = ["-m", "isogloss", "drift", "un-debates", "--source", names[0], "--target", names[-1], "--top", "10"]
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-W", "ignore", *(["-c", code] if code else ranked)],
        cwd=root,
        env=os.environ | {"ISOGLOSS_HOME": str(home), "PYTHONPATH": str(root)},
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - start
