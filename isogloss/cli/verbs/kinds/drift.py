"""Which words moved between two spaces, by more than noise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isogloss.cli.verbs.arguments import Argument
from isogloss.cli.verbs.verb import COLLECTION, Said, Verb, figure
from isogloss.drift.verdict import WORDS
from isogloss.notebook.commands import changed
from isogloss.notebook.kind import Ground
from isogloss.notebook.kinds.drift import MEASURES
from isogloss.notebook.view import View
from isogloss.workspace.store import Workspace

_NAMES = {"source": "from", "target": "to", "min_count": "uses", "same_speakers": "same"}
_BESIDE = {"p": "p_value", "q": "q_value", "verdict": "verdict", "agree": "agree", "must_move": "needed"}
NOTHING = "nothing to tell from noise"


class Drift(Verb):
    name = "drift"
    help = "how far words moved between two spaces, each with interval, null and verdict; or one word"
    arguments = (
        COLLECTION,
        Argument(name="source", help="the first of two spaces", required=True),
        Argument(name="target", help="the second", required=True),
        Argument(name="item", help="one word alone (default: those that moved farthest)"),
        Argument(name="measure", help="of drift", choices=MEASURES),
        Argument(name="min_count", help="leave out words with fewer uses", kind="whole", least=1, most=1_000_000),
        Argument(name="same_speakers", help="both spaces trained on the same speakers", kind="flag", default=False),
        Argument(name="top", help="words listed", kind="whole", least=1, most=50, default=10),
    )

    def view(self, given: Mapping[str, Any]) -> View:
        told = {_NAMES.get(key, key): value for key, value in given.items() if key != "top"}
        return View.of(
            "Drift", {key: str(one).lower() if one is True else str(one) for key, one in told.items() if one}
        )

    def command(self, view: View, given: Mapping[str, Any], ground: Ground | None) -> tuple[str, ...]:
        assert ground
        command = super().command(view, given, ground)
        ends = {"source": given["source"], "target": given["target"]}  # a page with two spaces alone has one order
        return changed(command, **ends, **({} if "item" in given else {"top": given["top"]}))

    def said(self, output: Any, given: Mapping[str, Any], workspace: Workspace) -> Said:
        words, n = output["words"], output["n_shared"]
        moved = [one for one in words if one["verdict"] == WORDS["moved"]]
        between = f"between {given['source']} and {given['target']}"
        if output["n_significant"] is None:
            says = f"nothing was tested {between}: without replicates no word can be said to have moved"
        elif "item" in given:
            says = f"{words[0]['item']}: {words[0]['verdict']} {between}"
        elif not output["n_significant"]:
            says = (
                f"{NOTHING}: of {n:,} words {between} none moved farther than random halves of the texts do (q < .05)"
            )
        else:
            says = f"{output['n_significant']:,} of {n:,} words moved farther than noise {between} (q < .05)"
        return Said(says, [_figure(one) for one in words], [{"says": _says(one, between), **one} for one in moved])


def _figure(word: Mapping[str, Any]) -> dict[str, Any]:
    counts = [one for one in (word["count_source"], word["count_target"]) if one is not None]
    why = {"why": "not tested: no replicates of this word"} if word["null_p95"] is None else {}
    more = {name: word[key] for name, key in _BESIDE.items()}
    n = min(counts) if counts else None
    return figure(
        f"distance of {word['item']}", word["distance"], n=n, interval=word["ci"], null=word["null_p95"], **more, **why
    )


def _says(word: Mapping[str, Any], between: str) -> str:
    agree = "on {moved} of {tested} measures".format(**word["agree"])
    return f"{word['item']} moved farther than noise {between}, {agree}"


member = Drift()
