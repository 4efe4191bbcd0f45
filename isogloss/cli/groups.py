"""The command line's part on scripts and encoders: scripts, angles, encode, romanize, translit-gap."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from isogloss.cli.progress import Counted
from isogloss.separation.concepts import ensure_made
from isogloss.separation.removal import REMOVALS
from isogloss.spaces.space import Space
from isogloss.workspace.access import require_writable
from isogloss.workspace.additions import with_spaces
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import Workspace, check_name

Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def add_commands(add: Add) -> None:
    command = add("scripts", _scripts, "how far the scripts or languages of a space lie apart")
    _add_groups(command)
    command.add_argument("--remove", choices=REMOVALS, default="none", help="take the groups' part out first")
    command.add_argument("--rank", type=int, help="directions taken out (default: groups − 1 for lsar, 1 for lir)")
    command.add_argument("--seed", type=int, default=0, help="of the two halves, the nulls and the intervals")
    command.add_argument("--store", type=Path, metavar="FOLDER", help=argparse.SUPPRESS)  # what is shipped

    _add_groups(add("angles", _angles, "principal angles between the scripts or languages of a space"))

    command = add("encode", _encode, "encode the texts of a file into a space")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--column", metavar="C", help="the text column (default: text, or the only one)")
    command.add_argument("--model", metavar="M", default="", help="a stage of the shipped encoder, a folder or a name")
    command.add_argument("--into", required=True, metavar="COLLECTION")
    command.add_argument("--space", required=True, metavar="S")
    command.add_argument("--json", action="store_true", help="print JSON for other programs")

    add("romanize", _romanize, "romanize lines from standard input")

    command = add("translit-gap", _gap, "P@1 of texts in their script and romanized, by language")
    command.add_argument("file", type=Path, metavar="FILE.tsv")
    command.add_argument("--model", metavar="M", default="", help="a stage of the shipped encoder, a folder or a name")
    command.add_argument("--json", action="store_true", help="print JSON for other programs")


def _add_groups(command: argparse.ArgumentParser) -> None:
    command.add_argument("collection")
    command.add_argument("--space", metavar="S", help="default: the last")
    command.add_argument("--by", choices=("script", "language"), default="script")
    command.add_argument("--json", action="store_true", help="print JSON for other programs")


def _open(options: argparse.Namespace) -> Space:
    workspace = Workspace(options.workspace)
    ensure_made(workspace, options.collection)
    collection = workspace.open(options.collection)
    return collection[options.space] if options.space else collection.spaces[-1]


def _number(value: float) -> float | None:
    return round(float(value), 6) if math.isfinite(value) else None


def _print(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _scripts(options: argparse.Namespace) -> None:
    from isogloss.separation.report import FIGURES, kept_report

    space = _open(options)
    store = DerivedStore(options.store) if options.store else Workspace(options.workspace).derived(options.collection)
    found = kept_report(space, store, options.by, options.remove, options.rank, options.seed)
    if options.json:
        _print(
            {
                "space": space.name,
                "by": options.by,
                "groups": [{"name": name, "n": n} for name, n in found.groups],
                **{name: _number(found.values[name]) for name in FIGURES},
                "null": {
                    name: {"mean": _number(one.mean), "p95": _number(one.p95), "p_value": _number(one.p_value)}
                    for name, one in found.null.items()
                },
                "ci": {name: [_number(low), _number(high)] for name, (low, high) in found.ci.items()},
                "removal": options.remove,
            }
        )
        return
    print(f"{space.name}: {found.n:,} items in {len(found.groups)} groups, the half on which nothing was fitted")
    for name in FIGURES:
        interval = " ({:.3f} to {:.3f})".format(*found.ci[name]) if name in found.ci else ""
        null = f"; shuffled {found.null[name].mean:.3f}, p {found.null[name].p_value:.3f}" if name in found.null else ""
        print(f"    {name:22} {found.values[name]:6.3f}{interval}{null}")


def _angles(options: argparse.Namespace) -> None:
    from isogloss.separation.angles import mean_angles
    from isogloss.separation.report import groups_of

    space = _open(options)
    groups = groups_of(space, options.by)
    angles = mean_angles(space.vectors, groups.codes, len(groups.names))
    if options.json:
        _print({"groups": list(groups.names), "mean_angle": [[_number(v) for v in row] for row in angles]})
        return
    for name, row in zip(groups.names, angles, strict=True):
        print(f"{name:8}", " ".join("  –  " if math.isnan(v) else f"{v:5.2f}" for v in row))


def _encode(options: argparse.Namespace) -> None:
    from isogloss.corpora.documents import read_texts
    from isogloss.encoders.kept import encode_kept
    from isogloss.encoders.transformer import open_encoder

    require_writable()
    check_name(options.into)
    start = time.monotonic()
    workspace = Workspace(options.workspace)
    texts = read_texts(options.file, options.column)
    encoder = open_encoder(options.model)
    said = Counted("the texts", len(texts), "texts", "tokens")
    vectors, tokens = encode_kept(encoder, texts, workspace.derived("encoded"), said)
    space = Space(options.space, tuple(texts), vectors, metadata={"encoder": encoder.name})
    collection = with_spaces(workspace, options.into, [space])
    workspace.save(collection)
    report = {
        "collection": collection.name,
        "space": space.name,
        "items": len(space),
        "dim": space.dim,
        "tokens": tokens,
        "seconds": round(time.monotonic() - start, 2),
    }
    if options.json:
        _print(report)
    else:
        print(f"{len(space):,} items × {space.dim} in {report['seconds']} s: {collection.name}, space {space.name}")


def _romanize(options: argparse.Namespace) -> None:
    from isogloss.text.romanize import failures, romanize_line

    for line in sys.stdin:
        print(romanize_line(line.rstrip("\n")))
    if failures():
        print(f"warning: {failures()} lines could not be romanized and stay as they were", file=sys.stderr)


def _gap(options: argparse.Namespace) -> None:
    from isogloss.encoders.transformer import open_encoder
    from isogloss.separation.gap import read_lines, transliteration_gaps

    found = transliteration_gaps(read_lines(options.file), open_encoder(options.model))
    if options.json:
        _print({"languages": [asdict(gap) | {"ci": list(gap.ci)} for gap in found]})
        return
    print("language script     n  native  romanized    gap (95 % interval)")
    for gap in found:
        print(
            f"{gap.language:8} {gap.script:6} {gap.n:5,}  {gap.precision_at_1_native:6.3f}  "
            f"{gap.precision_at_1_romanized:9.3f}  {gap.gap:+.3f} ({gap.ci[0]:+.3f} to {gap.ci[1]:+.3f})"
        )
