"""New words that texts ask for: frequent ones that a tokenizer cuts into many pieces, or has no characters for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.text.script import script_of
from isogloss.text.tally import Tally
from isogloss.vocabulary.known import UNSPACED
from isogloss.vocabulary.shares import ratio
from isogloss.vocabulary.subwords import Subwords
from isogloss.vocabulary.trim import split

PIECES, TOP, LEAST = 3, 50, 2
_FEWEST = 10  # lines, to hold one in ten of them out
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*(?:[-'’]\p{L}[\p{L}\p{M}]*)*")
_HOW = "subwords / stretches between spaces of held-out lines; 95% over lines, linearised"


@dataclass(frozen=True)
class Asking:
    """top: words at most. pieces: a word is cut into so many or more. least: it stands in the texts so often."""

    top: int = TOP
    pieces: int = PIECES
    least: int = LEAST

    def __post_init__(self) -> None:
        for name, value, low in (("top", self.top, 1), ("pieces", self.pieces, 2), ("least", self.least, 1)):
            if value < low:
                raise InvalidValue(f"{name} is {value}", f"choose {low} or more")


@dataclass(frozen=True)
class Proposal:
    """count: in the texts. pieces: as it is cut until now. unknown: characters of it that the tokenizer lacks. saved:
    subwords that the texts need less once it is one token, count · (pieces − 1).
    """

    word: str
    count: int
    pieces: tuple[str, ...]
    unknown: int
    saved: int


@dataclass(frozen=True)
class Proposed:
    """words: what each saves, the most first; one with unknown characters counts these as further subwords.

    before, after, gain: subwords a word of held-out lines, and their paired difference (above 0: fewer are needed);
    None of fewer than ten lines. lines: read, and held out. read: distinct words taken, and those that were not.
    """

    words: tuple[Proposal, ...]
    before: Figure | None
    after: Figure | None
    gain: Figure | None
    lines: tuple[int, int]
    read: Tally


def propose(subwords: Subwords, texts: Sequence[str], asking: Asking | None = None) -> Proposed:
    """Words by what they save in the texts; whether they do so in others is measured on a tenth of the lines, held out.

    Stretches of scripts without spaces are no words, and are left out. Raises InvalidValue where nothing is to be
    proposed.

    >>> from tests.kit.tokenizers_ import tokenizer
    >>> from isogloss.vocabulary.subwords import read_subwords
    >>> tiny = read_subwords(tokenizer("unigram").to_str().encode(), "tiny")
    >>> [(one.word, one.count) for one in propose(tiny, ["a decolonization", "the decolonization"]).words]
    [('decolonization', 2)]
    """
    asking = asking or Asking()
    seen, held = split(texts) if len(texts) >= _FEWEST else (list(texts), [])
    tally = Tally()
    found = list(_candidates(subwords, Counter(word for text in seen for word in words_in(text)), asking, tally))
    if not found:
        raise InvalidValue(
            f"no word of {len(seen):,} lines is cut into {asking.pieces} pieces or more and stands in them"
            f" {asking.least}× or more ({tally.sentence()})",
            "give more text, or ask for fewer pieces",
        )
    found.sort(key=lambda one: (-(one.saved + one.count * one.unknown), -one.count, one.word))
    words = tuple(found[: asking.top])
    tally.skip("beyond_the_number_asked_for", n=len(found) - len(words))
    before, after, gain = _measured(subwords, [one.word for one in words], held)
    return Proposed(words, before, after, gain, (len(seen), len(held)), tally)


def words_in(text: str) -> list[str]:
    """Stretches of letters and their marks, with hyphens and apostrophes inside.

    >>> words_in("Peace-keeping, 24 l’homme!")
    ['Peace-keeping', 'l’homme']
    """
    return [one.group() for one in _WORD.finditer(text)]


def with_words(subwords: Subwords, words: Sequence[str]) -> Subwords:
    """The tokenizer with words as tokens after the others. Raises InvalidValue where it has gaps in its ids."""
    from tokenizers import AddedToken, Tokenizer

    made, n = Tokenizer.from_str(json.dumps(subwords.state)), len(subwords.tokens)
    made.add_tokens([AddedToken(one, single_word=True, lstrip=True, normalized=True) for one in words])
    if any(made.token_to_id(one) != n + i for i, one in enumerate(words)):
        raise InvalidValue(f"the tokenizer of {subwords.name[:80]} gives new tokens other ids", "give one without gaps")
    return Subwords(json.loads(made.to_str()), subwords.name)


def _candidates(subwords: Subwords, counts: Counter[str], asking: Asking, tally: Tally) -> Iterator[Proposal]:
    spaced = [(word, n) for word, n in counts.items() if script_of(word) not in UNSPACED]
    tally.skip("of_a_script_without_spaces", n=len(counts) - len(spaced))
    lines = subwords.read([word for word, _ in spaced])
    same: dict[tuple[str, ...], list[tuple[str, int, int]]] = {}
    for (word, n), ids, unknown in zip(spaced, lines.ids, lines.unknown.tolist(), strict=True):
        pieces = tuple(subwords.tokens[i] for i in ids)
        same.setdefault((*pieces, word) if unknown else pieces, []).append((word, n, unknown))
    for key, forms in same.items():  # such as Word and word, where capitals are read as small letters
        word, _, unknown = max(forms, key=lambda one: one[1])
        pieces, total = key[: len(key) - bool(unknown)], sum(n for _, n, _ in forms)
        tally.skip("other_form_of_a_word", n=len(forms) - 1)
        if total < asking.least:
            tally.skip("too_rare")
        elif len(pieces) < asking.pieces and not unknown:
            tally.skip("cut_into_fewer_pieces")
        elif word in subwords.ids:  # its letters are a token that does not stand at a word's beginning
            tally.skip("a_part_of_words", word)
        else:
            tally.read += 1
            yield Proposal(word, total, pieces, unknown, total * max(len(pieces) - 1, 0))


def _measured(
    subwords: Subwords, words: Sequence[str], held: Sequence[str]
) -> tuple[Figure, Figure, Figure] | tuple[None, None, None]:
    if not held:
        return None, None, None
    one, two = subwords.read(held), with_words(subwords, words).read(held)
    return (
        ratio(one.tokens, one.words, better="less", how=_HOW),
        ratio(two.tokens, one.words, better="less", how=_HOW),
        ratio(one.tokens - two.tokens, one.words, better="more", how=f"paired, before less after: {_HOW}"),
    )
