"""Free: nothing must be kept; lengths, likeness, what was translated, and what repeats itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from rapidfuzz.fuzz import ratio

from isogloss.encoders.encoder import Encoder
from isogloss.figure import Figure
from isogloss.progress import Progress, silent
from isogloss.rewriting._summed import by_groups, mean_figure, share_figure
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Checked, Failure
from isogloss.rewriting.translated import NOT_AT_ALL, Expected, translated_share

FACTOR = 3.0  # as often as the usual ratio of lengths, or the other way: an odd one
_STEP = 10_000
_HOW = {
    "length_ratio": "mean of log2 of the target's characters by the source's; 0 where both are as long",
    "likeness": "mean likeness of both texts (indel, 1 where they are equal)",
    "translated": "mean share of the target's letters in the script of its language, or in words the source has not",
    "duplicates": "share of pairs that stand in the file before, source and target alike",
    "copies": "share of pairs whose target is the source",
    "odd_lengths": f"share of pairs whose ratio of lengths is {FACTOR:g} times the median, or less by as much",
}


class Free:
    name, title = "free", "Free"
    help = "Lengths, likeness, what was translated, and duplicates; nothing must be kept"
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
        """
        >>> found = Free().check(Pairs("", ["a b", "a b"], ["c d", "c d"]))
        >>> [(one.row, one.kind) for one in found.failures], found.figures["duplicates"].value
        ([(1, 'duplicate')], 0.5)
        """
        n = len(pairs)
        expected = Expected(pairs.target, pairs.columns)
        length, like, share = np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan)
        again, copies = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        seen: Counter[int] = Counter()
        for row, (source, target) in enumerate(zip(pairs.source, pairs.target, strict=True)):
            if row % _STEP == 0:
                progress("comparing pairs", row / max(n, 1))
            if source and target:
                length[row] = np.log2(len(target) / len(source))
            like[row] = ratio(source, target) / 100
            share[row] = translated_share(source, target, expected.script(row, target))
            copies[row] = source.strip() == target.strip()
            mark = hash((source, target))
            again[row] = bool(seen[mark])
            seen[mark] += 1
        progress("comparing pairs", 1.0)
        usual = float(np.nanmedian(length)) if np.isfinite(length).any() else 0.0
        odd = np.abs(length - usual) > np.log2(FACTOR)
        failures = [
            Failure(row, kind, "text", pairs.target[row][:200])
            for row in range(n)
            for kind, found in (("duplicate", again), ("copy", copies), ("odd_length", odd))
            if found[row]
        ] + [
            Failure(row, "not_translated", "text", pairs.target[row][:200])
            for row in np.flatnonzero(share < NOT_AT_ALL).tolist()
            if not copies[row]
        ]
        failures.sort(key=lambda one: one.row)

        def figures(rows: Sequence[int]) -> dict[str, Figure]:
            m = len(rows)
            return {
                "length_ratio": mean_figure(length[rows], better="neither", how=_HOW["length_ratio"], seed=seed),
                "likeness": mean_figure(like[rows], better="neither", how=_HOW["likeness"], seed=seed),
                "translated": mean_figure(share[rows], better="more", how=_HOW["translated"], seed=seed),
                "duplicates": share_figure(int(again[rows].sum()), m, better="less", how=_HOW["duplicates"]),
                "copies": share_figure(int(copies[rows].sum()), m, better="less", how=_HOW["copies"]),
                "odd_lengths": share_figure(int(odd[rows].sum()), m, better="less", how=_HOW["odd_lengths"]),
            }

        said = (
            f"{int(again.sum()):,} of {n:,} pairs repeat another, {int(copies.sum()):,} are copies of their source;"
            f" {int((share < NOT_AT_ALL).sum()):,} were not translated at all, {int(odd.sum()):,} are of odd length."
        )
        rows = {"length_ratio": length.tolist(), "likeness": like.tolist(), "translated": share.tolist()}
        return Checked(figures(range(n)), by_groups(pairs, by, figures), failures, rows, said)


member = Free()
