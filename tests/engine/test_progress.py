"""One share of the whole, one time left."""

from __future__ import annotations

import math

import pytest

from isogloss.cli import progress as told
from isogloss.progress import Stages
from tests.kit.clock import Clock


def test_stages_are_told_as_one_share_that_never_falls() -> None:
    shares: list[float] = []
    stages = Stages(lambda what, share, *_: shares.append(share), {"reading": 1, "training": 4, "replicates": 15})
    for name in ("reading", "training", "replicates"):
        part = stages.part(name)
        for step in range(11):
            part(name, step / 10)
    assert shares == sorted(shares)
    assert (shares[10], shares[21], shares[-1]) == pytest.approx((0.05, 0.25, 1.0))


def test_fewer_stages_than_were_expected_do_not_turn_the_share_back() -> None:
    shares: list[float] = []
    stages = Stages(lambda what, share, *_: shares.append(share), {"reading": 1, "training": 1, "replicates": 8})
    stages.part("reading")("", 1.0)
    stages.settle({"reading": 1, "training": 1})
    stages.part("training")("", 0.0)
    stages.part("training")("", 1.0)
    assert shares == pytest.approx([0.1, 0.5, 1.0])


def left(lines: list[str]) -> list[float]:
    """Seconds that each line says are left, NaN where it says none."""
    out = []
    for line in lines:
        words = line.removesuffix(" left").rpartition(", ")[2].split() if line.endswith("left") else []
        seconds = sum(
            int(n) * {"s": 1, "min": 60, "h": 3600}[unit] for n, unit in zip(words[::2], words[1::2], strict=True)
        )
        out.append(float(seconds) if words else math.nan)
    return out


def test_the_time_left_is_that_of_the_whole_however_many_steps_have_names(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A replicate is not a new work: 516 s in all, of which 89 % are done, leave some 57 s, and not one."""
    clock = Clock(monkeypatch, told)
    shared = told.Shared()
    for second in range(517):
        clock.at(float(second))
        step = min(1.0, second / 516)
        shared(f"training replicate {int(step * 17) + 1} of 16", step)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) > 400
    for line, seconds in zip(lines, left(lines), strict=True):
        if not math.isnan(seconds):
            assert seconds == pytest.approx(516 * (1 - int(line.split("%")[0]) / 100), abs=8), line


def test_what_is_found_again_is_no_speed_and_another_work_starts_anew(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock(monkeypatch, told)
    shared = told.Shared()
    for step in range(1, 10):  # nine of ten are there from before
        clock.at(0.001 * step)
        shared("training replicate", step / 10)
    for second in range(1, 60):
        clock.at(float(second))
        shared("training replicate", 0.9 + 0.1 * second / 100)
    assert left(capsys.readouterr().err.splitlines())[-1] == pytest.approx(41, abs=2)
    for second in range(60, 70):
        clock.at(float(second))
        shared("another", (second - 60) / 100)
    assert left(capsys.readouterr().err.splitlines())[-1] == pytest.approx(91, abs=3)
