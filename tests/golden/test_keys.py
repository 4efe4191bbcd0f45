"""Derived keys: the exact names under which results are kept, what each was made from, and that all that ships is
found.
"""

from __future__ import annotations

import re

import pytest

from tests.golden.golden import ROOT, Golden, golden_file, settled
from tests.golden.scenes import LONG, SCENES
from tests.golden.stage import Stage, numbered
from tests.golden.visits import Tour
from tests.golden.watch import Seen, shipped

golden = golden_file("keys")
SAME = ("compass", "alone")  # of a build, what is made from the texts and not from trained numbers


def keys_of(seen: Seen, trained: bool) -> dict[str, object]:
    """Each key with the text it was made from; what was trained without its digests. computed: what had to be."""
    texts = dict(sorted(seen.texts.items(), key=lambda pair: settled(pair[1], hexes=True)))
    if trained:
        loose = {key: settled(text, hexes=True) for key, text in texts.items() if not key.startswith(SAME)}
        texts = {key: text for key, text in texts.items() if key.startswith(SAME)} | numbered(loose)
    put = [settled(name, hexes=True) if trained and not name.startswith(SAME) else name for name in seen.put]
    return {"keys": texts, "computed": sorted(put)}


@pytest.mark.parametrize("name", SCENES)
def test_keys(name: str, golden: Golden, stage: Stage) -> None:
    golden.check(name, keys_of(stage.play(name).seen, trained=False))


@pytest.mark.long
@pytest.mark.parametrize("name", LONG)
def test_long_keys(name: str, golden: Golden, stage: Stage) -> None:
    golden.check(name, keys_of(stage.play(name).seen, trained=name == "build"))


def test_a_key_is_its_kind_its_version_and_twenty_digits(stage: Stage) -> None:
    for name in SCENES:
        for key, text in stage.play(name).seen.texts.items():
            kind, version = re.fullmatch(r"([a-z]+)-v(\d+)-[0-9a-f]{20}", key).groups()  # type: ignore[union-attr]
            assert f'"kind": "{kind}"' in text
            assert f'"version": {version}' in text


def test_pages_ask_for_keys(golden: Golden, tour: Tour) -> None:
    golden.check("pages", keys_of(tour.all(), trained=False), whole=True)


def test_all_that_ships_is_found_and_nothing_of_it_is_computed(stage: Stage, tour: Tour) -> None:
    seen = Seen()
    for one in (*(stage.play(name).seen for name in SCENES), tour.all()):
        seen.add(one)
    ships = shipped(ROOT / "assets")
    assert len(ships) == 53
    assert sorted(ships - seen.found) == []
    assert sorted(ships & (seen.put | seen.missed)) == []
