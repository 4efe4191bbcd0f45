"""The shipped lessons on multilingual-e5-small: its word vectors, a linear head, and its last six layers.

    python -m scripts.lessons MODEL [WORKSPACE]

MODEL: a folder made by ../shared/tools/make_e5_small.py. Words are read from ISOGLOSS_DATA, or ../shared/data; only
figures are written, to assets/lessons. Some 20 minutes on one core; what is stopped goes on where it was.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pyarrow.parquet as pq

RECIPES = Path(__file__).resolve().parents[1] / "assets" / "lessons"
NAMES = ("e5-last-layers", "e5-head")
HELD_OUT = ("hi", "fr", "zh", "pl", "fi", "cy", "ti", "om")
TAUGHT = ("es", "mai", "oc", "fo", "tn", "ilo")
SIMLEX = ("zh", "pl", "fi", "cy")  # of which GATITOS has none
WORDS = 1_600


def write_words(data: Path, out: Path) -> None:
    """words.csv, a column a language, and pairs.csv, English with each: the English words of most languages."""
    by: dict[str, dict[str, str]] = defaultdict(dict)
    for name, languages in (("multisimlex", SIMLEX), ("gatitos", (*set(HELD_OUT + TAUGHT) - set(SIMLEX),))):
        for row in pq.read_table(data / f"lexicon_{name}.parquet").to_pylist():
            if row["language"] in languages:
                by[row["language"]].setdefault(row["english"].strip().lower(), row["translation"].strip())
    n = Counter(word for some in by.values() for word in some if " " not in word)
    words = sorted(n, key=lambda word: (-n[word], word))[:WORDS]
    every = (*HELD_OUT, *TAUGHT)
    with open(out / "words.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["en", *every])
        table.writerows([word, *(by[name].get(word, "") for name in every)] for word in words)
    with open(out / "pairs.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["source_language", "source", "target_language", "target"])
        for name in every:
            table.writerows(["en", word, name, by[name][word]] for word in words if by[name].get(word))


def main(model: Path, workspace: Path) -> None:
    from isogloss.cli.main import main as isogloss

    workspace.mkdir(parents=True, exist_ok=True)
    write_words(Path(os.environ.get("ISOGLOSS_DATA", "../shared/data")), workspace)
    for name in NAMES:
        path = workspace / f"{name}.toml"
        text = (RECIPES / path.name).read_text(encoding="utf-8")
        path.write_text(text.replace("multilingual-e5-small", str(model.resolve())), encoding="utf-8")
        if isogloss(["teach", str(path), f"--workspace={workspace}"]):
            raise SystemExit(1)
        told = json.loads((workspace / "lessons" / f"{name}.json").read_text(encoding="utf-8"))
        told["head"]["saved"] = ""
        told["vectors"]["source"] = "multilingual-e5-small, 4-bit weights"
        (RECIPES / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "build/lessons"))
