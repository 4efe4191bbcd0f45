"""Tokenisation: raw text to a stream of item ids, with the count of everything that a rule took out.

`Tokenizer` reads documents and keeps the corpus as one int32 array of *written forms* (case and line-end hyphens
included). `resolve` then maps forms to items with the whole corpus's counts in hand (`Forms`): hyphens at line ends are
rejoined when the joined word is the commoner one, spelling variants and accents are merged, residue is dropped.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.corpora.forms import ABBREVIATIONS, END, Forms, TokenRules
from isogloss.corpora.scan import ENDS, Removed, forms_in, prepared

BLOCK = 1 << 20  # tokens that are worked on at a time
_RESOLVED = 1 << 17  # forms that are resolved at a time: larger arrays are asked of the system again and again
STOP, BREAK = 0, 1  # forms that end a sentence: a full stop (unless of an abbreviation), anything else
_GONE = -2


@dataclass(frozen=True)
class TokenStream:
    """A tokenised corpus: item ids (−1 ends a sentence), one int32 array.

    items: id → item. ids: the stream. starts: offset of each document in `ids`, and the end, shape
    (n_documents + 1,). capital, mid: bool arrays over `ids`: the token had a capital first letter;
    the token did not open a sentence. merged: "programme → program" → how often. removed: rule → what it took, as it
    was written → how often. forms: written form → its items, in their order. source: the place of each token's form
    among all that were scanned, sentence ends included, ascending; empty unless asked for.
    """

    items: list[str]
    ids: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    capital: npt.NDArray[np.bool_]
    mid: npt.NDArray[np.bool_]
    merged: Mapping[str, int]
    removed: Mapping[str, Mapping[str, int]]
    forms: Mapping[str, tuple[int, ...]]
    source: npt.NDArray[np.int32]

    def blocks(self) -> Iterator[tuple[int, int]]:
        """Documents from the first to before the last, some million tokens at a time."""
        yield from blocks_of(self.starts)

    def removed_most(self, most: int = 12) -> dict[str, dict[str, Any]]:
        """Of each rule: how many forms it took, and the commonest of them."""
        taken = {rule: Counter(forms).most_common(most) for rule, forms in self.removed.items()}
        order = sorted(taken, key=lambda rule: -sum(self.removed[rule].values()))
        return {rule: {"uses": sum(self.removed[rule].values()), "examples": dict(taken[rule])} for rule in order}


def blocks_of(starts: npt.NDArray[np.int64], most: int = BLOCK) -> Iterator[tuple[int, int]]:
    """Documents by their starts (and the end), in blocks of at most so many tokens, or of one document that is longer.

    >>> list(blocks_of(np.array([0, 2, 4, 9, 10]), most=4))
    [(0, 2), (2, 3), (3, 4)]
    """
    first, n = 0, len(starts) - 1
    while first < n:
        last = max(int(np.searchsorted(starts, starts[first] + most, side="right")) - 1, first + 1)
        yield first, last
        first = last


class _Types(dict[str, int]):
    """The number of every written form, in the order in which they came; all sentence ends share two."""

    def __init__(self, ends: frozenset[str]) -> None:
        super().__init__()
        self.forms, self._ends = ["", "\n"], ends

    def __missing__(self, form: str) -> int:
        if form[0] in self._ends:
            number = STOP if form[0] == "." else BREAK
        else:
            number = len(self.forms)
            self.forms.append(form)
        self[form] = number
        return number


class Tokenizer:
    """Collects documents, then resolves their forms together. lines: every line of a document is a sentence.

    >>> tokenizer = Tokenizer(TokenRules(variants={"co-operation": "cooperation"}))
    >>> tokenizer.add("The 107th inter-\\nnational Co-operation of Mr. Benes. It failed! internal, international")
    >>> stream = tokenizer.resolve()
    >>> [stream.items[i] if i >= 0 else "|" for i in stream.ids]
    ['the', 'international', 'cooperation', 'of', 'mr', 'benes', '|', 'it', 'failed', 'internal', 'international', '|']
    >>> stream.removed["words with digits"]["107th"]
    1
    """

    def __init__(self, rules: TokenRules | None = None, *, lines: bool = False) -> None:
        self.rules, self.lines = rules or TokenRules(), lines
        self.removed: Removed = defaultdict(Counter)
        self._types = _Types(ENDS[self.rules.split])
        self._stream = array("i")
        self._starts = array("q", [0])

    def prepared(self, text: str) -> tuple[str, str]:
        """A text as it is shown and as it is scanned, as `scan.prepared` has it; what is taken out is counted."""
        rules = self.rules
        return prepared(text, self.removed, split=rules.split, compatibility=rules.compatibility, lines=self.lines)

    def add(self, text: str) -> None:
        """Tokenise one document; it always ends with a sentence boundary."""
        self.scan(self.prepared(text)[1])

    def scan(self, scanned: str, *, last: bool = True) -> int:
        """Tokenise a document that is prepared, or a part of one; how many forms there are, sentence ends included.

        last: whether the document ends here.
        """
        found = forms_in(scanned, self.rules.split)
        self._stream.frombytes(np.fromiter(map(self._types.__getitem__, found), np.int32, len(found)).tobytes())
        if last:
            self._stream.append(BREAK)
            self._starts.append(len(self._stream))
        return len(found) + last

    def scanned(self) -> tuple[list[str], npt.NDArray[np.int32], npt.NDArray[np.int64]]:
        """What was scanned: the written forms in the order in which they came; all of them by their numbers, which
        begin with the two ends of sentences; where each document starts, and the end. As `take` takes them.
        """
        numbers, starts = np.array(self._stream, dtype=np.int32), np.array(self._starts, dtype=np.int64)
        return self._types.forms[BREAK + 1 :], numbers, starts

    def take(self, forms: Sequence[str], numbers: npt.NDArray[np.int32], starts: npt.NDArray[np.int64]) -> None:
        """Documents that another tokenizer has scanned, as if they were added here; what it took out is not counted.

        >>> one, other = Tokenizer(), Tokenizer()
        >>> one.add("Peace. War and peace")
        >>> other.add("War.")
        >>> other.take(*one.scanned())
        >>> stream = other.resolve()
        >>> [stream.items[i] if i >= 0 else "|" for i in stream.ids]
        ['war', '|', 'peace', '|', 'war', 'and', 'peace', '|']
        """
        known = np.array([STOP, BREAK, *map(self._types.__getitem__, forms)], dtype=np.int32)
        begin = len(self._stream)
        self._stream.frombytes(known[numbers].tobytes())
        self._starts.extend((starts[1:] + begin).tolist())

    def resolve(self, *, places: bool = False) -> TokenStream:
        """Map forms to items and drop residue. The tokenizer can be discarded afterwards. places: fill `source`."""
        raw = np.frombuffer(self._stream, dtype=np.int32)
        starts = np.frombuffer(self._starts, dtype=np.int64)
        types = self._types.forms
        counts = np.bincount(raw, minlength=len(types)).tolist()
        forms = Forms(self.rules, types, counts, self.removed)
        ids: dict[str, int] = {}
        of = [[_GONE], [_GONE]] + [
            [-1 if item == END else ids.setdefault(item, len(ids)) for item in forms.items(form, n)] or [_GONE]
            for form, n in zip(types[BREAK + 1 :], counts[BREAK + 1 :], strict=True)
        ]
        capital_form = np.array([t[:1].isupper() or t[:1].istitle() for t in types])
        # "Mr. Benes" is no sentence end.
        abbreviation = np.array([t.lower() in ABBREVIATIONS or (len(t) == 1 and t.lower() != t.upper()) for t in types])
        known = _Known(of, capital_form, abbreviation)
        flat, capital, mid = (np.empty(len(raw), kind) for kind in (np.int32, bool, bool))
        sources, sizes, n = list[npt.NDArray[np.int32]](), list[npt.NDArray[np.int64]](), 0
        for first, last in blocks_of(starts, _RESOLVED):
            begin, end = int(starts[first]), int(starts[last])
            one = known.resolved(raw[begin:end], starts[first : last + 1] - begin)
            if n + len(one.ids) > len(flat):  # forms of several items make more of few
                room = 2 * len(flat) + len(one.ids)
                for made in (flat, capital, mid):
                    made.resize(room, refcheck=False)
            at = slice(n, n + len(one.ids))
            flat[at], capital[at], mid[at], n = one.ids, one.capital, one.mid, at.stop
            sizes.append(one.sizes)
            if places:
                sources.append(one.source + np.int32(begin))
        for made in (flat, capital, mid):
            made.resize(n, refcheck=False)  # in place: a copy would be the largest thing that a build holds
        stream = TokenStream(
            list(ids),
            flat,
            np.concatenate([[0], *sizes]).cumsum(),
            capital,
            mid,
            dict(forms.merged),
            self.removed,
            {form: tuple(i for i in one if i >= 0) for form, one in zip(types, of, strict=True)},
            np.concatenate([np.empty(0, np.int32), *sources]),
        )
        return _merge_pairs(stream, self.rules.variants)


@dataclass(frozen=True, eq=False)
class _Block:
    """Whole documents, resolved. sizes: tokens of each. source: places among the forms of the block."""

    ids: npt.NDArray[np.int32]
    capital: npt.NDArray[np.bool_]
    mid: npt.NDArray[np.bool_]
    sizes: npt.NDArray[np.int64]
    source: npt.NDArray[np.int32]


class _Known:
    """What is known of each written form: its items (−1 ends a sentence, −2 is gone), capitals, abbreviations."""

    def __init__(
        self, of: list[list[int]], capital: npt.NDArray[np.bool_], abbreviation: npt.NDArray[np.bool_]
    ) -> None:
        self.of, self.capital, self.abbreviation = of, capital, abbreviation
        self.first = np.array([one[0] for one in of], dtype=np.int32)
        self.width = np.array([len(one) for one in of], dtype=np.int64)

    def resolved(self, raw: npt.NDArray[np.int32], starts: npt.NDArray[np.int64]) -> _Block:
        """raw: forms of whole documents, each ended by a boundary. starts: of each document, and the end."""
        real = raw <= BREAK
        real[1:] &= (raw[1:] == BREAK) | ~self.abbreviation[raw[:-1]]
        flat = self.first[raw]
        flat[real] = -1
        source = np.arange(len(raw), dtype=np.int32)
        capital = self.capital[raw]
        opens = np.ones(len(raw), dtype=bool)  # the first token after a boundary, dropped ones included
        opens[1:] = real[:-1]
        wide = self.width[raw]
        if (wide > 1).any():
            starts = np.concatenate([[0], np.cumsum(wide)])[starts]
            source = np.repeat(source, wide)
            begins = np.cumsum(wide) - wide
            nth = np.arange(len(source)) - begins[source]
            flat, capital, opens = flat[source], capital[source], opens[source] & (nth == 0)
            for at in np.flatnonzero(nth):
                flat[at] = self.of[raw[source[at]]][nth[at]]
            capital[nth > 0] = False
            opens[1:] |= flat[:-1] == -1
        keep = flat != _GONE
        keep[_empty_sentences(flat, keep, starts)] = False
        offsets = np.concatenate([[0], np.cumsum(keep)])[starts]
        return _Block(flat[keep], capital[keep], ~opens[keep], np.diff(offsets), source[keep])


def _empty_sentences(
    ids: npt.NDArray[np.int32], keep: npt.NDArray[np.bool_], starts: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Positions of the boundaries that end a sentence of nothing; the last of a document always stays."""
    at = np.flatnonzero(keep)
    last = np.zeros(len(ids), dtype=bool)
    last[starts[1:] - 1] = True
    ends = ids[at] < 0
    before = np.ones(len(at), dtype=bool)  # what stands before is a boundary, or the document begins
    before[1:] = ends[:-1]
    return at[ends & before & ~last[at]]


def _apart(at: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Positions of pairs that share no token, taken left to right.

    >>> _apart(np.array([3, 4, 5, 9])).tolist()
    [3, 5, 9]
    """
    taken, last = [], -2
    for position in at.tolist():
        if position > last + 1:
            taken.append(position)
            last = position
    return np.array(taken, dtype=np.int64)


def _merge_pairs(stream: TokenStream, variants: Mapping[str, str]) -> TokenStream:
    """Apply the variants of two words, in place: the first token becomes the merged item, the second goes."""
    items, ids = list(stream.items), stream.ids
    known = {item: i for i, item in enumerate(items)}
    keep = np.ones(len(ids), dtype=bool)
    merged = dict(stream.merged)
    for form, canonical in variants.items():
        first, _, second = form.partition(" ")
        if not second or first not in known or second not in known:
            continue
        at = _apart(np.flatnonzero((ids[:-1] == known[first]) & (ids[1:] == known[second]) & keep[:-1] & keep[1:]))
        if len(at):
            if canonical not in known:
                known[canonical] = len(items)
                items.append(canonical)
            ids[at], keep[at + 1] = known[canonical], False
            merged[f"{form} → {canonical}"] = len(at)
    if keep.all():
        return stream
    offsets = stream.starts - np.searchsorted(np.flatnonzero(~keep), stream.starts)
    return replace(
        stream,
        items=items,
        ids=ids[keep],
        starts=offsets,
        capital=stream.capital[keep],
        mid=stream.mid[keep],
        merged=merged,
        source=stream.source[keep] if len(stream.source) else stream.source,
    )
