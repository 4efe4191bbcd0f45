"""A space in the formats of other tools."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from isogloss.errors import InvalidValue, StoreError, reason_of
from isogloss.formats.format import FORMATS, writable
from isogloss.spaces.space import Space


def export_space(space: Space, format: str, out: str | Path) -> list[Path]:
    """Write a space; the files written. A file is there whole or not at all.

    format: the name of a member of FORMATS that is written; some make two files (OUT.npy and OUT.vocab.txt). Spaces
    inside items become `_` in the two word2vec formats, which have no way to write them. Raises InvalidValue,
    StoreError.
    """
    write = FORMATS[format].write if format in FORMATS else None
    if write is None:
        raise InvalidValue(f"there is no format {format[:40]!r}", f"choose one of {', '.join(writable())}")
    out = Path(out)
    folder = out.resolve().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
        try:
            write(space, made / out.name)
            found = []
            for path in sorted(made.iterdir()):
                os.replace(path, folder / path.name)
                found.append(folder / path.name)
            return found
        finally:
            with contextlib.suppress(OSError):
                shutil.rmtree(made)
    except OSError as error:
        raise StoreError(f"{out} cannot be written ({reason_of(error)})", "name another place") from error


def exported_bytes(spaces: Iterable[Space]) -> int:
    """About how many bytes the vectors take in any format: four for each number."""
    return sum(len(space) * space.dim * 4 for space in spaces)
