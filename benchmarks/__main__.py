"""`python -m benchmarks [NAME …] [--json FILE] [--quick]`: each entry against its peer, one line each.

Runs in an empty workspace, so that only the shipped demo is there and nothing was computed before.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import platform
import tempfile
import time
from pathlib import Path

from benchmarks.measure import HEADER

NAMES = (
    "startup",
    "memory",
    "rerun",
    "visitors",
    "soak",
    "stage",
    "neighbor_query",
    "slices",
    "umap_layout",
    "maps",
    "local_maps",
    "drift",
    "scripts",
    "waits",
    "imports",
    "tables",
    "opening",
    "large_query",
    "csls_lists",
    "attaching",
    "concordance",
    "align",
    "layers",
    "pairs",
    "factors",
    "trimming",
    "losses",
    "notebook",
)
HAVE_SLOW = ("align",)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Each entry against its peer.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which of {', '.join(NAMES)} (default: all)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the entries with every repeat")
    parser.add_argument("--quick", action="store_true", help="few repeats, less input: only to see that it runs")
    parser.add_argument("--slow", action="store_true", help=f"also what takes many minutes (in {', '.join(HAVE_SLOW)})")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"{', '.join(unknown)}: choose from {', '.join(NAMES)}")
    logging.disable(logging.WARNING)  # Streamlit's, about running without a server
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    print(f"{machine}{load}; {HEADER}", flush=True)
    entries = []
    with tempfile.TemporaryDirectory() as workspace:
        os.environ["ISOGLOSS_HOME"] = workspace
        for name in options.names or NAMES:
            start = time.perf_counter()
            more = {"slow": True} if options.slow and name in HAVE_SLOW else {}
            for entry in importlib.import_module(f"benchmarks.{name}").run(options.quick, **more):
                print(entry, flush=True)
                entries.append(entry.as_json())
            print(f"    ({name}: {time.perf_counter() - start:.0f} s)", flush=True)
    if options.json:
        report = {"machine": machine, "quick": options.quick, "entries": entries}
        options.json.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
