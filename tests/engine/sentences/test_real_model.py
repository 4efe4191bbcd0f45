"""The real multilingual-e5-small (4-bit), found by ISOGLOSS_E5 or made in the soak: its MEXA by layer is known."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from isogloss.encoders.layers import LayeredModel, Pooling
from isogloss.sentences.layered import Scope, measure_layers
from isogloss.sentences.parallel import read_parallel
from isogloss.workspace.store import Workspace
from tests.kit.tiers import TIER

SHARED = Path(__file__).resolve().parents[4] / "shared"
DATA = Path(os.environ.get("ISOGLOSS_DATA") or SHARED / "data")
NTREX, MAKER = DATA / "parallel_ntrex.parquet", SHARED / "tools" / "make_e5_small.py"
KNOWN = {  # README.md of the data: layers 0 to 12, subwords a word, share of unknown characters
    "deu": ([0.28, 0.43, 0.53, 0.64, 0.81, 0.89, 0.95, 0.95, 0.95, 0.91, 0.95, 0.98, 0.99], 1.70, 0.0),
    "amh": ([0.02, 0.05, 0.09, 0.13, 0.25, 0.50, 0.63, 0.68, 0.63, 0.63, 0.75, 0.93, 0.97], 2.42, 0.0),
    "bod": ([0.01, 0.06, 0.05, 0.04, 0.03, 0.01, 0.01, 0.01, 0.01, 0.02, 0.01, 0.08, 0.23], 14.97, 0.896),
}


@pytest.fixture(scope="module")
def e5(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if named := os.environ.get("ISOGLOSS_E5"):
        return Path(named)
    if TIER != "soak" or not MAKER.is_file():
        pytest.skip("needs multilingual-e5-small: set ISOGLOSS_E5 to its folder, or run the soak")
    folder = tmp_path_factory.mktemp("e5") / "e5-small"
    made = subprocess.run([sys.executable, str(MAKER), str(folder)], capture_output=True, text=True, timeout=900)
    if made.returncode:
        pytest.skip(f"multilingual-e5-small cannot be made, no network to the index? {made.stderr[-200:]}")
    return folder


@pytest.mark.long
@pytest.mark.skipif(not NTREX.is_file(), reason="needs parallel_ntrex.parquet in ISOGLOSS_DATA")
def test_mexa_by_layer_is_that_of_the_table(e5: Path, tmp_path: Path) -> None:
    found = measure_layers(
        read_parallel([NTREX]),
        LayeredModel(str(e5)),
        Scope(languages=tuple(KNOWN), interlingua=True),
        pooling=Pooling(prefix="query: "),
        store=Workspace(tmp_path).derived("encoded"),
    )
    for one in found.languages:
        scores, fertility, unknown = KNOWN[one.language]
        assert one.scores.tolist() == pytest.approx(scores, abs=0.03), one.language
        assert one.tokens.fertility == pytest.approx(fertility, abs=0.01)
        assert one.tokens.unknown_share == pytest.approx(unknown, abs=0.001)
    assert found.interlingua[12].value > found.interlingua[0].value
