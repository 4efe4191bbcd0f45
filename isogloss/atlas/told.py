"""A survey as tables, and as what `--json` prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from isogloss.atlas.across import Missing
from isogloss.atlas.sections import Misfiled
from isogloss.atlas.survey import Survey
from isogloss.figure import Figure


def sections_table(found: Survey) -> pa.Table:
    """A row a section: section, n, purity, low, high, chance, chance_p95, p, q, holds."""
    rows = []
    for one in found.purity.sections:
        null = one.purity.null
        rows.append(
            {
                "section": one.name,
                "n": one.n,
                "purity": one.purity.value,
                "low": one.purity.low,
                "high": one.purity.high,
                "chance": null.mean if null else None,
                "chance_p95": null.p95 if null else None,
                "p": null.p if null else None,
                "q": one.q,
                "holds": one.holds,
            }
        )
    return pa.Table.from_pylist(rows)


def misfiled_table(found: Survey) -> pa.Table:
    """A row a candidate: title, section, other, margin, n, n_other, near, near_own, link."""
    names = ("title", "section", "other", "margin", "n", "n_other", "near", "near_own", "link")
    return _table([asdict(one) for one in found.purity.misfiled], names)


def missing_table(found: Survey) -> pa.Table:
    """A row a candidate: title, catalogue, lacks, section, nearest, similarity, margin, nearer_than, n, link."""
    names = "title catalogue lacks section nearest similarity margin nearer_than n link".split()
    return _table([asdict(one) for one in found.across.missing], names)


def as_json(found: Survey, figure: Callable[[Figure], Mapping[str, Any]], *, most: int = 20) -> dict[str, Any]:
    """figure: how one is written. most: of what is misfiled and of what is missing."""
    return {
        "said": found.said,
        "catalogues": [
            {"name": one.name, "sections": len(one.sections), "read": one.read.as_json()} for one in found.catalogues
        ],
        "titles": len(found.titles),
        "in_several": list(found.across.both),
        "encoder": found.space.metadata["encoder"],
        "k": found.purity.k,
        "purity": figure(found.purity.overall),
        "placed": figure(found.purity.placed),
        "sections": [
            {
                "section": one.name,
                "n": one.n,
                "purity": figure(one.purity),
                "q": None if one.q != one.q else round(one.q, 6),
                "holds": one.holds,
            }
            for one in found.purity.sections
        ],
        "misfiled": {
            "n": len(found.purity.misfiled),
            "first": [_rounded(asdict(one)) for one in found.purity.misfiled[:most]],
        },
        "missing": {
            "n": len(found.across.missing),
            "first": [_rounded(asdict(one)) for one in found.across.missing[:most]],
        },
    }


def _first(found: Sequence[Misfiled] | Sequence[Missing], most: int) -> dict[str, Any]:
    return {"n": len(found), "first": [_rounded(asdict(one)) for one in found[:most]]}


def _rounded(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: round(one, 6) if isinstance(one, float) else one for key, one in row.items()}


def _table(rows: list[dict[str, Any]], names: Any) -> pa.Table:
    return pa.Table.from_pylist(rows) if rows else pa.table({name: pa.array([], pa.string()) for name in names})
