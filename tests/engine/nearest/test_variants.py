"""Other spellings of a word: alike in letters and in use."""

import json

import numpy as np
import pytest

from isogloss.cli.main import main
from isogloss.errors import InvalidValue, NotFound
from isogloss.nearest.variants import variants
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace
from tests.kit.spaces import make_space

SPELLINGS = ("government", "goverment", "govermnent", "Gouvernment", "governments", "governance", "movement", "govern")


@pytest.fixture
def space() -> Space:
    """All spellings near one vector; governance near it in use alone, movement and 400 others anywhere."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(len(SPELLINGS) + 400, 20))
    vectors[:6] = vectors[0] + 0.3 * rng.normal(size=(6, 20))
    return make_space("old", [*SPELLINGS, *(f"word{i}" for i in range(400))], vectors)


def test_what_is_written_and_used_alike_is_proposed_endings_last(space: Space) -> None:
    found = variants(space, "government")
    assert {one.item for one in found[:3]} == set(SPELLINGS[1:4])
    assert found[-1].item == "governments"
    assert [one.inflected for one in found] == [False, False, False, True]
    assert {one.item: one.edits for one in found}["govermnent"] == 1
    assert all(
        one.similarity == pytest.approx(float(space.unit[0] @ space.unit[space[one.item]]), abs=1e-6) for one in found
    )
    assert len(variants(space, "government", limit=2)) == 2
    assert variants(space, "movement") == []


def test_short_unknown_and_lonely_words(space: Space) -> None:
    assert variants(make_space("s", ["cat", "car", "bat"], np.eye(3)), "cat") == []
    assert variants(make_space("s", ["government"], np.ones((1, 3))), "government") == []
    with pytest.raises(NotFound):
        variants(space, "goverrment")
    with pytest.raises(InvalidValue, match="limit is 0"):
        variants(space, "government", limit=0)


def test_from_the_command_line(space: Space, tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    Workspace(tmp_path).save(Collection("c", (space,)))
    assert main(["variants", "c", "Government", "--json", "--workspace", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["item"], told["space"]) == ("government", "old")
    assert {"item", "edits", "similarity", "count", "inflected"} == set(told["variants"][0])
    assert main(["variants", "c", "movement", "--workspace", str(tmp_path)]) == 0
    assert "nothing is written and used like 'movement'" in capsys.readouterr().out
