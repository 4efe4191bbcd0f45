"""Tokenisation: raw text to a stream of type ids; every decision about a form is made once per type.

`Tokenizer` reads documents and keeps the corpus as one int32 array of *raw* types (case and line-end
hyphens included). `resolve` then maps raw types to items with the whole corpus's counts in hand:
hyphens at line ends are rejoined when the joined word is the commoner one, spelling variants and
accents are merged, residue is dropped.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import regex

from isogloss.text.normalize import fold_accents, nfc

STOP, BREAK = 0, 1  # raw types that end a sentence: a full stop (unless of an abbreviation), anything else
_ABBREVIATIONS = frozenset("mr mrs ms dr messrs st prof gen col sir jr sr no nos vol art cf vs etc para paras".split())

_RESIDUE = [
    (
        regex.compile(r"(?m)^[ \t]*(?:#{1,6}[ \t]|[-*_]{3,}[ \t]*$|\d{1,4}[.)][ \t])"),
        "\n\n",
    ),  # headings, rules, numbers
    (regex.compile(r"\*{1,3}|_{2,}|`+"), ""),  # emphasis
    (regex.compile(r"<[/!?\p{L}][^<>\n]{0,200}>"), " "),  # tags
    (regex.compile(r"(?:https?://|www\.)\S+"), " "),
    (regex.compile(r"\b\p{Lu}{1,6}(?:/[\p{Lu}\p{Lt}\p{N}][\p{L}\p{N}.\-]*)+"), " "),  # A/RES/70/1, A/PV.123
]
# A word: letters with their marks, inner apostrophes, hyphens (also at a line end); Han and Hiragana one by one.
_TOKEN = regex.compile(
    r"""(?P<word>[\p{Han}\p{Hiragana}]
      | (?:(?![\p{Han}\p{Hiragana}])[\p{L}\p{N}][\p{M}\u200c\u200d]*)+
        (?:(?:-[ ]?\n?[ ]?|')(?:(?![\p{Han}\p{Hiragana}])[\p{L}\p{N}][\p{M}\u200c\u200d]*)+)*)
      | (?P<end>[.!?…]+(?=["'”»)\]]*\s+["“«(\[]*[\p{Lu}\p{Lo}\p{N}])|[。！？।॥؟۔]|\n[ \t]*\n)""",
    regex.VERBOSE,
)
_ELISION = regex.compile(r"^(?:[ldjmtsnc]|qu|dell|all|nell|sull)'(?=\p{L})", regex.IGNORECASE)


@dataclass(frozen=True)
class TokenRules:
    """What a recipe may say about tokens.

    variants: form → canonical form (`{"programme": "program"}`); a form of two words is merged
    (`{"viet nam": "viet-nam"}`). endings: ending → canonical ending, applied where the canonical
    word is at least one twentieth as common. drop: forms left out. fold_accents: merge é into e
    for Latin, Greek and Cyrillic. keep_single: single cased letters that are words.
    """

    variants: Mapping[str, str] = field(default_factory=dict)
    endings: Mapping[str, str] = field(default_factory=dict)
    drop: frozenset[str] = frozenset()
    fold_accents: bool = False
    lower: bool = True
    keep_single: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TokenStream:
    """A tokenised corpus: item ids (−1 ends a sentence), one int32 array.

    items: id → item. ids: the stream. starts: offset of each document in `ids`, and the end, shape
    (n_documents + 1,). capital, mid: bool arrays over `ids`: the token had a capital first letter;
    the token did not open a sentence.
    """

    items: list[str]
    ids: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    capital: npt.NDArray[np.bool_]
    mid: npt.NDArray[np.bool_]
    merged: Mapping[str, int]


class Tokenizer:
    """Collects documents, then resolves their types together.

    >>> tokenizer = Tokenizer(TokenRules(variants={"co-operation": "cooperation"}))
    >>> tokenizer.add("The 107th inter-\\nnational Co-operation of Mr. Benes. It failed! internal, international")
    >>> stream = tokenizer.resolve()
    >>> [stream.items[i] if i >= 0 else "|" for i in stream.ids]
    ['the', 'international', 'cooperation', 'of', 'mr', 'benes', '|', 'it', 'failed', 'internal', 'international', '|']
    """

    def __init__(self, rules: TokenRules | None = None) -> None:
        self.rules = rules or TokenRules()
        self._types: dict[str, int] = defaultdict(lambda: len(self._types))
        self._types[""], self._types["\n"] = STOP, BREAK
        self._stream = array("i")
        self._starts = array("q", [0])

    def add(self, text: str) -> None:
        """Tokenise one document; it always ends with a sentence boundary."""
        text = nfc(text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        for pattern, replacement in _RESIDUE:
            text = pattern.sub(replacement, text)
        types = self._types
        self._stream.extend([types[m[0]] if m[0] else STOP if m[1][0] == "." else BREAK for m in _TOKEN.findall(text)])
        self._stream.append(BREAK)
        self._starts.append(len(self._stream))

    def resolve(self) -> TokenStream:
        """Map raw types to items and drop residue. The tokenizer can be discarded afterwards."""
        raw = np.frombuffer(self._stream, dtype=np.int32)
        starts = np.frombuffer(self._starts, dtype=np.int64)
        types = list(self._types)
        counts = np.bincount(raw, minlength=len(types))
        items, mapping, merged = _Resolver(self.rules, types, counts).run()
        # "Mr. Benes" is no sentence end.
        abbreviation = np.array(
            [t.lower() in _ABBREVIATIONS or (len(t) == 1 and t.lower() != t.upper()) for t in types]
        )
        real = raw <= BREAK
        real[1:] &= (raw[1:] == BREAK) | ~abbreviation[raw[:-1]]
        ids = mapping[raw].astype(np.int32)
        ids[real] = -1
        keep = (ids >= 0) | real
        keep[_empty_sentences(ids, keep, starts)] = False
        capital = np.array([t[:1].isupper() or t[:1].istitle() for t in types])[raw]
        opens = np.ones(len(raw), dtype=bool)  # the first token after a boundary, dropped ones included
        opens[1:] = real[:-1]
        offsets = np.concatenate([[0], np.cumsum(keep)])[starts]
        stream = TokenStream(items, ids[keep], offsets, capital[keep], ~opens[keep], merged)
        return _merge_pairs(stream, self.rules.variants)


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


class _Resolver:
    """One pass over types: raw form → item id, −2 for dropped."""

    def __init__(self, rules: TokenRules, types: list[str], counts: npt.NDArray[np.int64]) -> None:
        self.rules, self.types, self.counts = rules, types, counts
        self.lowered: dict[str, int] = defaultdict(int)
        for form, n in zip(types, counts.tolist(), strict=True):
            self.lowered[form.lower() if rules.lower else form] += n
        self.merged: dict[str, int] = defaultdict(int)

    def run(self) -> tuple[list[str], npt.NDArray[np.int64], dict[str, int]]:
        ids: dict[str, int] = {}
        mapping = np.full(len(self.types), -2, dtype=np.int64)
        for raw, form in enumerate(self.types):
            item = self.item(form, int(self.counts[raw])) if raw > BREAK else None
            if item is not None:
                mapping[raw] = ids.setdefault(item, len(ids))
        return list(ids), mapping, dict(self.merged)

    def item(self, form: str, n: int) -> str | None:
        rules, word = self.rules, form.lower() if self.rules.lower else form
        if "'" in word:
            word = _ELISION.sub("", word[:-2] if word.endswith("'s") else word)
        if "-" in word:
            word = self._rejoin(word, n)
            if any(c.isdigit() for c in word):  # post-2015, mid-1990s, covid-19: the words in it
                word = "-".join(part for part in word.split("-") if not any(c.isdigit() for c in part))
        if not word or any(c.isdigit() for c in word) or word in rules.drop:
            return None
        if len(word) == 1 and word.lower() != word.upper() and word not in rules.keep_single:
            return None
        for change in (self._ending, self._accents, lambda w: rules.variants.get(w, w)):
            canonical = change(word)
            if canonical != word:
                self.merged[f"{word} → {canonical}"] += n
                word = canonical
        return None if word in rules.drop else word

    def _rejoin(self, word: str, n: int) -> str:
        """`inter-⏎national` and `con-ducting` (an old line end) become what the corpus writes."""
        at_line_end = "\n" in word or " " in word
        hyphenated = word.replace("\n", "").replace(" ", "")
        joined = hyphenated.replace("-", "")
        if word in self.rules.variants:
            return word
        uses, rival = self.lowered.get(joined, 0), self.lowered.get(hyphenated, 0)
        if uses >= max(rival, 1) if at_line_end else uses >= 20 * rival:
            self.merged["(hyphens rejoined)"] += n
            return joined
        return hyphenated

    def _accents(self, word: str) -> str:
        return fold_accents(word) if self.rules.fold_accents else word

    def _ending(self, word: str) -> str:
        for ending, canonical in self.rules.endings.items():
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                other = word[: -len(ending)] + canonical
                if self.lowered.get(other, 0) >= 0.05 * self.lowered.get(word, 0):
                    return other
        return word


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
    """Apply the variants of two words: the first token becomes the merged item, the second goes."""
    items, ids = list(stream.items), stream.ids.copy()
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
    offsets = np.concatenate([[0], np.cumsum(keep)])[stream.starts]
    return TokenStream(items, ids[keep], offsets, stream.capital[keep], stream.mid[keep], merged)
