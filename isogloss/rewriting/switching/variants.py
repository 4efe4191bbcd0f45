"""Every sentence in every language that all its entities have."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import regex

from isogloss.errors import InvalidValue
from isogloss.rewriting.switching.entities import Entities, Sentence
from isogloss.text.tally import Tally

ORDERS = ("all", "english-first", "english-second")
FORMATS = ("tags", "plain")
MOST = 10_000  # variants of one sentence
_CODE = regex.compile(r"[A-Za-z][\w-]{0,30}")


@dataclass(frozen=True)
class Variant:
    """row: of its sentence, from 0. text: with the labels, as `format` writes them. plain: without tags. spans: the
    entities that were switched, in the sentence; labels: what stands there now. at: where, in `plain`.
    """

    row: int
    language: str
    text: str
    plain: str
    spans: tuple[tuple[int, int], ...]
    labels: tuple[str, ...]
    at: tuple[tuple[int, int], ...]

    @property
    def share(self) -> float:
        """Of the characters that are letters of labels, in `plain`."""
        return sum(end - start for start, end in self.at) / max(len(self.plain), 1)


@dataclass(frozen=True)
class Switching:
    """languages: that are asked for. order: which entities are switched: `all`; `english-first` those that begin in the
    second half of a sentence, `english-second` those in the first. most: languages a sentence, drawn; None all.
    """

    languages: tuple[str, ...]
    order: str = "all"
    format: str = "tags"
    most: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.order not in ORDERS or self.format not in FORMATS:
            raise InvalidValue(
                f"the order {self.order[:20]!r}, the format {self.format[:20]!r}",
                f"choose from {', '.join(ORDERS)} and from {', '.join(FORMATS)}",
            )
        if self.most is not None and self.most < 1:
            raise InvalidValue(f"{self.most} languages a sentence", "ask for one or more")
        if self.format == "tags" and (odd := [one for one in self.languages if not _CODE.fullmatch(one)]):
            raise InvalidValue(f"the language {odd[0][:40]!r} cannot be a tag", "rename it, or ask for --format plain")

    def chosen(self, one: Sentence) -> tuple[tuple[int, int], ...]:
        """The spans of a sentence that are switched, by `order`."""
        half = len(one.plain) / 2
        if self.order == "english-first":
            return tuple(span for span in one.spans if span[0] >= half)
        return tuple(span for span in one.spans if span[0] < half) if self.order == "english-second" else one.spans


def variants(sentences: Sequence[Sentence], entities: Entities, how: Switching) -> tuple[list[Variant], Tally]:
    """Of each sentence: for each language in the intersection of what its switched entities have, every combination of
    their labels there; so many are its variants: Σ over languages of Π over entities of labels. The tally counts
    sentences, those that cannot be switched by reason.
    """
    rng, tally, found = np.random.default_rng(how.seed), Tally(), list[Variant]()
    for row, one in enumerate(sentences):
        spans, reason = how.chosen(one), ""
        names = [one.plain[start:end] for start, end in spans]
        languages = entities.common(names, how.languages)
        if how.most is not None and len(languages) > how.most:
            drawn = sorted(rng.choice(len(languages), how.most, replace=False).tolist())
            languages = tuple(languages[i] for i in drawn)
        if not one.spans:
            reason = "without_an_entity"
        elif not spans:
            reason = "without_an_entity_in_that_half"
        elif any(name.casefold() not in entities.labels for name in names):
            reason = "entity_not_in_the_table"
        elif not languages:
            reason = "without_a_common_language"
        elif how.format == "tags" and any(f"<{name}>" in one.plain or f"</{name}>" in one.plain for name in languages):
            reason = "holds_the_tag_itself"
        elif sum(math.prod(map(len, _labels(entities, names, name))) for name in languages) > MOST:
            reason = "more_than_10000_variants"
        if reason:
            tally.skip(reason, f"sentence {row + 1:,}")
            continue
        tally.read += 1
        for language in languages:
            for labels in product(*_labels(entities, names, language)):
                found.append(switched(row, one, language, spans=spans, labels=labels, tagged=how.format == "tags"))
    return found, tally


def _labels(entities: Entities, names: Sequence[str], language: str) -> list[tuple[str, ...]]:
    return [entities.labels[name.casefold()][language] for name in names]


def switched(
    row: int,
    one: Sentence,
    language: str,
    *,
    spans: Sequence[tuple[int, int]],
    labels: Sequence[str],
    tagged: bool = True,
) -> Variant:
    """A sentence with these spans of it replaced, in order.

    >>> switched(0, Sentence("", "the moon", ((4, 8),)), "de", spans=[(4, 8)], labels=["Mond"]).text
    'the <de>Mond</de>'
    """
    text, plain, places, at = "", "", [], 0
    for (start, end), label in zip(spans, labels, strict=True):
        before = one.plain[at:start]
        plain += before
        places.append((len(plain), len(plain) + len(label)))
        plain += label
        text += before + (f"<{language}>{label}</{language}>" if tagged else label)
        at = end
    rest = one.plain[at:]
    return Variant(row, language, text + rest, plain + rest, tuple(spans), tuple(labels), tuple(places))


def switched_back(text: str, language: str, entities: Sequence[str]) -> str:
    """A variant with tags as the sentence that it was made from. entities: that were switched, in order.

    >>> switched_back("the <de>Mond</de>", "de", ["moon"])
    'the moon'
    """
    left = iter(entities)
    return str(regex.sub(rf"<{regex.escape(language)}>.*?</{regex.escape(language)}>", lambda _: next(left), text))
