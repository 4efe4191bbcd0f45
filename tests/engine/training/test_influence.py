"""A finding carried by three documents falls with these three, and no others; a real change stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from isogloss.cli.main import main
from isogloss.corpora.passages import Passages
from isogloss.corpora.recipe import Replicates
from isogloss.errors import InvalidValue, NotFound
from isogloss.spaces.collection import Collection
from isogloss.training.build import build
from isogloss.training.influence.carried import find_carried
from isogloss.training.influence.smallest import smallest_set
from isogloss.training.influence.texts import AttachedTexts, attached_texts
from isogloss.workspace.store import Workspace
from tests.kit.corpora import Generator, recipe

CARRIED, CHANGED, STILL, DOCUMENTS = 150, 60, 30, (100, 400, 700)
pytestmark = pytest.mark.long

Corpus = tuple[Workspace, Collection, AttachedTexts, Generator]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Two words exchanged in `b`, and three documents of `b` that use another word forty times in a foreign topic."""
    folder = tmp_path_factory.mktemp("influence")
    made = Generator(words=400, swapped=[(CHANGED, 75)], seed=3)
    rng, more = np.random.default_rng(3), np.random.default_rng(1)
    first, second = (made.documents(900, name, rng) for name in "ab")
    topic = int(np.argmin(made.topics[:, CARRIED]))
    foreign, word = made.names[np.argsort(-made.topics[topic])[:40]], made.names[CARRIED]
    texts = second["text"].to_pylist()
    for number in DOCUMENTS:
        lines = [" ".join([*more.choice(foreign, 4), word, *more.choice(foreign, 4)]) for _ in range(40)]
        texts[number] = " ".join(f"{line.capitalize()}." for line in lines)
    second = second.set_column(0, "text", pa.array(texts))
    plan = recipe([first, second], folder, Replicates(author=3, document=3), 3, dim=12, slice_epochs=12)
    workspace = Workspace(folder / "home")
    workspace.save(build(plan, workers=1).collection)
    passages = Passages(workspace, "planted")
    passages.attach(workspace, plan.corpus)
    return workspace, workspace.open("planted"), attached_texts(passages), made


def test_the_attached_texts_are_the_build_s_own(planted: Corpus) -> None:
    _, collection, texts, _ = planted
    assert texts.names == tuple(collection.names)
    for space in collection.spaces:
        inside = np.concatenate([texts.tokens(d) for d in texts.documents(space.name)])
        counts = np.bincount(inside[inside >= 0], minlength=len(texts.stream.items))
        here = {item: int(n) for item, n in zip(texts.stream.items, counts, strict=True)}
        assert [here[item] for item in space.items] == space.columns["count"].to_pylist()


def test_three_documents_carry_it_and_no_other(planted: Corpus) -> None:
    _, collection, texts, made = planted
    found = smallest_set(collection, texts, str(made.names[CARRIED]), source="a", target="b")
    wanted = {texts.labels[texts.documents("b")[number]] for number in DOCUMENTS}
    assert (found.smallest, {label for label, *_ in found.order}) == (3, wanted)
    assert [uses for _, uses, _ in found.order] == [40, 40, 40]
    assert found.verdict == "not distinguishable"
    assert found.without is not None
    assert found.fewer is not None
    assert found.without <= found.null_p95 < found.fewer < found.distance
    assert found.again == pytest.approx(found.distance, abs=1e-3)  # the slice of the build, again


def test_a_real_change_survives(planted: Corpus) -> None:
    _, collection, texts, made = planted
    found = smallest_set(collection, texts, str(made.names[CHANGED]), source="a", target="b", most=12)
    assert (found.smallest, found.verdict, len(found.order)) == (None, "survives", 12)
    assert found.without is not None
    assert found.without > 10 * found.null_p95


def test_what_cannot_be_asked_is_said(planted: Corpus) -> None:
    _, collection, texts, made = planted
    with pytest.raises(InvalidValue, match="lies within noise"):
        smallest_set(collection, texts, str(made.names[STILL]), source="a", target="b")
    with pytest.raises(NotFound, match="not in both"):
        smallest_set(collection, texts, "nothing", source="a", target="b")
    with pytest.raises(InvalidValue, match="choose a or b"):
        smallest_set(collection, texts, str(made.names[CARRIED]), source="a", target="b", within="c")


def test_the_command_keeps_what_it_found(planted: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    workspace, collection, _, made = planted
    item = str(made.names[CARRIED])
    asked = ["influence", "planted", item, "--source", "a", "--target", "b", "--json", "--workspace"]
    assert main([*asked, str(workspace.root)]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (told["smallest"], told["verdict"], len(told["documents"])) == (3, "not distinguishable", 3)
    kept = find_carried(workspace.derived("planted"), collection, item, source="a", target="b", within="b")
    assert kept == told


def test_without_texts_the_way_to_them_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["influence", "un-debates", "climate", "--source", "1946-1969", "--target", "2007-2024"]
    assert main([*asked, "--workspace", str(tmp_path)]) == 2
    assert "isogloss attach un-debates" in capsys.readouterr().err
