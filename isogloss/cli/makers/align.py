"""isogloss align."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isogloss.alignment.anchors.dictionary import CASES, Dictionary
from isogloss.alignment.anchors.source import AnchorSource
from isogloss.alignment.bli import RETRIEVALS
from isogloss.alignment.learning import Learning
from isogloss.alignment.method import METHODS, parameter_names, read_given
from isogloss.alignment.outcomes import aligned_pair, table
from isogloss.alignment.preprocess import DEFAULT
from isogloss.alignment.reasons import of_words
from isogloss.alignment.setup import LIMIT, Setup
from isogloss.alignment.trial import DIRECTIONS, Outcome, Trial, run
from isogloss.cli.command import SEEDS, Command, Report, whole, workspace_of
from isogloss.cli.named import place_of, space_at
from isogloss.cli.progress import Shared
from isogloss.errors import InvalidValue, NotFound
from isogloss.spaces.reference import Reference
from isogloss.text.tally import LISTED
from isogloss.workspace.access import require_writable
from isogloss.workspace.store import Workspace, check_name

_TRAIN = (
    "anchors: a file with a source and a target a line; or `identical`, or `lexicon:en:fr`, or `unsupervised`"
    " (with vecmap-self)"
)


class Align(Command):
    help = "align two spaces by a dictionary and test the alignment by another"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add = parser.add_argument
        add("source", help="a file of vectors, or COLLECTION/SPACE")
        add("target", help="a file of vectors, or COLLECTION/SPACE")
        add("--train", required=True, metavar="DICT", help=_TRAIN)
        add("--test", metavar="DICT", default="", help="as --train; without it a share of the anchors is held out")
        add(
            "--share", type=float, default=0.25, help="how much of the anchors is held out, by the seed (default: 0.25)"
        )
        add("--method", choices=METHODS.names, default="procrustes")
        add("--retrieval", nargs="+", choices=RETRIEVALS, default=["nn", "csls"])
        add("--limit", type=whole(), default=LIMIT, metavar="N", help="the most frequent items of each file")
        add("--normalize", default=",".join(DEFAULT), metavar="STEPS", help="unit and center, by commas")
        add("--seed", type=whole(*SEEDS), default=0)
        names = f"parameters of the method: {', '.join(parameter_names())}"
        add("--set", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help=names)
        add("--script-filter", action="store_true", help="only targets in the script of most anchors")
        add(
            "--case",
            choices=CASES,
            default=CASES[0],
            help="lower: take a word in lower case where its space has only that; exact: as VecMap and fastText do",
        )
        add("--leave-out", action="store_true", help="train without the anchors that look wrong")
        add(
            "--no-files",
            action="store_true",
            help="refuse files: spaces are those of collections, dictionaries are shipped",
        )
        add("--word", nargs="+", action="extend", default=[], metavar="WORD", help="test words: what is found for each")
        add("--save", type=Path, metavar="MAP.npz")
        add("--into", metavar="COLLECTION", help="keep the aligned pair as a collection")

    def run(self, options: argparse.Namespace) -> Report:
        start = time.monotonic()
        if options.into:
            require_writable()
            check_name(options.into)
        if options.limit < 1:
            raise InvalidValue(f"--limit is {options.limit}", "give 1 or more")
        workspace = workspace_of(options)
        if options.no_files:
            _refuse_files(options, workspace)
        given, seed = read_given([*options.set, f"seed={options.seed}"])
        setup = Setup(
            place_of(options.source, workspace),
            place_of(options.target, workspace),
            anchors=AnchorSource.spelt(options.train),
            test=AnchorSource.spelt(options.test) if options.test else None,
            share=options.share,
            limit=options.limit,
            leave_out=options.leave_out,
            learning=Learning(tuple(filter(None, options.normalize.split(","))), given, seed),
            case=options.case,
        )
        trial = setup.trial(lambda place: space_at(place, workspace, limit=options.limit))
        outcome = run(
            trial,
            options.method,
            retrievals=options.retrieval,
            script_filter=options.script_filter,
            progress=Shared(),
        )
        if options.save:
            outcome.mapping.save(options.save)
        dropped = {direction: trial.way(direction).dropped for direction in DIRECTIONS}
        value = {
            "method": options.method,
            "n_train": outcome.diagnostics["n_train"],
            "dictionaries": {"case": options.case} | {name: _told(one) for name, one in trial.spelt.items()},
            "results": table(outcome, seed=options.seed),
            **({"words": _words(options.word, trial, outcome, languages_of(setup, workspace))} if options.word else {}),
            "diagnostics": dict(outcome.diagnostics) | {"test_sources_in_training": dropped},
            "seconds": round(time.monotonic() - start, 2),
        }
        if options.into:
            workspace.save(aligned_pair(trial, outcome, options.into, title=options.into))
        return Report(value, _lines(value, dropped))


def _refuse_files(options: argparse.Namespace, workspace: Workspace) -> None:
    for named in (options.source, options.target):
        place = Reference.parse(named)
        if not place.space or Path(named).exists():
            raise InvalidValue(f"{named[:80]!r} is no space of a collection", "give COLLECTION/SPACE")
        workspace.folder(place.collection)
    for spelling in filter(None, (options.train, options.test)):
        if AnchorSource.spelt(spelling).kind == "file":
            raise InvalidValue(f"{spelling[:80]!r} is a file", "give identical, unsupervised or lexicon:en:fr")


def languages_of(setup: Setup, workspace: Workspace) -> tuple[str, str]:
    """Of source and target, for stems: those of the lexicon, of the test's, or what a space or its collection names."""
    found = []
    for end, place in (("source", setup.source), ("target", setup.target)):
        spoken = [getattr(one, end) for one in (setup.anchors, setup.test) if one and one.kind == "lexicon"]
        if isinstance(place, Reference):
            collection = workspace.open(place.collection)
            space = collection[place.space]
            spoken.append(str(space.metadata.get("language") or collection.metadata.get("language") or ""))
        found.append(next(filter(None, spoken), ""))
    return found[0], found[1]


def _words(words: list[str], trial: Trial, outcome: Outcome, languages: tuple[str, str]) -> list[dict[str, Any]]:
    """Raises NotFound for a word that is no test word in either direction."""
    rows = of_words(trial, outcome.found, words, languages=languages)
    if lacks := [word for word in words if all(row["word"] != word for row in rows)]:
        raise NotFound(f"{lacks[0][:60]!r} is no test word", lever="give one of the dictionary, as it is written there")
    return rows


def _told(one: Dictionary) -> dict[str, Any]:
    """What became of a dictionary as it was read."""
    lowered = list(one.lowered[:LISTED])
    return {
        "pairs": len(one),
        "repeated": one.repeated,
        "n_lowered": len(one.lowered),
        "lowered": lowered,
        "said": list(one.said),
    }


def _lines(value: dict[str, Any], dropped: dict[str, int]) -> Iterator[str]:
    yield (
        f"{value['method']}, {value['n_train']:,} training pairs; test words that stand in training are left out:"
        f" {dropped}"
    )
    for name in ("train", "test"):
        if (one := value["dictionaries"].get(name)) and (one["repeated"] or one["n_lowered"]):
            words = f" ({', '.join(one['lowered'][:3])})" if one["n_lowered"] else ""
            yield (
                f"{name}: {one['pairs']:,} pairs, {one['repeated']:,} repeated ones dropped, {one['n_lowered']:,} words"
                f" taken in lower case{words}"
            )
        yield from (f"{name}: {said}" for said in (one or {}).get("said", []))
    for one in value["results"]:
        low, high = one["ci_precision_at_1"]
        yield (
            f"{one['direction']} {one['retrieval']:4} oov {one['oov']:7} P@1 {one['precision_at_1']:.3f} ({low:.3f} to"
            f" {high:.3f}) P@5 {one['precision_at_5']:.3f} P@10 {one['precision_at_10']:.3f} n {one['n_test']:,}"
            f" coverage {one['coverage']:.2f}"
        )
    for one in value.get("words", []):
        where = "not covered" if one["rank"] is None else f"gold at {one['rank']:,}"
        near = ", ".join(one["nearest"][:3])
        yield f"{one['direction']} {one['retrieval']:4} {one['word']}: {near} ({where}; {one['reason']})"


member = Align()
