"""The commands that panels start are commands that there are: each is read by the real parser."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from components.align.cached import compare_command, draw_command
from components.maps.panel import View, layout_command
from components.separation.encode_panel import encode_command
from components.separation.panel import Choice, side_by_side_command
from components.shelf.build_panel import build_command
from components.shelf.import_panel import Chosen, Options, import_command, index_command
from components.shelf.shelf_panel import attach_command
from components.shell.intake import Brought
from components.shell.jobs import command, key_of
from isogloss.cli.main import _parser
from isogloss.maps.layout import LayoutParameters
from tests.kit.spaces import random_space


def read(arguments: list[str]) -> Namespace:
    return _parser(arguments[0]).parse_args(arguments)


def test_import() -> None:
    told = {"language": "fr", "script": "", "period": "-1900"}
    files = [
        Chosen(Brought(Path(f"/up/{n}.vec"), f"-{n}.vec"), "word2vec", v, f"--{n}", told, 3)
        for n, v in (("a", None), ("b", Path("/up/names.txt")))
    ]
    found = read(import_command(files, "mine", Options(limit=10, lower=True, float16=True, aligned=True)))
    assert (found.files, found.into, found.limit) == ([Path("/up/a.vec"), Path("/up/b.vec")], "mine", 10)
    assert (found.space, found.called) == (["--a", "--b"], ["-a.vec", "-b.vec"])
    assert (found.format, found.vocab) == (["word2vec"] * 2, ["", "/up/names.txt"])
    assert (found.language, found.script, found.period) == (["fr"] * 2, [""] * 2, ["-1900"] * 2)
    assert found.lower
    assert found.float16
    assert found.aligned
    plain = read(import_command(files[:1], "mine", Options()))
    assert (plain.limit, plain.lower, plain.float16, plain.aligned) == (None, False, False, False)


def test_build() -> None:
    found = read(build_command(Path("/r.toml"), attach=True))
    assert (found.recipe, found.attach) == (Path("/r.toml"), True)
    assert not read(build_command(Path("/r.toml"), attach=False)).attach


def test_attach_and_index() -> None:
    found = read(attach_command("mine", Path("/c.parquet")))
    assert (found.collection, found.file) == ("mine", Path("/c.parquet"))
    assert read(index_command("mine")).collection == "mine"


def test_encode() -> None:
    found = read(encode_command(Path("/t.csv"), "-text", model="before", into="mine", space="-s"))
    assert (found.file, found.column, found.model) == (Path("/t.csv"), "-text", "before")
    assert (found.into, found.space) == ("mine", "-s")
    assert read(encode_command(Path("/t.txt"), None, model="", into="mine", space="s")).column is None


def test_layout() -> None:
    view = View(("a", "b"), "side", "matched", LayoutParameters(n_components=3))
    found = read(layout_command("mine", ["a", "b"], view))
    assert (found.collection, found.spaces, found.dimensions, found.each) == ("mine", ["a", "b"], 3, True)
    joint = View(("a", "b"), "together", "joint", LayoutParameters())
    assert not read(layout_command("mine", ["a", "b"], joint)).each


def test_a_key_is_the_same_at_every_start_and_another_for_other_arguments() -> None:
    keys = [key_of("a", *parts) for parts in ((["x"], "y"), ([], "x", "y"), ("x", ["y"]), ("x\x1fy",), (1, 2), (12,))]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith("a-") and len(key) == 18 for key in keys)
    assert command("build", ["r"], attach=False, into=None) == ["build", "r"]


def test_layout_before_and_after_a_removal() -> None:
    space = random_space("s", 4, 2)
    stages = read(side_by_side_command("scripts", ["before", "after"], Choice(space, "script", "none", None)))
    assert (stages.collection, stages.spaces, stages.each, stages.remove) == (
        "scripts",
        ["before", "after"],
        True,
        "none",
    )
    removed = read(side_by_side_command("scripts", ["s", "s − lsar"], Choice(space, "language", "lsar", 3)))
    assert (removed.spaces, removed.by, removed.remove, removed.rank) == (["s"], "language", "lsar", 3)
    assert read(side_by_side_command("scripts", [], Choice(space, "script", "center", None))).rank is None


def test_alignment() -> None:
    found = read(compare_command(Path("/s.json"), Path("/s.live"), ["ridge", "vecmap-self"], script_filter=True))
    assert (found.setup, found.live, found.methods) == (Path("/s.json"), Path("/s.live"), ["ridge", "vecmap-self"])
    assert found.script_filter
    assert not read(compare_command(Path("/s"), Path("/l"), ["ridge"], script_filter=False)).script_filter
    drawn = read(draw_command(Path("/s.json"), "vecmap"))
    assert (drawn.setup, drawn.method) == (Path("/s.json"), "vecmap")
