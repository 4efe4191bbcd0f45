"""A model with fewer tokens, of every kind of tokenizer: what stays is cut as before and has the same vectors."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.errors import InvalidValue
from isogloss.vocabulary.kept import Choice, choose, frequencies
from isogloss.vocabulary.model import open_model
from isogloss.vocabulary.rewrite import rewritten
from isogloss.vocabulary.subwords import Subwords, read_subwords
from isogloss.vocabulary.trim import curve, divergence, kept_always, plan, split, trim
from isogloss.vocabulary.vectors import moved
from tests.kit.tiers import cases
from tests.kit.tokenizers_ import KINDS, lines, model, tokenizer

HELD = [*lines("fr", "uk")[::4], "The dog is cold.", "東京 x"]


@pytest.fixture(scope="module")
def subwords() -> dict[str, Subwords]:
    return {kind: read_subwords(tokenizer(kind).to_str().encode(), kind) for kind in KINDS}


@settings(max_examples=cases(200))
@given(data=st.data())
@pytest.mark.parametrize("kind", KINDS)
def test_texts_whose_tokens_all_stay_are_cut_as_before(
    subwords: dict[str, Subwords], kind: str, data: st.DataObject
) -> None:
    """Whatever stays: the tokens of some lines, seen so often or not."""
    old = subwords[kind]
    some = data.draw(st.lists(st.sampled_from(lines()), min_size=1, max_size=30, unique=True))
    counts = frequencies(old, old.read(some).ids)
    kept = choose(old, counts, Choice(data.draw(st.integers(1, 4))))
    new = Subwords(rewritten(old, kept.ids), kind)
    assert [new.tokens[i] for i in range(len(new.tokens))] == [old.tokens[i] for i in kept.ids]
    stays = set(kept.ids.tolist())
    words = [word for line in lines() for word in line.split()]
    made = data.draw(st.lists(st.lists(st.sampled_from(words), min_size=1, max_size=6).map(" ".join), max_size=20))
    tested = [*some, *made]
    before, after = old.read(tested), new.read(tested)
    for a, b in zip(before.ids, after.ids, strict=True):
        same = [old.tokens[i] for i in a] == [new.tokens[i] for i in b]
        if stays.issuperset(a) and not (kind == "wordpiece" and old.unknown in a):
            assert same
        if not stays.issuperset(a):
            assert not same


def test_an_unknown_letter_costs_what_it_did() -> None:
    """abcd is ab·cd (−30), not abc·d (−33). Without d and with its score gone, abc·<unk> would be −28."""
    vocab = [["<unk>", 0.0], ["ab", -15.0], ["cd", -15.0], ["abc", -3.0], ["d", -30.0]]
    old = Subwords({"model": {"type": "Unigram", "unk_id": 0, "vocab": vocab}, "added_tokens": []}, "x")
    counts = frequencies(old, old.read(["abcd", "abc"]).ids)
    new = Subwords(rewritten(old, choose(old, counts, Choice(1)).ids), "x")
    assert old.split("abcd") == new.split("abcd") == ["ab", "cd"]


@pytest.mark.parametrize("kind", KINDS)
def test_marks_keep_their_tokens_and_the_state_is_whole(subwords: dict[str, Subwords], kind: str) -> None:
    old = subwords[kind]
    kept = choose(old, frequencies(old, old.read(["The dog"]).ids), Choice(1))
    state = rewritten(old, kept.ids)
    new = Subwords(state, kind)
    around = {one["ids"][0]: name for name, one in state["post_processor"]["special_tokens"].items()}
    assert {name: new.tokens[i] for i, name in around.items()} == {"<s>": "<s>", "</s>": "</s>"}
    assert [new.tokens[one["id"]] for one in state["added_tokens"]] == [one["content"] for one in state["added_tokens"]]
    assert new.unknown is None if kind == "bpe" else new.tokens[new.unknown or 0] == "<unk>"
    if kind == "bpe":  # any letter can still be spelled
        assert new.read(["東京"]).unknown.sum() == 0
        assert new.split("東京") == old.split("東京")


@pytest.mark.long
@pytest.mark.parametrize("kind", ["unigram", "bpe", "wordpiece"])
def test_the_folder_opens_and_gives_the_same_vectors(kind: str, tmp_path: Path) -> None:
    import transformers
    from safetensors.numpy import load_file

    folder, out = model(kind, tmp_path), tmp_path / "out"
    before = open_model(str(folder))
    assert before.tables is not None
    found, files = trim(before, lines("en", "de"), HELD, out, choice=Choice(1))
    after = open_model(str(out))
    assert after.tables is not None
    assert after.tables.parameters == found.parameters[1] == before.tables.with_rows(found.tokens[1])
    assert found.coverage.value == pytest.approx(1 - len(found.changed) / len(HELD))
    assert found.divergence > 0
    assert files.read > 3
    same = [line for line in [*lines("en", "de"), *HELD] if line not in set(found.changed)]
    told = moved(folder, out, [*same[:30], *found.changed[:5]], changed=set(found.changed))
    assert told.identical.value == 1
    assert told.identical.n >= 30
    assert told.cosine.value < 1
    old, new = load_file(folder / "model.safetensors"), load_file(out / "model.safetensors")
    ids = [before.subwords.ids[token] for token in after.subwords.tokens]
    for name, tensor in new.items():
        assert np.array_equal(tensor, old[name][ids] if name in before.tables.names else old[name])
    cut = transformers.AutoTokenizer.from_pretrained(out)
    config = json.loads((out / "config.json").read_text())
    assert (config["vocab_size"], cut.pad_token_id, cut.mask_token_id) == (
        len(after.subwords),
        config["pad_token_id"],
        after.subwords.ids["<mask>"],
    )
    assert cut(same[0])["input_ids"][1:-1] == after.subwords.read([same[0]]).ids[0]
    assert transformers.AutoModel.from_pretrained(
        out, use_safetensors=True
    ).get_input_embeddings().num_embeddings == len(ids)
    assert "trimmed" in (out / "README.md").read_text()
    with pytest.raises(InvalidValue, match="is there already"):
        trim(before, lines("en"), HELD, out, choice=Choice(1))


@pytest.mark.long
def test_the_curve_is_what_trimming_to_so_many_gives() -> None:
    from isogloss.sentences.given.own import own_sentences

    whole, (texts, held) = open_model(), split(list(own_sentences().texts["en"]), 0.5)
    read = whole.subwords.read(texts)
    counts = frequencies(whole.subwords, read.ids)
    points = curve(whole, counts, whole.subwords.read(held), kept_always(whole))
    for point, top in ((points[-1], 10**6), (points[len(points) // 2], 0)):
        top = top or point.tokens - 1  # one of them is <unk>
        found = plan(whole, texts, held, Choice(top=top)).found
        assert found.coverage.value == pytest.approx(point.coverage)
        assert found.tokens[1] - found.why["needed"] == point.tokens
    assert [one.coverage for one in points] == sorted(one.coverage for one in points)
    kept = plan(whole, texts, held, Choice(scripts=("Latn", "Zyyy"))).found
    assert kept.coverage.value == 1
    assert kept.divergence == 0
    assert kept.parameters == (48_000 * 72, kept.tokens[1] * 72)


@pytest.mark.long
def test_tokens_asked_for_are_counted() -> None:
    whole = open_model()
    found = plan(whole, ["a b c"], ["b"], Choice(1, tokens=("dog", "no such thing"))).found
    assert (found.asked.read, found.asked.skipped, found.why["asked"] >= 1) == (1, {"not_in_the_table": 1}, True)
    with pytest.raises(InvalidValue, match="no token is in the script 'Klin'"):
        plan(whole, ["a"], ["b"], Choice(scripts=("Klin",)))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=12))
@settings(max_examples=cases(200))
def test_divergence_is_that_of_the_definition(pairs: list[tuple[int, int]]) -> None:
    from scipy.spatial.distance import jensenshannon

    p, q = np.array(pairs, dtype=float).T
    if p.sum() and q.sum():
        assert divergence(p, q) == pytest.approx(jensenshannon(p, q, base=2) ** 2, abs=1e-9)
        assert divergence(p, q) == divergence(q, p)


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b'{"model": 3}', b'{"model": {"type": "X", "vocab": []}}', b"\xff" * 9]
)
def test_what_is_no_tokenizer_is_one_error(data: bytes) -> None:
    with pytest.raises(InvalidValue):
        read_subwords(data, "x.json")


@pytest.mark.long
@pytest.mark.skipif(
    "ISOGLOSS_E5" not in os.environ, reason="needs multilingual-e5-small: set ISOGLOSS_E5 to its folder"
)
def test_e5_small_keeps_its_cuts(tmp_path: Path) -> None:
    whole = open_model(os.environ["ISOGLOSS_E5"])
    found, _ = trim(whole, lines("en", "de"), HELD, tmp_path / "out", choice=Choice(1))
    assert found.why["needed"] == 1  # the lowest score
    same = lines("en", "de")[:20]
    told = moved(Path(os.environ["ISOGLOSS_E5"]), tmp_path / "out", same, changed=set(found.changed))
    assert told.identical.value == 1
