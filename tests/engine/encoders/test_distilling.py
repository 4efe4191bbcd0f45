"""What the build of the distilled encoder draws and learns from: parts of lines, halves of tokens, steps."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import Unigram

from isogloss.encoders.contrastive import Bags
from isogloss.places import ROOT

MODULES = ("spans", "tokens", "training")


@pytest.fixture(scope="module")
def built() -> Iterator[dict[str, ModuleType]]:
    """The build's modules: it runs as a script, from two folders."""
    before = set(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        for folder in ("scripts/encoder", "scripts/encoder/distil"):
            patch.syspath_prepend(str(ROOT / folder))
        yield {name: import_module(name) for name in MODULES}
    for name in set(sys.modules) - before:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(ROOT / "scripts/encoder")):
            del sys.modules[name]


def given(built: dict[str, ModuleType], texts: list[str], lines: list[list[int]], languages: list[str]):  # type: ignore[no-untyped-def]
    none: dict[str, np.ndarray] = {}
    made = sys.modules["texts"].Translations
    return made(texts, np.array(lines), languages, none, none, len(texts), [])


def test_a_part_of_a_line_is_some_of_its_words_or_of_its_characters(built: dict[str, ModuleType]) -> None:
    rng = np.random.default_rng(0)
    words = "the ministers met in the old town hall and agreed on nothing".split()
    lengths = set()
    for _ in range(300):
        part = built["spans"]._part(" ".join(words), rng).split()
        assert any(words[at : at + len(part)] == part for at in range(len(words)))
        lengths.add(len(part))
    assert lengths == set(range(2, 9))
    script = "部长们在旧市政厅会面但没有达成任何协议随后各自离开了那座城市"
    parts = [built["spans"]._part(script, rng) for _ in range(300)]
    assert all(part in script and 5 <= len(part) <= 24 for part in parts)
    assert all(built["spans"]._part(short, rng) in short for short in ("a", "ab cd", "好"))


def test_parts_are_of_every_line_a_language_has_and_the_english_lines_stand_last(built: dict[str, ModuleType]) -> None:
    texts = ["one two three four five", "six seven eight nine ten", "un deux trois quatre cinq", "hun le hun re hun"]
    lines = [[0, 2, 3], [1, -1, -1]]
    parts, at = built["spans"].spans(given(built, texts, lines, ["eng", "fra", "mri"]))
    assert at.tolist() == [[0, 0], [0, 1], [1, 0], [2, 0], [2, 0], [0, 0], [0, 1]]  # twice what is seldom learnt well
    assert parts[-2:] == texts[:2]
    for part, (column, line) in zip(parts, at, strict=True):
        assert part in texts[lines[line][column]]


def test_parts_are_left_out_in_languages_that_the_teacher_does_not_read(built: dict[str, ModuleType]) -> None:
    rng, n = np.random.default_rng(1), 40
    texts = [f"word {i} of text {i}" for i in range(3 * n)]
    lines = np.arange(3 * n).reshape(3, n).T.tolist()
    asked = given(built, texts, lines, ["eng", "fra", "deu"])
    parts, at = built["spans"].spans(asked)
    meanings = rng.normal(size=(n, 16))
    taught = meanings[at[:, 1]] + 0.1 * rng.normal(size=(len(at), 16))
    unread = (at[:, 0] == 2).nonzero()[0]
    taught[unread] = rng.normal(size=(len(unread), 16))
    kept = built["spans"].understood(asked, at, taught.astype(np.float32))
    assert {int(column) for column in at[kept, 0]} == {0, 1}
    assert len(kept) == 2 * n
    assert kept.max() < len(parts) - n  # whole lines are no parts


def test_a_token_falls_into_the_likeliest_two_and_never_into_a_bare_mark(built: dict[str, ModuleType]) -> None:
    pieces = [("<unk>", 0.0), ("▁", -2.0), ("▁a", -3.0), ("b", -3.5), ("c", -4.0), ("bc", -5.0), ("ab", -5.5)]
    pieces += [("▁ab", -6.0), ("▁abc", -9.0), ("abc", -9.5), ("▁b", -7.0), ("x", -100.0), ("xb", -8.0)]
    tokenizer = Tokenizer(Unigram(pieces, unk_id=0))
    found = built["tokens"].halves(tokenizer)
    name = [piece for piece, _ in pieces]

    def said(token: str) -> list[str] | None:
        two = found[name.index(token)]
        return None if two[0] < 0 else [name[i] for i in two]

    assert said("▁abc") == ["▁a", "bc"]  # −8, where ▁ab + c have −10
    assert said("abc") == ["ab", "c"]
    assert said("▁ab") == ["▁a", "b"]
    assert said("bc") == ["b", "c"]
    assert said("▁b") is None  # the mark alone is no half
    assert said("xb") is None  # nor is a token that is never used
    assert said("<unk>") is None


def test_broken_texts_say_the_same_characters_in_more_tokens(built: dict[str, ModuleType]) -> None:
    pieces = [("<unk>", 0.0), ("▁a", -3.0), ("b", -3.5), ("▁ab", -6.0), ("c", -4.0)]
    halves = built["tokens"].halves(Tokenizer(Unigram(pieces, unk_id=0)))
    bags = Bags(np.array([3, 4, 3, 3] * 50, np.int32), np.arange(0, 201, 4))
    batches = built["training"].Batches(given(built, [], [[0]], ["eng"]), bags, halves=halves)
    cut = batches.broken(bags)

    def said(one: Bags) -> list[str]:
        return ["".join(pieces[i][0] for i in one.ids[a:b]) for a, b in zip(one.offsets, one.offsets[1:], strict=False)]

    assert said(cut) == said(bags)
    share = (len(cut.ids) - len(bags.ids)) / (np.array(bags.ids) == 3).sum()
    assert abs(share - built["training"].BROKEN) < 0.1


def test_the_first_step_of_adam_is_the_rate_and_many_find_the_least(built: dict[str, ModuleType]) -> None:
    adam = built["training"].Adam()
    assert np.allclose(adam(np.float32([[5.0, -0.01]]), 0.1), [[0.1, -0.1]], atol=1e-6)
    adam, at, least = built["training"].Adam(), np.float32([[4.0, -3.0]]), np.float32([[1.0, 2.0]])
    for step in range(600):
        at = at - adam(2 * (at - least), 0.05 * (1 - step / 600))
    assert np.abs(at - least).max() < 0.01
