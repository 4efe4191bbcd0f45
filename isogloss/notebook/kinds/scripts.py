"""Scripts: how far the scripts or languages of a space lie apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isogloss.notebook.commands import changed, options_of, spelt
from isogloss.notebook.figures import pointed
from isogloss.notebook.kind import Ground, Kind, Method
from isogloss.notebook.view import View
from isogloss.workspace.store import SCRIPTS

REMOVALS = ("none", "center", "lir", "lsar")
BYS = ("script", "language")
_REMOVED = {
    "center": "center: Libovický, Rosa & Fraser 2020",
    "lir": "LIR: Yang et al. 2021",
    "lsar": "LSAR: Xie et al. 2022",
}
_AWAY = ("space", "by", "removal", "groups", "null", "ci")
_SEEDS = (1, 2, 3)


class Scripts(Kind):
    page = "Scripts"
    opens = SCRIPTS

    def command(self, view: View, ground: Ground | None) -> tuple[str, ...]:
        assert ground
        stage, by, removal = view.get("stage"), view.get("by"), view.get("removal")
        rank = view.get(f"rank-{removal}")
        return spelt(
            "scripts",
            [ground.collection],
            space=stage if stage in ground.names else ground.names[-1],
            by=by if by in BYS else BYS[0],
            remove=removal if removal in REMOVALS and removal != REMOVALS[0] else None,
            rank=rank if rank.isascii() and rank.isdigit() and len(rank) < 8 else None,
            seed=0,
        )

    def pointers(self, output: Any, view: View) -> Mapping[str, Mapping[str, str]]:
        told = output if isinstance(output, dict) else {}
        return {
            name.replace("_", " "): {
                "value": pointed(name),
                "low": pointed("ci", name, 0),
                "high": pointed("ci", name, 1),
                "null_p95": pointed("null", name, "p95"),
            }
            for name, value in told.items()
            if name not in _AWAY and value is not None
        }

    def method(self, command: Sequence[str]) -> Method:
        removal = _REMOVED.get(options_of(command).get("remove", ""), "")
        return Method(
            "η² = variance between groups / all variance; P@1: the nearest of other groups has the same meaning; nulls"
            " by 200 permutations, intervals over concepts, on the half on which nothing was fitted",
            "; ".join(filter(None, ("Pearson 1905 (η²)", removal))),
        )

    def title(self, view: View) -> str:
        return " · ".join(filter(None, ("Scripts", view.get("stage"), view.get("removal"))))

    def seeds(self, command: Sequence[str]) -> dict[str, int]:
        return {"halves, nulls and intervals": int(options_of(command).get("seed", 0))}

    def variations(self, command: Sequence[str], output: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
        now = int(options_of(command).get("seed", 0))
        for seed in [one for one in (0, *_SEEDS) if one != now][: len(_SEEDS)]:
            yield f"seed {seed}", changed(command, seed=seed)
        by = options_of(command).get("by", BYS[0])
        yield f"groups by {BYS[by == BYS[0]]}", changed(command, by=BYS[by == BYS[0]])

    def stands(self, before: Any, after: Any) -> bool:
        """The share of variance that groups explain is on the same side of what shuffled labels give."""
        return _apart(before) == _apart(after)


def _apart(output: Any) -> bool:
    return bool(output["eta_squared"] > output["null"]["eta_squared"]["p95"])


member = Scripts()
