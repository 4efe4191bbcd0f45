"""Protected spans: code, formulas, JSON, placeholders … come through, the text around them is translated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz.fuzz import ratio

from isogloss.encoders.encoder import Encoder
from isogloss.figure import Figure
from isogloss.progress import Progress, silent
from isogloss.rewriting._summed import by_groups, mean_figure, share_figure
from isogloss.rewriting.back import BACK, chrf_figure
from isogloss.rewriting.kept import FATES, Fates, fates, same_spans
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Checked, Failure
from isogloss.rewriting.span import SPANS, Span, remainder, spans_of, titled
from isogloss.rewriting.translated import NOT_AT_ALL, Expected, translated_share

NOT_TRANSLATED = "not_translated"
_STEP = 10_000
_REMEMBERED = 1 << 12  # texts without their spans
_HOW = {
    "kept": "share of the source's spans that are in the target, by multiset",
    "lost": "share of the source's spans that are not in the target, and no other of their type in their place",
    "changed": "share of the source's spans that another of their type stands for in the target",
    "moved": "share of the source's spans that are kept out of order (longest increasing subsequence)",
    "added": "share of the target's spans that are not in the source, and stand for no other",
}


@dataclass
class _Counts:
    """Of one group of pairs: (type, fate) → spans, type → spans of the source, of the target."""

    fate: Counter[tuple[str, str]] = field(default_factory=Counter)
    source: Counter[str] = field(default_factory=Counter)
    target: Counter[str] = field(default_factory=Counter)
    broken: int = 0  # pairs that lost or changed a span
    any: int = 0  # pairs whose source has a span
    same: Counter[tuple[str, ...]] = field(default_factory=Counter)  # types of a pair that kept all, as often as it is

    def settle(self) -> None:
        """Count what kept all."""
        for kinds, n in self.same.items():
            self.any += n * bool(kinds)
            for kind in kinds:
                self.source[kind] += n
                self.target[kind] += n
                self.fate[kind, "kept"] += n
        self.same.clear()

    def add(self, source: Sequence[Span], target: Sequence[Span], found: Fates | None) -> None:
        if found is None:
            self.same[tuple([one[2] for one in source])] += 1
            return
        self.any += bool(source)
        self.source.update([one[2] for one in source])
        self.target.update([one[2] for one in target])
        self.broken += bool(found.lost or found.changed)
        for i, _ in found.kept:
            self.fate[source[i].kind, "kept"] += 1
        for i, _ in found.changed:
            self.fate[source[i].kind, "changed"] += 1
        for fate, positions, spans in (
            ("lost", found.lost, source),
            ("moved", found.moved, source),
            ("added", found.added, target),
        ):
            for i in positions:
                self.fate[spans[i].kind, fate] += 1

    def figures(self) -> dict[str, Figure]:
        kinds = [name for name in SPANS if self.source[name] or self.target[name]]
        out = {"pairs_intact": share_figure(self.any - self.broken, self.any, better="more", how=_INTACT)}
        for kind in ("", *kinds):
            for fate in FATES:
                whole = self.target if fate == "added" else self.source
                n = whole[kind] if kind else sum(whole.values())
                hits = sum(self.fate[one, fate] for one in ([kind] if kind else kinds))
                better = "more" if fate == "kept" else "less"
                name = f"{fate}_{kind}" if kind else fate
                out[name] = share_figure(hits, n, better=better, how=_HOW[fate])  # type: ignore[arg-type]
        return out


class _Compared:
    """What two texts without their spans have in common, remembered: catalogues say many things more than once, and
    what differs is often but a number, which is a span.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, str], tuple[float, float]] = {}

    def of(self, source: str, target: str, script: str) -> tuple[float, float]:
        """The translated share, and likeness from 0 to 1."""
        key = source, target, script
        if (found := self._seen.get(key)) is None:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            found = translated_share(source, target, script), ratio(source, target) / 100
            self._seen[key] = found
        return found


_INTACT = "share of the pairs with a protected span that neither lost nor changed one (Wilson)"
_TRANSLATED = (
    "mean share of the target's letters outside spans that are in the script of its language or, where the source is in"
    " it too, in words that the source has not"
)
_LIKE = "mean likeness of both texts without their spans (indel, 1 where they are equal)"
_UNTRANSLATED = f"share of pairs whose translated share is under {NOT_AT_ALL:.0%}"


class Protected:
    name, title = "protected", "Protected spans"
    help = "What must come through as it is (code, JSON, placeholders …), and whether the rest was translated"
    encodes = False

    def check(
        self,
        pairs: Pairs,
        *,
        by: str | None = None,
        encoder: Encoder | None = None,
        seed: int = 0,
        progress: Progress = silent,
    ) -> Checked:
        """figures: `kept`, `lost`, `added`, `changed`, `moved`, also by type (`kept_json`), `pairs_intact`,
        `translated`, `untranslated`, `likeness`, and `chrf_back` where a column `back` holds the way back.

        >>> Protected().check(Pairs("", ["Open {x}"], ["Öffne {y}"])).failures
        [Failure(row=0, kind='changed', what='placeholder', span='{x}', at=(5, 8))]
        """
        group_of = _group_of(pairs, by)
        counts = [_Counts() for _ in range(max(group_of, default=0) + 1)] if by else []
        every = _Counts()
        expected = Expected(pairs.target, pairs.columns, bare=lambda text: remainder(text, spans_of(text)))
        failures: list[Failure] = []
        n = len(pairs)
        shares, likes, hurt = list[float](), list[float](), [0.0] * n
        compared = _Compared()
        for row, (source, target) in enumerate(zip(pairs.source, pairs.target, strict=True)):
            if row % _STEP == 0:
                progress("comparing protected spans", row / max(n, 1))
            here, there = spans_of(source), spans_of(target)
            found = None if same_spans(here, there) else fates(here, there)
            every.add(here, there, found)
            if by:
                counts[group_of[row]].add(here, there, found)
            rest, made = remainder(source, here), remainder(target, there)
            part, alike = compared.of(rest, made, expected.script(row, made))
            shares.append(part)
            likes.append(alike)
            if found:
                hurt[row] = float(len(found.lost) + len(found.changed))
                failures.extend(_failures(row, here, there, found, (source, target)))
            if part < NOT_AT_ALL:
                failures.append(Failure(row, NOT_TRANSLATED, "text", made.strip()[:200]))
        progress("comparing protected spans", 1.0)
        for one in (every, *counts):
            one.settle()
        share, like = np.array(shares, dtype=np.float64), np.array(likes, dtype=np.float64)

        def figures(rows: Sequence[int], of: _Counts) -> dict[str, Figure]:
            some = share[rows]
            known = some[np.isfinite(some)]
            told = {
                **of.figures(),
                "translated": mean_figure(some, better="more", how=_TRANSLATED, seed=seed),
                "untranslated": share_figure(
                    int((known < NOT_AT_ALL).sum()), len(known), better="less", how=_UNTRANSLATED
                ),
                "likeness": mean_figure(like[rows], better="less", how=_LIKE, seed=seed),
            }
            if BACK in pairs.columns:
                back = pairs.columns[BACK]
                told["chrf_back"] = chrf_figure(
                    [remainder(pairs.source[i], spans_of(pairs.source[i])) for i in rows],
                    [remainder(back[i], spans_of(back[i])) for i in rows],
                    seed=seed,
                )
            return told

        numbers = iter(range(len(counts)))
        grouped = by_groups(pairs, by, lambda rows: figures(rows, counts[next(numbers)]))
        found_all = figures(range(n), every)
        said = _said(pairs, every, share, failures, grouped)
        table = {
            kind: {"n": every.source[kind], **{fate: every.fate[kind, fate] for fate in FATES}}
            for kind in SPANS
            if every.source[kind] or every.target[kind]
        }
        scripts = {name or "all": script for name, script in expected.scripts.items()}
        extra = {"types": table, "broken": every.broken, "scripts": scripts}
        rows = {"translated": shares, "likeness": likes, "broken": hurt}
        return Checked(found_all, grouped, failures, rows, said, extra)


def _group_of(pairs: Pairs, by: str | None) -> list[int]:
    out = [0] * len(pairs)
    for number, rows in enumerate(pairs.groups(by).values() if by else ()):
        for row in rows:
            out[row] = number
    return out


def _failures(
    row: int, here: Sequence[Span], there: Sequence[Span], found: Fates, texts: tuple[str, str]
) -> list[Failure]:
    """What befell the spans of one pair, in the order of the source, what was added last."""
    source, target = texts
    told = [(i, "lost") for i in found.lost] + [(i, "changed") for i, _ in found.changed]
    told += [(i, "moved") for i in found.moved]
    out = [
        Failure(row, kind, here[i].kind, source[here[i].start : here[i].end], (here[i].start, here[i].end))
        for i, kind in sorted(told)
    ]
    return out + [
        Failure(row, "added", there[j].kind, target[there[j].start : there[j].end], (there[j].start, there[j].end))
        for j in found.added
    ]


def _said(
    pairs: Pairs,
    every: _Counts,
    share: np.ndarray,
    failures: Sequence[Failure],
    grouped: Mapping[str, Mapping[str, Figure]],
) -> str:
    """The first sentence: pairs that lost or changed a span, those not translated, and the worst group or type."""
    if not len(pairs):
        return "There are no pairs."
    untranslated = int((share < NOT_AT_ALL).sum())
    said = f"{every.broken:,} of {len(pairs):,} pairs lost or changed a protected span"
    said += f"; {untranslated:,} {'was' if untranslated == 1 else 'were'} not translated at all"
    if grouped:
        known = {group: one["pairs_intact"] for group, one in grouped.items() if one["pairs_intact"].n}
        least = min((one.value for one in known.values()), default=1.0)
        last = [group for group, one in known.items() if one.value == least]
        if least < 1 and len(last) < len(known):
            named = ", ".join(group[:60] for group in last[:3]) + (" …" if len(last) > 3 else "")
            said += f"; the worst group{'s are' if len(last) > 1 else ' is'} {named} ({1 - least:.0%}"
            said += f" of {known[last[0]].n:,})" if len(last) == 1 else " each)"
    else:
        bad = {
            kind: (every.fate[kind, "lost"] + every.fate[kind, "changed"]) / n for kind, n in every.source.items() if n
        }
        worst = max(bad, key=lambda kind: (bad[kind], every.source[kind]), default="")
        if worst and bad[worst] > 0:
            said += f"; the worst type is {titled(worst)} ({bad[worst]:.0%} of {every.source[worst]:,})"
    return said + "."


member = Protected()
