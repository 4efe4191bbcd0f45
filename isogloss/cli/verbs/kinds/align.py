"""How many translations an alignment finds, on words that were held out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isogloss.cli.verbs.arguments import Argument
from isogloss.cli.verbs.verb import Said, Verb, figure
from isogloss.notebook.kind import Ground, ground_of
from isogloss.notebook.kinds.align import RETRIEVALS, TITLES
from isogloss.notebook.view import View
from isogloss.spaces.reference import Reference
from isogloss.workspace.store import Workspace

METHODS = ("procrustes", "ridge", "refine", "vecmap")  # supervised: some seconds
_TITLED = {name: title for title, name in TITLES.items()}
_SPACE = {"required": True, "pattern": r"[a-z0-9][a-z0-9._-]{0,63}/.+"}
MOST = 20_000


class Align(Verb):
    name = "align"
    help = "align two spaces by a lexicon or identical strings, and how many held-out translations are found (seconds)"
    grounded = False
    arguments = (
        Argument(name="source", help="give COLLECTION/SPACE", **_SPACE),  # type: ignore[arg-type]
        Argument(name="target", help="give COLLECTION/SPACE", **_SPACE),  # type: ignore[arg-type]
        Argument(
            name="anchors",
            help="give identical, or lexicon:en:fr with two languages",
            pattern=r"identical|lexicon:[\w-]{1,20}:[\w-]{1,20}",
            required=True,
        ),
        Argument(name="method", help="supervised methods", choices=METHODS, default=METHODS[0]),
        Argument(name="retrieval", help="how words are looked up", choices=RETRIEVALS, default="csls"),
        Argument(
            name="limit", help="the most frequent items of each space", kind="whole", least=50, most=MOST, default=MOST
        ),
        Argument(name="seed", help="of the words held out", kind="whole", least=0, most=1_000_000, default=0),
    )

    def view(self, given: Mapping[str, Any]) -> View:
        kind, _, languages = given["anchors"].partition(":")
        told = {
            "source": given["source"],
            "target": given["target"],
            "method": _TITLED[given["method"]],
            "retrieval": given["retrieval"],
            "limit": str(given["limit"]),
            "seed": str(given["seed"]),
            "anchors": "identical strings" if kind == "identical" else "lexicon",
        }
        if languages:
            told |= dict(zip(("train-from", "train-to"), languages.split(":"), strict=True))
        return View.of("Align", told)

    def fingerprints(self, given: Mapping[str, Any], ground: Ground | None, workspace: Workspace) -> dict[str, str]:
        found = {}
        for named in (given["source"], given["target"]):
            place = Reference.parse(named)
            found[named] = ground_of(workspace, View.of("Map", {"collection": place.collection})).fingerprints.get(
                place.space, ""
            )
        return found

    def said(self, output: Any, given: Mapping[str, Any], workspace: Workspace) -> Said:
        figures, findings = [], []
        for one in output["results"]:
            if one["oov"] != "dropped":
                continue
            there = one["direction"] == "source-target"
            place = Reference.parse(given["target" if there else "source"])
            words = min(len(workspace.open(place.collection)[place.space]), given["limit"])
            n, value = one["n_test"], one["precision_at_1"]
            chance = guessing(n, words)
            low, high = one["ci_precision_at_1"]
            ways = (given["source"], given["target"])
            name = "P@1 from {} to {}".format(*(ways if there else reversed(ways)))
            why = f"null: guessing among {words:,} words" if chance is not None else "no word was tested"
            figures.append(figure(name, value, n=n, interval=[low, high], null=chance, why=why))
            if chance is not None and low is not None and low > chance:
                findings.append({"says": f"{name}: {value:.3f} of {n:,} held-out words ({low:.3f} to {high:.3f})"})
        says = "; ".join(one["says"] for one in findings) or "nothing to tell from guessing"
        return Said(says, figures, findings)


def guessing(n: int, words: int) -> float | None:
    """The share of n test words that 95 % of guesses stay at or below: the quantile of Binomial(n, 1/words), over n.

    >>> guessing(100, 20_000), guessing(100, 50)
    (0.0, 0.05)
    """
    from scipy.stats import binom

    return round(float(binom.ppf(0.95, n, 1 / words)) / n, 6) if n and words else None


member = Align()
