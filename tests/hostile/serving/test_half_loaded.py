"""A page that draws while another visitor's page is importing what drawing looks for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from isogloss.places import ROOT

SCRIPT = """
import importlib.abc, sys, threading, time

import numpy as np
import plotly.graph_objects as go

from components.shell.frame import frame

class Slow(importlib.abc.MetaPathFinder):  # pandas is half loaded for three seconds
    def find_spec(self, name, path, target=None):
        if name == "pandas.core":
            begun.set()
            time.sleep(3)

begun = threading.Event()
sys.meta_path.insert(0, Slow())
other = threading.Thread(target=__import__, args=("pandas",))
other.start()
assert begun.wait(30)
with frame("Drift"):
    go.Scatter(x=np.arange(3.0), y=[1, 2, 3])
print("drawn")
other.join()
"""


@pytest.mark.long
def test_a_page_waits_for_what_another_is_importing(tmp_path: Path) -> None:
    """Plotly takes pandas from the loaded modules, whole or not: 7 of the first 88 pages of a cold server failed."""
    environment = {"PATH": "", "HOME": str(tmp_path), "ISOGLOSS_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-W", "ignore", "-c", SCRIPT]
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert found.stdout == "drawn\n", found.stderr[-600:]
