"""Spaces from texts: choose the text and what to slice by, see what is in each slice, then train."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import streamlit as st

from components.parts.markdown import plain
from components.parts.spoken import Spoken, count, later, say
from components.shelf.import_panel import ways
from components.shelf.token_options import show_removed, token_options
from components.shell.brought import pick_part, show_read
from components.shell.cached import open_collection
from components.shell.frame import note
from components.shell.intake import Brought, kept, pick_files
from components.shell.jobs import command, key_of, made, offer, remember_made
from components.shell.visit import workspace
from isogloss.corpora.documents import take_documents, take_texts
from isogloss.corpora.forms import TokenRules
from isogloss.corpora.proposing.proposals import (
    Contents,
    build_minutes,
    contents,
    propose,
    slicing_columns,
    text_columns,
    typed,
    words_of,
)
from isogloss.corpora.proposing.recipe_text import recipe_text
from isogloss.corpora.recipe import (
    HALVES,
    LEAST_DOCUMENTS,
    METHODS,
    Recipe,
    Replicates,
    Slice,
    TrainingParameters,
    usual_replicates,
)
from isogloss.errors import InvalidValue
from isogloss.tables.content import PLAIN
from isogloss.tables.dates import is_dated
from isogloss.tables.read import TableRead
from isogloss.tables.table import kind_of, look_at_kind, look_at_parts
from isogloss.workspace.store import check_name, proposed_name

_METHODS = {
    "cade": later("CADE: one compass for all slices"),
    "procrustes": later("Baseline: each slice alone, then Procrustes"),
}
_AUTHORS = ("author", "writer", "speaker", "who", "user", "country", "party", "newspaper")


@dataclass(frozen=True)
class _Sliced:
    """A corpus, its column of text, and what it is sliced by. author: the column of who wrote each document.
    lines, tokens: as a recipe has them.

    part: the split or the file of it that is read, where it holds several.
    """

    corpus: Brought
    part: str | None
    text: str
    by: str
    slices: tuple[Slice, ...]
    author: str | None
    lines: str
    tokens: TokenRules


def build_panel() -> None:
    """One corpus, its columns, its slices, its training; then a build in a process of its own."""
    files = pick_files(
        say("Texts"),
        "build",
        help=(
            say(
                "A table with a text column (Parquet, CSV, TSV, JSON lines; also packed), or several .txt files; or a"
                " folder of them, by its path, where folders of the server are allowed"
            )
        ),
    )
    if not files:
        note(
            say(
                "A table with one document a row (Parquet, CSV, TSV, JSON lines) and something to slice by: a year, a"
                " country, an author. Or several .txt files; a year in a file's name is found. Each slice becomes a"
                " space, and all spaces share coordinates, so that drift between them can be measured."
            )
        )
        return
    corpus = _corpus(files)
    part = pick_part(corpus, "build-part")
    changed = corpus.path.stat().st_mtime_ns
    read = _read(str(corpus.path), changed, part)
    table = read.table
    texts = text_columns(table)
    if not texts:
        raise InvalidValue(
            say("{name} has no column of text", name=corpus.name),
            say("its columns are {columns}", columns=", ".join(table.column_names)),
        )
    left, right = st.columns([1, 1.4], gap="large")
    with left:
        text = st.selectbox(say("Text"), texts, key="build-text")
        others = slicing_columns(table, text)
        if not others:
            raise InvalidValue(
                say("{name} has nothing to slice by beside {text!r}", name=corpus.name, text=text),
                say("add a column, for instance the year of each document"),
            )
        by = st.selectbox(say("Slice by"), others, key="build-by")
        slices = _slices(table, by)
        authors = ["none", *(c for c in table.column_names if c not in (text, by))]
        known = next((c for c in authors if c.lower() in _AUTHORS), "none")
        author = st.selectbox(
            say("Who wrote it"),
            authors,
            index=authors.index(known),
            key="build-author",
            help=say("Halves of different authors tell real change from a change of speakers."),
        )
    words = _words(f"{corpus.path}|{part}", changed, text, table)
    inside = contents(table[by], slices, words)
    with right:
        _show(slices, inside, len(table))
        show_read(read.read, dict(read.told) | ({"dates": inside.dates} if inside.dates else {}))
    lines, tokens = token_options(table, text, path=str(corpus.path), changed=corpus.path.stat().st_mtime_ns)
    training, replicates = _training(inside, None if author == "none" else author)
    sliced = _Sliced(corpus, part, text, by, slices, None if author == "none" else author, lines, tokens)
    _offer(sliced, training, replicates, inside)


def _corpus(files: list[Brought]) -> Brought:
    """One table or folder as it is; several text files as a table of ours."""
    if len(files) == 1 and (files[0].path.is_dir() or look_at_parts(files[0].path)):
        return files[0]
    plain = [file for file in files if file.path.is_file() and _is_prose(file)]
    if not plain and len(files) == 1:
        return files[0]
    if len(plain) < len(files):
        raise InvalidValue(
            count("{n} file was given", "{n} files were given", len(files)), say("give one table, or text files alone")
        )
    key = tuple(file.path.name for file in plain)
    seen = st.session_state.setdefault("_texts", {})
    if key not in seen or not seen[key].path.exists():
        table = take_texts([(file.name, file.path) for file in plain]).table
        out = pa.BufferOutputStream()
        pq.write_table(table, out, compression="zstd")
        seen[key] = kept(memoryview(out.getvalue()), f"{len(plain)} texts.parquet")
    found: Brought = seen[key]
    return found


def _is_prose(file: Brought) -> bool:
    """Whether a file is one document, rather than a table of them. Raises InvalidValue for what is neither."""
    return kind_of(Path(file.name)) in (*PLAIN, "") and _kind(str(file.path), file.path.stat().st_mtime_ns) == "plain"


@st.cache_data(show_spinner=Spoken("looking at the file …"), max_entries=1_000)
def _kind(path: str, changed: int) -> str:
    return look_at_kind(Path(path))


@st.cache_resource(show_spinner=Spoken("reading the texts …"), max_entries=2)
def _read(path: str, changed: int, part: str | None) -> TableRead:
    return take_documents(Path(path), part=part)


@st.cache_data(show_spinner=Spoken("counting words …"), max_entries=4)
def _words(path: str, changed: int, text: str, _table: pa.Table) -> np.ndarray:
    return words_of(_table[text])


def _slices(table: pa.Table, by: str) -> tuple[Slice, ...]:
    column = table[by]
    if is_dated(column):
        proposed = ", ".join(one.name for one in propose(column))
        given = st.text_input(
            say("Slices"),
            proposed,
            key=f"build-ranges-{by}",
            max_chars=600,
            help=(
                say(
                    "Ranges, both ends included: 1946-1969, 1970-1989, or by months 1990-03 – 1991-06. A name may"
                    " stand before: early: 1946-1969."
                )
            ),
        )
        return typed(given)
    proposed_names = [one.name for one in propose(column)]
    every = [str(v) for v in column.unique().to_pylist() if v is not None]
    names = st.multiselect(
        say("Slices"),
        every,
        default=proposed_names,
        key=f"build-values-{by}",
        max_selections=24,
        placeholder=say("Choose options"),
    )
    if not names:
        raise InvalidValue(say("no slice is chosen"), say("choose values of {by!r}", by=by))
    return tuple(Slice(name, values=(name,)) for name in names)


def _show(slices: tuple[Slice, ...], inside: Contents, n: int) -> None:
    told = {"rest": inside.rest, "undated": inside.undated}
    if not inside.rest:
        note(count("{n:,} document. In each slice:", "{n:,} documents. In each slice:", n))
    elif inside.undated:
        note(
            count(
                "{n:,} document, {rest:,} of them in no slice ({undated:,} without a date). In each slice:",
                "{n:,} documents, {rest:,} of them in no slice ({undated:,} without a date). In each slice:",
                n,
                **told,
            )
        )
    else:
        note(
            count(
                "{n:,} document, {rest:,} of them in no slice. In each slice:",
                "{n:,} documents, {rest:,} of them in no slice. In each slice:",
                n,
                rest=inside.rest,
            )
        )
    table = {"slice": [one.name for one in slices], "documents": inside.documents, "words": inside.words}
    st.dataframe(pa.table(table), hide_index=True, alt=say("Documents and words of each slice"))
    if poor := inside.poor(slices):
        note(
            say(
                "Under a million words, vectors are noisy: {poor}. Fewer, wider slices give better ones.",
                poor=escape(", ".join(poor)),
            )
        )


def _training(inside: Contents, author: str | None) -> tuple[TrainingParameters, Replicates]:
    """author: the column that says who wrote each document, where there is one."""
    default = TrainingParameters()
    with st.expander(say("Training")):
        a, b, c = st.columns(3)
        method = a.selectbox(say("Method"), METHODS, format_func=lambda one: say(_METHODS[one]), key="build-method")
        dim = b.number_input(say("Dimensions"), 10, 500, default.dim, 10, key="build-dim")
        window = c.number_input(say("Window"), 1, 20, default.window, key="build-window")
        epochs = a.number_input(say("Passes over the text"), 1, 50, default.slice_epochs, key="build-epochs")
        least = b.number_input(say("Fewest uses to train a word"), 1, 1_000, default.min_count, key="build-min")
        ship = c.number_input(say("Fewest uses to keep it"), 1, 1_000, default.ship_count, key="build-ship")
        halves = by_author = 0
        if method == "cade" and len(inside.documents) > 1:
            usual = usual_replicates(inside.documents).document
            halves = st.number_input(
                say("Random halves to test drift against"),
                0,
                40,
                usual,
                key=f"build-halves-{usual}",
                help=(
                    say(
                        "Every slice is trained again on random halves; how far these lie apart is the noise that"
                        " drift must exceed. From 10 on, one changed word alone can be found. {halves} are usual where"
                        " every slice has {least} documents or more. 0: drift is shown untested.",
                        halves=HALVES,
                        least=LEAST_DOCUMENTS,
                    )
                ),
            )
            if author is not None:
                by_author = st.number_input(
                    say("Halves by {author}", author=plain(author)),
                    0,
                    40,
                    0,
                    key="build-halves-author",
                    help=(
                        say(
                            "Halves that differ in who wrote them: the stricter noise. A word must exceed both to have"
                            " moved."
                        )
                    ),
                )
    training = TrainingParameters(
        dim=int(dim),
        window=int(window),
        compass_epochs=int(epochs),
        slice_epochs=int(epochs),
        min_count=int(least),
        ship_count=int(ship),
        method=method,
    )
    return training, Replicates(author=int(by_author), document=int(halves))


def _offer(sliced: _Sliced, training: TrainingParameters, replicates: Replicates, inside: Contents) -> None:
    """The collection it makes, its recipe, how long it takes, and the build itself."""
    called = sliced.corpus.name.rsplit(".", 1)[0]
    a, b = st.columns(2)
    proposed = proposed_name(called, "my-texts")
    name = check_name(a.text_input(say("Collection"), proposed, key="build-into", max_chars=64).strip())
    title = b.text_input(say("Title"), called or name, key="build-title", max_chars=200).strip()
    keep = st.checkbox(
        say("Keep the texts, so that any word offers its lines in context"),
        value=True,
        key="build-attach",
        help=say("They stay on this machine, in your workspace."),
    )
    recipe = Recipe(
        name,
        title or name,
        sliced.corpus.path,
        sliced.text,
        sliced.by,
        sliced.slices,
        sliced.author,
        lines=sliced.lines,
        tokens=sliced.tokens,
        ordered=not any(one.values for one in sliced.slices),
        training=training,
        replicates=replicates,
        part=sliced.part,
    )
    written = recipe_text(recipe)
    path = _written(name, written)
    st.download_button(
        say("The recipe, for the command line"),
        written,
        f"{name}.toml",
        "text/plain",
        icon=":material/download:",
        on_click="ignore",
        key="recipe-toml",
    )
    key = key_of("build", name, written)
    if made(key, name):
        note(say("{title} is there now.", title=escape(title)))
        ways(name)
        show_removed(open_collection(name).alignment.diagnostics)
        return
    minutes = build_minutes(inside.total, training, replicates)
    alone = build_minutes(inside.total, training, Replicates())
    many = replicates.document + replicates.author
    cost = (
        say(" Of these, {n} are for the {halves} halves that test drift.", n=max(0, minutes - alone), halves=many)
        if many
        else ""
    )
    if offer(
        key,
        build_command(path, attach=keep),
        count(
            "{words:,} words in {slices} slices: about {n} minute on two cores.{cost} If it is stopped, it goes on from"
            " the last finished slice.",
            "{words:,} words in {slices} slices: about {n} minutes on two cores.{cost} If it is stopped, it goes on"
            " from the last finished slice.",
            minutes,
            words=inside.total,
            slices=len(sliced.slices),
            cost=cost,
        ),
        label=say("Build"),
        button="build",
    ):
        remember_made(key)
        st.rerun()


def _written(name: str, recipe: str) -> Path:
    """The file of a recipe in the workspace."""
    folder = workspace().root / "recipes"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    if not path.exists() or path.read_text(encoding="utf-8") != recipe:
        path.write_text(recipe, encoding="utf-8")
    return path


def build_command(recipe: Path, *, attach: bool) -> list[str]:
    """What builds a collection. attach: its texts are indexed as well."""
    return command("build", [recipe], attach=attach)
