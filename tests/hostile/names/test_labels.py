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
    "panel.py controls.facts['panel_size']",
    "token_options.py say(_LINES[lines])",
    "panel.py say(PROFILES[n].help)",
    "panel.py parted((f'{n}: {say(PROFILES[n].help)}' for n in names))",
    "intake.py ', '.join(map(str, data_roots()))",  # folders that the server names
    "pickers.py key",  # of the address
    "import_panel.py told_formats(stored=False)",
    "cached.py named",
    "build_panel.py HALVES",
    "panel.py n",  # of a profile
    "keep.py name",  # source or target
    "keep.py where_kept()",  # in which place, in words
    "tables.py ' '.join(_CELL.sub(' ', line).split())",  # into a file
}


NUMBERS = (
    "n",
    "k",
    "of",
    "most",
    "first",
    "least",
    "words",
    "slices",
    "size",
    "held",
    "panel",
)  # fields that hold them


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
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "count"):
                    for field in node.keywords:  # a number, said by the format, is none
                        seen += 1
                        put = ast.unparse(field.value)
                        safe = "plain(" in put or field.arg in NUMBERS
                        if not safe and f"{path.name} {put}" not in OURS:
                            found.append(f"{path.name} {put}, line {call.lineno}")
    assert seen > 40
    assert not found, found
