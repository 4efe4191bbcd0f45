"""What a notebook calls that crosses rooms: open, save, build, layout, concordance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, overload

from isogloss.progress import Progress, silent
from isogloss.spaces.collection import Collection
from isogloss.workspace.access import require_writable
from isogloss.workspace.store import SCRIPTS, Workspace, check_name, read_collection

if TYPE_CHECKING:
    from isogloss.corpora.passages import Found
    from isogloss.maps.layout import Layout
    from isogloss.maps.local import LocalLayout


def open_collection(named: str | Path, *, workspace: str | Path | None = None) -> Collection:
    """A collection by its name, or by the folder that holds it.

    workspace: where your own collections live (default: ISOGLOSS_HOME, else the platform's place). Raises NotFound
    with the nearest names, StoreError.

    >>> open_collection("un-debates").names
    ['1946-1969', '1970-1989', '1990-2006', '2007-2024']
    """
    folder = Path(named)
    if (folder / "collection.json").is_file():
        return read_collection(folder)
    place = Workspace(workspace)
    if str(named) == SCRIPTS:
        from isogloss.separation.concepts import ensure_made

        ensure_made(place, SCRIPTS)
    return place.open(str(named))


def save(collection: Collection, *, name: str = "", workspace: str | Path | None = None) -> Path:
    """Write a collection into the workspace, in the place of one of that name; its folder.

    Raises InvalidValue for a name that cannot be one, or is that of a shipped collection; StoreError.
    """
    require_writable()
    return Workspace(workspace).save(replace(collection, name=check_name(name)) if name else collection)


def build(recipe: str | Path, *, progress: Progress = silent, workspace: str | Path | None = None) -> Collection:
    """Build the collection of a recipe (TOML), keep it in the workspace and open it.

    A build that was stopped goes on from its last finished training. Raises InvalidValue, BuildError, StoreError.
    """
    from isogloss.corpora.recipe import read_recipe
    from isogloss.training.build import build_and_keep

    require_writable()
    place = Workspace(workspace)
    built = build_and_keep(read_recipe(recipe), place, keep=place.save, progress=progress)
    return place.open(built.collection.name)


@overload
def layout(collection: Collection, *spaces: str, dimensions: int = 2) -> Layout: ...


@overload
def layout(
    collection: Collection, *spaces: str, around: str | Sequence[str], size: int | None = None, dimensions: int = 2
) -> LocalLayout: ...


def layout(
    collection: Collection,
    *spaces: str,
    around: str | Sequence[str] | None = None,
    size: int | None = None,
    dimensions: int = 2,
) -> Layout | LocalLayout:
    """The UMAP map of the spaces named, in one picture (default: all); the same picture every time, kept where the
    collection came from.

    around: an item, or several: only what lies near them in any of the spaces (`size` items, 60 for one), laid out for
    itself, as a `LocalLayout` with a table of items and places; see `isogloss.maps.local`.
    Raises NotAligned for several spaces without shared coordinates, NotFound, InvalidValue.
    """
    from isogloss.maps.layout import LayoutParameters, make_layout
    from isogloss.workspace.derived import store_of

    if around is not None:
        from isogloss.maps.local import local_layout

        return local_layout(collection, around, spaces=spaces, size=size, n_components=dimensions)
    names = list(spaces) or collection.names
    return make_layout(collection, names, LayoutParameters(n_components=dimensions), store=store_of(collection))


def concordance(
    collection: Collection,
    word: str,
    *,
    space: str | None = None,
    limit: int = 20,
    workspace: str | Path | None = None,
) -> Found:
    """Lines in context of a word or phrase, by space. Raises NotFound where the texts were not attached."""
    from isogloss.corpora.passages import attached_passages

    return attached_passages(Workspace(workspace), collection.name).find(word, space, limit=limit)
