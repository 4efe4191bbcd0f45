"""New words for a model, each made of the words that lie nearest to it in a space outside the model (OFA).

Liu et al. 2024: a new token's row = Σ w_i · row_i over its K nearest tokens of the model in an external aligned space,
w = softmax(similarity / τ). A word that is a token already keeps its row; one that the space does not hold is drawn
from a normal distribution with the mean and spread of the table in each dimension.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.encoders.static import load_encoder
from isogloss.errors import InvalidValue, needs
from isogloss.linear import unit_rows
from isogloss.nearest.exact import ExactIndex
from isogloss.progress import Progress, silent
from isogloss.spaces.space import Space
from isogloss.text.script import script_of
from isogloss.text.tally import Tally
from isogloss.types import Floats, Rows, Vectors
from isogloss.vocabulary.card import bare
from isogloss.vocabulary.folder import write_folder
from isogloss.vocabulary.growing.proposed import with_words
from isogloss.vocabulary.model import Model
from isogloss.vocabulary.subwords import Subwords

INITS = ("ofa", "mean", "random")
K, TAU = 10, 0.1
_BLANKS = set(" \t\n\r\x0b\x0c")


@dataclass(frozen=True)
class Making:
    """How rows are made. k: tokens that one is made of. tau: of the softmax. seed: of what is drawn."""

    init: str = "ofa"
    k: int = K
    tau: float = TAU
    seed: int = 0

    def __post_init__(self) -> None:
        if self.init not in INITS:
            raise InvalidValue(f"init {self.init[:40]!r} was asked for", f"choose from {', '.join(INITS)}")
        if self.k < 1:
            raise InvalidValue(f"k is {self.k}", "choose 1 or more")
        if not 0 < self.tau < float("inf"):
            raise InvalidValue(f"tau is {self.tau:g}", "choose more than 0")


@dataclass(frozen=True)
class Sources:
    """Tokens of a model that a space holds as words. tokens: their ids, (n,). items: what the space calls them.
    vectors: of the space, unit rows, (n, dim).
    """

    tokens: Rows
    items: tuple[str, ...]
    vectors: Vectors

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class NewWord:
    """how: `made` of others, or `drawn`. parts: the tokens it is made of with their weights, which sum to 1.
    before: how the model cut it until now.
    """

    word: str
    how: str
    before: tuple[str, ...]
    parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Grown:
    """words: the new ones in order. rows: theirs, (n, dim) float32. sources: tokens that a space holds as words.
    parameters: before and after; rows of the table that no token has are left out.
    """

    words: tuple[NewWord, ...]
    rows: Vectors
    sources: int
    read: Tally
    parameters: tuple[int, int]


def sources_of(subwords: Subwords, space: Space) -> Sources:
    """Tokens that are whole words and items of the space; of several for one item the first. Raises InvalidValue."""
    found: dict[str, int] = {}
    marks = set(subwords.added)
    for i, token in enumerate(subwords.tokens):
        if token and i not in marks and subwords.begins(token):
            word = subwords.surface(token)
            if len(word) > 1 and word in space:
                found.setdefault(word, i)
    if len(found) < 2:
        raise InvalidValue(
            f"{len(found)} tokens of {subwords.name[:80]} are items of {space.name[:80]}", "choose a space of its words"
        )
    rows = np.array([space[item] for item in found], dtype=np.int64)
    return Sources(np.array(list(found.values()), dtype=np.int64), tuple(found), unit_rows(space.rows(rows)))


def weights(similarity: Vectors, tau: float = TAU) -> Floats:
    """softmax(similarity / τ) of each row, (n, k): each sums to 1.

    >>> weights(np.array([[0.9, 0.9]], dtype=np.float32)).tolist()
    [[0.5, 0.5]]
    """
    scaled = similarity.astype(np.float64) / tau
    scaled -= scaled.max(axis=1, keepdims=True)
    raised = np.exp(scaled)
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def made_of(queries: Vectors, sources: Sources, making: Making, *, without: Rows | None = None) -> tuple[Rows, Floats]:
    """The places among the sources of which each query is made, and their weights, (n, k). A source whose vector is the
    query's own is exact overlap: it alone counts. without: for each query a place that is hidden.
    """
    k = min(making.k, len(sources) - (without is not None))
    if k < 1:
        raise InvalidValue(f"the space holds {len(sources)} tokens", "choose a space with more words of the model")
    index = ExactIndex(Space("sources", tuple(map(str, range(len(sources)))), sources.vectors))
    found, similarity = index.search(queries, k + (without is not None))
    if without is not None:
        own = found == without[:, None]
        own[~own.any(axis=1), -1] = True
        found, similarity = found[~own].reshape(-1, k), similarity[~own].reshape(-1, k)
    shares = weights(similarity, making.tau)
    if without is None:
        same = similarity[:, 0] >= 1 - 1e-6
        shares[same] = 0.0
        shares[same, 0] = 1.0
    return np.asarray(found), shares


def drawn(table: Vectors, n: int, seed: int) -> Vectors:
    """n rows ~ N(mean, spread) of the table in each dimension, float32."""
    rng = np.random.default_rng(seed)
    return rng.normal(table.mean(axis=0), table.std(axis=0), size=(n, table.shape[1])).astype(np.float32)


def grown(model: Model, table: Vectors, words: Sequence[str], space: Space, making: Making | None = None) -> Grown:
    """New words with their rows; nothing is written. table: the model's, (n_tokens, dim). Raises InvalidValue."""
    making = making or Making()
    subwords, tally = model.subwords, Tally()
    new: dict[str, tuple[str, ...]] = {}
    for word in words:
        cut = tuple(subwords.split(word))
        if _BLANKS & set(word):
            tally.skip("several_words", word)
        elif len(cut) == 1 and subwords.ids.get(cut[0]) != subwords.unknown:
            tally.skip("a_token_already", word)
        elif word in new:
            tally.skip("twice", word)
        elif word in subwords.ids:  # its letters are a token that does not stand at a word's beginning
            tally.skip("a_part_of_words", word)
        else:
            new[word] = cut
            tally.read += 1
    if not new:
        raise InvalidValue(f"no word is new to the model ({tally.sentence()})", "give words that it cuts into pieces")
    sources = sources_of(subwords, space)
    rows, parts = _rows(list(new), table, sources, space, making)
    told = tuple(
        NewWord(
            word, "made" if parts.get(word) else "drawn" if making.init != "mean" else "mean", cut, parts.get(word, ())
        )
        for word, cut in new.items()
    )
    size = model.tables.parameters if model.tables else table.size
    wide = model.tables.wide if model.tables else table.shape[1]
    first = size if model.tables is None else model.tables.with_rows(len(subwords.tokens))
    return Grown(told, rows, len(sources), tally, (size, first + wide * len(new)))


def _rows(
    words: Sequence[str], table: Vectors, sources: Sources, space: Space, making: Making
) -> tuple[Vectors, dict[str, tuple[tuple[str, float], ...]]]:
    if making.init == "mean":
        return np.tile(table.mean(axis=0), (len(words), 1)).astype(np.float32), {}
    rows = drawn(table, len(words), making.seed)
    held = [i for i, word in enumerate(words) if word in space] if making.init == "ofa" else []
    if not held:
        return rows, {}
    found, shares = made_of(space.rows(np.array([space[words[i]] for i in held])), sources, making)
    rows[held] = mixed(table, sources.tokens[found], shares)
    parts = {
        words[i]: tuple((sources.items[j], float(w)) for j, w in zip(found[at], shares[at], strict=True) if w > 0)
        for at, i in enumerate(held)
    }
    return rows, parts


def mixed(table: Vectors, tokens: Rows, shares: Floats) -> Vectors:
    """Σ w · row, (n, dim) float32; tokens and shares: (n, k)."""
    found: Vectors = np.einsum("nk,nkd->nd", shares, table[tokens].astype(np.float64)).astype(np.float32)
    return found


def table_of(model: Model) -> Vectors:
    """The rows of a model's tokens, (n_tokens, dim) float32. Raises InvalidValue."""
    with needs("encoders"):
        from safetensors import safe_open
    if model.stage:
        return load_encoder(model.stage).vectors
    if model.place is None or model.tables is None:
        raise InvalidValue(f"{model.name[:80]} is a tokenizer alone", "name a folder that holds a model")
    for name in model.tables.names:
        for file in sorted(model.place.glob("*.safetensors")):
            with safe_open(file, framework="pt") as held:
                if name in held.keys() and not _is_head(name):  # noqa: SIM118
                    found = held.get_tensor(name)
                    if found.ndim == 2:
                        return np.asarray(found[: len(model.subwords.tokens)].float().numpy())
    raise InvalidValue(f"{model.name[:80]} has no table that tokens come in by", "give an encoder or decoder")


def _is_head(name: str) -> bool:
    return any(
        part in name
        for part in ("lm_head", "embed_out", "output_projection", "predictions", "vocab_projector", "decoder")
    )


def write_grown(model: Model, found: Grown, out: Path, *, making: Making, progress: Progress = silent) -> Tally:
    """A folder of the model with the new words as tokens after the others. Raises InvalidValue, StoreError.

    Rows of heads that have their own table, and biases, are the mean of theirs: only what comes in is made.
    """
    progress("writing the model", 0.8, None)
    made, n = with_words(model.subwords, [one.word for one in found.words]), len(model.subwords.tokens)

    def rows(name: str, tensor: Any) -> Any:
        import torch

        old = tensor[:n]
        if tensor.ndim == 2 and not _is_head(name):
            new = torch.from_numpy(found.rows).to(tensor.dtype)
        else:
            new = old.float().mean(dim=0, keepdim=True).to(tensor.dtype).expand(len(found.words), *tensor.shape[1:])
        return torch.cat([old, new])

    made_by = sum(one.how == "made" for one in found.words)
    card = (
        f"---\ntags: [vocabulary-extension]\n---\n\n# {bare(model.name)}, with {len(found.words):,} new words\n\n"
        f"Made with Isogloss: {made_by:,} words are made of their {making.k} nearest tokens (τ = {making.tau:g}),"
        f" {len(found.words) - made_by:,} are not ({bare(making.init)}).\nParameters: {found.parameters[0]:,} →"
        f" {found.parameters[1]:,}. The rows of all other tokens are those of the model, bit for bit.\nNothing was"
        " trained on the new words.\n"
    )
    return write_folder(model, out, tokenizer=made.state, ids={}, rows=rows, card=card)


def script_groups(items: Sequence[str]) -> dict[str, Rows]:
    """Script → places of its items, the script with most first."""
    found: dict[str, list[int]] = {}
    for i, item in enumerate(items):
        found.setdefault(script_of(item), []).append(i)
    return {script: np.array(rows) for script, rows in sorted(found.items(), key=lambda one: -len(one[1]))}
