"""Trimming a model's vocabulary against the authors' package (`vocabtrimmer` 0.0.2): time, and the same rows.

The peer wants names that its libraries have dropped since (`huggingface_hub.Repository`, of which only its upload makes
use, and `additional_special_tokens`); both are given to it as empty ones, in a process of its own, its code as it came.
It lies in a folder outside of this environment, which ISOGLOSS_VOCABTRIMMER names:

    pip install --no-deps --target FOLDER vocabtrimmer==0.0.2 sentencepiece

ISOGLOSS_E5 names the folder of multilingual-e5-small. Without either there is no entry.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.measure import Entry
from isogloss.sentences.sets import parallel_of
from isogloss.vocabulary.growing.grow import table_of
from isogloss.vocabulary.kept import Choice
from isogloss.vocabulary.model import open_model
from isogloss.vocabulary.trim import split, trim

_PEER = """
import json, sys, time
import huggingface_hub, transformers
huggingface_hub.Repository = None
transformers.PreTrainedTokenizerBase.additional_special_tokens = property(lambda self: [])
model, lines, out, least, cache = sys.argv[1:]
from datasets import Dataset
from vocabtrimmer import VocabTrimmer
texts = json.load(open(lines, encoding="utf-8"))
sys.modules["vocabtrimmer.vocab_miner"].load_dataset = lambda *a, **k: Dataset.from_dict({"text": texts})
start = time.perf_counter()
VocabTrimmer(model).trim_vocab(
    language="x", path_to_save=out, dataset="local", min_frequency=int(least),
    cache_file_vocab=cache + "/v.json", cache_file_frequency=cache + "/f.json",
)
print("SECONDS", time.perf_counter() - start)
"""


def run(quick: bool = False) -> Iterator[Entry]:
    site, folder = os.environ.get("ISOGLOSS_VOCABTRIMMER"), os.environ.get("ISOGLOSS_E5")
    if not site or not folder:
        print("trimming: ISOGLOSS_VOCABTRIMMER and ISOGLOSS_E5 name nothing, so it was not run", flush=True)
        return
    given = parallel_of(["sentences"]).texts
    texts, held = split([line for lines in given.values() for line in lines if line])
    with TemporaryDirectory() as made:
        place = Path(made)
        model = _masked(Path(folder), place / "model")
        ours: list[float] = []
        for number in range(1 if quick else 3):
            start = time.perf_counter()
            trim(open_model(str(model)), texts, held, place / f"ours-{number}", choice=Choice(min_frequency=2))
            ours.append(time.perf_counter() - start)
        (place / "lines.json").write_text(json.dumps(texts), encoding="utf-8")
        asked = [sys.executable, "-c", _PEER, str(model), str(place / "lines.json"), str(place / "peer"), "2", made]
        told = subprocess.run(
            asked, env=os.environ | {"PYTHONPATH": site}, capture_output=True, text=True, check=True, cwd=made
        )
        peer = float(told.stdout.rpartition("SECONDS")[2])
        shared, unlike = _compared(place / "ours-0", place / "peer")
        yield Entry(
            "trimming",
            f"{open_model(str(model)).name}, {len(texts):,} lines",
            "s",
            ours,
            [peer],
            "vocabtrimmer 0.0.2",
            aim="no slower, the same rows",
            met=float(np.median(ours)) <= peer and not unlike,
            note=f"{shared:,} tokens in both, {unlike:,} of them with other rows",
        )


def _masked(folder: Path, out: Path) -> Path:
    """The model with a head of a language model, which is what the peer takes."""
    import transformers

    transformers.AutoModelForMaskedLM.from_pretrained(folder).save_pretrained(out)
    transformers.AutoTokenizer.from_pretrained(folder).save_pretrained(out)
    return out


def _compared(ours: Path, peer: Path) -> tuple[int, int]:
    """Tokens that both kept, and how many of them have other rows."""
    one, two = open_model(str(ours)), open_model(str(peer))
    tables: list[Any] = [table_of(one), table_of(two)]
    shared = [token for token in one.subwords.ids if token in two.subwords.ids]
    rows = [tables[i][[m.subwords.ids[t] for t in shared]] for i, m in enumerate((one, two))]
    return len(shared), int((rows[0] != rows[1]).any(axis=1).sum())
