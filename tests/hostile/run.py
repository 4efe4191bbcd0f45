"""python -m tests.hostile.run STEP START [KIND …]: hostile files through the entries of the page and the command line.

Of every kind each STEPth file from START on. This process may itself take 200 MB beyond what it needs, no more; a line
of JSON for each entry says what came of it. What is no error of ours is a traceback, and ends it.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from isogloss.alignment.anchors.source import AnchorSource
from isogloss.alignment.learnt import take_mapping
from isogloss.alignment.setup import read_setup
from isogloss.cli.main import main as command
from isogloss.corpora.documents import take_documents
from isogloss.corpora.recipe import read_recipe
from isogloss.drift.gold import read_gold
from isogloss.encoders.texts import take_texts
from isogloss.errors import IsoglossError
from isogloss.formats.chosen import Chosen
from isogloss.formats.preview import look_at, look_for_candidates
from isogloss.formats.reading import READY
from isogloss.notebook.files import take_in
from isogloss.notebook.ledger import Ledger
from isogloss.outside import looking
from isogloss.outside.limits import BESIDE, TIMES, taken
from isogloss.outside.looking import look, make_ready
from isogloss.rewriting.file import read_pairs
from isogloss.sentences.parallel import read_parallel
from isogloss.separation.gap import take_lines
from isogloss.stories.shelf import read_story
from isogloss.tables.opened import inner_name
from isogloss.tables.table import look_at_kind, parts_of
from isogloss.workspace.catalogue import is_packed
from tests.hostile import collections_, containers, streams, translations

NAMES = "a\nb\nc\nd\n"
STRINGS = '<resources><string name="a">a text</string><string name="b">another</string></resources>'
Entry = Callable[[Path], object]
_peaks: list[int] = []


def vectors(folder: Path, *, named: bool = False) -> dict[str, Entry]:
    """named: with a list of names beside the file."""
    names = folder / "names.txt" if named else None
    given = ["--vocab", str(names)] if names else []
    return {
        "look": lambda path: look_at(path, vocabulary=names),
        "candidates": lambda path: look_for_candidates(path, vocabulary=names, asked=Chosen()),
        "import": lambda path: _command("import", str(path), "--into", "made", "--space", "s", *given),
    }


TEXTS: dict[str, Entry] = {
    "kind": look_at_kind,
    "parts": parts_of,
    "documents": take_documents,
    "texts": take_texts,
}
PACKED: dict[str, Entry] = {"known": is_packed, "unpack": lambda path: _command("unpack", str(path), "--into", "made")}


def kinds(folder: Path) -> dict[str, tuple[Callable[[], containers.Files], dict[str, Entry]]]:
    plain, named = vectors(folder), vectors(folder, named=True)
    return {
        "arrow": (containers.arrow_files, plain | TEXTS),
        "parquet": (containers.parquet_files, plain | TEXTS),
        "numpy": (containers.numpy_files, named | {"texts": take_texts}),
        "safetensors": (containers.safetensors_files, named),
        "tokenizers": (streams.tokenizer_files, {"import": lambda path: _with_tokenizer(path)}),
        "json": (streams.json_files, plain | TEXTS),
        "text": (streams.text_files, plain | TEXTS | {"lines": take_lines}),
        "models": (streams.model_files, plain),
        "packed": (streams.packed_files, plain | TEXTS),
        "recipes": (streams.recipe_files, {"recipe": read_recipe}),
        "setups": (streams.setup_files, {"setup": lambda path: read_setup(path.read_text("utf-8", "replace"))}),
        "pairs": (
            streams.pair_files,
            {"dictionary": lambda path: AnchorSource.spelt(str(path)).dictionary(None, None)},
        ),  # type: ignore[arg-type]
        "translations": (
            translations.translation_files,
            {"pairs": lambda path: read_pairs([path]), "parallel": lambda path: read_parallel([path])},
        ),
        "strings": (
            translations.string_files,
            {
                "target": lambda path: read_pairs([folder / "strings.xml", path]),
                "source": lambda path: read_pairs([path, folder / "strings.xml"]),
            },
        ),
        "gold": (translations.gold_files, {"gold": read_gold}),
        "cases": (translations.case_files, {"cases": _cases}),
        "stories": (translations.story_files, {"story": read_story}),
        "maps": (collections_.map_files, {"map": take_mapping}),
        "collections": (collections_.packed_collections, PACKED),
    }


def _cases(path: Path) -> object:
    with tempfile.TemporaryDirectory() as home:
        return take_in(Ledger(Path(home) / "cases.sqlite"), path)


def _with_tokenizer(path: Path) -> object:
    header = json.dumps({"e": {"dtype": "F32", "shape": [4, 3], "data_offsets": [0, 48]}}).encode()
    model = path.parent / "model.safetensors"
    model.write_bytes(len(header).to_bytes(8, "little") + header + bytes(48))
    (path.parent / "tokenizer.json").write_bytes(path.read_bytes())
    try:
        return _command("import", str(model), "--into", "made")
    finally:
        (path.parent / "tokenizer.json").unlink()


def _command(*given: str) -> str:
    """What a command said. Raises IsoglossError for its one line of error, AssertionError for more."""
    out, said = io.StringIO(), io.StringIO()
    with tempfile.TemporaryDirectory() as home, contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
        code = command([*given, "--workspace", home])
    lines = said.getvalue().splitlines()
    assert code in (0, 2), (code, lines)
    assert home not in said.getvalue(), lines
    if code:
        assert "".join(lines[-1:]).startswith("error: "), lines
        raise IsoglossError(lines[-1])
    return out.getvalue()


@contextlib.contextmanager
def _limited(memory: int) -> Iterator[None]:
    """This process takes no more memory than so many bytes beyond what it has."""
    least, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (taken()["VmData"] + memory, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (least, most))


def _watch() -> None:
    """Keep the most memory that each look had."""
    settle = looking._Call.settle

    def watched(call: Any) -> None:
        _peaks.append(call.status[2] * 1024 if call.status else 0)
        settle(call)

    looking._Call.settle = watched  # type: ignore[method-assign]


def outcomes(step: int, start: int, only: Sequence[str] = ()) -> Iterator[dict[str, object]]:
    _watch()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "names.txt").write_text(NAMES)
        (folder / "strings.xml").write_text(STRINGS)
        (folder / "c.txt").write_text("a text\n")
        make_ready(READY)
        warm = folder / "warm.vec"
        warm.write_text("a 1 2\nb 2 3\nc 3 4\n")
        for entry in (*vectors(folder).values(), take_texts, lambda path: look(inner_name, path)):
            entry(warm)
        own = max(_peaks)
        sizes = sum((folder / one).stat().st_size for one in ("names.txt", "strings.xml", "warm.vec"))
        number = 0
        for kind, (files, entries) in kinds(folder).items():
            if only and kind not in only:
                continue
            for called, made in files():
                number += 1
                if number % step != start % step:
                    continue
                data = made() if callable(made) else made
                path = folder / called.replace("/", "_")
                path.write_bytes(data)
                gc.collect()
                for entry, enter in entries.items():
                    _peaks.clear()
                    begun = time.monotonic()
                    try:
                        with _limited(BESIDE + TIMES * len(data)):
                            enter(path)
                        said = ""
                    except IsoglossError as error:
                        said = str(error)
                    over = max(_peaks, default=0) - own - BESIDE - TIMES * (len(data) + sizes)
                    yield {
                        "file": f"{kind}/{called[:60]}",
                        "entry": entry,
                        "said": said,
                        "over": over,
                        "seconds": round(time.monotonic() - begun, 2),
                    }
                path.unlink()


if __name__ == "__main__":
    for outcome in outcomes(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]):
        print(json.dumps(outcome), flush=True)
