"""What a tokenizer knows of texts: subwords a word, unknown characters, how much of its table they use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.text.script import script_of
from isogloss.vocabulary.shares import ratio
from isogloss.vocabulary.subwords import Lines, Subwords

UNSPACED = frozenset(("Hani", "Jpan", "Thai", "Laoo", "Khmr", "Mymr", "Tibt"))
_FERTILITY = "subwords / stretches between spaces; 95% over lines, linearised"
_PER_CHARACTER = "subwords / characters other than spaces; 95% over lines, linearised"
_UNKNOWN = "characters under <unk> / characters other than spaces; 95% over lines, linearised"


@dataclass(frozen=True)
class Known:
    """Of the texts of one language or script. used: distinct tokens of the table that they use. spaced: whether the
    script puts spaces between words; where it does not, subwords a character say more than subwords a word.
    """

    group: str
    script: str
    lines: int
    fertility: Figure
    per_character: Figure
    unknown: Figure
    used: int
    used_share: float

    @property
    def spaced(self) -> bool:
        return self.script not in UNSPACED


@dataclass(frozen=True)
class Knows:
    """One tokenizer over all groups. tokens: in its table. scripts: tokens of the table by script."""

    model: str
    kind: str
    tokens: int
    used: int
    used_share: float
    groups: tuple[Known, ...]
    scripts: Mapping[str, int]


@dataclass(frozen=True)
class Beside:
    """Two tokenizers over the same lines. saved: subwords a word of the first less those of the second; above 0 the
    second needs fewer. unknown: the same of the share of unknown characters.
    """

    group: str
    saved: Figure
    unknown: Figure


def knows(subwords: Subwords, groups: Mapping[str, Sequence[str]]) -> Knows:
    """groups: language or script → its texts. Raises InvalidValue where there is no text."""
    found, seen = [], np.zeros(len(subwords.tokens), dtype=bool)
    for group, texts in _filled(groups).items():
        lines = subwords.read(texts)
        ids = np.array(sorted({i for one in lines.ids for i in one}), dtype=np.int64)
        seen[ids] = True
        found.append(_known(group, texts, lines, len(ids), len(subwords)))
    used = int(seen.sum())
    return Knows(
        subwords.name,
        subwords.kind,
        len(subwords),
        used,
        used / len(subwords),
        tuple(found),
        subwords.by_script(),
    )


def beside(first: Subwords, second: Subwords, groups: Mapping[str, Sequence[str]]) -> tuple[Beside, ...]:
    """Two tokenizers, line by line. Raises InvalidValue where there is no text."""
    found = []
    for group, texts in _filled(groups).items():
        one, other = first.read(texts), second.read(texts)
        saved = ratio(one.tokens - other.tokens, one.words, better="more", how=f"paired: {_FERTILITY}")
        unknown = ratio(one.unknown - other.unknown, one.characters, better="more", how=f"paired: {_UNKNOWN}")
        found.append(Beside(group, saved, unknown))
    return tuple(found)


def by_script(texts: Sequence[str]) -> dict[str, list[str]]:
    """The texts by their script, the script with most texts first."""
    found: dict[str, list[str]] = {}
    for text in texts:
        found.setdefault(script_of(text), []).append(text)
    return dict(sorted(found.items(), key=lambda one: (-len(one[1]), one[0])))


def _known(group: str, texts: Sequence[str], lines: Lines, used: int, size: int) -> Known:
    return Known(
        group,
        script_of(" ".join(texts[:200])),
        len(texts),
        ratio(lines.tokens, lines.words, better="less", how=_FERTILITY),
        ratio(lines.tokens, lines.characters, better="less", how=_PER_CHARACTER),
        ratio(lines.unknown, lines.characters, is_share=True, better="less", how=_UNKNOWN),
        used,
        used / size,
    )


def _filled(groups: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    found = {group: texts for group, texts in groups.items() if texts}
    if not found:
        raise InvalidValue("there is no text", "give at least one line")
    return found
