"""Every text that people see is said through a catalogue: found in the source, in the rooms that are whole.

A room is whole when all it shows can be translated. The list only grows. A text is loose when it has two words, or is
given to something that shows it, and is no message: the argument of `say`, `count`, `later` or `Spoken`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from isogloss.places import ROOT

WHOLE = (
    "components/shell/**/*.py",
    "components/parts/**/*.py",
    "components/home/*.py",
    "components/neighbors/*.py",
    "components/maps/*.py",
    "components/drift/*.py",
    "components/separation/*.py",
    "components/shelf/*.py",
    "components/align/*.py",
    "components/notebook/*.py",
    "components/atlas/*.py",
    "components/heads/*.py",
    "components/imbalance/*.py",
    "components/rewriting/**/*.py",
    "components/sentences/*.py",
    "components/vocabulary/*.py",
    "components/stories/editor.py",
    "components/stories/frozen.py",
    "components/stories/kept.py",
    "components/stories/panel.py",
    "components/stories/stage/*.py",
    "app.py",
    "pages/1_Neighbors.py",
    "pages/2_Map.py",
    "pages/3_Drift.py",
    "pages/4_Scripts.py",
    "pages/5_Align.py",
    "pages/6_Sentences.py",
    "pages/7_Notebook.py",
    "pages/8_Stories.py",
    "pages/9_Data.py",
    "pages/10_Pairs.py",
    "pages/11_Vocabulary.py",
    "pages/12_Teach.py",
    "pages/13_Imbalance.py",
    "pages/14_Atlas.py",
)
COLUMNS = (  # of tables, as they are downloaded
    *("letters apart", "ending only", "kept of ", "unknown subwords", "nearest other text", "distance to the centre"),
    *("finds a form", "for example", "rank of source", "rank of target", "rank of gold", "ten nearest"),
    *("P@1 of all", "P@5 of all", "P@10 of all", "MRR of all"),
    *("answered by", "last layer", "best layer", "unknown characters", "gap, low", "gap, high"),
    *("tokens used", "of the table", "subwords a character", "that one", "cut as before", "nearest before"),
    *("nearest after", "cut until now", "made of", "subwords saved"),
    *("what went wrong", "other items", "in words", "switch points", "word, language."),
    *("share of the clone", "shared words", "by chance", "shuffled pairs", "better is", "tested on"),
    *("95% interval", "95% of chance below", "the rest", "rules alike", "came in"),
)
ALLOWED = {
    "Isogloss": "our name",
    "Noto Sans, system-ui, sans-serif": "a font",
    "king - man + woman": "a query",
    " · a, b · a - b + c": "a query",
    "peace, war, …": "words of the demo",
    "привет · privet · 你好": "words of the demo",
    "peace paix\nwar guerre": "words of the demo",
    "python -m isogloss build RECIPE.toml": "a command",
    'pip install "isogloss[encoders,teach]"': "a command",
    "language, text, english": "columns of a file",
    "query: ": "a prefix that models are given",
    "cosine of that": "a figure of a case",
    "confused with": "a key of what is kept",
    "pairs that failed": "the name of a rule, which is kept",
    "share of pairs": "a figure of a case",
    ", before and after ": "of the title of a collection, which is kept",
    "what survives of": "what the notebook keeps of a change",
    "script ≠ `target script` and rank > 10": "a rule",
    "wrong way round": "what the engine says, looked for",
    "the command could not be started (": "of a job, which has no visit",
    **dict.fromkeys(COLUMNS, "a column"),
}
MESSAGES = {"say", "count", "later", "Spoken"}
UNSEEN = {
    "csv_of",
    "csv_button",
    "ValueError",
    "TypeError",
}  # what a table says of itself where it is taken to; our own mistakes
SHOWS = {  # what shows its first argument
    *("caption", "button", "selectbox", "text_input", "text_area", "slider", "toggle", "radio", "pills", "checkbox"),
    *("segmented_control", "multiselect", "number_input", "expander", "popover", "download_button", "file_uploader"),
    *("spinner", "toast", "write", "markdown", "title", "header", "subheader", "metric", "link_button", "image"),
    *("TextColumn", "NumberColumn", "note", "lead", "uploaded", "pick_files", "pick_one", "InvalidValue", "StoreError"),
    *("NotFound", "NotYet"),
}
SECOND = {"link", "way", "pick_said", "pick_kept", "progress", "InvalidValue", "StoreError"}  # … or its second
TEXTS = {"help", "placeholder", "alt", "label", "text", "hovertemplate", "lever", "caption"}
_TAG = re.compile(r"<[^<>]*(>|$)|^[^<>]*>|%\{[^}]*\}|\{[^}]*\}|:material/\w+:")
_WORDS = re.compile(r"[^\W\d_]{2,}[,:;.]? [^\W\d_]{2,}")
_WORD = re.compile(r"[^\W\d_]{2,}")


def paths() -> list[Path]:
    return sorted(path for one in WHOLE for path in ROOT.glob(one))


@cache
def known() -> frozenset[str]:
    """What may stand there: what has a reason, and the keys whose words are said where they are shown."""
    found = set(ALLOWED)
    for path in (*(ROOT / "components").rglob("*.py"), *(ROOT / "pages").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and name_of(node) == "later":
                found |= {one.value for one in node.args if isinstance(one, ast.Constant)}
    return frozenset(found)


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def literals(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Texts below a node that are no messages and stand in no call of their own."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value
    elif isinstance(node, ast.JoinedStr | ast.IfExp | ast.BoolOp | ast.BinOp):
        for child in ast.iter_child_nodes(node):
            if not (isinstance(node, ast.IfExp) and child is node.test):
                yield from literals(child)


def loose(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of what is seen and is no message."""
    said, told = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node) in MESSAGES | UNSEEN:
            said |= {id(below) for argument in node.args for below in ast.walk(argument)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):  # a docstring
            told.add(id(node.value))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "_TEMPLATE":  # a recipe is a file
            told.add(id(node.value))
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if id(node) not in said | told and text not in known() and _WORDS.search(_TAG.sub(" ", text)):
            yield node.lineno, text
        if isinstance(node, ast.Call) and id(node) not in said:
            shown = [*node.args[:1]] if name_of(node) in SHOWS else []
            shown += [*node.args[1:2]] if name_of(node) in SECOND else []
            shown += [one.value for one in node.keywords if one.arg in TEXTS]
            for one in shown:
                found = literals(one)
                yield from ((at, one) for at, one in found if one not in known() and _WORD.search(_TAG.sub(" ", one)))


def test_there_is_something_to_read() -> None:
    assert all(list(ROOT.glob(one)) for one in WHOLE)
    found = list(loose(ast.parse('st.button("Go")\nnote(f"{n} words seen")\nst.caption(say("It is {n}", n=n))')))
    assert {text for _, text in found} == {"Go", " words seen"}


@pytest.mark.parametrize("path", paths(), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_seen_is_said(path: Path) -> None:
    found = sorted(set(loose(ast.parse(path.read_text(encoding="utf-8")))))
    assert found == [], "say it through a catalogue, or give a reason in ALLOWED"


@pytest.mark.parametrize("path", paths(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_message_is_given_the_fields_that_it_has(path: Path) -> None:
    wrong = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or name_of(node) not in {"say", "count"}:
            continue
        if any(one.arg is None for one in node.keywords):  # ** may hold any
            continue
        given = {str(one.arg) for one in node.keywords} | ({"n"} if name_of(node) == "count" else set())
        messages = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        for message in messages:
            named = {name for _, name, _, _ in Formatter().parse(message) if name is not None}
            if not named <= given or "" in named or (name_of(node) == "say" and given - named):
                wrong.append((node.lineno, message))
    assert wrong == []
