"""A person's own collections: what is in them, their names, their files, and the way out and back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from html import escape
from pathlib import Path

import streamlit as st

from components.parts.facts import facts_html
from components.parts.markdown import plain
from components.parts.spoken import count, say
from components.shelf.import_panel import ways
from components.shell.brought import pick_part
from components.shell.cached import open_collection
from components.shell.frame import ems, note, shown_errors
from components.shell.intake import pick_files
from components.shell.jobs import command, key_of, offer
from components.shell.visit import workspace
from isogloss.corpora.passages import Passages
from isogloss.formats.format import FORMATS, writable
from isogloss.formats.writing import export_space, exported_bytes
from isogloss.spaces.space import Space
from isogloss.tables.read import told_of
from isogloss.workspace.access import read_only, require_writable
from isogloss.workspace.catalogue import MOST_DESCRIPTION, MOST_TITLE, Catalogue
from isogloss.workspace.folders import scratch_folder

_LARGE = 500_000_000


def shelf_panel() -> None:
    """Each collection with what may be done to it; what was deleted can be brought back."""
    catalogue = Catalogue(workspace())
    _bring_back(catalogue)
    own = catalogue.own()
    if not own:
        note(
            say("None yet. Import vectors, build from texts, or encode texts on Scripts: what you make is listed here.")
        )
    for name in own:
        with shown_errors():
            _one(catalogue, name)
    shipped = [name for name in catalogue.workspace.folders() if name not in own]
    if shipped:
        st.divider()
        note(say("Collections that come with Isogloss can be exported, and their texts attached."))
        with shown_errors():
            chosen = st.selectbox(
                say("Collection"), shipped, key="export-shipped", format_func=lambda n: open_collection(n).title
            )
            _export(catalogue, chosen)
            _texts(chosen)


def _texts(name: str) -> None:
    """The texts of a collection: what is attached, or a place to attach them."""
    collection, passages = open_collection(name), Passages(workspace(), name)
    if passages.attached:
        facts = passages.facts()
        note(
            say(
                "Its texts are attached: {documents:,} documents of {file}. Neighbors and Drift show any word's lines"
                " in context.",
                documents=facts["documents"],
                file=escape(str(facts["file"])),
            )
        )
        if (read := facts.get("read")) and (read["skipped"] or read["left_out"]):
            note(say("Of its rows: {told}.", told=escape(told_of(read))))
        return
    corpus = collection.metadata.get("corpus")
    if not isinstance(corpus, Mapping) or read_only():
        return
    source = collection.metadata.get("source", "")
    files = pick_files(
        say("Attach its texts, for lines in context"),
        f"texts-{name}",
        help=_made_from(corpus, str(source)),
    )
    if files:
        arguments = attach_command(name, files[0].path, part=pick_part(files[0], f"texts-{name}-part"))
        what = say("{name} to index.", name=escape(files[0].name))
        offer(key_of("attach", arguments), arguments, what, label=say("Attach"), button=f"attach-{name}")


def _made_from(corpus: Mapping[str, object], source: str) -> str:
    file = plain(corpus.get("file", ""))
    if source:
        return say("The corpus it was made from: {file} ({source})", file=file, source=plain(source))
    return say("The corpus it was made from: {file}", file=file)


def attach_command(name: str, file: Path, *, part: str | None = None) -> list[str]:
    """What indexes the texts of a collection. part: the split or file of it that is read."""
    return command("attach", [name, file], part=part)


def _one(catalogue: Catalogue, name: str) -> None:
    collection = open_collection(name)
    st.html(f"<h3>{escape(collection.title)}</h3>")
    if told := str(collection.metadata.get("description", "")):
        note(escape(told))
    st.html(facts_html(collection))
    ways(name)
    with st.expander(say("Rename, describe, export, delete")):
        with st.form(f"about-{name}", border=False):
            title = st.text_input(say("Title"), collection.title, max_chars=MOST_TITLE)
            about = st.text_area(say("Description"), told, max_chars=MOST_DESCRIPTION, height=80)
            new = st.text_input(say("Name in addresses and commands"), name, max_chars=64).strip()
            if st.form_submit_button("Save"):
                require_writable()
                catalogue.describe(name, title, about)
                if new != name:
                    catalogue.rename(name, new)
                st.rerun()
        _export(catalogue, name)
        _texts(name)
        if st.button(say("Delete"), key=f"delete-{name}", icon=":material/delete:"):
            require_writable()
            catalogue.delete(name)
            st.rerun()


def _export(catalogue: Catalogue, name: str) -> None:
    """The whole as one .zip, or one space in the format of another tool."""
    collection = open_collection(name)
    left, middle, right, last = st.columns(4, vertical_alignment="bottom")
    left.download_button(
        say("Whole, as .zip"),
        lambda: _packed(catalogue, name),
        f"{name}.zip",
        "application/zip",
        on_click="ignore",
        key=f"zip-{name}",
        icon=":material/download:",
    )
    names = collection.names
    picked = middle.selectbox(say("Space"), names, key=f"export-space-{name}")
    space = collection[picked if picked in names else names[0]]
    format = right.selectbox(say("Format"), list(writable()), key=f"export-format-{name}")
    written = FORMATS[format].written
    ending = written[0] if len(written) == 1 else ".zip"
    last.download_button(
        say("One space"),
        lambda: _exported(space, format),
        f"{name}-{names.index(space.name)}{ending}",
        on_click="ignore",
        key=f"space-{name}",
        icon=":material/download:",
    )
    if exported_bytes(collection.spaces) > _LARGE:
        note(
            say(
                "It is large; <code>python -m isogloss pack {name} OUT.zip</code> needs less memory.", name=escape(name)
            )
        )


def _packed(catalogue: Catalogue, name: str) -> bytes:
    with scratch_folder() as folder:
        out = folder / "packed.zip"
        catalogue.pack(name, out)
        return out.read_bytes()


def _exported(space: Space, format: str) -> bytes:
    """One file as it is; two as a .zip of them."""
    with scratch_folder() as folder:
        files = export_space(space, format, folder / f"space{FORMATS[format].written[0]}")
        if len(files) == 1:
            return files[0].read_bytes()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in files:
                archive.write(path, path.name)
        return out.getvalue()


def _bring_back(catalogue: Catalogue) -> None:
    deleted = catalogue.deleted()
    if not deleted:
        return
    for receipt, name in list(deleted.items())[:5]:
        left, right = st.columns([5, 1], vertical_alignment="center")
        with left:
            note(say("{name} was deleted. It can be brought back for a day.", name=escape(name)))
        if right.button(say("Undo"), key=f"undo-{receipt}", icon=":material/undo:"):
            with shown_errors():
                require_writable()
                catalogue.restore(receipt)
                st.rerun()


def shelf_sentence(own: list[str]) -> str:
    """How many collections of one's own there are, and which."""
    if not own:
        return say("Bring your own vectors or texts: they stay on this machine and open on every page.")
    named = f"{ems(own, 5)}{' …' if len(own) > 5 else ''}"
    return count(
        "You have {n} collection of your own: {names}.",
        "You have {n} collections of your own: {names}.",
        len(own),
        names=named,
    )
