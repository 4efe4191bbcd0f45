"""A look at a file happens in a process of its own, and whatever becomes of that one is a line here."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from isogloss.errors import Cancelled, InvalidValue, IsoglossError, NotFound
from isogloss.formats.chosen import Candidate
from isogloss.outside import looking
from isogloss.outside.limits import BESIDE, TIMES, Limits
from isogloss.outside.line import servers
from isogloss.outside.looking import look
from tests.kit import looks


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "given.bin"
    path.write_bytes(b"12345")
    return path


def test_a_look_is_the_function_in_another_process(file: Path):
    assert look(looks.size, file) == 5
    assert look(looks.remember, file, what="one") == ["one"]
    assert look(looks.remember, file, what="two") == ["two"]  # no look knows of another
    assert looks.SEEN == []


def test_values_cross_as_they_are(file: Path):
    table = pa.table({"a": ["x", None], "b": [[1.5], [2.5, 3.5]]})
    given = {
        "numbers": [1, 2.5, True, None, float("inf")],
        "texts": tuple(f"word {i}" for i in range(1_000)),
        "odd": ["\ud800", "é\0"],
        "path": file,
        "inner": [Candidate("item", "a", ("x",))],
    }
    found = look(looks.everything, file, given=given, kinds=(Candidate,))
    assert found == given
    assert type(found["texts"]) is tuple
    with pytest.raises(TypeError):
        look(looks.everything, file, given=table)  # what is asked is plain; what comes back need not be


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGBUS", "SIGABRT", "SIGILL", "SIGFPE"])
def test_a_look_that_dies_is_one_line(file: Path, name: str):
    with pytest.raises(InvalidValue, match=rf"given\.bin ended the process that read it \({name}\): .*fetch it again"):
        look(looks.end_by, file, name=name)


def test_a_look_that_is_killed_asked_for_too_much(file: Path):
    with pytest.raises(InvalidValue, match="asks for more than 190 MiB of memory"):
        look(looks.end_by, file, name="SIGKILL")


def test_a_look_has_twenty_times_the_file_and_two_hundred_megabytes(file: Path):
    assert look(looks.take, file, n=BESIDE - (20 << 20)) == BESIDE - (20 << 20)
    with pytest.raises(InvalidValue, match=r"given\.bin asks for more than 190 MiB of memory: unpack it"):
        look(looks.take, file, n=BESIDE + TIMES * 5 + (20 << 20))
    file.write_bytes(b"x" * 10_000_000)
    assert look(looks.take, file, n=BESIDE + 50_000_000) > BESIDE
    assert Limits.of(1 << 40, quick=True).memory == 2 << 30


@pytest.mark.long
def test_a_look_that_lasts_or_tells_too_much(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(looking.Limits, "of", lambda size, **_: Limits(BESIDE, 1, 1_000))
    with pytest.raises(InvalidValue, match="not read within 1 s of work"):
        look(looks.wait, file, seconds=30)
    with pytest.raises(InvalidValue, match="gives more than 0 MiB"):
        look(looks.send, file, n=3_000_000)


def test_what_the_function_raises_is_raised(file: Path):
    with pytest.raises(NotFound, match="no such thing: nearest are another") as error:
        look(looks.miss, file)
    assert error.value.matches == ["another"]
    with pytest.raises(InvalidValue, match=r"given\.bin cannot be read \(ZeroDivisionError: by nothing\)"):
        look(looks.fail, file)
    with pytest.raises(InvalidValue, match="code 7"):
        look(looks.leave, file)


def test_only_what_was_asked_for_comes_back(file: Path):
    with pytest.raises(InvalidValue, match=r"a isogloss\.formats\.chosen:Candidate was not asked for"):
        look(looks.everything, file, given=Candidate("item", "a", ()))


def test_progress_is_told_and_can_stop_the_look(file: Path):
    told: list[tuple[object, ...]] = []
    assert look(looks.count, file, progress=lambda *one: told.append(one)) == "counted"
    assert told == [("counting", n / 4, n) for n in range(4)]

    def stop(*_: object) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        look(looks.count_for_ever, file, progress=stop)
    looker, end = int(file.read_text()), time.monotonic() + 10
    while Path(f"/proc/{looker}").exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert not Path(f"/proc/{looker}").exists()


def test_a_server_that_is_gone_is_started_anew(file: Path):
    assert look(looks.size, file) == 5
    gone = servers._kept
    assert gone is not None
    os.kill(gone.process.pid, signal.SIGKILL)
    assert look(looks.size, file) == 5
    assert servers._kept is not gone


def test_arrays_and_tables_come_back_whole(file: Path):
    from isogloss.formats.collected import Collected
    from isogloss.formats.reading import import_file, take_file

    path = file.with_name("v.vec")
    path.write_text("".join(f"w{i} {i} 1 2\n" for i in range(1, 500)))
    here, there = import_file(path), take_file(path)
    assert isinstance(there, Collected)
    assert np.array_equal(here.vectors, there.vectors)
    assert (here.items, here.columns, here.skipped) == (there.items, there.columns, there.skipped)
    with pytest.raises(IsoglossError, match="there is no file"):
        take_file(file.with_name("none.vec"))
