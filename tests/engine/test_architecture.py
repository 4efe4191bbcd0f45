"""Which part may import which, read from the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCREEN = {"streamlit", "plotly"}
HEAVY = {"torch", "umap", "gensim", "sentence_transformers"}


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
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_importing_the_engine_and_the_command_line_is_light():
    code = "import isogloss, isogloss.cli.main, sys; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "isogloss" in loaded
    assert not loaded & (SCREEN | HEAVY | {"numba", "scipy"})
