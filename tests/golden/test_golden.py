"""What stays as it is: every command and what it prints, every page by its addresses, and the derived keys under which
results are kept. One file, so that no scene is played twice.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.golden.golden import ROOT, Golden, golden_file, settled
from tests.golden.pages import beyond
from tests.golden.scenes import LONG, SCENES
from tests.golden.stage import Stage, environment, numbered, run
from tests.golden.visits import VISITS, Tour
from tests.golden.watch import Seen, shipped
from tests.kit.tiers import TIER

commands, keys, pages = (golden_file(name) for name in ("commands", "keys", "pages"))
SAME = ("compass", "alone")  # of a build, what is made from the texts and not from trained numbers


def _help(*arguments: str) -> list[str]:
    code, out, err = run([*arguments, "--help"])
    assert (code, err) == (0, "")
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n|\n(?=  \S)", out) if part.strip()]


def test_help(commands: Golden, tmp_path: Path) -> None:
    with environment(tmp_path):
        whole = _help()
        names = re.findall(r"\{([\w,-]+)\}", " ".join(whole))[0].split(",")
        commands.check("help", {"": whole} | {name: _help(name) for name in names})


@pytest.mark.long
@pytest.mark.parametrize("name", SCENES)
def test_scene(name: str, commands: Golden, stage: Stage) -> None:
    commands.check(name, stage.play(name).told)


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in LONG if name != "build" or TIER == "soak"])
def test_long_scene(name: str, commands: Golden, stage: Stage) -> None:
    commands.check(name, stage.play(name).told)


@pytest.mark.long
@pytest.mark.parametrize("name", SCENES)
def test_files_from_outside_are_read_beside(name: str, stage: Stage) -> None:
    """What a command is given to read is opened by no process that goes on; settings are, and are short."""
    given = stage.place(name)
    read = {Path(one) for one in stage.play(name).seen.read}
    found = {one.relative_to(given) for one in read if one.is_relative_to(given) and one.is_file()}
    words = [line.split() for line in SCENES[name].commands]
    settings = {Path(line[1]) for line in words if line[0] in ("build", "compare", "draw-alignment")}
    own = {one for one in found if one.parts[0] == "home" or one.suffix == ".toml"}
    assert found - own - settings == set()


def keys_of(seen: Seen, trained: bool) -> dict[str, object]:
    """Each key with the text it was made from; what was trained without its digests. computed: what had to be."""
    texts = dict(sorted(seen.texts.items(), key=lambda pair: settled(pair[1], hexes=True)))
    if trained:
        loose = {key: settled(text, hexes=True) for key, text in texts.items() if not key.startswith(SAME)}
        texts = {key: text for key, text in texts.items() if key.startswith(SAME)} | numbered(loose)
    put = [settled(name, hexes=True) if trained and not name.startswith(SAME) else name for name in seen.put]
    return {"keys": texts, "computed": sorted(put)}


@pytest.mark.long
@pytest.mark.parametrize("name", SCENES)
def test_keys(name: str, keys: Golden, stage: Stage) -> None:
    keys.check(name, keys_of(stage.play(name).seen, trained=False))


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in LONG if name != "build" or TIER == "soak"])
def test_long_keys(name: str, keys: Golden, stage: Stage) -> None:
    keys.check(name, keys_of(stage.play(name).seen, trained=name == "build"))


@pytest.mark.long
def test_a_key_is_its_kind_its_version_and_twenty_digits(stage: Stage) -> None:
    for name in SCENES:
        for key, text in stage.play(name).seen.texts.items():
            kind, version = re.fullmatch(r"([a-z]+)-v(\d+)-[0-9a-f]{20}", key).groups()  # type: ignore[union-attr]
            assert f'"kind": "{kind}"' in text
            assert f'"version": {version}' in text


@pytest.mark.long
def test_pages_ask_for_keys(keys: Golden, tour: Tour) -> None:
    keys.check("pages", keys_of(tour.all(), trained=False), whole=True)


@pytest.mark.long
def test_all_that_ships_is_found_and_nothing_of_it_is_computed(stage: Stage, tour: Tour) -> None:
    seen = Seen()
    for one in (*(stage.play(name).seen for name in SCENES), tour.all()):
        seen.add(one)
    ships = shipped(ROOT / "assets")
    assert len(ships) == 78
    assert sorted(ships - seen.found) == []
    assert sorted(ships & (seen.put | seen.missed)) == []


@pytest.mark.parametrize("page", VISITS)
def test_a_page_by_itself(page: str, pages: Golden, tour: Tour) -> None:
    pages.check(page, tour.visit(page).lines, whole=True)


@pytest.mark.long
@pytest.mark.parametrize(("page", "address"), [(page, one) for page, some in VISITS.items() for one in some])
def test_a_page_by_its_address(page: str, address: str, pages: Golden, tour: Tour) -> None:
    shown = beyond(tour.visit(page).lines, tour.visit(page, address).lines)
    pages.check(f"{page}?{address}", shown, whole=True)


@pytest.mark.long
@pytest.mark.parametrize("page", VISITS)
def test_keys_of_the_address(page: str, pages: Golden, tour: Tour) -> None:
    """To which keys widgets are bound, under any of the addresses."""
    found = {key for address in ("", *VISITS[page]) for key in tour.visit(page, address).keys}
    pages.check(f"keys of {page}", sorted(found), whole=True)
