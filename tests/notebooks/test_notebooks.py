"""The worked notebooks run, and give what stands in them. ISOGLOSS_GOLDEN=record writes what they give now."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import math
import os
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*(?:e-?\d+)?")


def run(source: str, names: dict[str, Any]) -> tuple[str, Any]:
    """What a cell prints, and the value of its last expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(tree, "cell", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last is not None else None
    return out.getvalue(), value


def outputs(printed: str, value: Any, count: int) -> list[dict[str, Any]]:
    """As a notebook keeps them."""
    found: list[dict[str, Any]] = []
    if printed:
        found.append({"output_type": "stream", "name": "stdout", "text": printed.splitlines(keepends=True)})
    if value is not None:
        data: dict[str, Any] = {"text/plain": repr(value).splitlines(keepends=True)}
        if hasattr(value, "_repr_html_"):
            data["text/html"] = value._repr_html_().splitlines(keepends=True)
        found.append({"output_type": "execute_result", "execution_count": count, "metadata": {}, "data": data})
    return found


def plain(found: list[dict[str, Any]]) -> str:
    return "".join("".join(one.get("text") or one["data"]["text/plain"]) for one in found)


def alike(one: str, two: str) -> bool:
    """The same words; numbers may differ by one in their last place, for other processors."""
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", two):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(two), strict=True)
    return all(
        math.isclose(float(a.replace(",", "")), float(b.replace(",", "")), rel_tol=0.02, abs_tol=0.011)
        for a, b in pairs
    )


def test_there_are_five() -> None:
    assert len(NOTEBOOKS) == 5


@pytest.mark.long
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_gives_what_stands_in_it(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scripts_folder: Path
) -> None:
    (tmp_path / "collections").mkdir()
    (tmp_path / "collections" / "scripts").symlink_to(scripts_folder)
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    book = json.loads(path.read_text(encoding="utf-8"))
    names: dict[str, Any] = {"__name__": "__main__"}
    count = 0
    for cell in book["cells"]:
        if cell["cell_type"] != "code":
            continue
        count += 1
        found = outputs(*run("".join(cell["source"]), names), count)
        if os.environ.get("ISOGLOSS_GOLDEN") == "record":
            cell |= {"outputs": found, "execution_count": count}
        else:
            assert alike(plain(found), plain(cell["outputs"])), f"{path.name}, cell {count}:\n{plain(found)}"
    if os.environ.get("ISOGLOSS_GOLDEN") == "record":
        path.write_text(json.dumps(book, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
