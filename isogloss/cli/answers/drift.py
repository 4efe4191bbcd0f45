"""isogloss drift."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from typing import Any

from isogloss.cli.command import Command, Report, number, whole
from isogloss.cli.pair import add_pair, ranking_of, steps_of
from isogloss.drift.ranking import Ranking
from isogloss.drift.verdict import WORDS
from isogloss.errors import InvalidValue
from isogloss.spaces.lookup import known_form
from isogloss.text.normalize import nfc

_MARKS = dict(zip(WORDS.values(), "*~ ?", strict=True))  # moved, not decided, noise, not tested


class Drift(Command):
    help = "how far the shared items moved between two spaces"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add_pair(parser)
        parser.add_argument(
            "--k",
            type=whole(),
            help="neighbors compared (default: 25; gonen: 1,000, and at most a quarter of those that count)",
        )
        parser.add_argument("--min-count", type=whole(), default=0, metavar="N", help="leave out items with fewer uses")
        parser.add_argument("--top", type=whole(), metavar="N", help="list the N most changed (default: all)")

        parser.add_argument("--item", metavar="WORD", help="list this word alone")
        parser.add_argument("--panel", action="store_true", help="both spaces trained on the same speakers")
        parser.add_argument(
            "--in-order", action="store_true", help="each word at the step where it moved most, of all from A to B"
        )

    def run(self, options: argparse.Namespace) -> Report:
        if options.top is not None and options.top < 1:
            raise InvalidValue(f"--top is {options.top}", "give a number of 1 or more")
        more = {"k": options.k, "min_count": options.min_count, "panel": options.panel}
        found = steps_of(options, **more) if options.in_order else ranking_of(options, **more)
        rows = found.order[: options.top].tolist() if options.item is None else [_row(found, options.item)]
        value = {
            "source": options.source,
            "target": options.target,
            "measure": options.measure,
            "k": found.k or None,
            "n_shared": len(found),
            "n_significant": int(found.significant.sum()) if found.tested.any() else None,
            "n_undecided": int(found.undecided.sum()) if found.tested.any() else None,
            "words": [_word(found, row) for row in rows],
        }
        return Report(value, _lines(value, options.top or 25))


def _row(found: Ranking, item: str) -> int:
    known = known_form(item, found) or nfc(item)
    return found.rows[found[known].item]


def _word(found: Ranking, row: int) -> dict[str, Any]:
    low, high = number(found.low[row]), number(found.high[row])
    step = {"step": list(found.steps[row])} if found.steps else {}
    return step | {
        "item": found.items[row],
        "distance": number(found.distance[row]),
        "ci": None if low is None or high is None else [low, high],
        "null_p95": number(found.null_high[row]),
        "p_value": number(found.p[row]),
        "q_value": number(found.q[row]),
        "significant": bool(found.significant[row]) if found.tested[row] else None,
        "verdict": WORDS[found.state(row)],
        "agree": {"moved": int(found.agree[row]), "tested": int(found.agree_of[row])},
        "needed": number(found.needed[row]),
        "decidable": None if math.isnan(found.needed[row]) else math.isfinite(found.needed[row]),
        "count_source": None if found.count_source is None else int(found.count_source[row]),
        "count_target": None if found.count_target is None else int(found.count_target[row]),
    }


def _lines(value: dict[str, Any], most: int) -> Iterator[str]:
    n = value["n_significant"]
    tested = "nothing was tested" if n is None else f"{n:,} moved farther than noise (q < .05)"
    undecided = f", {value['n_undecided']:,} are not decided (~): too few replicates" if value["n_undecided"] else ""
    compared = f"; {value['k']:,} neighbors compared" if value["k"] else ""
    yield f"{value['n_shared']:,} shared items; {tested}{undecided}{compared}"
    for word in value["words"][:most]:
        interval = "" if word["ci"] is None else " ({:.3f} to {:.3f})".format(*word["ci"])
        mark = _MARKS[word["verdict"]]
        distance = math.nan if word["distance"] is None else word["distance"]
        agree = "{moved} of {tested} measures".format(**word["agree"])
        said = f"  ({agree})" if word["agree"]["tested"] else ""
        yield f"{mark} {'0' if distance == 0 else f'{distance:.3f}'}{interval}  {word['item']}{said}"


member = Drift()
