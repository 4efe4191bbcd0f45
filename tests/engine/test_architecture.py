"""Which part may import which, read from the source."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCREEN = {"streamlit", "plotly"}
HEAVY = {"torch", "umap", "gensim", "sentence_transformers", "ray"}
MOST_FILES, MOST_LINES, MOST_PARAMETERS, MOST_SKIPS = 14, 400, 8, 20

# Who may import which room. The files of isogloss/ itself are the ground that every room stands on, but for library.py
# and __main__.py, which stand on all of them.
ALLOWED = {
    "interface": set(),
    "outside": set(),
    "text": set(),
    "tables": {"outside", "text"},
    "spaces": {"text"},
    "workspace": {"outside", "spaces", "text"},
    "tasks": {"workspace"},
    "formats": {"outside", "spaces", "tables", "text"},
    "nearest": {"workspace", "spaces", "text"},
    "encoders": {"outside", "tasks", "workspace", "spaces", "tables", "text"},
    "drift": {"outside", "workspace", "spaces", "text"},
    "corpora": {"outside", "workspace", "formats", "spaces", "tables", "text"},
    "maps": {"nearest", "tasks", "workspace", "spaces", "text"},
    "training": {"corpora", "drift", "tasks", "workspace", "spaces", "tables", "text"},
    "alignment": {"outside", "maps", "nearest", "formats", "workspace", "spaces", "tables", "text"},
    "separation": {"outside", "encoders", "maps", "nearest", "workspace", "spaces", "tables", "text"},
    "notebook": {"outside", "workspace", "spaces", "tables", "text"},
    "stories": {"notebook", "drift", "maps", "nearest", "workspace", "spaces", "text"},
    "sentences": {"encoders", "outside", "workspace", "spaces", "tables", "text"},
    "rewriting": {"corpora", "encoders", "formats", "outside", "workspace", "spaces", "tables", "text"},
    "vocabulary": {"encoders", "nearest", "workspace", "spaces", "tables", "text"},
    "imbalance": {"training", "drift", "corpora", "tasks", "workspace", "spaces", "tables", "text"},
    "heads": {
        "alignment",
        "encoders",
        "outside",
        "sentences",
        "separation",
        "workspace",
        "spaces",
        "tables",
        "text",
    },
    "atlas": {"encoders", "outside", "workspace", "spaces", "tables", "text"},
    "evaluators": {"alignment", "separation", "drift", "encoders", "spaces", "text"},
}
ROOMS = {"": set[str](), **ALLOWED, "cli": set(ALLOWED)}
ON_ALL = {"isogloss/__init__.py", "isogloss/__main__.py", "isogloss/library.py"}
PARTS = {
    "log": set(),
    "parts": set(),
    "shell": {"log", "parts"},
    "maps": {"parts", "shell"},
    "neighbors": {"parts", "shell"},
    "drift": {"outside", "maps", "neighbors", "parts", "shell"},
    "separation": {"maps", "parts", "shell"},
    "align": {"parts", "shell"},
    "sentences": {"parts", "shell"},
    "rewriting": {"parts", "shell"},
    "vocabulary": {"maps", "parts", "shell"},
    "heads": {"maps", "parts", "shell"},
    "imbalance": {"parts", "shell"},
    "atlas": {"maps", "parts", "shell"},
    "shelf": {"parts", "shell"},
    "home": {"drift", "neighbors", "parts", "shell"},
    "notebook": {"parts", "shell"},
    "stories": {"notebook", "parts", "shell"},
    "serving": {"log", "shell"},
}


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imported(nodes: Iterator[ast.AST], path: Path) -> set[str]:
    """Dotted names of what the nodes import; a relative import is resolved to its package."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = list(path.relative_to(ROOT).parts[: -node.level]) if node.level else []
            base = ".".join([*package, *([node.module] if node.module else [])])
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return found


def at_import_time(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs when the module is imported: all but the bodies of functions."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from at_import_time(node)


def packages(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def everything(path: Path) -> set[str]:
    return imported(ast.walk(ast.parse(path.read_text(encoding="utf-8"))), path)


def test_there_is_something_to_read():
    assert len(files("isogloss")) > 10
    assert files("components")
    assert files("pages")
    assert "isogloss.spaces.space" in everything(ROOT / "isogloss" / "workspace" / "store.py")


@pytest.mark.parametrize("path", files("isogloss"), ids=lambda p: p.name)
def test_engine_knows_no_screen(path: Path):
    assert not packages(everything(path)) & (SCREEN | {"components", "pages", "app"})


@pytest.mark.parametrize("path", files("isogloss"), ids=lambda p: p.name)
def test_engine_imports_heavy_packages_only_when_used(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not packages(imported(at_import_time(tree), path)) & HEAVY


@pytest.mark.parametrize("path", files("components"), ids=lambda p: p.name)
def test_components_import_no_page(path: Path):
    assert not packages(everything(path)) & {"pages", "app"}


@pytest.mark.parametrize("path", files("pages"), ids=lambda p: p.name)
def test_pages_import_no_page(path: Path):
    assert not packages(everything(path)) & {"pages", "app"}


@pytest.mark.parametrize("path", [ROOT / "app.py", *files("isogloss", "components", "pages")], ids=lambda p: p.name)
def test_no_file_is_long(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def room_of(module: str, package: str) -> str:
    """The room of a dotted name; the ground has none."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and (ROOT / package / parts[1]).is_dir() else ""


@pytest.mark.parametrize(
    ("package", "allowed"),
    [("isogloss", ROOMS), ("components", {"": set[str](), **PARTS})],
    ids=["engine", "components"],
)
def test_arrows_between_rooms_run_downward(package: str, allowed: dict[str, set[str]]) -> None:
    rooms = {path.name for path in (ROOT / package).iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert rooms == set(allowed) - {""}
    wrong = []
    for path in files(package):
        relative = path.relative_to(ROOT / package)
        own = relative.parts[0] if len(relative.parts) > 1 else ""
        if str(path.relative_to(ROOT)) in ON_ALL:
            continue
        for name in everything(path):
            if name.split(".")[0] == package and (room := room_of(name, package)) not in {"", own, *allowed[own]}:
                wrong.append(f"{path.relative_to(ROOT)} imports {name} of {room}")
    assert not wrong


def test_no_room_imports_one_of_its_own_floor() -> None:
    """Every arrow leads to a room that cannot lead back: the rooms can be laid in floors."""
    floor: dict[str, int] = {}
    while len(floor) < len(ALLOWED):
        ready = [room for room in ALLOWED if room not in floor and ALLOWED[room] <= set(floor)]
        assert ready, "some rooms import each other"
        floor |= {room: 1 + max((floor[below] for below in ALLOWED[room]), default=-1) for room in ready}
    assert all(floor[below] < floor[room] for room in ALLOWED for below in ALLOWED[room])


@pytest.mark.parametrize("tree", ["isogloss", "components", "tests/engine"])
def test_no_folder_is_crowded(tree: str) -> None:
    folders = {path.parent for path in files(tree)}
    assert {str(f.relative_to(ROOT)): n for f in folders if (n := len(list(f.glob("*.py")))) > MOST_FILES} == {}


@pytest.mark.parametrize("path", [ROOT / "app.py", *files("isogloss", "components", "pages")], ids=lambda p: p.name)
def test_no_function_takes_many_parameters(path: Path) -> None:
    crowded = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            one = node.args
            names = [a.arg for a in (*one.posonlyargs, *one.args, *one.kwonlyargs) if a.arg not in ("self", "cls")]
            if len(names) > MOST_PARAMETERS:
                crowded.append(f"{node.name} takes {len(names)}")
    assert not crowded


def test_formatting_is_left_to_the_formatter() -> None:
    trees = ("isogloss", "components", "pages", "tests", "benchmarks", "scripts")
    skips = sum(path.read_text(encoding="utf-8").count("# fmt: " + "skip") for path in files(*trees))
    assert skips <= MOST_SKIPS


def test_no_test_runs_a_loop_in_a_thread_that_may_have_one() -> None:
    """A worker that has opened a browser has: whether a test would pass there would hang on what ran before it."""
    told = [path for path in sorted((ROOT / "tests").rglob("*.py")) if "asyncio" + ".run" in path.read_text()]
    assert [path.relative_to(ROOT).as_posix() for path in told] == ["tests/kit/loops.py"]


@pytest.mark.parametrize("path", [ROOT / "app.py", *files("components", "pages")], ids=lambda p: p.name)
def test_every_button_has_a_name_of_its_own(path: Path) -> None:
    """Without a key its label and file name are its name, and a visit keeps one button more for every word it asks."""
    nameless = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("button", "download_button")
        and not {"key", None} & {one.arg for one in node.keywords}
    ]
    assert not nameless


@pytest.mark.parametrize("path", [ROOT / "app.py", *files("components", "pages")], ids=lambda p: p.name)
def test_a_download_runs_no_page(path: Path) -> None:
    """A click that runs the page can lose its file: Streamlit 1.67 empties what waits to be sent when a run begins, the
    answer with the file's address too, and the button stays busy for three minutes.
    """
    running = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "download_button"
        and not any(one.arg == "on_click" and ast.unparse(one.value) == "'ignore'" for one in node.keywords)
    ]
    assert not running


def test_a_header_is_read_without_faiss_and_drift() -> None:
    code = (
        "import sys; from isogloss.workspace.store import SHIPPED, read_header; read_header(SHIPPED / 'un-debates');"
        "from isogloss.cli.main import main; main(['collections', '--json']); print();"
        "print(*[m for m in sys.modules if m == 'faiss' or m.startswith('isogloss.drift')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""


def test_importing_the_library_loads_no_heavy_package() -> None:
    code = "import isogloss, sys; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & (SCREEN | HEAVY | {"faiss", "pandas", "pyarrow", "numpy"})


def test_importing_the_engine_and_the_command_line_is_light():
    code = "import isogloss, isogloss.cli.main, sys; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "isogloss" in loaded
    assert not loaded & (SCREEN | HEAVY | {"numba", "scipy"})


@pytest.mark.long
def test_home_is_drawn_without_what_it_does_not_need(tmp_path: Path) -> None:
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; page = AppTest.from_file('app.py', default_timeout=60);"
        "page.run(); assert not page.exception and page.get('page_link'), page;"
        "print(*sorted({m.split('.')[0] for m in sys.modules}))"
    )
    home = os.environ | {"ISOGLOSS_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, env=home)
    assert done.returncode == 0, done.stderr[-2000:]
    assert set(done.stdout.split()) & {*HEAVY, "numba", "pandas", "scipy"} == set()
