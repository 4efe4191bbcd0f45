"""Makes the shipped stories: figures from their commands, sentences filled with them, pictures drawn.

    python -m scripts.stories [NAME …]

What is told stands in scripts/told/*.toml: a beat's link, title, sentence and notes. A figure in braces is that of the
beat, `{distance:.2f}`, `{distance.low:.2f}`; so no number is written by hand.
"""

from __future__ import annotations

import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from isogloss.cli.asked import asking
from isogloss.maps.layout import LayoutParameters, find_layout
from isogloss.notebook.replay import make_case
from isogloss.notebook.view import View
from isogloss.separation.concepts import ensure_made
from isogloss.stories.pictures import Dot, cloud, dots, lists, way
from isogloss.stories.shelf import SHIPPED, write_story
from isogloss.stories.story import Beat, Story
from isogloss.workspace.store import SCRIPTS, Workspace

TOLD = Path(__file__).parent / "told"
_SCRIPTS = {"Latn": "Latin", "Cyrl": "Cyrillic", "Arab": "Arabic", "Deva": "Devanagari", "Hani": "Han"}
_MEASURES = {
    "probe": "script told by the vector",
    "purity_at_10": "nearest ten in its script",
    "eta_squared": "variance by script",
    "pooled_precision_at_1": "nearest means the same",
}


class Shown:
    """A figure within a sentence: `{name}`, `{name.low:.2f}`."""

    def __init__(self, figure: Any) -> None:
        self.low, self.high, self.n, self.noise = figure.low, figure.high, figure.n, figure.null_p95
        self._value = figure.value

    def __format__(self, spec: str) -> str:
        return format(self._value, spec or ("," if isinstance(self._value, int) else ""))


def made(source: Mapping[str, Any], workspace: Workspace) -> Story:
    """The story of a source. Raises IsoglossError, and KeyError for a figure that a beat has not."""
    run = asking(workspace)
    outputs: dict[tuple[str, ...], Any] = {}

    def once(command: Sequence[str]) -> Any:
        if tuple(command) not in outputs:
            outputs[tuple(command)] = run(command)
        return outputs[tuple(command)]

    story = Story(source["title"], subtitle=source["subtitle"], collections=tuple(source["collections"]))
    for told in source["beats"]:
        case = make_case(View.of_link(told["link"]), once, workspace)
        shown = {one.name: Shown(one) for one in case.figures}
        title, sentence, notes = (
            " ".join(told[key].split()).format_map(shown) for key in ("title", "sentence", "notes")
        )
        beat = Beat(
            case.view,
            title=title,
            sentence=sentence,
            notes=notes,
            command=case.command,
            figures=case.figures,
            neighbors=case.neighbors,
            fingerprints=case.fingerprints,
            picture=_figures(case.figures, title, tuple(told["shows"]))
            if "shows" in told
            else picture(case.view, once, case.command, workspace=workspace, told=title, of=told.get("picture", "")),
        )
        story = story.with_beat(beat)
        print(f"  {title} ({len(beat.picture or ''):,} bytes)", flush=True)
    return story


def picture(view: View, run: Any, command: Sequence[str], *, workspace: Workspace, told: str, of: str = "") -> str:
    """What is drawn of a view, from the figures of commands. of: *figures* for them instead of a map."""
    output, word = run(command), view.get("item")
    if view.page == "Neighbors":
        near = {s: [(n["item"], n["similarity"]) for n in near] for s, near in output["results"].items() if near}
        return lists(near, told)
    if view.page == "Map":
        near_lists = run(["neighbors", view.get("collection"), word, "--k=7", "--json"])["results"]
        points = [(p["item"], p["space"], p["x"], p["y"]) for p in output["points"]]
        near_items = {s: [n["item"] for n in near] for s, near in near_lists.items() if near}
        return way(word, output["spaces"], points, told=told, near=near_items)
    if view.page == "Drift":
        rows = [_dot(one) for one in output["words"]]
        if word:
            rows = [
                _dot(output["words"][0], f"{output['source']} → {output['target']}"),
                *_steps(view, run, word, workspace, (output["source"], output["target"])),
            ]
        return dots(rows, told, axis="distance between the periods; the grey bar is what noise alone reaches")
    if view.page == "Scripts" and of == "figures":
        rows = [_measure(output, key, name) for key, name in _MEASURES.items()]
        return dots(rows, told, axis="each with its interval; the grey bar is what shuffled labels reach", most=1.0)
    if view.page == "Scripts":
        return _stage(output, workspace, told)
    rows = []
    for one in output["results"]:
        if one["oov"] == "dropped":
            way_ = "French → English" if one["direction"] == "target-source" else "English → French"
            for k in (1, 5, 10):
                low, high = one["ci_precision_at_1"] if k == 1 else (None, None)
                value = one[f"precision_at_{k}"]
                rows.append(
                    Dot(f"{way_}, first {k}" if k > 1 else f"{way_}, first", value, low, high, said=f"{value:.2f}")
                )
    return dots(rows, told, axis="share of test words whose translation is among the first; more is better", most=1.0)


def _figures(figures: Sequence[Any], told: str, shows: tuple[str, ...]) -> str:
    """Some figures of a beat, those named in `shows`, or named so before a comma, with their intervals."""
    rows = [
        Dot(one.name, one.value, one.low, one.high, noise=one.null_p95, said=f"{one.value:.2f}")
        for one in figures
        if one.name.partition(",")[0] in shows
    ]
    return dots(rows, told, axis="each with its 95% interval", most=1.0)


def _dot(one: Mapping[str, Any], label: str = "") -> Dot:
    low, high = one["ci"] or (None, None)
    moved = one["verdict"] == "moved farther than noise"
    said = f"{one['distance']:.2f}" + (
        "" if moved else ", not told from noise" if "noise" in one["verdict"] else ", not decided"
    )
    return Dot(label or one["item"], one["distance"], low, high, one["null_p95"], moved, said)


def _measure(output: Mapping[str, Any], key: str, name: str) -> Dot:
    value, null = output[key], output["null"][key]["p95"]
    return Dot(name, value, *output["ci"][key], noise=null, sure=value > null, said=f"{value:.2f}")


def _steps(view: View, run: Any, word: str, workspace: Workspace, asked: tuple[str, str]) -> list[Dot]:
    collection = workspace.open(view.get("collection"))
    names = [name for name in collection.names if word in collection[name]]
    found = []
    for source, target in pairwise(names):
        if len(names) > 2 and (source, target) != asked:
            command = ["drift", collection.name, f"--source={source}", f"--target={target}", f"--item={word}", "--json"]
            found.append(_dot(run(command)["words"][0], f"{source} → {target}"))
    return found


def _stage(output: Mapping[str, Any], workspace: Workspace, told: str) -> str:
    collection = workspace.open(SCRIPTS)
    space = collection[output["space"]]
    layout = find_layout(collection, [space.name], LayoutParameters(), store=workspace.derived(SCRIPTS))
    assert layout is not None
    return cloud(layout.coordinates, space.columns["script"].to_pylist(), named=_SCRIPTS, told=told)


def main(names: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(folder)
        for name in names or sorted(file.stem for file in TOLD.glob("*.toml")):
            source = tomllib.loads((TOLD / f"{name}.toml").read_text(encoding="utf-8"))
            for collection in source["collections"]:
                ensure_made(workspace, collection)
            print(name, flush=True)
            file = write_story(made(source, workspace), SHIPPED / f"{name}.json")
            print(f"{file}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
