"""New rows from an outside space, and the table in two factors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from isogloss.errors import InvalidValue
from isogloss.spaces.space import Space
from isogloss.vocabulary.growing.factors import errors, factorised, parameters, ranks, singular
from isogloss.vocabulary.growing.grow import Making, grown, made_of, mixed, sources_of, table_of, weights, write_grown
from isogloss.vocabulary.growing.hidden import leave_out
from isogloss.vocabulary.model import open_model
from isogloss.vocabulary.subwords import read_subwords
from isogloss.vocabulary.vectors import moved
from tests.kit.tokenizers_ import lines, model, tokenizer

RNG = np.random.default_rng(3)


def test_the_error_of_a_rank_is_the_tail_of_the_singular_values() -> None:
    table = RNG.normal(size=(300, 12)).astype(np.float32) * np.linspace(3, 0.1, 12, dtype=np.float32)
    values, _ = singular(table)
    assert values == pytest.approx(np.linalg.svd(table.astype(np.float64), compute_uv=False), rel=1e-6)
    for rank in (1, 5, 12):
        made = factorised(table, rank)
        left = np.linalg.norm(table - made.coordinates @ made.primitives)
        assert left == pytest.approx(made.error, abs=2e-5)
        assert made.error == pytest.approx(errors(values)[rank])
        assert made.coordinates.T @ made.coordinates == pytest.approx(np.eye(rank), abs=1e-5)
    assert [round(parameters(401_145, rank, 768) / 1e6, 1) for rank in (100, 200, 400, 768)] == [
        40.2,
        80.4,
        160.8,
        308.1,
    ]
    assert ranks(values, 300, (5,))[0]["parameters"] == 300 * 5 + 5 * 12
    with pytest.raises(InvalidValue, match="a rank of 13"):
        factorised(table, 13)


def space_of(words: list[str], vectors: np.ndarray) -> Space:
    return Space("outside", tuple(words), vectors.astype(np.float32))


def test_a_planted_identical_token_comes_back_and_weights_sum_to_one() -> None:
    subwords = read_subwords(tokenizer("unigram").to_str().encode(), "x")
    words = sorted(
        {subwords.surface(t) for t in subwords.tokens if subwords.begins(t) and len(subwords.surface(t)) > 1}
    )
    vectors = RNG.normal(size=(len(words) + 1, 20))
    vectors[-1] = 2 * vectors[4]  # the same direction as that of a token
    sources = sources_of(subwords, space_of([*words, "newword"], vectors))
    table = RNG.normal(size=(len(subwords.tokens), 8)).astype(np.float32)
    found, shares = made_of(vectors.astype(np.float32), sources, Making(k=5))
    assert shares.sum(axis=1) == pytest.approx(np.ones(len(vectors)))
    at = sources.items.index(words[4])
    assert np.array_equal(mixed(table, sources.tokens[found[-1:]], shares[-1:])[0], table[sources.tokens[at]])
    cosine = np.sort(sources.vectors @ sources.vectors[0])[::-1][1:4]
    hidden, theirs = made_of(sources.vectors[:1], sources, Making(k=3, tau=0.5), without=np.array([0]))
    wanted = np.exp(cosine / 0.5) / np.exp(cosine / 0.5).sum()
    assert 0 not in hidden
    assert theirs[0] == pytest.approx(wanted, rel=1e-4)
    assert weights(np.array([[0.5, 0.4]], dtype=np.float32))[0, 0] == pytest.approx(1 / (1 + np.exp(-1)), rel=1e-5)


def test_hidden_tokens_come_back_where_the_spaces_agree_and_not_where_they_do_not() -> None:
    subwords = read_subwords(tokenizer("unigram").to_str().encode(), "x")
    words = sorted(
        {subwords.surface(t) for t in subwords.tokens if subwords.begins(t) and len(subwords.surface(t)) > 1}
    )
    outside = RNG.normal(size=(8, 6))[RNG.integers(8, size=len(words))] + 0.1 * RNG.normal(size=(len(words), 6))
    sources = sources_of(subwords, space_of(words, outside))
    table = RNG.normal(size=(len(subwords.tokens), 6)).astype(np.float32)
    (nothing, *_) = leave_out(table, sources)
    assert not nothing.beats
    assert "does not beat" in nothing.sentence()
    table[sources.tokens] = sources.vectors @ np.linalg.qr(RNG.normal(size=(6, 6)))[0].astype(np.float32)
    (whole, *scripts) = leave_out(table, sources)
    assert whole.beats
    assert whole.ofa.value > 0.9
    assert whole.gain.low is not None
    assert whole.gain.low > 0
    assert sum(one.ofa.n for one in scripts) <= whole.ofa.n
    assert {one.script for one in scripts} >= {"Latn", "Cyrl"}


@pytest.mark.long
@pytest.mark.parametrize("kind", ["unigram", "bpe"])
def test_a_grown_folder_opens_and_cuts_the_new_words_whole(kind: str, tmp_path: Path) -> None:
    import transformers

    lying = open_model(str(model(kind, tmp_path)))
    table = table_of(lying)
    known = [w for t in lying.subwords.tokens if lying.subwords.begins(t) and len(w := lying.subwords.surface(t)) > 1]
    words = list(dict.fromkeys([*known, "zanzibar", "quokka"]))
    space = space_of(words[:-1], RNG.normal(size=(len(words) - 1, 10)))
    found = grown(lying, table, ["zanzibar", "quokka", "two words", "zanzibar", known[0]], space)
    assert [(one.word, one.how) for one in found.words] == [("zanzibar", "made"), ("quokka", "drawn")]
    assert found.read.total == 5
    out = tmp_path / "grown"
    write_grown(lying, found, out, making=Making())
    after = open_model(str(out))
    assert after.tables is not None
    assert after.tables.parameters == found.parameters[1]
    assert np.array_equal(table_of(after)[: len(table)], table)
    assert np.array_equal(table_of(after)[len(table) :], found.rows)
    cut = transformers.AutoTokenizer.from_pretrained(out)
    assert cut.convert_ids_to_tokens(cut("the zanzibar dog")["input_ids"]).count("zanzibar") == 1
    assert "zanzibar" in after.subwords.split("the zanzibar dog")
    same = lines("en")[:8]
    assert moved(lying.folder or out, out, same, changed=()).identical.value == 1
