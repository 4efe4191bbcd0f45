"""isogloss cases agree."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from isogloss.cli.command import SEEDS, Command, Report, number, warn, whole
from isogloss.figure import Figure
from isogloss.notebook.coding.coded import Coded, Compared, compared, take_coded

_SHOWN = 100


class AgreeCases(Command):
    help = "how far two coders agree: κ, α and AC1, where they differ, what to adjudicate"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("a", type=Path, metavar="A.json", help="what one coder's sheet saved")
        parser.add_argument("b", type=Path, metavar="B.json", help="what the other's saved")
        parser.add_argument("--seed", type=whole(*SEEDS), default=0, metavar="S", help="of the bootstraps")

    def run(self, options: argparse.Namespace) -> Report:
        a, b = take_coded(options.a), take_coded(options.b)
        found = compared(a, b, seed=options.seed)
        one = found.agreement
        for told in (*found.told, *dict.fromkeys(one.unknown().values())):
            warn(told)
        value = {"n": one.n, "kappa": _json(one.kappa), "alpha": _json(one.alpha), "ac1": _json(one.ac1)}
        return Report(value, _lines(a, b, found))


def _json(figure: Figure) -> dict[str, float | None]:
    low, high = figure.interval or (float("nan"), float("nan"))
    return {"value": number(figure.value), "low": number(low), "high": number(high)}


def _lines(a: Coded, b: Coded, found: Compared) -> Iterator[str]:
    one = found.agreement
    yield f"{a.coder}: {a.tally.sentence()}"
    yield f"{b.coder}: {b.tally.sentence()}"
    yield f"{one.n:,} cases were coded by both, {one.agreed:,} alike"
    for name, figure in (("Cohen's κ", one.kappa), ("Krippendorff's α", one.alpha), ("Gwet's AC1", one.ac1)):
        yield f"{name}: {figure!r}"
    met = [i for i in range(len(one.categories)) if one.matrix[i].any() or one.matrix[:, i].any()]
    if met:
        yield f"rows: {a.coder}, columns: {b.coder}"
        width = max(len(one.categories[i]) for i in met)
        for i in met:
            yield f"  {one.categories[i]:{width}} " + " ".join(f"{one.matrix[i, j]:5,}" for j in met)
    if found.apart:
        yield f"to adjudicate: {len(found.apart):,}"
        for pair in found.apart[:_SHOWN]:
            notes = "; ".join(
                f"{who}: {note}" for who, note in ((a.coder, pair.note_a), (b.coder, pair.note_b)) if note
            )
            yield f"  {pair.id}: {pair.a} | {pair.b}" + (f" ({' '.join(notes.split())})" if notes else "")
        if len(found.apart) > _SHOWN:
            yield f"  and {len(found.apart) - _SHOWN:,} more"


member = AgreeCases()
