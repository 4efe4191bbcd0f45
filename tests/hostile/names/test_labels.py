"""Every label in the source that is put together goes through `plain`, also where no test brings it on a page."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
READERS = """
button download_button form_submit_button link_button page_link selectbox multiselect pills segmented_control
radio checkbox toggle slider select_slider number_input text_input text_area file_uploader expander popover
tabs metric caption markdown write title header subheader error warning info success toast progress spinner
status link offer pick_files pick_one
""".split()
OURS = {  # what is put into labels and is no name: numbers, words of our own
    "panel.py most",
    "panel.py controls.facts['panel_size']",
    "token_options.py _SPLITS[split]",
    "token_options.py _LINES[lines]",
    "import_panel.py told_formats(stored=False)",
    "cached.py named",
    "build_panel.py HALVES",
    "build_panel.py LEAST_DOCUMENTS",
    "panel.py n",  # of a profile
    "panel.py PROFILES[n].help",
    "rows.py side",  # source or target
    "keep.py name",  # source or target
    "keep.py where_kept()",  # in which place, in words
    "editor.py at + 1",
    "editor.py len(chosen)",
    "tables.py ' '.join(_CELL.sub(' ', line).split())",  # into a file
}


def labels(path: Path) -> Iterator[tuple[ast.Call, ast.expr]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in READERS:
                first = called in ("link", "progress")  # after the page, after the share
                yield from ((node, one) for one in node.args[first : first + 1])
                yield from ((node, one.value) for one in node.keywords if one.arg in ("label", "help", "text", "body"))


def test_what_is_put_together_is_escaped() -> None:
    seen, found = 0, []
    for path in [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "components").rglob("*.py")]:
        for call, label in labels(path):
            for node in ast.walk(label):
                if isinstance(node, ast.FormattedValue) and node.format_spec is None:
                    seen += 1
                    put = ast.unparse(node.value)
                    if "plain(" not in put and f"{path.name} {put}" not in OURS:
                        found.append(f"{path.name} {put}, line {call.lineno}")
    assert seen > 8
    assert not found, found
