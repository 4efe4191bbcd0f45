"""Marked spans through translation: which markers broke, and whether the spans still mean the same."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from isogloss.encoders.encoder import Encoder
from isogloss.errors import InvalidValue
from isogloss.figure import Figure, Null
from isogloss.linear import unit_rows
from isogloss.progress import Progress, part_of, silent
from isogloss.resampling import mean_interval, null_of, share_interval
from isogloss.rewriting.marking.errors import KINDS, errors
from isogloss.rewriting.marking.tags import Marked, Span, marked
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Checked, Failure
from isogloss.types import Floats, Matrix, Rows

_DRAWS = 500
_NEIGHBORS = 10
_MOST = 5_000  # texts whose neighbors are looked for


class Markers:
    name, title = "markers", "Markers"
    help = "tags that mark spans (<H>…</H>): dropped, doubled, nested, reversed, empty, split in a word, added"
    encodes = False

    def check(
        self,
        pairs: Pairs,
        *,
        by: str | None = None,
        encoder: Encoder | None = None,
        seed: int = 0,
        progress: Progress = silent,
    ) -> Checked:
        """With an encoder also the cosine of each span with its counterpart, of what is around them, and, by a column,
        whether the nearest texts have the same value. Raises InvalidValue where no text has a tag; NotFound.
        """
        groups = pairs.groups(by) if by is not None else {}
        source, target = [marked(text) for text in pairs.source], [marked(text) for text in pairs.target]
        if not any(one.tags for one in (*source, *target)):
            raise InvalidValue(f"no text of {pairs.name} has a tag such as <H>", "mark spans as <H>…</H>")
        failures = [one for row, both in enumerate(zip(source, target, strict=True)) for one in errors(row, *both)]
        masks = {kind: np.zeros(len(pairs), dtype=np.bool_) for kind in KINDS}
        for one in failures:
            masks[one.kind][one.row] = True
        wrong = np.logical_or.reduce(list(masks.values()))
        has = np.array([bool(a.tags or b.tags) for a, b in zip(source, target, strict=True)])
        spans = _spans(source, target) if encoder is not None else None
        compared = _compared(spans, encoder, len(pairs), progress) if spans is not None and encoder is not None else {}
        labels = _labels(groups, target, encoder, seed) if encoder is not None and groups else None

        def of(rows: Sequence[int]) -> dict[str, Figure]:
            at = np.asarray(rows, dtype=np.int64)
            here = at[has[at]]
            told = {
                "intact": _share(~wrong[here], seed, "share of pairs with markers whose markers are all right", "more")
            }
            for kind, mask in masks.items():
                told[kind] = _share(mask[here], seed, f"share of pairs with markers: {kind.replace('_', ' ')}", "less")
            for name, (values, null) in compared.items():
                told[name] = _mean(values[at], null, seed, f"mean cosine of the {_OF[name]} with its counterpart")
            return told

        figures = of(range(len(pairs)))
        if labels is not None:
            figures["label_agreement"] = labels
        rows = {name: values.tolist() for name, (values, _) in compared.items()}
        by_kind = {name: _counts(failures, set(at)) for name, at in groups.items()}
        extra: dict[str, Any] = {
            "kinds": _counts(failures),
            "sources_broken": sum(bool(text.loose or text.reversed) for text in source),
            "markers": dict(Counter(span.name for text in source for span in text.spans).most_common()),
            "tokens": [[list(text.in_tokens(span)) for span in text.spans] for text in target],
        }
        if groups:
            extra["by_kind"] = by_kind
        return Checked(
            figures, {name: of(at) for name, at in groups.items()}, failures, rows, _said(has, wrong, failures), extra
        )


_OF = {"span_cosine": "text of a span", "context_cosine": "text around it"}


def _counts(failures: Sequence[Failure], rows: set[int] | None = None) -> dict[str, int]:
    found = Counter(one.kind for one in failures if rows is None or one.row in rows)
    return {kind: found.get(kind, 0) for kind in KINDS}


def _spans(source: Sequence[Marked], target: Sequence[Marked]) -> list[tuple[int, Marked, Span, Marked, Span]]:
    """Spans of names that either text has once, with their rows."""
    found = []
    for row, (a, b) in enumerate(zip(source, target, strict=True)):
        names = {span.name for span in a.spans}
        for name in sorted(names):
            one, two = ([span for span in text.spans if span.name == name] for text in (a, b))
            if len(one) == len(two) == 1 and a.inner(one[0]).strip() and b.inner(two[0]).strip():
                found.append((row, a, one[0], b, two[0]))
    return found


def _compared(
    spans: Sequence[tuple[int, Marked, Span, Marked, Span]], encoder: Encoder, n: int, progress: Progress
) -> dict[str, tuple[Floats, Null | None]]:
    """Mean cosine a pair of its spans, and of what is around them, (n,), with the mean of spans that are no pair."""
    if not spans:
        return {}
    rows = np.array([row for row, *_ in spans])
    parts = {
        "span_cosine": [(a.inner(one), b.inner(two)) for _, a, one, b, two in spans],
        "context_cosine": [(_around(a, one), _around(b, two)) for _, a, one, b, two in spans],
    }
    found = {}
    for i, (name, texts) in enumerate(parts.items()):
        here = part_of(progress, i / 2, (i + 1) / 2)
        one = unit_rows(encoder.encode([a for a, _ in texts], progress=part_of(here, 0.0, 0.5)))
        two = unit_rows(encoder.encode([b for _, b in texts], progress=part_of(here, 0.5, 1.0)))
        cosines = np.einsum("ij,ij->i", one, two).astype(np.float64)
        cosines[~(one.any(axis=1) & two.any(axis=1))] = np.nan
        known = np.isfinite(cosines)
        value = float(cosines[known].mean()) if known.any() else math.nan
        null = null_of(_strangers(one.astype(np.float64), two.astype(np.float64)), value, "spans of other pairs")
        sums = np.bincount(rows[known], cosines[known], minlength=n)
        counts = np.bincount(rows[known], minlength=n)
        found[name] = (np.where(counts > 0, sums / np.maximum(counts, 1), np.nan), null)
    return found


def _strangers(one: Matrix, two: Matrix) -> list[float]:
    """Mean cosine when the counterparts are moved by one place, by two …: up to 200 of them."""
    n = len(one)
    return [float((one * np.roll(two, shift, axis=0)).sum(axis=1).mean()) for shift in range(1, min(n, 201))]


def _around(text: Marked, span: Span) -> str:
    start, end = text.in_plain(span)
    return f"{text.plain[:start]} {text.plain[end:]}".strip()


def _labels(
    groups: Mapping[str, Sequence[int]], target: Sequence[Marked], encoder: Encoder, seed: int
) -> Figure | None:
    """Share of each target's ten nearest that have its value of the column, beside the same with values permuted."""
    codes = np.zeros(len(target), dtype=np.int64)
    for code, at in enumerate(groups.values()):
        codes[list(at)] = code
    rng = np.random.default_rng(seed)
    rows = np.arange(len(target))
    if len(rows) > _MOST:
        rows = np.sort(rng.choice(rows, _MOST, replace=False))
    if len(rows) < 3:
        return None
    vectors = unit_rows(encoder.encode([target[row].plain for row in rows.tolist()]))
    near = _nearest(vectors @ vectors.T, min(_NEIGHBORS, len(rows) - 1))

    def agreement(labels: Rows) -> Floats:
        return np.asarray((labels[near] == labels[:, None]).mean(axis=1))

    labels = codes[rows]
    each = agreement(labels)
    drawn = [float(agreement(rng.permutation(labels)).mean()) for _ in range(200)]
    low, high = mean_interval(each, _DRAWS, rng)
    value = float(each.mean())
    null = null_of(drawn, value, "values permuted among the texts")
    how = f"share of each target's {near.shape[1]} nearest targets with the same value of the column"
    return Figure(value=value, n=len(rows), better="more", low=low, high=high, null=null, how=how)


def _nearest(cosines: np.ndarray, k: int) -> Rows:
    np.fill_diagonal(cosines, -np.inf)
    return np.asarray(np.argpartition(cosines, -k, axis=1)[:, -k:])


def _share(hits: np.ndarray, seed: int, how: str, better: Any) -> Figure:
    if not len(hits):
        return Figure(value=math.nan, n=0, better=better, how=how)
    share = float(hits.mean())
    low, high = share_interval(share, len(hits), _DRAWS, rng=np.random.default_rng(seed))
    return Figure(value=share, n=len(hits), better=better, low=low, high=high, how=how)


def _mean(values: Floats, null: Null | None, seed: int, how: str) -> Figure:
    known = values[np.isfinite(values)]
    if not len(known):
        return Figure(value=math.nan, n=0, better="more", how=how)
    low, high = mean_interval(known, _DRAWS, np.random.default_rng(seed))
    return Figure(value=float(known.mean()), n=len(known), better="more", low=low, high=high, null=null, how=how)


def _said(has: np.ndarray, wrong: np.ndarray, failures: Sequence[Failure]) -> str:
    n, bad = int(has.sum()), int(wrong.sum())
    said = f"{bad:,} of {n:,} pairs with markers have a broken one"
    if bad:
        kind, count = Counter(one.kind for one in failures).most_common(1)[0]
        said += f", most {kind.replace('_', ' ')} ({count:,})"
    return said


member = Markers()
