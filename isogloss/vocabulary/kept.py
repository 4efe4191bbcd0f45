"""Which tokens of a table stay: the frequent ones, those asked for, and those without which the others cannot come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.text.tally import Tally
from isogloss.vocabulary.merges import Merges
from isogloss.vocabulary.rewrite import marks_of
from isogloss.vocabulary.subwords import ALPHABET, Counts, Subwords

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Choice:
    """min_frequency: tokens seen so often stay. top: or so many of the most frequent, instead. tokens: these too, as
    the table spells them or as one reads them. scripts: all tokens of these.
    """

    min_frequency: int = 2
    top: int | None = None
    tokens: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.min_frequency < 1:
            raise InvalidValue(f"a minimum frequency of {self.min_frequency} was given", "give 1 or more")
        if self.top is not None and self.top < 1:
            raise InvalidValue(f"the top {self.top} tokens were asked for", "give 1 or more")


@dataclass(frozen=True)
class Kept:
    """ids: of the tokens that stay, ascending. why: reason → how many came by it. asked: of tokens named by hand."""

    ids: Ids
    why: dict[str, int]
    asked: Tally


def frequencies(subwords: Subwords, ids: Iterable[Sequence[int]]) -> Counts:
    """How often each token of the table stands in tokenised texts, (n_tokens,)."""
    flat = np.fromiter((i for one in ids for i in one), dtype=np.int64)
    return np.bincount(flat, minlength=len(subwords.tokens)).astype(np.int64)


def by_frequency(counts: Counts) -> Ids:
    """Tokens that were seen, the most frequent first; of equals the lower id."""
    order = np.argsort(-counts, kind="stable")
    return order[counts[order] > 0]


def choose(subwords: Subwords, counts: Counts, choice: Choice, *, always: Iterable[int] = ()) -> Kept:
    """What stays. always: further ids that must, such as those a model's configuration names.

    A text whose tokens all stay is then cut as before: nothing is taken that could change the cut of what is left
    (`required`). Raises InvalidValue for a script that no token is of.
    """
    why: dict[str, int] = {}
    stays = np.zeros(len(subwords.tokens), dtype=bool)

    def take(reason: str, ids: Iterable[int]) -> None:
        new = [i for i in ids if 0 <= i < len(stays) and subwords.tokens[i] and not stays[i]]
        stays[new] = True
        why[reason] = len(set(new))

    seen = by_frequency(counts)
    take("special", [*marks_of(subwords), *always])
    take("frequent", (seen[: choice.top] if choice.top else seen[counts[seen] >= choice.min_frequency]).tolist())
    asked = Tally()
    take("asked", list(_named(subwords, choice.tokens, asked)))
    take("script", list(_of_scripts(subwords, choice.scripts)))
    take("needed", required(subwords, np.flatnonzero(stays)))
    return Kept(np.flatnonzero(stays).astype(np.int64), why, asked)


def required(subwords: Subwords, ids: Ids) -> list[int]:
    """Tokens that are not asked for and yet decide how texts of those asked for are cut.

    Unigram: one of the lowest score, from which that of an unknown letter is taken (lowest − 10, so the score of a cut
    with an unknown letter stays below every cut that was possible before). BPE: what the merges make on the way to a
    token. Bytes, where letters are spelled in them; single letters, where there is no `<unk>` to stand for one.
    """
    model = subwords.state["model"]
    found: list[int] = []
    if subwords.kind == "Unigram":
        found.append(int(np.argmin([score for _, score in model["vocab"]])))
    if subwords.kind == "BPE":
        prefix = model.get("continuing_subword_prefix") or ""
        suffix = model.get("end_of_word_suffix") or ""
        merges = Merges(model)
        single = [i for i, token in enumerate(subwords.tokens) if len(_bare(token, prefix, suffix)) == 1]
        if subwords.byte_level:
            found += [i for i in single if subwords.tokens[i] in ALPHABET]
        elif subwords.unknown is None:
            found += single
        for i in set(ids.tolist()) - set(subwords.added):
            found += [subwords.ids[part] for part in merges.on_the_way(subwords.tokens[i]) if part in subwords.ids]
    if model.get("byte_fallback"):
        found += [i for token, i in subwords.ids.items() if token.startswith("<0x") and len(token) == 6]
    return found


def _bare(token: str, prefix: str, suffix: str) -> str:
    return (token.removesuffix(suffix) if suffix else token).removeprefix(prefix)


def _named(subwords: Subwords, tokens: Sequence[str], tally: Tally) -> Iterable[int]:
    read: dict[str, list[int]] = {}
    if tokens:
        for i, token in enumerate(subwords.tokens):
            read.setdefault(subwords.surface(token), []).append(i)
    for token in tokens:
        found = [subwords.ids[token]] if token in subwords.ids else read.get(token, [])
        if found:
            tally.read += 1
            yield from found
        else:
            tally.skip("not_in_the_table", token)


def _of_scripts(subwords: Subwords, scripts: Sequence[str]) -> Iterable[int]:
    have = subwords.by_script() if scripts else {}
    for script in scripts:
        if script not in have:
            raise InvalidValue(
                f"no token is in the script {script[:40]!r}", f"choose from {', '.join(list(have)[:12])}"
            )
    wanted = set(scripts)
    return [i for i, script in enumerate(subwords.scripts) if script in wanted] if wanted else []
