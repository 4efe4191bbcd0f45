"""Words that texts ask for, what they save in lines that did not ask, and where they land."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from isogloss.errors import InvalidValue
from isogloss.spaces.space import Space
from isogloss.vocabulary.growing.grow import Making, grown, sources_of
from isogloss.vocabulary.growing.landed import KNOWN, NEW, TABLE, landed
from isogloss.vocabulary.growing.proposed import Asking, propose, with_words
from isogloss.vocabulary.model import open_model
from isogloss.vocabulary.subwords import Subwords, read_subwords
from isogloss.vocabulary.trim import split
from tests.kit.tokenizers_ import lines, tokenizer


def tiny(kind: str = "unigram") -> Subwords:
    return read_subwords(tokenizer(kind).to_str().encode(), "tiny")


@pytest.mark.parametrize("kind", ["unigram", "bpe", "wordpiece"])
def test_planted_words_are_proposed_and_save_what_they_say(kind: str) -> None:
    subwords = tiny(kind)
    texts = [f"{line} hyperparameterization" for line in lines("en")]
    found = propose(subwords, texts, Asking(top=1, pieces=4))
    first = found.words[0]
    seen, held = found.lines
    assert first.word == "hyperparameterization"
    assert first.count == seen
    assert first.saved == first.count * (len(first.pieces) - 1)
    assert held == pytest.approx(seen / 9, abs=1)
    assert found.gain is not None
    assert found.before is not None
    assert found.after is not None
    assert found.gain.value == pytest.approx(found.before.value - found.after.value)
    # Each held-out line holds the word once, and it is one token in all of them from now on.
    words = sum(len(one.split()) for one in split(texts)[1])
    assert found.gain.value == pytest.approx(held * (len(first.pieces) - 1) / words)
    assert found.gain.low is not None
    assert found.gain.low > 0
    one = with_words(subwords, [first.word])
    assert one.read(["hyperparameterization, hyperparameterization!"]).ids[0].count(len(subwords.tokens)) == 2


def test_unknown_letters_are_proposed_rare_words_and_scripts_without_spaces_are_not() -> None:
    subwords = tiny()
    found = propose(subwords, ["ꙮꙮꙮ ꙮꙮꙮ seldomword", "ไทยไทย ไทยไทย"], Asking(pieces=9))
    assert [(one.word, one.count, one.unknown) for one in found.words] == [("ꙮꙮꙮ", 2, 3)]
    assert found.gain is None
    assert found.read.skipped["too_rare"] == 1
    assert found.read.skipped["of_a_script_without_spaces"] == 1
    with pytest.raises(InvalidValue, match="no word of 1 lines is cut into 3 pieces"):
        propose(subwords, ["a a a"])
    with pytest.raises(InvalidValue, match="pieces is 1"):
        Asking(pieces=1)


def test_forms_that_the_tokenizer_reads_alike_are_one_word() -> None:
    found = propose(tiny("wordpiece"), ["Hyperspace hyperspace hyperspace"], Asking(pieces=2))
    assert [(one.word, one.count) for one in found.words] == [("hyperspace", 3)]


def test_new_words_lie_in_both_spaces_at_the_rows_they_were_given() -> None:
    model = open_model("translated")
    subwords = model.subwords
    words = sorted({subwords.surface(t) for t in subwords.tokens if subwords.begins(t)})[2000:2300]
    rng = np.random.default_rng(0)
    space = Space("outside", (*words, "multilateralism"), rng.normal(size=(301, 8)).astype(np.float32))
    table = rng.normal(size=(len(subwords.tokens), 4)).astype(np.float32)
    made = grown(model, table, ["multilateralism", "zzyzxing"], space, Making(k=3))
    sources = sources_of(subwords, space)
    found = landed(made, table, sources, space)
    outside, inside = found.spaces
    assert (outside.name, inside.name) == ("outside", TABLE)
    assert np.array_equal(inside.vectors[[inside["multilateralism"], inside["zzyzxing"]]], made.rows)
    assert "zzyzxing" not in outside
    assert outside.vectors[outside["multilateralism"]] == pytest.approx(space.vectors[space["multilateralism"]])
    at = inside[sources.items[5]]
    assert np.array_equal(inside.vectors[at], table[sources.tokens[5]])
    kinds = inside.columns["kind"].to_pylist()
    assert (kinds[:2], set(kinds[2:])) == ([NEW, NEW], {KNOWN})


@pytest.mark.long
def test_the_command_proposes_and_grows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from isogloss.cli.main import main

    (tmp_path / "t.txt").write_text("".join(f"{i} decolonization of states\n" for i in range(20)), encoding="utf-8")
    asked = ["vocabulary", "grow", "translated", "--from", "un-debates/2007-2024", "--dry", "--json"]
    assert main([*asked, "--propose", str(tmp_path / "t.txt"), "--hidden", "0"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["word"], one["count"]) for one in told["proposed"]["words"]] == [("decolonization", 18)]
    assert told["proposed"]["fertility"]["gain"]["low"] > 0
    assert [one["word"] for one in told["words"]] == ["decolonization"]
    assert main([*asked]) == 2
    assert "no word is named" in capsys.readouterr().err
