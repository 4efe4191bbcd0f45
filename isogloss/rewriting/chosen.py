"""Failures as people see them: by row, kind and type; which rows a choice of kinds drops, and why."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from isogloss.errors import InvalidValue
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Failure

_COLUMNS = ("row", "kind", "what", "span", "source", "target")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def kinds_of(failures: Sequence[Failure]) -> dict[str, int]:
    """Kind → how many failures are of it, the most frequent first."""
    found: dict[str, int] = {}
    for one in failures:
        found[one.kind] = found.get(one.kind, 0) + 1
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def dropped_by(failures: Sequence[Failure], kinds: Collection[str]) -> dict[int, list[Failure]]:
    """Position of a pair → why it is dropped. kinds: `lost`, or `lost:url` for one type of thing; `any` for all.

    Raises InvalidValue for a kind that no failure is of.

    >>> dropped_by([Failure(3, "lost", "url"), Failure(5, "moved", "url")], ["lost"])
    {3: [Failure(row=3, kind='lost', what='url', span='', at=None)]}
    """
    known = {one.kind for one in failures} | {f"{one.kind}:{one.what}" for one in failures}
    for kind in kinds:
        if kind != "any" and kind not in known:
            named = ", ".join(sorted(one for one in known if ":" not in one)) or "none, as nothing failed"
            raise InvalidValue(f"no failure is of the kind {kind[:40]!r}", f"choose from {named}")
    out: dict[int, list[Failure]] = {}
    for one in failures:
        if "any" in kinds or one.kind in kinds or f"{one.kind}:{one.what}" in kinds:
            out.setdefault(one.row, []).append(one)
    return out


def failure_as_json(pairs: Pairs, one: Failure) -> dict[str, Any]:
    """A failure with its row as the file counts."""
    return {
        "row": pairs.rows[one.row],
        "kind": one.kind,
        "what": one.what,
        "span": one.span,
        "at": None if one.at is None else list(one.at),
    }


def reasons_csv(pairs: Pairs, dropped: Mapping[int, Sequence[Failure]]) -> bytes:
    """The dropped rows with reasons, as CSV: row, kind, what, span, source, target, and the pairs' other columns under
    names that are not ours. Cells that a spreadsheet would read
    as a formula begin with an apostrophe.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    others = [name for name in pairs.columns if name.casefold() not in _COLUMNS]
    writer.writerow([*_COLUMNS, *(_safe(name) for name in others)])
    for row in sorted(dropped):
        for one in dropped[row]:
            texts = [one.kind, one.what, one.span, pairs.source[row], pairs.target[row]]
            texts += [pairs.columns[name][row] for name in others]
            writer.writerow([pairs.rows[row], *map(_safe, texts)])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _safe(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text
