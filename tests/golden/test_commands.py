"""Every command: its help, what it prints, its exit code, its one line of error, and the files it leaves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.golden.golden import Golden, golden_file
from tests.golden.scenes import LONG, SCENES
from tests.golden.stage import Stage, environment, run

golden = golden_file("commands")


def _help(*arguments: str) -> list[str]:
    code, out, err = run([*arguments, "--help"])
    assert (code, err) == (0, "")
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n|\n(?=  \S)", out) if part.strip()]


def test_help(golden: Golden, tmp_path: Path) -> None:
    with environment(tmp_path):
        whole = _help()
        names = re.findall(r"\{([\w,-]+)\}", " ".join(whole))[0].split(",")
        golden.check("help", {"": whole} | {name: _help(name) for name in names})


@pytest.mark.parametrize("name", SCENES)
def test_scene(name: str, golden: Golden, stage: Stage) -> None:
    golden.check(name, stage.play(name).told)


@pytest.mark.long
@pytest.mark.parametrize("name", LONG)
def test_long_scene(name: str, golden: Golden, stage: Stage) -> None:
    golden.check(name, stage.play(name).told)
