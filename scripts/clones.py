"""The shipped grids of a corpus and its clone, and the layers of their small transformers.

    python -m scripts.clones [WORKSPACE [GRID …]]

The speeches are read from ISOGLOSS_DATA, or ../shared/data; only figures are written, to assets/imbalance and, by
layer, to assets/layers. Some 40 minutes on one core; what is stopped goes on where it was.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[1] / "assets"
NAMES = ("un-clone", "un-small-transformer")
SOURCE = "UN General Debate speeches (CC0) and their clone, held-out sentences; figures only"


def main(workspace: Path, names: Sequence[str] = NAMES) -> None:
    from isogloss.cli.main import main as isogloss

    os.environ.setdefault("ISOGLOSS_DATA", "../shared/data")
    for name in names:
        if isogloss(["imbalance", str(ASSETS / "imbalance" / f"{name}.toml"), f"--workspace={workspace}"]):
            raise SystemExit(1)
        grid = json.loads((workspace / "imbalance" / f"{name}.json").read_text(encoding="utf-8"))
        for row in grid["grid"]:
            row.get("transformer", {}).pop("model", None)  # it is not shipped
        text = json.dumps(grid, ensure_ascii=False, indent=1)
        (ASSETS / "imbalance" / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
        for row in grid["grid"]:
            if report := row.get("transformer", {}).get("report"):
                told = json.loads((workspace / "sentences" / f"{report}.json").read_text(encoding="utf-8"))
                told = {key: one for key, one in told.items() if key not in ("asked", "failures", "texts")}
                lines = json.dumps(told | {"source": SOURCE}, ensure_ascii=False, separators=(",", ":"))
                (ASSETS / "layers" / f"{report}.json").write_text(f"{lines}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/clones"), sys.argv[2:] or NAMES)
