"""Make the distilled encoder: python build.py TEACHER [OUT] [--work FOLDER]; a build that was stopped goes on."""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import faiss
import numpy as np
from distilled_card import write_card
from figures import measured
from spans import Spans, spans, understood
from teacher import kept, text_vectors, token_vectors
from texts import bags, translations
from tokens import extended, halves, scores
from training import DIM, TRAININGS, Batches, Clusters, mapped, start, trained, with_new_tokens

from isogloss.encoders.distilled import read_distilled, write_distilled
from isogloss.encoders.static import DISTILLED, FILE, FOLDER

_WORDS, _NEIGHBORS = 4, 33


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("teacher", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=FOLDER.with_name(DISTILLED))
    parser.add_argument("--work", type=Path, default=Path(".distilling"))
    options = parser.parse_args()
    for folder in (options.out, options.work):
        folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{(time.monotonic() - began) / 60:5.1f} min  {what}", flush=True)

    given = translations()
    say(f"{len(given.texts):,} texts in {len(given.languages)} languages of lines and more of words")
    tokens = token_vectors(options.teacher, options.work, say)
    tokenizer = extended(options.teacher, len(tokens), given.texts[: given.first_english])
    say(f"{tokenizer.get_vocab_size():,} tokens, {tokenizer.get_vocab_size() - len(tokens):,} of them new")
    batches = Batches(given, bags(tokenizer, given.texts), halves=halves(tokenizer))
    sentences = np.unique(given.english["sentences"])
    english = np.array([n for n in sentences.tolist() if len(given.texts[n].split()) >= _WORDS])
    taught = text_vectors(options.teacher, options.work, "texts", [given.texts[n] for n in english.tolist()], say)
    centred = taught - taught.mean(axis=0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    near = kept(
        options.work / "near.npy", lambda: faiss.knn(centred, centred, _NEIGHBORS, faiss.METRIC_INNER_PRODUCT)[1]
    )
    say("neighbors of the sentences")
    parts, at = spans(given)
    says = text_vectors(options.teacher, options.work, "spans", parts, say, rounded=True)
    some = understood(given, at, says)
    say(f"{len(some):,} parts of lines in {len(np.unique(at[some, 0]))} languages that the teacher reads")
    followed = Spans(batches, bags(tokenizer, [parts[i] for i in some.tolist()]), at[some, 1], says[some])
    vectors = mapped(start(tokens, np.array(scores(tokenizer))), batches, say)
    vectors = with_new_tokens(vectors, len(tokens), batches)
    clusters = Clusters(batches, english, taught, near)
    each = [
        kept(options.work / f"trained-{seed}.npy", partial(trained, vectors, batches, clusters, followed, seed, say))
        for seed in range(TRAININGS)
    ]
    vectors = np.mean(each, axis=0)
    write_distilled(options.out / FILE, tokenizer, vectors)
    made = read_distilled(options.out / FILE, DISTILLED)
    say(f"written, {(options.out / FILE).stat().st_size / 1e6:.1f} MB; {DIM} numbers a token")
    write_card(options.out / "README.md", measured(made), made)
    say("done")


if __name__ == "__main__":
    main()
