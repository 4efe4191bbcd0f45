"""From written forms to items: every decision about a form is made once, with the whole corpus's counts in hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import regex

from isogloss.corpora.scan import Removed
from isogloss.text.normalize import fold_accents, lowered

END = ""  # among the items of a form: a sentence ends here
_ELISION = regex.compile(r"^(?:[ldjmtsnc]|qu|dell|all|nell|sull)'(?=\p{L})", regex.IGNORECASE)
_SEAM = regex.compile(r"-(?=[ \n])[ ]?\n?[ ]?")  # a hyphen with white space after it
_LETTER = regex.compile(r"\p{L}")
_ABBREVIATION = regex.compile(r"\p{L}\p{M}*\p{Ll}?\.(?:\p{L}\p{M}*\.?)+|\p{L}\p{M}*\.")
_STOP = regex.compile(r"[.!?…。！？।॥؟۔։።။។༎]+$")
_EDGES = '"“”„«»()[]{}‹›「」『』《》〈〉【】,;:，；：、،؛'  # of a token that is cut already: never a part of it
# "pre- and post-war": after a hanging hyphen these are words of their own.
_JOINING = frozenset(
    "and or und oder bis sowie noch et ou y o u e ed od en of och eller og i ili lub oraz a nebo vagy és ja tai "
    "та и или і або ve veya și sau ir arba un vai και ή или nor to".split()
)
ABBREVIATIONS = frozenset("mr mrs ms dr messrs st prof gen col sir jr sr no nos vol art cf vs etc para paras".split())


@dataclass(frozen=True)
class TokenRules:
    """What a recipe may say about tokens.

    variants: form → canonical form (`{"programme": "program"}`); a form of two words is merged
    (`{"viet nam": "viet-nam"}`). endings: ending → canonical ending, applied where the canonical word is at least one
    twentieth as common. drop: forms left out.
    fold_accents: merge é into e for Latin, Greek and Cyrillic. compatibility: letters that are others' shapes (ﬁ, ſ,
    full width, presentation forms) are those others. keep_single: single cased letters that are words. digits: whether
    words with digits stay (h2o, covid-19). split: `words` cuts running text; `whitespace` takes tokens as they come,
    cut already, and only lower, compatibility, fold_accents, variants, endings and drop hold for them.
    """

    variants: Mapping[str, str] = field(default_factory=dict)
    endings: Mapping[str, str] = field(default_factory=dict)
    drop: frozenset[str] = frozenset()
    fold_accents: bool = False
    lower: bool = True
    compatibility: bool = True
    keep_single: frozenset[str] = frozenset()
    digits: bool = False
    split: str = "words"


class Forms:
    """One pass over the written forms of a corpus: form → its items, none for what a rule drops.

    removed: rule → what it took → how often. merged: "programme → program" → how often.
    """

    def __init__(self, rules: TokenRules, forms: Sequence[str], counts: Sequence[int], removed: Removed) -> None:
        self.rules, self.removed = rules, removed
        self.merged: dict[str, int] = defaultdict(int)
        self._uses: dict[str, int] = defaultdict(int)
        for form, n in zip(forms, counts, strict=True):
            self._uses[self._lower(form)] += n

    def items(self, form: str, n: int) -> list[str]:
        """The items of a form that is written n times, in their order; END where a sentence ends after them."""
        if self.rules.split == "whitespace":
            return self._cut_already(form, n)
        word = self._lower(form).strip("\u200c\u200d")
        if "." in word:  # U.S and U.S. are one
            word = word if word.endswith(".") else word + "."
        elif "/" not in word:
            return [item for part in self._seams(word, n) if (item := self._word(part, n))]
        return [item] if (item := self._merge(word, n)) else []

    def _lower(self, form: str) -> str:
        return lowered(form) if self.rules.lower else form

    def _take(self, rule: str, what: str, n: int) -> None:
        self.removed[rule][what] += n

    def _cut_already(self, form: str, n: int) -> list[str]:
        bare = form.strip(_EDGES)
        ends = [END] if (stop := _STOP.search(bare)) else []
        if stop and (bare.lower().rstrip(".") in ABBREVIATIONS or _ABBREVIATION.fullmatch(bare)):
            ends = [] if stop.start() else ends
        elif stop:
            bare = bare[: stop.start()].strip(_EDGES)
        if not _LETTER.search(bare):
            if bare:
                self._take("numbers and signs", bare, n)
            return ends
        item = self._merge(self._lower(bare), n)
        return ([item] if item else []) + ends

    def _word(self, word: str, n: int) -> str | None:
        """The item of one word of running text, or None."""
        rules = self.rules
        if "'" in word:
            if word.lower().endswith("'s") and len(word) > 2:
                word = self._without(word, word[:-2], "possessive 's", n)
            word = self._without(word, _ELISION.sub("", word), "elision", n)
        if "-" in word:
            word = self._hyphenated(word, n)
        if not rules.digits and "_" not in word and any(map(str.isdecimal, word)):  # covid-19: the words in it
            parts = word.split("-")
            for part in parts:
                if any(map(str.isdecimal, part)):
                    self._take("words with digits" if _LETTER.search(part) else "numbers", part, n)
            word = "-".join(part for part in parts if not any(map(str.isdecimal, part)))
        elif not _LETTER.search(word):
            self._take("numbers", word, n)
            return None
        if not word:
            return None
        if len(word) == 1 and word.lower() != word.upper() and word not in rules.keep_single:
            self._take("single letters", word, n)
            return None
        return self._merge(word, n)

    def _without(self, word: str, rest: str, rule: str, n: int) -> str:
        if rest != word:
            self._take(rule, word.replace(rest, "", 1), n)
        return rest

    def _merge(self, word: str, n: int) -> str | None:
        """The canonical form of a word, None where the recipe drops it."""
        rules = self.rules
        if word not in rules.drop:
            for change in (self._ending, self._accents, lambda w: rules.variants.get(w, w)):
                canonical = change(word)
                if canonical != word:
                    self.merged[f"{word} → {canonical}"] += n
                    word = canonical
        if word in rules.drop:
            self._take("dropped by the recipe", word, n)
            return None
        return word

    def _seams(self, word: str, n: int) -> list[str]:
        """`inter-⏎national` and `situa- tions` (an old line end) become what the corpus writes, `pre- and` two."""
        if ("\n" not in word and " " not in word) or word in self.rules.variants:
            return [word]
        at, words = 0, [""]
        for seam in _SEAM.finditer(word):
            left, right = words[-1] + word[at : seam.start()], word[seam.end() :]
            right = right[: next_seam.start()] if (next_seam := _SEAM.search(right)) else right
            at = seam.end()
            joined, hyphenated = self._uses.get(left + right, 0), self._uses.get(f"{left}-{right}", 0)
            wraps = "\n" in seam[0]
            apart = not wraps or (self._uses.get(left, 0) and self._uses.get(right, 0))
            if right.lower() in _JOINING and not (wraps and joined):
                words[-1:] = [left, ""]
            elif joined >= max(hyphenated, 1) or (not hyphenated and not apart):
                self.merged["(hyphens rejoined)"] += n
                words[-1] = left
            elif hyphenated:
                words[-1] = f"{left}-"
            else:
                words[-1:] = [left, ""]
        words[-1] += word[at:]
        return [one for one in words if one]

    def _hyphenated(self, word: str, n: int) -> str:
        """`con-ducting` becomes `conducting` where that is twenty times as common."""
        joined = word.replace("-", "")
        if word not in self.rules.variants and self._uses.get(joined, 0) >= 20 * max(self._uses.get(word, 0), 1):
            self.merged["(hyphens rejoined)"] += n
            return joined
        return word

    def _accents(self, word: str) -> str:
        return fold_accents(word) if self.rules.fold_accents else word

    def _ending(self, word: str) -> str:
        for ending, canonical in self.rules.endings.items():
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                other = word[: -len(ending)] + canonical
                if self._uses.get(other, 0) >= 0.05 * self._uses.get(word, 0):
                    return other
        return word
