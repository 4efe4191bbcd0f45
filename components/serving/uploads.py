"""How much may be brought to the server: by one visitor and by all together, counted before a file is taken.

Streamlit holds what is uploaded in memory until the visit ends.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit import runtime

from isogloss.workspace.access import visitors

EACH = 2_000 * 2**20  # bytes of one visitor, as many as the largest file has
_flying: Counter[str] = Counter()  # session → bytes that are on their way


def most() -> int:
    """Bytes of all visitors together: half of the machine's memory."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):  # Windows
        return 4 * 2**30


def held() -> Counter[str]:
    """Session → bytes that are held or on their way."""
    found = Counter(_flying)
    if runtime.exists():
        for session, files in list(getattr(runtime.get_instance().uploaded_file_mgr, "file_storage", {}).items()):
            found[session] += sum(len(file.data) for file in list(files.values()))
    return found


def refusal(session: str, size: int | None) -> tuple[int, str] | None:
    """Status and reason where a file of `size` bytes has no room; None where it has."""
    if size is None:
        return 411, "say how long the file is"
    now, all_of_them = held(), most()
    each = EACH if visitors() else all_of_them
    if now[session] + size > each:
        return 413, f"a visitor may bring {each // 2**20:,} MB in all: put some away, or load the page anew"
    if now.total() + size > all_of_them:
        return 413, "the server holds as much as it can: come again later"
    return None


@contextmanager
def on_its_way(session: str, size: int) -> Iterator[None]:
    """While a file comes it counts as held."""
    _flying[session] += size
    try:
        yield
    finally:
        _flying[session] -= size
        if _flying[session] <= 0:
            del _flying[session]
