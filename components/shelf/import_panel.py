"""Vectors of other tools: what each file seems to be, before anything long starts, then one collection of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from html import escape
from pathlib import Path

import pyarrow as pa
import streamlit as st

from components.parts.markdown import plain
from components.parts.spoken import Spoken, count, later, say
from components.shell.brought import pick_part
from components.shell.cached import derived_of, open_collection
from components.shell.frame import note, shown_errors
from components.shell.intake import Brought, pick_files
from components.shell.jobs import command, key_of, made, offer, remember_made
from components.shell.lenses import lens, link
from components.shell.visit import workspace
from isogloss.errors import InvalidValue
from isogloss.formats.chosen import Candidate
from isogloss.formats.chosen import Chosen as Picked
from isogloss.formats.format import FORMATS, readable, told_formats
from isogloss.formats.preview import Preview, guess, look_at, look_for_candidates
from isogloss.formats.reading import READY
from isogloss.nearest.indexes.graph import EXACT_UP_TO
from isogloss.nearest.neighbors import answered_by
from isogloss.outside.looking import make_ready
from isogloss.tables.opened import inner_name
from isogloss.workspace.catalogue import Catalogue, is_packed
from isogloss.workspace.store import check_name, proposed_name

_LIST = re.compile(r"(vocab|metadata|words|labels|tokenizer)[\w.-]*\.(txt|tsv|vocab|json)$|\.vocab$")
_MANY = 200_000
_REASONS = {
    "duplicate": later("stood there before"),
    "blank": later("have no name"),
    "zero": later("are all zeros"),
    "non_finite": later("hold nan or inf"),
}


@dataclass(frozen=True)
class Chosen:
    """A file with what its owner says of it."""

    file: Brought
    format: str
    vocabulary: Path | None
    space: str
    told: dict[str, str]
    expected: int
    picked: Picked = field(default_factory=Picked)


@dataclass(frozen=True)
class Options:
    """What holds for all files. limit: the most items of each, None for all. float16: half precision."""

    limit: int | None = None
    lower: bool = False
    float16: bool = False
    aligned: bool = False


def import_panel() -> None:
    """Files or paths, what they seem to be, a name for each; then they are imported in a process of its own."""
    files = pick_files(
        say("Vectors"),
        "import",
        help=(
            say(
                "{formats}; each also as .gz, .bz2, .xz, .zst or .zip; or a collection packed by Isogloss",
                formats=told_formats(stored=False),
            )
        ),
    )
    if not files:
        make_ready(READY)
        note(
            say(
                "{formats}; packed or not. Several files make one collection: a space each. Nothing is unpickled,"
                " and nothing leaves this machine.",
                formats=escape(told_formats(stored=True)),
            )
        )
        return
    packed = [file for file in files if is_packed(file.path)]
    for file in packed:
        with shown_errors():
            _unpack(file)
    lists = [file for file in files if _LIST.search(inner_name(Path(file.name)))]
    vectors = [file for file in files if file not in packed and file not in lists]
    if not vectors:
        if lists:
            note(say("These are lists of names: add the file of numbers they belong to."))
        return
    names = _names([inner_name(Path(file.name)) for file in vectors])
    chosen = []
    for i, file in enumerate(vectors):
        with shown_errors():
            chosen.append(_file(file, lists, names[i]))
    with shown_errors():
        if len(chosen) == len(vectors):
            _offer(chosen)


def _names(files: list[str]) -> list[str]:
    """What tells the files apart names their spaces: their periods, else their languages, else their names."""
    guesses = [guess(name, []) for name in files]
    stems = [name.rsplit(".", 1)[0] or name for name in files]
    for told in ([one.period for one in guesses], [one.language for one in guesses], stems):
        if all(told) and len(set(told)) == len(told):
            return told
    return files


@st.cache_data(show_spinner=Spoken("looking at the file …"), max_entries=64)
def _look(path: str, changed: int, name: str, *, format: str | None, vocabulary: str | None, asked: Picked) -> Preview:
    names = Path(vocabulary) if vocabulary else None
    return look_at(Path(path), name=name, format=format, vocabulary=names, asked=asked)


@st.cache_data(show_spinner=Spoken("looking at the file …"), max_entries=64)
def _candidates(
    path: str, changed: int, *, format: str | None, vocabulary: str | None, asked: Picked
) -> tuple[Candidate, ...]:
    names = Path(vocabulary) if vocabulary else None
    return look_for_candidates(Path(path), format=format, vocabulary=names, asked=asked)


def _pick(file: Brought, key: str, *, format: str | None, vocabulary: str | None, changed: int) -> Picked:
    """Which columns or which tensor, where a file holds several that could be meant; each with its first values."""
    asked = Picked(part=pick_part(file, f"{key}-part"))
    found = _candidates(str(file.path), changed, format=format, vocabulary=vocabulary, asked=asked)
    told: dict[str, str] = {}
    for kind, label in (("tensor", say("Matrix")), ("vector", say("Vectors")), ("item", say("Items"))):
        some = [one for one in found if one.kind == kind]
        if len(some) > 1:
            values = {one.name: ", ".join(one.values) for one in some}
            proposed = next((i for i, one in enumerate(some) if one.chosen), 0)
            shown = [f"{name}: {first}"[:120] for name, first in values.items()]
            at = st.selectbox(label, range(len(shown)), proposed, format_func=shown.__getitem__, key=f"{key}-{kind}")
            told[kind] = list(values)[at]
    return replace(asked, **told)


def _file(file: Brought, lists: list[Brought], name: str) -> Chosen:
    """One file: what it seems to be, its first rows, and what can be corrected. name: its space's."""
    key = f"import-{file.path.name}"
    st.html(f"<h3>{escape(file.name)}</h3>")
    left, right = st.columns([1, 1.4], gap="large")
    vocabulary = None
    with left:
        if lists:
            names = {one.name: one.path for one in lists}
            stem = inner_name(Path(file.name)).split(".")[0]
            own = next((n for n in names if inner_name(Path(n)).startswith(stem)), next(iter(names)))
            named = st.selectbox(
                say("Names of its rows"),
                [say("in the file itself"), *names],
                index=[*names].index(own) + 1,
                key=f"{key}-v",
            )
            vocabulary = names.get(named)
        known = readable()
        asked = st.selectbox(
            say("Format"),
            [say("as recognised"), *known],
            key=f"{key}-f",
            format_func=lambda one: known[one].title if one in known else one,
        )
        changed = file.path.stat().st_mtime_ns if file.path.exists() else 0
        told_format, names_file = asked if asked in known else None, str(vocabulary) if vocabulary else None
        picked = _pick(file, key, format=told_format, vocabulary=names_file, changed=changed)
        seen = _look(str(file.path), changed, file.name, format=told_format, vocabulary=names_file, asked=picked)
        space = st.text_input(say("Space"), name, key=f"{key}-s", max_chars=64).strip()
        told = {}
        for column, (what, label, value) in zip(
            st.columns(3),
            (
                ("language", say("Language"), seen.guess.language),
                ("script", say("Script"), seen.guess.script),
                ("period", say("Period"), seen.guess.period),
            ),
            strict=True,
        ):
            told[what] = column.text_input(label, value, key=f"{key}-{what}", max_chars=40).strip()
    with right:
        told_of = {"format": escape(FORMATS[seen.format].title), "dim": seen.dim}
        note(
            say("{format}: about {n:,} items, {dim:,} dimensions. Its first rows:", n=seen.expected, **told_of)
            if seen.expected
            else say("{format}: an unknown number of items, {dim:,} dimensions. Its first rows:", **told_of)
        )
        st.dataframe(_rows(seen), hide_index=True, alt=say("First rows of {name}", name=file.name))
        for said in seen.said:
            note(f"{escape(said[:1].upper() + said[1:])}.")
    return Chosen(file, seen.format, vocabulary, space, told, seen.expected or 0, picked)


def _rows(seen: Preview) -> pa.Table:
    numbers = [", ".join(f"{v:.4g}" for v in row) + (", …" if len(row) < seen.dim else "") for _, row in seen.rows]
    return pa.table({"item": [item for item, _ in seen.rows], "vector": numbers})


def _offer(chosen: list[Chosen]) -> None:
    """The collection they make, the limits said up front, and the import itself."""
    st.divider()
    a, b, c = st.columns(3)
    proposed = proposed_name(inner_name(Path(chosen[0].file.name)).split(".")[0], "my-vectors")
    into = a.text_input(say("Collection"), proposed, key="import-into", max_chars=64).strip()
    limit = b.number_input(
        say("Most items of each file"),
        0,
        100_000_000,
        _MANY if any(one.expected > _MANY for one in chosen) else 0,
        step=50_000,
        key="import-limit",
        help=say("The first N of a file, which in files of word vectors are the most frequent. 0 keeps all."),
    )
    with c:
        lower = st.checkbox(say("Lower-case the items"), key="import-lower")
        half = st.checkbox(say("Half precision: half the size on disk"), key="import-half")
    aligned = len(chosen) > 1 and st.checkbox(
        say("These spaces are aligned: their vectors share coordinates"),
        key="import-aligned",
        help=(
            say(
                "If they are not, each space still answers for its own neighbors; distances between spaces are not"
                " offered."
            )
        ),
    )
    check_name(into)
    names = [one.space for one in chosen]
    if len(set(names)) < len(names) or not all(names):
        raise InvalidValue(
            say("the spaces are called {names}", names=", ".join(names)), say("give each a name of its own")
        )
    options = Options(limit=int(limit) or None, lower=lower, float16=half, aligned=aligned)
    arguments = import_command(chosen, into, options)
    key = key_of("import", arguments)
    if made(key, into):
        report(into, names)
        return
    exists = say(" It is there already: spaces of the same name are replaced.") if into in workspace().folders() else ""
    if offer(
        key,
        arguments,
        count(
            "{n} file to import into {collection}.{exists}",
            "{n} files to import into {collection}.{exists}",
            len(chosen),
            collection=escape(into),
            exists=exists,
        ),
        label=say("Import"),
        button="import",
    ):
        remember_made(key)
        st.rerun()


def import_command(chosen: Sequence[Chosen], into: str, options: Options) -> list[str]:
    """What imports the files into one collection."""
    return command(
        "import",
        [one.file.path for one in chosen],
        into=into,
        space=[one.space for one in chosen],
        called=[one.file.name for one in chosen],
        format=[one.format for one in chosen],
        vocab=[one.vocabulary or "" for one in chosen],
        item_column=_any(one.picked.item for one in chosen),
        vector_column=_any(one.picked.vector for one in chosen),
        tensor=_any(one.picked.tensor for one in chosen),
        part=_any(one.picked.part or "" for one in chosen),
        **{what: [one.told[what] for one in chosen] for what in ("language", "script", "period")},
        **asdict(options),
    )


def _any(values: Iterable[str]) -> list[str] | None:
    """A value for each file, or nothing where none is given."""
    found = list(values)
    return found if any(found) else None


def report(into: str, names: list[str]) -> None:
    """What was imported and what was skipped, by reason; the ways on."""
    collection = open_collection(into)
    for name in names:
        space = collection[name]
        skipped = space.metadata.get("skipped", {})
        counts = {k: n for k, n in skipped.get("counts", {}).items() if n}
        reasons = (
            say("; skipped: {reasons}", reasons=", ".join(_skipped(k, n) for k, n in counts.items())) if counts else ""
        )
        note(
            say(
                "<b>{name}</b>: {n:,} items of {dim:,} dimensions are there now{reasons}.",
                name=escape(name),
                n=len(space),
                dim=space.dim,
                reasons=reasons,
            )
        )
        for said in space.metadata.get("said", []):
            note(f"{escape(str(said))}.")
        listed = [(k, item) for k, items in skipped.get("listed", {}).items() for item in items]
        if listed:
            with st.expander(say("Skipped in {name}", name=plain(name))):
                note(say("The first 200 of each kind."))
                st.dataframe(
                    pa.table({"why": [_reason(k) for k, _ in listed], "item": [i for _, i in listed]}),
                    hide_index=True,
                    alt=say("What was skipped in {name}", name=name),
                )
    ways(into)
    if any(len(space) > EXACT_UP_TO for space in collection.spaces):
        kinds = answered_by(collection, derived_of(collection))
        if set(kinds.values()) == {"exact"}:
            offer(
                key_of("index", collection.fingerprint),
                index_command(into),
                say(
                    "Queries are answered exactly, in about a second each. An index answers at once and says how much"
                    " it misses; it takes some minutes to build."
                ),
                label=say("Build the index"),
            )


def _reason(kind: str) -> str:
    return say(_REASONS[kind]) if kind in _REASONS else in_words(kind)


def _skipped(kind: str, n: int) -> str:
    return say("{n:,} that {reason}", n=n, reason=_reason(kind))


def in_words(reason: str) -> str:
    """A reason of a reader, in words."""
    return say("could not be read ({reason})", reason=reason.replace("_", " "))


def index_command(name: str) -> list[str]:
    """What builds the indexes of a collection."""
    return command("index", [name])


def ways(name: str) -> None:
    """One click to each page that can show a collection."""
    with st.container(horizontal=True):
        for title in ("Neighbors", "Map", "Drift"):
            if title != "Drift" or (len(open_collection(name)) > 1 and open_collection(name).aligned):
                link(title, say(lens(title).its), collection=name)
        if len(open_collection(name)) > 1 and not open_collection(name).aligned:
            link("Align", collection=name)


def _unpack(file: Brought) -> None:
    name = proposed_name(inner_name(Path(file.name)).split(".")[0], "collection")
    note(say("{name} is a collection packed by Isogloss.", name=escape(file.name)))
    into = st.text_input(say("Name it"), name, key=f"unpack-{file.path.name}", max_chars=64).strip()
    if st.button(say("Take it in"), type="primary", key=f"unpacked-{file.path.name}"):
        found = Catalogue(workspace()).unpack(file.path, into)
        note(say("{title} is there now.", title=escape(found.title)))
        ways(found.name)
