"""Tables of text in files: Parquet, Arrow, CSV in its dialects, TSV, JSON; packed, in shards or splits, or not."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from isogloss.errors import InvalidValue
from isogloss.outside.looking import look
from isogloss.tables.columnar import (
    SPLITS,
    STATE,
    dataset_files,
    read_columnar,
    shard_name,
    splits_of,
    together,
)
from isogloss.tables.columns import plain_table
from isogloss.tables.content import HEAD, TABLES, kind_of_content
from isogloss.tables.json_values import read_json
from isogloss.tables.opened import inner_name, members, opened
from isogloss.tables.read import TableRead
from isogloss.tables.separated import read_separated
from isogloss.text.tally import Tally

_DEPTH = 2  # folders of shards lie as deep as data/train/
_MOST_FILES = 20_000


def kind_of(path: Path) -> str:
    """The ending below the packing, lower-case.

    >>> kind_of(Path("a/Corpus.CSV.xz"))
    '.csv'
    """
    return Path(inner_name(path)).suffix


def head_of(path: Path, part: str | None = None) -> bytes:
    """The first bytes of a file, unpacked. Raises NotFound, InvalidValue."""
    with opened(path, part) as stream:
        return stream.read(HEAD)


def content_kind(path: Path, part: str | None = None) -> str:
    """`parquet`, `arrow`, `json`, `separated` or `plain`. Raises NotFound, InvalidValue for what holds no text."""
    return kind_of_content(head_of(path, part), part or inner_name(path))


def read_table(path: Path, *, part: str | None = None, plain: bool = True) -> TableRead:
    """The rows of a table with what was skipped; an empty text is null. At most 4 GiB and 50 million rows.

    The content decides what a file is, its ending where it may be several. A folder is one of `datasets`, or of shards
    that are read as one. part: the split of a folder or the file of a .zip, where there are several. plain: lists and
    other values that are no text as their text, objects by dotted columns (see `plain_table`).
    Raises NotFound, InvalidValue naming the file, and the line, row or byte where there is one.
    """
    try:
        found = _folder(path, part) if path.is_dir() else _file(path, part)
        return replace(found, table=plain_table(found.table)) if plain else found
    except (pa.ArrowException, OSError, OverflowError, RecursionError, UnicodeError) as error:
        reason = " ".join(str(error).split())[:160]
        raise InvalidValue(f"{path.name} cannot be read ({reason})", "check that the file is whole") from error


def take_table(path: Path, *, part: str | None = None, plain: bool = True) -> TableRead:
    """`read_table` in a process beside this one."""
    return look(read_table, path, kinds=(TableRead, Tally), part=part, plain=plain)


def look_at_kind(path: Path, part: str | None = None) -> str:
    """`content_kind` in a process beside this one."""
    return look(content_kind, path, quick=True, part=part)


def parts_of(path: Path) -> list[str]:
    """What `part` may name: the files of a .zip, the splits of a folder; none where there is nothing to choose."""
    if path.is_dir():
        found = splits_of(path) or list(dict.fromkeys(shard_name(one.stem) for one in _shards(path)[0]))
    else:
        found = members(path)
    return found if len(found) > 1 else []


def look_at_parts(path: Path) -> list[str]:
    """`parts_of` in a process beside this one, where there may be any."""
    return look(parts_of, path, quick=True) if path.is_dir() or path.suffix.lower() == ".zip" else []


def is_saved(folder: Path) -> bool:
    """Whether a folder is one that `datasets` saved."""
    return (folder / SPLITS).is_file() or (folder / STATE).is_file()


def is_folder_of_tables(folder: Path) -> bool:
    """Whether a folder holds a table in shards or splits, rather than texts."""
    return is_saved(folder) or bool(_shards(folder)[0])


def _file(path: Path, part: str | None) -> TableRead:
    name = part or path.name
    head = head_of(path, part)
    if not head:
        raise InvalidValue(f"{name} is empty", "give a file with at least one row")
    kind = kind_of_content(head, part or inner_name(path))
    if kind in ("parquet", "arrow"):
        return read_columnar(path, kind, part=part)
    if kind == "json":
        found = read_json(path, part)
    elif kind == "separated":
        ending = Path(part or inner_name(path)).suffix.lower()
        found = read_separated(path, head, ending, part=part, whole=len(head) < HEAD)
    else:
        raise InvalidValue(f"{name} is no table of a kind that can be read", f"give one of {', '.join(TABLES)}")
    return replace(found, told={"file": part} | dict(found.told)) if part else found


def _folder(folder: Path, part: str | None) -> TableRead:
    if splits := splits_of(folder):
        chosen = _chosen(folder, splits, part)
        found = _folder(folder / chosen, None)
        return replace(found, told={"split": chosen} | dict(found.told))
    found = shards_of(folder, part)
    names = [folder / name for name in found.table["file"].to_pylist()]
    saved = (folder / STATE).is_file()
    read = together([read_columnar(one, "arrow") if saved else _file(one, None) for one in names])
    for name, why in found.read.left_out.items():
        read.read.leave_out(name, why)
    return replace(read, told=dict(found.told) | dict(read.told))


def shards_of(folder: Path, part: str | None) -> TableRead:
    """What is read as one table: a table of their names (`file`) in a folder, in order; those that are left out, with
    why; and what was decided. Raises InvalidValue for a folder of none, or of several splits without a choice.
    """
    if (folder / STATE).is_file():
        if part not in (None, folder.name):
            raise InvalidValue(f"{folder.name} has no split {str(part)[:80]!r}", "leave the part out")
        return TableRead(pa.table({"file": [one.name for one in dataset_files(folder)]}), Tally())
    files, left_out = _shards(folder)
    if not files:
        raise InvalidValue(f"{folder.name} holds no table", f"give files that end as one of {', '.join(TABLES)}")
    names = list(dict.fromkeys(shard_name(one.stem) for one in files))
    told: dict[str, str] = {}
    if len(names) > 1 and (part is not None or _are_splits(names)):
        chosen = _chosen(folder, names, part)
        files, told = [one for one in files if shard_name(one.stem) == chosen], {"split": chosen}
    told |= {"shards": f"{len(files):,}"} if len(files) > 1 else {}
    tally = Tally()
    for name, why in left_out.items():
        tally.leave_out(name, why)
    listed = pa.array([str(one.relative_to(folder)) for one in files], pa.string())
    return TableRead(pa.table({"file": listed}), tally, told)


def _are_splits(names: list[str]) -> bool:
    """Whether names tell splits apart; other shards (1990.parquet, 1991.parquet) belong together."""
    return bool({"train", "test", "validation", "valid", "dev"} & {name.lower() for name in names})


def _chosen(folder: Path, splits: list[str], part: str | None) -> str:
    if part is None and len(splits) == 1:
        return splits[0]
    if part is None:
        raise InvalidValue(
            f"{folder.name} holds the splits {', '.join(splits)[:200]}",
            "name the one to read (`part`), or give its folder",
        )
    if part not in splits or Path(part).name != part:
        raise InvalidValue(f"{folder.name} has no split {part[:80]!r}", f"it holds {', '.join(splits)[:200]}")
    return part


def _shards(folder: Path) -> tuple[list[Path], dict[str, str]]:
    """The tables of a folder, all of the kind that most are; the others with why they are left out."""
    found: dict[str, list[Path]] = {}
    seen = 0
    for place, inner, files in os.walk(folder, followlinks=False):
        inner.sort()
        if len(Path(place).relative_to(folder).parts) >= _DEPTH:
            inner.clear()
        for name in sorted(files):
            path = Path(place) / name
            seen += 1
            if kind_of(path) in TABLES and not path.is_symlink() and path.is_file() and not name.startswith("."):
                found.setdefault(kind_of(path), []).append(path)
        if seen > _MOST_FILES:
            break
    if not found:
        return [], {}
    kind = max(found, key=lambda one: (one == ".parquet", len(found[one])))
    others = {
        path.relative_to(folder).as_posix(): f"the others are {kind}"
        for other, paths in found.items()
        if other != kind
        for path in paths
    }
    return found[kind], others
