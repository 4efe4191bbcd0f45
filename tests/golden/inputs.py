"""Small files of which every byte is known: numbers are whole ones divided by powers of two, the same on every
machine.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

N, DIM = 240, 8
LETTERS = "bdfgklmnprst"
TERMS = {
    "en": "water bread house river mountain winter summer letter green window mother father stone garden milk",
    "ru": "вода хлеб дом река гора зима лето письмо зелёный окно мать отец камень сад молоко",
    "el": "νερό ψωμί σπίτι ποτάμι βουνό χειμώνας καλοκαίρι γράμμα πράσινο παράθυρο μητέρα πατέρας πέτρα κήπος γάλα",
    "fr": "eau pain maison rivière montagne hiver été lettre vert fenêtre mère père pierre jardin lait",
}
RECIPE = """
[collection]
name = "tiny"
title = "Tiny"
description = "Two years of planted words."
[corpus]
file = "corpus.parquet"
text = "text"
slice_by = "year"
author = "who"
[[slices]]
name = "early"
from = 1900
to = 1900
[[slices]]
name = "late"
from = 2000
to = 2000
[training]
dim = 8
min_count = 5
ship_count = 10
compass_epochs = 1
slice_epochs = 1
"""
REPLICATES = "[replicates]\nauthor = 2\ndocument = 1\n"


def word(number: int) -> str:
    """A word of letters for a number, all of one length."""
    return "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in (2, 1, 0)) + "a"


def words(n: int = N, offset: int = 0) -> list[str]:
    return [word(i + offset) for i in range(n)]


def whole(shape: tuple[int, ...], seed: int, size: int = 512) -> np.ndarray:
    """Whole numbers between −size and size, divided by 256."""
    drawn = np.random.default_rng(seed).integers(-size, size + 1, size=shape)
    return (drawn / 256).astype(np.float32)


def turned(x: np.ndarray, seed: int, noise: int = 160) -> np.ndarray:
    """The same vectors with their axes exchanged and mirrored, and some noise: what alignment undoes."""
    rng = np.random.default_rng(seed)
    axes, signs = rng.permutation(x.shape[1]), rng.integers(0, 2, x.shape[1]) * 2 - 1
    return (x[:, axes] * signs + whole(x.shape, seed + 1, noise)).astype(np.float32)


def text(items: list[str], vectors: np.ndarray, header: bool = True, between: str = " ") -> str:
    lines = [f"{len(items)} {vectors.shape[1]}"] if header else []
    lines += [item + between + between.join(map(str, row)) for item, row in zip(items, vectors.tolist(), strict=True)]
    return "\n".join(lines) + "\n"


def write_pair(folder: Path) -> None:
    """left.vec and right.vec, a dictionary in several spellings, and a map by hand."""
    x = whole((N, DIM), 1)
    (folder / "left.vec").write_text(text(words(), x), "utf-8")
    (folder / "right.vec").write_text(text(words(offset=120), np.roll(turned(x, 2), 0, axis=0)), "utf-8")
    (folder / "same.vec").write_text(text(words(), turned(x, 3, 60)), "utf-8")
    pairs = [(word(i), word(i + 120)) for i in range(N)]
    (folder / "all.tsv").write_text("".join(f"{a}\t{b}\n" for a, b in pairs), "utf-8")
    (folder / "train.txt").write_text("".join(f"{a} {b}\n" for a, b in pairs[:150]), "utf-8")
    (folder / "test.csv").write_text("".join(f"{a},{b}\n" for a, b in [*pairs[150:], ("nowhere", word(3))]), "utf-8")
    (folder / "three.tsv").write_text("".join(f"{i}\t{b}\t{a}\n" for i, (a, b) in enumerate(pairs)), "utf-8")
    rows = "\n".join(" ".join("1.0" if i == (j + 1) % DIM else "0.0" for i in range(DIM)) for j in range(DIM))
    (folder / "shift.txt").write_text(f"{DIM} {DIM}\n{rows}\n", "utf-8")


def write_vectors(folder: Path) -> None:
    """The same kind of vectors in every format that is read."""
    items, x = [*words(30), "new york", "Köln", "東京"], whole((33, 6), 4)
    one = [item.replace(" ", "_") for item in items]
    (folder / "a.vec").write_text(text(one, x), "utf-8")
    (folder / "b.vec").write_text(text(one[:25], whole((25, 6), 5)), "utf-8")
    (folder / "glove.txt").write_text(text(items, x, header=False), "utf-8")
    (folder / "odd.vec").write_text(
        "6 3\nOne 1 2 3\none 4 5 6\nnil 0 0 0\nnot nan 1 2\ntwo 1 0 0.5\nOne 7 8 9\n", "utf-8"
    )
    (folder / "numbers.tsv").write_text("\n".join("\t".join(map(str, row)) for row in x.tolist()) + "\n", "utf-8")
    (folder / "names.txt").write_text("".join(f"{item}\n" for item in items), "utf-8")
    np.save(folder / "c.npy", x)
    np.savez(folder / "d.npz", vectors=x, words=np.array(items))
    head = f"{len(one)} 6\n".encode()
    body = b"".join(
        item.encode() + b" " + row.astype("<f4").tobytes() + b"\n" for item, row in zip(one, x, strict=True)
    )
    (folder / "e.bin").write_bytes(head + body)
    vectors = pa.array(x.tolist(), pa.list_(pa.float32()))
    pq.write_table(pa.table({"word": items, "count": list(range(33, 0, -1)), "vector": vectors}), folder / "f.parquet")
    rows = [
        {"text": item, "embedding": row, "kind": "ab"[i % 2]}
        for i, (item, row) in enumerate(zip(items, x.tolist(), strict=True))
    ]
    (folder / "g.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    (folder / "tensors").mkdir()
    header = json.dumps({"emb": {"dtype": "F32", "shape": list(x.shape), "data_offsets": [0, x.nbytes]}}).encode()
    (folder / "tensors" / "h.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + x.tobytes())
    vocabulary = {"model": {"type": "WordLevel", "vocab": {item: i for i, item in enumerate(items)}}}
    (folder / "tensors" / "tokenizer.json").write_text(json.dumps(vocabulary), "utf-8")


def write_terms(folder: Path) -> None:
    """The same concepts in four languages and three scripts, as a table with vectors, and as texts."""
    names, said, languages, concepts = [], [], [], []
    for language, line in TERMS.items():
        for concept, one in zip(TERMS["en"].split(), line.split(), strict=True):
            names.append(f"{one} · {language}")
            said.append(one)
            languages.append(language)
            concepts.append(concept)
    meaning = dict(zip(TERMS["en"].split(), whole((15, 8), 6), strict=True))
    place = dict(zip(TERMS, whole((4, 8), 7, 700), strict=True))
    x = np.stack([meaning[c] + place[lang] for c, lang in zip(concepts, languages, strict=True)]) + whole(
        (60, 8), 8, 90
    )
    table = {"item": names, "text": said, "language": languages, "concept": concepts}
    pq.write_table(pa.table(table | {"vector": pa.array(x.tolist(), pa.list_(pa.float32()))}), folder / "terms.parquet")
    (folder / "texts.csv").write_text("id,text\n" + "".join(f"{i},{one}\n" for i, one in enumerate(said)), "utf-8")
    (folder / "plain.txt").write_text("привет, мир\nκαλημέρα\n\nこんにちは\nplain text\nदिल्ली\n", "utf-8")
    english = TERMS["en"].split() * 3
    rows = zip(languages[15:], said[15:], english, strict=True)
    (folder / "lines.tsv").write_text("language\ttext\tenglish\n" + "".join("\t".join(r) + "\n" for r in rows), "utf-8")


def write_periods(folder: Path) -> None:
    """Two periods of one vocabulary with counts, in which some words moved; the gold list; the texts and their
    recipe.
    """
    x = whole((80, 6), 9)
    moved = x.copy()
    moved[:10] = x[10:20]
    counts = [1000 - 12 * i for i in range(80)]
    for name, vectors, offset in (("early", x, 0), ("late", moved, 5)):
        near = vectors + whole(vectors.shape, 10 + offset, 60)
        found = {"item": words(80), "count": [c + offset for c in counts]}
        pq.write_table(
            pa.table(found | {"vector": pa.array(near.tolist(), pa.list_(pa.float32()))}), folder / f"{name}.parquet"
        )
    (folder / "gold.txt").write_text(
        "".join(f"{word(i)}_nn\t{int(i < 10)}\n" for i in range(40)) + "nowhere\t1\n", "utf-8"
    )
    (folder / "graded.txt").write_text("".join(f"{word(i)} {(80 - i) / 80}\n" for i in range(40)), "utf-8")
    write_corpus(folder)


def write_corpus(folder: Path, documents: int = 40, lines: int = 12) -> None:
    """Documents of two years by four authors: sentences of ten words of one of eight topics."""
    rng = np.random.default_rng(11)
    said, years, who = [], [], []
    for year in (1900, 2000):
        for i in range(documents):
            some = [
                " ".join(word(int(w)) for w in 10 * rng.integers(8) + rng.integers(0, 10, 10)) for _ in range(lines)
            ]
            said.append(" ".join(line.capitalize() + "." for line in some))
            years.append(year)
            who.append(f"author {i % 4}")
    pq.write_table(pa.table({"text": said, "year": years, "who": who}), folder / "corpus.parquet")
    (folder / "recipe.toml").write_text(RECIPE, "utf-8")
    (folder / "replicated.toml").write_text(RECIPE.replace('"tiny"', '"noisy"') + REPLICATES, "utf-8")
    (folder / "alone.toml").write_text(RECIPE.replace('"tiny"', '"single"') + 'method = "procrustes"\n', "utf-8")


def write_wrong_recipes(folder: Path) -> None:
    """Each wrong in one way."""
    for i, (old, new) in enumerate(_WRONG):
        (folder / f"bad-{i}.toml").write_text(RECIPE.replace(old, new, 1), "utf-8")


_WRONG = (
    ('name = "tiny"', 'name = "Tiny Words"'),
    ('file = "corpus.parquet"', 'file = "nowhere.parquet"'),
    ('text = "text"', 'text = "words"'),
    ('name = "late"', 'name = "early"'),
    ("to = 2000", "to = 1999"),
    ("dim = 8", "dimensions = 8"),
    ("dim = 8", 'dim = "eight"'),
    ("min_count = 5", "min_count = 0"),
    ("dim = 8", 'dim = 8\nmethod = "best"'),
    ("[[slices]]", "[[slice]]"),
)


def write_many(folder: Path) -> None:
    """More items than are searched exactly."""
    n = 100_500
    np.savez(folder / "many.npz", vectors=whole((n, 4), 12, 2048), words=np.array([f"w{i}" for i in range(n)]))


def write_setups(folder: Path) -> None:
    """What the page Align writes for its jobs: the pair it opens with, and a planted one."""
    demo = {"source": "novels-en/English", "target": "novels-fr/French", "anchors": "lexicon:en:fr"}
    small = {"source": "left.vec", "target": "right.vec", "anchors": "train.txt", "test": "test.csv", "seed": 3}
    (folder / "demo.json").write_text(json.dumps(demo), "utf-8")
    parameters = {"parameters": {"seed": small.pop("seed"), "ridge": 2.0}}
    (folder / "small.json").write_text(json.dumps(small | parameters), "utf-8")
    (folder / "wrong.json").write_text('{"sauce": 1}', "utf-8")
