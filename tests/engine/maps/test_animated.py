"""The picture that moves: well-formed with any names, every space in turn, what a space lacks is not shown."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from isogloss.cli.main import main
from isogloss.errors import InvalidValue
from isogloss.maps.animated import HEIGHT, TOP, WIDTH, animated_svg
from isogloss.maps.local import local_layout
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space

SVG = "{http://www.w3.org/2000/svg}"
ITEMS = ("<script>alert(1)</script>", 'a"b', "نص", "中文", "it's & more", *(f"w{i}" for i in range(20)))


def made(spaces: int = 3) -> Collection:
    rng = np.random.default_rng(0)
    every = [
        Space(
            f"<s{i}>", ITEMS if i != 1 else ITEMS[:-1], rng.normal(size=(len(ITEMS) - (i == 1), 6)).astype(np.float32)
        )
        for i in range(spaces)
    ]
    return Collection("c", tuple(every), "T & T", Alignment("declared"))


def groups(told: str) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(told)
    return {str(g.findtext(f"{SVG}text")): g for g in root.iter(f"{SVG}g")}


def test_every_item_moves_through_the_places_of_the_map() -> None:
    local = local_layout(made(), ITEMS[0], size=24)
    told = animated_svg(local, caption="<b>n</b> & more")
    assert "<script>" not in told
    found = groups(told)
    assert set(found) <= {*ITEMS, "None"}
    where = np.array([m.coordinates[m.space[ITEMS[0]]] for m in local.maps])
    moves = next(found[ITEMS[0]].iter(f"{SVG}animateTransform"))
    way = np.array([[float(x) for x in one.split()] for one in moves.attrib["values"].split(";")])
    stands, after = way[0::2], way[1::2]
    np.testing.assert_array_equal(stands[:3], after[:3])  # it stands in each space, then moves on
    np.testing.assert_array_equal(stands[3], stands[0])  # and back
    assert ((way >= [0, TOP]) & (way <= [WIDTH, HEIGHT])).all()
    ratio = (stands[1] - stands[0]) / ((where[1] - where[0]) * [1, -1])
    np.testing.assert_allclose(ratio[0], ratio[1], rtol=0.02)  # one scale for both axes
    times = [float(t) for t in moves.attrib["keyTimes"].split(";")]
    assert times == sorted(times)
    assert (times[0], times[-1], len(times)) == (0.0, 1.0, len(way))


def test_what_a_space_lacks_is_not_shown_while_it_stands() -> None:
    local = local_layout(made(), ITEMS[-1], size=24)
    fades = [one for one in groups(animated_svg(local))[ITEMS[-1]] if one.tag == f"{SVG}animate"]
    assert [one.attrib["values"] for one in fades] == ["1;1;0;0;1;1;1"]


def test_one_space_and_three_dimensions_are_refused() -> None:
    for local in (local_layout(made(1), "w1", size=20), local_layout(made(), "w1", size=20, n_components=3)):
        with pytest.raises(InvalidValue, match="two spaces or more"):
            animated_svg(local)


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "way.svg"
    assert main(["map", "un-debates", "climate", "--animate", str(out), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["spaces"]) == 4
    assert "climate" in groups(out.read_text(encoding="utf-8"))
    assert main(["map", "un-debates", "--animate", str(out)]) == 2
    assert "no word is given" in capsys.readouterr().err
