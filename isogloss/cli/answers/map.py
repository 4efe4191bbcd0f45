"""isogloss map."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from isogloss.cli.command import Command, Report, number, workspace_of
from isogloss.errors import InvalidValue, NotFound
from isogloss.maps.animated import animated_svg
from isogloss.maps.layout import LayoutParameters
from isogloss.maps.linked import HOW, SpaceMap, find_maps
from isogloss.maps.local import LocalLayout, local_layout
from isogloss.spaces.collection import Collection
from isogloss.spaces.lookup import known_form
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.folders import fresh_file

_AXES = "xyz"


class Map(Command):
    help = "places of what lies around words, and how far the map can be trusted"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("words", nargs="*", metavar="WORD", help="default: the whole map, where it was drawn")
        parser.add_argument(
            "--space", metavar="S", action="append", help="a space to draw; once for each (default: all)"
        )
        parser.add_argument("--layout", choices=HOW, help="default: joint where spaces are aligned")
        parser.add_argument("--whole", action="store_true", help="the words on the whole map, where it was drawn")
        parser.add_argument("--dimensions", type=int, choices=(2, 3), default=2)
        parser.add_argument(
            "--animate", type=Path, metavar="F.svg", help="write the words' way through the spaces as a moving picture"
        )

    def run(self, options: argparse.Namespace) -> Report:
        workspace = workspace_of(options)
        collection = workspace.open(options.collection)
        names = options.space or collection.names
        how = options.layout or ("joint" if collection.aligned and len(names) > 1 else "matched")
        store = workspace.derived(collection.name)
        if options.animate and not options.words:
            raise InvalidValue(
                "no word is given", "say whose way is drawn: isogloss map COLLECTION WORD --animate F.svg"
            )
        if options.whole and options.animate:
            raise InvalidValue("the whole map is asked for", "leave --whole out: what lies around words is animated")
        if options.words and not options.whole:
            n_components = options.dimensions
            local = local_layout(
                collection, options.words, spaces=names, how=how, n_components=n_components, store=store
            )
            found: Sequence[SpaceMap] = local.maps
            if options.animate:
                _animate(collection, local, options.animate)
        else:
            found = _whole(collection, names, how=how, dimensions=options.dimensions, store=store)
        n = sum(len(one.space) for one in found)
        kept = sum(int(one.kept.sum()) for one in found)
        most = sum(one.k * len(one.space) for one in found)
        chance = sum(len(one.space) * min(1.0, one.k / max(len(one.space) - 1, 1)) for one in found)
        value = {
            "words": options.words,
            "spaces": [one.space.name for one in found],
            "layout": how,
            "k": found[0].k,
            "n": n,
            "kept_share": number(kept / most if most else 1.0),
            "chance_share": number(chance / max(n, 1)),
            "points": _shown(collection, found, options) if options.words else None,
        }
        return Report(value, _lines(value))


def _shown(collection: Collection, found: Sequence[SpaceMap], options: argparse.Namespace) -> list[dict[str, Any]]:
    """All points of a map around words; of the whole map those of the words alone. Raises NotFound."""
    items = {known_form(word, collection) or word for word in options.words} if options.whole else None
    points = [point for one in found for point in _points(one) if items is None or point["item"] in items]
    if items and (lacks := sorted(items - {point["item"] for point in points})):
        raise NotFound(f"{lacks[0][:60]!r} is on none of the maps", lever="choose a word of the spaces that are drawn")
    return points


def _animate(collection: Collection, local: LocalLayout, out: Path) -> None:
    """Raises InvalidValue, OSError."""
    told = animated_svg(
        local, caption=f"{collection.title or collection.name}: {len(local.items)} words nearest in any"
    )
    with fresh_file(out) as made:
        made.write_text(told, encoding="utf-8")


def _whole(
    collection: Collection, names: Sequence[str], *, how: str, dimensions: int, store: DerivedStore
) -> Sequence[SpaceMap]:
    found = find_maps(collection, names, how, parameters=LayoutParameters(n_components=dimensions), store=store)
    if found is None:
        raise NotFound(
            f"the whole map of {collection.name!r} has yet to be drawn", lever=f"isogloss layout {collection.name}"
        )
    return found


def _points(one: SpaceMap) -> Iterator[dict[str, Any]]:
    for item, place, kept in zip(one.space.items, one.coordinates, one.kept, strict=True):
        at = {axis: number(x) for axis, x in zip(_AXES, place, strict=False)}
        yield {"item": item, "space": one.space.name, **at, "kept": int(kept)}


def _lines(value: dict[str, Any]) -> Iterator[str]:
    yield (
        f"{value['n']:,} points of {', '.join(value['spaces'])} keep {value['kept_share']:.1%} of each one's"
        f" {value['k']} nearest (chance {value['chance_share']:.1%})"
    )
    for point in value["points"] or []:
        at = " ".join(f"{point[axis]:8.3f}" for axis in _AXES if axis in point)
        yield f"{at}  {point['space']:16} {point['item']}"


member = Map()
