"""Every command on a disk that is full or may only be read: one line of error, nothing half written, what was there is
there.

The disk is full where a file would pass a limit of the process (RLIMIT_FSIZE), and can only be read where no folder may
be written, by a root that modes do stop where the tests run as root: neither needs a mount.
"""

from __future__ import annotations

import ctypes
import os
import re
import resource
import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from isogloss.workspace.store import Workspace
from tests.golden.scenes import LONG, SCENES, Scene
from tests.golden.stage import environment, run
from tests.kit.tiers import TIER

KEPT = Scene(
    """
    cases keep '/Neighbors?collection=un-debates&item=climate' --json
    cases keep '/Drift?collection=un-debates&item=neutrality' --tag one --json
    cases list --json
    cases export cases.jsonl
    cases export report.html
    cases import cases.jsonl
    mexa sentences --model before --languages deu,hin,arb --keep short --json
    retrieve sentences --model before --languages deu,hin,eng --keep short --json
    layers sentences --model before --languages deu,hin --into layered --json
    atlas alignment-with-people --into papers --json
    pairs instructions --into pairs --without any --out found.jsonl --json
    switch switched --json
    handout un-blocs-1970-1989 --out handout.html --json
"""
)


def write_small(folder: Path) -> None:
    """A table of answers, words, sentences with scores, a lesson and a grid that take a moment."""
    rows = "".join(f"{'ab'[n % 2]},{n % 7},{int(n % 14 == 0)}\n" for n in range(200))
    (folder / "answers.csv").write_text(f"group,kind,wrong\n{rows}", "utf-8")
    (folder / "words.txt").write_text("climate-change\nclimate-neutral\n", "utf-8")
    (folder / "plain.txt").write_text("Peace and war are old words.\nWhat is new is the climate.\n" * 20, "utf-8")
    pairs = "".join(f"peace {n},peace {n + n % 3},{n % 5}\n" for n in range(40))
    (folder / "scored.csv").write_text(f"sentence1,sentence2,score\n{pairs}", "utf-8")
    lines = "".join(f"Peace in year {n},शांति वर्ष {n},shanti varsh {n}\n" for n in range(30))
    (folder / "native.csv").write_text(f"eng,hin,hin romanised\n{lines}", "utf-8")
    (folder / "items.csv").write_text(
        "item,language,a,b\n" + "".join(f"{n},{one},{n},{n % 3}\n" for n in range(30) for one in ("en", "de")), "utf-8"
    )
    (folder / "lesson.toml").write_text(
        'name = "lesson"\n[vectors]\nencoder = "before"\nwords = "taught.csv"\n[pairs]\nfile = "taught.csv"\n'
        '[training]\npivot = "en"\nepochs = 1\nheld_out_languages = ["fr"]\n',
        "utf-8",
    )
    taught = "".join(f"house {n},haus {n},casa {n},maison {n}\n" for n in range(120))
    (folder / "taught.csv").write_text(f"en,de,es,fr\n{taught}", "utf-8")
    (folder / "corpus.csv").write_text(
        "text\n"
        + "".join(
            " ".join("abcdefgh"[n * k % 8] * 2 + "vwxyz"[(n + k) % 5] for k in range(1, 12)) + ".\n"
            for n in range(1, 400)
        ),
        "utf-8",
    )
    (folder / "grid.toml").write_text(
        'name = "grid"\n[corpus]\nfile = "corpus.csv"\ntext = "text"\nvocabulary = 40\n[grid]\nshares = [0.5]\n'
        "anchors = [0.0]\ntokens = [4000]\nseeds = [1, 2]\n[training]\ndim = 8\nepochs = 1\nmin_count = 1\n",
        "utf-8",
    )


REST = Scene(
    """
    verify un-debates --json
    variants un-debates climate --json
    map un-debates climate --animate way.svg --json
    influence un-debates climate --source 1946-1969 --target 2007-2024 --json
    story check un-drift --json
    story export un-drift --out talk.html --json
    rule 'group = \"a\"' answers.csv --errors wrong --json
    find-slices answers.csv --errors wrong --support 5 --json
    sts scored.csv --model before --keep scored --json
    romanised-gap native.csv --model before --keep gap --json
    consistency items.csv --json
    etymology plain.txt --points script --json
    transliterate plain.txt --when script=latin --json
    vocabulary report before plain.txt --json
    vocabulary trim before plain.txt --out trimmed --json
    vocabulary grow before words.txt --from un-debates/2007-2024 --out grown --json
    teach lesson.toml --maps lessons --json
    imbalance grid.toml --json
    publish un-blocs-1970-1989 --to engine --json
    open engine --json
    open engine --into back --json
""",
    (write_small,),
)
EVERY = SCENES | LONG | {"kept": KEPT, "rest": REST}
ON_THEIR_OWN = {"serve", "serve-api", "mcp", "demo"}  # servers, which end when they are told to
FEW = ("import", "catalogue", "periods")
ROOM = (0, 3_000, 40_000)  # bytes that a file may have


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


_ANY_MODE = 0b1110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
_VERSION_3 = 0x20080522


def _capabilities(dropped: int) -> Callable[[], object]:
    """Take these from this thread and those it starts; what gives them back."""
    system = ctypes.CDLL(None, use_errno=True)
    head, told = (ctypes.c_uint32 * 2)(_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    assert system.capget(head, told) == 0
    less = (ctypes.c_uint32 * 6)(told[0] & ~dropped, *told[1:])
    assert system.capset(head, less) == 0
    return lambda: system.capset(head, told)


@contextmanager
def only_read(folder: Path) -> Iterator[None]:
    """Nothing below a folder may be written, nor made."""
    places = [folder, *(one for one in folder.rglob("*") if not one.is_symlink())]
    for one in places:
        one.chmod(0o555 if one.is_dir() else 0o444)
    back = _capabilities(_ANY_MODE) if os.geteuid() == 0 else lambda: None
    try:
        with pytest.raises(PermissionError):
            (folder / "new").touch()
        yield
    finally:
        back()
        for one in places:
            one.chmod(0o755 if one.is_dir() else 0o644)


def there() -> dict[str, str]:
    """Every collection of the workspace with its fingerprint, read anew."""
    workspace = Workspace()
    return {name: workspace.open(name).fingerprint for name in workspace.folders()}


def left_over() -> list[Path]:
    return [one for one in Workspace().root.rglob("*") if one.name.startswith(".writing-")]


def test_every_command_has_a_scene() -> None:
    commands = set(re.findall(r"\{([\w,-]+)\}", run(["--help"])[1])[0].split(","))
    scenes = {line.split()[0] for scene in EVERY.values() for line in scene.commands}
    assert commands - ON_THEIR_OWN - scenes == set()


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in EVERY if TIER == "soak" or name in FEW])
def test_a_full_disk_loses_nothing(name: str, tmp_path: Path, scripts_folder: Path) -> None:
    scene = EVERY[name]
    for write in scene.inputs:
        write(tmp_path)
    with environment(tmp_path):
        if scene.scripts:
            shutil.copytree(scripts_folder, tmp_path / "home" / "collections" / "scripts")
        receipt, refused = "", 0
        for number, line in enumerate(scene.commands):
            command, _, file = line.replace("RECEIPT", receipt).partition(" < ")
            given = Path(file).read_text("utf-8") if file else ""
            before = there()
            with room(ROOM[number % len(ROOM)]):
                code, _, err = run(shlex.split(command), given)
            assert code in (0, 2), (line, err)
            told = [one for one in err.splitlines() if one.startswith("error: ")]
            assert len(told) == (1 if code else 0), (line, err)
            assert "Traceback" not in err
            assert "(None)" not in err
            refused += any("File too large" in one for one in told)
            if code:
                assert there() == before, line
            assert left_over() == [], line
            _, out, _ = run(shlex.split(command), given)
            receipt = (re.findall(r"[\w.-]+~\d{15,}", out) or [receipt])[-1]
    assert refused or name not in FEW


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in EVERY if TIER == "soak" or name in FEW])
def test_where_nothing_can_be_written_reading_goes_on(
    name: str, tmp_path: Path, scripts_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, folder, compiled = EVERY[name], tmp_path / "here", tmp_path / "compiled"
    folder.mkdir()
    compiled.mkdir()
    monkeypatch.setattr("numba.config.CACHE_DIR", str(compiled))  # as `settle_compiled` says, in a process of its own
    for write in scene.inputs:
        write(folder)
    with environment(folder):
        if scene.scripts:
            shutil.copytree(scripts_folder, folder / "home" / "collections" / "scripts")
        receipt, codes = "", set()
        for line in scene.commands:
            command, _, file = line.replace("RECEIPT", receipt).partition(" < ")
            given = Path(file).read_text("utf-8") if file else ""
            before, files = there(), sorted(map(str, folder.rglob("*")))
            with only_read(folder):
                code, _, err = run(shlex.split(command), given)
            told = [one for one in err.splitlines() if one.startswith("error: ")]
            assert (code, len(told)) in ((0, 0), (2, 1)), (line, err)
            assert "Traceback" not in err
            assert (there(), sorted(map(str, folder.rglob("*")))) == (before, files), line
            whole, out, _ = run(shlex.split(command), given)
            receipt = (re.findall(r"[\w.-]+~\d{15,}", out) or [receipt])[-1]
            codes.add((code, whole))
    assert (2, 0) in codes or name not in FEW
