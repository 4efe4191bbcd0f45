"""Train the shipped encoder: tokeniser, the stages before, transliterated, translated, and the control; write its
card.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from batches import Pairs
from card import write_card
from corpus import rows
from evaluate import LANGUAGES, table
from lexicon import mine
from tokeniser import SIZE, export, train, views
from tokenizers import Tokenizer

from isogloss.encoders.contrastive import TokenTrainer
from isogloss.encoders.static import FOLDER, StaticEncoder, pack, reduce, unpack
from isogloss.types import Vectors

# Chosen on other lines and terms than the card's: fewer directions, and lengths drawn together (a token's length is its
# weight in the mean, and the weights that suit whole lines are too uneven for names of one to three words): there,
# terms .433 → .476 and lines .846 → .780 against 96 directions with lengths as trained.
DIM, SHIPPED_DIM, LENGTHS = 192, 72, 0.6
RATE, SCALE = 0.01, 20.0
STEPS = {"transliterated": 3_000, "translated": 12_000, "control": 3_000}
MIXES = {
    "transliterated": ({"tcm": 1.0}, 1024),
    "translated": ({"ntrex": 0.4, "english": 0.2, "lexicon": 0.25, "tcm": 0.15}, 1408),
    "control": ({"self": 1.0}, 1024),
}


def skip_gram(columns: dict[str, list], n_tokens: int) -> Vectors:
    """The stage *before*: skip-gram over subwords, text by text, so that no language sees another's lines."""
    from gensim.models import Word2Vec

    sentences = []
    for name, bags in columns.items():
        one = bags[0]
        for i in range(0, len(one), 2 if name == "romanized" else 1):
            ids = one.ids[one.offsets[i] : one.offsets[i + 1]]
            if len(ids) > 1:
                sentences.append([str(t) for t in ids])
    np.random.default_rng(0).shuffle(sentences)
    model = Word2Vec(
        sentences, vector_size=DIM, sg=1, window=5, negative=5, min_count=1, epochs=2, workers=2, seed=1, sample=1e-4
    )
    vectors = np.random.default_rng(0).normal(0, 0.02, (n_tokens, DIM)).astype(np.float32)
    for token, i in model.wv.key_to_index.items():
        vectors[int(token)] = model.wv.vectors[i]
    return vectors / np.linalg.norm(vectors, axis=1).mean()


def even_lengths(vectors: Vectors, power: float = LENGTHS) -> Vectors:
    """Each row's length to a power below one; its direction stays."""
    length = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return np.asarray(vectors * length ** (power - 1), dtype=np.float32)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()

    def say(what: str) -> None:
        print(f"{(time.monotonic() - start) / 60:5.1f} min  {what}", flush=True)

    found = rows()
    say(f"{found.num_rows:,} texts")
    trained = train(found, list(LANGUAGES), folder / "unigram")
    export(trained, folder / "tokenizer.json")
    say("tokeniser")
    mined = mine(found, trained)
    say(f"{len(mined):,} word pairs mined")
    found = found.append_column("score", pa.array(np.ones(found.num_rows)))
    more = dict(
        zip(("language", "text", "romanized", "english", "score"), map(list, zip(*mined, strict=True)), strict=True)
    )
    more |= {"source": ["mined"] * len(mined), "line": [-1] * len(mined)}
    whole = pa.concat_tables([found, pa.table({name: more[name] for name in found.column_names}, schema=found.schema)])
    seen = {column: views(trained, whole[column].to_pylist()) for column in ("text", "romanized", "english")}
    say("texts as ids")
    vectors = {"before": skip_gram(seen, SIZE)}
    say("before")
    pairs = Pairs(whole, seen, list(LANGUAGES))
    for stage, start_from in (("transliterated", "before"), ("translated", "transliterated"), ("control", "before")):
        trainer = TokenTrainer(vectors[start_from].copy())
        mix, size = MIXES[stage]
        trainer.run(
            pairs.batches(mix, size),
            STEPS[stage],
            rate=RATE,
            scale=SCALE,
            progress=lambda step, loss, stage=stage: say(f"{stage} {step:,}: {loss:.3f}") if step % 500 == 0 else None,
        )
        vectors[stage] = trainer.vectors
    packed = {stage: pack(reduce(even_lengths(one), SHIPPED_DIM)) for stage, one in vectors.items()}
    shipped = {
        k: v for stage, (v, s) in packed.items() if stage != "control" for k, v in ((stage, v), (f"{stage}_scale", s))
    }
    np.savez_compressed(folder / "stages.npz", **shipped)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    write_card(
        folder / "README.md",
        SHIPPED_DIM,
        *table({s: StaticEncoder(tokenizer, unpack(*p), s) for s, p in packed.items()}),
    )
    for rest in folder.glob("unigram.*"):
        rest.unlink()
    say("done")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
