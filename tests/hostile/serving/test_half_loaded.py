"""A page that draws while another visitor's page is importing what drawing looks for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from isogloss.places import ROOT

SCRIPT = """
import importlib.abc, sys, threading, time

import pyarrow as pa

class Slow(importlib.abc.MetaPathFinder):  # pandas is half loaded for two seconds
    def find_spec(self, name, path, target=None):
        if name == "pandas.core":
            begun.set()
            time.sleep(2)

begun = threading.Event()
sys.meta_path.insert(0, Slow())
other = threading.Thread(target=pa.table({"a": [1]}).to_pandas)  # Arrow tells others that it has looked for pandas
other.start()
assert begun.wait(30)
from streamlit.testing.v1 import AppTest
page = AppTest.from_file("pages/3_Drift.py", default_timeout=60)
page.query_params["collection"] = "un-debates"
page.run()
other.join()
print([one.message for one in page.exception], len(page.get("plotly_chart")))
"""


@pytest.mark.long
def test_a_page_waits_for_what_another_is_importing(tmp_path: Path) -> None:
    """Plotly takes pandas from the loaded modules, whole or not: of seven cold visits at once one failed."""
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT],
        cwd=ROOT,
        env={"PATH": "", "HOME": str(tmp_path), "ISOGLOSS_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert found.stdout.startswith("[] "), found.stdout
    assert found.stdout.split()[-1] != "0"
