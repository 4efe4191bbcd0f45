"""A small transformer on the same grid: the same seeds give the same bits, a stopped grid goes on, layers are told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from isogloss.cli.main import main
from isogloss.errors import Cancelled, InvalidValue
from isogloss.imbalance.clone import Cloned
from isogloss.imbalance.grid import measure_grid
from isogloss.imbalance.kept import check
from isogloss.imbalance.recipe import TransformerAsked, read_imbalance
from isogloss.workspace.derived import DerivedStore
from tests.engine.imbalance.test_grid import RECIPE, plant

SMALL = """
[transformer]
epochs = 2
dim = 16
heads = 2
length = 8
batch = 32
"""


def recipe(folder: Path, small: str = SMALL) -> Path:
    path = plant(folder)
    path.write_text(RECIPE.replace("[0.5, 0.2]", "[0.5]") + small)
    return path


@pytest.mark.long
def test_a_stopped_grid_goes_on_to_the_same_bits(tmp_path: Path) -> None:
    asked = read_imbalance(recipe(tmp_path))
    whole = measure_grid(asked, store=DerivedStore(tmp_path / "one"))

    def stop(what: str, share: float, number: float | None = None, /) -> None:
        if "loss" in what and share > 0.6:
            raise Cancelled("stopped")

    store = DerivedStore(tmp_path / "two")
    with pytest.raises(Cancelled):
        measure_grid(asked, store=store, progress=stop)
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "two").glob("imbalance-transformer*.npz")}
    assert 1 <= len(kept) < 4
    again = measure_grid(asked, store=store)
    assert all(path.stat().st_mtime_ns == then for path, then in kept.items())
    assert [one.hidden for one in whole.points] == [one.hidden for one in again.points]
    for one in whole.points:
        layers = one.layers("cosine")
        assert len(layers) == 3
        assert all(figure.low is not None and figure.low <= figure.value for figure in layers)
        assert layers[0].null is not None


def test_without_layers_what_is_shared_is_the_same_and_what_is_not_is_not() -> None:
    pytest.importorskip("torch")
    import torch

    from isogloss.imbalance.transformer import Small, hidden, in_clone, sentences_of, split

    anchors = np.array([True, False, False, False])
    one = Cloned(np.zeros(0, np.int32), np.ones(8, np.int64), anchors)
    rows = sentences_of(np.array([0, 1, 2, -1, 3, -1, 1, 3, 2, 1, -1], np.int32), 3)
    assert rows.tolist() == [[0, 1, 2], [1, 3, 2]]
    assert in_clone(rows, one).tolist() == [[0, 5, 6], [5, 7, 6]]
    at, tested = split(np.array([0, 1, -1] * 40, np.int32), 3)
    assert (at, len(tested)) == (114, 1)  # each sentence once
    model = Small(TransformerAsked(epochs=1, dim=8, heads=2, length=3), 8)
    model.parts.eval()
    with torch.no_grad():
        model.places.weight.zero_()
        model.table.weight[4:8] = model.table.weight[:4]
    same = hidden(model, rows, one)
    assert np.allclose(same["cosine"], 1, atol=1e-5)
    assert same["precision_at_1"].tolist() == [1.0, 1.0, 1.0]
    with torch.no_grad():
        model.table.weight.copy_(torch.cat([torch.eye(8), torch.zeros(1, 8)]))
    apart = hidden(model, rows, one)
    assert apart["cosine"][0] == pytest.approx(-1 / 7, abs=1e-4)  # of two of eight unit vectors less their mean


def test_what_is_masked_is_wanted_and_nothing_else() -> None:
    torch = pytest.importorskip("torch")
    from isogloss.imbalance.transformer import _masked

    ids = torch.randint(50, (400, 20), generator=torch.Generator().manual_seed(0))
    ids[:, 15:] = -1
    given, wanted = _masked(ids, 50, 0.15, torch.Generator().manual_seed(1))
    chosen = wanted >= 0
    assert not chosen[:, 15:].any()
    assert torch.equal(wanted[chosen], ids[chosen])
    assert torch.equal(given[~chosen], ids[~chosen])
    assert abs(float(chosen[:, :15].float().mean()) - 0.15) < 0.02
    assert abs(float((given[chosen] == 50).float().mean()) - 0.8) < 0.05


@pytest.mark.long
def test_the_command_tells_every_layer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = recipe(tmp_path)
    assert main(["imbalance", str(path), "--json", f"--workspace={tmp_path / 'w'}"]) == 0
    value = json.loads(capsys.readouterr().out)
    check(value)
    small = value["grid"][0]["transformer"]
    assert len(small["cosine"]) == len(small["precision_at_1"]) == 3
    assert {"value", "n", "low", "high", "null"} == set(small["cosine"][0])
    assert {"mean", "p95", "p"} == set(small["cosine"][0]["null"])
    assert value["transformer"]["said"].startswith("In a small transformer, ")
    assert main(["imbalance", str(path), f"--workspace={tmp_path / 'w'}"]) == 0
    assert "layer 2: cosine" in capsys.readouterr().out
    small["cosine"] = []
    with pytest.raises(ValueError, match="no layer"):
        check(value)


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("heads = 2", "heads = 3", "16 dimensions are not divided by 3 heads"),
        ("batch = 32", "batch = 4096", "sentences"),
    ],
)
def test_nonsense_is_told(tmp_path: Path, old: str, new: str, match: str) -> None:
    with pytest.raises(InvalidValue, match=match):
        measure_grid(read_imbalance(recipe(tmp_path, SMALL.replace(old, new))), store=DerivedStore())
